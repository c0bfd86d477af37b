"""Points: what happened where, east and north on one scale, without a map under it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import quantiles

from brigade import format
from brigade.results import Row
from brigade.ui.charts.sheet import SMALL, Dict, Drawing, Sheet

HEIGHT = 440
KM = 111.2
"""Kilometres to a degree of latitude."""
MARGIN_KM = 0.5
_LARGEST = 420
_FENCE = 3


@dataclass(frozen=True, slots=True)
class Points:
    """One point for each row, ``x`` degrees east and ``y`` degrees north, its area by ``value``.

    Rows without a place are not drawn, nor those far from all others (a wrong coordinate would
    shrink the rest to a dot): how much of ``value`` that leaves out stands over the drawing.
    """

    x: str
    y: str
    value: str


def placed(chart: Points, rows: Sequence[Row]) -> list[Row]:
    """The rows that have a place."""
    return [row for row in rows if row[chart.x] is not None and row[chart.y] is not None]


def within(values: Sequence[float]) -> tuple[float, float]:
    """The span of values that lie no further from the middle half than three times its width.

    Tukey's outer fences (1977, Exploratory Data Analysis, 2C).
    """
    if len(values) < 4:
        return min(values), max(values)
    low, _, high = quantiles(values, n=4)
    reach = _FENCE * (high - low)
    near = [value for value in values if low - reach <= value <= high + reach]
    return min(near), max(near)


def draw_points(chart: Points, sheet: Sheet) -> Drawing:
    """Draw points."""
    column, palette = chart.value, sheet.palette
    known = placed(chart, sheet.result.rows)
    west, east = within([float(row[chart.x]) for row in known])
    south, north = within([float(row[chart.y]) for row in known])
    rows = [r for r in known if west <= r[chart.x] <= east and south <= r[chart.y] <= north]
    amounts = [sheet.amount(column, row) for row in rows]
    across = KM * math.cos(math.radians((south + north) / 2))
    data: list[Dict] = []
    for row, amount in zip(rows, amounts, strict=True):
        name = f"{sheet.name(chart.y, row[chart.y])}, {sheet.name(chart.x, row[chart.x])}"
        mark = sheet.mark(row, name, amount)
        place = {"x": (row[chart.x] - west) * across, "y": (row[chart.y] - south) * KM}
        data.append(mark | {name: km + MARGIN_KM for name, km in place.items()})
        data[-1]["value"] = amount.value
    x, wide = _axis("x", sheet.say("向东（公里）", "Kilometres east"), (east - west) * across)
    y, high = _axis("y", sheet.say("向北（公里）", "Kilometres north"), (north - south) * KM)
    per_km = {"name": "per_km", "expr": f"min(width / {wide:g}, {HEIGHT} / {high:g})"}
    layers: list[Dict] = [
        {
            "mark": {
                "type": "circle",
                "color": palette.of(column),
                "fillOpacity": 0.6,
                "stroke": palette.paper,
                "strokeWidth": 0.5,
                **sheet.hand(),
            },
            "encoding": {
                "x": x,
                "y": y,
                "size": {
                    "field": "value",
                    "type": "quantitative",
                    "scale": {"range": [0, _LARGEST], "zero": True},
                    "legend": {
                        "title": sheet.title(column),
                        "direction": "horizontal",
                        "tickCount": 3,
                        "symbolType": "circle",
                        "symbolFillColor": palette.of(column),
                        "symbolStrokeWidth": 0,
                    },
                },
                **sheet.shade(),
                **sheet.said(),
                "tooltip": sheet.tooltip(f"{sheet.label(chart.y)}, {sheet.label(chart.x)}", column),
            },
        }
    ]
    what = sheet.say(f"{sheet.title(column)}，按位置", f"{sheet.title(column)} by place")
    items = [(datum["name"], amount) for datum, amount in zip(data, amounts, strict=True)]
    title = {
        "text": _left_out(chart, sheet, known, rows),
        "anchor": "start",
        "fontSize": SMALL,
        "fontWeight": "normal",
        "color": palette.muted,
    }
    spec = sheet.spec(data, layers, params=[per_km], height=HEIGHT, title=title)
    return Drawing(spec, sheet.summary(column, what, items))


def _axis(field: str, title: str, span: float) -> tuple[Dict, float]:
    """An axis of kilometres from the south-western corner, and its length in kilometres."""
    length = span + 2 * MARGIN_KM
    return {
        "field": field,
        "type": "quantitative",
        "scale": {
            "domain": [0, length],
            "nice": False,
            "range": [0, {"expr": f"per_km * {length:g}"}]
            if field == "x"
            else [HEIGHT, {"expr": f"{HEIGHT} - per_km * {length:g}"}],
        },
        "axis": {"title": title, "tickCount": 5, "grid": True, "domain": False},
    }, length


def _left_out(chart: Points, sheet: Sheet, known: list[Row], drawn: list[Row]) -> list[str]:
    """How much is in the drawing and how much is not, and why, in two lines."""

    def total(rows: Sequence[Row]) -> float:
        return sum(row[chart.value] or 0 for row in rows)

    metric = sheet.result.column(chart.value).metric
    decimals = metric.decimals if metric else 0
    nowhere = format.number(total(sheet.result.rows) - total(known), decimals)
    outside = format.number(total(known) - total(drawn), decimals)
    inside = format.number(total(drawn), decimals)
    return [
        sheet.say(f"图中 {inside}", f"drawn {inside}"),
        sheet.say(
            f"没有坐标 {nowhere}；离得太远、未画 {outside}",
            f"without coordinates {nowhere}; too far away {outside}",
        ),
    ]
