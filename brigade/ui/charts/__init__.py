"""Charts: what a page can ask for, and how each is drawn."""

from collections.abc import Mapping

from brigade.palette import palette_of
from brigade.results import Result
from brigade.text import Lang
from brigade.ui.charts.bars import Bar, Columns, draw_bar, draw_columns
from brigade.ui.charts.heat import Heat, draw_heat
from brigade.ui.charts.line_marks import Line
from brigade.ui.charts.lines import draw_line
from brigade.ui.charts.points import Points, draw_points
from brigade.ui.charts.ranges import Range, draw_range
from brigade.ui.charts.sheet import Drawing, Sheet
from brigade.ui.charts.squares import Calendar, Dots, draw_calendar, draw_dots

__all__ = [
    "Bar",
    "Calendar",
    "Chart",
    "Columns",
    "Dots",
    "Drawing",
    "Heat",
    "Line",
    "Points",
    "Range",
    "draw",
]

Chart = Bar | Columns | Line | Heat | Dots | Calendar | Points | Range


def draw(
    chart: Chart,
    result: Result,
    *,
    lang: Lang,
    dark: bool,
    chosen: Mapping[str, tuple[str, ...]],
    picks: tuple[str, ...] = (),
) -> Drawing:
    """Draw a result that has rows.

    ``chosen`` holds the filter texts that the reader chose, by dimension: all other marks are
    faded. ``picks`` names the dimensions that a click chooses; each mark then has them in its row
    as ``key_<dimension>``, written as a filter writes it.

    Whoever asks the same gets parts of the same drawing, which are therefore not to be changed.
    """
    key = (chart, lang, dark, tuple(chosen.items()), picks)
    if key not in result.drawn:
        sheet = Sheet(result, lang, palette_of(dark), chosen, picks)
        result.drawn[key] = _drawn(chart, sheet)
    drawing: Drawing = result.drawn[key]
    return Drawing(dict(drawing.spec), drawing.alt)


def _drawn(chart: Chart, sheet: Sheet) -> Drawing:
    match chart:
        case Bar():
            return draw_bar(chart, sheet)
        case Columns():
            return draw_columns(chart, sheet)
        case Line():
            return draw_line(chart, sheet)
        case Heat():
            return draw_heat(chart, sheet)
        case Dots():
            return draw_dots(chart, sheet)
        case Calendar():
            return draw_calendar(chart, sheet)
        case Points():
            return draw_points(chart, sheet)
        case Range():
            return draw_range(chart, sheet)
