"""The sample, made once for all its tests, with every extract as a view."""

from collections.abc import Callable, Iterator
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
def other_seed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a sample of another seed."""
    folder = tmp_path_factory.mktemp("other-seed")
    sample.generate(folder, seed=7)
    return folder


@pytest.fixture(scope="session")
def ask(made: Path) -> Iterator[Ask]:
    """Ask the sample in SQL."""
    with duckdb.connect() as database:
        yield asking(database, made)


@pytest.fixture(scope="session")
def ask_other(other_seed: Path) -> Iterator[Ask]:
    """Ask the sample of another seed in SQL."""
    with duckdb.connect() as database:
        yield asking(database, other_seed)


def asking(database: duckdb.DuckDBPyConnection, folder: Path) -> Ask:
    for extract in folder.iterdir():
        files = extract / "*.parquet"
        database.sql(f"create view {extract.name} as from read_parquet('{files}')")
    return lambda sql: database.sql(sql).fetchall()
