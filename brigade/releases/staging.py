"""The next release until it is in force: made in a folder of the import's own, then put in place.

``releases/.import-<id>/`` belongs to one import, which holds the lock of the file ``lock`` in it
while it works there; no reader looks into it. What a killed import left has a lock that nobody
holds: it is cleared away before the folder of releases is next written to.
"""

import os
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from brigade import house
from brigade.errors import ReleaseError
from brigade.releases.folder import id_in_force, put_in_force, releases_folder, sync, sync_tree
from brigade.releases.lock import Say, lock, lock_if_free
from brigade.releases.manifest import Release, ReleasedExtract, read_release, write_manifest
from brigade.text import Text

REJECTS = "rejects"
"""The folder within an import's own whose files go to ``$BRIGADE_DATA/rejects`` on publishing."""

KEPT = "prepared"
"""The file that says of an import's folder that it waits for a person's word."""

WAITS = 7 * 24 * 3600
"""So many seconds it waits. What nobody published by then can be made again from its file."""

Ready = Callable[[Release], None]
"""Makes what a release is served from. It is called before the release is in force, so that nobody
who reads it has to wait for that, and raises nothing: a release can be read without."""

_OWN = ".import-"
_REMOVED = ".removed-"


def rejects_folder() -> Path:
    """Where the lists of rejected rows of published imports are."""
    return house.data_folder() / "rejects"


@contextmanager
def writing(say: Say | None = None) -> Iterator[None]:
    """Be the only one who changes the folder of releases, once leftovers are cleared away.

    Waits for its turn; raises :class:`ReleaseError` where it doesn't come.
    """
    root = releases_folder()
    root.mkdir(parents=True, exist_ok=True)
    with lock(root / ".lock", say):
        for folder in root.glob(f"{_OWN}*"):
            _clear(folder)
        for folder in root.glob(f"{_REMOVED}*"):
            shutil.rmtree(folder, ignore_errors=True)
        yield


def _clear(folder: Path) -> None:
    """Settle a folder that no running import holds, and remove it unless it waits for a person."""
    try:
        with lock_if_free(folder / "lock") as free:
            if free:
                _settle(folder)
        waits = (folder / KEPT).is_file() and (folder / KEPT).stat().st_mtime > time.time() - WAITS
    except FileNotFoundError:  # its own import has just removed it
        return
    except ReleaseError:  # with a damaged pointer nobody knows what was published
        return
    if free and not waits:
        shutil.rmtree(folder, ignore_errors=True)


def _settle(folder: Path) -> None:
    """Decide for an import that was to be published: it is done when its release is in force.

    Else the release is taken away, since it never was. To be called before the pointer changes.
    """
    id = folder.name.removeprefix(_OWN)
    published = releases_folder() / id
    if not published.is_dir():
        return
    if id_in_force() == id:
        for path in (folder / REJECTS).glob("*"):
            path.replace(rejects_folder() / path.name)
        shutil.rmtree(folder, ignore_errors=True)
    else:
        remove(published)


def remove(release: Path) -> None:
    """Take a release away: its name first, so that it is there whole or not at all."""
    away = release.with_name(_REMOVED + release.name)
    release.rename(away)
    shutil.rmtree(away, ignore_errors=True)


@contextmanager
def new_import(say: Say | None = None) -> Iterator[Path]:
    """The own folder of a new import, held for the block and removed when that fails."""
    with ExitStack() as held:
        with writing(say):
            folder = releases_folder() / f"{_OWN}{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}"
            folder.mkdir()
            held.enter_context(lock_if_free(folder / "lock"))
        try:
            yield folder
        except BaseException:
            held.close()  # Windows removes no file that is open
            shutil.rmtree(folder, ignore_errors=True)
            raise


@contextmanager
def kept_import(id: str) -> Iterator[Path]:
    """The own folder of an import that waits, held for the block.

    Raises :class:`ReleaseError` where it is gone, or someone else is at it.
    """
    folder = _folder(id)
    if not (folder / KEPT).is_file():
        raise ReleaseError(
            Text(
                f"准备好的导入 {id} 已经发布、放弃或超过 {WAITS // 86400} 天，请重新导入文件。",
                f"The prepared import {id} was published, thrown away or left for more than "
                f"{WAITS // 86400} days; import the file again.",
            )
        )
    with lock_if_free(folder / "lock") as free:
        if not free:
            raise ReleaseError(
                Text(
                    f"准备好的导入 {id} 正在另一处发布或放弃。",
                    f"The prepared import {id} is being published or thrown away elsewhere.",
                )
            )
        yield folder


def kept_imports() -> list[Path]:
    """The own folders of all imports that wait for a person's word, oldest first."""
    return sorted(path.parent for path in releases_folder().glob(f"{_OWN}*/{KEPT}"))


def import_ids() -> set[str]:
    """The ids of all imports that are under way or wait."""
    return {import_id(folder) for folder in releases_folder().glob(f"{_OWN}*")}


def import_id(folder: Path) -> str:
    """The id of an import, and of the release that it becomes."""
    return folder.name.removeprefix(_OWN)


def _folder(id: str) -> Path:
    return releases_folder() / f"{_OWN}{id}"


def discard(id: str) -> None:
    """Throw away a prepared import; :class:`ReleaseError` where it is gone or in use."""
    with kept_import(id) as folder:
        (folder / KEPT).unlink()
    shutil.rmtree(folder, ignore_errors=True)


def take_over(base: Release, folder: Path, without: str) -> None:
    """Put a release's files into a folder, but for one extract, as hard links where that works.

    A file that two releases share is replaced, never changed in place.
    """
    for name in base.extracts:
        if name == without:
            continue
        (folder / name).mkdir()
        for path in base.files(name):
            link_or_copy(path, folder / name / path.name)


def link_or_copy(path: Path, target: Path) -> None:
    """Give a file another name, or another copy where the disk doesn't have two for one."""
    try:
        os.link(path, target)
    except OSError:
        shutil.copy2(path, target)


def put(
    folder: Path,
    release: Path,
    *,
    base: str | None,
    created_by: str,
    described: Mapping[str, ReleasedExtract],
    ready: Ready | None = None,
) -> None:
    """Publish the folder ``release`` within an import's own; the caller is ``writing``.

    Everything is on the disk before the pointer names it. Whatever goes wrong before that, no
    trace of the release remains; afterwards nothing of the import's own folder.
    """
    id = import_id(folder)
    try:
        write_manifest(
            release, id=id, synthetic=False, created_by=created_by, described=described, base=base
        )
        if any((folder / REJECTS).glob("*")):
            rejects_folder().mkdir(exist_ok=True)
        sync_tree(release)
        if ready is not None:
            ready(read_release(release))
        release.rename(releases_folder() / id)
        sync(releases_folder())
        put_in_force(id)
    finally:
        _settle(folder)
