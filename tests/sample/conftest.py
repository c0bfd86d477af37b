"""The sample, made once for all its tests, with every extract as a view."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from brigade import sample

Ask = Callable[[str], list[tuple[Any, ...]]]


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the sample as it ships."""
    folder = tmp_path_factory.mktemp("sample")
    sample.generate(folder)
    return folder


@pytest.fixture(scope="session")
def made_of_another_seed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a sample of another seed."""
    folder = tmp_path_factory.mktemp("sample-7")
    sample.generate(folder, seed=7)
    return folder


@pytest.fixture(scope="session")
def ask(made: Path) -> Ask:
    """Ask the sample in SQL."""
    return asking(made)


@pytest.fixture(scope="session", params=["made", "made_of_another_seed"])
def folder(request: pytest.FixtureRequest) -> Path:
    """In turn the folder of the sample as it ships and of one of another seed."""
    made: Path = request.getfixturevalue(request.param)
    return made


@pytest.fixture(scope="session")
def ask_any(folder: Path) -> Ask:
    """Ask, in turn, the sample as it ships and one of another seed."""
    return asking(folder)


def asking(folder: Path) -> Ask:
    database = duckdb.connect()
    for extract in folder.iterdir():
        database.sql(f"create view {extract.name} as from read_parquet('{extract}/*.parquet')")
    return lambda sql: database.sql(sql).fetchall()
