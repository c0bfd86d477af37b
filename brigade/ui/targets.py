"""The targets in force, one line each: target, done, even pace by now, and how that stands."""

from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import streamlit as st

from brigade import export
from brigade.format import number, period_text
from brigade.metrics import Metric
from brigade.targets import (
    Progress,
    Standing,
    Target,
    pace_decimals,
    pace_text,
    progress,
    targets_in_force,
)
from brigade.text import DASH, SYNTHETIC, Text
from brigade.ui import state
from brigade.ui.look import Look, look
from brigade.ui.rows import records
from brigade.ui.view import csv_name, errors_said

QUERY = "overview/targets"
TONES: dict[Standing, str] = {"good": "better", "bad": "worse"}

Aim = tuple[str, str, str]
"""A target in words: what was aimed at and due, the verdict, and the tone of that."""

_METRIC = Text("指标", "Metric")
_TOWNSHIP = Text("乡镇街道", "Township")
_READ = Text("读法", "Read as")
_SPAN = Text("目标时段", "Span")
_TARGET = Text("目标", "Target")
_DONE = Text("至期末完成", "Done by the period's end")
_PACE = Text("均速应完成", "Due at even pace")
_SHARE = Text("完成 ÷ 目标", "Done ÷ target")
_STANDS = Text("进展", "Verdict")
_READINGS = {
    "higher": Text("至少", "at least"),
    "lower": Text("至多", "at most"),
    "neutral": Text("计划", "planned"),
}
_OWN = Text(
    "完成数用各指标自己的查询，从目标开始之日算到期末；除乡镇街道外，不随筛选变化。"
    "均速按天数折算；八个一、隐患等存量从目标开始前一日的水平算起，比率没有均速。"
    "点一行看完成数背后的记录。",
    "What is done comes from each metric's own query, from the target's first day to the period's "
    "end; no filter but the township changes it. Even pace goes by days; a stock (facilities, "
    "hazards) starts from its level on the day before; a ratio has none. Click a row for the rows "
    "behind what is done.",
)


def target_table(title: Text, *, by_township: bool = False) -> None:
    """The targets of the county, or of the townships chosen, and the rows behind one of them.

    ``by_township`` lists those of all townships instead, where none is chosen; a click on one
    chooses its township.
    """
    here = look()
    chosen = bool(here.filters.values.get("township"))
    if by_township and chosen:
        return
    name = "townships" if by_township else "county"
    with st.container(border=True, key=f"targets_{name}"), errors_said(here, title):
        st.markdown(f"#### {here.say(title)}")
        every = targets_in_force(QUERY, here.filters, here.engine, here.reader)
        mine = [
            target for target in every if chosen or (target.township is not None) == by_township
        ]
        if not mine:
            st.info(here.say(Text("期末没有有效的目标。", "No target is in force by then.")))
            return
        if not by_township:
            st.caption(here.say(_OWN))
        day = here.filters.period.end
        found = [progress(target, day, here.engine, here.reader) for target in mine]
        _table(here, title, name, found, with_township=by_township or chosen)
    if not by_township:
        _opened(here, found)


def _table(
    here: Look, title: Text, name: str, found: Sequence[Progress], with_township: bool
) -> None:
    columns = _columns(here, found)
    if not with_township:
        del columns[here.say(_TOWNSHIP)]
    key = f"targets_{name}:table:{here.filters}:{here.rows_of}"

    def clicked() -> None:
        rows = st.session_state[key]["selection"]["rows"]
        if rows:
            _take(found[rows[0]].target)

    st.dataframe(
        pa.table({head: pa.array(cells) for head, cells in columns.items()}),
        hide_index=True,
        placeholder=DASH,
        height="content",
        key=key,
        on_select=clicked,
        selection_mode="single-row",
        column_config={
            here.say(_SHARE): st.column_config.ProgressColumn(
                min_value=0, max_value=100, format="%.0f%%"
            ),
        },
    )
    synthetic = here.engine.release.synthetic
    if synthetic:
        columns |= {here.say(Text("数据说明", "Data")): [here.say(SYNTHETIC)] * len(found)}
    st.download_button(
        "CSV",
        data=lambda: export.to_csv(pa.table({h: pa.array(c) for h, c in columns.items()})),
        file_name=csv_name(here, title),
        mime="text/csv",
        on_click="ignore",
        type="tertiary",
        key=f"targets_{name}:csv",
    )


def _columns(here: Look, found: Sequence[Progress]) -> dict[str, list[Any]]:
    """The cells of the table by header; its CSV has the same."""
    rows = [_row(here, one) for one in found]
    return {here.say(head): [row[head] for row in rows] for head in rows[0]}


def _row(here: Look, one: Progress) -> dict[Text, Any]:
    target, metric = one.target, one.metric
    share = 100.0 * one.done / target.value if one.done is not None and target.value else None
    return {
        _METRIC: _label(here, metric) if metric else target.metric,
        _TOWNSHIP: target.township or here.say(Text("全县", "county")),
        _STANDS: here.say(one.verdict),
        _READ: here.say(_READINGS[metric.better]) if metric else "",
        _TARGET: target.value,
        _DONE: None if one.done is None or metric is None else round(one.done, metric.decimals),
        _PACE: None
        if one.expected is None or metric is None
        else round(one.expected, pace_decimals(metric, one.expected)),
        _SHARE: share,
        _SPAN: period_text(target.span),
    }


def _label(here: Look, metric: Metric) -> str:
    unit = here.say(metric.unit)
    return here.say(metric.label) + (here.say(Text(f"（{unit}）", f" ({unit})")) if unit else "")


def _take(target: Target) -> None:
    """Show the rows behind a target; one of a township chooses the township with it."""
    chosen = state.chosen("township")
    if target.township and chosen != (target.township,):
        state.choose({"township": (target.township,)})
        st.session_state[state.ROWS] = target.metric
    else:
        state.toggle_rows(target.metric)


def _opened(here: Look, found: Sequence[Progress]) -> None:
    """The rows that the target opened counts, in its own span of days."""
    for one in found:
        metric = one.metric
        if metric is None or metric.name != here.rows_of or metric.rows is None:
            continue
        town = Text(f"{one.target.township}，", f"{one.target.township}, ")
        where = town if one.target.township else Text("", "")
        records(
            metric.rows,
            where=metric.where,
            title=Text(
                f"{where.zh}{metric.label.zh}：逐条记录", f"{where.en}{metric.label.en}: the rows"
            ),
            name="opened",
            filters=one.filters,
        )
        return


def aim_texts(here: Look, metrics: Sequence[str]) -> dict[str, Aim]:
    """The targets of some metrics in a line of words each, to stand under their figures.

    Where another filter than the township narrows the figure it has no target.
    """
    if set(here.filters.values) - {"township"} or not here.engine.extracts >= {"targets"}:
        return {}
    one_township = len(here.filters.values.get("township", ())) == 1
    texts = {}
    for target in targets_in_force(QUERY, here.filters, here.engine, here.reader):
        if target.metric in metrics and (target.township is not None) == one_township:
            one = progress(target, here.filters.period.end, here.engine, here.reader)
            if one.metric is not None:
                texts[target.metric] = _aim_text(here, one, one.metric)
    return texts


def _aim_text(here: Look, one: Progress, metric: Metric) -> Aim:
    aim = number(one.target.value, metric.decimals)
    parts = [Text(f"目标 {aim}", f"target {aim}")]
    if one.done is not None and one.target.span.start != here.filters.period.start:
        since, done = one.target.span.start, number(one.done, metric.decimals)
        parts.append(Text(f"{since} 以来 {done}", f"{done} since {since}"))
    if one.expected is not None:
        due = pace_text(metric, one.expected)
        parts.append(Text(f"至今均速 {due}", f"{due} by now at even pace"))
    said = here.say(Text("，", ", ")).join(here.say(part) for part in parts)
    tone = TONES.get(one.standing, "")
    return said + here.say(Text("：", ": ")), here.say(one.verdict), tone
