"""Two workers behind one address, as browsers meet them."""

import os
import re
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.browser import Watch, follow, settle
from tests.browser.conftest import serving
from tests.browser.test_tasks import saved_csv
from tests.browser.test_walk import DEEP_LINK, bar, expect_rows, go_to, rows_counted


@pytest.fixture
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An app of its own with two workers."""
    with serving(tmp_path, request, "--workers", "2") as address:
        yield address


def worker_of(page: Page) -> str:
    """The number of the worker that a page's browser has."""
    cookies = {cookie["name"]: cookie["value"] for cookie in page.context.cookies()}
    return cookies["brigade_worker"]


def process_of(number: str, folder: Path) -> int:
    """The process of a worker that was started last."""
    log = (folder / "server.log").read_text(encoding="utf-8")
    return int(re.findall(rf"worker {number}: process (\d+)", log)[-1])


def test_each_browser_stays_with_its_worker_and_outlives_it(
    open_page: Callable[..., Page], watch: Watch, tmp_path: Path
) -> None:
    first, second = open_page(), open_page()
    for page in (first, second):
        go_to(page, watch, "enforcement-overview")
    assert {worker_of(first), worker_of(second)} == {"1", "2"}

    for page, name in ((first, "刘集镇"), (second, "大桥镇")):
        follow(page, bar(page, "enforcement_by_township", name).click)
        count = rows_counted(page, "violations")
        rows = saved_csv(page, page.locator(".st-key-rows_violations button").first, tmp_path)
        assert len(rows) == count

    # A file goes to the worker that has the page.
    file = tmp_path / "outreach.csv"
    file.write_text("活动编号,活动日期,场所类型\nF1,2022-03-01,农村\n", encoding="utf-8")
    for page in (open_page(), open_page()):
        go_to(page, watch, "data-import")
        page.locator("input[type=file]").set_input_files(file)
        expect(page.locator(".st-key-import_file_0")).to_contain_text("outreach.csv")

    watch.allowed += [r"WebSocket", r"ERR_", r"reconnect", r"[Cc]onnection"]
    counts = [rows_counted(page, "violations") for page in (first, second)]
    os.kill(process_of(worker_of(first), tmp_path), signal.SIGKILL)
    gone = '[data-testid="stApp"]:not([data-test-connection-state="CONNECTED"])'
    first.locator(gone).wait_for(state="attached", timeout=20_000)
    settle(first, quiet_s=2, timeout_s=60)
    expect_rows(first, "violations", counts[0])
    # The first click tells the new worker what the page shows; from the next on all is as before.
    clear = first.get_by_role("button", name="清除全部")
    clear.click()
    settle(first, quiet_s=1)
    follow(first, clear.click)
    assert rows_counted(first, "violations") > counts[0]
    # The other's page has not noticed.
    follow(second, bar(second, "enforcement_by_township", "大桥镇").click)
    assert rows_counted(second, "violations") > counts[1]
    assert DEEP_LINK in watch.allowed
