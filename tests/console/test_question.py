"""What a person may ask in SQL: everything that is not allowed is refused before it is run."""

from collections.abc import Iterator

import duckdb
import pytest
from hypothesis import given as hypothesis_given
from hypothesis import settings
from hypothesis import strategies as st
from sqlglot import exp, parse_one

from brigade.console import LETTERS, Question, read_question
from brigade.console.allowed import FUNCTIONS, TABLE_FUNCTIONS
from brigade.contracts import all_contracts
from brigade.engine.sandbox import Sandbox
from brigade.errors import QuestionError
from brigade.queries import query, query_names

MANY_SECONDS = 600.0
"""One process parses all that a test has, so it may live longer than a question's."""


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    database = tmp_path_factory.mktemp("empty") / "empty.duckdb"
    duckdb.connect(str(database)).close()
    with Sandbox(database, MANY_SECONDS) as opened:
        yield opened


ALLOWED = [
    "select township, sum(records) as n from violations group by township order by n desc",
    "SELECT Township FROM Violations",
    "from violations select township",
    "select * from violations",
    "select v.* exclude (plate) from violations as v",
    "select columns('fine.*') from violations",
    "select count(*), count(distinct plate) filter (where drink) from violations",
    "with a as (select township from violations), b as (select * from a) select * from b",
    "with A as (select 1 as x from violations) select * from a",
    "select rank() over (partition by township order by fine_yuan) from violations qualify true",
    "select township from violations union all select township from crashes order by 1 limit 3",
    "select year, month, hour from violations_before join violations_to_date using (violation_id)",
    "select * from violations natural join crashes",
    "select starts_on from period",
    "select u, r from violations, unnest(string_split(road_name, '、')) as t(u), range(3) as s(r)",
    "with recursive r(n) as (select 1 from period union all select n + 1 from r where n < 5)"
    " select n from r",
    "select cast(fine_yuan as integer), try_cast(points as varchar), fine_yuan::decimal(10, 2)"
    " from violations",
    "select case when drink then '是' else '否' end, date_trunc('week', occurred_at)"
    " from violations",
    "select (select max(fine_yuan) from violations) from violations where exists"
    " (select 1 from crashes) and category in ('酒驾', '醉驾') and township like '%镇'",
    "select 'copy (select 1) to ''x''; -- $from release.violations' as text from violations",
    "-- a comment\nselect /* another */ township from violations -- the last;",
    "select township from violations;",
    "select v.n, w.n from violations as w, (values (1), (2)) as v(n)",
]


@pytest.mark.parametrize("sql", ALLOWED)
def test_plain_questions_are_taken(sandbox: Sandbox, sql: str) -> None:
    assert read_question(sql, sandbox).relations


def test_every_query_of_the_house_is_taken_and_reads_what_it_reads(sandbox: Sandbox) -> None:
    for name in query_names():
        written = query(name)
        asked = read_question(written.sql, sandbox)
        assert set(asked.relations) == set(written.relations), name
        assert asked.identifiers >= {n.lower() for n in written.identifiers}, name


OTHER_STATEMENTS = [
    "copy violations to 'x.csv'",
    "copy (select 1) to 'x.csv'",
    "attach 'x.duckdb' as x",
    "set memory_limit = '9GB'",
    "pragma database_list",
    "install httpfs",
    "load httpfs",
    "call pragma_version()",
    "create table t as select * from violations",
    "create macro f() as 1",
    "delete from violations",
    "update violations set plate = 'x'",
    "insert into violations select * from violations",
    "drop table violations",
    "export database 'x'",
    "explain select * from violations",
    "explain analyze select * from violations",
    "select * from violations; select * from violations",
    "select * from violations; copy (select 1) to 'x.csv'",
    "prepare p as select 1",
    "begin transaction",
    "use release",
    "checkpoint",
    "vacuum",
    "pivot violations on township",
]
INSIDE_A_SELECT = [
    "with x as (copy (select 1) to 'x.csv') select * from x, violations",
    "with x as (insert into violations select 1 returning *) select * from x, violations",
    "with x as (delete from violations returning *) select * from x, violations",
    "with x as (update violations set plate = '' returning *) select * from x, violations",
    "describe violations",
    "describe select * from violations",
    "summarize violations",
    "show tables",
    "show all tables",
    "show databases",
    "select * from (describe violations)",
    "select * from (summarize release.violations)",
    "from violations unpivot (n for c in (points, fine_yuan))",
    "select list_filter([1], lambda x: x > 0) from violations",
    "select [x for x in [1, 2]] from violations",
    "select ? from violations",
    "select $from from violations",
    "select township collate nocase from violations",
    "select * from violations at (version => 1)",
]
FILES = [
    "select * from '/etc/passwd'",
    'select * from "/etc/passwd"',
    "select * from 'x.csv'",
    "select * from 'https://example.org/x.parquet'",
    "select * from read_csv('/etc/passwd')",
    "select * from read_text('/etc/passwd')",
    "select * from read_blob('/etc/passwd')",
    "select * from read_parquet('*')",
    "select * from read_json('x')",
    "select * from parquet_scan('x')",
    "select * from parquet_metadata('x')",
    "select * from glob('/*')",
    "select * from sniff_csv('x')",
    "select * from read_duckdb('x')",
    "select content from violations, read_text(township)",
    "select (select content from read_text('/etc/passwd')) from violations",
]
CATALOGUE = [
    "select * from information_schema.tables",
    "select * from duckdb_settings()",
    "select * from duckdb_tables()",
    "select * from duckdb_tables",
    "select * from duckdb_secrets()",
    "select * from pragma_database_list()",
    "select * from pragma_table_info('violations')",
    "select * from sqlite_master",
    "select * from pg_catalog.pg_tables",
    "select * from pg_tables",
    "select * from system.main.duckdb_settings",
    "select * from memory.main.violations",
    "select * from test_all_types()",
    "select * from query('select 1')",
    "select * from query_table('violations')",
    "select * from sql_auto_complete('sel')",
    "select * from checkpoint()",
    "select * from json_execute_serialized_sql('x')",
    "select * from arrow_scan(1, 2, 3)",
    "select * from pandas_scan(1)",
    "select * from no_such_extract",
    "select * from df",
]
UNBOUND = [
    "select * from release.violations",
    "select * from release.main.violations",
    'select * from "release"."violations"',
    'select * from "release".violations v, violations',
    "select * from Release.Violations",
    "with x as (select plate from release.violations) select * from x",
    "select (select max(plate) from release.violations) from violations",
    "select township from violations where plate in (select plate from release.violations)",
    "select * from violations union select * from release.violations",
    "table release.violations",
    "from release.violations",
    "select * from violations join release.violations using (violation_id)",
    "select * from violations positional join release.violations",
    "select * from violations, lateral (select * from release.violations)",
    "with violations as (select 1) select * from violations",
    "with Violations_Before as (select 1) select * from violations",
    "with period as (select 1) select * from period",
    "select * from violations_to_date_before",
]
FUNCTION_CALLS = [
    "select getenv('HOME') from violations",
    "select current_setting('temp_directory') from violations",
    "select current_user from violations",
    "select CURRENT_SCHEMA from violations",
    "select user from violations",
    "select current_database() from violations",
    "select version() from violations",
    "select nextval('x') from violations",
    "select main.getenv('HOME') from violations",
    "select system.main.getenv('HOME') from violations",
    "select 'HOME'.getenv() from violations",
    "select \"getenv\"('HOME') from violations",
    "select GetEnv('HOME') from violations",
    "select sum(getenv('HOME')) over () from violations",
    "select getvariable('x') from violations",
    "select json_serialize_sql('select 1') from violations",
    "select repeat('x', 1000000000) from violations",
    "select lpad('x', 1000000000, 'x') from violations",
    "select replace(township, 'a', 'aaaaaaaa') from violations",
    "select range(1000000000) from violations",
    "select unnest(generate_series(1, 1000000000)) from violations",
    "select township::json from violations",
    "select township::blob from violations",
    "select cast(township as mytype) from violations",
    "select township from violations order by getenv('HOME')",
    "select township from violations limit getenv('HOME')::int",
    "select township from violations group by township having getenv('HOME') = 'x'",
    "select * replace (getenv('HOME') as township) from violations",
    "select columns(c -> getenv('HOME') = c) from violations",
    "select * from range(length(getenv('HOME'))), violations",
    "select * from violations join crashes on getenv('HOME') = 'x'",
    "select * from (values (getenv('HOME'))), violations",
    "select sum(points) filter (where getenv('HOME') = 'x') from violations",
    "select sum(points) over (order by getenv('HOME')) from violations",
    "select distinct on (getenv('HOME')) township from violations",
]
NAMES_THAT_PASS_FOR_OTHERS = [
    # A CTE of a system name that is known elsewhere, but not where it is read.
    "with a as (select * from duckdb_settings), duckdb_settings as (select 1)"
    " select * from a, violations",
    "with duckdb_settings as (select * from duckdb_settings) select * from violations",
    "with recursive duckdb_settings as (select * from duckdb_settings union all"
    " select * from duckdb_settings) select * from violations",
    "select * from (with duckdb_tables as (select 1) select * from duckdb_tables) as x,"
    " duckdb_tables, violations",
    "select * from violations, (select * from pg_tables) as x,"
    " (with pg_tables as (select 1) select 1) as y",
    # The sign for kelvin looks like k, and Python's lower() makes it one.
    "with duc\u212adb_settings as (select 1) select * from duckdb_settings, violations",
    "select * from wor\u212a_ledger",
    "select * from \uff56iolations",
    "select /* */ plate from/**/release./**/violations",
    "select plate from release -- \n . violations",
    "with a as (select 1) (with b as (copy (select 1) to 'x.csv') select * from a, b, violations)",
]
REFUSED = [
    *OTHER_STATEMENTS,
    *INSIDE_A_SELECT,
    *FILES,
    *CATALOGUE,
    *UNBOUND,
    *FUNCTION_CALLS,
    *NAMES_THAT_PASS_FOR_OTHERS,
    "",
    " \n",
    "-- nothing",
    "select 1",
    "select",
    "select /* never ends",
    "select 'never ends",
    "select 1) as answer, (select 2",
    "select * from violations) as answer limit 5 --",
    "\x00",
    "你好",
    "select " + "x" * LETTERS + " from violations",
]


@pytest.mark.parametrize("sql", REFUSED)
def test_all_else_is_refused_with_a_sentence_in_both_languages(sandbox: Sandbox, sql: str) -> None:
    with pytest.raises(QuestionError) as refused:
        read_question(sql, sandbox)
    assert refused.value.text.zh
    assert refused.value.text.en


@pytest.mark.parametrize(
    ("sql", "named"),
    [
        ("select getenv('HOME') from violations", "getenv"),
        ("select * from release.violations", "release.violations"),
        ("select * from read_csv('x')", "read_csv"),
        ("select * from nowhere", "nowhere"),
        ("with x as (copy (select 1) to 'x') select * from x", "COPY"),
        ("show tables", "SHOW"),
    ],
)
def test_what_is_refused_is_named(sandbox: Sandbox, sql: str, named: str) -> None:
    with pytest.raises(QuestionError) as refused:
        read_question(sql, sandbox)
    assert named in refused.value.text.zh
    assert named in refused.value.text.en


@pytest.mark.parametrize("extract", sorted(all_contracts()))
def test_a_star_asks_for_every_column_and_a_name_for_that_one(
    sandbox: Sandbox, extract: str
) -> None:
    columns = set(all_contracts()[extract].columns)
    assert read_question(f"select * from {extract}", sandbox).identifiers == columns
    assert read_question(f"select x from {extract} as x", sandbox).identifiers >= columns
    one = sorted(columns)[0]
    assert read_question(f"select {one} from {extract}", sandbox).identifiers == {one}


NAMES = st.sampled_from(
    [
        "violations",
        "crashes_before",
        "period",
        "a",
        "b",
        "release.violations",
        "memory.main.a",
        "duckdb_settings",
        "information_schema.tables",
        "'x.csv'",
        '"release"."crashes"',
        "range(2)",
        "duckdb_settings()",
        "read_text('x')",
        "(values (1))",
        "(select * from a)",
        "(describe a)",
    ]
)
EXPRESSIONS = st.sampled_from(
    [
        "*",
        "plate",
        "a.plate",
        "release.violations.plate",
        "count(*)",
        "getenv('HOME')",
        "upper(plate)",
        "(select max(plate) from release.violations)",
        "(select max(plate) from violations)",
        "current_user",
        "sum(points) over ()",
        "'-- ''; drop'",
        "range(3)",
        "plate::json",
        "$1",
    ]
)


@st.composite
def texts(draw: st.DrawFn) -> str:
    """SELECTs put together of good and bad parts."""
    ctes = draw(st.lists(st.tuples(st.sampled_from(["a", "b", "violations"]), NAMES), max_size=2))
    head = ", ".join(f"{name} as (select * from {source})" for name, source in ctes)
    body = f"select {draw(EXPRESSIONS)} from {draw(NAMES)}"
    for _ in range(draw(st.integers(0, 2))):
        joined = draw(st.sampled_from([", ", " cross join ", " natural join "]))
        body += f"{joined}{draw(NAMES)}"
    if draw(st.booleans()):
        body += f" union all select {draw(EXPRESSIONS)} from {draw(NAMES)}"
    return f"{'with ' + head if head else ''} {body}{draw(st.sampled_from(['', ';', ' -- x']))}"


def seen_by_another_parser(question: Question) -> None:
    """The same rules held by a parser that the console doesn't use, over what will be run."""
    tree = parse_one(question.sql, dialect="duckdb")
    own = {cte.alias.lower() for cte in tree.find_all(exp.CTE)}
    for table in tree.find_all(exp.Table):
        assert not table.db
        assert not table.catalog
        if isinstance(table.this, exp.Identifier):
            assert table.name.lower() in own | set(question.relations)
    for call in tree.find_all(exp.Anonymous):
        assert call.name.lower() in FUNCTIONS | TABLE_FUNCTIONS
    assert not list(tree.find_all(exp.Copy, exp.Describe, exp.Command, exp.Placeholder))


@settings(max_examples=150)
@hypothesis_given(text=texts())
def test_whatever_is_taken_holds_only_bound_names(sandbox: Sandbox, text: str) -> None:
    try:
        question = read_question(text, sandbox)
    except QuestionError:
        return
    seen_by_another_parser(question)


@settings(max_examples=100)
@hypothesis_given(data=st.data())
def test_a_good_question_that_is_cut_and_mended_holds_only_bound_names(
    sandbox: Sandbox, data: st.DataObject
) -> None:
    good = data.draw(st.sampled_from(ALLOWED))
    at = data.draw(st.integers(0, len(good)))
    end = data.draw(st.integers(at, min(len(good), at + 12)))
    bad = data.draw(st.sampled_from([*REFUSED, "release.", "(", ")", ";", "--", "/*", "'", '"']))
    try:
        question = read_question(good[:at] + bad + good[end:], sandbox)
    except QuestionError:
        return
    seen_by_another_parser(question)
