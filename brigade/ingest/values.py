"""From text to typed values: the usual forms of numbers, dates, times and yes or no."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from brigade.contracts import Type
from brigade.ingest.bulk import read_dates, read_numbers, shown
from brigade.ingest.changes import Change, Changed, Kind, added, counted
from brigade.ingest.forms import PLATE, half_width, plain_number, plain_plate
from brigade.ingest.moments import Moment, by_formats, read_moment
from brigade.text import Text

ARROW: dict[Type, pa.DataType] = {
    "text": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "timestamp": pa.timestamp("us"),
}
"""The type of a column in a release's files."""

UNCLEAR = Text(
    "分不清日期中的年、月、日哪个在前，请在映射中用 order 说明",
    "it is not clear which of the date's parts is the day, the month and the year; "
    "say so with order in a mapping",
)
"""Why a date whose order isn't known is no value."""

# Cells of one plain form are converted at one stroke. Years outside 1900 to 2099 are slips (0203,
# 9999) that would stretch every period.
_PLAIN: dict[Type, str] = {
    "integer": r"^-?[0-9]{1,18}$",
    "number": r"^-?[0-9]{1,15}(\.[0-9]{1,15})?$",
    "date": r"^(19|20)\d\d-\d\d-\d\d$",
    "timestamp": r"^(19|20)\d\d-\d\d-\d\d[ T]\d\d:\d\d:\d\d$",
}

_SECONDS = len("2022-01-01 08:30:00")

_WORDS = {
    **dict.fromkeys(("是", "有", "y", "yes", "true", "t", "1"), True),
    **dict.fromkeys(("否", "无", "n", "no", "false", "f", "0"), False),
}


@dataclass(frozen=True, slots=True)
class Values:
    """The values of some cells: null where a cell is blank or can't be read as the type.

    ``date_only`` marks times of which only the date is known, put at 00:00; ``unclear`` cells that
    are null because the order of day and month isn't known (:data:`UNCLEAR`). ``changes`` is what
    cleaning did.
    """

    values: pa.Array
    date_only: pa.Array | None = None
    unclear: pa.Array | None = None
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class _Read:
    """What one text says, and what cleaning did to read it."""

    value: Any
    kinds: Sequence[Kind] = ()
    date_only: bool = False
    unclear: bool = False


def read_values(
    kind: Type,
    cells: pa.Array,
    formats: Sequence[str] = (),
    *,
    order: str | None = None,
    era: str | None = None,
    plate: bool = False,
) -> Values:
    """Text as values of a type.

    Dates and times are read by ``formats`` alone (as strptime's) where given; without, ``order``
    ("mdy", "dmy", "ymd") says how 1/2/22 is read, and ``era`` "roc" that years may be of the
    Republic of China. ``plate`` puts the texts that are plates into one form.
    """
    if kind == "text":
        return _plates(cells) if plate else Values(cells)
    whole = None if formats else _seconds(cells) if kind == "timestamp" else None
    if whole is not None:
        return Values(whole)
    odd = _odd(cells, None if formats else _PLAIN.get(kind))
    try:
        plain = pc.if_else(odd, None, cells).cast(ARROW[kind]) if kind in _PLAIN else None
    except pa.ArrowInvalid:
        odd, plain = pc.is_valid(cells), None  # A day such as 30 February; which one is found now.
    if plain is not None and not pc.any(odd, min_count=0).as_py():
        return Values(plain)
    rows = len(cells)
    whole = Values(pa.nulls(rows, ARROW[kind]) if plain is None else plain)
    reader = _reader(kind, formats, order, era)
    cleaned = (
        _each(kind, cells.filter(odd), reader)
        if formats
        else _cleaned(kind, cells.filter(odd), reader, order)
    )
    return _placed(kind, whole, odd, cleaned)


def _seconds(cells: pa.Array) -> pa.Array | None:
    """Times that all have the plain form to the second; None where one hasn't.

    Of what Arrow reads as a time only that form has its length.
    """
    lengths = pc.min_max(pc.binary_length(cells)).as_py()
    if lengths != {"min": _SECONDS, "max": _SECONDS}:
        return None
    try:
        values = cells.cast(ARROW["timestamp"])
    except pa.ArrowInvalid:
        return None
    times = pc.min_max(values).as_py()
    return values if times["min"].year >= 1900 and times["max"].year < 2100 else None


def _odd(cells: pa.Array, plain: str | None) -> pa.Array:
    """Which cells are filled and not of the plain form."""
    if plain is None:
        return pc.is_valid(cells)
    return pc.fill_null(pc.invert(pc.match_substring_regex(cells, plain)), False)


def _reader(
    kind: Type, formats: Sequence[str], order: str | None, era: str | None
) -> Callable[[str], _Read | None]:
    if kind in ("date", "timestamp"):

        def moment(text: str) -> _Read | None:
            found = by_formats(text, formats) if formats else read_moment(text, order, era)
            return _of_moment(kind, found) if found else None

        return moment
    return {"integer": _integer, "number": _number, "boolean": _boolean}[kind]


def _cleaned(
    kind: Type, cells: pa.Array, read: Callable[[str], _Read | None], order: str | None
) -> Values:
    """The values of cells that aren't plain: of the usual forms at one stroke, then one by one."""
    found = None
    if kind in ("date", "timestamp"):
        found = read_dates(kind, cells, order)
    elif kind in ("integer", "number"):
        found = read_numbers(kind, cells)
    if found is None:
        return _each(kind, cells, read)
    date_only = None if found.clock is None else pc.and_(found.read, pc.invert(found.clock))
    rest = pc.invert(found.read)
    others = _each(kind, cells.filter(rest), read)
    return _placed(kind, Values(found.values, date_only, None, found.changes), rest, others)


def _each(kind: Type, cells: pa.Array, read: Callable[[str], _Read | None]) -> Values:
    """The values of cells, each different text read once."""
    texts = cells.dictionary_encode()
    found = [read(text) for text in texts.dictionary.to_pylist()]
    values = pa.array([one.value if one else None for one in found], ARROW[kind])
    changed = [Changed(one.kinds, shown(one.value)) if one else None for one in found]
    date_only = pa.array([bool(one and one.date_only) for one in found], pa.bool_())
    unclear = pa.array([bool(one and one.unclear) for one in found], pa.bool_())
    return Values(
        values.take(texts.indices),
        date_only.take(texts.indices),
        unclear.take(texts.indices),
        counted(texts, changed),
    )


def _placed(kind: Type, whole: Values, places: pa.Array, others: Values) -> Values:
    """Values with others put in their places."""
    values = pc.replace_with_mask(whole.values, places, others.values)
    changes = added(whole.changes, others.changes)
    if kind not in ("date", "timestamp"):
        return Values(values, changes=changes)

    def flags(of_whole: pa.Array | None, of_others: pa.Array | None) -> pa.Array:
        no = pa.array([False] * len(places), pa.bool_()) if of_whole is None else of_whole
        return no if of_others is None else pc.replace_with_mask(no, places, of_others)

    date_only = flags(whole.date_only, others.date_only) if kind == "timestamp" else None
    return Values(values, date_only, flags(whole.unclear, others.unclear), changes)


def _plates(cells: pa.Array) -> Values:
    odd = _odd(cells, PLATE)
    if not pc.any(odd, min_count=0).as_py():
        return Values(cells)
    read = _each("text", cells.filter(odd), _plate)
    return Values(pc.replace_with_mask(cells, odd, read.values), changes=read.changes)


def _plate(text: str) -> _Read:
    plate = plain_plate(text)
    return _Read(plate, () if plate == text else (Kind.PLATE,))


def _number(text: str) -> _Read | None:
    found = plain_number(text)
    if not found:
        return None
    plain, kinds = found
    number = float(plain)
    return _Read(number, kinds) if abs(number) < float("inf") else None


def _integer(text: str) -> _Read | None:
    read = _number(text)
    if not read:
        return None
    plain, kinds = plain_number(text) or ("", [])
    if re.fullmatch(r"[+-]?[0-9]{1,18}", plain):
        return _Read(int(plain), kinds)
    # Above 2**53 a decimal number no longer tells neighbouring whole numbers apart.
    if abs(read.value) < 2**53 and read.value == int(read.value):
        whole = () if Kind.POWER in kinds else (Kind.WHOLE,)
        return _Read(int(read.value), (*kinds, *whole))
    return None


def _boolean(text: str) -> _Read | None:
    plain = half_width(text)
    value = _WORDS.get(plain.casefold())
    return None if value is None else _Read(value, (Kind.WIDTH,) if plain != text.strip() else ())


def _of_moment(kind: Type, moment: Moment) -> _Read:
    if moment.value is None:
        return _Read(None, unclear=True)
    if kind == "date":
        left_off = (Kind.TIME_LEFT_OFF,) if moment.clock else ()
        return _Read(moment.value.date(), (*moment.kinds, *left_off))
    return _Read(moment.value, moment.kinds, date_only=not moment.clock)
