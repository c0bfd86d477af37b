"""The folder that files are dropped into: which of them are complete, and where they go then.

Its hidden folder ``.brigade`` is the watch's own. ``lock`` is held while one runs; ``in-hand`` has
the one file at work, so that what can't be moved is not imported either; ``note`` says where that
file lay and which release it is to become. From these a watch that starts again knows what a
killed one had done.
"""

import json
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from brigade.contracts import all_contracts
from brigade.errors import InputError
from brigade.releases.folder import sync
from brigade.releases.lock import lock_if_free
from brigade.text import Text

IMPORTED, REFUSED = "imported", "refused"
"""The folders that files go to afterwards."""

JSON, WORDS = ".report.json", ".report.txt"
"""What the names of the reports beside them end with."""

_OWN = ".brigade"
_UNFINISHED = (".part", ".partial", ".filepart", ".crdownload", ".tmp")
_NEW = ".new"
_SUFFIX = 16
_LONGEST = 255
"""The bytes that a name can have, on nearly every disk."""

Stamp = tuple[int, int]
"""The size of a file in bytes and when it was last changed, in nanoseconds."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A file that was dropped; ``extract`` is the folder it lies in, None where in none."""

    path: Path
    extract: str | None
    stamp: Stamp


@dataclass(frozen=True, slots=True)
class Note:
    """What is known of the file in hand: its place before, and the release once there is one.

    ``since`` is when it was taken in hand, in the form of an import's id.
    """

    place: str
    since: str
    extract: str | None = None
    release: str | None = None


class Inbox:
    """One such folder. What is raised is :class:`OSError`, but where a sentence is named."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._own = folder / _OWN
        self._hand = self._own / "in-hand"
        self._note = self._own / "note"

    @contextmanager
    def held(self) -> Iterator[None]:
        """Be the only watch; :class:`InputError` where there is another or no such folder."""
        if not self.folder.is_dir():
            raise InputError(
                Text(
                    f"没有文件夹 {self.folder}，请核对路径，或先建好它。",
                    f"There is no folder {self.folder}; check the path, or make it first.",
                )
            )
        with ExitStack() as locked:
            try:
                for folder in (self._hand, self.folder / IMPORTED, self.folder / REFUSED):
                    folder.mkdir(parents=True, exist_ok=True)
                free = locked.enter_context(lock_if_free(self._own / "lock"))
            except OSError as error:
                raise InputError(
                    Text(
                        f"文件夹 {self.folder} 不能写入（{error.strerror}），请检查权限。",
                        f"Folder {self.folder} can't be written to ({error.strerror}); "
                        "check its permissions.",
                    )
                ) from error
            if not free:
                raise InputError(
                    Text(
                        f"已有另一个程序在看守文件夹 {self.folder}，这个就此结束。",
                        f"Another watch is on folder {self.folder} already; this one ends.",
                    )
                )
            yield

    def arrivals(self) -> list[Arrival]:
        """The files that wait, complete or not; hidden and temporary ones are none."""
        found = []
        for path in self._shown():
            if path.is_dir():
                found += _files(path, path.name) if path.name in all_contracts() else []
        return [*found, *_files(self.folder, None)]

    def strays(self) -> list[Path]:
        """Folders in which nobody looks, since they aren't named as an extract."""
        known = {*all_contracts(), IMPORTED, REFUSED}
        folders = [path for path in self._shown() if path.is_dir()]
        inner = [
            path
            for folder in folders
            if folder.name in all_contracts()
            for path in sorted(folder.iterdir())
            if path.is_dir() and not path.name.startswith(".")
        ]
        return [path for path in folders if path.name not in known] + inner

    def _shown(self) -> list[Path]:
        return sorted(path for path in self.folder.iterdir() if not path.name.startswith("."))

    def take(self, arrival: Arrival) -> Path:
        """Take a file in hand; where it can't be moved it stays."""
        place = str(arrival.path.relative_to(self.folder))
        self._write(Note(place, now(), arrival.extract))
        try:
            return arrival.path.rename(self._hand / arrival.path.name)
        except OSError:
            self._note.unlink()
            raise

    def will_be(self, extract: str, release: str) -> None:
        """Note the release that the file in hand is about to become."""
        note = self.note()
        if note is None:
            raise FileNotFoundError(self._note)
        self._write(Note(note.place, note.since, extract, release))

    def note(self) -> Note | None:
        """What is known of the file in hand, if there is one."""
        try:
            return Note(**json.loads(self._note.read_text(encoding="utf-8")))
        except (FileNotFoundError, ValueError, TypeError):
            return None

    def in_hand(self) -> Path | None:
        """The file in hand, if there is one."""
        return next(iter(sorted(self._hand.iterdir())), None)

    def give_back(self) -> Path | None:
        """Put the file in hand back where it lay, beside one that came there since."""
        file, note = self.in_hand(), self.note()
        back = None
        if file is not None:
            place = self.folder / (note.place if note else file.name)
            place.parent.mkdir(exist_ok=True)
            back = file.rename(_free(place))
        self._note.unlink(missing_ok=True)
        return back

    def put_away(self, where: str, mark: str, told: str, words: str) -> Path:
        """Move the file in hand to a folder, its reports first, and be done with it.

        Reports that are there already stay: they were written before a watch was killed. The file
        is moved even where they can't be written.
        """
        file = self.in_hand()
        if file is None:
            raise FileNotFoundError(self._hand)
        folder = self.folder / where
        folder.mkdir(exist_ok=True)
        name = _short(f"{mark}-{file.name}")
        # With a mark, so that every editor on Windows reads the words.
        reports = ((JSON, told, "utf-8"), (WORDS, words + "\n", "utf-8-sig"))
        try:
            for ending, text, encoding in reports:
                if not (folder / (name + ending)).exists():
                    _write(folder / (name + ending), text, encoding)
        finally:
            file.rename(folder / name)
            self._note.unlink(missing_ok=True)
        return folder / name

    def _write(self, note: Note) -> None:
        _write(self._note, json.dumps(asdict(note)), "utf-8")


def stamp(path: Path) -> Stamp | None:
    """A file's stamp; None when it is gone."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns


def now() -> str:
    """The time in the form of a release's id."""
    return f"{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}"


def _files(folder: Path, extract: str | None) -> list[Arrival]:
    found = [(path, stamp(path)) for path in sorted(folder.iterdir()) if _is_data(path)]
    return [Arrival(path, extract, stamped) for path, stamped in found if stamped]


def _is_data(path: Path) -> bool:
    name = path.name.lower()
    hidden = name.startswith((".", "~$")) or name in ("thumbs.db", "desktop.ini")
    return not hidden and not name.endswith(_UNFINISHED) and path.is_file()


def _free(place: Path) -> Path:
    """The place, or one beside it where it is taken: a file must not go over another."""
    free, number = place, 1
    while free.exists():
        number += 1
        free = place.with_name(_short(f"{place.stem}-{number}{place.suffix}"))
    return free


def _short(name: str) -> str:
    """A name, cut before its suffix so that one with a report's ending can still be written."""
    suffix = Path(name).suffix
    if len(suffix) > _SUFFIX:
        suffix = ""
    stem = name.removesuffix(suffix)
    room = _LONGEST - len(os.fsencode(suffix + JSON + _NEW))
    while len(os.fsencode(stem)) > room:
        stem = stem[:-1]
    return stem + suffix


def _write(path: Path, text: str, encoding: str) -> None:
    """Write a file whole or not at all, and have it on the disk."""
    new = path.with_name(path.name + _NEW)
    new.write_text(text, encoding=encoding, errors="replace")  # a name may be no text
    sync(new)
    new.replace(path)
    sync(path.parent)
