"""The pages of vehicle administration over the sample, in both languages."""

import re

import pytest
from streamlit.testing.v1 import AppTest

from brigade.text import Lang
from tests.pages import parts
from tests.pages.conftest import OpenPage

LANGUAGES = pytest.mark.parametrize("lang", ["zh", "en"])
PAGES = ("service", "tests", "inspection")
CELL = ("service_records.hall:县车管所", "service_records.ticket_hour:9")


def figure(app: AppTest, label: str) -> str:
    """The value of the key figure of that label, which its unit may follow."""
    (value,) = {m.value for m in parts.figures(app) if re.split("（| \\(", m.label)[0] == label}
    return str(value)


def count(app: AppTest, label: str) -> int:
    """A key figure that is a whole number."""
    return int(figure(app, label).replace(",", ""))


def rows_listed(app: AppTest, name: str) -> int:
    """How many rows the page says can be downloaded from a list."""
    buttons = [b for b in app.get("download_button") if b.proto.id.endswith(f"rows_{name}:csv")]
    return int("".join(c for c in buttons[0].proto.label if c.isdigit())) if buttons else 0


def said(app: AppTest) -> str:
    """The page's captions."""
    return "\n".join(parts.said(app))


@LANGUAGES
@pytest.mark.parametrize("page", PAGES)
def test_a_page_shows_everything_without_a_fault(
    open_page: OpenPage, page: str, lang: Lang
) -> None:
    app = open_page(f"vehicles-{page}", lang=lang)
    assert not app.exception
    assert not app.error
    assert not app.info
    assert len(parts.figures(app)) == 6
    assert all(metric.value != "—" for metric in parts.figures(app))


@pytest.mark.parametrize("page", PAGES)
def test_all_labels_of_figures_are_in_the_language_chosen(open_page: OpenPage, page: str) -> None:
    app = open_page(f"vehicles-{page}", lang="en")
    headings = [m.value for m in app.markdown if m.value.startswith("#")]
    headings += [view["title"] for view in parts.views(app)]
    texts = [*(m.label for m in parts.figures(app)), *headings]
    assert len(headings) >= 7
    assert not [text for text in texts if re.search("[\u4e00-\u9fff]", text)]


def test_a_cell_of_hour_and_hall_lists_just_the_tickets_that_it_is_made_of(
    open_page: OpenPage,
) -> None:
    app = open_page("vehicles-service", filter=CELL)
    app.session_state["vehicles_wait_by_hall_hour:face"] = "table"
    app.run()
    (cells,) = (
        t.value for t in app.dataframe if [*t.value.columns[:2]] == ["办理网点", "取号时段"]
    )
    assert cells.iloc[:, :2].to_numpy().tolist() == [["县车管所", "9 时"]]
    timed = cells.filter(regex="^有等候时间的业务（笔）$").iloc[0, 0]
    assert rows_listed(app, "service_records") == timed > 100


def test_the_share_of_long_waits_stays_when_only_long_waits_are_chosen(open_page: OpenPage) -> None:
    whole = open_page("vehicles-service", lang="en")
    long = open_page("vehicles-service", lang="en", filter="service_records.long_wait:true")
    share = "Share of waits over 30 minutes"
    assert figure(long, share) == figure(whole, share) != "100.0"
    assert "Not narrowed by: Waited over 30 minutes" in said(long)
    assert "Not narrowed by" not in said(whole)
    assert rows_listed(long, "service_records") == count(whole, "Waits over 30 minutes")


def test_the_rows_of_a_figure_are_as_many_whatever_it_leaves_aside(open_page: OpenPage) -> None:
    app = open_page("vehicles-service", filter="service_records.returned:true")
    long_waits = count(app, "等候超过 30 分钟")
    parts.open_rows(app, "long_waits")
    assert not app.exception
    assert rows_listed(app, "opened") == long_waits > 0


@pytest.mark.parametrize(
    ("metric", "label"),
    [("absences", "缺考"), ("tests_passed", "合格人次"), ("tests_sat", "实考人次")],
)
def test_the_rows_of_a_test_figure_are_as_many(
    open_page: OpenPage, metric: str, label: str
) -> None:
    app = open_page("vehicles-tests", filter="driving_tests.subject:科目二")
    wanted = count(app, label)
    parts.open_rows(app, metric)
    assert rows_listed(app, "opened") == wanted > 0


def test_choosing_overdue_leaves_the_figures_and_narrows_the_worklist(open_page: OpenPage) -> None:
    whole = open_page("vehicles-inspection")
    overdue = open_page("vehicles-inspection", filter="vehicles.inspection_state:已逾期")
    for label in ("逾期未检验", "30 天内到期", "逾期率"):
        assert figure(overdue, label) == figure(whole, label)
    assert rows_listed(overdue, "worklist") == count(whole, "逾期未检验")
    due = sum(count(whole, label) for label in ("30 天内到期", "31–60 天到期", "61–90 天到期"))
    most = count(whole, "逾期未检验") + due
    assert most < rows_listed(whole, "worklist") < rows_listed(whole, "vehicles")


def test_nothing_of_the_register_is_compared_with_last_year(open_page: OpenPage) -> None:
    app = open_page("vehicles-inspection", lang="en")
    assert all("→" not in metric.words[0] for metric in parts.figures(app))
    assert "so nothing is compared with last year" in said(app)


def test_vehicles_marked_in_two_ways_are_found_under_either(open_page: OpenPage) -> None:
    one = open_page("vehicles-inspection", filter="vehicles.status_name:逾期未检验")
    other = open_page("vehicles-inspection", filter="vehicles.status_name:违法未处理")
    both = open_page(
        "vehicles-inspection",
        filter=("vehicles.status_name:逾期未检验", "vehicles.status_name:违法未处理"),
    )
    sizes = [rows_listed(app, "vehicles") for app in (one, other, both)]
    assert max(sizes[:2]) < sizes[2] < sum(sizes[:2])
