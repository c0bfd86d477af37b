"""The sign that a cluster is at work, with the way to stop it."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from brigade.engine.failures import stopped
from brigade.engine.protocol import Engine
from brigade.engine.waiting import told_while_waiting
from brigade.text import Lang, Text

PATIENCE = 1.0
"""So many seconds pass before anything is said."""
_STOPPED = "_stopped"


@contextmanager
def waiting_said(engine: Engine, lang: Lang) -> Iterator[None]:
    """Say how long the cluster has been at work for this run of the page, beside a button that
    stops it; what it has not answered by then says so in its own place.

    Any other click does the same and asks anew: a page that is left is no longer worked for.
    """
    if engine.local:
        yield
        return
    place = st.empty()
    given_up = st.session_state.pop(_STOPPED, False)
    started = time.monotonic()
    shown: list[int] = []
    line = None

    def tell(_: float) -> None:
        nonlocal line
        if given_up:
            raise stopped()
        seconds = int(time.monotonic() - started)
        if seconds < PATIENCE or seconds in shown:
            return
        if line is None:
            with place.container(horizontal=True, vertical_alignment="center", key="waiting"):
                line = st.empty()
                st.button(Text("停止", "Stop").in_(lang), key="stop", on_click=_stop)
        shown.append(seconds)
        line.markdown(
            Text(
                f":material/hourglass_top: 集群正在计算……已 {seconds} 秒",
                f":material/hourglass_top: The cluster is at work … {seconds} s",
            ).in_(lang)
        )

    try:
        with told_while_waiting(tell):
            yield
    finally:
        place.empty()


def _stop() -> None:
    st.session_state[_STOPPED] = True
