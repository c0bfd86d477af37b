"""Names completed while a question is typed: extracts, their columns, functions and SQL's words."""

from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from brigade.console import FUNCTIONS
from brigade.contracts import contract
from brigade.engine.protocol import Engine
from brigade.text import Lang, Text

WORDS = (
    *("select", "from", "where", "group", "by", "order", "having", "limit", "with", "as", "and"),
    *("or", "not", "in", "is", "null", "like", "between", "case", "when", "then", "else", "end"),
    *("join", "left", "on", "using", "distinct", "desc", "asc", "union", "all", "filter", "over"),
    "partition",
)
"""The words of a question that are worth completing."""

_HERE = Path(__file__).parent
_LIST = """
<ul role="listbox" hidden></ul>
"""
_STYLE = """
ul { margin: 0; padding: 0; list-style: none; border: 1px solid var(--st-border-color);
     border-radius: var(--st-base-radius); }
li { padding: 0.15rem 0.6rem; cursor: pointer; font-size: 12px; color: var(--st-text-color); }
li[aria-selected=true] { background: var(--st-secondary-background-color); }
code { font-family: var(--st-code-font); }
"""


def completion(key: str, engine: Engine, lang: Lang) -> None:
    """Complete the names in the text area of that key, which must be drawn before."""
    _part()(
        key=f"{key}_completion",
        data={
            "key": key,
            "label": Text("可用的名称，按 Tab 选用", "Names; Tab takes one").in_(lang),
            "names": names_offered(engine.extracts, lang),
        },
    )


@cache
def _part() -> Any:
    script = (_HERE / "completion.js").read_text(encoding="utf-8")
    return st.components.v2.component("brigade_completion", html=_LIST, css=_STYLE, js=script)


@cache
def names_offered(extracts: frozenset[str], lang: Lang) -> list[dict[str, Any]]:
    """Each name with what it means; a column with the extracts that have it."""
    columns: dict[str, dict[str, Any]] = {}
    for extract in sorted(extracts):
        for column in contract(extract).columns.values():
            known = columns.setdefault(
                column.name, {"name": column.name, "label": column.label.in_(lang), "of": []}
            )
            known["of"].append(extract)
    return [
        *({"name": name, "label": contract(name).label.in_(lang)} for name in sorted(extracts)),
        *columns.values(),
        *({"name": word, "label": ""} for word in WORDS),
        *({"name": name, "label": ""} for name in sorted(FUNCTIONS - set(WORDS))),
    ]
