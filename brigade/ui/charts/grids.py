"""Grids of squares: two dimensions crossed, one square a place, one square a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from brigade import format
from brigade.results import Row
from brigade.ui.charts.bars import all_names, in_order
from brigade.ui.charts.sheet import Dict, Drawing, Sheet, contrast_ink

WIDE_CELL, NARROW_CELL, MANY = 40, 28, 12
SQUARE = 18
PLACES = 30
"""How many squares of :class:`Dots` stand in one line."""
WEEKS = 27
"""How many weeks of :class:`Calendar` stand in one line: half a year, whatever day it begins on."""
LEVELS = 10
"""Up to so many whole values have a colour each in the legend."""

_DIGIT = 7.2
_CLAMP = 100.0


@dataclass(frozen=True, slots=True)
class Heat:
    """``value`` where ``x`` and ``y`` cross, light to deep.

    ``diverging`` colours by the change from the period compared instead, from teal (better) over
    white to vermilion (worse), percentages to 100 at most; without such a period it is as without.
    """

    x: str
    y: str
    value: str
    diverging: bool = False


@dataclass(frozen=True, slots=True)
class Dots:
    """One square for each row, named ``label``, in the lines of its ``group``, by ``value``."""

    group: str
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Calendar:
    """One square for each ``day``, weeks across and weekdays down; ``kind`` marks some of them."""

    day: str
    value: str
    kind: str | None = None


def draw_heat(chart: Heat, sheet: Sheet) -> Drawing:
    """Draw a heat map."""
    column, palette = chart.value, sheet.palette
    change = chart.diverging and sheet.result.before is not None
    rows = _crossed(chart, sheet)
    xs = _names(sheet, chart.x, rows)
    ys = _names(sheet, chart.y, rows)
    data = []
    for row in rows:
        across, down = sheet.name(chart.x, row[chart.x]), sheet.name(chart.y, row[chart.y])
        value = _moved(sheet, column, row) if change else sheet.number(column, row)
        text = _moved_text(value) if change else sheet.text(column, row)
        data.append(
            sheet.mark(row, f"{down} {across}", column)
            | {"x": across, "y": down, "value": value, "number": text}
        )
    colour = _diverging(sheet, column, data) if change else _sequential(sheet, column)
    domain = colour["scale"].get("domain") or _extent(data)
    for datum in data:
        colours = colour["scale"]["range"]
        full = contrast_ink(palette, colours, domain, datum["value"])
        datum["ink"] = palette.ink if datum["shade"] < 1 else full
    side = WIDE_CELL if len(xs) <= MANY else NARROW_CELL
    x = _band("x", xs, _x_axis(sheet, chart, xs, side))
    y = _band("y", ys, {"title": None, "labelLimit": 170})
    room = max((len(datum["number"]) for datum in data), default=0) * _DIGIT + 5
    hover = {"tooltip": sheet.tooltip(sheet.label(chart.y), column)}
    layers: list[Dict] = [
        {
            "params": sheet.params(),
            "mark": {
                "type": "rect",
                "invalid": "show",
                "stroke": palette.paper,
                "strokeWidth": 1.5,
                **sheet.hand(),
            },
            "encoding": {
                "x": x,
                "y": y,
                "color": _or_empty(sheet, colour),
                **sheet.shade(),
                **sheet.said(),
                **hover,
            },
        },
        {
            "mark": {
                "type": "text",
                "fill": {"expr": "datum.ink"},
                "opacity": {"expr": f"cell < {room:g} ? 0 : 1"},
                "aria": False,
            },
            "encoding": {
                "x": x,
                "y": y,
                "text": {"field": "number", "type": "nominal"},
            },
        },
    ]
    what = sheet.say(
        f"{sheet.title(column)}，按{sheet.label(chart.y)}和{sheet.label(chart.x)}",
        f"{sheet.title(column)} by {sheet.label(chart.y)} and {sheet.label(chart.x)}",
    )
    items = [(datum["name"], row) for datum, row in zip(data, rows, strict=True)]
    spec = sheet.spec(data, layers, params=[_cell(side, len(xs))], height=1)
    return Drawing(spec, sheet.summary(column, what, items))


def _names(sheet: Sheet, column: str, rows: list[Row]) -> list[str]:
    ordered = in_order(sheet, column, rows)
    return all_names(sheet, column, [sheet.name(column, row[column]) for row in ordered])


def _crossed(chart: Heat, sheet: Sheet) -> list[Row]:
    """The rows, and zero where nothing was counted at a crossing."""
    rows = sheet.result.rows
    metric = sheet.result.column(chart.value).metric
    if metric is None or metric.kind not in ("count", "sum"):
        return rows
    known = {(row[chart.x], row[chart.y]) for row in rows}
    across = dict.fromkeys(row[chart.x] for row in rows)
    down = dict.fromkeys(row[chart.y] for row in rows)
    missing = [(a, d) for d in down for a in across if (a, d) not in known]
    before = {f"{chart.value}_before": 0} if sheet.result.before else {}
    return rows + [{chart.x: a, chart.y: d, chart.value: 0} | before for a, d in missing]


def _moved(sheet: Sheet, column: str, row: Row) -> float | None:
    """A change in percent, or in points of a ratio; zero where chance explains it."""
    change = sheet.change(column, row)
    if change is None or change.difference is None:
        return None
    if change.verdict == "chance":
        return 0.0
    metric = sheet.result.column(column).metric
    if metric is not None and metric.kind in ("ratio", "quantile"):
        return float(change.difference)
    return change.percent


def _moved_text(value: float | None) -> str:
    if value is None:
        return ""
    return format.signed(value) if round(value) else "0"


def _cell(side: int, columns: int) -> Dict:
    """The side of a square: what is wanted, or what the width leaves."""
    return {"name": "cell", "expr": f"min({side}, width / {max(columns, 1)})"}


def _band(field: str, names: list[str], axis: Dict) -> Dict:
    return {
        "field": field,
        "type": "ordinal",
        "scale": {"domain": names, "range": [0, {"expr": f"cell * {len(names)}"}]},
        "axis": {"domain": False, **axis},
    }


def _x_axis(sheet: Sheet, chart: Heat, names: list[str], side: int) -> Dict:
    axis: Dict = {
        "title": None,
        "orient": "top",
        "labelAngle": 0,
        "labelOverlap": "parity",
        "labelSeparation": 4,
    }
    if chart.x in ("hour", "ticket_hour"):
        return axis | {"title": sheet.label(chart.x), "labelExpr": "split(datum.label, /[ :]/)[0]"}
    longest = max((len(name.encode("gb18030")) for name in names), default=0) * 6
    if longest > side:
        axis |= {"labelAngle": -45, "labelAlign": "left", "labelOverlap": False, "labelLimit": 120}
    return axis


def _extent(data: Sequence[Dict]) -> list[float]:
    return [0.0, max((datum["value"] or 0.0 for datum in data), default=0.0)]


def _sequential(sheet: Sheet, column: str) -> Dict:
    return {
        "field": "value",
        "type": "quantitative",
        "scale": {"range": list(sheet.palette.sequential), "zero": True, "nice": False},
        "legend": _gradient(sheet, sheet.title(column)),
    }


def _diverging(sheet: Sheet, column: str, data: list[Dict]) -> Dict:
    metric = sheet.result.column(column).metric
    better, none, worse = sheet.palette.diverging
    colours = (
        [worse, none, better] if metric and metric.better == "higher" else [better, none, worse]
    )
    points = metric is not None and metric.kind in ("ratio", "quantile")
    far = max((abs(d["value"] or 0.0) for d in data), default=1.0) if points else _CLAMP
    title = sheet.label(column) + sheet.say("，变化", ", change")
    title += "" if points else sheet.say("（%）", " (%)")
    return {
        "field": "value",
        "type": "quantitative",
        "scale": {"domain": [-far, 0, far], "range": colours, "clamp": True, "interpolate": "rgb"},
        "legend": _gradient(sheet, title),
    }


def _gradient(sheet: Sheet, title: str) -> Dict:
    return {
        "title": title,
        "direction": "horizontal",
        "gradientLength": 140,
        "gradientThickness": 8,
        "tickCount": 3,
        "format": ",~f",
        "titleLimit": 320,
    }


def _or_empty(sheet: Sheet, colour: Dict) -> Dict:
    return {"condition": {"test": "!isValid(datum.value)", "value": sheet.palette.empty}, **colour}


def _levels(sheet: Sheet, column: str, rows: list[Row]) -> Dict:
    """The colour of a small whole number: one step each; of any other, a gradient."""
    values = [sheet.number(column, row) for row in rows]
    known = [value for value in values if value is not None]
    top = int(max(known, default=0.0))
    if top >= LEVELS or any(value < 0 or value != int(value) for value in known):
        return _sequential(sheet, column)
    domain = list(range(top + 1))
    return {
        "field": "value",
        "type": "ordinal",
        "scale": {"domain": domain, "range": steps(sheet.palette.sequential, len(domain))},
        "legend": {
            "title": sheet.title(column),
            "direction": "horizontal",
            "symbolType": "square",
            "symbolStrokeWidth": 0,
            "symbolSize": 120,
            "columnPadding": 8,
            "titleLimit": 320,
        },
    }


def steps(colours: Sequence[str], count: int) -> list[str]:
    """So many colours at equal distances along a scale."""
    if count == 1:
        return [colours[0]]
    found = []
    for index in range(count):
        place = index / (count - 1) * (len(colours) - 1)
        left = min(int(place), len(colours) - 2)
        found.append(_between(colours[left], colours[left + 1], place - left))
    return found


def _between(first: str, second: str, share: float) -> str:
    pairs = ((int(first[i : i + 2], 16), int(second[i : i + 2], 16)) for i in (1, 3, 5))
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def _place(field: str, size: float) -> Dict:
    return {
        "field": field,
        "type": "quantitative",
        "scale": {"domain": [0, size], "nice": False, "range": [0, {"expr": f"cell * {size:g}"}]},
        "axis": None,
    }


def _squares(sheet: Sheet, x: Dict, y: Dict, colour: Dict, hover: Dict) -> Dict:
    """The layer of squares, clickable and named."""
    return {
        "params": sheet.params(),
        "mark": {
            "type": "square",
            "invalid": "show",
            "opacity": 1,
            "size": {"expr": "pow(cell * 0.86, 2)"},
            "stroke": sheet.palette.rule,
            "strokeWidth": {"expr": "isValid(datum.value) ? 0 : 1"},
            **sheet.hand(),
        },
        "encoding": {
            "x": x,
            "y": y,
            "color": _or_empty(sheet, colour),
            **sheet.shade(),
            **sheet.said(),
            **hover,
        },
    }


def _written(name: str, x: Dict, y: Dict, **mark: Any) -> Dict:
    """A layer of words in a grid of squares, from the rows of that name."""
    return {
        "data": {"name": name},
        "mark": {"type": "text", "aria": False, **mark},
        "encoding": {"x": x, "y": y, "text": {"field": "name", "type": "nominal"}},
    }


def draw_dots(chart: Dots, sheet: Sheet) -> Drawing:
    """Draw one square for each row."""
    column = chart.value
    groups: dict[str, list[Row]] = {}
    for row in sheet.result.rows:
        groups.setdefault(sheet.name(chart.group, row[chart.group]), []).append(row)
    data, heads, line = [], [], 0.0
    for group, rows in groups.items():
        heads.append({"name": f"{group} {len(rows)}", "x": 0, "y": line + 0.5})
        for index, row in enumerate(rows):
            name = f"{group} {sheet.name(chart.label, row[chart.label])}"
            data.append(
                sheet.mark(row, name, column)
                | {
                    "x": index % PLACES + 0.5,
                    "y": line + index // PLACES + 0.5,
                    "value": sheet.number(column, row),
                }
            )
        line += -(-len(rows) // PLACES) + 0.4
    x, y = _place("x", PLACES), _place("y", line)
    hover = {"tooltip": sheet.tooltip(sheet.label(chart.label), column)}
    colour = _levels(sheet, column, sheet.result.rows)
    layers = [
        _squares(sheet, x, y, colour, hover),
        _written("groups", x, y, align="right", dx=-8, limit=170),
    ]
    what = sheet.say(
        f"{sheet.title(column)}，每格一个{sheet.label(chart.label)}，按{sheet.label(chart.group)}",
        f"{sheet.title(column)}, one square each {sheet.label(chart.label)}, "
        f"by {sheet.label(chart.group)}",
    )
    ordered = [row for rows in groups.values() for row in rows]
    items = [(datum["name"], row) for datum, row in zip(data, ordered, strict=True)]
    spec = sheet.spec(data, layers, {"groups": heads}, params=[_cell(SQUARE, PLACES)], height=1)
    return Drawing(spec, sheet.summary(column, what, items))


def _as_day(value: Any) -> date:
    return value.date() if isinstance(value, datetime) else value


def draw_calendar(chart: Calendar, sheet: Sheet) -> Drawing:
    """Draw a calendar."""
    column = chart.value
    rows = [row for row in sheet.result.rows if row[chart.day] is not None]
    days = [_as_day(row[chart.day]) for row in rows]
    first = min(days) - timedelta(days=min(days).weekday())
    data = []
    for day, row in zip(days, rows, strict=True):
        kind = sheet.name(chart.kind, row[chart.kind]) if chart.kind and row[chart.kind] else None
        name = f"{day} {format.WEEKDAYS[day.weekday()].in_(sheet.lang)}"
        x, y = _square_of(day, first)
        datum = sheet.mark(row, f"{name} {kind}" if kind else name, column)
        data.append(datum | {"x": x, "y": y, "value": sheet.number(column, row), "kind": kind})
    lines = (max(days) - first).days // 7 // WEEKS + 1
    x_place, y_place = _place("x", WEEKS), _place("y", lines * 8.6)
    hover = {"tooltip": sheet.tooltip(sheet.label(chart.day), column)}
    layers = [
        _squares(sheet, x_place, y_place, _levels(sheet, column, rows), hover),
        _written("months", x_place, y_place, align="left"),
        _written("weekdays", x_place, y_place, align="right", dx=-6),
    ]
    if chart.kind:
        layers.append(_kinds(sheet, chart.kind, x_place, y_place))
    what = sheet.say(f"{sheet.title(column)}，按日", f"{sheet.title(column)} by day")
    items = [(datum["name"], row) for datum, row in zip(data, rows, strict=True)]
    more = {
        "months": _months(sheet, first, min(days), max(days)),
        "weekdays": _weekdays(sheet, first, lines),
    }
    spec = sheet.spec(data, layers, more, params=[_cell(SQUARE, WEEKS)], height=1)
    return Drawing(spec, sheet.summary(column, what, items))


def _square_of(day: date, first: date) -> tuple[float, float]:
    """The centre of a day's square, counted from the Monday ``first``."""
    line, week = divmod((day - first).days // 7, WEEKS)
    return week + 0.5, line * 8.6 + 1.5 + day.weekday()


def _months(sheet: Sheet, first: date, start: date, end: date) -> list[Dict]:
    """The names of months, each over the first week that begins in it."""
    mondays = [first + timedelta(weeks=week) for week in range((end - first).days // 7 + 1)]
    names = []
    for week, monday in enumerate(mondays):
        begins = week % WEEKS == 0
        changes = week > 0 and monday.month != mondays[week - 1].month
        soon = {day.month for day in mondays[week : week + 3]}
        if changes or (begins and len(soon) == 1):
            shown = max(monday, start)
            x, y = _square_of(monday, first)
            month = sheet.say(f"{shown.month}月", f"{shown:%b}")
            names.append({"name": month, "x": x - 0.45, "y": y - 1})
    return names


def _weekdays(sheet: Sheet, first: date, lines: int) -> list[Dict]:
    """Every second weekday, under the year in which the line begins."""
    names = []
    for line in range(lines):
        begins = first + timedelta(weeks=line * WEEKS, days=6)
        top = line * 8.6 + 0.5
        names.append({"name": f"{begins.year}", "x": 0, "y": top})
        for index in (0, 2, 4, 6):
            name = format.WEEKDAYS[index].in_(sheet.lang)
            names.append({"name": name, "x": 0, "y": top + 1 + index})
    return names


def _kinds(sheet: Sheet, kind: str, x: Dict, y: Dict) -> Dict:
    """The layer that marks days of a kind by a small shape."""
    palette = sheet.palette
    return {
        "transform": [{"filter": "isValid(datum.kind)"}],
        "mark": {
            "type": "point",
            "filled": True,
            "color": palette.ink,
            "stroke": palette.paper,
            "strokeWidth": 1,
            "opacity": 1,
            "size": {"expr": "pow(cell * 0.38, 2)"},
            "aria": False,
        },
        "encoding": {
            "x": x,
            "y": y,
            "shape": {
                "field": "kind",
                "type": "nominal",
                "legend": {
                    "title": sheet.label(kind),
                    "direction": "horizontal",
                    "symbolFillColor": palette.ink,
                },
            },
        },
    }
