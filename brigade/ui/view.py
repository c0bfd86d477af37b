"""The one way to show a result: title, chart, table, definition, SQL, CSV and drill."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pandas as pd
import streamlit as st

from brigade import export
from brigade.errors import BrigadeError, MissingExtractError
from brigade.filters import Filters, column_of
from brigade.queries import Query, query
from brigade.results import Result, fetch
from brigade.text import DASH, Text
from brigade.ui import state
from brigade.ui.charts import Bar, Chart, draw
from brigade.ui.look import Look, look

CHART, TABLE, MEANING, SQL = "chart", "table", "meaning", "sql"
_FACES = {
    CHART: Text("图", "Chart"),
    TABLE: Text("表", "Table"),
    MEANING: Text("释义", "Meaning"),
    SQL: Text("SQL", "SQL"),
}
_EMPTY = Text("当前筛选下没有记录。", "No rows under these filters.")
Drill = str | tuple[str, ...]


def page_title(title: Text, question: Text) -> None:
    """The page's heading and the question that it answers."""
    here = look()
    st.title(here.say(title))
    st.caption(here.say(question))


@contextmanager
def errors_said(here: Look) -> Iterator[None]:
    """Say in the view's own place what went wrong in it; the rest of the page goes on."""
    try:
        yield
    except MissingExtractError as error:
        st.info(here.say(error.text))
    except BrigadeError as error:
        st.error(here.say(error.text))


def view(
    name: str,
    chart: Chart | None = None,
    *,
    drill: Drill = (),
    where: Mapping[str, tuple[str, ...]] | None = None,
    narrow: Mapping[str, tuple[str, ...]] | None = None,
    title: Text | None = None,
) -> None:
    """Show a query's result.

    ``drill`` names the filters (each the key of a dimension of the result) that a click on a mark
    or a row sets; ``narrow`` further filters that the click sets with them. ``where`` narrows this
    view alone.
    """
    here = look()
    query_ = query(name)
    drills = (drill,) if isinstance(drill, str) else drill
    with st.container(border=True, key=f"view_{_slug(name)}", height="stretch"):
        st.markdown(f"#### {here.say(title or query_.title)}")
        with errors_said(here):
            filters = here.filters.having(where or {})
            # A click lists the rows that the mark counts: what the query ignores is let go.
            freed = {key: () for key in query_.ignores if key not in drills}
            _show(here, query_, chart, drills, {**freed, **(narrow or {})}, filters)


def _slug(name: str) -> str:
    return name.replace("/", "_")


def _show(
    here: Look,
    query_: Query,
    chart: Chart | None,
    drills: tuple[str, ...],
    narrow: Mapping[str, tuple[str, ...]],
    filters: Filters,
) -> None:
    own = [key for key in drills if filters.values.get(key)]
    shown = fetch(query_, filters, here.engine, here.reader)
    around = fetch(query_, filters.without(*own), here.engine, here.reader) if own else shown
    if query_.note:
        st.caption(here.say(query_.note))
    say_ignored(here, query_)
    if not around.rows:
        st.info(here.say(_EMPTY))
        return
    slug = _slug(query_.name)
    face = st.session_state.get(f"{slug}:face", CHART if chart else TABLE)
    if face == CHART and chart is not None:
        _chart(here, around, chart, drills, narrow)
    elif face == MEANING:
        _meaning(here, shown)
    elif face == SQL:
        _sql(here, shown)
    else:
        _table(here, shown, drills, narrow)
    with st.container(horizontal=True, vertical_alignment="center", key=f"faces_{slug}"):
        faces = [f for f in _FACES if f != CHART or chart is not None]
        st.segmented_control(
            here.say(Text("显示方式", "Show as")),
            faces,
            default=faces[0],
            required=True,
            key=f"{slug}:face",
            format_func=lambda f: here.say(_FACES[f]),
            label_visibility="collapsed",
        )
        _csv_button(here, shown)


def say_ignored(here: Look, query_: Query) -> None:
    """Name the filters in force that a query leaves aside."""
    names = [column_of(key).label for key in sorted(query_.ignores) if here.filters.values.get(key)]
    if names:
        zh, en = "、".join(n.zh for n in names), ", ".join(n.en for n in names)
        st.caption(here.say(Text(f"不随筛选“{zh}”变化。", f"Not narrowed by: {en}.")))


def _csv_button(here: Look, shown: Result) -> None:
    st.download_button(
        "CSV",
        data=lambda: export.to_csv(export.result_table(shown, here.lang)),
        file_name=_file_name(here, here.say(shown.query.title)),
        mime="text/csv",
        on_click="ignore",
        type="tertiary",
        key=f"{_slug(shown.query.name)}:csv",
        help=here.say(Text("下载表中所示内容", "Download what the table shows")),
    )


def _file_name(here: Look, title: str) -> str:
    period = here.filters.period
    return f"{title} {period.start}_{period.end}.csv".replace("/", "-")


def _chart(
    here: Look,
    result: Result,
    chart: Chart,
    drills: tuple[str, ...],
    narrow: Mapping[str, tuple[str, ...]],
) -> None:
    picks = {_dimension(key): key for key in drills}
    chosen = {d: v for d, key in picks.items() if (v := result_chosen(here, key))}
    drawing = draw(chart, result, lang=here.lang, dark=here.dark, chosen=chosen, picks=tuple(picks))
    # A chart's own selection would outlive the filter that it set: a new key starts it afresh.
    key = f"{_slug(result.query.name)}:chart:{sorted(chosen.items())}:{here.filters.period}"
    if picks:
        st.altair_chart(
            drawing.chart,
            theme=None,
            key=key,
            alt=drawing.alt,
            on_select=lambda: _picked(key, picks, narrow),
            selection_mode="pick",
        )
    else:
        st.altair_chart(drawing.chart, theme=None, key=key, alt=drawing.alt)
    if isinstance(chart, Bar) and len(result.rows) > chart.top:
        st.caption(
            here.say(
                Text(
                    f"共 {len(result.rows)} 项，图中 {chart.top} 项；全部见表和 CSV。",
                    f"{chart.top} of {len(result.rows)} drawn; all are in the table and the CSV.",
                )
            )
        )


def _dimension(key: str) -> str:
    """The column of a result that a drill's key stands for."""
    return key.rpartition(".")[2]


def result_chosen(here: Look, key: str) -> tuple[str, ...]:
    """The values in force of the filter that a drill sets."""
    return tuple(here.filters.values.get(key, ()))


def _picked(
    chart_key: str, picks: Mapping[str, str], narrow: Mapping[str, tuple[str, ...]]
) -> None:
    picked = st.session_state[chart_key]["selection"].get("pick") or []
    if picked:
        take({key: str(picked[0][f"key_{dimension}"]) for dimension, key in picks.items()}, narrow)


def take(picked: Mapping[str, str], narrow: Mapping[str, tuple[str, ...]]) -> None:
    """Do what a click asks: a month or a day becomes the period, all else a filter."""
    values = {key: value for key, value in picked.items() if key not in ("month", "day")}
    for key in picked.keys() - values.keys():
        state.set_period(state.span_of(key, picked[key]))
    now_chosen = state.toggle(values)
    state.choose(narrow if now_chosen else dict.fromkeys(narrow, ()))


def _table(
    here: Look, result: Result, drills: tuple[str, ...], narrow: Mapping[str, tuple[str, ...]]
) -> None:
    frame = pd.DataFrame(export.result_table(result, here.lang).to_pydict())
    key = f"{_slug(result.query.name)}:table:{len(result.rows)}:{here.filters}"
    config: dict[str, Any] = {"hide_index": True, "placeholder": DASH, "key": f"{hash(key)}"}
    if not drills:
        st.dataframe(frame, **config)
        return

    def clicked() -> None:
        rows = st.session_state[config["key"]]["selection"]["rows"]
        if rows:
            row = result.rows[rows[0]]
            take({k: state.text_of(k, row[_dimension(k)]) for k in drills}, narrow)

    st.dataframe(frame, on_select=clicked, selection_mode="single-row", **config)


def _meaning(here: Look, result: Result) -> None:
    for metric in result.metrics:
        unit = here.say(metric.unit)
        unit_text = f"（{unit}）" if unit and here.lang == "zh" else f" ({unit})" if unit else ""
        st.markdown(f"**{here.say(metric.label)}**{unit_text}  \n{here.say(metric.definition)}")
        if metric.note:
            st.caption(here.say(metric.note))


def _sql(here: Look, result: Result) -> None:
    st.caption(here.say(Text("实际执行", "As run")))
    st.code(result.bound.literal(), language="sql", wrap_lines=True)
    if result.before is not None:
        st.caption(
            here.say(
                Text(
                    "对比时段执行同一段 SQL，只换起止日期。",
                    "The period compared is the same text with its own first and last day.",
                )
            )
        )
    st.caption(here.say(Text("原文", "As written")) + f" · queries/{result.query.name}.sql")
    st.code(result.query.sql, language="sql", wrap_lines=True)
