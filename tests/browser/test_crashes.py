"""Crashes, places and the rescue fund, walked by clicks."""

from playwright.sync_api import Page, expect

from tests.browser.browser import Watch, follow
from tests.browser.test_walk import bar, expect_rows, filters_in, go_to, rows_counted


def test_a_click_on_a_stretch_shows_what_happened_there(page: Page, watch: Watch) -> None:
    go_to(page, watch, "crashes-places")
    everything = rows_counted(page, "crashes")
    follow(page, bar(page, "crashes_stretches", "G105 K25").click)
    assert filters_in(page)["filter"] == ["crashes.stretch:G105 K25"]
    assert 0 < rows_counted(page, "crashes") < everything
    follow(page, page.go_back)
    expect_rows(page, "crashes", everything)


def test_a_click_on_a_case_shows_its_crash_and_back_hides_it(page: Page, watch: Watch) -> None:
    go_to(page, watch, "crashes-rescue")
    table = page.locator(".st-key-view_crashes_rescue_list [data-testid=stDataFrame]")
    table.scroll_into_view_if_needed()
    crash = page.locator(".st-key-rows_crashes_to_date")
    expect(crash).to_have_count(0)
    follow(page, lambda: table.click(position={"x": 17, "y": 52}))
    (chosen,) = filters_in(page)["filter"]
    assert chosen.startswith("crashes.crash_id:A")
    assert rows_counted(page, "crashes_to_date") == 1
    assert rows_counted(page, "crash_parties_to_date") > 0
    follow(page, page.go_back)
    expect(crash).to_have_count(0)
