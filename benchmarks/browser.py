"""The same changes in a real browser: the script at the server, and the wait until all is drawn."""

import json
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import Page, TimeoutError

from benchmarks.changes import PERIOD, TOWNSHIP, Change, changes
from benchmarks.clock import Time, median, summary
from benchmarks.places import Place, places
from benchmarks.serving import DRAWN, browser, free_port, new_page, server

WARMING = 3
IDLE_MS = 400
LATE_MS = 5_000
TRIES = 10
"""How often a click is made that may be lost while the page settles."""
WATCH = (
    "() => { const drawn = "
    + DRAWN
    + """;
  window.bench = {started: null, seen: null};
  const look = () => {
    if (drawn()) window.bench.seen = performance.now();
    else requestAnimationFrame(look);
  };
  new MutationObserver((_, observer) => {
    observer.disconnect();
    window.bench.started = performance.now();
    requestAnimationFrame(look);
  }).observe(document, {subtree: true, attributeFilter: ['data-test-script-state']});
}"""
)
"""Keeps the moment at which the next run is asked for, and the one at which all is drawn."""


def measure(data: Path, count: int) -> list[dict[str, Any]]:
    """Measure every page: milliseconds of script and until drawn, and the server's peak memory."""
    measured = []
    with TemporaryDirectory() as folder, browser() as chromium:
        file = Path(folder) / "times"
        port = free_port()
        with server(data, port, ["benchmarks.served", str(port), str(file)]) as served:
            for place in places():
                page = new_page(chromium)
                page.goto(f"{served.address}/{place.address}")
                page.wait_for_function(DRAWN)
                todo = changes_on(page, place, WARMING + count)
                drawn = []
                for number, change in enumerate(todo):
                    if number == WARMING:
                        before = len(_times(file))
                    drawn.append(_make(page, change))
                scripts = _times(file)[before:]
                measured.append(
                    {"page": place.file, **summary(scripts), "drawn": median(drawn[WARMING:])}
                )
                page.context.close()
            measured.append({"peak_mb": served.peak_mb()})
    return measured


def _times(file: Path) -> list[Time]:
    return [Time(**json.loads(line)) for line in file.read_text().splitlines()]


def changes_on(page: Page, place: Place, count: int) -> list[Change]:
    """What can be changed on a page."""
    periods = _options(page, PERIOD)
    township = _widget(page, TOWNSHIP).locator("input")
    # The first of its options chooses all the others.
    none = township.is_disabled() or place.filter
    townships = [] if none else _options(page, TOWNSHIP)[1:]
    return changes(periods, townships, count)


def _widget(page: Page, key: str) -> Any:
    return page.locator(f".st-key-{key.replace(':', '-')}")


def _options(page: Page, key: str) -> list[str]:
    _open(page, key)
    found: list[str] = page.locator("[role=option][aria-selected=false]").all_inner_texts()
    _close(page)
    return found


def _open(page: Page, key: str) -> None:
    """Open a widget's list of options; a click while the page settles may be lost."""
    for _ in range(TRIES):
        _widget(page, key).locator("input").click()
        page.wait_for_timeout(IDLE_MS)
        if page.locator("[role=option]").count():
            return
    raise RuntimeError(f"{key} does not open.")


def _close(page: Page) -> None:
    page.keyboard.press("Escape")
    page.locator("[role=option]").first.wait_for(state="detached")


def _make(page: Page, change: Change) -> float:
    """Make one change; milliseconds from the asking for a run until all is drawn."""
    page.evaluate(WATCH)
    for _ in range(TRIES):
        _open(page, change.widget)
        page.get_by_role("option", name=change.written, exact=True).click()
        # On a busy machine a run is asked for late: to click again would take the choice back.
        with suppress(TimeoutError):
            page.wait_for_function("() => window.bench.started", timeout=LATE_MS)
            break
    else:
        raise RuntimeError(f"{change} asks for no run.")
    page.wait_for_function("() => window.bench.seen")
    seen: float = page.evaluate("() => window.bench.seen - window.bench.started")
    if page.locator("[role=option]").count():
        _close(page)
    return seen
