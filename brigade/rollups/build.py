"""Making a release's rollups: the file that DuckDB serves, from whoever has the records."""

import logging
import os
import time
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Protocol

import duckdb

from brigade.contracts import Contract, all_contracts
from brigade.filters import add_months
from brigade.rollups.plan import Rollup, frame_of, plan, wanted
from brigade.rollups.text import EXACT, exact_sql, keys, rollup_sql, table_sql

_log = logging.getLogger(__name__)

MEMORY = "1GB"
"""What making them may use; more goes to the disk."""
ROW_GROUP = 20_480
"""Rows that are stored, and passed over, together: a period passes over what lies outside it."""
SAMPLED_ROWS = 1_000_000
SAMPLED_MONTHS = 6
"""How much of an extract is looked at to say how large a rollup of it would be: whole months, since
no row of a rollup stands for more than one."""
PIECE = 2_000_000
"""Rows of a rollup that are made at a time, about, so that any number fits into memory."""


@dataclass(frozen=True, slots=True)
class Span:
    """How many records an extract has, and their first and last day where they have a time."""

    records: int
    first: date | None
    last: date | None


class Records(Protocol):
    """Who has the records of a release, by extract as ``release.<extract>``.

    ``far`` says that asking for them takes long however few are asked for.
    """

    extracts: Collection[str]
    far: bool

    def rows(self, sql: str) -> str:
        """What the rows of a text can be read from in the connection that makes the rollups."""


class Attached:
    """The records in a serving database."""

    far = False

    def __init__(self, connection: duckdb.DuckDBPyConnection, database: Path) -> None:
        connection.execute(f"attach {_quoted(database)} as release (read_only)")
        self.extracts: Collection[str] = {
            name
            for (name,) in connection.execute(
                "select table_name from duckdb_tables() where database_name = 'release'"
            ).fetchall()
        }

    def rows(self, sql: str) -> str:
        """The text itself."""
        return f"({sql})"


def build(database: Path, target: Path, worth: int) -> list[Rollup]:
    """Write the rollups of a release's serving database to ``target``, whole or not at all.

    Extracts of fewer records than ``worth`` get none.
    """
    with new_file(target) as connection:
        return build_from(Attached(connection, database), connection, worth)


@contextmanager
def new_file(target: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that has a new file as ``built``; in place of ``target`` once all went well."""
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f"{target.name}.{os.getpid()}.part")
    partial.unlink(missing_ok=True)
    try:
        with duckdb.connect() as connection:
            connection.execute(f"set temp_directory = {_quoted(Path(f'{partial}.tmp'))}")
            connection.execute(f"set memory_limit = '{MEMORY}'")
            connection.execute("set enable_progress_bar = false")
            connection.execute(f"attach {_quoted(partial)} as built (row_group_size {ROW_GROUP})")
            yield connection
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


def build_from(records: Records, connection: duckdb.DuckDBPyConnection, worth: int) -> list[Rollup]:
    """Make all rollups of a release in ``built``, each from the records or from a larger one."""
    started = time.monotonic()
    connection.execute(
        "create table built.kept (name varchar, extract varchar, daily boolean,"
        ' "columns" varchar[], measures varchar[], made_from varchar, "rows" bigint)'
    )
    connection.execute(
        'create table built.extracts (extract varchar, records bigint, "first" date, "last" date)'
    )
    made: list[Rollup] = []
    for extract in all_contracts().values():
        if extract.name in records.extracts and wanted(extract.name).columns:
            made += _Extract(records, connection, extract).build(worth)
    _log.info("%s rollups made in %.1f s", len(made), time.monotonic() - started)
    return made


class _Extract:
    """The rollups of one extract while they are made."""

    def __init__(
        self, records: Records, connection: duckdb.DuckDBPyConnection, extract: Contract
    ) -> None:
        self._records = records
        self._connection = connection
        self._extract = extract
        self._name = f"release.{extract.name}"

    def build(self, worth: int) -> list[Rollup]:
        """Make them, and say in the file which there are and of what they were made."""
        extract, span = self._extract, self._span()
        if span.records < worth:
            return []
        measures = [m for m in wanted(extract.name).measures if self._is_exact(m)]
        sizes = _Sizes(self._records, self._connection, extract, span)
        rollups = plan(extract, span.records, measures, sizes.size, worth, far=self._records.far)
        by_name = {rollup.name: rollup for rollup in rollups}
        for rollup in rollups:
            size = sizes.size(frozenset(rollup.columns), rollup.daily)
            rows = self._make(rollup, by_name.get(rollup.made_from or ""), span, size)
            self._connection.execute(
                "insert into built.kept values (?, ?, ?, ?, ?, ?, ?)",
                [
                    rollup.name,
                    rollup.extract,
                    rollup.daily,
                    list(rollup.columns),
                    list(rollup.measures),
                    rollup.made_from,
                    rows,
                ],
            )
        sizes.drop()
        if rollups:
            self._connection.execute(
                "insert into built.extracts values (?, ?, ?, ?)",
                [extract.name, span.records, span.first, span.last],
            )
        return rollups

    def _asked(self, sql: str) -> tuple[Any, ...]:
        """The one row of a text over the records."""
        [row] = self._connection.execute(f"from {self._records.rows(sql)}").fetchall()
        return tuple(row)

    def _span(self) -> Span:
        time = self._extract.time
        first, last = (f"cast({f}({time}) as date)" if time else "null" for f in ("min", "max"))
        days = f"{first} as first_day, {last} as last_day"
        return Span(*self._asked(f"select count(*) as records, {days} from {self._name}"))

    def _is_exact(self, measure: str) -> bool:
        """Whether a measure's sums come out the same in whatever order they are made."""
        if self._extract.columns[measure].type == "integer":
            return True
        inexact, size = self._asked(exact_sql(measure, self._name))
        return not inexact and (size or 0) < EXACT

    def _make(self, rollup: Rollup, made_from: Rollup | None, span: Span, size: float) -> int:
        """Make one rollup, from the records in pieces so that any number fits, and count its rows.

        Rows lie in the order of time, so that a period passes over what lies outside it.
        """
        order = ", ".join(name for name in (self._extract.time, *rollup.columns) if name)
        order = f"\norder by {order}" if order else ""
        self._connection.execute(table_sql(rollup, f"built.{rollup.name}"))
        for where in [""] if made_from else _pieces(self._extract, span, size):
            if made_from:
                rows = f"({rollup_sql(rollup, f'built.{made_from.name}', made_from)})"
            else:
                rows = self._records.rows(rollup_sql(rollup, self._name, None, where))
            self._connection.execute(f"insert into built.{rollup.name} from {rows}{order}")
        [(count,)] = self._connection.execute(
            f"select count(*) from built.{rollup.name}"
        ).fetchall()
        return int(count)


def _pieces(extract: Contract, span: Span, size: float) -> Iterable[str]:
    """The conditions under which the rows of a rollup of that size are made, piece by piece."""
    if span.first is None or span.last is None:
        return [""]
    start, months = span.first.replace(day=1), _months(span.first, span.last)
    each = min(months, max(1, int(months * PIECE / max(size, 1))))
    return [
        f"{extract.time} >= date '{add_months(start, done)}'"
        f" and {extract.time} < date '{add_months(start, done + each)}'"
        for done in range(0, months, each)
    ]


def _months(first: date, last: date) -> int:
    return (last.year - first.year) * 12 + last.month - first.month + 1


class _Sizes:
    """Says how large a rollup would be, from its rows in a few months.

    What is found for some columns is kept, and what is asked for fewer of them is found in it.
    """

    def __init__(
        self,
        records: Records,
        connection: duckdb.DuckDBPyConnection,
        extract: Contract,
        span: Span,
    ) -> None:
        self._connection = connection
        self._extract = extract
        self._found: dict[tuple[frozenset[str], bool], tuple[str, int]] = {}
        columns = frozenset(frame_of(extract)).union(*wanted(extract.name).columns) - {"day"}
        months, where = _sampled(extract, span)
        self._times = 1.0 if not months else months[1] / months[0]
        selected = keys(extract, tuple(sorted(columns)), True, frozenset())
        text = (
            f"select distinct {', '.join(selected) or '1 as records'} from release.{extract.name}"
        )
        connection.execute(f"create temp table sampled_0 as from {records.rows(text + where)}")
        [(rows,)] = connection.execute("select count(*) from sampled_0").fetchall()
        self._found[columns, True] = "sampled_0", rows

    def size(self, columns: frozenset[str], daily: bool) -> float:
        """How many rows a rollup of these columns has."""
        if (columns, daily) not in self._found:
            source, _ = min(
                (
                    found
                    for (others, by_day), found in self._found.items()
                    if columns <= others and (by_day or not daily)
                ),
                key=lambda found: found[1],
            )
            held = frozenset(self._extract.columns)
            selected = keys(self._extract, tuple(sorted(columns)), daily, held)
            name = f"sampled_{len(self._found)}"
            self._connection.execute(
                f"create temp table {name} as"
                f" select distinct {', '.join(selected) or '1 as records'} from {source}"
            )
            [(rows,)] = self._connection.execute(f"select count(*) from {name}").fetchall()
            self._found[columns, daily] = name, rows
        return self._found[columns, daily][1] * self._times

    def drop(self) -> None:
        """Let go of what was found."""
        for name, _ in self._found.values():
            self._connection.execute(f"drop table {name}")


def _sampled(extract: Contract, span: Span) -> tuple[tuple[int, int] | None, str]:
    """How many months are looked at, of how many, and the condition that chooses them."""
    if span.first is None or span.last is None:
        return None, ""
    months = _months(span.first, span.last)
    count = max(1, min(SAMPLED_MONTHS, months, SAMPLED_ROWS * months // span.records))
    chosen = [
        add_months(span.first.replace(day=1), (2 * n + 1) * months // (2 * count))
        for n in range(count)
    ]
    ranges = [
        f"({extract.time} >= date '{start}' and {extract.time} < date '{add_months(start, 1)}')"
        for start in chosen
    ]
    return (count, months), f" where {' or '.join(ranges)}"
