"""Hazard queries: given rows, expected rows."""

from datetime import date
from typing import Any

import pytest

from brigade.engine.duckdb import Engine
from brigade.engine.relations import Reader
from brigade.filters import Filters, Period
from brigade.metrics import metric
from brigade.queries import query
from brigade.records import Records
from brigade.results import fetch
from tests.conftest import HALF_YEAR, Given, rows_of, run

ROADS, TOWN = "公路部门", "乡镇政府"


def hazard(number: str, kind: str | None = "视距隐患路口", **columns: Any) -> dict[str, Any]:
    """A hazard found in March and due at the end of the year, unless told otherwise."""
    given = {
        "found_on": date(2022, 3, 1),
        "due_on": date(2022, 12, 31),
        "department": ROADS,
        "planned": True,
        "township": "刘集镇",
    }
    return {"hazard_id": number, "kind": kind, **given, **columns}


LEDGER = [
    hazard("in hand"),
    hazard("due on the last day", due_on=date(2022, 6, 30)),
    hazard("overdue by a day", due_on=date(2022, 6, 29)),
    hazard("overdue by a month", due_on=date(2022, 5, 30), department=TOWN, planned=False),
    hazard("overdue by years", found_on=date(2019, 1, 1), due_on=date(2020, 1, 1)),
    hazard("overdue, cleared later", due_on=date(2022, 4, 1), cleared_on=date(2022, 7, 1)),
    hazard("found earlier, cleared now", found_on=date(2021, 5, 1), cleared_on=date(2022, 1, 1)),
    hazard("cleared earlier", found_on=date(2021, 5, 1), cleared_on=date(2021, 12, 31)),
    hazard("beyond the plan", planned=False, cleared_on=date(2022, 6, 30)),
    hazard("cleared, then back", cleared_on=date(2022, 4, 1), relapsed_on=date(2022, 5, 1)),
    hazard("back, then cleared", relapsed_on=date(2022, 4, 1), cleared_on=date(2022, 5, 1)),
    hazard("without dates", None, found_on=None, due_on=None, department=None, planned=None),
    hazard("not yet found", found_on=date(2022, 7, 1), due_on=date(2022, 7, 1)),
    hazard("cleared before found", found_on=date(2022, 7, 2), cleared_on=date(2022, 6, 1)),
]
LISTED = 12
"""The hazards of the ledger but the two that were found after the half year."""


@pytest.fixture
def ledger(given: Given) -> Engine:
    """Hazards in every state at the end of the half year."""
    return given(hazards=LEDGER)


def test_figures_at_the_periods_end_and_within_it(ledger: Engine) -> None:
    (row,) = run(ledger, "villages/hazards").rows
    assert row["hazards_listed"] == LISTED
    assert row["hazards_planned"] == 9
    assert row["hazards_overdue"] == 4
    assert row["hazards_relapsed"] == 1
    assert row["hazards_cleared"] == 4
    assert row["hazards_open"] == LISTED - 4
    assert row["hazards_clearance"] == pytest.approx(100 * 4 / 9)
    assert row["hazards_found"] == 8
    assert row["hazards_closed"] == 4


def test_one_found_earlier_and_cleared_now_counts_as_cleared_now(ledger: Engine) -> None:
    rows = Records(
        "hazards", Filters(HALF_YEAR, "none", metric("hazards_closed").where), Reader()
    ).rows(ledger)
    assert rows.column("hazard_id").to_pylist() == [
        "back, then cleared",
        "beyond the plan",
        "cleared, then back",
        "found earlier, cleared now",
    ]


def test_the_period_before_is_seen_as_it_stood(ledger: Engine) -> None:
    (row,) = run(ledger, "villages/hazards", comparison="year").rows
    # On 2021-06-30 four were listed, the one without dates among them, and none was cleared yet.
    assert (row["hazards_listed"], row["hazards_listed_before"]) == (LISTED, 4)
    assert (row["hazards_cleared"], row["hazards_cleared_before"]) == (4, 0)
    assert (row["hazards_overdue"], row["hazards_overdue_before"]) == (4, 1)
    assert (row["hazards_found"], row["hazards_found_before"]) == (8, 2)
    assert row["hazards_clearance_before"] == 0


@pytest.mark.parametrize(("cleared", "planned", "percent"), [(146, 115, 127), (13, 13, 100)])
def test_clearance_counts_beyond_the_plan_and_is_not_clipped(
    given: Given, cleared: int, planned: int, percent: int
) -> None:
    """The published 127 % of 146 junctions and 100 % of 13 markets."""
    engine = given(
        hazards=[
            hazard(str(n), planned=n < planned, cleared_on=date(2022, 5, 1)) for n in range(cleared)
        ]
    )
    (row,) = run(engine, "villages/hazards").rows
    assert (row["hazards_cleared"], row["hazards_planned"]) == (cleared, planned)
    assert round(row["hazards_clearance"]) == percent
    (kind,) = run(engine, "villages/hazards_by_kind").rows
    assert kind["hazards_clearance"] == row["hazards_clearance"]


def test_an_empty_plan_makes_no_percentage(given: Given) -> None:
    engine = given(hazards=[hazard("1", planned=False, cleared_on=date(2022, 5, 1))])
    (row,) = run(engine, "villages/hazards").rows
    assert (row["hazards_cleared"], row["hazards_planned"], row["hazards_clearance"]) == (
        1,
        0,
        None,
    )
    (row,) = run(engine, "villages/hazards", township="姜楼镇").rows
    assert (row["hazards_listed"], row["hazards_clearance"]) == (0, None)


def test_by_state_leaves_out_what_was_not_found_yet(ledger: Engine) -> None:
    states = run(ledger, "villages/hazards_by_state").rows
    assert {row["state"]: row["hazards_listed"] for row in states} == {
        "已超期": 4,
        "已销号": 4,
        "整改中": 3,
        "反弹": 1,
    }


def test_by_department_the_most_overdue_first(ledger: Engine) -> None:
    assert rows_of(run(ledger, "villages/hazards_by_department")) == [
        (ROADS, 3, 1, 6, 10),
        (TOWN, 1, 0, 1, 1),
        (None, 0, 0, 1, 1),
    ]


def test_how_long_overdue_in_the_order_of_days(ledger: Engine) -> None:
    assert rows_of(run(ledger, "villages/hazards_by_overdue_band")) == [
        ("1–30 天", 1),
        ("31–90 天", 2),
        ("91–180 天", 0),
        ("180 天以上", 1),
    ]


def test_by_month_found_and_cleared(ledger: Engine) -> None:
    assert rows_of(run(ledger, "villages/hazards_found_by_month")) == [(date(2022, 3, 1), 8)]
    assert rows_of(run(ledger, "villages/hazards_cleared_by_month")) == [
        (date(2022, 1, 1), 1),
        (date(2022, 4, 1), 1),
        (date(2022, 5, 1), 1),
        (date(2022, 6, 1), 1),
    ]


def test_all_queries_of_the_page_agree_on_the_total(ledger: Engine) -> None:
    (whole,) = run(ledger, "villages/hazards").rows
    grouped = {
        "hazards_by_state": ["hazards_listed"],
        "hazards_by_kind": ["hazards_listed", "hazards_planned", "hazards_cleared", "hazards_open"],
        "hazards_by_department": ["hazards_listed", "hazards_overdue", "hazards_open"],
        "hazards_by_township": ["hazards_listed", "hazards_overdue", "hazards_relapsed"],
        "hazards_by_overdue_band": ["hazards_overdue"],
        "hazards_found_by_month": ["hazards_found"],
        "hazards_cleared_by_month": ["hazards_closed"],
    }
    for name, figures in grouped.items():
        rows = run(ledger, f"villages/{name}").rows
        for figure in figures:
            assert sum(row[figure] for row in rows) == whole[figure], (name, figure)
    listed = Records("hazards", Filters(HALF_YEAR, "none", {"hazards.listed": ("true",)}), Reader())
    assert listed.count(ledger) == whole["hazards_listed"]


def test_a_filter_on_the_state_narrows_lists_and_leaves_ratios_whole(ledger: Engine) -> None:
    chosen = {"hazards__state": "已超期"}
    (row,) = run(ledger, "villages/hazards", **chosen).rows
    assert row["hazards_clearance"] == pytest.approx(100 * 4 / 9)
    cleared = run(ledger, "villages/hazards_cleared_by_month", **chosen).rows
    assert sum(month["hazards_closed"] for month in cleared) == row["hazards_closed"]
    assert {
        r["department"] for r in run(ledger, "villages/hazards_by_department", **chosen).rows
    } == {
        ROADS,
        TOWN,
    }


FIGURES = (
    "hazards_listed", "hazards_planned", "hazards_cleared", "hazards_open", "hazards_overdue",
    "hazards_relapsed", "hazards_found", "hazards_closed",
)  # fmt: skip
MAY = Period(date(2022, 5, 1), date(2022, 5, 31))


@pytest.mark.parametrize("period", [HALF_YEAR, MAY, Period(date(2021, 1, 1), date(2021, 12, 31))])
def test_a_click_on_a_figure_lists_the_rows_that_it_counts(ledger: Engine, period: Period) -> None:
    for department in (None, ROADS, "未记录"):
        chosen = {"hazards.department": (department,)} if department else {}
        filters = Filters(period, "none", chosen)
        (row,) = fetch(query("villages/hazards"), filters, ledger, Reader()).rows
        for figure in FIGURES:
            rows = Records("hazards", filters.having(metric(figure).where), Reader())
            assert rows.count(ledger) == row[figure], (department, figure)


def test_overdue_of_a_department_are_the_rows_that_its_bar_counts(ledger: Engine) -> None:
    for row in run(ledger, "villages/hazards_by_department").rows:
        chosen = {
            "hazards.department": (row["department"] or "未记录",),
            "hazards.state": ("已超期",),
            "hazards.listed": ("true",),
        }
        behind = Records("hazards", Filters(HALF_YEAR, "none", chosen), Reader())
        assert behind.count(ledger) == row["hazards_overdue"]
