"""Walks through the app as people make them, in a real browser."""

import csv
import io
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.browser import Watch, follow, settle

PAGES = [
    "",
    "enforcement-overview",
    "enforcement-campaigns",
    "villages-overview",
    "villages-profile",
    "villages-hazards",
    "vehicles-service",
    "vehicles-tests",
    "vehicles-inspection",
    "crashes-overview",
    "crashes-parties",
    "crashes-places",
    "crashes-rescue",
    "programmes-overview",
    "hotline-overview",
    "training-overview",
    "targets-overview",
    "figures-overview",
    "data-extracts",
    "data-import",
    "data-dictionary",
    "data-metrics",
    "data-sql",
]
# Streamlit's client looks for the server under a deep link's own path before it asks at the root.
DEEP_LINK = r"404 .*_stcore/(health|host-config)"


def bar(page: Page, view: str, name: str) -> Locator:
    """The bar of a view that is labelled with a name."""
    marks = page.locator(f".st-key-view_{view} [aria-roledescription='bar'][aria-label*='{name}']")
    return marks.first


def filters_in(page: Page) -> dict[str, list[str]]:
    """The filters that the address holds."""
    return parse_qs(urlsplit(page.url).query)


def rows_counted(page: Page, extract: str) -> int:
    """How many rows the download button of an extract's list offers."""
    label = page.locator(f".st-key-rows_{extract} [data-testid=stDownloadButton]").inner_text()
    return int("".join(letter for letter in label if letter.isdigit()))


def expect_rows(page: Page, extract: str, count: int) -> None:
    """Wait until an extract's list holds that many rows."""
    button = page.locator(f".st-key-rows_{extract} [data-testid=stDownloadButton]").first
    expect(button).to_contain_text(f"{count:,}", timeout=15_000)


def to_section(page: Page, name: str) -> None:
    """Click a section in the head."""
    follow(page, page.get_by_role("link", name=name, exact=True).first.click)


def to_page(page: Page, name: str) -> None:
    """Click a page of the section."""
    follow(page, page.locator(".st-key-section a", has_text=name).first.click)


def go_to(page: Page, watch: Watch, address: str) -> None:
    """Open an address as a deep link."""
    watch.allowed.append(DEEP_LINK)
    page.goto(f"/{address}")
    settle(page)


@pytest.mark.parametrize(("width", "locale"), [(1440, "zh-CN"), (400, "en-GB")])
def test_every_page_opens_asks_no_other_host_and_fits_the_screen(
    open_page: Callable[..., Page], watch: Watch, width: int, locale: str
) -> None:
    page = open_page(width=width, locale=locale)
    for address in PAGES:
        go_to(page, watch, address)
        expect(page.locator("[data-testid=stException]")).to_have_count(0)
        expect(page.locator("[data-testid=stAlertContentError]")).to_have_count(0)
        expect(page.locator("h1")).to_have_count(1)
        expect(page.locator(".st-key-footer")).to_contain_text(
            "示例数据" if locale == "zh-CN" else "synthetic"
        )
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, f"{address} is {wide} px wide"


OVERLAPS = """() => {
    const cards = [...document.querySelectorAll("[class*='st-key-kpi_']")]
        .map((card) => card.getBoundingClientRect());
    return cards.flatMap((a, i) => cards.slice(i + 1).filter((b) =>
        a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1
    )).length;
}"""


@pytest.mark.parametrize("width", [1440, 400])
def test_no_key_figure_covers_another(
    open_page: Callable[..., Page], watch: Watch, width: int
) -> None:
    page = open_page(width=width)
    for address in ("", "villages-overview", "training-overview"):
        go_to(page, watch, address)
        assert page.evaluate(OVERLAPS) == 0, address


def test_a_click_on_a_bar_narrows_the_filter_and_back_undoes_it(page: Page, watch: Watch) -> None:
    go_to(page, watch, "enforcement-overview")
    everything = rows_counted(page, "violations")
    follow(page, bar(page, "enforcement_by_township", "刘集镇").click)
    assert filters_in(page)["township"] == ["刘集镇"]
    some = rows_counted(page, "violations")
    assert 0 < some < everything
    expect(page.locator(".st-key-filter_line")).to_contain_text("刘集镇")
    follow(page, page.go_back)
    assert "township" not in filters_in(page)
    expect_rows(page, "violations", everything)
    follow(page, page.go_forward)
    expect_rows(page, "violations", some)


def test_the_same_bar_clicked_again_takes_the_filter_back(page: Page, watch: Watch) -> None:
    go_to(page, watch, "enforcement-overview?township=刘集镇")
    follow(page, bar(page, "enforcement_by_township", "刘集镇").click)
    assert "township" not in filters_in(page)


def test_a_copied_address_opens_the_same_view_for_a_colleague(
    page: Page, open_page: Callable[..., Page], watch: Watch
) -> None:
    go_to(page, watch, "enforcement-overview")
    follow(page, bar(page, "enforcement_by_township", "大桥镇").click)
    rows = rows_counted(page, "violations")
    page.locator(".st-key-filter_line [data-testid=stPopover] button").click()
    address = page.locator("[data-testid=stPopoverBody] code").inner_text()
    colleague = open_page(locale="en-GB")
    go_to(colleague, watch, address.split("/", 3)[3])
    assert rows_counted(colleague, "violations") == rows
    expect(colleague.locator("h1")).to_have_text("Enforcement")


def test_the_language_is_switched_and_switched_back(page: Page) -> None:
    page.goto("/")
    settle(page)
    english = page.get_by_role("radio", name="English").or_(
        page.get_by_role("button", name="English")
    )
    follow(page, english.click)
    expect(page.locator("h1")).to_have_text("Overview")
    assert filters_in(page)["lang"] == ["en"]
    follow(page, page.go_back)
    expect(page.locator("h1")).to_have_text("总览")


def test_filters_stay_when_the_page_is_changed(page: Page, watch: Watch) -> None:
    go_to(page, watch, "enforcement-overview?township=刘集镇&filter=hour:21")
    to_section(page, "总览")
    expect(page.locator("h1")).to_have_text("总览")
    assert filters_in(page) == {"township": ["刘集镇"], "filter": ["hour:21"]}


def test_the_csv_of_a_view_is_what_brigade_query_prints(
    page: Page, watch: Watch, server: str, tmp_path: Path
) -> None:
    go_to(page, watch, "enforcement-overview?squadron=二中队")
    view = page.locator(".st-key-view_enforcement_by_township")
    with page.expect_download() as download:
        view.locator(".brigade-csv").click()
    saved = tmp_path / "view.csv"
    download.value.save_as(saved)
    assert "各乡镇违法" in download.value.suggested_filename
    printed = subprocess.run(
        [
            sys.executable, "-m", "brigade", "query", "enforcement/by_township",
            "--from", "2022-01-01", "--to", "2022-06-30", "--squadron", "二中队", "--format", "csv",
        ],
        env={**os.environ, "BRIGADE_DATA": str(tmp_path / "data")},
        check=True,
        capture_output=True,
    )  # fmt: skip
    assert saved.read_bytes() == printed.stdout
    table = list(csv.reader(io.StringIO(saved.read_text(encoding="utf-8-sig"))))
    assert len(table) > 1


def test_the_csv_of_the_rows_holds_all_of_them(page: Page, watch: Watch, tmp_path: Path) -> None:
    go_to(page, watch, "enforcement-overview?township=高集镇")
    count = rows_counted(page, "violations")
    with page.expect_download() as download:
        page.locator(".st-key-rows_violations [data-testid=stDownloadButton] button").first.click()
    saved = tmp_path / "rows.csv"
    download.value.save_as(saved)
    table = list(csv.DictReader(io.StringIO(saved.read_text(encoding="utf-8-sig"))))
    assert len(table) == count > 50
    assert {row["乡镇街道"] for row in table} == {"高集镇"}
    assert all("***" in row["号牌号码"] for row in table if row["号牌号码"])


def test_did_deaths_fall_takes_one_click(page: Page) -> None:
    page.goto("/")
    settle(page)
    expect(page.locator(".st-key-kpi_deaths")).to_contain_text("13 → 12")
    expect(page.locator(".st-key-kpi_deaths")).to_contain_text("偶然")
    follow(page, page.locator(".st-key-rows_of_deaths button").click)
    opened = page.locator(".st-key-rows_opened")
    expect(opened).to_contain_text("死亡人数")
    button = opened.locator("[data-testid=stDownloadButton]").first.inner_text()
    assert 0 < int("".join(letter for letter in button if letter.isdigit())) <= 12
    assert filters_in(page) == {"rows": ["deaths"]}
    follow(page, page.go_back)
    expect(opened).to_have_count(0)
