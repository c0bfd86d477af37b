"""Each published figure, computed from the Parquet files by SQL of the test's own."""

from datetime import date
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

import pytest

from brigade.engine.duckdb import Engine
from brigade.engine.relations import Reader
from brigade.figures.published import Published
from brigade.figures.verdicts import Entry, Report
from brigade.records import Records
from tests.figures.conftest import Ask

LEDGER = "select sum(quantity) from work_ledger where item = $1 and done_on between $2 and $3"
YEAR = (date(2022, 1, 1), date(2022, 6, 30))
EPIDEMIC = (date(2022, 3, 18), date(2022, 6, 30))
HAZARDS = """
    select count(*) filter (cleared_on <= $2 and (relapsed_on is null or relapsed_on < cleared_on))
    from hazards where kind = $1 and found_on <= $2 and ($3 is null or road_class = $3)"""
CLEARANCE = """
    select 100.0 * count(*) filter (
               cleared_on <= $2 and (relapsed_on is null or relapsed_on < cleared_on))
           / count(*) filter (planned)
    from hazards where kind = $1 and found_on <= $2 and ($3 is null or road_class = $3)"""
MARKETS = ("马路市场", date(2022, 6, 30), "国道")
JUNCTIONS = ("视距隐患路口", date(2022, 6, 30), None)

FIGURES: dict[str, tuple[object, ...]] = {
    "crashes_yoy": (
        """
        with counted as (
            select count(*) filter (year(occurred_at) = 2022) as now,
                   count(*) filter (year(occurred_at) = 2021) as before
            from crashes where procedure = '一般程序' and month(occurred_at) <= 6)
        select 100.0 * (now - before) / before from counted""",
    ),
    "deaths_yoy": (
        """
        with counted as (
            select sum(deaths) filter (year(occurred_at) = 2022) as now,
                   sum(deaths) filter (year(occurred_at) = 2021) as before
            from crashes where month(occurred_at) <= 6)
        select 100.0 * (now - before) / before from counted""",
    ),
    "five_falls": (
        """
        with years as (
            select year(occurred_at) as year, count(*) as crashes from crashes
            where procedure = '一般程序' and month(occurred_at) <= 6 group by year),
        steps as (
            select year, crashes < lag(crashes) over (order by year) as fell from years)
        select count(*) from steps
        where fell and year > (select coalesce(max(year), 0) from steps where not fell)""",
    ),
    "markets": (HAZARDS, *MARKETS),
    "markets_share": (CLEARANCE, *MARKETS),
    "junctions": (HAZARDS, *JUNCTIONS),
    "junctions_share": (CLEARANCE, *JUNCTIONS),
    "lsev_firms": (LEDGER, "检查销售企业", *YEAR),
    "lsev_seized": (LEDGER, "查扣三四轮车", *YEAR),
    "bays_cleared": (LEDGER, "清理占用泊位", *YEAR),
    "shopfronts": (LEDGER, "规范店外经营", *YEAR),
    "stalls": (LEDGER, "取缔流动摊点", *YEAR),
    "lsev_teams": (LEDGER, "联合治理队伍", *YEAR),
    "volunteers": (LEDGER, "志愿者", *YEAR),
    "bays_marked": (LEDGER, "施划泊位", *YEAR),
    "red_crescents": (LEDGER, "右转红月牙", *YEAR),
    "surveys": (LEDGER, "专题调研", *YEAR),
    "rescue_cases": ("select count(*) from rescue_cases where paid_on <= date '2022-06-30'",),
    "rescue_persons": ("select sum(persons) from rescue_cases where paid_on <= '2022-06-30'",),
    "rescue_yuan": ("select sum(amount_yuan) from rescue_cases where paid_on <= '2022-06-30'",),
    "loudspeakers": (
        "select count(distinct village_code) from broadcasts where broadcast_on between $1 and $2",
        *YEAR,
    ),
    "loudspeakers_daily": (
        """
        select 100.0 * count(*) / count(distinct village_code) / ($2 - $1 + 1)
        from broadcasts where broadcast_on between $1 and $2""",
        *YEAR,
    ),
    "outreach": (
        "select count(distinct (township, venue)) from outreach where held_on between $1 and $2",
        *YEAR,
    ),
    "eight_ones": ("select count(distinct item) from village_facilities",),
    "night_school": (
        """
        select count(distinct held_at::date) from training_sessions
        where kind = '交警夜校' and dayname(held_at) = 'Wednesday'
          and hour(held_at) = 19 and hour(ends_at) = 21 and held_at >= date '2021-07-01'""",
    ),
    "notes": ("select min(note_chars) from training_notes",),
    "test_centre": (
        """
        select count(distinct site) from driving_tests
        where site like '本县%考试中心' and subject = '科目三'""",
    ),
    "test_sites": (
        """
        select count(distinct site) from driving_tests
        where site like '本县%考场' and subject = '科目三'""",
    ),
    "best_office": (LEDGER, "全省优秀县级车管所", date(2022, 5, 1), date(2022, 5, 31)),
    "petitions": (LEDGER, "请战书", *EPIDEMIC),
    "deployed": (LEDGER, "抽调警力", *EPIDEMIC),
    "squads": (LEDGER, "战疫小队", *EPIDEMIC),
    "checkpoints": (LEDGER, "查控卡口", *EPIDEMIC),
    "booths": (LEDGER, "防疫岗亭", *EPIDEMIC),
    "branch": (LEDGER, "临时党支部", *EPIDEMIC),
    "committee_adjusted": (LEDGER, "调整成员", date(2022, 3, 9), date(2022, 3, 9)),
    "county_meeting": (LEDGER, "全县会议", date(2022, 4, 7), date(2022, 4, 7)),
}
NOT_COMPUTED = {"rescue_rank", "tests_planned"}
VERDICTS = {
    "deaths_yoy": "truncated",
    "bays_cleared": "inconsistent",
    "rescue_persons": "unlikely",
    "rescue_yuan": "unlikely",
    "loudspeakers": "differs",
    "loudspeakers_daily": "differs",
    **dict.fromkeys(NOT_COMPUTED, "not_computed"),
}
"""Of the figures that don't simply agree."""


def entry(report: Report, id_: str) -> Entry:
    return next(entry for entry in report.entries if entry.figure.id == id_)


def test_every_published_figure_has_its_own_sql_here(published: Published) -> None:
    assert {figure.id for figure in published.figures} == FIGURES.keys() | NOT_COMPUTED


@pytest.mark.parametrize("id_", FIGURES)
def test_a_published_figure_comes_out_of_the_parquet_files(
    report: Report, published: Published, ask: Ask, id_: str
) -> None:
    figure, given = published.figure(id_), Decimal(str(ask(*FIGURES[id_])))
    computed = entry(report, id_).computed
    assert computed.value == pytest.approx(float(given))
    inside = given / figure.scale
    verdict = VERDICTS.get(id_, "agrees")
    step = Decimal(1).scaleb(figure.value.as_tuple().exponent)  # type: ignore[arg-type]
    rounded, cut = inside.quantize(step, ROUND_HALF_UP), inside.quantize(step, ROUND_DOWN)
    match figure.means, verdict:
        case "exactly", "differs":
            assert figure.value not in (rounded, cut)
        case "exactly", "truncated":
            assert cut == figure.value != rounded
        case "exactly", _:
            assert rounded == figure.value
        case "and_some", _:
            size = len(str(figure.value).rstrip("0"))
            assert figure.value < inside
            assert str(inside)[:size] == str(figure.value)[:size]
        case "more_than", _:
            assert inside > figure.value
        case "at_least", _:
            assert inside >= figure.value


@pytest.mark.parametrize("id_", [*FIGURES, *NOT_COMPUTED])
def test_a_published_figure_has_the_verdict_that_it_deserves(report: Report, id_: str) -> None:
    assert entry(report, id_).verdict == VERDICTS.get(id_, "agrees")


COUNTED_BY_ROWS = (
    "markets", "markets_share", "junctions", "junctions_share", "rescue_cases", "night_school",
)  # fmt: skip


@pytest.mark.parametrize("id_", COUNTED_BY_ROWS)
def test_the_rows_behind_a_count_are_as_many(report: Report, sample: Engine, id_: str) -> None:
    found = entry(report, id_)
    behind = found.computed.behind[0]
    rows = Records(behind.extract, behind.filters, Reader()).count(sample)
    counted = found.computed.working.en.split(" ")[0] if found.computed.working else None
    assert rows == int(counted or found.computed.value or 0)


@pytest.mark.parametrize(
    ("id_", "column"),
    [
        ("deaths_yoy", "deaths"),
        ("rescue_persons", "persons"),
        ("rescue_yuan", "amount_yuan"),
        *((id_, "quantity") for id_, (sql, *_) in FIGURES.items() if sql is LEDGER),
    ],
)
def test_the_rows_behind_a_sum_add_up_to_it(
    report: Report, sample: Engine, id_: str, column: str
) -> None:
    found = entry(report, id_)
    sums = []
    for behind in found.computed.behind:
        table = Records(behind.extract, behind.filters, Reader()).rows(sample)
        sums.append(sum(value or 0 for value in table.column(column).to_pylist()))
    if found.figure.kind == "change":
        now, before = sums
        assert 100 * (now - before) / before == pytest.approx(found.computed.value)
    else:
        assert sums == [found.computed.value]


def test_the_falls_of_crashes_and_deaths_are_said_to_be_within_chance(report: Report) -> None:
    for id_ in ("crashes_yoy", "deaths_yoy"):
        assert any(
            "within chance" in text.en.lower() for text in entry(report, id_).computed.chance
        )


def test_five_falls_are_each_within_chance_and_five_in_a_row_are_a_question_of_their_own(
    report: Report,
) -> None:
    singles, run = entry(report, "five_falls").computed.chance
    assert "Of the 5 single steps 5 are within chance" in singles.en
    assert "0.14%" in run.en  # one order in 6! = 720


def test_what_differs_is_said_with_its_reason_and_the_register_beside(
    report: Report, ask: Ask
) -> None:
    found = entry(report, "loudspeakers")
    villages = ask("select count(*) from villages where kind = '行政村'")
    assert found.figure.reason in found.why
    assert [text.zh for text in found.computed.beside] == [f"对照：行政村 {villages} 个。"]


def test_bays_counted_as_vehicles_are_a_unit_that_does_not_fit(report: Report) -> None:
    found = entry(report, "bays_cleared")
    assert any("辆" in text.zh and "个" in text.zh for text in found.why)
