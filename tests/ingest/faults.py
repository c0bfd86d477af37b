"""What the fault tests run in other processes, and how they see that all is whole."""

import csv
import os
import random
import signal
import sys
from collections.abc import Callable, Mapping
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Event
from typing import Any

import pyarrow.parquet as pq

from brigade.errors import BrigadeError
from brigade.ingest import import_file
from brigade.ingest.publish import Prepared, publish
from brigade.ingest.watch import Wanted, watch
from brigade.releases import current_release
from brigade.releases.history import remove_older
from brigade.releases.verify import faults

HEADER = ("活动编号", "活动日期", "参加人数")
OPERATIONS = {"open", "os.rename", "os.link", "os.mkdir", "os.remove", "os.rmdir", "os.truncate"}
ROWS = 1500

Held = dict[str, int]
"""The number of people who attended, by the id of an event."""


def write_file(path: Path, rows: Mapping[str, int]) -> Path:
    """A file of events with a row that stands twice, and in a large one one that can't be read."""
    lines = [(id, "2022-01-01", str(number)) for id, number in rows.items()]
    faulty = [("?", "yesterday", "1")] if len(rows) > 100 else []
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEADER, *lines, lines[0], *faulty])
    return path


def rows_of_round(name: str, rows: int = ROWS) -> Held:
    """Rows of their own for each round, and one that every round corrects."""
    number = random.Random(name).randrange(1 << 30)
    return {f"{name}-{n}": number + n for n in range(rows)} | {"last": number}


def import_in_child(wire: Connection, data: Path, file: Path, dies_at: int) -> None:
    """Import a file; see ``in_child``."""
    in_child(wire, data, dies_at, lambda: import_file(file, "outreach"))


def publish_in_child(wire: Connection, data: Path, prepared: Prepared, dies_at: int) -> None:
    """Publish what another process prepared; see ``in_child``."""
    in_child(wire, data, dies_at, lambda: publish(prepared))


def watch_in_child(wire: Connection, data: Path, folder: Path, dies_at: int) -> None:
    """Import what lies in a watched folder; see ``in_child``."""
    wanted = Wanted(lang="en")
    in_child(
        wire,
        data,
        dies_at,
        lambda: watch(folder, wanted, lambda _: None, every=0.01, once=True, stop=Event()),
    )


def in_child(wire: Connection, data: Path, dies_at: int, work: Callable[[], object]) -> None:
    """Work; die by SIGKILL before the file operation of that number, if there is one.

    Says when it starts, and how it ended: with how many operations, or in which words.
    """
    os.environ["BRIGADE_DATA"] = str(data)
    operations = 0

    def count(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal operations
        if event not in OPERATIONS or (event == "open" and str(data) not in str(arguments[0])):
            return
        operations += 1
        if operations == dies_at:
            os.kill(os.getpid(), signal.SIGKILL)

    wire.send("starts")
    sys.addaudithook(count)
    try:
        work()
    except BrigadeError as error:
        wire.send(error.text.en)
    else:
        wire.send(operations)


def held() -> Held:
    """What the release in force holds of the events, whole by every measure that there is."""
    release = current_release()
    assert [fault.en for fault in faults(release)] == []
    rows = {}
    for name, extract in release.extracts.items():
        tables = [pq.read_table(path) for path in release.files(name)]
        assert sum(table.num_rows for table in tables) == extract.rows
        for source in extract.sources:
            assert source.read == source.accepted + source.duplicates + source.rejected
        if name == "outreach":
            columns = (tables[0].column(c).to_pylist() for c in ("outreach_id", "attendees"))
            rows = dict(zip(*columns, strict=True))
            assert len(rows) == extract.rows
    return rows


def leftovers(root: Path) -> list[str]:
    """What lies hidden in the folder of releases, the lock apart."""
    return sorted(path.name for path in root.glob(".*") if path.name != ".lock")


def fill_and_import(folder: Path, rounds: int) -> None:
    """Import again and again on a small disk, with ever another amount of room left on it.

    Prints one word for each round: what became of the import.
    """
    data = folder / "data"
    os.environ["BRIGADE_DATA"] = str(data)
    chance = random.Random(rounds)
    known: Held = {}
    for number in range(rounds):
        rows = rows_of_round(f"full{number}")
        file = write_file(folder.parent / "full.csv", rows)
        room = chance.randrange(1, 400) * 1024 if number else None
        filler = _fill(folder, room)
        try:
            import_file(file, "outreach")
        except BrigadeError:
            assert held_or_nothing() == known
            print("refused")
        else:
            known |= rows
            assert held() == known
            print("published")
        filler.unlink(missing_ok=True)
        more = rows_of_round(f"after{number}", 5)
        import_file(write_file(folder.parent / "full.csv", more), "outreach")
        known |= more
        assert held() == known
        assert leftovers(data / "releases") == []
        remove_older(2)


def held_or_nothing() -> Held:
    """The same; nothing where only the sample is in force."""
    return {} if current_release().synthetic else held()


def _fill(folder: Path, room: int | None) -> Path:
    """Take all room on a disk but so many bytes."""
    filler = folder / "filler"
    if room is not None:
        free = os.statvfs(folder).f_bavail * os.statvfs(folder).f_frsize
        with filler.open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, max(free - room, 1))
    return filler


if __name__ == "__main__":
    fill_and_import(Path(sys.argv[1]), int(sys.argv[2]))
