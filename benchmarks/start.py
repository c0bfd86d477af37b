"""From the start of ``brigade serve`` to the first page, drawn, beside an empty app."""

import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser

from benchmarks.clock import median
from benchmarks.painting import BRIGADE, EMPTY
from benchmarks.serving import DRAWN, browser, free_port, new_page, server

PAINTED = """() => document.querySelector('[data-testid=stApp]')?.dataset.testScriptState ===
  'notRunning' && document.querySelector('[data-testid=stMarkdownContainer]')"""
"""Whether the empty app's line of text is there."""


def measure(data: Path, rounds: int) -> list[dict[str, Any]]:
    """Seconds until the server answers and until the first page is drawn.

    Of an empty app; of Brigade with the serving database still to be built from the release, then
    with it there.
    """
    measured: list[dict[str, Any]] = []
    with browser() as chromium:
        times = [_start(data, chromium, EMPTY.command, PAINTED) for _ in range(rounds)]
        answers, drawn = zip(*times, strict=True)
        measured.append({"app": "empty", "answers": median(answers), "drawn": median(drawn)})
        for present in (False, True):
            times = []
            for _ in range(rounds):
                if not present:
                    shutil.rmtree(data / "derived", ignore_errors=True)
                times.append(_start(data, chromium, BRIGADE.command, DRAWN))
            answers, drawn = zip(*times, strict=True)
            measured.append(
                {
                    "app": "brigade",
                    "database": present,
                    "answers": median(answers),
                    "drawn": median(drawn),
                }
            )
    return measured


def _start(
    data: Path, chromium: Browser, command: Callable[[int], list[str]], drawn: str
) -> tuple[float, float]:
    port = free_port()
    page = new_page(chromium)
    with server(data, port, command(port)) as started:
        answers = time.perf_counter() - started.started
        page.goto(started.address)
        page.wait_for_function(drawn)
        seconds = time.perf_counter() - started.started
        page.context.close()
    return answers, seconds
