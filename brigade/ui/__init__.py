"""What pages are made of: the only part of the house that knows Streamlit."""

from brigade.text import Text
from brigade.ui.charts import Bar, Calendar, Columns, Dots, Heat, Line, Range
from brigade.ui.frame import Page, run
from brigade.ui.freshness import freshness
from brigade.ui.kpis import kpis
from brigade.ui.look import look
from brigade.ui.rows import records
from brigade.ui.view import page_title, view
from brigade.ui.villages import village_picker

__all__ = [
    "Bar",
    "Calendar",
    "Columns",
    "Dots",
    "Heat",
    "Line",
    "Page",
    "Range",
    "Text",
    "freshness",
    "kpis",
    "look",
    "page_title",
    "records",
    "run",
    "view",
    "village_picker",
]
