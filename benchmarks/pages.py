"""Script time of every page when a filter changes, without a browser.

Run as a script: prints one JSON object per page.
"""

import json
import sys

from streamlit import config
from streamlit.runtime.scriptrunner.script_cache import ScriptCache
from streamlit.testing.v1 import AppTest, app_test, local_script_runner

from benchmarks import clock
from benchmarks.changes import PERIOD, TOWNSHIP, Change, changes
from benchmarks.folders import ROOT
from benchmarks.places import Place, places

WARMING = 3


def open_page(place: Place) -> AppTest:
    """The app at a page, run without a browser."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=600)
    if place.filter:
        app.query_params["filter"] = place.filter
    app.run()
    if place.path:
        app.switch_page(str(ROOT / "pages" / f"{place.file}.py")).run()
    return app


def changes_on(app: AppTest, place: Place, count: int) -> list[Change]:
    """What can be changed on a page."""
    period = app.selectbox(key=PERIOD)
    township = app.multiselect(key=TOWNSHIP)
    townships = [] if township.disabled or place.filter else township.options
    periods = [option for option in period.options if option != period.value]
    return changes(periods, townships, count)


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
    # As the server has it: no collector after a run, no statistics, each page compiled once.
    for option in ("runner.postScriptGC", "browser.gatherUsageStats"):
        config.set_option(option, False)
    compiled = ScriptCache()
    for module in (app_test, local_script_runner):
        vars(module)["ScriptCache"] = lambda: compiled
    times: list[clock.Time] = []
    clock.time_scripts(times.append)
    for place in places():
        app = open_page(place)
        todo = changes_on(app, place, WARMING + count)
        for change in todo[:WARMING]:
            make(app, change)
        times.clear()
        for change in todo[WARMING:]:
            make(app, change)
        print(json.dumps({"page": place.file, **clock.summary(times)}), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]))
