"""From the click to the last new figure drawn, in a real browser: apps side by side.

``empty`` is the least that Streamlit can do, with its default settings; ``plain`` Brigade's
enforcement page with one ``st.altair_chart`` per view; ``brigade`` the page itself. What they draw
is compared before any time is given.

The clock is the browser's. It starts when the mouse button goes down on what is clicked (on a first
visit, when the navigation starts) and stops with the last change in the document that changes a
figure: a mark or a word of a chart, a key figure, a line of text. What changes without changing
what is read there (an attribute set to the value it had) does not count, nor do menus, tables'
canvases and signs of progress. The end is known once nothing has changed for a while.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Locator, Page

from benchmarks.apps.choices import PERIODS
from benchmarks.clock import median
from benchmarks.serving import free_port, new_page, server

QUIET_MS = 700
"""After so long without a change all is drawn."""
PATIENCE_MS = 60_000
IDLE_MS = 300
TRIES = 10
WARMING = 2

WATCH = """() => {
  const figure = 'svg.marks, .brigade-cards, [data-testid=stMetric], '
    + '[data-testid=stMarkdownContainer]';
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

FORGET = "() => { window.painted.figures.clear(); window.painted.begun = 0; }"
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
  'notRunning' && window.painted.figures.size && !document.querySelector(
    '[data-testid=stSkeleton], [data-stale=true], [aria-busy=true]')
  && performance.now() - Math.max(window.painted.last, window.painted.begun) > {QUIET_MS}"""

FIGURES = """() => {
  const kinds = ['bar', 'point', 'rect mark'];
  const charts = [...document.querySelectorAll('.stMain svg.marks')].map((svg) => {
    const rows = [];
    for (const mark of svg.querySelectorAll('[aria-roledescription]')) {
      const kind = mark.getAttribute('aria-roledescription');
      const { value, before, value_before } = mark.__data__?.datum ?? {};
      const other = before ?? value_before ?? 0;
      if (kinds.includes(kind) && (value || other)) rows.push(`${kind} ${value} ${other}`);
    }
    return rows.sort();
  }).filter((rows) => rows.length);
  const cards = [...document.querySelectorAll('[data-testid=stMetricValue], .brigade-figure')]
    .map((value) => value.textContent.trim());
  return { charts, cards };
}"""
"""The numbers at the marks of each chart (of the period chosen and of the one compared), and the
key figures."""


@dataclass(frozen=True, slots=True)
class App:
    """One of the apps compared: how it is served, its page's address, the links to another page and
    back, the keys of its widgets for period and township, and where its bars by township are."""

    name: str
    command: Callable[[int], list[str]]
    home: str
    other_link: str
    home_link: str
    period: str
    township: str | None
    bars: str | None


def _streamlit(name: str) -> Callable[[int], list[str]]:
    file = Path(__file__).parent / "apps" / f"{name}.py"

    def command(port: int) -> list[str]:
        where = [f"--server.port={port}", "--server.address=127.0.0.1", "--server.headless=true"]
        # Default settings but for what would send the browser to another host.
        return ["streamlit", "run", str(file), *where, "--browser.gatherUsageStats=false"]

    return command


def _brigade(port: int) -> list[str]:
    return ["brigade", "serve", "--port", str(port)]


EMPTY = App("empty", _streamlit("empty"), "", "说明", "首页", "period", None, None)
PLAIN = App(
    "plain",
    _streamlit("plain"),
    "",
    "说明",
    "执法",
    "period",
    "township",
    ".stVegaLiteChart >> nth=2",
)
BRIGADE = App(
    "brigade",
    _brigade,
    "enforcement-overview",
    "数据",
    "执法",
    "seen-quick",
    "seen-township",
    ".st-key-view_enforcement_by_township",
)
APPS = (EMPTY, PLAIN, BRIGADE)
SMALLER = "brigade, scale 1"
VISIT, FILTER, PAGE, DRILL = WAYS = ("first visit", "filter", "page switch", "drill")


@dataclass(frozen=True, slots=True)
class Paint:
    """One click: milliseconds until all figures are drawn, and those on the screen."""

    app: str
    way: str
    all: float
    screen: float
    figures: Any


def measure(chromium: Browser, data: Path, count: int, beside: Path | None = None) -> list[Paint]:
    """Every way of asking for figures, so many times in each app.

    ``beside`` is a smaller sample to measure Brigade on too; then the plain app is left out, whose
    queries over the Parquet files would hide what is asked here. Raises RuntimeError where two apps
    draw other numbers after the same clicks.
    """
    apps = [(app, data) for app in APPS]
    if beside is not None:
        apps = [(EMPTY, data), (BRIGADE, data), (replace(BRIGADE, name=SMALLER), beside)]
    with ExitStack() as stack:
        served = []
        for app, folder in apps:
            port = free_port()
            own = stack.enter_context(server(folder, port, app.command(port)))
            served.append((app, own.address))
        # The first visit of a server is a start, which is measured elsewhere.
        for app, address in served:
            _visit(chromium, app, address)
        found = [
            _visit(chromium, app, address)
            for _ in range(max(1, count // 2))
            for app, address in served
        ]
        for app, address in served:
            found += _clicks(chromium, app, address, count)
    if beside is None:
        _compare(found)
    return found


def _compare(found: list[Paint]) -> None:
    """Refuse to give times where the plain app and Brigade don't draw the same numbers."""
    plain, brigade = ([p for p in found if p.app == app.name] for app in (PLAIN, BRIGADE))
    for one, other in zip(plain, brigade, strict=True):
        if one.figures != other.figures:
            raise RuntimeError(f"{one.way}: {one.figures} is not {other.figures}")
        if not one.figures["charts"] or not one.figures["cards"]:
            raise RuntimeError(f"{one.way}: nothing is drawn")


def _visit(chromium: Browser, app: App, address: str) -> Paint:
    page = new_page(chromium)
    page.add_init_script(f"({WATCH})()")
    page.goto(f"{address}/{app.home}")
    found = _paint(page, app, VISIT)
    page.context.close()
    return found


def _clicks(chromium: Browser, app: App, address: str, count: int) -> Iterator[Paint]:
    page = new_page(chromium)
    page.add_init_script(f"({WATCH})()")
    page.goto(f"{address}/{app.home}")
    _paint(page, app, VISIT)
    for number in range(WARMING + count):
        made = [_filter(page, app, number), _page(page, app), _drill(page, app, number)]
        if number >= WARMING:
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
    found = _paint(page, app, FILTER)
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
    return _click(page, app, PAGE, page.get_by_role("link", name=app.home_link, exact=True).first)


def _drill(page: Page, app: App, number: int) -> Paint | None:
    if app.bars is None:
        return None
    bars = page.locator(app.bars).locator("[aria-roledescription=bar]")
    return _click(page, app, DRILL, bars.nth(number % 5))


def _click(page: Page, app: App, way: str, target: Locator) -> Paint:
    target.scroll_into_view_if_needed()
    page.wait_for_timeout(100)
    _forget(page)
    target.click()
    return _paint(page, app, way)


def _forget(page: Page) -> None:
    page.evaluate(FORGET)


def _paint(page: Page, app: App, way: str) -> Paint:
    """Wait until nothing changes any more; when it last did, and what is drawn now."""
    page.wait_for_function(QUIET, timeout=PATIENCE_MS)
    found = page.evaluate(DRAWN)
    return Paint(app.name, way, found["all"], found["screen"], page.evaluate(FIGURES))


def table(found: Sequence[Paint]) -> Iterator[tuple[str, str, str]]:
    """A line for each way and app: the median, from least to most, and times the other apps'.

    The empty app has nothing to drill into: there its change of a filter stands.
    """
    for way in WAYS:
        for app in dict.fromkeys(paint.app for paint in found):
            mine = [paint for paint in found if (paint.app, paint.way) == (app, way)]
            if not mine:
                continue
            times = [paint.all for paint in mine]
            middle = median(times)
            text = f"{middle:.0f} ms ({min(times):.0f} to {max(times):.0f}, {len(mine)} times)"
            text += f", on the screen {median([paint.screen for paint in mine]):.0f}"
            for other in dict.fromkeys(paint.app for paint in found):
                like = FILTER if (way, other) == (DRILL, EMPTY.name) else way
                theirs = [paint.all for paint in found if (paint.app, paint.way) == (other, like)]
                if other != app and app.startswith(BRIGADE.name):
                    text += f"; {middle / median(theirs):.2f} times {other}"
            yield way, app, text
