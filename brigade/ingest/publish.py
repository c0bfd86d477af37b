"""A file into the next release: read, checked, merged and published, or refused as a whole."""

import getpass
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from brigade import house
from brigade.contracts import Contract, contract
from brigade.errors import InputError
from brigade.ingest.mapping import find_mapping
from brigade.ingest.merge import Merged, merge
from brigade.ingest.plan import Plan, plan
from brigade.ingest.read import Batch, Seen, Table, batches, inspect
from brigade.ingest.rejects import write_rejects
from brigade.ingest.report import VILLAGE, Outcome, refusal, report
from brigade.ingest.validate import Rejected, check
from brigade.releases import Source, Stage, staged_release
from brigade.text import SYNTHETIC, Text

REFUSED_ABOVE = 1
"""The percentage of rejected rows above which a file is refused as a whole."""

PART = "part-0.parquet"
"""The file that holds the rows of an extract in a release that an import makes."""


def import_file(
    file: Path,
    extract: str,
    mapping: Path | None = None,
    *,
    sheet: str | None = None,
    encoding: str | None = None,
    separator: str | None = None,
    header_row: int | None = None,
) -> Text:
    """Publish a release that holds the rows of a file; returns what happened, in words.

    ``mapping`` is the path of a mapping file or the name of one that ships; sheet, encoding,
    separator and the row of the headers are found out if not given. Rows merge by key into
    the release in force; of a first import nothing of the sample remains. Raises
    :class:`InputError`, with nothing published, where the file can't be taken.
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
    csv = inspect(file, sheet, encoding=encoding, separator=separator, header_row=header_row)
    chosen = plan(csv, wanted, find_mapping(mapping, wanted))
    house.data_folder().mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=house.data_folder(), prefix=".import-") as folder:
        incoming = Path(folder) / "incoming.parquet"
        taken = _take(csv, chosen, incoming)
        return _publish(csv, chosen, taken, incoming)


@dataclass(slots=True)
class _Taken:
    """How many rows were read, those rejected, and what was seen beside them."""

    seen: Seen
    read: int = 0
    rejected: list[Rejected] = field(default_factory=list)


def _take(csv: Table, chosen: Plan, incoming: Path) -> _Taken:
    """Write the good rows of a file to ``incoming``; :class:`InputError` above the limit."""
    taken = _Taken(Seen(csv))
    writer: pq.ParquetWriter | None = None
    try:
        for batch in batches(csv):
            taken.seen.add(batch)
            _refuse_sample(csv, chosen, batch)
            checked = check(batch, chosen)
            taken.read += checked.table.num_rows + len(checked.rejected)
            taken.rejected += checked.rejected
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


def _refuse_sample(csv: Table, chosen: Plan, batch: Batch) -> None:
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


def _publish(csv: Table, chosen: Plan, taken: _Taken, incoming: Path) -> Text:
    extract = chosen.extract
    rejects: Path | None = None
    try:
        with staged_release(_user()) as stage:
            merged = _merge(stage, extract, incoming)
            source = _source(csv, taken, merged)
            stage.sources[extract.name] = (*stage.sources.get(extract.name, ()), source)
            no_village = extract.name == "villages" and not _has_village(stage.folder)
            if taken.rejected:
                rejects = house.data_folder() / "rejects" / f"{stage.id}-{extract.name}.csv"
                write_rejects(rejects, csv, taken.rejected)
    except BaseException:
        if rejects is not None:
            rejects.unlink(missing_ok=True)
        raise
    findings = taken.seen.findings()
    return report(Outcome(stage.id, chosen, source, merged, rejects, no_village, findings))


def _merge(stage: Stage, extract: Contract, incoming: Path) -> Merged:
    held = stage.base is not None and extract.name in stage.base.extracts
    base = stage.base.files(extract.name) if stage.base is not None and held else []
    folder = stage.folder / extract.name
    folder.mkdir(exist_ok=True)
    for path in folder.glob("*.parquet"):
        path.unlink()
    return merge(extract, incoming, base, folder / PART, incoming.parent)


def _has_village(folder: Path) -> bool:
    """Whether any of a release's villages is one, and not a community or of no known kind."""
    with pq.ParquetFile(folder / "villages" / PART) as file:
        kinds = file.read(columns=["kind"])["kind"]
    return VILLAGE in kinds.unique().to_pylist()


def _source(csv: Table, taken: _Taken, merged: Merged) -> Source:
    rejected = len(taken.rejected)
    times = {f"{name}: time of day": rows for name, rows in merged.date_only.items()}
    return Source(
        file=csv.path.name,
        sha256=csv.sha256,
        read=taken.read,
        accepted=merged.accepted,
        duplicates=taken.read - rejected - merged.accepted,
        rejected=rejected,
        gaps={**merged.gaps, **times},
    )


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "cli"
