"""The filters as the session and the address hold them.

Every filter is a widget bound to the address under the filter's own key, drawn in the frame of
every page: so a link, the Back button and a page switch all keep what was chosen. A drill sets the
same keys from a callback, before the next run draws the widgets.
"""

from collections.abc import Mapping
from datetime import date, timedelta

import streamlit as st

from brigade.engine.choices import choices
from brigade.engine.duckdb import Engine
from brigade.errors import FilterError
from brigade.filters import FRAME, Period, add_months, column_of, filter_text, typed_value
from brigade.text import Text

PERIOD = "period"
COMPARE = "compare"
GO = "_go"
"""Where a callback asks the next run to go: the address of a page."""
_NOTICES = "_notices"


def chip_keys() -> list[str]:
    """The filters in force that have no widget of their own, in the order of their keys."""
    found = {k for k in (*st.query_params, *map(str, st.session_state)) if k not in FRAME}
    return sorted(key for key in found if _is_filter(key) and (chosen(key) or in_address(key)))


def _is_filter(key: str) -> bool:
    try:
        column_of(key)
    except FilterError:
        return False
    return True


def chosen(key: str) -> tuple[str, ...]:
    """The values chosen for a filter, in the session."""
    return tuple(st.session_state.get(key) or ())


def in_address(key: str) -> list[str]:
    """The values that the address gives a filter."""
    return [value for value in st.query_params.get_all(key) if value]


def drop_unknown(key: str, engine: Engine) -> tuple[str, ...] | None:
    """The values that a filter may have; drops, with a notice, those in force that it may not.

    None when any value of the column's type is taken.
    """
    column = column_of(key)
    known = choices(engine, key)
    asked = dict.fromkeys((*chosen(key), *in_address(key)))
    good: list[str] = []
    bad: list[str] = []
    for value in asked:
        try:
            typed_value(column, value)
        except FilterError:
            bad.append(value)
            continue
        (good if known is None or value in known else bad).append(value)
    for value in bad:
        notice(
            Text(
                f"“{column.label.zh}”没有取值 {value}，已从筛选中去掉。",
                f"{column.label.en} has no value {value}; it was dropped from the filters.",
            )
        )
    if key in st.session_state and bad:
        st.session_state[key] = [value for value in chosen(key) if value in good]
    return known if known is not None else tuple(good)


def notice(text: Text) -> None:
    """Something to be said once at the top of this run."""
    st.session_state.setdefault(_NOTICES, []).append(text)


def take_notices() -> list[Text]:
    """What is to be said, each once."""
    return list(dict.fromkeys(st.session_state.pop(_NOTICES, [])))


def set_period(period: Period) -> None:
    """Choose a period."""
    st.session_state[PERIOD] = (period.start, period.end)


def full_period(value: object) -> Period | None:
    """The period that a date widget holds; None while only its first day is picked."""
    if isinstance(value, (tuple, list)) and len(value) == 2:
        start, end = value
        if isinstance(start, date) and isinstance(end, date) and start <= end:
            return Period(start, end)
    return None


def choose(values: Mapping[str, tuple[str, ...]]) -> None:
    """Set filters to exactly these values."""
    for key, chosen_values in values.items():
        st.session_state[key] = list(chosen_values)


def toggle(values: Mapping[str, str]) -> None:
    """Choose one value of each filter, or clear them where just these are chosen already."""
    same = all(chosen(key) == (value,) for key, value in values.items())
    choose({key: () if same else (value,) for key, value in values.items()})


def clear_all() -> None:
    """Back to the default period, comparison and no filter."""
    for key in (*FRAME, *chip_keys()):
        st.session_state[key] = []
    for key in (PERIOD, COMPARE):
        st.session_state.pop(key, None)


def go(page: str, values: Mapping[str, tuple[str, ...]] | None = None) -> None:
    """Ask the next run to open another page, with these filters chosen."""
    choose(values or {})
    st.session_state[GO] = page


def span_of(grain: str, value: str) -> Period:
    """The period that a clicked month or day stands for."""
    day = date.fromisoformat(value[:10])
    if grain == "day":
        return Period(day, day)
    return Period(day.replace(day=1), add_months(day.replace(day=1), 1) - timedelta(days=1))


def text_of(key: str, value: object) -> str:
    """A value of a result as the filter of that key writes it."""
    if key in ("month", "day"):
        return str(value)[:10]
    return filter_text(column_of(key), value)
