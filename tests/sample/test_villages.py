"""Villages, their facilities, and what is done there."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from brigade.sample.calendar import all_days, is_market
from brigade.sample.effects import by_name, number

Ask = Callable[[str], list[tuple[Any, ...]]]


def test_the_extract_is_the_register_with_nothing_invented(ask: Ask) -> None:
    assert ask("""
        select count(*), count(distinct village_code), count(*) filter (kind = '行政村'),
               min(length(village_code)), count(merged_into),
               count(population), count(road_km), count(longitude), count(latitude)
        from villages
    """) == [(519, 519, 510, 12, 81, 0, 0, 0, 0)]


def test_facilities_cover_the_villages_to_a_differing_degree(ask_any: Ask) -> None:
    coverage = dict(ask_any("select item, count(*) / 510 from village_facilities group by item"))
    assert coverage == pytest.approx(by_name("facility_coverage"), abs=0.06)
    assert coverage["喇叭"] == 1
    spread = dict(
        ask_any("""
        select township, count(*) / count(distinct village_code)
        from village_facilities join villages using (village_code) group by township
        """)
    )
    assert len(spread) == 10
    assert max(spread.values()) - min(spread.values()) > 1


def test_the_programme_reaches_townships_one_after_another(ask_any: Ask) -> None:
    middle = dict(
        ask_any("""
        select township, median(year(installed_on) + (dayofyear(installed_on) - 1) / 365.25)
        from village_facilities join villages using (village_code)
        where item <> '喇叭' group by township
        """)
    )
    assert middle == pytest.approx(by_name("facility_year"), abs=0.35)


def test_facilities_are_of_villages_and_in_every_state(ask_any: Ask) -> None:
    assert ask_any("""
        select count(*) filter (kind <> '行政村'), count(distinct status),
               count(*) filter (inspected_on < installed_on),
               count(*) filter (installed_on not between date '2017-06-01' and date '2022-06-30')
        from village_facilities join villages using (village_code)
    """) == [(0, 3, 0, 0)]


def test_some_facilities_were_never_built(ask_any: Ask) -> None:
    ((full,),) = ask_any("""
        select count(*) from (
            select village_code from village_facilities group by village_code having count(*) = 8
        )
    """)
    assert 100 < full < 350


def test_shifts_are_at_stations_that_stand(ask_any: Ask) -> None:
    assert ask_any("""
        select count(*) between 20000 and 90000, count(*) filter (installed_on is null),
               count(*) filter (shift_date <= installed_on), count(*) filter (dissuaded > checked)
        from persuasion_shifts left join (
            select * from village_facilities where item = '劝导站'
        ) using (village_code)
    """) == [(True, 0, 0, 0)]


def test_shifts_are_manned_above_all_on_market_days(ask_any: Ask) -> None:
    days = all_days()
    market = is_market(days)
    counts = dict(ask_any("select shift_date, count(*) from persuasion_shifts group by shift_date"))
    shifts = np.array([counts.get(day, 0) for day in days.astype(object)])
    ratio = shifts[market].mean() / shifts[~market].mean()
    assert ratio == pytest.approx(number("persuasion_market"), rel=0.06)


def test_broadcasts_are_missed_where_the_loudspeaker_is_broken(ask_any: Ask) -> None:
    missed = dict(
        ask_any("""
        select status = '正常', 1 - sum(heard) / (181 * count(*)) from (
            select village_code, count(*) as heard from broadcasts group by village_code
        ) join village_facilities using (village_code)
        where item = '喇叭' group by 1
        """)
    )
    assert missed[True] == pytest.approx(number("broadcasts_missed"), abs=0.003)
    assert missed[False] == pytest.approx(number("broadcasts_missed_broken"), abs=0.02)


def test_a_village_is_broadcast_to_once_a_day_at_most(ask_any: Ask) -> None:
    assert ask_any("""
        select count(*) from (
            select 1 from broadcasts group by village_code, broadcast_on having count(*) > 1
        )
    """) == [(0,)]


def test_talks_are_held_in_four_kinds_of_venue(ask: Ask) -> None:
    kinds = {kind for (kind,) in ask("select distinct venue_kind from outreach")}
    assert kinds == {"农村", "社区", "学校", "企业"}


def test_hazards_keep_their_dates_in_order(ask_any: Ask) -> None:
    assert ask_any("""
        select count(*) filter (due_on <= found_on), count(*) filter (cleared_on <= found_on),
               count(*) filter (relapsed_on <= cleared_on),
               count(*) filter (relapsed_on is not null and cleared_on is null),
               count(*) filter (cleared_on > date '2022-06-30'),
               count(*) filter (cleared_on is null and due_on < date '2022-06-30') > 10,
               count(relapsed_on) > 5, count(distinct department)
        from hazards
    """) == [(0, 0, 0, 0, 0, True, True, 5)]
