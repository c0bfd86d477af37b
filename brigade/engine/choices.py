"""Which values a filter offers: those that the release in force holds."""

from datetime import date

from brigade.contracts import Column, contract
from brigade.engine.duckdb import Engine
from brigade.engine.relations import Reader, bind_text
from brigade.filters import Filters, Period, column_in, filter_text
from brigade.text import NOT_RECORDED

MANY = 2000
"""A column with more values than this is offered none of them: any value is taken as it comes."""

_ALWAYS = Period(date(1, 1, 1), date(9999, 12, 30))


def choices(engine: Engine, key: str) -> tuple[str, ...] | None:
    """The values of a filter's column in the release, codes in their contract's order, else sorted.

    None when they can't be listed: too many, or a column that depends on the period.
    """
    if key not in engine.memo:
        engine.memo[key] = _choices(engine, key)
    return engine.memo[key]


def _choices(engine: Engine, key: str) -> tuple[str, ...] | None:
    found: dict[str, None] = {}
    codes: dict[str, None] = {}
    for name in sorted(engine.extracts):
        column = column_in(key, contract(name))
        if column is None:
            continue
        codes.update(dict.fromkeys(column.codes))
        if column.derived and "from period)" in column.derived:
            return column.codes or None
        for value in _distinct(engine, name, column):
            found[filter_text(column, value)] = None
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


def _distinct(engine: Engine, extract: str, column: Column) -> list[object]:
    # Grouped, not "distinct": so that it may be read from sums, in no time, where there are any.
    name, cells = column.name, f"select {column.name} from {extract} group by {column.name}"
    if column.several:
        values = f"nullif(unnest(string_split(coalesce({name}, ''), '{column.several}')), '')"
        cells = f"with cells as ({cells}) select distinct {values} as {name} from cells"
    bound = bind_text(
        f"{cells} limit {MANY + 1}", (extract,), (name,), Filters(_ALWAYS, "none"), Reader()
    )
    return [row[name] for row in engine.rows(bound, f"values of {name}")]
