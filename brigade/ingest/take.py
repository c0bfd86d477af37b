"""The rows of a file, checked one batch after the other: the good ones kept, the others listed."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from brigade.contracts import Contract
from brigade.errors import InputError
from brigade.ingest.ahead import ahead, at_once
from brigade.ingest.changes import Change, added, describe
from brigade.ingest.incoming import IncomingWriter
from brigade.ingest.known import Known
from brigade.ingest.memory import keep_memory
from brigade.ingest.outcome import Cleaned, Doubtful, Faulty
from brigade.ingest.plan import Plan
from brigade.ingest.read import Batch, Finding, Seen, Table, batches, decoded
from brigade.ingest.rejects import RejectsWriter
from brigade.ingest.report import refusal
from brigade.ingest.validate import Checked, Doubt, Rejected, check
from brigade.text import SYNTHETIC, Text

LIMIT = 1.0
"""The percentage of rejected rows above which a file is refused as a whole, if none is chosen."""

Progress = Callable[[int, int], None]
"""Told how many rows are read, of about how many; what it raises ends the import without trace."""

_EXAMPLES = 3
_VALUES = 10_000


@dataclass(slots=True)
class Taken:
    """What was found in the rows of a file: how many were read, how many rejected and why.

    ``rejects`` holds the list of the rejected rows, where there are any.
    """

    rejects: Path
    seen: Seen
    extract: Contract
    read: int = 0
    rejected: int = 0
    examples: list[Rejected] = field(default_factory=list)
    _cleaned: dict[str, tuple[Change, ...]] = field(default_factory=dict)
    _faults: Counter[tuple[str, str, Text]] = field(default_factory=Counter)
    _doubts: dict[tuple[str, str], Doubt] = field(default_factory=dict)
    _doubted: Counter[tuple[str, str]] = field(default_factory=Counter)

    @property
    def faults(self) -> Sequence[Faulty]:
        """Why rows were rejected, the most frequent first; a row counts for each of its faults."""
        return [Faulty(*key, rows) for key, rows in self._faults.most_common()]

    @property
    def doubts(self) -> Sequence[Doubtful]:
        """What was found in rows that were taken all the same."""
        return [
            Doubtful(
                one.column,
                one.check,
                one.reason,
                self._doubted[key],
                tuple(value for value, _ in Counter(one.values).most_common(_EXAMPLES)),
                tuple(one.rows),
            )
            for key, one in self._doubts.items()
        ]

    @property
    def cleaned(self) -> Sequence[Cleaned]:
        """What was read otherwise than it stands, by column; without an example of what is
        personal, since whoever opens the page of imports reads it."""
        return [
            Cleaned(
                name,
                one.kind.name.lower(),
                one.cells,
                describe(one, example=not self.extract.columns[name].personal),
            )
            for name, changes in self._cleaned.items()
            for one in changes
        ]

    @property
    def findings(self) -> Sequence[Finding]:
        """What was found out about the file, or left aside in it."""
        return self.seen.findings()

    def add_cleaned(self, changes: Mapping[str, tuple[Change, ...]]) -> None:
        """Count what was changed in the cells of a batch."""
        for name, change in changes.items():
            self._cleaned[name] = added(self._cleaned.get(name, ()), change)

    def add_rejected(self, rejected: Sequence[Rejected]) -> None:
        """Count some rejected rows and their faults."""
        self.rejected += len(rejected)
        self.examples += rejected[: _EXAMPLES - len(self.examples)]
        for one in rejected:
            self._faults.update((f.column, f.check, f.reason) for f in one.faults)

    def add_doubt(self, doubt: Doubt) -> None:
        """Count what a batch was doubted for with what was before."""
        key = (doubt.column, doubt.check)
        before = self._doubts.get(key)
        values = Counter(before.values if before else {}) + Counter(doubt.values)
        if len(values) > _VALUES:  # only the frequent ones are shown
            values = Counter(dict(values.most_common(_VALUES // 2)))
        rows = [*(before.rows if before else ()), *doubt.rows][:_EXAMPLES]
        self._doubts[key] = Doubt(doubt.column, doubt.check, doubt.reason, values, rows)
        self._doubted[key] += sum(doubt.values.values())


def take(
    file: Table,
    plan: Plan,
    known: Known,
    folder: Path,
    limit: float = LIMIT,
    progress: Progress | None = None,
) -> Taken:
    """Write the good rows of a file to ``folder`` as :func:`incoming`, the others as a list.

    Raises :class:`InputError` where more than ``limit`` per cent of the rows are rejected, or they
    are those of the sample.
    """
    keep_memory()
    taken = Taken(folder / "rejects.csv", Seen(file), plan.extract)
    incoming(folder).mkdir()
    with ExitStack() as files:
        name, sheet = file.path.name, file.sheet
        rejects = files.enter_context(RejectsWriter(taken.rejects, name, sheet, file.headers))
        written = files.enter_context(IncomingWriter(incoming(folder), plan.extract))
        for batch, checked in ahead(_checked(file, plan, known)):
            taken.seen.add(batch)
            taken.read += len(batch.rows) + len(batch.malformed)
            taken.add_rejected(checked.rejected)
            rejects.add(checked.rejected)
            taken.add_cleaned(checked.changes)
            for doubt in checked.doubts:
                taken.add_doubt(doubt)
            if progress is not None:
                progress(taken.read, max(taken.read, file.lines))
            # No more rows than lines: beyond this the limit can't be kept any more.
            if taken.rejected * 100 > limit * file.lines:
                break
            written.add(checked.table)
    if taken.rejected * 100 > limit * taken.read:
        raise refusal(name, taken.read, taken.rejected, taken.faults, taken.examples, limit)
    return taken


def _checked(file: Table, plan: Plan, known: Known) -> Iterator[tuple[Batch, Checked]]:
    """The rows of a file, checked, several batches at once."""

    def looked_at(batch: Batch) -> tuple[Batch, Checked]:
        _refuse_sample(file, plan, batch)
        return batch, check(batch, plan, known)

    return at_once(looked_at, batches(file))


def incoming(folder: Path) -> Path:
    """Where the good rows of a file are written before they are merged."""
    return folder / "incoming"


def _refuse_sample(file: Table, plan: Plan, batch: Batch) -> None:
    """A CSV that the app made from its sample says so in every row; it must not pass for real."""
    marks = pa.array([SYNTHETIC.zh, SYNTHETIC.en])
    for position in plan.unused:
        if pc.any(pc.is_in(decoded(batch.cells[position]), marks)).as_py():
            raise InputError(
                Text(
                    f"文件 {file.path.name} 是从示例数据导出的（列“{file.headers[position]}”），"
                    "不能当作真实数据导入。",
                    f"File {file.path.name} was made from the sample data (column "
                    f"“{file.headers[position]}”); it can't be imported as real data.",
                )
            )
