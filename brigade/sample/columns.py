"""From drawn numbers to columns, and from columns to Parquet."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import ArrayLike

from brigade.sample.draw import Bools, Floats, Ints, Times

Columns = Mapping[str, pa.Array]

_ROWS_A_GROUP = 130_000


def words(
    values: Sequence[str] | pa.Array, codes: ArrayLike, known: Bools | None = None
) -> pa.Array:
    """A text column: for each row the value with that number, null where not known."""
    missing = None if known is None else ~known
    indices = pa.array(np.asarray(codes).astype(np.int32), mask=missing)
    return pa.DictionaryArray.from_arrays(indices, pa.array(values, pa.string())).cast(pa.string())


def texts(values: Sequence[str | None]) -> pa.Array:
    """A text column of a small extract."""
    return pa.array(values, pa.string())


def ids(prefix: str, numbers: Ints, width: int) -> pa.Array:
    """Keys such as V1700000001: a prefix and a number filled up with zeros."""
    digits = pc.utf8_lpad(pa.array(numbers).cast(pa.string()), width, "0")
    return pc.binary_join_element_wise(prefix, digits, "")


def whole(values: ArrayLike, known: Bools | None = None) -> pa.Array:
    """A column of whole numbers."""
    return pa.array(np.asarray(values).astype(np.int32), mask=None if known is None else ~known)


def measures(values: Floats, known: Bools | None = None) -> pa.Array:
    """A column of measured numbers."""
    return pa.array(values.astype(float), mask=None if known is None else ~known)


def dates(days: Times, known: Bools | None = None) -> pa.Array:
    """A column of dates."""
    return pa.array(days.astype("datetime64[D]"), mask=None if known is None else ~known)


def times(moments: Times, known: Bools | None = None) -> pa.Array:
    """A column of times without zone."""
    return pa.array(moments.astype("datetime64[us]"), mask=None if known is None else ~known)


def flags(values: Bools, known: Bools | None = None) -> pa.Array:
    """A column of yes and no."""
    return pa.array(values, mask=None if known is None else ~known)


def unknown(kind: pa.DataType, rows: int) -> pa.Array:
    """A column of nulls."""
    return pa.nulls(rows, kind)


class Part:
    """One Parquet file of an extract, written a stretch of rows at a time."""

    def __init__(self, folder: Path, extract: str, name: str, keys: Sequence[str]) -> None:
        self._path = folder / extract / f"{name}.parquet"
        self._keys = keys
        self._writer: pq.ParquetWriter | None = None
        self._waiting: list[pa.Table] = []

    def add(self, columns: Columns) -> None:
        """Add rows that follow those added before."""
        self._waiting.append(pa.table(dict(columns)))
        if sum(table.num_rows for table in self._waiting) >= _ROWS_A_GROUP:
            self._flush()

    def __enter__(self) -> Self:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None:
            self._flush()
        if self._writer is not None:
            self._writer.close()

    def _flush(self) -> None:
        if not self._waiting:
            return
        table = pa.concat_tables(self._waiting).combine_chunks()
        self._waiting = []
        if self._writer is None:
            self._writer = pq.ParquetWriter(self._path, table.schema, **self._encoding(table))
        self._writer.write_table(table, row_group_size=_ROWS_A_GROUP)

    def _encoding(self, table: pa.Table) -> dict[str, object]:
        """Keys and times rise from row to row and are stored by difference, the rest by value."""
        differences = dict.fromkeys(self._keys, "DELTA_BYTE_ARRAY")
        for field in table.schema:
            if pa.types.is_timestamp(field.type):
                differences[field.name] = "DELTA_BINARY_PACKED"
        return {
            "compression": "zstd",
            "compression_level": 12,
            "use_dictionary": [name for name in table.column_names if name not in differences],
            "column_encoding": differences,
        }


def write(folder: Path, extract: str, columns: Columns, *, keys: Sequence[str] = ()) -> None:
    """Write an extract of one part; `keys` are its unique texts, which rise from row to row."""
    with Part(folder, extract, "part", keys) as part:
        part.add(columns)
