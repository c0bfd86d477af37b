"""Did crashes and deaths truly fall, and where does the brigade stand?"""

import streamlit as st

from brigade.ui import (
    Bar,
    Line,
    Text,
    freshness,
    kpis,
    page_title,
    records,
    same_days,
    view,
)

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
)
enforcement, villages, persuasion, hazards = st.columns([2, 1, 1, 1])
with enforcement:
    kpis(
        "enforcement/focus",
        ["violations_on_site", "drink_driving"],
        trend="enforcement/by_month",
        links={
            "violations_on_site": "enforcement-overview",
            "drink_driving": "enforcement-campaigns",
        },
    )
with villages:
    kpis(
        "villages/coverage",
        ["villages_complete"],
        links={"villages_complete": "villages-overview"},
    )
with persuasion:
    kpis(
        "villages/persuasion",
        ["persuasion_shifts"],
        trend="villages/persuasion_by_month",
        links={"persuasion_shifts": "villages-overview"},
    )
with hazards:
    kpis(
        "villages/hazards",
        ["hazards_overdue"],
        links={"hazards_overdue": "villages-hazards"},
    )
view("overview/cumulative", Line(x="month", y="crashes_cumulative", color="year"))
deaths, crashes, townships = st.columns(3)
with deaths:
    same_days("deaths", Text("死亡人数：历年同期", "Deaths: the same days of each year"))
with crashes:
    same_days(
        "crashes",
        Text("一般程序事故：历年同期", "Crashes, general procedure: the same days of each year"),
    )
with townships:
    view("overview/crashes_by_township", Bar(y="township", x="crashes"), drill="township")
procedures, fresh = st.columns([1, 2])
with procedures:
    view(
        "overview/crashes_by_procedure",
        Bar(y="procedure", x="crashes_any"),
        drill="crashes.procedure",
    )
with fresh:
    freshness()
records("crashes")
