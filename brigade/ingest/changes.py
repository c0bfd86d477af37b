"""What cleaning changed in the cells of a file: each kind of change, how often, and one example."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np
import pyarrow as pa

from brigade.text import Text


class Kind(Enum):
    """A kind of change. Its name is for programs, its value for people."""

    WIDTH = Text("全角改为半角", "full-width characters made half-width")
    SPACES = Text("去掉数字中的空格", "spaces taken out of numbers")
    THOUSANDS = Text("去掉千分位", "thousand separators taken out")
    BRACKETS = Text("括号改为负号", "brackets read as a minus sign")
    POWER = Text("科学计数改为普通数字", "powers of ten written out")
    WHOLE = Text("去掉整数后的小数点", "decimal point taken off whole numbers")
    DATE_FORM = Text("统一日期写法", "dates put into one form")
    DATE_ORDER = Text("按月、日的先后读出日期", "dates read by the order of day and month")
    SERIAL = Text("表格序列号改为日期", "spreadsheet serial numbers read as dates")
    ROC_YEAR = Text("民国年改为公元年", "Republic-of-China years made common-era years")
    HALF_DAY = Text("上午、下午改为 24 小时制", "a.m. and p.m. put on the 24-hour clock")
    TIME_LEFT_OFF = Text("日期后的时刻舍去", "time of day behind a date left off")
    NO_HOUR = Text("小时未知，只留日期", "hour not known, the date kept")
    NO_MINUTE = Text("分钟未知，记为整点", "minute not known, put at the full hour")
    PLATE = Text("统一号牌写法", "plates put into one form")
    UNKNOWN = Text("未知代码改为空", "codes for not known made empty")
    CODE = Text("代码按映射翻译", "codes translated by the mapping")
    ENDING = Text("按映射替换结尾", "endings replaced by the mapping")
    UNIT = Text("换算单位", "converted to another unit")


@dataclass(frozen=True, slots=True)
class Change:
    """One kind of change: in how many cells, and a cell before and after (None where emptied)."""

    kind: Kind
    cells: int
    before: str
    after: str | None


def describe(change: Change, *, example: bool = True) -> Text:
    """A change in words: 去掉千分位 312 处，例如 1,200 → 1200."""
    kind = change.kind.value
    if not example:
        return Text(f"{kind.zh} {change.cells:,} 处", f"{kind.en}, {change.cells:,} cells")
    zh, en = (change.after, change.after) if change.after is not None else ("空", "empty")
    return Text(
        f"{kind.zh} {change.cells:,} 处，例如 {change.before} → {zh}",
        f"{kind.en}, {change.cells:,} cells, for example {change.before} → {en}",
    )


def added(*parts: Iterable[Change]) -> tuple[Change, ...]:
    """Changes of several batches or steps as one: by kind in order, the first example kept."""
    total: dict[Kind, Change] = {}
    for change in (change for part in parts for change in part):
        first = total.get(change.kind, Change(change.kind, 0, change.before, change.after))
        total[change.kind] = Change(
            change.kind, first.cells + change.cells, first.before, first.after
        )
    return tuple(total[kind] for kind in Kind if kind in total)


@dataclass(frozen=True, slots=True)
class Changed:
    """What was done to one text to make ``after`` of it."""

    kinds: Sequence[Kind]
    after: str | None


def counted(texts: pa.DictionaryArray, changed: Sequence[Changed | None]) -> tuple[Change, ...]:
    """The changes of all cells, of what was done to each text of their dictionary."""
    if not any(changed):
        return ()
    indices = texts.indices.drop_null().to_numpy(zero_copy_only=False)
    cells = np.bincount(indices, minlength=len(changed)).tolist()
    found = (
        Change(kind, cells[place], texts.dictionary[place].as_py(), one.after)
        for place, one in enumerate(changed)
        if one and cells[place]
        for kind in one.kinds
    )
    return added(found)
