"""Time on an axis: which months and days a period has, and how they are written."""

import calendar
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

from brigade.contracts import contract
from brigade.filters import add_months
from brigade.ui.charts.sheet import Dict, Sheet

_DAY = 86_400_000.0
_SHORT = timedelta(days=62)


def day_of(value: Any) -> date:
    """The day at which a value of time is drawn."""
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else date(int(value), 1, 1)


def milliseconds(day: date) -> float:
    """A day as Vega counts time: milliseconds since 1970, in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() * 1000


def _span_end(column: str, day: date) -> date:
    """The last day of the month or year that begins on a day."""
    if column == "month":
        return day.replace(day=calendar.monthrange(day.year, day.month)[1])
    return day.replace(month=12, day=31) if column == "year" else day


def _last_day(sheet: Sheet, slack: timedelta) -> date:
    """The last day of the period that has data; rows that come now and then may end earlier."""
    result = sheet.result
    known = result.release.extracts.get(result.query.extracts[0]) if result.query.extracts else None
    if known is None or known.last is None:
        return result.period.end
    return min(result.period.end, known.last + slack)


def is_partial(column: str, day: date, sheet: Sheet) -> bool:
    """Whether the period or its data hold only a part of a month or year."""
    extracts = sheet.result.query.extracts
    slack = timedelta(days=contract(extracts[0]).rhythm_days if extracts else 0)
    starts_late = day < sheet.result.period.start
    return starts_late or _span_end(column, day) > _last_day(sheet, slack)


def times(column: str, sheet: Sheet) -> Iterator[date]:
    """The months or days of the period that the data reach."""
    start, end = sheet.result.period.start, _last_day(sheet, timedelta())
    day = start.replace(day=1) if column == "month" else start
    while day <= end:
        yield day
        day = add_months(day, 1) if column == "month" else day + timedelta(days=1)


def spread(points: list[Dict]) -> None:
    """Give each point the span of time that belongs to it: half-way to its neighbours."""
    times = sorted({point["t"] for point in points})
    gaps = [b - a for a, b in pairwise(times)] or [30 * _DAY]
    lefts = [gaps[0], *gaps]
    rights = [*gaps, gaps[-1]]
    edges = {
        t: (t - left / 2, t + right / 2)
        for t, left, right in zip(times, lefts, rights, strict=False)
    }
    for point in points:
        point["from"], point["to"] = edges[point["t"]]


def time_axis(column: str, sheet: Sheet, points: list[Dict], years: bool) -> Dict:
    """The axis of time; months say their year under them unless ``years`` is False."""
    days = [point["t"] for point in points]
    span = timedelta(milliseconds=max(days, default=0.0) - min(days, default=0.0))
    axis: Dict = {
        "title": None,
        "grid": False,
        "labelOverlap": "parity",
        "domainColor": sheet.palette.rule,
    }
    year = sheet.say("utcyear(datum.value)+'年'", "utcyear(datum.value)")
    if column == "year":
        axis |= {"values": sorted(set(days)), "labelExpr": f"'' + {year}"}
    elif column == "day" and span <= _SHORT:
        day = sheet.say(
            "(utcmonth(datum.value)+1)+'月'+utcdate(datum.value)+'日'",
            "utcFormat(datum.value, '%-d %b')",
        )
        axis |= {"tickCount": 6, "labelExpr": day}
    else:
        month = sheet.say("(utcmonth(datum.value)+1)+'月'", "utcFormat(datum.value, '%b')")
        first = "datum.index == 0 || utcmonth(datum.value) == 0"
        step = 1 if span.days <= 430 else 3 if span.days <= 1230 else 12
        axis |= {
            "tickCount": {"interval": "month", "step": step},
            "labelExpr": f"[{month}, {first} ? '' + {year} : '']" if years else month,
        }
    return axis
