"""The key figures at the top of a page: value, change in words, trend, target, rows."""

from collections.abc import Mapping, Sequence

import streamlit as st

from brigade.format import change_text, interval_text, number
from brigade.metrics import Change, Metric, metric
from brigade.queries import query
from brigade.results import Result, fetch
from brigade.text import Text
from brigade.ui import state
from brigade.ui.look import Look, look
from brigade.ui.rows import records
from brigade.ui.targets import aim_texts
from brigade.ui.view import errors_said, say_ignored

_COLOURS = {"better": "green", "worse": "red"}


def kpis(
    name: str,
    metrics: Sequence[str],
    *,
    trend: str | None = None,
    links: Mapping[str, str] | None = None,
) -> None:
    """A row of key figures from a query of one row.

    ``trend`` names a query with the same metrics by month; ``links`` the address of the page that
    says more of a metric.
    """
    here = look()
    say_ignored(here, query(name))
    labels = [metric(m).label for m in metrics]
    figures = Text("、".join(n.zh for n in labels), ", ".join(n.en for n in labels))
    with (
        st.container(key=f"kpis_{name.replace('/', '_')}", horizontal=True, height="stretch"),
        errors_said(here, figures),
    ):
        result = fetch(query(name), here.filters, here.engine, here.reader)
        over_time = fetch(query(trend), here.filters, here.engine, here.reader) if trend else None
        aims = aim_texts(here, metrics)
        for metric_name in metrics:
            aim = aims.get(metric_name)
            _card(here, metric(metric_name), result, over_time, links or {}, aim)
    _open_rows(here, metrics, dict.fromkeys(query(name).ignores, ()))


def _open_rows(here: Look, metrics: Sequence[str], where: Mapping[str, tuple[str, ...]]) -> None:
    """The rows of the key figure that was clicked, right under the figures."""
    if here.rows_of in metrics:
        opened = metric(here.rows_of)
        if opened.rows:
            title = Text(f"{opened.label.zh}：逐条记录", f"{opened.label.en}: the rows")
            records(opened.rows, where={**where, **opened.where}, title=title, name="opened")


def _card(
    here: Look,
    metric_: Metric,
    result: Result,
    over_time: Result | None,
    links: Mapping[str, str],
    aim: str | None,
) -> None:
    row = result.rows[0] if result.rows else {}
    moved = result.change(metric_, row)
    with st.container(border=True, key=f"kpi_{metric_.name}", height="stretch"):
        unit = here.say(metric_.unit)
        st.metric(
            here.say(metric_.label)
            + (f"（{unit}）" if unit and here.lang == "zh" else (f" ({unit})" if unit else "")),
            number(moved.now, metric_.decimals),
            help=_help(here, metric_, moved),
            chart_data=_trend(metric_, over_time),
        )
        st.caption(_in_colour(change_text(metric_, moved, here.lang), moved))
        if aim is not None:
            st.caption(aim)
        _buttons(here, metric_, links)


def _in_colour(text: str, moved: Change) -> str:
    """The change in words, in the colour of better or worse where chance does not explain it."""
    colour = _COLOURS.get(moved.verdict)
    return f":{colour}[{text}]" if colour else text


def _help(here: Look, metric_: Metric, moved: Change) -> str:
    parts = [here.say(metric_.definition), interval_text(moved, here.lang)]
    if metric_.note:
        parts.insert(1, here.say(metric_.note))
    return "\n\n".join(part for part in parts if part)


def _trend(metric_: Metric, over_time: Result | None) -> list[float] | None:
    if over_time is None:
        return None
    values = [row.get(metric_.name) for row in over_time.rows]
    drawn = [float(value) for value in values if value is not None]
    return drawn if len(drawn) > 1 else None


def _buttons(here: Look, metric_: Metric, links: Mapping[str, str]) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        if metric_.rows:
            is_open = here.rows_of == metric_.name
            st.button(
                here.say(Text("收起记录", "Close rows") if is_open else Text("记录", "Rows")),
                key=f"rows_of_{metric_.name}",
                type="tertiary",
                on_click=state.toggle_rows,
                args=(metric_.name,),
            )
        if metric_.name in links:
            st.page_link(
                here.pages[links[metric_.name]],
                label=here.say(Text("详情", "More")),
                width="content",
            )
