"""Targets: how far a metric has come, and whether that is enough by now.

What is done comes from the metric's own query, run from the target's first day to the period's
last: nothing is defined a second time.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from brigade import stats
from brigade.contracts import contract
from brigade.engine.protocol import Engine
from brigade.engine.relations import Reader
from brigade.errors import BrigadeError
from brigade.filters import Filters, Period
from brigade.format import number
from brigade.metrics import Metric, Number, all_metrics
from brigade.queries import Query, query
from brigade.results import covers, fetch
from brigade.text import Text

Standing = Literal["good", "bad", "neutral", "unknown"]

_ONE_DAY = timedelta(days=1)
_NO_QUERY = Text("没有能算完成数的指标", "no metric that computes what is done")
_PARTIAL = Text("时段数据不全，不判断", "the data are incomplete, so not judged")
_NOT_MADE = Text("完成数算不出", "what is done can't be made")


@dataclass(frozen=True, slots=True)
class Target:
    """What a metric is to come to within a span of days, in a township or (None) the county."""

    metric: str
    township: str | None
    span: Period
    value: float


@dataclass(frozen=True, slots=True)
class Progress:
    """How a target stands on one day.

    ``filters`` choose the rows that ``done`` counts. ``expected`` is what an even pace would have
    come to by that day: of what is counted a share of the target by days, of a level (a state) the
    same share of the way from the level on the day before the span. It is None for ratios,
    quantiles, levels whose past nothing records and those that had reached the target before.
    ``verdict`` says in words how it stands.
    """

    target: Target
    metric: Metric | None
    filters: Filters
    done: Number | None
    expected: Number | None
    standing: Standing
    verdict: Text


def targets_in_force(name: str, filters: Filters, engine: Engine, reader: Reader) -> list[Target]:
    """The targets that a query finds in force at the period's end: of the county and all townships,
    or of the townships chosen alone. Other filters leave them as they are."""
    kept = {key: values for key, values in filters.values.items() if key == "township"}
    result = fetch(query(name), Filters(filters.period, "none", kept), engine, reader)
    return [
        Target(
            row["metric"], row["township"], Period(row["starts_on"], row["ends_on"]), row["target"]
        )
        for row in result.rows
        if row["target"] is not None
    ]


def progress(target: Target, day: date, engine: Engine, reader: Reader) -> Progress:
    """How a target stands at the end of a day within its span."""
    span = Period(target.span.start, day)
    where = {"township": (target.township,)} if target.township else {}
    filters = Filters(span, "none", where)
    metric_ = all_metrics().get(target.metric)
    try:
        if metric_ is None or metric_.query is None:
            return Progress(target, metric_, filters, None, None, "unknown", _NO_QUERY)
        own = query(metric_.query)
        done = _figure(own, metric_, filters, engine, reader)
    except BrigadeError as error:
        return Progress(target, metric_, filters, None, None, "unknown", error.text)
    if done is None:
        return Progress(target, metric_, filters, None, None, "unknown", _NOT_MADE)
    if not all(covers(engine.release, extract, span) for extract in own.extracts):
        return Progress(target, metric_, filters, done, None, "unknown", _PARTIAL)
    expected = _even_pace(own, metric_, target, filters, engine, reader)
    standing, verdict = judge(metric_, target.value, done, expected, day >= target.span.end)
    return Progress(target, metric_, filters, done, expected, standing, verdict)


def _figure(
    own: Query, metric_: Metric, filters: Filters, engine: Engine, reader: Reader
) -> Number | None:
    rows = fetch(own, filters, engine, reader).rows
    return rows[0][metric_.name] if rows else None


def _even_pace(
    own: Query, metric_: Metric, target: Target, filters: Filters, engine: Engine, reader: Reader
) -> Number | None:
    """What an even pace would have come to by the last day of the filters, or None."""
    if metric_.kind not in ("count", "sum"):
        return None
    share = filters.period.days / target.span.days
    if contract(own.extracts[0]).time is not None:
        return target.value * share
    # A query that can't be compared knows its rows only as they stand.
    if not own.compares:
        return None
    eve = filters.period.start - _ONE_DAY
    level = _figure(own, metric_, replace(filters, period=Period(eve, eve)), engine, reader)
    if level is None or (level <= target.value) == (metric_.better == "lower"):
        return None
    return level + (target.value - level) * share


def judge(
    metric_: Metric, target: float, done: Number, expected: Number | None, is_over: bool
) -> tuple[Standing, Text]:
    """Whether what is done is enough, and the words for it.

    A target of a metric that is better lower is a ceiling, of one better higher a floor. That of
    any other is a plan, read as a floor but neither good nor bad.
    """
    if metric_.better == "lower":
        return _ceiling(metric_, target, done, expected, is_over)
    standing, verdict = _floor(metric_, target, done, expected, is_over)
    return (standing if metric_.better == "higher" else "neutral"), verdict


def _floor(
    metric_: Metric, target: float, done: Number, expected: Number | None, is_over: bool
) -> tuple[Standing, Text]:
    if done >= target:
        return "good", Text("已达到目标", "target reached")
    to_go = pace_text(metric_, target - done)
    if is_over:
        return "bad", Text(f"未达到，差 {to_go}", f"missed by {to_go}")
    if expected is None:
        return "neutral", Text(f"还差 {to_go}，不按均速", f"{to_go} to go; no even pace")
    if done >= expected:
        return "good", Text("达到均速", "on track")
    behind = pace_text(metric_, expected - done)
    return "bad", Text(f"落后均速 {behind}", f"off track, {behind} behind even pace")


def _ceiling(
    metric_: Metric, target: float, done: Number, expected: Number | None, is_over: bool
) -> tuple[Standing, Text]:
    if done > target:
        above = pace_text(metric_, done - target)
        return "bad", Text(f"已超上限 {above}", f"over the ceiling by {above}")
    if is_over:
        return "good", Text("未超上限", "kept under the ceiling")
    if expected is None:
        left = pace_text(metric_, target - done)
        return "neutral", Text(
            f"离上限 {left}，不按均速", f"{left} below the ceiling; no even pace"
        )
    if done <= expected:
        return "good", Text("在均速以内", "on track, within even pace")
    above = pace_text(metric_, done - expected)
    off = Text(f"超出均速 {above}", f"off track, {above} over even pace")
    if metric_.chance and stats.at_least(int(done), expected) >= stats.TAIL:
        return "neutral", Text(f"{off.zh}，在偶然波动范围内", f"{off.en}; within chance")
    return "bad", off


_SMALL = 100


def pace_decimals(metric_: Metric, value: Number) -> int:
    """The decimals of an even pace: small ones show a tenth, or 34 would stand beside 33.7."""
    return max(metric_.decimals, 1) if abs(value) < _SMALL else metric_.decimals


def pace_text(metric_: Metric, value: Number) -> str:
    """An even pace, or the distance to it, as it is read."""
    return number(value, pace_decimals(metric_, value))
