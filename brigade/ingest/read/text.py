"""CSV and other text in columns: its separator, headers and quotation marks, and its rows."""

import csv
import io
import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from brigade.errors import InputError
from brigade.ingest.read import encoding as enc
from brigade.ingest.read.aside import aside_kind, trimmed
from brigade.ingest.read.cut import broken, cells_of_line, not_text
from brigade.ingest.read.layout import Layout, Row, find_layout
from brigade.ingest.read.quotes import unclosed
from brigade.ingest.read.rows import GUARD
from brigade.ingest.read.scan import Scan
from brigade.ingest.read.table import Finding, Reading, Table
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


def inspect_text(table: Table, scan: Scan, reading: Reading) -> tuple[Table, list[Row]]:
    """What a text file is taken for, and the first rows of the table."""
    path, header_row = table.path, reading.header_row
    found = _encoding(path, scan.not_utf8, reading.encoding)
    if found.name == "utf-8" and not scan.utf8:
        raise not_text(path, found)
    wanted = [_separator(reading.separator)] if reading.separator else list(SEPARATORS)
    try:
        cut = max(_cuts(path, found, wanted, header_row), key=lambda one: one.likelihood)
        layout = cut.layout
        if layout is None:
            raise no_header_there(path.name, None, header_row) if header_row else no_rows(path.name)
        above = tuple(cells for number, cells in cut.rows if number <= layout.header_row)
        wide = found.name.startswith("utf-16")
        quoted = scan.quotes > 0 or cut.quote != '"'
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
            quoted=quoted,
            by_line=not (quoted or wide) and 0 < scan.feeds >= scan.returns,
        )
        below = [row for row in cut.rows if row[0] > layout.header_row]
        if not any(aside_kind(cells, table) is None for _, cells in below):
            raise no_rows(path.name)
        if scan.quotes % 2 or wide:
            _refuse_unclosed(table)
        return replace(table, findings=(_how(table), *_cut_short(table))), below
    except UnicodeDecodeError as error:
        raise not_text(path, found) from error
    except csv.Error as error:
        raise broken(path, error) from error


def _encoding(path: Path, not_utf8: int | None, named: str | None) -> enc.Encoding:
    found = enc.named_encoding(path, named) if named else enc.find_encoding(path, not_utf8)
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


def _repeating(cut: "_Cut") -> frozenset[int]:
    """The columns in whose first cells each text stands twice on average."""
    row = cut.layout.header_row if cut.layout else 0
    # Blank cells at the end of a row have been left off.
    blank = ("",) * cut.width
    below = [(*cells, *blank[len(cells) :]) for number, cells in cut.rows if number > row]
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
    cells = cells_of_line(table, line)
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
