"""The engine past one machine: the same queries on a Spark cluster, over Spark Connect.

The cluster reads the release's Parquet itself, from a folder or an object store that it shares with
whoever publishes; what comes over the wire are results. Each extract is a temporary view of the
session, named after the release, made when a query first reads it.

Where a release's rollups are at hand, what they answer is not asked of the cluster.
"""

import logging
import os
import threading
import time
from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from datetime import date
from itertools import count
from typing import Any

import duckdb
import pyarrow as pa
from pyspark.sql.types import (
    BooleanType,
    DataType,
    DateType,
    DoubleType,
    LongType,
    StringType,
    StructField,
    StructType,
    TimestampNTZType,
)

from brigade.contracts import Contract, contract
from brigade.engine import failures
from brigade.engine.answers import Answer, Answers
from brigade.engine.cluster import FAILURES, Cluster, Session
from brigade.engine.dialect import extracts_read, spark_sql, view_of
from brigade.engine.duckdb import ANSWERS, RESULTS, threads, whole_numbers
from brigade.engine.relations import RELEASE, Bound, Reader, bind, bind_text
from brigade.engine.serving import (
    database_path,
    missing,
    parts_of,
    rollups_path,
    rows_sql,
    serving_extracts,
)
from brigade.engine.sums import Sums, open_sums
from brigade.engine.waiting import tell
from brigade.errors import UnsupportedError
from brigade.filters import Filters, Period
from brigade.queries import query, query_names
from brigade.releases import Release
from brigade.text import Text

STORE = "BRIGADE_STORE"
"""Names the place where the cluster finds the folders of releases, where it isn't the path here."""
LIMIT = "BRIGADE_ENGINE_SECONDS"
SECONDS = 120.0
"""How long a query may take unless ``BRIGADE_ENGINE_SECONDS`` says otherwise."""
AT_ONCE = 16
"""How many queries of a process the cluster is asked at the same time; others wait."""
TOLD_TO_STOP = 30
"""How many times, a second apart, the cluster is told to leave off a query."""
KEPT = 2

_TICK = 0.2
_FILES = "files"
_TYPES: dict[str, DataType] = {
    "text": StringType(),
    "integer": LongType(),
    "number": DoubleType(),
    "boolean": BooleanType(),
    "date": DateType(),
    "timestamp": TimestampNTZType(),
}

_log = logging.getLogger(__name__)
_tags = (f"brigade-{os.getpid()}-{n}" for n in count())
_turn = threading.BoundedSemaphore(AT_ONCE)


class SparkEngine:
    """Runs bound queries over one release on a cluster. Sound over threads."""

    local = False

    def __init__(self, release: Release, cluster: Cluster) -> None:
        self.release = release
        self.memo: dict[str, tuple[str, ...] | None] = {}
        self.answers = Answers[list[Answer]](ANSWERS, _cells, waiting=False)
        self.results = Answers[Any](RESULTS, lambda result: result.cells, waiting=False)
        self.extracts = frozenset(extract.name for extract in serving_extracts(release))
        self.seconds = float(os.environ.get(LIMIT) or SECONDS)
        self._cluster = cluster
        self._prefix = f"release_{release.fingerprint}"
        self._store = _store_of(release)
        self._sums: Sums | None = None
        self._sums_path = rollups_path(database_path(release))
        self._sums_read: int | None = None
        self._opening = threading.Lock()

    def require(self, *extracts: str) -> None:
        """Raise :class:`MissingExtractError` for the first of them that the release lacks."""
        for name in extracts:
            if name not in self.extracts:
                raise missing(name, self.extracts)

    def run(self, bound: Bound, name: str = "") -> pa.Table:
        """The result of a bound query; a :class:`BrigadeError` says why there is none."""
        [table] = self._answers_to([bound], name)
        return table

    def rows(self, bound: Bound, name: str = "") -> list[dict[str, Any]]:
        """The same as rows, for results that a page shows whole: kept, and not asked twice."""
        return self.rows_of_each([bound], name)[0]

    def rows_of_each(self, queries: Sequence[Bound], name: str = "") -> list[list[dict[str, Any]]]:
        """The rows of several bound queries, run side by side."""
        key = tuple((bound.sql, repr(bound.parameters)) for bound in queries)
        answers = self.answers.of(key, lambda: self._ask_each(queries, name))
        return [answer.dicts() for answer in answers]

    def rows_of_both(
        self, now: Bound, before: Bound, name: str = ""
    ) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """The rows of a query for a period and for the one compared."""
        rows, rows_before = self.rows_of_each((now, before), name)
        return rows, rows_before

    def _ask_each(self, queries: Sequence[Bound], name: str) -> list[Answer]:
        """The answers to several queries, from the cluster where rollups don't give them."""
        summed = [self._summed(bound) for bound in queries]
        others = [bound for bound, answer in zip(queries, summed, strict=True) if answer is None]
        asked = iter(self._answers_to(others, name) if others else ())
        return [_answer(next(asked)) if answer is None else answer for answer in summed]

    def _summed(self, bound: Bound) -> Answer | None:
        """A query's answer from rollups; None where records have to be read."""
        sums = self._opened_sums()
        summed = sums.bound(bound) if sums else None
        if sums is None or summed is None:
            return None
        try:
            return sums.answer(summed)
        except duckdb.Error as error:
            self._say_unread(error)
            self._sums = None
            return None

    def _opened_sums(self) -> Sums | None:
        """The release's rollups; made while this runs, they are read from then on."""
        try:
            made = self._sums_path.stat().st_mtime_ns
        except OSError:
            return self._sums
        if made != self._sums_read:
            with self._opening:
                if made != self._sums_read:
                    self._sums = self._open_sums()
                    self._sums_read = made
        return self._sums

    def _open_sums(self) -> Sums | None:
        rows = {name: extract.rows for name, extract in self.release.extracts.items()}
        try:
            return open_sums(self._sums_path, threads(), rows.get)
        except (duckdb.Error, ValueError) as error:
            self._say_unread(error)
            return None

    def _say_unread(self, error: Exception) -> None:
        first, _, _ = str(error).partition("\n")
        _log.warning("the rollups of %s are not used, the cluster is: %s", self.release.id, first)

    def save(self, bound: Bound, folder: str, name: str = "") -> None:
        """Write the result of a bound query as Parquet to a folder that the cluster can write to,
        in place of what is there."""
        self._wait_for([_Job(self, bound, name, folder)])

    def refusals(self) -> list[Text]:
        """What of the house's queries and extracts can't be run on a cluster, a sentence each."""
        found = []
        everything = Filters(Period(date(2000, 1, 1), date(2000, 12, 31)), "none")
        for name in query_names():
            one = query(name)
            found += self._refusal(bind(one, everything, Reader()), name)
        for name in sorted(self.extracts):
            columns = contract(name).columns
            sql = f"select {', '.join(columns)} from {name}"
            found += self._refusal(bind_text(sql, (name,), columns, everything, Reader()), name)
        return found

    def _refusal(self, bound: Bound, name: str) -> list[Text]:
        try:
            self.words(bound, name)
        except UnsupportedError as error:
            return [error.text]
        return []

    def words(self, bound: Bound, name: str = "") -> tuple[str, dict[str, Any]]:
        """A bound query's text and parameters as the cluster is given them."""
        lists = {key: len(v) for key, v in bound.parameters.items() if isinstance(v, list)}
        parameters: dict[str, Any] = {}
        for key, value in bound.parameters.items():
            if isinstance(value, list):
                parameters |= {f"{key}_{n}": one for n, one in enumerate(value)}
            else:
                parameters[key] = value
        return spark_sql(bound.sql, self._prefix, lists, name), parameters

    def _answers_to(self, queries: Sequence[Bound], name: str) -> list[pa.Table]:
        tables = self._wait_for([_Job(self, bound, name) for bound in queries])
        return [whole_numbers(table) for table in tables]

    def _wait_for(self, jobs: list["_Job"]) -> list[Any]:
        """What the jobs come to, in order; all are stopped when one fails or takes too long, or
        when whoever waits has left."""
        started = time.monotonic()
        tell(0.0)
        for job in jobs:
            job.start()
        waiting = {job.outcome for job in jobs}
        try:
            while waiting:
                done, waiting = wait(waiting, _TICK, FIRST_COMPLETED)
                for outcome in done:
                    outcome.result()
                passed = time.monotonic() - started
                if waiting:
                    if passed > self.seconds:
                        raise failures.too_long(self.seconds)
                    tell(passed)
        finally:
            for job in jobs:
                job.stop()
        return [job.outcome.result() for job in jobs]

    def ask(self, job: "_Job") -> Any:
        """Do what a job asks, in a session that knows the extracts which it reads."""
        sql, parameters = self.words(job.bound, job.name)
        for last in (False, True):
            session = self._cluster.session()
            try:
                with session.tagged(job.tag):
                    job.session = session
                    for extract in extracts_read(job.bound.sql):
                        self._view(session, extract)
                    if job.stopped.is_set():
                        raise failures.stopped()
                    result = session.spark.sql(sql, args=parameters)
                    if job.stopped.is_set():
                        raise failures.stopped()
                    if job.folder is None:
                        return result.toArrow()
                    return result.write.mode("overwrite").parquet(job.folder)
            except FAILURES as error:
                if self._cluster.forget_if_gone(session, error) and not last:
                    continue
                if failures.is_silent(error):
                    self._cluster.forget(session)
                if job.stopped.is_set():
                    raise failures.stopped() from error
                asked = failures.Asked(self._cluster.name, job.name, sql, self._store)
                raise failures.said(error, asked) from error
        raise AssertionError("the second try returns or raises")

    def _view(self, session: Session, name: str) -> None:
        """Make the view of an extract, after those that it is made of."""
        with session.making:
            view = view_of(self._prefix, name)
            if view in session.views:
                return
            extract = contract(name)
            for part in sorted(parts_of(name) & self.extracts):
                self._view(session, part)
            if extract.made_by:
                sql = extract.made_by
            else:
                files = f"{name}_{_FILES}"
                self._files(session, extract).createOrReplaceTempView(view_of(self._prefix, files))
                stored = {column.name for column in extract.stored_columns}
                sql = rows_sql(self.release, extract, stored, f"{RELEASE}.{files}")
            words = spark_sql(sql, self._prefix, name=name)
            session.spark.sql(f"create or replace temporary view {view} as {words}")
            session.views.add(view)

    def _files(self, session: Session, extract: Contract) -> Any:
        """The files of an extract, read as its contract says: what a file lacks is null."""
        columns = [StructField(c.name, _TYPES[c.type]) for c in extract.stored_columns]
        paths = [f"{self._store}/{extract.name}/{p.name}" for p in self.release.files(extract.name)]
        return session.spark.read.schema(StructType(columns)).parquet(*paths)


class _Job:
    """One query on its way, in a thread of its own."""

    def __init__(
        self, engine: SparkEngine, bound: Bound, name: str, folder: str | None = None
    ) -> None:
        self.engine = engine
        self.bound = bound
        self.name = name
        self.folder = folder
        self.tag = next(_tags)
        self.session: Session | None = None
        self.stopped = threading.Event()
        self.outcome: Future[Any] = Future()

    def start(self) -> None:
        """Begin. The thread ends with the process: a server that is silent must not keep it."""
        threading.Thread(target=self._run, name=self.tag, daemon=True).start()

    def _run(self) -> None:
        with _turn:
            try:
                if self.stopped.is_set():
                    raise failures.stopped()
                self.outcome.set_result(self.engine.ask(self))
            except BaseException as error:  # noqa: BLE001 (whoever waits is told)
                self.outcome.set_exception(error)

    def stop(self) -> None:
        """Have the cluster leave off, unless all is done."""
        if self.outcome.done() or self.stopped.is_set():
            return
        self.stopped.set()
        threading.Thread(target=self._interrupt, daemon=True).start()

    def _interrupt(self) -> None:
        """Say so until it is done: what is only about to begin on the cluster is not stopped."""
        for _ in range(TOLD_TO_STOP):
            if self.session is not None:
                self.session.stop(self.tag)
            if wait([self.outcome], 1.0).done:
                return


def _cells(answers: Sequence[Answer]) -> int:
    return sum(answer.cells for answer in answers)


def _answer(table: pa.Table) -> Answer:
    columns = [column.to_pylist() for column in table.columns]
    return Answer(tuple(table.column_names), list(zip(*columns, strict=True)))


def _store_of(release: Release) -> str:
    """Where the cluster finds the files of a release."""
    told = os.environ.get(STORE)
    if told:
        return f"{told.rstrip('/')}/{release.folder.name}"
    return f"file://{release.folder.resolve()}"


_engines: OrderedDict[tuple[str, str], SparkEngine] = OrderedDict()
_clusters: dict[str, Cluster] = {}
_lock = threading.Lock()


def engine_for(release: Release, address: str) -> SparkEngine:
    """The engine of a release on the cluster at an address, kept while the release is in use.

    Nobody is asked yet. What of the house a cluster can't run is said in the log, by name.
    """
    with _lock:
        key = (address, f"{release.folder}-{release.fingerprint}")
        if key not in _engines:
            cluster = _clusters.setdefault(address, Cluster(address))
            _engines[key] = SparkEngine(release, cluster)
            for text in _engines[key].refusals():
                _log.error("%s %s", text.zh, text.en)
            while len(_engines) > KEPT:
                _engines.popitem(last=False)
        _engines.move_to_end(key)
        return _engines[key]
