"""Vehicles, their number by quarter, the service hall, and driving tests."""

from collections.abc import Callable
from typing import Any

import pytest

from brigade.sample.effects import by_name, number

Ask = Callable[[str], list[tuple[Any, ...]]]


def test_100_000_vehicles_by_class(ask_any: Ask) -> None:
    assert ask_any("select count(*), count(distinct plate) from vehicles") == [(100_000, 100_000)]
    shares = dict(
        ask_any("""
        select vehicle_class, sum(vehicles) / (select sum(vehicles) from vehicle_stock
                                               where as_of = date '2022-06-30')
        from vehicle_stock where as_of = date '2022-06-30' group by vehicle_class
        """)
    )
    assert shares == pytest.approx(by_name("vehicle_classes"), abs=0.005)


def test_the_last_quarter_counts_the_vehicles_in_force(ask_any: Ask) -> None:
    assert ask_any("""
        select max(abs(counted - vehicles)) from (
            select township, count(*) as counted from vehicles
            where not regexp_matches(status, '[BEM]') group by township
        ) join (
            select township, sum(vehicles) as vehicles from vehicle_stock
            where as_of = date '2022-06-30' group by township
        ) using (township)
    """) == [(0,)]


def test_the_stock_grows_from_quarter_to_quarter(ask_any: Ask) -> None:
    rows = ask_any("select as_of, sum(vehicles)::int from vehicle_stock group by 1 order by 1")
    assert len(rows) == 22
    counts = [count for _, count in rows]
    assert counts == sorted(counts)
    assert 60_000 < counts[0] < counts[-1] < 100_000


def test_status_agrees_with_the_dates(ask_any: Ask) -> None:
    assert ask_any("""
        select count(*) filter (not regexp_full_match(status, 'A|B|E|M|G?K?P?Q?')),
               count(*) filter (status = ''),
               count(*) filter (not regexp_matches(status, '[BEM]')
                   and contains(status, 'Q') <> (inspection_due_on < date '2022-06-30')),
               count(*) filter (not regexp_matches(status, '[BEM]')
                   and contains(status, 'P') <> coalesce(scrap_due_on < date '2022-06-30', false)),
               count(*) filter (inspection_due_on <= registered_on)
        from vehicles
    """) == [(0, 0, 0, 0, 0)]


def test_some_vehicles_of_every_class_are_overdue(ask: Ask) -> None:
    ((share,),) = ask("select avg(contains(status, 'Q')::int) from vehicles")
    assert 0.04 < share < 0.10


def test_key_vehicles(ask_any: Ask) -> None:
    rows = dict(
        ask_any(
            "select key_class, string_agg(distinct usage, '' order by usage) from vehicles "
            "where key_class is not null group by key_class"
        )
    )
    assert rows == {"两客": "BE", "一危": "R", "一货": "F", "一面": "A"}


def test_waiting_has_the_median_and_90th_percentile_laid_down(ask_any: Ask) -> None:
    ((median, most),) = ask_any("""
        select median(w), quantile_cont(w, 0.9)
        from (select epoch(called_at - ticket_at) / 60 as w from service_records)
    """)
    assert median == pytest.approx(8, abs=0.1)
    assert most == pytest.approx(25, abs=0.2)


def test_waiting_is_worst_on_monday_from_9_to_11(ask_any: Ask) -> None:
    rows = ask_any("""
        select isodow(ticket_at), hour(ticket_at), quantile_cont(epoch(called_at - ticket_at), 0.9)
        from service_records where ticket_at is not null
        group by all having count(*) > 100 order by 3 desc
    """)
    assert {(day, hour) for day, hour, _ in rows[:2]} == {(1, 9), (1, 10)}


def test_halls_differ(ask_any: Ask) -> None:
    median = dict(
        ask_any("""
        select hall, median(epoch(called_at - ticket_at)) from service_records
        where channel = '窗口' group by hall
        """)
    )
    factor = by_name("wait_hall")
    ratio = median["县车管所"] / median["姜楼服务站"]
    assert ratio == pytest.approx(factor["县车管所"] / factor["姜楼服务站"], rel=0.12)


def test_there_is_no_ticket_online_or_by_post(ask_any: Ask) -> None:
    assert ask_any("""
        select count(*) filter (
                   (ticket_at is null) <> (channel in ('交管12123', '邮政网点'))
                   or (ticket_at is null) <> (called_at is null)
               ),
               count(*) filter (called_at < ticket_at or finished_at < called_at)
        from service_records
    """) == [(0, 0)]


def test_handling_by_business(ask_any: Ask) -> None:
    median = dict(
        ask_any("""
        select business, median(epoch(finished_at - called_at)) / 60 from service_records
        where channel = '窗口' group by business
        """)
    )
    assert median == pytest.approx(by_name("handling_minutes"), rel=0.06)
    assert [round(median[name]) for name in ("转移登记", "注册登记", "驾驶证换证")] == [25, 30, 8]


def test_pass_rates_of_the_schools_are_within_the_published_range(ask_any: Ask) -> None:
    bounds = {
        "科目一": (0.40, 0.79),
        "科目二": (0.34, 0.71),
        "科目三": (0.29, 0.70),
        "科目四": (0.75, 1.00),
    }
    rows = ask_any("""
        select subject, min(rate), max(rate) from (
            select subject, school, avg((result = '合格')::int) as rate
            from driving_tests where result <> '缺考' group by all
        ) group by subject
    """)
    assert len(rows) == 4
    for subject, worst, best in rows:
        low, high = bounds[subject]
        assert low <= worst < low + 0.08, subject
        assert high - 0.08 < best <= high, subject


def test_marks_agree_with_results(ask_any: Ask) -> None:
    assert ask_any("""
        select count(*) filter ((score is null) <> (result = '缺考')),
               count(*) filter (result <> '缺考' and (result = '合格') <> (score >= if(
                   subject = '科目二' and licence_class[1] not in ('A', 'B'), 80, 90))),
               count(*) filter (score > 100),
               count(*) filter (booked_on >= tested_on),
               count(*) filter (attempt not between 1 and 5)
        from driving_tests
    """) == [(0, 0, 0, 0, 0)]


def test_absences(ask: Ask) -> None:
    ((share,),) = ask("select avg((result = '缺考')::int) from driving_tests")
    assert share == pytest.approx(number("test_absent"), abs=0.005)


def test_no_test_is_held_while_the_county_stands_still(ask_any: Ask) -> None:
    assert ask_any("""
        select count(*) from driving_tests
        where tested_on between date '2020-01-26' and date '2020-03-10'
    """) == [(0,)]


def test_subject_three_moves_to_the_county_when_its_sites_open(ask_any: Ask) -> None:
    assert ask_any("""
        select min(tested_on) filter (site like '本县%')::text,
               count(*) filter (site = '市级考点' and tested_on >= date '2021-10-08')
        from driving_tests where subject = '科目三'
    """) == [("2021-10-08", 0)]
