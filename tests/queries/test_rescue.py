"""The rescue fund: given rows, expected rows; each case found again with its crash."""

from datetime import date, datetime
from typing import Any

import pytest

from brigade import house
from brigade.engine.duckdb import Engine
from brigade.engine.relations import Reader
from brigade.filters import Filters, Period
from brigade.metrics import metric
from brigade.records import Records
from brigade.releases import read_release
from brigade.results import Row
from tests.conftest import HALF_YEAR, Given, run


def one(engine: Engine, name: str, **filters: Any) -> Row:
    """The row of a query of one row."""
    (row,) = run(engine, name, **filters).rows
    return row


def case(number: int, crash: str, applied: date, **columns: Any) -> dict[str, Any]:
    """A case of two persons and 1,000 yuan."""
    given = {
        "case_id": f"R{number}",
        "crash_id": crash,
        "applied_on": applied,
        "persons": 2,
        "amount_yuan": 1000,
    }
    return given | columns


def crash(number: str, on: date, deaths: int = 0, injuries: int = 0) -> dict[str, Any]:
    return {
        "crash_id": number,
        "occurred_at": datetime(on.year, on.month, on.day, 9),
        "township": "刘集镇",
        "deaths": deaths,
        "injuries": injuries,
    }


@pytest.fixture
def fund(given: Given) -> Engine:
    """Five cases: two of one crash, one of a crash of last year, one from before, one after."""
    return given(
        crashes=[
            crash("A", date(2022, 3, 1), deaths=1),
            crash("B", date(2021, 12, 30), injuries=1),
            crash("C", date(2022, 6, 29), injuries=1),
            crash("D", date(2022, 4, 1), injuries=1),
            crash("E", date(2022, 4, 1)),
        ],
        rescue_cases=[
            case(1, "A", date(2022, 3, 5), paid_on=date(2022, 3, 9), reason="逃逸", hospital="甲"),
            case(2, "A", date(2022, 3, 6), paid_on=date(2022, 3, 26), reason="未投保"),
            case(3, "B", date(2022, 1, 1), reason="逃逸", hospital="甲", recovered_yuan=300),
            case(4, "B", date(2021, 12, 31), persons=5, amount_yuan=4000),
            case(5, "C", date(2022, 7, 1), persons=9, amount_yuan=9000),
        ],
    )


def test_cases_belong_to_the_day_of_their_application(fund: Engine) -> None:
    row = one(fund, "crashes/rescue")
    assert (row["rescue_cases"], row["rescue_persons"], row["rescue_yuan"]) == (3, 6, 3000)
    assert (row["recovered_yuan_sum"], row["recovered_share"]) == (300, pytest.approx(10))


def test_the_sum_to_date_holds_all_years_and_nothing_later(fund: Engine) -> None:
    row = one(fund, "crashes/rescue_to_date")
    names = ("rescue_cases_to_date", "rescue_persons_to_date", "rescue_yuan_to_date")
    assert [row[name] for name in names] == [4, 11, 7000]
    assert (row["persons_per_case"], row["yuan_per_case"]) == (2.75, 1750)


def test_days_to_payment_leave_out_what_is_not_paid(fund: Engine) -> None:
    row = one(fund, "crashes/rescue")
    assert row["payment_median"] == 12
    assert row["payment_p90"] == pytest.approx(4 + 0.9 * 16)


def test_a_crash_with_two_cases_counts_once_in_the_share(fund: Engine) -> None:
    row = one(fund, "crashes/rescue")
    # Casualties: A, C and D; C's case was applied for after the period.
    assert (row["casualty_crashes"], row["crashes_rescued"]) == (3, 1)
    assert row["rescued_share"] == pytest.approx(100 / 3)
    later = Period(HALF_YEAR.start, date(2022, 7, 1))
    assert one(fund, "crashes/rescue", period=later)["crashes_rescued"] == 2


def test_a_fund_without_cases_counts_none_and_has_no_ratios(fund: Engine) -> None:
    early = Period(date(2020, 1, 1), date(2020, 12, 31))
    row = one(fund, "crashes/rescue", period=early)
    assert (row["rescue_cases"], row["rescue_yuan"]) == (0, 0)
    assert (row["payment_median"], row["rescued_share"]) == (None, None)
    assert one(fund, "crashes/rescue_to_date", period=early)["persons_per_case"] is None


@pytest.mark.parametrize("view", ["reason", "expense", "hospital", "township"])
def test_every_breakdown_adds_up_to_the_summary(fund: Engine, view: str) -> None:
    whole = one(fund, "crashes/rescue")
    rows = run(fund, f"crashes/rescue_by_{view}").rows
    for name in ("rescue_cases", "rescue_persons", "rescue_yuan"):
        assert sum(row[name] for row in rows) == whole[name]


def test_years_go_back_before_the_period(fund: Engine) -> None:
    rows = run(fund, "crashes/rescue_by_year").rows
    assert [(row["year"], row["rescue_cases"]) for row in rows] == [(2021, 1), (2022, 3)]


def test_each_case_stands_beside_its_crash_and_leads_to_it(fund: Engine) -> None:
    rows = run(fund, "crashes/rescue_list").rows
    assert [(r["case_id"], r["crash_id"], r["crash_day"], r["deaths"]) for r in rows] == [
        ("R2", "A", date(2022, 3, 1), 1),
        ("R1", "A", date(2022, 3, 1), 1),
        ("R3", "B", date(2021, 12, 30), 0),
        ("R4", "B", date(2021, 12, 30), 0),
    ]
    chosen = Filters(HALF_YEAR, "none", {"crashes.crash_id": ("B",)})
    for relation, found in (
        ("crashes", 0),
        ("crashes_to_date", 1),
        ("rescue_cases", 1),
        ("rescue_cases_to_date", 2),
    ):
        assert Records(relation, chosen, Reader()).count(fund) == found


def test_a_case_without_its_crash_is_kept(given: Given) -> None:
    engine = given(
        crashes=[crash("A", date(2022, 3, 1))], rescue_cases=[case(1, "Z", date(2022, 3, 5))]
    )
    (row,) = run(engine, "crashes/rescue_list").rows
    assert (row["case_id"], row["crash_day"]) == ("R1", None)


@pytest.mark.parametrize("name", ["crashes/rescue", "crashes/rescue_to_date"])
def test_a_figure_is_what_its_rows_add_up_to(fund: Engine, name: str) -> None:
    row = one(fund, name)
    for figure, column in (
        ("rescue_cases", None),
        ("rescue_persons", "persons"),
        ("rescue_yuan", "amount_yuan"),
    ):
        known = metric(figure + name.removeprefix("crashes/rescue"))
        assert known.rows is not None
        table = Records(known.rows, Filters(HALF_YEAR, "none", known.where), Reader()).rows(fund)
        total = sum(table.column(column).to_pylist()) if column else table.num_rows
        assert total == row[known.name]


def test_the_sample_gives_the_published_sums(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BRIGADE_DATA", str(tmp_path.parent / "data"))
    engine = Engine(read_release(house.SAMPLE))
    row = one(engine, "crashes/rescue_to_date")
    assert row["rescue_cases_to_date"] == 45
    assert row["rescue_persons_to_date"] == 213
    assert row["rescue_yuan_to_date"] == 21_970_000
    engine.close()
