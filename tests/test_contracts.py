"""The contracts of the house: complete, unambiguous, and with derivations that compute."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest
import sqlglot
from sqlglot import exp

from brigade import house
from brigade.contracts import CALENDAR, SQL_TYPES, Contract, all_contracts, contract, read_contract
from brigade.errors import ContractError

# What the description of the data promises, typed from it: name, and its Chinese header where
# it gives one.
PROMISED = {
    "violations": """violation_id 违法编号, occurred_at 违法时间, source 信息来源,
        township 乡镇街道, village_code 行政村代码, road_name 道路名称, road_class 道路类型,
        squadron 执勤中队, campaign_id 行动编号, campaign 专项行动, device_id 设备编号,
        violation_code 违法行为代码, violation_name 违法行为, category 违法类别,
        vehicle_type 车辆类型, usage 使用性质, plate_type 号牌种类, plate 号牌号码,
        measured 实测值, measured_unit, test_kind 检测方式, limit_value 标准值, points 记分数,
        fine_yuan 罚款金额, measure 处理方式, review_state 处理标记, handled_at 处理时间,
        paid 交款标记, officer 执勤民警, longitude 经度, latitude 纬度,
        time_recorded 时刻已记录""",
    "campaigns": """campaign_id 行动编号, campaign 专项行动, starts_at 开始时间, ends_at 结束时间,
        focus 整治重点, squadron 牵头中队, officers 出动警力, vehicles_checked 检查车辆,
        breath_tested 呼气检测""",
    "duty_shifts": """shift_date, squadron, township, officer_hours 警力小时, vehicles_checked,
        breath_tested""",
    "crashes": """crash_id 事故编号, occurred_at 事故发生时间, township, village_code,
        road_name 路名, kilometre 公里数, road_class, procedure 处理程序, crash_type 事故形态,
        cause 认定原因, weather 天气, lighting 照明条件, involved 涉及交通方式,
        deaths 7日死亡人数, injuries 受伤人数, property_loss_yuan 直接财产损失, hit_and_run 逃逸,
        drink_driving 涉酒, squadron 所属中队, accepted_on 受理日期, determined_on 认定日期,
        longitude, latitude, time_recorded 时刻已记录""",
    "crash_parties": """crash_id, party_no, mode 交通方式, age_band 年龄段, responsibility 责任,
        licence 驾驶资格, protected 头盔或安全带, injury 伤害程度""",
    "villages": """village_code 行政村代码, village 行政村, township_code, township, kind,
        merged_into, population, road_km, longitude, latitude""",
    "village_editions": """edition 名录年份, village_code 行政村代码, village 行政村,
        township_code, township, kind, merged_into""",
    "village_facilities": """village_code, item 设施, installed_on 建成日期, status 状态,
        inspected_on 巡查日期""",
    "persuasion_shifts": """village_code, shift_date, persuaders 劝导员数, checked 检查车辆,
        dissuaded 劝导人次, topic""",
    "broadcasts": "village_code, broadcast_on, minutes, topic",
    "outreach": "outreach_id, held_on, venue_kind, venue, township, attendees, leaflets",
    "hazards": """hazard_id 隐患编号, kind 隐患类型, name, road_name, road_class, township,
        village_code, found_on 排查日期, due_on 整改期限, cleared_on 销号日期,
        relapsed_on 反弹日期, department 责任部门, planned 列入计划""",
    "service_records": """record_id 流水号, business 业务类型, hall 办理网点, channel 办理渠道,
        ticket_at 取号时间, called_at 叫号时间, finished_at 办结时间, returned 退办, vehicle_type,
        plate_type, plated_on_site 裸牌进上牌出, rating 评价""",
    "driving_tests": """test_id, subject 科目, site 考场, tested_on 考试日期, booked_on 预约日期,
        licence_class 准驾车型, attempt 考试次数, school 驾校, result 结果, score 成绩""",
    "vehicles": """vehicle_id, plate_type, plate, vehicle_type, usage 使用性质,
        key_class 重点车辆, township, registered_on 注册登记日期, inspection_due_on 检验有效期止,
        scrap_due_on 强制报废期止, status 机动车状态""",
    "vehicle_stock": "as_of, township, vehicle_class, vehicles",
    "rescue_cases": """case_id, crash_id, applied_on, paid_on, persons 救助人数,
        amount_yuan 救助金额, reason 垫付情形, expense_kind 费用类型, recovered_yuan 追偿金额,
        hospital""",
    "hotline_tickets": """ticket_id 工单编号, received_at 受理时间, source 来源, kind 诉求类型,
        topic, township, due_at 办理期限, extended_to, returned_at 退回, replied_at, closed_at,
        reopened 重办, satisfied""",
    "training_sessions": """session_id, held_at, ends_at, topic 课题, kind, expected 应到,
        attended 实到""",
    "training_notes": "person_no, year, note_chars 笔记字数",
    "work_ledger": """entry_id, done_on, programme 专项工作, item 事项, quantity, unit, township,
        team, note""",
    "targets": "metric, starts_on, ends_on, township, target",
    "village_items": """village_code, item, township_code, township, village, installed_on,
        status, inspected_on, items_listed, last_installed_on""",
}

EVENTS = {
    "violations": "occurred_at",
    "campaigns": "starts_at",
    "duty_shifts": "shift_date",
    "crashes": "occurred_at",
    "crash_parties": "occurred_at",
    "persuasion_shifts": "shift_date",
    "broadcasts": "broadcast_on",
    "outreach": "held_on",
    "service_records": "finished_at",
    "driving_tests": "tested_on",
    "rescue_cases": "applied_on",
    "hotline_tickets": "received_at",
    "training_sessions": "held_at",
    "work_ledger": "done_on",
}

PERSONAL = {"violations": {"plate", "officer"}, "vehicles": {"plate"}}

ALL = [pytest.param(c, id=name) for name, c in all_contracts().items()]


def repeated(things: Iterable[str]) -> list[str]:
    return [thing for thing, n in Counter(things).items() if n > 1]


def base_names(extract: Contract) -> set[str]:
    """The columns that a derived one may use: those stored and those borrowed."""
    return {c.name for c in extract.columns.values() if c.derived is None}


def derive(name: str, row: dict[str, Any], ends_on: str = "2022-06-30") -> dict[str, Any]:
    """The derived columns of one row of an extract, whose other columns are null."""
    extract = contract(name)
    db = duckdb.connect()
    db.execute(
        f"create table period as select date '2022-01-01' starts_on, date '{ends_on}' ends_on"
    )
    given = ", ".join(
        f"cast(${c.name} as {SQL_TYPES[c.type]}) as {c.name}"
        for c in extract.columns.values()
        if c.derived is None
    )
    made = [c for c in extract.columns.values() if c.derived is not None]
    derived = ", ".join(f"{c.derived} as {c.name}" for c in made)
    values = {column: row.get(column) for column in base_names(extract)}
    assert row.keys() <= values.keys()
    found = db.execute(f"select {derived} from (select {given})", values).fetchone()  # noqa: S608 (own SQL)
    assert found is not None
    return dict(zip([c.name for c in made], found, strict=True))


def test_the_house_has_the_promised_extracts() -> None:
    assert set(all_contracts()) == set(PROMISED)
    assert {n: c.time for n, c in all_contracts().items() if c.time} == EVENTS


@pytest.mark.parametrize("name", PROMISED)
def test_stored_columns_are_the_promised_ones_in_order(name: str) -> None:
    words = [column.split() for column in PROMISED[name].split(",")]
    stored = contract(name).stored_columns
    assert [column.name for column in stored] == [word[0] for word in words]
    headers = {word[0]: word[1] for word in words if len(word) == 2}
    assert headers == {c.name: c.label.zh for c in stored if c.name in headers}


def test_personal_columns_are_marked() -> None:
    marked = {
        name: {c.name for c in extract.columns.values() if c.personal}
        for name, extract in all_contracts().items()
    }
    assert {name: columns for name, columns in marked.items() if columns} == PERSONAL


def test_extracts_have_labels_of_their_own() -> None:
    assert repeated(c.label.zh for c in all_contracts().values()) == []
    assert repeated(c.label.en for c in all_contracts().values()) == []


@pytest.mark.parametrize("extract", ALL)
def test_labels_and_headers_tell_columns_apart(extract: Contract) -> None:
    columns = list(extract.columns.values())
    assert repeated(c.label.zh for c in columns) == []
    assert repeated(c.label.en for c in columns) == []
    # A header of a raw export must lead to one column of the file.
    headers = [
        header
        for c in extract.stored_columns
        for header in {c.name, c.label.zh, c.label.en.casefold()} | set(c.aliases)
    ]
    assert repeated(headers) == []
    for column in columns:
        assert repeated(column.aliases) == []
        assert not {column.name, column.label.zh, column.label.en} & set(column.aliases)
        assert not column.aliases or column.stored
        assert repeated(column.codes) == []


@pytest.mark.parametrize("extract", ALL)
def test_keys_and_references_exist(extract: Contract) -> None:
    assert extract.key
    assert set(extract.key) <= {c.name for c in extract.stored_columns}
    assert extract.time is None or extract.time in base_names(extract)
    for column in extract.columns.values():
        if column.refers:
            (key,) = contract(column.refers).key
            assert contract(column.refers).column(key).type == column.type
        if column.borrowed:
            source, key = column.borrowed
            assert extract.column(key).refers == source
            assert contract(source).column(column.name).stored
            assert contract(source).column(column.name).type == column.type


@pytest.mark.parametrize("extract", ALL)
def test_derived_columns_read_their_own_row_and_the_period(extract: Contract) -> None:
    for column in extract.columns.values():
        if column.derived is None:
            continue
        parsed = sqlglot.parse_one(column.derived, dialect="duckdb")
        assert {table.name for table in parsed.find_all(exp.Table)} <= {"period"}
        inside: set[str] = set()
        for select in parsed.find_all(exp.Select):
            inside |= {id_.name for id_ in select.find_all(exp.Column)}
        used = {c.name for c in parsed.find_all(exp.Column)}
        assert inside <= {"starts_on", "ends_on"}
        assert used - inside <= base_names(extract), column.name


@pytest.mark.parametrize("extract", ALL)
def test_derived_columns_compute_with_the_type_they_state(extract: Contract) -> None:
    db = duckdb.connect()
    db.execute(
        "create table period as select date '2022-01-01' starts_on, date '2022-06-30' ends_on"
    )
    columns = ", ".join(
        f"{c.name} {SQL_TYPES[c.type]}" for c in extract.columns.values() if c.derived is None
    )
    db.execute(f"create table base ({columns})")
    for column in extract.columns.values():
        if column.derived is not None:
            made = db.execute(f"select {column.derived} as made from base")  # noqa: S608 (own SQL)
            (described,) = made.description or [(None, None)]
            integers = {"BIGINT", "INTEGER"}
            allowed = integers if column.type == "integer" else {SQL_TYPES[column.type]}
            assert str(described[1]) in allowed, column.name
            assert made.fetchall() == []


@pytest.mark.parametrize(
    ("row", "state", "overdue_days", "band"),
    [
        ({"found_on": "2022-07-01"}, "未发现", None, None),
        ({"found_on": "2022-05-01", "due_on": "2022-06-30"}, "整改中", None, None),
        ({"found_on": "2022-05-01"}, "整改中", None, None),
        ({"found_on": "2022-05-01", "due_on": "2022-06-29"}, "已超期", 1, "1–30 天"),
        ({"found_on": "2021-05-01", "due_on": "2021-12-31"}, "已超期", 181, "180 天以上"),
        ({"due_on": "2022-05-30", "cleared_on": "2022-07-01"}, "已超期", 31, "31–90 天"),
        ({"due_on": "2022-05-30", "cleared_on": "2022-06-30"}, "已销号", None, None),
        ({"cleared_on": "2022-03-01", "relapsed_on": "2022-06-30"}, "反弹", None, None),
        ({"cleared_on": "2022-03-01", "relapsed_on": "2022-07-01"}, "已销号", None, None),
        ({"cleared_on": "2022-05-01", "relapsed_on": "2022-03-01"}, "已销号", None, None),
        ({"cleared_on": "2022-07-01", "relapsed_on": "2022-03-01"}, "反弹", None, None),
        ({"due_on": "2022-01-01", "relapsed_on": "2022-03-01"}, "反弹", None, None),
    ],
)
def test_hazard_state_is_that_of_the_periods_end(
    row: dict[str, str], state: str, overdue_days: int | None, band: str | None
) -> None:
    made = derive("hazards", row)
    assert (made["state"], made["overdue_days"], made["overdue_band"]) == (
        state,
        overdue_days,
        band,
    )


@pytest.mark.parametrize(
    ("status", "inspection_due_on", "state"),
    [
        ("A", "2022-06-29", "已逾期"),
        ("A", "2022-06-30", "30 天内到期"),
        ("A", "2022-07-30", "30 天内到期"),
        ("GQ", "2022-07-31", "31–60 天到期"),
        (None, "2022-09-28", "61–90 天到期"),
        ("A", "2022-09-29", "90 天以后"),
        ("A", None, None),
        ("GM", "2020-01-01", "不适用"),
        ("B", None, "不适用"),
        ("E", "2023-01-01", "不适用"),
    ],
)
def test_inspection_state(
    status: str | None, inspection_due_on: str | None, state: str | None
) -> None:
    row = {"status": status, "inspection_due_on": inspection_due_on}
    assert derive("vehicles", row)["inspection_state"] == state


@pytest.mark.parametrize(
    ("scrap_due_on", "state"),
    [
        (None, None),
        ("2022-06-29", "已达强制报废"),
        ("2022-09-28", "90 天内"),
        ("2023-06-30", "91–365 天"),
        ("2023-07-01", "一年以后"),
    ],
)
def test_scrap_state(scrap_due_on: str | None, state: str | None) -> None:
    assert derive("vehicles", {"status": "A", "scrap_due_on": scrap_due_on})["scrap_state"] == state


@pytest.mark.parametrize(
    ("deaths", "injuries", "fatal", "casualty", "severe", "severity"),
    [
        (3, 0, True, True, True, "死亡"),
        (1, None, True, True, False, "死亡"),
        (0, 2, False, True, False, "受伤"),
        (None, 2, None, True, None, "受伤"),
        (0, 0, False, False, False, "仅财损"),
        (0, None, False, False, False, "仅财损"),
        (None, None, None, None, None, None),
    ],
)
def test_crash_severity(
    deaths: int | None,
    injuries: int | None,
    fatal: bool | None,
    casualty: bool | None,
    severe: bool | None,
    severity: str | None,
) -> None:
    made = derive("crashes", {"deaths": deaths, "injuries": injuries})
    assert [made[n] for n in ("fatal", "injury_crash", "severe", "severity")] == [
        fatal,
        casualty,
        severe,
        severity,
    ]


@pytest.mark.parametrize(
    ("row", "overdue"),
    [
        ({}, None),
        ({"due_at": "2022-06-30 17:00"}, True),
        ({"due_at": "2022-07-01 17:00"}, False),
        ({"due_at": "2022-06-20 17:00", "extended_to": "2022-07-04 17:00"}, False),
        ({"due_at": "2022-06-20 17:00", "replied_at": "2022-06-20 17:00"}, False),
        ({"due_at": "2022-06-20 17:00", "replied_at": "2022-06-20 17:01"}, True),
        ({"due_at": "2022-06-20 17:00", "closed_at": "2022-06-19 09:00"}, False),
        ({"due_at": "2022-06-20 17:00", "returned_at": "2022-06-16 09:00"}, False),
    ],
)
def test_ticket_is_overdue_as_of_the_periods_end(row: dict[str, str], overdue: bool | None) -> None:
    assert derive("hotline_tickets", row)["overdue"] is overdue


@pytest.mark.parametrize(
    ("extract", "row", "column", "value"),
    [
        ("violations", {"category": "醉驾"}, "drink", True),
        ("violations", {"category": "超速"}, "drink", False),
        ("violations", {}, "drink", None),
        ("violations", {"category": "涉证"}, "plate_licence", True),
        ("violations", {"campaign_id": "C1"}, "on_campaign", True),
        ("violations", {}, "on_campaign", False),
        ("crashes", {"road_class": "村道"}, "rural", True),
        ("crashes", {"road_class": "省道"}, "rural", False),
        ("vehicles", {"key_class": "一面"}, "is_key", True),
        ("vehicles", {"usage": "R"}, "usage_name", "危化品"),
        ("vehicles", {"usage": "H"}, "usage_name", "H"),
        ("driving_tests", {"licence_class": "C1"}, "licence_group", "汽车 C"),
        ("driving_tests", {"licence_class": "E"}, "licence_group", "摩托车 D/E/F"),
        ("driving_tests", {"licence_class": "M"}, "licence_group", "其他"),
        (
            "rescue_cases",
            {"applied_on": "2022-02-27", "paid_on": "2022-03-02"},
            "days_to_payment",
            3,
        ),
        ("rescue_cases", {"applied_on": "2022-02-27"}, "paid", False),
    ],
)
def test_groups_made_from_one_column(
    extract: str, row: dict[str, str], column: str, value: object
) -> None:
    assert derive(extract, row)[column] == value


def test_durations_and_bands() -> None:
    campaign = {
        "starts_at": datetime(2022, 6, 3, 22, 0),
        "ends_at": datetime(2022, 6, 4, 0, 30),
        "officers": 12,
    }
    made = derive("campaigns", campaign)
    assert (made["hours"], made["officer_hours"]) == (2.5, 30.0)

    times = {"ticket_at": datetime(2022, 6, 6, 9, 50), "called_at": datetime(2022, 6, 6, 10, 20)}
    made = derive("service_records", {**times, "finished_at": datetime(2022, 6, 6, 10, 28, 30)})
    assert (made["wait_minutes"], made["handle_minutes"]) == (30.0, 8.5)
    assert (made["ticket_hour"], made["hour"], made["long_wait"]) == (9, 10, False)
    assert derive("service_records", {})["long_wait"] is None

    test = {"booked_on": date(2022, 5, 30), "tested_on": date(2022, 6, 6), "attempt": 5}
    made = derive("driving_tests", {**test, "licence_class": "B2", "result": "缺考"})
    assert (made["booking_days"], made["attempt_band"]) == (7, "5 次以上")
    assert (made["licence_group"], made["sat"], made["passed"]) == ("大型 A/B", False, False)
    assert derive("driving_tests", {"attempt": 4})["attempt_band"] == "4"


def test_calendar_parts_of_a_time() -> None:
    made = derive("crashes", {"occurred_at": datetime(2022, 6, 5, 19, 45)})
    assert {part: made[part] for part in CALENDAR} == {
        "year": 2022,
        "month": date(2022, 6, 1),
        "day": date(2022, 6, 5),
        "weekday": 7,
        "hour": 19,
    }
    assert "hour" not in contract("broadcasts").columns
    for name in ("crashes", "violations"):
        for recorded, hour in ((None, 0), (True, 0), (False, None)):
            made = derive(name, {"occurred_at": datetime(2022, 6, 5), "time_recorded": recorded})
            assert (made["day"], made["hour"]) == (date(2022, 6, 5), hour)
    # A Monday and a Sunday on either side of the Monday that weekdays are counted from.
    for day, weekday in [
        ("2023-12-31", 7),
        ("2024-01-01", 1),
        ("2017-01-02", 1),
        ("2024-01-07", 7),
    ]:
        assert derive("broadcasts", {"broadcast_on": day})["weekday"] == weekday


def test_village_items_lists_what_is_there_and_what_is_lacking() -> None:
    items = contract("village_items")
    assert items.made_by is not None
    parsed = sqlglot.parse_one(items.made_by, dialect="duckdb")
    assert isinstance(parsed, exp.Select)
    own = {cte.alias for cte in parsed.find_all(exp.CTE)}
    assert {t.name for t in parsed.find_all(exp.Table)} - own == set(items.made_from)

    db = duckdb.connect()
    for source in items.made_from:
        columns = ", ".join(
            f"{c.name} {SQL_TYPES[c.type]}" for c in contract(source).stored_columns
        )
        db.execute(f"create table {source} ({columns})")
    db.execute(
        "insert into villages (village_code, village, township_code, township, kind) values"
        " ('371524001200', '甲村', '371524001', '铜城街道', '行政村'),"
        " ('371524001001', '乙社区', '371524001', '铜城街道', '社区')"
    )
    db.execute(
        "insert into village_facilities values"
        " ('371524001200', '广角镜', date '2021-05-01', '损坏', date '2022-05-01'),"
        " ('371524001200', '喇叭', date '2021-05-01', null, null),"
        " ('371524001001', '标语', date '2021-05-01', '正常', null)"
    )
    made = db.execute(items.made_by)
    assert [c[0] for c in made.description or []] == [c.name for c in items.stored_columns]
    rows = made.fetchall()
    assert {row[1] for row in rows} == set(items.column("item").codes)
    assert len(rows) == 8
    assert {(row[1], row[6]) for row in rows if row[6] != "缺少"} == {
        ("广角镜", "损坏"),
        ("喇叭", None),
    }
    assert {row[2:5] for row in rows} == {("371524001", "铜城街道", "甲村")}


@pytest.mark.parametrize(
    ("status", "installed_on", "state", "working", "lacking"),
    [
        ("正常", "2022-06-30", "正常", True, False),
        ("正常", "2022-07-01", "缺少", False, True),
        ("正常", None, "正常", True, False),
        ("损坏", "2021-01-01", "损坏", False, False),
        ("缺少", None, "缺少", False, True),
        (None, "2021-01-01", None, None, False),
    ],
)
def test_village_item_state_is_that_of_the_periods_end(
    status: str | None,
    installed_on: str | None,
    state: str | None,
    working: bool | None,
    lacking: bool,
) -> None:
    made = derive("village_items", {"status": status, "installed_on": installed_on})
    assert (made["state"], made["working"], made["lacking"]) == (state, working, lacking)


GOOD = house.CONTRACTS.joinpath("targets.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("find", "put", "named"),
    [
        ('zh = "指标"', 'zh = "指标"\nfiltre = true', ["metric", "filtre"]),
        ('zh = "目标"', 'zh = "目标"\nrhythm = 3', ["rhythm"]),
        ('type = "number"', 'type = "decimal"', ["target", "number"]),
        ('type = "number"\n', "", ["target", "type"]),
        ('zh = "目标"\n', "", ["zh"]),
        ('zh = "目标"', "zh = ", []),
        ("[columns.metric]", "[metric]", ["metric"]),
    ],
)
def test_a_wrong_contract_is_refused_by_file_and_column(
    tmp_path: Path, find: str, put: str, named: list[str]
) -> None:
    assert GOOD.count(find) >= 1
    path = tmp_path / "quotas.toml"
    path.write_text(GOOD.replace(find, put, 1), encoding="utf-8")
    with pytest.raises(ContractError) as refused:
        read_contract(path)
    for sentence in (refused.value.text.zh, refused.value.text.en):
        assert "quotas.toml" in sentence
        assert all(word in sentence for word in named)


def test_an_unknown_extract_or_column_is_refused_by_name() -> None:
    with pytest.raises(ContractError, match="violation_s"):
        contract("violation_s")
    with pytest.raises(ContractError, match=r"crashes.*plate"):
        contract("crashes").column("plate")
