"""Vehicle administration: given rows, expected rows; every figure found again as its rows."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from brigade.engine.choices import choices
from brigade.engine.duckdb import Engine
from brigade.engine.relations import Reader
from brigade.filters import Filters, Period
from brigade.queries import output_columns, query, query_names
from brigade.records import Records
from brigade.results import Row
from tests.conftest import HALF_YEAR, Given, run

OURS = [name for name in query_names() if name.startswith("vehicles/")]


def values(engine: Engine, name: str, *columns: str, **filters: Any) -> list[tuple[Any, ...]]:
    """Those columns of a query's rows."""
    return [tuple(row[c] for c in columns) for row in run(engine, name, **filters).rows]


def one(engine: Engine, name: str, **filters: Any) -> Row:
    """The row of a query of one row."""
    (row,) = run(engine, name, **filters).rows
    return row


def ticket(number: int, wait: float | None, **columns: Any) -> dict[str, Any]:
    """A window ticket drawn at 9:00 on a Monday, called after ``wait`` minutes, done 10 later."""
    drawn = datetime(2022, 3, 7, columns.pop("at", 9))
    called = drawn + timedelta(minutes=wait) if wait is not None else None
    given = {
        "record_id": str(number),
        "business": "转移登记",
        "hall": "县车管所",
        "channel": "窗口",
        "ticket_at": drawn,
        "called_at": called,
        "finished_at": (called or drawn) + timedelta(minutes=10),
    }
    return given | columns


ONLINE = {"channel": "交管12123", "hall": None, "ticket_at": None, "called_at": None}


@pytest.fixture
def hall(given: Given) -> Engine:
    """Five timed tickets at two halls, one drawn but never called, one done online."""
    return given(
        service_records=[
            ticket(1, 4, returned=False, plated_on_site=True, rating="满意"),
            ticket(2, 30, returned=False, plated_on_site=True, rating="满意"),
            ticket(3, 31, returned=False),
            ticket(4, 50, at=14, business="注册登记", returned=False),
            ticket(5, 2, hall="姜楼服务站", business="注册登记", plated_on_site=True),
            ticket(6, None, hall="姜楼服务站", returned=False),
            ticket(7, None, **ONLINE, returned=True, rating="一般"),
            ticket(8, 90, finished_at=datetime(2022, 7, 1)),
            ticket(9, 90, finished_at=datetime(2021, 12, 31, 23, 59)),
        ]
    )


def test_only_tickets_with_both_times_have_a_waiting_time(hall: Engine) -> None:
    row = one(hall, "vehicles/service_summary")
    assert (row["transactions"], row["timed_tickets"]) == (7, 5)
    assert (row["wait_median"], row["handle_median"]) == (30, 10)
    assert row["wait_p90"] == pytest.approx(31 + 0.6 * (50 - 31))


def test_a_wait_of_just_thirty_minutes_is_not_over_thirty(hall: Engine) -> None:
    row = one(hall, "vehicles/service_summary")
    assert (row["long_waits"], row["long_wait_share"]) == (2, pytest.approx(40.0))


def test_share_of_long_waits_is_a_ratio_of_sums_not_a_mean_of_halls(hall: Engine) -> None:
    shares = values(hall, "vehicles/wait_by_hall", "hall", "timed_tickets", "long_wait_share")
    assert shares == [("县车管所", 4, 50.0), ("姜楼服务站", 1, 0.0)]
    assert one(hall, "vehicles/service_summary")["long_wait_share"] == pytest.approx(40.0)


def test_a_cell_of_hour_and_hall_is_walked_back_to_its_tickets(hall: Engine) -> None:
    cells = values(
        hall, "vehicles/wait_by_hall_hour", "hall", "ticket_hour", "timed_tickets", "wait_median"
    )
    assert cells == [("县车管所", 9, 3, 30), ("县车管所", 14, 1, 50), ("姜楼服务站", 9, 1, 2)]
    chosen = {"service_records.hall": ("县车管所",), "service_records.ticket_hour": ("9",)}
    rows = Records("service_records", Filters(HALF_YEAR, "none", chosen), Reader())
    assert rows.rows(hall).column("record_id").to_pylist() == ["3", "2", "1"]


def test_hours_are_those_of_the_ticket_not_of_the_finish(given: Given) -> None:
    engine = given(service_records=[ticket(1, 70), ticket(2, 5, at=10)])
    assert values(engine, "vehicles/wait_by_hour", "ticket_hour", "timed_tickets") == [
        (9, 1),
        (10, 1),
    ]
    assert values(engine, "vehicles/handle_by_hour", "ticket_hour", "handle_median") == [
        (9, 10),
        (10, 10),
    ]


def test_returned_and_plated_are_not_zero_but_unknown_where_nobody_records_them(
    given: Given,
) -> None:
    row = one(given(service_records=[ticket(1, 4)]), "vehicles/service_summary")
    unknown = ("returned_applications", "returned_share", "vehicles_plated")
    assert [row[name] for name in unknown] == [None, None, None]


def test_returned_share_leaves_out_business_that_does_not_say(hall: Engine) -> None:
    row = one(hall, "vehicles/service_summary")
    assert (row["returned_applications"], row["returns_known"]) == (1, 6)
    assert row["returned_share"] == pytest.approx(100 / 6)
    assert row["vehicles_plated"] == 3


def test_a_period_without_business_counts_nothing_and_has_no_times(hall: Engine) -> None:
    row = one(hall, "vehicles/service_summary", period=Period(date(2022, 5, 1), date(2022, 5, 31)))
    assert [row[n] for n in ("transactions", "long_waits", "vehicles_plated")] == [0, 0, 0]
    assert [row[n] for n in ("wait_median", "wait_p90", "long_wait_share")] == [None] * 3


@pytest.mark.parametrize("view", ["month", "business", "channel", "hall"])
def test_every_breakdown_of_service_adds_up_to_the_summary(hall: Engine, view: str) -> None:
    rows = run(hall, f"vehicles/service_by_{view}").rows
    whole = one(hall, "vehicles/service_summary")
    for name in ("transactions", "returned_applications", "returns_known"):
        assert sum(row[name] or 0 for row in rows) == whole[name]


@pytest.mark.parametrize(
    "view", ["wait_by_hall_hour", "wait_by_hour", "wait_by_hall", "wait_by_month"]
)
def test_every_breakdown_of_waiting_adds_up_to_the_summary(hall: Engine, view: str) -> None:
    rows = run(hall, f"vehicles/{view}").rows
    whole = one(hall, "vehicles/service_summary")
    for name in ("timed_tickets", "long_waits"):
        assert sum(row[name] for row in rows) == whole[name]


def test_unrated_business_stands_in_a_group_of_its_own(hall: Engine) -> None:
    assert values(hall, "vehicles/ratings", "rating", "transactions") == [
        (None, 4),
        ("满意", 2),
        ("一般", 1),
    ]


def test_filtering_by_long_waits_does_not_turn_their_share_into_a_hundred(hall: Engine) -> None:
    row = one(hall, "vehicles/service_summary", service_records__long_wait="true")
    assert row["long_wait_share"] == pytest.approx(40.0)


def test_months_stand_beside_the_same_month_a_year_before(given: Given) -> None:
    last_year = {
        "ticket_at": datetime(2021, 3, 8, 9),
        "called_at": datetime(2021, 3, 8, 9, 20),
        "finished_at": datetime(2021, 3, 8, 9, 30),
    }
    engine = given(service_records=[ticket(1, 4), ticket(2, 6), ticket(3, 0) | last_year])
    (row,) = run(engine, "vehicles/wait_by_month", comparison="year").rows
    assert row["month"] == date(2022, 3, 1)
    assert (row["wait_median"], row["wait_median_before"]) == (5, 20)
    assert (row["timed_tickets"], row["timed_tickets_before"]) == (2, 1)


def sitting(number: int, result: str | None, **columns: Any) -> dict[str, Any]:
    """A sitting of part two at one site in March."""
    given = {
        "test_id": str(number),
        "subject": "科目二",
        "site": "东考场",
        "tested_on": date(2022, 3, 7),
        "booked_on": date(2022, 3, 1),
        "licence_class": "C1",
        "attempt": 1,
        "school": "甲驾校",
        "result": result,
    }
    return given | columns


@pytest.fixture
def tests(given: Given) -> Engine:
    """Sittings of two schools, with an absence, an unrecorded result and other periods' tests."""
    return given(
        driving_tests=[
            sitting(1, "合格"),
            sitting(2, "不合格", attempt=2, licence_class="B2"),
            sitting(3, "缺考", booked_on=None),
            sitting(4, None, school=None),
            sitting(5, "合格", subject="科目一", school="乙驾校", booked_on=date(2022, 2, 25)),
            sitting(6, "合格", subject="科目三", attempt=7, licence_class="D"),
            sitting(7, "合格", subject="科目四", licence_class=None, site=None, attempt=5),
            sitting(8, "不合格", tested_on=date(2022, 7, 1)),
            sitting(9, "不合格", tested_on=date(2021, 12, 31)),
        ]
    )


def test_absences_are_no_failures(tests: Engine) -> None:
    row = one(tests, "vehicles/tests_summary")
    assert (row["sittings"], row["absences"], row["tests_sat"], row["tests_passed"]) == (7, 1, 5, 4)
    assert row["pass_rate"] == pytest.approx(80.0)
    assert row["absence_rate"] == pytest.approx(100 / 6)


def test_days_from_booking_leave_out_tests_without_a_booking_date(tests: Engine) -> None:
    row = one(tests, "vehicles/tests_summary")
    assert (row["bookings_known"], row["booking_median"]) == (6, 6)
    days = values(tests, "vehicles/booking_by_subject", "subject", "bookings_known", "booking_p90")
    assert days == [("科目一", 1, 10), ("科目二", 3, 6), ("科目三", 1, 6), ("科目四", 1, 6)]


def test_parts_come_in_their_own_order_and_attempts_in_theirs(tests: Engine) -> None:
    parts = values(tests, "vehicles/tests_by_subject", "subject", "pass_rate")
    assert parts == [("科目一", 100.0), ("科目二", 50.0), ("科目三", 100.0), ("科目四", 100.0)]
    assert values(tests, "vehicles/tests_by_attempt", "attempt_band", "tests_sat") == [
        ("1", 2),
        ("2", 1),
        ("5 次以上", 2),
    ]


def test_licence_classes_are_grouped_and_unrecorded_ones_kept(tests: Engine) -> None:
    groups = values(tests, "vehicles/tests_by_class", "licence_group", "sittings")
    assert set(groups) == {("汽车 C", 4), ("大型 A/B", 1), ("摩托车 D/E/F", 1), (None, 1)}


def test_schools_with_few_tests_come_last_however_good_their_rate(given: Given) -> None:
    many = [sitting(n, "合格" if n % 2 else "不合格", school="大驾校") for n in range(40)]
    better = [sitting(100 + n, "合格" if n % 4 else "不合格", school="较好驾校") for n in range(40)]
    few = [sitting(200, "合格", school="小驾校"), sitting(201, "缺考", school="缺考驾校")]
    engine = given(driving_tests=[*few, *many, *better])
    rates = values(engine, "vehicles/tests_by_school", "school", "tests_sat", "pass_rate")
    assert rates == [
        ("较好驾校", 40, 75.0),
        ("大驾校", 40, 50.0),
        ("小驾校", 1, 100.0),
        ("缺考驾校", 0, None),
    ]


@pytest.mark.parametrize(
    "view", ["month", "subject", "site", "class", "attempt", "school", "school_subject"]
)
def test_every_breakdown_of_tests_adds_up_to_the_summary(tests: Engine, view: str) -> None:
    rows = run(tests, f"vehicles/tests_by_{view}").rows
    whole = one(tests, "vehicles/tests_summary")
    for name in ("sittings", "absences", "tests_sat", "tests_passed", "results_known"):
        assert sum(row[name] or 0 for row in rows) == whole[name]


def test_filtering_by_result_leaves_the_pass_rate_alone(tests: Engine) -> None:
    row = one(tests, "vehicles/tests_summary", driving_tests__result="合格")
    assert row["pass_rate"] == pytest.approx(80.0)


END = HALF_YEAR.end


def vehicle(
    number: int, due: int | None, status: str | None = "A", **columns: Any
) -> dict[str, Any]:
    """A car whose inspection runs out ``due`` days after the period's end."""
    given = {
        "vehicle_id": str(number),
        "usage": "A",
        "township": "刘集镇",
        "inspection_due_on": END + timedelta(days=due) if due is not None else None,
        "status": status,
    }
    return given | columns


@pytest.fixture
def register(given: Given) -> Engine:
    """Vehicles on both sides of every bound."""
    return given(
        vehicles=[
            vehicle(1, -1, "Q", usage="B", key_class="两客"),
            vehicle(2, 0, usage="R", key_class="一危"),
            vehicle(3, 30, "G", usage="F", key_class="一货"),
            vehicle(4, 31, key_class="一面"),
            vehicle(5, 60, township=None),
            vehicle(6, 61, None),
            vehicle(7, 90, "K"),
            vehicle(8, 91, "A"),
            vehicle(9, None, "A", usage=None),
            vehicle(10, -400, "GPQ", scrap_due_on=END - timedelta(days=1)),
            vehicle(11, 200, "A", scrap_due_on=END + timedelta(days=90)),
            vehicle(12, 200, "A", scrap_due_on=END + timedelta(days=365)),
            vehicle(13, -10, "B"),
            vehicle(14, -10, "E", key_class="一面"),
            vehicle(15, -10, "MQ", scrap_due_on=END - timedelta(days=99)),
            vehicle(16, 200, "A", scrap_due_on=END + timedelta(days=91)),
            # so that no two states have as many vehicles
            vehicle(17, 15),
            *(vehicle(number, 45) for number in (18, 19)),
            *(vehicle(number, 75) for number in (20, 21, 22)),
            vehicle(23, 200, scrap_due_on=END - timedelta(days=1)),
        ]
    )


def test_inspection_states_change_just_at_their_bounds(register: Engine) -> None:
    row = one(register, "vehicles/inspection_summary")
    names = ("overdue", "due_30", "due_60", "due_90")
    assert [row[f"inspection_{name}"] for name in names] == [2, 3, 4, 5]
    assert (row["registered_vehicles"], row["inspections_known"], row["scrap_reached"]) == (
        23,
        19,
        2,
    )
    assert row["overdue_share"] == pytest.approx(100 * 2 / 19)


def test_what_has_left_the_register_is_neither_overdue_nor_to_be_scrapped(register: Engine) -> None:
    gone = {"13", "14", "15"}
    for state in ("inspection_state", "scrap_state"):
        chosen = {f"vehicles.{state}": ("不适用",)}
        rows = Records("vehicles", Filters(HALF_YEAR, "none", chosen), Reader()).rows(register)
        assert set(rows.column("vehicle_id").to_pylist()) == gone


def test_key_classes_come_in_their_order_with_what_is_due(register: Engine) -> None:
    assert values(
        register,
        "vehicles/inspection_by_key_class",
        "key_class",
        "inspection_state",
        "registered_vehicles",
    ) == [
        ("两客", "已逾期", 1),
        ("一危", "30 天内到期", 1),
        ("一货", "30 天内到期", 1),
        ("一面", "31–60 天到期", 1),
    ]


def test_states_are_reckoned_on_the_last_day_of_the_period_chosen(register: Engine) -> None:
    a_day_later = Period(HALF_YEAR.start, END + timedelta(days=1))
    states = "vehicles/inspection_by_state"
    both = ("inspection_state", "registered_vehicles")
    assert values(register, states, *both)[0] == ("已逾期", 2)
    assert values(register, states, *both, period=a_day_later)[0] == ("已逾期", 3)


@pytest.mark.parametrize("view", ["usage", "township"])
def test_every_breakdown_of_inspection_adds_up_to_the_summary(register: Engine, view: str) -> None:
    result = run(register, f"vehicles/inspection_by_{view}")
    whole = one(register, "vehicles/inspection_summary")
    counts = [m.name for m in result.metrics if m.kind == "count"]
    for name in counts:
        assert sum(row[name] or 0 for row in result.rows) == whole[name]


def test_states_of_inspection_and_scrapping_agree_with_the_summary(register: Engine) -> None:
    row = one(register, "vehicles/inspection_summary")
    states = dict(
        values(register, "vehicles/inspection_by_state", "inspection_state", "registered_vehicles")
    )
    assert list(states.values()) == [
        row[f"inspection_{name}"] for name in ("overdue", "due_30", "due_60", "due_90")
    ]
    scrap = values(register, "vehicles/scrap_by_state", "scrap_state", "registered_vehicles")
    assert scrap == [("已达强制报废", row["scrap_reached"]), ("90 天内", 1), ("91–365 天", 2)]


def test_a_vehicle_counts_under_each_of_its_status_codes(register: Engine) -> None:
    found = dict(
        values(register, "vehicles/vehicles_by_status", "status_name", "registered_vehicles")
    )
    assert found == {
        "正常": 15,
        "逾期未检验": 3,
        "违法未处理": 2,
        "达到报废标准": 1,
        "查封": 1,
        "转出": 1,
        "注销": 1,
        "强制注销": 1,
        None: 1,
    }


def test_each_count_by_status_is_found_again_as_rows(register: Engine) -> None:
    for row in run(register, "vehicles/vehicles_by_status").rows:
        chosen = (row["status_name"] or "未记录",)
        filters = Filters(HALF_YEAR, "none", {"vehicles.status_name": chosen})
        assert Records("vehicles", filters, Reader()).count(register) == row["registered_vehicles"]


def test_status_codes_chosen_together_find_vehicles_with_any_of_them(register: Engine) -> None:
    chosen = {"vehicles.status_name": ("达到报废标准", "查封", "未记录")}
    rows = Records("vehicles", Filters(HALF_YEAR, "none", chosen), Reader()).rows(register)
    assert set(rows.column("vehicle_id").to_pylist()) == {"6", "7", "10"}


def test_a_status_is_not_found_inside_another(given: Given) -> None:
    engine = given(vehicles=[vehicle(1, 9, "E"), vehicle(2, 9, "M"), vehicle(3, 9, "X")])
    filters = Filters(HALF_YEAR, "none", {"vehicles.status_name": ("注销",)})
    assert Records("vehicles", filters, Reader()).count(engine) == 1
    assert choices(engine, "vehicles.status_name") == ("注销", "强制注销", "X")


def test_the_filter_offers_each_status_once(register: Engine) -> None:
    offered = choices(register, "vehicles.status_name")
    assert offered is not None
    assert len(offered) == len(set(offered)) == 9
    assert offered[-1] == "未记录"


def test_the_worklist_holds_what_is_due_within_ninety_days(register: Engine) -> None:
    filters = Filters(HALF_YEAR, "none", {"vehicles.needs_action": ("true",)})
    rows = Records("vehicles", filters, Reader()).rows(register)
    assert set(rows.column("vehicle_id").to_pylist()) == {
        *"1234567",
        "10",
        "11",
        *map(str, range(17, 24)),
    }


def test_an_empty_register_counts_nothing(given: Given) -> None:
    row = one(given(vehicles=[]), "vehicles/inspection_summary")
    assert (row["registered_vehicles"], row["inspection_overdue"], row["overdue_share"]) == (
        0,
        0,
        None,
    )
    assert run(given(vehicles=[]), "vehicles/vehicles_by_status").rows == []


@pytest.mark.parametrize(
    ("fixture", "name"),
    [
        ("hall", "vehicles/service_summary"),
        ("tests", "vehicles/tests_summary"),
        ("register", "vehicles/inspection_summary"),
    ],
)
def test_a_figure_is_the_number_of_rows_that_it_leads_to(
    fixture: str, name: str, request: pytest.FixtureRequest
) -> None:
    engine: Engine = request.getfixturevalue(fixture)
    counted = [m for m in run(engine, name).metrics if m.rows is not None]
    assert len(counted) >= 5
    for metric in counted:
        rows = Records(metric.rows, Filters(HALF_YEAR, "none", metric.where), Reader())
        assert one(engine, name)[metric.name] == rows.count(engine), metric.name


def test_every_share_and_quantile_stands_beside_the_count_that_it_is_made_of() -> None:
    for name in OURS:
        columns = output_columns(query(name))
        for column in columns:
            if column.metric is not None and column.metric.kind in ("ratio", "quantile"):
                assert column.metric.denominator in query(name).columns, f"{name}: {column.name}"
