"""Releases: which is in force, going back, clearing away, and what is said of damaged ones."""

import os
import shutil
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from brigade.cli import main
from brigade.contracts import contract
from brigade.engine.duckdb import engine_for
from brigade.engine.relations import Reader, seen_by
from brigade.errors import ReleaseError
from brigade.releases import current_release, lock, read_release, staging, write_manifest
from brigade.releases.diff import Difference, differences, differing_rows
from brigade.releases.folder import put_in_force
from brigade.releases.history import listed, remove_older, roll_back
from brigade.releases.manifest import sha256
from tests.conftest import Rows, write_rows

Publish = Callable[..., str]
AS_THEY_ARE = partial(seen_by, Reader(show_personal=True))


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of releases of an office that has none."""
    monkeypatch.setenv("BRIGADE_DATA", str(tmp_path))
    return tmp_path / "releases"


@pytest.fixture
def publish(root: Path) -> Publish:
    """Put a release of given rows in force: ``publish("r1", villages=[{…}])``."""

    def make(id: str, base: str | None = None, **extracts: Rows) -> str:
        folder = root / id
        folder.mkdir(parents=True)
        for name, rows in extracts.items():
            write_rows(folder, contract(name), rows)
        made = datetime(2022, 7, int(id[1:]), tzinfo=UTC)
        write_manifest(
            folder, id=id, synthetic=False, created_by="test", created_at=made, base=base
        )
        put_in_force(id)
        return id

    return make


def village(code: str, **cells: Any) -> Mapping[str, Any]:
    return {"village_code": code, **cells}


def ids() -> list[str]:
    return [one.id for one in listed()]


def test_the_sample_is_in_force_until_something_is(root: Path, publish: Publish) -> None:
    assert [(one.id, one.in_force) for one in listed()] == [("sample", True)]
    publish("r1", villages=[village("1")])
    publish("r2", "r1", villages=[village("2")])
    assert [(one.id, one.in_force) for one in listed()] == [("r2", True), ("r1", False)]
    assert current_release().base == "r1"


def test_going_back_is_to_the_release_that_it_was_made_from(root: Path, publish: Publish) -> None:
    """Not to the newest of the others: that one may have been gone back from itself."""
    publish("r1", villages=[village("1")])
    publish("r2", "r1", villages=[village("2")])
    assert roll_back().id == "r1"
    publish("r3", "r1", villages=[village("3")])
    assert roll_back().id == current_release().id == "r1"
    assert roll_back("r3").id == current_release().id == "r3", "and forth again"
    with pytest.raises(ReleaseError):
        roll_back("r3")


def test_there_is_no_going_back_to_the_sample_nor_to_what_is_not_there(
    root: Path, publish: Publish
) -> None:
    for wanted in (None, "sample"):
        with pytest.raises(ReleaseError):
            roll_back(wanted)
    publish("r1", villages=[village("1")])
    for wanted in (None, "sample", "r9", "../releases/r1", ".", ""):
        with pytest.raises(ReleaseError):
            roll_back(wanted)
    assert current_release().id == "r1"


def test_nobody_goes_back_to_a_damaged_release(root: Path, publish: Publish) -> None:
    publish("r1", villages=[village("1")])
    damage(root / "r1" / "villages" / "part-0.parquet")
    publish("r2", "r1", villages=[village("2")])
    with pytest.raises(ReleaseError, match="r1"):
        roll_back()
    assert current_release().id == "r2"


def damage(path: Path) -> None:
    """Change one byte, as a failing disk does, and leave size and time."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize("how", ["folder", "manifest", "file", "cut", "pointer", "elsewhere"])
def test_a_damaged_release_in_force_is_said_and_left_by_going_back(
    root: Path, publish: Publish, how: str
) -> None:
    publish("r1", villages=[village("1")])
    publish("r2", "r1", villages=[village("2")])
    part = root / "r2" / "villages" / "part-0.parquet"
    if how == "folder":
        shutil.rmtree(root / "r2")
    elif how == "manifest":
        (root / "r2" / "manifest.json").write_text("{")
    elif how == "file":
        part.unlink()
    elif how == "cut":
        os.truncate(part, part.stat().st_size - 1)
    elif how == "pointer":
        (root / "current").write_bytes(b"")
    else:
        (root / "current").write_text("../other")
    with pytest.raises(ReleaseError) as said:
        engine_for(current_release())
    if how not in ("pointer", "elsewhere"):
        assert "r2" in said.value.text.zh
        assert "r2" in said.value.text.en
    assert "brigade rollback" in said.value.text.zh
    assert "r1" in ids()
    roll_back("r1" if how in ("pointer", "elsewhere") else None)
    engine_for(current_release()).require("villages")


def test_old_releases_are_removed_and_never_the_one_in_force(root: Path, publish: Publish) -> None:
    for day in range(1, 6):
        publish(f"r{day}", villages=[village(str(day))])
    derived = root.parent / "derived"
    derived.mkdir()
    for name in ("r1-a.duckdb", "r2-a.duckdb", "r4-a.duckdb"):
        (derived / name).touch()
    roll_back("r1")
    assert remove_older(2) == ["r3", "r2"]
    assert ids() == ["r5", "r4", "r1"]
    assert current_release().id == "r1"
    assert sorted(path.name for path in derived.iterdir()) == ["r1-a.duckdb", "r4-a.duckdb"]
    assert sorted(path.name for path in root.iterdir()) == [".lock", "current", "r1", "r4", "r5"]


def test_nothing_is_removed_while_nobody_knows_what_is_in_force(
    root: Path, publish: Publish
) -> None:
    publish("r1", villages=[village("1")])
    publish("r2", villages=[village("2")])
    (root / "current").write_text("")
    with pytest.raises(ReleaseError):
        remove_older(1)
    assert {*ids()} == {"r1", "r2"}


def test_an_import_that_died_does_not_bar_the_way_back(root: Path, publish: Publish) -> None:
    """It died with the pointer half written, on a disk that keeps no promises."""
    publish("r1", villages=[village("1")])
    publish("r2", "r1", villages=[village("2")])
    (root / ".import-r2").mkdir()
    (root / "current").write_bytes(b"")
    assert roll_back().id == "r2"
    with staging.writing():
        assert not (root / ".import-r2").exists()
    assert current_release().id == "r2"


def test_every_damaged_file_is_told(
    root: Path, publish: Publish, capsys: pytest.CaptureFixture[str]
) -> None:
    publish("r1", villages=[village("1")], outreach=[{"outreach_id": "1"}], hazards=[])
    assert main(["verify"]) == 0
    capsys.readouterr()
    damage(root / "r1" / "villages" / "part-0.parquet")
    (root / "r1" / "outreach" / "part-0.parquet").unlink()
    assert main(["verify", "r1"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(" ")[3] for line in lines] == [
        "outreach/part-0.parquet",
        "villages/part-0.parquet",
    ]
    assert main(["verify", "r2"]) == 1


def test_a_file_that_was_never_parquet_is_told(root: Path, publish: Publish) -> None:
    publish("r1", villages=[village("1")])
    path = root / "r1" / "villages" / "part-0.parquet"
    release = read_release(root / "r1")
    hashed = release.extracts["villages"].files["part-0.parquet"]
    path.write_bytes(b"x" * path.stat().st_size)
    manifest = root / "r1" / "manifest.json"
    manifest.write_text(manifest.read_text().replace(hashed, sha256(path)))
    assert main(["verify"]) == 1


def test_rows_are_compared_by_key(root: Path, publish: Publish) -> None:
    here = {"metric": "crashes", "starts_on": datetime(2022, 1, 1).date()}
    publish(
        "r1",
        villages=[village("1", village="甲"), village("2", village="乙"), village("3")],
        targets=[{**here, "target": 1.0}, {**here, "township": "刘集镇", "target": 2.0}],
        hazards=[{"hazard_id": "1"}],
        outreach=[{"outreach_id": "1"}],
    )
    publish(
        "r2",
        villages=[village("4"), village("3"), village("1", village="丙")],
        targets=[{**here, "target": 1.0}, {**here, "township": "刘集镇", "target": None}],
        outreach=[{"outreach_id": "1"}],
        broadcasts=[],
    )
    first, second = read_release(root / "r1"), read_release(root / "r2")
    found = {one.extract: one for one in differences(first, second)}
    assert found == {
        "broadcasts": Difference("broadcasts", None, 0, 0, 0, 0),
        "hazards": Difference("hazards", 1, None, 0, 1, 0),
        "outreach": Difference("outreach", 1, 1, 0, 0, 0),
        "targets": Difference("targets", 2, 2, 0, 0, 1),
        "villages": Difference("villages", 3, 3, 1, 1, 1),
    }
    rows = differing_rows(first, second, contract("villages"), AS_THEY_ARE).to_pylist()
    assert [(row["change"], row["village_code"], row["village"]) for row in rows] == [
        ("before", "1", "甲"),
        ("after", "1", "丙"),
        ("removed", "2", "乙"),
        ("added", "4", None),
    ]
    assert not differing_rows(first, first, contract("villages"), AS_THEY_ARE).num_rows


def test_files_that_both_releases_have_are_not_read(root: Path, publish: Publish) -> None:
    for id in ("r1", "r2"):
        publish(id, villages=[village("1")])
        (root / id / "villages" / "part-0.parquet").write_bytes(b"")
    first, second = read_release(root / "r1"), read_release(root / "r2")
    assert list(differences(first, second)) == [Difference("villages", 1, 1, 0, 0, 0)]


def test_differing_rows_are_printed_with_personal_columns_masked(
    root: Path, publish: Publish, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    row = {"violation_id": "1", "occurred_at": datetime(2022, 1, 1), "plate": "鲁P12345"}
    publish("r1", violations=[])
    publish("r2", "r1", violations=[row])
    assert main(["diff", "r1", "r2"]) == 0
    assert "违法" in capsysbinary.readouterr().out.decode()
    assert main(["diff", "r1", "r2", "--extract", "violations"]) == 0
    text = capsysbinary.readouterr().out.decode()
    assert "鲁P***5" in text
    assert "12345" not in text


def test_one_writes_at_a_time_and_the_other_waits_and_says_so(
    root: Path, publish: Publish, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish("r1", villages=[village("1")])
    publish("r2", "r1", villages=[village("2")])
    said: list[str] = []
    with staging.writing():
        other = Thread(target=roll_back, args=(None, lambda text: said.append(text.zh)))
        other.start()
        while not said:
            time.sleep(0.01)
        assert current_release().id == "r2"
    other.join()
    assert current_release().id == "r1"
    assert len(said) == 1
    monkeypatch.setattr(lock, "PATIENCE", 0.2)
    with staging.writing(), pytest.raises(ReleaseError):
        roll_back("r2")
    assert current_release().id == "r1"
