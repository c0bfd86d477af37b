"""Bars: named things beside each other, and ordered categories."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from brigade.results import Row
from brigade.ui.charts.sheet import (
    ABOVE,
    QUIET,
    Amount,
    Dict,
    Drawing,
    Sheet,
    amount_axis,
    names_at_left,
    row_number,
)

ROW_HEIGHT = 26
BAR_WIDTH = 14
COLUMNS_HEIGHT = 240
LABELLED = 8
"""Up to as many columns have their value written over them."""

_DIGIT = 7.0
_COMMA = 4.0
_CROSSED = 0.12
_SPANS = {"hour": range(24), "weekday": range(1, 8)}
"""Categories that are all shown, also those without rows."""


@dataclass(frozen=True, slots=True)
class Bar:
    """Horizontal bars: one row for each ``y`` in the order of the result, ``x`` its number.

    Value and change stand at the bar's end; a thin grey mark shows the period compared.
    """

    y: str
    x: str
    top: int = 15


@dataclass(frozen=True, slots=True)
class Columns:
    """Vertical bars for ordered categories (hour, weekday, attempt) ``x`` of the number ``y``."""

    x: str
    y: str


def shown(chart: Bar, sheet: Sheet) -> list[Row]:
    """The rows that have a bar: the first, the last places going to chosen rows further down."""
    rows, top = sheet.result.rows, chart.top
    if len(rows) <= top or not any(sheet.chosen.values()):
        return rows[:top]
    late = [row for row in rows[top:] if sheet.is_chosen(row)][:top]
    return rows[: top - len(late)] + late


def draw_bar(chart: Bar, sheet: Sheet) -> Drawing:
    """Draw horizontal bars."""
    column, palette = chart.x, sheet.palette
    rows = shown(chart, sheet)
    amounts = [sheet.amount(column, row) for row in rows]
    data = []
    for index, (row, amount) in enumerate(zip(rows, amounts, strict=True)):
        width = _DIGIT * len(amount.text) - _COMMA * amount.text.count(",")
        data.append(
            sheet.mark(row, sheet.name(chart.y, row[chart.y]), amount)
            | {
                "row": index,
                "value": amount.value,
                "before": amount.before,
                "end": amount.end,
                "number": amount.text,
                "figure": amount.figure,
                "tone": amount.tone,
                "indent": 16 + width,
            }
        )
    y = row_number()
    x = {"field": "value", "type": "quantitative", "scale": {"zero": True, "nice": False}}
    x["axis"] = amount_axis(sheet, column, labels=False, grid=False, titleAnchor="start")
    hover = sheet.hover(chart.y, column)
    end = {"field": "end", "type": "quantitative"}
    layers: list[Dict] = [
        {
            "mark": sheet.touch("rect"),
            "encoding": {"y": y, **hover},
        },
        {
            "mark": {
                "type": "bar",
                "height": BAR_WIDTH,
                "color": palette.of(column),
                **sheet.hand(),
            },
            "encoding": {"y": y, "x": x, **sheet.shade(), **sheet.said(), **hover},
        },
        _before_tick(sheet, {"y": y, "x": {"field": "before", "type": "quantitative"}}),
        names_at_left(y),
        {
            "mark": {"type": "text", "align": "left", "dx": 7, "opacity": QUIET, "aria": False},
            "encoding": {"y": y, "x": end, "text": _field("number")},
        },
        {
            "mark": {
                "type": "text",
                "align": "left",
                "dx": {"expr": "datum.indent"},
                "opacity": QUIET,
                "aria": False,
            },
            "encoding": {
                "y": y,
                "x": end,
                "text": _field("figure"),
                "color": sheet.tones(),
            },
        },
    ]
    what = sheet.say(
        f"{sheet.title(column)}，按{sheet.label(chart.y)}",
        f"{sheet.title(column)} by {sheet.label(chart.y)}",
    )
    items = [(datum["name"], amount) for datum, amount in zip(data, amounts, strict=True)]
    spec = sheet.spec(data, layers, height={"step": ROW_HEIGHT})
    return Drawing(spec, sheet.summary(column, what, items))


def draw_columns(chart: Columns, sheet: Sheet) -> Drawing:
    """Draw vertical bars."""
    column, palette = chart.y, sheet.palette
    rows = in_order(sheet, chart.x, sheet.result.rows)
    amounts = [sheet.amount(column, row) for row in rows]
    highest = max((amount.value or 0.0 for amount in amounts), default=0.0)
    data = []
    for row, amount in zip(rows, amounts, strict=True):
        data.append(
            sheet.mark(row, sheet.name(chart.x, row[chart.x]), amount)
            | {
                "value": amount.value,
                "before": amount.before,
                "end": _label_place(amount, highest),
                "number": amount.text,
            }
        )
    names = [datum["name"] for datum in data]
    x: Dict = {
        "field": "name",
        "type": "ordinal",
        "scale": {"domain": all_names(sheet, chart.x, names), "paddingInner": 0.3},
        "axis": {"title": None, "labelAngle": 0, "labelOverlap": "parity", "labelLimit": 84},
    }
    y: Dict = {
        "field": "value",
        "type": "quantitative",
        "scale": {"zero": True},
        "axis": amount_axis(sheet, column, **ABOVE),
    }
    hover = sheet.hover(chart.x, column)
    layers: list[Dict] = [
        {"mark": sheet.touch("rect"), "encoding": {"x": x, **hover}},
        {
            "mark": {"type": "bar", "color": palette.of(column), **sheet.hand()},
            "encoding": {"x": x, "y": y, **sheet.shade(), **sheet.said(), **hover},
        },
        _before_tick(sheet, {"x": x, "y": {"field": "before", "type": "quantitative"}}),
    ]
    if len(x["scale"]["domain"]) <= LABELLED:
        layers.append(
            {
                "mark": {"type": "text", "dy": -9, "opacity": QUIET, "aria": False},
                "encoding": {
                    "x": x,
                    "y": {"field": "end", "type": "quantitative"},
                    "text": _field("number"),
                },
            }
        )
    what = sheet.say(
        f"{sheet.title(column)}，按{sheet.label(chart.x)}",
        f"{sheet.title(column)} by {sheet.label(chart.x)}",
    )
    items = [(datum["name"], amount) for datum, amount in zip(data, amounts, strict=True)]
    spec = sheet.spec(data, layers, height=COLUMNS_HEIGHT, autosize=_FIT)
    return Drawing(spec, sheet.summary(column, what, items))


def _label_place(amount: Amount, highest: float) -> float:
    """Where a column's value is written: over it, or over the grey mark that would cross it."""
    value = amount.value or 0.0
    return amount.end if amount.end - value < highest * _CROSSED else value


_FIT = {"type": "fit", "contains": "padding"}


def in_order(sheet: Sheet, column: str, rows: list[Row]) -> list[Row]:
    """Rows by the value of a column that has an order, nulls last; others as they come."""
    if sheet.result.column(column).type == "text":
        return rows
    known = [row for row in rows if row[column] is not None]
    return sorted(known, key=lambda row: row[column]) + [r for r in rows if r[column] is None]


def all_names(sheet: Sheet, column: str, names: list[str]) -> list[str]:
    """The names of a column's values, with those hours or weekdays that have no rows."""
    whole = [sheet.name(column, value) for value in _span(sheet, column)]
    return whole + [name for name in dict.fromkeys(names) if name not in whole]


def _span(sheet: Sheet, column: str) -> Iterable[int]:
    if column != "ticket_hour":
        return _SPANS.get(column, ())
    # A hall is closed at night: only its hours of business, those without a ticket among them.
    hours = [row[column] for row in sheet.result.rows if row[column] is not None]
    return range(min(hours), max(hours) + 1) if hours else ()


def _field(name: str) -> Dict:
    return {"field": name, "type": "nominal"}


def _before_tick(sheet: Sheet, where: dict[str, Any]) -> Dict:
    """The thin grey mark of the period compared, set off from the bar by a line of paper."""
    return {
        "mark": {
            "type": "tick",
            "color": sheet.palette.before,
            "stroke": sheet.palette.paper,
            "strokeWidth": 1,
            "thickness": 4,
            "bandSize": 20,
            "aria": False,
            "tooltip": None,
        },
        "encoding": {**where, **sheet.shade()},
    }
