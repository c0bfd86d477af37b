"""What is put in Spark's words means the same there; what isn't known to is refused by name."""

import math
import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from brigade.engine.cluster import Cluster, Session
from brigade.engine.dialect import spark_sql
from brigade.errors import UnsupportedError

WORDS = [
    "刘集镇",
    "大桥镇",
    "a",
    "A",
    "b_c",
    "100%",
    "",
    "x、y、",
    "甲|乙.丙",
    "back\\slash",
    "it's",
    "未\n记",
]
DAYS = [
    date(2020, 2, 29),
    date(2021, 12, 31),
    date(2024, 12, 30),
    date(2019, 1, 1),
    date(1999, 5, 2),
]
TIMES = [
    datetime(2022, 1, 31, 23, 59, 59, 999999),
    datetime(2022, 3, 1, 0, 0, 0, 1),
    datetime(2024, 2, 29, 12, 30),
    datetime(1969, 12, 31, 23, 0, 0, 500000),
    datetime(2021, 1, 3, 0, 0),
]
NUMBERS = [0.5, 1.5, 2.5, -0.5, -1.5, 23245.5, 0.005, 1e-3, 116.235, 36.0, 0.0, 7.0]


def _cycle(values: list[Any], step: int) -> list[Any]:
    """Sixty of them, every seventh null, in an order of their own."""
    return [None if n % 7 == step % 7 else values[n * step % len(values)] for n in range(60)]


ROWS = pa.table(
    {
        "id": pa.array(range(60), pa.int64()),
        "n": pa.array(_cycle([0, 1, 7, -7, -1, 13, 2_000_000_011], 3), pa.int64()),
        "m": pa.array(_cycle([1, 2, 3, 12], 5), pa.int64()),
        "x": pa.array(_cycle(NUMBERS, 5), pa.float64()),
        "s": pa.array(_cycle(WORDS, 7), pa.string()),
        "z": pa.array(_cycle(WORDS, 11), pa.string()),
        "d": pa.array(_cycle(DAYS, 3), pa.date32()),
        "t": pa.array(_cycle(TIMES, 3), pa.timestamp("us")),
        "u": pa.array(_cycle(TIMES, 8), pa.timestamp("us")),
        "b": pa.array(_cycle([True, False], 3), pa.bool_()),
    }
)
# Every grid cell that a place in China can fall in, as the text that a filter knows it by.
CELLS = pa.table({"cell": pa.array(range(3_600, 27_001), pa.int32())})

EXPRESSIONS = [
    # dates and times
    "(date_diff('day', date '2024-01-01', cast(t as date)) % 7 + 7) % 7 + 1",
    "date_diff('day', t, u)",
    "date_diff('day', d, cast(t as date))",
    "date_diff('second', t, u)",
    "cast(date_diff('second', t, u) as double) / 3600",
    "date_trunc('month', t)",
    "cast(date_trunc('month', t) as date)",
    "cast(date_trunc('year', d) as date)",
    "date_trunc('day', t)",
    "year(t)",
    "month(d)",
    "day(d)",
    "hour(t)",
    "d + interval 1 day",
    "t - interval 1 month",
    "d - interval 1 year",
    "d + 3",
    "d - cast(m as integer)",
    "make_date(2023, cast(m as integer), 28)",
    "t >= d and t < d + interval 1 day",
    "t < $day",
    "cast(d as timestamp)",
    # numbers
    "n / 7",
    "7 / nullif(n, 0)",
    "x / nullif(m, 0)",
    "n % 7",
    "-n % 5",
    "n * 1.5",
    "n * 1.0 / nullif(m, 0)",
    "n + m - 2 * m",
    "cast(x as integer)",
    "cast(x as bigint)",
    "cast(n as double)",
    "round(x)",
    "cast(round(x) as integer)",
    "floor(x)",
    "cast(cast(floor(x) as integer) as varchar)",
    "cast(round(x * 200) as integer) / 200",
    # texts
    "cast(n as varchar)",
    "cast(d as varchar)",
    "cast(b as varchar)",
    "concat(s, '-', z)",
    "concat('、', s, '、')",
    "s || z",
    "concat_ws('、', s, z, case when b then 'yes' end)",
    "substr(s, 1, 2)",
    "substr(s, length(s), 1)",
    "substr(s, greatest(length(s) - 3, 1), 4)",
    "length(s)",
    "s like '%桥%'",
    "s like '1__%'",
    "s like 'a'",
    "contains(s, '%')",
    "contains(concat('、', s, '、'), concat('、', $word, '、'))",
    "s = 'back\\slash'",
    "s = 'it''s'",
    "s < z",
    # conditions
    "coalesce(s, z, '未记录')",
    "nullif(s, '')",
    "least(n, m)",
    "greatest(d, cast(t as date))",
    "case s when 'a' then 1 when '大桥镇' then 2 else 3 end",
    "case when not b then 1 when b is not null then 0 end",
    "if(b, n, m)",
    "s in ('a', 'A', null)",
    "s not in ('a', 'A')",
    "s = any($words)",
    "(s = any($words) or s is null)",
    "n between 1 and 10",
    "b and n > 0",
    "b or n > 0",
    "n is null or b",
    "n <> m",
    "(select max(n) from release.t) - n",
]

QUERIES = [
    *(
        f"select id, {column} as v from release.t order by {column}{way}, id"
        for column in ("s", "n", "x", "d", "t", "b")
        for way in ("", " desc", " nulls first", " desc nulls first")
    ),
    "select b, sum(n) as n, count(*) as a, count(s) as c, count(distinct s) as e from release.t"
    " group by b order by b",
    "select s, min(d) as f, max(t) as l, min(x) as x, max(s) as z from release.t"
    " group by s order by s",
    "select m, sum(x) as x from release.t where x = floor(x) group by m order by m",
    "select sum(n) filter (where b) as y, count(*) filter (where n > 0) as p from release.t",
    "select sum(n) as nothing, count(*) as none, max(s) as no from release.t where n > 9e9",
    "select m, quantile_cont(id, 0.5) as p, quantile_cont(n, 0.9) as q, quantile_cont(x, 0.25) as r"
    " from release.t group by m order by m",
    "select quantile_cont(case when b then x end, 0.9) as p from release.t",
    "select id, sum(n) over (partition by m order by id) as v, row_number() over (order by id desc)"
    " as r, sum(m) over (partition by b) as w from release.t order by id",
    "select id, sum(n) over (order by m) as v from release.t order by id",
    "select nullif(part, '') as part, count(*) as n from "
    "(select unnest(string_split(coalesce(s, ''), '、')) as part from release.t) as parts"
    " group by nullif(part, '') order by n desc, part",
    "select id, unnest(string_split(s, '|')) as part from release.t order by id, part",
    "select unnest(string_split(s, '.')) as part from release.t order by part",
    "select s from release.t union select z from release.t order by s",
    "select m from release.t union all select n from release.t order by m",
    "select distinct s, b from release.t order by s, b limit 7 offset 3",
    "with a as (select id, s from release.t where b), "
    " c as (select id, z from release.t where not b)"
    " select a.id, s, c.id as other, z from a full join c on a.s = c.z order by a.id, c.id",
    "with items(item) as (values ('a'), ('大桥镇'), ('无'))"
    " select i.item, count(t.id) as n from items as i left join release.t as t on t.s = i.item"
    " group by i.item order by i.item",
    "select s, count(*) as n from release.t group by s having count(*) > 4 order by n desc, s",
    "select m, n from (select m, sum(n) as n from release.t group by m) as g"
    " order by n * 1.0 / nullif(m, 0), m",
    "select q.id from release.t as q where exists (select 1 from release.t as o where o.n = q.id)"
    " order by id",
    "select id from release.t where s in (select z from release.t where b) order by id",
    "select cell, cast(cast(round(cast(cell as double) / 200 * 200) as integer) / 200 as varchar)"
    " as v from release.cells order by cell",
]

PARAMETERS = {"day": date(2022, 3, 1), "word": "y", "words": ["a", "大桥镇", "it's", "back\\slash"]}

REFUSED = [
    "select isodow(t) from release.t",
    "select strftime(t, '%G-W%V') from release.t",
    "select weekofyear(t) from release.t",
    "select date_trunc('week', t) from release.t",
    "select date_diff('month', t, u) from release.t",
    "select round(x, 2) from release.t",
    "select n / m from release.t",
    "select n % m from release.t",
    "select n // 7 from release.t",
    "select cast(x as decimal(9, 2)) from release.t",
    "select try_cast(s as integer) from release.t",
    "select s like z from release.t",
    "select s like 'a\\b' from release.t",
    "select s ilike 'a' from release.t",
    "select regexp_matches(s, 'a') from release.t",
    "select substr(s, -1) from release.t",
    "select substr(s, 0, 2) from release.t",
    "select [1, 2] from release.t",
    "select nullif(unnest(string_split(s, ',')), '') from release.t",
    "select string_agg(s, ',') from release.t",
    "select quantile_disc(n, 0.5) from release.t",
    "select approx_count_distinct(s) from release.t",
    "select m, count(*) from release.t group by all",
    "select s, sum(n) from release.t group by rollup (s)",
    "select s from release.t order by all",
    "select distinct on (s) s, n from release.t",
    "select * from release.t",
    "select a.id from release.t as a join release.t as c using (id)",
    "select a.id from release.t as a semi join release.t as c on a.id = c.id",
    "with recursive r as (select 1 as n union all select n + 1 from r) select n from r",
    "select n from generate_series(1, 3) as g(n)",
    "select id from release.t union by name select id from release.t",
    "select id from read_parquet('x.parquet')",
    "select id from release.t qualify row_number() over (order by id) = 1",
    "select current_date from release.t",
    "select random() from release.t",
    "select from where",
]


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute("attach ':memory:' as release")
        for name, rows in (("t", ROWS), ("cells", CELLS)):
            connection.register("given", rows)
            connection.execute(f"create table release.{name} as select * from given")
            connection.unregister("given")
        yield connection


@pytest.fixture(scope="module")
def theirs(address: str, tmp_path_factory: pytest.TempPathFactory) -> Session:
    folder = tmp_path_factory.mktemp("rows")
    session = Cluster(address).session()
    for name, rows in (("t", ROWS), ("cells", CELLS)):
        pq.write_table(rows, folder / f"{name}.parquet")
        view = session.spark.read.parquet(f"file://{folder}/{name}.parquet")
        view.createOrReplaceTempView(f"given_{name}")
    return session


def rows_here(sql: str, connection: duckdb.DuckDBPyConnection) -> list[tuple[Any, ...]]:
    wanted = {name: PARAMETERS[name] for name in set(re.findall(r"\$(\w+)", sql))}
    return [tuple(row) for row in connection.execute(sql, wanted).fetchall()]


def rows_there(sql: str, session: Session) -> list[tuple[Any, ...]]:
    asked: dict[str, Any] = {}
    for name in re.findall(r"\$(\w+)", sql):
        value = PARAMETERS[name]
        several = isinstance(value, list)
        asked |= {f"{name}_{n}": v for n, v in enumerate(value)} if several else {name: value}
    words = spark_sql(sql, "given", {"words": len(PARAMETERS["words"])})  # type: ignore[arg-type]
    table = session.spark.sql(words, args=asked).toArrow()
    return list(zip(*(column.to_pylist() for column in table.columns), strict=True))


def same(here: Any, there: Any) -> bool:
    if isinstance(here, bool) or isinstance(there, bool):
        return here is there
    if isinstance(here, float) and there is not None:
        return math.isclose(here, float(there), rel_tol=1e-15)
    if here is not None and not isinstance(here, (str, date)):
        return there is not None and float(here) == float(there)
    return bool(here == there) and isinstance(there, type(here))


def test_every_expression_gives_the_same_values(
    ours: duckdb.DuckDBPyConnection, theirs: Session
) -> None:
    wanted = ", ".join(f"{expression} as v{n}" for n, expression in enumerate(EXPRESSIONS))
    sql = f"select {wanted} from release.t as t order by id"
    here, there = rows_here(sql, ours), rows_there(sql, theirs)
    assert len(here) == len(there) == ROWS.num_rows
    different = {
        EXPRESSIONS[n]: (x, y)
        for a, b in zip(here, there, strict=True)
        for n, (x, y) in enumerate(zip(a, b, strict=True))
        if not same(x, y)
    }
    assert different == {}


@pytest.mark.parametrize("sql", QUERIES)
def test_it_gives_the_same_rows(sql: str, ours: duckdb.DuckDBPyConnection, theirs: Session) -> None:
    here, there = rows_here(sql, ours), rows_there(sql, theirs)
    assert len(here) == len(there)
    different = [
        (a, b)
        for a, b in zip(here, there, strict=True)
        if not all(same(x, y) for x, y in zip(a, b, strict=True))
    ]
    assert different == []


@pytest.mark.parametrize("sql", REFUSED)
def test_what_may_differ_is_refused_with_the_querys_name(sql: str) -> None:
    with pytest.raises(UnsupportedError) as refused:
        spark_sql(sql, "given", name="domain/name")
    for text in (refused.value.text.zh, refused.value.text.en):
        assert "domain/name" in text


def test_the_construct_itself_is_named() -> None:
    with pytest.raises(UnsupportedError) as refused:
        spark_sql("select day, isodow(day) as weekday from release.t", "given", name="a/b")
    assert "ISODOW(day)" in refused.value.text.en.upper().replace("DAY", "day")


def test_names_of_the_texts_own_are_left_alone() -> None:
    sql = "with crashes as (select id from release.crashes) select id from crashes"
    words = spark_sql(sql, "r1")
    assert words.count("r1_crashes") == 1
    assert words.endswith("FROM crashes")
