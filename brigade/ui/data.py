"""What there is, as tables that can be searched and saved: extracts, files, columns, metrics."""

from collections.abc import Callable, Mapping
from typing import Literal

import pyarrow as pa
import streamlit as st

from brigade import export
from brigade.catalogue import (
    columns_table,
    extracts_table,
    finding,
    metrics_table,
    rejected_rows,
    sources_table,
)
from brigade.format import number
from brigade.text import DASH, SYNTHETIC, Text
from brigade.ui.look import Look, look

_FEW = 10
"""So many rows are shown whole; a longer table scrolls."""

_TABLES: Mapping[str, Callable[[Look], pa.Table]] = {
    "extracts": lambda here: extracts_table(here.engine.release, here.lang),
    "sources": lambda here: sources_table(here.engine.release, here.lang),
    "columns": lambda here: columns_table(here.lang),
    "metrics": lambda here: metrics_table(here.lang),
}


def catalogue(name: str, title: Text) -> None:
    """One of the tables ``extracts``, ``sources``, ``columns`` or ``metrics``, with a search that
    stands in the address and a CSV of what it finds."""
    here = look()
    whole = _TABLES[name](here)
    with st.container(border=True, key=f"view_data_{name}"):
        st.markdown(f"#### {here.say(title)}")
        if not whole.num_rows:
            st.info(
                here.say(
                    Text(
                        "当前版本不是由文件导入的，没有源文件。",
                        "The release was not imported from files.",
                    )
                )
            )
            return
        words = st.text_input(
            here.say(Text("查找（可输入几个词）", "Search (one word or several)")),
            key=f"find_{name}",
            bind="query-params",
            width=320,
        )
        table = finding(whole, words)
        if not table.num_rows:
            st.info(here.say(Text("没有找到。", "Nothing found.")))
            return
        height: Literal["content"] | int = "content" if table.num_rows <= _FEW else 600
        st.dataframe(table, hide_index=True, placeholder=DASH, height=height)
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(_counted(here, table.num_rows, whole.num_rows))
            st.download_button(
                "CSV",
                data=lambda: export.to_csv(table),
                file_name=f"{here.say(title)} {here.engine.release.id}.csv",
                mime="text/csv",
                on_click="ignore",
                type="tertiary",
                key=f"data_{name}:csv",
            )


def _counted(here: Look, found: int, whole: int) -> str:
    if found == whole:
        return here.say(Text(f"共 {whole} 行", f"{whole} rows"))
    return here.say(Text(f"{whole} 行中找到 {found} 行", f"{found} of {whole} rows"))


def release_said() -> None:
    """Which release is in force, since when, by whom, and how many rows it left out."""
    here = look()
    release = here.engine.release
    made = f"{release.created_at:%Y-%m-%d %H:%M} UTC"
    rejected = number(rejected_rows(release))
    parts = [
        Text(f"版本 {release.id}", f"Release {release.id}"),
        Text(f"{made} 由 {release.created_by} 生成", f"made on {made} by {release.created_by}"),
        Text(f"导入时剔除 {rejected} 行", f"{rejected} rows left out at import"),
    ]
    if release.synthetic:
        parts.append(SYNTHETIC)
    st.markdown(" · ".join(here.say(part) for part in parts))
