"""What is done in the villages: shifts at the stations, broadcasts, safety talks."""

from pathlib import Path

import numpy as np

from brigade.sample.calendar import (
    LAST_DAY,
    YEARS,
    all_days,
    is_closed,
    is_epidemic,
    is_harvest,
    is_market,
    month,
    year,
)
from brigade.sample.columns import dates, ids, texts, whole, words, write
from brigade.sample.draw import Generator, Ints, pick, stream
from brigade.sample.effects import number
from brigade.sample.facilities import LOUDSPEAKER, STATION, WORKING, Facilities
from brigade.sample.places import Places

_SHIFT_CHANCE = 0.055  # of a working station on an ordinary day that is no market day
_SHIFT_TOPICS = (
    "戴头盔系安全带",
    "不酒驾",
    "电动三轮车不载人",
    "不超员",
    "农机上路须知",
    "靠右行驶",
)
_HARVEST_TOPIC = _SHIFT_TOPICS.index("农机上路须知")
_BROADCAST_TOPICS = ("戴头盔系安全带", "酒驾的危害", "电动车安全", "过路口慢行", "防溺水与防疫")
_MINUTES = (10, 15, 20, 30)
_BROADCASTS_FROM = np.datetime64("2022-01-01")

_VENUE_KINDS = ("农村", "社区", "学校", "企业")
_TALKS_A_YEAR = 80
_MORE_TALKS_IN = (3, 6, 9, 12)


def write_persuasion(folder: Path, seed: int, places: Places, facilities: Facilities) -> None:
    """The extract ``persuasion_shifts``: stations are manned above all on market days."""
    rng = stream(seed, "persuasion")
    days = all_days()
    chance = np.where(is_market(days), number("persuasion_market"), 1) * _SHIFT_CHANCE
    chance = chance * np.where(is_epidemic(days), 0.5, 1)
    zeal = rng.uniform(0.6, 1.4, len(places.codes))
    built = facilities.built[:, STATION]
    working = facilities.state[:, STATION] == WORKING
    # A station that is broken or out of use now has been so for the last half-year.
    until = np.where(working, LAST_DAY, LAST_DAY - 180)
    manned = rng.random((len(days), len(zeal))) < chance[:, None] * zeal
    manned &= (days[:, None] > built) & (days[:, None] <= until)
    day, village = np.nonzero(manned)
    checked = rng.poisson(np.where(is_market(days)[day], 46, 28))
    topic = rng.integers(0, len(_SHIFT_TOPICS), len(day))
    topic[is_harvest(days)[day] & (rng.random(len(day)) < 0.4)] = _HARVEST_TOPIC
    write(
        folder,
        "persuasion_shifts",
        {
            "village_code": words(places.codes, village),
            "shift_date": dates(days[day]),
            "persuaders": whole(1 + rng.binomial(3, 0.4, len(day))),
            "checked": whole(checked),
            "dissuaded": whole(rng.binomial(checked, 0.14)),
            "topic": words(_SHIFT_TOPICS, topic),
        },
    )


def write_broadcasts(folder: Path, seed: int, places: Places, facilities: Facilities) -> None:
    """The extract ``broadcasts``: every village on every day of 2022, but for those missed."""
    rng = stream(seed, "broadcasts")
    days = np.arange(_BROADCASTS_FROM, LAST_DAY + 1)
    villages = np.flatnonzero(places.is_village)
    working = facilities.state[villages, LOUDSPEAKER] == WORKING
    missed = np.where(working, number("broadcasts_missed"), number("broadcasts_missed_broken"))
    day, place = np.nonzero(rng.random((len(days), len(villages))) >= missed)
    write(
        folder,
        "broadcasts",
        {
            "village_code": words(places.codes, villages[place]),
            "broadcast_on": dates(days[day]),
            "minutes": whole(np.array(_MINUTES)[pick(rng, (3, 5, 3, 1), len(day))]),
            # One recording goes out to all villages of the county for a week.
            "topic": words(_BROADCAST_TOPICS, day // 7 % len(_BROADCAST_TOPICS)),
        },
    )


def write_outreach(folder: Path, seed: int, places: Places) -> None:
    """The extract ``outreach``: talks in villages, communities, schools and firms."""
    rng = stream(seed, "outreach")
    days = all_days()
    chance = np.where(is_closed(days) | is_epidemic(days), 0, 1.0)
    chance *= np.where(np.isin(month(days), _MORE_TALKS_IN), 1.6, 1)
    chance *= np.where(year(days) == YEARS[-1], 1.5, 1)
    held = np.sort(pick(rng, chance, round(_TALKS_A_YEAR * len(days) / 365)))
    size = len(held)
    kind = pick(rng, (40, 20, 28, 12), size)
    village = places.draw_villages(rng, pick(rng, places.traffic, size))
    communities = np.flatnonzero(~places.is_village)
    village[kind == 1] = rng.choice(communities, int((kind == 1).sum()))
    township = places.township_of_village[village]
    attendees = rng.poisson(np.array([45, 60, 320, 80])[kind])
    write(
        folder,
        "outreach",
        {
            "outreach_id": ids("X", np.arange(1, size + 1), 4),
            "held_on": dates(days[held]),
            "venue_kind": words(_VENUE_KINDS, kind),
            "venue": texts(_venues(rng, places, kind, village, township)),
            "township": words(places.townships, township),
            "attendees": whole(attendees),
            "leaflets": whole(np.round(attendees * rng.uniform(0.8, 1.5, size), -1)),
        },
        keys=["outreach_id"],
    )


def _venues(rng: Generator, places: Places, kind: Ints, village: Ints, township: Ints) -> list[str]:
    """Real villages and communities; schools and firms are numbered, since they are invented."""
    number_ = rng.integers(1, 5, len(kind))
    names = []
    for k, v, t, n in zip(kind, village, township, number_, strict=True):
        if _VENUE_KINDS[k] == "学校":
            names.append(f"{places.townships[t]}示例学校{n}")
        elif _VENUE_KINDS[k] == "企业":
            names.append(f"{places.townships[t]}示例企业{n}")
        else:
            names.append(places.villages[v])
    return names
