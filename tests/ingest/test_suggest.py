"""Headers by name, but for units; and what a header that fits nothing may be."""

from decimal import Decimal
from pathlib import Path

import pytest

from brigade.contracts import contract
from brigade.ingest.headers import matches
from brigade.ingest.read import inspect
from brigade.ingest.saving import write_mapping
from brigade.ingest.suggest import Suggestion, suggest
from tests.ingest.conftest import CsvOf, checked


@pytest.mark.parametrize(
    ("extract", "header", "column"),
    [
        ("violations", "罚款（元）", "fine_yuan"),
        ("violations", "罚款 (单位：元)", "fine_yuan"),
        ("violations", "罚款\n【人民币】", "fine_yuan"),
        ("violations", "Fine (yuan)", "fine_yuan"),
        ("violations", "罚款（万元）", None),
        ("violations", "罚款（次数）", None),
        ("violations", "实测值（mg/100ml）", "measured"),
        ("violations", "违法时间（年月日 时分）", "occurred_at"),
        ("violations", "违法时间（录入）", None),
        ("violations", "号牌号码（必填）", "plate"),
        ("violations", "号牌号码（挂车）", None),
        ("crashes", "公里数(KM)", "kilometre"),
        ("crashes", "公里数(m)", None),
        ("crashes", "死亡人数（人）", "deaths"),
        ("crashes", "ＳＧＦＳＳＪ", "occurred_at"),
    ],
)
def test_a_unit_behind_a_name_is_passed_over_where_it_is_the_columns(
    extract: str, header: str, column: str | None
) -> None:
    found = matches([header], contract(extract))
    assert [name for name, positions in found.items() if positions] == ([column] if column else [])


def test_a_name_without_brackets_goes_before_one_with() -> None:
    found = matches(["罚款", "罚款（元）"], contract("violations"))
    assert found["fine_yuan"] == [0]
    found = matches(["罚款(元)", "罚款（元）"], contract("violations"))
    assert found["fine_yuan"] == [], "one of two that say the same can't be told"


def likely(csv_of: CsvOf, header: str, *cells: str, extract: str = "violations") -> Suggestion:
    path = csv_of(f"编号,{header}", *(f"{n},{cell}" for n, cell in enumerate(cells)))
    found = {one.header: one for one in suggest(inspect(path), contract(extract))}
    return found[header]


@pytest.mark.parametrize(
    ("header", "cells", "column"),
    [
        ("违法发生时间", ["2022-06-01 08:05", "2022-06-02 09:00"], "occurred_at"),
        ("违法日期时间", ["1/2/22 08:05", "1/3/22 09:00"], "occurred_at"),
        ("罚款数目", ["200", "1,200"], "fine_yuan"),
        ("车辆号码", ["鲁Ｐ１２３４５", "鲁P·54321"], "plate"),
        ("缴款情况", ["已缴款", "未缴款"], "paid"),
        ("道路名", ["国道341", "东阿大街"], "road_name"),
        ("违法记分数值", ["3", "6"], "points"),
        ("违法分组类别", ["酒驾", "超速"], "category"),
        ("Violation codes", ["1301", "1302"], "violation_code"),
    ],
)
def test_the_likeliest_column_comes_first(
    csv_of: CsvOf, header: str, cells: list[str], column: str
) -> None:
    best = likely(csv_of, header, *cells).likely[0]
    assert best.column.name == column
    assert best.rule.sources == (header,)


def test_another_unit_comes_with_its_factor(csv_of: CsvOf) -> None:
    best = likely(csv_of, "罚款（万元）", "0.02", "0.12").likely[0]
    assert (best.column.name, best.rule.factor) == ("fine_yuan", Decimal(10_000))
    best = likely(csv_of, "公里数(米)", "1200", extract="crashes").likely[0]
    assert (best.column.name, best.rule.factor) == ("kilometre", Decimal("0.001"))


def test_only_columns_that_no_header_fits_are_suggested(csv_of: CsvOf) -> None:
    path = csv_of("违法编号,违法时间,违法的时间,备用", "1,2022-06-01 08:05,2022-06-01 08:05,")
    found = suggest(inspect(path), contract("violations"))
    assert [one.header for one in found] == ["违法的时间", "备用"]
    assert all(one.column.name != "occurred_at" for each in found for one in each.likely)
    assert (found[0].samples, found[1].samples) == (("2022-06-01 08:05",), ())


def test_a_suggestion_taken_and_saved_imports_the_column(csv_of: CsvOf, tmp_path: Path) -> None:
    path = csv_of("违法编号,违法时间,罚款（万元）", "1,2022-06-01 08:05,0.12")
    (one,) = suggest(inspect(path), contract("violations"))
    best = one.likely[0]
    mapping = tmp_path / "own.toml"
    write_mapping(mapping, {best.column.name: best.rule}, contract("violations"))
    assert checked(path, "violations", mapping).table["fine_yuan"].to_pylist() == [1200.0]
