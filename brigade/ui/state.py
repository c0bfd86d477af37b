"""The filters as the session and the address hold them.

Every filter is held by a widget that nobody sees, bound to the address under the filter's own key
and drawn in the frame of every page: so a link, the Back button and a page switch all keep what was
chosen, in a form that does not depend on the language. The widgets that people see mirror them. A
drill sets the same keys from a callback, before the next run draws the widgets.
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import cast

import streamlit as st

from brigade.engine.choices import choices
from brigade.engine.protocol import Engine
from brigade.errors import FilterError
from brigade.filters import (
    FRAME,
    Period,
    add_months,
    column_of,
    filter_text,
    same_day_in,
    typed_value,
)
from brigade.text import Text

PERIOD = "period"
COMPARE = "compare"
OTHERS = "filter"
"""The key of the one widget that holds all filters without a widget of their own: key:value."""
ROWS = "rows"
"""The key figure whose rows are open."""
_NOTICES = "_notices"
_SHOWN_PERIOD = "_period"


def held_filters(engine: Engine) -> dict[str, tuple[str, ...]]:
    """Every filter in force, by key; drops, with a notice, values that a filter may not have."""
    held = {
        key: _held(key, {v: _known_value(key, v, engine) for v in _asked(key)}) for key in FRAME
    }
    pairs = _held(OTHERS, {pair: _known_pair(pair, engine) for pair in _asked(OTHERS)})
    return {key: values for key, values in {**held, **_by_key(pairs)}.items() if values}


def _asked(key: str) -> tuple[str, ...]:
    """What the session and the address ask of a held choice: after Back the address is right."""
    in_address = (value for value in st.query_params.get_all(key) if value)
    return tuple(dict.fromkeys((*(st.session_state.get(key) or ()), *in_address)))


def _held(key: str, asked: Mapping[str, str | None]) -> tuple[str, ...]:
    """The values in force of a held choice; ``asked`` gives each its usual form, or None."""
    if key in st.session_state:
        kept = [asked.get(value) for value in st.session_state[key]]
        good = [value for value in kept if value is not None]
        if good != st.session_state[key]:
            st.session_state[key] = good
    options = list(dict.fromkeys(value for value in asked.values() if value is not None))
    held = st.pills(
        key,
        options,
        selection_mode="multi",
        key=key,
        bind="query-params",
        label_visibility="collapsed",
    )
    return tuple(held)


def _known_pair(pair: str, engine: Engine) -> str | None:
    key, _, value = pair.partition(":")
    good = _known_value(key, value, engine)
    return None if good is None else f"{key}:{good}"


def _by_key(pairs: Iterable[str]) -> dict[str, tuple[str, ...]]:
    filters: dict[str, tuple[str, ...]] = {}
    for pair in pairs:
        key, _, value = pair.partition(":")
        filters[key] = (*filters.get(key, ()), value)
    return filters


def _known_value(key: str, value: str, engine: Engine) -> str | None:
    """A filter's value in its usual form, or None, with a notice, when it may not have it."""
    try:
        column = column_of(key)
        value = filter_text(column, typed_value(column, value))
        known = choices(engine, key)
        if known is None or value in known:
            return value
        label = column.label
    except FilterError:
        label = Text(key, key)
    notice(
        Text(
            f"“{label.zh}”没有取值 {value}，已从筛选中去掉。",
            f"{label.en} has no value {value}; it was dropped from the filters.",
        )
    )
    return None


def held_text(key: str, options: tuple[str, ...], default: str | None = None) -> str:
    """The value in force of a choice of one, the first option unless told otherwise."""
    first = default or options[0]
    if st.session_state.get(key, first) not in options:
        st.session_state[key] = first
    held = st.text_input(key, first, key=key, bind="query-params", label_visibility="collapsed")
    return held if held in options else first


def mirror(key: str, value: object) -> str:
    """The key of the widget that people see for a held choice, set to what is in force.

    Only where it shows something else: a widget that is set is drawn anew in the browser.
    """
    seen = f"seen:{key}"
    if seen not in st.session_state or st.session_state[seen] != value:
        st.session_state[seen] = value
    return seen


def take_mirror(key: str) -> None:
    """Take over what a person chose in the widget that they see."""
    st.session_state[key] = st.session_state[f"seen:{key}"]


def take_back(key: str, value: str) -> None:
    """Take one value of a filter back."""
    choose({key: tuple(v for v in chosen(key) if v != value)})


def _others() -> dict[str, tuple[str, ...]]:
    """The filters in force that have no widget of their own, in the session."""
    return _by_key(st.session_state.get(OTHERS) or ())


def chosen(key: str) -> tuple[str, ...]:
    """The values chosen for a filter, in the session."""
    return tuple(st.session_state.get(key) or ()) if key in FRAME else _others().get(key, ())


def notice(text: Text) -> None:
    """Something to be said once at the top of this run."""
    st.session_state.setdefault(_NOTICES, []).append(text)


def take_notices() -> list[Text]:
    """What is to be said, each once."""
    return list(dict.fromkeys(st.session_state.pop(_NOTICES, [])))


def set_period(period: Period) -> None:
    """Choose a period."""
    st.session_state[PERIOD] = (period.start, period.end)


def shown_period(default: Period | None = None) -> Period:
    """The period that the page shows now, or the default before it has shown any."""
    return cast(Period, st.session_state.get(_SHOWN_PERIOD, default))


def show_period(period: Period) -> None:
    """Keep the period that the page shows now."""
    st.session_state[_SHOWN_PERIOD] = period


def full_period(value: object) -> Period | None:
    """The period that a date widget holds; None while only its first day is picked."""
    if isinstance(value, (tuple, list)) and len(value) == 2:
        start, end = value
        if isinstance(start, date) and isinstance(end, date) and start <= end:
            return Period(start, end)
    return None


def choose(values: Mapping[str, tuple[str, ...]]) -> None:
    """Set filters to exactly these values."""
    if not values:
        return
    others = _others()
    for key, chosen_values in values.items():
        if key in FRAME:
            st.session_state[key] = list(chosen_values)
        else:
            others[key] = chosen_values
    st.session_state[OTHERS] = _as_pairs(others)


def _as_pairs(others: Mapping[str, tuple[str, ...]]) -> list[str]:
    return [f"{key}:{value}" for key, values in others.items() for value in values]


def toggle(values: Mapping[str, str]) -> bool:
    """Choose one value of each filter, or clear them where just these are chosen already.

    Whether they are chosen now.
    """
    same = bool(values) and all(chosen(key) == (value,) for key, value in values.items())
    choose({key: () if same else (value,) for key, value in values.items()})
    return not same


def clear_all() -> None:
    """Back to the default period, comparison and no filter."""
    for key in (*FRAME, OTHERS):
        st.session_state[key] = []
    for key in (PERIOD, COMPARE):
        st.session_state.pop(key, None)


def toggle_rows(metric: str) -> None:
    """Open the rows behind a key figure, or close them where they are open."""
    st.session_state[ROWS] = "" if st.session_state.get(ROWS) == metric else metric


SPANS = frozenset({"year", "month", "week", "day"})
"""Dimensions of time: a click on one of their values chooses a period."""


def span_of(grain: str, value: str) -> Period:
    """The period that a clicked day, week (by its Monday), month or year stands for.

    Of a year it is the same calendar days as those shown now, where they lie within one year.
    """
    if grain == "year":
        year, now = int(value), shown_period()
        if now.start.year != now.end.year:
            return Period(date(year, 1, 1), date(year, 12, 31))
        return Period(same_day_in(now.start, year), same_day_in(now.end, year))
    day = date.fromisoformat(value[:10])
    if grain == "day":
        return Period(day, day)
    if grain == "week":
        return Period(day, day + timedelta(days=6))
    return Period(day.replace(day=1), add_months(day.replace(day=1), 1) - timedelta(days=1))


def text_of(key: str, value: object) -> str:
    """A value of a result as the filter of that key writes it."""
    if key in SPANS:
        return str(value)[:10]
    return filter_text(column_of(key), value)
