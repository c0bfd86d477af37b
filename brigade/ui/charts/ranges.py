"""Ranges: the median and the 90th percentile of named things."""

from dataclasses import dataclass

from brigade.ui.charts.sheet import (
    QUIET,
    Dict,
    Drawing,
    Sheet,
    amount_axis,
    names_at_left,
    row_number,
)

ROW_HEIGHT = 26


@dataclass(frozen=True, slots=True)
class Range:
    """One row for each ``y``: a dot at ``low``, a ring at ``high`` and a line between them."""

    y: str
    low: str
    high: str


def draw_range(chart: Range, sheet: Sheet) -> Drawing:
    """Draw ranges."""
    low, high, palette = chart.low, chart.high, sheet.palette
    rows = sheet.result.rows
    lows, highs = ([sheet.amount(column, row) for row in rows] for column in (low, high))
    data = []
    for index, (row, at_low, at_high) in enumerate(zip(rows, lows, highs, strict=True)):
        data.append(
            sheet.mark(row, sheet.name(chart.y, row[chart.y]), at_low, at_high)
            | {
                "row": index,
                "low": at_low.value,
                "high": at_high.value,
                "low_text": at_low.text,
                "high_text": at_high.text,
            }
        )
    y = row_number()
    metric = sheet.result.column(low).metric
    unit = metric.unit.in_(sheet.lang) if metric else ""
    title = f"● {sheet.label(low)}　○ {sheet.label(high)}"
    title += sheet.say(f"（{unit}）", f" ({unit})") if unit else ""
    x_low: Dict = {
        "field": "low",
        "type": "quantitative",
        "scale": {"zero": True, "nice": False},
        "axis": amount_axis(sheet, low, title=title, titleAnchor="start", tickMinStep=1),
    }
    x_high = {"field": "high", "type": "quantitative"}
    hover = sheet.hover(chart.y, low, high)
    dot = {"type": "point", "size": 80, "opacity": 1, "strokeWidth": 2, **sheet.hand()}
    text = {"type": "text", "opacity": QUIET, "aria": False}
    shade = sheet.shade()
    layers: list[Dict] = [
        {
            "mark": sheet.touch("rect"),
            "encoding": {"y": y, **hover},
        },
        {
            "mark": {"type": "rule", "color": palette.now, "strokeWidth": 2, "aria": False},
            "encoding": {"y": y, "x": x_low, "x2": {"field": "high"}, **shade, **hover},
        },
        {
            "mark": {
                **dot,
                "fill": palette.paper,
                "stroke": palette.now,
            },
            "encoding": {"y": y, "x": x_high, **shade, **sheet.said(), **hover},
        },
        {
            "mark": {**dot, "fill": palette.now, "stroke": palette.now},
            "encoding": {"y": y, "x": x_low, **shade, **sheet.said(), **hover},
        },
        names_at_left(y),
        {
            "mark": {**text, "align": "right", "dx": -9},
            "encoding": {
                "y": y,
                "x": {"field": "low", "type": "quantitative"},
                "text": {"field": "low_text", "type": "nominal"},
            },
        },
        {
            "mark": {**text, "align": "left", "dx": 9},
            "encoding": {
                "y": y,
                "x": x_high,
                "text": {"field": "high_text", "type": "nominal"},
            },
        },
    ]
    what = sheet.say(
        f"{sheet.label(low)}与{sheet.label(high)}，按{sheet.label(chart.y)}",
        f"{sheet.label(low)} and {sheet.label(high)} by {sheet.label(chart.y)}",
    )
    items = [(datum["name"], amount) for datum, amount in zip(data, lows, strict=True)]
    spec = sheet.spec(data, layers, height={"step": ROW_HEIGHT})
    return Drawing(spec, sheet.summary(low, what, items))
