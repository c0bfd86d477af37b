"""The choice of one village, by township and name: names repeat, the code does not."""

from dataclasses import dataclass

import streamlit as st

from brigade.format import dimension
from brigade.queries import query
from brigade.results import fetch
from brigade.text import Text
from brigade.ui import state
from brigade.ui.look import Look, look
from brigade.ui.view import errors_said

_FILTER = "village_code"
_PICKER = "village_picker"


@dataclass(frozen=True, slots=True)
class Village:
    """A village or community of the register: its 12-digit code, its township and its name."""

    code: str
    township: str | None
    name: str | None


def village_picker() -> Village | None:
    """A box to search the register in, under the township filter; the village chosen, if one is.

    The choice is the filter ``village_code``, so it is part of the address and holds on every page.
    """
    here = look()
    with errors_said(here):
        return _pick(here)
    return None


def _pick(here: Look) -> Village | None:
    register = fetch(
        query("villages/register"), here.filters.without(_FILTER), here.engine, here.reader
    )
    villages = {
        row["village_code"]: Village(row["village_code"], row["township"], row["village"])
        for row in register.rows
    }
    chosen = here.filters.values.get(_FILTER, ())
    found = villages.get(chosen[0]) if len(chosen) == 1 else None
    st.session_state[_PICKER] = found.code if found else None
    st.selectbox(
        here.say(Text("行政村或社区（可输入乡镇或村名）", "Village or community (type to search)")),
        list(villages),
        index=None,
        key=_PICKER,
        format_func=lambda code: " · ".join(
            dimension(name, value, here.lang)
            for name, value in (
                ("township", villages[code].township),
                ("village", villages[code].name),
            )
        ),
        placeholder=here.say(Text("选一个村", "choose a village")),
        on_change=_take,
    )
    return found


def _take() -> None:
    code = st.session_state[_PICKER]
    state.choose({_FILTER: (code,) if code else ()})
