"""What becomes of a violation: its reading, review, fine and payment."""

from dataclasses import dataclass

import numpy as np

from brigade.sample.calendar import LAST_DAY
from brigade.sample.codes import Codes
from brigade.sample.columns import Columns, measures, times, whole, words
from brigade.sample.draw import Bools, Generator, Ints, Times, pick
from brigade.sample.vehicles import GROUPS

_END = (LAST_DAY + 1).astype("datetime64[s]")

_STATES = ("待审核", "已审核", "已作废", "已处理")
_PENDING, _OPEN, _VOID, _DONE = range(4)
_PAID = ("未缴款", "已缴款", "无需缴款")
_UNPAID, _PAID_UP, _NOTHING_DUE = range(3)
_MEASURES = ("罚款", "警告", "罚款并暂扣驾驶证", "罚款、拘留并吊销驾驶证", "吊销驾驶证并移送起诉")
_FINED, _WARNED, _LICENCE_HELD, _DETAINED, _PROSECUTED = range(5)
_UNITS = ("mg/100ml", "km/h", "t", "人")
_ALCOHOL, _SPEED, _LOAD, _PERSONS = range(4)
_TESTS = ("呼气", "抽血")
_BREATH, _BLOOD = range(2)

_BLOOD_FROM = 60
_REFUSES = 0.01
_SPEED_ON_SITE = 60
# Degree over the limit by code, least and most.
_SPEEDING = {"1352A": (0.10, 0.20), "1636": (0.20, 0.50), "1603": (0.50, 0.90)}
_OVERLOAD = {"1201": (0.02, 0.30), "1602/30": (0.30, 0.50), "1602/50": (0.50, 1.40)}
_TONNES = {"heavy_truck": 30.0, "light_truck": 1.5}
# Seats, fewest and most persons by code.
_CROWDED = {
    "1341/20": (7, 9, 10),
    "1341/50": (7, 11, 13),
    "1341/100": (7, 14, 17),
    "1710": (35, 42, 50),
}

_VOIDED = 0.03
_REVIEW_DAYS = 4.0
_NEVER_HANDLED = 0.07
_HANDLING_DAYS = 80.0
_ON_THE_SPOT = 0.7
_PAYS = 0.95
_OFFICE_HOURS = (6, 8, 8, 5, 1, 5, 7, 6, 4)


def readings(rng: Generator, codes: Codes, code: Ints, group: Ints, limit_here: Ints) -> Columns:
    """What was measured and the limit; ``limit_here`` is a camera's speed limit, -1 on site."""
    size = len(code)
    value, limit = np.full(size, -1.0), np.full(size, -1.0)
    unit, test = np.full(size, -1), np.full(size, -1)

    drink = codes.among(code, ("1712", "1713", "1711"))
    drunk = codes.among(code, ("1702",))
    value[drink] = np.round(20 + 59.9 * rng.beta(1.2, 1.4, int(drink.sum())), 1)
    value[drunk] = np.round(80 + rng.gamma(2.0, 28.0, int(drunk.sum())), 1)
    limit[drink], limit[drunk] = 20, 80
    unit[drink | drunk] = _ALCOHOL
    # From 60 mg on, blood is taken too and is what counts; some refuse and leave no reading.
    test[drink | drunk] = np.where(value >= _BLOOD_FROM, _BLOOD, _BREATH)[drink | drunk]
    refused = (drink | drunk) & (rng.random(size) < _REFUSES)
    value[refused], test[refused] = -1, -1

    for name, (low, high) in _SPEEDING.items():
        here = codes.among(code, (name,))
        over = low + (high - low) * rng.beta(1.0, 2.5, int(here.sum()))
        allowed = np.where(limit_here[here] > 0, limit_here[here], _SPEED_ON_SITE)
        # Whole kilometres an hour, within the degree that the code is for.
        fastest = np.ceil(allowed * (1 + high)) - 1
        value[here] = np.minimum(np.ceil(allowed * (1 + over)), fastest)
        limit[here], unit[here] = allowed, _SPEED
    for name, (low, high) in _OVERLOAD.items():
        here = codes.among(code, (name,))
        heavy = group[here] == GROUPS.index("heavy_truck")
        limit[here] = np.where(heavy, _TONNES["heavy_truck"], _TONNES["light_truck"])
        over = low + 0.002 + (high - low - 0.004) * rng.beta(1.0, 1.5, int(here.sum()))
        value[here] = np.round(limit[here] * (1 + over), 3)
        unit[here] = _LOAD
    for name, (seats, fewest, most) in _CROWDED.items():
        here = codes.among(code, (name,))
        value[here] = rng.integers(fewest, most + 1, int(here.sum()))
        limit[here], unit[here] = seats, _PERSONS
    return {
        "measured": measures(value, value >= 0),
        "measured_unit": words(_UNITS, unit, unit >= 0),
        "test_kind": words(_TESTS, test, test >= 0),
        "limit_value": measures(limit, limit >= 0),
    }


@dataclass(frozen=True)
class Handling:
    """Numbers of the tables above; -1 for no fine and no measure."""

    state: Ints
    handled_at: Times
    paid: Ints
    fine: Ints
    measure: Ints

    def columns(self, points: Ints) -> Columns:
        """The columns from points to payment, in their order."""
        return {
            "points": whole(points, points >= 0),
            "fine_yuan": whole(self.fine, self.fine >= 0),
            "measure": words(_MEASURES, self.measure, self.measure >= 0),
            "review_state": words(_STATES, self.state),
            "handled_at": times(self.handled_at, self.state == _DONE),
            "paid": words(_PAID, self.paid),
        }


def handling(
    rng: Generator, codes: Codes, code: Ints, occurred: Times, by_camera: Bools
) -> Handling:
    """Review, handling, fine and payment, none of them after the end of the sample."""
    drunk = codes.among(code, ("1702",))
    state, handled_at = _course(rng, occurred, by_camera)
    done = state == _DONE
    fine = codes.fines(rng, code)
    fine[by_camera & ~done] = -1
    measure = np.where(fine == 0, _WARNED, _FINED)
    measure[codes.among(code, ("1712",))] = _LICENCE_HELD
    measure[codes.among(code, ("1711", "1713"))] = _DETAINED
    measure[drunk] = _PROSECUTED
    measure[~done] = -1
    paid = np.where(done & (rng.random(len(code)) < _PAYS), _PAID_UP, _UNPAID)
    paid[(fine == 0) | drunk | (state == _VOID)] = _NOTHING_DUE
    return Handling(state, handled_at, paid, fine, measure)


def _course(rng: Generator, occurred: Times, by_camera: Bools) -> tuple[Ints, Times]:
    """State at the end of the sample, and when the violation was or would be handled.

    On site most is handled within a quarter of an hour, the rest in the fifteen days that follow;
    a camera's record is reviewed first and waits until its driver comes, if ever.
    """
    size = len(occurred)
    review = rng.exponential(_REVIEW_DAYS, size)
    on_the_spot = ~by_camera & (rng.random(size) < _ON_THE_SPOT)
    days = np.where(
        by_camera, review + rng.exponential(_HANDLING_DAYS, size), 14 * rng.random(size)
    )
    minute = (8 + pick(rng, _OFFICE_HOURS, size)) * 60 + rng.integers(0, 60, size)
    some_day = occurred.astype("datetime64[D]") + 1 + days.astype(np.int64)
    at_office = some_day.astype("datetime64[m]") + minute
    at_once = occurred.astype("datetime64[m]") + rng.integers(3, 15, size)
    handled_at = np.where(on_the_spot, at_once, at_office)
    reviewed = occurred + (review * 86400).astype("timedelta64[s]") < _END

    never = by_camera & (rng.random(size) < _NEVER_HANDLED)
    state = np.where((handled_at < _END) & ~never, _DONE, _OPEN)
    state[by_camera & (rng.random(size) < _VOIDED)] = _VOID
    state[by_camera & ~reviewed] = _PENDING
    return state, handled_at
