"""The house's SQL in Spark's words: the same text, for a cluster that speaks Spark's SQL.

Queries and contracts are written for DuckDB. What means the same to Spark is put in its words here;
all else is refused by name before anything is run, since a construct that both take and read
differently would give wrong figures and say nothing. So this is a list of what was tried on both:
``tests/engine/test_dialect.py`` holds each of them to the same rows.
"""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from brigade.contracts import all_contracts
from brigade.engine.relations import RELEASE
from brigade.errors import UnsupportedError
from brigade.text import Text

TEXTS = 1_000
"""How many texts stay translated."""

Node = Any
"""A node of a tree; what each kind has is not typed."""

_ALIKE: frozenset[type] = frozenset(
    {
        # names, values and types
        *(exp.Identifier, exp.Column, exp.Literal, exp.Alias, exp.Placeholder, exp.Null),
        *(exp.Boolean, exp.DataType, exp.Var, exp.TableAlias, exp.Table, exp.Tuple, exp.Values),
        # clauses
        *(exp.Select, exp.From, exp.Join, exp.Where, exp.Group, exp.Having, exp.Order),
        *(exp.Ordered, exp.Limit, exp.Offset, exp.With, exp.CTE, exp.Subquery, exp.Union),
        *(exp.Distinct, exp.Window, exp.WindowSpec, exp.Star, exp.Exists, exp.Filter),
        # conditions
        *(exp.And, exp.Or, exp.Not, exp.Paren, exp.Is, exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT),
        *(exp.LTE, exp.In, exp.Between, exp.Case, exp.If, exp.Any, exp.Coalesce, exp.Nullif),
        *(exp.Least, exp.Greatest),
        # numbers
        *(exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Mod, exp.Neg, exp.Round, exp.Floor, exp.Cast),
        # texts
        *(exp.DPipe, exp.Concat, exp.ConcatWs, exp.Substring, exp.Length, exp.Like, exp.Contains),
        *(exp.Explode, exp.Split),
        # dates and times
        *(exp.DateDiff, exp.TimestampTrunc, exp.Year, exp.Month, exp.Day, exp.Hour),
        *(exp.DateFromParts, exp.Interval),
        # figures of groups
        *(exp.Sum, exp.Count, exp.Min, exp.Max, exp.PercentileCont, exp.RowNumber),
    }
)
_TYPES = frozenset(
    {
        *(exp.DataType.Type.VARCHAR, exp.DataType.Type.TEXT, exp.DataType.Type.INT),
        *(exp.DataType.Type.BIGINT, exp.DataType.Type.DOUBLE, exp.DataType.Type.BOOLEAN),
        *(exp.DataType.Type.DATE, exp.DataType.Type.TIMESTAMPNTZ),
    }
)
_WHOLE = frozenset({exp.DataType.Type.INT, exp.DataType.Type.BIGINT})
_SHOWN = 60


def view_of(prefix: str, extract: str) -> str:
    """The name of the view on the cluster that stands for an extract of a release."""
    return f"{prefix}_{extract}"


def extracts_read(sql: str) -> tuple[str, ...]:
    """The extracts of the release that a bound text reads."""
    return tuple(dict.fromkeys(re.findall(rf"\b{RELEASE}\.(\w+)", sql)))


def spark_sql(sql: str, prefix: str, lists: Mapping[str, int] | None = None, name: str = "") -> str:
    """A text as Spark takes it; ``release.x`` and the extract ``x`` are the view ``<prefix>_x``.

    ``lists`` gives the length of each parameter that holds a list: its values become parameters of
    their own, ``<parameter>_0`` and so on, since Spark passes over files and groups of rows by the
    values of an IN and not by those of an array.

    :class:`UnsupportedError` names the query and what in it has no equal.
    """
    return _translated(sql, prefix, tuple(sorted((lists or {}).items())), name)


@lru_cache(TEXTS)
def _translated(sql: str, prefix: str, lists: tuple[tuple[str, int], ...], name: str) -> str:
    try:
        tree = sqlglot.parse_one(sql, dialect="duckdb")
    except SqlglotError as error:
        raise _unsupported(name, str(error).partition("\n")[0]) from error
    for node in tree.walk():
        if type(node) not in _ALIKE or _differs(node):
            raise _unsupported(name, node.sql(dialect="duckdb"))
    lengths = dict(lists)
    own = {cte.alias for cte in tree.find_all(exp.CTE)}

    def in_sparks_words(node: Node) -> Node:
        if isinstance(node, exp.Table):
            return _view(node, prefix, own)
        if isinstance(node, exp.EQ) and isinstance(node.expression, exp.Any):
            return _one_of(node, lengths)
        rewrite = _REWRITTEN.get(type(node))
        return rewrite(node) if rewrite else node

    # From the leaves up, so that what a rule puts in is not taken up by another.
    for node in reversed(list(tree.walk())):
        new = in_sparks_words(node)
        if new is not node:
            node.replace(new)
    return tree.sql(dialect="spark")


def _unsupported(name: str, construct: str) -> UnsupportedError:
    shown = " ".join(construct.split())
    shown = shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN]}…"
    return UnsupportedError(
        Text(
            f"查询 {name} 用到的“{shown}”在集群上没有同样的写法，请改写，或改用 DuckDB。",
            f"Query {name} uses “{shown}”, which a cluster has no equal for: write it in another "
            "way, or use DuckDB.",
        )
    )


def _differs(node: Node) -> bool:
    """Whether a construct of a kind that both know is of a form that they read differently."""
    check = _CHECKED.get(type(node))
    return check is not None and check(node)


def _is_literal(node: Node | None, *, text: bool) -> bool:
    return isinstance(node, exp.Literal) and node.is_string == text


def _join_differs(node: Node) -> bool:
    """Joins of other kinds, and by USING, whose columns are then resolved differently."""
    known = node.side in ("", "LEFT", "RIGHT", "FULL") and node.kind in (
        "",
        "CROSS",
        "INNER",
        "OUTER",
    )
    return not known or bool(node.args.get("using") or node.args.get("method"))


def _can_be_zero(node: Node) -> bool:
    """Division by zero is an error in Spark."""
    by = node.expression.unnest()
    if isinstance(by, exp.Nullif):
        return not (_is_literal(by.expression, text=False) and float(by.expression.name) == 0)
    return not (_is_literal(by, text=False) and float(by.name) != 0)


def _is_of_values(node: Node) -> bool:
    """The star that the parser puts before VALUES."""
    source = node.parent.args.get("from_") if isinstance(node.parent, exp.Select) else None
    return source is not None and isinstance(source.this, exp.Values)


def _like_differs(node: Node) -> bool:
    """A backslash in a pattern is one letter in DuckDB; other patterns are known when run only."""
    return not _is_literal(node.expression, text=True) or "\\" in node.expression.name


def _substring_differs(node: Node) -> bool:
    start = node.args.get("start")
    return isinstance(start, exp.Neg) or (
        _is_literal(start, text=False) and int(str(start.name)) < 1
    )


_CHECKED: Mapping[type, Callable[[Node], bool]] = {
    exp.Any: lambda node: (
        not (isinstance(node.parent, exp.EQ) and isinstance(node.this.unnest(), exp.Placeholder))
    ),
    exp.Cast: lambda node: node.to.this not in _TYPES,
    exp.DateDiff: lambda node: node.unit.name.upper() not in ("DAY", "SECOND"),
    exp.Distinct: lambda node: node.args.get("on") is not None,
    exp.Div: _can_be_zero,
    exp.Explode: lambda node: not isinstance(node.parent, (exp.Select, exp.Alias)),
    exp.Group: lambda node: any(
        node.args.get(key) for key in ("all", "cube", "rollup", "grouping_sets", "totals")
    ),
    exp.Interval: lambda node: node.unit.name.upper() not in ("DAY", "MONTH", "YEAR"),
    exp.Join: _join_differs,
    exp.Like: _like_differs,
    exp.Mod: _can_be_zero,
    exp.Ordered: lambda node: isinstance(node.this, exp.Var),
    # With decimals DuckDB rounds what is stored and Spark what is written.
    exp.Round: lambda node: node.args.get("decimals") is not None,
    exp.Split: lambda node: not _is_literal(node.expression, text=True),
    exp.Star: lambda node: not (isinstance(node.parent, exp.Count) or _is_of_values(node)),
    exp.Substring: _substring_differs,
    exp.Table: lambda node: not isinstance(node.this, exp.Identifier),
    exp.TimestampTrunc: lambda node: node.unit.name.upper() not in ("YEAR", "MONTH", "DAY"),
    exp.Union: lambda node: bool(node.args.get("by_name")),
    exp.With: lambda node: bool(node.args.get("recursive")),
}


def _view(table: exp.Table, prefix: str, own: set[str]) -> Node:
    """The view of an extract, under the name that the text knows it by."""
    of_release = table.db == RELEASE
    if not of_release and (table.name in own or table.name not in all_contracts()):
        return table
    view = exp.to_table(view_of(prefix, table.name))
    view.set("alias", exp.TableAlias(this=exp.to_identifier(table.alias_or_name)))
    return view


def _one_of(node: Node, lengths: Mapping[str, int]) -> Node:
    name = node.expression.this.unnest().name
    values = [exp.Placeholder(this=f"{name}_{n}") for n in range(lengths[name])]
    return exp.In(this=node.this, expressions=values)


def _literal(node: Node) -> Node:
    """A number with a point is a decimal in both, and differs once it is divided."""
    inexact = not node.is_string and not str(node.name).isdigit()
    if not inexact or isinstance(node.parent, exp.PercentileCont):
        return node
    return exp.cast(node.copy(), exp.DataType.Type.DOUBLE)


def _cast(node: Node) -> Node:
    """DuckDB rounds to whole numbers, Spark cuts off."""
    if node.to.this not in _WHOLE or isinstance(node.this, (exp.Round, exp.Count, exp.Null)):
        return node
    rounded = exp.Anonymous(this="BROUND", expressions=[node.this.copy()])
    return exp.Cast(this=rounded, to=node.to.copy())


def _date_diff(node: Node) -> Node:
    """Both count the midnights or full seconds passed, where Spark would count whole spans."""
    start, end = node.expression.copy(), node.this.copy()
    if node.unit.name.upper() == "DAY":
        days = [exp.cast(part, exp.DataType.Type.DATE) for part in (end, start)]
        return exp.Anonymous(this="DATEDIFF", expressions=days)
    seconds = (
        exp.Anonymous(
            this="UNIX_SECONDS", expressions=[exp.cast(part, exp.DataType.Type.TIMESTAMPTZ)]
        )
        for part in (end, start)
    )
    return exp.paren(exp.Sub(this=next(seconds), expression=next(seconds)), copy=False)


def _moved(node: Node) -> Node:
    """A date and some days are a time in DuckDB and a date in Spark."""
    if not isinstance(node.expression, exp.Interval):
        return node
    moment = exp.cast(node.this.copy(), exp.DataType.Type.TIMESTAMPNTZ)
    return type(node)(this=moment, expression=node.expression.copy())


def _split(node: Node) -> Node:
    """What Spark splits at is a pattern."""
    pattern = exp.Literal.string(re.escape(node.expression.name))
    return exp.Anonymous(this="SPLIT", expressions=[node.this.copy(), pattern])


_REWRITTEN: Mapping[type, Callable[[Node], Node]] = {
    exp.Add: _moved,
    exp.Cast: _cast,
    # Both leave out nulls.
    exp.Concat: lambda node: exp.Anonymous(
        this="CONCAT_WS",
        expressions=[exp.Literal.string(""), *(part.copy() for part in node.expressions)],
    ),
    exp.DateDiff: _date_diff,
    # Whole numbers in Spark.
    exp.Floor: lambda node: exp.cast(node.copy(), exp.DataType.Type.DOUBLE),
    exp.Literal: _literal,
    exp.PercentileCont: lambda node: exp.Anonymous(
        this="PERCENTILE", expressions=[node.this.copy(), node.expression.copy()]
    ),
    exp.Split: _split,
    # A time with a zone in Spark.
    exp.TimestampTrunc: lambda node: exp.cast(node.copy(), exp.DataType.Type.TIMESTAMPNTZ),
    exp.Sub: _moved,
}
