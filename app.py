"""Brigade (大队看板): page configuration, navigation and the frame around every page."""

import streamlit as st

from brigade.ui import Page, Text, run

st.set_page_config(page_title="大队看板 Brigade", layout="wide")

OVERVIEW = Text("总览", "Overview")
ENFORCEMENT = Text("执法", "Enforcement")
VILLAGES = Text("农村道路安全", "Village road safety")
VEHICLES = Text("车驾管", "Vehicle administration")

run(
    [
        Page(
            "overview/overview",
            OVERVIEW,
            Text("总览", "Overview"),
            ("crashes", "violations", "hazards", "village_items", "persuasion_shifts", "targets"),
        ),
        Page("enforcement/overview", ENFORCEMENT, Text("执法总览", "Overview"), ("violations",)),
        Page(
            "enforcement/campaigns",
            ENFORCEMENT,
            Text("专项行动", "Operations"),
            ("campaigns", "duty_shifts", "violations"),
        ),
        Page(
            "villages/overview",
            VILLAGES,
            Text("村级设施与劝导", "Overview"),
            ("village_items", "villages", "persuasion_shifts", "broadcasts", "outreach", "crashes"),
        ),
        Page(
            "villages/profile",
            VILLAGES,
            Text("一村一档", "Village profile"),
            (
                "villages",
                "village_items",
                "persuasion_shifts",
                "broadcasts",
                "crashes",
                "hazards",
                "outreach",
            ),
        ),
        Page("villages/hazards", VILLAGES, Text("隐患治理", "Hazards"), ("hazards",)),
        Page("vehicles/service", VEHICLES, Text("业务办理", "Service"), ("service_records",)),
        Page("vehicles/tests", VEHICLES, Text("驾驶人考试", "Driving tests"), ("driving_tests",)),
        Page("vehicles/inspection", VEHICLES, Text("检验与报废", "Inspection"), ("vehicles",)),
    ]
)
