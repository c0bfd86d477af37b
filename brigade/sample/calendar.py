"""The days of the sample: lunar days and markets, harvest, school terms, holidays, epidemic."""

import numpy as np

from brigade.sample.draw import Bools, Ints, Times

FIRST_DAY = np.datetime64("2017-01-01", "D")
LAST_DAY = np.datetime64("2022-06-30", "D")
YEARS = range(2017, 2023)

# New moons by the formula of J. Meeus, Astronomical Algorithms (2nd edition), chapter 49, in China
# time, as GB/T 33661-2017 lays down. Years with a leap month (2017, 2020) have thirteen lengths.
# The month from 2018-11-08 begins two minutes past midnight; some calendars have it a day early.
NEW_YEARS = np.array(
    ["2017-01-28", "2018-02-16", "2019-02-05", "2020-01-25", "2021-02-12", "2022-02-01"],
    dtype="datetime64[D]",
)
_FIRST_MONTH = np.datetime64("2016-12-29", "D")
_MONTH_LENGTHS = [
    *[30],  # the twelfth month of 2016
    *[29, 30, 29, 30, 29, 29, 30, 29, 30, 29, 30, 30, 30],  # 2017
    *[29, 30, 29, 30, 29, 29, 30, 29, 30, 29, 30, 30],  # 2018
    *[30, 29, 30, 29, 30, 29, 29, 30, 29, 29, 30, 30],  # 2019
    *[29, 30, 30, 30, 29, 30, 29, 29, 30, 29, 30, 29, 30],  # 2020
    *[29, 30, 30, 29, 30, 29, 30, 29, 30, 29, 30, 29],  # 2021
    *[30, 29, 30, 29, 30, 30, 29],  # 2022, to its seventh month
]
MONTH_STARTS: Times = _FIRST_MONTH + np.cumsum([0, *_MONTH_LENGTHS])

_EPIDEMIC = (("2020-01-26", "2020-03-10"), ("2022-03-12", "2022-04-25"))
_SCHOOLS_CLOSED = (("2020-02-01", "2020-04-14"), ("2022-03-12", "2022-04-25"))


def all_days() -> Times:
    """Every day of the sample."""
    return np.arange(FIRST_DAY, LAST_DAY + 1)


def year(days: Times) -> Ints:
    """Calendar year."""
    return days.astype("datetime64[Y]").astype(np.int64) + 1970


def month(days: Times) -> Ints:
    """Calendar month, 1 to 12."""
    return days.astype("datetime64[M]").astype(np.int64) % 12 + 1


def weekday(days: Times) -> Ints:
    """Day of the week, 0 on Monday to 6 on Sunday."""
    return (days.astype("datetime64[D]").astype(np.int64) + 3) % 7


def hour(times: Times) -> Ints:
    """Hour of the day, 0 to 23."""
    return times.astype("datetime64[h]").astype(np.int64) % 24


def lunar_day(days: Times) -> Ints:
    """Day of the lunar month, 1 to 30; days outside the table are an error."""
    days = days.astype("datetime64[D]")
    if days.size and not (days.min() >= MONTH_STARTS[0] and days.max() < MONTH_STARTS[-1]):
        raise ValueError("lunar days are known from 2016-12-29 to 2022-08-26 only")
    begun = np.searchsorted(MONTH_STARTS, days, side="right") - 1
    return (days - MONTH_STARTS[begun]).astype(np.int64) + 1


def is_market(days: Times) -> Bools:
    """Market days: lunar days that end in 5 (逢五) or 0 (逢十)."""
    return np.asarray(lunar_day(days) % 5 == 0)


def is_harvest(days: Times) -> Bools:
    """September to November."""
    return (month(days) >= 9) & (month(days) <= 11)


def is_epidemic(days: Times) -> Bools:
    """The two times when the county stood still: early 2020 and spring 2022."""
    return _within(days, _EPIDEMIC)


def is_spring_festival(days: Times) -> Bools:
    """From New Year's Eve to the sixth of the first month."""
    return _days_from_new_year(days, -1, 5)


def is_closed(days: Times) -> Bools:
    """Days on which no office works: Sundays, Spring Festival, 1 to 7 October."""
    national = (month(days) == 10) & (_day_of_month(days) <= 7)
    return np.asarray((weekday(days) == 6) | is_spring_festival(days) | national)


def is_school_day(days: Times) -> Bools:
    """Monday to Friday in term; winter holidays follow the lunar year, summer ends on 31 August."""
    summer = ((month(days) == 7) & (_day_of_month(days) > 7)) | (month(days) == 8)
    winter = _days_from_new_year(days, -14, 16)
    closed = _within(days, _SCHOOLS_CLOSED)
    return np.asarray((weekday(days) < 5) & ~summer & ~winter & ~closed)


def _day_of_month(days: Times) -> Ints:
    days = days.astype("datetime64[D]")
    first = days.astype("datetime64[M]").astype("datetime64[D]")
    return np.asarray((days - first).astype(np.int64) + 1)


def _within(days: Times, spans: tuple[tuple[str, str], ...]) -> Bools:
    days = days.astype("datetime64[D]")
    inside = np.zeros(days.shape, dtype=bool)
    for first, last in spans:
        inside |= (days >= np.datetime64(first)) & (days <= np.datetime64(last))
    return inside


def _days_from_new_year(days: Times, first: int, last: int) -> Bools:
    offset = (days.astype("datetime64[D]")[..., None] - NEW_YEARS).astype(np.int64)
    return np.asarray(((offset >= first) & (offset <= last)).any(axis=-1))
