"""Hotline queries: given rows, expected rows."""

from datetime import date, datetime, timedelta
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

DAY = timedelta(days=1)


def ticket(number: str, received: datetime, **columns: Any) -> dict[str, Any]:
    """A complaint on parking that is due a week later, unless told otherwise."""
    given = {
        "source": "12345热线",
        "kind": "投诉",
        "topic": "停车管理",
        "township": "刘集镇",
        "due_at": received + 7 * DAY,
        "reopened": False,
    }
    return {"ticket_id": number, "received_at": received, **given, **columns}


def taking(days: float, received: datetime, **columns: Any) -> dict[str, Any]:
    """The times of a ticket replied to after some days and closed a day later."""
    replied = received + days * DAY
    return {"replied_at": replied, "closed_at": replied + DAY, **columns}


MARCH, END = datetime(2022, 3, 1, 9), datetime(2022, 6, 29, 9)
TICKETS = [
    ticket("in time", MARCH, **taking(2, MARCH, satisfied=True)),
    ticket("late", MARCH, **taking(8, MARCH, satisfied=False)),
    ticket("extended", MARCH, extended_to=MARCH + 20 * DAY, **taking(10, MARCH)),
    ticket("silent", MARCH, kind="求助", township=None),
    ticket("returned", MARCH, kind="咨询", returned_at=MARCH + DAY, reopened=None),
    ticket("no deadline", MARCH, due_at=None, topic=None, **taking(4, MARCH, reopened=True)),
    ticket("replied after the end", END, **taking(5, END, satisfied=True)),
    ticket("replied, not closed", END, replied_at=END + DAY, source="县长信箱"),
    ticket("first second", datetime(2022, 1, 1), **taking(1, datetime(2022, 1, 1))),
    ticket("the year before", datetime(2021, 12, 31, 23, 59)),
    ticket("the day after", datetime(2022, 7, 1)),
]
COUNTED = 9
FIGURES = (
    "tickets", "tickets_replied", "tickets_closed", "tickets_open", "tickets_overdue",
    "deadlines_known", "tickets_reopened", "reopening_known", "tickets_satisfied", "tickets_rated",
)  # fmt: skip


@pytest.fixture
def hotline(given: Given) -> Engine:
    """Tickets in every state at the end of the half year."""
    return given(hotline_tickets=TICKETS)


def figures(engine: Engine, filters: Filters) -> dict[str, Any]:
    """All figures of the page under filters."""
    found: dict[str, Any] = {}
    for name in ("hotline/times", "hotline/quality"):
        found |= fetch(query(name), filters, engine, Reader()).rows[0]
    return found


def test_figures_as_they_stand_at_the_periods_end(hotline: Engine) -> None:
    row = figures(hotline, Filters(HALF_YEAR, "none"))
    assert row["tickets"] == COUNTED
    # Replies after the period's end are not known yet by then.
    assert (row["tickets_replied"], row["tickets_closed"]) == (6, 5)
    assert row["tickets_open"] == 2, "the silent one and the one replied to after the end"
    assert (row["tickets_overdue"], row["deadlines_known"]) == (2, 8)
    assert row["tickets_overdue_share"] == pytest.approx(25)
    assert row["reopened_share"] == pytest.approx(100 / 8)
    assert row["satisfaction"] == pytest.approx(100 * 2 / 3), "of those who answered"


def test_times_are_quantiles_of_calendar_days(hotline: Engine) -> None:
    row = figures(hotline, Filters(HALF_YEAR, "none"))
    # Replies took 1, 1, 2, 4, 8 and 10 days, closing 2, 3, 5, 9 and 11.
    assert row["reply_median"] == pytest.approx(3)
    assert row["reply_p90"] == pytest.approx(9)
    assert row["close_median"] == pytest.approx(5)
    assert row["close_p90"] == pytest.approx(10.2)


def test_nothing_makes_no_percentage_and_no_time(given: Given) -> None:
    engine = given(hotline_tickets=[ticket("1", MARCH, due_at=None, reopened=None)])
    row = figures(engine, Filters(HALF_YEAR, "none", {"township": ("姜楼镇",)}))
    assert (row["tickets"], row["tickets_overdue"]) == (0, 0)
    assert (row["satisfaction"], row["tickets_overdue_share"]) == (None, None)
    assert (row["reply_median"], row["close_p90"]) == (None, None)
    row = figures(engine, Filters(HALF_YEAR, "none"))
    assert (row["tickets"], row["tickets_overdue"], row["tickets_satisfied"]) == (1, None, None)


def test_the_year_before_is_seen_as_it_stood(hotline: Engine) -> None:
    (row,) = run(
        hotline,
        "hotline/times",
        period=Period(date(2022, 12, 31), date(2022, 12, 31)),
        comparison="year",
    ).rows
    assert (row["tickets"], row["tickets_before"]) == (0, 1)


@pytest.mark.parametrize("period", [HALF_YEAR, Period(date(2022, 3, 1), date(2022, 3, 9))])
def test_a_click_on_a_figure_lists_the_rows_that_it_counts(hotline: Engine, period: Period) -> None:
    for township in ("刘集镇", "未记录"):
        filters = Filters(period, "none", {"township": (township,)})
        row = figures(hotline, filters)
        for figure in FIGURES:
            rows = Records("hotline_tickets", filters.having(metric(figure).where), Reader())
            assert rows.count(hotline) == (row[figure] or 0), (township, figure)


GROUPED = ("by_month", "by_kind", "by_topic", "by_township", "by_source")


def test_all_queries_of_the_page_agree_on_the_total(hotline: Engine) -> None:
    whole = figures(hotline, Filters(HALF_YEAR, "none"))
    for name in GROUPED:
        rows = run(hotline, f"hotline/{name}").rows
        for figure in FIGURES:
            assert sum(row[figure] or 0 for row in rows) == whole[figure], (name, figure)
    for name in ("by_topic_kind", "by_state"):
        rows = run(hotline, f"hotline/{name}").rows
        assert sum(row["tickets"] for row in rows) == COUNTED, name


def test_by_state_by_the_furthest_step(hotline: Engine) -> None:
    assert rows_of(run(hotline, "hotline/by_state")) == [
        ("已办结", 5),
        ("办理中", 2),
        ("已答复", 1),
        ("已退回", 1),
    ]


def test_topics_and_kinds_the_commonest_topic_first(hotline: Engine) -> None:
    assert rows_of(run(hotline, "hotline/by_topic_kind")) == [
        ("停车管理", "咨询", 1),
        ("停车管理", "投诉", 6),
        ("停车管理", "求助", 1),
        (None, "投诉", 1),
    ]


def test_a_filter_on_the_answer_leaves_shares_whole(hotline: Engine) -> None:
    for chosen in ({"hotline_tickets__satisfied": "true"}, {"hotline_tickets__overdue": "true"}):
        (row,) = run(hotline, "hotline/quality", **chosen).rows
        assert row["satisfaction"] == pytest.approx(100 * 2 / 3)
        assert row["tickets_overdue_share"] == pytest.approx(25)
