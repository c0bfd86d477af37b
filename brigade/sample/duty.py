"""Operations and routine duty: what was checked, and how many drinkers are to be found there."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from brigade.sample.calendar import (
    all_days,
    is_epidemic,
    is_spring_festival,
    lunar_day,
    weekday,
)
from brigade.sample.columns import dates, ids, measures, times, whole, words, write
from brigade.sample.draw import Bools, Generator, Ints, Times, pick_by, split, stream
from brigade.sample.effects import by_name, number
from brigade.sample.places import SQUADRONS, Places


@dataclass(frozen=True)
class _Kind:
    name: str
    focus: str
    hour: float
    hours: float
    vehicles: int
    officers: int
    breath: float
    first: str
    last: str


KINDS = (
    _Kind("零点行动", "酒醉驾", 22.5, 3.5, 230, 18, 0.92, "2017-01-01", "2022-06-30"),
    _Kind("鹰眼行动", "酒醉驾、超限超载", 19.5, 3.0, 200, 14, 0.85, "2019-01-01", "2022-06-30"),
    _Kind("逢五", "酒醉驾、涉牌涉证", 11.0, 3.0, 160, 10, 0.80, "2018-01-01", "2022-06-30"),
    _Kind("逢十", "酒醉驾、涉牌涉证", 17.5, 3.5, 165, 10, 0.80, "2018-01-01", "2022-06-30"),
    _Kind(
        "低速电动车治理", "低速电动车、涉牌涉证", 8.0, 3.0, 120, 8, 0.12, "2022-02-15", "2022-06-25"
    ),
)
ROUTINE = len(KINDS)
_BREATH_ON_DUTY = 0.35


@dataclass(frozen=True)
class Campaigns:
    """The operations in order of time."""

    kind: Ints
    starts: Times
    ends: Times
    squadron: Ints
    officers: Ints
    checked: Ints
    breath: Ints

    def drinkers(self, seed: int, scale: int) -> Ints:
        """Drinkers found in each operation: the rate of its kind, exactly, over all of a kind."""
        rng = stream(seed, "campaigns", "drinkers")
        found = np.zeros(len(self.kind), dtype=np.int64)
        for number_, kind in enumerate(KINDS):
            here = np.flatnonzero(self.kind == number_)
            found[here] = _found(rng, kind.name, scale, self.checked[here])
        return found


@dataclass(frozen=True)
class Shifts:
    """Routine duty, one row a township and day, in order of the day."""

    day: Times
    township: Ints
    checked: Ints
    breath: Ints

    def drinkers(self, seed: int, scale: int) -> Ints:
        """Drinkers found on each shift: the rate of routine duty, exactly, over all shifts."""
        rng = stream(seed, "duty", "drinkers")
        return _found(rng, "日常勤务", scale, self.checked)


def _found(rng: Generator, duty: str, scale: int, checked: Ints) -> Ints:
    rate = by_name("drink_per_100_checked")[duty] / 100
    return split(rng, round(rate * checked.sum() * scale), checked)


def make_campaigns(seed: int) -> Campaigns:
    """Two weekly operations, those of market days, and one against low-speed vehicles."""
    rng = stream(seed, "campaigns")
    days = all_days()
    nights = [_days_of(rng, kind, days) for kind in KINDS]
    kind = np.repeat(np.arange(len(KINDS)), [len(chosen) for chosen in nights])
    day = np.concatenate(nights)
    size = len(kind)

    def of_kind(name: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        return np.array([float(getattr(k, name)) for k in KINDS])[kind]

    late = rng.integers(0, 3, size) * 600
    starts = day.astype("datetime64[s]") + (of_kind("hour") * 3600 + late).astype("timedelta64[s]")
    longer = rng.integers(-1, 3, size) * 900
    ends = starts + (of_kind("hours") * 3600 + longer).astype("timedelta64[s]")
    checked = rng.negative_binomial(25, 25 / (25 + of_kind("vehicles")))
    breath = rng.binomial(checked, of_kind("breath"))
    order = np.argsort(starts, kind="stable")
    return Campaigns(
        kind=kind[order],
        starts=starts[order],
        ends=ends[order],
        squadron=rng.integers(0, len(SQUADRONS), size),
        officers=np.maximum(4, rng.poisson(of_kind("officers")))[order],
        checked=checked[order],
        breath=breath[order],
    )


def _days_of(rng: Generator, kind: _Kind, days: Times) -> Times:
    running = (days >= np.datetime64(kind.first)) & (days <= np.datetime64(kind.last))
    running &= ~is_epidemic(days) & ~is_spring_festival(days)
    if kind.name == "逢五":
        wanted: Bools = lunar_day(days) % 10 == 5
    elif kind.name == "逢十":
        wanted = lunar_day(days) % 10 == 0
    elif kind.name == "零点行动":
        wanted = _one_day_a_week(rng, days, (4, 5))
    elif kind.name == "鹰眼行动":
        wanted = _one_day_a_week(rng, days, (1, 2, 3))
    else:
        wanted = np.isin(weekday(days), (1, 4))
    # The last night would run past the end of the sample.
    running[-1] = False
    return days[running & wanted]


def _one_day_a_week(rng: Generator, days: Times, choice: tuple[int, ...]) -> Bools:
    week = (days - days[0]).astype(np.int64) + weekday(days[:1])
    week //= 7
    chosen = rng.choice(choice, size=week.max() + 1)
    return np.asarray(weekday(days) == chosen[week])


def make_shifts(seed: int, places: Places) -> Shifts:
    """Routine duty: vehicles checked follow the township's traffic."""
    rng = stream(seed, "duty")
    days = all_days()
    day = np.repeat(days, len(places.townships))
    township = np.tile(np.arange(len(places.townships)), len(days))
    busy = np.array([1.0, 0.97, 0.97, 1.0, 1.08, 1.04, 0.94])[weekday(day)]
    busy *= np.where(is_epidemic(day), number("duty_epidemic"), 1)
    busy *= np.where(is_spring_festival(day), 0.7, 1)
    mean = number("duty_vehicles_a_day") * places.traffic[township] * busy
    checked = rng.poisson(mean)
    return Shifts(day, township, checked, rng.binomial(checked, _BREATH_ON_DUTY))


def write_campaigns(folder: Path, campaigns: Campaigns) -> None:
    """The extract ``campaigns``."""
    write(
        folder,
        "campaigns",
        {
            "campaign_id": campaign_ids(np.arange(len(campaigns.kind))),
            "campaign": words([kind.name for kind in KINDS], campaigns.kind),
            "starts_at": times(campaigns.starts),
            "ends_at": times(campaigns.ends),
            "focus": words([kind.focus for kind in KINDS], campaigns.kind),
            "squadron": words(SQUADRONS, campaigns.squadron),
            "officers": whole(campaigns.officers),
            "vehicles_checked": whole(campaigns.checked),
            "breath_tested": whole(campaigns.breath),
        },
        keys=["campaign_id"],
    )


def campaign_ids(operations: Ints) -> pa.Array:
    """Keys of operations by their place in order of time."""
    return ids("K", operations + 1, 4)


def write_shifts(folder: Path, seed: int, places: Places, shifts: Shifts) -> None:
    """The extract ``duty_shifts``."""
    rng = stream(seed, "duty", "hours")
    mean = 3 + 24 * places.traffic[shifts.township]
    hours = np.round(mean * rng.uniform(0.75, 1.25, len(mean)) * 2) / 2
    write(
        folder,
        "duty_shifts",
        {
            "shift_date": dates(shifts.day),
            "squadron": words(SQUADRONS, places.squadron_of_township[shifts.township]),
            "township": words(places.townships, shifts.township),
            "officer_hours": measures(hours),
            "vehicles_checked": whole(shifts.checked),
            "breath_tested": whole(shifts.breath),
        },
    )


def townships_of_campaigns(rng: Generator, places: Places, squadron: Ints) -> Ints:
    """For each squadron a township of its area, by traffic."""
    own = places.squadron_of_township[None, :] == np.arange(len(SQUADRONS))[:, None]
    return pick_by(rng, own * places.traffic, squadron)
