"""Headers that fit no column, each beside the columns that it may be, for a person to choose."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from difflib import SequenceMatcher

import pyarrow as pa
import pyarrow.compute as pc

from brigade.contracts import Column, Contract
from brigade.ingest.forms import PLATE, half_width, plain_plate
from brigade.ingest.headers import matches, names, split_remark
from brigade.ingest.mapping import Rule
from brigade.ingest.read import ADDED, Table, batches, decoded
from brigade.ingest.values import read_values

_SHOWN = 5
_SAMPLES = 3
_LOOKED_AT = 1_000
_LEAST = 0.4
"""The score below which a column is not worth showing."""

_NAME, _VALUES = 0.65, 0.35
"""What a name and what the values count for in a score."""

_SCALES = {"万": Decimal(10_000), "千": Decimal(1_000), "百": Decimal(100), "亿": Decimal(10**8)}
_METRES = {"米": Decimal("0.001"), "m": Decimal("0.001")}


@dataclass(frozen=True, slots=True)
class Likely:
    """A column that a header may be: how likely from 0 to 1, and the rule that would make it."""

    column: Column
    score: float
    rule: Rule


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A header that fits no column, some of its cells, and likely columns, best first."""

    position: int
    header: str
    samples: tuple[str, ...]
    likely: tuple[Likely, ...]


def suggest(file: Table, extract: Contract) -> tuple[Suggestion, ...]:
    """For each header that fits no column of an extract, those that no other header fits.

    They are told by how alike the names are, and by how many of the first cells can be read as the
    column's type or are among its codes.
    """
    matched = matches(file.headers, extract, two_rows=file.two_rows)
    taken = {position for fit in matched.values() for position in fit}
    open_ = [column for column in extract.stored_columns if not matched[column.name]]
    batch = next(iter(batches(file)), None)
    found = []
    for position, header in enumerate(file.headers):
        if header and position not in taken and not header.startswith(ADDED):
            cells = batch.cells[position] if batch else pa.array([], pa.string())
            cells = decoded(cells[:_LOOKED_AT]).drop_null()
            samples = tuple(cells.unique().to_pylist()[:_SAMPLES])
            found.append(Suggestion(position, header, samples, _likely(header, cells, open_)))
    return tuple(found)


def _likely(header: str, cells: pa.Array, columns: Sequence[Column]) -> tuple[Likely, ...]:
    scored = [
        Likely(column, round(score, 3), Rule(sources=(header,), factor=_factor(header, column)))
        for column in columns
        if (score := _NAME * _alike(header, column) + _VALUES * _fit(cells, column)) >= _LEAST
    ]
    return tuple(sorted(scored, key=lambda one: -one.score)[:_SHOWN])


def _alike(header: str, column: Column) -> float:
    bare, _ = split_remark(header)
    return max(SequenceMatcher(None, bare, name).ratio() for name in names(column))


def _fit(cells: pa.Array, column: Column) -> float:
    """The share of cells that the column can hold; of a column of any text nothing is known."""
    if not len(cells):
        return 0.0
    if column.type != "text":
        read = read_values(column.type, cells)
        fits = pc.is_valid(read.values)
        if read.unclear is not None:
            fits = pc.or_(fits, read.unclear)
    elif column.codes:
        fits = pa.array([half_width(text) in column.codes for text in cells.to_pylist()])
    elif column.personal == "plate":
        plain = pa.array([plain_plate(text) for text in cells.to_pylist()], pa.string())
        fits = pc.match_substring_regex(plain, PLATE)
    else:
        return 0.5
    share: float = pc.mean(fits).as_py()
    return share


def _factor(header: str, column: Column) -> Decimal | None:
    """What the cells are to be multiplied by where the header's unit is not the column's."""
    _, remark = split_remark(header)
    if column.unit is None or column.type not in ("integer", "number"):
        return None
    if column.unit.zh == "公里" and remark in _METRES:
        return _METRES[remark]
    if remark.endswith(column.unit.zh):
        return _SCALES.get(remark.removesuffix(column.unit.zh))
    return None
