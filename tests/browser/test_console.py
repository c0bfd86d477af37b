"""A question of one's own, asked in the browser: typed, answered, saved, sent to a colleague."""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

from playwright.sync_api import Locator, Page, expect

from tests.browser.browser import Watch, follow, settle
from tests.browser.test_tasks import saved_csv
from tests.browser.test_walk import filters_in, go_to

SQL = "select township, sum(records) as n from violations\ngroup by township\norder by n desc"


def ask(page: Page, sql: str) -> None:
    """Type a question and run it."""
    run = page.get_by_role("button", name="运行", exact=True)
    # The address may follow the box before the button is clicked.
    follow(page, lambda: (page.locator(".st-key-sql textarea").fill(sql), run.click()))
    expect(page.locator(".st-key-console_answer")).to_be_visible(timeout=20_000)
    settle(page)


def test_a_question_is_typed_answered_saved_and_opened_again_from_its_address(
    open_page: Callable[..., Page], watch: Watch, tmp_path: Path
) -> None:
    page = open_page()
    go_to(page, watch, "data-sql?township=刘集镇")
    ask(page, SQL)
    assert filters_in(page)["sql"] == [SQL]
    answer = page.locator(".st-key-console_answer")
    expect(answer).to_contain_text("共 1 行")
    [row] = saved_csv(page, answer.locator("[data-testid=stDownloadButton] button").first, tmp_path)
    assert row["township"] == "刘集镇"
    assert int(row["n"]) > 0
    assert row["数据说明"] == "示例数据（合成）"

    colleague = open_page()
    colleague.goto(page.url)
    settle(colleague)
    expect(colleague.locator(".st-key-sql textarea")).to_have_value(SQL)
    again = colleague.locator(".st-key-console_answer")
    [same] = saved_csv(
        colleague, again.locator("[data-testid=stDownloadButton] button").first, tmp_path
    )
    assert same == row


def test_the_sql_as_run_is_one_click_away(page: Page, watch: Watch) -> None:
    go_to(page, watch, f"data-sql?sql={quote(SQL)}")
    page.locator(".st-key-console_answer summary").click()
    code = page.locator(".st-key-console_answer [data-testid=stCode]")
    expect(code).to_contain_text("from release.violations")
    expect(code).to_contain_text("2022-01-01")


def test_the_question_outlives_a_visit_to_another_page(page: Page, watch: Watch) -> None:
    go_to(page, watch, "data-sql")
    ask(page, SQL)
    follow(page, page.locator(".st-key-section a", has_text="数据字典").click)
    follow(page, page.locator(".st-key-section a", has_text="SQL").click)
    expect(page.locator(".st-key-sql textarea")).to_have_value(SQL)
    expect(page.locator(".st-key-console_answer")).to_contain_text("共 10 行")


def test_what_is_refused_is_said_in_one_sentence(page: Page, watch: Watch) -> None:
    go_to(page, watch, "data-sql")
    ask(page, "select * from read_text('/etc/passwd'), violations")
    error = page.locator(".st-key-console_answer [data-testid=stAlertContentError]")
    expect(error).to_contain_text("read_text")
    expect(page.locator(".st-key-console_answer [data-testid=stDataFrame]")).to_have_count(0)


def test_a_long_question_fits_the_address(page: Page, watch: Watch) -> None:
    long = f"{SQL}\n-- {'乡镇街道违法' * 600}"
    go_to(page, watch, f"data-sql?sql={quote(long)}")
    expect(page.locator(".st-key-console_answer")).to_contain_text("共 10 行")


def completing_box(page: Page, watch: Watch) -> Locator:
    """The box for a question, once the part that completes names has taken hold of it."""
    go_to(page, watch, "data-sql")
    box = page.locator(".st-key-sql textarea")
    expect(box).to_have_attribute("aria-autocomplete", "list", timeout=20_000)
    return box


def test_names_are_completed_by_what_they_are_called_in_either_language(
    page: Page, watch: Watch
) -> None:
    box = completing_box(page, watch)
    box.press_sequentially("select towns")
    expect(page.get_by_role("option").first).to_contain_text("township")
    box.press("Tab")
    box.press_sequentially(", sum(records) as n from 违法记录")
    box.press("Tab")
    box.press_sequentially(" group by 1")
    sql = "select township, sum(records) as n from violations group by 1"
    expect(box).to_have_value(sql)
    box.press("Control+Enter")
    expect(page.locator(".st-key-console_answer [data-testid=stDataFrame]")).to_be_visible()
    settle(page)
    assert filters_in(page)["sql"] == [sql]


def test_completion_gets_out_of_the_way(page: Page, watch: Watch) -> None:
    box = completing_box(page, watch)
    offers = page.get_by_role("option")
    box.press_sequentially("viol")
    expect(offers.first).to_be_visible()
    box.press("Escape")
    expect(offers).to_have_count(0)
    box.press_sequentially("a")
    expect(offers.first).to_be_visible()
    box.press("Enter")
    expect(box).to_have_value("viola\n")
    expect(offers).to_have_count(0)
