"""Which hazards are still there, who has to clear them, and how long overdue are they?"""

import streamlit as st

from brigade.ui import Bar, Columns, Line, Text, kpis, page_title, records, view

page_title(
    Text("隐患治理", "Hazards"),
    Text(
        "哪些隐患还没有销号？由谁负责、超期多久？",
        "Which hazards are not cleared, who has to clear them, and how long overdue are they?",
    ),
)
kpis(
    "villages/hazards",
    [
        "hazards_overdue",
        "hazards_open",
        "hazards_relapsed",
        "hazards_cleared",
        "hazards_clearance",
        "hazards_found",
        "hazards_closed",
    ],
)
left, right = st.columns(2)
with left:
    view(
        "villages/hazards_by_department",
        Bar(y="department", x="hazards_overdue"),
        drill="hazards.department",
        narrow={"hazards.state": ("已超期",)},
    )
with right:
    view("villages/hazards_by_state", Bar(y="state", x="hazards_listed"), drill="hazards.state")
left, right = st.columns(2)
with left:
    view("villages/hazards_found_by_month", Line(x="month", y="hazards_found"), drill="month")
with right:
    view("villages/hazards_cleared_by_month", Line(x="month", y="hazards_closed"), drill="month")
left, right = st.columns(2)
with left:
    view(
        "villages/hazards_by_overdue_band",
        Columns(x="overdue_band", y="hazards_overdue"),
        drill="hazards.overdue_band",
    )
with right:
    view("villages/hazards_by_township", Bar(y="township", x="hazards_open"), drill="township")
view("villages/hazards_by_kind", Bar(y="kind", x="hazards_clearance"), drill="hazards.kind")
records("hazards", where={"hazards.listed": ("true",)})
