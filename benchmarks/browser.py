"""The same changes in a real browser: the script at the server, and the wait until all is drawn."""

import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import Page

from benchmarks.changes import PERIOD, TOWNSHIP, Change, changes
from benchmarks.clock import median, p95
from benchmarks.folders import addresses
from benchmarks.serving import DRAWN, browser, free_port, new_page, server

WARMING = 3
IDLE_MS = 400
WATCH = """() => {
  // From here on the moment is kept at which the script was seen to start, and all to be drawn.
  const app = document.querySelector('[data-testid=stApp]');
  window.bench = {started: null, seen: null};
  const drawn = %s;
  const look = () => {
    const running = app.dataset.testScriptState === 'running';
    if (running && window.bench.started === null) window.bench.started = performance.now();
    if (window.bench.started !== null && !running && drawn()) {
      window.bench.seen = performance.now();
    } else {
      requestAnimationFrame(look);
    }
  };
  look();
}""" % DRAWN


def measure(data: Path, count: int) -> list[dict[str, Any]]:
    """Measure every page: milliseconds of script and until drawn, and the server's peak memory."""
    measured = []
    with TemporaryDirectory() as folder, browser() as chromium:
        times = Path(folder) / "times"
        port = free_port()
        with server(data, port, ["benchmarks.served", str(port), str(times)]) as served:
            for address in addresses():
                page = new_page(chromium)
                page.goto(f"{served.address}/{address}")
                page.wait_for_function(DRAWN)
                todo = changes_on(page, WARMING + count)
                drawn = []
                for number, change in enumerate(todo):
                    if number == WARMING:
                        before = len(times.read_text().splitlines())
                    drawn.append(_make(page, change))
                scripts = [float(line) for line in times.read_text().splitlines()[before:]]
                measured.append(
                    {
                        "page": address,
                        "median": median(scripts),
                        "p95": p95(scripts),
                        "drawn": median(drawn[WARMING:]),
                    }
                )
                page.context.close()
            measured.append({"peak_mb": served.peak_mb()})
    return measured


def changes_on(page: Page, count: int) -> list[Change]:
    """What can be changed on a page."""
    current = _widget(page, PERIOD).locator("input").input_value()
    periods = _options(page, PERIOD)
    township = _widget(page, TOWNSHIP).locator("input")
    # The first of its options chooses all the others.
    townships = [] if township.is_disabled() else _options(page, TOWNSHIP)[1:]
    return changes(periods, townships, count, current)


def _widget(page: Page, key: str) -> Any:
    return page.locator(f".st-key-{key.replace(':', '-')}")


def _options(page: Page, key: str) -> list[str]:
    _widget(page, key).locator("input").click()
    options = page.locator("[role=option]")
    options.first.wait_for()
    found: list[str] = options.all_inner_texts()
    page.keyboard.press("Escape")
    return found


def _make(page: Page, change: Change) -> float:
    """Make one change; milliseconds from the first sign of the script until all is drawn."""
    _widget(page, change.widget).locator("input").click()
    page.evaluate(WATCH)
    page.get_by_role("option", name=change.written, exact=True).click()
    page.wait_for_function("() => window.bench.seen")
    seen: float = page.evaluate("() => window.bench.seen - window.bench.started")
    page.keyboard.press("Escape")
    page.wait_for_timeout(IDLE_MS)
    return seen
