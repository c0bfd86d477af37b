"""Which rollups are made: chosen by the sizes that they would have."""

import math

import pytest

from brigade.contracts import contract
from brigade.rollups import plan as planning
from brigade.rollups.plan import FLOOR, WORTH, Rollup, plan
from brigade.rollups.text import rollup_sql

VALUES = {
    "township": 11, "squadron": 1, "road_class": 6, "category": 16, "vehicle_type": 16,
    "source": 2, "hour": 24, "weekday": 7, "violation_code": 2, "violation_name": 1,
    "campaign_id": 2, "campaign": 1,
}  # fmt: skip
RECORDS = 30_000_000
AS_THEY_ARE = {name: getattr(planning, name) for name in ("SHARE", "FLOOR", "SMALLER")}


@pytest.fixture(autouse=True)
def thresholds_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those that other tests here lower."""
    for name, value in AS_THEY_ARE.items():
        monkeypatch.setattr(planning, name, value)


def size(columns: frozenset[str], daily: bool) -> float:
    """As large as there are combinations in five years, and never larger than the records."""
    times = 1800 if daily else 60
    return min(RECORDS, times * math.prod(VALUES[column] for column in columns))


def made(records: int = RECORDS) -> list[Rollup]:
    return plan(contract("violations"), records, ["fine_yuan", "points"], size, WORTH)


def rows(rollup: Rollup) -> float:
    return size(frozenset(rollup.columns), rollup.daily)


def test_few_records_are_worth_none() -> None:
    assert made(WORTH - 1) == []


def test_none_is_as_large_as_the_records() -> None:
    assert made()
    assert all(rows(one) < 0.5 * RECORDS for one in made())


def test_each_is_made_from_one_that_holds_it_and_comes_before() -> None:
    there: dict[str, Rollup] = {}
    for one in made():
        if one.made_from:
            assert set(one.columns) <= there[one.made_from].has
            assert there[one.made_from].daily or not one.daily
        there[one.name] = one


def test_a_small_one_is_made_for_what_a_page_groups_by_under_one_filter() -> None:
    """Category by township is read from one of less than a thousandth of the records."""
    fit = [one for one in made() if {"category", "township"} <= one.has and not one.daily]
    assert min(rows(one) for one in fit) < RECORDS / 1000


def test_a_small_one_is_made_where_no_wide_one_is_worth_it() -> None:
    """By hour, weekday and all of the frame there are as many as records."""
    fit = [one for one in made() if {"hour", "weekday"} <= one.has]
    assert fit
    assert not any({"category", "township", "vehicle_type"} <= one.has for one in fit)
    assert min(rows(one) for one in fit) < RECORDS / 1000


def test_for_one_that_is_read_in_no_time_no_smaller_one_is_made() -> None:
    parents = {one.name: one for one in made()}
    assert all(rows(parents[one.made_from]) > FLOOR for one in made() if one.made_from)


def test_personal_columns_and_keys_are_in_none() -> None:
    held = {column for one in made() for column in one.columns}
    assert not held & {"plate", "officer", "violation_id"}


def test_the_text_is_one_plain_select() -> None:
    one = Rollup("violations_1", "violations", False, ("hour", "township"), ("points",))
    assert rollup_sql(one, "violations") == (
        "select cast(cast(date_trunc('month', occurred_at) as date) as timestamp) as occurred_at,"
        " case when coalesce(time_recorded, true) then hour(occurred_at) end as hour, township,"
        " cast(sum(1) as bigint) as records, cast(sum(points) as bigint) as points\n"
        "from violations\ngroup by 1, 2, 3"
    )
    smaller = Rollup("violations_2", "violations", False, ("hour",), ("points",), "violations_1")
    assert rollup_sql(smaller, "violations_1", one).endswith("from violations_1\ngroup by 1, 2")
    assert "sum(records)" in rollup_sql(smaller, "violations_1", one)
