"""The page on the hotline, over the sample, in both languages."""

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages import parts
from tests.pages.conftest import OpenPage

PAGE = "hotline-overview"


def figure(app: AppTest, label: str) -> str:
    """The key figure whose label begins so."""
    (found,) = [metric.value for metric in parts.figures(app) if metric.label.startswith(label)]
    return str(found)


def listed(app: AppTest) -> int:
    """How many tickets the page lists at its end."""
    label = app.get("download_button")[-1].proto.label
    return int("".join(letter for letter in label if letter.isdigit()))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_shows_everything_without_a_fault(open_page: OpenPage, lang: str) -> None:
    app = open_page(PAGE, lang=lang)
    assert not app.exception
    assert not app.error
    assert not app.info
    assert len(parts.charts(app)) == 11
    values = [metric.value for metric in parts.figures(app)]
    assert "—" not in values
    assert values[0] == str(listed(app))


def test_a_topic_narrows_figures_and_rows_alike(open_page: OpenPage) -> None:
    whole = open_page(PAGE)
    some = open_page(PAGE, filter="hotline_tickets.topic:停车管理")
    assert 0 < listed(some) < listed(whole)
    assert figure(some, "工单") == str(listed(some))


def test_the_overdue_tickets_are_listed_and_shares_stay_whole(open_page: OpenPage) -> None:
    whole = open_page(PAGE)
    overdue = open_page(PAGE, filter="hotline_tickets.overdue:true")
    assert listed(overdue) == int(figure(whole, "超期工单")) > 0
    for label in ("超期率", "满意率"):
        assert figure(overdue, label) == figure(whole, label)
    assert any("不随筛选" in text for text in parts.said(overdue))
