"""The folder of releases: which one is in force, and the swap of the pointer that names it."""

import os
import sys
import time
from pathlib import Path

from brigade import house
from brigade.errors import ReleaseError
from brigade.releases.manifest import Release, read_release
from brigade.text import Text

_TRIES = 100


def releases_folder() -> Path:
    """Where releases lie, each under its id, beside the pointer ``current``."""
    return house.data_folder() / "releases"


def id_in_force() -> str | None:
    """The id that the pointer names, whatever there is of that release; None is the sample."""
    try:
        named = (releases_folder() / "current").read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise _bad_pointer(str(error)) from error
    if Path(named).name != named or named in ("", "..") or named.startswith("."):
        raise _bad_pointer(named)
    return named


def _bad_pointer(found: str) -> ReleaseError:
    path = releases_folder() / "current"
    return ReleaseError(
        Text(
            f"文件 {path} 里应写着现用的版本号，现在是“{found}”。请指定一个版本：brigade rollback",
            f"File {path} should hold the id of the release in force and has “{found}”. "
            "Choose a release: brigade rollback",
        )
    )


def current_release() -> Release:
    """The release in force: the one that ``current`` names, else the sample that ships."""
    named = id_in_force()
    try:
        return read_release(house.SAMPLE if named is None else releases_folder() / named)
    except ReleaseError:
        if id_in_force() == named:
            raise
        # Another one came into force since, and this one was cleared away.
        return current_release()


def put_in_force(id: str) -> None:
    """Point to another release, by one atomic rename that lasts; the caller holds the lock."""
    root = releases_folder()
    new = root / ".current"
    new.write_text(id + "\n", encoding="utf-8")
    sync(new)
    _replace(new, root / "current")
    sync(root)


def _replace(new: Path, old: Path) -> None:
    for left in reversed(range(_TRIES)):
        try:
            new.replace(old)
        except PermissionError:
            # Windows refuses while a reader has the file open, which it has for an instant.
            if sys.platform != "win32" or not left:
                raise
            time.sleep(0.01)
        else:
            return


def sync(path: Path) -> None:
    """Have a file, or what a folder lists, written to the disk before going on."""
    if path.is_dir():
        if sys.platform == "win32":  # which has no such call, and keeps folders by itself
            return
        opened = os.open(path, os.O_RDONLY)
    else:
        opened = os.open(path, os.O_RDWR)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def sync_tree(folder: Path) -> None:
    """The same for all files and folders below one, and for itself."""
    for path in sorted(folder.rglob("*"), reverse=True):
        sync(path)
    sync(folder)
