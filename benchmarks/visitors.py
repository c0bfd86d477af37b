"""Many visitors at once, each making one change every two seconds: the load and its clock.

Run as a script, in a process of its own, so that what it costs isn't the server's:
``python -m benchmarks.visitors VISITORS CHANGES PAUSE ADDRESS …``. The visitors are spread over the
addresses. They go on until each has made so many changes; every run's figures are then compared
with those of the rows themselves, and one JSON object is printed.
"""

import asyncio
import json
import random
import resource
import sys
import time
from dataclasses import dataclass

import duckdb

from benchmarks.clock import median, p95
from benchmarks.visitor import Run, Visitor
from brigade.filters import Period
from brigade.releases import current_release
from brigade.ui.frame import quick_periods

TOWNSHIP, PERIOD = "seen:township", "seen:quick"
FIGURES = 5
"""How many figures of the page are compared: the first, which are counts and sums."""
TOGETHER = 5
"""How many visitors open the page at the same moment, when all come."""

Choice = tuple[str, tuple[str, ...]]
"""A period by its name, and townships."""


@dataclass(frozen=True, slots=True)
class Answered:
    """One run of the page: what was chosen, and what came."""

    choice: Choice
    run: Run


async def visit(visitor: Visitor, seed: int, changes: int, pause: float) -> list[Answered]:
    """Change the period and the townships in turn, one change a ``pause`` or as soon as the page
    has answered, whichever is later."""
    chance = random.Random(seed)  # noqa: S311 (no secret)
    towns, periods = visitor.options(TOWNSHIP), visitor.options(PERIOD)
    townships: tuple[str, ...] = ()
    answered = []
    # Not all in one moment: people don't click in step.
    due = time.perf_counter() + chance.random() * pause
    for number in range(changes):
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        due = max(due, time.perf_counter() - pause) + pause
        if number % 2:
            townships = tuple(chance.sample(towns, chance.choice((0, 1, 1, 2))))
            run = await visitor.change(TOWNSHIP, townships)
        else:
            others = [period for period in periods if period != visitor.value(PERIOD)]
            run = await visitor.change(PERIOD, chance.choice(others))
        answered.append(Answered((visitor.value(PERIOD), townships), run))
    return answered


def wrong(answered: list[Answered]) -> list[str]:
    """What went wrong: errors that a page said, and figures that are not those of the rows."""
    expected: dict[Choice, list[str]] = {}
    faults = []
    for one in answered:
        faults += one.run.errors
        if one.choice not in expected:
            expected[one.choice] = _figures(one.choice)
        found = one.run.figures[:FIGURES]
        if found != expected[one.choice]:
            faults.append(f"{one.choice}: {found} instead of {expected[one.choice]}")
    return faults


def _figures(choice: Choice) -> list[str]:
    """The figures of a choice, counted on the release's files."""
    release = current_release()
    last = release.newest_day
    period: Period = quick_periods(release.oldest_day, last, "zh")[choice[0]]
    files = [str(path) for path in release.files("violations")]
    named = [town for town in choice[1] if town != "未记录"]
    with duckdb.connect() as connection:
        row = connection.execute(
            """
            select count(*), count(*) filter (source = '现场'),
                count(*) filter (source = '非现场'), coalesce(sum(fine_yuan), 0),
                coalesce(sum(points), 0)
            from read_parquet($files, union_by_name = true)
            where occurred_at >= $from and occurred_at < $to + interval 1 day
                and ($all or township = any($named) or ($blank and township is null))
            """,
            {
                "files": files,
                "from": period.start,
                "to": period.end,
                "all": not choice[1],
                "named": named,
                "blank": "未记录" in choice[1],
            },
        ).fetchone()
    return [f"{int(value):,}" for value in row or ()]


async def main(visitors: int, changes: int, pause: float, addresses: list[str]) -> None:
    """Send the visitors, wait for them, check, print."""
    people = [Visitor(addresses[number % len(addresses)]) for number in range(visitors)]
    opened = []
    for first in range(0, visitors, TOGETHER):
        opened += await asyncio.gather(*(p.open() for p in people[first : first + TOGETHER]))
    # A stop for whoever measures the server: its memory now is that of the pages open.
    print(json.dumps({"opened": len(opened)}), flush=True)
    sys.stdin.readline()
    before, started = _processor(), time.perf_counter()
    done = await asyncio.gather(
        *(visit(person, seed, changes, pause) for seed, person in enumerate(people))
    )
    seconds, processor = time.perf_counter() - started, _processor() - before
    answered = [one for visits in done for one in visits]
    times = [one.run.seconds for one in answered]
    measured = {
        "changes": len(answered),
        "seconds": seconds,
        "median": 1000 * median(times),
        "p95": 1000 * p95(times),
        "first": 1000 * median([run.seconds for run in opened]),
        "kilobytes": median([one.run.bytes for one in answered]) / 1024,
        "messages": median([one.run.messages for one in answered]),
        "own": 1000 * processor / len(answered),
    }
    print(json.dumps(measured), flush=True)
    sys.stdin.readline()
    for person in people:
        await person.close()
    faults = [error for run in opened for error in run.errors] + wrong(answered)
    print(json.dumps({"faults": faults}), flush=True)


def _processor() -> float:
    """Seconds of the processor that this process has used."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    count, each, wait, *where = sys.argv[1:]
    asyncio.run(main(int(count), int(each), float(wait), where))
