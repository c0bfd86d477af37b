"""Squares: one for each place, one for each day."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from brigade import format
from brigade.results import Row
from brigade.ui.charts.scales import cell, levels, or_empty
from brigade.ui.charts.sheet import Amount, Dict, Drawing, Sheet

SQUARE = 18
PLACES = 30
"""How many squares of :class:`Dots` stand in one line."""
WEEKS = 27
"""How many weeks of :class:`Calendar` stand in one line: half a year, whatever day it begins on."""


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
            "color": or_empty(sheet, colour),
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
    data: list[Dict] = []
    amounts: list[Amount] = []
    heads, line = [], 0.0
    for group, rows in groups.items():
        heads.append({"name": f"{group} {len(rows)}", "x": 0, "y": line + 0.5})
        for index, row in enumerate(rows):
            name = f"{group} {sheet.name(chart.label, row[chart.label])}"
            amounts.append(sheet.amount(column, row))
            data.append(
                sheet.mark(row, name, amounts[-1])
                | {
                    "x": index % PLACES + 0.5,
                    "y": line + index // PLACES + 0.5,
                    "value": amounts[-1].value,
                }
            )
        line += -(-len(rows) // PLACES) + 0.4
    x, y = _place("x", PLACES), _place("y", line)
    hover = {"tooltip": sheet.tooltip(sheet.label(chart.label), column)}
    colour = levels(sheet, column, amounts)
    layers = [
        _squares(sheet, x, y, colour, hover),
        _written("groups", x, y, align="right", dx=-8, limit=170),
    ]
    what = sheet.say(
        f"{sheet.title(column)}，每格一个{sheet.label(chart.label)}，按{sheet.label(chart.group)}",
        f"{sheet.title(column)}, one square each {sheet.label(chart.label)}, "
        f"by {sheet.label(chart.group)}",
    )
    items = [(datum["name"], amount) for datum, amount in zip(data, amounts, strict=True)]
    spec = sheet.spec(data, layers, {"groups": heads}, params=[cell(SQUARE, PLACES)], height=1)
    return Drawing(spec, sheet.summary(column, what, items))


def _as_day(value: Any) -> date:
    return value.date() if isinstance(value, datetime) else value


def draw_calendar(chart: Calendar, sheet: Sheet) -> Drawing:
    """Draw a calendar."""
    column = chart.value
    rows = [row for row in sheet.result.rows if row[chart.day] is not None]
    days = [_as_day(row[chart.day]) for row in rows]
    start = min(days, default=sheet.result.period.start)
    end = max(days, default=start)
    first = start - timedelta(days=start.weekday())
    amounts = [sheet.amount(column, row) for row in rows]
    data = []
    for day, row, amount in zip(days, rows, amounts, strict=True):
        kind = sheet.name(chart.kind, row[chart.kind]) if chart.kind and row[chart.kind] else None
        name = f"{day} {format.WEEKDAYS[day.weekday()].in_(sheet.lang)}"
        x, y = _square_of(day, first)
        datum = sheet.mark(row, f"{name} {kind}" if kind else name, amount)
        data.append(datum | {"x": x, "y": y, "value": amount.value, "kind": kind})
    lines = (end - first).days // 7 // WEEKS + 1
    x_place, y_place = _place("x", WEEKS), _place("y", lines * 8.6)
    hover = {"tooltip": sheet.tooltip(sheet.label(chart.day), column)}
    layers = [
        _squares(sheet, x_place, y_place, levels(sheet, column, amounts), hover),
        _written("months", x_place, y_place, align="left"),
        _written("weekdays", x_place, y_place, align="right", dx=-6),
    ]
    if chart.kind and any(datum["kind"] for datum in data):
        layers.append(_kinds(sheet, chart.kind, x_place, y_place))
    what = sheet.say(f"{sheet.title(column)}，按日", f"{sheet.title(column)} by day")
    items = [(datum["name"], amount) for datum, amount in zip(data, amounts, strict=True)]
    more = {
        "months": _months(sheet, first, start, end),
        "weekdays": _weekdays(sheet, first, lines),
    }
    spec = sheet.spec(data, layers, more, params=[cell(SQUARE, WEEKS)], height=1)
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
