"""The lunar calendar against published holidays; the days that other modules hang on."""

import numpy as np
import pytest

from brigade.sample import calendar


def days(*texts: str) -> calendar.Times:
    return np.array(texts, dtype="datetime64[D]")


# From the State Council's yearly notices of public holidays (国务院办公厅关于部分节假日安排的通知).
@pytest.mark.parametrize(
    ("festival", "lunar_day", "dates"),
    [
        (
            "春节",
            1,
            ["2017-01-28", "2018-02-16", "2019-02-05", "2020-01-25", "2021-02-12", "2022-02-01"],
        ),
        (
            "端午节",
            5,
            ["2017-05-30", "2018-06-18", "2019-06-07", "2020-06-25", "2021-06-14", "2022-06-03"],
        ),
        ("中秋节", 15, ["2017-10-04", "2018-09-24", "2019-09-13", "2020-10-01", "2021-09-21"]),
    ],
)
def test_festivals_fall_on_their_lunar_day(festival: str, lunar_day: int, dates: list[str]) -> None:
    assert calendar.lunar_day(days(*dates)).tolist() == [lunar_day] * len(dates), festival


def test_a_lunar_month_has_29_or_30_days_without_gaps() -> None:
    lunar = calendar.lunar_day(calendar.all_days())
    step = np.diff(lunar)
    ends = lunar[:-1][step != 1]
    assert set(ends.tolist()) == {29, 30}
    assert (lunar[1:][step != 1] == 1).all()


def test_the_new_moon_two_minutes_past_midnight_is_of_the_later_day() -> None:
    assert calendar.lunar_day(days("2018-11-07", "2018-11-08")).tolist() == [30, 1]


def test_the_years_begin_at_the_months_of_the_table() -> None:
    assert np.isin(calendar.NEW_YEARS, calendar.MONTH_STARTS).all()


def test_days_outside_the_table_are_refused() -> None:
    with pytest.raises(ValueError, match="lunar days are known"):
        calendar.lunar_day(days("2023-01-22"))


def test_market_days_end_in_five_or_ten() -> None:
    # 2022-02-05 is the fifth of the first month, 2022-02-10 the tenth.
    asked = days("2022-02-04", "2022-02-05", "2022-02-10", "2022-02-11")
    assert calendar.is_market(asked).tolist() == [False, True, True, False]


def test_school_days_leave_out_weekends_holidays_and_closed_schools() -> None:
    asked = days("2021-06-16", "2021-06-19", "2021-07-21", "2021-02-10", "2020-03-02")
    assert calendar.is_school_day(asked).tolist() == [True, False, False, False, False]


def test_weekdays_begin_on_monday() -> None:
    assert calendar.weekday(days("2022-06-27", "2022-07-03")).tolist() == [0, 6]
