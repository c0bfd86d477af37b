"""Rollups that are missing, damaged or of other rows: records are read, and the log says so."""

import logging
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from brigade.contracts import contract
from brigade.engine import serving
from brigade.engine.duckdb import Engine, engine_for, use_rollups
from brigade.engine.ready import make_ready
from brigade.engine.serving import database_of, rollups_of
from brigade.releases import Release, read_release, write_manifest
from tests.conftest import run, write_rows
from tests.rollups.conftest import violations

COUNT = 300


@pytest.fixture
def release(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, every_size_is_worth_it: None
) -> Iterator[Release]:
    """A release whose rollups are there."""
    monkeypatch.setenv("BRIGADE_DATA", str(tmp_path / "data"))
    yield released(tmp_path / "r", violations(1)[:COUNT])


def released(folder: Path, rows: list[dict[str, Any]]) -> Release:
    write_rows(folder, contract("violations"), rows)
    write_manifest(folder, id=folder.name, synthetic=False, created_by="test")
    release = read_release(folder)
    assert rollups_of(release, database_of(release)) is not None
    return release


def file_of(release: Release) -> Path:
    """Where a release's rollups lie, made where they were not there."""
    path = rollups_of(release, database_of(release))
    assert path is not None
    return path


def answers(engine: Engine) -> list[dict[str, Any]]:
    """What a page shows, without the period compared."""
    return run(engine, "enforcement/by_category").rows


def check(release: Release, caplog: pytest.LogCaptureFixture) -> None:
    """The same answers as from the records, and one line in the log."""
    caplog.set_level(logging.WARNING)
    engine = Engine(release)
    expected = Engine(release)
    expected.sums = None
    caplog.clear()
    found = [answers(engine), answers(engine), run(engine, "enforcement/summary").rows]
    assert found[0] == found[1] == answers(expected)
    assert found[2] == run(expected, "enforcement/summary").rows
    assert engine.sums is None


def test_rollups_are_read_where_they_are_whole(
    release: Release, caplog: pytest.LogCaptureFixture
) -> None:
    engine = Engine(release)
    assert engine.sums is not None
    assert answers(engine)
    assert caplog.messages == []


def test_nobody_waits_for_rollups_that_are_gone(release: Release) -> None:
    file_of(release).unlink()
    early = engine_for(release)
    assert early.sums is None
    expected = answers(early)
    use_rollups(release)
    assert engine_for(release) is early
    file_of(release)
    use_rollups(release)
    late = engine_for(release)
    assert late.sums is not None
    assert answers(early) == answers(late) == expected


@pytest.mark.parametrize("left", [0, 100, 5000, 0.5])
def test_a_file_cut_short(release: Release, left: float, caplog: pytest.LogCaptureFixture) -> None:
    path = file_of(release)
    content = path.read_bytes()
    path.write_bytes(content[: int(left * len(content)) if left < 1 else int(left)])
    check(release, caplog)


def test_a_file_that_is_no_database(release: Release, caplog: pytest.LogCaptureFixture) -> None:
    file_of(release).write_text("nothing of the kind")
    engine = Engine(release)
    assert engine.sums is None
    assert len(caplog.messages) == 1
    assert "records are" in caplog.messages[0]


def test_damage_that_a_query_meets_first(
    release: Release, caplog: pytest.LogCaptureFixture
) -> None:
    """The list of them can be read, and the sums can't."""
    engine = Engine(release)
    expected = Engine(release)
    expected.sums = None
    engine.sums._connection.execute("detach rollups")
    first, again = answers(engine), answers(engine)
    assert first == again == answers(expected)
    assert len(caplog.messages) == 1


def test_rollups_of_other_rows(
    release: Release, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    other = released(tmp_path / "other", violations(1)[: COUNT + 1])
    shutil.copy(file_of(other), file_of(release))
    engine = Engine(release)
    assert engine.sums is None
    assert answers(engine)
    assert len(caplog.messages) == 1
    assert f"{COUNT + 1} violations" in caplog.messages[0]


def test_rollups_that_can_t_be_made(
    release: Release, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    file_of(release).unlink()

    def full(*_: Any) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(serving, "build_rollups", full)
    make_ready(release)
    engine = Engine(release)
    assert engine.sums is None
    assert answers(engine)
    assert len(caplog.messages) == 1
    assert "No space left" in caplog.messages[0]


def test_making_them_leaves_nothing_half_made(
    release: Release, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = file_of(release)
    path.unlink()
    monkeypatch.setattr("brigade.rollups.build._Extract._make", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        rollups_of(release, database_of(release))
    assert sorted(path.parent.glob("*rollups*")) == []


def test_few_rows_get_none(release: Release, monkeypatch: pytest.MonkeyPatch) -> None:
    file_of(release).unlink()
    monkeypatch.setattr(serving, "WORTH", COUNT + 1)
    assert rollups_of(release, database_of(release)) is None
    assert Engine(release).sums is None
