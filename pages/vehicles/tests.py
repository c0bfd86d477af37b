"""How many candidates pass, in which part, at which site and from which school?"""

import streamlit as st

from brigade.ui import Bar, Columns, Heat, Line, Range, Text, kpis, page_title, records, view

SUBJECT, SCHOOL = "driving_tests.subject", "driving_tests.school"

page_title(
    Text("驾驶人考试", "Driving tests"),
    Text(
        "考试合格率是多少？哪个科目、考场、驾校高，哪个低？约考要等多久？",
        "How many candidates pass, in which part, at which site and from which school, "
        "and how long do they wait?",
    ),
)
kpis(
    "vehicles/tests_summary",
    ["pass_rate", "tests_sat", "tests_passed", "absences", "absence_rate", "booking_p90"],
    trend="vehicles/tests_by_month",
)
left, right = st.columns(2)
with left:
    view(
        "vehicles/tests_by_school_subject",
        Heat(x="subject", y="school", value="pass_rate"),
        drill=(SUBJECT, SCHOOL),
    )
with right:
    view("vehicles/tests_by_school", Bar(y="school", x="pass_rate", top=40), drill=SCHOOL)
left, right = st.columns(2)
with left:
    view("vehicles/tests_by_month", Line(x="month", y="pass_rate"), drill="month")
with right:
    view("vehicles/sittings_by_month", Line(x="month", y="sittings"), drill="month")
left, middle, right = st.columns(3)
with left:
    view("vehicles/tests_by_subject", Columns(x="subject", y="pass_rate"), drill=SUBJECT)
with middle:
    view(
        "vehicles/tests_by_attempt",
        Columns(x="attempt_band", y="pass_rate"),
        drill="driving_tests.attempt_band",
    )
with right:
    view(
        "vehicles/booking_by_subject",
        Range(y="subject", low="booking_median", high="booking_p90"),
        drill=SUBJECT,
    )
left, right = st.columns(2)
with left:
    view(
        "vehicles/tests_by_site",
        Heat(x="subject", y="site", value="pass_rate"),
        drill=(SUBJECT, "driving_tests.site"),
    )
with right:
    view(
        "vehicles/tests_by_class",
        Bar(y="licence_group", x="pass_rate"),
        drill="driving_tests.licence_group",
    )
records("driving_tests")
