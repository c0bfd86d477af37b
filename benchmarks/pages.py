"""Script time of every page when a filter changes, without a browser.

Run as a script: prints one JSON object per page.
"""

import json
import sys
from pathlib import Path

from streamlit import config
from streamlit.testing.v1 import AppTest

from benchmarks import clock
from benchmarks.changes import PERIOD, TOWNSHIP, Change, changes
from benchmarks.folders import ROOT, addresses

WARMING = 3


def open_page(address: str) -> AppTest:
    """The app at a page's address, run without a browser."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=600)
    app.run()
    if address:
        app.switch_page(str(file_of(address))).run()
    return app


def file_of(address: str) -> Path:
    """The file of a page."""
    return ROOT / "pages" / f"{address.replace('-', '/', 1)}.py"


def changes_on(app: AppTest, count: int) -> list[Change]:
    """What can be changed on a page."""
    period = app.selectbox(key=PERIOD)
    township = app.multiselect(key=TOWNSHIP)
    townships = [] if township.disabled else township.options
    return changes(period.options, townships, count, str(period.value))


def make(app: AppTest, change: Change) -> None:
    """Make one change and run the page."""
    if change.widget == TOWNSHIP:
        app.multiselect(key=TOWNSHIP).select(change.option).run()
    else:
        app.selectbox(key=change.widget).set_value(change.option).run()
    if app.exception:
        raise RuntimeError(app.exception[0].message)


def main(count: int) -> None:
    """Measure every page."""
    for option in ("runner.postScriptGC", "browser.gatherUsageStats"):  # as the server has them
        config.set_option(option, False)
    times: list[float] = []
    clock.time_scripts(times.append)
    for address in addresses():
        app = open_page(address)
        todo = changes_on(app, WARMING + count)
        for change in todo[:WARMING]:
            make(app, change)
        times.clear()
        for change in todo[WARMING:]:
            make(app, change)
        measured = {"median": clock.median(times), "p95": clock.p95(times), "runs": len(times)}
        print(json.dumps({"page": address, **measured}), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]))
