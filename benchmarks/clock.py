"""The clock: how long each run of the app's script takes, from its start to its last message."""

import statistics
import time
from collections.abc import Callable, Sequence

from streamlit.runtime.scriptrunner.script_runner import RerunData, ScriptRunner


def time_scripts(take: Callable[[float], None]) -> None:
    """Give the milliseconds of every script run of this process, from now on, to ``take``.

    Streamlit offers no hook for it, so its own method is wrapped.
    """
    run_script = ScriptRunner._run_script

    def timed(runner: ScriptRunner, rerun_data: RerunData) -> None:
        started = time.perf_counter()
        run_script(runner, rerun_data)
        take(1000 * (time.perf_counter() - started))

    ScriptRunner._run_script = timed  # type: ignore[method-assign]


def median(times: Sequence[float]) -> float:
    """The middle of several times."""
    return statistics.median(times)


def p95(times: Sequence[float]) -> float:
    """The time that one in twenty takes longer than."""
    return sorted(times)[max(0, round(0.95 * len(times)) - 1)]
