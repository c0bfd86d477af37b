"""Training queries: given rows, expected rows."""

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

NIGHT, DRILL = "交警夜校", "演练"
FIRST = datetime(2022, 3, 2, 19)
"""A Wednesday evening."""
WEEK = timedelta(weeks=1)
MARCH = Period(date(2022, 3, 1), date(2022, 3, 31))


def session(number: str, held_at: datetime, **columns: Any) -> dict[str, Any]:
    """A class of the night school with 20 expected and 18 come, unless told otherwise."""
    given = {"kind": NIGHT, "topic": "公文写作", "expected": 20, "attended": 18}
    return {"session_id": number, "held_at": held_at, **given, **columns}


SESSIONS = [
    session("first", FIRST),
    session("second", FIRST + WEEK, attended=10, topic="法律法规"),
    # None on 16 March; the next week it is moved to Thursday.
    session("moved", FIRST + 3 * WEEK + timedelta(days=1), expected=10, attended=None),
    session("drill", datetime(2022, 4, 1, 9), kind=DRILL, topic="应急", expected=5, attended=5),
    session("after", datetime(2022, 7, 6, 19)),
]


@pytest.fixture
def school(given: Given) -> Engine:
    """Classes on two Wednesdays and one Thursday of March, a drill in April, a class in July."""
    return given(training_sessions=SESSIONS)


def nights(engine: Engine, period: Period, **chosen: str) -> tuple[Any, ...]:
    (row,) = rows_of(run(engine, "training/nights", period=period, **chosen))
    return row


def test_wednesdays_are_planned_from_the_first_class_to_the_last_record(school: Engine) -> None:
    # 2, 9, 16, 23 and 30 March; later ones are not judged before the next record.
    assert nights(school, HALF_YEAR) == (5, 3, 3)
    assert nights(school, MARCH) == (4, 3, 2), "in March nobody knew of 1 April yet"
    assert nights(school, Period(date(2022, 1, 1), date(2022, 2, 28))) == (0, 0, 0)
    assert nights(school, Period(date(2022, 3, 16), date(2022, 3, 16))) == (0, 0, 0)
    # From 2 March to 6 July there are 19 Wednesdays.
    assert nights(school, Period(date(2022, 1, 1), date(2022, 7, 6))) == (19, 4, 16)


def test_a_filter_on_the_topic_leaves_the_plan_whole(school: Engine) -> None:
    for chosen in ({"training_sessions__topic": "公文写作"}, {"weekday": "4"}):
        assert nights(school, HALF_YEAR, **chosen) == (5, 3, 3)


def test_by_week_planned_held_and_missed(school: Engine) -> None:
    rows = run(school, "training/by_week").rows
    columns = ("week", "nights_planned", "nights_held", "nights_missed", "attendance_rate")
    assert [tuple(row[name] for name in columns) for row in rows] == [
        (date(2022, 2, 28), 1, 1, 0, 90),
        (date(2022, 3, 7), 1, 1, 0, 50),
        (date(2022, 3, 14), 1, 0, 1, None),
        (date(2022, 3, 21), 1, 1, 1, None),
        (date(2022, 3, 28), 1, 0, 1, None),
    ]


def test_the_calendar_marks_wednesdays_without_a_class(school: Engine) -> None:
    rows = run(school, "training/calendar").rows
    assert [
        (row["day"].isoformat(), row["night_state"], row["attendance_rate"]) for row in rows
    ] == [
        ("2022-03-02", "", 90),
        ("2022-03-09", "", 50),
        ("2022-03-16", "未上课", None),
        ("2022-03-23", "未上课", None),
        ("2022-03-24", "", None),
        ("2022-03-30", "未上课", None),
    ]


def test_the_calendar_reaches_a_year_back_from_the_periods_end(given: Given) -> None:
    engine = given(training_sessions=[session(str(n), FIRST + n * WEEK) for n in range(80)])
    end = date(2023, 6, 30)
    rows = run(engine, "training/calendar", period=Period(end, end)).rows
    assert len(rows) == 53
    assert rows[0]["day"] > end - timedelta(days=371)
    assert not any(row["night_state"] for row in rows)


def test_attendance_is_a_ratio_of_sums_over_what_records_both(school: Engine) -> None:
    (row,) = run(school, "training/summary").rows
    assert (row["training_held"], row["attendances_due"], row["attendances"]) == (4, 45, 33)
    assert row["training_absences"] == 12
    assert row["attendance_rate"] == pytest.approx(100 * 33 / 45)
    for name in ("by_month", "by_topic", "by_kind"):
        rows = run(school, f"training/{name}").rows
        for figure in ("training_held", "attendances_due", "attendances", "training_absences"):
            assert sum(r[figure] for r in rows) == row[figure], (name, figure)


def test_without_a_session_there_is_no_rate(school: Engine) -> None:
    (row,) = run(school, "training/summary", period=Period(date(2022, 1, 1), date(2022, 1, 2))).rows
    assert (row["training_held"], row["attendance_rate"]) == (0, None)


def test_a_click_on_a_figure_lists_the_rows_that_it_counts(school: Engine) -> None:
    filters = Filters(HALF_YEAR, "none")
    (whole,) = fetch(query("training/summary"), filters, school, Reader()).rows
    held = Records("training_sessions", filters.having(metric("nights_held").where), Reader())
    assert held.count(school) == nights(school, HALF_YEAR)[1]
    counted = Records("training_sessions", filters.having(metric("attendances").where), Reader())
    assert sum(counted.rows(school).column("attended").to_pylist()) == whole["attendances"]


NOTES = [
    {"person_no": "a", "year": 2022, "note_chars": 10_000},
    {"person_no": "b", "year": 2022, "note_chars": 9_999},
    {"person_no": "c", "year": 2022, "note_chars": 15_000},
    {"person_no": "d", "year": 2022, "note_chars": None},
    {"person_no": "a", "year": 2021, "note_chars": 4_999},
]


@pytest.fixture
def notes(given: Given) -> Engine:
    """Notes of two years."""
    return given(training_notes=NOTES)


def test_notes_of_the_year_of_the_periods_end(notes: Engine) -> None:
    (row,) = run(notes, "training/notes").rows
    assert (row["note_takers"], row["notes_counted"], row["notes_enough"]) == (4, 3, 2)
    assert row["notes_mean"] == pytest.approx((10_000 + 9_999 + 15_000) / 3)
    assert row["notes_enough_share"] == pytest.approx(100 * 2 / 3)
    (row,) = run(notes, "training/notes", period=Period(date(2020, 1, 1), date(2020, 12, 31))).rows
    assert (row["note_takers"], row["notes_mean"]) == (0, None)


def test_notes_by_length_and_by_year(notes: Engine) -> None:
    assert rows_of(run(notes, "training/notes_by_band")) == [
        ("不足 0.5 万字", 0),
        ("0.5–1 万字", 1),
        ("1–1.5 万字", 1),
        ("1.5 万字以上", 1),
    ]
    years = run(notes, "training/notes_by_year").rows
    assert [(row["year"], row["note_takers"], row["notes_enough"]) for row in years] == [
        (2021, 1, 0),
        (2022, 4, 2),
    ]


@pytest.mark.parametrize("figure", ["note_takers", "notes_enough"])
def test_a_click_on_notes_lists_the_rows_that_they_count(notes: Engine, figure: str) -> None:
    (row,) = run(notes, "training/notes").rows
    chosen = Filters(HALF_YEAR, "none", metric(figure).where)
    assert Records("training_notes", chosen, Reader()).count(notes) == row[figure]
