"""What a click on a mark sets, and takes back when the same mark is clicked again."""

import pytest
from streamlit.testing.v1 import AppTest

OVERDUE = ["vehicles.inspection_state:已逾期"]


def _page() -> None:
    from datetime import date

    import streamlit as st

    from brigade.filters import Period
    from brigade.ui import state
    from brigade.ui.view import take

    overdue = {"vehicles.inspection_state": ("已逾期",)}
    st.button("township", on_click=take, args=({"township": "刘集镇"}, overdue))
    st.button("other", on_click=take, args=({"township": "高集镇"}, overdue))
    st.button("month", on_click=take, args=({"month": "2022-03-01"}, overdue))
    st.button("week", on_click=take, args=({"week": "2022-02-28"}, overdue))
    st.button(
        "free", on_click=take, args=({"township": "刘集镇"}, {"vehicles.inspection_state": ()})
    )
    chosen = state.full_period(st.session_state.get(state.PERIOD)) or Period(date.min, date.min)
    st.text(f"{chosen.start} {chosen.end}")


@pytest.fixture
def app() -> AppTest:
    return AppTest.from_function(_page).run()


def click(app: AppTest, *labels: str) -> tuple[list[str], list[str]]:
    """The townships and other filters in force after these clicks."""
    for label in labels:
        next(button for button in app.button if button.label == label).click().run()
        assert not app.exception
    state = app.session_state
    return [*state["township"]] if "township" in state else [], [*state["filter"]]


def test_a_click_chooses_its_value_and_what_narrows_the_figure(app: AppTest) -> None:
    assert click(app, "township") == (["刘集镇"], OVERDUE)


def test_the_same_click_again_takes_both_back(app: AppTest) -> None:
    assert click(app, "township", "township") == ([], [])


def test_a_click_on_another_mark_moves_the_choice(app: AppTest) -> None:
    assert click(app, "township", "other") == (["高集镇"], OVERDUE)


def test_a_month_becomes_the_period_and_still_narrows(app: AppTest) -> None:
    assert click(app, "month") == ([], OVERDUE)
    assert app.text[0].value == "2022-03-01 2022-03-31"


def test_a_week_becomes_the_period_from_its_monday_to_its_sunday(app: AppTest) -> None:
    assert click(app, "week") == ([], OVERDUE)
    assert app.text[0].value == "2022-02-28 2022-03-06"


def test_a_filter_that_the_figure_leaves_aside_is_let_go(app: AppTest) -> None:
    assert click(app, "other", "free") == (["刘集镇"], [])
