"""Brigade (大队看板): page configuration, navigation and the frame around every page."""

import streamlit as st

from brigade.ui import Page, Text, extracts_offered, run

st.set_page_config(page_title="大队看板 Brigade", layout="wide")

OVERVIEW = Text("总览", "Overview")
ENFORCEMENT = Text("执法", "Enforcement")
VILLAGES = Text("农村道路安全", "Village road safety")
VEHICLES = Text("车驾管", "Vehicle administration")
CRASHES = Text("事故与救助", "Crashes and rescue")
PROGRAMMES = Text("专项工作", "Programmes")
HOTLINE = Text("民生诉求", "Hotline")
TRAINING = Text("队伍", "Training")
TARGETS = Text("目标", "Targets")
FIGURES = Text("公布数据核对", "Published figures")
DATA = Text("数据", "Data")

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
        Page(
            "crashes/overview",
            CRASHES,
            Text("交通事故", "Overview"),
            ("crashes", "vehicle_stock"),
        ),
        Page(
            "crashes/parties",
            CRASHES,
            Text("涉事人员", "Who was involved"),
            ("crashes", "crash_parties"),
        ),
        Page("crashes/places", CRASHES, Text("事故地点", "Places"), ("crashes",)),
        Page(
            "crashes/rescue",
            CRASHES,
            Text("救助基金", "Rescue fund"),
            ("rescue_cases", "crashes", "crash_parties"),
        ),
        Page("programmes/overview", PROGRAMMES, Text("专项工作", "Programmes"), ("work_ledger",)),
        Page("hotline/overview", HOTLINE, Text("民生诉求", "Hotline"), ("hotline_tickets",)),
        Page(
            "training/overview",
            TRAINING,
            Text("队伍训练", "Training"),
            ("training_sessions", "training_notes"),
        ),
        Page("targets/overview", TARGETS, Text("目标", "Targets"), ("targets",)),
        Page("figures/overview", FIGURES, Text("公布数据核对", "Published figures")),
        Page("data/extracts", DATA, Text("数据来源", "Extracts")),
        Page("data/import", DATA, Text("导入", "Import")),
        Page("data/dictionary", DATA, Text("数据字典", "Dictionary")),
        Page("data/metrics", DATA, Text("指标说明", "Glossary of metrics")),
        Page("data/sql", DATA, Text("SQL 查询", "SQL"), extracts_offered()),
    ]
)
