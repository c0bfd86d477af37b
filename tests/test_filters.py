"""Periods, what they're compared with, and which filters reach which extract."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brigade.contracts import all_contracts, contract
from brigade.errors import FilterError
from brigade.filters import (
    Filters,
    Period,
    add_months,
    column_in,
    column_of,
    filter_text,
    key_of,
    period_before,
    typed_value,
)

days = st.dates(date(2010, 1, 1), date(2030, 12, 31))
periods = st.builds(lambda a, n: Period(a, a + timedelta(days=n)), days, st.integers(0, 1200))


def span(text: str) -> Period:
    """A period from its two ISO dates."""
    start, end = text.split("..")
    return Period(date.fromisoformat(start), date.fromisoformat(end))


@pytest.mark.parametrize(
    ("now", "before"),
    [
        ("2022-01-01..2022-06-30", "2021-01-01..2021-06-30"),
        ("2022-01-01..2022-06-17", "2021-01-01..2021-06-17"),
        ("2024-01-01..2024-02-29", "2023-01-01..2023-02-28"),
        ("2025-01-01..2025-02-28", "2024-01-01..2024-02-28"),
        ("2024-02-29..2024-02-29", "2023-02-28..2023-02-28"),
        ("2021-07-01..2022-06-30", "2020-07-01..2021-06-30"),
        ("2021-01-01..2022-06-30", "2019-01-01..2020-06-30"),
        ("2021-12-20..2022-01-10", "2020-12-20..2021-01-10"),
    ],
)
def test_the_year_before_is_the_same_calendar_days(now: str, before: str) -> None:
    assert period_before(span(now), "year") == span(before)


@pytest.mark.parametrize(
    ("now", "before"),
    [
        ("2022-01-01..2022-06-30", "2021-07-01..2021-12-31"),
        ("2022-03-01..2022-03-31", "2022-02-01..2022-02-28"),
        ("2022-06-01..2022-06-17", "2022-05-15..2022-05-31"),
        ("2022-03-05..2022-03-05", "2022-03-04..2022-03-04"),
    ],
)
def test_the_period_before_has_as_many_whole_months_or_days(now: str, before: str) -> None:
    assert period_before(span(now), "previous") == span(before)


@given(periods, st.sampled_from(["year", "previous"]))
def test_two_periods_compared_never_overlap_and_are_nearly_as_long(
    period: Period, kind: str
) -> None:
    before = period_before(period, kind)  # type: ignore[arg-type]
    assert before is not None
    assert before.end < period.start
    leap_days = 1 + period.days // 365
    months = period.whole_months or 0
    slack = leap_days if kind == "year" else 3 * months
    assert abs(before.days - period.days) <= slack


def test_no_comparison_has_no_period_before() -> None:
    assert period_before(span("2022-01-01..2022-06-30"), "none") is None


@given(days, st.integers(-60, 60))
def test_months_added_and_taken_away_keep_the_month(day: date, months: int) -> None:
    moved = add_months(day, months)
    assert (moved.year * 12 + moved.month) - (day.year * 12 + day.month) == months
    assert moved.day <= day.day


def test_a_period_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(FilterError):
        Period(date(2022, 2, 1), date(2022, 1, 1))


def test_a_filter_of_one_extract_leaves_columns_of_the_same_name_in_others_alone() -> None:
    chosen = Filters(span("2022-01-01..2022-06-30"), values={"hazards.kind": ("马路市场",)})
    assert chosen.for_extract(contract("hazards")) == {"kind": ("马路市场",)}
    assert chosen.for_extract(contract("villages")) == {}


def test_a_shared_filter_reaches_every_extract_that_has_the_column() -> None:
    chosen = Filters(span("2022-01-01..2022-06-30"), values={"township": ("刘集镇",)})
    for extract in all_contracts().values():
        applies = "township" in extract.columns and extract.columns["township"].filter
        assert bool(chosen.for_extract(extract)) == applies


def test_personal_columns_can_not_be_filtered_by() -> None:
    for extract in all_contracts().values():
        for column in extract.columns.values():
            if column.personal:
                assert column_in(key_of(extract.name, column.name), extract) is None


@pytest.mark.parametrize("key", ["nonsense", "violations.plate", "nowhere.kind", "kind", "_id", ""])
def test_a_key_that_names_no_filter_is_refused(key: str) -> None:
    with pytest.raises(FilterError):
        column_of(key)


@given(st.data())
def test_a_value_written_for_a_filter_reads_back_as_itself(data: st.DataObject) -> None:
    kinds = {
        "text": st.text(min_size=1).filter(lambda s: s not in ("未记录", "not recorded")),
        "integer": st.integers(-(10**9), 10**9),
        "number": st.floats(allow_nan=False, allow_infinity=False),
        "boolean": st.booleans(),
        "date": days,
    }
    columns = [
        column
        for extract in all_contracts().values()
        for column in extract.columns.values()
        if column.type in kinds
    ]
    column = data.draw(st.sampled_from(columns))
    value = data.draw(st.none() | kinds[column.type])
    assert typed_value(column, filter_text(column, value)) == value


@pytest.mark.parametrize(("key", "value"), [("hour", "noon"), ("violations.drink", "maybe")])
def test_a_value_of_another_type_is_refused(key: str, value: str) -> None:
    with pytest.raises(FilterError):
        typed_value(column_of(key), value)


def test_a_filter_reaches_what_is_borrowed_from_its_extract_and_no_namesake() -> None:
    cause = column_in("crashes.cause", contract("crash_parties"))
    assert cause is not None
    assert cause.borrowed == ("crashes", "crash_id")
    assert column_in("crashes.crash_id", contract("rescue_cases")) is not None
    # Hazards have villages and a kind of their own, which is not the village's.
    assert column_in("villages.kind", contract("hazards")) is None
    assert column_in("crash_parties.cause", contract("crashes")) is None
