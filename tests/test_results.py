"""Results: two periods side by side, ratios from parts, changes and what they mean."""

from datetime import date, datetime

import pytest

from brigade.contracts import all_contracts
from brigade.engine.relations import Reader
from brigade.errors import ContractError, MissingExtractError
from brigade.export import result_table
from brigade.filters import Filters, Period
from brigade.metrics import Change, Metric, change, metric, value_of
from brigade.queries import output_columns, parse_query, query, query_names
from brigade.results import covers, fetch
from brigade.text import Text
from tests.conftest import HALF_YEAR, Given, run


def crash(number: int, day: date, **more: object) -> dict[str, object]:
    """A crash by general procedure on a day."""
    return {
        "crash_id": str(number),
        "occurred_at": datetime.combine(day, datetime.min.time()),
        "procedure": "一般程序",
        **more,
    }


def crashes_on(*days: date) -> list[dict[str, object]]:
    """Crashes on these days, with one on each end of 2021's and 2022's half years to cover them."""
    return [crash(i, day) for i, day in enumerate(days)]


ENDS = (date(2021, 1, 1), date(2021, 6, 30), date(2022, 1, 1), date(2022, 6, 30))


def test_months_of_both_periods_stand_side_by_side(given: Given) -> None:
    engine = given(crashes=crashes_on(*ENDS, date(2021, 3, 5), date(2022, 3, 7), date(2022, 3, 8)))
    result = run(engine, "overview/crashes_by_month", comparison="year")
    found = {row["month"].month: (row["crashes"], row["crashes_before"]) for row in result.rows}
    assert found == {1: (1, 1), 3: (2, 1), 6: (1, 1)}


def test_a_group_found_in_one_period_only_is_zero_in_the_other(given: Given) -> None:
    engine = given(
        crashes=[
            crash(1, ENDS[0], township="刘集镇"),
            crash(2, ENDS[1], township="刘集镇"),
            crash(3, ENDS[2], township="大桥镇"),
            crash(4, ENDS[3], township=None),
        ]
    )
    result = run(engine, "overview/crashes_by_township", comparison="year")
    found = {row["township"]: (row["crashes"], row["crashes_before"]) for row in result.rows}
    assert found == {"刘集镇": (0, 2), "大桥镇": (1, 0), None: (1, 0)}


def test_what_changed_most_comes_first(given: Given) -> None:
    days = [date(2022, 2, d) for d in range(1, 6)]
    engine = given(
        crashes=[
            *(crash(i, day, township="少变") for i, day in enumerate(ENDS)),
            *(crash(10 + i, day, township="多变") for i, day in enumerate(days)),
        ]
    )
    result = run(engine, "overview/crashes_by_township", comparison="year")
    assert [row["township"] for row in result.rows] == ["多变", "少变"]


def test_a_period_that_the_extract_does_not_reach_is_not_compared(given: Given) -> None:
    engine = given(crashes=crashes_on(date(2021, 5, 1), date(2022, 1, 1), date(2022, 6, 30)))
    result = run(engine, "overview/crashes", comparison="year")
    found = result.change(metric("crashes"), result.rows[0])
    assert (found.now, found.percent, found.verdict) == (2, None, "none")
    assert found.reason is not None


def test_procedures_that_nobody_recorded_can_not_be_counted_apart(given: Given) -> None:
    engine = given(crashes=[crash(1, date(2022, 3, 1), procedure=None, deaths=2)])
    [row] = run(engine, "overview/crashes").rows
    assert (row["crashes"], row["crashes_summary"], row["deaths"]) == (None, None, 2)


def test_no_rows_are_zero_crashes(given: Given) -> None:
    engine = given(crashes=[crash(1, date(2021, 3, 1))])
    [row] = run(engine, "overview/crashes").rows
    assert (row["crashes"], row["deaths"]) == (0, 0)


def test_an_extract_that_the_release_lacks_is_named_with_the_command_that_brings_it(
    given: Given,
) -> None:
    engine = given(crashes=[crash(1, date(2022, 3, 1))])
    with pytest.raises(MissingExtractError) as caught:
        run(engine, "enforcement/by_township")
    assert caught.value.extract == "violations"
    assert "--as violations" in caught.value.text.en


def made(**more: object) -> Metric:
    """A metric for trying changes on."""
    values: dict[str, object] = {
        "name": "m", "kind": "count", "label": Text("数", "count"), "definition": Text("", ""),
        "unit": Text("", ""), "decimals": 0, "better": "lower", "chance": False, "note": None,
        "numerator": None, "denominator": None, "per": 1.0, "rows": None, "where": {},
    }  # fmt: skip
    return Metric(**{**values, **more})  # type: ignore[arg-type]


BOTH = (HALF_YEAR, Period(date(2021, 1, 1), date(2021, 6, 30)))


@pytest.mark.parametrize(
    ("now", "before", "percent", "verdict"),
    [
        (33, 36, -8.333333, "chance"),
        (12, 13, -7.692307, "chance"),
        (300, 500, -40.0, "better"),
        (500, 300, 66.666667, "worse"),
        (5, 0, None, "chance"),
    ],
)
def test_a_count_that_chance_can_explain(
    now: int, before: int, percent: float | None, verdict: str
) -> None:
    found = change(made(chance=True), now, before, BOTH)
    assert found.percent == (pytest.approx(percent, abs=1e-5) if percent is not None else None)
    assert found.verdict == verdict
    assert found.test is not None


def test_nothing_in_either_period_is_no_change_at_all() -> None:
    found = change(made(chance=True), 0, 0, BOTH)
    assert (found.difference, found.percent, found.verdict, found.reason) == (
        0,
        None,
        "neutral",
        None,
    )


def test_the_longer_period_is_weighed_by_its_days() -> None:
    year = Period(date(2021, 1, 1), date(2021, 12, 31))
    same_rate = change(made(chance=True), 100, 202, (HALF_YEAR, year))
    assert same_rate.verdict == "chance"
    assert change(made(chance=True), 100, 202, BOTH).verdict == "better"


def test_output_of_enforcement_is_never_judged_by_chance() -> None:
    found = change(made(better="neutral"), 10, 20, BOTH)
    assert (found.verdict, found.test, found.percent) == ("neutral", None, -50.0)


def test_a_ratio_moves_in_points_and_an_empty_denominator_makes_none() -> None:
    ratio = made(kind="ratio", numerator="a", denominator="b", per=100.0)
    assert value_of(ratio, {"a": 1, "b": 4}) == 25.0
    assert value_of(ratio, {"a": 1, "b": 0}) is None
    assert value_of(ratio, {"a": None, "b": 4}) is None
    moved: Change = change(ratio, 25.0, 20.0, BOTH)
    assert (moved.difference, moved.percent) == (5.0, None)


def test_coverage_allows_for_rows_that_come_now_and_then(given: Given) -> None:
    engine = given(
        crashes=crashes_on(date(2022, 1, 1), date(2022, 5, 1)),
        outreach=[
            {"outreach_id": "1", "held_on": date(2022, 1, 20)},
            {"outreach_id": "2", "held_on": date(2022, 6, 10)},
        ],
    )
    assert not covers(engine.release, "crashes", HALF_YEAR)
    assert covers(engine.release, "outreach", HALF_YEAR)


BAD_QUERIES = {
    "no title": "-- grain: one row\nselect 1 as violations",
    "one language": "-- title: 只有中文\n-- grain: one row\nselect 1 as violations",
    "two statements": "-- title: a | b\n-- grain: one row\nselect 1 as a; select 2 as b",
    "not a select": "-- title: a | b\n-- grain: one row\ndelete from violations",
    "unknown extract": "-- title: a | b\n-- grain: one row\nselect 1 as a from nowhere",
    "star": "-- title: a | b\n-- grain: one row\nselect * from violations",
    "hidden name": "-- title: a | b\n-- grain: one row\n"
    "with violations as (select 1 as a) select a from violations",
    "broken": "-- title: a | b\n-- grain: one row\nselect from where",
}


@pytest.mark.parametrize("text", BAD_QUERIES.values(), ids=BAD_QUERIES)
def test_a_query_file_that_is_wrong_is_named(text: str) -> None:
    with pytest.raises(ContractError) as caught:
        parse_query("test/wrong", text)
    assert "test/wrong" in caught.value.text.zh


def test_a_column_without_a_label_is_named() -> None:
    text = "-- title: a | b\n-- grain: one row\nselect 1 as nameless from violations"
    with pytest.raises(ContractError, match="nameless"):
        output_columns(parse_query("test/nameless", text))


def test_an_unknown_metric_is_named() -> None:
    text = BAD_QUERIES["star"].replace("select *", "-- adds: unheard_of\nselect 1 as violations")
    with pytest.raises(ContractError, match="unheard_of"):
        output_columns(parse_query("test/unknown", text))


@pytest.mark.parametrize("name", query_names())
def test_every_query_runs_over_extracts_without_rows_and_names_its_columns(
    given: Given, name: str
) -> None:
    engine = given(
        **{extract: [] for extract in all_contracts() if not all_contracts()[extract].made_by}
    )
    result = fetch(query(name), Filters(HALF_YEAR), engine, Reader())
    for lang in ("zh", "en"):
        names = result_table(result, lang).column_names  # type: ignore[arg-type]
        assert len(names) == len(set(names))
        assert all(names)
