"""The key figures at the top of a page: value, change in words, trend, target, rows."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from brigade.format import change_text, interval_text, number
from brigade.metrics import Change, Metric, metric
from brigade.queries import query
from brigade.results import Result, fetch
from brigade.text import Text
from brigade.ui import state
from brigade.ui.look import Look, look
from brigade.ui.part import part
from brigade.ui.rows import records
from brigade.ui.targets import Aim, aim_texts
from brigade.ui.view import errors_said, say_ignored


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
    key = name.replace("/", "_")
    figures = Text("、".join(n.zh for n in labels), ", ".join(n.en for n in labels))
    with (
        st.container(key=f"kpis_{key}", height="stretch"),
        errors_said(here, figures),
    ):
        result = fetch(query(name), here.filters, here.engine, here.reader)
        over_time = fetch(query(trend), here.filters, here.engine, here.reader) if trend else None
        aims = aim_texts(here, metrics)
        cards = [
            _card(here, metric(one), result, over_time, one in (links or {}), aims.get(one))
            for one in metrics
        ]
        part(
            "cards",
            f"cards_{key}",
            cards,
            {"rows": state.toggle_rows},
        )
        if links:
            _ways(here, key, links)
    _open_rows(here, metrics, dict.fromkeys(query(name).ignores, ()))


def _ways(here: Look, name: str, links: Mapping[str, str]) -> None:
    """The links to the pages that say more: unseen, the cards click them. A part can't change the
    page itself without losing the filters that the address holds."""
    with st.container(key=f"ways_{name}"):
        for metric_name, address in links.items():
            with st.container(key=f"way_{metric_name}"):
                st.page_link(here.pages[address], label=here.say(Text("详情", "More")))


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
    leads: bool,
    aim: Aim | None,
) -> dict[str, Any]:
    row = result.rows[0] if result.rows else {}
    moved = result.change(metric_, row)
    unit = here.say(metric_.unit)
    is_open = here.rows_of == metric_.name
    rows = Text("收起记录", "Close rows") if is_open else Text("记录", "Rows")
    return {
        "name": metric_.name,
        "label": here.say(metric_.label)
        + (f"（{unit}）" if unit and here.lang == "zh" else (f" ({unit})" if unit else "")),
        "value": number(moved.now, metric_.decimals),
        "help": _help(here, metric_, moved),
        # In the colour of better or worse where chance does not explain it.
        "change": change_text(metric_, moved, here.lang),
        "tone": moved.verdict,
        "aim": aim,
        "trend": _trend(metric_, over_time),
        "rows": here.say(rows) if metric_.rows else "",
        "more": here.say(Text("详情", "More")) if leads else "",
    }


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
