"""The text of a rollup: one plain ``select … group by`` over its extract, or another rollup."""

from brigade.contracts import SQL_TYPES, Contract, contract
from brigade.rollups.plan import Rollup
from brigade.rollups.reading import RECORDS

FRACTION = 64
"""A measure is rolled up where all its values are multiples of one part in so many, and so small
together that any sum of them is exact whatever its order."""
EXACT = 2**46


def time_of(extract: Contract, daily: bool) -> str:
    """The first moment of the day or month of a row, as its extract's time has it."""
    type_ = extract.columns[str(extract.time)].type
    day = f"cast({extract.time} as date)"
    start = day if daily else f"cast(date_trunc('month', {extract.time}) as date)"
    return start if type_ == "date" else f"cast({start} as timestamp)"


def keys(
    extract: Contract, columns: tuple[str, ...], daily: bool, held: frozenset[str]
) -> list[str]:
    """What rows are grouped by, each ``expression as name``; ``held`` are there to be read."""
    found = [f"{time_of(extract, daily)} as {extract.time}"] if extract.time else []
    for name in columns:
        derived = None if name in held else extract.columns[name].derived
        found.append(f"{derived} as {name}" if derived else name)
    return found


def rollup_sql(
    rollup: Rollup, source: str, made_from: Rollup | None = None, where: str = ""
) -> str:
    """A rollup's rows from ``source``: the table of its extract, or of what it is made from."""
    extract = contract(rollup.extract)
    held = frozenset(made_from.columns) if made_from else frozenset()
    grouped = keys(extract, rollup.columns, rollup.daily, held)
    records = RECORDS if made_from else "1"
    select = [*grouped, f"cast(sum({records}) as bigint) as {RECORDS}"]
    for name in rollup.measures:
        whole = extract.columns[name].type == "integer"
        select.append(f"{f'cast(sum({name}) as bigint)' if whole else f'sum({name})'} as {name}")
    places = ", ".join(str(place + 1) for place in range(len(grouped)))
    text = f"select {', '.join(select)}\nfrom {source}"
    if where:
        text += f"\nwhere {where}"
    return f"{text}\ngroup by {places}" if grouped else text


def table_sql(rollup: Rollup, name: str) -> str:
    """The text that makes the empty table of a rollup."""
    extract = contract(rollup.extract)
    time = (extract.time,) if extract.time else ()
    columns = [f"{c} {SQL_TYPES[extract.columns[c].type]}" for c in (*time, *rollup.columns)]
    columns.append(f"{RECORDS} bigint")
    columns += [f"{c} {SQL_TYPES[extract.columns[c].type]}" for c in rollup.measures]
    return f"create table {name} ({', '.join(columns)})"


def exact_sql(measure: str, source: str) -> str:
    """How many values of a measure are no multiple of a :data:`FRACTION`, and the size of all."""
    return (
        f"select sum(case when {measure} is null then 0"
        f" when {measure} >= {EXACT} or {measure} <= -{EXACT} then 1"
        f" when {measure} * {FRACTION} = floor({measure} * {FRACTION}) then 0 else 1 end)"
        f" as inexact, sum(case when {measure} < 0 then -{measure} else {measure} end) as size"
        f" from {source}"
    )
