"""Crashes and places: given rows, expected rows; every figure found again as its rows."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from brigade import house
from brigade.contracts import contract
from brigade.engine.duckdb import Engine
from brigade.engine.relations import Reader
from brigade.errors import ContractError
from brigade.filters import Filters, Period
from brigade.metrics import metric
from brigade.queries import query
from brigade.records import Records
from brigade.results import Row
from brigade.severity import severity_weights
from tests.conftest import HALF_YEAR, Given, run

GENERAL, SUMMARY = "一般程序", "简易程序"
END = HALF_YEAR.end


def values(engine: Engine, name: str, *columns: str, **filters: Any) -> list[tuple[Any, ...]]:
    """Those columns of a query's rows."""
    return [tuple(row[c] for c in columns) for row in run(engine, name, **filters).rows]


def one(engine: Engine, name: str, **filters: Any) -> Row:
    """The row of a query of one row."""
    (row,) = run(engine, name, **filters).rows
    return row


def counted(
    engine: Engine, relation: str, where: Mapping[str, tuple[str, ...]], period: Period = HALF_YEAR
) -> int:
    """How many rows a page would list."""
    return Records(relation, Filters(period, "none", where), Reader()).count(engine)


def crash(number: int, on: date = date(2022, 3, 7), **columns: Any) -> dict[str, Any]:
    """A crash without harm by summary procedure at 9:00 of a day, accepted on it."""
    given = {
        "crash_id": str(number),
        "occurred_at": datetime(on.year, on.month, on.day, 9),
        "procedure": SUMMARY,
        "deaths": 0,
        "injuries": 0,
        "hit_and_run": False,
        "accepted_on": on,
        "property_loss_yuan": 100,
    }
    return given | columns


@pytest.fixture
def crashes(given: Given) -> Engine:
    """A half-year of eight crashes, and three at its bounds and before."""
    late = {"procedure": GENERAL, "accepted_on": END - timedelta(days=11)}
    due = {"procedure": GENERAL, "accepted_on": END - timedelta(days=10)}
    done = {"procedure": GENERAL, "determined_on": date(2022, 3, 20)}
    after = {"procedure": GENERAL, "determined_on": END + timedelta(days=1)}
    return given(
        crashes=[
            crash(1, deaths=3, injuries=1, cause="超速行驶", property_loss_yuan=5000, **done),
            crash(2, END - timedelta(days=11), injuries=2, hit_and_run=True, **late),
            crash(3, END - timedelta(days=10), cause="超速行驶", **due),
            crash(4, deaths=1, cause="逆行", property_loss_yuan=900, **after),
            crash(5, hit_and_run=True, cause="逆行", determined_on=date(2022, 3, 8)),
            crash(6, hit_and_run=True, accepted_on=None),
            crash(7, hit_and_run=None, cause="逆行"),
            crash(8, procedure=None),
            crash(9, date(2021, 11, 1), procedure=GENERAL, deaths=1),
            crash(10, date(2021, 12, 31), occurred_at=datetime(2021, 12, 31, 23, 59)),
            crash(11, date(2022, 7, 1), procedure=GENERAL, deaths=2),
        ]
    )


def test_general_and_summary_procedure_are_counted_apart(crashes: Engine) -> None:
    row = one(crashes, "crashes/summary")
    assert (row["crashes"], row["crashes_summary"]) == (4, 3)
    assert (row["deaths"], row["injuries"], row["crashes_severe"]) == (4, 3, 1)


def test_property_loss_is_that_of_the_general_procedure_alone(crashes: Engine) -> None:
    assert one(crashes, "crashes/summary")["property_loss"] == 5000 + 100 + 100 + 900


def test_what_no_row_records_is_not_zero(given: Given) -> None:
    bare = {"crash_id": "1", "occurred_at": datetime(2022, 3, 7)}
    engine = given(crashes=[bare])
    for name in ("crashes/summary", "crashes/handling"):
        assert {m.name: one(engine, name)[m.name] for m in run(engine, name).metrics} == {
            m.name: None for m in run(engine, name).metrics
        }
    row = one(engine, "crashes/places")
    assert (row["crashes_any"], row["harm"], row["crashes_on_stretches"]) == (1, None, 0)


def test_a_period_without_crashes_counts_none(crashes: Engine) -> None:
    april = Period(date(2022, 4, 1), date(2022, 4, 30))
    row = one(crashes, "crashes/summary", period=april)
    assert (row["crashes"], row["deaths"], row["property_loss"]) == (0, 0, 0)
    assert one(crashes, "crashes/handling", period=april)["determination_median"] is None


def test_a_case_is_late_from_the_eleventh_day_and_only_as_of_the_periods_end(
    crashes: Engine,
) -> None:
    names = ("determination_overdue", "determination_pending")
    # Late: 2 (accepted 11 days before the end), 4 (determined after it), 9 (of last year).
    assert values(crashes, "crashes/handling", *names) == [(3, 1)]
    a_day_later = Period(HALF_YEAR.start, END + timedelta(days=1))
    assert values(crashes, "crashes/handling", *names, period=a_day_later) == [(3, 1)]
    in_march = Period(date(2022, 3, 1), date(2022, 3, 17))
    assert values(crashes, "crashes/handling", *names, period=in_march) == [(1, 2)]


def test_days_to_determination_are_those_of_cases_determined_by_then(crashes: Engine) -> None:
    row = one(crashes, "crashes/handling")
    assert (row["determination_median"], row["determination_p90"]) == (13, 13)


def test_a_hit_and_run_is_open_until_determined_and_unknown_without_acceptance(
    crashes: Engine,
) -> None:
    row = one(crashes, "crashes/handling")
    assert (row["hit_and_run_crashes"], row["hit_and_run_open"]) == (3, 1)
    columns = ("procedure", "determination", "hit_and_run_crashes")
    assert values(crashes, "crashes/hit_and_run", *columns) == [
        (GENERAL, "未认定，超过 10 日", 1),
        (SUMMARY, "已认定", 1),
        (SUMMARY, None, 1),
    ]


@pytest.mark.parametrize(
    ("name", "figures"),
    [
        ("crashes/summary", ("crashes", "crashes_summary", "crashes_severe")),
        (
            "crashes/handling",
            (
                "hit_and_run_crashes",
                "hit_and_run_open",
                "determination_overdue",
                "determination_pending",
            ),
        ),
        ("crashes/places", ("crashes_any",)),
    ],
)
def test_a_figure_is_the_number_of_rows_that_it_leads_to(
    crashes: Engine, name: str, figures: tuple[str, ...]
) -> None:
    row = one(crashes, name)
    for figure in figures:
        rows = metric(figure).rows
        assert rows is not None
        assert counted(crashes, rows, metric(figure).where) == row[figure], figure


@pytest.mark.parametrize(
    "view", ["cause", "crash_type", "township", "road_class", "squadron", "month"]
)
def test_every_breakdown_adds_up_to_the_summary(crashes: Engine, view: str) -> None:
    whole = one(crashes, "crashes/summary")
    rows = run(crashes, f"crashes/by_{view}").rows
    for name in ("crashes", "crashes_summary", "deaths", "injuries"):
        assert sum(row[name] or 0 for row in rows) == whole[name]
    assert sum(row["crashes_any"] for row in rows) == 8


def test_causes_come_with_most_of_the_general_procedure_first(crashes: Engine) -> None:
    assert values(crashes, "crashes/by_cause", "cause", "crashes", "crashes_summary") == [
        ("超速行驶", 2, 0),
        ("逆行", 1, 2),
        (None, 1, 1),
    ]


# ── deaths per 10,000 vehicles ───────────────────────────────────────────────────────────────


def stock(as_of: date, vehicles: int, **columns: Any) -> dict[str, Any]:
    given = {"as_of": as_of, "township": "刘集镇", "vehicle_class": "货车", "vehicles": vehicles}
    return given | columns


@pytest.fixture
def years(given: Given) -> Engine:
    """Deaths of 2020 to half of 2022, with the stock of three quarters."""
    return given(
        crashes=[
            crash(1, date(2020, 1, 5), deaths=2),
            crash(2, date(2020, 12, 31), deaths=1, occurred_at=datetime(2020, 12, 31, 23)),
            crash(3, date(2021, 7, 1), deaths=4, squadron="一中队"),
            crash(4, date(2022, 6, 29), deaths=9),
        ],
        vehicle_stock=[
            stock(date(2020, 6, 30), 6000),
            stock(date(2020, 6, 30), 4000, vehicle_class="摩托车"),
            stock(date(2020, 9, 30), 99999),
            stock(date(2022, 6, 30), 20000),
        ],
    )


def test_a_year_has_the_stock_at_the_end_of_its_own_second_quarter(years: Engine) -> None:
    columns = ("year", "deaths_in_year", "vehicles_in_june", "deaths_per_10k_vehicles")
    assert values(years, "crashes/deaths_per_vehicles", *columns) == [
        (2020, 3, 10000, pytest.approx(3.0)),
        (2021, 4, None, None),
    ]


def test_a_year_that_is_not_over_has_no_annual_rate(years: Engine) -> None:
    period = Period(date(2021, 1, 1), date(2021, 12, 30))
    assert values(years, "crashes/deaths_per_vehicles", "year", period=period) == [(2020,)]


def test_a_filter_on_deaths_alone_leaves_the_rate_as_it_is(years: Engine) -> None:
    all_years = run(years, "crashes/deaths_per_vehicles").rows
    assert run(years, "crashes/deaths_per_vehicles", squadron="一中队").rows == all_years
    # Whatever column of crashes a filter may name, unless the stock has it too.
    keys = {c.name for c in contract("crashes").columns.values() if c.filter} - {"township"}
    ignored = {key.rpartition(".")[2] for key in query("crashes/deaths_per_vehicles").ignores}
    assert keys <= ignored


# ── parties ──────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def parties(given: Given) -> Engine:
    def party(crash_id: str, number: int, mode: str | None, injury: str) -> dict[str, Any]:
        return {"crash_id": crash_id, "party_no": number, "mode": mode, "injury": injury}

    return given(
        crashes=[
            crash(1, procedure=GENERAL, deaths=2, cause="逆行"),
            crash(2, cause="超速行驶", weather="雨"),
            crash(3, date(2021, 3, 7), procedure=GENERAL),
        ],
        crash_parties=[
            party("1", 1, "货车", "无"),
            party("1", 2, "摩托车", "死亡"),
            party("2", 1, "货车", "无"),
            party("2", 2, None, "受伤"),
            party("3", 1, "行人", "死亡"),
        ],
    )


def test_parties_are_counted_by_what_became_of_them_procedures_apart(parties: Engine) -> None:
    columns = ("mode", "injury", "parties", "parties_any")
    assert values(parties, "crashes/parties_by_mode", *columns) == [
        ("摩托车", "死亡", 1, 1),
        (None, "受伤", 0, 1),
        ("货车", "无", 1, 2),
    ]


def test_a_cell_of_parties_leads_to_exactly_its_rows(parties: Engine) -> None:
    where = {
        "crash_parties.mode": ("货车",),
        "crash_parties.injury": ("无",),
        "crashes.procedure": (GENERAL,),
    }
    assert counted(parties, "crash_parties", where) == 1
    assert counted(parties, "crash_parties", metric("parties").where) == 2


def test_a_filter_on_crashes_reaches_their_parties(parties: Engine) -> None:
    assert values(parties, "crashes/parties_by_mode", "mode", crashes__cause="逆行") == [
        ("摩托车",),
        ("货车",),
    ]
    assert counted(parties, "crash_parties", {"crashes.weather": ("雨",)}) == 2
    assert counted(parties, "crash_parties", {"crashes.crash_id": ("1",)}) == 2


def test_parties_of_last_year_are_compared_as_far_as_the_crashes_reach(given: Given) -> None:
    engine = given(
        crashes=[crash(1, date(2021, 1, 1)), crash(2, date(2022, 6, 30))],
        crash_parties=[{"crash_id": n, "party_no": 1, "mode": "货车"} for n in ("1", "2")],
    )
    assert run(engine, "crashes/parties_by_mode", comparison="year").covered


# ── places ───────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def places(given: Given) -> Engine:
    """Many slight crashes at one stretch, one grave crash at another, and one nowhere."""
    slight = {"road_name": "G105", "kilometre": 12.0, "latitude": 36.1501, "longitude": 116.2501}
    return given(
        crashes=[
            crash(1, **slight),
            crash(2, **{**slight, "kilometre": 12.9, "longitude": 116.2510}),
            crash(3, **{**slight, "kilometre": 13.0}),
            crash(4, road_name="X001", kilometre=0.4, deaths=1, injuries=2),
            crash(5, road_name="前进街", deaths=None, injuries=None),
        ]
    )


def test_a_stretch_is_the_road_and_the_whole_kilometre(places: Engine) -> None:
    assert values(places, "crashes/stretches", "stretch", "crashes_any") == [
        ("G105 K12", 2),
        ("X001 K0", 1),
        ("G105 K13", 1),
        (None, 1),
    ]
    assert counted(places, "crashes", {"crashes.stretch": ("G105 K12",)}) == 2


def test_harm_is_made_of_the_weights_in_the_file(places: Engine) -> None:
    w = severity_weights()
    grave = w.crash + 2 * w.injury + w.death
    assert values(places, "crashes/stretches_by_harm", "stretch", "harm") == [
        ("X001 K0", grave),
        ("G105 K12", 2 * w.crash),
        ("G105 K13", w.crash),
        (None, None),
    ]
    # A crash that records neither deaths nor injured has no harm that could be known.
    assert values(places, "crashes/roads_by_harm", "road_name", "harm") == [
        ("X001", grave),
        ("G105", 3 * w.crash),
        ("前进街", None),
    ]


def test_harm_adds_up_over_places(places: Engine) -> None:
    whole = one(places, "crashes/places")
    for name in ("roads", "roads_by_harm", "stretches", "stretches_by_harm", "points"):
        rows = run(places, f"crashes/{name}").rows
        assert sum(row["harm"] or 0 for row in rows) == pytest.approx(whole["harm"])
        assert sum(row["crashes_any"] for row in rows) == whole["crashes_any"]


def test_weights_stand_in_the_sql_that_is_shown(places: Engine) -> None:
    shown = run(places, "crashes/roads").bound.literal()
    assert f"{severity_weights().death} as death_weight" in shown


def test_the_share_with_a_kilometre_and_with_coordinates_is_said(places: Engine) -> None:
    row = one(places, "crashes/places")
    assert (row["stretch_share"], row["located_share"]) == (pytest.approx(80), pytest.approx(60))


def test_points_are_cells_and_lead_to_their_crashes(places: Engine) -> None:
    columns = ("grid_cell", "longitude", "latitude", "crashes_any")
    rows = values(places, "crashes/points", *columns)
    assert rows == [
        ("36.15, 116.25", 116.25, 36.15, 3),
        (None, None, None, 2),
    ]
    assert counted(places, "crashes", {"crashes.grid_cell": ("36.15, 116.25",)}) == 3


def test_wrong_weights_are_refused_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(house, "REFERENCE", tmp_path)
    basis = '[basis]\nzh = "甲"\nen = "a"\n'
    for weights, wrong in (
        ("crash = 1\ninjury = 3\ndeath = -1\n", "death"),
        ("crash = 1\ninjury = 3\n", "death"),
        ("crash = 1\ninjury = 'three'\ndeath = 10\n", "three"),
    ):
        (tmp_path / "severity_weights.toml").write_text(
            f"[weights]\n{weights}{basis}", encoding="utf-8"
        )
        severity_weights.cache_clear()
        with pytest.raises(ContractError, match=wrong):
            severity_weights()
    severity_weights.cache_clear()
