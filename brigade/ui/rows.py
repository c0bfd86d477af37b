"""The rows behind a figure: counted and paged in SQL, with a CSV of all of them."""

import math
from collections.abc import Mapping
from dataclasses import replace

import streamlit as st

from brigade import export
from brigade.contracts import contract
from brigade.filters import Filters
from brigade.queries import extract_of
from brigade.records import PAGE_SIZE, Records
from brigade.text import Text
from brigade.ui.look import Look, look
from brigade.ui.view import csv_name, errors_said


def records(
    relation: str,
    *,
    where: Mapping[str, tuple[str, ...]] | None = None,
    title: Text | None = None,
    name: str | None = None,
    filters: Filters | None = None,
) -> None:
    """The rows of an extract under the filters in force (and ``where``), 50 to a page.

    ``<extract>_to_date`` lists its rows of all time up to the period's last day.
    ``name`` tells two lists of one extract on a page apart; ``filters`` stand for those of the
    frame where a list has its own.
    """
    here = look() if filters is None else replace(look(), filters=filters)
    rows = Records(relation, here.filters.having(where or {}), here.reader)
    label = contract(extract_of(relation)).label
    key = f"rows_{name or relation}"
    heading = title or Text(f"{label.zh}：逐条记录", f"{label.en}: the rows")
    with st.container(border=True, key=key), errors_said(here, heading):
        count = rows.count(here.engine)
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"#### {here.say(heading)}")
            if count:
                st.download_button(
                    here.say(
                        Text(f"下载全部 {count:,} 行 CSV", f"Download all {count:,} rows as CSV")
                    ),
                    data=lambda: _csv(rows, here),
                    file_name=csv_name(here, title or label),
                    mime="text/csv",
                    on_click="ignore",
                    key=f"{key}:csv",
                )
        if not count:
            st.info(here.say(Text("当前筛选下没有记录。", "No rows under these filters.")))
            return
        page = _page(f"{key}:page", count)
        table = export.records_table(
            rows.rows(here.engine, page), rows.columns, here.lang, synthetic=False
        )
        st.dataframe(table, hide_index=True, placeholder="")


def _csv(rows: Records, here: Look) -> bytes:
    table = export.records_table(
        rows.rows(here.engine), rows.columns, here.lang, here.engine.release.synthetic
    )
    return export.to_csv(table)


def _page(key: str, count: int) -> int:
    pages = math.ceil(count / PAGE_SIZE)
    if pages == 1:
        return 1
    if st.session_state.get(key, 1) > pages:
        st.session_state[key] = 1
    return int(st.pagination(pages, key=key))
