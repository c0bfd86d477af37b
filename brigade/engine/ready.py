"""What a release is served from: made before anybody opens it, and cleared away when nobody can."""

import logging
import shutil
import time
from contextlib import suppress
from pathlib import Path

import duckdb

from brigade.engine.configured import is_cluster
from brigade.engine.duckdb import KEPT
from brigade.engine.serving import (
    database_of,
    database_path,
    derived_folder,
    rollups_of,
    rollups_path,
)
from brigade.errors import BrigadeError
from brigade.releases import Release, current_release
from brigade.releases.history import listed
from brigade.releases.staging import import_ids

_log = logging.getLogger(__name__)

LEFT_SECONDS = 3600
"""What is half made and was not written to for so long is nobody's any more."""


def make_ready(release: Release) -> None:
    """Make the serving database and the rollups of a release, and clear away what is of no use.

    What can't be made now is made later, the database when the release is first opened and the
    rollups when the app starts; the log says so. On a cluster there is nothing to make: its rollups
    are made when it is asked for them.
    """
    if is_cluster():
        return
    try:
        rollups_of(release, database_of(release))
        clear_unused(release)
    except (BrigadeError, duckdb.Error, OSError) as error:
        _log.warning(
            "release %s could not be made ready, it is tried again later: %s", release.id, error
        )


def clear_unused(*next_: Release) -> None:
    """Delete what was made of releases and can't be read any more.

    Kept are, under the contracts and queries of today, those of the release in force, of its
    neighbours, which running pages may hold or a person may go back to, of imports under way, and
    of a release that comes into force next.
    What an older process still has open stays readable for it; where the system doesn't allow
    that, it is left.
    """
    coming = import_ids()
    useful = {path for one in (current_release(), *_neighbours(), *next_) for path in _made_of(one)}
    for path in derived_folder().glob("*.duckdb"):
        if path not in useful and not any(path.name.startswith(f"{id}-") for id in coming):
            _delete(path)
    for path in derived_folder().glob("*.part*"):
        with suppress(FileNotFoundError):  # it was finished just now
            if path.stat().st_mtime < time.time() - LEFT_SECONDS:
                _delete(path)


def _made_of(release: Release) -> tuple[Path, Path]:
    database = database_path(release)
    return database, rollups_path(database)


def _neighbours() -> list[Release]:
    """The releases next to the one in force, as many on each side as an engine keeps open."""
    every = listed()
    at = next((place for place, one in enumerate(every) if one.in_force), 0)
    near = every[max(0, at - KEPT) : at + KEPT + 1]
    return [one.release for one in near if one.release is not None]


def _delete(path: Path) -> None:
    try:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    except OSError as error:  # Windows removes no file that is open
        _log.info("%s stays: %s", path, error)
