"""What one run of a page looks with: language, filters, release and reader, decided once."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

import streamlit as st
from streamlit.navigation.page import Page

from brigade.engine.protocol import Engine
from brigade.engine.relations import Reader
from brigade.filters import Filters
from brigade.text import Lang, Text

_KEY = "_look"


@dataclass(frozen=True, slots=True)
class Look:
    """The frame's decisions for this run; pages and views read them and change nothing.

    ``pages`` are the app's pages by address; ``rows_of`` is the key figure whose rows are open, or
    empty.
    """

    lang: Lang
    dark: bool
    filters: Filters
    engine: Engine
    reader: Reader
    pages: Mapping[str, Page]
    rows_of: str

    def say(self, text: Text) -> str:
        """A text in the reader's language."""
        return text.in_(self.lang)


def set_look(look_: Look) -> None:
    """Keep the decisions of this run for the views that it draws."""
    st.session_state[_KEY] = look_


def look() -> Look:
    """The decisions of this run."""
    return cast(Look, st.session_state[_KEY])


def browser_language() -> Lang:
    """Chinese, unless the browser asks for another language."""
    locale = st.context.locale
    return "zh" if not locale or locale.lower().startswith("zh") else "en"
