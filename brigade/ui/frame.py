"""The frame of every page: navigation, language, filters, and what is in force in one line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import cast
from urllib.parse import urlencode

import streamlit as st
from streamlit.navigation.page import Page as StreamlitPage

from brigade import house
from brigade.contracts import contract
from brigade.engine.choices import choices
from brigade.engine.configured import engine_for
from brigade.engine.protocol import Engine
from brigade.engine.relations import reader_here
from brigade.errors import EngineError, ReleaseError
from brigade.filters import (
    FRAME,
    Comparison,
    Filters,
    Period,
    add_months,
    column_in,
    column_of,
    typed_value,
)
from brigade.format import COMPARED, compared_text, dimension
from brigade.metrics import all_metrics
from brigade.releases import current_release
from brigade.text import SYNTHETIC, Lang, Text
from brigade.ui import state
from brigade.ui.look import Look, browser_language, look, set_look
from brigade.ui.turns import Turns
from brigade.ui.waiting import waiting_said

_HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its file under ``pages/``, its place in the navigation, the extracts it reads."""

    file: str
    section: Text
    title: Text
    reads: tuple[str, ...] = ()

    @property
    def address(self) -> str:
        """The page's path in the address."""
        return self.file.replace("/", "-").removesuffix(".py")


_turns = Turns(at_once=1, longest_s=0.5)


def run(pages: Sequence[Page]) -> None:
    """Draw the frame and the page that the address names, when it is this visitor's turn."""
    with _turns.turn():
        _run(pages)


def _run(pages: Sequence[Page]) -> None:
    with st.container(key="address_of_language"):
        lang = cast(Lang, state.held_text("lang", ("zh", "en"), browser_language()))
    st.html(_HERE / "style.css")
    st.logo(_HERE / "logo.svg", size="large")
    first = {page.section: page for page in reversed(pages)}
    drawn = {
        page.address: _streamlit_page(page, lang, page is pages[0], page is first[page.section])
        for page in pages
    }
    current = st.navigation(list(drawn.values()), position="top")
    page = next(p for p in pages if drawn[p.address] is current)
    try:
        engine = _engine()
    except (ReleaseError, EngineError) as error:
        st.error(error.text.in_(lang))
        st.stop()
    with st.container(key="address"):
        rows_of = state.held_text(state.ROWS, ("", *all_metrics()))
    with waiting_said(engine, lang):
        filters = _filters(page, engine, lang)
        dark = st.context.theme.type == "dark"
        set_look(Look(lang, dark, filters, engine, reader_here(), drawn, rows_of))
        _section(page, pages, drawn)
        for text in state.take_notices():
            st.warning(text.in_(lang))
        current.run()
    _footer(engine, lang)


def _streamlit_page(page: Page, lang: Lang, default: bool, is_first: bool) -> StreamlitPage:
    """The head names sections; each leads to its first page, and a row under it to the others."""
    return st.Page(
        house.PAGES / f"{page.file}.py",
        title=(page.section if is_first else page.title).in_(lang),
        url_path=page.address,
        default=default,
        visibility="visible" if is_first else "hidden",
    )


def _section(page: Page, pages: Sequence[Page], drawn: Mapping[str, StreamlitPage]) -> None:
    """Links to the pages of the section, where it has several."""
    lang = look().lang
    siblings = [other for other in pages if other.section == page.section]
    if len(siblings) > 1:
        with st.container(key="section", horizontal=True):
            for other in siblings:
                st.page_link(drawn[other.address], label=other.title.in_(lang), width="content")


def _engine() -> Engine:
    """The engine of the newest release; when that one is damaged, the one that ran until now."""
    kept = st.session_state.get("_engine")
    try:
        engine = engine_for(current_release())
    except ReleaseError as error:
        if kept is None:
            raise
        state.notice(error.text)
        return cast(Engine, kept)
    st.session_state["_engine"] = engine
    return engine


def default_period(engine: Engine) -> Period:
    """From 1 January to the newest day in the extracts."""
    newest = engine.release.newest_day or date.today()
    return Period(date(newest.year, 1, 1), newest)


def _filters(page: Page, engine: Engine, lang: Lang) -> Filters:
    default = default_period(engine)
    with st.container(key="address_of_filters"):
        comparison = cast(Comparison, state.held_text(state.COMPARE, tuple(COMPARED)))
        values = state.held_filters(engine)
    with st.container(key="language"):
        _language_switch(lang)
    st.toggle(Text("筛选", "Filters").in_(lang), key="show_filters")
    with st.container(key="filters", horizontal=True, vertical_alignment="bottom"):
        period = _period_widgets(engine, default, lang)
        _comparison_widget(comparison, lang)
        for key in FRAME:
            _value_widget(key, values.get(key, ()), page, engine, lang)
    filters = Filters(period.clipped(default.end), comparison, values)
    _line(page, filters, lang)
    return filters


def _language_switch(lang: Lang) -> None:
    key = state.mirror("lang", lang)
    st.segmented_control(
        Text("语言", "Language").in_(lang),
        ["zh", "en"],
        required=True,
        key=key,
        format_func=lambda code: {"zh": "中文", "en": "English"}[code],
        label_visibility="collapsed",
        on_change=state.take_mirror,
        args=("lang",),
    )


def _period_widgets(engine: Engine, default: Period, lang: Lang) -> Period:
    oldest = engine.release.oldest_day or default.start
    quick = quick_periods(oldest, default.end, lang)
    # A release may begin after 1 January, and what was chosen over another may lie beyond this one.
    chosen = st.session_state.get(state.PERIOD) or ()
    value = st.date_input(
        Text("时段", "Period").in_(lang),
        (default.start, default.end),
        min_value=min((oldest, default.start, *chosen)),
        max_value=max((date(default.end.year, 12, 31), *chosen)),
        key=state.PERIOD,
        format="YYYY-MM-DD",
        bind="query-params",
        width=215,
    )
    period = state.full_period(value) or state.shown_period(default)
    state.show_period(period)
    st.selectbox(
        Text("快捷时段", "Quick period").in_(lang),
        list(quick),
        index=None,
        key=state.mirror("quick", next((n for n, p in quick.items() if p == period), None)),
        placeholder=Text("自定", "own choice").in_(lang),
        on_change=_take_quick,
        args=(quick,),
        width=125,
    )
    return period


def _take_quick(quick: dict[str, Period]) -> None:
    name = st.session_state["seen:quick"]
    if name in quick:
        state.set_period(quick[name])


def quick_periods(oldest: date, newest: date, lang: Lang) -> dict[str, Period]:
    """The periods offered by name: this year, last year, the last 12 months, each recent month."""
    twelve = Period(add_months(newest, -12) + timedelta(days=1), newest)
    if newest == _next_month(newest) - timedelta(days=1):
        twelve = Period(add_months(newest.replace(day=1), -11), newest)
    periods = {
        Text("今年", "This year").in_(lang): Period(date(newest.year, 1, 1), newest),
        Text("去年", "Last year").in_(lang): Period(
            date(newest.year - 1, 1, 1), date(newest.year - 1, 12, 31)
        ),
        Text("近 12 个月", "Last 12 months").in_(lang): twelve,
    }
    first = newest.replace(day=1)
    for _ in range(12):
        end = min(_next_month(first) - timedelta(days=1), newest)
        periods[f"{first:%Y-%m}"] = Period(first, end)
        first = (first - timedelta(days=1)).replace(day=1)
    return {name: p for name, p in periods.items() if p.end >= oldest}


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def _comparison_widget(comparison: Comparison, lang: Lang) -> None:
    st.selectbox(
        Text("比较", "Compare with").in_(lang),
        list(COMPARED),
        key=state.mirror(state.COMPARE, comparison),
        format_func=lambda kind: COMPARED[kind].in_(lang),
        on_change=state.take_mirror,
        args=(state.COMPARE,),
        width=200,
    )


def _value_widget(
    key: str, values: tuple[str, ...], page: Page, engine: Engine, lang: Lang
) -> None:
    """A filter's widget; one that no extract of the page has is shown as not applying."""
    applies = _applies(key, page)
    label = column_of(key).label.in_(lang)
    if not applies:
        label += Text("（不适用）", " (n/a here)").in_(lang)
    st.multiselect(
        label,
        choices(engine, key) or values,
        key=state.mirror(key, list(values)),
        format_func=lambda value: written(key, value, lang),
        placeholder=Text("全部", "all").in_(lang),
        disabled=not applies,
        on_change=state.take_mirror,
        args=(key,),
        width=142,
    )


def _applies(key: str, page: Page) -> bool:
    return any(column_in(key, contract(name)) for name in page.reads)


def written(key: str, value: str, lang: Lang) -> str:
    """A filter's value as it is read: weekdays by name, yes and no, not recorded."""
    column = column_of(key)
    return dimension(column.name, typed_value(column, value), lang)


def _line(page: Page, filters: Filters, lang: Lang) -> None:
    """The filters in force, in one line of words, each with the way to take it back."""
    with st.container(key="filter_line", horizontal=True, vertical_alignment="center"):
        st.markdown(compared_text(filters.period, filters.before, filters.comparison, lang))
        for key, values in filters.values.items():
            for value in values:
                _chip(key, value, page, lang)
        st.button(
            Text("清除全部", "Clear all").in_(lang),
            key="clear_all",
            type="tertiary",
            on_click=state.clear_all,
        )
        with st.popover(Text("复制链接", "Copy link").in_(lang), type="tertiary"):
            st.code(_address(), language=None, wrap_lines=True)


def _chip(key: str, value: str, page: Page, lang: Lang) -> None:
    text = f"{column_of(key).label.in_(lang)}: {written(key, value, lang)}"
    if not _applies(key, page):
        text += Text("（不适用）", " (n/a here)").in_(lang)
    st.button(
        f"{text} ✕",
        key=f"chip:{key}:{value}",
        on_click=state.take_back,
        args=(key, value),
        help=Text("去掉这个筛选", "Take this filter back").in_(lang),
    )


def _address() -> str:
    pairs = [(k, v) for k in st.query_params for v in st.query_params.get_all(k)]
    base = str(st.context.url or "").split("?")[0]
    return f"{base}?{urlencode(pairs)}" if pairs else base


def _footer(engine: Engine, lang: Lang) -> None:
    release = engine.release
    parts = [
        Text(f"数据至 {release.newest_day}", f"data to {release.newest_day}").in_(lang),
        Text(f"版本 {release.id}", f"release {release.id}").in_(lang),
    ]
    if release.synthetic:
        parts.append(SYNTHETIC.in_(lang))
    with st.container(key="footer"):
        st.caption(" · ".join(parts))
