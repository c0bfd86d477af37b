"""Dates and times in the forms that exports and people write them in."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from brigade.ingest.changes import Kind
from brigade.ingest.forms import half_width

ORDERS = ("mdy", "dmy", "ymd")
"""The orders of month, day and year in a date such as 1/2/22."""

ERAS = ("roc",)

SHORT = r"^\s*(?P<day>\d\d?\s*[-/.]\s*\d\d?\s*[-/.]\s*(?:\d{4}|\d\d?))(?:\D.*)?$"
"""Dates that need an order, as Arrow's regular expressions have them."""

_PLAIN = re.compile(r"(19|20)\d\d-\d\d-\d\d([ T]\d\d:\d\d(:\d\d)?)?", re.ASCII)
_YEAR_FIRST = re.compile(
    r"(?P<y>(?:19|20)\d\d)(?:[-/.年](?P<m>\d\d?)[-/.月](?P<d>\d\d?)(?:[日号]|(?!\d))|(?P<md>\d{4})(?!\d))",
    re.ASCII,
)
_RUN = re.compile(r"(\d{8})(\d\d)(\d\d)(\d\d)", re.ASCII)
_ROC = re.compile(
    r"(?:民国)?(?P<y>\d{2,3})(?:[-/.年](?P<m>\d\d?)[-/.月](?P<d>\d\d?)(?:[日号]|(?!\d))|(?P<md>\d{4})(?!\d))",
    re.ASCII,
)
_SHORT = re.compile(r"(\d\d?)([-/.])(\d\d?)\2(\d{4}|\d\d?)(?!\d)", re.ASCII)
_CLOCK = re.compile(
    r"(?P<before>上午|下午)?\s*(?P<h>\d\d?)"
    r"(?:[点时]|[:点时](?P<min>\d\d?)(?:分|[:分](?P<s>\d\d?)(?:\.\d+)?秒?)?|(?=\s*[aApP]))"
    r"\s*(?P<after>[aApP]\.?[mM]\.?)?",
    re.ASCII,
)
_SERIAL = re.compile(r"\d{5}(\.\d+)?", re.ASCII)
_SPACED = re.compile(r"\s*([-/.:年月日号点时分秒])\s*")
_TIME_DIRECTIVES = ("%H", "%I", "%X", "%c")

# Spreadsheets count days from here (from 1 March 1900 on, after the day that never was). Serials of
# less than five digits are left alone: 2022 is a year.
_SERIAL_START = datetime(1899, 12, 30)


@dataclass(frozen=True, slots=True)
class Moment:
    """A date or time as it was read: whether it has a time of day, and what was changed.

    ``value`` is None where the text has a date's form and its order of day and month isn't known.
    """

    value: datetime | None
    clock: bool
    kinds: tuple[Kind, ...] = ()


def read_moment(text: str, order: str | None = None, era: str | None = None) -> Moment | None:
    """A date or time in a usual form; None where it is none, or its year is not 1900 to 2099."""
    wide = half_width(text)
    plain = _SPACED.sub(r"\1", wide)
    kinds = [Kind.WIDTH] if wide != text.strip() else []
    if _SERIAL.fullmatch(plain):
        return _of_serial(float(plain), "." in plain, kinds)
    run = _RUN.fullmatch(plain)
    if run:
        plain = f"{run[1]} {run[2]}:{run[3]}:{run[4]}"
    for form, read in (
        (_YEAR_FIRST, _of_common_era),
        *([(_ROC, _of_roc)] if era == "roc" else []),
        (_SHORT, _of_short),
    ):
        found = form.match(plain)
        if found:
            clock = _clock(plain[found.end() :], plain[found.end() - 1])
            date = read(found, order)
            if clock is None or date is None:
                return None
            if not date.kinds and not _PLAIN.fullmatch(wide):
                kinds.append(Kind.DATE_FORM)
            return _joined(date, clock, kinds)
    return None


def _of_serial(serial: float, fraction: bool, kinds: Sequence[Kind]) -> Moment | None:
    moment = _SERIAL_START + timedelta(seconds=round(serial * 86_400))
    if not 1900 <= moment.year < 2100:
        return None
    clock = fraction and serial != int(serial)
    return Moment(moment, clock, (*kinds, Kind.SERIAL))


def _of_common_era(found: re.Match[str], _order: str | None) -> Moment | None:
    return _date(int(found["y"]), *_month_and_day(found))


def _of_roc(found: re.Match[str], _order: str | None) -> Moment | None:
    return _date(int(found["y"]) + 1911, *_month_and_day(found), Kind.ROC_YEAR)


def _month_and_day(found: re.Match[str]) -> tuple[int, int]:
    both = found["md"]
    return (int(both[:2]), int(both[2:])) if both else (int(found["m"]), int(found["d"]))


def _of_short(found: re.Match[str], order: str | None) -> Moment | None:
    parts = (found[1], found[3], found[4])
    if order is None:
        return Moment(None, False) if any(_in_order(parts, one) for one in ORDERS) else None
    return _in_order(parts, order)


def _in_order(parts: Sequence[str], order: str) -> Moment | None:
    year, month, day = (parts[order.index(part)] for part in "ymd")
    if len(year) not in (2, 4) or len(day) > 2:
        return None
    return _date(_whole_year(year), int(month), int(day), Kind.DATE_ORDER)


def _whole_year(digits: str) -> int:
    year = int(digits)
    if len(digits) == 4:
        return year
    # The same turn of the century as strptime has.
    return year + 2000 if year < 69 else year + 1900


def _date(year: int, month: int, day: int, *kinds: Kind) -> Moment | None:
    if not 1900 <= year < 2100:
        return None
    try:
        return Moment(datetime(year, month, day), False, kinds)
    except ValueError:
        return None


def _clock(text: str, before: str) -> tuple[timedelta, bool, bool] | None:
    """The time of day behind a date, whether there is one, and whether in halves of the day."""
    if not text.strip():
        return timedelta(), False, False
    rest = text.lstrip()
    if rest == text and before not in "日号" and not rest.startswith(("T", "上", "下")):
        return None
    found = _CLOCK.fullmatch(rest.removeprefix("T").strip())
    if not found:
        return None
    hour, minute, second = (int(found[part] or 0) for part in ("h", "min", "s"))
    half = found["before"] or (found["after"] or "").lower()[:1]
    late = half in ("下午", "p")
    if half:
        if (found["before"] and found["after"]) or (hour > 12 and not late):
            return None
        hour = hour % 12 + 12 * late if hour <= 12 else hour
    if hour > 23 or minute > 59 or second > 59:
        return None
    return timedelta(hours=hour, minutes=minute, seconds=second), True, bool(half)


def _joined(date: Moment, clock: tuple[timedelta, bool, bool], kinds: Sequence[Kind]) -> Moment:
    time_of_day, has_clock, halves = clock
    value = None if date.value is None else date.value + time_of_day
    half = (Kind.HALF_DAY,) if halves else ()
    return Moment(value, has_clock, (*kinds, *date.kinds, *half))


def by_formats(text: str, formats: Sequence[str]) -> Moment | None:
    """A date or time by the first of some forms of strptime's that fits."""
    for form in formats:
        try:
            moment = datetime.strptime(text, form)
        except ValueError:
            continue
        if 1900 <= moment.year < 2100:
            clock = any(directive in form for directive in _TIME_DIRECTIVES)
            plain = _PLAIN.fullmatch(text)
            return Moment(moment, clock, () if plain else (Kind.DATE_FORM,))
    return None


def orders_that_fit(texts: Iterable[str], orders: Iterable[str] = ORDERS) -> tuple[str, ...]:
    """Those of some orders in which every short date among the texts is a date.

    A text that is a date in none of them is a slip and tells nothing.
    """
    left = tuple(orders)
    for text in texts:
        found = _SHORT.match(_SPACED.sub(r"\1", half_width(text)))
        if found:
            parts = (found[1], found[3], found[4])
            fit = [one for one in ORDERS if _in_order(parts, one)]
            left = tuple(one for one in left if one in fit) if fit else left
    return left
