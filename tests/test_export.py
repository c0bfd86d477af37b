"""What leaves the app: bytes that Excel opens rightly, and nothing that it would run."""

import csv
import io
import json
from datetime import date, datetime
from typing import Any

import pyarrow as pa
from hypothesis import given as hypothesis_given
from hypothesis import strategies as st

from brigade.contracts import contract
from brigade.engine.duckdb import Engine
from brigade.engine.relations import Reader
from brigade.export import records_table, result_table, to_csv, to_json, to_text
from brigade.filters import Comparison, Filters
from brigade.queries import parse_query
from brigade.records import PAGE_SIZE, Records
from brigade.results import Result, fetch
from brigade.spreadsheet import BOM
from tests.conftest import HALF_YEAR, Given

BY_TOWNSHIP = parse_query(
    "test/by_township",
    "-- title: 各乡镇 | By township\n-- grain: one row per township\n"
    "select township, sum(records) as violations from violations group by township",
)


def read(content: bytes) -> list[list[str]]:
    """A CSV's rows as a spreadsheet reads them."""
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def by_township(engine: Engine, comparison: Comparison = "none") -> Result:
    """Violations by township in the first half of 2022."""
    return fetch(BY_TOWNSHIP, Filters(HALF_YEAR, comparison), engine, Reader())


def violations(count: int, **more: Any) -> list[dict[str, Any]]:
    """That many violations, one a day."""
    return [
        {
            "violation_id": f"V{i:04}",
            "occurred_at": datetime(2022, 1, 1 + i % 28, 8, 30),
            "township": "刘集镇",
            **more,
        }
        for i in range(count)
    ]


def test_a_csv_starts_with_a_mark_and_keeps_chinese(given: Given) -> None:
    result = by_township(given(violations=violations(3)))
    content = to_csv(result_table(result, "zh"))
    assert content.startswith(BOM)
    assert read(content) == [["乡镇街道", "违法起数（起）"], ["刘集镇", "3"]]


def test_a_csv_made_from_the_sample_says_so_in_every_row(given: Given) -> None:
    engine = given(synthetic=True, violations=violations(3))
    table = read(to_csv(result_table(by_township(engine), "zh")))
    assert all("合成" in row[-1] for row in table[1:])


def test_the_comparison_stands_beside_each_metric(given: Given) -> None:
    rows = [
        {"violation_id": str(i), "occurred_at": datetime.combine(day, datetime.min.time())}
        for i, day in enumerate(
            [
                date(2021, 1, 1),
                date(2021, 6, 30),
                date(2022, 1, 1),
                date(2022, 2, 2),
                date(2022, 6, 30),
            ]
        )
    ]
    result = by_township(given(violations=rows), "year")
    [row] = result_table(result, "en").to_pylist()
    assert list(row.values()) == ["not recorded", 3, 2, 50.0]


@hypothesis_given(st.lists(st.text(max_size=12), min_size=1, max_size=8))
def test_no_cell_is_run_as_a_formula_and_none_is_lost(cells: list[str]) -> None:
    cells = [cell.replace("\x00", "") for cell in cells]
    content = to_csv(pa.table({"=cmd": pa.array(cells, pa.string())}))
    found = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert not any(
        cell.startswith(("=", "+", "-", "@", "\t", "\r")) for row in found for cell in row
    )
    written = [row[0] if row else "" for row in found[1:]]
    assert [w.removeprefix("'") if w[1:2] and w[1] in "=+-@\t\r" else w for w in written] == [
        c.removeprefix("'") if c[1:2] and c[0] == "'" and c[1] in "=+-@\t\r" else c for c in cells
    ]


def test_negative_numbers_stay_numbers() -> None:
    table = pa.table({"n": [-5, None], "a": ["x", "y"]})
    assert read(to_csv(table)) == [["n", "a"], ["-5", "x"], ["", "y"]]


def test_all_rows_are_in_the_csv_and_each_once_in_the_pages(given: Given) -> None:
    count = 2 * PAGE_SIZE + 7
    engine = given(violations=violations(count))
    rows = Records("violations", Filters(HALF_YEAR), Reader())
    assert rows.count(engine) == count
    pages = [rows.rows(engine, page) for page in (1, 2, 3, 4)]
    assert [page.num_rows for page in pages] == [PAGE_SIZE, PAGE_SIZE, 7, 0]
    paged = [cell for page in pages for cell in page.column("violation_id").to_pylist()]
    table = read(to_csv(records_table(rows.rows(engine), rows.columns, "zh", False)))
    assert table[0][:2] == ["违法编号", "违法时间"]
    assert [row[0] for row in table[1:]] == paged
    assert len(set(paged)) == count


def test_a_list_of_rows_is_masked_and_says_yes_and_no_in_the_readers_language(given: Given) -> None:
    engine = given(violations=violations(1, plate="鲁Z12345", category="酒驾"))
    rows = Records("violations", Filters(HALF_YEAR), Reader())
    for lang, yes in (("zh", "是"), ("en", "yes")):
        table = records_table(rows.rows(engine), rows.columns, lang, False).to_pylist()  # type: ignore[arg-type]
        drink = contract("violations").columns["drink"].label.in_(lang)  # type: ignore[arg-type]
        assert table[0][drink] == yes
        assert "12345" not in str(table)


def test_json_and_text_hold_the_same_cells(given: Given) -> None:
    table = result_table(by_township(given(violations=violations(3))), "zh")
    assert json.loads(to_json(table)) == [{"乡镇街道": "刘集镇", "违法起数（起）": 3}]
    assert "刘集镇" in to_text(table)
