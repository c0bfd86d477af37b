"""What of an extract a rollup holds, so that a column of the extract can be read from it.

A rollup's time is the first moment of its month or day, under the name of the extract's own time
column: year and month, and in daily ones day and weekday, are made from it by the same expression
as from a record's time. Other columns derived from the time (the hour) are held as columns of their
own; those derived from other columns need only these.
"""

from collections.abc import Iterable
from functools import cache

import sqlglot
from sqlglot import exp

from brigade.contracts import CALENDAR, Column, Contract, contract
from brigade.queries import PERIOD

DAY = "day"
WEEKDAY = "weekday"
OF_A_DAY = frozenset({DAY, WEEKDAY})
"""What a daily rollup has in its time, and a monthly one must hold: the weekday as a column, the
day not at all."""
_OF_A_MONTH = ("year", "month")


@cache
def held_for(extract: str, column: str) -> frozenset[str] | None:
    """The columns that a rollup must hold for one of its extract to be read; None where none can.

    None for what is personal, for numbers (which are added up, and seldom two alike), for a column
    of the key, and for what depends on both the time of day and the period chosen.
    """
    of, one = contract(extract), contract(extract).columns[column]
    if one.personal or column in of.key:
        return None
    if one.derived is None:
        return _held_as_stored(of, one)
    if _is_calendar(of, one):
        return frozenset() if column in _OF_A_MONTH else frozenset({column})
    tree = sqlglot.parse_one(one.derived, dialect="duckdb")
    own = {c.name for c in tree.find_all(exp.Column) if c.name in of.columns}
    if any(of.columns[name].personal for name in own):
        return None
    held = held_for_all(extract, own)
    if held is not None and of.time not in own:
        return held
    return None if any(t.name == PERIOD for t in tree.find_all(exp.Table)) else frozenset({column})


def _held_as_stored(extract: Contract, column: Column) -> frozenset[str] | None:
    if column.name == extract.time:
        return None
    if column.type in ("integer", "number") and not column.filter:
        return None
    return frozenset({column.name})


def _is_calendar(extract: Contract, column: Column) -> bool:
    """Whether it is a part of the time that a day or a month has, made as every extract has it."""
    if column.name not in (*_OF_A_MONTH, *OF_A_DAY):
        return False
    return column.derived == CALENDAR[column.name][1].format(time=extract.time)


def held_for_all(extract: str, columns: Iterable[str]) -> frozenset[str] | None:
    """The same for several columns."""
    held: frozenset[str] = frozenset()
    for column in columns:
        more = held_for(extract, column)
        if more is None:
            return None
        held |= more
    return held
