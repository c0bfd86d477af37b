"""What leaves the app: CSV that Excel opens rightly, JSON and a table for a terminal.

A CSV starts with a byte-order mark, so that Excel reads its Chinese; a text cell that a
spreadsheet would run as a formula is made harmless by a leading apostrophe; every row made from
the sample says that it is synthetic.
"""

import io
import json
from collections.abc import Sequence
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from brigade.contracts import CALENDAR, Column
from brigade.format import COMPARED, dimension
from brigade.queries import BEFORE, OutputColumn
from brigade.results import Result
from brigade.spreadsheet import BOM, harmless, harmless_cells
from brigade.text import DASH, NO, SYNTHETIC, YES, Lang, Text

_SYNTHETIC_HEADER = Text("数据说明", "Data")


def headers(result: Result, lang: Lang) -> list[str]:
    """The column headers of a result as a CSV has them."""
    return list(_columns(result, lang))


def _columns(result: Result, lang: Lang) -> dict[str, list[Any]]:
    """The cells of a result by header: the one place that says what a table of it holds."""
    table: dict[str, list[Any]] = {}
    for column in result.columns:
        header = _header(column, lang)
        if column.metric is None:
            table[header] = [_plain(column, row[column.name], lang) for row in result.rows]
            continue
        decimals = column.metric.decimals
        table[header] = [_rounded(row[column.name], decimals) for row in result.rows]
        if result.before is None:
            continue
        name = (COMPARED["year"] if result.compared == "year" else COMPARED["previous"]).in_(lang)
        changes = [result.change(column.metric, row) for row in result.rows]
        table[f"{header} {name}"] = [
            _rounded(row[column.name + BEFORE], decimals) if result.covered else None
            for row in result.rows
        ]
        percent = column.metric.kind in ("count", "sum")
        title = Text("变化 %", "change %") if percent else Text("差", "difference")
        table[f"{header} {title.in_(lang)}"] = [
            _rounded(c.percent, 1) if percent else _rounded(c.difference, decimals) for c in changes
        ]
        if column.metric.chance:
            title = Text("属偶然波动", "within chance")
            table[f"{header} {title.in_(lang)}"] = [
                None if c.test is None else (YES if c.verdict == "chance" else NO).in_(lang)
                for c in changes
            ]
    return table


def _header(column: OutputColumn, lang: Lang) -> str:
    unit = column.metric.unit.in_(lang) if column.metric is not None else ""
    label = column.label.in_(lang)
    if not unit:
        return label
    return f"{label}（{unit}）" if lang == "zh" else f"{label} ({unit})"


def _plain(column: OutputColumn, value: Any, lang: Lang) -> Any:
    """A dimension's value in a table: numbers stay numbers, the rest is as on the screen."""
    if (
        isinstance(value, (int, float))
        and not isinstance(value, bool)
        and column.name
        not in (
            "weekday",
            "hour",
            "ticket_hour",
        )
    ):
        return value
    if value is None and column.type in ("date", "timestamp") and column.name not in CALENDAR:
        return DASH
    return dimension(column.name, value, lang)


def _rounded(value: Any, decimals: int) -> Any:
    if value is None or value != value:
        return None
    return round(float(value), decimals) if decimals else round(float(value))


def result_table(result: Result, lang: Lang) -> pa.Table:
    """A result as it is shown behind a view's table switch, one column for each header."""
    columns = _columns(result, lang)
    if result.release.synthetic:
        columns[_SYNTHETIC_HEADER.in_(lang)] = [SYNTHETIC.in_(lang)] * len(result.rows)
    return pa.table({name: pa.array(cells) for name, cells in columns.items()})


def records_table(
    table: pa.Table, columns: Sequence[Column], lang: Lang, synthetic: bool
) -> pa.Table:
    """Rows of an extract under the headers that a person reads; nulls stay empty."""
    arrays = [_readable(table.column(column.name), lang) for column in columns]
    names = [column.label.in_(lang) for column in columns]
    if synthetic:
        arrays.append(pa.array([SYNTHETIC.in_(lang)] * table.num_rows, pa.string()))
        names.append(_SYNTHETIC_HEADER.in_(lang))
    return pa.table(arrays, names=names)


def _readable(cells: pa.ChunkedArray, lang: Lang) -> pa.ChunkedArray:
    if pa.types.is_boolean(cells.type):
        return pc.if_else(cells, YES.in_(lang), NO.in_(lang))
    if pa.types.is_timestamp(cells.type):
        return pc.strftime(cells.cast(pa.timestamp("s")), format="%Y-%m-%d %H:%M:%S")
    return cells


def to_csv(table: pa.Table) -> bytes:
    """A table as CSV bytes: UTF-8 with a mark, CRLF-free, formulas made harmless."""
    safe = [harmless_cells(table.column(name)) for name in table.column_names]
    names = [harmless(name) for name in table.column_names]
    sink = io.BytesIO()
    sink.write(BOM)
    pacsv.write_csv(pa.table(safe, names=names), sink, pacsv.WriteOptions(quoting_style="needed"))
    return sink.getvalue()


def to_json(table: pa.Table) -> str:
    """A table as a JSON list of objects, one a row."""
    rows = [
        {k: v.isoformat() if isinstance(v, date) else v for k, v in row.items()}
        for row in table.to_pylist()
    ]
    return json.dumps(rows, ensure_ascii=False, indent=1)


def to_text(table: pa.Table) -> str:
    """A table for a terminal, its columns padded to the width of their text."""
    import pandas as pd  # it takes half a second to load, and the app does without

    with pd.option_context("display.unicode.east_asian_width", True):
        frame = table.to_pandas().astype(object)
        return str(frame.where(frame.notna(), DASH).to_string(index=False))
