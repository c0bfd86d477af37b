"""A release that is prepared: looked at, published or thrown away, also by another process."""

import os
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from brigade.errors import InputError, ReleaseError
from brigade.ingest import import_file
from brigade.ingest.keep import kept
from brigade.ingest.publish import Prepared, discard, prepare, prepared_imports, publish
from brigade.releases import Change, current_release, staging
from brigade.releases.history import listed, roll_back
from tests.ingest.conftest import CsvOf, last_source, released
from tests.ingest.faults import leftovers

HEADER = "活动编号,活动日期,参加人数"
ROOT = Path(__file__).parents[2]


def lines(first: int, last: int, number: int = 1) -> list[str]:
    return [f"{n},2022-01-01,{number}" for n in range(first, last)]


def attendees() -> dict[str, int]:
    return {row["outreach_id"]: row["attendees"] for row in released("outreach")}


def everything(folder: Path) -> dict[str, bytes]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in found}


def test_a_prepared_release_is_not_in_force_until_it_is_published(
    data: Path, csv_of: CsvOf
) -> None:
    prepared = prepare(csv_of(HEADER, *lines(0, 200), "?,?,?"), "outreach", by="王芳")
    assert current_release().synthetic
    assert [one.id for one in listed()] == ["sample"]
    assert prepared.outcome.rows.accepted == 200
    assert prepared.outcome.release == ""
    assert prepared.outcome.rejects is not None
    rejects = Path(prepared.outcome.rejects).read_bytes()
    outcome = publish(prepared)
    release = current_release()
    assert (outcome.release, release.created_by) == (release.id, "王芳")
    assert outcome.rows == prepared.outcome.rows
    assert last_source("outreach").accepted == 200
    assert not outcome.merged_anew
    kept = data / "rejects" / f"{release.id}-outreach.csv"
    assert outcome.rejects == str(kept)
    assert last_source("outreach").rejects == kept.name
    assert kept.read_bytes() == rejects
    assert leftovers(data / "releases") == []
    for again in (publish, discard):
        with pytest.raises(ReleaseError):
            again(prepared)


def test_what_is_thrown_away_leaves_nothing(data: Path, csv_of: CsvOf) -> None:
    import_file(csv_of(HEADER, *lines(0, 2)), "outreach")
    before = everything(data)
    discard(prepare(csv_of(HEADER, *lines(0, 200, 5), "?,?,?"), "outreach"))
    assert everything(data) == before
    assert prepared_imports() == []


def test_another_process_can_show_and_publish_it(data: Path, csv_of: CsvOf) -> None:
    path = csv_of(HEADER, *lines(0, 3))
    made = "import sys; from pathlib import Path; from brigade.ingest.publish import prepare; "
    made += f"prepare(Path({str(path)!r}), 'outreach', by='王芳')"
    env = {**os.environ, "BRIGADE_DATA": str(data)}
    subprocess.run([sys.executable, "-c", made], check=True, env=env, cwd=ROOT)
    [prepared] = prepared_imports()
    assert (prepared.by, prepared.outcome.rows.accepted) == ("王芳", 3)
    assert prepared.outcome.extract == "outreach"
    publish(prepared)
    assert attendees() == {"0": 1, "1": 1, "2": 1}
    assert prepared_imports() == []


def test_rows_published_in_between_are_not_lost(data: Path, csv_of: CsvOf) -> None:
    import_file(csv_of(HEADER, *lines(0, 3)), "outreach")
    prepared = prepare(csv_of(HEADER, *lines(2, 6, 7)), "outreach")
    import_file(csv_of(HEADER, *lines(3, 5, 7), *lines(5, 8, 9)), "outreach")
    outcome = publish(prepared)
    assert attendees() == dict(zip("01234567", (1, 1, 7, 7, 7, 7, 9, 9), strict=True))
    assert outcome.merged_anew
    counted = last_source("outreach")
    assert (counted.read, counted.accepted, counted.duplicates) == (4, 2, 2)
    assert (outcome.rows.accepted, outcome.rows.duplicates) == (2, 2)
    assert len(current_release().extracts["outreach"].sources) == 3
    assert leftovers(data / "releases") == []


def test_going_back_in_between_is_not_undone(data: Path, csv_of: CsvOf) -> None:
    import_file(csv_of(HEADER, *lines(0, 1)), "outreach")
    import_file(csv_of(HEADER, *lines(1, 2)), "outreach")
    prepared = prepare(csv_of(HEADER, *lines(2, 3)), "outreach")
    back = roll_back()
    publish(prepared)
    assert attendees() == {"0": 1, "2": 1}
    assert current_release().base == back.id


def test_the_manifest_says_what_changed_and_nothing_of_what_did_not(
    data: Path, csv_of: CsvOf
) -> None:
    import_file(csv_of("village_code,village", "371524001200,王海村"), "villages")
    import_file(csv_of(HEADER, *lines(0, 5)), "outreach")
    before = current_release()
    assert before.extracts["outreach"].change == Change(added=5, replaced=0, removed=0)
    import_file(csv_of(HEADER, *lines(3, 9, 2)), "outreach")
    after = current_release()
    assert after.extracts["outreach"].change == Change(added=4, replaced=2, removed=0)
    assert after.base == before.id
    assert (before.extracts["villages"].change, after.extracts["villages"].change) == (None, None)
    assert after.extracts["villages"].files == before.extracts["villages"].files


def test_damage_elsewhere_in_the_release_is_not_made_the_truth(data: Path, csv_of: CsvOf) -> None:
    """The files taken over keep the hash that they were published with."""
    import_file(csv_of("village_code,village", "371524001200,王海村"), "villages")
    path = current_release().files("villages")[0]
    content = bytearray(path.read_bytes())
    content[10] ^= 1
    path.write_bytes(content)
    first = current_release().extracts["villages"].files
    import_file(csv_of(HEADER, *lines(0, 1)), "outreach")
    assert current_release().extracts["villages"].files == first
    path = current_release().files("villages")[0]
    path.unlink()
    before = current_release().id
    with pytest.raises(ReleaseError, match="villages"):
        import_file(csv_of(HEADER, *lines(0, 1)), "outreach")
    assert current_release().id == before


def test_progress_is_told_and_may_end_it(data: Path, csv_of: CsvOf) -> None:
    place = "南" * 1000
    path = csv_of(f"{HEADER},活动地点", *(f"{line},{place}" for line in lines(0, 9000)))
    told: list[tuple[int, int]] = []
    discard(prepare(path, "outreach", progress=lambda *counts: told.append(counts)))
    assert len(told) > 1
    assert told == sorted(told)
    assert told[-1][0] == 9000
    assert all(9000 <= of < 9100 for _, of in told), "about as many as there are"

    class StoppedError(Exception):
        pass

    def stop(read: int, of: int) -> None:
        raise StoppedError

    before = everything(data)
    with pytest.raises(StoppedError):
        prepare(path, "outreach", progress=stop)
    assert everything(data) == before


@pytest.mark.parametrize(
    "moment", ["write_manifest", "sync_tree", "put_in_force", "sync", "_settle"]
)
def test_what_could_not_be_published_still_can_be(
    data: Path, csv_of: CsvOf, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    import_file(csv_of(HEADER, *lines(0, 1)), "outreach")
    before = current_release().id
    prepared = prepare(csv_of(HEADER, *lines(1, 2), *lines(5, 200), "?,?,?"), "outreach")

    def fail(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(staging, moment, fail)
        with pytest.raises(ReleaseError, match="No space"):
            publish(prepared)
        if moment != "_settle":  # which comes after the swap
            assert current_release().id == before
            assert [one.id for one in listed()] == [before]
            assert [one.id for one in prepared_imports()] == [prepared.id]
    if moment != "_settle":
        assert not publish(prepared).merged_anew
    import_file(csv_of(HEADER, *lines(300, 301)), "outreach")
    assert {"0", "1", "199", "300"} < set(attendees())
    assert [path.name for path in (data / "rejects").iterdir()] == [f"{prepared.id}-outreach.csv"]
    assert leftovers(data / "releases") == []


def test_an_import_leaves_what_waits_alone_and_clears_away_what_waited_too_long(
    data: Path, csv_of: CsvOf
) -> None:
    waiting = [prepare(csv_of(HEADER, *lines(n, n + 1)), "outreach") for n in range(2)]
    import_file(csv_of(HEADER, *lines(5, 6)), "outreach")
    assert [one.id for one in prepared_imports()] == [one.id for one in waiting]
    old = data / "releases" / f".import-{waiting[0].id}" / staging.KEPT
    os.utime(old, (0, 0))
    import_file(csv_of(HEADER, *lines(6, 7)), "outreach")
    assert [one.id for one in prepared_imports()] == [waiting[1].id]
    with pytest.raises(ReleaseError):
        publish(waiting[0])
    publish(waiting[1])
    assert set(attendees()) == {"1", "5", "6"}


def test_a_running_import_is_not_taken_for_a_leftover(data: Path, csv_of: CsvOf) -> None:
    """Others import while it reads; it is one that isn't there any more that is cleared away."""
    path = csv_of(HEADER, *lines(0, 10), name="slow.csv")
    dead = data / "releases" / ".import-20220101T000000000000Z"
    dead.mkdir(parents=True)
    (dead / "incoming.parquet").touch()

    def meanwhile(read: int, of: int) -> None:
        import_file(csv_of(HEADER, *lines(20, 22)), "outreach")
        assert not dead.exists()

    outcome = publish(prepare(path, "outreach", progress=meanwhile))
    assert set(attendees()) == {*map(str, [*range(10), 20, 21])}
    assert not outcome.merged_anew, "it was merged into what was in force by then"


def test_a_refused_file_leaves_nothing(data: Path, csv_of: CsvOf) -> None:
    with pytest.raises(InputError):
        prepare(csv_of(HEADER, "?,?,?"), "outreach")
    assert leftovers(data / "releases") == []


class Foreign:
    """What unpickles by running a command."""

    def __reduce__(self) -> tuple[Any, ...]:
        return (os.mkdir, ("was_here",))


def test_a_file_put_in_its_place_runs_nothing(
    data: Path, csv_of: CsvOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(data.parent)
    prepared = prepare(csv_of(HEADER, *lines(0, 1)), "outreach")
    [folder] = staging.kept_imports()
    for foreign in (pickle.dumps(Foreign()), pickle.dumps(import_file), b"", b"x"):
        (folder / staging.KEPT).write_bytes(foreign)
        assert kept(folder, Prepared) is None
        assert prepared_imports() == []
    assert not Path("was_here").exists()
    discard(prepared)
