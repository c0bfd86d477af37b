"""Which values a filter offers: those that the release in force holds."""

from collections.abc import Mapping
from datetime import date

from brigade.contracts import Column, contract
from brigade.engine.protocol import Engine
from brigade.engine.relations import Bound, Reader, bind_text
from brigade.errors import EngineError, QueryError
from brigade.filters import Filters, Period, column_in, filter_text
from brigade.text import NOT_RECORDED

MANY = 2000
"""A column with more values than this is offered none of them: any value is taken as it comes."""

_ALWAYS = Period(date(1700, 1, 1), date(2200, 12, 31))
"""All time, within what every engine can count in nanoseconds."""


def choices(engine: Engine, key: str) -> tuple[str, ...] | None:
    """The values of a filter's column in the release, codes in their contract's order, else sorted.

    None when they can't be listed: too many, a column that depends on the period, or an engine that
    gives no answer just now.
    """
    if key not in engine.memo:
        try:
            engine.memo[key] = _choices(engine, key)
        except (EngineError, QueryError):
            return None  # the views say what is wrong, each in its place
    return engine.memo[key]


def _choices(engine: Engine, key: str) -> tuple[str, ...] | None:
    codes: dict[str, None] = {}
    columns: dict[str, Column] = {}
    for name in sorted(engine.extracts):
        column = column_in(key, contract(name))
        if column is None:
            continue
        codes.update(dict.fromkeys(column.codes))
        if column.derived and "from period)" in column.derived:
            return column.codes or None
        columns[name] = column
    found = _distinct(engine, columns, key) if columns else {}
    if len(found) > MANY:
        return None
    nulls = [v for v in (NOT_RECORDED.zh,) if found.pop(v, "absent") is None]
    return (
        *(code for code in codes if code in found),
        *sorted((v for v in found if v not in codes), key=_sort_key),
        *nulls,
    )


def _sort_key(value: str) -> tuple[float, str]:
    return (float(value), "") if value.lstrip("-").isdigit() and len(value) < 9 else (9e9, value)


def _distinct(engine: Engine, columns: Mapping[str, Column], key: str) -> dict[str, None]:
    """The values of a column in the extracts that have it, as filters write them."""
    asked = [_values(name, column) for name, column in columns.items()]
    answers = engine.rows_of_each(asked, f"values of {key}")
    return {
        filter_text(column, row["value"]): None
        for column, rows in zip(columns.values(), answers, strict=True)
        for row in rows
    }


def _values(extract: str, column: Column) -> Bound:
    # Grouped, not "distinct": so that it may be read from sums, in no time, where there are any.
    sql = f"select {column.name} as value from {extract} group by {column.name}"
    if column.several:
        parts = f"unnest(string_split(coalesce(value, ''), '{column.several}')) as part"
        sql = (
            f"with cells as ({sql}), parts as (select {parts} from cells) "
            "select distinct nullif(part, '') as value from parts"
        )
    return bind_text(
        f"{sql} limit {MANY + 1}", (extract,), (column.name,), Filters(_ALWAYS, "none"), Reader()
    )
