"""A person's own question: the SQL, what there is to ask about, the rows, what was run."""

import pyarrow as pa
import streamlit as st

from brigade import export
from brigade.catalogue import columns_table
from brigade.console import (
    FUNCTIONS,
    LETTERS,
    ROWS_SAVED,
    ROWS_SHOWN,
    TABLE_FUNCTIONS,
    Answer,
    ask,
)
from brigade.contracts import Column, all_contracts, contract
from brigade.engine.sandbox import SECONDS
from brigade.errors import BrigadeError
from brigade.format import number
from brigade.text import DASH, Text
from brigade.ui.completion import completion
from brigade.ui.look import Look, look
from brigade.ui.view import csv_name

SQL = "sql"
"""The key of the SQL in the address."""
_LABEL = Text("SQL（Tab 补全，Ctrl+Enter 运行）", "SQL (Tab completes, Ctrl+Enter runs)")
_KEPT = "_sql"
_ANSWERED = "_sql_answer"


def extracts_offered() -> tuple[str, ...]:
    """Every extract: a question may read any of them, so every filter applies."""
    return tuple(all_contracts())


def console() -> None:
    """A box for one SELECT and its answer under the filters in force. The SQL is in the address."""
    here = look()
    asking, columns = st.columns([3, 2])
    with columns:
        _columns(here)
    with asking:
        _rules(here)
        text = _box(here)
    if text.strip():
        with st.container(border=True, key="console_answer"):
            _answer(here, text)


def _rules(here: Look) -> None:
    st.caption(
        here.say(
            Text(
                f"只读：一条 SELECT（可带 WITH），读右侧的数据，不带前缀。"
                f"上面的时段和筛选照样起作用，个人信息照样遮盖。显示前 {ROWS_SHOWN:,} 行，"
                f"CSV 最多 {ROWS_SAVED:,} 行，最长 {SECONDS:g} 秒。",
                f"Read-only: one SELECT (WITH is fine) over the extracts listed, by plain name. "
                f"The period and filters above apply and personal columns are masked, as on every "
                f"page. The first {ROWS_SHOWN:,} rows are shown, a CSV holds up to "
                f"{ROWS_SAVED:,}, and it may take {SECONDS:g} seconds.",
            )
        )
    )


def _box(here: Look) -> str:
    """The box, whose text outlives a visit to another page and is taken from the address."""
    kept = st.session_state.get(_KEPT)
    if kept and SQL not in st.session_state and SQL not in st.query_params:
        st.session_state[SQL] = kept
    with st.form("console", border=False):
        text = st.text_area(
            here.say(
                Text("SQL（Tab 补全，Ctrl+Enter 运行）", "SQL (Tab completes, Ctrl+Enter runs)")
            ),
            key=SQL,
            bind="query-params",
            height=220,
            max_chars=LETTERS,
            placeholder=_example("violations"),
        )
        completion(SQL, here.engine, here.lang)
        st.form_submit_button(here.say(Text("运行", "Run")), type="primary")
    st.session_state[_KEPT] = text or ""
    return text or ""


def _columns(here: Look) -> None:
    """The columns of an extract, to look up and to copy."""
    name = st.selectbox(
        here.say(Text("数据", "Extract")),
        [c for c in all_contracts() if c in here.engine.extracts],
        format_func=lambda name: f"{name} · {here.say(contract(name).label)}",
        key="console_extract",
    )
    st.code(_example(name), language="sql", wrap_lines=True)
    table = columns_table(here.lang, name)
    shown = [1, 2 if here.lang == "zh" else 3, 4, 6]
    st.dataframe(
        table.select(shown),
        hide_index=True,
        placeholder=DASH,
        height=180,
        key="console_columns",
    )
    with st.expander(here.say(Text("还能写什么", "What else may be written"))):
        st.markdown(
            here.say(
                Text(
                    f"- `{name}_before`：对比时段；`{name}_to_date`：至时段末日的全部；"
                    "`period`：时段的起止日期。`records` 在每行都是 1。\n"
                    f"- FROM 中的函数：{_listed(TABLE_FUNCTIONS)}\n- 函数：{_listed(FUNCTIONS)}",
                    f"- `{name}_before`: the period compared; `{name}_to_date`: all up to the "
                    "period's last day; `period`: the bounds. `records` is 1 on each row.\n"
                    f"- Functions in FROM: {_listed(TABLE_FUNCTIONS)}\n"
                    f"- Functions: {_listed(FUNCTIONS)}",
                )
            )
        )


def _listed(names: frozenset[str]) -> str:
    return " ".join(f"`{name}`" for name in sorted(names))


def _example(name: str) -> str:
    """A first question to an extract: its rows by the first column that can be filtered by."""
    groups = [c.name for c in contract(name).columns.values() if c.filter and c.type == "text"]
    first = "township" if "township" in groups else next(iter(groups), contract(name).key[0])
    return (
        f"select {first}, sum(records) as records\nfrom {name}\n"
        f"group by {first}\norder by records desc"
    )


def _answer(here: Look, text: str) -> None:
    try:
        answer = _asked(here, text)
    except BrigadeError as error:
        st.error(here.say(error.text))
        return
    table = _headed(here, answer, synthetic=False)
    st.dataframe(table, hide_index=True, placeholder="", key="console_rows")
    title = Text("SQL 查询", "SQL")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(here.say(_counted(answer)))
        st.download_button(
            "CSV",
            data=lambda: _csv(here, text, answer),
            file_name=csv_name(here, title),
            mime="text/csv",
            on_click="ignore",
            type="tertiary",
            key="console:csv",
            help=here.say(Text(f"最多 {ROWS_SAVED:,} 行", f"up to {ROWS_SAVED:,} rows")),
        )
    with st.expander(here.say(Text("实际执行的 SQL", "The SQL as run"))):
        st.code(answer.bound.literal(), language="sql", wrap_lines=True)


def _asked(here: Look, text: str) -> Answer:
    """The answer; the last one is kept, since a release never changes."""
    key = (text, repr(here.filters), here.reader, here.engine.release.fingerprint)
    kept = st.session_state.get(_ANSWERED)
    if kept is None or kept[0] != key:
        with st.spinner(here.say(Text("正在查询……", "Asking…"))):
            kept = (key, ask(text, here.filters, here.engine, here.reader))
        st.session_state[_ANSWERED] = kept
    answer: Answer = kept[1]
    return answer


def _counted(answer: Answer) -> Text:
    rows, seconds = number(answer.table.num_rows), number(answer.seconds, 1)
    if answer.more:
        return Text(
            f"前 {rows} 行，后面还有；CSV 最多 {ROWS_SAVED:,} 行 · {seconds} 秒",
            f"the first {rows} rows of more; the CSV holds up to {ROWS_SAVED:,} · {seconds} s",
        )
    return Text(f"共 {rows} 行 · {seconds} 秒", f"{rows} rows · {seconds} s")


def _csv(here: Look, text: str, answer: Answer) -> bytes:
    if answer.more:
        answer = ask(text, here.filters, here.engine, here.reader, rows=ROWS_SAVED)
    return export.to_csv(_headed(here, answer, here.engine.release.synthetic))


def _headed(here: Look, answer: Answer, synthetic: bool) -> pa.Table:
    names = answer.table.column_names
    columns = [Column(name, "text", Text(name, name)) for name in names]
    return export.records_table(answer.table, columns, here.lang, synthetic)
