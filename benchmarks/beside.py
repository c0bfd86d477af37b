"""A page's queries answered in four ways, each in a process of its own: ``beside WAY SECONDS``.

Prints one JSON object for each choice: its answers and how long they took each time, in
milliseconds, and at last the most memory that the process has used.
"""

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb

from benchmarks.questions import (
    EXTRACT,
    FLAGS,
    QUESTIONS,
    STORED,
    Answers,
    Question,
    choices,
    in_order,
)
from benchmarks.serving import lines_of
from brigade.contracts import SQL_TYPES, contract
from brigade.engine.duckdb import Engine, engine_for
from brigade.engine.relations import RELEASE, Bound, Reader, bind
from brigade.engine.serving import database_of, rollups_of
from brigade.filters import Filters, Period
from brigade.queries import query
from brigade.releases import Release, current_release

Way = Callable[[Filters], Answers]

ROUNDS = 7
"""How often a choice is answered at most; the first time is not counted."""
MEMORY_SHARE = 0.8
"""How much of the machine's memory a way may take; one that needs more gets no figure."""


def spans(filters: Filters) -> list[tuple[str, Period]]:
    """The period and the one compared, by the suffix that their answers have."""
    before = [(" before", filters.before)] if filters.before else []
    return [("", filters.period), *before]


def bounds(filters: Filters) -> Iterator[tuple[str, Bound]]:
    """Every query of the page, bound for each of the two periods."""
    for name in QUESTIONS:
        for suffix, period in spans(filters):
            at = replace(filters, period=period, comparison="none")
            yield name + suffix, bind(query(name), at, Reader())


def _columns(name: str) -> list[str]:
    question = QUESTIONS[name.removesuffix(" before")]
    return [*question.by, *question.sums]


def brigade(release: Release) -> Way:
    """The engine as pages use it, without what it has answered before."""
    rollups_of(release, database_of(release))
    engine: Engine = engine_for(release)
    engine.answers.room = 0

    def answered(filters: Filters) -> Answers:
        asked = list(bounds(filters))
        rows: list[list[dict[str, Any]]] = []
        for (_, now), (_, before) in zip(asked[::2], asked[1::2], strict=True):
            rows += engine.rows_of_both(now, before)
        return {
            name: in_order([tuple(row[c] for c in _columns(name)) for row in found])
            for (name, _), found in zip(asked, rows, strict=True)
        }

    return answered


def duckdb_on_parquet(release: Release) -> Way:
    """The same SQL over the files as they are, with no join, no order and nothing made before."""
    connection = duckdb.connect()
    connection.execute(f"attach ':memory:' as {RELEASE}")
    connection.execute(f"create view {RELEASE}.{EXTRACT} as {_view(release)}")
    pool = ThreadPoolExecutor(2)

    def rows(asked: tuple[str, Bound]) -> list[tuple[Any, ...]]:
        name, bound = asked
        with connection.cursor() as cursor:
            found = cursor.execute(bound.sql, dict(bound.parameters)).fetchall()
            places = [[c[0] for c in cursor.description].index(c) for c in _columns(name)]
        return [tuple(row[place] for place in places) for row in found]

    def answered(filters: Filters) -> Answers:
        asked = list(bounds(filters))
        found: list[list[tuple[Any, ...]]] = []
        for one in range(0, len(asked), 2):
            found += pool.map(rows, asked[one : one + 2])
        return {name: in_order(each) for (name, _), each in zip(asked, found, strict=True)}

    return answered


def _view(release: Release) -> str:
    files = ", ".join(f"'{path}'" for path in release.files(EXTRACT))
    source = f"read_parquet([{files}])"
    there = {row[0] for row in duckdb.sql(f"describe from {source}").fetchall()}
    absent = [
        f"cast(null as {SQL_TYPES[column.type]}) as {column.name}"
        for column in contract(EXTRACT).columns.values()
        if column.derived is None and column.name not in there
    ]
    return f"select {', '.join(['*', *absent])} from {source}"  # noqa: S608 (of a contract's own names)


def pandas(release: Release) -> Way:
    """The files read anew each time, as a script does, and grouped one question after another."""
    import pandas as pd

    def answered(filters: Filters) -> Answers:
        files = [pd.read_parquet(path, columns=list(STORED)) for path in release.files(EXTRACT)]
        rows = pd.concat(files, ignore_index=True)
        for name, values in filters.values.items():
            rows = rows[rows[name].isin(values)]
        answers: Answers = {}
        for suffix, period in spans(filters):
            start, until = pd.Timestamp(period.start), pd.Timestamp(period.end + timedelta(days=1))
            within = rows[(rows["occurred_at"] >= start) & (rows["occurred_at"] < until)]
            within = _with_parts(pd, within)
            for name, question in QUESTIONS.items():
                answers[name + suffix] = _grouped(within, question)
        return answers

    return answered


def _with_parts(pd: Any, rows: Any) -> Any:
    """Rows with the parts of their time and a column for each flag, null where it isn't known."""
    at = rows["occurred_at"].dt
    parts = {
        "month": at.to_period("M").dt.to_timestamp(),
        "weekday": at.day_of_week + 1,
        "hour": at.hour,
        "records": 1,
    }
    for flag, (column, values) in FLAGS.items():
        parts[flag] = rows[column].isin(values).astype(float).where(rows[column].notna())
    parts["drink_on_site"] = parts["drink"].where(
        parts["drink"].isna() | (parts["on_site"] == 1), 0.0
    )
    return rows.assign(**parts)


def _grouped(rows: Any, question: Question) -> list[list[Any]]:
    # Every measure that is flagged is the count, so that a flag is added up itself.
    columns = {name: one.flag or one.measure for name, one in question.sums.items()}
    if not question.by:
        none = len(rows) == 0
        return in_order([tuple(0 if none else rows[c].sum(min_count=1) for c in columns.values())])
    groups = rows.groupby(list(question.by), dropna=False, observed=True)
    added = groups[list(dict.fromkeys(columns.values()))].sum(min_count=1)
    keys = added.index.to_frame(index=False).to_numpy().tolist()
    sums = added[list(columns.values())].to_numpy().tolist()
    return in_order([(*key, *values) for key, values in zip(keys, sums, strict=True)])


def polars(release: Release) -> Way:
    """One lazy scan that all questions share, with only the columns and rows that they need."""
    import polars as pl

    def answered(filters: Filters) -> Answers:
        rows = pl.scan_parquet([str(path) for path in release.files(EXTRACT)])
        for name, values in filters.values.items():
            rows = rows.filter(pl.col(name).is_in(list(values)))
        lazy = {}
        for suffix, period in spans(filters):
            until = period.end + timedelta(days=1)
            within = rows.filter(
                (pl.col("occurred_at") >= period.start) & (pl.col("occurred_at") < until)
            )
            lazy |= {name + suffix: _lazy(pl, within, one) for name, one in QUESTIONS.items()}
        answers = {}
        for name, frame in zip(lazy, pl.collect_all(list(lazy.values())), strict=True):
            found = frame.rows()
            if not QUESTIONS[name.removesuffix(" before")].by:
                found = [tuple(value or 0 for value in row) for row in found]
            answers[name] = in_order(found)
        return answers

    return answered


def _lazy(pl: Any, rows: Any, question: Question) -> Any:
    """One question of a lazy scan, with null where no row of a group has a value."""
    at = pl.col("occurred_at").dt
    parts = {"month": at.date().dt.month_start(), "weekday": at.weekday(), "hour": at.hour()}
    flags = {flag: pl.col(column).is_in(values) for flag, (column, values) in FLAGS.items()}
    flags["drink_on_site"] = flags["drink"] & (pl.col("source") == "现场").fill_null(False)
    sums = []
    for name, one in question.sums.items():
        if one.measure == "records" and one.flag is None:
            sums.append(pl.len().alias(name))
            continue
        added = flags[one.flag] if one.flag else pl.col(one.measure)
        sums.append(pl.when(added.count() > 0).then(added.cast(pl.Float64).sum()).alias(name))
    if not question.by:
        return rows.select(sums)
    return rows.group_by([parts.get(c, pl.col(c)).alias(c) for c in question.by]).agg(sums)


WAYS: dict[str, Callable[[Release], Way]] = {
    "pandas": pandas,
    "polars": polars,
    "DuckDB on Parquet": duckdb_on_parquet,
    "Brigade": brigade,
}


def six_choices(release: Release) -> dict[str, Filters]:
    """The choices that a release is asked under."""
    known = release.extracts[EXTRACT]
    if known.first is None or known.last is None:
        raise ValueError("the release has no violations")
    connection = duckdb.connect()
    connection.execute(f"create view {EXTRACT} as {_view(release)}")
    return choices(connection, known.first, known.last)


def measure(data: Path, seconds: float) -> Iterator[dict[str, Any]]:
    """Each choice with the times of each way; before any of them, the answers are compared.

    A way that fails, for want of memory say, has no times. Raises :class:`ValueError` for the
    first answer that differs.
    """
    found: dict[str, dict[str, Any]] = {}
    peaks: dict[str, int] = {}
    for name in WAYS:
        try:
            *lines, last = lines_of(data, ["benchmarks.beside", name, str(seconds)])
        except subprocess.CalledProcessError:
            continue
        found[name], peaks[name] = {line["choice"]: line for line in lines}, last["peak_mb"]
    for choice, ours in found["Brigade"].items():
        for name, theirs in found.items():
            for question, rows in ours["answers"].items():
                if theirs[choice]["answers"][question] != rows:
                    raise ValueError(f"{name} gives other rows for {question}, {choice}")
    for choice in found["Brigade"]:
        yield {"choice": choice, "times": {way: found[way][choice]["times"] for way in found}}
    yield {"peaks": peaks}


def main(name: str, seconds: float) -> None:
    """Answer all choices in one way, each for so many seconds or rounds."""
    total = int(Path("/proc/meminfo").read_text().split()[1]) * 1024
    most = int(total * MEMORY_SHARE)
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    release = current_release()
    way = WAYS[name](release)
    for choice, filters in six_choices(release).items():
        answers = way(filters)
        times: list[float] = []
        began = time.perf_counter()
        while not times or (len(times) < ROUNDS and time.perf_counter() - began < seconds):
            started = time.perf_counter()
            way(filters)
            times.append(1000 * (time.perf_counter() - started))
        print(json.dumps({"choice": choice, "answers": answers, "times": times}), flush=True)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps({"peak_mb": peak}))


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]))
