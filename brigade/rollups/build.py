"""Making a release's rollups with DuckDB, from its serving database into a file beside it."""

import logging
import os
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from brigade.contracts import Contract, all_contracts, contract
from brigade.filters import add_months
from brigade.rollups.plan import Rollup, frame_of, plan, wanted
from brigade.rollups.text import keys, rollup_sql

_log = logging.getLogger(__name__)

MEMORY = "2GB"
"""What making them may use; more goes to the disk."""
ROW_GROUP = 20_480
"""Rows that are stored, and passed over, together: a period passes over what lies outside it."""
SAMPLED_ROWS = 1_000_000
SAMPLED_MONTHS = 6
"""How much of an extract is looked at to say how large a rollup of it would be: whole months, since
no row of a rollup stands for more than one."""
FRACTION = 64
"""A measure is rolled up where all its values are multiples of one part in so many, and so small
together that any sum of them is exact whatever its order."""
EXACT = 2**46


@dataclass(frozen=True, slots=True)
class Span:
    """How many records an extract has, and their first and last day where they have a time."""

    records: int
    first: date | None
    last: date | None


def build(database: Path, target: Path, worth: int) -> list[Rollup]:
    """Write the rollups of a release's serving database to ``target``, whole or not at all.

    Extracts of fewer records than ``worth`` get none.
    """
    started = time.monotonic()
    partial = target.with_name(f"{target.name}.{os.getpid()}.part")
    partial.unlink(missing_ok=True)
    try:
        with duckdb.connect() as connection:
            connection.execute(f"set temp_directory = {_quoted(Path(f'{partial}.tmp'))}")
            connection.execute(f"set memory_limit = '{MEMORY}'")
            connection.execute("set enable_progress_bar = false")
            connection.execute(f"attach {_quoted(database)} as release (read_only)")
            connection.execute(f"attach {_quoted(partial)} as built (row_group_size {ROW_GROUP})")
            made = _build(connection, worth)
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
    _log.info("%s rollups made in %.1f s", len(made), time.monotonic() - started)
    return made


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


def _build(connection: duckdb.DuckDBPyConnection, worth: int) -> list[Rollup]:
    connection.execute(
        "create table built.kept (name varchar, extract varchar, daily boolean,"
        ' "columns" varchar[], measures varchar[], made_from varchar, "rows" bigint)'
    )
    connection.execute(
        'create table built.extracts (extract varchar, records bigint, "first" date, "last" date)'
    )
    there = {
        name
        for (name,) in connection.execute(
            "select table_name from duckdb_tables() where database_name = 'release'"
        ).fetchall()
    }
    made: list[Rollup] = []
    for extract in all_contracts().values():
        if extract.name in there:
            made += _build_extract(connection, extract, worth)
    return made


def _build_extract(
    connection: duckdb.DuckDBPyConnection, extract: Contract, worth: int
) -> list[Rollup]:
    span = _span(connection, extract)
    if span.records < worth:
        return []
    measures = [m for m in wanted(extract.name).measures if _is_exact(connection, extract, m)]
    sizes = _Sizes(connection, extract, span)
    rollups = plan(extract, span.records, measures, sizes.size, worth)
    sizes.drop()
    by_name = {rollup.name: rollup for rollup in rollups}
    for rollup in rollups:
        rows = _make(connection, rollup, by_name.get(rollup.made_from or ""), span)
        connection.execute(
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
    if rollups:
        connection.execute(
            "insert into built.extracts values (?, ?, ?, ?)",
            [extract.name, span.records, span.first, span.last],
        )
    return rollups


def _span(connection: duckdb.DuckDBPyConnection, extract: Contract) -> Span:
    days = f"min({extract.time})::date, max({extract.time})::date" if extract.time else "null, null"
    [row] = connection.execute(f"select count(*), {days} from release.{extract.name}").fetchall()
    return Span(*row)


def _is_exact(connection: duckdb.DuckDBPyConnection, extract: Contract, measure: str) -> bool:
    """Whether a measure's sums come out the same in whatever order they are made."""
    if extract.columns[measure].type == "integer":
        return True
    [(exact,)] = connection.execute(
        f"select coalesce(bool_and(isfinite({measure})"
        f" and {measure} * {FRACTION} = trunc({measure} * {FRACTION})), true)"
        f" and coalesce(sum(abs({measure})), 0) < {EXACT} from release.{extract.name}"
    ).fetchall()
    return bool(exact)


def _make(
    connection: duckdb.DuckDBPyConnection, rollup: Rollup, made_from: Rollup | None, span: Span
) -> int:
    """Make one rollup, from the records year by year so that any number fits, and count its rows.

    Rows lie in the order of time, so that a period passes over what lies outside it.
    """
    extract = contract(rollup.extract)
    source = f"built.{made_from.name}" if made_from else f"release.{extract.name}"
    order = ", ".join(name for name in (extract.time, *rollup.columns) if name)
    order = f"\norder by {order}" if order else ""
    text = rollup_sql(rollup, source, made_from)
    connection.execute(f"create table built.{rollup.name} as {text} limit 0")
    for where in [""] if made_from else _years(extract, span):
        text = rollup_sql(rollup, source, made_from, where)
        connection.execute(f"insert into built.{rollup.name} {text}{order}")
    [(rows,)] = connection.execute(f"select count(*) from built.{rollup.name}").fetchall()
    return int(rows)


def _years(extract: Contract, span: Span) -> Iterable[str]:
    if span.first is None or span.last is None:
        return [""]
    return [
        f"{extract.time} >= date '{year:04}-01-01' and {extract.time} < date '{year + 1:04}-01-01'"
        for year in range(span.first.year, span.last.year + 1)
    ]


class _Sizes:
    """Says how large a rollup would be, from its rows in a few months.

    What is found for some columns is kept, and what is asked for fewer of them is found in it.
    """

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, extract: Contract, span: Span
    ) -> None:
        self._connection = connection
        self._extract = extract
        self._found: dict[tuple[frozenset[str], bool], tuple[str, int]] = {}
        columns = frozenset(frame_of(extract)).union(*wanted(extract.name).columns) - {"day"}
        months, where = _sampled(extract, span)
        self._times = 1.0 if not months else months[1] / months[0]
        selected = keys(extract, tuple(sorted(columns)), True, frozenset())
        connection.execute(
            f"create temp table sampled_0 as select {', '.join(selected) or '1 as records'}"
            f" from release.{extract.name}{where}"
        )
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
    months = (span.last.year - span.first.year) * 12 + span.last.month - span.first.month + 1
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
