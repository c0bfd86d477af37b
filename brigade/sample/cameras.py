"""Cameras, and the violations that they record."""

from dataclasses import dataclass

import numpy as np

from brigade.sample.calendar import all_days, is_epidemic, is_school_day, month, weekday, year
from brigade.sample.codes import Codes
from brigade.sample.draw import Floats, Generator, Ints, Times, even, pick, stream
from brigade.sample.effects import by_name, number, series
from brigade.sample.places import CITY, COUNTY, NATIONAL, PROVINCIAL, Places
from brigade.sample.vehicles import GROUPS

# What each kind of violation is recorded as, how it spreads over the day, and by which cameras.
_CODES: dict[str, dict[str, float]] = {
    "违法停车": {"1039": 1},
    "标志标线": {"1345": 52, "1344": 28, "1208": 20},
    "超速": {"1352A": 74, "1636": 24.5, "1603": 1.5},
    "闯红灯": {"1625": 1},
    "不系安全带": {"6011": 1},
    "接打手机": {"1223": 1},
    "逆行": {"1301": 1},
    "不戴头盔": {"1207": 1},
}
KINDS = tuple(_CODES)
_PARKING_HOURS = (0, 0, 0, 0, 0, 0, 1, 7, 9, 10, 10, 9, 5, 5, 7, 9, 10, 10, 6, 4, 3, 1, 0, 0)
_DRIVING_HOURS = (2, 1, 1, 1, 2, 4, 8, 14, 13, 11, 11, 12, 9, 9, 11, 11, 12, 14, 13, 9, 7, 5, 4, 3)
_SPEED_HOURS = (4, 3, 3, 3, 4, 6, 8, 9, 9, 10, 10, 9, 8, 9, 10, 10, 10, 9, 8, 7, 7, 6, 5, 5)
_HOURS = {"违法停车": _PARKING_HOURS, "超速": _SPEED_HOURS}
_WEEK = {
    "违法停车": (1.05, 1.0, 1.0, 1.0, 1.1, 1.0, 0.85),
    "超速": (0.95, 0.95, 0.95, 1.0, 1.05, 1.05, 1.05),
}
_FEWER_IN_WINTER = (0.92, 0.85, 1.0, 1.03, 1.05, 1.03, 1.0, 1.0, 1.05, 1.06, 1.03, 0.98)
_SCHOOL_HOURS = (7, 11, 16, 17)
_GROUP_WEIGHTS = {
    # In the order of vehicles.GROUPS: car, minibus, light and heavy truck, coach, motorcycle.
    "违法停车": (90, 4, 5, 1, 0.2, 0, 0),
    "超速": (80, 3, 8, 8, 1, 0, 0),
    "不戴头盔": (0, 0, 0, 0, 0, 1, 0),
    "不系安全带": (84, 5, 8, 3, 0, 0, 0),
}
_USUAL_GROUPS = (84, 4, 6, 3, 0.6, 2.4, 0)
# Cameras by what they are made for: number, kinds that they record, road classes they stand on.
_MODELS = (
    ("parking", 26, ("违法停车",), (CITY,)),
    (
        "junction",
        38,
        ("标志标线", "闯红灯", "不系安全带", "接打手机", "逆行", "不戴头盔"),
        (CITY, CITY, CITY, NATIONAL, PROVINCIAL, COUNTY),
    ),
    ("speed", 20, ("超速",), (NATIONAL, NATIONAL, PROVINCIAL, PROVINCIAL, COUNTY, CITY)),
)
_JUNCTION = 1
_LIMITS = (80, 70, 60, 60, 60, 60)


@dataclass(frozen=True)
class Cameras:
    """The cameras: where each stands, since when, its speed limit, and how much each records."""

    township: Ints
    road: Ints
    road_class: Ints
    village: Ints
    limit: Ints
    since: Times
    weights: Floats  # kind × camera

    def names(self) -> list[str]:
        """Device numbers."""
        return [f"D{n:03d}" for n in range(1, len(self.township) + 1)]


@dataclass(frozen=True)
class Records:
    """Violations by camera: when, which camera, which code, which group of vehicles."""

    times: Times
    camera: Ints
    code: Ints
    group: Ints


def make_cameras(seed: int, places: Places) -> Cameras:
    """The cameras, more of them where there is more traffic, half of them there from the start."""
    rng = stream(seed, "cameras")
    model = np.repeat(np.arange(len(_MODELS)), [count for _, count, _, _ in _MODELS])
    size = len(model)
    road_class = np.array([rng.choice(_MODELS[m][3]) for m in model])
    township = np.zeros(size, dtype=np.int64)
    for kind in np.unique(road_class):
        here = np.flatnonzero(road_class == kind)
        edges = np.cumsum(places.traffic * (places.class_weights[:, kind] > 0))
        township[here] = np.searchsorted(edges, even(rng, len(here)) * edges[-1], side="right")
    # Every township has a crossing with a camera on one of its county roads.
    first = np.flatnonzero(model == _JUNCTION)[: len(places.townships)]
    township[first], road_class[first] = np.arange(len(first)), COUNTY
    village = places.draw_villages(rng, township)
    road, village = places.draw_roads(rng, township, road_class, village)
    months = np.maximum(0, rng.integers(-48, 48, size))
    works = np.array([[kind in _MODELS[m][2] for m in model] for kind in KINDS])
    return Cameras(
        township=township,
        road=road,
        road_class=road_class,
        village=village,
        limit=np.array(_LIMITS)[road_class],
        since=(np.datetime64("2017-01") + months).astype("datetime64[D]"),
        weights=works * rng.gamma(3, 1, size),
    )


def month_records(
    rng: Generator, month_: np.datetime64, codes: Codes, cameras: Cameras, scale: int
) -> Records:
    """The violations by camera in one month."""
    days = all_days()
    days = days[days.astype("datetime64[M]") == month_]
    parts = [_kind_records(rng, number_, days, codes, cameras, scale) for number_ in range(8)]
    return Records(
        times=np.concatenate([part.times for part in parts]),
        camera=np.concatenate([part.camera for part in parts]),
        code=np.concatenate([part.code for part in parts]),
        group=np.concatenate([part.group for part in parts]),
    )


def _kind_records(
    rng: Generator, number_: int, days: Times, codes: Codes, cameras: Cameras, scale: int
) -> Records:
    kind = KINDS[number_]
    expected = _expected(kind, days)
    size = rng.poisson(expected.sum() * scale)
    cell = pick(rng, expected.ravel(), size)
    seconds = cell % 24 * 3600 + rng.integers(0, 3600, size)
    standing = cameras.weights[number_] * (cameras.since <= days[0])
    return Records(
        times=days[cell // 24].astype("datetime64[s]") + seconds.astype("timedelta64[s]"),
        camera=pick(rng, standing, size),
        code=pick(rng, codes.weights(_CODES[kind]), size),
        group=pick(rng, _GROUP_WEIGHTS.get(kind, _USUAL_GROUPS)[: len(GROUPS)], size),
    )


def _expected(kind: str, days: Times) -> Floats:
    """Expected records of a kind on each day (rows) at each hour (columns)."""
    hours = np.array(_HOURS.get(kind, _DRIVING_HOURS), dtype=float)
    a_day = np.array(series("camera_records"))[year(days) - 2017] / 365
    a_day *= by_name("camera_kinds")[kind]
    a_day *= np.array(_FEWER_IN_WINTER)[month(days) - 1]
    a_day *= np.array(_WEEK.get(kind, (1.0,) * 7))[weekday(days)]
    a_day *= np.where(is_epidemic(days), number("camera_epidemic"), 1)
    expected: Floats = a_day[:, None] * (hours / hours.sum())
    if kind in ("违法停车", "闯红灯"):
        school = is_school_day(days)
        for hour in _SCHOOL_HOURS:
            expected[school, hour] *= number("camera_school_hours")
    return expected
