"""A file into the next release: read, checked and merged, then published or thrown away.

``prepare`` does all that takes long and leaves a release that is not in force; a person may look
at its outcome for days, and the app be started anew meanwhile. ``publish`` puts it in force. If
another release came into force in between, the rows are merged anew into that one, and the outcome
says so: a refusal would only have the person do the same again, and the merge by key has one
answer. So no import can lose the rows of another.
"""

import getpass
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from brigade.contracts import Contract, contract
from brigade.errors import InputError, ReleaseError
from brigade.ingest.keep import keep, kept
from brigade.ingest.mapping import find_mapping
from brigade.ingest.merge import Merged, merge
from brigade.ingest.plan import Plan, plan
from brigade.ingest.read import Batch, CsvFile, batches, inspect
from brigade.ingest.rejects import write_rejects
from brigade.ingest.report import VILLAGE, Outcome, refusal, report
from brigade.ingest.validate import Rejected, check
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
from brigade.text import SYNTHETIC, Text

REFUSED_ABOVE = 1
"""The percentage of rejected rows above which a file is refused as a whole."""

PART = "part-0.parquet"
"""The file that holds the rows of an extract in a release that an import makes."""


RELEASE, AGAIN = "release", "again"
"""The folders of the release within an import's own: as prepared, and merged anew."""

INCOMING = "incoming.parquet"
"""The file of the rows that were read without a fault, kept to be merged anew if need be."""

Progress = Callable[[int, int], None]
"""Told how many rows are read, of about how many; what it raises ends the import without trace."""


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


def import_file(
    file: Path,
    extract: str,
    mapping: Path | None = None,
    *,
    by: str | None = None,
    say: Say | None = None,
) -> Text:
    """Publish a release that holds the rows of a file; returns what happened, in words.

    ``mapping`` is the path of a mapping file or the name of one that ships, ``by`` who imports,
    ``say`` is told when another import has to be waited for. Rows merge by key into the release in
    force; of a first import nothing of the sample remains. Raises :class:`InputError` where the
    file can't be taken and :class:`ReleaseError` where a release can't be read or written, both
    with nothing published.
    """
    with _own_words(), staging.new_import(say) as folder:
        prepared = _prepared(folder, file, extract, mapping, by or _user())
        return report(_published(folder, prepared, say))


def prepare(
    file: Path,
    extract: str,
    mapping: Path | None = None,
    *,
    by: str | None = None,
    say: Say | None = None,
    progress: Progress | None = None,
) -> Prepared:
    """Make the same release without putting it in force; it waits to be published or discarded."""
    with _own_words(), staging.new_import(say) as folder:
        prepared = _prepared(folder, file, extract, mapping, by or _user(), progress)
        keep(folder, prepared)
        return prepared


def publish(prepared: Prepared, say: Say | None = None) -> Outcome:
    """Put a prepared release in force; where that fails it goes on waiting.

    The outcome differs from the one prepared when the rows had to be merged anew.
    """
    with _own_words(), staging.kept_import(prepared.id) as folder:
        return _published(folder, prepared, say)


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


def _prepared(
    folder: Path,
    file: Path,
    extract: str,
    mapping: Path | None,
    by: str,
    progress: Progress | None = None,
) -> Prepared:
    """Read a file and merge its good rows into the release in force, in an import's own folder."""
    wanted = _importable(extract)
    csv = inspect(file)
    chosen = plan(csv, wanted, find_mapping(mapping, wanted))
    taken = _take(csv, chosen, folder / INCOMING, progress)
    rejects = None
    if taken.rejected:
        name = f"{staging.import_id(folder)}-{extract}.csv"
        rejects = folder / staging.REJECTS / name
        write_rejects(rejects, csv, taken.rejected)
    read = Source(csv.path.name, csv.sha256, taken.read, 0, 0, len(taken.rejected))
    return _staged(folder / RELEASE, chosen, read, rejects, by)


def _importable(extract: str) -> Contract:
    wanted = contract(extract)
    if wanted.made_by:
        parts = wanted.made_from
        raise InputError(
            Text(
                f"“{wanted.label.zh}”由 {'、'.join(parts)} 生成，请导入这些数据。",
                f"“{wanted.label.en}” is made from {', '.join(parts)}; import those.",
            )
        )
    return wanted


@dataclass(slots=True)
class _Taken:
    """How many rows were read, and those rejected."""

    read: int = 0
    rejected: list[Rejected] = field(default_factory=list)


def _take(csv: CsvFile, chosen: Plan, incoming: Path, progress: Progress | None = None) -> _Taken:
    """Write the good rows of a file to ``incoming``; :class:`InputError` above the limit."""
    taken = _Taken()
    writer: pq.ParquetWriter | None = None
    try:
        for batch in batches(csv):
            _refuse_sample(csv, chosen, batch)
            checked = check(batch, chosen)
            taken.read += checked.table.num_rows + len(checked.rejected)
            taken.rejected += checked.rejected
            if progress is not None:
                progress(taken.read, max(taken.read, csv.lines))
            # No more rows than lines: beyond this the limit can't be kept any more.
            if len(taken.rejected) * 100 > REFUSED_ABOVE * csv.lines:
                break
            writer = writer or pq.ParquetWriter(incoming, checked.table.schema)
            writer.write_table(checked.table)
    finally:
        if writer is not None:
            writer.close()
    if len(taken.rejected) * 100 > REFUSED_ABOVE * taken.read:
        raise refusal(csv.path.name, taken.read, taken.rejected, REFUSED_ABOVE)
    return taken


def _refuse_sample(csv: CsvFile, chosen: Plan, batch: Batch) -> None:
    """A CSV that the app made from its sample says so in every row; it must not pass for real."""
    marks = pa.array([SYNTHETIC.zh, SYNTHETIC.en])
    for position in chosen.unused:
        if pc.any(pc.is_in(batch.cells[position], marks)).as_py():
            raise InputError(
                Text(
                    f"文件 {csv.path.name} 是从示例数据导出的（列“{csv.headers[position]}”），"
                    "不能当作真实数据导入。",
                    f"File {csv.path.name} was made from the sample data (column "
                    f"“{csv.headers[position]}”); it can't be imported as real data.",
                )
            )


def _staged(release: Path, chosen: Plan, read: Source, rejects: Path | None, by: str) -> Prepared:
    """Make the next release in a folder, out of the one in force and the rows that were taken.

    ``read`` says what was read of the file and rejected; both folders lie in the import's own.
    """
    base = current_release() if id_in_force() is not None else None
    name = chosen.extract.name
    release.mkdir()
    before: Mapping[str, ReleasedExtract] = {}
    if base is not None:
        check_sizes(base)
        staging.take_over(base, release, without=name)
        before = base.extracts
    merged = _merge(base, chosen.extract, release)
    source = _counted(read, merged)
    described = {other: replace(held, change=None) for other, held in before.items()}
    described[name] = _described(release, name, before.get(name), source, merged)
    no_village = name == "villages" and not _has_village(release)
    return Prepared(
        id=staging.import_id(release.parent),
        base=base.folder.name if base is not None else None,
        by=by,
        outcome=Outcome("", chosen, source, merged, rejects, no_village),
        described=described,
    )


def _merge(base: Release | None, extract: Contract, release: Path) -> Merged:
    held = base.files(extract.name) if base is not None and extract.name in base.extracts else []
    own = release.parent
    (release / extract.name).mkdir()
    return merge(extract, own / INCOMING, held, release / extract.name / PART, own)


def _counted(read: Source, merged: Merged) -> Source:
    times = {f"{name}: time of day": rows for name, rows in merged.date_only.items()}
    return replace(
        read,
        accepted=merged.accepted,
        duplicates=read.read - read.rejected - merged.accepted,
        gaps={**merged.gaps, **times},
    )


def _described(
    release: Path, extract: str, before: ReleasedExtract | None, source: Source, merged: Merged
) -> ReleasedExtract:
    """What the manifest says of the extract, and how its rows differ from those before."""
    sources = (*before.sources, source) if before is not None else (source,)
    now = describe(release, extract, sources)
    added = merged.accepted - merged.replaced
    there = before.rows if before is not None else 0
    return replace(now, change=Change(added, merged.replaced, there + added - now.rows))


def _published(folder: Path, prepared: Prepared, say: Say | None) -> Outcome:
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
            done = prepared.outcome
            prepared = _staged(release, done.plan, done.source, done.rejects, prepared.by)
        staging.put(
            folder,
            release,
            base=prepared.base,
            created_by=prepared.by,
            described=prepared.described,
        )
    rejects = prepared.outcome.rejects
    if rejects is not None:
        rejects = staging.rejects_folder() / rejects.name
    return replace(prepared.outcome, release=prepared.id, rejects=rejects, merged_anew=anew)


def _has_village(folder: Path) -> bool:
    """Whether any of a release's villages is one, and not a community or of no known kind."""
    with pq.ParquetFile(folder / "villages" / PART) as file:
        kinds = file.read(columns=["kind"])["kind"]
    return VILLAGE in kinds.unique().to_pylist()


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "cli"
