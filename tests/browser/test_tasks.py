"""The tasks that the pages are made for, each walked from the first page within its clicks."""

import csv
import io
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.browser import follow, settle
from tests.browser.test_walk import filters_in, rows_counted, to_page, to_section


class Clicks:
    """Counts the clicks of a walk, and allows no more than the task may cost."""

    def __init__(self, page: Page, most: int) -> None:
        self.page = page
        self.left = most

    def __call__(self, target: Locator) -> None:
        """Click, and wait for the answer."""
        self.spend()
        follow(self.page, target.click)

    def spend(self) -> None:
        """Count one click."""
        self.left -= 1
        assert self.left >= 0, "the task costs more clicks than it may"


@pytest.fixture
def home(page: Page) -> Page:
    """The first page, open."""
    page.goto("/")
    settle(page)
    return page


def saved_csv(page: Page, button: Locator, folder: Path) -> list[dict[str, str]]:
    """The rows of the CSV that a button gives, read as a spreadsheet reads them."""
    with page.expect_download() as download:
        button.click()
    file = folder / "saved.csv"
    download.value.save_as(file)
    content = file.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def test_which_nights_find_drunk_drivers(home: Page, tmp_path: Path) -> None:
    clicks = Clicks(home, 4)
    clicks.spend()
    to_section(home, "执法")
    clicks.spend()
    to_page(home, "专项行动")
    chart = home.locator(".st-key-view_enforcement_drink_per_100_checked")
    expect(chart.locator("[aria-roledescription='bar'][aria-label*='零点行动']")).to_have_count(1)
    expect(chart.locator("[aria-roledescription='bar'][aria-label*='日常勤务']")).to_have_count(1)
    clicks.spend()
    table = home.locator(".st-key-view_enforcement_nights .dvn-scroller").first
    follow(home, lambda: table.click(position={"x": 20, "y": 50}))
    [night] = filters_in(home)["filter"]
    assert night.startswith("campaign_id:")
    count = rows_counted(home, "violations")
    clicks.spend()
    button = home.locator(".st-key-rows_violations [data-testid=stDownloadButton] button").first
    rows = saved_csv(home, button, tmp_path)
    assert len(rows) == count > 0
    assert {row["行动编号"] for row in rows} == {night.removeprefix("campaign_id:")}


def test_which_villages_lack_a_mirror(home: Page, tmp_path: Path) -> None:
    clicks = Clicks(home, 3)
    clicks.spend()
    to_section(home, "农村道路安全")
    cell = home.locator(
        ".st-key-view_villages_matrix [aria-label*='刘集镇'][aria-label*='广角镜']"
    ).first
    clicks(cell)
    assert filters_in(home) == {
        "township": ["刘集镇"],
        "filter": ["village_items.item:广角镜"],
    }
    clicks.spend()
    worklist = home.locator(".st-key-view_villages_worklist .brigade-csv")
    rows = saved_csv(home, worklist.first, tmp_path)
    assert rows
    assert {row["乡镇街道"] for row in rows} == {"刘集镇"}
    assert {row["设施"] for row in rows} == {"广角镜"}
    assert {row["状态"] for row in rows} <= {"缺少", "损坏", "停用"}


def test_overdue_hazards_by_department(home: Page) -> None:
    clicks = Clicks(home, 3)
    clicks.spend()
    to_section(home, "农村道路安全")
    clicks.spend()
    to_page(home, "隐患治理")
    bars = home.locator(".st-key-view_villages_hazards_by_department [aria-roledescription='bar']")
    clicks(bars.first)
    assert any(f.startswith("hazards.department:") for f in filters_in(home)["filter"])
    assert rows_counted(home, "hazards") > 0


def test_when_and_where_people_wait(home: Page) -> None:
    clicks = Clicks(home, 2)
    clicks.spend()
    to_section(home, "车驾管")
    cell = home.locator(
        ".st-key-view_vehicles_wait_by_hall_hour [aria-label*='城区服务站'][aria-label*='10 时']"
    ).first
    clicks(cell)
    assert sorted(filters_in(home)["filter"]) == [
        "service_records.hall:城区服务站",
        "service_records.ticket_hour:10",
    ]
    assert rows_counted(home, "service_records") > 0


def test_the_sql_behind_a_view_is_one_click_away(home: Page) -> None:
    view = home.locator(".st-key-view_overview_crashes_by_township")
    view.get_by_text("SQL", exact=True).click()
    settle(home)
    code = " ".join(view.locator("[data-testid=stCode]").all_inner_texts())
    assert "from crashes" in code
    assert "date '2022-01-01'" in code.replace("DATE", "date")


def test_thirteen_markets_cleared_show_me(home: Page, tmp_path: Path) -> None:
    clicks = Clicks(home, 2)
    clicks.spend()
    to_section(home, "公布数据核对")
    line = home.locator(".st-key-figure_line_markets")
    expect(line).to_contain_text("13")
    expect(line).to_contain_text("一致")
    clicks(home.locator(".st-key-open_markets button"))
    assert filters_in(home)["figure"] == ["markets"]
    rows = home.locator(".st-key-rows_of_markets")
    markets = saved_csv(home, rows.locator("[data-testid=stDownloadButton] button"), tmp_path)
    assert len(markets) == 13
    assert {row["隐患类型"] for row in markets} == {"马路市场"}
    assert all(row["排查日期"] and row["销号日期"] for row in markets)
    follow(home, home.go_back)
    expect(rows).to_have_count(0)


def test_a_question_of_ones_own_is_two_clicks_away(home: Page) -> None:
    clicks = Clicks(home, 2)
    clicks.spend()
    to_section(home, "数据")
    clicks.spend()
    to_page(home, "SQL 查询")
    expect(home.locator(".st-key-sql textarea")).to_be_editable()


def test_the_address_of_a_view_is_one_click_away(home: Page) -> None:
    home.get_by_text("复制链接", exact=True).click()
    expect(home.locator("[data-testid=stPopoverBody] [data-testid=stCode]")).to_contain_text("http")
