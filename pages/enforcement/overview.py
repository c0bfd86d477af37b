"""What was found on the roads, when, where and by whom?"""

import streamlit as st

from brigade.ui import Bar, Heat, Line, Text, kpis, look, page_title, records, view

page_title(
    Text("执法总览", "Enforcement"),
    Text("查处了什么？何时、何地、由谁？", "What was found, when, where and by whom?"),
)
# Months of one or two points say nothing: a period within one month is drawn by day.
grain = "day" if look().filters.period.days <= 31 else "month"
kpis(
    "enforcement/summary",
    ["violations", "violations_on_site", "violations_camera", "fines", "points_given"],
    trend=f"enforcement/by_{grain}",
)
kpis(
    "enforcement/focus",
    [
        "drink_driving",
        "drunk_driving",
        "drink_driving_share",
        "overloading",
        "plate_licence_offences",
    ],
    trend=f"enforcement/by_{grain}",
)
view(f"enforcement/by_{grain}", Line(x=grain, y="violations"), drill=grain)
left, middle, right = st.columns(3)
with left:
    view("enforcement/by_category", Bar(y="category", x="violations"), drill="category")
with middle:
    view("enforcement/by_township", Bar(y="township", x="violations"), drill="township")
with right:
    view(
        "enforcement/by_code",
        Bar(y="code_and_name", x="violations"),
        drill=("violations.violation_code", "violations.violation_name"),
    )
left, right = st.columns([3, 2])
with left:
    view(
        "enforcement/by_hour_weekday",
        Heat(x="hour", y="weekday", value="violations"),
        drill=("hour", "weekday"),
    )
with right:
    view("enforcement/by_road_class", Bar(y="road_class", x="violations"), drill="road_class")
left, middle, right = st.columns(3)
with left:
    view("enforcement/by_squadron", Bar(y="squadron", x="violations"), drill="squadron")
with middle:
    view("enforcement/by_source", Bar(y="source", x="violations"), drill="violations.source")
with right:
    view(
        "enforcement/by_vehicle_type",
        Bar(y="vehicle_type", x="violations", top=8),
        drill="vehicle_type",
    )
records("violations")
