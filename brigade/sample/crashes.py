"""Crashes: when and where they happen, which are of 一般程序, how many die or are hurt."""

from dataclasses import dataclass

import numpy as np

from brigade.sample.calendar import (
    YEARS,
    all_days,
    hour,
    is_epidemic,
    is_harvest,
    is_market,
    month,
    weekday,
    year,
)
from brigade.sample.draw import (
    Bools,
    Floats,
    Generator,
    Ints,
    Times,
    at_seconds,
    pick,
    pick_by,
    pick_without_return,
    split,
    stream,
)
from brigade.sample.effects import by_name, number, series
from brigade.sample.facilities import Facilities
from brigade.sample.places import Places

WEATHER = ("晴", "阴", "雨", "雪", "雾")
_FINE, _CLOUDY, _RAIN, _SNOW, _FOG = range(5)
# Weather of a day by season: winter (December to February), spring, summer, autumn.
_WEATHER_SHARES = (
    (66, 22, 2, 5, 5),
    (73, 18, 8, 0, 1),
    (62, 18, 20, 0, 0),
    (69, 19, 8, 0, 4),
)
_WEEK = (1.02, 0.97, 0.97, 0.99, 1.06, 1.04, 0.95)

TYPES = (
    *("正面碰撞", "侧面碰撞", "尾随碰撞", "对向刮擦", "同向刮擦", "刮撞行人"),
    *("撞静止车辆", "撞固定物", "翻车", "其他"),
)
HEAD_ON, SIDE, REAR, _, _, ON_FOOT, _, FIXED, OVERTURNED, _ = range(10)
# Types by kind of road; on national and provincial roads the first two are effects.
_MAIN_ROAD_TYPES = (0, 0, 25, 9, 17, 2, 6, 5, 3, 1)
_RURAL_TYPES = (14, 30, 12, 14, 9, 2.5, 5, 8, 4, 1.5)
_CITY_TYPES = (5, 31, 26, 3, 18, 2, 11, 2, 0.5, 1.5)

# How much more likely a crash is of 一般程序, by road class, by night, by type.
_GRAVE_ROADS = (2.0, 1.8, 1.5, 1.3, 1.1, 0.6)
_GRAVE_NIGHT = 1.5
_GRAVE_TYPES = (2.5, 1.3, 0.8, 0.8, 0.5, 4.0, 0.8, 1.2, 1.5, 0.5)
# Candidates drawn for each crash kept, so that enough are left.
_SPARE = 1.2
_FATAL_HOURS = (19, 20)


@dataclass(frozen=True)
class Crashes:
    """Crashes in order of time. ``village`` is -1 but on rural roads."""

    times: Times
    township: Ints
    road: Ints
    road_class: Ints
    village: Ints
    kind: Ints
    weather: Ints
    general: Bools
    deaths: Ints
    injuries: Ints


def make_crashes(seed: int, places: Places, facilities: Facilities) -> Crashes:
    """All crashes of the county."""
    rng = stream(seed, "crashes")
    total = int(number("crashes_total"))
    weather_of_day = _draw_weather(stream(seed, "weather"))
    weights = _weights(weather_of_day)
    size = int(total * _SPARE)
    cell = pick(rng, weights.ravel(), size)
    days = all_days()
    township = pick(rng, places.traffic, size)
    road_class = places.draw_classes(rng, township)
    village = places.draw_villages(rng, township)
    road, village = places.draw_roads(rng, township, road_class, village)

    slowed = (village >= 0) & (days[cell // 24] >= facilities.slowed_from()[village])
    kept = np.flatnonzero(rng.random(size) < np.where(slowed, number("crash_facilities"), 1))
    kept = kept[:total]
    times = at_seconds(days[cell // 24], (cell % 24 * 60 + rng.integers(0, 60, size)) * 60)
    kept = kept[np.argsort(times[kept], kind="stable")]
    kind = pick_by(rng, _type_table(), road_class)

    times, kind, road_class = times[kept], kind[kept], road_class[kept]
    general, deaths, injuries = _outcomes(rng, times, kind, road_class)
    return Crashes(
        times=times,
        township=township[kept],
        road=road[kept],
        road_class=road_class,
        village=village[kept],
        kind=kind,
        weather=_weather_at(weather_of_day[cell[kept] // 24], hour(times)),
        general=general,
        deaths=deaths,
        injuries=injuries,
    )


def _draw_weather(rng: Generator) -> Ints:
    return pick_by(rng, _WEATHER_SHARES, month(all_days()) % 12 // 3)


def _weather_at(weather: Ints, hours: Ints) -> Ints:
    """Fog lifts at ten."""
    return np.where((weather == _FOG) & (hours >= 10), _CLOUDY, weather)


def _weights(weather: Ints) -> Floats:
    """How likely a crash is on each day (rows) at each hour (columns)."""
    days = all_days()
    by_weather = np.array([by_name("crash_weather").get(name, 1) for name in WEATHER])
    a_day = np.array(_WEEK)[weekday(days)] * by_weather[weather]
    a_day *= np.where(month(days) == 2, number("crash_february"), 1)
    a_day *= np.where(is_harvest(days), number("crash_harvest"), 1)
    a_day *= np.where(is_epidemic(days), number("crash_epidemic"), 1)
    weights: Floats = a_day[:, None] * np.array(series("crash_hours"))
    weights[is_market(days), 7:11] *= number("crash_market")
    return weights


def _type_table() -> Floats:
    main = np.array(_MAIN_ROAD_TYPES, dtype=float)
    shares = by_name("main_road_types")
    main *= (1 - sum(shares.values())) / main.sum()
    for name, share in shares.items():
        main[TYPES.index(name)] = share
    rural, city = np.array(_RURAL_TYPES), np.array(_CITY_TYPES)
    return np.array([main, main, rural, rural, rural, city])


def _outcomes(
    rng: Generator, times: Times, kind: Ints, road_class: Ints
) -> tuple[Bools, Ints, Ints]:
    """Which crashes are of 一般程序, and their dead and injured: by half-year as laid down."""
    general = np.zeros(len(times), dtype=bool)
    deaths = np.zeros(len(times), dtype=np.int64)
    injuries = np.zeros(len(times), dtype=np.int64)
    hours = hour(times)
    night = (hours >= 19) | (hours < 6)
    gravity = np.array(_GRAVE_ROADS)[road_class] * np.array(_GRAVE_TYPES)[kind]
    gravity *= np.where(night, _GRAVE_NIGHT, 1)
    evening = np.isin(hours, _FATAL_HOURS)
    half = (year(times) - YEARS[0]) * 2 + (month(times) > 6)
    fatal_before = evening_before = injured_before = cases_before = 0
    for number_, (cases, dead) in enumerate(_by_half()):
        here = np.flatnonzero(half == number_)
        chosen = here[pick_without_return(rng, gravity[here], cases)]
        general[chosen] = True
        fatal_crashes = dead - dead // 10
        fatal_before += fatal_crashes
        late = round(number("fatal_from_19_to_21") * fatal_before) - evening_before
        late = min(late, int(evening[chosen].sum()))
        evening_before += late
        fatal = np.concatenate(
            [
                rng.choice(chosen[evening[chosen]], late, replace=False),
                rng.choice(chosen[~evening[chosen]], fatal_crashes - late, replace=False),
            ]
        )
        deaths[fatal] = 1
        deaths[rng.choice(fatal, dead - fatal_crashes, replace=False)] += 1
        cases_before += cases
        injured = round(number("injured_per_general_crash") * cases_before) - injured_before
        injured_before += injured
        survived = np.setdiff1d(chosen, fatal)
        injuries[survived] = 1
        injuries[chosen] += split(rng, injured - len(survived), np.ones(cases))
    return general, deaths, injuries


def _by_half() -> list[tuple[int, int]]:
    """一般程序 crashes and deaths of each half-year, in order."""
    firsts = zip(series("general_january_june"), series("deaths_january_june"), strict=True)
    seconds = zip(series("general_july_december"), series("deaths_july_december"), strict=True)
    halves = []
    later = iter(seconds)
    for first in firsts:
        halves.append(first)
        halves.extend([second] if (second := next(later, None)) else [])
    return [(int(cases), int(dead)) for cases, dead in halves]
