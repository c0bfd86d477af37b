"""Rows as the contract wants them, and those that can't be had: which, where and why."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from brigade.contracts import TIME_RECORDED, Contract
from brigade.ingest.by_year import ROW
from brigade.ingest.changes import Change, added
from brigade.ingest.faults import DATE_ONLY, Failure, across_columns, in_column
from brigade.ingest.known import Known
from brigade.ingest.plan import Cells, Plan, Source, cells_of
from brigade.ingest.read import Batch, Malformed, decoded
from brigade.ingest.values import ARROW, Values, read_values
from brigade.text import Text


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with a row: the header, the cell, and why it can't be had."""

    column: str
    value: str
    check: str
    reason: Text


@dataclass(frozen=True, slots=True)
class Rejected:
    """One row that was not taken: its number and cells, and all the faults found in it."""

    row: int
    cells: Sequence[str]
    faults: Sequence[Fault]

    @property
    def column(self) -> str:
        """The header of the first fault, in the order of the contract's columns."""
        return self.faults[0].column

    @property
    def value(self) -> str:
        """The cell of the first fault."""
        return self.faults[0].value

    @property
    def reason(self) -> Text:
        """Why the row can't be had: the first fault, and what else is wrong with the row."""
        first, *others = self.faults
        if not others:
            return first.reason
        zh = "，".join(f"{one.column}“{one.value}”{one.reason.zh}" for one in others)
        en = ", ".join(f"{one.column} “{one.value}”: {one.reason.en}" for one in others)
        return Text(
            f"{first.reason.zh}；另有 {len(others)} 处：{zh}",
            f"{first.reason.en}; and {len(others)} more: {en}",
        )


@dataclass(frozen=True, slots=True)
class Doubt:
    """Rows that are taken although a check of the contract fails on them.

    ``values`` counts them by the value of ``column``, and ``rows`` numbers the first of them.
    """

    column: str
    check: str
    reason: Text
    values: Mapping[str, int]
    rows: Sequence[int]


@dataclass(frozen=True, slots=True)
class Checked:
    """The rows of a batch: the good ones typed as the contract says, and the rest.

    ``changes`` is by column what mapping and cleaning did to the cells of all of them.
    """

    table: pa.Table
    rejected: Sequence[Rejected]
    doubts: Sequence[Doubt] = ()
    changes: Mapping[str, tuple[Change, ...]] = field(default_factory=dict)


_SHOWN = 3
_Mask = np.ndarray[tuple[int], np.dtype[np.bool_]]


def check(batch: Batch, plan: Plan, known: Known | None = None) -> Checked:
    """Read the cells of a batch as the columns of its extract and set faulty rows aside."""
    known = known or Known()
    columns: dict[str, pa.Array] = {ROW: batch.rows}
    changes: dict[str, tuple[Change, ...]] = {}
    failures: list[Failure] = []
    for source in plan.sources:
        column = source.column
        cells = cells_of(source, plan, batch.cells)
        read, found = _column(source, plan, cells, batch.cells, known)
        columns[column.name] = read.values
        changes[column.name] = added(cells.changes, read.changes)
        if column.type == "timestamp":
            columns[DATE_ONLY + column.name] = (
                pa.array(np.zeros(len(batch.rows), bool))
                if read.date_only is None
                else read.date_only
            )
        failures += found
    for name in plan.extract.key:
        # A part of the key that the file may lack is null in all its rows.
        nothing = pa.nulls(len(batch.rows), ARROW[plan.extract.columns[name].type])
        columns.setdefault(name, nothing)
    failures += _found(across_columns(plan.extract, columns, known))
    if any(column.name == TIME_RECORDED for column in plan.extract.stored_columns):
        columns[TIME_RECORDED] = _time_recorded(plan.extract, columns)
    refused = np.zeros(len(batch.rows), bool)
    for one in failures:
        if one.strict:
            refused |= _mask(one)
    doubts = [_doubt(one, columns, refused) for one in failures if not one.strict]
    table = pa.table(columns)
    if refused.any():
        table = table.filter(pa.array(~refused))
    faulty = _faulty(batch, plan, [one for one in failures if one.strict], refused)
    rejected = [*faulty, *(_cut(row, plan) for row in batch.malformed)]
    done = {name: did for name, did in changes.items() if did}
    return Checked(table, rejected, [doubt for doubt in doubts if doubt.values], done)


def _column(
    source: Source, plan: Plan, cells: Cells, row: Sequence[pa.Array], known: Known
) -> tuple[Values, list[Failure]]:
    """The values of a column, and what is wrong with them.

    Of cells that repeat, each different text is looked at once; and cell by cell only where one of
    them is changed, doubted or refused, which has to be counted.
    """
    text = cells.text
    if isinstance(text, pa.DictionaryArray):
        blank = pa.nulls(1 if text.null_count else 0, pa.string())
        texts = Cells(pa.concat_arrays([text.dictionary, blank]))
        read, found = _each(source, plan, texts, row, known)
        if not found and read == Values(read.values):
            values = text if read.values.type == pa.string() else read.values.take(text.indices)
            return Values(values), []
    read, found = _each(source, plan, replace(cells, text=decoded(text)), row, known)
    if isinstance(text, pa.DictionaryArray) and read.values.type == pa.string():
        # Of one type in every batch.
        read = replace(read, values=read.values.dictionary_encode())
    return read, found


def _each(
    source: Source, plan: Plan, cells: Cells, row: Sequence[pa.Array], known: Known
) -> tuple[Values, list[Failure]]:
    read = _read(source, cells, row)
    return read, list(_found(in_column(source.column, plan.extract, cells, read, known)))


def _found(failures: Iterator[Failure]) -> Iterator[Failure]:
    return (one for one in failures if pc.any(one.failed).as_py())


def _mask(failure: Failure) -> _Mask:
    mask: _Mask = failure.failed.to_numpy(zero_copy_only=False)
    return mask


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


def _doubt(
    failure: Failure,
    columns: Mapping[str, pa.Array],
    refused: _Mask,
) -> Doubt:
    failed = pa.array(_mask(failure) & ~refused)
    counted = columns[failure.column].filter(failed).cast(pa.string()).value_counts()
    values = {one["values"] or "": one["counts"] for one in counted.to_pylist()}
    rows = columns[ROW].filter(failed)[:_SHOWN].to_pylist()
    return Doubt(failure.column, failure.check, failure.reason, values, rows)


def _faulty(
    batch: Batch,
    plan: Plan,
    failures: Sequence[Failure],
    refused: _Mask,
) -> Iterator[Rejected]:
    indices = np.flatnonzero(refused)
    if not len(indices):
        return
    wanted = pa.array(indices)
    raw = [[cell or "" for cell in column.take(wanted).to_pylist()] for column in batch.raw]
    rows = batch.rows.take(wanted).to_pylist()
    faults: list[list[Fault]] = [[] for _ in rows]
    sources = {source.column.name: source for source in plan.sources}
    for one in failures:
        source = sources.get(one.column)
        for index in np.flatnonzero(_mask(one)[indices]).tolist():
            header, value = _place(one.column, source, plan, [cells[index] for cells in raw])
            faults[index].append(Fault(header, value, one.check, one.reason))
    for index, row in enumerate(rows):
        yield Rejected(row, [cells[index] for cells in raw], faults[index])


def _place(column: str, source: Source | None, plan: Plan, cells: Sequence[str]) -> tuple[str, str]:
    """The header and the cell that a value was read from."""
    positions = source.positions if source else ()
    if source and source.own is not None and (cells[source.own] or "").strip():
        positions = (source.own,)
    header = " + ".join(plan.headers[i] for i in positions) or column
    return header, " ".join(filter(None, (cells[i] for i in positions)))


def _cut(row: Malformed, plan: Plan) -> Rejected:
    found, wanted = len(row.cells), len(plan.headers)
    cells = [*row.cells[:wanted], *[""] * (wanted - found)]
    reason = Text(
        f"这一行有 {found} 格，列名有 {wanted} 个",
        f"the row has {found} cells for {wanted} headers",
    )
    return Rejected(row.row, cells, [Fault("", row.text, "cells", reason)])
