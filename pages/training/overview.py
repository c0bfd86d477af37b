"""Is the night school held every Wednesday, do people come, and do they keep notes?"""

import streamlit as st

from brigade.ui import Bar, Calendar, Columns, Line, Text, kpis, page_title, records, view

TOPIC, KIND = "training_sessions.topic", "training_sessions.kind"
YEAR, BAND = "training_notes.year", "training_notes.chars_band"

page_title(
    Text("队伍训练", "Training"),
    Text(
        "夜校周三上课了吗？人到齐了吗？笔记记了多少？",
        "Is the night school held every Wednesday, do people come, and do they keep notes?",
    ),
)
nights, attendance = st.columns(2)
with nights:
    kpis("training/nights", ["nights_planned", "nights_held", "nights_missed"])
with attendance:
    kpis(
        "training/summary",
        ["attendance_rate", "training_absences", "training_held"],
        trend="training/by_month",
    )
left, right = st.columns([3, 2])
with left:
    view("training/by_week", Line(x="week", y="attendance_rate"), drill="week")
    view("training/by_kind", Bar(y="kind", x="training_held"), drill=KIND)
with right:
    view(
        "training/calendar",
        Calendar(day="day", value="attendance_rate", kind="night_state"),
        drill="day",
    )
left, right = st.columns(2)
with left:
    view("training/by_topic", Bar(y="topic", x="training_held"), drill=TOPIC)
with right:
    view(
        "training/by_topic",
        Bar(y="topic", x="attendance_rate"),
        drill=TOPIC,
        title=Text("各课题到课率", "Attendance by topic"),
        slug="attendance_by_topic",
    )
kpis("training/notes", ["notes_mean", "note_takers", "notes_enough", "notes_enough_share"])
left, right = st.columns(2)
with left:
    view("training/notes_by_band", Columns(x="chars_band", y="note_takers"), drill=BAND)
with right:
    view("training/notes_by_year", Bar(y="year", x="notes_mean"), drill=YEAR)
records("training_sessions")
records("training_notes")
