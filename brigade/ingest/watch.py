"""A watched folder: each complete file in it is imported, said, and put away with its reports.

What is killed at any instant is settled at the next start: a file whose release was published is
put away and not imported again, any other is put back and imported as if for the first time.
"""

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import Literal

from brigade.contracts import contract
from brigade.errors import BrigadeError, InputError, reference
from brigade.ingest.guess import told_extract
from brigade.ingest.inbox import IMPORTED, REFUSED, Arrival, Inbox, Note, Stamp, now, stamp
from brigade.ingest.mapping import find_mapping
from brigade.ingest.outcome import EXIT_CODES, Outcome, refused_to_json
from brigade.ingest.publish import discard, prepare, prepared_imports, publish
from brigade.ingest.read import inspect
from brigade.ingest.rejects import rejects_path
from brigade.ingest.report import report
from brigade.ingest.take import LIMIT
from brigade.releases import Source, read_release, staging
from brigade.releases.folder import releases_folder
from brigade.releases.lock import Say
from brigade.text import Lang, Text

_log = logging.getLogger(__name__)

_Status = Literal["taken", "taken_with_rejects", "refused"]
_WORST: tuple[_Status, ...] = ("refused", "taken_with_rejects")


@dataclass(frozen=True, slots=True)
class Wanted:
    """How files are imported; ``mappings`` are by extract, ``lang`` is that of the words, and
    ``ready`` makes what a release is served from."""

    mappings: Mapping[str, Path] = field(default_factory=dict)
    limit: float = LIMIT
    by: str | None = None
    lang: Lang = "zh"
    ready: staging.Ready | None = None


def watch(folder: Path, wanted: Wanted, say: Say, *, every: float, once: bool, stop: Event) -> int:
    """Import each file of a folder that has not changed for ``every`` seconds, until stopped.

    With ``once`` until none is left that can be taken; returns then what ``brigade import`` would
    end with for the worst of them. Stopping waits for the file in hand. Raises
    :class:`InputError` where the folder can't be watched, or another does so already.
    """
    _refuse_unknown(wanted.mappings)
    inbox = Inbox(folder)
    with inbox.held():
        work = _Watch(inbox, wanted, say, stop)
        work.begin()
        if not once:
            say(
                Text(
                    f"正在看守文件夹 {folder}，每 {every:g} 秒看一次；按 Ctrl+C 结束。",
                    f"Watching folder {folder}, a look every {every:g} seconds; Ctrl+C ends it.",
                )
            )
        while not stop.is_set():
            left = work.look()
            if once and not left:
                break
            stop.wait(every)
    found: _Status = next((status for status in _WORST if status in work.found), "taken")
    return EXIT_CODES[found] if once else 0


def _refuse_unknown(mappings: Mapping[str, Path]) -> None:
    """Of mappings that can't be used a person hears at once, and not at night."""
    for extract, mapping in mappings.items():
        find_mapping(mapping, contract(extract))


class _Watch:
    def __init__(self, inbox: Inbox, wanted: Wanted, say: Say, stop: Event) -> None:
        self._inbox = inbox
        self._wanted = wanted
        self._say = say
        self._stop = stop
        self._seen: Mapping[Path, Stamp] = {}
        self._said: set[tuple[object, ...]] = set()
        self.found: set[_Status] = set()

    def begin(self) -> None:
        """Settle what a killed watch left; a sentence is raised where that can't be done."""
        try:
            self._settle()
        except OSError as error:
            raise InputError(_folder_failed(self._inbox.folder, error)) from error

    def look(self) -> bool:
        """Import what is complete; says whether files are left that may be complete by and by."""
        try:
            self._settle()
            arrivals = self._inbox.arrivals()
            self._say_strays()
        except BrigadeError as error:
            self._say_once(error.text)
            self.found.add("refused")
            return False
        except OSError as error:
            self._say_once(_folder_failed(self._inbox.folder, error))
            self.found.add("refused")
            return False
        complete = [one for one in arrivals if self._seen.get(one.path) == one.stamp]
        for one in arrivals:
            if one.path in self._seen and one not in complete:
                self._say_once(_growing(one.path), one.path)
        left = len(arrivals) > len(complete)
        self._seen = {one.path: one.stamp for one in arrivals}
        for arrival, extract in self._in_order(complete):
            if self._stop.is_set():
                break
            left |= not self._handle(arrival, extract)
        return left

    def _in_order(self, arrivals: list[Arrival]) -> list[tuple[Arrival, str | None]]:
        """With what each is: first what others refer to, then earlier files before corrections."""
        told = [(one, self._told_or_none(one)) for one in arrivals]
        return sorted(
            told,
            key=lambda one: (_depth(one[1]) if one[1] else 0, one[0].stamp[1], one[0].path.name),
        )

    def _told_or_none(self, arrival: Arrival) -> str | None:
        try:
            return arrival.extract or self._told(arrival.path)
        except Exception:  # noqa: BLE001 (it is met again, and said, when the file's turn comes)
            return None

    def _told(self, file: Path) -> str:
        return told_extract(inspect(file), self._wanted.mappings).name

    def _handle(self, arrival: Arrival, extract: str | None) -> bool:
        """Import one file and put it away; false where it isn't complete after all."""
        try:
            file = self._inbox.take(arrival)
        except FileNotFoundError:  # someone has taken it back
            return True
        except OSError as error:
            self.found.add("refused")
            self._say_once(_stays(arrival.path, error), arrival.path)
            return True
        self._said.discard((arrival.path,))
        try:
            outcome = self._imported(file, arrival, extract)
        except Exception as error:  # noqa: BLE001 (one failure must not end the watch)
            return self._failed(file, arrival, error)
        told = outcome.to_json()
        self._put(IMPORTED, outcome.release, outcome.status, told, report(outcome))
        return True

    def _imported(self, file: Path, arrival: Arrival, extract: str | None) -> Outcome:
        """Publish a file, if it is still as it was when it was taken for complete."""
        _refuse_unreadable_name(file)
        name = extract or self._told(file)
        prepared = prepare(
            file,
            name,
            self._wanted.mappings.get(name),
            limit=self._wanted.limit,
            by=self._wanted.by,
            say=self._say,
        )
        if stamp(file) != arrival.stamp:
            raise InputError(_growing(arrival.path))
        self._inbox.will_be(name, prepared.id)
        return publish(prepared, self._say, self._wanted.ready)

    def _failed(self, file: Path, arrival: Arrival, error: Exception) -> bool:
        """Refuse the file in hand, unless it is published all the same or not complete yet."""
        try:
            if self._settled_published():
                return True
            self._discard()
            if stamp(file) != arrival.stamp:
                self._inbox.give_back()
                self._say_once(_growing(arrival.path), arrival.path)
                return False
        except (OSError, BrigadeError):  # the file stays in hand and is settled at the next look
            _log.exception("%s can't be settled", arrival.path)
            return False
        if not isinstance(error, BrigadeError):
            code = reference()
            _log.error("%s: importing %s failed", code, arrival.path, exc_info=error)
            error = InputError(_unexpected(file.name, code))
        self._put(REFUSED, now(), "refused", refused_to_json(error), error.text)
        return True

    def _settle(self) -> None:
        """Put away or put back the file in hand, which a killed watch or a full disk left there."""
        if self._inbox.in_hand() is None or self._settled_published():
            return
        self._discard()
        back = self._inbox.give_back()
        if back is not None:
            self._say(_anew(back))

    def _settled_published(self) -> bool:
        """Put the file in hand away if its release was published; whether it was."""
        note = self._inbox.note()
        if note is None or note.release is None or note.extract is None:
            return False
        with staging.writing(self._say):  # which undoes what was published by half
            pass
        folder = releases_folder() / note.release
        if not folder.is_dir():
            return False
        source = read_release(folder).extracts[note.extract].sources[-1]
        status: _Status = "taken_with_rejects" if source.rejected else "taken"
        told = _interrupted_json(note, source, status)
        self._put(IMPORTED, note.release, status, told, _interrupted(note, source))
        return True

    def _discard(self) -> None:
        """Throw away what was prepared of the file in hand: nobody waits for it."""
        note, file = self._inbox.note(), self._inbox.in_hand()
        if note is None or file is None:
            return
        for one in prepared_imports():
            if one.id == note.release or (one.id > note.since and one.outcome.file == file.name):
                discard(one)

    def _put(self, where: str, mark: str, status: _Status, told: str, words: Text) -> None:
        """Put the file in hand away with its reports, and say what became of it."""
        self.found.add(status)
        self._say(words)
        try:
            there = self._inbox.put_away(where, mark, told, words.in_(self._wanted.lang))
        except OSError as error:
            self._say(_no_report(self._inbox.folder / where, error))
        else:
            place = there.relative_to(self._inbox.folder)
            self._say(Text(f"文件和报告在 {place}。", f"The file and its report are in {place}."))

    def _say_strays(self) -> None:
        for folder in self._inbox.strays():
            self._say_once(
                Text(
                    f"注意：文件夹 {folder} 不是以数据名命名的，里面的文件不会导入。",
                    f"Note: folder {folder} isn't named as an extract; no file in it is imported.",
                )
            )

    def _say_once(self, text: Text, *about: object) -> None:
        """Say something that each look would find again."""
        key = about or (text,)
        if key not in self._said:
            self._said.add(key)
            self._say(text)


def _refuse_unreadable_name(file: Path) -> None:
    """A name in another encoding than the system's, as unpacking leaves it, can't be kept."""
    try:
        file.name.encode()
    except UnicodeEncodeError as error:
        shown = file.name.encode(errors="replace").decode()
        raise InputError(
            Text(
                f"文件名 {shown} 的编码不对，读不出来；请改名后再放入。",
                f"The name of file {shown} is in another encoding and can't be read; rename the "
                "file and drop it again.",
            )
        ) from error


def _depth(extract: str) -> int:
    """How many extracts must be there before this one, each referring to the next."""
    columns = contract(extract).stored_columns
    referred = {column.refers for column in columns if column.refers} - {extract}
    return 1 + max(map(_depth, referred)) if referred else 0


def _folder_failed(folder: Path, error: OSError) -> Text:
    return Text(
        f"文件夹 {folder} 读写失败（{error}），请检查磁盘、网络和权限。",
        f"Reading or writing folder {folder} failed ({error}); see to the disk, the network and "
        "permissions.",
    )


def _growing(path: Path) -> Text:
    return Text(
        f"文件 {path} 还在写入，等它写完再导入。",
        f"File {path} is still being written; it is imported when it is complete.",
    )


def _stays(path: Path, error: OSError) -> Text:
    return Text(
        f"文件 {path} 没有导入，因为移不走（{error.strerror}）；请关闭打开它的程序，或检查权限。",
        f"File {path} is not imported since it can't be moved ({error.strerror}); close the "
        "program that has it open, or check permissions.",
    )


def _unexpected(name: str, code: str) -> Text:
    return Text(
        f"文件 {name} 导入时程序出错，没有发布任何东西；请把编号 {code}、日志和文件交给维护者。",
        f"The program failed on file {name}, and nothing was published; give the reference "
        f"{code}, the log and the file to whoever maintains it.",
    )


def _anew(back: Path) -> Text:
    return Text(
        f"上次导入文件 {back} 时中断，什么也没有发布；现在重新导入。",
        f"The import of file {back} was interrupted before anything was published; it is imported "
        "anew.",
    )


def _no_report(folder: Path, error: OSError) -> Text:
    return Text(
        f"文件夹 {folder} 写入失败（{error}），文件旁的报告可能不全；请检查磁盘空间和权限。",
        f"Writing to folder {folder} failed ({error}); the report beside the file may be missing. "
        "See to the disk's room and permissions.",
    )


def _interrupted(note: Note, source: Source) -> Text:
    """What is known of an import whose watch was killed before it could tell."""
    label = contract(note.extract or "").label
    return Text(
        f"{source.file} 已导入“{label.zh}”，发布为版本 {note.release}：读入 {source.read:,} 行 = "
        f"采用 {source.accepted:,} + 重复 {source.duplicates:,} + 拒收 {source.rejected:,}。"
        "之后程序中断过，没有再次导入。",
        f"{source.file} was imported as “{label.en}” and published as release {note.release}: "
        f"{source.read:,} rows read = {source.accepted:,} accepted + {source.duplicates:,} "
        f"duplicates + {source.rejected:,} rejected. The watch was interrupted after that; the "
        "file is not imported again.",
    )


def _interrupted_json(note: Note, source: Source, status: _Status) -> str:
    rejects = str(rejects_path(source.rejects)) if source.rejects else None
    told = {
        "status": status,
        "exit_code": EXIT_CODES[status],
        "interrupted": True,
        "release": note.release,
        "extract": note.extract,
        "file": source.file,
        "sha256": source.sha256,
        "rows": {
            "accepted": source.accepted,
            "duplicates": source.duplicates,
            "read": source.read,
            "rejected": source.rejected,
        },
        "rejects": rejects,
    }
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"
