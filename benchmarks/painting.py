"""From the click to the last new figure drawn, in a real browser: three apps side by side.

``empty`` is the least that Streamlit can do, with its default settings; ``plain`` Brigade's
enforcement page with one ``st.altair_chart`` per view; ``brigade`` the page itself. What they draw
is compared before any time is given.

The clock is the browser's. It starts when the mouse button goes down on what is clicked (on a first
visit, when the navigation starts) and stops with the last change in the document that changes a
figure: a mark or a word of a chart, a key figure, a line of text. What changes without changing
what is read there (an attribute set to the value it had) does not count, nor do menus, tables'
canvases and signs of progress. The end is known once nothing has changed for a while.
"""

import statistics
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Locator, Page

from benchmarks.apps.choices import PERIODS
from benchmarks.serving import browser, free_port, new_page, server

QUIET_MS = 700
"""After so long without a change all is drawn."""
PATIENCE_MS = 60_000
IDLE_MS = 300
TRIES = 10

WATCH = """() => {
  const figure = 'svg.marks, [data-testid=stMetric], [data-testid=stMarkdownContainer], .figure';
  const outside = '[data-testid=stSidebar], .st-key-filters, .st-key-filter_line, '
    + '[data-testid=stWidgetLabel], header, [role=listbox], [data-testid=stTooltipContent], button';
  const seen = { begun: 0, last: performance.now(), figures: new Map() };
  window.painted = seen;
  const holder = (node) => {
    const element = node.nodeType === 1 ? node : node.parentElement;
    const found = element && (element.closest(figure) || element.querySelector(figure));
    return found && found.closest('.stMain') && !found.closest(outside) ? found : null;
  };
  const changed = (record) => {
    if (record.type === 'attributes') {
      return record.target.getAttribute(record.attributeName) !== record.oldValue;
    }
    return record.type === 'childList' ? record.addedNodes.length > 0 : true;
  };
  const look = (records) => {
    const now = performance.now();
    for (const record of records) {
      if (!changed(record)) continue;
      const nodes = record.type === 'childList' ? [...record.addedNodes] : [record.target];
      for (const node of nodes) {
        const held = holder(node);
        if (held) { seen.last = now; seen.figures.set(held, now); }
      }
    }
  };
  const start = () => new MutationObserver(look).observe(document, {
    subtree: true, childList: true, characterData: true,
    attributes: true, attributeOldValue: true,
    attributeFilter: ['d', 'transform', 'x', 'y', 'width', 'height', 'aria-label', 'opacity'],
  });
  start();
  document.addEventListener('pointerdown', (event) => { seen.begun = event.timeStamp; }, true);
}"""

DRAWN = """() => {
  const times = [...window.painted.figures].filter(([element]) => element.isConnected);
  const shown = times.filter(([element]) => {
    const box = element.getBoundingClientRect();
    return box.bottom > 0 && box.top < window.innerHeight;
  });
  const after = (some) => Math.max(0, ...some.map(([, time]) => time - window.painted.begun));
  return { all: after(times), screen: after(shown), changed: times.length };
}"""

QUIET = f"""() => document.querySelector('[data-testid=stApp]')?.dataset.testScriptState ===
  'notRunning' && performance.now() - Math.max(window.painted.last, window.painted.begun)
  > {QUIET_MS}"""

FIGURES = """() => {
  const round = (value) => Math.round(1000 * value) / 1000;
  const charts = [...document.querySelectorAll('.stMain svg.marks')].map((svg) => {
    const rows = new Set();
    for (const mark of svg.querySelectorAll('[aria-roledescription]')) {
      const datum = mark.__data__?.datum;
      if (!datum || typeof datum.value !== 'number') continue;
      const before = datum.before ?? datum.value_before ?? 0;
      const role = mark.getAttribute('aria-roledescription');
      rows.add(`${role} ${round(datum.value)} ${round(before)}`);
    }
    return [...rows].sort();
  }).filter((rows) => rows.length);
  const cards = [...document.querySelectorAll('[data-testid=stMetricValue], .figure-value')]
    .map((value) => value.innerText.trim());
  return { charts, cards };
}"""


@dataclass(frozen=True, slots=True)
class App:
    """One of the apps compared: how it is served, its pages, its widgets' keys."""

    name: str
    command: Callable[[int], list[str]]
    home: str
    other: str
    home_link: str
    other_link: str
    period: str
    township: str | None
    bars: str | None


APPS = [
    App(
        "empty",
        lambda port: _streamlit("empty", port),
        "",
        "second",
        "首页",
        "说明",
        "period",
        None,
        None,
    ),
    App(
        "plain",
        lambda port: _streamlit("plain", port),
        "",
        "about",
        "执法",
        "说明",
        "period",
        "township",
        ".stVegaLiteChart >> nth=2",
    ),
    App(
        "brigade",
        lambda port: ["brigade", "serve", "--port", str(port)],
        "enforcement-overview",
        "data-metrics",
        "执法",
        "数据",
        "seen-quick",
        "seen-township",
        ".st-key-view_enforcement_by_township",
    ),
]
WAYS = ("first visit", "filter", "page", "drill")


def _streamlit(name: str, port: int) -> list[str]:
    file = Path(__file__).parent / "apps" / f"{name}.py"
    options = [f"--server.port={port}", "--server.address=127.0.0.1", "--server.headless=true"]
    # Default settings but for what would send the browser to another host.
    return ["streamlit", "run", str(file), *options, "--browser.gatherUsageStats=false"]


@dataclass(frozen=True, slots=True)
class Paint:
    """One click: milliseconds until all figures are drawn, and those on the screen."""

    app: str
    way: str
    all: float
    screen: float
    figures: Any


def measure(data: Path, count: int) -> Iterator[Paint]:
    """Every way of asking for figures, so many times in each app, the apps in turn."""
    with ExitStack() as stack, browser() as chromium:
        pages = {}
        for app in APPS:
            port = free_port()
            served = stack.enter_context(server(data, port, app.command(port)))
            # The first visit of a server is a start, which is measured elsewhere.
            _visit(chromium, app, served.address)
            pages[app.name] = served.address
        for app in APPS:
            for _ in range(max(3, count // 3)):
                yield _visit(chromium, app, pages[app.name])
        yield from _clicks(chromium, pages, count)


def _visit(chromium: Browser, app: App, address: str) -> Paint:
    page = new_page(chromium)
    page.add_init_script(f"({WATCH})()")
    page.goto(f"{address}/{app.home}")
    found = _paint(page, app, "first visit")
    page.context.close()
    return found


def _clicks(chromium: Browser, addresses: dict[str, str], count: int) -> Iterator[Paint]:
    for app in APPS:
        page = new_page(chromium)
        page.add_init_script(f"({WATCH})()")
        page.goto(f"{addresses[app.name]}/{app.home}")
        _paint(page, app, "first visit")
        for number in range(count + 2):
            made = [_filter(page, app, number), _page(page, app), _drill(page, app, number)]
            if number >= 2:
                yield from (paint for paint in made if paint is not None)
        page.context.close()


def _filter(page: Page, app: App, number: int) -> Paint:
    """Another period, or one township more: no choice is made twice."""
    periods = list(PERIODS)
    if app.township is None:
        # Streamlit forgets this widget with its page: each time it stands at the first period.
        return _choose(page, app, app.period, periods[1 + number % 2])
    if number % 2 == 0:
        return _choose(page, app, app.period, periods[(number // 2 + 1) % len(periods)])
    return _choose(page, app, app.township, number // 2 + 1)


def _choose(page: Page, app: App, key: str, option: str | int) -> Paint:
    options = _open(page, key)
    wanted = options.nth(option) if isinstance(option, int) else options.filter(has_text=option)
    _forget(page)
    wanted.first.click()
    found = _paint(page, app, "filter")
    if options.count():
        page.keyboard.press("Escape")
        options.first.wait_for(state="detached")
    return found


def _open(page: Page, key: str) -> Locator:
    """Open a widget's list of options; a click while the page settles may be lost."""
    options = page.locator("[role=option]")
    for _ in range(TRIES):
        page.locator(f".st-key-{key} input").click()
        page.wait_for_timeout(IDLE_MS)
        if options.count():
            return options
    raise RuntimeError(f"{key} does not open.")


def _page(page: Page, app: App) -> Paint:
    """To the other page, which is not measured, and back."""
    _click(page, app, "", page.get_by_role("link", name=app.other_link, exact=True).first)
    return _click(page, app, "page", page.get_by_role("link", name=app.home_link, exact=True).first)


def _drill(page: Page, app: App, number: int) -> Paint | None:
    if app.bars is None:
        return None
    bars = page.locator(app.bars).locator("[aria-roledescription=bar]")
    return _click(page, app, "drill", bars.nth(number % 5))


def _click(page: Page, app: App, way: str, target: Locator) -> Paint:
    target.scroll_into_view_if_needed()
    page.wait_for_timeout(100)
    _forget(page)
    target.click()
    return _paint(page, app, way)


def _forget(page: Page) -> None:
    page.evaluate("() => { window.painted.figures.clear(); window.painted.begun = 0; }")


def _paint(page: Page, app: App, way: str) -> Paint:
    """Wait until nothing changes any more; when it last did, and what is drawn now."""
    page.wait_for_function(QUIET, timeout=PATIENCE_MS)
    found = page.evaluate(DRAWN)
    return Paint(app.name, way, found["all"], found["screen"], page.evaluate(FIGURES))


def median(times: Sequence[float]) -> float:
    """The middle of several times."""
    return statistics.median(times)
