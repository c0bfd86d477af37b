"""Village queries: given rows, expected rows."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import pytest

from brigade.engine.duckdb import Engine
from brigade.engine.relations import Reader
from brigade.filters import Filters, Period
from brigade.metrics import metric
from brigade.records import Records
from tests.conftest import HALF_YEAR, Given, rows_of, run

ITEMS = ("劝导站", "宣传栏", "标语", "震荡带", "提示牌", "爆闪灯", "广角镜", "喇叭")
LIU, JIANG = "刘集镇", "姜楼镇"
EARLY, LATE = date(2020, 5, 1), date(2022, 7, 1)
"""Days before the half year and after it."""


def village(code: str, township: str, name: str, kind: str = "行政村") -> dict[str, str]:
    place = {"township": township, "township_code": code[:9]}
    return {"village_code": code, "village": name, **place, "kind": kind}


REGISTER = [
    village("371524100201", LIU, "王庄村"),
    village("371524100202", LIU, "李庄村"),
    village("371524101201", JIANG, "王庄村"),
    village("371524101001", JIANG, "中心社区", kind="社区"),
]


def facilities(
    code: str, states: Mapping[str, str | None], installed: Mapping[str, date | None] | None = None
) -> list[dict[str, Any]]:
    """The facilities of one village by item and status, all built early unless told otherwise."""
    days = installed or {}
    return [
        {
            "village_code": code,
            "item": item,
            "status": status,
            "installed_on": days.get(item, EARLY),
        }
        for item, status in states.items()
    ]


FACILITIES = [
    # Complete, though one of the eight is damaged and one out of use.
    *facilities("371524100201", dict.fromkeys(ITEMS, "正常") | {"爆闪灯": "损坏", "标语": "停用"}),
    # Without a mirror; the flashing light came after the half year, the sign has no day and no
    # status.
    *facilities(
        "371524100202",
        dict.fromkeys(ITEMS[:6], "正常") | {"提示牌": None},
        {"爆闪灯": LATE, "提示牌": None},
    ),
    *facilities("371524101201", {"广角镜": "损坏"}),
    # A community's facilities are no part of the programme.
    *facilities("371524101001", dict.fromkeys(ITEMS, "正常")),
]


def rows_behind(engine: Engine, name: str, **values: tuple[str, ...]) -> Records:
    """The rows that a click on a figure lists."""
    found = metric(name)
    assert found.rows is not None
    chosen = {key.replace("__", "."): value for key, value in values.items()}
    return Records(found.rows, Filters(HALF_YEAR, "none", {**chosen, **found.where}), Reader())


@pytest.fixture
def eight(given: Given) -> Engine:
    """Three villages and a community, with every state a facility may be in."""
    return given(villages=REGISTER, village_facilities=FACILITIES)


def test_coverage_counts_villages_and_not_communities(eight: Engine) -> None:
    (row,) = run(eight, "villages/coverage").rows
    assert (row["villages"], row["villages_complete"]) == (3, 1)
    assert (row["items_expected"], row["items_installed"]) == (24, 8 + 5 + 1)
    assert row["installed_share"] == pytest.approx(100 * 14 / 24)
    assert row["complete_share"] == pytest.approx(100 / 3)


def test_coverage_is_that_of_the_periods_end(eight: Engine) -> None:
    (before,) = run(
        eight, "villages/coverage", period=Period(date(2019, 1, 1), date(2019, 12, 31))
    ).rows
    # The sign without a day counts as always there.
    assert (before["villages_complete"], before["items_installed"]) == (0, 1)
    (later,) = run(eight, "villages/coverage", period=Period(date(2022, 1, 1), LATE)).rows
    assert (later["villages_complete"], later["items_installed"]) == (1, 15)
    (both,) = run(eight, "villages/coverage", comparison="year").rows
    assert (both["items_installed"], both["items_installed_before"]) == (14, 14)


def test_without_villages_a_share_cannot_be_made(eight: Engine) -> None:
    (row,) = run(eight, "villages/coverage", village_code="371524101001").rows
    assert (row["villages"], row["items_expected"], row["installed_share"]) == (0, 0, None)
    (row,) = run(eight, "villages/condition", village_code="371524101001").rows
    assert (row["items_faulty"], row["working_share"]) == (0, None)


def test_condition_tells_lacking_damaged_and_out_of_use_apart(eight: Engine) -> None:
    result = run(eight, "villages/condition", comparison="year")
    assert result.before is None
    (row,) = result.rows
    assert row["items_working"] == 6 + 4
    assert (row["items_damaged"], row["items_disused"], row["items_lacking"]) == (2, 1, 3 + 7)
    assert row["items_faulty"] == 2 + 1 + 10
    assert row["working_share"] == pytest.approx(100 * 10 / 24)


def test_matrix_is_a_ratio_of_sums_in_the_order_of_the_register(eight: Engine) -> None:
    rows = run(eight, "villages/matrix").rows
    assert [(row["township"], row["item"]) for row in rows] == [
        (township, item) for township in (LIU, JIANG) for item in ITEMS
    ]
    cells = {(row["township"], row["item"]): row for row in rows}
    mirror = cells[LIU, "广角镜"]
    assert (mirror["items_expected"], mirror["items_lacking"]) == (2, 1)
    assert (mirror["working_share"], mirror["installed_share"]) == (50, 50)
    light = cells[LIU, "爆闪灯"]
    assert (light["items_damaged"], light["items_lacking"], light["items_faulty"]) == (1, 1, 2)
    assert (light["working_share"], light["installed_share"]) == (0, 50)
    assert cells[JIANG, "广角镜"]["items_damaged"] == 1


def test_matrix_list_and_figures_agree_on_the_total(eight: Engine) -> None:
    (condition,) = run(eight, "villages/condition").rows
    (coverage,) = run(eight, "villages/coverage").rows
    cells = run(eight, "villages/matrix").rows
    places = run(eight, "villages/by_village").rows
    for name in ("items_expected", "items_working", "items_damaged", "items_disused"):
        assert sum(cell[name] for cell in cells) == condition[name]
    for name in ("items_lacking", "items_faulty"):
        assert sum(cell[name] for cell in cells) == condition[name]
        assert sum(place[name] for place in places) == condition[name]
    assert sum(cell["items_installed"] for cell in cells) == coverage["items_installed"]
    assert len(places) == coverage["villages"]
    assert sum(not place["items_lacking"] for place in places) == coverage["villages_complete"]


def test_a_cell_leads_to_the_villages_that_lack_the_facility_or_have_it_damaged(
    eight: Engine,
) -> None:
    for cell in run(eight, "villages/matrix").rows:
        chosen = {"township": cell["township"], "village_items__item": cell["item"]}
        listed = run(eight, "villages/worklist", **chosen).rows
        assert len(listed) == cell["items_faulty"]
        assert {(row["township"], row["item"]) for row in listed} <= {
            (cell["township"], cell["item"])
        }
    mirror_or_light = run(
        eight, "villages/worklist", township=LIU, village_items__item=("广角镜", "爆闪灯")
    )
    assert rows_of(mirror_or_light) == [
        (LIU, "王庄村", "爆闪灯", "损坏", EARLY, None, "371524100201"),
        (LIU, "李庄村", "广角镜", "缺少", None, None, "371524100202"),
        (LIU, "李庄村", "爆闪灯", "缺少", LATE, None, "371524100202"),
    ]


def test_worklist_names_an_item_out_of_use_and_not_one_of_unknown_status(eight: Engine) -> None:
    found = {
        (r["village_code"], r["item"]): r["state"] for r in run(eight, "villages/worklist").rows
    }
    assert found["371524100201", "标语"] == "停用"
    assert ("371524100202", "提示牌") not in found
    assert not any(code == "371524101001" for code, _ in found)


def test_villages_of_one_name_are_told_apart_by_code(eight: Engine) -> None:
    assert rows_of(run(eight, "villages/by_village")) == [
        (LIU, "王庄村", "371524100201", 0, 2),
        (LIU, "李庄村", "371524100202", 3, 3),
        (JIANG, "王庄村", "371524101201", 7, 8),
    ]
    assert rows_of(run(eight, "villages/by_village", village_items__item="广角镜"))[1][3:] == (1, 1)


def test_facilities_of_one_village_are_all_eight_in_their_order(eight: Engine) -> None:
    rows = run(eight, "villages/facilities", village_code="371524100202").rows
    assert [row["item"] for row in rows] == list(ITEMS)
    assert [row["state"] for row in rows] == ["正常"] * 4 + [None, "缺少", "缺少", "缺少"]


def test_register_lists_communities_too(eight: Engine) -> None:
    assert rows_of(run(eight, "villages/register", township=JIANG)) == [
        ("371524101001", JIANG, "中心社区", "社区"),
        ("371524101201", JIANG, "王庄村", "行政村"),
    ]


FACILITY_FIGURES = (
    "villages", "villages_complete", "items_expected", "items_installed", "items_working",
    "items_damaged", "items_disused", "items_lacking", "items_faulty",
)  # fmt: skip


@pytest.mark.parametrize("township", [None, LIU, JIANG])
def test_a_click_on_a_facility_figure_lists_the_rows_that_it_counts(
    eight: Engine, township: str | None
) -> None:
    chosen = {"township": (township,)} if township else {}
    row = (
        run(eight, "villages/coverage", **chosen).rows[0]
        | run(eight, "villages/condition", **chosen).rows[0]
    )
    for name in FACILITY_FIGURES:
        assert rows_behind(eight, name, **chosen).count(eight) == row[name], name


@pytest.fixture
def worked(given: Given) -> Engine:
    """Persuasion, broadcasts, talks and crashes at the edges of the half year."""
    return given(
        villages=REGISTER,
        persuasion_shifts=[
            shift("371524100201", date(2021, 12, 31), 90, 9),
            shift("371524100201", date(2022, 1, 1), 40, 4),
            shift("371524100202", date(2022, 1, 1), 60, None),
            shift("371524101201", date(2022, 6, 30), None, 3),
            shift("371524101201", date(2022, 7, 1), 90, 9),
        ],
        broadcasts=[
            {"village_code": code, "broadcast_on": day, "minutes": 10.0}
            for code, day in (
                ("371524100201", date(2022, 2, 1)),
                ("371524100201", date(2022, 2, 2)),
                ("371524100202", date(2022, 3, 1)),
                ("371524100202", date(2021, 3, 1)),
            )
        ],
        outreach=[
            talk("1", date(2022, 1, 1), "农村", LIU, 50),
            talk("2", date(2022, 6, 30), "学校", JIANG, None),
            talk("3", date(2022, 5, 1), None, None, 20),
            talk("4", date(2022, 7, 1), "农村", LIU, 99),
        ],
        crashes=CRASHES,
    )


def shift(code: str, day: date, checked: int | None, dissuaded: int | None) -> dict[str, Any]:
    return {
        "village_code": code,
        "shift_date": day,
        "persuaders": 2,
        "checked": checked,
        "dissuaded": dissuaded,
    }


def talk(
    number: str, day: date, kind: str | None, township: str | None, attendees: int | None
) -> dict[str, Any]:
    return {
        "outreach_id": number,
        "held_on": day,
        "venue_kind": kind,
        "township": township,
        "attendees": attendees,
    }


def crash(
    number: str,
    road_class: str | None,
    procedure: str | None,
    deaths: int | None = 0,
    at: datetime = datetime(2022, 3, 5, 18),
    township: str | None = LIU,
) -> dict[str, Any]:
    return {
        "crash_id": number,
        "occurred_at": at,
        "township": township,
        "road_class": road_class,
        "procedure": procedure,
        "deaths": deaths,
        "injuries": 0,
    }


CRASHES = [
    crash("1", "县道", "一般程序", 2),
    crash("2", "乡道", "一般程序", 0, datetime(2022, 6, 30, 23, 59), JIANG),
    crash("3", "村道", "简易程序"),
    crash("4", "国道", "一般程序", 1),
    crash("5", None, "一般程序", 1),
    crash("6", "县道", None, None),
    crash("7", "县道", "一般程序", 1, datetime(2022, 7, 1)),
    crash("8", "村道", "简易程序", 0, datetime(2022, 1, 1), None),
]


def test_persuasion_within_the_period(worked: Engine) -> None:
    assert rows_of(run(worked, "villages/persuasion")) == [(3, 100, 7)]
    assert rows_of(run(worked, "villages/persuasion", township=LIU)) == [(2, 100, 4)]
    assert rows_of(run(worked, "villages/persuasion_by_month")) == [
        (date(2022, 1, 1), 2, 100, 4),
        (date(2022, 6, 1), 1, None, 3),
    ]
    assert rows_of(run(worked, "villages/persuasion_by_township")) == [
        (LIU, 4, 100, 2),
        (JIANG, 3, None, 1),
    ]


def test_what_nobody_recorded_is_unknown_and_what_did_not_happen_is_nothing(
    worked: Engine,
) -> None:
    assert rows_of(run(worked, "villages/persuasion", village_code="371524100202")) == [
        (1, 60, None)
    ]
    assert rows_of(run(worked, "villages/persuasion", village_code="371524101001")) == [(0, 0, 0)]
    assert rows_of(run(worked, "villages/outreach", township=JIANG)) == [(1, None, None)]


def test_broadcasts_count_days_and_each_village_once(worked: Engine) -> None:
    assert rows_of(run(worked, "villages/broadcasts")) == [(3, 2)]
    assert rows_of(run(worked, "villages/broadcasts_by_month")) == [
        (date(2022, 2, 1), 2, 1),
        (date(2022, 3, 1), 1, 1),
    ]
    assert rows_of(run(worked, "villages/broadcasts", village_code="371524101201")) == [(0, 0)]


def test_outreach_reaches_the_township_and_no_village(worked: Engine) -> None:
    assert rows_of(run(worked, "villages/outreach"))[0][:2] == (3, 70)
    assert rows_of(run(worked, "villages/outreach", village_code="371524100201"))[0][:2] == (3, 70)
    assert rows_of(run(worked, "villages/outreach", township=LIU))[0][:2] == (1, 50)
    kinds = run(worked, "villages/outreach_by_kind").rows
    assert {row["venue_kind"]: row["outreach_events"] for row in kinds} == {
        "农村": 1,
        "学校": 1,
        None: 1,
    }


def test_rural_crashes_keep_the_procedures_apart(worked: Engine) -> None:
    assert rows_of(run(worked, "villages/rural_crashes")) == [(2, 2, 2)]
    assert rows_of(run(worked, "villages/rural_crashes_by_month")) == [
        (date(2022, 1, 1), 0, 1, 0),
        (date(2022, 3, 1), 1, 1, 2),
        (date(2022, 6, 1), 1, 0, 0),
    ]
    assert rows_of(run(worked, "villages/rural_crashes_by_township")) == [
        (LIU, 1, 1, 2),
        (JIANG, 1, 0, 0),
        (None, 0, 1, 0),
    ]


def test_rural_crashes_are_unknown_where_no_road_class_was_recorded(given: Given) -> None:
    engine = given(crashes=[crash("1", None, "一般程序", 1), crash("2", None, "简易程序")])
    assert rows_of(run(engine, "villages/rural_crashes")) == [(None, None, None)]
    assert rows_of(run(engine, "villages/rural_crashes_by_township")) == [(LIU, None, None, None)]
    assert rows_of(run(engine, "villages/rural_crashes", township=JIANG)) == [(0, 0, 0)]


WORK_FIGURES = {
    "villages/persuasion": {
        "persuasion_shifts": None,
        "persuasion_checked": "checked",
        "dissuaded": "dissuaded",
    },
    "villages/broadcasts": {"broadcast_days": None},
    "villages/outreach": {"outreach_events": None, "outreach_attendees": "attendees"},
    "villages/rural_crashes": {
        "rural_crashes": None,
        "rural_crashes_summary": None,
        "rural_deaths": "deaths",
    },
}
"""Each figure of a query, with the column that it sums or None where it counts."""


@pytest.mark.parametrize("township", [None, LIU])
def test_a_click_on_a_work_figure_lists_the_rows_that_it_counts(
    worked: Engine, township: str | None
) -> None:
    chosen = {"township": (township,)} if township else {}
    for name, columns in WORK_FIGURES.items():
        (row,) = run(worked, name, **chosen).rows
        for figure, column in columns.items():
            behind = rows_behind(worked, figure, **chosen)
            if column is None:
                assert behind.count(worked) == row[figure], figure
            else:
                cells = behind.rows(worked).column(column).to_pylist()
                assert sum(cell or 0 for cell in cells) == row[figure], figure
