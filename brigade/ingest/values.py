"""From text to typed values: the usual forms of numbers, dates, times and yes or no."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from brigade.contracts import Type

ARROW: dict[Type, pa.DataType] = {
    "text": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "timestamp": pa.timestamp("us"),
}
"""The type of a column in a release's files."""

# Cells that are all of one plain form are converted at one stroke. Years outside 1900 to 2099 are
# slips (0203, 9999) that would stretch every period.
_PLAIN: dict[Type, str] = {
    "integer": r"^-?[0-9]{1,18}$",
    "number": r"^-?[0-9]{1,15}(\.[0-9]{1,15})?$",
    "date": r"^(19|20)\d\d-\d\d-\d\d$",
    "timestamp": r"^(19|20)\d\d-\d\d-\d\d[ T]\d\d:\d\d:\d\d$",
}

_WORDS = {
    **dict.fromkeys(("是", "有", "y", "yes", "true", "t", "1"), True),
    **dict.fromkeys(("否", "无", "n", "no", "false", "f", "0"), False),
}
_NUMBER = re.compile(r"[+-]?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?([eE][+-]?\d+)?", re.ASCII)
_DAY = (
    r"(?P<y>(?:19|20)\d\d)"
    r"(?:[-/.年](?P<m>\d\d?)[-/.月](?P<d>\d\d?)日?|(?P<md>\d{4})(?P<hms>\d{6})?)"
)
_CLOCK = r"(?P<h>\d\d?)(?:[点时]|[:点时](?P<min>\d\d?)(?:分|[:分](?P<s>\d\d?)(?:\.\d+)?秒?)?)"
_MOMENT = re.compile(rf"{_DAY}(?:(?:[\sT]+|(?<=日)){_CLOCK})?", re.ASCII)
_TIME_DIRECTIVES = ("%H", "%I", "%X", "%c")


@dataclass(frozen=True, slots=True)
class Values:
    """The values of some cells: null where a cell is blank or can't be read as the type.

    ``date_only`` marks times of which only the date is known, put at 00:00.
    """

    values: pa.Array
    date_only: pa.Array | None = None


def read_values(kind: Type, cells: pa.Array, formats: Sequence[str] = ()) -> Values:
    """Text as values of a type; dates and times by ``formats`` (as strptime's) where given."""
    if kind == "text":
        return Values(cells)
    if not formats and kind in _PLAIN and _all_match(cells, _PLAIN[kind]):
        try:
            return Values(cells.cast(ARROW[kind]))
        except pa.ArrowInvalid:
            pass  # A day such as 30 February; which one is found below.
    if kind in ("date", "timestamp"):
        return _moments(kind, cells, formats)
    parse: dict[str, Callable[[str], Any]] = {
        "integer": _integer,
        "number": _number,
        "boolean": _boolean,
    }
    texts = cells.dictionary_encode()
    parsed = pa.array([parse[kind](text) for text in texts.dictionary.to_pylist()], ARROW[kind])
    return Values(parsed.take(texts.indices))


def _all_match(cells: pa.Array, pattern: str) -> bool:
    return bool(pc.all(pc.match_substring_regex(cells, pattern), min_count=0).as_py())


def _moments(kind: Type, cells: pa.Array, formats: Sequence[str]) -> Values:
    texts = cells.dictionary_encode()
    known = [
        _by_formats(text, formats) if formats else _moment(text)
        for text in texts.dictionary.to_pylist()
    ]
    moments = pa.array([one[0] if one else None for one in known], pa.timestamp("us"))
    values = moments.take(texts.indices)
    if kind == "date":
        return Values(values.cast(pa.date32(), safe=False))
    date_only = pa.array([bool(one and not one[1]) for one in known], pa.bool_())
    return Values(values, pc.fill_null(date_only.take(texts.indices), False))


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


def _number(text: str) -> float | None:
    plain = _plain(text)
    if not _NUMBER.fullmatch(plain):
        return None
    number = float(plain.replace(",", ""))
    return number if abs(number) < float("inf") else None


def _integer(text: str) -> int | None:
    number = _number(text)
    digits = _plain(text).replace(",", "")
    if number is not None and re.fullmatch(r"[+-]?[0-9]{1,18}", digits):
        return int(digits)
    # Above 2**53 a decimal number no longer tells neighbouring whole numbers apart.
    whole = number is not None and abs(number) < 2**53 and number == int(number)
    return int(number) if number is not None and whole else None


def _boolean(text: str) -> bool | None:
    return _WORDS.get(_plain(text).casefold())


def _moment(text: str) -> tuple[datetime, bool] | None:
    """A date or time in a usual form, and whether it has a time of day."""
    found = _MOMENT.fullmatch(_plain(text))
    if not found:
        return None
    part = found.groupdict()
    month, day = (part["md"][:2], part["md"][2:]) if part["md"] else (part["m"], part["d"])
    clock = (part["h"], part["min"], part["s"])
    if part["hms"]:
        clock = (part["hms"][:2], part["hms"][2:4], part["hms"][4:])
    hour, minute, second = (int(digits or 0) for digits in clock)
    try:
        moment = datetime(int(part["y"]), int(month), int(day), hour, minute, second)
    except ValueError:
        return None
    return moment, clock[0] is not None


def _by_formats(text: str, formats: Sequence[str]) -> tuple[datetime, bool] | None:
    for form in formats:
        try:
            moment = datetime.strptime(text, form)
        except ValueError:
            continue
        if 1900 <= moment.year < 2100:
            return moment, any(directive in form for directive in _TIME_DIRECTIVES)
    return None
