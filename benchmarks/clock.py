"""The clock: how long each run of the app's script takes, from its start to its last message."""

import json
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

from streamlit.runtime.scriptrunner import RerunData, ScriptRunner


@dataclass(frozen=True, slots=True)
class Time:
    """One run's milliseconds: by the clock, and of the processor in the script's own thread.

    The second hardly depends on what else the machine does; queries that share their work among
    several threads count in it in part.
    """

    wall: float
    cpu: float

    def line(self) -> str:
        """The same as one line of JSON."""
        return json.dumps(asdict(self))


def time_scripts(take: Callable[[Time], None]) -> None:
    """Give the time of every script run of this process, from now on, to ``take``.

    Streamlit offers no hook for it, so its own method is wrapped.
    """
    run_script = ScriptRunner._run_script

    def timed(runner: ScriptRunner, rerun_data: RerunData) -> None:
        wall, cpu = time.perf_counter(), time.thread_time()
        run_script(runner, rerun_data)
        take(Time(1000 * (time.perf_counter() - wall), 1000 * (time.thread_time() - cpu)))

    ScriptRunner._run_script = timed  # type: ignore[method-assign, assignment]


def median(times: Sequence[float]) -> float:
    """The middle of several times."""
    return statistics.median(times)


def p95(times: Sequence[float]) -> float:
    """The time that one in twenty takes longer than."""
    return sorted(times)[max(0, round(0.95 * len(times)) - 1)]


def summary(times: Sequence[Time]) -> dict[str, float]:
    """What a table says of the script runs of one page."""
    walls = [time.wall for time in times]
    return {
        "median": median(walls),
        "p95": p95(walls),
        "cpu": median([time.cpu for time in times]),
    }
