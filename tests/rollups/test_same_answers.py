"""Any query gives the same rows from rollups, from the records and from plain Python over them."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from brigade.contracts import all_contracts
from brigade.engine.answers import Answer, Answers
from brigade.engine.choices import choices as offered
from brigade.engine.compared import for_both
from brigade.engine.duckdb import Engine
from brigade.engine.relations import Bound, Reader, bind, bind_text, bind_to_rollups
from brigade.filters import Filters, Period, key_of
from brigade.queries import query, query_names
from brigade.rollups.kept import Span
from brigade.rollups.reading import readings
from tests.rollups.conftest import DAYS, FIRST, VALUES

Row = dict[str, Any]
FILTERED = ("township", "category", "road_class", "squadron", "vehicle_type", "source")
DRINK, PLATE = ("酒驾", "醉驾"), ("涉牌", "涉证")

# Each dimension and each sum as SQL writes it, and once more in Python.
DIMENSIONS: dict[str, Callable[[Row], Any]] = {
    **{name: lambda row, name=name: row[name] for name in FILTERED},
    "violation_code": lambda row: row["violation_code"],
    "campaign_id": lambda row: row["campaign_id"],
    "year": lambda row: row["occurred_at"].year,
    "month": lambda row: row["occurred_at"].date().replace(day=1),
    "day": lambda row: row["occurred_at"].date(),
    "weekday": lambda row: row["occurred_at"].isoweekday(),
    "hour": lambda row: None if row["time_recorded"] is False else row["occurred_at"].hour,
    "drink": lambda row: None if row["category"] is None else row["category"] in DRINK,
    "on_campaign": lambda row: row["campaign_id"] is not None,
}


def added(values: list[Any]) -> Any:
    """What ``sum`` gives: nothing where there is no value."""
    known = [value for value in values if value is not None]
    return sum(known) if known else None


SUMS: dict[str, Callable[[list[Row]], Any]] = {
    "sum(records)": lambda rows: len(rows) or None,
    "sum(fine_yuan)": lambda rows: added([row["fine_yuan"] for row in rows]),
    "coalesce(sum(points), 0)": lambda rows: added([row["points"] for row in rows]) or 0,
    "sum(coalesce(points, 0))": lambda rows: added([row["points"] or 0 for row in rows]),
    "sum(case when drink then records when drink is not null then 0 end)": lambda rows: added(
        [None if row["category"] is None else row["category"] in DRINK for row in rows]
    ),
    "sum(case source when '现场' then fine_yuan else 0 end)": lambda rows: added(
        [row["fine_yuan"] if row["source"] == "现场" else 0 for row in rows]
    ),
    "sum(points) filter (where plate_licence)": lambda rows: added(
        [row["points"] for row in rows if row["category"] in PLATE]
    ),
}

days = st.integers(-40, DAYS + 40).map(lambda n: FIRST.date() + timedelta(days=n))
whole_months = st.integers(0, 19).map(lambda n: date(2020 + (n + 11) // 12, (n + 11) % 12 + 1, 1))
starts = days | whole_months
ends = days | whole_months.map(lambda day: day - timedelta(days=1))
periods = st.tuples(starts, ends).map(lambda two: Period(min(two), max(two)))
written = {
    name: [("未记录" if value is None else str(value)) for value in dict.fromkeys(VALUES[name])]
    for name in FILTERED
}
choices = st.fixed_dictionaries(
    {},
    optional={
        **{
            key_of("violations", name): st.lists(
                st.sampled_from(values), unique=True, min_size=1, max_size=3
            ).map(tuple)
            for name, values in written.items()
        },
        "weekday": st.sampled_from([("1",), ("6", "7")]),
        "hour": st.sampled_from([("0",), ("7", "8", "未记录")]),
        "violations.drink": st.sampled_from([("true",), ("false",), ("未记录",)]),
    },
)
comparisons = st.sampled_from(["year", "previous", "none"])
all_filters = st.builds(Filters, periods, comparisons, choices)
few_examples = settings(
    max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def records(engine: Engine, bound: Bound) -> list[Row]:
    """The rows of a query from the records."""
    return engine.rows(replace(bound, asked=None))


def alike(rows: list[Row]) -> Counter[str]:
    """Rows to compare in any order, each value with its type."""
    return Counter(repr(row) for row in rows)


def passing(rows: list[Row], filters: Filters, relation: str) -> list[Row]:
    """The rows that a relation has under filters, said once more in plain Python."""
    period = filters.before if relation.endswith("_before") else filters.period
    if period is None:
        return []
    first = date.min if relation.endswith("_to_date") else period.start
    found = [row for row in rows if first <= row["occurred_at"].date() <= period.end]
    for key, values in filters.values.items():
        of = DIMENSIONS[key.rpartition(".")[2]]
        found = [row for row in found if as_written(of(row)) in values]
    return found


def as_written(value: Any) -> str:
    """A value as a filter has it."""
    if isinstance(value, bool):
        return str(value).lower()
    return "未记录" if value is None else str(value)


@few_examples
@given(
    st.lists(st.sampled_from(sorted(DIMENSIONS)), unique=True, max_size=3),
    st.lists(st.sampled_from(sorted(SUMS)), unique=True, min_size=1, max_size=3),
    st.sampled_from(["violations", "violations_before", "violations_to_date"]),
    all_filters,
)
def test_any_sums_under_any_filters(
    drawn: tuple[list[Row], Engine],
    dimensions: list[str],
    sums: list[str],
    relation: str,
    filters: Filters,
) -> None:
    rows, engine = drawn
    select = [*dimensions, *(f"{text} as sum_{n}" for n, text in enumerate(sums))]
    grouped = f" group by {', '.join(dimensions)}" if dimensions else ""
    text = f"select {', '.join(select)} from {relation}{grouped}"  # noqa: S608 (of names that are listed above)
    named = (*dimensions, "records", "fine_yuan", "points", "drink", "source", "plate_licence")
    bound = bind_text(text, (relation,), named, filters, Reader())
    groups: dict[tuple[Any, ...], list[Row]] = {} if dimensions else {(): []}
    for row in passing(rows, filters, relation):
        groups.setdefault(tuple(DIMENSIONS[name](row) for name in dimensions), []).append(row)
    expected = [
        {
            **dict(zip(dimensions, key, strict=True)),
            **{f"sum_{n}": SUMS[text](members) for n, text in enumerate(sums)},
        }
        for key, members in groups.items()
    ]
    found = forgetful(engine).rows(bound)
    assert alike(found) == alike(records(forgetful(engine), bound))
    assert sorted(map(values, found), key=repr) == sorted(map(values, expected), key=repr)
    earlier = replace(filters, period=filters.before or filters.period)
    before = bind_text(text, (relation,), named, earlier, Reader())
    both = engine.rows_of_both(bound, before)
    assert list(map(alike, both)) == [alike(found), alike(records(engine, before))]


def values(row: Row) -> tuple[Any, ...]:
    """A row's values, numbers of one size alike whatever their type."""
    return tuple(float(v) if isinstance(v, int | float) else v for v in row.values())


def forgetful(engine: Engine) -> Engine:
    """The same engine, which has rollups and forgets what it has answered."""
    assert engine.sums is not None
    assert engine.sums.kept.rollups
    engine.answers = Answers[Answer](0, lambda answer: answer.cells)
    engine.results = Answers[Any](0, lambda result: result.cells)
    return engine


HOUSE = [n for n in query_names() if any(not r.refused for r in readings(query(n).sql).values())]


@few_examples
@given(st.sampled_from([n for n in HOUSE if query(n).extracts == ("violations",)]), all_filters)
def test_the_house_s_queries_of_violations(
    drawn: tuple[list[Row], Engine], name: str, filters: Filters
) -> None:
    _, engine = drawn
    bound = bind(query(name), filters, Reader())
    found = forgetful(engine).rows(bound, name)
    assert found == records(forgetful(engine), bound)
    before = bind(query(name), replace(filters, period=filters.before or filters.period), Reader())
    assert engine.rows_of_both(bound, before) == (found, records(engine, before))


@few_examples
@given(st.sampled_from(HOUSE), periods, comparisons, st.data())
def test_every_query_of_the_house_over_the_sample(
    sample: Engine, name: str, period: Period, comparison: Any, data: st.DataObject
) -> None:
    sample.require(*query(name).extracts)
    extracts = [all_contracts()[extract] for extract in query(name).extracts]
    keys = sorted(
        {key_of(e.name, c.name) for e in extracts for c in e.columns.values() if c.filter}
    )
    chosen = {}
    for key in data.draw(st.lists(st.sampled_from(keys), unique=True, max_size=4)):
        some = offered(sample, key)
        if some:
            wanted = data.draw(st.lists(st.sampled_from(some), min_size=1, max_size=3, unique=True))
            chosen[key] = tuple(wanted)
    shift = timedelta(days=data.draw(st.integers(0, 300)))
    filters = Filters(Period(period.start + shift, period.end + shift), comparison, chosen)
    bound = bind(query(name), filters, Reader())
    found = forgetful(sample).rows(bound, name)
    assert alike(found) == alike(records(forgetful(sample), bound))
    before = bind(query(name), replace(filters, period=filters.before or filters.period), Reader())
    both = sample.rows_of_both(bound, before)
    assert list(map(alike, both)) == [alike(found), alike(records(sample, before))]


def test_the_queries_of_a_page_are_answered_from_rollups(sample: Engine) -> None:
    """Not only the same: from where it is sooner."""
    filters = Filters(Period(date(2021, 3, 4), date(2022, 2, 9)), values={"township": ("刘集镇",)})
    assert sample.sums is not None
    for name in HOUSE:
        if query(name).extracts == ("violations",):
            bound = bind(query(name), filters, Reader())
            assert "from rollups.violations_" in bind_to_rollups(bound, sample.sums.kept).sql, name


@pytest.mark.parametrize(
    "text",
    [
        "select township, sum(records) as n from violations group by township limit 1",
        "select township, row_number() over () as n from violations group by township",
        "with a as (select township, sum(records) as n from violations group by township)"
        " select max(n) as n from a",
        "select sum(records) as n from violations where township in (select '刘集镇')",
        "select township, sum(records) as n from violations group by rollup (township)",
        "select distinct sum(records) as n from violations group by township",
        "select a.township, sum(a.records) as n from violations a"
        " join violations b using (township) group by a.township",
        "select township, sum(records) as n from violations group by all",
        "select sum(records) as n from violations union all select 1",
    ],
)
def test_what_looks_beyond_one_group_is_asked_of_each_period_by_itself(text: str) -> None:
    assert for_both(text) is None


def test_a_page_s_queries_of_violations_are_asked_of_both_periods_at_once(sample: Engine) -> None:
    now = Filters(Period(date(2021, 3, 4), date(2022, 2, 9)), values={"township": ("刘集镇",)})
    before = replace(now, period=Period(date(2020, 3, 4), date(2021, 2, 9)))
    assert sample.sums is not None
    for name in ("summary", "by_month", "by_code", "by_township", "by_hour_weekday"):
        asked = [bind(query(f"enforcement/{name}"), one, Reader()) for one in (now, before)]
        assert sample.sums.both(*asked) is not None, name


def test_a_personal_column_is_read_from_the_records(sample: Engine) -> None:
    assert sample.sums is not None
    filters = Filters(Period(date(2022, 1, 1), date(2022, 6, 30)))
    text = "select officer, sum(records) as n from violations group by officer"
    for reader in (Reader(), Reader(show_personal=True)):
        bound = bind_text(text, ("violations",), ("officer",), filters, reader)
        assert "rollups." not in bind_to_rollups(bound, sample.sums.kept).sql
    assert not any({"officer", "plate"} & set(one.columns) for one in sample.sums.kept.rollups)


def test_what_is_shown_stays_over_the_records(sample: Engine) -> None:
    bound = bind(
        query("enforcement/summary"), Filters(Period(date(2022, 1, 1), date(2022, 6, 30))), Reader()
    )
    assert "from release.violations" in bound.literal()
    assert "rollups." not in bound.literal()


@pytest.mark.parametrize(
    ("period", "tables"),
    [
        (Period(date(2021, 2, 1), date(2021, 4, 30)), ["month"]),
        (Period(date(2021, 2, 3), date(2021, 4, 30)), ["day", "month"]),
        (Period(date(2021, 2, 1), date(2021, 4, 29)), ["month", "day"]),
        (Period(date(2021, 2, 3), date(2021, 4, 29)), ["day", "month", "day"]),
        (Period(date(2021, 2, 3), date(2021, 3, 5)), ["day"]),
        # Before the first record and after the last one there is nothing to leave out.
        (Period(date(2020, 12, 9), date(2023, 4, 29)), ["month"]),
    ],
)
def test_whole_months_are_read_by_the_month_and_the_rest_by_the_day(
    drawn: tuple[list[Row], Engine], period: Period, tables: list[str]
) -> None:
    _, engine = drawn
    assert engine.sums is not None
    [reading] = readings(query("enforcement/by_category").sql).values()
    span = Span(period.start, period.end + timedelta(days=1))
    pieces = engine.sums.kept.pieces("violations", reading, Filters(period), span)
    assert pieces is not None
    assert ["day" if p.rollup is None or p.rollup.daily else "month" for p in pieces] == tables
    assert pieces[0].span.until == (
        pieces[1].span.start if len(pieces) > 1 else pieces[0].span.until
    )


def test_sums_that_depend_on_their_order_are_left_to_the_records(make: Any) -> None:
    rows = [
        {
            "violation_id": str(n),
            "occurred_at": datetime(2022, 1, 1),
            "fine_yuan": fine,
            "points": 1,
        }
        for n, fine in enumerate([0.1, 0.2, 0.3])
    ]
    engine = make(rows)
    assert {m for one in engine.sums.kept.rollups for m in one.measures} == {"points"}
    [reading] = readings(query("enforcement/summary").sql).values()
    assert reading.measures == {"records", "fine_yuan", "points"}
    bound = bind(
        query("enforcement/summary"), Filters(Period(date(2022, 1, 1), date(2022, 1, 1))), Reader()
    )
    assert bind_to_rollups(bound, engine.sums.kept).sql == bound.sql
