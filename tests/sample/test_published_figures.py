"""Each published figure of 2022 comes out of the rows, whatever the seed."""

from collections.abc import Callable
from datetime import date
from typing import Any

Ask = Callable[[str], list[tuple[Any, ...]]]


def january_to_june(ask: Ask) -> tuple[list[int], list[int]]:
    """一般程序 crashes from January to June of 2017 to 2022, and their deaths."""
    rows = ask("""
        select count(*), sum(deaths)::int from crashes
        where procedure = '一般程序' and month(occurred_at) <= 6
        group by year(occurred_at) order by year(occurred_at)
    """)
    return [crashes for crashes, _ in rows], [deaths for _, deaths in rows]


def test_crashes_fall_from_36_to_33(ask_any: Ask) -> None:
    assert january_to_june(ask_any)[0][-2:] == [36, 33]


def test_deaths_fall_from_13_to_12(ask_any: Ask) -> None:
    assert january_to_june(ask_any)[1][-2:] == [13, 12]


def test_crashes_fall_five_times_in_a_row(ask_any: Ask) -> None:
    crashes, _ = january_to_june(ask_any)
    assert len(crashes) == 6
    assert crashes == sorted(set(crashes), reverse=True)


def test_13_markets_on_national_roads_were_planned_and_cleared(ask_any: Ask) -> None:
    assert ask_any("""
        select count(*) filter (planned), count(cleared_on), count(relapsed_on),
               min(cleared_on) >= date '2022-01-01'
        from hazards where kind = '马路市场' and road_class = '国道'
    """) == [(13, 13, 0, True)]


def test_146_junctions_were_cleared_of_115_planned(ask_any: Ask) -> None:
    assert ask_any("""
        select count(*) filter (planned), count(cleared_on),
               count(*) filter (planned and cleared_on is null),
               min(cleared_on) >= date '2022-01-01'
        from hazards where kind = '视距隐患路口'
    """) == [(115, 146, 0, True)]


def test_every_village_is_broadcast_to_in_2022_and_some_days_are_missed(ask_any: Ask) -> None:
    ((villages, days, heard),) = ask_any("""
        select count(distinct village_code), count(distinct broadcast_on),
               count(*) / (510 * 181)
        from broadcasts where broadcast_on between date '2022-01-01' and date '2022-06-30'
    """)
    assert (villages, days) == (510, 181)
    assert 0.95 < heard < 1


def test_talks_were_held_at_more_than_20_places_in_2022(ask_any: Ask) -> None:
    ((places,),) = ask_any("""
        select count(distinct (township, venue)) from outreach where held_on >= date '2022-01-01'
    """)
    assert places > 20


def test_there_are_eight_kinds_of_facility(ask_any: Ask) -> None:
    rows = ask_any("select distinct item from village_facilities order by item")
    items = ["劝导站", "喇叭", "宣传栏", "广角镜", "提示牌", "标语", "爆闪灯", "震荡带"]
    assert [item for (item,) in rows] == items


def test_the_county_has_one_test_centre_and_two_sites_that_hold_subject_three_only(
    ask_any: Ask,
) -> None:
    assert ask_any("""
        select count(distinct site) filter (site like '%考试中心'),
               count(distinct site) filter (site like '%考场'),
               min(subject), max(subject),
               count(*) filter (licence_class in ('D', 'E', 'F'))
        from driving_tests where site like '本县%'
    """) == [(1, 2, "科目三", "科目三", 0)]


def test_the_rescue_fund_paid_45_cases_213_persons_and_21_970_000_yuan(ask_any: Ask) -> None:
    assert ask_any("""
        select count(*), count(distinct crash_id), sum(persons)::int, sum(amount_yuan)::int
        from rescue_cases where paid_on <= date '2022-06-30'
    """) == [(45, 45, 213, 21_970_000)]


def test_the_night_school_was_held_on_52_wednesdays_from_19_to_21(ask_any: Ask) -> None:
    assert ask_any("""
        select count(*), min(isodow(held_at)), max(isodow(held_at)),
               min(held_at::time) = time '19:00', max(ends_at::time) = time '21:00',
               max(held_at::date) - min(held_at::date)
        from training_sessions where kind = '交警夜校'
    """) == [(52, 3, 3, True, True, 51 * 7)]


def test_notes_have_10_000_characters_a_head_or_more(ask_any: Ask) -> None:
    ((least, people),) = ask_any(
        "select min(note_chars), count(distinct person_no) from training_notes"
    )
    assert least >= 10_000
    assert people == 118


def test_the_ledger_adds_up_to_the_published_sums(ask_any: Ask) -> None:
    rows = ask_any("""
        select item, sum(quantity)::int from work_ledger
        where done_on between date '2022-01-01' and date '2022-06-30'
          and programme in ('低速电动车治理', '文明劝导', '道路设施', '疫情防控', '交安委', '荣誉')
        group by item
    """)
    assert dict(rows) == {
        "检查销售企业": 23,
        "查扣三四轮车": 183,
        "清理占用泊位": 151,
        "规范店外经营": 23,
        "取缔流动摊点": 47,
        "联合治理队伍": 2,
        "志愿者": 208,
        "施划泊位": 2634,
        "右转红月牙": 12,
        "专题调研": 5,
        "请战书": 256,
        "抽调警力": 84,
        "战疫小队": 4,
        "查控卡口": 2,
        "防疫岗亭": 4,
        "临时党支部": 1,
        "调整成员": 1,
        "全县会议": 1,
        "全省优秀县级车管所": 1,
    }


def test_dated_work_is_on_its_published_day(ask_any: Ask) -> None:
    rows = ask_any("""
        select item, min(done_on) from work_ledger
        where item in ('调整成员', '全县会议', '请战书', '全省优秀县级车管所') group by item
    """)
    days = dict(rows)
    assert days["调整成员"] == date(2022, 3, 9)
    assert days["全县会议"] == date(2022, 4, 7)
    assert days["请战书"] >= date(2022, 3, 18)
    assert days["全省优秀县级车管所"].strftime("%Y-%m") == "2022-05"
