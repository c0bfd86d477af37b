"""What do people ask for, how fast are they answered, and are they satisfied?"""

import streamlit as st

from brigade.ui import Bar, Heat, Line, Range, Text, kpis, page_title, records, view

KIND, TOPIC = "hotline_tickets.kind", "hotline_tickets.topic"
SOURCE, STATE = "hotline_tickets.source", "hotline_tickets.state"

page_title(
    Text("民生诉求", "Hotline"),
    Text(
        "群众反映什么？多久答复、多久办结？满意吗？",
        "What do people ask for, how long until they are answered, and are they satisfied?",
    ),
)
kpis(
    "hotline/times",
    ["tickets", "reply_median", "reply_p90", "close_median", "close_p90"],
    trend="hotline/by_month",
)
kpis(
    "hotline/quality",
    ["tickets_open", "tickets_overdue", "tickets_overdue_share", "reopened_share", "satisfaction"],
    trend="hotline/by_month",
)
left, right = st.columns(2)
with left:
    view("hotline/by_month", Line(x="month", y="tickets"), drill="month")
with right:
    view(
        "hotline/by_month",
        Line(x="month", y="reply_p90"),
        drill="month",
        title=Text("逐月答复用时第 90 百分位", "Time to reply, 90th percentile, by month"),
        slug="reply_by_month",
    )
left, right = st.columns([2, 3])
with left:
    view("hotline/by_topic_kind", Heat(x="kind", y="topic", value="tickets"), drill=(KIND, TOPIC))
with right:
    view("hotline/by_township", Bar(y="township", x="tickets"), drill="township")
left, middle, right = st.columns(3)
with left:
    view("hotline/by_kind", Bar(y="kind", x="tickets"), drill=KIND)
with middle:
    view("hotline/by_source", Bar(y="source", x="tickets"), drill=SOURCE)
with right:
    view("hotline/by_state", Bar(y="state", x="tickets"), drill=STATE)
left, right = st.columns(2)
with left:
    view(
        "hotline/by_topic",
        Range(y="topic", low="reply_median", high="reply_p90"),
        drill=TOPIC,
        title=Text("各主题多久答复？", "How long until a reply, by topic?"),
        slug="reply_by_topic",
    )
with right:
    view(
        "hotline/by_topic",
        Range(y="topic", low="close_median", high="close_p90"),
        drill=TOPIC,
        title=Text("各主题多久办结？", "How long until closed, by topic?"),
        slug="close_by_topic",
    )
left, right = st.columns(2)
with left:
    view(
        "hotline/by_topic",
        Bar(y="topic", x="tickets_overdue"),
        drill=TOPIC,
        narrow={"hotline_tickets.overdue": ("true",)},
        title=Text("哪些主题超期？", "Which topics are overdue?"),
        slug="overdue_by_topic",
    )
with right:
    view(
        "hotline/by_topic",
        Bar(y="topic", x="satisfaction"),
        drill=TOPIC,
        title=Text("哪些主题群众满意？", "Which topics leave people satisfied?"),
        slug="satisfaction_by_topic",
    )
records("hotline_tickets")
