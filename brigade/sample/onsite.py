"""Violations found on site, on routine duty and in operations."""

from dataclasses import dataclass

import numpy as np

from brigade.sample.codes import Codes
from brigade.sample.draw import Bools, Floats, Generator, Ints, Times, even, pick, pick_by, stream
from brigade.sample.duty import KINDS, ROUTINE, Campaigns, Shifts, townships_of_campaigns
from brigade.sample.effects import by_name
from brigade.sample.places import Places
from brigade.sample.vehicles import GROUPS

# Vehicles that are in no register; in a group number they follow those of vehicles.GROUPS.
UNREGISTERED = ("电动自行车", "电动三轮车", "低速电动车", "自行车")
ALL_GROUPS = (*GROUPS, *UNREGISTERED)

# What is found where: code → weight on routine duty, on a night operation (零点行动, 鹰眼行动), on
# a market day (逢五, 逢十), and in the operation against low-speed vehicles (低速电动车治理).
_CODES: dict[str, tuple[float, float, float, float]] = {
    "1005": (4, 9, 8, 22),
    "1709": (2, 4, 4, 8),
    "1110": (3, 5, 3, 0),
    "1613": (9, 8, 14, 42),
    "1614": (2, 7, 2, 0),
    "1616": (3, 3, 3, 0),
    "1201": (3, 8, 2, 0),
    "1602/30": (1.5, 6, 1, 0),
    "1602/50": (0.8, 4, 0.5, 0),
    "1343": (2.5, 1, 6, 0),
    "1710": (0.3, 0.3, 0.1, 0),
    "1341/20": (0.9, 0.9, 1.2, 0),
    "1341/50": (0.3, 0.3, 0.5, 0),
    "1341/100": (0.1, 0.1, 0.1, 0),
    "1352A": (1, 0, 0, 0),
    "1636": (0.6, 0, 0, 0),
    "1603": (0.1, 0, 0, 0),
    "1625": (5, 2, 3, 0),
    "1301": (3, 2, 5, 2),
    "1344": (5, 2, 2, 0),
    "1345": (4, 2, 2, 0),
    "1208": (1, 0, 0, 0),
    "1340": (5, 6, 4, 0),
    "1340/客运危货": (0.2, 0.2, 0.1, 0),
    "1207": (14, 5, 18, 0),
    "6011": (9, 6, 4, 0),
    "1223": (4, 2, 1, 0),
    "1039": (6, 0, 5, 0),
    "2004": (10, 1, 8, 10),
    "2007": (8, 1, 4, 4),
}
_ROUTINE_MIX, _NIGHT_MIX, _MARKET_MIX, _LOW_SPEED_MIX = range(4)
_MIX_OF_KIND = {
    "零点行动": _NIGHT_MIX,
    "鹰眼行动": _NIGHT_MIX,
    "逢五": _MARKET_MIX,
    "逢十": _MARKET_MIX,
    "低速电动车治理": _LOW_SPEED_MIX,
}
_DRINK_CODES = {"1712": 0.95, "1713": 0.03, "1711": 0.02}

_USUAL: dict[str, float] = {
    "car": 72,
    "minibus": 8,
    "light_truck": 8,
    "heavy_truck": 4,
    "motorcycle": 8,
}
_GROUPS_OF_CODE: dict[str, dict[str, float]] = {
    "1712": {"car": 62, "motorcycle": 24, "light_truck": 7, "minibus": 7},
    "1713": {"car": 62, "motorcycle": 24, "light_truck": 7, "minibus": 7},
    "1711": {"heavy_truck": 9, "coach": 1},
    "1702": {"car": 62, "motorcycle": 26, "light_truck": 6, "minibus": 5, "heavy_truck": 1},
    "1005": {"motorcycle": 50, "car": 20, "低速电动车": 18, "电动三轮车": 12},
    "1709": {"motorcycle": 55, "light_truck": 20, "minibus": 15, "heavy_truck": 10},
    "1613": {"motorcycle": 45, "低速电动车": 25, "电动三轮车": 20, "car": 10},
    "1614": {"heavy_truck": 50, "car": 40, "light_truck": 10},
    "1201": {"light_truck": 45, "heavy_truck": 55},
    "1602/30": {"light_truck": 30, "heavy_truck": 70},
    "1602/50": {"light_truck": 25, "heavy_truck": 75},
    "1343": {"light_truck": 100},
    "1710": {"coach": 100},
    "1341/20": {"minibus": 100},
    "1341/50": {"minibus": 100},
    "1341/100": {"minibus": 100},
    "1340": {"car": 50, "motorcycle": 30, "light_truck": 12, "heavy_truck": 8},
    "1340/客运危货": {"coach": 100},
    "1207": {"motorcycle": 100},
    "6011": {"car": 82, "minibus": 8, "light_truck": 8, "coach": 2},
    "1223": {"car": 82, "minibus": 8, "light_truck": 8, "coach": 2},
    "1039": {"car": 92, "minibus": 4, "light_truck": 4},
    "2004": {"电动自行车": 80, "电动三轮车": 14, "自行车": 6},
    "2007": {"电动自行车": 84, "电动三轮车": 8, "自行车": 8},
}
# The operation against low-speed vehicles finds these.
_LOW_SPEED_GROUPS: dict[str, float] = {"低速电动车": 62, "电动三轮车": 38}
_LOW_SPEED_CODES = ("1005", "1709", "1613", "1301")

_DAY = (0, 0, 0, 0, 0, 0, 2, 7, 10, 10, 9, 6, 3, 3, 8, 10, 10, 8, 5, 4, 3, 2, 1, 0)
_DRINK_HOURS = (2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 5, 5, 2, 0, 0, 1, 4, 9, 12, 11, 8, 5)


@dataclass(frozen=True)
class Found:
    """Violations on site; ``campaign`` is -1 on routine duty, ``group`` counts in ALL_GROUPS."""

    times: Times
    township: Ints
    campaign: Ints
    code: Ints
    group: Ints


class OnSite:
    """Draws what was found on site, a month at a time."""

    def __init__(
        self,
        seed: int,
        scale: int,
        codes: Codes,
        places: Places,
        campaigns: Campaigns,
        shifts: Shifts,
    ) -> None:
        self._scale = scale
        self._codes = codes
        self._places = places
        self._campaigns = campaigns
        self._shifts = shifts
        self._drinkers = campaigns.drinkers(seed, scale)
        self._drinkers_on_duty = shifts.drinkers(seed, scale)
        self._drunk = _drunk(stream(seed, "on site"), campaigns.kind, self._drinkers)
        self._first_drinker = np.concatenate([[0], np.cumsum(self._drinkers)])
        rates = by_name("other_per_100_checked")
        self._rates = np.array([rates[kind.name] / 100 for kind in KINDS])
        mixes = [codes.weights({name: w[n] for name, w in _CODES.items()}) for n in range(4)]
        of_kind = [mixes[_MIX_OF_KIND[kind.name]] for kind in KINDS]
        self._mixes = np.array([*of_kind, mixes[_ROUTINE_MIX]])
        self._drink_mix = codes.weights(_DRINK_CODES)
        self._groups = np.array(
            [_group_weights(_GROUPS_OF_CODE.get(name, _USUAL)) for name in codes.names]
        )

    def month(self, rng: Generator, month: np.datetime64) -> Found:
        """The violations found in one month, in no order."""
        parts = (self._in_campaigns(rng, month), self._on_duty(rng, month))
        return Found(
            times=np.concatenate([part.times for part in parts]),
            township=np.concatenate([part.township for part in parts]),
            campaign=np.concatenate([part.campaign for part in parts]),
            code=np.concatenate([part.code for part in parts]),
            group=np.concatenate([part.group for part in parts]),
        )

    def _in_campaigns(self, rng: Generator, month: np.datetime64) -> Found:
        campaigns = self._campaigns
        here = np.flatnonzero(campaigns.starts.astype("datetime64[M]") == month)
        drinkers = self._drinkers[here]
        others = rng.poisson(
            self._rates[campaigns.kind[here]] * campaigns.checked[here] * self._scale
        )
        campaign = np.concatenate([np.repeat(here, drinkers), np.repeat(here, others)])
        size = len(campaign)
        drink = np.arange(size) < drinkers.sum()
        drunk = np.zeros(size, dtype=bool)
        if len(here):
            first, last = self._first_drinker[here[0]], self._first_drinker[here[-1] + 1]
            drunk[drink] = self._drunk[first:last]
        kind = campaigns.kind[campaign]
        code = self._draw_codes(rng, kind, drink, drunk)
        group = pick_by(rng, self._groups, code)
        low_speed = np.array([k.name == "低速电动车治理" for k in KINDS])[kind] & ~drink
        low_speed &= self._codes.among(code, _LOW_SPEED_CODES)
        group[low_speed] = pick(rng, _group_weights(_LOW_SPEED_GROUPS), int(low_speed.sum()))
        length = (campaigns.ends - campaigns.starts)[campaign].astype("timedelta64[m]")
        minute = (rng.random(size) * length.astype(np.int64)).astype("timedelta64[m]")
        return Found(
            times=campaigns.starts[campaign] + minute,
            township=townships_of_campaigns(rng, self._places, campaigns.squadron[campaign]),
            campaign=campaign,
            code=code,
            group=group,
        )

    def _on_duty(self, rng: Generator, month: np.datetime64) -> Found:
        shifts = self._shifts
        here = np.flatnonzero(shifts.day.astype("datetime64[M]") == month)
        checked, drinkers = shifts.checked[here], self._drinkers_on_duty[here]
        other_rate = by_name("other_per_100_checked")["日常勤务"] / 100
        others = pick(rng, checked, rng.poisson(other_rate * checked.sum() * self._scale))
        shift = np.concatenate([np.repeat(here, drinkers), here[others]])
        size = len(shift)
        drink = np.arange(size) < drinkers.sum()
        drunk = drink & (rng.random(size) < by_name("drunk_share")["日常勤务"])
        code = self._draw_codes(rng, np.full(size, ROUTINE), drink, drunk)
        hour = pick_by(rng, [_DAY, _DRINK_HOURS], drink.astype(np.int64))
        minute = (hour * 60 + rng.integers(0, 60, size)).astype("timedelta64[m]")
        return Found(
            times=shifts.day[shift].astype("datetime64[s]") + minute,
            township=shifts.township[shift],
            campaign=np.full(size, -1),
            code=code,
            group=pick_by(rng, self._groups, code),
        )

    def _draw_codes(self, rng: Generator, kind: Ints, drink: Bools, drunk: Bools) -> Ints:
        code = pick_by(rng, self._mixes, kind)
        code[drink] = pick(rng, self._drink_mix, int(drink.sum()))
        code[drunk] = self._codes.index("1702")
        return code


def _drunk(rng: Generator, kind: Ints, drinkers: Ints) -> Bools:
    """For each drinker of the operations, in their order, whether drunk; exact for each kind."""
    of_drinker = np.repeat(kind, drinkers)
    drunk = np.zeros(len(of_drinker), dtype=bool)
    for number, known in enumerate(KINDS):
        here = np.flatnonzero(of_drinker == number)
        drunk[here] = even(rng, len(here)) < by_name("drunk_share")[known.name]
    return drunk


def _group_weights(shares: dict[str, float]) -> Floats:
    return np.array([shares.get(group, 0.0) for group in ALL_GROUPS])
