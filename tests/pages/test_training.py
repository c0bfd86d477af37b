"""The page on training, over the sample, in both languages."""

import pytest

from tests.pages import parts
from tests.pages.conftest import OpenPage

PAGE = "training-overview"
YEAR = ("2021-07-07", "2022-06-29")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_shows_everything_without_a_fault(open_page: OpenPage, lang: str) -> None:
    app = open_page(PAGE, lang=lang)
    assert not app.exception
    assert not app.error
    assert not app.info
    assert len(parts.charts(app)) == 7
    assert "—" not in [metric.value for metric in parts.figures(app)]


def test_the_published_year_of_wednesdays_has_no_gap(open_page: OpenPage) -> None:
    """Published: every Wednesday for a year, notes of 10,000 characters a head or more."""
    app = open_page(PAGE, period=YEAR)
    values = {metric.label: metric.value for metric in parts.figures(app)}
    assert values["计划夜校（次）"] == values["实际夜校（次）"] == "52"
    assert values["缺课的周三（次）"] == "0"
    assert values["一万字以上占比（%）"] == "100.0"
    assert int(values["人均笔记字数（字）"].replace(",", "")) >= 10_000


def test_before_the_first_class_nothing_was_planned_or_missed(open_page: OpenPage) -> None:
    app = open_page(PAGE, period=("2020-01-01", "2020-12-31"))
    assert not app.exception
    values = [metric.value for metric in parts.figures(app)]
    assert values[:3] == ["0", "0", "0"]
    assert values[3] == "—", "no rate without a session"
