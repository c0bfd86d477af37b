"""The good rows of a file between reading and merging.

They are written as the files of a release at once, and their marks (row numbers, times of which
only the date is known) beside them: rows that come in order into a release that has none of their
extract are then merged already.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from brigade.contracts import Contract
from brigade.ingest.by_year import ByYear, Writer, order_of, schema_of
from brigade.ingest.read import decoded
from brigade.releases.staging import link_or_copy

_MARKS = "marks.parquet"
_OUT_OF_ORDER = "out-of-order"


class IncomingWriter:
    """Writes the good rows of a file to a folder of their own, as they come."""

    def __init__(self, folder: Path, extract: Contract) -> None:
        self._schema = schema_of(extract)
        self._given: list[str] = []
        self._nulls: Counter[str] = Counter()
        self._in_order = _Rising(order_of(extract))
        self._by_key = _Rising(extract.key)
        self._open = ExitStack()
        self._files = ByYear(folder, extract)
        self._marks = Writer(folder / _MARKS)

    def __enter__(self) -> Self:
        self._open.enter_context(self._files)
        self._open.enter_context(self._marks)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        told = {"given": self._given, "by_key": self._by_key.so_far, "nulls": self._nulls}
        self._marks.metadata = {name: json.dumps(value) for name, value in told.items()}
        self._open.__exit__(kind, error, trace)

    def add(self, rows: pa.Table) -> None:
        """Add rows: columns of the extract, and others, which are marks."""
        self._given = [name for name in self._schema.names if name in rows.column_names]
        self._marks.add(rows.drop_columns(self._given))
        self._by_key.add(rows)
        nothing = {
            one.name: pa.nulls(len(rows), one.type)
            for one in self._schema
            if one.name not in self._given
        }
        columns = {
            name: nothing[name] if name in nothing else rows[name] for name in self._schema.names
        }
        self._nulls.update({name: column.null_count for name, column in columns.items()})
        if self._in_order.add(rows):
            self._files.add(pa.table(columns))
        else:
            self._files.add_to(_OUT_OF_ORDER, pa.table(columns))


class _Rising:
    """Whether rows come in the order of some columns, no two the same and none without a value."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = list(names)
        self._last: pa.Table | None = None
        self.so_far = True

    def add(self, rows: pa.Table) -> bool:
        """Look at the next rows as well."""
        if not self.so_far or not len(rows):
            return self.so_far
        columns = {name: decoded(rows[name].combine_chunks()) for name in self._names}
        own = pa.table(columns)
        seen = own if self._last is None else pa.concat_tables([self._last, own])
        self._last = own.slice(len(own) - 1)
        rising = pa.array(np.zeros(len(seen) - 1, bool))
        same = pc.invert(rising)
        for column in seen.columns:
            values = column.combine_chunks()
            one, next_ = values[:-1], values[1:]
            rising = pc.or_(rising, pc.and_(same, pc.greater(next_, one)))
            same = pc.and_(same, pc.equal(next_, one))
        none = any(column.null_count for column in own.columns)
        self.so_far = not none and pc.all(rising, min_count=0).as_py()
        return self.so_far


@dataclass(frozen=True, slots=True)
class Incoming:
    """The good rows of a file as they were written.

    ``files`` have them in the order of the file, ``given`` are the columns that it has. They are
    ``in_order`` if they are the files of a release already, but for keys that may stand twice;
    ``by_key`` says that none does. ``nulls`` counts the rows without a value by column.
    """

    files: Sequence[Path]
    marks: Path
    given: Sequence[str]
    by_key: bool
    nulls: Mapping[str, int]

    @property
    def in_order(self) -> bool:
        """Whether the rows came in the order in which a release has them."""
        return self.files[-1].stem != _OUT_OF_ORDER

    def link(self, folder: Path) -> None:
        """Make the files those of a release, which are never changed in place."""
        for path in self.files:
            link_or_copy(path, folder / path.name)

    def rows(self) -> Iterator[pa.Table]:
        """The rows with their marks."""
        marks = pq.read_table(self.marks)  # a few bytes of each row
        for path in self.files:
            with pq.ParquetFile(path) as file:
                for group in range(file.num_row_groups):
                    rows = file.read_row_group(group, list(self.given))
                    beside, marks = marks.slice(0, len(rows)), marks.slice(len(rows))
                    for name, column in zip(beside.column_names, beside.columns, strict=True):
                        rows = rows.append_column(name, column)
                    yield rows


def read_incoming(folder: Path) -> Incoming:
    """What was written to a folder."""
    marks = folder / _MARKS
    metadata = pq.read_metadata(marks).metadata
    told = {name: json.loads(metadata[name.encode()]) for name in ("given", "by_key", "nulls")}
    files = [path for path in folder.glob("*.parquet") if path != marks]
    files.sort(key=lambda path: (path.stem == _OUT_OF_ORDER, path.name))
    return Incoming(files, marks, **told)
