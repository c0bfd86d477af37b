"""The vehicle office: tickets, waiting, handling, returns and ratings."""

from pathlib import Path

import numpy as np

from brigade.sample.calendar import all_days, hour, is_closed, is_epidemic, weekday
from brigade.sample.columns import flags, ids, times, words, write
from brigade.sample.draw import (
    Bools,
    Floats,
    Generator,
    Ints,
    Times,
    at_seconds,
    pick,
    pick_by,
    stream,
)
from brigade.sample.effects import by_name, number

_RECORDS = 60_000
BUSINESSES = tuple(by_name("handling_minutes"))
_VEHICLE_BUSINESSES = 7  # the first seven are of vehicles, the rest of drivers
HALLS = tuple(by_name("wait_hall"))
CHANNELS = ("窗口", "自助机", "交管12123", "邮政网点")
_WINDOW, _MACHINE, _ONLINE, _POST = range(4)
_ONLINE_HALL, _POST_HALL = "交管12123", "邮政网点"

# Businesses by channel, in the order of handling_minutes.
_BUSINESS_WEIGHTS = (
    (17, 22, 6, 7, 3, 20, 8, 13, 4),
    (0, 0, 0, 0, 0, 0, 30, 50, 20),
    (0, 0, 0, 0, 0, 62, 14, 18, 6),
    (0, 0, 4, 8, 0, 42, 22, 18, 6),
)
_HALL_WEIGHTS = (52, 24, 13, 11)
# Share of the channels by year: the telephone takes over.
_CHANNEL_WEIGHTS = (
    *((80, 6, 8, 6), (74, 7, 12, 7), (67, 8, 17, 8)),
    *((58, 9, 24, 9), (53, 9, 28, 10), (50, 9, 31, 10)),
)
_WEEK = (1.35, 1.0, 0.95, 0.95, 1.05, 0.5, 0.0)
_ARRIVALS = (14, 20, 18, 9, 2, 10, 12, 9, 5)  # from 8 to 16 h
_ONLINE_HOURS = (0, 0, 0, 0, 0, 0, 1, 3, 8, 10, 10, 8, 5, 6, 8, 8, 8, 6, 5, 5, 5, 4, 2, 1)
_OPENS, _CLOSES = 8 * 60 + 30, 17 * 60
_BUSY_MORNING = 1.3
_MACHINE_HANDLING, _MACHINE_WAITING = 0.6, 0.35
_SPREAD_OF_HANDLING = 0.35
_RATINGS = ("非常满意", "满意", "基本满意", "不满意", "非常不满意")
_RATED = 0.45
_TYPES = ("小型汽车", "大型汽车", "普通摩托车", "挂车", "小型新能源汽车")
_TYPE_WEIGHTS = (74, 8, 11, 3, 4)
_TYPE_NAMES = ("小型轿车", "重型半挂牵引车", "普通二轮摩托车", "重型半挂车", "小型轿车")
_PLATED_ON_SITE = 0.86


def write_service(folder: Path, seed: int) -> None:
    """The extract ``service_records``, in order of the time finished."""
    rng = stream(seed, "service")
    day = _draw_days(rng)
    years = day.astype("datetime64[Y]").astype(np.int64) - 47
    channel = pick_by(rng, _CHANNEL_WEIGHTS, years)
    channel[is_closed(day)] = _ONLINE
    business = pick_by(rng, _BUSINESS_WEIGHTS, channel)
    hall = pick(rng, _HALL_WEIGHTS, len(day))
    ticket, called, finished = _times(rng, day, channel, business, hall)
    order = np.argsort(finished, kind="stable")
    day, channel, business, hall = day[order], channel[order], business[order], hall[order]
    ticket, called, finished = ticket[order], called[order], finished[order]

    in_hall = channel <= _MACHINE
    places = (*HALLS, _ONLINE_HALL, _POST_HALL)
    place = np.where(in_hall, hall, len(HALLS) + channel - _ONLINE)
    returned_share = np.array([by_name("returned_share")[name] for name in places])
    of_vehicle = business < _VEHICLE_BUSINESSES
    plate_type = pick(rng, _TYPE_WEIGHTS, len(day))
    plates_new = (business == 0) & (channel == _WINDOW)
    waited = (called - ticket).astype(np.int64) / 60
    write(
        folder,
        "service_records",
        {
            "record_id": ids("S", np.arange(1, len(day) + 1), 6),
            "business": words(BUSINESSES, business),
            "hall": words(places, place),
            "channel": words(CHANNELS, channel),
            "ticket_at": times(ticket, in_hall),
            "called_at": times(called, in_hall),
            "finished_at": times(finished),
            "returned": flags(rng.random(len(day)) < returned_share[place]),
            "vehicle_type": words(_TYPE_NAMES, plate_type, of_vehicle),
            "plate_type": words(_TYPES, plate_type, of_vehicle),
            "plated_on_site": flags(rng.random(len(day)) < _PLATED_ON_SITE, plates_new),
            "rating": words(_RATINGS, *_ratings(rng, waited, in_hall)),
        },
        keys=["record_id"],
    )


def _draw_days(rng: Generator) -> Times:
    """Working days by the week; on others a few do their business by telephone."""
    days = all_days()
    chance = np.array(_WEEK)[weekday(days)] * np.where(is_epidemic(days), 0.3, 1)
    chance = np.where(is_closed(days), 0.08, chance)
    growth = 1 + 0.05 * (days - days[0]).astype(np.int64) / 365
    return days[pick(rng, chance * growth, _RECORDS)]


def _times(
    rng: Generator, day: Times, channel: Ints, business: Ints, hall: Ints
) -> tuple[Times, Times, Times]:
    """Ticket, call and finish; online and by post only the last counts."""
    size = len(day)
    arrival = (8 + pick(rng, _ARRIVALS, size)) * 3600 + rng.integers(0, 3600, size)
    arrival = np.where(arrival < _OPENS * 60, arrival + 1800, arrival)
    ticket = at_seconds(day, arrival)
    waited = _waiting(rng, ticket, channel, hall)
    called = ticket + (waited * 60).astype("timedelta64[s]")
    usual = np.array([by_name("handling_minutes")[name] for name in BUSINESSES])[business]
    usual = usual * np.where(channel == _MACHINE, _MACHINE_HANDLING, 1)
    taken = usual * rng.lognormal(0, _SPREAD_OF_HANDLING, size)
    online = at_seconds(day, pick(rng, _ONLINE_HOURS, size) * 3600 + rng.integers(0, 3600, size))
    in_hall = channel <= _MACHINE
    finished = np.where(in_hall, called + (taken * 60).astype("timedelta64[s]"), online)
    posted = channel == _POST
    finished[posted] = ticket[posted] + (taken[posted] * 60).astype("timedelta64[s]")
    return ticket, called, finished


def _waiting(rng: Generator, ticket: Times, channel: Ints, hall: Ints) -> Floats:
    """Minutes from ticket to call.

    Log waiting is the sum of the built-in effects and of chance; its level and spread are set so
    that the median and the 90th percentile of all tickets are those laid down.
    """
    hours = hour(ticket)
    morning = (hours == 9) | (hours == 10)
    factor = np.where(morning, _BUSY_MORNING, 1.0)
    factor[morning & (weekday(ticket) == 0)] = number("wait_monday_morning")
    factor *= np.array(list(by_name("wait_hall").values()))[hall]
    factor *= np.where(channel == _MACHINE, _MACHINE_WAITING, 1)
    effects, chance = np.log(factor), rng.normal(0, 1, len(ticket))
    tickets = channel <= _MACHINE
    spread = _spread(effects[tickets], chance[tickets])
    log = effects + spread * chance
    level = np.log(number("wait_median_minutes")) - np.median(log[tickets])
    return np.asarray(np.exp(log + level))


def _spread(effects: Floats, chance: Floats) -> float:
    """The spread of chance that gives the ratio of 90th percentile to median, by bisection."""
    wanted = np.log(number("wait_90th_minutes") / number("wait_median_minutes"))
    low, high = 0.05, 3.0
    for _ in range(40):
        middle = (low + high) / 2
        half, most = np.quantile(effects + middle * chance, (0.5, 0.9))
        low, high = (middle, high) if most - half < wanted else (low, middle)
    return low


def _ratings(rng: Generator, waited: Floats, in_hall: Bools) -> tuple[Ints, Bools]:
    """The longer the wait, the worse; not everyone rates."""
    patience = np.where(in_hall, np.minimum(waited, 90), 5) / 30
    mood = rng.normal(0, 1, len(waited)) + 0.7 * patience
    return np.searchsorted((0.55, 1.7, 2.4, 3.0), mood), rng.random(len(waited)) < _RATED
