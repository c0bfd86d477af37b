"""Parts of a page that stay: what they have drawn is kept and takes only what is new.

Streamlit draws a chart anew with every embedding of Vega and every element of its own costs a
message, so a view's head, chart and buttons, and a row of key figures, are one part each: a
component of which the browser keeps the drawing. A part gets one JSON text. It answers with an
event and a value, which a callback takes before the page's next run.
"""

import json
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

_HERE = Path(__file__).parent
_SCRIPTS = Path(st.__file__).parent / "static" / "static" / "js"


def part(name: str, key: str, said: Any, takes: Mapping[str, Callable[[Any], None]]) -> None:
    """Draw the part ``<name>.js``; ``takes`` says what to do with the value of each event."""
    callbacks = {f"on_{event}_change": _taking(key, event, take) for event, take in takes.items()}
    text = json.dumps(said, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    _renderer(name)(key=key, data=text.encode(), height="stretch", **callbacks)


def _taking(key: str, event: str, take: Callable[[Any], None]) -> Callable[[], None]:
    def taken() -> None:
        value = st.session_state[key].get(event)
        if value is not None:
            take(value)

    return taken


@cache
def _renderer(name: str) -> Any:
    # Sent with every part: without comments and indentation.
    lines = (line.strip() for line in (_HERE / f"{name}.js").read_text("utf-8").splitlines())
    script = "\n".join(line for line in lines if line and not line.startswith("//"))
    for library in ("embed", "vega-interpreter"):
        script = script.replace("{{" + library + "}}", _file_of(library))
    return st.components.v2.component(f"brigade_{name}", js=script, isolate_styles=False)


def _file_of(library: str) -> str:
    """The file in which the installed Streamlit keeps a part of Vega."""
    return next(_SCRIPTS.glob(f"{library}.*.js")).name


def by_column(rows: list[dict[str, Any]]) -> dict[str, list[Any]]:
    """Rows as columns, which are shorter to send; what a row lacks, or can't be made, is null."""
    names = dict.fromkeys(name for row in rows for name in row)
    columns = {name: [row.get(name) for row in rows] for name in names}
    return {name: [v if v == v else None for v in values] for name, values in columns.items()}
