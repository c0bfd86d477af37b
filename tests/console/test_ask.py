"""A question is answered under the filters, masked, within its limits, and apart from the app."""

import time
from datetime import datetime

import pytest

from brigade import export
from brigade.console import ask
from brigade.console.question import read_question
from brigade.contracts import Column
from brigade.engine.duckdb import Engine
from brigade.engine.relations import Reader, bind
from brigade.engine.sandbox import Sandbox, SandboxError
from brigade.engine.serving import database_of
from brigade.errors import MissingExtractError, QuestionError
from brigade.filters import Filters
from brigade.queries import query
from brigade.text import Text
from tests.conftest import HALF_YEAR, MASKED, Given

FILTERS = Filters(HALF_YEAR)


@pytest.fixture
def engine(given: Given) -> Engine:
    return given(
        violations=[
            {
                "violation_id": str(n),
                "occurred_at": datetime(2022, 1 + n, 5, n),
                "township": township,
                "category": "酒驾",
                "source": "现场",
                "plate": f"鲁Z1234{n}",
                "officer": f"P000{n}",
                "fine_yuan": 100.5 * n,
            }
            for n, township in enumerate(["刘集镇", "刘集镇", "大桥镇", None])
        ]
        + [{"violation_id": "old", "occurred_at": datetime(2021, 3, 1), "township": "刘集镇"}]
    )


def test_the_period_and_the_filters_apply(engine: Engine) -> None:
    sql = "select violation_id from violations order by 1"
    assert ask(sql, FILTERS, engine, MASKED).table.to_pydict() == {
        "violation_id": ["0", "1", "2", "3"]
    }
    some = Filters(HALF_YEAR, values={"township": ("刘集镇",)})
    assert ask(sql, some, engine, MASKED).table.to_pydict() == {"violation_id": ["0", "1"]}
    before = "select violation_id from violations_before"
    assert ask(before, FILTERS, engine, MASKED).table.to_pydict() == {"violation_id": ["old"]}


@pytest.mark.parametrize(
    "sql",
    [
        "select plate from violations",
        "select * from violations",
        "select v from violations as v",
        "select violations from violations",
        "select columns('pl.*') from violations",
        "select max(plate), min(officer), string_agg(plate, ',') from violations",
        "with a as (select * from violations_to_date) select * from a",
        "select upper(PLATE) || OFFICER from Violations",
        "select substr(plate, 3, 6) from violations where plate like '%1234%'",
        "select (select string_agg(plate, ' ') from violations) from period",
        "select unnest(violations) from violations",
    ],
)
def test_personal_columns_are_masked_however_they_are_asked_for(engine: Engine, sql: str) -> None:
    masked = str(ask(sql, FILTERS, engine, MASKED).table.to_pylist())
    assert "1234" not in masked
    assert "P000" not in masked


def test_a_reader_who_may_see_them_sees_them(engine: Engine) -> None:
    seen = ask("select plate from violations", FILTERS, engine, Reader(show_personal=True))
    assert "鲁Z12340" in seen.table.column("plate").to_pylist()


def test_an_error_shows_no_value(engine: Engine) -> None:
    with pytest.raises(QuestionError) as failed:
        ask("select cast(township as integer) from violations", FILTERS, engine, MASKED)
    assert "镇" not in failed.value.text.zh
    assert "try_cast" in failed.value.text.en


def test_a_wrong_column_is_named(engine: Engine) -> None:
    with pytest.raises(QuestionError) as failed:
        ask("select no_such_column from violations", FILTERS, engine, MASKED)
    assert "no_such_column" in failed.value.text.zh


def test_a_question_to_an_extract_that_is_not_there_says_so(engine: Engine) -> None:
    with pytest.raises(MissingExtractError):
        ask("select * from crashes", FILTERS, engine, MASKED)


def test_the_rows_are_cut_and_it_is_said(engine: Engine) -> None:
    sql = "select i from range(100000000) as t(i), period order by i desc"
    few = ask("select i from range(10) as t(i), period order by i desc", FILTERS, engine, MASKED)
    assert (few.table.num_rows, few.more) == (10, False)
    cut = ask(sql.replace(" order by i desc", ""), FILTERS, engine, MASKED, rows=7)
    assert (cut.table.num_rows, cut.more) == (7, True)
    exact = ask("select i from range(7) as t(i), period", FILTERS, engine, MASKED, rows=7)
    assert (exact.table.num_rows, exact.more) == (7, False)


@pytest.mark.parametrize(
    "sql",
    [
        "select count(*) from range(10000000) a, range(10000000) b, period",
        "with recursive r(n) as (select 1 from period union all select n + 1 from r)"
        " select count(*) from r",
    ],
)
def test_what_takes_too_long_is_stopped(engine: Engine, sql: str) -> None:
    started = time.monotonic()
    with pytest.raises(QuestionError) as stopped:
        ask(sql, FILTERS, engine, MASKED, seconds=1)
    assert "1 seconds" in stopped.value.text.en
    assert time.monotonic() - started < 15


def test_what_takes_too_much_memory_is_stopped(engine: Engine) -> None:
    doubling = ", ".join(f"a{i} as (select s || s as s from a{i - 1})" for i in range(1, 33))
    sql = f"with a0 as (select '{'x' * 16}' as s from period), {doubling} select length(s) from a32"
    with pytest.raises(QuestionError) as stopped:
        ask(sql, FILTERS, engine, MASKED)
    assert "memory" in stopped.value.text.en


@pytest.mark.parametrize("token", ["(", "case ", "{", "with a as (", "select * from (", "not "])
def test_a_text_made_to_choke_the_parser_harms_nobody(engine: Engine, token: str) -> None:
    with pytest.raises(QuestionError):
        ask(("select " + token * 4000)[:4000], FILTERS, engine, MASKED, seconds=0.1)
    assert ask("select 1 from period", FILTERS, engine, MASKED).table.num_rows == 1


@pytest.mark.parametrize(
    "sql",
    [
        "select * from duckdb_settings",
        "select * from release.crashes",
        "copy (select 1) to '{folder}/x.csv'",
        "attach '{folder}/x.duckdb' as x",
        "select * from read_text('{folder}/secret.txt')",
        "select * from '{folder}/secret.csv'",
        "with x as (copy (select 1) to '{folder}/x.csv') select * from x",
        "set enable_external_access = true",
        "delete from release.violations",
        "install httpfs",
    ],
)
def test_the_sandbox_reaches_nothing_even_unchecked(
    engine: Engine, tmp_path_factory: pytest.TempPathFactory, sql: str
) -> None:
    folder = tmp_path_factory.mktemp("outside")
    (folder / "secret.txt").write_text("secret")
    (folder / "secret.csv").write_text("a\nsecret\n")
    with Sandbox(database_of(engine.release)) as sandbox, pytest.raises(SandboxError):
        sandbox.run(sql.format(folder=folder), ["violations"])
    assert sorted(path.name for path in folder.iterdir()) == ["secret.csv", "secret.txt"]


def test_a_question_has_the_answer_that_the_query_of_the_house_has(engine: Engine) -> None:
    for name in ("enforcement/summary", "enforcement/by_township", "enforcement/by_hour_weekday"):
        written = query(name)
        rows = engine.rows(bind(written, FILTERS, MASKED), name)
        found = ask(written.sql, FILTERS, engine, MASKED).table.to_pylist()
        assert [tuple(r.values()) for r in found] == [tuple(r.values()) for r in rows]


def test_any_kind_of_value_can_be_read_and_saved(engine: Engine) -> None:
    sql = (
        "select township, township, [1, 2] as list, occurred_at, cast(occurred_at as date) as day,"
        " to_days(3) as span, 170141183460469231731687303715884105727 as huge, 1.25 as exact,"
        " cast(occurred_at as time) as clock, drink, null as nothing, '=1+1' as formula"
        " from violations where violation_id = '1'"
    )
    table = ask(sql, FILTERS, engine, MASKED).table
    assert table.column_names[:2] == ["township", "township_1"]
    columns = [Column(n, "text", Text(n, n)) for n in table.column_names]
    text = export.to_csv(export.records_table(table, columns, "zh", synthetic=False)).decode()
    line = text.splitlines()[1]
    assert line == (
        '"刘集镇","刘集镇","[1, 2]","2022-02-05 01:00:00",2022-02-05,"3 days, 0:00:00",'
        '1.7014118346046923e+38,1.25,01:00:00.000000,"是",,"\'=1+1"'
    )


def test_a_text_that_looks_like_a_parameter_stays_a_text(engine: Engine) -> None:
    sql = """select '$from' as a, 'it''s $until' as b, "township" as "$c" from violations
             where violation_id = '1'"""
    answer = ask(sql, FILTERS, engine, MASKED)
    assert answer.table.to_pylist() == [{"a": "$from", "b": "it's $until", "$c": "刘集镇"}]
    with Sandbox(database_of(engine.release)) as sandbox:
        again = sandbox.run(answer.bound.literal(), ["violations"])
        assert again.to_pylist() == answer.table.to_pylist()
        assert read_question(sql, sandbox).relations == ("violations",)
