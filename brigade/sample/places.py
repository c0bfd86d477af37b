"""Townships, villages, squadrons and roads.

The villages are real. Which squadron has which townships, and which road runs where, is invented.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from brigade.house import REFERENCE
from brigade.sample import register
from brigade.sample.columns import texts, unknown, write
from brigade.sample.draw import Bools, Floats, Generator, Ints, pick_by
from brigade.sample.effects import by_name

SQUADRONS = ("城区中队", "一中队", "二中队", "三中队", "四中队")
_AREAS = (
    ("铜城街道", "新城街道"),
    ("刘集镇", "姜楼镇"),
    ("牛角店镇", "大桥镇"),
    ("高集镇", "姚寨镇"),
    ("鱼山镇", "陈集镇"),
)

ROAD_CLASSES = ("国道", "省道", "县道", "乡道", "村道", "城市道路")
NATIONAL, PROVINCIAL, COUNTY, TOWNSHIP_ROAD, VILLAGE_ROAD, CITY = range(6)

_URBAN = ("铜城街道", "新城街道")
# Road name, length in kilometres, townships that it runs through.
_ROADS: dict[str, tuple[tuple[str, int, tuple[str, ...]], ...]] = {
    "国道": (
        ("G341", 62, ("铜城街道", "新城街道", "牛角店镇", "大桥镇")),
        ("G105", 48, ("刘集镇", "鱼山镇", "姜楼镇", "高集镇")),
    ),
    "省道": (
        ("S329", 55, ("铜城街道", "高集镇", "姚寨镇", "牛角店镇")),
        ("S242", 41, ("新城街道", "刘集镇", "陈集镇")),
        ("S324", 38, ("姜楼镇", "大桥镇", "鱼山镇")),
    ),
    "县道": (
        ("X001", 24, ("铜城街道", "刘集镇", "陈集镇")),
        ("X002", 22, ("新城街道", "姚寨镇")),
        ("X003", 27, ("牛角店镇", "大桥镇")),
        ("X004", 19, ("高集镇", "姚寨镇")),
        ("X005", 21, ("姜楼镇", "鱼山镇")),
        ("X006", 17, ("陈集镇", "高集镇")),
    ),
    "城市道路": tuple(
        (name, 6, _URBAN)
        for name in ("前进街", "文化街", "建设街", "光明街", "青年街", "工业路", "迎宾路", "环城路")
    ),
}
# Which class a crash or a check on site is on, in town and elsewhere.
_CLASS_WEIGHTS = {"town": (10, 10, 5, 3, 2, 70), "country": (17, 17, 26, 22, 18, 0)}


@dataclass(frozen=True)
class Places:
    """The county: parallel lists of villages and roads, and tables to draw from.

    ``roads`` holds every road, those of villages (村道) last and in the order of the villages.
    """

    townships: tuple[str, ...]
    codes: list[str]
    villages: list[str]
    township_of_village: Ints
    is_village: Bools
    squadron_of_township: Ints
    traffic: Floats
    class_weights: Floats
    roads: list[str]
    class_of_road: Ints
    length_of_road: Ints
    first_village: Ints
    village_count: Ints
    _roads_at: list[list[Ints]]

    def draw_classes(self, rng: Generator, township: Ints) -> Ints:
        """A road class for each township."""
        return pick_by(rng, self.class_weights, township)

    def draw_villages(self, rng: Generator, township: Ints) -> Ints:
        """A village (行政村) for each township."""
        step = rng.random(len(township)) * self.village_count[township]
        return self.first_village[township] + step.astype(np.int64)

    def draw_roads(
        self, rng: Generator, township: Ints, road_class: Ints, village: Ints
    ) -> tuple[Ints, Ints]:
        """A road of each class in each township, and the village on it: -1 but on rural roads.

        The road of a village road (村道) is the one of the given village.
        """
        chance = rng.random(len(township))
        road = len(self.roads) - len(self.villages) + village
        for place, roads_here in enumerate(self._roads_at):
            for kind, roads in enumerate(roads_here):
                here = (township == place) & (road_class == kind)
                if len(roads) and here.any():
                    road[here] = roads[(chance[here] * len(roads)).astype(np.int64)]
        rural = (road_class >= COUNTY) & (road_class <= VILLAGE_ROAD)
        return road, np.where(rural, village, -1)


def load() -> Places:
    """The county from the village register."""
    rows = register.read(REFERENCE / "villages.csv")
    townships = tuple(dict.fromkeys(row["township"] for row in rows))
    township = np.array([townships.index(row["township"]) for row in rows])
    is_village = np.array([row["kind"] == "行政村" for row in rows])
    roads = _roads(townships)
    names = [name for name, _, _, _ in roads] + [f"{row['village']}道" for row in rows]
    villages = len(rows)
    weights = np.array(
        [_CLASS_WEIGHTS["town" if name in _URBAN else "country"] for name in townships], dtype=float
    )
    at = [
        [
            np.array([n for n, (_, c, _, t) in enumerate(roads) if c == kind and name in t], int)
            for kind in range(len(ROAD_CLASSES))
        ]
        for name in townships
    ]
    for place in range(len(townships)):
        for kind in range(len(ROAD_CLASSES)):
            if not len(at[place][kind]) and kind != VILLAGE_ROAD:
                weights[place, kind] = 0
    return Places(
        townships=townships,
        codes=[row["village_code"] for row in rows],
        villages=[row["village"] for row in rows],
        township_of_village=township,
        is_village=is_village,
        squadron_of_township=np.array(
            [next(n for n, area in enumerate(_AREAS) if name in area) for name in townships]
        ),
        traffic=np.array([by_name("township_traffic")[name] for name in townships]),
        class_weights=weights,
        roads=names,
        class_of_road=np.array([c for _, c, _, _ in roads] + [VILLAGE_ROAD] * villages),
        length_of_road=np.array([length for _, _, length, _ in roads] + [2] * villages),
        first_village=np.array(
            [np.flatnonzero((township == t) & is_village)[0] for t in range(len(townships))]
        ),
        village_count=np.array(
            [((township == t) & is_village).sum() for t in range(len(townships))]
        ),
        _roads_at=at,
    )


def _roads(townships: tuple[str, ...]) -> list[tuple[str, int, int, tuple[str, ...]]]:
    """Name, class, length and townships of every road but those of villages."""
    listed = [
        (name, ROAD_CLASSES.index(kind), length, where)
        for kind, roads in _ROADS.items()
        for name, length, where in roads
    ]
    for number, name in enumerate(townships, start=1):
        for branch in (1, 2):
            listed.append((f"Y{number:02d}{branch}", TOWNSHIP_ROAD, 9, (name,)))
    return listed


def write_villages(folder: Path) -> None:
    """The extract ``villages``: the register as it is, with nothing invented beside it."""
    rows = register.read(REFERENCE / "villages.csv")
    columns = {name: texts([row[name] or None for row in rows]) for name in register.COLUMNS}
    columns["population"] = unknown(pa.int32(), len(rows))
    for name in ("road_km", "longitude", "latitude"):
        columns[name] = unknown(pa.float64(), len(rows))
    write(folder, "villages", columns)
