"""The rows of a text file: cut into cells, some megabytes at a time, several parts at once."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from brigade.errors import InputError
from brigade.ingest.ahead import at_once
from brigade.ingest.read import encoding as enc
from brigade.ingest.read.quotes import Quotes
from brigade.ingest.read.rows import as_one, batch, has, together
from brigade.ingest.read.table import Batch, Malformed, Table, decoded
from brigade.text import Text

_QUOTED = 8 << 20
"""A row with quotation marks, which may hold line breaks, must fit into so many bytes."""

_READ = 4 << 20
"""So many bytes are read at a time; memory for more is not used again, but asked for anew."""

_TOGETHER = 8
"""So many times that are a batch: of wide rows as many as a release's files have in a group."""

_Rows = tuple[Sequence[int], Sequence[pa.Array], Sequence[Malformed]]
"""The numbers of some rows, their cells by column, and the malformed ones between them."""

_Options = tuple[pacsv.ReadOptions, pacsv.ParseOptions, pacsv.ConvertOptions]


@dataclass(frozen=True, slots=True)
class _Span:
    """Where in a file some whole lines begin, the bytes that they take, and the lines to skip."""

    start: int
    size: int
    skip: int = 0


def text_batches(table: Table) -> Iterator[Batch]:
    """The rows of a text file, some megabytes at a time, in order.

    The first batch is small, since some want to know the first rows only.
    """
    rows = _by_line(table) if table.by_line else _in_turn(table)
    return at_once(lambda some: batch(table, *some), rows)


def _by_line(table: Table) -> Iterator[_Rows]:
    """Rows of a file whose every line is one: its parts are cut into cells at once."""
    number = table.header_row + 1
    for part, malformed in at_once(partial(_part, table), _parts(table)):
        placed = _moved(malformed, number - 1)
        rows, _ = _numbers(number, part.num_rows, {one.row for one in placed})
        number += part.num_rows + len(malformed)
        yield rows, part.columns, placed


def _parts(table: Table) -> Iterator[Sequence[_Span]]:
    """The spans of a file that are worked on together: its beginning, then some at a time."""
    start = _encoding(table).mark
    end = table.path.stat().st_size
    with table.path.open("rb") as file:

        def whole_lines(start: int, size: int) -> _Span:
            file.seek(start + size)
            file.readline()
            return _Span(start, min(file.tell(), end) - start)

        file.seek(start)
        for _ in range(table.header_row):
            file.readline()
        first = whole_lines(start, file.tell() - start + enc.PIECE)
        yield [replace(first, skip=table.header_row)]
        start += first.size
        while start < end:
            some: list[_Span] = []
            while start < end and len(some) < _TOGETHER:
                some.append(whole_lines(start, _READ))
                start += some[-1].size
            yield some


def _part(table: Table, spans: Sequence[_Span]) -> tuple[pa.RecordBatch, list[Malformed]]:
    """The cells of the lines in some spans, and the malformed lines, by their places from 1."""
    cells: list[pa.Table] = []
    malformed: list[Malformed] = []
    lines = 0
    for span in spans:
        try:
            text = _text(table, span)
            # In one block: else every column would have a dictionary for each.
            options, found = _options(table, text.size, skip=span.skip)
            cells.append(pacsv.read_csv(pa.BufferReader(text), *options))
        except UnicodeDecodeError as error:
            raise not_text(table.path, _encoding(table)) from error
        except pa.ArrowInvalid as error:
            raise broken(table.path, error) from error
        malformed += _moved(found, lines - span.skip)
        lines += len(cells[-1]) + len(found)
    return as_one(cells), malformed


def _text(table: Table, span: _Span) -> pa.Buffer:
    """The bytes of a span as UTF-8."""
    encoding = _encoding(table).name
    with pa.OSFile(str(table.path)) as file:
        file.seek(span.start)
        found = file.read_buffer(span.size)
    if encoding == "utf-8":
        return found
    text = found.to_pybytes()
    ends = [0]
    while ends[-1] < len(text):
        ends.append(text.find(b"\n", ends[-1] + enc.PIECE) + 1 or len(text))
    pieces = (text[one:end].decode(encoding).encode() for one, end in pairwise(ends))
    return pa.py_buffer(b"".join(pieces))


def _encoding(table: Table) -> enc.Encoding:
    return enc.named_encoding(table.path, table.encoding or "") or enc.Encoding("utf-8")


def _moved(malformed: Iterable[Malformed], by: int) -> list[Malformed]:
    return [replace(one, row=one.row + by) for one in malformed]


def _in_turn(table: Table) -> Iterator[_Rows]:
    """Rows of a file that has to be read from its beginning to its end."""
    options, malformed = _options(
        table, _QUOTED if table.quoted else enc.PIECE, skip=table.header_row
    )
    number = table.header_row + 1
    with Quotes(table) as quotes:
        for part in together(_stream(table, options), _TOGETHER * _READ):
            rows, number = _numbers(number, part.num_rows, {row.row for row in malformed})
            ready = [row for row in malformed if row.row < number]
            malformed[:] = [row for row in malformed if row.row >= number]
            rows, raw, swallowed = _unpaired(table, quotes, rows, list(part.columns))
            yield rows, raw, sorted([*ready, *swallowed], key=lambda one: one.row)
    if malformed:
        yield [], [pa.array([], one) for one in _types(table)], malformed


def _stream(table: Table, options: _Options) -> Iterator[pa.RecordBatch]:
    """What pyarrow makes of a file, in its order."""
    found = _encoding(table)
    file = table.path if found.name == "utf-8" else enc.Utf8(table.path, found)
    try:
        yield from pacsv.open_csv(file, *options)
    except UnicodeDecodeError as error:
        raise not_text(table.path, found) from error
    except pa.ArrowInvalid as error:
        raise broken(table.path, error) from error


def _options(table: Table, block: int, *, skip: int) -> tuple[_Options, list[Malformed]]:
    """How pyarrow reads a file, and the list to which it puts the rows that it can't take."""
    names = [str(position) for position in range(len(table.headers))]
    malformed: list[Malformed] = []

    def set_aside(row: pacsv.InvalidRow) -> str:
        malformed.append(Malformed(row.number, cells_of_line(table, row.text), row.text))
        return "skip"

    reading = pacsv.ReadOptions(
        # Rows are numbered only where one thread reads them.
        use_threads=False,
        block_size=block,
        column_names=names,
        skip_rows_after_names=skip,
    )
    parsing = pacsv.ParseOptions(
        delimiter=table.separator,
        quote_char=table.quote if table.quoted else False,
        newlines_in_values=table.quoted,
        ignore_empty_lines=False,
        invalid_row_handler=set_aside,
    )
    converting = pacsv.ConvertOptions(
        column_types=dict(zip(names, _types(table), strict=True)),
        # All of it was looked at; each cell again would take longer than anything else.
        check_utf8=False,
        strings_can_be_null=True,
        null_values=[""],
    )
    return (reading, parsing, converting), malformed


def _types(table: Table) -> list[pa.DataType]:
    """What each column of cells is read as."""
    encoded = pa.dictionary(pa.int32(), pa.string())
    places = range(len(table.headers))
    return [encoded if place in table.repeating else pa.string() for place in places]


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
        text = table.separator.join(column[index].as_py() or "" for column in raw)
        swallowed.append(Malformed(rows[index], tuple(re.split(apart, text)), text))
    mask = pa.array([index not in faulty for index in range(len(rows))])
    kept = [row for index, row in enumerate(rows) if index not in faulty]
    return kept, [column.filter(mask) for column in raw], swallowed


def not_text(path: Path, found: enc.Encoding) -> InputError:
    """The file has a character that isn't in its encoding, or ends in the middle of one."""
    name = enc.NAMES[found.name]
    line, cut = enc.fault_in(path, found)
    if cut:
        return InputError(
            Text(
                f"文件 {path.name} 的最后一行（第 {line} 行）在一个字的中间断了，像是没有传完："
                "请核对文件是否完整，重新传送或重新导出。",
                f"The last line of file {path.name} (line {line}) ends in the middle of a "
                "character, as if cut short: see whether the file is whole, and copy or export it "
                "again.",
            )
        )
    return InputError(
        Text(
            f"文件 {path.name} 看起来是 {name} 编码，但第 {line} 行有读不出来的字。"
            "请改正这一行或重新导出；编码不对时用 --encoding 指定。",
            f"File {path.name} looks like {name}, but line {line} has a character that can't be "
            "read. Mend that line or export the file again; if the encoding is another, name it "
            "with --encoding.",
        )
    )


def broken(path: Path, error: Exception) -> InputError:
    """The file can't be cut into cells."""
    return InputError(
        Text(
            f"文件 {path.name} 不是完整的 CSV（{error}）。请检查引号是否成对，或重新导出。",
            f"File {path.name} is no sound CSV ({error}). "
            "Check that its quotation marks are paired, or export it again.",
        )
    )


def cells_of_line(table: Table, text: str) -> tuple[str, ...]:
    """The cells of one line."""
    lines = csv.reader(
        io.StringIO(text, newline=""), delimiter=table.separator, quotechar=table.quote
    )
    return tuple(next(lines, []))
