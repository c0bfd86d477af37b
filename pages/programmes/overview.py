"""What has each programme done, how much of it, when, where and by whom?"""

import streamlit as st

from brigade.ui import Bar, Line, Text, kpis, look, page_title, records, view

PROGRAMME, WORK = "work_ledger.programme", "work_ledger.work"
TEAM = "work_ledger.team"

page_title(
    Text("专项工作", "Programmes"),
    Text(
        "各专项工作做了哪些事、做了多少？何时、在哪里、由谁？",
        "What has each programme done, how much of it, when, where and by whom?",
    ),
)
kpis(
    "programmes/summary",
    ["ledger_entries", "ledger_programmes", "ledger_works"],
    trend="programmes/entries_by_month",
)
view("programmes/works", drill=WORK)
# Lengths compare only where they are of one kind: until then quantities stand in tables.
chosen = look().filters.values
is_one = len(chosen.get(WORK, ())) == 1
left, right = st.columns([2, 3])
with left:
    view("programmes/by_programme", Bar(y="programme", x="ledger_entries"), drill=PROGRAMME)
with right:
    if is_one:
        view("programmes/quantity_by_month", Line(x="month", y="ledger_quantity"), drill="month")
    elif chosen.get(PROGRAMME) or chosen.get(WORK):
        view(
            "programmes/quantity_by_month",
            Line(x="month", y="ledger_quantity", color="work", apart=True),
            drill=("month", WORK),
        )
    else:
        view("programmes/entries_by_month", Line(x="month", y="ledger_entries"), drill="month")
left, right = st.columns(2)
with left:
    view(
        "programmes/quantity_by_township",
        Bar(y="township", x="ledger_quantity") if is_one else None,
        drill="township" if is_one else ("township", WORK),
    )
with right:
    view(
        "programmes/quantity_by_team",
        Bar(y="team", x="ledger_quantity") if is_one else None,
        drill=TEAM if is_one else (TEAM, WORK),
    )
records("work_ledger")
