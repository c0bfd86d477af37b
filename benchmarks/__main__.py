"""Measure, print one table and keep it in ``results/``: ``python -m benchmarks [PART …]``."""

import argparse
import os
import platform
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import duckdb
import streamlit

from benchmarks import beside, browser, importing, painting, sessions, start
from benchmarks.clock import median
from benchmarks.folders import RESULTS, data_folder
from benchmarks.serving import browser as chromium
from benchmarks.serving import lines_of

Row = tuple[str, str, str]
"""What was measured, where, and the figures."""

ROUNDS = 3
"""How often a start and a query are measured; their median counts."""
SECONDS = 10
"""How long a page's queries are asked again in one way under one choice, at most."""


def pages(data: Path, changes: int) -> Iterator[Row]:
    """Scripts without a browser."""
    for found in lines_of(data, ["benchmarks.pages", str(changes)]):
        yield "script, no browser", found["page"], _script(found)


def in_browser(data: Path, changes: int) -> Iterator[Row]:
    """Scripts at the real server, with a browser that draws them."""
    for found in browser.measure(data, changes):
        if "page" in found:
            drawn = f"{_script(found)}; all drawn after {found['drawn']:.0f}"
            yield "script at the server", found["page"], drawn
        else:
            yield "memory of the server", "all pages", f"{found['peak_mb']} MB at most"


def first_page(data: Path, _: int) -> Iterator[Row]:
    """From the start to the first page."""
    empty = 0.0
    for found in start.measure(data, ROUNDS):
        figures = f"answers after {found['answers']:.2f} s, drawn after {found['drawn']:.2f} s"
        if found["app"] == "empty":
            empty = found["drawn"]
            yield "start to the first page", "empty app", figures
            continue
        where = f"serving database {'present' if found['database'] else 'to be built'}"
        figures += f", {found['drawn'] / empty:.2f} times the empty app"
        yield "start to the first page", where, figures


def paint(data: Path, changes: int) -> Iterator[Row]:
    """From the click to the last new figure, beside an empty app and a plain one."""
    beside = None if data == data_folder(1) else data_folder(1)
    with chromium() as one:
        found = painting.measure(one, data, changes, beside)
    for way, app, figures in painting.table(found):
        yield f"click to paint: {way}", app, figures


def queries(data: Path, _: int) -> Iterator[Row]:
    """The queries alone."""
    for found in lines_of(data, ["benchmarks.queries", str(ROUNDS)]):
        if "page" in found:
            slowest = f"slowest {found['slowest']} {found['slowest_ms']:.1f}"
            figures = f"{found['queries']} queries {found['all']:.0f} ms; {slowest}"
            yield "queries", found["page"], figures
        else:
            yield "memory of the queries", "all pages", f"{found['peak_mb']} MB at most"


def beside_others(data: Path, _: int) -> Iterator[Row]:
    """One page's queries beside pandas, polars and the same SQL on the Parquet."""
    for found in beside.measure(data, SECONDS):
        if "peaks" in found:
            peaks = "; ".join(f"{way} {peak:,} MB" for way, peak in found["peaks"].items())
            yield "memory of a page's queries", "all choices", f"at most: {peaks}"
            continue
        times = found["times"]
        ours = median(times["Brigade"])
        for way in beside.WAYS:
            where = f"{way}, {found['choice']}"
            if way not in times:
                yield (
                    "a page's queries",
                    where,
                    "no answer: not enough memory, or see the error above",
                )
                continue
            own = median(times[way])
            spread = f"{min(times[way]):,.0f}–{max(times[way]):,.0f}"
            slower = "" if way == "Brigade" else f"; Brigade is {own / ours:,.1f} times as fast"
            yield "a page's queries", where, f"{own:,.1f} ms ({spread}){slower}"


def importing_files(data: Path, _: int) -> Iterator[Row]:
    """A large CSV imported, beside pandas that only reads and writes it."""
    bare = 0.0
    for found in importing.measure(data):
        rows, seconds = found["rows"], found["seconds"]
        where = f"{found['encoding']}, {rows:,} rows, {found['bytes'] >> 20:,} MB"
        speed = f"{seconds:.1f} s (processors {found['cpu']:.1f}), {rows / seconds:,.0f} rows/s"
        memory = f"{found['peak_mb']:,} MB at most"
        if found["way"] == importing.READ:
            bare = seconds
            yield "CSV to Parquet in pandas", where, f"{speed}; {memory}"
        else:
            times = f"{bare / seconds:.2f} times as fast as pandas"
            yield "CSV imported", where, f"{speed}, {times}; {memory}"


def many_people(data: Path, _: int) -> Iterator[Row]:
    """Many people at once, beside a plain page of the same views."""
    plain: dict[tuple[int, int], float] = {}
    one: dict[str, float] = {}
    for found in sessions.measure(data):
        app, processes, visitors = found["app"], found["processes"], found["visitors"]
        where = f"{app}, {processes} process{'es' if processes > 1 else ''}, {visitors} people"
        used = (
            f"processor {found['processor']:.0f} ms a change; the visitors' own {found['own']:.0f}"
        )
        if found["pause"]:
            first = plain.setdefault((processes, visitors), found["p95"])
            times = f", {first / found['p95']:.1f} times as fast" if app != sessions.PLAIN else ""
            figures = f"median {found['median']:.0f} ms, p95 {found['p95']:.0f}{times}; {used}"
            memory = f"{found['session_mb']:.1f} MB a session, {found['memory_mb']:.0f} in all"
            yield "one change every 2 s", where, f"{figures}; {memory}"
        else:
            speed = found["changes"] / found["seconds"]
            times = f", {speed / one.setdefault(app, speed):.2f} times one process"
            yield "no pause", where, f"{speed:.1f} changes a second{times}; {used}"


def _script(found: dict[str, float]) -> str:
    return f"median {found['median']:.0f} ms, p95 {found['p95']:.0f}; processor {found['cpu']:.0f}"


PARTS: dict[str, Callable[[Path, int], Iterator[Row]]] = {
    "pages": pages,
    "browser": in_browser,
    "paint": paint,
    "start": first_page,
    "queries": queries,
    "beside": beside_others,
    "import": importing_files,
    "sessions": many_people,
}


def main() -> None:
    """Measure the parts asked for, all of them unless told otherwise."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}")
    parser.add_argument("--scale", type=int, default=1, help="times as many violations")
    parser.add_argument("--changes", type=int, default=20, help="filter changes on each page")
    options = parser.parse_args()
    unknown = sorted(set(options.parts) - set(PARTS))
    if unknown:
        parser.error(f"{unknown[0]} is not one of {', '.join(PARTS)}")
    lines = [_here(options.scale), "", "| measured | where | result |", "| --- | --- | --- |"]
    print("\n".join(lines), flush=True)
    for part in options.parts or PARTS:
        for row in PARTS[part](data_folder(options.scale), options.changes):
            lines.append(f"| {' | '.join(row)} |")
            print(lines[-1], flush=True)
    RESULTS.mkdir(exist_ok=True)
    name = f"{datetime.now():%Y-%m-%d-%H%M%S}-scale-{options.scale}.md"
    (RESULTS / name).write_text("\n".join(lines) + "\n", encoding="utf-8")


def _here(scale: int) -> str:
    """The machine, its load, the versions and the size of the sample."""
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    return (
        f"{os.cpu_count()} processors{load}; Python {platform.python_version()}, "
        f"Streamlit {streamlit.__version__}, DuckDB {duckdb.__version__}; scale {scale}"
    )


if __name__ == "__main__":
    main()
