"""The same changes in a real browser: the script at the server, and the wait until all is drawn."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import Page

from benchmarks.changes import PERIOD, TOWNSHIP, Change, changes
from benchmarks.clock import Time, median, summary
from benchmarks.painting import DRAWN, FORGET, WATCH
from benchmarks.places import Place, places
from benchmarks.serving import DRAWN as SHOWN
from benchmarks.serving import browser, free_port, new_page, server

WARMING = 3
IDLE_MS = 400
LATE_MS = 5_000
TRIES = 10
"""How often a click is made that may be lost while the page settles."""
SETTLED = f"() => ({SHOWN})() && performance.now() - window.painted.last > {IDLE_MS}"


def measure(data: Path, count: int) -> list[dict[str, Any]]:
    """Measure every page: milliseconds of script and until drawn, and the server's peak memory."""
    measured = []
    with TemporaryDirectory() as folder, browser() as chromium:
        file = Path(folder) / "times"
        port = free_port()
        with server(data, port, ["benchmarks.served", str(port), str(file)]) as served:
            for place in places():
                page = new_page(chromium)
                page.add_init_script(f"({WATCH})()")
                page.goto(f"{served.address}/{place.address}")
                page.wait_for_function(SHOWN)
                todo = changes_on(page, place, WARMING + count)
                drawn = []
                for number, change in enumerate(todo):
                    if number == WARMING:
                        before = len(_times(file))
                    drawn.append(_make(page, change, file))
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


def _make(page: Page, change: Change, file: Path) -> float:
    """Make one change; milliseconds from the click until the last figure that changes is drawn.

    That a run was asked for is seen at the server: on a page that hardly changes the browser may
    show no sign of it.
    """
    runs = len(_times(file))
    for _ in range(TRIES):
        _open(page, change.widget)
        page.evaluate(FORGET)
        page.get_by_role("option", name=change.written, exact=True).click()
        # On a busy machine a run ends late: to click again would take the choice back.
        for _ in range(LATE_MS // IDLE_MS):
            page.wait_for_timeout(IDLE_MS)
            if len(_times(file)) > runs:
                page.wait_for_function(SETTLED)
                seen: float = page.evaluate(DRAWN)["all"]
                if page.locator("[role=option]").count():
                    _close(page)
                return seen
    raise RuntimeError(f"{change} asks for no run.")
