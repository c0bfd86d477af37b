"""How many crashes, deaths and injuries were there, why, when and where?"""

import streamlit as st

from brigade.ui import Bar, Columns, Heat, Line, Text, kpis, page_title, records, same_days, view

GENERAL = {"crashes.procedure": ("一般程序",)}

page_title(
    Text("交通事故", "Crashes"),
    Text(
        "事故、死亡、受伤和财产损失是升是降？为什么出事、什么时候、在哪里？",
        "Did crashes, deaths, injuries and property loss rise or fall? Why, when and where do they "
        "happen?",
    ),
)
kpis(
    "crashes/summary",
    ["crashes", "deaths", "injuries", "property_loss", "crashes_summary", "crashes_severe"],
    trend="crashes/by_month",
)
kpis(
    "crashes/handling",
    [
        "hit_and_run_crashes",
        "hit_and_run_open",
        "determination_overdue",
        "determination_pending",
        "determination_median",
        "determination_p90",
    ],
)
view("overview/cumulative", Line(x="month", y="crashes_cumulative", color="year"))
left, middle, right = st.columns(3)
with left:
    same_days(
        "crashes",
        Text("一般程序事故：历年同期", "General procedure: the same days of each year"),
    )
with middle:
    same_days("deaths", Text("死亡人数：历年同期", "Deaths: the same days of each year"))
with right:
    view("crashes/deaths_per_vehicles", Columns(x="year", y="deaths_per_10k_vehicles"))

left, right = st.columns(2)
with left:
    view("crashes/by_cause", Bar(y="cause", x="crashes"), drill="crashes.cause", narrow=GENERAL)
with right:
    view(
        "crashes/by_crash_type",
        Bar(y="crash_type", x="crashes"),
        drill="crashes.crash_type",
        narrow=GENERAL,
    )
left, right = st.columns(2)
with left:
    view(
        "crashes/by_hour_weekday",
        Heat(x="hour", y="weekday", value="crashes_any"),
        drill=("hour", "weekday"),
    )
with right:
    view(
        "crashes/by_weather_lighting",
        Heat(x="weather", y="lighting", value="crashes_any"),
        drill=("crashes.weather", "crashes.lighting"),
    )

left, middle, right = st.columns(3)
with left:
    view("crashes/by_township", Bar(y="township", x="crashes"), drill="township", narrow=GENERAL)
with middle:
    view(
        "crashes/by_road_class",
        Bar(y="road_class", x="crashes"),
        drill="road_class",
        narrow=GENERAL,
    )
    view("crashes/by_squadron", Bar(y="squadron", x="crashes"), drill="squadron", narrow=GENERAL)
with right:
    view(
        "overview/crashes_by_procedure",
        Bar(y="procedure", x="crashes_any"),
        drill="crashes.procedure",
    )
    view(
        "crashes/hit_and_run",
        Heat(x="determination", y="procedure", value="hit_and_run_crashes"),
        drill=("crashes.determination", "crashes.procedure"),
        narrow={"crashes.hit_and_run": ("true",)},
    )
records("crashes")
