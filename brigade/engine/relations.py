"""What a name in a query stands for: the rows that the filters and the reader allow.

A query reads ``violations``; here that name is bound, as a CTE in front of the query's own text,
to the rows of the release that the reader's filters let through, with personal columns masked.
``violations_before`` is the same for the period compared, ``violations_to_date`` for all time up to
the period's last day; ``period`` is the one row of bounds, ``severity_weights`` the one row of what
harm weighs.
"""

import os
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlglot import exp

from brigade.contracts import Column, Contract, contract
from brigade.engine.compared import EARLIER, ROWS
from brigade.filters import Filters, Period, typed_value
from brigade.queries import BEFORE, ONE_ROW, PERIOD, TO_DATE, WEIGHTS, Query, extract_of
from brigade.rollups.kept import ROLLUPS, Kept, Piece, Span
from brigade.rollups.reading import RECORDS, Reading, readings
from brigade.severity import severity_weights

RELEASE = "release"
"""The name under which an engine knows the tables of the release."""

# What stands in quotes is no parameter, whatever it looks like.
_PARAMETER = re.compile(r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|\$(\w+)""")
_BOUND = re.compile(rf"\(select ((?:before_)?(?:starts|ends)_on) from {PERIOD}\)")

MASKS: Mapping[str, str] = {
    "plate": "substr({c}, 1, 2) || '***' || substr({c}, length({c}), 1)",
    "officer": "'***'",
    "phone": "'***' || substr({c}, greatest(length({c}) - 3, 1), 4)",
    "name": "substr({c}, 1, 1) || '**'",
    "identity": "'***'",
}
"""How each kind of personal column is written for a reader who may not see it; nulls stay null."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Who looks: decides here, and nowhere else, what of a row may be seen."""

    show_personal: bool = False


def reader_here() -> Reader:
    """The reader that the environment says is there. Roles will decide here."""
    return Reader(show_personal=os.environ.get("BRIGADE_SHOW_PERSONAL") == "1")


def seen_by(reader: Reader, column: Column) -> str:
    """A stored column in SQL as a reader may see it: personal ones masked, nulls still null."""
    if not column.personal or reader.show_personal:
        return column.name
    mask = MASKS[column.personal].format(c=column.name)
    return f"case when {column.name} is not null then {mask} end"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a bound text was made of, so that an engine can bind it to its rollups instead."""

    sql: str
    relations: tuple[str, ...]
    identifiers: frozenset[str]
    filters: Filters
    reader: Reader


@dataclass(frozen=True, slots=True)
class Bound:
    """A query's text bound to the records, with the values of its named parameters.

    It is what is shown and what runs over the Parquet in any shell. An engine that has rollups may
    read them instead, for the same answer: see :func:`bind_to_rollups`.
    """

    sql: str
    parameters: Mapping[str, Any]
    asked: Asked | None = field(default=None, compare=False)

    def literal(self) -> str:
        """The same text with the parameters written into it, to read or to run elsewhere."""
        return _PARAMETER.sub(
            lambda found: _literal(self.parameters[found[1]]) if found[1] else found[0], self.sql
        )


def _literal(value: object) -> str:
    if isinstance(value, date):
        return f"date '{value.isoformat()}'"
    if isinstance(value, list):
        return "[" + ", ".join(_literal(v) for v in value) + "]"
    return exp.convert(value).sql(dialect="duckdb")


class _Binder:
    """Collects the CTEs and parameters of one binding; ``prefix`` tells the latter from those of
    another binding in the same text."""

    def __init__(self, filters: Filters, reader: Reader, prefix: str = "") -> None:
        self.filters = filters
        self.reader = reader
        self.prefix = prefix
        self.parameters: dict[str, Any] = {}

    def _parameter(self, name: str, value: Any) -> str:
        self.parameters[self.prefix + name] = value
        return f"${self.prefix}{name}"

    def _bounds(self) -> dict[str, date | None]:
        before = self.filters.before
        return {
            "starts_on": self.filters.period.start,
            "ends_on": self.filters.period.end,
            "before_starts_on": before.start if before else None,
            "before_ends_on": before.end if before else None,
        }

    def _bound(self, name: str) -> str:
        value = self._bounds()[name]
        parameter = self._parameter(name, value)
        return parameter if value else f"cast({parameter} as date)"

    def period(self) -> str:
        parts = ", ".join(f"{self._bound(name)} as {name}" for name in self._bounds())
        return f"{PERIOD} as (\n  select {parts}\n)"

    def weights(self) -> str:
        weights = severity_weights()
        parts = ", ".join(
            f"{self._parameter(f'{name}_weight', getattr(weights, name))} as {name}_weight"
            for name in ("crash", "injury", "death")
        )
        return f"{WEIGHTS} as (\n  select {parts}\n)"

    def _derived(self, expression: str) -> str:
        """A derived column's expression with the bounds themselves in it: where each of them is a
        subquery, a join for every row, the query takes up to ten times as long."""
        return _BOUND.sub(lambda found: self._bound(found[1]), expression)

    def relation(self, name: str, columns: Iterable[str]) -> str:
        extract = contract(extract_of(name))
        wanted = [c for c in extract.columns.values() if c.name in set(columns)]
        select = [self._select(c) for c in wanted] + ["1 as records"]
        where = self._time(extract, name.removeprefix(extract.name)) + self._chosen(extract)
        return _cte(name, [_select_text(select, f"{RELEASE}.{extract.name}", where)])

    def summed(
        self, name: str, reading: Reading, pieces: Iterable[Piece], mark: Sequence[str] = ()
    ) -> list[str]:
        """The same rows from rollups, piece by piece, with the columns and measures that the query
        reads, and a ``mark`` of their own."""
        extract = contract(extract_of(name))
        wanted = [c for c in extract.columns.values() if c.name in reading.columns]
        measures = sorted(reading.measures - {RECORDS})
        selects = []
        for n, piece in enumerate(pieces):
            rollup = piece.rollup
            held = frozenset(rollup.columns) if rollup else frozenset[str]()
            select = [self._select(c, held) for c in wanted]
            select += [*measures, RECORDS if rollup else f"1 as {RECORDS}", *mark]
            where = self._within(extract, f"{name}_{n}", piece.span)
            where += self._chosen(extract, held, by_list=False)
            table = f"{ROLLUPS}.{rollup.name}" if rollup else f"{RELEASE}.{extract.name}"
            selects.append(_select_text(select, table, where))
        return selects

    def _within(self, extract: Contract, key: str, span: Span) -> list[str]:
        if extract.time is None or span.start is None:
            return []
        start = self._parameter(f"{key}_from", span.start)
        until = self._parameter(f"{key}_until", span.until)
        return [f"{extract.time} >= {start}", f"{extract.time} < {until}"]

    def span(self, extract: Contract, suffix: str) -> Span:
        """The days whose rows a relation has."""
        if extract.time is None:
            return Span(None, None)
        period = self._period(suffix)
        if period is None:
            return Span(date.min, date.min)
        start = None if suffix == TO_DATE else period.start
        return Span(start, period.end + timedelta(days=1))

    def _select(self, column: Column, held: Collection[str] = ()) -> str:
        if column.personal and not self.reader.show_personal:
            return f"{seen_by(self.reader, column)} as {column.name}"
        if column.derived and column.name not in held:
            return f"{self._derived(column.derived)} as {column.name}"
        return column.name

    def _period(self, suffix: str) -> Period | None:
        return self.filters.before if suffix == BEFORE else self.filters.period

    def _time(self, extract: Contract, suffix: str) -> list[str]:
        if extract.time is None:
            return []
        period = self._period(suffix)
        if period is None:
            return ["false"]
        prefix = "before_" if suffix == BEFORE else ""
        if suffix == TO_DATE:
            until = self._parameter("until", period.end + timedelta(days=1))
            return [f"{extract.time} < {until}"]
        start = self._parameter(f"{prefix}from", period.start)
        until = self._parameter(f"{prefix}until", period.end + timedelta(days=1))
        return [f"{extract.time} >= {start}", f"{extract.time} < {until}"]

    def _chosen(
        self, extract: Contract, held: Collection[str] = (), *, by_list: bool = True
    ) -> list[str]:
        """A test for each column that values were chosen of; ``held`` are there to be read though
        derived. Without lists each value is compared by itself: it reads worse, and saves what
        binding a list takes, which is half of the time of a query that reads a rollup."""
        clauses = []
        for name, values in self.filters.for_extract(extract).items():
            column = extract.columns[name]
            typed = [typed_value(column, value) for value in values]
            present = [value for value in typed if value is not None]
            derived = column.derived if name not in held else None
            expression = f"({self._derived(derived)})" if derived else name
            tests = []
            if present:
                # Two extracts may give a column of one name different types of their own.
                key = f"{extract.name}_{name}"
                if column.several:
                    tests += self._holding(expression, column.several, key, present)
                elif not by_list and len(present) == 1:
                    tests.append(f"{expression} = {self._parameter(f'{key}_0', present[0])}")
                elif not by_list:
                    tests.append(f"list_contains({self._parameter(key, present)}, {expression})")
                else:
                    tests.append(f"{expression} = any({self._parameter(key, present)})")
            if len(present) < len(typed):
                tests.append(f"{expression} is null")
            clauses.append(tests[0] if len(tests) == 1 else f"({' or '.join(tests)})")
        return clauses

    def _holding(self, expression: str, between: str, key: str, values: list[Any]) -> list[str]:
        """Whether a cell that holds several values holds one, a test for each value."""
        return [
            f"contains(concat('{between}', {expression}, '{between}'),"
            f" concat('{between}', {self._parameter(f'{key}_{n}', value)}, '{between}'))"
            for n, value in enumerate(values)
        ]


def _select_text(select: Iterable[str], table: str, where: Sequence[str]) -> str:
    text = f"select {', '.join(select)}\n  from {table}"
    return f"{text}\n  where " + "\n    and ".join(where) if where else text


def _cte(name: str, selects: Iterable[str]) -> str:
    return f"{name} as (\n  {_union(selects)}\n)"


def _union(selects: Iterable[str]) -> str:
    return "\n  union all\n  ".join(selects)


def bind(query: Query, filters: Filters, reader: Reader) -> Bound:
    """Put in front of a query what its names stand for under these filters for this reader."""
    return bind_text(
        query.sql, query.relations, query.identifiers, filters.without(*query.ignores), reader
    )


def bind_text(
    sql: str,
    relations: Iterable[str],
    identifiers: Iterable[str],
    filters: Filters,
    reader: Reader,
) -> Bound:
    """The same for a text whose relations and column names are known."""
    binder, relations, names = _Binder(filters, reader), tuple(relations), frozenset(identifiers)
    ctes = [binder.relation(name, names) for name in relations if name not in ONE_ROW]
    text = _with(sql, binder, relations, ctes)
    return Bound(text, binder.parameters, Asked(sql, relations, names, filters, reader))


def bind_to_rollups(bound: Bound, kept: Kept) -> Bound:
    """The same question bound to rollups, wherever its answer is sure to be the same from them.

    Else, and for every relation of it that has none which fits, to the records.
    """
    asked = bound.asked
    if asked is None or not any(extract_of(name) in kept for name in asked.relations):
        return bound
    binder = _Binder(asked.filters, asked.reader)
    read = readings(asked.sql)
    ctes = []
    for name in asked.relations:
        if name in ONE_ROW:
            continue
        extract = contract(extract_of(name))
        span = binder.span(extract, name.removeprefix(extract.name))
        pieces = kept.pieces(extract.name, read[name], asked.filters, span)
        if pieces is None:
            ctes.append(binder.relation(name, asked.identifiers))
        else:
            ctes.append(_cte(name, binder.summed(name, read[name], pieces)))
    return Bound(_with(asked.sql, binder, asked.relations, ctes), binder.parameters)


def bind_both_to_rollups(text: str, now: Asked, before: Asked, kept: Kept) -> Bound | None:
    """A text made by :func:`brigade.engine.compared.for_both` of what was asked of two periods.

    None where rollups don't have all that it reads.
    """
    [name] = now.relations
    extract = contract(extract_of(name))
    reading = readings(now.sql)[name]
    selects: list[str] = []
    parameters: dict[str, Any] = {}
    for asked, earlier, prefix in ((now, "false", ""), (before, "true", "earlier_")):
        binder = _Binder(asked.filters, asked.reader, prefix)
        span = binder.span(extract, name.removeprefix(extract.name))
        pieces = kept.pieces(extract.name, reading, asked.filters, span)
        if pieces is None or not all(piece.rollup for piece in pieces):
            return None
        selects += binder.summed(name, reading, pieces, [f"{earlier} as {EARLIER}"])
        parameters |= binder.parameters
    return Bound(text.replace(ROWS, f"({_union(selects)})", 1), parameters)


def _with(sql: str, binder: _Binder, relations: tuple[str, ...], ctes: list[str]) -> str:
    """A query's text after what its relations are bound to."""
    if WEIGHTS in relations:
        ctes.insert(0, binder.weights())
    if PERIOD in relations or any(f"from {PERIOD})" in cte for cte in ctes):
        ctes.insert(0, binder.period())
    head, own = _split_with(sql)
    text = head + ",\n".join([*ctes, *own])
    return text if own else f"{text}\n{sql}"


def _split_with(sql: str) -> tuple[str, list[str]]:
    """The WITH to start from, and the query's own text after its WITH where it has one."""
    found = re.match(r"with\s+(recursive\s+)?", sql, re.IGNORECASE)
    if not found:
        return "with ", []
    return f"with {'recursive ' if found[1] else ''}", [sql[found.end() :]]
