"""What pages are made of: the only part of the house that knows Streamlit."""

from brigade.text import Text
from brigade.ui.charts import Bar, Calendar, Columns, Dots, Heat, Line, Points, Range
from brigade.ui.console import console, extracts_offered
from brigade.ui.data import catalogue, release_said
from brigade.ui.figures import published_figures
from brigade.ui.frame import Page, run
from brigade.ui.freshness import freshness
from brigade.ui.importing import dropped_files
from brigade.ui.kpis import kpis
from brigade.ui.look import look
from brigade.ui.prepared import waiting_imports
from brigade.ui.rows import records
from brigade.ui.severity import weights_note
from brigade.ui.targets import target_table
from brigade.ui.trend import same_days
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
    "Points",
    "Range",
    "Text",
    "catalogue",
    "console",
    "dropped_files",
    "extracts_offered",
    "freshness",
    "kpis",
    "look",
    "page_title",
    "published_figures",
    "records",
    "release_said",
    "run",
    "same_days",
    "target_table",
    "view",
    "village_picker",
    "waiting_imports",
    "weights_note",
]
