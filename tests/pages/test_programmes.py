"""The page on the programmes of the work ledger, over the sample, in both languages."""

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages import parts
from tests.pages.conftest import OpenPage

PAGE = "programmes-overview"
SEIZED = "work_ledger.work:查扣三四轮车（辆）· 低速电动车治理"


def listed(app: AppTest) -> int:
    """How many entries the page lists at its end."""
    label = app.get("download_button")[-1].proto.label
    return int("".join(letter for letter in label if letter.isdigit()))


def charts(app: AppTest) -> set[str]:
    """The views of the page that are drawn as a chart, by their identifiers."""
    return {*parts.charts(app)}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_shows_everything_without_a_fault(open_page: OpenPage, lang: str) -> None:
    app = open_page(PAGE, lang=lang)
    assert not app.exception
    assert not app.error
    assert not app.info
    assert parts.figures(app)[0].value == str(listed(app))


def test_quantities_are_drawn_only_where_they_are_of_one_kind(open_page: OpenPage) -> None:
    mixed, one = open_page(PAGE), open_page(PAGE, filter=SEIZED)
    assert len(charts(mixed)) == 2, "entries by programme and by month"
    assert len(charts(one)) == 4, "and quantities by township and by team"
    assert 0 < listed(one) < listed(mixed)


def test_the_published_seizures_are_the_sum_of_their_entries(open_page: OpenPage) -> None:
    """Published: 183 three- and four-wheelers seized."""
    app = open_page(PAGE, filter=SEIZED)
    (works,) = [t.value for t in app.dataframe if [*t.value.columns[:2]] == ["专项工作", "事项"]]
    assert [*works["台账数量"]] == [183]
    entries = app.dataframe[-1].value
    assert entries["数量"].sum() == 183
    assert {*entries["单位"]} == {"辆"}
