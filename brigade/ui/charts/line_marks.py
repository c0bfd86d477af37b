"""What lines in one plot and lines in strips have in common: what is asked for, and marks."""

from dataclasses import dataclass

from brigade.ui.charts.sheet import Dict, Sheet
from brigade.ui.charts.times import time_axis

YEAR = "year"
"""The dimension whose lines stand in one plot, however many they are."""


@dataclass(frozen=True, slots=True)
class Line:
    """The number ``y`` over time ``x`` (month, day or year), beside the period compared.

    With ``color`` one line for each value of that dimension: up to four in one plot, more of them
    each in a strip of its own on the same scale. Years stand in one plot, the newest of them blue
    and the others grey; their months are those of one year. ``apart`` gives each line a strip and a
    scale of its own, for numbers of different units.
    """

    x: str
    y: str
    color: str | None = None
    apart: bool = False


def time_of(chart: Line, sheet: Sheet, points: list[Dict], field: str = "t") -> Dict:
    """The time of a point on the horizontal axis, which shows the months of one year for years."""
    return {
        "field": field,
        "type": "temporal",
        "scale": {"type": "utc", "nice": False},
        "axis": time_axis(chart.x, sheet, points, chart.color != YEAR),
    }


def amount_of(field: str) -> Dict:
    """A number of a point on the vertical axis."""
    return {"field": field, "type": "quantitative"}


def line_mark(colour: str, dashed: bool) -> Dict:
    """A line, dashed for the period compared."""
    look: Dict = {"strokeDash": [4, 3], "strokeWidth": 1.6} if dashed else {"strokeWidth": 2.4}
    return {
        "type": "line",
        "color": colour,
        "invalid": "break-paths-show-domains",
        "strokeJoin": "round",
        "aria": False,
        **look,
    }


LINE_SHADE = {"opacity": {"field": "line", "type": "quantitative", "scale": None}}
"""Lines that were not chosen are faded."""


def last_of(points: list[Dict], field: str) -> Dict | None:
    """The newest point that has a number in that field, if one has."""
    return next((point for point in reversed(points) if point[field] is not None), None)
