"""A file into the next release: read, checked and merged, then published or thrown away.

``prepare`` does all that takes long and leaves a release that is not in force; a person may look
at its outcome for days, and the app be started anew meanwhile. ``publish`` puts it in force. If
another release came into force in between, the rows are merged anew into that one, and the outcome
says so: a refusal would only have the person do the same again, and the merge by key has one
answer. So no import can lose the rows of another.
"""

import getpass
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow.parquet as pq

from brigade.contracts import Contract, contract
from brigade.errors import InputError, ReleaseError
from brigade.ingest.by_year import PART
from brigade.ingest.keep import keep, kept
from brigade.ingest.known import known_for
from brigade.ingest.mapping import find_mapping
from brigade.ingest.merge import Merged, merge
from brigade.ingest.outcome import Outcome, Rows
from brigade.ingest.plan import Plan, plan
from brigade.ingest.read import AS_FOUND, Reading, Table, inspect
from brigade.ingest.rejects import keep_rejects, rejects_path
from brigade.ingest.report import VILLAGE, report
from brigade.ingest.take import LIMIT, Progress, Taken, incoming, take
from brigade.releases import (
    Change,
    Release,
    ReleasedExtract,
    Source,
    current_release,
    describe,
    staging,
)
from brigade.releases.folder import id_in_force
from brigade.releases.lock import Say
from brigade.releases.verify import check_sizes
from brigade.text import Text

RELEASE, AGAIN = "release", "again"
"""The folders of the release within an import's own: as prepared, and merged anew."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A release that is ready and not in force, with the outcome that it would have.

    ``id`` names it also to another process. ``base`` is the release that it was merged into, None
    where that is no more than the sample; ``described`` is what its manifest will say.
    """

    id: str
    base: str | None
    by: str
    outcome: Outcome
    described: Mapping[str, ReleasedExtract]


def import_file(file: Path, extract: str, mapping: Path | None = None) -> Text:
    """Publish a release that holds the rows of a file; returns what happened, in words."""
    return report(import_for_outcome(file, extract, mapping))


def import_for_outcome(
    file: Path,
    extract: str,
    mapping: Path | None = None,
    *,
    reading: Reading = AS_FOUND,
    limit: float = LIMIT,
    by: str | None = None,
    say: Say | None = None,
    ready: staging.Ready | None = None,
) -> Outcome:
    """Publish a release that holds the rows of a file; returns what happened, as data.

    ``mapping`` is the path of a mapping file or the name of one that is known, ``reading`` how the
    file is read, ``by`` who imports; ``say`` is told when another import has to be waited for,
    ``ready`` makes what the release is served from. Rows merge by key into the release in force; of
    a first import nothing of the sample remains. Raises
    :class:`InputError` where the file can't be taken or more than ``limit`` per cent of its rows
    are rejected, and :class:`ReleaseError` where a release can't be read or written, both with
    nothing published.
    """
    with _own_words(), staging.new_import(say) as folder:
        chosen = _planned(file, extract, mapping, reading)
        prepared = _prepared(folder, *chosen, limit, by or _user())
        return _published(folder, prepared, say, ready)


def prepare(
    file: Path,
    extract: str,
    mapping: Path | None = None,
    *,
    reading: Reading = AS_FOUND,
    limit: float = LIMIT,
    by: str | None = None,
    say: Say | None = None,
    progress: Progress | None = None,
) -> Prepared:
    """Make the same release without putting it in force; it waits to be published or discarded."""
    with _own_words(), staging.new_import(say) as folder:
        chosen = _planned(file, extract, mapping, reading)
        prepared = _prepared(folder, *chosen, limit, by or _user(), progress)
        keep(folder, prepared)
        return prepared


def publish(
    prepared: Prepared, say: Say | None = None, ready: staging.Ready | None = None
) -> Outcome:
    """Put a prepared release in force; where that fails it goes on waiting.

    The outcome differs from the one prepared when the rows had to be merged anew.
    """
    with _own_words(), staging.kept_import(prepared.id) as folder:
        return _published(folder, prepared, say, ready)


def discard(prepared: Prepared) -> None:
    """Throw a prepared release away; :class:`ReleaseError` where it is gone or being published."""
    staging.discard(prepared.id)


def prepared_imports() -> list[Prepared]:
    """The releases that wait to be published or discarded, oldest first."""
    found = (kept(folder, Prepared) for folder in staging.kept_imports())
    return [prepared for prepared in found if prepared is not None]


@contextmanager
def _own_words() -> Iterator[None]:
    """A full disk, or a folder that may not be written to, in a sentence."""
    try:
        yield
    except OSError as error:
        raise ReleaseError(
            Text(
                f"导入时读写文件失败（{error}），没有发布任何东西。"
                "请检查磁盘空间和文件夹权限后再导入。",
                f"Reading or writing a file failed during the import ({error}); nothing was "
                "published. See that the disk has room and the folder can be written to, and "
                "import again.",
            )
        ) from error


def _planned(
    file: Path, extract: str, mapping: Path | None, reading: Reading
) -> tuple[Table, Plan]:
    """What a file is and how its rows become those of an extract."""
    wanted = contract(extract)
    if wanted.made_by:
        parts = wanted.made_from
        raise InputError(
            Text(
                f"“{wanted.label.zh}”由 {'、'.join(parts)} 生成，请导入这些数据。",
                f"“{wanted.label.en}” is made from {', '.join(parts)}; import those.",
            )
        )
    table = inspect(file, reading)
    return table, plan(table, wanted, find_mapping(mapping, wanted))


def _prepared(
    folder: Path,
    table: Table,
    chosen: Plan,
    limit: float,
    by: str,
    progress: Progress | None = None,
) -> Prepared:
    """Read a file and merge its good rows into the release in force, in an import's own folder."""
    release = current_release()
    known = known_for(chosen.extract, None if release.synthetic else release)
    taken = take(table, chosen, known, folder, limit, progress)
    rejects = None
    if taken.rejected:
        name = f"{staging.import_id(folder)}-{chosen.extract.name}.csv"
        rejects = folder / staging.REJECTS / name
        keep_rejects(taken.rejects, rejects)
    return _staged(folder / RELEASE, _read(table, chosen, taken, rejects), by)


def _read(table: Table, chosen: Plan, taken: Taken, rejects: Path | None) -> Outcome:
    """What there is to tell before the rows are merged."""
    return Outcome(
        release="",
        extract=chosen.extract.name,
        file=table.path.name,
        sheet=table.sheet,
        sha256=table.sha256,
        mapping=chosen.mapping,
        rows=Rows(read=taken.read, rejected=taken.rejected),
        cleaned=taken.cleaned,
        faults=taken.faults,
        doubts=taken.doubts,
        unused=tuple(chosen.headers[position] for position in chosen.unused),
        lacking=chosen.lacking,
        findings=taken.findings,
        rejects=str(rejects) if rejects else None,
    )


def _staged(release: Path, read: Outcome, by: str) -> Prepared:
    """Make the next release in a folder, out of the one in force and the rows that were taken.

    Both the release's folder and that of the rows lie in the import's own.
    """
    base = current_release() if id_in_force() is not None else None
    extract = contract(read.extract)
    name = extract.name
    release.mkdir()
    before: Mapping[str, ReleasedExtract] = {}
    if base is not None:
        check_sizes(base)
        staging.take_over(base, release, without=name)
        before = base.extracts
    outcome = _with_merged(read, _merge(base, extract, release))
    described = {other: replace(held, change=None) for other, held in before.items()}
    described[name] = _described(release, outcome, before.get(name))
    return Prepared(
        id=staging.import_id(release.parent),
        base=base.folder.name if base is not None else None,
        by=by,
        outcome=replace(outcome, no_village=name == "villages" and not _has_village(release)),
        described=described,
    )


def _merge(base: Release | None, extract: Contract, release: Path) -> Merged:
    held = base.files(extract.name) if base is not None and extract.name in base.extracts else []
    own = release.parent
    (release / extract.name).mkdir()
    return merge(extract, incoming(own), held, release / extract.name, own)


def _with_merged(read: Outcome, merged: Merged) -> Outcome:
    """The same with what became of the rows; :class:`ReleaseError` where they don't add up."""
    rows = replace(
        read.rows,
        added=merged.added,
        replaced=merged.replaced,
        unchanged=merged.unchanged,
        repeated=merged.repeated,
        superseded=merged.superseded,
    )
    rows.add_up()
    return replace(
        read,
        rows=rows,
        changed=merged.changed,
        gaps=merged.gaps,
        date_only=merged.date_only,
        contradictions=merged.contradictions,
    )


def _described(release: Path, outcome: Outcome, before: ReleasedExtract | None) -> ReleasedExtract:
    """What the manifest says of the extract, and how its rows differ from those before."""
    source, rows = _source(outcome), outcome.rows
    sources = (*before.sources, source) if before is not None else (source,)
    now = describe(release, outcome.extract, sources)
    there = before.rows if before is not None else 0
    removed = there + rows.added - now.rows
    return replace(now, change=Change(rows.added, rows.replaced, removed))


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


def _published(
    folder: Path, prepared: Prepared, say: Say | None, ready: staging.Ready | None
) -> Outcome:
    """Put a prepared release in force, once it is this import's turn."""
    release = folder / RELEASE
    anew = False
    with staging.writing(say):
        # It also isn't there when an earlier try was cut short after it was moved away.
        if id_in_force() != prepared.base or not release.is_dir():
            for half in (release, folder / AGAIN):
                shutil.rmtree(half, ignore_errors=True)
            anew = id_in_force() != prepared.base
            release = folder / AGAIN
            prepared = _staged(release, prepared.outcome, prepared.by)
        staging.put(
            folder,
            release,
            base=prepared.base,
            created_by=prepared.by,
            described=prepared.described,
            ready=ready,
        )
    rejects = prepared.outcome.rejects
    if rejects is not None:
        rejects = str(rejects_path(Path(rejects).name))
    return replace(prepared.outcome, release=prepared.id, rejects=rejects, merged_anew=anew)


def _has_village(folder: Path) -> bool:
    """Whether any of a release's villages is one, and not a community or of no known kind."""
    with pq.ParquetFile(folder / "villages" / f"{PART}.parquet") as file:
        kinds = file.read(columns=["kind"])["kind"]
    return VILLAGE in kinds.unique().to_pylist()


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "cli"
