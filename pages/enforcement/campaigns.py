"""Which operations find drink-drivers, beside routine duty, and on which nights?"""

import streamlit as st

from brigade.ui import Bar, Calendar, Text, kpis, page_title, records, view

page_title(
    Text("专项行动", "Operations"),
    Text(
        "哪些夜晚、哪类行动查到酒驾？与日常勤务相比如何？",
        "Which nights and which operations find drink-drivers, and how do they compare with "
        "routine duty?",
    ),
)
kpis(
    "enforcement/operations",
    [
        "operations",
        "officers",
        "vehicles_checked",
        "breath_tested",
        "operation_violations",
        "operation_drink",
    ],
)
# A rate leaves out operations that run over an end of the period; so must the rows behind it.
counted = {"violations.duty_counted": ("true",)}
left, right = st.columns(2)
with left:
    view(
        "enforcement/drink_per_100_checked",
        Bar(y="duty", x="drink_per_100_checked"),
        drill="duty",
        narrow=counted,
    )
with right:
    view(
        "enforcement/calendar",
        Calendar(day="operation_date", value="drink_found"),
        drill="operation_date",
    )
left, middle, right = st.columns(3)
with left:
    view(
        "enforcement/found_per_100_checked",
        Bar(y="duty", x="found_per_100_checked"),
        drill="duty",
        narrow=counted,
    )
with middle:
    view(
        "enforcement/drink_per_100_tests",
        Bar(y="duty", x="drink_per_100_tests"),
        drill="duty",
        narrow=counted,
    )
with right:
    view(
        "enforcement/drink_per_100_officer_hours",
        Bar(y="duty", x="drink_per_100_officer_hours"),
        drill="duty",
        narrow=counted,
    )
view("enforcement/nights", drill="campaign_id")
# Whatever duty is chosen, its rows are those that officers found: a check has no camera.
records(
    "violations",
    where={"violations.source": ("现场",)},
    title=Text("现场查获的违法：逐条记录", "Violations found on site: the rows"),
)
