"""Rollups made on a cluster are those that DuckDB makes; what they answer is not asked there."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from brigade import house
from brigade.cli import main
from brigade.engine import cluster_rollups
from brigade.engine.cluster_rollups import make_rollups
from brigade.engine.duckdb import Engine
from brigade.engine.relations import Reader
from brigade.engine.serving import database_of, database_path, rollups_path
from brigade.engine.spark import SparkEngine
from brigade.engine.spark import engine_for as spark_engine
from brigade.engine.sums import Sums
from brigade.errors import BrigadeError
from brigade.filters import Filters, Period
from brigade.queries import query, query_names
from brigade.records import Records
from brigade.releases import Release, read_release
from brigade.results import fetch
from brigade.rollups.build import Attached, build_from, new_file
from brigade.rollups.reading import readings
from tests.engine.clusters import sail
from tests.engine.test_spark import differences

YEAR = Filters(Period(date(2021, 3, 4), date(2022, 6, 30)))
NARROW = Filters(
    YEAR.period,
    "previous",
    {
        "township": ("刘集镇", "姚寨镇"),
        "category": ("酒驾", "超速"),
        "road_class": ("国道", "村道"),
    },
)


@pytest.fixture(scope="module", autouse=True)
def own_data(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("data")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BRIGADE_DATA", str(folder))
        yield folder


@pytest.fixture(scope="module")
def release(own_data: Path) -> Release:
    return read_release(house.SAMPLE)


@pytest.fixture(scope="module")
def made_there(address: str, release: Release) -> Path:
    """The file of rollups that a cluster made."""
    make_rollups(release, address)
    return rollups_path(database_path(release))


class _FarAttached(Attached):
    """The records here, planned for as if they were far."""

    far = True


def tables(path: Path) -> dict[str, tuple[list[Any], list[Any]]]:
    """All that is in a file of rollups: of each table the columns with their types, and the rows in
    the order in which they lie."""
    found = {}
    with duckdb.connect(str(path), read_only=True) as connection:
        for (name,) in connection.execute("select table_name from duckdb_tables()").fetchall():
            columns = connection.execute(f"describe {name}").fetchall()
            found[name] = columns, connection.execute(f"from {name} order by rowid").fetchall()
    return found


def test_the_tables_are_those_that_duckdb_makes_row_by_row(
    made_there: Path, release: Release, tmp_path: Path
) -> None:
    here = tmp_path / "here.duckdb"
    with new_file(here) as connection:
        made = build_from(_FarAttached(connection, database_of(release)), connection, worth=1)
    ours, theirs = tables(here), tables(made_there)
    assert len(made) > 20
    assert ours.keys() == theirs.keys() == {*(one.name for one in made), "kept", "extracts"}
    for name, table in ours.items():
        assert table == theirs[name], name


COVERED = [n for n in query_names() if all(not r.refused for r in readings(query(n).sql).values())]


@pytest.fixture
def unreachable(made_there: Path, release: Release) -> Iterator[SparkEngine]:
    """The engine of a cluster that has stopped."""
    with sail() as address:
        pass
    yield spark_engine(release, address)


@pytest.mark.parametrize("filters", [YEAR, NARROW], ids=["a year", "narrow"])
def test_what_rollups_answer_is_answered_when_the_cluster_has_stopped(
    unreachable: SparkEngine, release: Release, filters: Filters
) -> None:
    here = Engine(release)
    answered = []
    for name in COVERED:
        bound = fetch(query(name), filters, here, Reader())
        try:
            theirs = fetch(query(name), filters, unreachable, Reader())
        except BrigadeError:
            continue
        assert differences(bound, theirs) == []
        answered.append(name)
    of_a_page = {n for n in COVERED if query(n).extracts == ("violations",)}
    assert of_a_page <= {*answered}
    here.close()


def test_rows_are_still_asked_of_the_cluster(unreachable: SparkEngine) -> None:
    with pytest.raises(BrigadeError, match="does not answer"):
        Records("violations", YEAR, Reader()).rows(unreachable, 1)


def test_rollups_that_are_made_while_the_app_runs_are_read_from_then_on(
    address: str, release: Release, made_there: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = SparkEngine(release, cluster_rollups.Cluster(address))
    away = made_there.with_suffix(".away")
    made_there.rename(away)
    assert fetch(query("enforcement/by_category"), YEAR, engine, Reader()).rows
    engine.answers.room = 0
    away.rename(made_there)

    def none_is_asked(*_: object) -> None:
        raise AssertionError("the cluster was asked")

    monkeypatch.setattr(engine, "_answers_to", none_is_asked)
    assert fetch(query("enforcement/by_township"), YEAR, engine, Reader()).rows


@pytest.mark.parametrize("harm", ["damaged", "of other rows"])
def test_rollups_that_can_not_be_used_leave_all_to_the_cluster(
    harm: str,
    address: str,
    release: Release,
    made_there: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    bad = tmp_path / "bad.duckdb"
    bad.write_bytes(made_there.read_bytes() if harm == "of other rows" else b"nothing of the kind")
    if harm == "of other rows":
        with duckdb.connect(str(bad)) as connection:
            connection.execute("update extracts set records = records + 1")
    engine = SparkEngine(release, cluster_rollups.Cluster(address))
    monkeypatch.setattr(engine, "_sums_path", bad)
    here = Engine(release)
    for name in ("enforcement/by_category", "enforcement/by_township"):
        ours, theirs = (fetch(query(name), YEAR, e, Reader()) for e in (here, engine))
        assert differences(ours, theirs) == []
    here.close()
    assert len([m for m in caplog.messages if "the cluster is" in m]) == 1


def test_a_cluster_that_fails_leaves_the_rollups_as_they_were(
    made_there: Path, release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = made_there.read_bytes()
    with sail() as address:
        pass
    with pytest.raises(BrigadeError, match="does not answer"):
        make_rollups(release, address)
    assert made_there.read_bytes() == before
    assert [path for path in made_there.parent.iterdir() if ".part" in path.name] == []


def test_the_command_makes_and_lists_them(
    address: str, made_there: Path, capsys: pytest.CaptureFixture[str], monkeypatch: Any
) -> None:
    listed = len(Sums(made_there, 1).kept.rollups)
    made_there.unlink()
    monkeypatch.setenv("BRIGADE_ENGINE", address)
    assert main(["--lang", "en", "rollups"]) == 0
    assert "no rollups" in capsys.readouterr().out
    assert main(["--lang", "en", "rollups", "--engine", address]) == 0
    assert len(capsys.readouterr().out.splitlines()) == listed
    assert main(["--lang", "en", "rollups"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == listed
