"""What has been found in a file once its rows are read: for the report, beside their counts."""

from collections.abc import Iterator

from brigade.ingest.read.table import AsideKind, Batch, Finding, Table, listed
from brigade.text import Text

LIMITS = {65_536: "xls", 1_048_576: "xlsx"}
"""The last row that a sheet of each kind can have; what goes beyond it is lost in an export."""

_WORDS: dict[AsideKind, Text] = {
    "title": Text("标题行", "title"),
    "header": Text("重复的列名", "headers once more"),
    "total": Text("合计行", "total"),
    "note": Text("表注", "note"),
}


class Seen:
    """Collects from batches what is no row: hand it each, then ask for the findings."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._aside: dict[AsideKind, list[int]] = {kind: [] for kind in _WORDS}
        self._rows = 0
        self._blank = 0
        self._errors = 0
        self._nameless = dict.fromkeys((i for i, h in enumerate(table.headers) if not h), 0)

    def add(self, batch: Batch) -> None:
        """Count one batch in."""
        self._rows += len(batch.rows) + len(batch.malformed)
        self._blank += batch.blank
        self._errors += batch.errors
        for place in self._nameless:
            cells = batch.cells[place]
            self._nameless[place] += len(cells) - cells.null_count
        for one in batch.aside:
            self._aside[one.kind].append(one.row)

    def findings(self) -> tuple[Finding, ...]:
        """Those of the table, then those of its rows."""
        return (*self._table.findings, *self._left_aside(), *self._copies(), *self._cells())

    def _left_aside(self) -> Iterator[Finding]:
        for kind, rows in self._aside.items():
            if rows:
                where, word = listed(rows), _WORDS[kind]
                yield Finding(
                    kind,
                    Text(
                        f"不作为数据读取的{word.zh}：{where.zh}。",
                        f"Left aside and not read as data ({word.en}): {where.en}.",
                    ),
                    tuple(rows),
                )

    def _copies(self) -> Iterator[Finding]:
        headers = self._aside["header"][:: 2 if self._table.two_rows else 1]
        if headers:
            rows = (self._table.header_row, *headers)
            where = listed(rows)
            yield Finding(
                "copies",
                Text(
                    f"列名出现了 {len(rows)} 次（{where.zh}），像是 {len(rows)} 张表叠在一起；"
                    "各表的行都已读取，请核对是否重复。",
                    f"The headers stand {len(rows)} times ({where.en}), as if {len(rows)} tables "
                    "were stacked in one file; the rows of all are read. See whether they are the "
                    "same rows again.",
                ),
                rows,
                warning=True,
            )

    def _cells(self) -> Iterator[Finding]:
        if self._errors:
            yield Finding(
                "errors",
                Text(
                    f"{self._errors:,} 格是公式错误（如 #N/A），按空白读取。",
                    f"{self._errors:,} cell{'s' if self._errors > 1 else ''} with a formula's "
                    "error (such as #N/A), read as blank.",
                ),
                warning=True,
            )
        for place, filled in self._nameless.items():
            if filled:
                yield Finding(
                    "nameless",
                    Text(
                        f"第 {place + 1} 列没有列名，其中 {filled:,} 格有内容，没有读入；"
                        "需要时请补上列名再导入。",
                        f"Column {place + 1} has no header; what stands in {filled:,} of its "
                        "cells is not read. Give it a header and import the file again if it is "
                        "wanted.",
                    ),
                    warning=True,
                )
        if self._blank > self._rows:
            total = self._blank + self._rows
            yield Finding(
                "blank_rows",
                Text(
                    f"列名以下共 {total:,} 行，有内容的只有 {self._rows:,} 行，其余是空行；"
                    "请核对是否缺少数据。",
                    f"Of {total:,} rows below the headers only {self._rows:,} have anything in "
                    "them; see whether rows are lacking.",
                ),
                warning=True,
            )


def known_before(table: Table) -> Iterator[Finding]:
    """What the layout of a table tells, whatever the kind of its file."""
    if table.titles:
        where = listed(table.titles)
        yield Finding(
            "titles",
            Text(
                f"列名在第 {table.header_row} 行，上面的标题不读取：{where.zh}。",
                f"The headers are in row {table.header_row}; what stands above is no data: "
                f"{where.en}.",
            ),
            table.titles,
        )
    if table.two_rows:
        rows = (table.header_row - 1, table.header_row)
        yield Finding(
            "two_row_header",
            Text(
                f"列名占两行（第 {rows[0]}、{rows[1]} 行），上下用“/”连接。",
                f"The headers take two rows ({rows[0]} and {rows[1]}), joined by “/”.",
            ),
            rows,
        )
    if table.lines in LIMITS and table.kind != "parquet":
        yield Finding(
            "row_limit",
            Text(
                f"文件正好到第 {table.lines:,} 行，这是 {LIMITS[table.lines]} 文件的行数上限，"
                "后面的数据很可能已丢失：请分段重新导出。",
                f"The file ends exactly in row {table.lines:,}, the last that an "
                f"{LIMITS[table.lines]} can have; rows beyond it are most likely lost. "
                "Export it again in parts.",
            ),
            warning=True,
        )
