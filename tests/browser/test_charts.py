"""Charts that stay: the same drawing takes the new rows, on paper and in the dark too."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.browser import Watch, follow, settle
from tests.browser.test_walk import bar, filters_in, go_to, to_page, to_section

TOWNSHIPS = ".st-key-view_enforcement_by_township"


def mark_drawings(page: Page) -> None:
    """Write on every drawing, so that one drawn anew is told from one that stayed."""
    page.evaluate("document.querySelectorAll('svg.marks').forEach((svg) => { svg.kept = true })")


def kept(page: Page) -> int:
    """How many drawings are those that were written on."""
    return int(
        page.evaluate(
            "[...document.querySelectorAll('svg.marks')].filter((svg) => svg.kept).length"
        )
    )


def labels(page: Page, view: str) -> list[str | None]:
    """What the bars of a view say of themselves."""
    bars = page.locator(f"{view} [aria-roledescription=bar]")
    return [mark.get_attribute("aria-label") for mark in bars.all()]


def test_a_filter_gives_every_drawing_new_rows_and_draws_none_anew(
    page: Page, watch: Watch
) -> None:
    go_to(page, watch, "enforcement-overview")
    before = labels(page, ".st-key-view_enforcement_by_category")
    mark_drawings(page)
    follow(page, bar(page, "enforcement_by_township", "刘集镇").click)
    after = labels(page, ".st-key-view_enforcement_by_category")
    assert after
    assert before != after
    assert kept(page) == page.locator("svg.marks").count() == 9
    chosen = page.locator(f"{TOWNSHIPS} [aria-label^='刘集镇']")
    other = page.locator(f"{TOWNSHIPS} [aria-label^='大桥镇']")
    assert float(other.get_attribute("opacity") or 1) < float(chosen.get_attribute("opacity") or 1)


def test_a_page_that_is_opened_again_has_its_drawings_back(page: Page, watch: Watch) -> None:
    go_to(page, watch, "enforcement-overview")
    before = labels(page, TOWNSHIPS)
    mark_drawings(page)
    to_section(page, "总览")
    assert kept(page) == 0
    to_section(page, "执法")
    assert kept(page) == 9
    assert labels(page, TOWNSHIPS) == before
    follow(page, bar(page, "enforcement_by_township", "刘集镇").click)
    assert filters_in(page)["township"] == ["刘集镇"]


def test_a_view_shows_its_other_faces_and_its_chart_again(page: Page, watch: Watch) -> None:
    go_to(page, watch, "enforcement-overview")
    before = labels(page, TOWNSHIPS)
    view = page.locator(TOWNSHIPS)
    for face, content in (("表", "stDataFrame"), ("释义", "stMarkdown"), ("SQL", "stCode")):
        view.get_by_role("radio", name=face, exact=True).click()
        expect(view.locator(f"[data-testid={content}]").first).to_be_visible()
        expect(view.locator("svg.marks")).to_have_count(0)
    view.get_by_role("radio", name="图", exact=True).click()
    settle(page)
    assert labels(page, TOWNSHIPS) == before


def test_hovering_over_a_mark_says_what_it_counts(page: Page, watch: Watch) -> None:
    go_to(page, watch, "enforcement-overview")
    mark = bar(page, "enforcement_by_township", "刘集镇")
    mark.hover()
    box = page.locator("#vg-tooltip-element")
    expect(box).to_contain_text("刘集镇")
    expect(box).to_contain_text("上年同期")
    page.locator("h1").hover()
    expect(box).to_have_count(0)


def test_a_chart_is_as_wide_as_its_view_when_the_window_changes(page: Page, watch: Watch) -> None:
    go_to(page, watch, "enforcement-overview")
    page.set_viewport_size({"width": 700, "height": 900})
    settle(page)
    page.wait_for_function(
        """() => [...document.querySelectorAll('.brigade-chart')].every((chart) => {
            const width = chart.querySelector('svg').getBoundingClientRect().width;
            return width > 0 && width <= chart.clientWidth + 1 && width > 0.3 * chart.clientWidth;
        })"""
    )


def test_a_page_is_printed_with_all_its_charts(
    open_page: Callable[..., Page], watch: Watch, tmp_path: Path
) -> None:
    page = open_page()
    go_to(page, watch, "enforcement-overview?township=刘集镇")
    page.emulate_media(media="print")
    expect(page.locator(".brigade-faces:visible")).to_have_count(0)
    expect(page.locator("svg.marks:visible")).to_have_count(9)
    expect(page.locator(".st-key-filter_line")).to_contain_text("刘集镇")
    assert len(page.pdf(path=tmp_path / "page.pdf", format="A4")) > 50_000


def test_charts_are_drawn_for_the_dark_and_speak_the_language_chosen(
    open_page: Callable[..., Page], watch: Watch
) -> None:
    page = open_page(locale="en-GB")
    page.emulate_media(color_scheme="dark")
    go_to(page, watch, "enforcement-overview")
    chart = page.locator(f"{TOWNSHIPS} .brigade-chart")
    expect(chart).to_have_attribute("aria-label", "Violations by township")
    expect(chart.locator("svg.marks")).to_have_css("background-color", "rgb(20, 23, 28)")


def test_a_key_figure_leads_to_the_page_that_says_more(page: Page, watch: Watch) -> None:
    go_to(page, watch, "?township=刘集镇")
    follow(page, page.locator(".st-key-more_of_drink_driving button").click)
    expect(page.locator("h1")).to_have_text("专项行动")
    assert filters_in(page)["township"] == ["刘集镇"]
    to_page(page, "执法总览")
    assert filters_in(page)["township"] == ["刘集镇"]
