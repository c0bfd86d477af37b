"""What the tests of import share: a data folder of their own, and files made of given text."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from brigade.contracts import contract
from brigade.ingest.mapping import read_mapping
from brigade.ingest.plan import Plan, plan
from brigade.ingest.read import batches, inspect
from brigade.ingest.validate import Checked, check
from brigade.releases import Source, current_release

REPOSITORY = Path(__file__).resolve().parents[2]
REAL = Path(os.environ.get("BRIGADE_REAL", REPOSITORY.parent / "shared" / "real"))

CsvOf = Callable[..., Path]


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An office's data folder in which nothing is published yet."""
    folder = tmp_path / "data"
    monkeypatch.setenv("BRIGADE_DATA", str(folder))
    return folder


@pytest.fixture
def csv_of(tmp_path: Path) -> CsvOf:
    """Write lines as a CSV: ``csv_of("a,b", "1,2", encoding="gb18030")``."""

    def write(*lines: str, name: str = "file.csv", encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes("".join(f"{line}\n" for line in lines).encode(encoding))
        return path

    return write


def released(extract: str) -> list[dict[str, Any]]:
    """The rows of an extract in the release in force, as its files hold them."""
    files = current_release().files(extract)
    rows: list[dict[str, Any]] = pa.concat_tables([pq.read_table(f) for f in files]).to_pylist()
    return rows


def last_source(extract: str) -> Source:
    """What the manifest says of the newest import of an extract."""
    return current_release().extracts[extract].sources[-1]


def plan_of(path: Path, extract: str, mapping: Path | None = None) -> Plan:
    """How a file becomes rows of an extract."""
    wanted = contract(extract)
    return plan(inspect(path), wanted, read_mapping(mapping, wanted) if mapping else None)


def checked(path: Path, extract: str, mapping: Path | None = None) -> Checked:
    """The rows of a small file, good and rejected."""
    chosen = plan_of(path, extract, mapping)
    parts = [check(batch, chosen) for batch in batches(inspect(path))]
    rejected = [one for part in parts for one in part.rejected]
    doubts = [one for part in parts for one in part.doubts]
    return Checked(pa.concat_tables([part.table for part in parts]), rejected, doubts)
