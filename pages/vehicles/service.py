"""At what hours and in which hall do people wait too long, and what business is done?"""

import streamlit as st

from brigade.ui import Bar, Heat, Line, Range, Text, kpis, page_title, records, view

HOUR, HALL = "service_records.ticket_hour", "service_records.hall"

page_title(
    Text("业务办理", "Service"),
    Text(
        "群众在什么时段、哪个网点等候过久？办了哪些业务？",
        "At what hours and in which hall do people wait too long, and what business is done?",
    ),
)
kpis(
    "vehicles/service_summary",
    [
        "wait_p90",
        "long_waits",
        "long_wait_share",
        "transactions",
        "vehicles_plated",
        "returned_applications",
    ],
    trend="vehicles/service_by_month",
)
left, right = st.columns(2)
with left:
    view(
        "vehicles/wait_by_hall_hour",
        Heat(x="ticket_hour", y="hall", value="wait_p90"),
        drill=(HOUR, HALL),
    )
with right:
    view(
        "vehicles/wait_by_hour",
        Range(y="ticket_hour", low="wait_median", high="wait_p90"),
        drill=HOUR,
    )
left, right = st.columns(2)
with left:
    view("vehicles/wait_by_month", Line(x="month", y="wait_p90"), drill="month")
with right:
    view("vehicles/service_by_month", Line(x="month", y="transactions"), drill="month")
left, middle, right = st.columns(3)
with left:
    view("vehicles/wait_by_hall", Range(y="hall", low="wait_median", high="wait_p90"), drill=HALL)
    view(
        "vehicles/handle_by_hall",
        Range(y="hall", low="handle_median", high="handle_p90"),
        drill=HALL,
    )
with middle:
    view(
        "vehicles/handle_by_hour",
        Range(y="ticket_hour", low="handle_median", high="handle_p90"),
        drill=HOUR,
    )
with right:
    view(
        "vehicles/handle_by_business",
        Range(y="business", low="handle_median", high="handle_p90"),
        drill="service_records.business",
    )
first, second, third, fourth = st.columns(4)
with first:
    view(
        "vehicles/service_by_business",
        Bar(y="business", x="transactions"),
        drill="service_records.business",
    )
with second:
    view(
        "vehicles/service_by_channel",
        Bar(y="channel", x="transactions"),
        drill="service_records.channel",
    )
with third:
    view("vehicles/service_by_hall", Bar(y="hall", x="transactions"), drill=HALL)
with fourth:
    view("vehicles/ratings", Bar(y="rating", x="transactions"), drill="service_records.rating")
records("service_records")
