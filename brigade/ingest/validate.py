"""Rows as the contract wants them, and those that can't be had: which, where and why."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from brigade.contracts import TIME_RECORDED, Column, Contract, Type
from brigade.ingest.changes import Change, added
from brigade.ingest.plan import Cells, Plan, Source, cells_of
from brigade.ingest.read import Batch, Malformed
from brigade.ingest.values import ARROW, UNCLEAR, Values, read_values
from brigade.text import Text

ROW = "_row"
"""The column of an accepted row's number in its file."""

DATE_ONLY = "_date_only_"
"""Begins the column that marks the times of which only the date is known."""

_KINDS: Mapping[Type, Text] = {
    "text": Text("文字", "a text"),
    "integer": Text("整数", "a whole number"),
    "number": Text("数值", "a number"),
    "boolean": Text("是或否", "yes or no"),
    "date": Text("日期", "a date"),
    "timestamp": Text("日期和时间", "a date and time"),
}
_EMPTY = Text("不能为空", "it must not be empty")
_ROUNDED = Text(
    "编号已被表格软件写成科学计数，位数丢失；请把该列设为文本后重新导出",
    "a spreadsheet has written the number in powers of ten and lost digits; "
    "set the column to text and export it again",
)
_POWERS = r"^\d(\.\d+)?[eE]\+\d+$"


@dataclass(frozen=True, slots=True)
class Rejected:
    """One row that was not taken: its number and cells, and the first fault found in it."""

    row: int
    cells: Sequence[str]
    column: str
    value: str
    reason: Text


@dataclass(frozen=True, slots=True)
class Checked:
    """The rows of a batch: the good ones typed as the contract says, and the rest.

    ``changes`` is by column what mapping and cleaning did to the cells of all of them.
    """

    table: pa.Table
    rejected: Sequence[Rejected]
    changes: Mapping[str, tuple[Change, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Fault:
    column: str
    value: str
    reason: Text


def check(batch: Batch, plan: Plan) -> Checked:
    """Read the cells of a batch as the columns of its extract and set faulty rows aside."""
    faults: dict[int, _Fault] = {}
    columns: dict[str, pa.Array] = {ROW: batch.rows}
    changes: dict[str, tuple[Change, ...]] = {}
    for source in plan.sources:
        column = source.column
        cells = cells_of(source, plan, batch.cells)
        read = _read(source, cells, batch.cells)
        columns[column.name] = read.values
        changes[column.name] = added(cells.changes, read.changes)
        if column.type == "timestamp":
            columns[DATE_ONLY + column.name] = (
                pa.array(np.zeros(len(batch.rows), bool))
                if read.date_only is None
                else read.date_only
            )
        for mask, reason in _tests(column, plan.extract, cells, read):
            for index in _where(mask):
                header, value = _place(source, plan, batch, index)
                faults.setdefault(index, _Fault(header, value, reason))
    for name in plan.extract.key:
        # A part of the key that the file may lack is null in all its rows.
        nothing = pa.nulls(len(batch.rows), ARROW[plan.extract.columns[name].type])
        columns.setdefault(name, nothing)
    if any(column.name == TIME_RECORDED for column in plan.extract.stored_columns):
        columns[TIME_RECORDED] = _time_recorded(plan.extract, columns)
    table = pa.table(columns)
    if faults:
        good = np.ones(len(batch.rows), bool)
        good[list(faults)] = False
        table = table.filter(pa.array(good))
    rejected = [*_faulty(batch, faults), *(_cut(row, plan) for row in batch.malformed)]
    return Checked(table, rejected, {name: did for name, did in changes.items() if did})


def _read(source: Source, cells: Cells, row: Sequence[pa.Array]) -> Values:
    kind, rule = source.column.type, source.rule
    plate = source.column.personal == "plate"
    read = read_values(kind, cells.text, rule.formats, order=rule.order, era=rule.era, plate=plate)
    if not rule.date_only:
        return read
    # What can't be read with its time of day keeps at least its date: the row is not lost.
    dates = read_values(kind, row[source.positions[0]], rule.date_only).values
    saved = pc.and_(pc.is_null(read.values), pc.is_valid(dates))
    had = saved if read.date_only is None else pc.or_(read.date_only, saved)
    return replace(read, values=pc.coalesce(read.values, dates), date_only=had)


def _time_recorded(extract: Contract, columns: Mapping[str, pa.Array]) -> pa.Array:
    """No where only the date of a row's time is known; else what the file says of it, or null."""
    date_only = columns[f"{DATE_ONLY}{extract.time}"]
    said = columns.get(TIME_RECORDED, pa.nulls(len(date_only), pa.bool_()))
    return pc.if_else(date_only, False, said)


def _tests(
    column: Column, extract: Contract, cells: Cells, read: Values
) -> Iterator[tuple[pa.Array, Text]]:
    """The faults that a column can have, each with the rows that have it."""
    values = read.values
    if cells.refused is not None:
        yield cells.refused, cells.reason
    if read.unclear is not None:
        yield pc.and_(read.unclear, pc.is_null(values)), UNCLEAR
    if column.type != "text":
        kind = _KINDS[column.type]
        reason = Text(f"读不成{kind.zh}", f"it can't be read as {kind.en}")
        yield pc.and_(pc.is_valid(cells.text), pc.is_null(values)), reason
    if column.required:
        yield pc.is_null(values), _EMPTY
    if column.type == "text" and (column.name in extract.key or column.refers):
        yield pc.fill_null(pc.match_substring_regex(values, _POWERS), False), _ROUNDED


def _where(mask: pa.Array) -> list[int]:
    found: list[int] = np.flatnonzero(mask.to_numpy(zero_copy_only=False)).tolist()
    return found


def _place(source: Source, plan: Plan, batch: Batch, index: int) -> tuple[str, str]:
    """The header and the cell that a value was read from."""
    positions = source.positions
    if source.own is not None and batch.cells[source.own][index].is_valid:
        positions = (source.own,)
    header = " + ".join(plan.headers[i] for i in positions) or source.column.name
    return header, " ".join(filter(None, (batch.raw[i][index].as_py() for i in positions)))


def _faulty(batch: Batch, faults: Mapping[int, _Fault]) -> Iterator[Rejected]:
    for index, fault in sorted(faults.items()):
        cells = [column[index].as_py() for column in batch.raw]
        row = batch.rows[index].as_py()
        yield Rejected(row, cells, fault.column, fault.value, fault.reason)


def _cut(row: Malformed, plan: Plan) -> Rejected:
    found, wanted = len(row.cells), len(plan.headers)
    cells = [*row.cells[:wanted], *[""] * (wanted - found)]
    reason = Text(
        f"这一行有 {found} 格，列名有 {wanted} 个",
        f"the row has {found} cells for {wanted} headers",
    )
    return Rejected(row.row, cells, "", row.text, reason)
