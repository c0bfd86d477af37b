"""What stands in this village, what is done there, and what has happened?"""

import streamlit as st

from brigade.ui import Bar, Dots, Line, Text, kpis, page_title, records, view, village_picker

page_title(
    Text("一村一档", "Village profile"),
    Text(
        "这个村有什么设施、做了什么、出过什么事？",
        "What stands in this village, what is done there, and what has happened?",
    ),
)
village = village_picker()
if village is None:
    view(
        "villages/by_village",
        Dots(group="township", label="village", value="items_lacking"),
        drill="village_code",
        title=Text("在图上点一个村，或在上面搜索", "Click a village, or search for it above"),
    )
else:
    # The outreach ledger knows no villages: the township's talks and visits are shown instead.
    around = {"township": (village.township,)} if village.township else {}
    facilities, persuasion = st.columns(2)
    with facilities:
        kpis("villages/condition", ["items_working", "items_lacking", "items_damaged"])
    with persuasion:
        kpis("villages/persuasion", ["persuasion_shifts", "dissuaded"])
    broadcast, crashes, hazards = st.columns([1, 2, 2])
    with broadcast:
        kpis("villages/broadcasts", ["broadcast_days"])
    with crashes:
        kpis("overview/crashes", ["crashes", "crashes_summary"])
    with hazards:
        kpis("villages/hazards", ["hazards_open", "hazards_overdue"])
    view("villages/facilities", drill="village_items.item")
    left, right = st.columns(2)
    with left:
        view("villages/persuasion_by_month", Line(x="month", y="persuasion_shifts"), drill="month")
    with right:
        view("villages/broadcasts_by_month", Line(x="month", y="broadcast_days"), drill="month")
    left, right = st.columns(2)
    with left:
        view("villages/hazards_by_state", Bar(y="state", x="hazards_listed"), drill="hazards.state")
    with right:
        view(
            "villages/outreach_by_kind",
            Bar(y="venue_kind", x="outreach_events"),
            drill="outreach.venue_kind",
            where=around,
            title=Text("所在乡镇的宣传活动", "Talks and visits in its township"),
        )
    records("crashes")
    records("hazards", where={"hazards.listed": ("true",)})
    records("persuasion_shifts")
    records("broadcasts")
    records("outreach", where=around)
