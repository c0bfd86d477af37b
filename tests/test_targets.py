"""Targets: what is done by the metric's own query, and how that stands by now."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from brigade.engine.duckdb import Engine
from brigade.engine.relations import Reader
from brigade.filters import Filters, Period
from brigade.metrics import metric
from brigade.records import Records
from brigade.targets import Progress, Target, judge, progress, targets_in_force
from tests.conftest import Given

YEAR = Period(date(2022, 1, 1), date(2022, 12, 31))
DAY = timedelta(days=1)
TENTH = date(2022, 2, 6)
"""A tenth of the year is over: 37 of 365 days."""
SHARE = 37 / 365
CEILING, FLOOR, PLAN = (
    metric("tickets_overdue"),
    metric("villages_complete"),
    metric("drink_driving"),
)


def planned(name: str, value: float, township: str | None = None, **span: date) -> dict[str, Any]:
    given = {"starts_on": YEAR.start, "ends_on": YEAR.end} | span
    return {"metric": name, "target": value, "township": township, **given}


def crashes(count: int, **columns: Any) -> list[dict[str, Any]]:
    """Crashes from the first day of the year on, two a day, and one in the year before."""
    first = datetime(2022, 1, 1, 8)
    given = {"procedure": "一般程序", "deaths": 0, "injuries": 0, "township": "刘集镇", **columns}
    days = [datetime(2021, 12, 31), *(first + n // 2 * DAY for n in range(count))]
    return [{"crash_id": str(n), "occurred_at": day, **given} for n, day in enumerate(days)]


def one(engine: Engine, name: str, value: float, day: date = TENTH, **rest: Any) -> Progress:
    given = {"township": None, "span": YEAR} | rest
    return progress(Target(name, value=value, **given), day, engine, Reader())


def test_what_is_counted_goes_by_days_from_the_first_day_of_the_span(given: Given) -> None:
    engine = given(crashes=crashes(74))
    found = one(engine, "crashes", 365)
    assert found.done == 74
    assert found.expected == pytest.approx(37)
    assert (found.standing, found.verdict.en[:9]) == ("bad", "off track")
    assert one(engine, "crashes", 740).standing == "good"


def test_the_rows_behind_a_target_are_those_that_it_counts(given: Given) -> None:
    engine = given(crashes=crashes(74))
    for day in (TENTH, date(2022, 1, 10)):
        found = one(engine, "crashes", 365, day)
        chosen = found.filters.having(metric("crashes").where)
        assert Records("crashes", chosen, Reader()).count(engine) == found.done


def test_a_target_of_a_township_counts_its_own_rows(given: Given) -> None:
    elsewhere = [
        {**row, "crash_id": f"b{row['crash_id']}"} for row in crashes(4, township="姜楼镇")
    ]
    engine = given(crashes=[*crashes(74), *elsewhere])
    assert one(engine, "crashes", 50, township="姜楼镇").done == 4
    assert one(engine, "crashes", 500).done == 78


def hazard(number: int, cleared_on: date | None) -> dict[str, Any]:
    return {"hazard_id": str(number), "found_on": date(2021, 1, 1), "cleared_on": cleared_on}


def test_a_level_goes_from_where_it_stood_the_day_before_the_span(given: Given) -> None:
    before, within = date(2021, 12, 31), date(2022, 2, 1)
    engine = given(
        hazards=[hazard(n, before if n < 10 else within if n < 14 else None) for n in range(99)]
    )
    found = one(engine, "hazards_cleared", 50)
    assert found.done == 14
    assert found.expected == pytest.approx(10 + 40 * SHARE)
    assert found.standing == "bad"
    assert one(engine, "hazards_cleared", 30).standing == "good"
    reached = one(engine, "hazards_cleared", 8)
    assert (reached.expected, reached.standing) == (None, "good"), "it was reached before the span"


def test_a_level_without_a_past_and_a_ratio_have_no_even_pace(given: Given) -> None:
    engine = given(
        villages=[{"village_code": "1", "village": "甲", "township": "刘集镇", "kind": "行政村"}],
        village_facilities=[{"village_code": "1", "item": "喇叭", "status": "正常"}],
    )
    for name in ("working_share", "complete_share"):
        found = one(engine, name, 60)
        assert (found.expected, found.standing) == (None, "neutral")
        assert found.done is not None
    assert one(engine, "working_share", 60).done == pytest.approx(12.5)


def test_what_can_not_be_known_is_not_judged(given: Given) -> None:
    engine = given(crashes=crashes(10))
    stale = one(engine, "crashes", 365, date(2022, 6, 30))
    assert (stale.done, stale.expected, stale.standing) == (10, None, "unknown")
    for name in ("happiness", "crashes_cumulative", "hazards_cleared"):
        found = one(engine, name, 9)
        assert (found.done, found.expected, found.standing) == (None, None, "unknown"), name


def test_targets_in_force_are_those_whose_span_holds_the_periods_end(given: Given) -> None:
    engine = given(
        targets=[
            planned("crashes", 68),
            planned("crashes", 9, "刘集镇"),
            planned("deaths", 5, starts_on=date(2022, 6, 30), ends_on=date(2022, 6, 30)),
            planned("deaths", 20, starts_on=date(2022, 7, 1)),
            planned("deaths", 19, ends_on=date(2022, 6, 29)),
        ]
    )

    def found(**values: tuple[str, ...]) -> list[tuple[str, str | None, float]]:
        filters = Filters(Period(date(2022, 3, 1), date(2022, 6, 30)), "year", values)
        targets = targets_in_force("overview/targets", filters, engine, Reader())
        return [(target.metric, target.township, target.value) for target in targets]

    every = [("crashes", "刘集镇", 9), ("crashes", None, 68), ("deaths", None, 5)]
    assert sorted(found(), key=str) == sorted(every, key=str)
    assert found(township=("刘集镇",)) == [("crashes", "刘集镇", 9)]
    assert found(category=("酒驾",)) == found()


@pytest.mark.parametrize(
    ("done", "expected", "is_over", "ceiling", "floor"),
    [
        (40, 50, False, "good", "bad"),
        (50, 50, False, "good", "good"),
        (60, 50, False, "bad", "good"),
        (100, 50, False, "bad", "good"),
        (101, 50, False, "bad", "good"),
        (40, None, False, "neutral", "neutral"),
        (99, 100, True, "good", "bad"),
        (100, 100, True, "good", "good"),
        (101, 100, True, "bad", "good"),
    ],
)
def test_a_ceiling_and_a_floor_of_100_read_the_other_way(
    done: int, expected: float | None, is_over: bool, ceiling: str, floor: str
) -> None:
    assert judge(CEILING, 100, done, expected, is_over)[0] == ceiling
    assert judge(FLOOR, 100, done, expected, is_over)[0] == floor
    assert judge(PLAN, 100, done, expected, is_over)[0] == "neutral"
    assert (
        judge(PLAN, 100, done, expected, is_over)[1]
        == judge(FLOOR, 100, done, expected, is_over)[1]
    )


def test_a_few_crashes_over_the_pace_are_no_bad_sign() -> None:
    deaths = metric("deaths")
    standing, verdict = judge(deaths, 21, 12, 10.4, is_over=False)
    assert (standing, "within chance" in verdict.en) == ("neutral", True)
    standing, verdict = judge(deaths, 60, 24, 10.4, is_over=False)
    assert (standing, "within chance" in verdict.en) == ("bad", False)
