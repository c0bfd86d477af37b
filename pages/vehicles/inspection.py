"""Which vehicles are overdue for inspection or soon due, and which should be scrapped?"""

import streamlit as st

from brigade.ui import Bar, Columns, Heat, Text, kpis, page_title, records, view

STATE = "vehicles.inspection_state"
OVERDUE = {STATE: ("已逾期",)}

page_title(
    Text("检验与报废", "Inspection"),
    Text(
        "哪些车辆逾期未检验、即将到期或应当强制报废？",
        "Which vehicles are overdue for inspection, soon due, or past scrapping?",
    ),
)
kpis(
    "vehicles/inspection_summary",
    [
        "inspection_overdue",
        "overdue_share",
        "inspection_due_30",
        "inspection_due_60",
        "inspection_due_90",
        "scrap_reached",
    ],
)
left, right = st.columns(2)
with left:
    view(
        "vehicles/inspection_by_key_class",
        Heat(x="inspection_state", y="key_class", value="registered_vehicles"),
        drill=(STATE, "vehicles.key_class"),
    )
with right:
    view(
        "vehicles/inspection_by_state",
        Columns(x="inspection_state", y="registered_vehicles"),
        drill=STATE,
    )
left, right = st.columns(2)
with left:
    view(
        "vehicles/inspection_by_usage",
        Bar(y="usage_name", x="inspection_overdue"),
        drill="vehicles.usage_name",
        narrow=OVERDUE,
    )
with right:
    view(
        "vehicles/inspection_by_township",
        Bar(y="township", x="inspection_overdue"),
        drill="township",
        narrow=OVERDUE,
    )
left, right = st.columns(2)
with left:
    view(
        "vehicles/scrap_by_state",
        Columns(x="scrap_state", y="registered_vehicles"),
        drill="vehicles.scrap_state",
    )
with right:
    view(
        "vehicles/vehicles_by_status",
        Bar(y="status_name", x="registered_vehicles"),
        drill="vehicles.status_name",
    )
records(
    "vehicles",
    where={"vehicles.needs_action": ("true",)},
    title=Text(
        "待办清单：检验或报废已到期、90 天内到期",
        "Worklist: inspection or scrapping due within 90 days, or past",
    ),
    name="worklist",
)
records("vehicles")
