"""What each rule of a mapping makes of given cells, and what it tells of it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from brigade.contracts import contract
from brigade.errors import InputError
from brigade.ingest.changes import added, describe
from brigade.ingest.formulas import evaluate, read_formula
from brigade.ingest.mapping import read_mapping
from brigade.ingest.plan import plan
from brigade.ingest.read import batches, inspect
from brigade.ingest.validate import check
from tests.ingest.conftest import CsvOf, checked

START = "2022-06-01 08:00:00"


def made(csv_of: CsvOf, tmp_path: Path, column: str, rule: str, *lines: str) -> list[Any]:
    """What a rule for a column of crashes makes of the cells; None too where a row is rejected."""
    rows = (f"1,1900-01-01 08:00,{one}" for one in lines[1:])
    path = csv_of(f"crash_id,occurred_at,{lines[0]}", *rows)
    mapping = tmp_path / "own.toml"
    mapping.write_text(f"[columns]\n{column} = {rule}", encoding="utf-8")
    found = checked(path, "crashes", mapping)
    values = {row["_row"]: row[column] for row in found.table.to_pylist()}
    values |= {one.row: "rejected" for one in found.rejected}
    return [values[row] for row in sorted(values)]


@pytest.mark.parametrize(
    ("column", "rule", "lines", "values"),
    [
        # "0200": 2 injured, 0 dead.
        ("injuries", "{ from = 'C', slice = [0, 2] }", ["C", "0200", "1301", "7"], [2, 13, 7]),
        ("deaths", "{ from = 'C', slice = [2, 4] }", ["C", "0200", "1301", "7"], [0, 1, None]),
        (
            "road_name",
            "{ from = 'C', split = { by = '-', part = 2 } }",
            ["C", "新城-G341 - K12", "新城", "新城--K1"],
            ["G341", None, None],
        ),
        (
            "kilometre",
            "{ from = 'C', split = { by = 'K', part = -1 } }",
            ["C", "新城 G341 K12.5", "K3"],
            [12.5, 3.0],
        ),
        (
            "accepted_on",
            "{ from = 'C', split = { by = ' ', part = 1 } }",
            ["C", "2022/6/1 8:05", "2022年6月2日 甲"],
            ["2022-06-01", "2022-06-02"],
        ),
        (
            "property_loss_yuan",
            "{ from = 'C', factor = 10000 }",
            ["C", "1.2", '"1,000"', "０．３", "", "0.07", "(2)"],
            [12000.0, 10_000_000.0, 3000.0, None, 700.0, "rejected"],
        ),
        ("deaths", "{ from = 'C', factor = 10000 }", ["C", "0.0001", "无"], [1, "rejected"]),
        ("deaths", "{ from = 'C', factor = 0.1 }", ["C", "15", "20"], ["rejected", 2]),
        (
            "latitude",
            "{ from = 'C', nulls = ['77.7777', '99'] }",
            ["C", "77.77770000", "77.7777", "９９.0", "36.5", "99.1"],
            [None, None, None, 36.5, "rejected"],
        ),
        # A number as a text is a text.
        ("township", "{ from = 'C', nulls = ['99'] }", ["C", "99", "099"], [None, "099"]),
        ("injuries", "{ from = 'C', slice = [0, 2], nulls = ['99'] }", ["C", "9900"], [None]),
        (
            "road_name",
            """{ sql = '''"甲" || '·' || "B b"''' }""",
            ["甲,B b", "G341,K12", "G341,", ",K12"],
            ["G341·K12", None, None],
        ),
        (
            "drink_driving",
            "{ sql = 'cast(A as integer) > 0' }",
            ["A", "0", "2", "", "x"],
            [False, True, None, "rejected"],
        ),
        (
            "deaths",
            "{ sql = 'cast(A as integer) + cast(B as integer)', nulls = ['198'] }",
            ["A,B", "1,2", "99,99"],
            [3, None],
        ),
        (
            "accepted_on",
            """{ sql = "strptime(A, '%d %m %Y')" }""",
            ["A", "13 1 2022"],
            ["2022-01-13"],
        ),
        ("road_name", "{ sql = 'trim(A)' }", ["A", "x"], ["x"]),
        ("accepted_on", "{ from = 'C', era = 'roc' }", ["C", "111年6月1日"], ["2022-06-01"]),
        # 89 is a year of that era, whatever else it may be.
        ("accepted_on", "{ from = 'C', era = 'roc' }", ["C", "89/1/1", "89/12/1"],
         ["2000-01-01", "2000-12-01"]),
        ("accepted_on", "{ from = 'C' }", ["C", "111年6月1日"], ["rejected"]),
        ("accepted_on", "{ from = 'C', order = 'dmy' }", ["C", "1/2/22", "13/1/22"],
         ["2022-02-01", "2022-01-13"]),
        ("accepted_on", "{ from = 'C', order = 'mdy' }", ["C", "1/2/22"], ["2022-01-02"]),
        ("accepted_on", "{ from = 'C', order = 'ymd' }", ["C", "22/1/2"], ["2022-01-02"]),
    ],
)  # fmt: skip
def test_a_rule_makes_of_given_cells(
    csv_of: CsvOf,
    tmp_path: Path,
    column: str,
    rule: str,
    lines: Sequence[str],
    values: Sequence[Any],
) -> None:
    dates = column.endswith("_on")
    found = made(csv_of, tmp_path, column, rule, *lines)
    assert [str(one) if dates else one for one in found] == list(values)


@pytest.mark.parametrize(
    ("header", "line", "moment", "date_only"),
    [
        ("y,m,d,h,n", "2022,6,1,8,5", "2022-06-01 08:05:00", False),
        ("y,m,d,h,n", "2022年,06月,1日,８时,05分", "2022-06-01 08:05:00", False),
        ("y,m,d,h,n", "2022,6.0,1,0,0", "2022-06-01 00:00:00", False),
        ("y,m,d,h,n", "2022,6,1,99,99", "2022-06-01 00:00:00", True),
        ("y,m,d,h,n", "2022,6,1,,5", "2022-06-01 00:00:00", True),
        ("y,m,d,h,n", "2022,6,1,8,99", "2022-06-01 08:00:00", False),
        ("y,m,d,h,n", "2022,6,1,8,", "2022-06-01 08:00:00", False),
        ("y,m,d,h,n", "2022,6,1,77,5", "2022-06-01 00:00:00", True),
        ("y,m,d,h,n", "2022,6,1,24,5", None, None),
        ("y,m,d,h,n", "2022,13,1,8,5", None, None),
        ("y,m,d,h,n", "2022,99,99,8,5", None, None),
        ("y,m,d,h,n", "2022,,1,8,5", None, None),
        ("y,m,d,h,n", "22,6,1,8,5", None, None),
    ],
)
def test_a_time_is_joined_of_its_parts(
    csv_of: CsvOf,
    tmp_path: Path,
    header: str,
    line: str,
    moment: str | None,
    date_only: bool | None,
) -> None:
    mapping = tmp_path / "own.toml"
    mapping.write_text(
        "[columns.occurred_at]\nnulls = ['77']\n"
        "parts = { year = 'y', month = 'm', day = 'd', hour = 'h', minute = 'n' }",
        encoding="utf-8",
    )
    found = checked(csv_of(f"crash_id,{header}", f"1,{line}"), "crashes", mapping)
    rows = found.table.select(["occurred_at", "_date_only_occurred_at"]).to_pylist()
    if moment is None:
        assert rows == []
        assert [(one.row, one.column) for one in found.rejected] == [(2, "y + m + d + h + n")]
    else:
        assert [(str(row["occurred_at"]), row["_date_only_occurred_at"]) for row in rows] == [
            (moment, date_only)
        ]


def test_a_part_that_the_file_lacks_is_named(csv_of: CsvOf, tmp_path: Path) -> None:
    mapping = tmp_path / "own.toml"
    parts = "parts = { year = 'y', month = 'm', day = 'd' }"
    mapping.write_text(f"[columns]\naccepted_on = {{ {parts} }}", encoding="utf-8")
    path = csv_of("crash_id,occurred_at,y,m", f"1,{START},2022,6")
    wanted = contract("crashes")
    chosen = plan(inspect(path), wanted, read_mapping(mapping, wanted))
    assert chosen.lacking == ("d",)
    assert "accepted_on" not in {source.column.name for source in chosen.sources}


def test_short_dates_are_read_as_the_whole_column_tells(csv_of: CsvOf) -> None:
    def dates(*lines: str) -> tuple[list[str], list[int]]:
        path = csv_of("outreach_id,held_on", *(f"{n},{day}" for n, day in enumerate(lines)))
        found = checked(path, "outreach")
        assert all("order" in one.reason.zh for one in found.rejected)
        return (
            [str(day) for day in found.table["held_on"].to_pylist()],
            [one.row for one in found.rejected],
        )

    assert dates("1/2/22", "1/13/22", "2022-03-01") == (
        ["2022-01-02", "2022-01-13", "2022-03-01"],
        [],
    )
    assert dates("1/2/2022", "13/1/2022") == (["2022-02-01", "2022-01-13"], [])
    assert dates("22/06/13", "22/6/1") == (["2022-06-13", "2022-06-01"], [])
    # 13 may be the day or the year.
    assert dates("13/1/22", "2022-03-01") == (["2022-03-01"], [2])
    assert dates("1/2/22") == ([], [2])
    assert dates("1/13/22", "13/1/2022") == ([], [2, 3]), "two orders in one column"


def test_the_last_rows_tell_of_the_first(csv_of: CsvOf) -> None:
    """The order is that of the whole file, whatever part of it is read at a time."""
    lines = [f"{n},1/2/2022,{'x' * 100}" for n in range(100_000)]
    path = csv_of("outreach_id,held_on,note", *lines, "z,1/13/2022,")
    table = inspect(path)
    chosen = plan(table, contract("outreach"), None)
    parts = [check(batch, chosen) for batch in batches(table)]
    assert len(parts) > 1
    assert sum(part.table.num_rows for part in parts) == 100_001
    assert str(parts[0].table["held_on"][0]) == "2022-01-02"
    changes = added(*(part.changes["held_on"] for part in parts))
    assert [(change.kind.name, change.cells) for change in changes] == [("DATE_ORDER", 100_001)]


def test_what_is_changed_is_counted_by_kind_with_an_example(csv_of: CsvOf, tmp_path: Path) -> None:
    mapping = tmp_path / "own.toml"
    mapping.write_text(
        "[columns]\nweather = { from = 'W', codes = { 1 = '晴' }, nulls = ['99'] }\n"
        "injuries = { from = 'I', only_if_missing = true, nulls = ['99'] }",
        encoding="utf-8",
    )
    path = csv_of(
        "crash_id,occurred_at,property_loss_yuan,W,受伤人数,I",
        f'1,{START},"1,200",1,,99',
        f'2,{START},"１,３００",99,3,99',
        "3,2022/6/1 8:05,12.5,雨,,2.0",
        f"4,{START},many,1,,4",
    )
    found = checked_changes(path, mapping)
    assert found == {
        "occurred_at": [("DATE_FORM", 1, "2022/6/1 8:05", "2022-06-01 08:05:00")],
        "property_loss_yuan": [
            ("WIDTH", 1, "１,３００", "1300"),
            ("THOUSANDS", 2, "1,200", "1200"),
        ],
        "weather": [("UNKNOWN", 1, "99", None), ("CODE", 2, "1", "晴")],
        "injuries": [("WHOLE", 1, "2.0", "2"), ("UNKNOWN", 1, "99", None)],
    }


def checked_changes(path: Path, mapping: Path) -> dict[str, list[tuple[Any, ...]]]:
    wanted = contract("crashes")
    table = inspect(path)
    chosen = plan(table, wanted, read_mapping(mapping, wanted))
    (batch,) = batches(table)
    found = check(batch, chosen).changes
    assert all(describe(one).zh and describe(one).en for all_ in found.values() for one in all_)
    return {
        name: [(one.kind.name, one.cells, one.before, one.after) for one in changes]
        for name, changes in found.items()
    }


@pytest.mark.parametrize(
    ("formula", "named"),
    [
        ("read_text('/etc/hostname')", "read_text"),
        ("(select 1)", "SELECT"),
        ("A in (select 1)", "SELECT"),
        ("A from read_csv('x')", "FROM"),
        ("A where B", "WHERE"),
        ("A; drop table cells", "one expression"),
        ("A, B", "one expression"),
        ("sum(A)", "SUM"),
        ("row_number() over ()", "ROW_NUMBER"),
        ("t.A", "t.A"),
        ("current_date", "CURRENT_DATE"),
        ("getenv('HOME')", "GETENV|getenv"),
        ("current_setting('memory_limit')", "current_setting"),
        ("repeat(A, 1000000000)", "REPEAT"),
        ("lpad(A, 1000000000, 'x')", "LPAD"),
        ("list_transform([A], x -> x)", "LAMBDA|LIST_TRANSFORM|TRANSFORM"),
        ("columns(*)", "COLUMNS"),
        ("*", r"\*"),
        ("$1", r"\$1"),
        ("'x'", "value"),
        ("A as B", "AS"),
        ("cast(A as json)", "JSON"),
        ("A ||", "read"),
        ("year(A)", "year"),
        ("", "one expression"),
    ],
)
def test_a_formula_is_one_expression_over_the_files_columns(
    tmp_path: Path, formula: str, named: str
) -> None:
    with pytest.raises(InputError, match=named):
        read_formula(formula)
    mapping = tmp_path / "own.toml"
    mapping.write_text(f"[columns]\ntownship = {{ sql = '''{formula}''' }}", encoding="utf-8")
    with pytest.raises(InputError, match=r"own\.toml") as refused:
        read_mapping(mapping, contract("crashes"))
    assert "township" in refused.value.text.en


def test_every_function_that_a_formula_may_call_can_be_called() -> None:
    """Those that have another name in the parser too."""
    calls = [
        "abs(cast(A as int))", "ceil(cast(A as double))", "coalesce(A, 'x')", "concat(A, 'x')",
        "concat_ws('-', A, A)", "contains(A, '1')", "day(cast(A as date))", "ends_with(A, '1')",
        "floor(cast(A as double))", "greatest(A, '0')", "hour(cast(A as timestamp))",
        "least(A, '9')", "left(A, 1)", "length(A)", "lower(A)", "ltrim(A)",
        "make_date(cast(A as int), 1, 1)", "make_timestamp(cast(A as int), 1, 1, 1, 1, 1.0)",
        "minute(cast(A as timestamp))", "month(cast(A as date))", "nullif(A, '1')",
        "regexp_extract(A, '[0-9]+')", "regexp_full_match(A, 'x')", "regexp_matches(A, 'x')",
        "right(A, 1)", "round(cast(A as double), 1)", "rtrim(A)", "second(cast(A as timestamp))",
        "split_part(A, '-', 1)", "starts_with(A, '1')", "strftime(cast(A as date), '%Y')",
        "strpos(A, '1')", "strptime(A, '%Y')", "substring(A, 1, 2)", "trim(A)",
        "try_strptime(A, '%Y')", "upper(A)", "year(cast(A as date))",
    ]  # fmt: skip
    for call in calls:
        value, failed = evaluate(call, [pa.array(["1", None])])
        assert len(value) == len(failed) == 2, call


def test_a_formula_keeps_the_order_of_rows_and_tells_failure_from_nothing() -> None:
    cells = pa.array([str(n) if n % 7 else "x" for n in range(200_000)] + [None])
    value, failed = evaluate("cast(A as integer) + 1", [cells])
    wanted = [str(n + 1) if n % 7 else None for n in range(200_000)] + [None]
    assert value.to_pylist() == wanted
    assert failed.to_pylist() == [n % 7 == 0 for n in range(200_000)] + [False]
