"""Metrics: what each number means, read from ``queries/metrics.toml``, and how it changed.

SQL returns additive parts; ratios, changes and whether chance explains them are made from the
parts here and nowhere else.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from brigade import house, stats
from brigade.errors import ContractError
from brigade.filters import Period
from brigade.text import Text

Kind = Literal["count", "sum", "ratio", "quantile"]
Better = Literal["higher", "lower", "neutral"]
Number = float | int


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric; ``rows`` names the relation that its figure is made of (an extract, or
    ``<extract>_to_date``), ``where`` which of its rows; ``query`` names the query of one row that a
    target's progress is taken from."""

    name: str
    kind: Kind
    label: Text
    definition: Text
    unit: Text
    decimals: int
    better: Better
    chance: bool
    note: Text | None
    numerator: str | None
    denominator: str | None
    per: float
    rows: str | None
    where: Mapping[str, tuple[str, ...]]
    query: str | None = None


_KEYS = {
    "kind", "zh", "en", "unit", "decimals", "better", "chance", "note", "numerator", "denominator",
    "per", "rows", "where", "query",
}  # fmt: skip


def _pair(raw: Any) -> Text:
    return Text(raw, raw) if isinstance(raw, str) else Text(raw["zh"], raw["en"])


def _metric(name: str, raw: dict[str, Any]) -> Metric:
    unknown = sorted(set(raw) - _KEYS)
    kind = raw.get("kind", "ratio" if "numerator" in raw else "count")
    parts = "numerator" in raw and "denominator" in raw
    if unknown or kind not in ("count", "sum", "ratio", "quantile") or parts != (kind == "ratio"):
        wrong = unknown[0] if unknown else "kind"
        raise ContractError(
            Text(
                f"metrics.toml 中 {name} 的 {wrong} 不对，请改正。",
                f"metrics.toml: {wrong} of {name} is wrong; mend it.",
            )
        )
    unit = _pair(raw.get("unit", ""))
    return Metric(
        name=name,
        kind=kind,
        label=Text(raw["zh"]["label"], raw["en"]["label"]),
        definition=Text(raw["zh"]["definition"], raw["en"]["definition"]),
        unit=unit,
        decimals=raw.get("decimals", 1 if kind == "ratio" else 0),
        better=raw.get("better", "neutral"),
        chance=raw.get("chance", False),
        note=_pair(raw["note"]) if "note" in raw else None,
        numerator=raw.get("numerator"),
        denominator=raw.get("denominator"),
        per=raw.get("per", 100.0 if unit.en == "%" else 1.0),
        rows=raw.get("rows"),
        where={key: tuple(values) for key, values in raw.get("where", {}).items()},
        query=raw.get("query"),
    )


@cache
def all_metrics() -> dict[str, Metric]:
    """Every metric of the house by name; :class:`ContractError` names what is wrong in the file."""
    path = house.QUERIES / "metrics.toml"
    try:
        with path.open("rb") as file:
            return {name: _metric(name, raw) for name, raw in tomllib.load(file).items()}
    except (tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise ContractError(
            Text(
                f"metrics.toml 读不懂（{error}），请改正。",
                f"metrics.toml can't be read ({error}); mend it.",
            )
        ) from error


def metric(name: str) -> Metric:
    """The metric of that name; :class:`ContractError` when there is none."""
    try:
        return all_metrics()[name]
    except KeyError:
        raise ContractError(
            Text(f"metrics.toml 中没有指标 {name}。", f"metrics.toml has no metric {name}.")
        ) from None


def value_of(metric_: Metric, row: Mapping[str, Any]) -> Number | None:
    """A metric's value in one row of parts, or None when it can't be made."""
    if metric_.kind != "ratio":
        return row.get(metric_.name)
    top, bottom = row.get(str(metric_.numerator)), row.get(str(metric_.denominator))
    if top is None or not bottom:
        return None
    return float(top) / float(bottom) * metric_.per


Verdict = Literal["better", "worse", "neutral", "chance", "none"]


@dataclass(frozen=True, slots=True)
class Change:
    """How a metric moved from the period before to this one.

    ``difference`` is in the metric's own unit; ``percent`` is None where there is no base, and for
    ratios (whose change is read in points). ``verdict`` says how to read it; ``test`` is the
    comparison of the two counts for a metric that chance can explain.
    """

    now: Number | None
    before: Number | None
    difference: Number | None
    percent: float | None
    verdict: Verdict
    test: stats.CountComparison | None = None
    reason: Text | None = None


_NO_BASE = Text("上期为零，不算百分比", "nothing before, so no percentage")
_NO_BEFORE = Text("没有可比时段", "no period to compare with")
_NO_HISTORY = Text("只有现状，不与以前比较", "as it stands, so not compared")
_PARTIAL = Text("时段数据不全，不比较", "a period's data are incomplete, so not compared")


def change(
    metric_: Metric,
    now: Number | None,
    before: Number | None,
    periods: tuple[Period, Period] | None,
    covered: bool = True,
    comparable: bool = True,
) -> Change:
    """Compare a metric's value now and before.

    ``periods`` are this period and the one before (None when nothing is compared): where they
    differ in length the exact test weighs the counts by their days. ``covered`` is False when the
    extract does not cover both periods to their end: then no change is given. ``comparable`` is
    False for what an extract knows only as it stands.
    """
    if periods is None or not covered or now is None or before is None:
        partial = periods is not None and not covered
        return Change(
            now,
            None if partial else before,
            None,
            None,
            "none",
            reason=_PARTIAL if partial else _NO_BEFORE if comparable else _NO_HISTORY,
        )
    difference = now - before
    percent = (
        None
        if metric_.kind in ("ratio", "quantile") or not before
        else (100.0 * difference / before)
    )
    reason = _NO_BASE if now and not before and metric_.kind in ("count", "sum") else None
    test = None
    if metric_.chance and (now or before):
        test = stats.compare_counts(int(now), int(before), periods[0].days, periods[1].days)
        if test.within_chance:
            return Change(now, before, difference, percent, "chance", test, reason)
    if metric_.better == "neutral" or not round(difference, metric_.decimals):
        verdict: Verdict = "neutral"
    else:
        verdict = "better" if (difference > 0) == (metric_.better == "higher") else "worse"
    return Change(now, before, difference, percent, verdict, test, reason)
