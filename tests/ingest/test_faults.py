"""An import that is killed, runs out of disk or meets another loses nothing and breaks nothing.

The process is really killed, the disk really full. ``FAULTS=200`` in the environment runs the
whole lot instead of a sample of it.
"""

import multiprocessing
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest

from brigade.engine.duckdb import Engine
from brigade.ingest import import_file
from brigade.ingest.publish import Prepared, prepare, prepared_imports, publish
from brigade.releases import current_release
from brigade.releases.history import listed, remove_older
from tests.ingest.faults import (
    Held,
    held,
    import_in_child,
    leftovers,
    publish_in_child,
    rows_of_round,
    write_file,
)

FAULTS = int(os.environ.get("FAULTS", "30"))
ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="a process can be killed by SIGKILL on POSIX systems only"
)


def share(percent: int) -> int:
    return FAULTS * percent // 100


@pytest.fixture
def base(data: Path, tmp_path: Path) -> Held:
    """A release to start from: events, and villages that every import takes over."""
    code = "village_code,village\n371524001200,王海村\n"
    (tmp_path / "villages.csv").write_text(code, encoding="utf-8")
    import_file(tmp_path / "villages.csv", "villages")
    rows = rows_of_round("base")
    import_file(write_file(tmp_path / "base.csv", rows), "outreach")
    return rows


@contextmanager
def importing(
    data: Path, file: Path | Prepared, dies_at: int = 0
) -> Iterator[tuple[BaseProcess, Connection]]:
    """An import in a process of its own that has loaded all it needs and begins now.

    Of what is prepared already, the publishing.
    """
    work = publish_in_child if isinstance(file, Prepared) else import_in_child
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["pytest", "tests.ingest.faults"])
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=work, args=(theirs, data, file, dies_at))
    process.start()
    theirs.close()
    assert ours.recv() == "starts"
    yield process, ours
    process.join()
    ours.close()


def ended(wire: Connection) -> int | str | None:
    """What an import said at its end: operations, a refusal, or nothing as it was killed."""
    try:
        said: int | str = wire.recv()
    except EOFError:
        return None
    return said


def check_and_go_on(data: Path, tmp_path: Path, name: str, both: list[Held]) -> Held:
    """All is whole now and as one of ``both``; the next import takes it on and clears up."""
    found = held()
    assert found in both, name
    more = rows_of_round(f"{name}-after", 5)
    import_file(write_file(tmp_path / "after.csv", more), "outreach")
    assert held() == found | more
    waiting = [f".import-{one.id}" for one in prepared_imports()]
    assert leftovers(data / "releases") == waiting
    releases = {one.id: one.release for one in listed()}
    chain = [current_release().id]
    while chain[-1] in releases:
        chain.append(releases[chain[-1]].base)
    assert set(releases) < set(chain), "a release is listed that never was in force"
    remove_older(3)
    return found | more


def opens(known: Held) -> None:
    """The app's engine serves the release in force with every row that it should have."""
    engine = Engine(current_release())
    with engine._connection.cursor() as cursor:
        counted = cursor.execute("select count(*), sum(attendees) from release.outreach").fetchone()
        assert cursor.execute("select count(*) from release.villages").fetchone() == (1,)
    engine.close()
    assert counted == (len(known), sum(known.values()))


def test_killed_at_any_file_operation(data: Path, tmp_path: Path, base: Held) -> None:
    """Each operation in turn where all are run, else some of them."""
    known = dict(base)
    rows = rows_of_round("whole")
    with importing(data, write_file(tmp_path / "file.csv", rows)) as (_, wire):
        operations = ended(wire)
    assert isinstance(operations, int)
    known |= rows
    rounds = share(25)
    for number in range(rounds):
        rows = rows_of_round(f"operation{number}")
        file = write_file(tmp_path / "file.csv", rows)
        dies_at = 1 + number * operations // rounds
        with importing(data, file, dies_at) as (process, wire):
            said = ended(wire)
        assert (said, process.exitcode) == (None, -signal.SIGKILL)
        known = check_and_go_on(
            data, tmp_path, f"operation{number}-{dies_at}", [known, known | rows]
        )
    opens(known)


def test_killed_while_publishing_what_was_prepared(data: Path, tmp_path: Path, base: Held) -> None:
    """It is in force, or still waits and can be published."""
    known = dict(base)
    rows = rows_of_round("whole")
    prepared = prepare(write_file(tmp_path / "file.csv", rows), "outreach")
    with importing(data, prepared) as (_, wire):
        operations = ended(wire)
    assert isinstance(operations, int)
    known |= rows
    rounds = share(10)
    for number in range(rounds):
        rows = rows_of_round(f"publishing{number}")
        prepared = prepare(write_file(tmp_path / "file.csv", rows), "outreach")
        dies_at = 1 + number * operations // rounds
        with importing(data, prepared, dies_at) as (process, wire):
            assert ended(wire) is None
        assert process.exitcode == -signal.SIGKILL
        in_force = held() == known | rows
        both = [known | rows] if in_force else [known]
        known = check_and_go_on(data, tmp_path, f"publishing{number}-{dies_at}", both)
        assert [one.id for one in prepared_imports()] == ([] if in_force else [prepared.id])
        if not in_force:
            publish(prepared)
            known |= rows
            assert held() == known
    opens(known)


def test_killed_at_any_moment(data: Path, tmp_path: Path, base: Held) -> None:
    """Also within a write of Parquet or a merge, which are no operations of Python's."""
    known = dict(base)
    rows = rows_of_round("whole")
    with importing(data, write_file(tmp_path / "file.csv", rows)) as (_, wire):
        starts = time.monotonic()
        assert isinstance(ended(wire), int)
        takes = time.monotonic() - starts
    known |= rows
    chance = random.Random(FAULTS)
    killed = 0
    for number in range(share(25)):
        rows = rows_of_round(f"moment{number}")
        with importing(data, write_file(tmp_path / "file.csv", rows)) as (process, wire):
            time.sleep(chance.uniform(0, takes))
            process.kill()
            said = ended(wire)
        killed += said is None
        both = [known, known | rows] if said is None else [known | rows]
        known = check_and_go_on(data, tmp_path, f"moment{number}", both)
    assert killed
    opens(known)


def test_two_at_once(data: Path, tmp_path: Path, base: Held) -> None:
    """Neither loses the other's rows, and whoever looks meanwhile sees one release or the next.

    In every third round one of them is killed.
    """
    known = dict(base)
    chance = random.Random(FAULTS)
    for number in range(share(20)):
        rows = [rows_of_round(f"two{number}{side}") for side in "ab"]
        files = [write_file(tmp_path / f"{side}.csv", rows[side]) for side in (0, 1)]
        before = {one.id for one in listed()}
        with (
            importing(data, files[0]) as (first, wire),
            importing(data, files[1]) as (second, other),
        ):
            if number % 3 == 2:
                time.sleep(chance.uniform(0, 0.1))
                first.kill()
            seen = {current_release().id}
            while first.is_alive() or second.is_alive():
                held()
                time.sleep(0.02)
                seen.add(current_release().id)
            said = [ended(wire), ended(other)]
        assert isinstance(said[1], int)
        assert number % 3 == 2 or isinstance(said[0], int)
        assert seen & before
        one_then_other = [known | rows[0] | rows[1], known | rows[1] | rows[0]]
        both = one_then_other if isinstance(said[0], int) else [*one_then_other, known | rows[1]]
        known = check_and_go_on(data, tmp_path, f"two{number}", both)
    opens(known)


@pytest.mark.skipif(shutil.which("unshare") is None, reason="no unshare: no small disk can be made")
def test_a_full_disk(tmp_path: Path) -> None:
    """A disk of 8 MB of the test's own, that no other process sees."""
    small = tmp_path / "small"
    small.mkdir()
    private = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c"]
    mount = f"mount -t tmpfs -o size=8m none '{small}'"
    if subprocess.run([*private, mount], capture_output=True).returncode:
        pytest.skip("this system lets no one make a small disk of their own")
    run = f"{mount} && exec '{sys.executable}' -m tests.ingest.faults '{small}' {share(20)}"
    done = subprocess.run([*private, run], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    words = done.stdout.split()
    assert len(words) == share(20)
    assert {*words} == {"published", "refused"}
