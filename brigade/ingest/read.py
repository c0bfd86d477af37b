"""Reading a CSV in batches: its encoding and separator are found out, its cells stay text."""

import codecs
import csv
import hashlib
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from brigade.errors import InputError
from brigade.text import Text

ENCODINGS = ("utf-8", "gb18030")
"""Tried in this order and strictly: text in GB18030 is hardly ever valid UTF-8 too."""

SEPARATORS = (",", "\t", ";")

ADDED = "拒收·"
"""Begins the headers that the list of rejected rows puts before the file's own."""

MARK = "\ufeff"

GUARD = r"^'([=+\-@])"
"""The apostrophe that the app's own CSVs put before what a spreadsheet would run as a formula; it
is taken off, so that such a CSV comes back as it went."""

_PIECE = 8 << 20


@dataclass(frozen=True, slots=True)
class CsvFile:
    """What is known of a CSV before its rows are read.

    ``lines`` is at least the number of its rows; ``header_row`` is the row of the headers, from 1.
    """

    path: Path
    sha256: str
    encoding: str
    lines: int
    separator: str
    headers: tuple[str, ...]
    header_row: int
    sheet: str | None = None


@dataclass(frozen=True, slots=True)
class Malformed:
    """A row that has more or fewer cells than the file has headers."""

    row: int
    cells: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Batch:
    """Some rows of a file: their numbers in it, and for each header the cells.

    ``raw`` has the cells as they stand, ``cells`` without the space around them and null where
    blank. Rows without any cell filled are not rows and left out.
    """

    rows: pa.Array
    raw: Sequence[pa.Array]
    cells: Sequence[pa.Array]
    malformed: Sequence[Malformed]


def header_form(header: str) -> str:
    """A header without what exports write now so and now so: case, spaces, full-width forms."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", header).casefold())


def inspect(path: Path) -> CsvFile:
    """Find out encoding, separator and headers; :class:`InputError` when it is no CSV with rows."""
    try:
        digest, lines = _scan(path)
        encoding = next((name for name in ENCODINGS if _is_text(path, name)), None)
    except OSError as error:
        raise InputError(
            Text(
                f"文件 {path} 打不开（{error.strerror}），请核对路径。",
                f"File {path} can't be opened ({error.strerror}); check the path.",
            )
        ) from error
    if encoding is None:
        raise InputError(
            Text(
                f"文件 {path.name} 既不是 UTF-8 也不是 GB18030 编码的文本。"
                "如果是 Excel 文件，请另存为 CSV 后再导入。",
                f"File {path.name} is text neither in UTF-8 nor in GB18030. "
                "If it is an Excel file, save it as CSV and import that.",
            )
        )
    separator, headers, header_row = _headers(path, encoding)
    return CsvFile(path, digest, encoding, lines, separator, headers, header_row)


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            yield piece


def _scan(path: Path) -> tuple[str, int]:
    """The hash of a file and a bound of its rows."""
    digest = hashlib.sha256()
    feeds = returns = 0
    for piece in _pieces(path):
        digest.update(piece)
        feeds += piece.count(b"\n")
        returns += piece.count(b"\r")
    return digest.hexdigest(), max(feeds, returns) + 1


def _is_text(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for piece in _pieces(path):
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _headers(path: Path, encoding: str) -> tuple[str, tuple[str, ...], int]:
    """The separator that cuts the first row that isn't blank into most cells, and those cells."""
    found = [(separator, *_first_row(path, encoding, separator)) for separator in SEPARATORS]
    return max(found, key=lambda one: len(one[1]))


def _first_row(path: Path, encoding: str, separator: str) -> tuple[tuple[str, ...], int]:
    """The first row that isn't blank, and its number; another must follow it."""
    headers: tuple[str, ...] = ()
    header_row = 0
    with path.open(encoding=encoding, newline="") as file:
        if file.read(1) != MARK:
            file.seek(0)
        try:
            for number, row in enumerate(csv.reader(file, delimiter=separator), start=1):
                cells = tuple(re.sub(GUARD, r"\1", cell.strip()) for cell in row)
                if headers and any(cells):
                    return headers, header_row
                if any(cells):
                    headers, header_row = cells, number
        except csv.Error as error:
            raise _broken(path, error) from error
    raise InputError(
        Text(
            f"文件 {path.name} 没有数据行：应先有一行列名，再有至少一行数据。",
            f"File {path.name} has no rows: it needs a row of headers and at least one of data.",
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


def batches(file: CsvFile) -> Iterator[Batch]:
    """The rows of a file, some megabytes at a time, in order."""
    names = [str(position) for position in range(len(file.headers))]
    malformed: list[Malformed] = []

    def set_aside(row: pacsv.InvalidRow) -> str:
        cells = next(csv.reader(row.text.splitlines(), delimiter=file.separator), [])
        malformed.append(Malformed(row.number, tuple(cells), row.text))
        return "skip"

    try:
        reader = pacsv.open_csv(
            file.path,
            pacsv.ReadOptions(
                # Rows are numbered only where one thread reads them.
                use_threads=False,
                block_size=_PIECE,
                column_names=names,
                skip_rows_after_names=file.header_row,
                encoding=file.encoding,
            ),
            pacsv.ParseOptions(
                delimiter=file.separator,
                newlines_in_values=True,
                ignore_empty_lines=False,
                invalid_row_handler=set_aside,
            ),
            pacsv.ConvertOptions(column_types={name: pa.string() for name in names}),
        )
        number = file.header_row + 1
        for part in reader:
            rows, number = _numbers(number, part.num_rows, {row.row for row in malformed})
            yield _batch(rows, part, [row for row in malformed if row.row < number])
            malformed[:] = [row for row in malformed if row.row >= number]
    except pa.ArrowInvalid as error:
        raise _broken(file.path, error) from error
    if malformed:
        nothing = pa.array([], pa.string())
        yield Batch(
            pa.array([], pa.int64()), [nothing] * len(names), [nothing] * len(names), malformed
        )


def _numbers(first: int, count: int, skipped: set[int]) -> tuple[list[int], int]:
    """The numbers of the next rows, those of skipped rows left out, and the number after them."""
    if not skipped:
        return list(range(first, first + count)), first + count
    numbers: list[int] = []
    while len(numbers) < count:
        if first not in skipped:
            numbers.append(first)
        first += 1
    return numbers, first


def _batch(rows: list[int], part: pa.RecordBatch, malformed: Sequence[Malformed]) -> Batch:
    raw = list(part.columns)
    cells = [_cleaned(column) for column in raw]
    filled = pc.is_valid(cells[0])
    for column in cells[1:]:
        filled = pc.or_(filled, pc.is_valid(column))
    numbers = pa.array(rows, pa.int64())
    if pc.all(filled).as_py():
        return Batch(numbers, raw, cells, malformed)
    return Batch(
        numbers.filter(filled),
        [column.filter(filled) for column in raw],
        [column.filter(filled) for column in cells],
        malformed,
    )


def _cleaned(column: pa.Array) -> pa.Array:
    """Cells without the space around them and without a guard, null where blank."""
    trimmed = pc.utf8_trim_whitespace(column)
    if pc.any(pc.starts_with(trimmed, "'")).as_py():
        trimmed = pc.replace_substring_regex(trimmed, GUARD, r"\1")
    return pc.if_else(pc.equal(trimmed, ""), None, trimmed)
