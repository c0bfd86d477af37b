"""Violations, operations and duty: shares, readings, points by date, fines, handling."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from brigade.sample.calendar import lunar_day
from brigade.sample.effects import by_name, number

Ask = Callable[[str], list[tuple[Any, ...]]]


def test_size_and_share_by_camera(ask: Ask) -> None:
    ((total, camera),) = ask("select count(*), avg((source = '非现场')::int) from violations")
    assert total == pytest.approx(300_000, rel=0.03)
    assert 0.70 <= camera <= 0.80


def test_violations_run_over_the_whole_time_in_order(ask: Ask) -> None:
    assert ask("""
        select min(occurred_at)::date::text, max(occurred_at)::date::text,
               count(distinct date_trunc('month', occurred_at)),
               count(*) filter (occurred_at < before)
        from (select *, lag(occurred_at) over (order by violation_id) as before from violations)
    """) == [("2017-01-01", "2022-06-30", 66, 0)]


def test_what_cameras_record(ask: Ask) -> None:
    shares = dict(
        ask("""
        select case when violation_code = '1039' then '违法停车'
                    when violation_code in ('1344', '1345', '1208') then '标志标线'
                    when category in ('超速', '闯红灯') then category else 'other' end,
               count(*) / sum(count(*)) over ()
        from violations where source = '非现场' group by 1
        """)
    )
    wanted = {"违法停车": 0.35, "标志标线": 0.25, "超速": 0.20, "闯红灯": 0.12}
    assert {kind: shares[kind] for kind in wanted} == pytest.approx(wanted, abs=0.02)


def test_campaign_nights_find_more_drink_driving_than_routine_duty(ask_any: Ask) -> None:
    found = dict(
        ask_any("""
        with found as (
            select campaign_id, count(*) as drinkers from violations
            where category in ('酒驾', '醉驾') group by campaign_id
        )
        select campaign, 100 * sum(coalesce(drinkers, 0)) / sum(vehicles_checked)
        from campaigns left join found using (campaign_id) group by campaign
        union all
        select '日常勤务',
               100 * (select drinkers from found where campaign_id is null) / sum(vehicles_checked)
        from duty_shifts
        """)
    )
    assert found == pytest.approx(by_name("drink_per_100_checked"), abs=0.02)
    nights = [found[kind] for kind in ("零点行动", "鹰眼行动", "逢五", "逢十")]
    assert all(1.0 <= rate <= 1.5 for rate in nights)
    assert 0.2 <= found["日常勤务"] <= 0.4


def test_of_the_drinkers_5_to_18_per_cent_are_drunk(ask_any: Ask) -> None:
    rows = ask_any("""
        select avg((category = '醉驾')::int) from violations
        where category in ('酒驾', '醉驾') and campaign is distinct from '低速电动车治理'
        group by campaign
    """)
    assert len(rows) == 5
    assert all(0.05 <= share <= 0.18 for (share,) in rows)


def test_no_operation_found_more_drinkers_than_it_tested(ask_any: Ask) -> None:
    assert ask_any("""
        select count(*) from (
            select campaign_id, count(*) as drinkers from violations
            where category in ('酒驾', '醉驾') and campaign_id is not null group by campaign_id
        ) join campaigns using (campaign_id)
        where drinkers > breath_tested or breath_tested > vehicles_checked
    """) == [(0,)]


def test_what_an_operation_found_was_found_in_its_time_by_its_squadron(ask_any: Ask) -> None:
    assert ask_any("""
        select count(*) > 10000, count(*) filter (
            v.occurred_at < c.starts_at or v.occurred_at > c.ends_at
            or v.campaign <> c.campaign or v.squadron <> c.squadron or v.source <> '现场'
        )
        from violations v join campaigns c using (campaign_id)
    """) == [(True, 0)]


def test_market_day_operations_are_on_market_days(ask: Ask) -> None:
    rows = ask("select campaign, starts_at from campaigns where campaign in ('逢五', '逢十')")
    for campaign, ends_in in (("逢五", 5), ("逢十", 0)):
        days = np.array([start for name, start in rows if name == campaign], dtype="datetime64[D]")
        assert len(days) > 100
        assert (lunar_day(days) % 10 == ends_in).all()


def test_readings_agree_with_their_category(ask_any: Ask) -> None:
    assert ask_any("""
        select count(*) filter (category = '酒驾' and not measured between 20 and 79.9),
               count(*) filter (category = '醉驾' and measured < 80),
               count(*) filter (category = '醉驾' and test_kind <> '抽血'),
               count(*) filter (category in ('酒驾', '醉驾')
                                and (measured is null) <> (test_kind is null)),
               count(*) filter (violation_code = '1352A'
                                and not measured / limit_value between 1.10 and 1.1999),
               count(*) filter (violation_code = '1636'
                                and not measured / limit_value between 1.20 and 1.4999),
               count(*) filter (violation_code = '1603' and measured / limit_value < 1.50),
               count(*) filter (violation_code = '1201'
                                and not measured / limit_value between 1.0 and 1.2999),
               count(*) filter (violation_code = '1602' and measured / limit_value < 1.30),
               count(*) filter (violation_code in ('1341', '1710')
                                and measured / limit_value < 1.20),
               count(*) filter (category not in ('酒驾', '醉驾', '超速', '超限超载', '超员')
                                and measured is not null)
        from violations
    """) == [(0,) * 11]


def test_some_refuse_the_test_and_leave_no_reading(ask: Ask) -> None:
    ((refused,),) = ask("""
        select avg((measured is null)::int) from violations where category in ('酒驾', '醉驾')
    """)
    assert 0.002 < refused < 0.03


@pytest.mark.parametrize(
    ("code", "before", "after"),
    [
        ("1712", {12}, {12}),
        ("1702", {0}, {0}),
        ("1709", {12}, {9}),
        ("1110", {1}, {0}),
        ("1613", {12}, {9}),
        ("1616", {12}, {3}),
        ("1201", {3}, {1}),
        ("1602", {6}, {3, 6}),
        ("1341", {6}, {3, 6, 12}),
        ("1352A", {3}, {0}),
        ("1636", {6}, {3}),
        ("1603", {12}, {6}),
        ("1344", {3}, {1}),
        ("1208", {2}, {0}),
        ("1340", {3}, {1, 3}),
        ("1207", {2}, {1}),
        ("6011", {0}, {1}),
        ("1223", {2}, {3}),
        ("1625", {6}, {6}),
        ("2004", {None}, {None}),
    ],
)
def test_points_go_by_the_date(
    ask: Ask, code: str, before: set[int | None], after: set[int | None]
) -> None:
    rows = ask("""
        select distinct violation_code, occurred_at < timestamp '2022-04-01', points
        from violations
    """)
    assert {points for known, early, points in rows if known == code and early} == before
    assert {points for known, early, points in rows if known == code and not early} == after


def test_overload_by_half_or_more_costs_six_points_from_april_2022(ask_any: Ask) -> None:
    assert ask_any("""
        select count(*) filter (points <> if(measured / limit_value < 1.5, 3, 6))
        from violations where violation_code = '1602' and occurred_at >= timestamp '2022-04-01'
    """) == [(0,)]


def test_fines_are_within_the_statutory_range(ask_any: Ask) -> None:
    ranges = {
        "1712": (1000, 2000),
        "1711": (5000, 5000),
        "1005": (200, 2000),
        "1201": (200, 500),
        "1602": (500, 2000),
        "1352A": (0, 200),
        "1636": (20, 200),
        "1603": (200, 2000),
        "1039": (20, 200),
        "1625": (20, 200),
        "2007": (5, 50),
    }
    found = {
        code: (least, most)
        for code, least, most in ask_any(
            "select violation_code, min(fine_yuan), max(fine_yuan) from violations group by all"
        )
    }
    for code, (low, high) in ranges.items():
        least, most = found[code]
        assert low <= least <= most <= high, code


def test_no_fine_while_a_camera_record_is_unhandled_nor_for_drunk_driving(ask_any: Ask) -> None:
    assert ask_any("""
        select count(*) filter ((fine_yuan is null) <> (
            category = '醉驾' or (source = '非现场' and review_state <> '已处理')
        ))
        from violations
    """) == [(0,)]


def test_handling_review_and_payment_agree(ask_any: Ask) -> None:
    assert ask_any("""
        select count(*) filter ((handled_at is not null) <> (review_state = '已处理')),
               count(*) filter ((measure is not null) <> (review_state = '已处理')),
               count(*) filter (handled_at < occurred_at),
               count(*) filter (handled_at >= timestamp '2022-07-01'),
               count(*) filter (paid = '已缴款' and review_state <> '已处理'),
               count(*) filter (paid = '已缴款' and coalesce(fine_yuan, 0) = 0),
               count(*) filter (review_state = '已作废' and paid <> '无需缴款'),
               count(*) filter (review_state in ('待审核', '已作废') and source = '现场')
        from violations
    """) == [(0,) * 8]


def test_every_state_of_handling_occurs(ask: Ask) -> None:
    assert {state for (state,) in ask("select distinct review_state from violations")} == {
        "待审核",
        "已审核",
        "已作废",
        "已处理",
    }


def test_cameras_have_devices_and_officers_have_numbers(ask_any: Ask) -> None:
    assert ask_any("""
        select count(*) filter ((device_id is not null) <> (source = '非现场')),
               count(*) filter ((officer is not null) <> (source = '现场')),
               count(*) filter (not regexp_full_match(coalesce(officer, 'P0000'), 'P\\d{4}')),
               count(*) filter (plate is null and plate_type is not null)
        from violations
    """) == [(0, 0, 0, 0)]


def test_plates_are_nobodys(ask_any: Ask) -> None:
    assert ask_any(
        "select distinct plate[1] from violations where plate is not null order by 1"
    ) == [("外",), ("示",)]
    assert ask_any("select distinct plate[1] from vehicles") == [("示",)]


def test_a_local_plate_is_one_of_a_registered_vehicle(ask_any: Ask) -> None:
    ((local, known, early),) = ask_any("""
        select count(*), count(vehicle_id), count(*) filter (registered_on > occurred_at::date)
        from violations v left join vehicles r using (plate)
        where v.plate like '示%' and v.plate_type <> '电动自行车'
    """)
    assert local == known > 200_000
    assert early == 0


def test_one_vehicle_in_twenty_offends_often(ask_any: Ask) -> None:
    """Of the vehicles registered before the sample began, those that offended most."""
    ((often, all_),) = ask_any("""
        with offences as (
            select vehicle_id, count(plate_seen) as n from vehicles left join (
                select plate as plate_seen from violations
            ) on plate = plate_seen
            where registered_on < date '2017-01-01' and vehicle_type = '小型轿车'
            group by vehicle_id
        )
        select sum(n) filter (place <= 0.05), sum(n) from (
            select n, percent_rank() over (order by n desc) as place from offences
        )
    """)
    # Chance lifts some others into the most frequent twentieth, and adds a little.
    assert number("frequent_offenders") < often / all_ < number("frequent_offenders") + 0.06


def test_the_epidemic_shows(ask: Ask) -> None:
    counts = dict(ask("select strftime(occurred_at, '%Y-%m'), count(*) from violations group by 1"))
    assert counts["2020-02"] < 0.5 * counts["2019-02"]
    assert counts["2022-04"] < 0.6 * counts["2021-04"]


def test_townships_differ_and_each_has_both_sources(ask_any: Ask) -> None:
    rows = ask_any("select township, count(*), count(distinct source) from violations group by 1")
    assert len(rows) == 10
    assert {sources for _, _, sources in rows} == {2}
    counts = [count for _, count, _ in rows]
    assert max(counts) > 5 * min(counts)


def test_a_squadron_has_townships_of_its_own(ask_any: Ask) -> None:
    rows = ask_any("select township, count(distinct squadron) from duty_shifts group by 1")
    assert len(rows) == 10
    assert {squadrons for _, squadrons in rows} == {1}
    assert ask_any("select count(distinct squadron) from duty_shifts") == [(5,)]
