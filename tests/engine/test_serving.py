"""The serving database: what is wrong with a release's files is said with file and column."""

from datetime import date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from brigade.engine.duckdb import Engine, engine_for
from brigade.engine.serving import build, database_of
from brigade.errors import ReleaseError
from brigade.releases import read_release, write_manifest
from tests.conftest import Given, run


def release_of(folder: Path, **tables: pa.Table) -> Path:
    """A release folder of Arrow tables as they are."""
    for name, table in tables.items():
        (folder / name).mkdir(parents=True)
        pq.write_table(table, folder / name / "part-0.parquet")
    write_manifest(folder, id="r", synthetic=False, created_by="test")
    return folder


@pytest.fixture(autouse=True)
def own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BRIGADE_DATA", str(tmp_path / "data"))


AT = pa.array([datetime(2022, 3, 1)], pa.timestamp("us"))


def test_a_column_of_another_type_is_named_with_its_file(tmp_path: Path) -> None:
    table = pa.table({"crash_id": ["1"], "occurred_at": AT, "deaths": ["many"]})
    with pytest.raises(ReleaseError) as caught:
        Engine(read_release(release_of(tmp_path / "r", crashes=table)))
    assert "crashes/part-0.parquet" in caught.value.text.zh
    assert "deaths" in caught.value.text.zh


def test_a_missing_required_column_is_named_with_its_file(tmp_path: Path) -> None:
    table = pa.table({"occurred_at": AT})
    with pytest.raises(ReleaseError, match="crash_id"):
        Engine(read_release(release_of(tmp_path / "r", crashes=table)))


def test_a_file_cut_short_is_named(tmp_path: Path) -> None:
    table = pa.table({"crash_id": ["1"], "occurred_at": AT})
    folder = release_of(tmp_path / "r", crashes=table)
    file = folder / "crashes" / "part-0.parquet"
    file.write_bytes(file.read_bytes()[:-20])
    with pytest.raises(ReleaseError, match=r"crashes/part-0\.parquet"):
        Engine(read_release(folder))


def test_columns_that_an_export_does_not_have_are_not_recorded(tmp_path: Path) -> None:
    table = pa.table({"crash_id": ["1"], "occurred_at": AT})
    engine = Engine(read_release(release_of(tmp_path / "r", crashes=table)))
    [row] = run(engine, "overview/crashes_by_township").rows
    assert row["township"] is None


def test_a_build_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    table = pa.table({"crash_id": ["1"], "occurred_at": AT, "deaths": ["many"]})
    release = read_release(release_of(tmp_path / "r", crashes=table))
    target = tmp_path / "out" / "x.duckdb"
    with pytest.raises(ReleaseError):
        build(release, target)
    assert list(target.parent.iterdir()) == []


def test_the_database_is_built_once_and_again_when_it_is_gone(tmp_path: Path) -> None:
    table = pa.table({"crash_id": ["1"], "occurred_at": AT})
    release = read_release(release_of(tmp_path / "r", crashes=table))
    path = database_of(release)
    made = path.stat().st_mtime_ns
    assert database_of(release).stat().st_mtime_ns == made
    path.unlink()
    assert database_of(release) == path
    assert path.is_file()
    assert engine_for(release) is engine_for(release)


def test_township_reaches_rows_that_have_it_only_by_a_key(given: Given) -> None:
    engine = given(
        villages=[
            {
                "village_code": "371524101001",
                "village": "甲村",
                "township": "刘集镇",
                "kind": "行政村",
            },
            {
                "village_code": "371524102001",
                "village": "乙村",
                "township": "大桥镇",
                "kind": "行政村",
            },
        ],
        persuasion_shifts=[
            {"village_code": code, "shift_date": date(2022, 3, 1), "checked": 5, "dissuaded": 1}
            for code in ("371524101001", "371524102001", "999999999999")
        ],
    )
    for township, expected in (("刘集镇", 1), ("大桥镇", 1), ("未记录", 1)):
        [row] = run(engine, "villages/persuasion", township=township).rows
        assert row["persuasion_shifts"] == expected
