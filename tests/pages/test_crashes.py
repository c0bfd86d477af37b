"""The pages on crashes, places and the rescue fund, over the sample, in both languages."""

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages import parts
from tests.pages.conftest import OpenPage

OVERVIEW, PARTIES = "crashes-overview", "crashes-parties"
PLACES, RESCUE = "crashes-places", "crashes-rescue"


def figures(app: AppTest) -> dict[str, str]:
    """The key figures of a page by their labels."""
    return {metric.label: metric.value for metric in parts.figures(app)}


def rows_offered(app: AppTest) -> list[int]:
    """How many rows each list of the page offers as CSV, in order."""
    labels = [button.proto.label for button in app.get("download_button")]
    numbers = ["".join(c for c in label if c.isdigit()) for label in labels]
    return [int(number) for number in numbers if number]


def words(app: AppTest) -> str:
    return "\n".join([*parts.said(app), *(info.value for info in app.info)])


@pytest.mark.parametrize(
    ("address", "empty"), [(OVERVIEW, 0), (PARTIES, 0), (PLACES, 1), (RESCUE, 0)]
)
def test_a_page_says_the_same_in_both_languages(
    open_page: OpenPage, address: str, empty: int
) -> None:
    chinese, english = open_page(address, lang="zh"), open_page(address, lang="en")
    for app in (chinese, english):
        assert not app.exception
        assert not app.error
        assert len(app.info) == empty
    assert list(figures(chinese).values()) == list(figures(english).values())
    assert not any("\u4e00" <= letter <= "\u9fff" for label in figures(english) for letter in label)


def test_the_indices_and_what_five_falls_mean(open_page: OpenPage) -> None:
    app = open_page(OVERVIEW)
    assert list(figures(app).values())[:2] == ["33", "12"]
    said = words(app)
    assert "36 → 33" in said
    assert "13 → 12" in said
    assert "41、40、38、37、36、33" in said
    assert "1/720" in said


def test_those_who_died_are_listed_less_the_passengers(open_page: OpenPage) -> None:
    chosen = ("crash_parties.injury:死亡", "crashes.procedure:一般程序")
    app = open_page(PARTIES, filter=chosen)
    assert figures(app)["死亡人数（人）"] == "12"
    assert rows_offered(app) == [11]
    assert "乘客不是当事人" in words(app)


def test_late_cases_open_to_their_rows_of_all_time(open_page: OpenPage) -> None:
    app = open_page(OVERVIEW, period=("2022-06-29", "2022-06-30"), rows="determination_overdue")
    late = figures(app)["受理超过 10 日未认定（起）"]
    assert rows_offered(app)[0] == int(late) > 0


def test_a_stretch_lists_its_own_crashes(open_page: OpenPage) -> None:
    app = open_page(PLACES, filter=("crashes.stretch:G105 K25",))
    assert not app.exception
    assert figures(app)["事故（各程序）（起）"] == "4"
    assert rows_offered(app)[-1] == 4


def test_without_coordinates_the_map_says_so_and_weights_are_shown(open_page: OpenPage) -> None:
    said = words(open_page(PLACES))
    assert "没有坐标" in said
    assert "severity_weights.toml" in said
    assert "工作假定" in said


def test_the_fund_shows_the_sums_to_date(open_page: OpenPage) -> None:
    app = open_page(RESCUE)
    assert list(figures(app).values())[:3] == ["45", "213", "21,970,000"]


def test_a_case_leads_to_its_crash_and_parties(open_page: OpenPage) -> None:
    app = open_page(RESCUE, filter=("crashes.crash_id:A1800934",))
    assert not app.exception
    crashes, parties = rows_offered(app)
    assert crashes == 1
    assert parties > 0
