"""Did crashes and deaths truly fall, and where does the brigade stand?"""

import streamlit as st

from brigade.ui import Bar, Columns, Line, Text, freshness, kpis, page_title, records, view

page_title(
    Text("总览", "Overview"),
    Text(
        "事故和死亡真的下降了吗？大队的工作走到哪一步？",
        "Did crashes and deaths truly fall, and where does the brigade stand?",
    ),
)
kpis(
    "overview/crashes",
    ["deaths", "crashes", "injuries", "crashes_summary"],
    trend="overview/crashes_by_month",
    targets="overview/targets",
)
view("overview/cumulative", Line(x="month", y="crashes_cumulative", color="year"))
left, middle, right = st.columns(3)
with left:
    view("overview/same_days", Columns(x="year", y="deaths"))
with middle:
    view("overview/crashes_by_township", Bar(y="township", x="crashes"), drill="township")
with right:
    view(
        "overview/crashes_by_procedure",
        Bar(y="procedure", x="crashes_any"),
        drill="crashes.procedure",
    )
freshness()
records("crashes")
