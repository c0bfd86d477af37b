"""The clerk's last day of the month: files in, faults seen, published, and tables out."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
import xlsxwriter
from playwright.sync_api import Locator, Page, expect

from brigade import house
from brigade.contracts import contract
from tests.browser.browser import Watch, settle
from tests.browser.conftest import serving
from tests.browser.test_tasks import Clicks, saved_csv
from tests.browser.test_walk import go_to, to_page, to_section


@pytest.fixture
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An app of its own: what is published in it is seen by no other test."""
    with serving(tmp_path, request) as address:
        yield address


def workbook(folder: Path, extract: str, faults: dict[int, dict[str, Any]]) -> Path:
    """An extract of the sample as an office has it: a title above, a total below, some faults."""
    columns = contract(extract).stored_columns
    rows = [
        row
        for file in (house.SAMPLE / extract).glob("*")
        for row in pq.read_table(file).to_pylist()
    ]
    for position, fault in faults.items():
        rows[position] |= fault
    path = folder / f"{contract(extract).label.zh}.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("台账")
        forms = {"date": "yyyy-mm-dd", "timestamp": "yyyy-mm-dd hh:mm"}
        styles = {kind: book.add_format({"num_format": form}) for kind, form in forms.items()}
        sheet.merge_range(0, 0, 0, len(columns) - 1, "大队台账（示例）")
        sheet.write_row(1, 0, [column.label.zh for column in columns])
        for number, row in enumerate(rows, start=2):
            for position, column in enumerate(columns):
                value = row.get(column.name)
                if isinstance(value, bool):
                    sheet.write(number, position, "是" if value else "否")
                elif column.type in styles and not isinstance(value, str | None):
                    sheet.write_datetime(number, position, value, styles[column.type])
                elif value is not None:
                    sheet.write(number, position, value)
        sheet.write(len(rows) + 2, 0, "合计")
    return path


def rejected(card: Locator, page: Page, folder: Path) -> list[dict[str, str]]:
    """The rejected rows of an import, as its CSV has them."""
    return saved_csv(page, card.get_by_role("button", name="下载拒收"), folder)


def test_three_workbooks_in_and_tables_out(page: Page, watch: Watch, tmp_path: Path) -> None:
    files = [
        workbook(
            tmp_path,
            "crashes",
            {3: {"occurred_at": "2022年2月30日"}, 5: {"deaths": -1}},
        ),
        workbook(tmp_path, "hazards", {7: {"found_on": "不详"}}),
        workbook(tmp_path, "rescue_cases", {}),
    ]
    page.goto("/")
    settle(page)
    clicks = Clicks(page, 8)
    clicks.spend()
    to_section(page, "数据")
    clicks.spend()
    to_page(page, "导入")
    clicks.spend()
    page.locator("input[type=file]").set_input_files(files)
    read = page.locator(".st-key-import_read button")
    expect(read).to_contain_text("3", timeout=30_000)
    settle(page)
    clicks.spend()
    read.click()
    publish = page.locator(".st-key-publish_all button")
    expect(publish).to_be_visible(timeout=60_000)
    settle(page)
    assert "sample" in page.locator(".st-key-footer").inner_text()
    cards = page.locator("[class*=st-key-prepared_]")
    crashes = cards.filter(has_text="交通事故.xlsx")
    expect(crashes).to_contain_text("读入 10,000 行 = 采用 9,998 + 重复 0 + 拒收 2")
    rows = rejected(crashes, page, tmp_path)
    # The apostrophe keeps a spreadsheet from running the cell.
    assert [row["拒收·值 value"] for row in rows] == ["2022年2月30日", "'-1"]
    assert [row["拒收·行号 row"] for row in rows] == ["6", "8"]
    assert rows[0]["拒收·文件 file"] == "交通事故.xlsx"
    with page.expect_download() as saved:
        crashes.get_by_text("导入报告").click()
    assert "9,998" in Path(saved.value.path()).read_text(encoding="utf-8")
    [hazard] = rejected(cards.filter(has_text="隐患台账.xlsx"), page, tmp_path)
    assert hazard["拒收·值 value"] == "不详"
    clicks.spend()
    publish.click()
    expect(page.locator("[class*=st-key-published_]")).to_have_count(3, timeout=30_000)
    settle(page)
    expect(page.locator(".st-key-footer")).not_to_contain_text("sample")
    clicks.spend()
    to_section(page, "公布数据核对")
    line = page.locator(".st-key-figure_line_markets")
    expect(line).to_contain_text("一致")
    clicks.spend()
    with page.expect_download() as download:
        page.get_by_role("button", name="下载核对表").click()
    download.value.save_as(tmp_path / "figures.csv")
    content = (tmp_path / "figures.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    table = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    assert any("马路市场" in "".join(row.values()) and "一致" in row.values() for row in table)


def test_a_header_that_fits_nothing_is_matched_by_hand_and_remembered(
    page: Page, watch: Watch, tmp_path: Path
) -> None:
    file = tmp_path / "宣传.csv"
    file.write_text("日子,场所类型,来了多少人\n2022-03-01,农村,12\n2022-03-08,校园,30\n", "gb18030")
    go_to(page, watch, "data-import")
    page.locator("input[type=file]").set_input_files(file)
    card = page.locator(".st-key-import_file_0")
    expect(card).to_be_visible()
    settle(page)
    expect(card).to_contain_text("缺少")
    assert not page.locator(".st-key-import_read").count()
    match_header(card, row=0, column="活动日期")
    match_header(card, row=2, column="参加人数")
    card.get_by_text("用整行内容生成").click()
    expect(card).not_to_contain_text("缺少")
    settle(page)
    page.locator(".st-key-import_read button").click()
    waiting = page.locator("[class*=st-key-prepared_]")
    expect(waiting).to_contain_text("读入 2 行 = 采用 2", timeout=30_000)
    settle(page)
    waiting.get_by_role("button", name="发布").click()
    expect(page.locator("[class*=st-key-published_]")).to_have_count(1, timeout=30_000)
    settle(page)

    page.locator("input[type=file]").set_input_files(file)
    expect(card).to_be_visible()
    settle(page)
    expect(card).to_contain_text("列的对应：3 列导入，0 列不导入")
    page.locator(".st-key-import_read button").click()
    expect(waiting).to_contain_text("读入 2 行 = 采用 0 + 重复 2", timeout=30_000)


def match_header(card: Locator, *, row: int, column: str) -> None:
    """Choose what a header is imported as, in the grid that is drawn on a canvas."""
    grid = card.locator("[data-testid=stDataFrame]").first
    box = grid.bounding_box()
    assert box is not None
    grid.click(position={"x": box["width"] * 0.3, "y": 46 + 31 * row})
    page = card.page
    # The grid gives the focus to the chosen cell a little after the click; a list of options that
    # is opened before then loses it and stays shut.
    expect(grid.get_by_test_id(f"glide-cell-1-{row}")).to_be_focused()
    options = page.get_by_role("option")
    page.keyboard.press("Enter")
    options.first.wait_for()
    page.keyboard.type(column)
    expect(options).to_have_count(1)
    page.keyboard.press("Enter")
    settle(page)


def test_an_import_is_thrown_away_and_nothing_has_changed(
    page: Page, watch: Watch, tmp_path: Path
) -> None:
    file = tmp_path / "宣传.csv"
    file.write_text("活动编号,活动日期,参加人数\nF1,2022-03-01,12\nF2,2022-03-08,30\n", "gb18030")
    go_to(page, watch, "data-import")
    page.locator("input[type=file]").set_input_files(file)
    page.locator(".st-key-import_read button").click()
    card = page.locator("[class*=st-key-prepared_]")
    expect(card).to_contain_text("读入 2 行 = 采用 2", timeout=30_000)
    settle(page)
    card.get_by_role("button", name="放弃").click()
    expect(card).to_have_count(0)
    settle(page)
    expect(page.locator(".st-key-footer")).to_contain_text("sample")
