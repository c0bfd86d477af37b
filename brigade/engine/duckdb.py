"""The engine: DuckDB in the process, one locked-down instance for each release."""

import logging
import os
import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from brigade import house
from brigade.engine.answers import Answer, Answers
from brigade.engine.relations import RELEASE, Bound
from brigade.engine.serving import (
    database_of,
    database_path,
    missing,
    rollups_path,
    serving_extracts,
)
from brigade.engine.sums import Sums, answer_of, open_sums
from brigade.errors import QueryError, reference
from brigade.releases import Release
from brigade.releases.verify import check_sizes
from brigade.rollups.kept import ROLLUPS
from brigade.text import Text

_log = logging.getLogger(__name__)

KEPT = 2
"""How many releases stay open: the one in force, and the one that running pages may still hold."""

ANSWERS = 150_000
"""How many values the answers that an engine keeps may hold in all, some 15 MB."""
RESULTS = 150_000
"""The same for results made of them, with what was drawn: some 50 MB."""


def threads() -> int:
    """On how many processors queries run: all of them, unless the environment says otherwise, as
    it does where several processes share them."""
    return int(os.environ.get("BRIGADE_THREADS") or os.cpu_count() or 1)


class Engine:
    """Runs bound queries over one release. Sound over threads: a cursor for every query."""

    local = True

    def __init__(self, release: Release) -> None:
        self.release = release
        self.memo: dict[str, tuple[str, ...] | None] = {}
        self.answers = Answers[Answer](ANSWERS, lambda answer: answer.cells)
        self.results = Answers[Any](RESULTS, lambda result: result.cells)
        self.extracts = frozenset(extract.name for extract in serving_extracts(release))
        database = database_of(release)
        temporary = house.data_folder() / "derived" / "spill"
        self._connection = duckdb.connect(
            ":memory:",
            config={
                "autoinstall_known_extensions": "false",
                "autoload_known_extensions": "false",
                "temp_directory": str(temporary),
                "memory_limit": "2GB",
                "threads": str(threads()),
            },
        )
        path = str(database).replace("'", "''")
        self._connection.execute(f"attach '{path}' as {RELEASE} (read_only)")
        self.sums = self._opened_sums(rollups_path(database))
        self._connection.execute("set enable_external_access = false")
        self._connection.execute("set lock_configuration = true")

    def _opened_sums(self, path: Path) -> Sums | None:
        """The release's rollups, None where there are none that can be read and fit its records.

        They are attached beside the records too, for what is answered from both.
        """
        if not path.is_file():
            return None
        try:
            quoted = str(path).replace("'", "''")
            self._connection.execute(f"attach '{quoted}' as {ROLLUPS} (read_only)")
            return open_sums(path, threads(), self._records_of)
        except (duckdb.Error, ValueError) as error:
            self._say_unread(error)
            return None

    def _records_of(self, extract: str) -> int:
        [(records,)] = self._connection.execute(
            f"select count(*) from {RELEASE}.{extract}"
        ).fetchall()
        return int(records)

    def _say_unread(self, error: Exception) -> None:
        first, _, _ = str(error).partition("\n")
        _log.warning("the rollups of %s are not used, records are: %s", self.release.id, first)

    def require(self, *extracts: str) -> None:
        """Raise :class:`MissingExtractError` for the first of them that the release lacks."""
        for name in extracts:
            if name not in self.extracts:
                raise missing(name, self.extracts)

    def run(self, bound: Bound, name: str = "") -> pa.Table:
        """The result of a bound query; :class:`QueryError` with a log entry of its whole text."""
        with self._cursor(bound, name) as cursor:
            relation = cursor.sql(bound.sql, params=dict(bound.parameters))
            return whole_numbers(relation.to_arrow_table())

    def rows(self, bound: Bound, name: str = "") -> list[dict[str, Any]]:
        """The same as rows, for results that a page shows whole: kept, and not asked twice.

        Every caller gets rows of their own.
        """
        key = (bound.sql, repr(bound.parameters))
        return self.answers.of(key, lambda: self._ask(bound, name)).dicts()

    def _ask(self, bound: Bound, name: str) -> Answer:
        answer = self._summed(bound)
        if answer is None:
            with self._cursor(bound, name) as cursor:
                answer = answer_of(cursor, bound)
        return answer

    def _summed(self, bound: Bound) -> Answer | None:
        """A query's answer from rollups; None where it has to come from the records."""
        sums = self.sums
        summed = sums.bound(bound) if sums else None
        if sums is None or summed is None:
            return None
        try:
            answer = sums.answer(summed)
            if answer is None:
                with self._connection.cursor() as cursor:
                    answer = answer_of(cursor, summed)
        except duckdb.Error as error:
            self._say_unread(error)
            self.sums = None
            return None
        return answer

    def rows_of_both(
        self, now: Bound, before: Bound, name: str = ""
    ) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """The rows of a query for two periods, in one go where rollups have them."""
        try:
            both = self.sums.both(now, before) if self.sums else None
        except duckdb.Error as error:
            self._say_unread(error)
            self.sums = both = None
        if both is not None:
            return both[0].dicts(), both[1].dicts()
        rows, rows_before = self.rows_of_each((now, before), name)
        return rows, rows_before

    def rows_of_each(self, queries: Sequence[Bound], name: str = "") -> list[list[dict[str, Any]]]:
        """The rows of several bound queries, run side by side: a small one keeps one core busy."""
        first, *others = queries
        waiting = [_workers.submit(self.rows, bound, name) for bound in others]
        return [self.rows(first, name), *(answer.result() for answer in waiting)]

    @contextmanager
    def _cursor(self, bound: Bound, name: str) -> Iterator[duckdb.DuckDBPyConnection]:
        """A cursor for one query, whose failure is logged and said."""
        try:
            with self._connection.cursor() as cursor:
                yield cursor
        except duckdb.Error as error:
            code = reference()
            _log.exception(
                "%s: query %s failed with %s\n%s", code, name, dict(bound.parameters), bound.sql
            )
            raise QueryError(
                Text(
                    f"查询 {name} 没有成功。请把编号 {code} 告诉管理员，日志里有详情。",
                    f"Query {name} failed. Tell the administrator the code {code}: "
                    "the log has the details.",
                )
            ) from error

    def close(self) -> None:
        """Let go of the release's database and rollups."""
        self._connection.close()
        if self.sums is not None:
            self.sums.close()


def whole_numbers(table: pa.Table) -> pa.Table:
    """A table with 64-bit integers where DuckDB sums integers to 38-digit decimals."""
    for index, field in enumerate(table.schema):
        if pa.types.is_decimal(field.type) and field.type.scale == 0:
            table = table.set_column(index, field.name, table.column(index).cast(pa.int64()))
    return table


_workers = ThreadPoolExecutor(threads(), thread_name_prefix="query")
_engines: OrderedDict[str, Engine] = OrderedDict()
_lock = threading.Lock()


def _key(release: Release) -> str:
    return f"{release.folder}-{release.fingerprint}"


def engine_for(release: Release) -> Engine:
    """The engine of a release, opened once and kept while the release is in use.

    Raises :class:`ReleaseError` where a file of it is gone or was cut short.
    """
    with _lock:
        key = _key(release)
        if key not in _engines:
            check_sizes(release)
            _engines[key] = Engine(release)
            while len(_engines) > KEPT:
                _engines.popitem(last=False)
        _engines.move_to_end(key)
        return _engines[key]


def use_rollups(release: Release) -> None:
    """Have the engine of a release read its rollups where they were made after it was opened.

    A page under way keeps the engine that it began with.
    """
    with _lock:
        key = _key(release)
        late = key in _engines and _engines[key].sums is None
        if late and rollups_path(database_path(release)).is_file():
            _engines[key] = Engine(release)
