"""The pages on enforcement, over the sample, in both languages."""

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages import parts
from tests.pages.conftest import OpenPage

OVERVIEW, CAMPAIGNS = "enforcement-overview", "enforcement-campaigns"
RATES = (
    "found_per_100_checked",
    "drink_per_100_checked",
    "drink_per_100_tests",
    "drink_per_100_officer_hours",
)


def figures(app: AppTest) -> list[str]:
    """The key figures of a page in order, without their labels."""
    return [metric.value for metric in parts.figures(app)]


def listed(app: AppTest) -> int:
    """How many rows the page lists at its end: what its CSV would hold."""
    label = app.get("download_button")[-1].proto.label
    return int("".join(letter for letter in label if letter.isdigit()))


def charts(app: AppTest) -> int:
    """How many charts are drawn."""
    return len(parts.charts(app))


@pytest.mark.parametrize(("address", "drawn"), [(OVERVIEW, 9), (CAMPAIGNS, 5)])
def test_a_page_says_the_same_in_both_languages(
    open_page: OpenPage, address: str, drawn: int
) -> None:
    chinese, english = open_page(address, lang="zh"), open_page(address, lang="en")
    for app in (chinese, english):
        assert not app.exception
        assert not app.error
        assert not app.info, "every view has rows"
        assert charts(app) == drawn
    assert figures(chinese) == figures(english)
    assert "—" not in figures(english)
    labels = [metric.label for metric in parts.figures(english)]
    assert not any("\u4e00" <= letter <= "\u9fff" for label in labels for letter in label)


def test_the_overview_lists_all_that_it_counts(open_page: OpenPage) -> None:
    for query in ({}, {"township": "刘集镇"}, {"filter": ("hour:21", "weekday:5")}):
        app = open_page(OVERVIEW, **query)
        total, on_site, camera = (int(text.replace(",", "")) for text in figures(app)[:3])
        assert total == on_site + camera == listed(app) > 0


def test_a_period_within_a_month_is_drawn_by_day(open_page: OpenPage) -> None:
    def grains(app: AppTest) -> list[str]:
        by = ("enforcement_by_month", "enforcement_by_day")
        return [slug for slug in parts.charts(app) if slug in by]

    assert grains(open_page(OVERVIEW)) == ["enforcement_by_month"]
    within = open_page(OVERVIEW, period=("2022-05-01", "2022-05-31"))
    assert grains(within) == ["enforcement_by_day"]
    one_day = open_page(OVERVIEW, period=("2022-05-13", "2022-05-13"))
    assert not one_day.exception
    assert charts(one_day) == 9


def test_a_kind_of_operation_leads_to_exactly_what_its_rate_counts(open_page: OpenPage) -> None:
    app = open_page(CAMPAIGNS, filter=("duty:零点行动", "violations.duty_counted:true"))
    assert not app.exception
    operations, _, checked, _, found, _ = (int(t.replace(",", "")) for t in figures(app))
    assert operations > 0
    assert listed(app) == found
    app.session_state["enforcement_found_per_100_checked:face"] = "table"
    app.run()
    (row,) = app.dataframe[0].value.to_dict("records")
    assert (row["勤务"], row["检查车辆（辆）"], row["现场查获违法（起）"]) == (
        "零点行动",
        checked,
        found,
    )


def test_a_night_leads_to_its_own_violations(open_page: OpenPage) -> None:
    everything = open_page(CAMPAIGNS)
    night = everything.dataframe[0].value.iloc[0]
    app = open_page(CAMPAIGNS, filter=(f"campaign_id:{night['行动编号']}",))
    assert figures(app)[0] == "1"
    assert len(app.dataframe[0].value) == 1
    assert listed(app) == night["现场查获违法（起）"] > 0
    assert charts(app) == 5, "the kinds and the calendar stay, to choose another from"


def test_routine_duty_has_violations_and_no_operations(open_page: OpenPage) -> None:
    app = open_page(CAMPAIGNS, filter=("duty:日常勤务", "violations.duty_counted:true"))
    assert not app.exception
    assert set(figures(app)) == {"0"}
    assert listed(app) > 0


def test_rates_say_which_filters_they_leave_aside(open_page: OpenPage) -> None:
    app = open_page(CAMPAIGNS, lang="en", township="刘集镇", category="酒驾")
    said = [text for text in parts.said(app) if text.startswith("Not narrowed by")]
    assert len(said) == len(RATES) + 3
    assert all("Township" in text and "Category" not in text for text in said)


def test_a_period_without_anything_says_so(open_page: OpenPage) -> None:
    app = open_page(CAMPAIGNS, category="违法停车", filter=("duty:零点行动", "hour:3"))
    assert not app.exception
    app = open_page(OVERVIEW, category="醉驾", filter=("violations.source:非现场",))
    assert not app.exception
    assert figures(app)[0] == "0"
    assert figures(app)[7] == "—", "no share of nothing"
    assert app.info
