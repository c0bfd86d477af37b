"""Heat maps: a number where two dimensions cross."""

from collections.abc import Sequence
from dataclasses import dataclass

from brigade import format
from brigade.results import Row
from brigade.ui.charts.bars import all_names, in_order
from brigade.ui.charts.scales import cell, contrast_ink, gradient, or_empty, sequential
from brigade.ui.charts.sheet import Amount, Dict, Drawing, Sheet

WIDE_CELL, WIDEST_CELL, NARROW_CELL, MANY = 40, 64, 28, 12
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


def draw_heat(chart: Heat, sheet: Sheet) -> Drawing:
    """Draw a heat map."""
    column, palette = chart.value, sheet.palette
    change = chart.diverging and sheet.result.before is not None
    points = in_points(sheet, column)
    rows = _crossed(chart, sheet)
    xs = _names(sheet, chart.x, rows)
    ys = _names(sheet, chart.y, rows)
    amounts = [sheet.amount(column, row) for row in rows]
    data = []
    for row, amount in zip(rows, amounts, strict=True):
        across, down = sheet.name(chart.x, row[chart.x]), sheet.name(chart.y, row[chart.y])
        value = _moved(amount, points) if change else amount.value
        text = _moved_text(value) if change else amount.text
        data.append(
            sheet.mark(row, f"{down} {across}", amount)
            | {"x": across, "y": down, "value": value, "number": text}
        )
    colour = _diverging(sheet, column, data) if change else sequential(sheet, column)
    domain = colour["scale"].get("domain") or _extent(data)
    for datum in data:
        colours = colour["scale"]["range"]
        full = contrast_ink(palette, colours, domain, datum["value"])
        datum["ink"] = palette.ink if datum["shade"] < 1 else full
    room = max((len(datum["number"]) for datum in data), default=0) * _DIGIT + 5
    for datum in data:
        datum["room"] = room
    side = _side(xs, room)
    x = _band("x", xs, _x_axis(sheet, chart, xs))
    y = _band("y", ys, {"title": None, "labelLimit": 170})
    hover = {"tooltip": sheet.tooltip(sheet.label(chart.y), column)}
    layers: list[Dict] = [
        {
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
                "color": or_empty(sheet, colour),
                **sheet.shade(),
                **sheet.said(),
                **hover,
            },
        },
        {
            "mark": {
                "type": "text",
                "fill": {"expr": "datum.ink"},
                "opacity": {"expr": "cell < datum.room ? 0 : 1"},
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
    items = [(datum["name"], amount) for datum, amount in zip(data, amounts, strict=True)]
    spec = sheet.spec(data, layers, params=[cell(side, len(xs))], height=1)
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


def in_points(sheet: Sheet, column: str) -> bool:
    """Whether a metric's change is read in its own unit rather than in percent."""
    metric = sheet.result.column(column).metric
    return metric is not None and metric.kind in ("ratio", "quantile")


def _moved(amount: Amount, points: bool) -> float | None:
    """A change in percent, or in points of a ratio; zero where chance explains it."""
    change = amount.change
    if change is None or change.difference is None:
        return None
    if change.verdict == "chance":
        return 0.0
    return float(change.difference) if points else change.percent


def _moved_text(value: float | None) -> str:
    if value is None:
        return ""
    return format.signed(value) if round(value) else "0"


def _side(xs: list[str], room: float) -> int:
    """The side of a square: with few columns as wide as its number or a short name needs."""
    if len(xs) > MANY:
        return NARROW_CELL
    needed = (room + 1, _name_width(xs) + 8)
    return max(WIDE_CELL, *(int(width) for width in needed if width <= WIDEST_CELL))


def _name_width(names: list[str]) -> int:
    return max((len(name.encode("gb18030")) for name in names), default=0) * 6


def _band(field: str, names: list[str], axis: Dict) -> Dict:
    return {
        "field": field,
        "type": "ordinal",
        "scale": {"domain": names, "range": [0, {"expr": f"cell * {len(names)}"}]},
        "axis": {"domain": False, **axis},
    }


def _x_axis(sheet: Sheet, chart: Heat, names: list[str]) -> Dict:
    axis: Dict = {
        "title": None,
        "orient": "top",
        "labelAngle": 0,
        "labelOverlap": "parity",
        "labelSeparation": 4,
    }
    if chart.x in ("hour", "ticket_hour"):
        return axis | {"title": sheet.label(chart.x), "labelExpr": "split(datum.label, /[ :]/)[0]"}
    if sheet.result.column(chart.x).type == "text":
        # Every name is wanted: they stand aslant where the squares are too narrow for them.
        narrow = f"cell < {_name_width(names) + 2}"
        axis |= {
            "labelAngle": {"expr": f"{narrow} ? -45 : 0"},
            "labelAlign": {"expr": f"{narrow} ? 'left' : 'center'"},
            "labelOverlap": False,
            "labelLimit": 120,
        }
    return axis


def _extent(data: Sequence[Dict]) -> list[float]:
    return [0.0, max((datum["value"] or 0.0 for datum in data), default=0.0)]


def _diverging(sheet: Sheet, column: str, data: list[Dict]) -> Dict:
    metric = sheet.result.column(column).metric
    better, none, worse = sheet.palette.diverging
    colours = (
        [worse, none, better] if metric and metric.better == "higher" else [better, none, worse]
    )
    points = in_points(sheet, column)
    far = max((abs(d["value"] or 0.0) for d in data), default=1.0) if points else _CLAMP
    title = sheet.label(column) + sheet.say("，变化", ", change")
    title += "" if points else sheet.say("（%）", " (%)")
    return {
        "field": "value",
        "type": "quantitative",
        "scale": {"domain": [-far, 0, far], "range": colours, "clamp": True, "interpolate": "rgb"},
        "legend": gradient(sheet, title),
    }
