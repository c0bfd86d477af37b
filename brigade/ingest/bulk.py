"""The commonest forms that need cleaning, a whole column at one stroke.

What is read here is what values.py reads cell by cell, only sooner: millions of rows come in the
forms of a spreadsheet's CSV (2022/6/1 8:05, 1,200).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from brigade.contracts import Type
from brigade.ingest.changes import Change, Kind

# Of each part only what it can be, so that one hour of 24 doesn't keep its neighbours waiting.
_MONTH, _DAY = "(?P<m>0?[1-9]|1[0-2])", "(?P<d>0?[1-9]|[12]\\d|3[01])"
_CLOCK = r"(?:[ T](?P<h>[01]?\d|2[0-3]):(?P<n>[0-5]?\d)(?::(?P<s>[0-5]?\d))?)?$"
_SEPARATED = rf"^(?P<y>(?:19|20)\d\d)[-/.年]{_MONTH}[-/.月]{_DAY}日?{_CLOCK}"
_RUN = (
    r"^(?P<y>(?:19|20)\d\d)(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])"
    r"(?:(?P<h>[01]\d|2[0-3])(?P<n>[0-5]\d)(?P<s>[0-5]\d))?$"
)
_LONG_OR_SHORT = r"(?P<y>(?:19|20)\d\d|\d\d)"
_IN_ORDER = {
    "mdy": rf"^{_MONTH}/{_DAY}/{_LONG_OR_SHORT}{_CLOCK}",
    "dmy": rf"^{_DAY}/{_MONTH}/{_LONG_OR_SHORT}{_CLOCK}",
    "ymd": rf"^(?P<y>\d\d)/{_MONTH}/{_DAY}{_CLOCK}",
}
_ONE_FORM = r"^\d{4}-\d\d-\d\d([ T]\d\d:\d\d(:\d\d)?)?$"
_THOUSANDS = r"^-?\d{1,3}(,\d{3}){1,4}(\.\d{1,10})?$"
_WHOLE_THOUSANDS = r"^-?\d{1,3}(,\d{3}){1,5}$"
_WHOLE = r"^-?\d{1,15}\.0{1,10}$"


@dataclass(frozen=True, slots=True)
class Bulk:
    """Cells read at one stroke: which they are, their values, and which have a time of day."""

    read: pa.Array
    values: pa.Array
    clock: pa.Array | None
    changes: tuple[Change, ...]


def read_dates(kind: Type, cells: pa.Array, order: str | None = None) -> Bulk | None:
    """Dates and times that begin with the year, or are of an order that is known (1/13/22).

    None where there is none, or a day such as 30 February.
    """
    parts = pc.extract_regex(cells, _SEPARATED)
    parts = pc.if_else(pc.is_valid(parts), parts, pc.extract_regex(cells, _RUN))
    year_first = pc.is_valid(parts)
    y, m, d, h, n, s = (pc.struct_field(parts, name) for name in "ymdhns")
    if order is not None:
        others = pc.extract_regex(cells, _IN_ORDER[order])
        of_order = [pc.struct_field(others, name) for name in "ymdhns"]
        of_order[0] = _whole_years(of_order[0])
        y, m, d, h, n, s = map(pc.coalesce, (y, m, d, h, n, s), of_order)
    read = pc.is_valid(y)
    if not pc.any(read, min_count=0).as_py():
        return None
    clock = pc.fill_null(pc.not_equal(h, ""), False)
    date = pc.binary_join_element_wise(y, _two(m), _two(d), "-")
    time = pc.binary_join_element_wise(_two(h), _two(n), _two(s), ":")
    try:
        values = pc.binary_join_element_wise(date, time, " ").cast(pa.timestamp("us"))
    except pa.ArrowInvalid:
        return None
    if kind == "date":
        values = values.cast(pa.date32(), safe=False)
    in_order = pc.and_(read, pc.invert(year_first))
    changes = [
        *_counted(Kind.DATE_FORM, _not_of_form(cells, year_first), cells, values),
        *_counted(Kind.DATE_ORDER, in_order, cells, values),
    ]
    if kind == "date":
        changes += _counted(Kind.TIME_LEFT_OFF, clock, cells, values)
    return Bulk(read, values, clock, tuple(changes))


def _whole_years(digits: pa.Array) -> pa.Array:
    century = pc.if_else(pc.less(digits, "69"), "20", "19")
    whole = pc.binary_join_element_wise(century, digits, "")
    return pc.if_else(pc.equal(pc.utf8_length(digits), 2), whole, digits)


def _two(digits: pa.Array) -> pa.Array:
    return pc.utf8_lpad(digits, 2, "0")


def _not_of_form(cells: pa.Array, read: pa.Array) -> pa.Array:
    return pc.and_(read, pc.invert(pc.fill_null(pc.match_substring_regex(cells, _ONE_FORM), False)))


def read_numbers(kind: Type, cells: pa.Array) -> Bulk | None:
    """Numbers with thousand separators and, of whole numbers, with a decimal point."""
    pattern = _WHOLE_THOUSANDS if kind == "integer" else _THOUSANDS
    grouped = pc.fill_null(pc.match_substring_regex(cells, pattern), False)
    read, plain = grouped, pc.replace_substring(cells, ",", "")
    whole = pa.array([False] * len(cells), pa.bool_())
    if kind == "integer":
        whole = pc.fill_null(pc.match_substring_regex(cells, _WHOLE), False)
        read = pc.or_(grouped, whole)
        plain = pc.replace_substring_regex(plain, r"\.0+$", "")
    if not pc.any(read, min_count=0).as_py():
        return None
    type_ = pa.int64() if kind == "integer" else pa.float64()
    values = pc.if_else(read, plain, None).cast(type_)
    changes = (
        *_counted(Kind.THOUSANDS, grouped, cells, values),
        *_counted(Kind.WHOLE, whole, cells, values),
    )
    return Bulk(read, values, None, changes)


def _counted(kind: Kind, mask: pa.Array, cells: pa.Array, values: pa.Array) -> Iterator[Change]:
    count = pc.sum(mask).as_py()
    if count:
        place = pc.index(mask, True).as_py()
        yield Change(kind, count, cells[place].as_py(), shown(values[place].as_py()))


def shown(value: object) -> str:
    """A value as an example shows it."""
    return f"{value:.15g}" if isinstance(value, float) else str(value)
