"""Lines: a number over time, beside the period compared or by one more dimension."""

from typing import Any

from brigade.contracts import contract
from brigade.results import Row
from brigade.text import Text
from brigade.ui.charts.line_marks import (
    LINE_SHADE,
    YEAR,
    Line,
    amount_of,
    last_of,
    line_mark,
    time_of,
)
from brigade.ui.charts.sheet import ABOVE, FADED, Amount, Dict, Drawing, Sheet, amount_axis
from brigade.ui.charts.strips import draw_strips
from brigade.ui.charts.times import day_of, is_partial, milliseconds, spread, times

HEIGHT = 240
OVERLAID = 4
"""Up to as many lines stand in one plot; more get a strip each."""

_LABEL_SHARE = 15 / 190
"""The height of a line's label as a share of the plot's."""

_BEFORE = {
    "year": Text("上年同期", "year before"),
    "previous": Text("上一时段", "period before"),
    "none": Text("", ""),
}


def draw_line(chart: Line, sheet: Sheet) -> Drawing:
    """Draw one or several lines."""
    names = _series(chart, sheet)
    pairs = [_datum(chart, sheet, row, names) for row in _complete(chart, sheet)]
    pairs.sort(key=lambda pair: (pair[0]["row"], pair[0]["t"]))
    points = [point for point, _ in pairs]
    items = [(point["name"], amount) for point, amount in pairs]
    spread(points)
    if chart.apart or (len(names) > OVERLAID and chart.color != YEAR):
        spec = draw_strips(chart, sheet, points, names)
    else:
        spec = _overlaid(chart, sheet, points, names)
    what = sheet.say(
        f"{sheet.title(chart.y)}，按{sheet.label(chart.x)}",
        f"{sheet.title(chart.y)} by {sheet.label(chart.x)}",
    )
    if chart.color:
        what += sheet.say(f"和{sheet.label(chart.color)}", f" and {sheet.label(chart.color)}")
    return Drawing(spec, sheet.summary(chart.y, what, items))


def _series(chart: Line, sheet: Sheet) -> list[str]:
    """The names of the lines in the order of the rows; without a colour one that has no name."""
    if chart.color is None:
        return [""]
    color = chart.color
    return list(dict.fromkeys(sheet.name(color, row[color]) for row in sheet.result.rows))


def _complete(chart: Line, sheet: Sheet) -> list[Row]:
    """The rows, with those added that no record fell into: zero for what is counted, else a gap.

    What is recorded only now and then (a stock at the end of a quarter) is left as it is.
    """
    rows = [row for row in sheet.result.rows if row[chart.x] is not None]
    extracts = sheet.result.query.extracts
    regular = chart.x in ("month", "day") and extracts and contract(extracts[0]).rhythm_days <= 31
    if not regular:
        return rows
    metric = sheet.result.column(chart.y).metric
    value = 0 if metric is not None and metric.kind in ("count", "sum") else None
    color = chart.color or chart.x
    groups = list(dict.fromkeys(row[color] for row in rows)) if chart.color else [None]
    known = {(day_of(row[chart.x]), row[color] if chart.color else None) for row in rows}
    for day in times(chart.x, sheet):
        for group in groups:
            if (day, group) not in known:
                row = {chart.x: day, chart.y: value, f"{chart.y}_before": value}
                rows.append(row | ({color: group} if chart.color else {}))
    return rows


def _datum(chart: Line, sheet: Sheet, row: Row, names: list[str]) -> tuple[Dict, Amount]:
    day = day_of(row[chart.x])
    name = sheet.name(chart.x, row[chart.x])
    dated = chart.x in ("month", "year") and chart.color != YEAR
    partial = dated and is_partial(chart.x, day, sheet)
    if partial:
        name += sheet.say("（未满）", " (part)")
    series = sheet.name(chart.color, row[chart.color]) if chart.color else ""
    dimensions = [chart.x, *([chart.color] if chart.color else [])]
    chooses_time = bool(sheet.chosen.get(chart.x))
    chooses_line = chart.color is not None and not sheet.is_chosen_by(chart.color, row)
    amount = sheet.amount(chart.y, row)
    datum = sheet.mark(row, f"{name} {series}".strip(), amount) | {
        "t": milliseconds(day),
        "value": amount.value,
        "before": amount.before,
        "number": amount.text,
        "hollow": partial,
        "line": FADED if chooses_time or chooses_line else 1.0,
        "series": series,
        "row": names.index(series),
        "shade": 1.0 if all(sheet.is_chosen_by(d, row) for d in dimensions) else FADED,
    }
    return datum, amount


def _points(sheet: Sheet, count: int, colour: str) -> Dict:
    """The marks of single values: hollow where the month or year is not over."""
    size = 42 if count <= 40 else 10
    return {
        "type": "point",
        "filled": True,
        "size": size,
        "fill": {"expr": f"datum.hollow ? '{sheet.palette.paper}' : '{colour}'"},
        "stroke": colour,
        "strokeWidth": 2 if count <= 40 else 1,
        "opacity": 1,
        **sheet.hand(),
    }


def _overlaid(chart: Line, sheet: Sheet, points: list[Dict], names: list[str]) -> Any:
    single = chart.color is None
    column, palette = chart.y, sheet.palette
    colour = palette.of(column)
    x = time_of(chart, sheet, points)
    y = amount_of("value") | {
        "scale": {"zero": True},
        "axis": amount_axis(sheet, column, **ABOVE),
    }
    hover = sheet.hover(chart.x, column)
    layers: list[Dict] = []
    count = len({point["t"] for point in points})
    if single:
        hit = {"x": x | {"field": "from"}, "x2": {"field": "to"}, **hover}
        layers.append({"mark": sheet.touch("rect"), "encoding": hit})
        before = {"x": x, "y": amount_of("before")}
        layers.append({"mark": line_mark(palette.before, True), "encoding": before})
        layers.append(
            {"mark": line_mark(colour, False), "encoding": {"x": x, "y": y, **LINE_SHADE}}
        )
        layers.append(
            {
                "mark": _points(sheet, count, colour),
                "encoding": {"x": x, "y": y, **sheet.shade(), **sheet.said(), **hover},
            }
        )
    else:
        colours = _colours(chart, sheet, names, palette.rule)
        hue = {
            "field": "series",
            "type": "nominal",
            "scale": {"domain": names, "range": colours},
            "legend": None,
        }
        layers.append(
            {
                "mark": line_mark(colour, False),
                "encoding": {"x": x, "y": y, "color": hue, **LINE_SHADE},
            }
        )
        layers.append(
            {
                "mark": {
                    "type": "point",
                    "filled": True,
                    "size": 50 if count <= 40 else 12,
                    "opacity": 1,
                    **sheet.hand(),
                },
                "encoding": {
                    "x": x,
                    "y": y,
                    "color": hue,
                    **sheet.shade(),
                    **sheet.said(),
                    **hover,
                },
            }
        )
    layers.append(_end_labels())
    ends = _ends(chart, sheet, points, names)
    return sheet.spec(
        points,
        layers,
        {"ends": ends},
        height=HEIGHT,
        autosize={"type": "fit", "contains": "padding"},
    )


def _colours(chart: Line, sheet: Sheet, names: list[str], earlier: str) -> list[str]:
    """A colour for each line; all years but the newest have the same ``earlier``."""
    palette = sheet.palette
    if chart.color == YEAR:
        newest = max(names)
        return [palette.of(chart.y) if name == newest else earlier for name in names]
    return list(palette.series[: len(names)])


def _end_labels() -> Dict:
    return {
        "data": {"name": "ends"},
        "mark": {
            "type": "text",
            "align": "left",
            "dx": 9,
            "fill": {"expr": "datum.colour"},
            "aria": False,
        },
        "encoding": {
            "x": {"field": "t", "type": "temporal"},
            "y": amount_of("at"),
            "text": {"field": "name", "type": "nominal"},
        },
    }


def _ends(chart: Line, sheet: Sheet, points: list[Dict], names: list[str]) -> list[Dict]:
    """What is written at the end of each line, moved apart where two ends are close."""
    palette = sheet.palette
    ends: list[Dict] = []
    if names == [""]:
        wanted = [
            ("value", sheet.say("本期", "this period"), palette.now),
            ("before", _BEFORE[sheet.result.compared].in_(sheet.lang), palette.before),
        ]
        for field, name, colour in wanted if sheet.result.before else []:
            last = last_of(points, field)
            if last is not None:
                ends.append({"t": last["t"], "at": last[field], "name": name, "colour": colour})
    else:
        for name, colour in zip(names, _colours(chart, sheet, names, palette.before), strict=True):
            last = last_of([point for point in points if point["series"] == name], "value")
            if last is not None:
                ends.append({"t": last["t"], "at": last["value"], "name": name, "colour": colour})
    top = max((p[f] or 0.0 for p in points for f in ("value", "before")), default=0.0)
    _push_apart(ends, top * _LABEL_SHARE)
    return ends


def _push_apart(ends: list[Dict], room: float) -> None:
    """Move labels upwards until each has room for its height."""
    lowest = room / 2
    for end in sorted(ends, key=lambda end: float(end["at"])):
        end["at"] = max(end["at"], lowest)
        lowest = end["at"] + room
