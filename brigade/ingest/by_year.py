"""The files of an extract in a release: one for each year, whose rows are in order."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from brigade.contracts import Contract
from brigade.ingest.values import ARROW

PART = "part-0"
"""The name of the one file of an extract whose rows have no time of their own."""

ROW = "_row"
"""The column of an accepted row's number in its file."""

UNDATED = "undated"
"""The name of the file of rows whose time isn't known."""

_ROWS_A_GROUP = 122_880
_ROWS_A_PAGE = 2 * _ROWS_A_GROUP


def order_of(extract: Contract) -> list[str]:
    """The columns that the rows of an extract are in the order of."""
    # The time of a crash's parties is the crash's, and in no file of theirs.
    stored = {column.name for column in extract.stored_columns}
    return list(dict.fromkeys(n for n in (extract.time or "", *extract.key) if n in stored))


def schema_of(extract: Contract) -> pa.Schema:
    """The columns of a file."""
    return pa.schema([(c.name, ARROW[c.type]) for c in extract.stored_columns])


class Writer:
    """Writes one Parquet file, some rows at a time; columns may be dictionary-encoded.

    ``order`` are the columns that its rows are in the order of.

    Closes it at the end of a ``with`` block; ``path`` is there once a row was added.
    """

    def __init__(self, path: Path, order: Sequence[str] = (), compression: str = "zstd") -> None:
        self.path = path
        self._order = order
        self.metadata: dict[str, str] = {}
        self._compression = compression
        self._file: pq.ParquetWriter | None = None
        self._waiting: list[pa.Table] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if kind is None:
                self._write()
        finally:
            if self._file is not None:
                self._file.add_key_value_metadata(self.metadata)
                self._file.close()

    def add(self, rows: pa.Table) -> None:
        """Add rows after those added before, with the same columns."""
        self._waiting.append(rows)
        if sum(len(table) for table in self._waiting) >= _ROWS_A_GROUP:
            self._write()

    def _write(self) -> None:
        if not self._waiting:
            return
        rows = pa.concat_tables(self._waiting).unify_dictionaries()
        self._waiting = []
        if self._file is None:
            encoded = [one.name for one in rows.schema if pa.types.is_dictionary(one.type)]
            texts = [one.name for one in rows.schema if pa.types.is_string(one.type)]
            self._file = pq.ParquetWriter(
                self.path,
                rows.schema,
                compression=self._compression,
                # Of other columns it would be tried first and given up.
                use_dictionary=encoded or texts,
                # The steps between times or numbers in order are small.
                column_encoding=dict.fromkeys(_rising(rows.schema), "DELTA_BINARY_PACKED"),
                # The least and greatest text of a column in no order help nobody.
                write_statistics=list(self._order) if self._order else True,
                # Else they would be read as dictionaries, of another type than other files' texts.
                store_schema=False,
                # Each page is compressed by itself, and its codes are counted anew.
                max_rows_per_page=_ROWS_A_PAGE,
            )
        self._file.write_table(rows, row_group_size=_ROWS_A_PAGE)


def _rising(schema: pa.Schema) -> list[str]:
    return [one.name for one in schema if pa.types.is_timestamp(one.type) or one.name == ROW]


class ByYear:
    """Writes rows that come in order to the files of an extract in a release, one at least."""

    def __init__(self, folder: Path, extract: Contract) -> None:
        self._folder = folder
        self._schema = schema_of(extract)
        self._order = order_of(extract)
        self._time = next((n for n in self._order if n == extract.time), None)
        self._open = ExitStack()
        self._writer: Writer | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None and self._writer is None:
            self.add_to(PART, self._schema.empty_table())
        self._open.__exit__(kind, error, trace)

    def add(self, rows: pa.Table) -> None:
        """Add rows that follow those added before."""
        for name, part in self._by_name(rows):
            self.add_to(name, part)

    def add_to(self, name: str, rows: pa.Table) -> None:
        """Add rows to the file of that name, which is the last or a new one."""
        path = self._folder / f"{name}.parquet"
        if self._writer is None or self._writer.path != path:
            self._open.close()
            self._writer = self._open.enter_context(Writer(path, self._order))
        self._writer.add(rows)

    def _by_name(self, rows: pa.Table) -> Iterator[tuple[str, pa.Table]]:
        if self._time is None:
            yield PART, rows
            return
        times = rows[self._time]
        bounds = pc.min_max(times).as_py()
        first, last = bounds["min"], bounds["max"]
        if first and not times.null_count and first.year == last.year:
            yield f"{first.year}", rows
            return
        years = pc.year(times).combine_chunks()
        start = 0
        for run in years.value_counts().to_pylist():
            year = run["values"]
            yield UNDATED if year is None else f"{year}", rows.slice(start, run["counts"])
            start += run["counts"]
