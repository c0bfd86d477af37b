"""Imports that were read and wait: what they would do, then published or thrown away."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import streamlit as st

from brigade.contracts import contract
from brigade.engine.ready import make_ready
from brigade.errors import BrigadeError
from brigade.ingest.outcome import Outcome
from brigade.ingest.publish import Prepared, discard, prepared_imports, publish
from brigade.ingest.rejects import read_rejects
from brigade.ingest.report import report
from brigade.text import Text
from brigade.ui import state
from brigade.ui.look import Look, look

_DONE = "_imports_done"
_READ_HERE = "_imports_read_here"


def waiting_imports() -> None:
    """Every import that waits, and what became of those published in this visit."""
    here = look()
    waiting = prepared_imports()
    if len(waiting) > 1:
        pressed = st.button(
            here.say(Text(f"全部发布（{len(waiting)}）", f"Publish all ({len(waiting)})")),
            type="primary",
            key="publish_all",
        )
        if pressed:
            _publish(here, waiting)
    for prepared in waiting:
        with st.container(border=True, key=f"prepared_{prepared.id}"):
            _outcome(here, prepared.outcome, prepared.id)
            _decide(here, prepared)
    done: list[Outcome] = st.session_state.get(_DONE, [])
    for outcome in done:
        with st.container(border=True, key=f"published_{outcome.release}"):
            _outcome(here, outcome, outcome.release)


def read_here(id_: str) -> None:
    """Note that an import was read in this visit: its rejected rows may be seen in it."""
    st.session_state.setdefault(_READ_HERE, set()).add(id_)


def _may_see(here: Look, outcome: Outcome, id_: str) -> bool:
    """Rejected rows stand as in their file: what is personal in them is for who read it, or for a
    reader who may see such columns."""
    personal = any(c.personal for c in contract(outcome.extract).stored_columns)
    mine: set[str] = st.session_state.get(_READ_HERE, set())
    return not personal or here.reader.show_personal or id_ in mine


def _outcome(here: Look, outcome: Outcome, key: str) -> None:
    """What one import does or did: every row accounted for, and the rejected ones with why."""
    # The path of the list is for who works at the server; here it can be saved.
    said = here.say(report(replace(outcome, rejects=None)))
    first, *others = said.splitlines()
    seen = outcome.rejects is not None and _may_see(here, outcome, key)
    label = here.say(contract(outcome.extract).label)
    st.markdown(f"#### {label}")
    (st.success if outcome.release else st.info)(first)
    for line in others:
        st.text(line)
    with st.container(horizontal=True):
        st.download_button(
            here.say(Text("导入报告", "Report")),
            # A function: a text would be a file at once, gone while the page still looks for it.
            data=said.encode,
            file_name=f"{outcome.file}.txt",
            mime="text/plain",
            on_click="ignore",
            type="tertiary",
            key=f"report_{key}",
        )
        if seen and outcome.rejects:
            st.download_button(
                here.say(
                    Text(
                        f"下载拒收的 {outcome.rows.rejected:,} 行 CSV",
                        f"Download the {outcome.rows.rejected:,} rejected rows as CSV",
                    )
                ),
                data=Path(outcome.rejects).read_bytes,
                file_name=f"{label} {here.say(Text('拒收', 'rejected'))} {key}.csv",
                mime="text/csv",
                on_click="ignore",
                type="tertiary",
                key=f"rejects_csv_{key}",
            )
    if seen and outcome.rejects:
        st.dataframe(
            read_rejects(Path(outcome.rejects), here.lang), hide_index=True, placeholder=""
        )
    elif outcome.rejects:
        st.caption(
            here.say(
                Text(
                    "拒收的行含个人信息，只给读入它的人看；清单在数据文件夹的 rejects 里。",
                    "The rejected rows hold personal data and are shown to who read them; the list "
                    "is in the folder rejects of the data.",
                )
            )
        )


def _decide(here: Look, prepared: Prepared) -> None:
    with st.container(horizontal=True):
        pressed = st.button(
            here.say(Text("发布", "Publish")), type="primary", key=f"publish_{prepared.id}"
        )
        st.button(
            here.say(Text("放弃", "Throw away")),
            key=f"discard_{prepared.id}",
            on_click=_discard,
            args=(prepared,),
        )
    if pressed:
        _publish(here, [prepared])


def _publish(here: Look, waiting: Sequence[Prepared]) -> None:
    """Publish, what takes long shown meanwhile, and draw the page anew over the newest release."""
    done: list[Outcome] = st.session_state.setdefault(_DONE, [])
    for prepared in waiting:
        label = here.say(contract(prepared.outcome.extract).label)
        doing = Text(
            f"正在发布“{label}”，并为查询做好准备……",
            f"Publishing {label}, and making it ready to be asked …",
        )
        with st.spinner(here.say(doing), show_time=True):
            try:
                done.append(publish(prepared, ready=make_ready))
            except BrigadeError as error:
                state.notice(error.text)
    st.rerun()


def _discard(prepared: Prepared) -> None:
    try:
        discard(prepared)
    except BrigadeError as error:
        state.notice(error.text)
