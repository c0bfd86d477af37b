"""Parquet files: their columns as text that gives the same values back."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from brigade.ingest.read.excel import number_text
from brigade.ingest.read.rows import batch
from brigade.ingest.read.table import Batch, Finding, Table
from brigade.ingest.read.wanting import no_rows, unreadable
from brigade.text import Text

_ROWS = 64 << 10

_PLAIN = (
    pa.types.is_integer,
    pa.types.is_date,
    pa.types.is_decimal,
    pa.types.is_string,
    pa.types.is_large_string,
    pa.types.is_time,
)
"""Types of which Arrow's own text is what is wanted."""


def inspect_parquet(table: Table) -> Table:
    """What a Parquet file is taken for; its rows are numbered from 1, without one of headers."""
    with _file(table.path) as file:
        rows, names = file.metadata.num_rows, tuple(file.schema_arrow.names)
    if not rows or not names:
        raise no_rows(table.path.name)
    taken = Finding("taken", Text("按 Parquet 文件读取。", "Read as a Parquet file."))
    return replace(
        table, kind="parquet", headers=names, header_row=0, lines=rows, findings=(taken,)
    )


def parquet_batches(table: Table) -> Iterator[Batch]:
    """The rows of a Parquet file, some thousands at a time, in order."""
    number = 1
    with _file(table.path) as file:
        try:
            for part in file.iter_batches(_ROWS):
                columns = [_text(column) for column in part.columns]
                yield batch(table, range(number, number + part.num_rows), columns)
                number += part.num_rows
        except (pa.ArrowInvalid, OSError) as error:
            raise unreadable(table.path.name, error) from error


def _file(path: Path) -> pq.ParquetFile:
    try:
        return pq.ParquetFile(path)
    except (pa.ArrowInvalid, OSError) as error:
        raise unreadable(path.name, error) from error


def _text(column: pa.Array) -> pa.Array:
    kind = column.type
    if pa.types.is_dictionary(kind):
        return _text(column.dictionary_decode())
    if pa.types.is_boolean(kind):
        text = pc.if_else(column, "是", "否")
    elif pa.types.is_floating(kind):
        # As text a number of 32 bits is as short as it was; as one of 64 it would grow digits.
        numbers = column.cast(pa.string()).to_pylist()
        text = pa.array([_number(one) for one in numbers], pa.string())
    elif pa.types.is_timestamp(kind):
        local = pc.local_timestamp(column) if kind.tz else column
        seconds = pc.round_temporal(local, unit="second").cast(pa.timestamp("s"))
        text = pc.strftime(seconds, format="%Y-%m-%d %H:%M:%S")
    elif any(holds(kind) for holds in _PLAIN):
        text = column.cast(pa.string())
    else:
        text = pa.array([None if o is None else str(o) for o in column.to_pylist()], pa.string())
    return pc.fill_null(text, "")


def _number(text: str | None) -> str | None:
    return None if text is None or text == "nan" else number_text(float(text))
