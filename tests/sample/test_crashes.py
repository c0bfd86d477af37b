"""Crashes and parties: shares, agreement of the two, and the built-in effects found again."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from brigade.sample.calendar import is_market
from brigade.sample.effects import number

Ask = Callable[[str], list[tuple[Any, ...]]]


def test_10_000_crashes_of_which_60_to_75_a_year_are_general(ask_any: Ask) -> None:
    ((total, general),) = ask_any(
        "select count(*), avg((procedure = '一般程序')::int) from crashes"
    )
    assert total == 10_000
    assert 0.03 <= general <= 0.05
    years = ask_any("""
        select count(*) from crashes where procedure = '一般程序' and year(occurred_at) < 2022
        group by year(occurred_at)
    """)
    assert len(years) == 5
    assert all(60 <= count <= 75 for (count,) in years)


def test_a_crash_with_dead_or_injured_is_never_simple(ask_any: Ask) -> None:
    assert ask_any("""
        select count(*) filter (deaths > 0 or injuries > 0) from crashes
        where procedure = '简易程序'
    """) == [(0,)]


def test_injured_and_dead_per_injury_crash(ask_any: Ask) -> None:
    ((injured, dead),) = ask_any(
        "select avg(injuries), avg(deaths) from crashes where procedure = '一般程序'"
    )
    assert injured == pytest.approx(1.06, abs=0.005)
    assert dead == pytest.approx(0.30, abs=0.005)


def test_hours(ask_any: Ask) -> None:
    ((evening, fatal_late),) = ask_any("""
        select avg((hour(occurred_at) between 17 and 20)::int),
               avg((hour(occurred_at) in (19, 20))::int) filter (deaths > 0)
        from crashes
    """)
    assert evening > 0.30
    assert fatal_late == pytest.approx(0.15, abs=0.01)


def test_unlicensed_drivers_in_rural_fatal_crashes(ask_any: Ask) -> None:
    ((share,),) = ask_any("""
        select avg(unlicensed::int) from crashes join (
            select crash_id, bool_or(licence = '无证') as unlicensed
            from crash_parties group by crash_id
        ) using (crash_id)
        where deaths > 0 and road_class <> '城市道路'
    """)
    assert share == pytest.approx(0.20, abs=0.01)


def test_crash_types_on_national_and_provincial_roads(ask_any: Ask) -> None:
    ((head_on, side),) = ask_any("""
        select avg((crash_type = '正面碰撞')::int), avg((crash_type = '侧面碰撞')::int)
        from crashes where road_class in ('国道', '省道')
    """)
    assert head_on == pytest.approx(0.17, abs=0.025)
    assert side == pytest.approx(0.14, abs=0.025)


def test_parties_by_mode(ask_any: Ask) -> None:
    shares = dict(
        ask_any("select mode, count(*) / sum(count(*)) over () from crash_parties group by mode")
    )
    assert shares["小型客车"] == pytest.approx(0.50, abs=0.02)
    assert shares["电动自行车"] + shares["电动三轮车"] == pytest.approx(0.25, abs=0.02)
    assert shares["摩托车"] == pytest.approx(0.12, abs=0.02)
    assert shares["货车"] == pytest.approx(0.10, abs=0.02)


def test_parties_agree_with_their_crash(ask_any: Ask) -> None:
    assert ask_any("""
        select count(*), count(*) filter (dead > deaths), count(*) filter (hurt > injuries),
               count(*) filter (deaths > 0 and dead = 0),
               count(*) filter (parties <> len(string_split(involved, '-'))),
               count(*) filter ((parties = 1) <> contains(involved, '单方')),
               count(*) filter (crash_type = '刮撞行人' and not on_foot),
               count(*) filter (cause = '无证驾驶' and not unlicensed),
               count(*) filter (cause = '酒后驾驶' and not drink_driving),
               count(*) filter (last_party <> parties)
        from crashes join (
            select crash_id, count(*) as parties, max(party_no) as last_party,
                   count(*) filter (injury = '死亡') as dead,
                   count(*) filter (injury = '受伤') as hurt,
                   bool_or(mode = '行人') as on_foot, bool_or(licence = '无证') as unlicensed
            from crash_parties group by crash_id
        ) using (crash_id)
    """) == [(10_000, *(0,) * 9)]


def test_blame_is_shared_once(ask_any: Ask) -> None:
    assert ask_any("""
        select distinct string_agg(responsibility, '+' order by responsibility)
        from crash_parties where responsibility <> '无' group by crash_id order by 1
    """) == [("主要+次要",), ("全部",), ("同等+同等",)]


def test_dates_follow_each_other(ask_any: Ask) -> None:
    assert ask_any("""
        select count(*) filter (accepted_on < occurred_at::date),
               count(*) filter (determined_on < accepted_on),
               count(*) filter (procedure = '一般程序' and determined_on = accepted_on),
               count(*) filter (determined_on > date '2022-06-30'),
               count(*) filter (determined_on is null) > 0
        from crashes
    """) == [(0, 0, 0, 0, True)]


def test_villages_are_known_on_rural_roads_only(ask_any: Ask) -> None:
    assert ask_any("""
        select count(*) filter (
            (village_code is not null) <> (road_class in ('县道', '乡道', '村道'))
        ) from crashes
    """) == [(0,)]


def test_light_follows_the_sun(ask: Ask) -> None:
    rows = ask("""
        select distinct lighting from crashes where hour(occurred_at) between 8 and 15
    """)
    assert rows == [("白天",)]
    (dark_winter,) = ask("""
        select count(*) filter (lighting = '白天') from crashes
        where month(occurred_at) = 12 and hour(occurred_at) = 18
    """)
    assert dark_winter == (0,)
    ((light_summer,),) = ask("""
        select avg((lighting = '白天')::int) from crashes
        where month(occurred_at) = 6 and hour(occurred_at) = 18
    """)
    assert light_summer == 1


def test_snow_falls_in_winter(ask: Ask) -> None:
    rows = ask("select distinct month(occurred_at) from crashes where weather = '雪'")
    assert {month for (month,) in rows} <= {12, 1, 2}


def test_harvest_and_february(ask_any: Ask) -> None:
    """Crashes a day against the other months, epidemic left out; three standard errors."""
    rates = dict(
        ask_any("""
        select case when month(day) between 9 and 11 then 'harvest'
                    when month(day) = 2 then 'february' else 'other' end,
               sum(crashes) / count(*)
        from (
            select range::date as day from range(date '2017-01-01', date '2022-07-01',
                                                 interval 1 day)
        ) left join (
            select occurred_at::date as day, count(*) as crashes from crashes group by 1
        ) using (day)
        where day not between '2020-01-26' and '2020-03-10'
          and day not between '2022-03-12' and '2022-04-25'
        group by 1
        """)
    )
    assert rates["harvest"] / rates["other"] == pytest.approx(number("crash_harvest"), rel=0.09)
    assert rates["february"] / rates["other"] == pytest.approx(number("crash_february"), rel=0.13)


def test_market_mornings(ask_any: Ask) -> None:
    """Crashes from 7 to 11 h on market days against other days, other hours as the yardstick."""
    rows = ask_any("select occurred_at::date, hour(occurred_at) from crashes")
    market = is_market(np.array([day for day, _ in rows], dtype="datetime64[D]"))
    hours = np.array([hour for _, hour in rows])
    morning = (hours >= 7) & (hours < 11)
    on, off = (market & morning).sum(), (~market & morning).sum()
    on_rest, off_rest = (market & ~morning).sum(), (~market & ~morning).sum()
    ratio = (on / off) / (on_rest / off_rest)
    error = np.sqrt(1 / on + 1 / off + 1 / on_rest + 1 / off_rest)
    assert abs(np.log(ratio / number("crash_market"))) < 3 * error


def test_the_slowing_facilities_lower_rural_crashes(ask_any: Ask) -> None:
    """Rate ratio by Mantel and Haenszel over townships and years, in village-months.

    S. Greenland & J. M. Robins, Biometrics 41 (1985) 55: sum(a·v0/v) / sum(b·v1/v).
    """
    ((ratio, slowed, others),) = ask_any("""
        with done as (
            select village_code, max(installed_on) as since from village_facilities
            where item in ('震荡带', '提示牌', '爆闪灯', '广角镜')
            group by village_code having count(*) = 4
        ),
        months as (
            select range::date as month
            from range(date '2017-01-01', date '2022-07-01', interval 1 month)
        ),
        village_months as (
            select village_code, township, month, coalesce(since <= month, false) as slowed
            from villages cross join months left join done using (village_code)
            where kind = '行政村'
              and (since is null or since <= month or since >= month + interval 1 month)
        ),
        strata as (
            select township, year(month) as year,
                   coalesce(sum(crashes) filter (slowed), 0) as a,
                   count(*) filter (slowed) as v1,
                   coalesce(sum(crashes) filter (not slowed), 0) as b,
                   count(*) filter (not slowed) as v0
            from village_months left join (
                select village_code, date_trunc('month', occurred_at)::date as month,
                       count(*) as crashes
                from crashes group by all
            ) using (village_code, month)
            group by all
        )
        select sum(a * v0 / (v0 + v1)) / sum(b * v1 / (v0 + v1)), sum(a)::int, sum(b)::int
        from strata where v0 > 0 and v1 > 0
    """)
    assert slowed > 500
    assert others > 500
    error = np.sqrt(1 / slowed + 1 / others)
    assert ratio < 1
    assert abs(np.log(ratio / number("crash_facilities"))) < 3 * error
