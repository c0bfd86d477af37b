"""All releases that are kept: listing them, going back to one, clearing old ones away."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from brigade import house
from brigade.errors import ReleaseError
from brigade.releases.folder import id_in_force, put_in_force, releases_folder
from brigade.releases.lock import Say
from brigade.releases.manifest import Release, read_release
from brigade.releases.staging import Ready, remove, writing
from brigade.releases.verify import faults
from brigade.text import Text

KEEP = 24
"""How many releases are kept unless told otherwise."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A release in the folder, whether it is in force, and what is wrong with its manifest."""

    id: str
    in_force: bool
    release: Release | None
    fault: Text | None = None


def listed() -> list[Listed]:
    """Every release, newest first; the sample where none is in force."""
    named, known = _in_force()
    folders = [path for path in releases_folder().glob("*") if _is_release(path)]
    found = sorted((_listed(path, named) for path in folders), key=_when, reverse=True)
    if known and named is None:
        found.append(Listed("sample", True, read_release(house.SAMPLE)))
    return found


def _in_force() -> tuple[str | None, bool]:
    """The id in force, and whether that is known: a damaged pointer is mended by going back."""
    try:
        return id_in_force(), True
    except ReleaseError:
        return None, False


def _is_release(path: Path) -> bool:
    return path.is_dir() and not path.name.startswith(".")


def _listed(folder: Path, named: str | None) -> Listed:
    try:
        return Listed(folder.name, folder.name == named, read_release(folder))
    except ReleaseError as error:
        return Listed(folder.name, folder.name == named, None, error.text)


def _when(one: Listed) -> tuple[datetime, str]:
    made = one.release.created_at if one.release is not None else datetime.min.replace(tzinfo=UTC)
    return made, one.id


def release_named(id: str) -> Release:
    """A release by its id, ``sample`` for the one that ships.

    Raises :class:`ReleaseError` where there is none of that id, or its manifest can't be read.
    """
    if id == "sample":
        return read_release(house.SAMPLE)
    folder = releases_folder() / id
    if folder.parent != releases_folder() or not _is_release(folder):
        raise ReleaseError(
            Text(
                f"没有版本 {id}。全部版本见 brigade releases",
                f"There is no release {id}. All that there are: brigade releases",
            )
        )
    return read_release(folder)


def roll_back(id: str | None = None, say: Say | None = None, ready: Ready | None = None) -> Release:
    """Put a release in force again: the one named, else the one that the present was made from.

    It is read whole before, so that nobody goes back to a damaged one, and ``ready`` makes what it
    is served from. Raises :class:`ReleaseError` where it is damaged, in force already, or the
    sample.
    """
    with writing(say):
        wanted = release_named(id) if id is not None else _before()
        if wanted.synthetic:
            raise _no_sample()
        if wanted.folder.name == _in_force()[0]:
            raise ReleaseError(
                Text(
                    f"版本 {wanted.id} 已是现用版本。", f"Release {wanted.id} is in force already."
                )
            )
        for fault in faults(wanted):
            raise ReleaseError(fault)
        if ready is not None:
            ready(wanted)
        put_in_force(wanted.folder.name)
    return wanted


def _before() -> Release:
    """The release that the one in force was made from; where that isn't known, the next older."""
    named, known = _in_force()
    if known and named is None:
        raise _no_sample()
    releases = {one.id: one.release for one in listed() if one.release is not None}
    present = releases.get(named or "")
    if present is not None and present.base is not None:
        return release_named(present.base)
    # Ids begin with the time, so they also order what has no manifest any more.
    older = [id for id in releases if named is None or id < named]
    if older:
        return release_named(max(older))
    if present is not None:
        raise _no_sample()
    raise ReleaseError(
        Text(
            "没有更早的完好版本可退。请重新导入，或删除 releases/current 后看示例。",
            "There is no older release to go back to. Import again; without the file "
            "releases/current the sample is shown.",
        )
    )


def _no_sample() -> ReleaseError:
    return ReleaseError(
        Text(
            "不能退回到示例数据：示例和真实数据不混在一起。"
            "只想看示例，请把 BRIGADE_DATA 设成另一个文件夹。",
            "There is no going back to the sample: it never stands beside real data. "
            "To see it, set BRIGADE_DATA to another folder.",
        )
    )


def remove_older(keep: int = KEEP, say: Say | None = None) -> list[str]:
    """Remove all but the newest ``keep`` releases, never the one in force; returns their ids."""
    with writing(say):
        id_in_force()  # with a damaged pointer nobody knows which must stay
        gone = [one for one in listed()[keep:] if not one.in_force]
        for one in gone:
            remove(releases_folder() / one.id)
            for path in (house.data_folder() / "derived").glob(f"{one.id}-*.duckdb"):
                path.unlink(missing_ok=True)
    return [one.id for one in gone]
