"""Queries of the work ledger: given rows, expected rows."""

from datetime import date
from typing import Any

import pytest

from brigade.engine.duckdb import Engine
from brigade.engine.relations import Reader
from brigade.filters import Filters, Period
from brigade.queries import query
from brigade.records import Records
from brigade.results import fetch
from tests.conftest import HALF_YEAR, Given, rows_of, run

EV, ROADS = "低速电动车治理", "道路设施"
TEAM = "联合治理队"


def entry(number: str, item: str, quantity: float | None, **columns: Any) -> dict[str, Any]:
    """An entry of March on low-speed electric vehicles, unless told otherwise."""
    given = {"done_on": date(2022, 3, 1), "programme": EV, "unit": "辆", "township": "刘集镇"}
    return {"entry_id": number, "item": item, "quantity": quantity, **given, **columns}


LEDGER = [
    entry("1", "查扣", 5, team=TEAM),
    entry("2", "查扣", 7, team=TEAM, township="姜楼镇", done_on=date(2022, 6, 30)),
    entry("3", "查扣", 2, unit="个", township=None),
    entry("4", "查扣", 3, programme=ROADS),
    entry("5", "施划", 40, programme=ROADS, unit="个", done_on=date(2022, 1, 1)),
    entry("6", "施划", None, programme=ROADS, unit="个"),
    entry("7", "查扣", 100, done_on=date(2021, 12, 31)),
    entry("8", "查扣", 11, done_on=date(2021, 3, 1)),
    entry("9", "无单位", 1, unit=None, programme=None),
]
SEIZED = "查扣（辆）· 低速电动车治理"
COUNTED = 7


@pytest.fixture
def ledger(given: Given) -> Engine:
    """Entries that share an item and differ in unit, and others that share all but the day."""
    return given(work_ledger=LEDGER)


def test_a_quantity_shares_programme_item_and_unit(ledger: Engine) -> None:
    rows = rows_of(run(ledger, "programmes/works"))
    assert {row[:3]: row[4:] for row in rows} == {
        (EV, "查扣", "辆"): (12, 2),
        (EV, "查扣", "个"): (2, 1),
        (ROADS, "查扣", "辆"): (3, 1),
        (ROADS, "施划", "个"): (40, 2),
        (None, "无单位", None): (1, 1),
    }


def test_one_filter_names_one_kind_of_quantity(ledger: Engine) -> None:
    for row in run(ledger, "programmes/works").rows:
        chosen = {"work_ledger.work": (row["work"],)}
        behind = Records("work_ledger", Filters(HALF_YEAR, "none", chosen), Reader())
        assert behind.count(ledger) == row["ledger_entries"]
        listed = behind.rows(ledger).column("quantity").to_pylist()
        assert sum(value or 0 for value in listed) == row["ledger_quantity"]


def test_a_quantity_nobody_recorded_is_not_zero(given: Given) -> None:
    engine = given(work_ledger=[entry("1", "查扣", None)])
    (row,) = run(engine, "programmes/works").rows
    assert row["ledger_quantity"] is None


def test_quantities_by_month_township_and_team(ledger: Engine) -> None:
    chosen = {"work_ledger__work": SEIZED}
    assert rows_of(run(ledger, "programmes/quantity_by_month", **chosen)) == [
        (date(2022, 3, 1), SEIZED, 5, 1),
        (date(2022, 6, 1), SEIZED, 7, 1),
    ]
    assert rows_of(run(ledger, "programmes/quantity_by_township", **chosen)) == [
        ("姜楼镇", SEIZED, 7, 1),
        ("刘集镇", SEIZED, 5, 1),
    ]
    assert rows_of(run(ledger, "programmes/quantity_by_team", **chosen)) == [(TEAM, SEIZED, 12, 2)]
    (row,) = run(ledger, "programmes/works", comparison="year", **chosen).rows
    assert (row["ledger_quantity"], row["ledger_quantity_before"]) == (12, 11)


def test_all_queries_of_the_page_agree_on_the_total(ledger: Engine) -> None:
    (whole,) = run(ledger, "programmes/summary").rows
    assert (whole["ledger_entries"], whole["ledger_works"]) == (COUNTED, 5)
    assert whole["ledger_programmes"] == 2, "one that is not recorded is no programme"
    names = ("works", "by_programme", "entries_by_month")
    quantities = ("quantity_by_month", "quantity_by_township", "quantity_by_team")
    for name in (*names, *quantities):
        rows = run(ledger, f"programmes/{name}").rows
        assert sum(row["ledger_entries"] for row in rows) == COUNTED, name
    for name in quantities:
        by_work: dict[str, float] = {}
        for row in run(ledger, f"programmes/{name}").rows:
            by_work[row["work"]] = by_work.get(row["work"], 0) + (row["ledger_quantity"] or 0)
        assert by_work[SEIZED] == 12, name


def test_an_empty_period_has_no_entries(ledger: Engine) -> None:
    june = Filters(Period(date(2020, 6, 1), date(2020, 6, 30)), "none")
    (row,) = fetch(query("programmes/summary"), june, ledger, Reader()).rows
    assert (row["ledger_entries"], row["ledger_programmes"], row["ledger_works"]) == (0, 0, 0)
