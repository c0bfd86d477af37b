"""Small multiples: each line in a strip of its own, on one scale or each on its own."""

from typing import Any

from brigade.ui.charts.line_marks import LINE_SHADE, Line, amount_of, last_of, line_mark, time_of
from brigade.ui.charts.sheet import SMALL, Dict, Sheet

STRIP = 46
_BY_SERIES = {"detail": {"field": "series", "type": "nominal"}}


def _tops(points: list[Dict], apart: bool) -> dict[int, float]:
    """The highest value that each strip has room for."""
    tops: dict[int, float] = {}
    for point in points:
        highest = max(point["value"] or 0.0, point["before"] or 0.0)
        tops[point["row"]] = max(tops.get(point["row"], 0.0), highest)
    all_of_them = max(tops.values(), default=0.0)
    return {row: (top if apart else all_of_them) or 1.0 for row, top in tops.items()}


def draw_strips(chart: Line, sheet: Sheet, points: list[Dict], names: list[str]) -> Any:
    """Small multiples: one strip for each line, all on one scale or each on its own."""
    column, palette, count = chart.y, sheet.palette, len(names)
    tops, room = _tops(points, chart.apart), 0.7 if chart.apart else 0.8
    for point in points:
        floor, top = count - 1 - point["row"], tops[point["row"]]
        for field in ("value", "before"):
            value = point[field]
            point[field] = None if value is None else floor + room * value / top
        point["floor"], point["roof"] = floor, floor + 0.96
    ends = []
    for index, name in enumerate(names):
        own = [point for point in points if point["series"] == name]
        last = last_of(own, "value")
        ends.append(
            {
                "name": name,
                "floor": count - 1 - index,
                "t": last["t"] if last else None,
                "at": last["value"] if last else None,
                "number": last["number"] if last else "",
                "line": own[0]["line"],
            }
        )
    x = time_of(chart, sheet, points)
    y = amount_of("value") | {"scale": {"domain": [0, count], "nice": False}, "axis": None}
    hover = sheet.hover(chart.x, column)
    colour = palette.of(column)
    text = {"type": "text", "opacity": {"expr": "datum.line < 1 ? 0.65 : 1"}, "aria": False}
    named = {"data": {"name": "ends"}}
    layers: list[Dict] = [
        {
            "mark": sheet.touch("rect") | {"aria": True},
            "encoding": {
                "x": x | {"field": "from"},
                "x2": {"field": "to"},
                "y": y | {"field": "floor"},
                "y2": {"field": "roof"},
                **sheet.said(),
                **hover,
            },
        },
        {
            **named,
            "mark": {"type": "rule", "color": palette.grid, "aria": False},
            "encoding": {"y": y | {"field": "floor"}},
        },
        {
            "mark": line_mark(palette.before, True) | {"strokeWidth": 1.2},
            "encoding": {"x": x, "y": y | {"field": "before"}, **_BY_SERIES},
        },
        {
            "mark": line_mark(colour, False) | {"strokeWidth": 2},
            "encoding": {"x": x, "y": y, **_BY_SERIES, **LINE_SHADE},
        },
        {
            **named,
            "mark": {
                **text,
                "align": "right",
                "baseline": "bottom",
                "x": -8,
                "dy": -4,
                "limit": 170,
            },
            "encoding": {
                "y": y | {"field": "floor"},
                "text": {"field": "name", "type": "nominal"},
            },
        },
        {
            **named,
            "mark": {**text, "align": "left", "dx": 8},
            "encoding": {
                "x": {"field": "t", "type": "temporal"},
                "y": y | {"field": "at"},
                "text": {"field": "number", "type": "nominal"},
            },
        },
    ]
    scale = (
        ("，各自刻度", ", each on its own scale") if chart.apart else ("，同一刻度", ", one scale")
    )
    title = sheet.title(column) + sheet.say(*scale)
    if sheet.result.before:
        title += sheet.say(f"；虚线为{sheet.compared()}", f"; dashed: {sheet.compared()}")
    return sheet.spec(
        points,
        layers,
        {"ends": ends},
        height=STRIP * count,
        title={
            "text": title,
            "anchor": "start",
            "fontSize": SMALL,
            "fontWeight": "normal",
            "color": palette.muted,
            "offset": 8,
        },
    )
