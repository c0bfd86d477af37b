"""Rows that are no records: totals, notes below the table, titles and headers once more.

A record must never be taken for one of them: what is in doubt stays a row, and is accepted or
rejected by the contract, which is said as well.
"""

import re
import unicodedata
from collections.abc import Sequence

from brigade.ingest.read.table import AsideKind, Table, header_form

_TOTAL = re.compile(r"(?:\S{0,12}[合小总總共累][计計](?:\([^)]*\))?|(?:grand|sub)?-?totals?|sum):?")
_NOTE_WORDS = (
    "注|备注|附注|注释|说明|填报说明|数据来源|资料来源|来源|註|備註|附註|說明|資料來源"
    "|notes?|sources?|remarks?"
)
_SIGNED_WORDS = (
    "填报单位|填报人|填报日期|填报时间|填表单位|填表人|填表日期|填表时间|制表|制表单位|制表人"
    "|制表日期|制表时间|审核|审核人|复核|复核人|统计人|统计单位|统计日期|统计时间|统计负责人"
    "|单位负责人|负责人|经办人|报送单位|报表单位|联系人|联系电话|打印时间|打印日期|打印人"
    "|导出时间|导出人|製表人|preparedby|printed"
)

MAYBE = (
    r"(?i)[合小总總共累][\s\x{3000}\x{a0}]*[计計]|total|^\s*sum"
    rf"|^\s*(?:{_NOTE_WORDS}|{_SIGNED_WORDS})\s*\d*\s*[:：]"
)
"""Fits the first filled cell of every row that :func:`aside_kind` takes for a total or a note, and
of some others; cheap enough for every row."""

WORDS = tuple(word.encode() for word in ("计", "計", "total", "sum", "ſum", ":", "："))
"""Bytes of which every text that fits :data:`MAYBE` has some, once its ASCII is in small letters:
far cheaper to look for. ``ſ`` is another small letter of S."""

_QUANTITY = re.compile(r"共?[-+]?[\d,]*\.?\d+%?[起人件元次户辆条个宗例名份万]*|[-—/]+", re.ASCII)
_NOTE = re.compile(rf"(?:{_NOTE_WORDS}|{_SIGNED_WORDS})\d*:.*")
_SIGNED = re.compile(rf"(?:{_SIGNED_WORDS}):.*")
_LABELLED = re.compile(r"[^:\d]{1,12}:.*")
_DAY = re.compile(r"(?:19|20)\d\d(?:年\d{1,2}月(?:\d{1,2}日)?|[-/.]\d{1,2}[-/.]\d{1,2})", re.ASCII)
_KEY = re.compile(
    r"编号|代码|号码|日期|时间|号牌|车牌|身份证|单号|工单号|(?:^|_|\W)(?:id|code|date|time|no)$"
    r"|(?:date|time)$"
)


def aside_kind(cells: Sequence[str], table: Table) -> AsideKind | None:
    """What a row is if not a record.

    A total is a row whose first filled cell is a word for totals, in which the columns of numbers,
    codes and dates that tell records apart are blank, and all else is quantities. In a table of
    one column nothing but headers tells such rows from records.
    """
    row = trimmed(cells)
    if not row:
        return None
    if row in table.above:
        return "header" if row == table.above[-1] or _is_header(row, table) else "title"
    if len(table.headers) < 2:
        return None
    plain = [_plain(cell) for cell in row]
    first = next(i for i, cell in enumerate(plain) if cell)
    others = [(i, cell) for i, cell in enumerate(plain) if cell and i != first]
    if _TOTAL.fullmatch(plain[first]):
        keys = {i for i, header in enumerate(table.headers) if _KEY.search(header_form(header))}
        if all(i not in keys and _QUANTITY.fullmatch(cell) for i, cell in others):
            return "total"
    if len(others) + 1 < len(table.headers) and _NOTE.fullmatch(plain[first]):
        signed = _SIGNED.fullmatch(plain[first])
        if all(_LABELLED.fullmatch(c) or (signed and _DAY.fullmatch(c)) for _, c in others):
            return "note"
    return None


def _is_header(row: tuple[str, ...], table: Table) -> bool:
    return table.two_rows and row == table.above[-2]


def _plain(cell: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", cell)).casefold()


def trimmed(cells: Sequence[str]) -> tuple[str, ...]:
    """The cells without the space around them and without the blank ones at the end."""
    row = [cell.strip() for cell in cells]
    while row and not row[-1]:
        row.pop()
    return tuple(row)
