"""Excel workbooks (xlsx, xls, xlsb) by python-calamine: which sheet, and its cells as text."""

import datetime as dt
import itertools
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import python_calamine as calamine

from brigade.errors import InputError
from brigade.ingest.read import xlsx
from brigade.ingest.read.aside import aside_kind, trimmed
from brigade.ingest.read.layout import Row, Span, find_layout
from brigade.ingest.read.rows import batch
from brigade.ingest.read.table import Batch, Finding, Table, listed
from brigade.ingest.read.wanting import no_header_there, no_rows, unreadable
from brigade.text import Text

_HEAD = 200
_ROWS = 20_000
"""So many rows are made into one batch."""

_EXACT = 10**15
"""A spreadsheet keeps 15 digits of a number; of a longer one the last are lost."""

_MOST_CELLS = 100_000_000
"""A sheet of more cells, blank ones between others counted, would not fit into memory."""

_FAR_APART = 1000
"""Rows that a sheet declares beyond those that it holds before it is said."""


def sheets_of(path: Path) -> list[str]:
    """The names of a workbook's sheets, in order; none of a file that is no workbook."""
    try:
        with calamine.CalamineWorkbook.from_path(path) as book:
            return list(book.sheet_names)
    except (calamine.CalamineError, OSError):
        return []


def inspect_excel(
    table: Table, sheet: str | None, header_row: int | None = None
) -> tuple[Table, list[Row]]:
    """What a workbook is taken for, and the first rows of the table."""
    path = table.path
    with _workbook(path) as book:
        name, filled, size = _choose(path, book, sheet)
        if size and size.rows * size.columns > _MOST_CELLS:
            raise _too_large(path, name, size)
        opened = _sheet(path, book, name)
        spans = [(r1 + 1, c1, r2 + 1, c2) for (r1, c1), (r2, c2) in opened.merged_cell_ranges or []]
        cells = list(itertools.islice(_rows(opened), _HEAD + (header_row or 0)))
        height = opened.end[0] + 1 if opened.end else 0
    rows = [
        (number, trimmed([cell.strip() for cell in row]))
        for number, row in enumerate(cells, start=1)
        if any(cell.strip() for cell in row)
    ]
    layout = find_layout(rows, spans, header_row) if rows else None
    if layout is None:
        raise (
            no_header_there(path.name, name, header_row) if header_row else no_rows(path.name, name)
        )
    width = max(len(row) for row in cells)
    table = replace(
        table,
        kind="excel",
        sheet=name,
        lines=height,
        headers=(*layout.headers, *[""] * (width - len(layout.headers))),
        header_row=layout.header_row,
        above=tuple(one for number, one in rows if number <= layout.header_row),
        titles=layout.titles,
        two_rows=layout.two_rows,
    )
    below = [row for row in rows if row[0] > layout.header_row]
    if not any(aside_kind(one, table) is None for _, one in below):
        raise no_rows(path.name, name)
    findings = (
        Finding(
            "taken", Text(f"读取 Excel 工作表“{name}”。", f"Read from the Excel sheet “{name}”.")
        ),
        *_others(name, filled, warning=sheet is None),
        *_merged(table, spans),
        *_errors(size),
        *_declared(size, height),
    )
    return replace(table, findings=findings), below


def excel_batches(table: Table) -> Iterator[Batch]:
    """The rows of a sheet, some thousands at a time, in order."""
    with _workbook(table.path) as book:
        rows = itertools.islice(
            _rows(_sheet(table.path, book, table.sheet or "")), table.header_row, None
        )
        number = table.header_row + 1
        while part := list(itertools.islice(rows, _ROWS)):
            columns = [pa.array(column, pa.string()) for column in zip(*part, strict=True)]
            yield batch(table, range(number, number + len(part)), columns)
            number += len(part)


def _workbook(path: Path) -> calamine.CalamineWorkbook:
    try:
        return calamine.CalamineWorkbook.from_path(path)
    except calamine.PasswordError as error:
        raise InputError(
            Text(
                f"文件 {path.name} 有密码保护，读不了。请在 Excel 中去掉密码后另存，再导入。",
                f"File {path.name} is protected by a password and can't be read. "
                "Take the password off in Excel, save it and import that.",
            )
        ) from error
    except (calamine.CalamineError, OSError) as error:
        raise unreadable(path.name, error) from error


def _sheet(path: Path, book: calamine.CalamineWorkbook, name: str) -> calamine.CalamineSheet:
    try:
        return book.get_sheet_by_name(name)
    except (calamine.CalamineError, OSError) as error:
        raise unreadable(path.name, error) from error


def _choose(
    path: Path, book: calamine.CalamineWorkbook, wanted: str | None
) -> tuple[str, list[str], xlsx.Extent | None]:
    """The sheet that is named, or else the first that has anything in it, visible ones before
    hidden; all that have; and the extent of that sheet if it is of an xlsx."""
    sheets = [one for one in book.sheets_metadata if one.typ == calamine.SheetTypeEnum.WorkSheet]
    names = [one.name for one in sheets]
    if wanted is not None and wanted not in names:
        raise InputError(
            Text(
                f"文件 {path.name} 没有工作表“{wanted}”，有：{'、'.join(names)}。",
                f"File {path.name} has no sheet “{wanted}”; it has: {', '.join(names)}.",
            )
        )
    sheets.sort(key=lambda one: one.visible != calamine.SheetVisibleEnum.Visible)
    # To open a sheet takes as much memory as it is large; the XML of an xlsx is looked through.
    sizes = {one.name: _extent(path, one.name) for one in sheets}
    filled = [
        name
        for name, size in sizes.items()
        if (size.filled if size else _sheet(path, book, name).end is not None)
    ]
    if not filled:
        raise no_rows(path.name)
    name = wanted or filled[0]
    return name, filled, sizes[name]


def _extent(path: Path, sheet: str) -> xlsx.Extent | None:
    with path.open("rb") as file:
        if file.read(2) != b"PK":
            return None
    try:
        return xlsx.extent(path, sheet, _MOST_CELLS)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError) as error:
        raise unreadable(path.name, error) from error


def _others(name: str, filled: Sequence[str], *, warning: bool) -> Iterator[Finding]:
    others = [one for one in filled if one != name]
    if others:
        yield Finding(
            "sheets",
            Text(
                f"还有 {len(others)} 个有内容的工作表没有读取：{'、'.join(others)}"
                "（可用 --sheet 指定）。",
                f"{len(others)} more sheet{'s' if len(others) > 1 else ''} with content not "
                f"read: {', '.join(others)} (choose with --sheet).",
            ),
            warning=warning,
        )


def _too_large(path: Path, sheet: str, size: xlsx.Extent) -> InputError:
    return InputError(
        Text(
            f"文件 {path.name} 的工作表“{sheet}”一直延伸到第 {size.rows:,} 行、"
            f"第 {size.columns:,} 列，大到读不了，多半是远处误填了一格。"
            "请删除数据以外的行和列后保存再导入。",
            f"Sheet “{sheet}” of file {path.name} reaches to row {size.rows:,} and column "
            f"{size.columns:,}, too far to be read, most likely for one stray cell. "
            "Delete the rows and columns beyond the data, save it and import that.",
        )
    )


def _rows(sheet: calamine.CalamineSheet) -> Iterator[list[str]]:
    """The rows of a sheet from its first, each with as many cells of text, from column A."""
    start = sheet.start
    before = [""] * start[1] if start else []
    for row in sheet.iter_rows():
        yield before + [cell if type(cell) is str else _text(cell) for cell in row]


def _text(cell: object) -> str:
    """A cell as text: days and times as ISO has them, numbers as short as they can be."""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, int | float):
        return number_text(float(cell))
    if isinstance(cell, dt.datetime):
        return str(_second(cell) if cell.microsecond else cell)
    if isinstance(cell, dt.time):
        moment = _second(dt.datetime.combine(dt.date(2000, 1, 1), cell))
        return str(moment.time()) if moment.day == 1 else "23:59:59"
    if isinstance(cell, dt.timedelta):
        seconds = round(cell.total_seconds())
        return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    return str(cell)


def _second(moment: dt.datetime) -> dt.datetime:
    """The nearest whole second: a spreadsheet's times are fractions of a day, never exact."""
    whole = moment.replace(microsecond=0)
    return whole + dt.timedelta(seconds=1) if moment.microsecond >= 500_000 else whole


def number_text(number: float) -> str:
    """A number as short as it can be; in powers of ten only where digits are lost already.

    The checks know that form, and refuse a key that has it.
    """
    if not number.is_integer():
        text = repr(number)
        return format(Decimal(text), "f") if "e" in text else text
    if abs(number) < _EXACT:
        return str(int(number))
    return f"{Decimal(repr(number)).normalize():E}"


def _merged(table: Table, spans: Sequence[Span]) -> Iterator[Finding]:
    """Merged cells over several rows below the headers: only the first row has the value."""
    rows = sorted({r1 for r1, _, r2, _ in spans if r1 > table.header_row and r2 > r1})
    if rows:
        where = listed(rows)
        yield Finding(
            "merged",
            Text(
                f"{where.zh}起有跨行的合并单元格：只有第一行有内容，其余行按空白读取。"
                "如果每行都应有，请在 Excel 中取消合并并填满。",
                f"Cells merged over several rows begin in {where.en}: only their first row has "
                "the value, the others are read as blank. If each should have it, unmerge them "
                "in Excel and fill them in.",
            ),
            tuple(rows),
            warning=True,
        )


def _errors(size: xlsx.Extent | None) -> Iterator[Finding]:
    if size and size.errors:
        rows = tuple(sorted(set(size.errors)))
        where = listed(rows)
        yield Finding(
            "errors",
            Text(
                f"{len(size.errors):,} 格是公式错误（如 #N/A），按空白读取：{where.zh}。",
                f"{len(size.errors):,} cell{'s' if len(size.errors) > 1 else ''} with a formula's "
                f"error (such as #N/A), read as blank: {where.en}.",
            ),
            rows,
            warning=True,
        )


def _declared(size: xlsx.Extent | None, height: int) -> Iterator[Finding]:
    if size and size.declared - height >= _FAR_APART:
        yield Finding(
            "declared",
            Text(
                f"工作表声明有 {size.declared:,} 行，有内容的到第 {height:,} 行为止；"
                "请核对是否缺少数据。",
                f"The sheet declares {size.declared:,} rows, and its content ends in row "
                f"{height:,}; see whether rows are lacking.",
            ),
            warning=True,
        )
