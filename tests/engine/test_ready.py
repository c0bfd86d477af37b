"""What a release is served from: made when it is published, deleted when nobody can read it."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from brigade.cli import main
from brigade.engine import ready, serving
from brigade.engine.duckdb import Engine
from brigade.engine.ready import LEFT_SECONDS, clear_unused, make_ready
from brigade.engine.serving import database_path, derived_folder, rollups_path
from brigade.errors import ReleaseError
from brigade.ingest.publish import prepare, publish
from brigade.releases import Release, current_release
from brigade.releases.history import roll_back
from brigade.rollups import plan
from brigade.text import Text
from tests.conftest import run

LINES = [f"{n},2022-03-{n % 28 + 1:02} 08:30:00,刘集镇,国道,超速" for n in range(400)]


@pytest.fixture(autouse=True)
def few_rows_are_worth_rollups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("BRIGADE_DATA", str(tmp_path / "data"))
    monkeypatch.setattr(serving, "WORTH", 1)
    monkeypatch.setattr(plan, "FLOOR", 10)
    yield


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "violations.csv"
    header = "violation_id,occurred_at,township,road_class,category"
    path.write_text("\n".join([header, *LINES]), encoding="utf-8")
    return path


def imported(file: Path) -> Release:
    """One more release, of one row more than the last."""
    with file.open("a", encoding="utf-8") as more:
        more.write(f"\n{time.time_ns()},2022-03-01 09:00:00,刘集镇,国道,超速")
    assert main(["import", str(file), "--as", "violations"]) == 0
    return current_release()


def made_of(release: Release) -> list[Path]:
    return [database_path(release), rollups_path(database_path(release))]


def build_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def built(*_: object) -> None:
        raise AssertionError("it should have been there")

    monkeypatch.setattr(serving, "build", built)
    monkeypatch.setattr(serving, "build_rollups", built)


def test_after_an_import_opening_builds_nothing(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    release = imported(file)
    build_nothing(monkeypatch)
    engine = Engine(release)
    assert engine.sums is not None
    [row] = run(engine, "enforcement/by_township").rows
    assert row["violations"] == len(LINES) + 1


def test_after_going_far_back_opening_builds_nothing(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, *_ = [imported(file) for _ in range(5)]
    assert not any(path.exists() for path in made_of(first)), "it is too far back to be kept"
    assert main(["rollback", first.id]) == 0
    build_nothing(monkeypatch)
    assert current_release().id == first.id
    assert Engine(first).sums is not None


def test_all_is_made_before_the_release_is_in_force(file: Path) -> None:
    """So nobody who reads it meanwhile has to wait."""
    waiting = prepare(file, "violations")
    found: list[tuple[str, list[bool]]] = []

    def look(release: Release) -> None:
        make_ready(release)
        there = [path.is_file() for path in made_of(release)]
        found.append((current_release().id, there))

    publish(waiting, ready=look)
    assert found == [("sample", [True, True])]
    assert current_release().id == waiting.id


def test_a_watched_folder_makes_them_too(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "in" / "violations").mkdir(parents=True)
    file.rename(tmp_path / "in" / "violations" / file.name)
    assert main(["watch", str(tmp_path / "in"), "--once", "--every", "0.01"]) == 0
    build_nothing(monkeypatch)
    assert Engine(current_release()).sums is not None


@pytest.mark.parametrize(
    "failure", [OSError("No space left on device"), ReleaseError(Text("坏", "damaged"))]
)
def test_what_can_not_be_made_is_made_later(
    file: Path,
    failure: Exception,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def full(_: Release) -> Path:
        raise failure

    with monkeypatch.context() as patch:
        patch.setattr(ready, "database_of", full)
        release = imported(file)
    assert release.id != "sample"
    [said] = [message for message in caplog.messages if str(failure) in message]
    assert release.id in said
    assert run(Engine(release), "enforcement/by_category").rows
    make_ready(release)
    assert Engine(release).sums is not None


def test_only_those_of_the_release_in_force_and_of_its_neighbours_stay(file: Path) -> None:
    releases = [imported(file) for _ in range(5)]
    clear_unused()
    there = {path for release in releases[2:] for path in made_of(release)}
    assert {*derived_folder().glob("*.duckdb")} == there
    roll_back(releases[3].id)
    clear_unused()
    assert {*derived_folder().glob("*.duckdb")} == there


def test_those_of_an_import_under_way_stay(file: Path) -> None:
    """It isn't in force before they are made, and nobody must delete them meanwhile."""
    waiting = prepare(file, "violations")

    def look(release: Release) -> None:
        make_ready(release)
        clear_unused()
        assert all(path.is_file() for path in made_of(release))

    publish(waiting, ready=look)


def test_those_of_other_contracts_and_queries_go(file: Path) -> None:
    release = imported(file)
    database, rollups = made_of(release)
    others = [
        database.with_name(f"{release.id}-{release.fingerprint}-0f0f0f0f.duckdb"),
        database.with_name(f"{database.stem}-rollups-0f0f0f0f.duckdb"),
    ]
    for path in others:
        path.write_bytes(database.read_bytes())
    clear_unused()
    assert [path.is_file() for path in others] == [False, False]
    assert [database.is_file(), rollups.is_file()] == [True, True]


def test_what_was_left_half_made_goes_once_nobody_writes_to_it(file: Path) -> None:
    database, _ = made_of(imported(file))
    left, fresh = (database.with_name(f"{database.name}.{n}.part") for n in (1, 2))
    folder = database.with_name(f"{database.name}.1.part.tmp")
    folder.mkdir()
    (folder / "block").touch()
    left.touch()
    fresh.touch()
    ago = time.time() - LEFT_SECONDS - 60
    os.utime(left, (ago, ago))
    os.utime(folder, (ago, ago))
    clear_unused()
    assert [left.exists(), folder.exists(), fresh.exists()] == [False, False, True]


def test_who_has_an_old_one_open_goes_on_reading(file: Path) -> None:
    engine = Engine(imported(file))
    for _ in range(4):
        imported(file)
    clear_unused()
    assert not database_path(engine.release).exists()
    assert run(engine, "enforcement/by_township").rows


def test_what_the_system_keeps_is_left(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    database, _ = made_of(imported(file))
    old = database.with_name("old-0-0.duckdb")
    old.touch()

    def held(*_: object, **__: object) -> None:
        raise PermissionError("in use")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", held)
        clear_unused()
    assert old.exists()
