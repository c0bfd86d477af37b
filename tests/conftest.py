"""What tests share: a release made of given rows, and the engine that serves it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import hypothesis
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from brigade import house
from brigade.contracts import Contract, contract
from brigade.engine.duckdb import Engine
from brigade.engine.relations import Reader
from brigade.filters import Filters, Period
from brigade.queries import query
from brigade.releases import read_release, write_manifest
from brigade.results import Result, fetch

hypothesis.settings.register_profile("brigade", deadline=None, max_examples=50)
hypothesis.settings.load_profile("brigade")

ARROW = {
    "text": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "timestamp": pa.timestamp("us"),
}
Rows = Sequence[Mapping[str, Any]]
Given = Callable[..., Engine]
MASKED = Reader()
HALF_YEAR = Period(date(2022, 1, 1), date(2022, 6, 30))


def write_rows(folder: Path, extract: Contract, rows: Rows) -> None:
    """Write rows as an extract's Parquet; columns that no row names are null."""
    columns = {c.name: ARROW[c.type] for c in extract.stored_columns}
    unknown = {name for row in rows for name in row} - set(columns)
    assert not unknown, f"{extract.name} has no column {unknown}"
    arrays = {name: pa.array([r.get(name) for r in rows], type_) for name, type_ in columns.items()}
    (folder / extract.name).mkdir(parents=True)
    pq.write_table(pa.table(arrays), folder / extract.name / "part-0.parquet")


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """The sample as it ships."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BRIGADE_DATA", str(tmp_path_factory.mktemp("sample")))
        engine = Engine(read_release(house.SAMPLE))
        yield engine
        engine.close()


@pytest.fixture
def given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Given]:
    """Make an engine over a release of the rows given: ``given(violations=[{…}, …])``."""
    monkeypatch.setenv("BRIGADE_DATA", str(tmp_path / "data"))
    engines: list[Engine] = []

    def make(*, synthetic: bool = False, **extracts: Rows) -> Engine:
        folder = tmp_path / f"release-{len(engines)}"
        folder.mkdir()
        for name, rows in extracts.items():
            write_rows(folder, contract(name), rows)
        write_manifest(folder, id=folder.name, synthetic=synthetic, created_by="test")
        engines.append(Engine(read_release(folder)))
        return engines[-1]

    yield make
    for engine in engines:
        engine.close()


def run(
    engine: Engine,
    name: str,
    *,
    period: Period = HALF_YEAR,
    comparison: str = "none",
    reader: Reader = MASKED,
    **values: str | tuple[str, ...],
) -> Result:
    """A query's result over an engine; filters by key, ``__`` for the dot of ``extract.column``."""
    chosen = {
        key.replace("__", "."): (value,) if isinstance(value, str) else value
        for key, value in values.items()
    }
    return fetch(query(name), Filters(period, comparison, chosen), engine, reader)  # type: ignore[arg-type]


def rows_of(result: Result) -> list[tuple[Any, ...]]:
    """A result's rows as tuples of its output columns, in order."""
    return [tuple(row[column.name] for column in result.columns) for row in result.rows]
