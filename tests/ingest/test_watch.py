"""A watched folder: what becomes of each file that is dropped, and of those at work when killed."""

import json
import multiprocessing
import os
import random
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest

from brigade import cli
from brigade.errors import BrigadeError, InputError
from brigade.ingest import import_for_outcome, inbox, publish
from brigade.ingest import watch as watching
from brigade.ingest.publish import prepared_imports
from brigade.ingest.watch import Wanted, watch
from brigade.releases import current_release
from brigade.releases.history import listed
from brigade.text import Text
from tests.ingest.conftest import last_source, released
from tests.ingest.faults import held, leftovers, rows_of_round, watch_in_child, write_file

FAULTS = int(os.environ.get("FAULTS", "30"))
OUTREACH = "活动编号,活动日期,参加人数"
LEDGER = "台账编号,完成日期,事项,数量,单位"

Drop = Callable[..., Path]
Once = Callable[..., tuple[int, list[Text]]]


@pytest.fixture
def folder(data: Path) -> Path:
    """The watched folder."""
    path = data / "inbox"
    path.mkdir(parents=True)
    return path


@pytest.fixture
def drop(folder: Path) -> Drop:
    """Write lines as a file into the folder: ``drop("crashes/a.csv", "header", "line")``."""

    def write(name: str, *lines: str, age: int = 0) -> Path:
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        os.utime(path, (1_700_000_000 - age, 1_700_000_000 - age))
        return path

    return write


@pytest.fixture
def once(folder: Path) -> Once:
    """Import what is there: the exit code and what was said."""

    def run(**wanted: Any) -> tuple[int, list[Text]]:
        said: list[Text] = []
        stop = Event()
        code = watch(folder, Wanted(**wanted), said.append, every=0.02, once=True, stop=stop)
        return code, said

    return run


def filed(folder: Path, where: str) -> dict[str, dict[str, Any]]:
    """The files put away, by their names before, each with its report for a program."""
    found = {}
    for path in sorted((folder / where).iterdir()):
        if not path.name.endswith((inbox.JSON, inbox.WORDS)):
            told = json.loads((path.parent / f"{path.name}{inbox.JSON}").read_text("utf-8"))
            words = (path.parent / f"{path.name}{inbox.WORDS}").read_text("utf-8-sig")
            mark, _, name = path.name.partition("-")
            found[name] = told | {"mark": mark, "words": words, "content": path.read_bytes()}
    return found


def waiting(folder: Path) -> list[str]:
    """The files that are still where they were dropped."""
    away = (".brigade", "imported", "refused")
    paths = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return sorted(path.as_posix() for path in paths if path.parts[0] not in away)


def attendees() -> dict[str, int]:
    return {row["outreach_id"]: row["attendees"] for row in released("outreach")}


def test_files_are_imported_and_put_away_with_their_reports(
    folder: Path, drop: Drop, once: Once
) -> None:
    in_a_folder = drop("work_ledger/三月.csv", LEDGER, "1,2022-03-01,甲,1,家").read_bytes()
    drop("宣传.csv", OUTREACH, "A,2022-03-01,10", "A,2022-03-01,10")
    code, said = once()
    assert code == 0
    assert waiting(folder) == []
    assert filed(folder, "refused") == {}
    found = filed(folder, "imported")
    assert set(found) == {"三月.csv", "宣传.csv"}
    assert found["三月.csv"]["extract"] == "work_ledger"
    assert found["三月.csv"]["content"] == in_a_folder
    told = found["宣传.csv"]
    assert (told["status"], told["extract"], told["file"]) == ("taken", "outreach", "宣传.csv")
    assert (told["rows"]["read"], told["rows"]["accepted"], told["rows"]["duplicates"]) == (2, 1, 1)
    assert {one["mark"] for one in found.values()} <= {one.id for one in listed()}
    assert told["mark"] == told["release"]
    assert told["words"].strip() in [text.zh for text in said]
    assert attendees() == {"A": 10}
    assert prepared_imports() == []


def test_the_worst_outcome_is_the_exit_code(folder: Path, drop: Drop, once: Once) -> None:
    good, bad = "1,2022-01-01,甲,1,家", "2,2022-01-01,甲,1,斗"
    assert once()[0] == 0, "an empty folder is no fault"
    drop("work_ledger/a.csv", LEDGER, good, bad)
    assert once(limit=50)[0] == 3
    drop("work_ledger/b.csv", LEDGER, good, bad)
    drop("work_ledger/c.csv", LEDGER, good)
    drop("d.csv", "甲,乙", "1,2")
    drop("village_items/e.csv", "行政村代码,设施项目", "1,2")
    assert once(limit=10)[0] == 1
    assert set(filed(folder, "imported")) == {"a.csv", "c.csv"}
    refused = filed(folder, "refused")
    assert set(refused) == {"b.csv", "d.csv", "e.csv"}
    assert refused["b.csv"]["rows"] == {"read": 2, "rejected": 1}
    assert {one["status"] for one in refused.values()} == {"refused"}
    assert "crashes（交通事故）" in refused["d.csv"]["message"]["zh"]
    assert refused["d.csv"]["words"].strip() == refused["d.csv"]["message"]["zh"]
    assert waiting(folder) == []


def test_hidden_and_unfinished_files_and_other_folders_are_left(
    folder: Path, drop: Drop, once: Once
) -> None:
    names = [".x.csv", "~$x.xlsx", "x.csv.part", "x.TMP", "x.crdownload", "Thumbs.db"]
    for name in [*names, "outreach/.hidden.csv", "outreach/2022/a.csv".replace("/2022", "")]:
        drop(name, OUTREACH, "A,2022-03-01,10")
    drop("outrage/a.csv", OUTREACH, "B,2022-03-01,10")
    code, said = once()
    assert code == 0
    assert waiting(folder) == sorted([*names, "outreach/.hidden.csv", "outrage/a.csv"])
    assert attendees() == {"A": 10}
    assert [text for text in said if "outrage" in text.en], "a folder nobody looks into is said"


def test_a_file_is_left_alone_until_it_stops_growing(folder: Path, data: Path, drop: Drop) -> None:
    path = drop("outreach/a.csv", OUTREACH)
    look = watching._Watch(inbox.Inbox(folder), Wanted(), lambda _: None, Event())
    with inbox.Inbox(folder).held():
        for number in range(4):
            with path.open("a", encoding="utf-8") as file:
                file.write(f"{number},2022-03-01,10\n")
            assert look.look(), "it is left for another look"
            assert waiting(folder) == ["outreach/a.csv"]
        assert not (data / "releases").exists()
        assert not look.look()
    assert filed(folder, "imported")["a.csv"]["rows"]["accepted"] == 4
    assert waiting(folder) == []


def test_a_file_that_grows_while_it_is_read_is_not_imported_by_half(
    folder: Path, drop: Drop, once: Once, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its writer has it open, and goes on writing to it wherever it is moved."""
    path = drop("outreach/a.csv", OUTREACH, "A,2022-03-01,10")
    late = ["B,2022-03-01,20\n"]
    with path.open("a", encoding="utf-8") as writer:

        def prepared(*args: Any, **kwargs: Any) -> publish.Prepared:
            made = publish.prepare(*args, **kwargs)
            if late:
                writer.write(late.pop())
                writer.flush()
            return made

        monkeypatch.setattr(watching, "prepare", prepared)
        code, _ = once()
    assert code == 0
    assert attendees() == {"A": 10, "B": 20}
    assert len(listed()) == 1, "the half was never published"
    assert filed(folder, "imported")["a.csv"]["rows"]["read"] == 2
    assert prepared_imports() == []
    assert waiting(folder) == []


def test_corrections_follow_what_they_correct(folder: Path, drop: Drop, once: Once) -> None:
    drop("outreach/a.csv", OUTREACH, "A,2022-03-01,2", age=10)
    drop("outreach/b.csv", OUTREACH, "A,2022-03-01,1", age=20)
    once()
    assert attendees() == {"A": 2}


def test_what_others_refer_to_is_imported_first(folder: Path, drop: Drop, once: Once) -> None:
    """A party of a crash that the release doesn't hold is rejected."""
    crash, party = "事故编号,事故发生时间", "事故编号,当事方序号"
    drop("old.csv", crash, "0,2022-01-01 08:00")
    assert once()[0] == 0
    drop("crash_parties/a.csv", party, "1,1", age=100)
    drop("b.csv", crash, "1,2022-03-01 08:30")
    assert once()[0] == 0
    assert filed(folder, "imported")["a.csv"]["rows"]["rejected"] == 0


def test_a_file_dropped_again_is_put_beside_and_changes_nothing(
    folder: Path, drop: Drop, once: Once
) -> None:
    lines = (OUTREACH, "A,2022-03-01,10")
    for _ in range(2):
        drop("outreach/a.csv", *lines)
        assert once()[0] == 0
    assert len(list((folder / "imported").glob("*-a.csv"))) == 2
    assert last_source("outreach").duplicates == 1
    assert attendees() == {"A": 10}


def test_names_as_long_as_a_disk_allows_are_put_away(folder: Path, drop: Drop, once: Once) -> None:
    drop(f"outreach/{'宣' * 83}.csv", OUTREACH, "A,2022-03-01,10")
    drop(f"outreach/{'传' * 84}.x", "甲,乙", "1,2")
    assert once()[0] == 1
    assert waiting(folder) == []
    [(name, told)] = filed(folder, "imported").items()
    assert name.startswith("宣宣")
    assert name.endswith(".csv")
    assert told["file"] == f"{'宣' * 83}.csv"
    assert len(filed(folder, "refused")) == 1


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
def test_a_name_that_is_no_text_is_refused_in_words(folder: Path, drop: Drop, once: Once) -> None:
    """As unpacking leaves those in GBK."""
    path = drop("a.csv", OUTREACH, "A,2022-03-01,10")
    path.rename(folder / os.fsdecode("台账.csv".encode("gb18030")))
    code, said = once()
    assert code == 1
    assert "编码" in said[0].zh
    assert waiting(folder) == []
    assert len(filed(folder, "refused")) == 1


def test_mappings_and_names_are_passed_on(
    folder: Path, drop: Drop, once: Once, tmp_path: Path
) -> None:
    mapping = tmp_path / "ours.toml"
    text = '[columns]\noutreach_id = "ID"\nheld_on = "When"\nattendees = "Heads"\n'
    mapping.write_text(text, encoding="utf-8")
    drop("a.csv", "ID,When,Heads", "A,2022-03-01,10")
    assert once(mappings={"outreach": mapping}, by="夜间")[0] == 0
    assert attendees() == {"A": 10}
    assert current_release().created_by == "夜间"
    with pytest.raises(BrigadeError):
        once(mappings={"outreach": tmp_path / "none.toml"})
    with pytest.raises(BrigadeError):
        once(mappings={"nothing": mapping})


def test_an_unexpected_failure_costs_one_file(
    folder: Path,
    drop: Drop,
    once: Once,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def failing(file: Path, *args: Any, **kwargs: Any) -> publish.Prepared:
        if file.name == "b.csv":
            raise ZeroDivisionError
        return publish.prepare(file, *args, **kwargs)

    monkeypatch.setattr(watching, "prepare", failing)
    for name in "abc":
        drop(f"outreach/{name}.csv", OUTREACH, f"{name},2022-03-01,10")
    assert once()[0] == 1
    assert set(attendees()) == {"a", "c"}
    [(name, told)] = filed(folder, "refused").items()
    assert name == "b.csv"
    [logged] = [one for one in caplog.records if one.exc_info]
    code = logged.getMessage().split(":")[0]
    assert code in told["message"]["zh"]
    assert code in told["message"]["en"]


def test_what_fails_after_it_is_published_is_not_called_refused(
    folder: Path, drop: Drop, once: Once, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*args: Any) -> Any:
        publish.publish(*args)
        raise OSError("too late")

    monkeypatch.setattr(watching, "publish", failing)
    drop("outreach/a.csv", OUTREACH, "A,2022-03-01,10")
    assert once()[0] == 0
    told = filed(folder, "imported")["a.csv"]
    assert (told["release"], told["interrupted"]) == (current_release().id, True)
    assert told["rows"] == {"accepted": 1, "duplicates": 0, "read": 1, "rejected": 0}


def test_what_fails_before_it_is_published_leaves_nothing_that_waits(
    folder: Path, drop: Drop, once: Once, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*args: Any) -> Any:
        raise RuntimeError

    monkeypatch.setattr(watching, "publish", failing)
    drop("outreach/a.csv", OUTREACH, "A,2022-03-01,10")
    assert once()[0] == 1
    assert prepared_imports() == []
    assert set(filed(folder, "refused")) == {"a.csv"}


def test_a_file_that_cant_be_moved_is_not_imported(
    folder: Path, data: Path, drop: Drop, once: Once, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As one that a program on Windows has open; the others are."""
    path = drop("outreach/a.csv", OUTREACH, "A,2022-03-01,10")
    drop("outreach/b.csv", OUTREACH, "B,2022-03-01,10")
    rename = Path.rename

    def refusing(self: Path, target: Path) -> Path:
        if self == path:
            raise PermissionError(13, "Permission denied")
        return rename(self, target)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "rename", refusing)
        code, said = once()
    assert code == 1
    assert [text for text in said if str(path) in text.en]
    assert waiting(folder) == ["outreach/a.csv"]
    assert attendees() == {"B": 10}
    assert once()[0] == 0
    assert attendees() == {"A": 10, "B": 10}


@pytest.mark.parametrize("where", ["imported", "refused"])
def test_a_report_that_cant_be_written_keeps_no_file_back(
    folder: Path, drop: Drop, once: Once, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    """As on a full disk: the file is put away all the same, and not imported again."""

    def full(path: Path, *args: Any) -> None:
        if path.name.endswith(inbox.JSON):
            raise OSError(28, "No space left on device")
        write(path, *args)

    write = inbox._write
    monkeypatch.setattr(inbox, "_write", full)
    drop("outreach/a.csv", OUTREACH if where == "imported" else "甲,乙,丙", "A,2022-03-01,10")
    _, said = once()
    assert [path.name.partition("-")[2] for path in (folder / where).iterdir()] == ["a.csv"]
    assert [text for text in said if "No space" in text.en]
    assert once() == (0, [])


def test_a_second_watch_says_so_and_ends(folder: Path, drop: Drop, once: Once) -> None:
    drop("outreach/a.csv", OUTREACH, "A,2022-03-01,10")
    with inbox.Inbox(folder).held(), pytest.raises(InputError, match=str(folder)):
        once()
    assert waiting(folder) == ["outreach/a.csv"]
    assert once()[0] == 0


def test_a_folder_that_isnt_there_is_said_and_not_made(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    nowhere = folder / "none"
    assert cli.main(["watch", str(nowhere), "--once"]) == 1
    assert str(nowhere) in capsys.readouterr().err
    assert not nowhere.exists()


def test_it_goes_on_until_it_is_stopped(folder: Path, drop: Drop) -> None:
    stop, put_away, codes = Event(), Event(), []

    def hear(text: Text) -> None:
        if str(folder) not in text.en and (" imported/" in text.en or " refused/" in text.en):
            put_away.set()

    def run() -> None:
        codes.append(watch(folder, Wanted(), hear, every=0.02, once=False, stop=stop))

    thread = Thread(target=run)
    thread.start()
    try:
        for name, header in (("a", OUTREACH), ("b", "甲,乙,丙"), ("c", OUTREACH)):
            drop(f"outreach/{name}.csv", header, f"{name},2022-03-01,1")
            assert put_away.wait(60)
            put_away.clear()
    finally:
        stop.set()
        thread.join(60)
    assert codes == [0]
    assert set(attendees()) == {"a", "c"}
    assert set(filed(folder, "refused")) == {"b.csv"}


def test_ctrl_c_ends_it_after_the_file_in_hand(
    folder: Path, drop: Drop, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*args: Any, **kwargs: Any) -> publish.Prepared:
        os.kill(os.getpid(), signal.SIGINT)
        return publish.prepare(*args, **kwargs)

    monkeypatch.setattr(watching, "prepare", interrupted)
    drop("outreach/a.csv", OUTREACH, "A,2022-03-01,10", age=10)
    drop("outreach/b.csv", OUTREACH, "B,2022-03-01,10")
    before = signal.getsignal(signal.SIGINT)
    assert cli.main(["watch", str(folder), "--every", "0.02", "--lang", "en"]) == 0
    assert signal.getsignal(signal.SIGINT) == before
    assert attendees() == {"A": 10}
    assert waiting(folder) == ["outreach/b.csv"]
    assert "a.csv was imported" in capsys.readouterr().out


@pytest.mark.parametrize(
    "words", [["--every", "0"], ["--map", "crashes"], ["--map", "=x"], ["--limit", "101"]]
)
def test_options_that_mean_nothing_are_not_understood(folder: Path, words: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["watch", str(folder), "--once", *words])
    assert ended.value.code == 2


def watched(data: Path, folder: Path, dies_at: int) -> object:
    """What a watch in a process of its own said at its end; None when it was killed."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["pytest", "tests.ingest.faults"])
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=watch_in_child, args=(theirs, data, folder, dies_at))
    process.start()
    theirs.close()
    assert ours.recv() == "starts"
    try:
        said = ours.recv()
    except EOFError:
        said = None
    process.join()
    assert process.exitcode == (-signal.SIGKILL if said is None else 0)
    ours.close()
    return said


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is of POSIX systems only")
def test_killed_at_any_instant_and_started_again_it_has_imported_each_file_once(
    data: Path, folder: Path, drop: Drop, once: Once
) -> None:
    """What was corrected between the kill and the new start stays corrected."""
    (folder / "outreach").mkdir()
    write_file(folder / "outreach" / "first.csv", rows_of_round("first", 5))
    operations = watched(data, folder, 0)
    assert isinstance(operations, int)
    known = held()
    chance = random.Random(FAULTS)
    killed_after = 0
    for number in range(FAULTS):
        rows = rows_of_round(f"round{number}", 5)
        file = write_file(folder / "outreach" / f"{number}.csv", rows)
        content = file.read_bytes()
        before = {one.id for one in listed()}
        # The last third is where publishing and putting away are.
        low = operations * 2 // 3 if number % 2 else 1
        assert watched(data, folder, chance.randrange(low, operations)) is None
        was = held()
        assert was in (known, known | rows)
        if was != known:
            killed_after += 1
            correction = write_file(data / "correction.csv", {"last": number})
            import_for_outcome(correction, "outreach")
            was |= {"last": number}
        code, _ = once()
        assert code == 0
        known = was if was != known else known | rows
        assert held() == known
        told = filed(folder, "imported")[f"{number}.csv"]
        assert told["content"] == content
        counts = told["rows"]
        assert counts["read"] == 7 == counts["accepted"] + counts["duplicates"] + counts["rejected"]
        made = {one.id for one in listed()} - before
        assert told["release"] in made
        assert len(made) == 1 + (known["last"] == number)
        assert waiting(folder) == []
        assert filed(folder, "refused") == {}
        assert prepared_imports() == []
        assert leftovers(data / "releases") == []
        names = [path.name for path in (folder / "imported").iterdir()]
        assert len([name for name in names if name.endswith(f"-{number}.csv")]) == 1
        for name in names:
            assert not name.endswith(".new")
            (folder / "imported" / name).unlink()
    assert 0 < killed_after < FAULTS, "it was killed before and after publishing"
