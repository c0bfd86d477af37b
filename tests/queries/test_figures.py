"""The queries that only published figures ask, by given rows."""

from datetime import date, datetime
from pathlib import Path

from brigade.filters import Period
from brigade.queries import query_names
from tests.conftest import Given, rows_of, run

WEEK = Period(date(2022, 6, 1), date(2022, 6, 7))
CASES = {name for name in query_names() if name.startswith("figures/")}


def test_broadcasts_due_are_villages_heard_times_days(given: Given) -> None:
    engine = given(
        broadcasts=[
            {"village_code": "1", "broadcast_on": date(2022, 6, 1)},
            {"village_code": "1", "broadcast_on": date(2022, 6, 7)},
            {"village_code": "2", "broadcast_on": date(2022, 6, 3)},
            {"village_code": "3", "broadcast_on": date(2022, 6, 8)},
        ]
    )
    [row] = run(engine, "figures/broadcasts", period=WEEK).rows
    assert (row["broadcast_days"], row["broadcast_days_due"]) == (3, 14)
    assert row["broadcast_share"] == 100 * 3 / 14


def test_nothing_broadcast_has_no_share(given: Given) -> None:
    engine = given(broadcasts=[{"village_code": "1", "broadcast_on": date(2021, 6, 1)}])
    [row] = run(engine, "figures/broadcasts", period=WEEK).rows
    assert (row["broadcast_days"], row["broadcast_share"]) == (0, None)


def test_casualties_are_dead_and_injured_of_crashes_that_have_either(given: Given) -> None:
    day = datetime(2022, 6, 2, 8)
    engine = given(
        crashes=[
            {"crash_id": "1", "occurred_at": day, "deaths": 1, "injuries": 2},
            {"crash_id": "2", "occurred_at": day, "deaths": 0, "injuries": 1},
            {"crash_id": "3", "occurred_at": day, "deaths": 0, "injuries": 0},
            {"crash_id": "4", "occurred_at": day, "deaths": None, "injuries": 2},
            {"crash_id": "5", "occurred_at": day},
        ]
    )
    result = run(engine, "figures/casualties", period=WEEK)
    assert rows_of(result) == [(6, 3, 2.0)]


def test_kinds_of_facility_are_those_that_stand_by_the_periods_end(given: Given) -> None:
    village = {"village_code": "1", "village": "甲", "township": "刘集镇", "kind": "行政村"}
    engine = given(
        villages=[village, {**village, "village_code": "2"}],
        village_facilities=[
            {"village_code": "1", "item": "喇叭", "status": "正常"},
            {"village_code": "2", "item": "喇叭", "status": "损坏"},
            {
                "village_code": "1",
                "item": "标语",
                "installed_on": date(2022, 6, 7),
                "status": "正常",
            },
            {"village_code": "1", "item": "广角镜", "installed_on": date(2022, 6, 8)},
        ],
    )
    assert rows_of(run(engine, "figures/facility_kinds", period=WEEK)) == [(2,)]


def test_the_ledger_adds_no_unit_to_another(given: Given) -> None:
    entries = [("个", 2), ("个", 3), ("辆", 5), (None, 7), ("个", 100)]
    days = [date(2022, 6, 1)] * 4 + [date(2022, 6, 8)]
    engine = given(
        work_ledger=[
            {"entry_id": str(n), "done_on": day, "unit": unit, "quantity": float(quantity)}
            for n, ((unit, quantity), day) in enumerate(zip(entries, days, strict=True))
        ]
    )
    found = run(engine, "figures/ledger", period=WEEK).rows
    assert {row["unit"]: row["ledger_quantity"] for row in found} == {"个": 5, "辆": 5, None: 7}


def test_a_day_with_two_sessions_is_one_day_of_training(given: Given) -> None:
    at = [datetime(2022, 6, 1, 19), datetime(2022, 6, 1, 9), datetime(2022, 6, 7, 19)]
    engine = given(
        training_sessions=[
            {"session_id": str(n), "held_at": t, "ends_at": t.replace(hour=21), "kind": "交警夜校"}
            for n, t in enumerate(at)
        ]
    )
    assert rows_of(run(engine, "figures/night_school", period=WEEK)) == [(2,)]
    evening = run(engine, "figures/night_school", period=WEEK, hour="19", weekday="3")
    assert rows_of(evening) == [(1,)]
    late = run(engine, "figures/night_school", period=WEEK, training_sessions__ends_hour="22")
    assert rows_of(late) == [(0,)]


def test_the_shortest_notes_decide(given: Given) -> None:
    engine = given(
        training_notes=[
            {"person_no": "1", "year": 2022, "note_chars": 12000},
            {"person_no": "2", "year": 2022, "note_chars": 9000},
            {"person_no": "3", "year": 2022, "note_chars": None},
        ]
    )
    assert rows_of(run(engine, "figures/notes")) == [(3, 9000)]


def test_a_place_is_counted_once_and_a_name_once_in_each_township(given: Given) -> None:
    places = [
        ("刘集镇", "小学"),
        ("刘集镇", "小学"),
        ("高集镇", "小学"),
        (None, "小学"),
        ("甲", None),
    ]
    engine = given(
        outreach=[
            {"outreach_id": str(n), "held_on": date(2022, 6, 1), "township": t, "venue": v}
            for n, (t, v) in enumerate(places)
        ]
    )
    assert rows_of(run(engine, "figures/outreach_places", period=WEEK)) == [(3,)]


def test_the_register_counts_villages_and_no_communities(given: Given) -> None:
    kinds = ["行政村", "行政村", "社区", None]
    engine = given(villages=[{"village_code": str(n), "kind": k} for n, k in enumerate(kinds)])
    assert rows_of(run(engine, "figures/register")) == [(2,)]


def test_a_rescue_case_counts_once_it_is_paid_by_the_periods_end(given: Given) -> None:
    paid = [date(2022, 6, 7), date(2022, 6, 8), None]
    engine = given(
        rescue_cases=[
            {
                "case_id": str(n),
                "crash_id": "1",
                "applied_on": date(2022, 6, 1),
                "paid_on": day,
                "persons": 2,
                "amount_yuan": 1000.0,
            }
            for n, day in enumerate(paid)
        ],
        crashes=[{"crash_id": "1", "occurred_at": datetime(2022, 5, 1, 8)}],
    )
    assert rows_of(run(engine, "figures/rescue", period=WEEK)) == [(1, 2, 1000)]


def test_motorcycle_tests_are_a_kind_of_their_own(given: Given) -> None:
    sat = [("科目一", "C1", "甲"), ("科目一", "D", "甲"), ("科目二", "E", "乙"), (None, None, None)]
    engine = given(
        driving_tests=[
            {
                "test_id": str(n),
                "subject": subject,
                "licence_class": licence,
                "site": site,
                "tested_on": date(2022, 6, 1),
            }
            for n, (subject, licence, site) in enumerate(sat)
        ]
    )
    assert rows_of(run(engine, "figures/tests", period=WEEK)) == [(2, 2)]


def test_every_query_of_published_figures_is_tested_here() -> None:
    text = Path(__file__).read_text(encoding="utf-8")
    assert [name for name in CASES if f'"{name}"' not in text] == []
