"""What can be wrong with the rows of a batch, as the contract declares it: one mask a check."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache, reduce
from itertools import pairwise
from operator import methodcaller

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from brigade.contracts import Column, Contract, Type, contract
from brigade.errors import ContractError
from brigade.ingest.code_lists import Version
from brigade.ingest.known import Known
from brigade.ingest.plan import Cells
from brigade.ingest.read.rows import has
from brigade.ingest.values import ARROW, UNCLEAR, Values
from brigade.text import Text

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
class Failure:
    """The rows of a batch that fail one check of a column, and why they do.

    ``check`` names the kind of check for a program. Rows are refused for a ``strict`` one and for
    another taken and counted.
    """

    column: str
    check: str
    failed: pa.Array
    reason: Text
    strict: bool = True


def in_column(
    column: Column, extract: Contract, cells: Cells, read: Values, known: Known
) -> Iterator[Failure]:
    """What a column's values can be found wrong for by themselves."""
    name, values = column.name, read.values
    unread = pc.and_(pc.is_valid(cells.text), pc.is_null(values))
    if cells.refused is not None:
        yield Failure(name, "mapping", cells.refused, cells.reason)
    untyped = unread
    if read.unclear is not None:
        unclear = pc.and_(read.unclear, pc.is_null(values))
        yield Failure(name, "unclear", unclear, UNCLEAR)
        untyped = pc.and_not(unread, unclear)
    if column.type != "text":
        kind = _KINDS[column.type]
        yield Failure(
            name, "type", untyped, Text(f"读不成{kind.zh}", f"it can't be read as {kind.en}")
        )
    if column.required:
        empty = pc.and_not(pc.is_null(values), unread)
        if cells.refused is not None:
            empty = pc.and_not(empty, cells.refused)
        yield Failure(name, "empty", empty, _EMPTY)
    looked_at = column.type == "text" and (name in extract.key or column.refers)
    if looked_at and has(values, b"+"):
        yield Failure(name, "rounded", _true(pc.match_substring_regex(values, _POWERS)), _ROUNDED)
    yield from _range(column, values)
    if column.codes:
        reason = Text("不在代码表内", "it is not in the code list")
        yield Failure(name, "codes", _not_in(values, column.codes), reason, column.codes_strict)
    yield from _unknown(column, values, known)
    if column.past and _latest_day(values) > known.today:
        reason = Text(
            f"晚于导入当天（{known.today}）", f"it is later than the day of import ({known.today})"
        )
        yield Failure(name, "future", _true(pc.greater(_days(values), known.today)), reason)


def _unknown(column: Column, values: pa.Array, known: Known) -> Iterator[Failure]:
    """Rows that name what the extract referred to doesn't have."""
    name = column.name
    if column.refers and name in known.keys:
        label = contract(column.refers).label
        first = Text("", "")
        if column.refers_strict:
            first = Text(
                f"，请核对，或先导入“{label.zh}”", f"; check it, or import “{label.en}” first"
            )
        reason = Text(
            f"在当前版本的“{label.zh}”里没有{first.zh}",
            f"the release's “{label.en}” doesn't have it{first.en}",
        )
        missing = _not_in(values, _near(known.keys[name], values))
        yield Failure(name, "refers", missing, reason, column.refers_strict)


def across_columns(
    extract: Contract, columns: Mapping[str, pa.Array], known: Known
) -> Iterator[Failure]:
    """What the values of a row, read by the name of their column, say against each other."""
    for column in extract.stored_columns:
        if column.name not in columns:
            continue
        for other in column.after:
            if other in columns:
                earlier = _earlier(columns, column.name, other)
                yield Failure(column.name, "order", earlier, is_before(extract.columns[other]))
        if column.name in known.versions and str(extract.time) in columns:
            reason = Text("不在当时有效的代码表内", "it is not in the code list of its day")
            days = _days(columns[str(extract.time)])
            outside = _outside(columns[column.name], days, known.versions[column.name])
            yield Failure(column.name, "version", outside, reason, column.codes_strict)
    yield from _named(extract, columns, known.database)


def is_before(other: Column) -> Text:
    """The reason for a time that is before another of its row."""
    return Text(f"早于{other.label.zh}", f"it is before “{other.label.en}”")


def _true(mask: pa.Array) -> pa.Array:
    return pc.fill_null(mask, False)


def _not_in(values: pa.Array, known: tuple[str, ...] | pa.Array) -> pa.Array:
    if isinstance(values, pa.DictionaryArray):
        return _true(_not_in(values.dictionary, known).take(values.indices))
    among = known if isinstance(known, pa.Array) else pa.array(known, values.type)
    return pc.and_not(pc.is_valid(values), pc.is_in(values, among))


def _near(keys: pa.Array, values: pa.Array) -> pa.Array:
    """Those keys that lie between the least and the greatest value.

    A file is mostly in the order of its keys, and hashing all of a release's for every batch would
    take longer than reading it.
    """
    plain = methodcaller("as_py")
    bounds = pc.min_max(values).as_py()
    if bounds["min"] is None:
        return keys[:0]
    first = bisect_left(keys, bounds["min"], key=plain)
    return keys[first : bisect_right(keys, bounds["max"], key=plain)]


def _range(column: Column, values: pa.Array) -> Iterator[Failure]:
    low, high = column.minimum, column.maximum
    unit = Text(f" {column.unit.zh}", f" {column.unit.en}") if column.unit else Text("", "")
    if low is not None:
        reason = Text(f"不能小于 {low}{unit.zh}", f"it must not be below {low}{unit.en}")
        yield Failure(column.name, "range", _true(pc.less(values, low)), reason)
    if high is not None:
        reason = Text(f"不能大于 {high}{unit.zh}", f"it must not be above {high}{unit.en}")
        yield Failure(column.name, "range", _true(pc.greater(values, high)), reason)


def _days(values: pa.Array) -> pa.Array:
    return values.cast(pa.date32(), safe=False)


def _latest_day(values: pa.Array) -> date:
    latest = pc.max(values).as_py()
    if latest is None:
        return date.min
    return latest.date() if isinstance(latest, datetime) else latest


def _earlier(columns: Mapping[str, pa.Array], name: str, other: str) -> pa.Array:
    """Rows whose one time is before the other: by days where one has no time of day."""
    values = columns[name], columns[other]
    marks = [columns.get(DATE_ONLY + one) for one in (name, other)]
    marked = [mark is None or pc.any(mark).as_py() for mark in marks]
    if not any(marked):
        return _true(pc.less(*values))
    by_days = pc.less(*map(_days, values))
    if any(mark is None for mark in marks):
        return _true(by_days)
    return _true(pc.if_else(pc.or_(*marks), by_days, pc.less(*values)))


def _outside(codes: pa.Array, days: pa.Array, versions: Sequence[Version]) -> pa.Array:
    """Rows whose code is not valid on their day."""
    bounds = [*(version.first for version in versions), date.max]
    newest, oldest = pc.max(days).as_py(), pc.min(days).as_py()
    outside = []
    for version, (first, end) in zip(versions, pairwise(bounds), strict=True):
        if newest is None or first > newest or end <= oldest:
            continue
        missing = _not_in(codes, version.codes)
        if not pc.any(missing).as_py():
            continue
        within = pc.and_(
            pc.greater_equal(days, first), pc.less_equal(days, end - timedelta(days=1))
        )
        outside.append(_true(pc.and_(within, missing)))
    return reduce(pc.or_, outside, pc.and_(pc.is_valid(codes), False))


def _named(
    extract: Contract, columns: Mapping[str, pa.Array], database: duckdb.DuckDBPyConnection
) -> Iterator[Failure]:
    """The contract's own conditions; what the file lacks is null in them."""
    if not extract.checks:
        return
    rows = len(next(iter(columns.values())))
    stored = {
        one.name: columns.get(one.name, pa.nulls(rows, ARROW[one.type]))
        for one in extract.stored_columns
        if one.name in _columns_of(extract)
    }
    kinds, of_row = _kinds_of_rows(pa.table(stored))
    holds = ", ".join(f"coalesce(not ({one.holds}), false)" for one in extract.checks)
    try:
        # Batches are checked at once, and a connection answers one at a time.
        with database.cursor() as cursor:
            failed = cursor.from_arrow(kinds).project(holds).to_arrow_table()
    except duckdb.Error as error:
        raise ContractError(
            Text(
                f"约定 {extract.name} 的检查有误（{error}），请改正后再导入。",
                f"A check of contract {extract.name} is wrong ({error}); mend it and import again.",
            )
        ) from error
    for check, mask in zip(extract.checks, failed.columns, strict=True):
        mask = mask.combine_chunks()
        if of_row is not None:
            mask = mask.take(of_row)
        yield Failure(check.column, check.name, mask, check.reason, check.strict)


def _columns_of(extract: Contract) -> set[str]:
    """The stored columns that the contract's own conditions may name."""
    every = {column.name for column in extract.stored_columns}
    try:
        named = {name for one in extract.checks for name in _names_in(one.holds)}
    except SqlglotError:
        return every
    return named if named and named <= every else every


@cache
def _names_in(condition: str) -> frozenset[str]:
    found = sqlglot.parse_one(condition, read="duckdb").find_all(exp.Column, exp.Star)
    return frozenset(one.name for one in found)


def _kinds_of_rows(rows: pa.Table) -> tuple[pa.Table, pa.Array | None]:
    """One row of each kind, and for each row the place of its kind.

    Where there may be as many kinds as rows they are all given, and no places.
    """
    kinds = 1
    places = np.zeros(len(rows), np.int64)
    for column in rows.columns:
        values = column.combine_chunks()
        if not isinstance(values, pa.DictionaryArray):
            values = values.dictionary_encode()
        different = len(values.dictionary) + 1
        if kinds * different > len(rows):
            return rows, None
        of_both = places * different + pc.fill_null(values.indices, different - 1).to_numpy()
        there = np.zeros(kinds * different, bool)
        there[of_both] = True
        places = np.cumsum(there)[of_both] - 1
        kinds = int(there.sum())
    one_of = np.zeros(kinds, np.int64)
    one_of[places] = np.arange(len(rows))
    return rows.take(pa.array(one_of)), pa.array(places)
