"""The hazard ledger. Its two published figures are laid down, the rest is drawn."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from brigade.sample.calendar import FIRST_DAY, LAST_DAY
from brigade.sample.columns import dates, flags, ids, texts, words, write
from brigade.sample.draw import Bools, Floats, Generator, Ints, Times, pick, pick_by, stream
from brigade.sample.places import COUNTY, NATIONAL, PROVINCIAL, ROAD_CLASSES, VILLAGE_ROAD, Places

_KINDS = (
    *("马路市场", "视距隐患路口", "临水临崖", "标志缺失", "标线不清", "急弯陡坡"),
    *("护栏缺失", "照明不足"),
)
_MARKET, _JUNCTION = _KINDS.index("马路市场"), _KINDS.index("视距隐患路口")
_DEPARTMENTS = (
    "公路事业发展中心",
    "交通运输局",
    "乡镇政府（街道办）",
    "公安交警大队",
    "综合执法局",
)
_HIGHWAYS, _TRANSPORT, _TOWNSHIP, _POLICE, _CITY_MANAGEMENT = range(5)
# Who answers for a hazard, by road class; and how long each takes against its term.
_OWNERS = (
    *((80, 8, 6, 6, 0), (80, 8, 6, 6, 0), (6, 76, 12, 6, 0)),
    *((0, 30, 64, 6, 0), (0, 12, 82, 6, 0), (0, 8, 22, 30, 40)),
)
_SLOWNESS = (0.75, 0.85, 1.15, 0.55, 0.95)
_TERM_DAYS = 60
_RELAPSES = 0.05

MARKETS = 13
JUNCTIONS_PLANNED = 115
JUNCTIONS_CLEARED = 146
_OTHER_MARKETS = 9
_OTHERS = 420


@dataclass(frozen=True)
class _Hazards:
    kind: Ints
    township: Ints
    road_class: Ints
    found: Times
    due: Times
    cleared: Times
    planned: Bools
    owner: Ints


def write_hazards(folder: Path, seed: int, places: Places) -> None:
    """The extract ``hazards``, in order of the day found."""
    rng = stream(seed, "hazards")
    parts = (_published(rng, places), _drawn(rng, places))
    names = _Hazards.__dataclass_fields__
    joined = {name: np.concatenate([getattr(part, name) for part in parts]) for name in names}
    order = np.argsort(joined["found"], kind="stable")
    hazards = _Hazards(**{name: column[order] for name, column in joined.items()})
    size = len(order)
    village = places.draw_villages(rng, hazards.township)
    road, village = places.draw_roads(rng, hazards.township, hazards.road_class, village)
    kilometre = rng.integers(0, places.length_of_road[road] * 10)
    main = hazards.road_class <= PROVINCIAL
    is_cleared = hazards.cleared <= LAST_DAY
    relapsed = hazards.cleared + 30 + (rng.gamma(2, 60, size)).astype(np.int64)
    # Those of the published figures stay cleared.
    laid_down = (hazards.kind == _JUNCTION) | ((hazards.kind == _MARKET) & main)
    relapses = (rng.random(size) < _RELAPSES) & is_cleared & ~laid_down & (relapsed <= LAST_DAY)
    write(
        folder,
        "hazards",
        {
            "hazard_id": ids("H", np.arange(1, size + 1), 4),
            "kind": words(_KINDS, hazards.kind),
            "name": texts(
                [
                    f"{places.roads[r]} K{km // 10}+{km % 10}00 {_KINDS[k]}"
                    for r, km, k in zip(road, kilometre, hazards.kind, strict=True)
                ]
            ),
            "road_name": words(places.roads, road),
            "road_class": words(ROAD_CLASSES, hazards.road_class),
            "township": words(places.townships, hazards.township),
            "village_code": words(places.codes, village, village >= 0),
            "found_on": dates(hazards.found),
            "due_on": dates(hazards.due),
            "cleared_on": dates(hazards.cleared, is_cleared),
            "relapsed_on": dates(relapsed, relapses),
            "department": words(_DEPARTMENTS, hazards.owner),
            "planned": flags(hazards.planned),
        },
        keys=["hazard_id"],
    )


def _published(rng: Generator, places: Places) -> _Hazards:
    """The markets on national roads and the junctions: found in winter, cleared in 2022."""
    kind = np.repeat([_MARKET, _JUNCTION], [MARKETS, JUNCTIONS_CLEARED])
    size = len(kind)
    planned = np.ones(size, dtype=bool)
    planned[MARKETS + JUNCTIONS_PLANNED :] = False
    road_class = pick(rng, (20, 25, 30, 25), size)
    road_class[kind == _MARKET] = NATIONAL
    has_road = places.class_weights.T > 0
    township = pick_by(rng, places.traffic * has_road, road_class)
    found = np.datetime64("2021-12-01") + rng.integers(0, 60, size)
    found[~planned] += 45
    first: Times = np.maximum(found + 20, np.datetime64("2022-01-10"))
    cleared = first + rng.integers(0, 80, size)
    owner = pick_by(rng, _OWNERS, road_class)
    due: Times = np.where(planned, np.datetime64("2022-06-30"), found + _TERM_DAYS)
    return _Hazards(kind, township, road_class, found, due, cleared, planned, owner)


def _drawn(rng: Generator, places: Places) -> _Hazards:
    """Hazards of all years; no further junctions, and markets only off the national roads."""
    weights: Floats = np.array([0, 0, 20, 24, 18, 10, 18, 10], dtype=float)
    kind = np.concatenate(
        [np.full(_OTHER_MARKETS, _MARKET), pick(rng, weights, _OTHERS - _OTHER_MARKETS)]
    )
    size = len(kind)
    township = pick(rng, places.traffic, size)
    road_class = places.draw_classes(rng, township)
    market = kind == _MARKET
    road_class[market] = rng.integers(COUNTY, VILLAGE_ROAD, int(market.sum()))
    found = FIRST_DAY + rng.integers(0, (LAST_DAY - FIRST_DAY).astype(int) - 5, size)
    owner = pick_by(rng, _OWNERS, road_class)
    term = np.where(rng.random(size) < 0.3, 30, _TERM_DAYS)
    taken = term * np.array(_SLOWNESS)[owner] * rng.lognormal(0, 0.55, size)
    # A few are not mended for years.
    taken[rng.random(size) < 0.06] = 5000
    cleared = found + np.ceil(taken).astype(np.int64)
    return _Hazards(
        kind, township, road_class, found, found + term, cleared, rng.random(size) < 0.7, owner
    )
