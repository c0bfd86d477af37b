"""What a file is, told by its content and not by its name, and the way to its rows."""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from brigade.errors import InputError
from brigade.ingest.read.crosstab import crosstab
from brigade.ingest.read.cut import text_batches
from brigade.ingest.read.excel import excel_batches, inspect_excel
from brigade.ingest.read.layout import Row
from brigade.ingest.read.parquet import inspect_parquet, parquet_batches
from brigade.ingest.read.scan import scan
from brigade.ingest.read.seen import known_before
from brigade.ingest.read.table import AS_FOUND, Batch, Kind, Reading, Table
from brigade.ingest.read.text import inspect_text
from brigade.ingest.read.wanting import no_rows, unreadable
from brigade.text import Text

_WORKBOOKS = ("xl/workbook.xml", "xl/workbook.bin")
_WEB_PAGE = re.compile(rb"\s*<(?:!doctype|html|head|meta|table|body|style|div|script)\b", re.I)
_XML = re.compile(rb"\s*<\?xml\b", re.I)


def inspect(path: Path, reading: Reading = AS_FOUND) -> Table:
    """Find out what a file is and where its table begins; :class:`InputError` if it has none."""
    head = _head(path)
    if not head:
        raise no_rows(path.name)
    kind = _kind(path, head)
    found = scan(path)
    table = Table(path, found.sha256, kind, headers=(), header_row=0, lines=found.lines)
    rows: list[Row] = []
    if kind == "parquet":
        table = inspect_parquet(table)
    elif kind == "excel":
        table, rows = inspect_excel(table, reading.sheet, reading.header_row)
    else:
        table, rows = inspect_text(table, found, reading)
    return replace(table, findings=(*table.findings, *known_before(table), *crosstab(table, rows)))


def batches(table: Table) -> Iterator[Batch]:
    """The rows of a file, some at a time, in order."""
    readers = {"text": text_batches, "excel": excel_batches, "parquet": parquet_batches}
    return readers[table.kind](table)


def _head(path: Path) -> bytes:
    """The first bytes of a file."""
    try:
        with path.open("rb") as file:
            return file.read(4096)
    except OSError as error:
        raise InputError(
            Text(
                f"文件 {path} 打不开（{error.strerror}），请核对路径。",
                f"File {path} can't be opened ({error.strerror}); check the path.",
            )
        ) from error


def _kind(path: Path, head: bytes) -> Kind:
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith(b"PK"):
        _refuse_other_zip(path)
        return "excel"
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        return "excel"
    text = head.removeprefix(b"\xef\xbb\xbf").replace(b"\0", b"")
    if _WEB_PAGE.match(text) or _XML.match(text):
        raise InputError(
            Text(
                f"文件 {path.name} 其实是网页或 XML，不是表格文件"
                "（有些系统导出的“Excel”就是这样）。请用 Excel 打开后另存为 xlsx 再导入。",
                f"File {path.name} is really a web page or XML and no table (what some systems "
                "export as “Excel”). Open it in Excel, save it as xlsx and import that.",
            )
        )
    return "text"


def _refuse_other_zip(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, OSError) as error:
        raise unreadable(path.name, error) from error
    if not names & {*_WORKBOOKS}:
        raise InputError(
            Text(
                f"文件 {path.name} 是压缩包或其他文档，不是 Excel 工作簿。请解压后导入其中的表格。",
                f"File {path.name} is an archive or another kind of document and no Excel "
                "workbook. Unpack it and import the table within.",
            )
        )
