"""What a name in a query stands for: filters, periods, masks."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given as hypothesis_given
from hypothesis import strategies as st

from brigade.contracts import SQL_TYPES, contract
from brigade.engine.duckdb import Engine, whole_numbers
from brigade.engine.relations import Bound, Reader, bind, bind_text
from brigade.filters import Filters, Period
from brigade.queries import parse_query
from tests.conftest import HALF_YEAR, Given

TOWNSHIPS = ["铜城街道", "刘集镇", "'; drop table x; --", None]
CATEGORIES = ["酒驾", "醉驾", "超速", None]
rows = st.lists(
    st.fixed_dictionaries(
        {
            "occurred_at": st.datetimes(datetime(2020, 12, 25), datetime(2022, 7, 5)),
            "township": st.sampled_from(TOWNSHIPS),
            "category": st.sampled_from(CATEGORIES),
        }
    ),
    max_size=25,
)


def values_of(options: Sequence[str | None]) -> st.SearchStrategy[tuple[str, ...]]:
    """Some of a column's values, as a filter writes them."""
    written = [value if value is not None else "未记录" for value in options]
    return st.lists(st.sampled_from(written), unique=True, max_size=3).map(tuple)


choices = st.fixed_dictionaries(
    {},
    optional={
        "township": values_of(TOWNSHIPS),
        "category": values_of(CATEGORIES),
        "weekday": st.lists(st.integers(1, 7).map(str), max_size=2).map(tuple),
        "hour": st.lists(st.integers(0, 23).map(str), max_size=3).map(tuple),
        "violations.drink": st.sampled_from([("true",), ("false",), ()]),
    },
)
TOTALS = parse_query(
    "test/totals",
    "-- title: 合计 | Totals\n-- grain: one row\n"
    "select sum(records) as violations, count(distinct category) as kinds from violations",
)


def allowed(row: dict[str, Any], period: Period, chosen: dict[str, tuple[str, ...]]) -> bool:
    """Whether a row passes, said once more in plain Python."""
    at: datetime = row["occurred_at"]
    facts = {
        "township": row["township"] or "未记录",
        "category": row["category"] or "未记录",
        "weekday": str(at.isoweekday()),
        "hour": str(at.hour),
        "violations.drink": None
        if row["category"] is None
        else "true"
        if row["category"] in ("酒驾", "醉驾")
        else "false",
    }
    in_period = period.start <= at.date() <= period.end
    return in_period and all(facts[key] in values for key, values in chosen.items() if values)


def run_bound(bound: Bound, table: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Run bound text over rows held in memory under the name of a release's table."""
    stored = contract("violations").stored_columns
    columns = ", ".join(f"{c.name} {SQL_TYPES[c.type]}" for c in stored)
    with duckdb.connect() as connection:
        connection.execute("attach ':memory:' as release")
        connection.execute(f"create table release.violations ({columns})")
        for row in table:
            connection.execute(
                "insert into release.violations (violation_id, occurred_at, township, category) "
                "values ('x', $occurred_at, $township, $category)",
                row,
            )
        found: pa.Table = connection.sql(bound.sql, params=dict(bound.parameters)).to_arrow_table()
        return list(whole_numbers(found).to_pylist())


@hypothesis_given(
    rows, choices, st.sampled_from([HALF_YEAR, Period(date(2021, 12, 30), date(2022, 1, 2))])
)
def test_any_filters_give_the_total_that_plain_python_gives(
    table: list[dict[str, Any]], chosen: dict[str, tuple[str, ...]], period: Period
) -> None:
    bound = bind(TOTALS, Filters(period, values=chosen), Reader())
    expected = [row for row in table if allowed(row, period, chosen)]
    [found] = run_bound(bound, table)
    assert found["violations"] == (len(expected) or None)
    assert found["kinds"] == len({row["category"] for row in expected} - {None})


@hypothesis_given(rows, choices)
def test_the_literal_text_gives_the_same_as_the_parameters(
    table: list[dict[str, Any]], chosen: dict[str, tuple[str, ...]]
) -> None:
    bound = bind(TOTALS, Filters(HALF_YEAR, values=chosen), Reader())
    assert run_bound(Bound(bound.literal(), {}), table) == run_bound(bound, table)


def test_before_and_to_date_stand_for_their_own_spans(given: Given) -> None:
    days = [
        date(2020, 5, 1),
        date(2021, 5, 1),
        date(2021, 5, 2),
        date(2021, 11, 1),
        date(2022, 5, 1),
    ]
    engine = given(
        violations=[
            {"violation_id": str(i), "occurred_at": datetime.combine(day, datetime.min.time())}
            for i, day in enumerate(days)
        ]
    )
    text = """-- title: 三段 | Spans
-- grain: one row
select (select sum(records) from violations) as a,
  (select sum(records) from violations_before) as b,
  (select sum(records) from violations_to_date) as c, ends_on from period"""
    bound = bind(parse_query("test/spans", text), Filters(HALF_YEAR), Reader())
    assert engine.run(bound).to_pylist() == [{"a": 1, "b": 2, "c": 5, "ends_on": HALF_YEAR.end}]


def test_a_query_with_its_own_ctes_reads_the_bound_rows(given: Given) -> None:
    engine = given(
        violations=[
            {"violation_id": "1", "occurred_at": datetime(2022, 3, 1), "township": "刘集镇"},
            {"violation_id": "2", "occurred_at": datetime(2022, 3, 1), "township": "大桥镇"},
        ]
    )
    text = """-- title: 自带 | Own
-- grain: one row per township
with counted as (select township, sum(records) as violations from violations group by township)
select township, violations from counted"""
    filters = Filters(HALF_YEAR, values={"township": ("大桥镇",)})
    bound = bind(parse_query("test/own", text), filters, Reader())
    assert engine.run(bound).to_pylist() == [{"township": "大桥镇", "violations": 1}]


@pytest.mark.parametrize(
    ("show", "expected"), [(False, ("鲁Z***5", "***")), (True, ("鲁Z12345", "P0007"))]
)
def test_personal_columns_are_masked_unless_the_reader_may_see_them(
    given: Given, show: bool, expected: tuple[str, str]
) -> None:
    engine = given(
        violations=[
            {
                "violation_id": "1",
                "occurred_at": datetime(2022, 3, 1),
                "plate": "鲁Z12345",
                "officer": "P0007",
            },
            {"violation_id": "2", "occurred_at": datetime(2022, 3, 2)},
        ]
    )
    bound = bind_text(
        "select plate, officer from violations order by violation_id",
        ("violations",),
        ("plate", "officer", "violation_id"),
        Filters(HALF_YEAR),
        Reader(show_personal=show),
    )
    found = [tuple(row.values()) for row in engine.run(bound).to_pylist()]
    assert found == [expected, (None, None)]


def _open(given: Given) -> Engine:
    return given(violations=[{"violation_id": "1", "occurred_at": datetime(2022, 3, 1)}])


@pytest.mark.parametrize(
    "sql",
    [
        "copy (select 1) to '{folder}/out.csv'",
        "delete from release.violations",
        "insert into release.violations (violation_id) values ('2')",
        "create table release.mine (a int)",
        "attach '{folder}/other.duckdb' as other",
        "select * from read_csv('{folder}/secret.csv')",
        "select * from read_parquet('{folder}/*/*.parquet')",
        "select * from read_text('{folder}/secret.csv')",
        "select * from '{folder}/secret.csv'",
        "with x as (select * from read_text('{folder}/secret.csv')) select * from x",
        "set enable_external_access = true",
        "set memory_limit = '9GB'",
        "install httpfs",
        "load httpfs",
        "export database '{folder}/dump'",
        "pragma database_list; copy (select 1) to '{folder}/out.csv'",
    ],
)
def test_no_statement_reads_or_writes_anything_but_the_release(
    given: Given, tmp_path: Any, sql: str
) -> None:
    engine = _open(given)
    (tmp_path / "secret.csv").write_text("a\n1\n")
    before = sorted(p.name for p in tmp_path.iterdir())
    with pytest.raises(duckdb.Error), engine._connection.cursor() as cursor:
        cursor.execute(sql.format(folder=tmp_path)).fetchall()
    assert sorted(p.name for p in tmp_path.iterdir()) == before
    assert engine._connection.cursor().execute(
        "select count(*) from release.violations"
    ).fetchone() == (1,)


def test_many_threads_each_get_their_own_result(given: Given) -> None:
    from concurrent.futures import ThreadPoolExecutor

    start = datetime(2022, 1, 1)
    engine = given(
        violations=[
            {"violation_id": str(i), "occurred_at": start + timedelta(hours=i)}
            for i in range(24 * 100)
        ]
    )

    def count(hour: int) -> int:
        filters = Filters(HALF_YEAR, values={"hour": (str(hour),)})
        found = engine.run(bind(TOTALS, filters, Reader())).to_pylist()
        return int(found[0]["violations"])

    with ThreadPoolExecutor(12) as pool:
        assert set(pool.map(count, [h % 24 for h in range(240)])) == {100}
