"""The parties of the crashes, and what a crash's own row says of them."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from brigade.sample.calendar import LAST_DAY, YEARS, hour, year
from brigade.sample.columns import dates, flags, ids, measures, times, unknown, whole, words, write
from brigade.sample.crashes import FIXED, ON_FOOT, OVERTURNED, TYPES, WEATHER, Crashes
from brigade.sample.draw import Bools, Generator, Ints, Times, pick_by, stream
from brigade.sample.effects import number, series
from brigade.sample.places import CITY, NATIONAL, PROVINCIAL, ROAD_CLASSES, SQUADRONS, Places

MODES = (
    *("小型客车", "货车", "大型客车", "摩托车", "低速电动车", "电动三轮车"),
    *("电动自行车", "自行车", "行人"),
)
_CAR, _TRUCK, _COACH, _MOTORCYCLE, _LOW_SPEED, _TRICYCLE, _E_BIKE, _BICYCLE, _WALKING = range(9)
# Modes by road class; together about half cars, a quarter electric two- and three-wheelers.
_MAIN_ROAD_MODES = (50, 17, 0.8, 11, 0.5, 6, 13, 0.5, 0)
_RURAL_MODES = (44, 8, 0.1, 15.5, 0.8, 11, 18, 1.0, 0)
_CITY_MODES = (58, 6, 0.5, 6.5, 0.5, 5, 20, 0.9, 0)
_MODES_BY_ROAD = (
    *(_MAIN_ROAD_MODES, _MAIN_ROAD_MODES),
    *(_RURAL_MODES, _RURAL_MODES, _RURAL_MODES),
    _CITY_MODES,
)
_THIRD_PARTY = 0.05

_AGES = ("18岁以下", "18—29岁", "30—44岁", "45—59岁", "60—69岁", "70岁以上")
_AGES_BY_MODE = (
    *((0, 24, 44, 26, 5, 1), (0, 14, 48, 36, 2, 0), (0, 4, 52, 44, 0, 0), (2, 16, 26, 34, 17, 5)),
    *((0, 2, 6, 20, 42, 30), (1, 4, 14, 34, 33, 14), (7, 15, 24, 30, 17, 7)),
    *((14, 8, 10, 22, 24, 22), (10, 8, 12, 22, 22, 26)),
)
_LICENCES = ("有效", "无证", "准驾不符", "不需要")
_VALID, _NONE, _WRONG, _NOT_NEEDED = range(4)
_LICENCES_BY_MODE = (
    *((99.2, 0.6, 0.2, 0), (98.2, 0.3, 1.5, 0), (100, 0, 0, 0), (87, 9.5, 3.5, 0)),
    *((50, 45, 5, 0), (0, 0, 0, 1), (0, 0, 0, 1), (0, 0, 0, 1), (0, 0, 0, 1)),
)
_NEEDS_LICENCE = (_CAR, _TRUCK, _COACH, _MOTORCYCLE, _LOW_SPEED)
# Belts and helmets; those of electric bicycles are an effect, by year.
_PROTECTED = (0.82, 0.70, 0.95, 0.55, 0.15, 0.15, 0, 0, 0)
_UNPROTECTED_MODES = (_BICYCLE, _WALKING)

_BLAME = ("全部", "主要", "同等", "次要", "无")
_ALL, _MOST, _EQUAL, _LESS, _NO = range(5)
_SPLITS = ((_ALL, _NO), (_MOST, _LESS), (_EQUAL, _EQUAL))
_HARM = ("死亡", "受伤", "无")
_DEAD, _HURT, _UNHURT = range(3)

CAUSES = (
    *("未按规定让行", "未保持安全距离", "违反交通信号", "逆向行驶", "超速行驶", "违法变更车道"),
    *("违法占道行驶", "违法停车", "操作不当", "分心驾驶", "疲劳驾驶", "行人违法穿行"),
    *("酒后驾驶", "无证驾驶", "其他"),
)
_DRINK, _UNLICENSED = CAUSES.index("酒后驾驶"), CAUSES.index("无证驾驶")
# Causes by crash type, in the order of crashes.TYPES and of CAUSES.
_CAUSES_BY_TYPE = (
    (8, 0, 3, 34, 14, 2, 24, 0, 8, 4, 2, 0, 0, 0, 1),
    (48, 0, 18, 8, 8, 2, 4, 0, 6, 4, 1, 0, 0, 0, 1),
    (0, 66, 1, 0, 9, 3, 0, 2, 8, 9, 1, 0, 0, 0, 1),
    (10, 0, 0, 22, 8, 4, 40, 0, 10, 5, 0, 0, 0, 0, 1),
    (14, 12, 0, 2, 4, 40, 6, 2, 12, 7, 0, 0, 0, 0, 1),
    (30, 0, 8, 3, 12, 0, 3, 0, 8, 10, 1, 24, 0, 0, 1),
    (0, 18, 0, 1, 6, 3, 2, 28, 26, 14, 1, 0, 0, 0, 1),
    (0, 0, 0, 0, 22, 0, 3, 0, 48, 16, 8, 0, 0, 0, 3),
    (0, 0, 0, 0, 26, 0, 2, 0, 56, 8, 5, 0, 0, 0, 3),
    (10, 5, 3, 3, 5, 4, 5, 3, 30, 12, 2, 0, 0, 0, 18),
)
_LIGHT = ("白天", "黎明", "黄昏", "夜间有路灯照明", "夜间无路灯照明")
_DAY, _DAWN, _DUSK, _LIT, _DARK = range(5)
_LIT_SHARE = {"city": 0.95, "main": 0.35, "other": 0.15}
_LATITUDE = 36.3
_SOLAR_NOON = 12 * 60 + 15
_TWILIGHT = 30


@dataclass(frozen=True)
class Parties:
    """Three columns of parties for each crash, -1 where there are fewer."""

    mode: Ints
    licence: Ints
    harm: Ints

    def exists(self) -> Bools:
        """Where there is a party."""
        return self.mode >= 0


def make_parties(seed: int, crashes: Crashes) -> Parties:
    """Who was in each crash, with licence and harm that agree with the crash."""
    rng = stream(seed, "parties")
    size = len(crashes.times)
    mode = np.column_stack([pick_by(rng, _MODES_BY_ROAD, crashes.road_class) for _ in range(3)])
    on_foot = crashes.kind == ON_FOOT
    mode[on_foot, 1] = _WALKING
    mode[np.isin(crashes.kind, (FIXED, OVERTURNED)), 1] = -1
    third = (rng.random(size) < _THIRD_PARTY) & (mode[:, 1] >= 0) & ~on_foot
    mode[~third, 2] = -1
    licence = np.column_stack(
        [pick_by(rng, _LICENCES_BY_MODE, mode[:, column]) for column in range(3)]
    )
    _license_fatal(rng, crashes, mode, licence)
    return Parties(mode=mode, licence=licence, harm=_draw_harm(rng, crashes, mode))


def _license_fatal(rng: Generator, crashes: Crashes, mode: Ints, licence: Ints) -> None:
    """Give the fatal crashes outside the city the share without licence that is laid down."""
    fatal = np.flatnonzero(crashes.deaths > 0)
    licence[fatal] = np.where(licence[fatal] == _NONE, _VALID, licence[fatal])
    needs = np.isin(mode, _NEEDS_LICENCE)
    rural = fatal[crashes.road_class[fatal] != CITY]
    able = rural[needs[rural].any(axis=1)]
    wanted = min(round(number("rural_fatal_unlicensed") * len(rural)), len(able))
    for crash in rng.choice(able, wanted, replace=False):
        licence[crash, np.flatnonzero(needs[crash])[-1]] = _NONE


def _draw_harm(rng: Generator, crashes: Crashes, mode: Ints) -> Ints:
    """Who died and who was hurt: the least protected first; the rest were passengers."""
    harm = np.full(mode.shape, _UNHURT)
    for crash in np.flatnonzero(crashes.general):
        present = np.flatnonzero(mode[crash] >= 0)
        frail_first = present[np.argsort(-mode[crash, present], kind="stable")]
        dead, hurt = crashes.deaths[crash], crashes.injuries[crash]
        for place, party in enumerate(frail_first):
            if dead and (place == 0 or rng.random() < 0.4):
                harm[crash, party] = _DEAD
                dead -= 1
            elif hurt and (place == 0 or rng.random() < 0.7):
                harm[crash, party] = _HURT
                hurt -= 1
    return harm


def write_crashes(
    folder: Path, seed: int, places: Places, crashes: Crashes, parties: Parties
) -> None:
    """The extracts ``crashes`` and ``crash_parties``."""
    rng = stream(seed, "crashes", "columns")
    size = len(crashes.times)
    key = crash_ids(crashes)
    drink, cause = _draw_causes(rng, crashes, parties)
    has_two = parties.mode[:, 1] >= 0
    runs = has_two & (rng.random(size) < np.where(crashes.general, 0.06, 0.02))
    loss = np.exp(rng.normal(np.where(crashes.general, 8.6, 7.2), 0.8))
    accepted = crashes.times.astype("datetime64[D]") + (rng.random(size) < 0.1)
    survey = np.where(crashes.general, 10 + rng.gamma(2, 5, size), 4 * (rng.random(size) < 0.15))
    determined = accepted + survey.astype(np.int64)
    main = np.isin(crashes.road_class, (NATIONAL, PROVINCIAL)) | (
        (crashes.road_class != CITY) & (rng.random(size) < 0.4)
    )
    kilometre = np.round(rng.random(size) * places.length_of_road[crashes.road], 1)
    involved, summary = _summaries(parties)
    write(
        folder,
        "crashes",
        {
            "crash_id": key,
            "occurred_at": times(crashes.times),
            "township": words(places.townships, crashes.township),
            "village_code": words(places.codes, crashes.village, crashes.village >= 0),
            "road_name": words(places.roads, crashes.road),
            "kilometre": measures(kilometre, main),
            "road_class": words(ROAD_CLASSES, crashes.road_class),
            "procedure": words(("简易程序", "一般程序"), crashes.general),
            "crash_type": words(TYPES, crashes.kind),
            "cause": words(CAUSES, cause),
            "weather": words(WEATHER, crashes.weather),
            "lighting": words(_LIGHT, _lighting(rng, crashes.times, crashes.road_class)),
            "involved": words(summary, involved),
            "deaths": whole(crashes.deaths),
            "injuries": whole(crashes.injuries),
            "property_loss_yuan": whole(np.round(loss / 100) * 100),
            "hit_and_run": flags(runs),
            "drink_driving": flags(drink),
            "squadron": words(SQUADRONS, places.squadron_of_township[crashes.township]),
            "accepted_on": dates(accepted, accepted <= LAST_DAY),
            "determined_on": dates(determined, determined <= LAST_DAY),
            "longitude": unknown(pa.float64(), size),
            "latitude": unknown(pa.float64(), size),
        },
        keys=["crash_id"],
    )
    _write_parties(folder, rng, crashes, parties, key)


def crash_ids(crashes: Crashes) -> pa.Array:
    """Keys that rise with time and begin anew with each year: A1700001."""
    years = year(crashes.times)
    first = np.searchsorted(years, years)
    return ids("A", (years - 2000) * 100_000 + np.arange(len(years)) - first + 1, 7)


def _draw_causes(rng: Generator, crashes: Crashes, parties: Parties) -> tuple[Bools, Ints]:
    """Whether someone had drunk, and the cause; a cause that names a fact has the fact."""
    size = len(crashes.times)
    hours = hour(crashes.times)
    night = (hours >= 19) | (hours < 4)
    chance = np.where(night, 0.045, 0.008) * np.where(crashes.general, 2.0, 1)
    driven = np.isin(parties.mode, _NEEDS_LICENCE).any(axis=1)
    drink = driven & (rng.random(size) < chance)
    unlicensed = (parties.licence == _NONE).any(axis=1) & parties.exists().any(axis=1)
    cause = pick_by(rng, _CAUSES_BY_TYPE, crashes.kind)
    cause[unlicensed & (rng.random(size) < 0.35)] = _UNLICENSED
    cause[drink & (rng.random(size) < 0.8)] = _DRINK
    return drink, cause


def _lighting(rng: Generator, moments: Times, road_class: Ints) -> Ints:
    """Light by the sun at the county's latitude, and by street lamps at night."""
    day_of_year = (moments.astype("datetime64[D]") - moments.astype("datetime64[Y]")).astype(int)
    declination = np.radians(-23.44) * np.cos(2 * np.pi * (day_of_year + 10) / 365)
    half_day = np.degrees(np.arccos(-np.tan(np.radians(_LATITUDE)) * np.tan(declination))) * 4
    minute = (moments - moments.astype("datetime64[D]")).astype("timedelta64[m]").astype(int)
    from_noon = minute - _SOLAR_NOON
    main = np.isin(road_class, (NATIONAL, PROVINCIAL))
    share = np.where(main, _LIT_SHARE["main"], _LIT_SHARE["other"])
    share = np.where(road_class == CITY, _LIT_SHARE["city"], share)
    night = np.where(rng.random(len(moments)) < share, _LIT, _DARK)
    twilight = np.where(from_noon < 0, _DAWN, _DUSK)
    light = np.where(np.abs(from_noon) <= half_day + _TWILIGHT, twilight, night)
    return np.where(np.abs(from_noon) <= half_day, _DAY, light)


def _summaries(parties: Parties) -> tuple[Ints, list[str]]:
    """The modes of each crash in one text, and which text a crash has."""
    ordered = np.sort(np.where(parties.exists(), parties.mode, len(MODES)), axis=1)
    codes = ordered @ np.array([100, 10, 1])
    each, which = np.unique(codes, return_inverse=True)
    names = [*MODES, ""]
    texts = []
    for code in each:
        known = [names[int(digit)] for digit in f"{code:03d}" if names[int(digit)]]
        texts.append("-".join(known) if len(known) > 1 else f"{known[0]}（单方）")
    return which, texts


def _write_parties(
    folder: Path, rng: Generator, crashes: Crashes, parties: Parties, key: pa.Array
) -> None:
    crash, place = np.nonzero(parties.exists())
    mode = parties.mode[crash, place]
    size = len(mode)
    worn = np.array(_PROTECTED)[mode]
    helmets = np.array(series("electric_bicycle_helmets"))
    worn = np.where(mode == _E_BIKE, helmets[year(crashes.times)[crash] - YEARS[0]], worn)
    write(
        folder,
        "crash_parties",
        {
            "crash_id": key.take(pa.array(crash)),
            "party_no": whole(place + 1),
            "mode": words(MODES, mode),
            "age_band": words(_AGES, pick_by(rng, _AGES_BY_MODE, mode)),
            "responsibility": words(_BLAME, _draw_blame(rng, parties)[crash, place]),
            "licence": words(_LICENCES, parties.licence[crash, place]),
            "protected": flags(rng.random(size) < worn, ~np.isin(mode, _UNPROTECTED_MODES)),
            "injury": words(_HARM, parties.harm[crash, place]),
        },
        keys=["crash_id"],
    )


def _draw_blame(rng: Generator, parties: Parties) -> Ints:
    """Who answers for it: one alone, or two who share; a third party never does."""
    size = len(parties.mode)
    split = np.array(_SPLITS)[rng.choice(3, size, p=(0.52, 0.36, 0.12))]
    swapped = rng.random(size) < 0.3
    split[swapped] = split[swapped][:, ::-1]
    split[parties.mode[:, 1] < 0] = (_ALL, _NO)
    return np.column_stack([split, np.full(size, _NO)])
