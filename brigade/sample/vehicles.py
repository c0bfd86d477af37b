"""Registered vehicles, and how many there were at the end of each quarter.

Plates begin with 示 (示例, sample), which stands for no province: nobody's plate.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from brigade.sample.calendar import LAST_DAY, weekday
from brigade.sample.columns import dates, ids, whole, words, write
from brigade.sample.draw import Bools, Generator, Ints, Times, even, pick, rounded_shares, stream
from brigade.sample.effects import by_name, number
from brigade.sample.places import Places

USAGES = ("A", "B", "C", "D", "E", "F", "L", "N", "O", "R")
GROUPS = ("car", "minibus", "light_truck", "heavy_truck", "coach", "motorcycle", "other")
PLATE_TYPES = (
    "小型汽车",
    "小型新能源汽车",
    "大型汽车",
    "普通摩托车",
    "挂车",
    "低速车",
    "电动自行车",
)
_PLATE_LETTERS = ("A", "AD", "B", "M", "G", "L", "E")
_KEY_CLASSES = ("两客", "一危", "一货", "一面")


@dataclass(frozen=True)
class _Type:
    name: str
    vehicle_class: str
    group: str
    plate: str
    weight: float
    usages: dict[str, float]
    inspected_every: int
    scrapped_after: int = 0
    key: str = ""


_TYPES = (
    _Type("小型轿车", "小型客车", "car", "小型汽车", 61, {"A": 1}, 2),
    _Type("小型轿车", "小型客车", "car", "小型汽车", 0.7, {"D": 1}, 1, 8),
    _Type("小型轿车", "小型客车", "car", "小型汽车", 0.5, {"N": 1}, 1, 10),
    _Type("小型普通客车", "小型客车", "car", "小型汽车", 33, {"A": 97, "L": 3}, 2),
    _Type("小型面包车", "小型客车", "minibus", "小型汽车", 4.8, {"A": 1}, 2, 0, "一面"),
    _Type("大型普通客车", "大中型客车", "coach", "大型汽车", 45, {"B": 6, "E": 4}, 1, 15, "两客"),
    _Type("大型普通客车", "大中型客车", "coach", "大型汽车", 30, {"C": 1}, 1, 13),
    _Type("中型普通客车", "大中型客车", "coach", "大型汽车", 15, {"A": 3, "L": 1}, 1, 20),
    _Type("大型专用校车", "大中型客车", "coach", "大型汽车", 10, {"O": 1}, 1, 15),
    _Type("轻型普通货车", "货车", "light_truck", "小型汽车", 52, {"A": 7, "F": 3}, 1, 15),
    _Type("中型普通货车", "货车", "light_truck", "大型汽车", 8, {"A": 3, "F": 7}, 1, 15),
    _Type("重型自卸货车", "货车", "heavy_truck", "大型汽车", 16, {"F": 1}, 1, 15, "一货"),
    _Type("重型半挂牵引车", "货车", "heavy_truck", "大型汽车", 22, {"F": 1}, 1, 15, "一货"),
    _Type("重型罐式货车", "货车", "heavy_truck", "大型汽车", 2, {"R": 1}, 1, 10, "一危"),
    _Type("重型半挂车", "挂车", "other", "挂车", 1, {"F": 1}, 1, 15),
    _Type("普通二轮摩托车", "摩托车", "motorcycle", "普通摩托车", 86, {"A": 1}, 2, 13),
    _Type("正三轮摩托车", "摩托车", "motorcycle", "普通摩托车", 14, {"A": 1}, 2, 12),
    _Type("三轮汽车", "其他", "other", "低速车", 1, {"A": 1}, 1, 12),
)
TYPE_NAMES = tuple(kind.name for kind in _TYPES)

# Status letters that take a vehicle off the register: transferred, struck off, struck off by law.
_STRUCK_OFF = {"B": 0.008, "E": 0.022, "M": 0.008}
_SEIZED = 0.004
_UNHANDLED = 0.09
_ONE_IN = 20
_GREEN_PLATES = np.datetime64("2017-11-20")
_ELECTRIC = 0.08
_GROWTH = 1.1
_OLDEST_YEARS = 18.5


@dataclass(frozen=True)
class Fleet:
    """The vehicles in order of registration: numbers of the tables above, plate texts, dates."""

    kind: Ints
    usage: Ints
    plate_type: Ints
    plates: pa.Array
    registered: Times
    _by_group: list[Ints]

    def draw(self, rng: Generator, group: Ints, days: Times) -> Ints:
        """For each group and day a vehicle that was registered by then.

        Some vehicles offend often: one in twenty of a group takes the share of the effect, of
        which it would have a twentieth anyway.
        """
        frequent = (number("frequent_offenders") - 1 / _ONE_IN) / (1 - 1 / _ONE_IN)
        vehicle = np.zeros(len(group), dtype=np.int64)
        chance, often = rng.random(len(group)), rng.random(len(group))
        for number_, members in enumerate(self._by_group):
            here = group == number_
            known = np.searchsorted(self.registered[members], days[here], side="right")
            place = (chance[here] * known).astype(np.int64)
            place = np.where(often[here] < frequent, place - place % _ONE_IN, place)
            vehicle[here] = members[place]
        return vehicle


def make_fleet(seed: int) -> Fleet:
    """The vehicles, without township, inspection and status."""
    rng = stream(seed, "vehicles")
    kind = _draw_kinds(rng)
    age = _OLDEST_YEARS * even(rng, len(kind)) ** _GROWTH
    scrapped = np.array([t.scrapped_after or 99 for t in _TYPES])[kind]
    # What is past its life has been struck off, but for the latest.
    age = np.where(age < scrapped + 0.4, age, age * (scrapped / _OLDEST_YEARS))
    registered = LAST_DAY - (age * 365.25).astype(np.int64)
    registered = registered - (weekday(registered) == 6).astype(np.int64)
    order = np.argsort(registered, kind="stable")
    kind, registered = kind[order], registered[order]

    usage = np.zeros(len(kind), dtype=np.int64)
    for number_, type_ in enumerate(_TYPES):
        here = np.flatnonzero(kind == number_)
        drawn = pick(rng, list(type_.usages.values()), len(here))
        usage[here] = np.array([USAGES.index(name) for name in type_.usages])[drawn]
    plate_type = np.array([PLATE_TYPES.index(t.plate) for t in _TYPES])[kind]
    electric = (kind == 0) & (registered >= _GREEN_PLATES) & (rng.random(len(kind)) < _ELECTRIC)
    plate_type[electric] = PLATE_TYPES.index("小型新能源汽车")
    serial = np.zeros(len(kind), dtype=np.int64)
    for number_ in range(len(PLATE_TYPES)):
        here = plate_type == number_
        serial[here] = np.arange(1, here.sum() + 1)
    group = np.array([GROUPS.index(t.group) for t in _TYPES])[kind]
    return Fleet(
        kind=kind,
        usage=usage,
        plate_type=plate_type,
        plates=plate_texts("示", plate_type, serial),
        registered=registered,
        _by_group=[np.flatnonzero(group == n) for n in range(len(GROUPS))],
    )


def plate_texts(first: str, plate_type: Ints, serial: Ints) -> pa.Array:
    """Plates such as 示A00001: a first character, the letter of the plate type, five digits."""
    letters = words(_PLATE_LETTERS, plate_type)
    return pc.binary_join_element_wise(first, letters, ids("", serial, 5), "")


def write_vehicles(folder: Path, seed: int, places: Places, fleet: Fleet) -> None:
    """The extracts ``vehicles`` and ``vehicle_stock``, which agree at the last quarter's end."""
    rng = stream(seed, "vehicles", "state")
    size = len(fleet.kind)
    township = pick(rng, places.traffic, size)
    struck_off = _draw_struck_off(rng, size)
    due, overdue = _inspections(rng, fleet, struck_off == "")
    scrap_due, has_scrap_due = _scrap_dates(fleet)
    keys = ("", *_KEY_CLASSES)
    key = np.array([keys.index(t.key) for t in _TYPES])[fleet.kind]
    states = _statuses(rng, struck_off, overdue, has_scrap_due & (scrap_due < LAST_DAY))
    state_names, state = np.unique(states, return_inverse=True)
    write(
        folder,
        "vehicles",
        {
            "vehicle_id": ids("C", np.arange(1, size + 1), 6),
            "plate_type": words(PLATE_TYPES, fleet.plate_type),
            "plate": fleet.plates,
            "vehicle_type": words(TYPE_NAMES, fleet.kind),
            "usage": words(USAGES, fleet.usage),
            "key_class": words(keys, key, key > 0),
            "township": words(places.townships, township),
            "registered_on": dates(fleet.registered),
            "inspection_due_on": dates(due),
            "scrap_due_on": dates(scrap_due, has_scrap_due),
            "status": words(state_names.tolist(), state),
        },
        keys=["vehicle_id", "plate"],
    )
    _write_stock(folder, rng, places, fleet, township, struck_off == "")


def _draw_kinds(rng: Generator) -> Ints:
    classes = by_name("vehicle_classes")
    totals = rounded_shares(int(number("vehicles_total")), list(classes.values()))
    kinds = []
    for name, total in zip(classes, totals, strict=True):
        here = [n for n, t in enumerate(_TYPES) if t.vehicle_class == name]
        counts = rounded_shares(total, [_TYPES[n].weight for n in here])
        kinds.append(np.repeat(here, counts))
    return rng.permutation(np.concatenate(kinds))


def _draw_struck_off(rng: Generator, size: int) -> np.ndarray[tuple[int], np.dtype[np.str_]]:
    kept = 1 - sum(_STRUCK_OFF.values())
    drawn = pick(rng, [kept, *_STRUCK_OFF.values()], size)
    return np.array(["", *_STRUCK_OFF])[drawn]


def _month_end(months: Ints) -> Times:
    """Last day of months counted from 1970-01."""
    return (months + 1).astype("datetime64[M]").astype("datetime64[D]") - 1


def _inspections(rng: Generator, fleet: Fleet, in_force: Bools) -> tuple[Times, Bools]:
    """When the inspection runs out, at a month's end, and whether it has."""
    first = fleet.registered.astype("datetime64[M]").astype(np.int64)
    now = LAST_DAY.astype("datetime64[M]").astype(np.int64)
    every = np.array([t.inspected_every for t in _TYPES])[fleet.kind] * 12
    rounds = np.maximum(1, -(-(now - first) // every))
    classes = list(by_name("inspection_overdue"))
    wanted = np.array(list(by_name("inspection_overdue").values()))
    of_class = np.array([classes.index(t.vehicle_class) for t in _TYPES])[fleet.kind]
    # A vehicle in its first round was new when it got its term, so it can't have missed one.
    can = in_force & (rounds > 1)
    overdue = np.zeros(len(first), dtype=bool)
    for number_, share in enumerate(wanted):
        members = np.flatnonzero(can & (of_class == number_))
        late = round(share * (in_force & (of_class == number_)).sum())
        overdue[rng.choice(members, min(late, len(members)), replace=False)] = True
    missed = np.where(overdue, 1 + (rng.random(len(first)) < 0.25), 0)
    rounds = np.maximum(1, rounds - missed)
    return _month_end(first + rounds * every), overdue


def _scrap_dates(fleet: Fleet) -> tuple[Times, Bools]:
    years = np.array([t.scrapped_after for t in _TYPES])[fleet.kind]
    day = fleet.registered - fleet.registered.astype("datetime64[M]").astype("datetime64[D]")
    months = fleet.registered.astype("datetime64[M]").astype(np.int64) + years * 12
    due = months.astype("datetime64[M]").astype("datetime64[D]") + day
    return np.minimum(due, _month_end(months)), years > 0


def _statuses(
    rng: Generator,
    struck_off: np.ndarray[tuple[int], np.dtype[np.str_]],
    overdue: Bools,
    past_life: Bools,
) -> np.ndarray[tuple[int], np.dtype[np.str_]]:
    """One or more letters in alphabetical order; A where there is nothing else to say."""
    in_force = struck_off == ""
    marks = {
        "G": in_force & (rng.random(len(overdue)) < _UNHANDLED),
        "K": in_force & (rng.random(len(overdue)) < _SEIZED),
        "P": in_force & past_life,
        "Q": overdue,
    }
    status = struck_off.astype("U4")
    for letter, marked in marks.items():
        status = np.where(marked, np.strings.add(status, letter), status)
    return np.where(status == "", "A", status)


def _write_stock(
    folder: Path, rng: Generator, places: Places, fleet: Fleet, township: Ints, in_force: Bools
) -> None:
    """Vehicles by quarter, township and class; one struck off counts until some day before now."""
    classes = list(by_name("vehicle_classes"))
    of_class = np.array([classes.index(t.vehicle_class) for t in _TYPES])[fleet.kind]
    life = (LAST_DAY - fleet.registered).astype(np.int64)
    left = fleet.registered + (rng.random(len(life)) * life).astype(np.int64)
    left = np.where(in_force, LAST_DAY + 1, left)
    quarters = np.arange("2017-04", "2022-08", 3, dtype="datetime64[M]").astype("datetime64[D]") - 1
    cell = township * len(classes) + of_class
    cells = len(places.townships) * len(classes)
    counts = [
        np.bincount(cell[(fleet.registered <= day) & (left > day)], minlength=cells)
        for day in quarters
    ]
    each = np.arange(cells)
    write(
        folder,
        "vehicle_stock",
        {
            "as_of": dates(np.repeat(quarters, cells)),
            "township": words(places.townships, np.tile(each // len(classes), len(quarters))),
            "vehicle_class": words(classes, np.tile(each % len(classes), len(quarters))),
            "vehicles": whole(np.concatenate(counts)),
        },
    )
