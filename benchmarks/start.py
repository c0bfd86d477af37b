"""From the start of ``brigade serve`` to the first page, drawn."""

import shutil
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser

from benchmarks.clock import median
from benchmarks.serving import DRAWN, browser, free_port, new_page, server


def measure(data: Path, rounds: int) -> list[dict[str, Any]]:
    """Seconds until the server answers and until the first page is drawn.

    First with the serving database still to be built from the release, then with it there.
    """
    measured = []
    with browser() as chromium:
        for present in (False, True):
            times = []
            for _ in range(rounds):
                if not present:
                    shutil.rmtree(data / "derived", ignore_errors=True)
                times.append(_start(data, chromium))
            answers, drawn = zip(*times, strict=True)
            measured.append(
                {"database": present, "answers": median(answers), "drawn": median(drawn)}
            )
    return measured


def _start(data: Path, chromium: Browser) -> tuple[float, float]:
    port = free_port()
    page = new_page(chromium)
    with server(data, port, ["brigade", "serve", "--port", str(port)]) as started:
        answers = time.perf_counter() - started.started
        page.goto(started.address)
        page.wait_for_function(DRAWN)
        drawn = time.perf_counter() - started.started
        page.context.close()
    return answers, drawn
