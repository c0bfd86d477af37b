"""Enforcement queries on what was recorded: given rows, expected rows."""

from datetime import date, datetime
from typing import Any

import pytest

from brigade.engine.duckdb import Engine
from brigade.engine.relations import Reader
from brigade.filters import Filters, Period
from brigade.metrics import metric
from brigade.records import Records
from tests.conftest import HALF_YEAR, Given, rows_of, run

SITE, CAMERA = "现场", "非现场"
LIU, TONG = "刘集镇", "铜城街道"


def violation(
    number: str, when: datetime = datetime(2022, 3, 1, 9), **columns: Any
) -> dict[str, Any]:
    """A violation of March, of which nothing else is recorded unless told."""
    return {"violation_id": number, "occurred_at": when, **columns}


BOOK = [
    violation("first second", datetime(2022, 1, 1), source=SITE, category="酒驾", township=LIU,
              squadron="一中队", fine_yuan=1000.0, points=12, road_class="县道",
              vehicle_type="小型轿车", violation_code="1712", violation_name="饮酒后驾驶机动车的"),
    violation("last second", datetime(2022, 6, 30, 23, 59, 59), source=SITE, category="醉驾",
              township=LIU, squadron="一中队", points=0, road_class="国道",
              vehicle_type="小型轿车", violation_code="1702", violation_name="醉酒后驾驶机动车的"),
    violation("overloaded", source=SITE, category="超限超载", township=TONG, fine_yuan=500.0,
              points=3, violation_code="1602", violation_name="载物超核定载质量30%以上"),
    violation("no licence", source=SITE, category="涉证", township=TONG, fine_yuan=500.0),
    violation("no plate", source=SITE, category="涉牌", township=LIU, fine_yuan=200.0, points=9),
    violation("camera, handled", source=CAMERA, category="违法停车", township=TONG, fine_yuan=100.0,
              points=0, violation_code="1039", violation_name="违反规定停放"),
    violation("camera, same code, other text", source=CAMERA, category="违法停车", township=TONG,
              violation_code="1039", violation_name="违规停放"),
    violation("camera, drink", source=CAMERA, category="酒驾"),
    violation("a code alone", violation_code="9999"),
    violation("a text alone", violation_name="某种违法"),
    violation("nothing recorded"),
    violation("before", datetime(2021, 12, 31, 23, 59, 59), source=SITE, category="酒驾"),
    violation("after", datetime(2022, 7, 1), source=SITE, category="酒驾"),
]  # fmt: skip
IN_PERIOD = 11
VIEWS = [
    "by_category",
    "by_code",
    "by_day",
    "by_hour_weekday",
    "by_month",
    "by_road_class",
    "by_source",
    "by_squadron",
    "by_township",
    "by_vehicle_type",
]


@pytest.fixture
def book(given: Given) -> Engine:
    """Violations with and without what is usually recorded, at the period's ends and beyond."""
    return given(violations=BOOK)


def one(engine: Engine, name: str, **filters: Any) -> dict[str, Any]:
    """The one row of a summary."""
    (row,) = run(engine, f"enforcement/{name}", **filters).rows
    return row


def test_what_was_recorded(book: Engine) -> None:
    row = one(book, "summary")
    assert row == {
        "violations": IN_PERIOD,
        "violations_on_site": 5,
        "violations_camera": 3,
        "fines": 2300,
        "points_given": 24,
    }


def test_violations_in_focus_and_the_share_of_those_found_on_site(book: Engine) -> None:
    row = one(book, "focus")
    assert row["drink_driving_share"] == pytest.approx(100 * 2 / 5)
    assert (row["drink_driving"], row["drunk_driving"], row["drink_on_site"]) == (3, 1, 2)
    assert (row["overloading"], row["plate_licence_offences"]) == (1, 2)


def test_nothing_recorded_in_the_period_is_zero_and_makes_no_share(book: Engine) -> None:
    quiet = Period(date(2022, 5, 1), date(2022, 5, 31))
    assert set(one(book, "summary", period=quiet).values()) == {0}
    row = one(book, "focus", period=quiet)
    assert row.pop("drink_driving_share") is None
    assert set(row.values()) == {0}
    assert run(book, "enforcement/by_township", period=quiet).rows == []


def test_a_figure_of_which_nothing_is_recorded_cant_be_made(given: Given) -> None:
    engine = given(violations=[violation("1"), violation("2")])
    row = one(engine, "summary")
    assert row.pop("violations") == 2
    assert set(row.values()) == {None}
    assert set(one(engine, "focus").values()) == {None}


@pytest.mark.parametrize("name", VIEWS)
@pytest.mark.parametrize(
    "chosen", [{}, {"township": LIU}, {"violations__source": SITE}, {"category": "未记录"}]
)
def test_every_view_adds_up_to_the_same_total(
    book: Engine, name: str, chosen: dict[str, str]
) -> None:
    total = one(book, "summary", **chosen)["violations"]
    rows = run(book, f"enforcement/{name}", **chosen).rows
    assert total > 0
    assert sum(row["violations"] for row in rows) == total


@pytest.mark.parametrize("grain", ["month", "day"])
def test_the_line_over_time_adds_up_to_every_figure(book: Engine, grain: str) -> None:
    over_time = run(book, f"enforcement/by_{grain}").rows
    figures = one(book, "summary") | one(book, "focus")
    del figures["drink_driving_share"]
    for name, value in figures.items():
        assert sum(row[name] or 0 for row in over_time) == value, name


@pytest.mark.parametrize("name", ["summary", "focus"])
def test_the_rows_behind_a_figure_are_those_it_counts(book: Engine, name: str) -> None:
    row = one(book, name)
    for column, figure in row.items():
        meant = metric(column)
        if meant.rows is None:
            continue
        rows = Records(meant.rows, Filters(HALF_YEAR, "none", dict(meant.where)), Reader())
        summed = {"fines": "fine_yuan", "points_given": "points"}.get(column)
        if summed:
            behind = sum(v or 0 for v in rows.rows(book).column(summed).to_pylist())
        else:
            behind = rows.count(book)
        assert behind == figure, column


def test_by_township_counts_the_periods_rows_and_keeps_nulls_in_a_group(book: Engine) -> None:
    found = [row[:-1] for row in rows_of(run(book, "enforcement/by_township"))]
    assert found == [(TONG, 4, 2, 0), (None, 4, 0, 0), (LIU, 3, 3, 2)]
    assert len(run(book, "enforcement/by_township", township="未记录").rows) == 1


def test_squadrons_share_is_of_what_they_found_on_site(book: Engine) -> None:
    shares = {
        r["squadron"]: r["drink_driving_share"] for r in run(book, "enforcement/by_squadron").rows
    }
    assert shares == {"一中队": 100.0, None: 0.0}


def test_categories_with_their_fines_and_points(book: Engine) -> None:
    rows = {row[0]: row[1:] for row in rows_of(run(book, "enforcement/by_category"))}
    assert rows["违法停车"] == (2, 100, 0)
    assert rows["醉驾"] == (1, None, 0), "drunk driving has no fine, which is not a fine of nothing"
    assert rows[None] == (3, None, None)


def test_a_codes_texts_stand_apart_and_either_may_be_missing(book: Engine) -> None:
    rows = rows_of(run(book, "enforcement/by_code"))
    named = {row[2]: row[3] for row in rows}
    assert named["1039 违反规定停放"] == named["1039 违规停放"] == 1
    assert named["9999"] == named["某种违法"] == 1
    assert named[None] == 4
    code = {"violations.violation_code": ("1039",), "violations.violation_name": ("违规停放",)}
    assert Records("violations", Filters(HALF_YEAR, "none", code), Reader()).count(book) == 1


def test_hour_and_weekday_begin_at_midnight_and_on_monday(given: Given) -> None:
    engine = given(
        violations=[
            violation("1", datetime(2022, 6, 13, 0, 0)),
            violation("2", datetime(2022, 6, 13, 0, 59, 59)),
            violation("3", datetime(2022, 6, 19, 23, 59, 59)),
        ]
    )
    assert rows_of(run(engine, "enforcement/by_hour_weekday")) == [(1, 0, 2), (7, 23, 1)]
    assert rows_of(run(engine, "enforcement/by_hour_weekday", hour="23", weekday="7")) == [
        (7, 23, 1)
    ]


def test_months_stand_beside_the_same_months_a_year_before(given: Given) -> None:
    engine = given(
        violations=[
            violation("1", datetime(2022, 1, 31, 8), fine_yuan=200.0),
            violation("2", datetime(2022, 2, 1, 8)),
            violation("3", datetime(2021, 2, 28, 8), fine_yuan=50.0),
            violation("4", datetime(2021, 3, 1, 8)),
            violation("5", datetime(2020, 3, 1, 8)),
        ]
    )
    result = run(engine, "enforcement/by_month", comparison="year")
    rows = {r["month"].month: (r["violations"], r["violations_before"]) for r in result.rows}
    assert rows == {1: (1, 0), 2: (1, 1), 3: (0, 1)}
    fines = {r["month"].month: (r["fines"], r["fines_before"]) for r in result.rows}
    assert fines == {1: (200, 0), 2: (None, 50), 3: (0, None)}
