"""Enforcement queries on operations beside routine duty: given rows, expected rows."""

from datetime import date, datetime
from typing import Any

import pytest

from brigade.engine.duckdb import Engine
from brigade.engine.relations import Reader
from brigade.filters import Filters, Period
from brigade.metrics import metric
from brigade.records import Records
from tests.conftest import HALF_YEAR, Given, rows_of, run

NIGHT, MARKET, ROUTINE = "零点行动", "逢五", "日常勤务"
RATES = {
    "found_per_100_checked": ("vehicles_checked", "found"),
    "drink_per_100_checked": ("vehicles_checked", "drink_found"),
    "drink_per_100_tests": ("breath_tested", "drink_found"),
    "drink_per_100_officer_hours": ("officer_hours", "drink_found"),
}


def operation(
    number: str, starts_at: datetime, ends_at: datetime, **columns: Any
) -> dict[str, Any]:
    """An operation of ten officers, 200 vehicles and 100 breath tests, unless told otherwise."""
    usual = {"campaign": NIGHT, "officers": 10, "vehicles_checked": 200, "breath_tested": 100}
    return {"campaign_id": number, "starts_at": starts_at, "ends_at": ends_at, **usual, **columns}


def shift(day: date, **columns: Any) -> dict[str, Any]:
    """A day's routine duty: 100 vehicles, 20 breath tests, 40 hours, unless told otherwise."""
    usual = {"squadron": "一中队", "township": "刘集镇", "officer_hours": 40.0}
    return {"shift_date": day, "vehicles_checked": 100, "breath_tested": 20, **usual, **columns}


def found(when: datetime, campaign_id: str | None = None, **columns: Any) -> dict[str, Any]:
    """A violation found on site, by default on routine duty and nothing to do with drink."""
    usual: dict[str, Any] = {"source": "现场", "category": "涉牌", "township": "刘集镇"}
    if campaign_id is not None:
        names = {row["campaign_id"]: row["campaign"] for row in OPERATIONS}
        usual |= {"campaign_id": campaign_id, "campaign": names[campaign_id]}
    return {"occurred_at": when, **usual, **columns}


OPERATIONS = [
    operation("over new year", datetime(2021, 12, 31, 23), datetime(2022, 1, 1, 2)),
    operation("small", datetime(2022, 3, 4, 22), datetime(2022, 3, 5, 2), vehicles_checked=50),
    operation("large", datetime(2022, 3, 11, 22), datetime(2022, 3, 12, 2), vehicles_checked=350),
    operation(
        "untested", datetime(2022, 3, 12, 9), datetime(2022, 3, 12, 12), campaign=MARKET,
        breath_tested=None,
    ),
    operation(
        "to midnight", datetime(2022, 6, 30, 20), datetime(2022, 7, 1), campaign=MARKET,
    ),
    operation("over the end", datetime(2022, 6, 30, 23), datetime(2022, 7, 1, 2)),
]  # fmt: skip
SHIFTS = [
    shift(date(2022, 3, 1)),
    shift(date(2022, 3, 1), township="铜城街道", vehicles_checked=300),
    shift(date(2022, 3, 2), breath_tested=None),
]
VIOLATIONS = [
    found(datetime(2022, 1, 1, 1), "over new year", category="酒驾"),
    found(datetime(2022, 3, 4, 23), "small", category="酒驾", vehicle_type="小型轿车"),
    found(datetime(2022, 3, 5, 1), "small", category="醉驾", township="铜城街道"),
    found(datetime(2022, 3, 11, 23), "large"),
    found(datetime(2022, 3, 12, 1), "large", category="酒驾"),
    found(datetime(2022, 3, 12, 1), "large", source="非现场"),
    found(datetime(2022, 3, 12, 10), "untested", category="酒驾"),
    found(datetime(2022, 6, 30, 21), "to midnight"),
    found(datetime(2022, 6, 30, 23, 30), "over the end", category="酒驾"),
    found(datetime(2022, 7, 1, 1), "over the end", category="酒驾"),
    found(datetime(2022, 3, 1, 9)),
    found(datetime(2022, 3, 1, 21), category="酒驾", township="铜城街道"),
    found(datetime(2022, 3, 2, 21), category="酒驾"),
    found(datetime(2022, 3, 1, 9), source="非现场"),
    found(datetime(2022, 4, 1, 9)),
]
NUMBERED = [{"violation_id": f"{n}", **row} for n, row in enumerate(VIOLATIONS)]


@pytest.fixture
def duty(given: Given) -> Engine:
    """Operations and routine duty with everything that goes wrong at the edges."""
    return given(campaigns=OPERATIONS, duty_shifts=SHIFTS, violations=NUMBERED)


def parts(engine: Engine, name: str, **filters: Any) -> dict[str, tuple[Any, Any]]:
    """Denominator and numerator of a rate, by duty."""
    bottom, top = RATES[name]
    rows = run(engine, f"enforcement/{name}", **filters).rows
    return {row["duty"]: (row[bottom], row[top]) for row in rows}


def test_found_per_100_checked_of_each_kind_of_operation_beside_routine_duty(duty: Engine) -> None:
    assert parts(duty, "found_per_100_checked") == {
        NIGHT: (400, 4),
        MARKET: (400, 2),
        ROUTINE: (500, 3),
    }
    assert parts(duty, "drink_per_100_checked") == {
        NIGHT: (400, 3),
        MARKET: (400, 1),
        ROUTINE: (500, 2),
    }


def test_a_rate_is_a_ratio_of_sums(duty: Engine) -> None:
    rows = {r["duty"]: r for r in run(duty, "enforcement/drink_per_100_checked").rows}
    assert rows[NIGHT]["drink_per_100_checked"] == pytest.approx(100 * 3 / 400)
    each = run(duty, "enforcement/nights", campaign_id=("small", "large")).rows
    assert [r["drink_per_100_checked"] for r in each] == pytest.approx(
        [100 * 1 / 350, 100 * 2 / 50]
    )


def test_what_lacks_its_denominator_is_left_out_on_both_sides(duty: Engine) -> None:
    assert parts(duty, "drink_per_100_tests") == {
        NIGHT: (200, 3),
        MARKET: (100, 0),
        ROUTINE: (40, 1),
    }
    assert parts(duty, "drink_per_100_officer_hours") == {
        NIGHT: (80, 3),
        MARKET: (70, 1),
        ROUTINE: (120, 2),
    }


def test_duty_that_checked_nothing_has_no_rate(given: Given) -> None:
    engine = given(
        campaigns=OPERATIONS[:0],
        duty_shifts=[shift(date(2022, 3, 1), vehicles_checked=0)],
        violations=[{"violation_id": "1", **found(datetime(2022, 3, 1, 9))}],
    )
    (row,) = run(engine, "enforcement/found_per_100_checked").rows
    assert (row["duty"], row["found"], row["found_per_100_checked"]) == (ROUTINE, 1, None)


@pytest.mark.parametrize(
    "chosen",
    [
        {"township": "铜城街道"},
        {"vehicle_type": "小型轿车"},
        {"hour": "23"},
        {"weekday": "5"},
        {"campaign": NIGHT},
        {"campaign_id": "small"},
        {"operation_date": "2022-03-04"},
        {"violations__on_campaign": "false"},
        {"violations__source": "非现场"},
    ],
)
@pytest.mark.parametrize("name", RATES)
def test_a_filter_that_one_side_of_a_rate_lacks_is_left_aside(
    duty: Engine, name: str, chosen: dict[str, str]
) -> None:
    assert parts(duty, name, **chosen) == parts(duty, name)


def test_a_category_narrows_what_was_found_and_not_what_was_checked(duty: Engine) -> None:
    assert parts(duty, "found_per_100_checked", category=("酒驾", "醉驾")) == parts(
        duty, "drink_per_100_checked"
    )


@pytest.mark.parametrize("name", ["found_per_100_checked", "drink_per_100_checked"])
def test_a_click_on_a_duty_lists_the_rows_that_it_counts(duty: Engine, name: str) -> None:
    for kind, (_, counted) in parts(duty, name).items():
        chosen: dict[str, tuple[str, ...]] = {
            "duty": (kind,),
            "violations.duty_counted": ("true",),
            "violations.source": ("现场",),
        }
        if name.startswith("drink"):
            chosen["violations.drink"] = ("true",)
        behind = Records("violations", Filters(HALF_YEAR, "none", chosen), Reader()).count(duty)
        # On 1 April a violation was found on routine duty that the ledger does not have.
        unknown = 1 if kind == ROUTINE and not name.startswith("drink") else 0
        assert behind == counted + unknown


def test_operations_that_began_in_the_period_and_what_carries_their_number(duty: Engine) -> None:
    assert rows_of(run(duty, "enforcement/operations")) == [(5, 50, 1000, 400, 8, 6)]
    assert rows_of(run(duty, "enforcement/operations", campaign_id="small")) == [
        (1, 10, 50, 100, 2, 2)
    ]
    assert rows_of(run(duty, "enforcement/operations", township="铜城街道")) == rows_of(
        run(duty, "enforcement/operations")
    )
    quiet = Period(date(2022, 5, 1), date(2022, 5, 31))
    assert rows_of(run(duty, "enforcement/operations", period=quiet)) == [(0, 0, 0, 0, 0, 0)]


def test_the_rows_behind_the_figures_of_operations_are_those_they_count(duty: Engine) -> None:
    (row,) = run(duty, "enforcement/operations").rows
    summed = {"officers", "vehicles_checked", "breath_tested"}
    for name, figure in row.items():
        meant = metric(name)
        assert meant.rows is not None
        rows = Records(meant.rows, Filters(HALF_YEAR, "none", dict(meant.where)), Reader())
        if name in summed:
            behind = sum(v or 0 for v in rows.rows(duty).column(name).to_pylist())
        else:
            behind = rows.count(duty)
        assert behind == figure, name


def test_operations_one_by_one_with_a_dash_where_the_period_cuts_them(duty: Engine) -> None:
    rows = {
        row["campaign_id"]: (row["found"], row["drink_found"], row["found_per_100_checked"])
        for row in run(duty, "enforcement/nights").rows
    }
    assert list(rows) == ["over the end", "to midnight", "untested", "large", "small"]
    assert rows["over the end"] == (None, None, None)
    assert rows["to midnight"] == (1, 0, 0.5)
    assert rows["large"] == (2, 1, pytest.approx(100 * 2 / 350))
    assert rows["small"] == (2, 2, 4)
    (untested,) = run(duty, "enforcement/nights", campaign_id="untested").rows
    assert (untested["drink_per_100_checked"], untested["drink_per_100_tests"]) == (0.5, None)


def test_one_night_is_the_day_it_began_on_with_what_came_after_midnight(duty: Engine) -> None:
    days = {str(row[0]): row[1:] for row in rows_of(run(duty, "enforcement/calendar"))}
    assert days == {
        "2022-03-04": (1, 50, 2, 2),
        "2022-03-11": (1, 350, 2, 1),
        "2022-03-12": (1, 200, 1, 1),
        "2022-06-30": (2, 400, 1, 0),
    }
    chosen = {"operation_date": ("2022-03-04",), "violations.source": ("现场",)}
    rows = Records("violations", Filters(HALF_YEAR, "none", chosen), Reader())
    assert rows.rows(duty).column("occurred_at").to_pylist() == [
        datetime(2022, 3, 5, 1),
        datetime(2022, 3, 4, 23),
    ]


def test_kinds_stand_beside_themselves_a_year_before(given: Given) -> None:
    engine = given(
        campaigns=[
            operation("now", datetime(2022, 3, 4, 20), datetime(2022, 3, 4, 23)),
            operation("then", datetime(2021, 3, 5, 20), datetime(2021, 3, 5, 23)),
            operation("new", datetime(2022, 3, 4, 9), datetime(2022, 3, 4, 12), campaign=MARKET),
        ],
        duty_shifts=[shift(date(2021, 3, 5))],
        violations=[
            {
                "violation_id": "1",
                "occurred_at": datetime(2021, 3, 5, 21),
                "source": "现场",
                "category": "酒驾",
                "campaign_id": "then",
                "campaign": NIGHT,
            }
        ],
    )
    result = run(engine, "enforcement/drink_per_100_checked", comparison="year")
    rows = {
        row["duty"]: (row["drink_per_100_checked"], row["drink_per_100_checked_before"])
        for row in result.rows
    }
    assert rows == {NIGHT: (0, 0.5), MARKET: (0, None), ROUTINE: (None, 0)}


WHOLE_SAMPLE = Period(date(2017, 1, 1), date(2022, 6, 30))


def test_the_sample_gives_back_the_rates_that_were_built_into_it(sample: Engine) -> None:
    """``brigade/sample/effects.toml`` says what they are: drinkers found per 100 checked."""
    rows = run(sample, "enforcement/drink_per_100_checked", period=WHOLE_SAMPLE).rows
    rates = {row["duty"]: row["drink_per_100_checked"] for row in rows}
    built_in = {NIGHT: 1.40, "鹰眼行动": 1.25, "逢十": 1.15, MARKET: 1.08, "低速电动车治理": 0.25}
    assert {k: v for k, v in rates.items() if k != ROUTINE} == pytest.approx(built_in, abs=0.01)
    assert rates[ROUTINE] == pytest.approx(0.30, rel=0.1)
    assert list(rates)[:4] == [NIGHT, "鹰眼行动", "逢十", MARKET]


@pytest.mark.parametrize("chosen", [{}, {"squadron": "一中队"}, {"category": "涉牌"}])
def test_on_the_sample_kinds_nights_and_days_add_up_to_the_same(
    sample: Engine, chosen: dict[str, str]
) -> None:
    kinds = parts(sample, "found_per_100_checked", **chosen)
    kinds.pop(ROUTINE)
    nights = run(sample, "enforcement/nights", **chosen).rows
    days = run(sample, "enforcement/calendar", **chosen).rows
    total = sum(counted for _, counted in kinds.values())
    assert total == sum(row["found"] for row in nights) == sum(row["found"] for row in days) > 0
    assert len(nights) == sum(row["operations"] for row in days)
