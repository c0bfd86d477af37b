"""The queries of every page, run one after another without a page around them.

Run as a script: prints one JSON object per page, and the most memory that the process has used.
"""

import json
import resource
import sys
import time
from collections.abc import Callable
from typing import Any

from benchmarks.clock import median
from benchmarks.pages import open_page
from benchmarks.places import Place, places
from brigade.engine.duckdb import Engine, engine_for
from brigade.engine.relations import Bound
from brigade.releases import current_release

Asked = tuple[str, str, Bound]
"""One query as it was run: the engine's method, the query's name, its text with parameters."""


def asked_by(place: Place) -> list[Asked]:
    """Every query that a page asks when it is opened, in order; one that is asked again once."""
    app = open_page(place)
    asked: dict[str, Asked] = {}

    def noting(ask: Callable[..., Any]) -> Callable[..., Any]:
        def noted(engine: Engine, bound: Bound, name: str = "") -> Any:
            asked.setdefault(bound.literal(), (ask.__name__, name, bound))
            return ask(engine, bound, name)

        return noted

    run, rows = Engine.run, Engine.rows
    Engine.run, Engine.rows = noting(run), noting(rows)  # type: ignore[method-assign]
    try:
        app.run()
    finally:
        Engine.run, Engine.rows = run, rows  # type: ignore[method-assign]
    return list(asked.values())


def time_of(query: Asked, engine: Engine) -> float:
    """How long the engine takes for a query, in milliseconds."""
    method, name, bound = query
    started = time.perf_counter()
    getattr(engine, method)(bound, name)
    return 1000 * (time.perf_counter() - started)


def main(rounds: int) -> None:
    """Measure every page's queries."""
    engine = engine_for(current_release())
    engine.answers.room = 0  # what was asked before is asked anew
    for place in places():
        asked = asked_by(place)
        if not asked:
            continue
        times = [(median([time_of(q, engine) for _ in range(rounds)]), q[1]) for q in asked]
        slowest, name = max(times)
        measured = {
            "queries": len(asked),
            "all": sum(time for time, _ in times),
            "slowest": name,
            "slowest_ms": slowest,
        }
        print(json.dumps({"page": place.file, **measured}), flush=True)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps({"peak_mb": peak}))


if __name__ == "__main__":
    main(int(sys.argv[1]))
