"""On which roads and stretches is the most harm done, and what happened there?"""

import streamlit as st

from brigade.ui import (
    Bar,
    Columns,
    Heat,
    Points,
    Text,
    kpis,
    page_title,
    records,
    view,
    weights_note,
)

page_title(
    Text("事故地点", "Places"),
    Text(
        "哪些道路和路段出事最多、危害最大？那里发生了什么？",
        "Which roads and stretches have most crashes and most harm, and what happened there?",
    ),
)
kpis(
    "crashes/places",
    ["crashes_any", "harm", "stretch_share", "located_share"],
)
weights_note()
left, right = st.columns(2)
with left:
    view("crashes/roads", Bar(y="road_name", x="crashes_any"), drill="crashes.road_name")
with right:
    view("crashes/roads_by_harm", Bar(y="road_name", x="harm"), drill="crashes.road_name")
left, right = st.columns(2)
with left:
    view("crashes/stretches", Bar(y="stretch", x="crashes_any"), drill="crashes.stretch")
with right:
    view("crashes/stretches_by_harm", Bar(y="stretch", x="harm"), drill="crashes.stretch")
left, right = st.columns(2)
with left:
    view(
        "crashes/points",
        Points(x="longitude", y="latitude", value="crashes_any"),
        drill="crashes.grid_cell",
    )
    view("crashes/types_any", Bar(y="crash_type", x="crashes_any"), drill="crashes.crash_type")
with right:
    view(
        "overview/same_days",
        Columns(x="year", y="crashes_any"),
        drill="year",
        title=Text("这里的事故：历年同期（各程序）", "Here: the same days of each year"),
        slug="here_by_year",
    )
    view(
        "crashes/by_hour_weekday",
        Heat(x="hour", y="weekday", value="crashes_any"),
        drill=("hour", "weekday"),
    )
records("crashes", title=Text("这里发生了什么：逐条事故", "What happened here: the crashes"))
