"""The facilities of the villages (八个一) and when each was built."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from brigade.sample.calendar import LAST_DAY
from brigade.sample.columns import dates, words, write
from brigade.sample.draw import Bools, Ints, Times, even, stream
from brigade.sample.effects import by_name
from brigade.sample.places import Places

ITEMS = tuple(by_name("facility_coverage"))
SLOWING = ("震荡带", "提示牌", "爆闪灯", "广角镜")
STATION, LOUDSPEAKER = ITEMS.index("劝导站"), ITEMS.index("喇叭")

_STATES = ("正常", "损坏", "停用")
WORKING, BROKEN, OUT_OF_USE = range(3)
_OUT_OF_USE = 0.03
_SPREAD_OF_TOWNSHIP = 0.55  # years
_SPREAD_OF_ITEM = 0.35
_FIRST_BUILT = np.datetime64("2017-06-01")
# How often a facility is built or not for reasons of its own; else the village decides for all.
_OWN_CHANCE = 0.45
_NEVER = np.datetime64("9999-01-01", "D")


@dataclass(frozen=True)
class Facilities:
    """For each village (row) and item (column): day built (far away: never) and state."""

    built: Times
    state: Ints

    def exists(self) -> Bools:
        """Where there is a facility."""
        return self.built <= LAST_DAY

    def slowed_from(self) -> Times:
        """For each village the day from which it has all of SLOWING."""
        return np.asarray(self.built[:, [ITEMS.index(item) for item in SLOWING]].max(axis=1))


def make_facilities(seed: int, places: Places) -> Facilities:
    """A programme that reaches one township after another, and some villages never in full."""
    rng = stream(seed, "facilities")
    villages, items = len(places.codes), len(ITEMS)
    township = [places.townships[t] for t in places.township_of_village]
    shape = (villages, items)

    wanted = np.array([by_name("facility_coverage")[item] for item in ITEMS])
    factor = np.array([by_name("facility_township")[name] for name in township])
    coverage = np.minimum(wanted * factor[:, None], 1)
    coverage[:, LOUDSPEAKER] = 1
    of_village = np.repeat(even(rng, villages)[:, None], items, axis=1)
    chance = np.where(rng.random(shape) < _OWN_CHANCE, rng.random(shape), of_village)
    exists = (chance < coverage) & places.is_village[:, None]

    middle = np.array([by_name("facility_year")[name] for name in township])
    year = middle + rng.normal(0, _SPREAD_OF_TOWNSHIP, villages)
    years = year[:, None] + rng.normal(0, _SPREAD_OF_ITEM, shape)
    # Every village has had its loudspeaker before the broadcasts of 2022 begin.
    years[:, LOUDSPEAKER] = np.minimum(years[:, LOUDSPEAKER], 2021.9)
    days = np.datetime64("2017-01-01") + ((years - 2017) * 365.25).astype(np.int64)
    # What the spread would put before the programme's first year is built somewhere in that year.
    days = np.where(days < _FIRST_BUILT, _FIRST_BUILT + rng.integers(0, 365, shape), days)
    days = np.minimum(days, LAST_DAY - 10)

    broken = np.array([by_name("facility_broken")[item] for item in ITEMS])
    level = rng.random(shape)
    state = np.where(level < broken, BROKEN, WORKING)
    state[(level >= broken) & (level < broken + _OUT_OF_USE)] = OUT_OF_USE
    return Facilities(built=np.where(exists, days, _NEVER), state=state)


def write_facilities(folder: Path, seed: int, places: Places, facilities: Facilities) -> None:
    """The extract ``village_facilities``, in order of the day built."""
    rng = stream(seed, "facilities", "inspected")
    village, item = np.nonzero(facilities.exists())
    built = facilities.built[village, item]
    order = np.lexsort((item, village, built))
    village, item, built = village[order], item[order], built[order]
    last = LAST_DAY - (rng.gamma(2.0, 45, len(built))).astype(np.int64)
    write(
        folder,
        "village_facilities",
        {
            "village_code": words(places.codes, village),
            "item": words(ITEMS, item),
            "installed_on": dates(built),
            "status": words(_STATES, facilities.state[village, item]),
            "inspected_on": dates(last, last > built),
        },
    )
