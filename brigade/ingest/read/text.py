"""CSV and other text in columns: its separator, headers and quotation marks, and its rows."""

import csv
import io
import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from brigade.errors import InputError
from brigade.ingest.read import encoding as enc
from brigade.ingest.read.aside import aside_kind, trimmed
from brigade.ingest.read.layout import Layout, Row, find_layout
from brigade.ingest.read.quotes import Quotes, unclosed
from brigade.ingest.read.rows import GUARD, batch, has, together
from brigade.ingest.read.table import Batch, Finding, Malformed, Reading, Table, decoded
from brigade.ingest.read.wanting import no_header_there, no_rows
from brigade.text import Text

SEPARATORS = {
    ",": Text("逗号", "comma"),
    "\t": Text("制表符", "tab"),
    ";": Text("分号", "semicolon"),
    "|": Text("竖线", "vertical bar"),
}

_HEAD = 200
"""So many rows are looked at for the separator and the headers."""

_TAIL = 64 << 10

_QUOTED = 8 << 20
"""A row with quotation marks, which may hold line breaks, must fit into so many bytes."""

_BATCH = 8 << 20


def inspect_text(
    table: Table, encoding: enc.Encoding | None, quotes: int, reading: Reading
) -> tuple[Table, list[Row]]:
    """What a text file is taken for, and the first rows of the table.

    ``encoding`` is the one that was found where none is named, ``quotes`` the number of the file's
    bytes that are quotation marks.
    """
    path, header_row = table.path, reading.header_row
    found = _encoding(path, encoding, reading.encoding)
    wanted = [_separator(reading.separator)] if reading.separator else list(SEPARATORS)
    try:
        cut = max(_cuts(path, found, wanted, header_row), key=lambda one: one.likelihood)
        layout = cut.layout
        if layout is None:
            raise no_header_there(path.name, None, header_row) if header_row else no_rows(path.name)
        above = tuple(cells for number, cells in cut.rows if number <= layout.header_row)
        table = replace(
            table,
            headers=(*layout.headers, *[""] * (cut.width - len(layout.headers))),
            header_row=layout.header_row,
            encoding=found.name,
            separator=cut.separator,
            quote=cut.quote,
            above=above,
            titles=layout.titles,
            two_rows=layout.two_rows,
            repeating=_repeating(cut),
            quoted=bool(quotes) or cut.quote != '"',
        )
        below = [row for row in cut.rows if row[0] > layout.header_row]
        if not any(aside_kind(cells, table) is None for _, cells in below):
            raise no_rows(path.name)
        if quotes % 2 or found.name.startswith("utf-16"):
            _refuse_unclosed(table)
        return replace(table, findings=(_how(table), *_cut_short(table))), below
    except UnicodeDecodeError as error:
        raise _not_text(path, found) from error
    except csv.Error as error:
        raise _broken(path, error) from error


def _encoding(path: Path, found: enc.Encoding | None, named: str | None) -> enc.Encoding:
    found = enc.named_encoding(path, named) if named else found
    if found:
        return found
    known = list(enc.NAMES.values())
    if named:
        raise InputError(
            Text(
                f"不认识编码 {named}，可用：{'、'.join(known)}。",
                f"The encoding {named} is not known; known are {', '.join(known)}.",
            )
        )
    raise InputError(
        Text(
            f"文件 {path.name} 不是可以识别的表格：内容不是 {'、'.join(known)} 编码的文本，也不是"
            " Excel 或 Parquet 文件。请在原系统重新导出，或用 Excel 打开后另存为 xlsx。",
            f"File {path.name} is no table that can be read: neither text in {', '.join(known)} "
            "nor an Excel or Parquet file. Export it again, or open it in Excel and save it as "
            "xlsx.",
        )
    )


def _separator(named: str) -> str:
    separator = "\t" if named in ("tab", "\\t") else named
    if len(separator) == 1 and separator.isascii() and separator not in '\r\n"':
        return separator
    raise InputError(
        Text(
            f"分隔符 {named} 不能用：应是一个英文字符，或写 tab。",
            f"The separator {named} can't be used: give one ASCII character, or tab.",
        )
    )


def _not_text(path: Path, found: enc.Encoding) -> InputError:
    name, line = enc.NAMES[found.name], enc.line_of_fault(path, found)
    return InputError(
        Text(
            f"文件 {path.name} 看起来是 {name} 编码，但第 {line} 行有读不出来的字（在文件末尾则是"
            "没有传完整）。请改正这一行或重新导出；编码不对时用 --encoding 指定。",
            f"File {path.name} looks like {name}, but line {line} has a character that can't be "
            "read (at the end of the file: it is cut short). Mend that line or export the file "
            "again; if the encoding is another, name it with --encoding.",
        )
    )


def _broken(path: Path, error: Exception) -> InputError:
    return InputError(
        Text(
            f"文件 {path.name} 不是完整的 CSV（{error}）。请检查引号是否成对，或重新导出。",
            f"File {path.name} is no sound CSV ({error}). "
            "Check that its quotation marks are paired, or export it again.",
        )
    )


def _repeating(cut: "_Cut") -> frozenset[int]:
    """The columns in whose first cells each text stands twice on average."""
    row = cut.layout.header_row if cut.layout else 0
    below = [cells for number, cells in cut.rows if number > row]
    columns = enumerate(itertools.zip_longest(*below, fillvalue=""))
    return frozenset(place for place, cells in columns if len({*cells}) * 2 <= len(cells))


@dataclass(frozen=True, slots=True)
class _Cut:
    """The first rows of a text if cut by a separator.

    ``counts`` is the number of cells of each row that isn't blank.
    """

    separator: str
    quote: str
    rows: Sequence[Row]
    layout: Layout | None
    counts: Sequence[int]

    @property
    def width(self) -> int:
        """As many cells as there are headers, or more where most rows have more."""
        headers = len(self.layout.headers) if self.layout else 0
        usual, rows = Counter(self.counts).most_common(1)[0] if self.counts else (0, 0)
        return max(headers, usual) if rows * 2 > len(self.counts) else headers

    @property
    def likelihood(self) -> tuple[bool, int, float]:
        """Higher for the likelier of two separators.

        It gives several headers, and a good part of the rows below several cells too, all as many;
        then the headers that stand higher up are the real ones (others are rows in whose cells it
        happens to stand).
        """
        if self.layout is None:
            return False, 0, 0.0
        row = self.layout.header_row
        below = [n for (number, _), n in zip(self.rows, self.counts, strict=True) if number > row]
        alike = Counter(n for n in below if n > 1).most_common(1)
        share = alike[0][1] / len(below) if alike else 0.0
        headers = sum(bool(header) for header in self.layout.headers)
        return share >= 0.25 and headers > 1, -row, headers * share


def _cuts(
    path: Path, found: enc.Encoding, separators: Sequence[str], header_row: int | None
) -> list[_Cut]:
    """The first rows by each separator that they can be cut by; ``csv.Error`` if by none."""
    cuts, broken = [], csv.Error()
    for separator in separators:
        try:
            cuts.append(_cut(path, found, separator, header_row))
        except csv.Error as error:
            # By the wrong separator a quotation mark within a cell may seem to open one.
            broken = error
    if not cuts:
        raise broken
    return cuts


def _cut(path: Path, found: enc.Encoding, separator: str, header_row: int | None) -> _Cut:
    quote = '"'
    read = _head(path, found, separator, quote, _HEAD + (header_row or 0))
    if _all_in_apostrophes(read):
        quote = "'"
        read = _head(path, found, separator, quote, _HEAD + (header_row or 0))
    rows = [
        (number, trimmed([re.sub(GUARD, r"\1", cell.strip()) for cell in cells]))
        for number, cells in enumerate(read, start=1)
        if any(cell.strip() for cell in cells)
    ]
    layout = find_layout(rows, header_row=header_row) if rows else None
    counts = [len(cells) for cells in read if any(cell.strip() for cell in cells)]
    return _Cut(separator, quote, rows, layout, counts)


def _head(
    path: Path, found: enc.Encoding, separator: str, quote: str, rows: int
) -> list[list[str]]:
    stream = io.BufferedReader(enc.Utf8(path, found))
    with io.TextIOWrapper(stream, encoding="utf-8", newline="") as file:
        lines = csv.reader(file, delimiter=separator, quotechar=quote)
        return list(itertools.islice(lines, rows))


def _all_in_apostrophes(rows: Sequence[Sequence[str]]) -> bool:
    first = next((row for row in rows if any(cell.strip() for cell in row)), [])
    return len(first) > 1 and all(re.fullmatch(r"'[^'=+\-@][^']*'", cell) for cell in first)


def _refuse_unclosed(table: Table) -> None:
    line = unclosed(table)
    if line is not None:
        raise InputError(
            Text(
                f"文件 {table.path.name} 第 {line} 行有一个引号到文件末尾都没有闭合，"
                "后面的内容分不清行和列；文件可能不完整。请补上引号或重新导出。",
                f"In line {line} of file {table.path.name} a quotation mark is open down to the "
                "file's end, so that rows and cells below can't be told apart; the file may be "
                "cut short. Close the mark or export the file again.",
            )
        )


def _how(table: Table) -> Finding:
    separator = SEPARATORS.get(table.separator, Text(table.separator, table.separator))
    encoding = enc.NAMES[table.encoding or ""]
    quote = (
        Text("，单引号作引号", ", apostrophes as quotation marks") if table.quote == "'" else None
    )
    return Finding(
        "taken",
        Text(
            f"按 {encoding} 编码、{separator.zh}分隔的文本读取{quote.zh if quote else ''}。",
            f"Read as text in {encoding}, separated by {separator.en}{quote.en if quote else ''}.",
        ),
    )


def _cut_short(table: Table) -> Iterator[Finding]:
    """A last line without an end that has fewer cells than the rows above it."""
    size = table.path.stat().st_size
    with table.path.open("rb") as file:
        file.seek(max(0, size - _TAIL))
        tail = file.read().decode(table.encoding or "", "replace")
    line = re.split(r"[\r\n]", tail)[-1]
    if not line.strip() or line.count(table.quote) % 2:
        return
    cells = _cells(table, line)
    if len(cells) < len(table.headers) and aside_kind(cells, table) is None:
        yield Finding(
            "cut_short",
            Text(
                f"文件的最后一行不完整（只有 {len(cells)} 格，共 {len(table.headers)} 列，"
                "也没有换行），像是没有传完：请核对文件是否完整，必要时重新导出。",
                f"The file's last line is incomplete ({len(cells)} cells for "
                f"{len(table.headers)} columns, and no line end), as if cut short: "
                "see whether the file is whole, and export it again if not.",
            ),
            warning=True,
        )


def _cells(table: Table, text: str) -> tuple[str, ...]:
    lines = csv.reader(
        io.StringIO(text, newline=""), delimiter=table.separator, quotechar=table.quote
    )
    return tuple(next(lines, []))


def text_batches(table: Table) -> Iterator[Batch]:
    """The rows of a text file, some megabytes at a time, in order."""
    malformed: list[Malformed] = []
    number = table.header_row + 1
    with Quotes(table) as quotes:
        for part in together(_parts(table, malformed), _BATCH // _block(table)):
            rows, number = _numbers(number, part.num_rows, {row.row for row in malformed})
            ready = [row for row in malformed if row.row < number]
            malformed[:] = [row for row in malformed if row.row >= number]
            rows, raw, swallowed = _unpaired(table, quotes, rows, list(part.columns))
            yield batch(table, rows, raw, sorted([*ready, *swallowed], key=lambda one: one.row))
    if malformed:
        yield batch(table, [], [pa.array([], one) for one in _types(table)], malformed)


def _block(table: Table) -> int:
    """So many bytes are cut into cells at a time."""
    return _QUOTED if table.quoted else enc.PIECE


def _types(table: Table) -> list[pa.DataType]:
    """What each column of cells is read as."""
    encoded = pa.dictionary(pa.int32(), pa.string())
    places = range(len(table.headers))
    return [encoded if place in table.repeating else pa.string() for place in places]


def _parts(table: Table, malformed: list[Malformed]) -> Iterator[pa.RecordBatch]:
    """What pyarrow makes of a file; rows that it can't take are put to ``malformed``."""
    names = [str(position) for position in range(len(table.headers))]

    def set_aside(row: pacsv.InvalidRow) -> str:
        malformed.append(Malformed(row.number, _cells(table, row.text), row.text))
        return "skip"

    found = enc.named_encoding(table.path, table.encoding or "") or enc.Encoding("utf-8")
    try:
        yield from pacsv.open_csv(
            table.path if found.name == "utf-8" else enc.Utf8(table.path, found),
            pacsv.ReadOptions(
                # Rows are numbered only where one thread reads them.
                use_threads=False,
                block_size=_block(table),
                column_names=names,
                skip_rows_after_names=table.header_row,
            ),
            pacsv.ParseOptions(
                delimiter=table.separator,
                quote_char=table.quote,
                newlines_in_values=table.quoted,
                ignore_empty_lines=False,
                invalid_row_handler=set_aside,
            ),
            pacsv.ConvertOptions(column_types=dict(zip(names, _types(table), strict=True))),
        )
    except UnicodeDecodeError as error:
        raise _not_text(table.path, found) from error
    except pa.ArrowInvalid as error:
        raise _broken(table.path, error) from error


def _numbers(first: int, count: int, skipped: set[int]) -> tuple[Sequence[int], int]:
    """The numbers of the next rows, those of skipped rows left out, and the number after them."""
    if not skipped:
        return range(first, first + count), first + count
    numbers: list[int] = []
    while len(numbers) < count:
        if first not in skipped:
            numbers.append(first)
        first += 1
    return numbers, first


def _unpaired(
    table: Table, quotes: Quotes, rows: Sequence[int], raw: list[pa.Array]
) -> tuple[Sequence[int], list[pa.Array], list[Malformed]]:
    """The rows without those in which a quotation mark has swallowed the rows that follow."""
    faulty: set[int] = set()
    for position, column in enumerate(raw):
        if not (has(column, b"\n") or has(column, b"\r")):
            continue
        broken = pc.match_substring_regex(decoded(column), r"[\r\n]").to_numpy(zero_copy_only=False)
        for index in broken.nonzero()[0].tolist():
            cell = column[index].as_py()
            if table.separator in cell and not quotes.are_paired(position, cell):
                faulty.add(index)
    if not faulty:
        return rows, raw, []
    apart = rf"\r\n|[\r\n]|{re.escape(table.separator)}"
    swallowed = []
    for index in sorted(faulty):
        text = table.separator.join(column[index].as_py() for column in raw)
        swallowed.append(Malformed(rows[index], tuple(re.split(apart, text)), text))
    mask = pa.array([index not in faulty for index in range(len(rows))])
    kept = [row for index, row in enumerate(rows) if index not in faulty]
    return kept, [column.filter(mask) for column in raw], swallowed
