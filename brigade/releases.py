"""Releases: immutable folders of Parquet, one dataset per extract, with a manifest.

``$BRIGADE_DATA/releases/<id>/<extract>/*.parquet`` and ``manifest.json``;
``$BRIGADE_DATA/releases/current`` names the release in force. Until one is published the sample
that ships is read. A published folder is never changed: publishing writes a new one beside it and
swaps the pointer by one atomic rename.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from brigade import house
from brigade.contracts import contract
from brigade.errors import ReleaseError
from brigade.text import Text

MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class Source:
    """One file that was imported: how many of its rows were taken, merged away or refused.

    ``gaps`` counts, for each column, the accepted rows that hold nothing in it. ``replaced`` of the
    accepted rows correct earlier ones, and ``changed`` counts them by the columns that changed.
    ``rejects`` is the name of the list of its rejected rows.
    """

    file: str
    sha256: str
    read: int
    accepted: int
    duplicates: int
    rejected: int
    gaps: Mapping[str, int] = field(default_factory=dict)
    replaced: int = 0
    changed: Mapping[str, int] = field(default_factory=dict)
    rejects: str | None = None


@dataclass(frozen=True, slots=True)
class ReleasedExtract:
    """What the manifest says of one extract: rows, first and last day, files by hash, sources."""

    rows: int
    first: date | None
    last: date | None
    files: Mapping[str, str]
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class Release:
    """One release as its manifest describes it."""

    id: str
    folder: Path
    synthetic: bool
    created_at: datetime
    created_by: str
    extracts: Mapping[str, ReleasedExtract]
    fingerprint: str

    def files(self, extract: str) -> list[Path]:
        """The Parquet files of one extract, in order."""
        return [self.folder / extract / name for name in self.extracts[extract].files]

    @property
    def newest_day(self) -> date | None:
        """The newest day in any extract of events."""
        days = [e.last for name, e in self.extracts.items() if e.last and contract(name).time]
        return max(days, default=None)

    @property
    def oldest_day(self) -> date | None:
        """The oldest day in any extract of events."""
        days = [e.first for name, e in self.extracts.items() if e.first and contract(name).time]
        return min(days, default=None)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _damaged(path: Path, cause: Exception) -> ReleaseError:
    return ReleaseError(
        Text(
            f"文件 {path.name}（{path.parent.name}）已损坏，无法读取（{cause}）。"
            "请重新导入，或换回上一个版本。",
            f"File {path.name} of {path.parent.name} is damaged and can't be read ({cause}). "
            "Import it again, or go back to the release before.",
        )
    )


def _days(path: Path, time: str | None) -> tuple[int, date | None, date | None]:
    """Rows of a Parquet file and the first and last day of its time column, from the footer."""
    try:
        footer = pq.ParquetFile(path).metadata
    except Exception as error:  # pyarrow raises several unrelated kinds for damaged files
        raise _damaged(path, error) from error
    names = footer.schema.names
    if time is None or time not in names:
        return footer.num_rows, None, None
    index = names.index(time)
    bounds: list[date] = []
    for group in range(footer.num_row_groups):
        statistics = footer.row_group(group).column(index).statistics
        if statistics is not None and statistics.has_min_max:
            for value in (statistics.min, statistics.max):
                bounds.append(value.date() if isinstance(value, datetime) else value)
    return footer.num_rows, min(bounds, default=None), max(bounds, default=None)


def describe(folder: Path, extract: str, sources: tuple[Source, ...] = ()) -> ReleasedExtract:
    """Count and hash the files of one extract in a release folder."""
    stored = contract(extract).time
    time = stored if stored and contract(extract).columns[stored].stored else None
    rows, first, last = 0, None, None
    files = {}
    for path in sorted((folder / extract).glob("*.parquet")):
        count, low, high = _days(path, time)
        rows += count
        first = min((d for d in (first, low) if d), default=None)
        last = max((d for d in (last, high) if d), default=None)
        files[path.name] = _sha256(path)
    return ReleasedExtract(rows, first, last, files, sources)


def write_manifest(
    folder: Path,
    *,
    id: str,
    synthetic: bool,
    created_by: str,
    sources: Mapping[str, tuple[Source, ...]] | None = None,
    created_at: datetime | None = None,
) -> None:
    """Describe every extract found in ``folder`` and write its manifest."""
    found = sorted(p.name for p in folder.iterdir() if p.is_dir() and any(p.glob("*.parquet")))
    extracts = {name: describe(folder, name, (sources or {}).get(name, ())) for name in found}
    manifest = {
        "id": id,
        "synthetic": synthetic,
        "created_at": (created_at or datetime.now(UTC)).isoformat(timespec="seconds"),
        "created_by": created_by,
        "extracts": {
            name: {
                "rows": e.rows,
                "first": e.first.isoformat() if e.first else None,
                "last": e.last.isoformat() if e.last else None,
                "files": dict(e.files),
                "sources": [
                    {
                        "file": s.file,
                        "sha256": s.sha256,
                        "read": s.read,
                        "accepted": s.accepted,
                        "duplicates": s.duplicates,
                        "rejected": s.rejected,
                        "gaps": dict(s.gaps),
                        "replaced": s.replaced,
                        "changed": dict(s.changed),
                        "rejects": s.rejects,
                    }
                    for s in e.sources
                ],
            }
            for name, e in extracts.items()
        },
    }
    text = json.dumps(manifest, ensure_ascii=False, indent=1)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")


def _extract(raw: dict[str, Any]) -> ReleasedExtract:
    return ReleasedExtract(
        rows=raw["rows"],
        first=date.fromisoformat(raw["first"]) if raw["first"] else None,
        last=date.fromisoformat(raw["last"]) if raw["last"] else None,
        files=raw["files"],
        sources=tuple(Source(**source) for source in raw["sources"]),
    )


def read_release(folder: Path) -> Release:
    """Read a release's manifest; :class:`ReleaseError` when it is missing or damaged."""
    path = folder / MANIFEST
    try:
        content = path.read_bytes()
        raw = json.loads(content)
        return Release(
            id=raw["id"],
            folder=folder,
            synthetic=raw["synthetic"],
            created_at=datetime.fromisoformat(raw["created_at"]),
            created_by=raw["created_by"],
            extracts={name: _extract(e) for name, e in raw["extracts"].items()},
            fingerprint=hashlib.sha256(content).hexdigest()[:16],
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ReleaseError(
            Text(
                f"版本 {folder.name} 的清单 {MANIFEST} 缺失或损坏，请换回上一个版本。",
                f"The manifest {MANIFEST} of release {folder.name} is missing or damaged; "
                "go back to the release before.",
            )
        ) from error


def _releases_folder() -> Path:
    return house.data_folder() / "releases"


def current_release() -> Release:
    """The release in force: the one that ``current`` names, else the sample that ships."""
    pointer = _releases_folder() / "current"
    if pointer.is_file():
        return read_release(_releases_folder() / pointer.read_text(encoding="utf-8").strip())
    return read_release(house.SAMPLE)


@dataclass(slots=True)
class Stage:
    """A release being written: its folder until then, the release it starts from, its sources."""

    id: str
    folder: Path
    base: Release | None
    sources: dict[str, tuple[Source, ...]]


@contextmanager
def staged_release(created_by: str) -> Iterator[Stage]:
    """Write the next release; it is published when the block ends without an error.

    The folder already holds the files of the release in force, as hard links where the disk
    allows: a file in it is replaced, never changed in place. It starts empty while the sample is
    read, so that real and synthetic rows never stand in one release.
    """
    root = _releases_folder()
    root.mkdir(parents=True, exist_ok=True)
    base = current_release() if (root / "current").is_file() else None
    id_ = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%fZ")
    stage = Stage(id_, root / f".staging-{id_}", base, {})
    stage.folder.mkdir()
    try:
        if base is not None:
            _take_over(base, stage)
        yield stage
        write_manifest(
            stage.folder, id=id_, synthetic=False, created_by=created_by, sources=stage.sources
        )
        stage.folder.rename(root / id_)
    except BaseException:
        shutil.rmtree(stage.folder, ignore_errors=True)
        raise
    pointer = root / f".current-{id_}"
    pointer.write_text(id_ + "\n", encoding="utf-8")
    pointer.replace(root / "current")


def _take_over(base: Release, stage: Stage) -> None:
    for name, extract in base.extracts.items():
        (stage.folder / name).mkdir()
        stage.sources[name] = extract.sources
        for path in base.files(name):
            try:
                os.link(path, stage.folder / name / path.name)
            except OSError:
                shutil.copy2(path, stage.folder / name / path.name)
