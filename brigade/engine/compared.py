"""A query's text for the rows of two periods at once: a view asks the same of both, and to plan a
small query takes longer than to run it."""

from dataclasses import dataclass
from functools import lru_cache

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

ROWS = "rows_of_both"
"""What such a text reads: the rows of both periods."""
EARLIER = "of_the_earlier"
"""The column that marks those of the period compared; the last one of its result too."""

TEXTS = 1_000
"""How many texts stay rewritten."""

_BEYOND = (exp.Window, exp.Rollup, exp.Cube, exp.GroupingSets)
"""What makes more of the rows than one figure for each group."""
_CLAUSES = {"expressions", "from_", "where", "group", "having", "order"}


@dataclass(frozen=True, slots=True)
class Both:
    """The text for both periods; ``one_row`` where each has one row, even of no records at all."""

    sql: str
    one_row: bool


@lru_cache(TEXTS)
def for_both(sql: str) -> Both | None:
    """The same text with the groups of both periods side by side.

    None where it does more with one relation than to group its rows and to add them up: there the
    rows of one period could change what is found in the other.
    """
    try:
        tree = sqlglot.parse_one(sql, dialect="duckdb")
    except SqlglotError:
        return None
    if not isinstance(tree, exp.Select) or not _only_groups(tree):
        return None
    one_row = "group" not in _given(tree)
    [table] = tree.find_all(exp.Table)
    table.replace(exp.to_table(ROWS).as_(table.alias_or_name))
    tree.select(EARLIER, copy=False).group_by(EARLIER, copy=False)
    return Both(tree.sql(dialect="duckdb"), one_row)


def _only_groups(tree: exp.Select) -> bool:
    group = tree.args.get("group")
    if _given(tree) - _CLAUSES or (group is not None and _given(group) != {"expressions"}):
        return False
    read = [tree, *tree.find_all(exp.Table)]
    return len(read) == 2 and list(tree.find_all(exp.Query, exp.Table, *_BEYOND)) == read


def _given(node: exp.Expr) -> set[str]:
    return {name for name, value in node.args.items() if value}
