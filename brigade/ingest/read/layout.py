"""Where in a sheet the table begins: titles above, one or two rows of headers."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from brigade.ingest.read.table import JOINT

Row = tuple[int, tuple[str, ...]]
"""The number of a row that isn't blank, and its cells without the space around them."""

Span = tuple[int, int, int, int]
"""A merged cell: its first row (from 1) and column (from 0), its last row and column."""

_DEEPEST = 30
"""Headers further down than this have to be named."""

_DATA = re.compile(
    r"[-+]?[\d,]*\.?\d+(?:e[-+]?\d+)?%?|[^:(]{1,12}:.+"
    r"|\d{2,4}[-/.年]\d{1,2}(?:[-/.月](?:\d{1,2}日?)?)?(?:[\sT].*)?|\d{1,2}:\d\d(?::\d\d)?",
    re.ASCII,
)
_PERIOD = re.compile(r"(?:19|20)\d\d年?|\d{1,2}[月时点]", re.ASCII)


@dataclass(frozen=True, slots=True)
class Layout:
    """Headers, the row they stand in (of two the lower), and the numbers of title rows above."""

    headers: tuple[str, ...]
    header_row: int
    titles: tuple[int, ...]
    two_rows: bool = False


def find_layout(
    rows: Sequence[Row], spans: Sequence[Span] = (), header_row: int | None = None
) -> Layout | None:
    """The layout of a sheet by its first rows; None where the named row of headers is blank.

    The headers are the first row that is filled at least half as far as any other and holds
    neither numbers nor dates. Where no row is such a one, it is the first that isn't blank.
    """
    if header_row is not None:
        named = next((cells for number, cells in rows if number == header_row), None)
        above = tuple(number for number, _ in rows if number < header_row)
        return Layout(named, header_row, above) if named else None
    top = _top(rows)
    number, cells = rows[top]
    below = rows[top + 1] if top + 1 < len(rows) else None
    above_it = rows[top - 1] if top else None
    if below and _are_two(rows[top], below, spans):
        headers, number, first = _joined(rows[top], below, spans), below[0], top
    elif above_it and (_are_two(above_it, rows[top], spans) or _groups(above_it, rows[top], spans)):
        headers, first = _joined(above_it, rows[top], spans), top - 1
    else:
        return Layout(cells, number, tuple(n for n, _ in rows[:top]))
    return Layout(headers, number, tuple(n for n, _ in rows[:first]), two_rows=True)


def looks_like_data(cell: str) -> bool:
    """Whether a cell is a number, a date or a labelled value, as headers are not."""
    plain = unicodedata.normalize("NFKC", cell)
    return bool(_DATA.fullmatch(plain)) and not _PERIOD.fullmatch(plain)


def _filled(cells: Sequence[str]) -> list[int]:
    return [i for i, cell in enumerate(cells) if cell]


def _top(rows: Sequence[Row]) -> int:
    width = max(len(_filled(cells)) for _, cells in rows)
    for i, (_, cells) in enumerate(rows[:_DEEPEST]):
        count = len(_filled(cells))
        if count * 2 >= width and (count > 1 or width == 1) and _is_header(cells):
            return i
    for i, (_, cells) in enumerate(rows[:_DEEPEST]):
        if len(_filled(cells)) > 1 and _is_header(cells):
            return i
    return 0


def _is_header(cells: Sequence[str]) -> bool:
    return not any(looks_like_data(cell) for cell in cells if cell)


def _are_two(upper: Row, lower: Row, spans: Sequence[Span]) -> bool:
    """Whether the lower row says only what the upper, by its blanks, leaves to be said."""
    over, under = upper[1], lower[1]
    if lower[0] != upper[0] + 1 or not _is_header(over) or not _is_header(under):
        return False
    width = max(len(over), len(under))
    above = _filled(over)
    if len(above) < 2:
        return False
    below = set(_filled(under))
    members: dict[int, list[int]] = {first: [] for first in above}
    for i in range(above[0], width):
        # A column that is blank in both is no part of any group.
        if i in members or i in below:
            members[max(first for first in above if first <= i)].append(i)
    wide = {first for first, columns in members.items() if len(columns) > 1}
    if not wide or any(i not in below for first in wide for i in members[first]):
        return False
    return all(i not in below or _merged(spans, upper[0], i) for i in members if i not in wide)


def _merged(spans: Sequence[Span], row: int, column: int) -> bool:
    return any(r1 == row and c1 <= column <= c2 for r1, c1, _, c2 in spans)


def _groups(upper: Row, lower: Row, spans: Sequence[Span]) -> bool:
    """Whether a row over full headers names groups of them: by merged cells, or because the
    headers alone stand for several columns each."""
    if lower[0] != upper[0] + 1 or not _is_header(upper[1]):
        return False
    width = len(_filled(lower[1]))
    wide = [c2 - c1 + 1 for r1, c1, _, c2 in spans if r1 == upper[0] and c2 > c1]
    if wide:
        return max(wide) < width
    names = [cell for cell in lower[1] if cell]
    return len(_filled(upper[1])) > 1 and len(set(names)) < len(names)


def _joined(upper: Row, lower: Row, spans: Sequence[Span]) -> tuple[str, ...]:
    over, under = upper[1], lower[1]
    width = max(len(over), len(under))
    by_merge = any(r1 == upper[0] and c2 > c1 for r1, c1, _, c2 in spans)
    headers = []
    group = ""
    for i in range(width):
        above = over[i] if i < len(over) else ""
        below = under[i] if i < len(under) else ""
        if above:
            group = above
        elif by_merge and not _merged(spans, upper[0], i):
            group = ""
        parts = (group, below) if below else (above,)
        headers.append(JOINT.join(part for part in parts if part))
    return tuple(headers)
