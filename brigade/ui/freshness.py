"""How fresh each extract of the release in force is."""

import pyarrow as pa
import streamlit as st

from brigade.contracts import contract
from brigade.format import number
from brigade.text import DASH, Text
from brigade.ui.look import look


def freshness() -> None:
    """A table of the release's extracts: rows, first and last day, rows rejected at import."""
    here = look()
    release = here.engine.release
    rows = []
    for name, extract in release.extracts.items():
        rejected = sum(source.rejected for source in extract.sources)
        rows.append(
            {
                here.say(Text("数据", "Extract")): here.say(contract(name).label),
                here.say(Text("行数", "Rows")): number(extract.rows),
                here.say(Text("最早", "First day")): str(extract.first or DASH),
                here.say(Text("最新", "Last day")): str(extract.last or DASH),
                here.say(Text("未通过行", "Rejected")): number(rejected),
                here.say(Text("来源", "From")): here.say(contract(name).source),
            }
        )
    with st.container(border=True, key="freshness"):
        st.markdown(f"#### {here.say(Text('各项数据到哪一天', 'How fresh each extract is'))}")
        st.dataframe(pa.Table.from_pylist(rows), hide_index=True)
