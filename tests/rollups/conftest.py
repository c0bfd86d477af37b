"""Releases with rollups, however few their rows are."""

import random
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from brigade import house
from brigade.contracts import contract
from brigade.engine import serving
from brigade.engine.duckdb import Engine
from brigade.engine.serving import database_of, rollups_of
from brigade.releases import Release, read_release, write_manifest
from brigade.rollups import plan
from tests.conftest import write_rows

TOWNSHIPS = ("铜城街道", "刘集镇", "姚寨镇", None)
VALUES: dict[str, tuple[Any, ...]] = {
    "township": TOWNSHIPS,
    "category": ("酒驾", "醉驾", "超速", "超限超载", "涉牌", None),
    "road_class": ("国道", "村道", None),
    "squadron": ("一中队", "二中队"),
    "vehicle_type": ("小型轿车", "电动自行车", None),
    "source": ("现场", "非现场", None),
    "campaign_id": ("C1", "C2", None, None),
    "violation_code": ("1039", "1345", None),
    "violation_name": ("未戴头盔", "逆行", None),
    "time_recorded": (True, False, None),
    "fine_yuan": (None, 0.0, 20.0, 50.5, 200.0),
    "points": (None, 0, 3, 12),
}
FIRST = datetime(2020, 12, 14)
DAYS = 560
ROWS = 1500


def violations(seed: int) -> list[dict[str, Any]]:
    """Rows with everything that is rare among real ones: many nulls, and all days alike."""
    draw = random.Random(seed)
    return [
        {
            "violation_id": str(number),
            "occurred_at": FIRST + timedelta(minutes=draw.randrange(DAYS * 24 * 60)),
            **{name: draw.choice(values) for name, values in VALUES.items()},
        }
        for number in range(ROWS)
    ]


@pytest.fixture(scope="package")
def every_size_is_worth_it() -> Iterator[None]:
    """Rollups for any number of records, and many of them, as a release of millions has."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(serving, "WORTH", 1)
        patch.setattr(plan, "SHARE", {False: 2, True: 2})
        patch.setattr(plan, "FLOOR", 100)
        patch.setattr(plan, "SMALLER", 1.2)
        yield


@pytest.fixture(scope="package")
def own_data(
    tmp_path_factory: pytest.TempPathFactory, every_size_is_worth_it: None
) -> Iterator[Path]:
    """A data folder for the databases that these tests make."""
    folder = tmp_path_factory.mktemp("rollups")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BRIGADE_DATA", str(folder / "data"))
        yield folder


def opened(release: Release) -> Engine:
    """The engine of a release whose rollups are made."""
    rollups_of(release, database_of(release))
    return Engine(release)


Make = Callable[[list[dict[str, Any]]], Engine]


@pytest.fixture(scope="package")
def make(own_data: Path) -> Iterator[Make]:
    """An engine over violations given, with rollups of them."""
    engines: list[Engine] = []

    def made(rows: list[dict[str, Any]]) -> Engine:
        folder = own_data / f"release-{len(engines)}"
        write_rows(folder, contract("violations"), rows)
        write_manifest(folder, id=folder.name, synthetic=False, created_by="test")
        engines.append(opened(read_release(folder)))
        return engines[-1]

    yield made
    for engine in engines:
        engine.close()


@pytest.fixture(scope="package")
def drawn(make: Make) -> tuple[list[dict[str, Any]], Engine]:
    """Rows drawn at random, and the engine that serves them."""
    rows = violations(5)
    return rows, make(rows)


@pytest.fixture(scope="package")
def sample(own_data: Path) -> Iterator[Engine]:
    """The sample that ships, with rollups of all its extracts."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plan, "FLOOR", 20_000)
        patch.setattr(plan, "SMALLER", 4)
        engine = opened(read_release(house.SAMPLE))
    yield engine
    engine.close()
