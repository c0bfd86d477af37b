"""The queries of every page, run one after another without a page around them.

Run as a script: prints one JSON object per page, and the most memory that the process has used.
"""

import json
import resource
import sys
import time
from typing import Any

from benchmarks.clock import median
from benchmarks.folders import addresses
from benchmarks.pages import open_page
from brigade.engine.duckdb import Engine, engine_for
from brigade.releases import current_release

Asked = tuple[str, str, dict[str, Any]]
"""One query as it was run: its name, text and parameters."""


def asked_by(address: str, engine: Engine) -> list[Asked]:
    """Every query that a page asks of the engine when it is opened, repeats included."""
    asked: list[Asked] = []
    run = Engine.run

    def noted(engine: Engine, bound: Any, name: str = "") -> Any:
        asked.append((name, bound.sql, dict(bound.parameters)))
        return run(engine, bound, name)

    Engine.run = noted  # type: ignore[method-assign]
    try:
        open_page(address)
    finally:
        Engine.run = run  # type: ignore[method-assign]
    return asked


def time_of(query: Asked, engine: Engine) -> float:
    """How long a query takes the engine, in milliseconds."""
    name, sql, parameters = query
    started = time.perf_counter()
    engine._fetch(sql, parameters, name)
    return 1000 * (time.perf_counter() - started)


def main(rounds: int) -> None:
    """Measure every page's queries."""
    engine = engine_for(current_release())
    for address in addresses():
        distinct = list({repr(query): query for query in asked_by(address, engine)}.values())
        times = {q[0]: median([time_of(q, engine) for _ in range(rounds)]) for q in distinct}
        slowest = max(times, key=lambda name: times[name])
        measured = {
            "queries": len(distinct),
            "all": median([sum(time_of(q, engine) for q in distinct) for _ in range(rounds)]),
            "slowest": slowest,
            "slowest_ms": times[slowest],
        }
        print(json.dumps({"page": address, **measured}), flush=True)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps({"peak_mb": peak}))


if __name__ == "__main__":
    main(int(sys.argv[1]))
