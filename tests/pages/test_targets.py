"""The page of targets and the targets on cards, over the sample, in both languages."""

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from tests.pages import parts
from tests.pages.conftest import OpenPage

PAGE = "targets-overview"
DONE = {"zh": "至期末完成", "en": "Done by the period's end"}
METRIC = {"zh": "指标", "en": "Metric"}


def targets(app: AppTest, lang: str = "zh") -> list[pd.DataFrame]:
    """The tables of targets on the page."""
    return [t.value for t in app.dataframe if METRIC[lang] in t.value.columns]


def done(table: pd.DataFrame, label: str, lang: str = "zh") -> float:
    """What is done of the target whose metric begins so."""
    (value,) = table[table[METRIC[lang]].str.startswith(label)][DONE[lang]]
    return float(value)


def card(app: AppTest, label: str) -> float:
    """The key figure whose label begins so."""
    (found,) = [metric.value for metric in parts.figures(app) if metric.label.startswith(label)]
    return float(found.replace(",", ""))


def rows_opened(app: AppTest) -> int:
    """How many rows the list of the figure opened holds."""
    (button,) = [b for b in app.get("download_button") if b.proto.id.endswith("rows_opened:csv")]
    return int("".join(letter for letter in button.proto.label if letter.isdigit()))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_shows_the_county_and_its_townships(open_page: OpenPage, lang: str) -> None:
    app = open_page(PAGE, lang=lang)
    assert not app.exception
    assert not app.error
    assert not app.info
    county, townships = targets(app, lang)
    assert len(county) == 6
    assert len(townships) == 20
    assert not county[DONE[lang]].isna().any()


def test_what_is_done_is_what_the_other_pages_count(open_page: OpenPage) -> None:
    (county, _), overview = targets(open_page(PAGE)), open_page("")
    for label in ("一般程序事故", "死亡人数", "酒驾醉驾", "八个一齐全的村", "劝导勤务"):
        assert done(county, label) == card(overview, label), label
    assert done(county, "已销号隐患") == card(open_page("villages-hazards"), "已销号隐患")


def test_a_target_is_counted_from_its_own_first_day(open_page: OpenPage) -> None:
    (whole, _) = targets(open_page(PAGE, period=("2022-01-01", "2022-03-31")))
    (march, _) = targets(open_page(PAGE, period=("2022-03-01", "2022-03-31")))
    assert done(march, "一般程序事故") == done(whole, "一般程序事故")


@pytest.mark.parametrize("period", [("2022-01-01", "2022-06-30"), ("2022-05-01", "2022-05-31")])
def test_the_rows_behind_a_target_are_those_that_it_counts(
    open_page: OpenPage, period: tuple[str, str]
) -> None:
    for name, label in (("crashes", "一般程序事故"), ("villages_complete", "八个一齐全的村")):
        app = open_page(PAGE, rows=name, period=period)
        assert rows_opened(app) == done(targets(app)[0], label)


def test_a_township_has_its_own_targets_and_rows(open_page: OpenPage) -> None:
    every = targets(open_page(PAGE))[1]
    app = open_page(PAGE, township="刘集镇", rows="persuasion_shifts")
    (own,) = targets(app)
    assert set(own["乡镇街道"]) == {"刘集镇"}
    assert len(own) == 2
    of_township = every[every["乡镇街道"] == "刘集镇"]
    assert done(own, "劝导勤务") == done(of_township, "劝导勤务") == rows_opened(app)


def aims(app: AppTest) -> list[str]:
    """The lines of targets under key figures."""
    return [text for text in parts.said(app) if text.startswith("目标 ")]


@pytest.mark.parametrize(
    ("page", "count"),
    [
        ("", 5),
        ("crashes-overview", 2),
        ("enforcement-overview", 1),
        ("villages-overview", 2),
        ("villages-hazards", 1),
    ],
)
def test_cards_say_the_target_of_their_figure(open_page: OpenPage, page: str, count: int) -> None:
    assert len(aims(open_page(page))) == count


def test_a_figure_that_is_narrowed_otherwise_has_no_target(open_page: OpenPage) -> None:
    assert aims(open_page("", filter="hour:21")) == []
    assert len(aims(open_page("", township="刘集镇"))) == 2
