"""What the reader has chosen: the period, what it is compared with, and values of columns.

A filter's key is the name of a column that means the same in every extract (``township``) or
``extract.column`` for one that belongs to one extract (``hazards.kind``), so that a choice on one
page never empties another by an accident of names.
"""

import calendar
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Literal

from brigade.contracts import Column, Contract, all_contracts, contract
from brigade.errors import FilterError
from brigade.text import NO, NOT_RECORDED, YES, Text

Comparison = Literal["year", "previous", "none"]

FRAME = ("township", "squadron", "road_class", "category", "vehicle_type")
"""The columns that have a widget of their own in the frame of every page."""

SHARED = {
    **dict.fromkeys(FRAME, "violations"),
    "village_code": "villages",
    "hour": "violations",
    "weekday": "violations",
    **dict.fromkeys(("campaign", "campaign_id", "operation_date", "duty"), "campaigns"),
}
"""Columns that mean the same wherever they occur: a filter on one reaches every extract. Each with
the extract whose label names it."""

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """A span of whole days, both ends included."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.start > self.end:
            raise FilterError(
                Text(
                    f"时段的开始 {self.start} 晚于结束 {self.end}，请调换。",
                    f"The period starts on {self.start}, after its end {self.end}; swap them.",
                )
            )

    @property
    def days(self) -> int:
        """How many days the period has."""
        return (self.end - self.start).days + 1

    @property
    def whole_months(self) -> int | None:
        """How many calendar months the period is made of, or None when it is not whole months."""
        last_of_month = calendar.monthrange(self.end.year, self.end.month)[1]
        if self.start.day != 1 or self.end.day != last_of_month:
            return None
        return (self.end.year - self.start.year) * 12 + self.end.month - self.start.month + 1

    def clipped(self, last: date) -> "Period":
        """The period ending no later than ``last`` (unchanged when it starts after it)."""
        return self if self.start > last else Period(self.start, min(self.end, last))


def same_day_in(day: date, year: int) -> date:
    """The same calendar day in another year; 29 February becomes 28 February."""
    last = calendar.monthrange(year, day.month)[1]
    return date(year, day.month, min(day.day, last))


def add_months(day: date, months: int) -> date:
    """The day that many months later, moved back to the month's last day where it must be."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def period_before(period: Period, comparison: Comparison) -> Period | None:
    """The period that ``period`` is compared with, like for like.

    ``year``: the same calendar days a year earlier (29 February counts as 28 February); a period
    longer than a year goes back by as many whole years as keep the two from overlapping.
    ``previous``: as many whole months, or else as many days, directly before.
    """
    if comparison == "none":
        return None
    if comparison == "previous":
        if period.whole_months:
            start = add_months(period.start, -period.whole_months)
        else:
            start = period.start - timedelta(days=period.days)
        return Period(start, period.start - _ONE_DAY)
    years = 1
    while same_day_in(period.end, period.end.year - years) >= period.start:
        years += 1
    return Period(
        same_day_in(period.start, period.start.year - years),
        same_day_in(period.end, period.end.year - years),
    )


@dataclass(frozen=True, slots=True)
class Filters:
    """The reader's whole choice."""

    period: Period
    comparison: Comparison = "year"
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def before(self) -> Period | None:
        """The period compared, or None."""
        return period_before(self.period, self.comparison)

    def without(self, *keys: str) -> "Filters":
        """The same choice less the filters of those keys."""
        return replace(self, values={k: v for k, v in self.values.items() if k not in keys})

    def having(self, values: Mapping[str, tuple[str, ...]]) -> "Filters":
        """The same choice with those filters added, each replacing one of the same key."""
        return replace(self, values={**self.values, **values})

    def for_extract(self, extract: Contract) -> dict[str, tuple[str, ...]]:
        """The chosen values that apply to an extract, by its column names."""
        chosen = {}
        for key, values in self.values.items():
            column = column_in(key, extract)
            if column is not None and values:
                chosen[column.name] = values
        return chosen


def column_in(key: str, extract: Contract) -> Column | None:
    """The column of ``extract`` that a filter's key names, or None when it does not apply.

    A filter on one extract reaches others by what they borrow from it and by its key: one on the
    cause of crashes also chooses their parties.
    """
    owner, _, name = key.rpartition(".")
    if not owner and name not in SHARED:
        return None
    column = extract.columns.get(name)
    if column is None or not column.filter:
        return None
    lender = column.borrowed[0] if column.borrowed else column.refers
    return column if not owner or owner in (extract.name, lender) else None


def key_of(extract: str, column: str) -> str:
    """The filter key of a column of an extract."""
    return column if column in SHARED else f"{extract}.{column}"


def column_of(key: str) -> Column:
    """The column that a filter's key names; :class:`FilterError` when there is none."""
    owner, _, name = key.rpartition(".")
    extract = all_contracts().get(owner or SHARED.get(name, ""))
    column = column_in(key, extract) if extract else None
    if column is not None:
        return column
    raise FilterError(
        Text(f"没有可筛选的列 {key}，请核对名称。", f"There is no column {key} to filter by.")
    )


def typed_value(column: Column, value: str) -> object:
    """A filter's value as its column's type, None for 未记录; else :class:`FilterError`."""
    if value in (NOT_RECORDED.zh, NOT_RECORDED.en):
        return None
    try:
        match column.type:
            case "integer":
                return int(value)
            case "number":
                return float(value)
            case "date":
                return date.fromisoformat(value)
            case "boolean":
                return {"true": True, "false": False, YES.zh: True, NO.zh: False}[value]
            case _:
                return value
    except (ValueError, KeyError):
        raise FilterError(
            Text(
                f"“{column.label.zh}”没有取值 {value}，已忽略。",
                f"{column.label.en} has no value {value}; it was dropped.",
            )
        ) from None


def filter_text(column: Column, value: object) -> str:
    """A column's value as a filter writes it: the inverse of :func:`typed_value`."""
    if value is None:
        return NOT_RECORDED.zh
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()[:10]
    if isinstance(value, float) and column.type == "integer":
        return str(int(value))
    return str(value)


def extract_has(extract: str, key: str) -> bool:
    """Whether a filter's key applies to an extract."""
    return column_in(key, contract(extract)) is not None
