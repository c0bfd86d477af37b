"""What the parts of a page that stay are told to show: key figures and views."""

import json
from dataclasses import dataclass
from typing import Any

from streamlit.testing.v1 import AppTest


@dataclass(frozen=True, slots=True)
class Figure:
    """A key figure: its metric, label and value, and the words under it."""

    metric: str
    label: str
    value: str
    words: tuple[str, ...]
    tone: str


def _told(app: AppTest) -> list[Any]:
    return [json.loads(part.proto.bytes) for part in app.get("bidi_component") if part.proto.bytes]


def figures(app: AppTest) -> list[Figure]:
    """The key figures of the page, in order."""
    return [
        Figure(
            card["name"],
            card["label"],
            card["value"],
            (card["change"], "".join(card["aim"] or ())),
            card["tone"],
        )
        for row in _told(app)
        if isinstance(row, list)
        for card in row
    ]


def views(app: AppTest) -> list[dict[str, Any]]:
    """What the views of the page show, in order."""
    return [part for part in _told(app) if isinstance(part, dict)]


def charts(app: AppTest) -> list[str]:
    """The views that are drawn as a chart."""
    return [view["slug"] for view in views(app) if "spec" in view]


def said(app: AppTest) -> list[str]:
    """Everything that is said beside figures and charts."""
    notes = [note for view in views(app) for note in (*view["notes"], *view["under"])]
    words = [text for figure in figures(app) for text in figure.words if text]
    return [*(caption.value for caption in app.caption), *words, *notes]


def open_rows(app: AppTest, metric: str) -> AppTest:
    """Do what a click on the rows of a key figure does."""
    assert metric in [figure.metric for figure in figures(app)]
    app.session_state["rows"] = metric
    return app.run()
