"""Which village lacks which of the eight facilities, and what is done in the villages?"""

import streamlit as st

from brigade.ui import Bar, Dots, Heat, Line, Text, kpis, page_title, records, view

page_title(
    Text("村级设施与劝导", "Village facilities and persuasion"),
    Text(
        "哪个村的八个一还缺什么、坏了什么？劝导、广播和宣传做了多少？",
        "Which village lacks which of the eight facilities, and how much persuasion, broadcasting "
        "and outreach is there?",
    ),
)
covered, sound = st.columns([3, 4])
with covered:
    kpis(
        "villages/coverage",
        ["villages_complete", "complete_share", "installed_share"],
        links={"villages_complete": "villages-profile"},
    )
with sound:
    kpis("villages/condition", ["working_share", "items_lacking", "items_damaged", "items_disused"])
left, right = st.columns([2, 3])
with left:
    view(
        "villages/matrix",
        Heat(x="item", y="township", value="working_share"),
        drill=("township", "village_items.item"),
    )
with right:
    view(
        "villages/by_village",
        Dots(group="township", label="village", value="items_lacking"),
        drill="village_code",
    )
view("villages/worklist", drill="village_code")

persuasion, broadcast = st.columns([3, 2])
with persuasion:
    kpis(
        "villages/persuasion",
        ["persuasion_shifts", "persuasion_checked", "dissuaded"],
    )
with broadcast:
    kpis("villages/broadcasts", ["broadcast_days", "broadcast_villages"])
left, right = st.columns(2)
with left:
    view("villages/persuasion_by_month", Line(x="month", y="persuasion_shifts"), drill="month")
with right:
    view("villages/broadcasts_by_month", Line(x="month", y="broadcast_days"), drill="month")

talks, crashes = st.columns([2, 3])
with talks:
    kpis("villages/outreach", ["outreach_events", "outreach_attendees"])
with crashes:
    kpis("villages/rural_crashes", ["rural_crashes", "rural_crashes_summary", "rural_deaths"])
view("villages/rural_crashes_by_month", Line(x="month", y="rural_crashes"), drill="month")
left, middle, right = st.columns(3)
with left:
    view("villages/persuasion_by_township", Bar(y="township", x="dissuaded"), drill="township")
with middle:
    view(
        "villages/outreach_by_kind",
        Bar(y="venue_kind", x="outreach_events"),
        drill="outreach.venue_kind",
    )
with right:
    view(
        "villages/rural_crashes_by_township",
        Bar(y="township", x="rural_crashes"),
        drill="township",
    )
records("village_items")
