"""A file into the next release: read, checked, merged and published, or refused as a whole."""

import getpass
import tempfile
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq

from brigade import house
from brigade.contracts import Contract, contract
from brigade.errors import InputError
from brigade.ingest.known import known_for
from brigade.ingest.mapping import find_mapping
from brigade.ingest.merge import Merged, merge
from brigade.ingest.outcome import Outcome, Rows
from brigade.ingest.plan import Plan, plan
from brigade.ingest.read import CsvFile, inspect
from brigade.ingest.rejects import keep_rejects, rejects_path
from brigade.ingest.report import VILLAGE, report
from brigade.ingest.take import LIMIT, Taken, incoming, take
from brigade.releases import Source, Stage, current_release, staged_release
from brigade.text import Text

PART = "part-0.parquet"
"""The file that holds the rows of an extract in a release that an import makes."""


def import_file(
    file: Path, extract: str, mapping: Path | None = None, limit: float = LIMIT
) -> Text:
    """Publish a release that holds the rows of a CSV; returns what happened, in words."""
    return report(import_for_outcome(file, extract, mapping, limit))


def import_for_outcome(
    file: Path, extract: str, mapping: Path | None = None, limit: float = LIMIT
) -> Outcome:
    """Publish a release that holds the rows of a CSV; returns what happened, as data.

    ``mapping`` is the path of a mapping file or the name of one that ships. Rows merge by key into
    the release in force; of a first import nothing of the sample remains. Raises
    :class:`InputError`, with nothing published, where the file can't be taken or more than
    ``limit`` per cent of its rows are rejected.
    """
    wanted = contract(extract)
    if wanted.made_by:
        parts = wanted.made_from
        raise InputError(
            Text(
                f"“{wanted.label.zh}”由 {'、'.join(parts)} 生成，请导入这些数据。",
                f"“{wanted.label.en}” is made from {', '.join(parts)}; import those.",
            )
        )
    csv = inspect(file)
    chosen = plan(csv, wanted, find_mapping(mapping, wanted))
    release = current_release()
    known = known_for(wanted, None if release.synthetic else release)
    house.data_folder().mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=house.data_folder(), prefix=".import-") as folder:
        taken = take(csv, chosen, known, Path(folder), limit)
        return _publish(csv, chosen, taken, Path(folder))


def _publish(csv: CsvFile, chosen: Plan, taken: Taken, folder: Path) -> Outcome:
    extract = chosen.extract
    rejects: Path | None = None
    try:
        with staged_release(_user()) as stage:
            if taken.rejected:
                rejects = rejects_path(f"{stage.id}-{extract.name}.csv")
                keep_rejects(taken.rejects, rejects)
            outcome = _with_merged(
                _read(csv, chosen, taken, rejects), _merge(stage, extract, folder)
            )
            stage.sources[extract.name] = (
                *stage.sources.get(extract.name, ()),
                _source(outcome),
            )
            no_village = extract.name == "villages" and not _has_village(stage.folder)
    except BaseException:
        if rejects is not None:
            rejects.unlink(missing_ok=True)
        raise
    return replace(outcome, release=stage.id, no_village=no_village)


def _read(csv: CsvFile, chosen: Plan, taken: Taken, rejects: Path | None) -> Outcome:
    """What there is to tell before the rows are merged."""
    return Outcome(
        release="",
        extract=chosen.extract.name,
        file=csv.path.name,
        sheet=csv.sheet,
        sha256=csv.sha256,
        mapping=chosen.mapping,
        rows=Rows(read=taken.read, rejected=taken.rejected),
        faults=taken.faults,
        doubts=taken.doubts,
        unused=tuple(chosen.headers[position] for position in chosen.unused),
        lacking=chosen.lacking,
        rejects=str(rejects) if rejects else None,
    )


def _with_merged(outcome: Outcome, merged: Merged) -> Outcome:
    """The same with what became of the rows; :class:`ReleaseError` where they don't add up."""
    rows = replace(
        outcome.rows,
        added=merged.added,
        replaced=merged.replaced,
        unchanged=merged.unchanged,
        repeated=merged.repeated,
        superseded=merged.superseded,
    )
    rows.add_up()
    return replace(
        outcome,
        rows=rows,
        changed=merged.changed,
        gaps=merged.gaps,
        date_only=merged.date_only,
        contradictions=merged.contradictions,
    )


def _merge(stage: Stage, extract: Contract, taken: Path) -> Merged:
    held = stage.base is not None and extract.name in stage.base.extracts
    base = stage.base.files(extract.name) if stage.base is not None and held else []
    folder = stage.folder / extract.name
    folder.mkdir(exist_ok=True)
    for path in folder.glob("*.parquet"):
        path.unlink()
    return merge(extract, incoming(taken), base, folder / PART, taken)


def _has_village(folder: Path) -> bool:
    """Whether any of a release's villages is one, and not a community or of no known kind."""
    with pq.ParquetFile(folder / "villages" / PART) as file:
        kinds = file.read(columns=["kind"])["kind"]
    return VILLAGE in kinds.unique().to_pylist()


def _source(outcome: Outcome) -> Source:
    """What the manifest says of an imported file."""
    rows = outcome.rows
    times = {f"{name}: time of day": count for name, count in outcome.date_only.items()}
    return Source(
        file=outcome.file,
        sha256=outcome.sha256,
        read=rows.read,
        accepted=rows.accepted,
        duplicates=rows.duplicates,
        rejected=rows.rejected,
        gaps={**outcome.gaps, **times},
        replaced=rows.replaced,
        changed=outcome.changed,
        rejects=Path(outcome.rejects).name if outcome.rejects else None,
    )


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "cli"
