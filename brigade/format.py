"""How values are written for people, in either language."""

from datetime import date, datetime
from typing import Any

from brigade.filters import Comparison, Period
from brigade.metrics import Change, Metric, Number
from brigade.queries import OutputColumn
from brigade.text import DASH, NO, NOT_RECORDED, YES, Lang, Text

WEEKDAYS = (
    Text("周一", "Mon"),
    Text("周二", "Tue"),
    Text("周三", "Wed"),
    Text("周四", "Thu"),
    Text("周五", "Fri"),
    Text("周六", "Sat"),
    Text("周日", "Sun"),
)
COMPARED = {
    "year": Text("上年同期", "same period a year before"),
    "previous": Text("上一时段", "period before"),
    "none": Text("不比较", "no comparison"),
}
"""What the period compared is called, by kind of comparison."""

_MINUS = "\u2212"


def number(value: Number | None, decimals: int = 0) -> str:
    """A number with thousands separated, a true minus sign, and "—" for one that can't be made."""
    if value is None or value != value:
        return DASH
    # What rounds to nothing has no sign.
    return f"{round(value, decimals) + 0.0:,.{decimals}f}".replace("-", _MINUS)


def signed(value: Number | None, decimals: int = 0) -> str:
    """A difference with its sign always written; zero has none."""
    text = number(value, decimals)
    return f"+{text}" if value is not None and round(value, decimals) > 0 else text


def with_unit(metric: Metric, value: Number | None, lang: Lang) -> str:
    """A metric's value followed by its unit."""
    text = number(value, metric.decimals)
    unit = metric.unit.in_(lang)
    return text if not unit or text == DASH else f"{text} {unit}"


def dimension(name: str, value: Any, lang: Lang) -> str:
    """A value of a dimension: weekday and hour by name, dates ISO, nulls as not recorded."""
    if value is None or value != value:
        return NOT_RECORDED.in_(lang)
    if name == "weekday":
        return WEEKDAYS[int(value) - 1].in_(lang)
    if name in ("hour", "ticket_hour"):
        return f"{int(value)} 时" if lang == "zh" else f"{int(value):02d}:00"
    if name == "month":
        return f"{value:%Y-%m}"
    if isinstance(value, bool):
        return (YES if value else NO).in_(lang)
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return f"{value:g}"
    return str(value)


def cell(column: OutputColumn, value: Any, lang: Lang) -> str:
    """One cell of a result as it is read on the screen."""
    if column.metric is not None:
        return number(value, column.metric.decimals)
    return dimension(column.name, value, lang)


def period_text(period: Period) -> str:
    """A period as its two ISO dates."""
    return f"{period.start} – {period.end}"


def day_text(day: date, lang: Lang) -> str:
    """A day in running text: 6月30日 or 30 Jun."""
    return f"{day.month}月{day.day}日" if lang == "zh" else f"{day.day} {day:%b}"


def compared_text(now: Period, before: Period | None, comparison: Comparison, lang: Lang) -> str:
    """Which two periods are compared, and that they differ in length where they do."""
    if before is None:
        return f"{period_text(now)} · {COMPARED['none'].in_(lang)}"
    name = COMPARED[comparison].in_(lang)
    text = Text(
        f"{period_text(now)}，与{name} {period_text(before)} 比",
        f"{period_text(now)}, against the {name} {period_text(before)}",
    ).in_(lang)
    if now.days != before.days:
        text += Text(
            f"（{now.days} 天对 {before.days} 天）", f" ({now.days} days against {before.days})"
        ).in_(lang)
    return text


def change_figure(metric: Metric, change: Change, lang: Lang) -> str:
    """The size of a change alone: in percent, or in points for a ratio; "—" when there is none."""
    if change.percent is not None:
        return f"{signed(change.percent, 1)}%"
    if change.difference is not None and metric.kind in ("ratio", "quantile"):
        unit = (
            Text("个百分点", "points").in_(lang) if metric.unit.en == "%" else metric.unit.in_(lang)
        )
        return f"{signed(change.difference, metric.decimals)} {unit}".strip()
    return DASH


_VERDICTS = {
    "chance": Text("在偶然波动范围内", "within chance"),
    "better": Text("超出偶然波动", "more than chance"),
    "worse": Text("超出偶然波动", "more than chance"),
}


def change_text(metric: Metric, change: Change, lang: Lang) -> str:
    """A change in words: ``36 → 33，−8.3%，在偶然波动范围内``, or why there is none."""
    if change.verdict == "none":
        return change.reason.in_(lang) if change.reason else DASH
    comma = "，" if lang == "zh" else ", "
    before, now = number(change.before, metric.decimals), number(change.now, metric.decimals)
    parts = [f"{before} → {now}"]
    figure = change_figure(metric, change, lang)
    if figure != DASH:
        parts.append(figure)
    elif change.reason is not None:
        parts.append(change.reason.in_(lang))
    if change.test is not None:
        colon = "，" if lang == "zh" else ": "
        verdict = _VERDICTS["chance" if change.verdict == "chance" else "better"].in_(lang)
        return comma.join(parts) + colon + verdict
    return comma.join(parts)


def interval_text(change: Change, lang: Lang) -> str:
    """The exact test behind a verdict: ratio with its 95 % interval and p; empty without a test."""
    test = change.test
    if test is None or test.ratio is None:
        return ""
    low, high = number(test.ratio_low, 2), number(test.ratio_high, 2)
    return Text(
        f"比值 {test.ratio:.2f}（95% 区间 {low}–{high}），p = {test.p_value:.2f}",
        f"ratio {test.ratio:.2f} (95% interval {low}–{high}), p = {test.p_value:.2f}",
    ).in_(lang)
