"""The least that Streamlit can do: one widget, one line of text, and a page beside it."""

import streamlit as st

from benchmarks.apps.choices import PERIODS


def first() -> None:
    """One widget and one line of text."""
    st.write(st.selectbox("快捷时段", list(PERIODS), key="period"))


def second() -> None:
    """A line of text."""
    st.write("second")


st.navigation(
    [
        st.Page(first, title="首页", url_path="first", default=True),
        st.Page(second, title="说明", url_path="second"),
    ],
    position="top",
).run()
