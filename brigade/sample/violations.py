"""The extract ``violations``: what cameras recorded and officers found, in order of time."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from brigade.sample.cameras import Cameras, Records, month_records
from brigade.sample.codes import Codes
from brigade.sample.columns import Columns, Part, ids, times, unknown, words
from brigade.sample.draw import Bools, Generator, Ints, Times, stream
from brigade.sample.duty import KINDS, Campaigns, campaign_ids
from brigade.sample.effects import number
from brigade.sample.handling import handling, readings
from brigade.sample.onsite import UNREGISTERED, Found, OnSite
from brigade.sample.places import ROAD_CLASSES, SQUADRONS, Places
from brigade.sample.vehicles import GROUPS, PLATE_TYPES, TYPE_NAMES, USAGES, Fleet, plate_texts

_OFFICERS_A_SQUADRON = 18
_ELECTRIC_BICYCLES_WITH_PLATE = 0.5
_ELECTRIC_BICYCLE_PLATES = 60_000


@dataclass(frozen=True)
class _Events:
    """One month of violations; -1 for no village, no camera and no operation."""

    times: Times
    township: Ints
    road: Ints
    road_class: Ints
    village: Ints
    camera: Ints
    campaign: Ints
    squadron: Ints
    code: Ints
    group: Ints

    def only(self, chosen: Bools | Ints) -> Self:
        """The chosen violations."""
        return type(self)(**{name: getattr(self, name)[chosen] for name in _COLUMNS})


_COLUMNS = tuple(field.name for field in fields(_Events))


def _in_order(parts: Iterable[_Events]) -> _Events:
    """All parts as one, in order of time."""
    parts = list(parts)
    joined = _Events(
        **{name: np.concatenate([getattr(part, name) for part in parts]) for name in _COLUMNS}
    )
    return joined.only(np.argsort(joined.times, kind="stable"))


@dataclass(frozen=True)
class Violations:
    """Everything that the violations hang on."""

    seed: int
    scale: int
    codes: Codes
    places: Places
    fleet: Fleet
    cameras: Cameras
    campaigns: Campaigns
    on_site: OnSite

    def write(self, folder: Path) -> None:
        """Write one file a year, a month at a time, so that memory does not grow with the scale."""
        months = np.arange("2017-01", "2022-07", dtype="datetime64[M]")
        years = months.astype("datetime64[Y]")
        over: tuple[_Events, ...] = ()
        for year in np.unique(years):
            written = 0
            with Part(folder, "violations", str(year), ["violation_id"]) as part:
                for month in months[years == year]:
                    # An operation on a month's last night finds its last in the next month.
                    drawn = _in_order((*over, *self._draw(month)))
                    within = drawn.times < month + 1
                    events, over = drawn.only(within), (drawn.only(~within),)
                    serial = written + np.arange(1, len(events.times) + 1)
                    key = ids(f"V{str(year)[2:]}", serial, 8)
                    part.add({"violation_id": key, **self._columns(month, events)})
                    written += len(serial)

    def _draw(self, month: np.datetime64) -> tuple[_Events, _Events]:
        rng = stream(self.seed, "violations", str(month))
        recorded = month_records(rng, month, self.codes, self.cameras, self.scale)
        found = self.on_site.month(rng, month)
        return self._by_camera(recorded), self._by_officers(rng, found)

    def _by_camera(self, records: Records) -> _Events:
        cameras = self.cameras
        township = cameras.township[records.camera]
        return _Events(
            times=records.times,
            township=township,
            road=cameras.road[records.camera],
            road_class=cameras.road_class[records.camera],
            village=cameras.village[records.camera],
            camera=records.camera,
            campaign=np.full(len(township), -1),
            squadron=self.places.squadron_of_township[township],
            code=records.code,
            group=records.group,
        )

    def _by_officers(self, rng: Generator, found: Found) -> _Events:
        places = self.places
        road_class = places.draw_classes(rng, found.township)
        village = places.draw_villages(rng, found.township)
        road, village = places.draw_roads(rng, found.township, road_class, village)
        return _Events(
            times=found.times,
            township=found.township,
            road=road,
            road_class=road_class,
            village=village,
            camera=np.full(len(road), -1),
            campaign=found.campaign,
            squadron=places.squadron_of_township[found.township],
            code=found.code,
            group=found.group,
        )

    def _columns(self, month: np.datetime64, events: _Events) -> Columns:
        rng = stream(self.seed, "violations", str(month), "columns")
        size = len(events.times)
        codes, places, cameras = self.codes, self.places, self.cameras
        by_camera = events.camera >= 0
        in_campaign = events.campaign >= 0
        operations = campaign_ids(np.arange(len(self.campaigns.kind)))
        kind = self.campaigns.kind[events.campaign]
        limit = np.where(by_camera, cameras.limit[events.camera], -1)
        fate = handling(rng, codes, events.code, events.times, by_camera)
        one_of = rng.integers(0, _OFFICERS_A_SQUADRON, size)
        officers = [f"P{n:04d}" for n in range(1, len(SQUADRONS) * _OFFICERS_A_SQUADRON + 1)]
        officer = events.squadron * _OFFICERS_A_SQUADRON + one_of
        return {
            "occurred_at": times(events.times),
            "source": words(("现场", "非现场"), by_camera),
            "township": words(places.townships, events.township),
            "village_code": words(places.codes, events.village, events.village >= 0),
            "road_name": words(places.roads, events.road),
            "road_class": words(ROAD_CLASSES, events.road_class),
            "squadron": words(SQUADRONS, events.squadron),
            "campaign_id": words(operations, events.campaign, in_campaign),
            "campaign": words([known.name for known in KINDS], kind, in_campaign),
            "device_id": words(cameras.names(), events.camera, by_camera),
            "violation_code": words(codes.codes, events.code),
            "violation_name": words(codes.texts, events.code),
            "category": words(codes.categories, events.code),
            **self._vehicles(rng, events),
            **readings(rng, codes, events.code, events.group, limit),
            **fate.columns(codes.points(events.code, events.times)),
            "officer": words(officers, officer, ~by_camera),
            "longitude": unknown(pa.float64(), size),
            "latitude": unknown(pa.float64(), size),
        }

    def _vehicles(self, rng: Generator, events: _Events) -> Columns:
        """Vehicle and plate: from the register, from elsewhere (外), or of no register."""
        fleet, size = self.fleet, len(events.group)
        registered = events.group < len(GROUPS)
        vehicle = np.zeros(size, dtype=np.int64)
        vehicle[registered] = fleet.draw(rng, events.group[registered], events.times[registered])
        elsewhere = registered & (rng.random(size) >= number("local_vehicles"))
        # Half of the electric bicycles carry a plate; nothing else of no register does.
        bicycle = events.group == len(GROUPS) + UNREGISTERED.index("电动自行车")
        bicycle &= rng.random(size) < _ELECTRIC_BICYCLES_WITH_PLATE

        plate_type = np.where(registered, fleet.plate_type[vehicle], -1)
        plate_type[bicycle] = PLATE_TYPES.index("电动自行车")
        unregistered = len(TYPE_NAMES) + events.group - len(GROUPS)
        kind = np.where(registered, fleet.kind[vehicle], unregistered)
        known = registered | bicycle
        return {
            "vehicle_type": words((*TYPE_NAMES, *UNREGISTERED), kind),
            "usage": words(USAGES, np.where(registered, fleet.usage[vehicle], 0)),
            "plate_type": words(PLATE_TYPES, plate_type, known),
            "plate": self._plates(rng, vehicle, plate_type, elsewhere, bicycle, known),
        }

    def _plates(
        self,
        rng: Generator,
        vehicle: Ints,
        plate_type: Ints,
        elsewhere: Bools,
        bicycle: Bools,
        known: Bools,
    ) -> pa.Array:
        others = int(elsewhere.sum())
        bicycles = int(bicycle.sum())
        own = self.fleet.plates
        serial = rng.integers(1, 100_000, others)
        number_ = rng.integers(1, _ELECTRIC_BICYCLE_PLATES, bicycles)
        pool = pa.concat_arrays(
            [
                own,
                plate_texts("外", plate_type[elsewhere], serial),
                plate_texts("示", plate_type[bicycle], number_),
            ]
        )
        place = vehicle.copy()
        place[elsewhere] = len(own) + np.arange(others)
        place[bicycle] = len(own) + others + np.arange(bicycles)
        return pc.take(pool, pa.array(place, mask=~known))
