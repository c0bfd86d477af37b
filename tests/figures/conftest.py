"""What tests of published figures share: the list that ships, and SQL over the sample's Parquet."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from brigade import house
from brigade.engine.duckdb import Engine
from brigade.engine.relations import Reader
from brigade.figures.published import FILE, Published, read_published
from brigade.figures.verdicts import Report, report_on

Ask = Callable[..., Any]
Judge = Callable[[str], Report]


@pytest.fixture(scope="session")
def published() -> Published:
    """The published figures that ship."""
    return read_published(house.REFERENCE / FILE)


@pytest.fixture(scope="session")
def report(published: Published, sample: Engine) -> Report:
    """The report on the figures that ship over the sample."""
    return report_on(published, FILE, sample, Reader())


@pytest.fixture(scope="session")
def ask() -> Iterator[Ask]:
    """The one value of SQL over the sample's Parquet files, each extract under its own name; what
    follows the text are its parameters."""
    with duckdb.connect() as connection:
        for folder in sorted(house.SAMPLE.iterdir()):
            if folder.is_dir():
                connection.read_parquet(str(folder / "*.parquet")).create_view(folder.name)
        yield lambda sql, *values: connection.execute(sql, values).fetchall()[0][0]


@pytest.fixture
def judge(sample: Engine, tmp_path: Path) -> Judge:
    """The report on a list that the test writes."""

    def of(text: str) -> Report:
        path = tmp_path / "bulletin.toml"
        path.write_text(text, encoding="utf-8")
        return report_on(read_published(path), path.name, sample, Reader())

    return of
