"""What is known of a file before its rows are read, and its rows some at a time."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pyarrow as pa

from brigade.text import Text

ADDED = "拒收·"
"""Begins the headers that the list of rejected rows puts before the file's own."""

JOINT = "/"
"""Stands between the upper and the lower part of a header that takes two rows."""

Kind = Literal["text", "excel", "parquet"]

AsideKind = Literal["title", "header", "total", "note"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found out about a file, or left aside in it.

    ``kind`` is for programs: taken, sheets, titles, two_row_header, merged, declared,
    row_limit, cut_short, crosstab (known before the rows are read), and title, header, total,
    note, copies, errors, nameless, blank_rows (known after). ``warning`` marks what a person should
    look at before the rows are published.
    """

    kind: str
    text: Text
    rows: tuple[int, ...] = ()
    warning: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """What a file was taken for.

    ``lines`` is at least the number of its rows; ``header_row`` is the row of the headers, from 1,
    of two the lower, and 0 where there is none (Parquet). ``above`` has the cells of each row down
    to there, ``titles`` the numbers of those over the headers. ``encoding`` and ``separator`` are
    those of a text file, ``sheet`` that of a workbook. ``repeating`` are the positions of columns
    whose texts repeat in the first rows: of those each different text is looked at once. Where a
    text is not ``quoted`` each of its lines is a row; ``by_line`` says that line feeds tell them
    apart, so that its parts can be read by themselves.
    """

    path: Path
    sha256: str
    kind: Kind
    headers: tuple[str, ...]
    header_row: int
    lines: int
    findings: tuple[Finding, ...] = ()
    sheet: str | None = None
    encoding: str | None = None
    separator: str = ","
    quote: str = '"'
    above: tuple[tuple[str, ...], ...] = ()
    titles: tuple[int, ...] = ()
    two_rows: bool = False
    repeating: frozenset[int] = frozenset()
    quoted: bool = True
    by_line: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """How a file is to be read; what is None is found out.

    A sheet of a file that has none, or a separator of a workbook, is not looked at.
    """

    sheet: str | None = None
    encoding: str | None = None
    separator: str | None = None
    header_row: int | None = None


AS_FOUND = Reading()


@dataclass(frozen=True, slots=True)
class Malformed:
    """A row that has more or fewer cells than the file has headers."""

    row: int
    cells: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Aside:
    """A row that is no row of the table: a title, headers once more, a total or a note."""

    row: int
    kind: AsideKind
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Batch:
    """Some rows of a file: their numbers in it, and for each header the cells.

    A row's number is the one that a spreadsheet shows when it has opened the file: of a record
    with line breaks in its cells it counts one. ``raw`` has the cells as they stand, ``cells``
    without the space around them and null where blank; those of columns that repeat are
    dictionary-encoded in both (:func:`decoded`). Rows without any cell filled are not rows
    and left out; ``blank`` counts them, and ``errors`` the cells such as #N/A that became null.
    """

    rows: pa.Array
    raw: Sequence[pa.Array]
    cells: Sequence[pa.Array]
    malformed: Sequence[Malformed]
    aside: Sequence[Aside] = ()
    blank: int = 0
    errors: int = 0


def decoded(column: pa.Array) -> pa.Array:
    """A column of cells as plain text."""
    return column.dictionary_decode() if isinstance(column, pa.DictionaryArray) else column


def header_form(header: str) -> str:
    """A header without what exports write now so and now so: case, spaces, full-width forms."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", header).casefold())


def listed(rows: Sequence[int], most: int = 5) -> Text:
    """Row numbers in words, the first few of many."""
    shown = [str(row) for row in rows[:most]]
    more = len(rows) > most
    return Text(
        f"第 {'、'.join(shown)} 行" + (f"等 {len(rows):,} 行" if more else ""),
        f"row{'s' if len(rows) > 1 else ''} {', '.join(shown)}"
        + (f" and {len(rows) - most:,} more" if more else ""),
    )
