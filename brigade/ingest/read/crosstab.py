"""Telling a table of counts, its columns months or places, from a list of records."""

import functools
import re
import unicodedata
from collections.abc import Iterator, Sequence

from brigade.contracts import all_contracts
from brigade.ingest.read.layout import Row
from brigade.ingest.read.table import Finding, Table, header_form
from brigade.text import Text

_PERIOD = re.compile(
    r"(?:(?:19|20)\d\d[年./-]?)?(?:\d{1,2}|[一二三四五六七八九十]{1,2})月份?|(?:19|20)\d\d年?"
    r"|(?:19|20)\d\d[-/.]\d{1,2}(?:[-/.]\d{1,2})?|\d{1,2}[日号时点]|\d{1,2}"
    r"|第?[一二三四1-4]季度|(?:星期|周)[一二三四五六日天]"
    r"|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?|q[1-4]",
)
_NUMBER = re.compile(r"[-+]?[\d,]*\.?\d+%?|[-—/]", re.ASCII)
_FEWEST = 3


def crosstab(table: Table, rows: Sequence[Row]) -> Iterator[Finding]:
    """Says so where most headers are periods or values of a code list, and only numbers under
    them."""
    named = [i for i, header in enumerate(table.headers) if header]
    across = [i for i in named if _is_value(table.headers[i]) and _has_numbers(rows, i)]
    if len(across) < _FEWEST or len(across) * 2 <= len(named):
        return
    some = [table.headers[i] for i in across[:3]]
    yield Finding(
        "crosstab",
        Text(
            f"像是汇总表（透视表）而不是逐条记录：列名是{'、'.join(some)}等 {len(across)} 个取值，"
            "下面都是数字。导入需要每行一条记录的明细表，请导出明细。",
            f"This looks like a summary (pivot) and not a list of records: the headers are the "
            f"{len(across)} values {', '.join(some)} and so on, with numbers under them. An import "
            "needs one row for each record; export the list.",
        ),
        warning=True,
    )


def _has_numbers(rows: Sequence[Row], column: int) -> bool:
    cells = [cells[column] for _, cells in rows if column < len(cells) and cells[column]]
    return bool(cells) and all(_NUMBER.fullmatch(cell) for cell in cells)


def _is_value(header: str) -> bool:
    form = header_form(header)
    return bool(_PERIOD.fullmatch(unicodedata.normalize("NFKC", form))) or form in _codes()


@functools.cache
def _codes() -> frozenset[str]:
    """Every value of the contracts' code lists that isn't also a header of theirs."""
    columns = [column for one in all_contracts().values() for column in one.stored_columns]
    names = {
        header_form(name)
        for column in columns
        for name in (column.name, column.label.zh, column.label.en, *column.aliases)
    }
    codes = {header_form(str(code)) for column in columns for code in column.codes or ()}
    return frozenset(codes - names)
