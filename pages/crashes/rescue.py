"""Whom did the rescue fund help, with how much and how fast, and in which crashes?"""

import streamlit as st

from brigade.ui import Bar, Columns, Range, Text, kpis, look, page_title, records, view

CRASH = "crashes.crash_id"

page_title(
    Text("道路交通事故社会救助基金", "Rescue fund"),
    Text(
        "救助了多少人、多少钱、多快到账？是哪起事故？",
        "How many people were helped, with how much, how fast, and after which crash?",
    ),
)
kpis(
    "crashes/rescue_to_date",
    [
        "rescue_cases_to_date",
        "rescue_persons_to_date",
        "rescue_yuan_to_date",
        "recovered_share_to_date",
        "persons_per_case",
        "yuan_per_case",
    ],
)
kpis(
    "crashes/rescue",
    [
        "rescue_cases",
        "rescue_persons",
        "rescue_yuan",
        "payment_median",
        "payment_p90",
        "rescued_share",
    ],
)
left, right = st.columns(2)
with left:
    view("crashes/rescue_by_year", Columns(x="year", y="rescue_cases"))
with right:
    view(
        "crashes/rescue_by_year",
        Range(y="year", low="payment_median", high="payment_p90"),
        title=Text("从申请到垫付的天数", "Days from application to payment"),
        slug="payment_by_year",
    )
left, middle, right = st.columns(3)
with left:
    view("crashes/rescue_by_reason", Bar(y="reason", x="rescue_yuan"), drill="rescue_cases.reason")
with middle:
    view(
        "crashes/rescue_by_expense",
        Bar(y="expense_kind", x="rescue_yuan"),
        drill="rescue_cases.expense_kind",
    )
with right:
    view(
        "crashes/rescue_by_hospital",
        Bar(y="hospital", x="rescue_yuan"),
        drill="rescue_cases.hospital",
    )
view("crashes/rescue_list", drill=CRASH)
if look().filters.values.get(CRASH):
    records("crashes_to_date", title=Text("这件救助的事故", "The crash of this case"))
    records("crash_parties_to_date", title=Text("这起事故的当事方", "The parties of this crash"))
records("rescue_cases")
