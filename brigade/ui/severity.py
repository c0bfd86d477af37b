"""What a place's harm is made of, in a line on the page that ranks by it."""

import streamlit as st

from brigade.severity import severity_weights
from brigade.text import Text
from brigade.ui.look import look
from brigade.ui.view import errors_said


def weights_note() -> None:
    """The weights of a crash, an injured person and a death, and where they are from."""
    here = look()
    with errors_said(here):
        weights = severity_weights()
        crash, injury, death = (f"{w:g}" for w in (weights.crash, weights.injury, weights.death))
        formula = Text(
            f"危害 = {crash} × 事故起数 + {injury} × 受伤人数 + {death} × 死亡人数。",
            f"Harm = {crash} × crashes + {injury} × injured + {death} × deaths. ",
        )
        where = Text(
            "（data/reference/severity_weights.toml）", " (data/reference/severity_weights.toml)"
        )
        st.caption(here.say(formula) + here.say(weights.basis) + here.say(where))
