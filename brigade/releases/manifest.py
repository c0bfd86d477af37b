"""What a release is, and its manifest: written once, and read before anything else of it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

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
class Change:
    """What a release did to the rows of an extract, against the release it was made from."""

    added: int
    replaced: int
    removed: int


@dataclass(frozen=True, slots=True)
class ReleasedExtract:
    """What the manifest says of one extract: rows, first and last day, files by hash, sources.

    ``sizes`` are those of the files, in bytes; older manifests have none. ``change`` is None where
    the extract was taken over as it stood.
    """

    rows: int
    first: date | None
    last: date | None
    files: Mapping[str, str]
    sources: tuple[Source, ...] = ()
    sizes: Mapping[str, int] = field(default_factory=dict)
    change: Change | None = None


@dataclass(frozen=True, slots=True)
class Release:
    """One release as its manifest describes it; ``base`` is the one that it was made from."""

    id: str
    folder: Path
    synthetic: bool
    created_at: datetime
    created_by: str
    extracts: Mapping[str, ReleasedExtract]
    fingerprint: str
    base: str | None = None

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


def sha256(path: Path) -> str:
    """The hash of a file's content, as manifests have it."""
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
    files, sizes = {}, {}
    for path in sorted((folder / extract).glob("*.parquet")):
        count, low, high = _days(path, time)
        rows += count
        first = min((d for d in (first, low) if d), default=None)
        last = max((d for d in (last, high) if d), default=None)
        files[path.name] = sha256(path)
        sizes[path.name] = path.stat().st_size
    return ReleasedExtract(rows, first, last, files, sources, sizes)


def write_manifest(
    folder: Path,
    *,
    id: str,
    synthetic: bool,
    created_by: str,
    sources: Mapping[str, tuple[Source, ...]] | None = None,
    described: Mapping[str, ReleasedExtract] | None = None,
    base: str | None = None,
    created_at: datetime | None = None,
) -> None:
    """Write the manifest of a folder: every extract in it that isn't ``described`` is, now."""
    known = dict(described or {})
    for path in folder.iterdir():
        if path.is_dir() and path.name not in known and any(path.glob("*.parquet")):
            known[path.name] = describe(folder, path.name, (sources or {}).get(path.name, ()))
    manifest = {
        "id": id,
        "base": base,
        "synthetic": synthetic,
        "created_at": (created_at or datetime.now(UTC)).isoformat(),
        "created_by": created_by,
        "extracts": {name: _written(extract) for name, extract in sorted(known.items())},
    }
    text = json.dumps(manifest, ensure_ascii=False, indent=1)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")


def _written(extract: ReleasedExtract) -> dict[str, Any]:
    written = asdict(extract)
    for day in ("first", "last"):
        written[day] = written[day].isoformat() if written[day] else None
    if extract.change is None:
        del written["change"]
    return written


def _extract(raw: dict[str, Any]) -> ReleasedExtract:
    return ReleasedExtract(
        rows=raw["rows"],
        first=date.fromisoformat(raw["first"]) if raw["first"] else None,
        last=date.fromisoformat(raw["last"]) if raw["last"] else None,
        files=raw["files"],
        sources=tuple(Source(**source) for source in raw["sources"]),
        sizes=raw.get("sizes", {}),
        change=Change(**raw["change"]) if "change" in raw else None,
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
            base=raw.get("base"),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ReleaseError(
            Text(
                f"版本 {folder.name} 不在或已损坏（清单 {MANIFEST} 读不出来）。"
                "请换回上一个版本：brigade rollback",
                f"Release {folder.name} is gone or damaged (its {MANIFEST} can't be read). "
                "Go back to the release before: brigade rollback",
            )
        ) from error
