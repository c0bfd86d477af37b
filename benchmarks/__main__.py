"""Measure, print one table and keep it in ``results/``: ``python -m benchmarks [PART …]``."""

import argparse
import os
import platform
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import duckdb
import streamlit

from benchmarks import browser, importing, painting, start
from benchmarks.folders import RESULTS, data_folder
from benchmarks.serving import browser as chromium
from benchmarks.serving import lines_of

Row = tuple[str, str, str]
"""What was measured, where, and the figures."""

ROUNDS = 3
"""How often a start and a query are measured; their median counts."""


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


def importing_files(data: Path, _: int) -> Iterator[Row]:
    """A large CSV imported, beside pandas that only reads and writes it."""
    bare = 0.0
    for found in importing.measure(data):
        rows, seconds = found["rows"], found["seconds"]
        where = f"{found['encoding']}, {rows:,} rows, {found['bytes'] >> 20:,} MB"
        speed = f"{seconds:.1f} s, {rows / seconds:,.0f} rows a second"
        memory = f"{found['peak_mb']:,} MB at most"
        if found["way"] == importing.READ:
            bare = seconds
            yield "CSV to Parquet in pandas", where, f"{speed}; {memory}"
        else:
            times = f"{bare / seconds:.2f} times as fast as pandas"
            yield "CSV imported", where, f"{speed}, {times}; {memory}"


def _script(found: dict[str, float]) -> str:
    return f"median {found['median']:.0f} ms, p95 {found['p95']:.0f}; processor {found['cpu']:.0f}"


PARTS: dict[str, Callable[[Path, int], Iterator[Row]]] = {
    "pages": pages,
    "browser": in_browser,
    "paint": paint,
    "start": first_page,
    "queries": queries,
    "import": importing_files,
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
