"""A release's rollups, read by a DuckDB of their own: what they answer needs no records at all."""

from collections import deque
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import duckdb

from brigade.engine.answers import Answer
from brigade.engine.compared import for_both
from brigade.engine.dialect import extracts_read
from brigade.engine.relations import Bound, bind_both_to_rollups, bind_to_rollups
from brigade.queries import extract_of
from brigade.rollups.kept import ROLLUPS, Kept, read_kept

TEXTS = 1_000
"""How many texts stay parsed."""

MEMORY = "1GB"
"""What reading them may use."""

STEP = "filter_pushdown"
"""The one step of improving a plan that gains anything over sums: it passes over the months that
nobody asked for. The others take a third of the time of planning a small query, and one of them
(it rewrites expressions) makes of a search in a list something that takes three times as long."""


class Sums:
    """The rollups in one file. Sound over threads."""

    def __init__(self, path: Path, threads: int) -> None:
        """Raises duckdb's error where the file can't be read."""
        self._connection = duckdb.connect(
            ":memory:",
            config={
                "autoinstall_known_extensions": "false",
                "autoload_known_extensions": "false",
                "memory_limit": MEMORY,
                "threads": str(threads),
            },
        )
        quoted = str(path).replace("'", "''")
        self._connection.execute(f"attach '{quoted}' as {ROLLUPS} (read_only)")
        self.kept: Kept = read_kept(self._connection)
        known = self._connection.execute("select name from duckdb_optimizers()").fetchall()
        left_out = ",".join(name for (name,) in known if name != STEP)
        self._connection.execute(f"set disabled_optimizers = '{left_out}'")
        self._connection.execute("set enable_external_access = false")
        self._connection.execute("set lock_configuration = true")
        self._idle = deque[duckdb.DuckDBPyConnection]()

    def bound(self, bound: Bound) -> Bound | None:
        """A query bound to rollups, wholly or in part; None where they have nothing for it."""
        summed = bind_to_rollups(bound, self.kept)
        return summed if f" {ROLLUPS}." in summed.sql else None

    def answer(self, summed: Bound) -> Answer | None:
        """The answer to what was bound to rollups wholly; None where records are read too.

        Raises duckdb's error where the file turns out to be damaged.
        """
        return None if extracts_read(summed.sql) else self._run(summed)

    def both(self, now: Bound, before: Bound) -> list[Answer] | None:
        """The answers to a query for two periods, found in one go; None where that can't be.

        Raises duckdb's error where the file turns out to be damaged.
        """
        if now.asked is None or before.asked is None or now.asked.sql != before.asked.sql:
            return None
        text = for_both(now.asked.sql)
        if text is None or not all(extract_of(name) in self.kept for name in now.asked.relations):
            return None
        summed = bind_both_to_rollups(text.sql, now.asked, before.asked, self.kept)
        if summed is None:
            return None
        *columns, _ = (found := self._run(summed)).columns
        rows = [[row[:-1] for row in found.rows if row[-1] is earlier] for earlier in (False, True)]
        if text.one_row and not all(rows):
            return None
        return [Answer(tuple(columns), each) for each in rows]

    def _run(self, summed: Bound) -> Answer:
        try:  # a new cursor takes a tenth of the time of a small query
            cursor = self._idle.pop()
        except IndexError:
            cursor = self._connection.cursor()
        answer = answer_of(cursor, summed)
        self._idle.append(cursor)
        return answer

    def close(self) -> None:
        """Let go of the file."""
        while self._idle:
            self._idle.pop().close()
        self._connection.close()


def open_sums(path: Path, threads: int, records_of: Callable[[str], int | None]) -> Sums:
    """The rollups in a file that were made of as many records of each extract as there are, where
    that is known.

    Raises duckdb's error where the file can't be read, :class:`ValueError` where it is of others.
    """
    sums = Sums(path, threads)
    for extract, made_of in sums.kept.records.items():
        records = records_of(extract)
        if records not in (None, made_of):
            sums.close()
            raise ValueError(f"made of {made_of} {extract}, not of {records}")
    return sums


def answer_of(cursor: duckdb.DuckDBPyConnection, bound: Bound) -> Answer:
    """The rows of a bound query, all at once."""
    cursor.execute(_parsed(bound.sql), dict(bound.parameters))
    return Answer(tuple(column[0] for column in cursor.description), cursor.fetchall())


@lru_cache(TEXTS)
def _parsed(sql: str) -> duckdb.Statement:
    """A text parsed once: parsing is a quarter of a small query's time, and the same text is run
    for both periods and for every choice of values."""
    return duckdb.extract_statements(sql)[0]
