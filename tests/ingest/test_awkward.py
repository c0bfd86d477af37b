"""Each awkward file gives just the rows that it has, or is refused, and says what it was."""

import itertools
from dataclasses import dataclass
from pathlib import Path

import pytest
import xlsxwriter

from brigade.errors import InputError
from brigade.ingest.read import Aside, Reading, Seen, batches, inspect

FOLDER = Path(__file__).parent / "awkward"
HEADERS = ("活动编号", "活动日期", "场所类型", "参加人数")
A1 = ("A1", "2022-03-01", "学校", "120")
A2 = ("A2", "2022-03-02", "农村", "80")
A3 = ("A3", "2022-03-05", "企业", "45")
GOOD = {2: A1, 3: A2, 4: A3}

Cells = tuple[str | None, ...]


@dataclass(frozen=True)
class Gives:
    """What comes of a file: headers, rows by number, and findings beside how it was read.

    ``aside`` and ``malformed`` are numbers of rows, ``how`` the encoding and separator.
    """

    rows: dict[int, Cells]
    headers: tuple[str, ...] = HEADERS
    findings: tuple[str, ...] = ()
    aside: tuple[tuple[int, str], ...] = ()
    malformed: tuple[int, ...] = ()
    how: tuple[str, str] | None = None


def padded(rows: dict[int, Cells], before: int, after: int = 0) -> dict[int, Cells]:
    return {n: (*[None] * before, *cells, *[None] * after) for n, cells in rows.items()}


STACKED = {first + i: row for first in (3, 9, 15) for i, row in enumerate((A1, A2, A3))}

GIVES = {
    "utf8_with_mark.csv": Gives(GOOD, how=("utf-8", ",")),
    "gb18030.csv": Gives(GOOD, how=("gb18030", ",")),
    "big5.csv": Gives(
        {2: ("1", "2022-03-01", "學校"), 3: ("2", "2022-03-02", "機車與貨車相撞")},
        ("編號", "日期", "場所類別"),
        how=("cp950", ","),
    ),
    "utf16_le_with_mark.txt": Gives(GOOD, how=("utf-16-le", "\t")),
    "utf16_be_with_mark.csv": Gives(GOOD, how=("utf-16-be", ",")),
    "utf16_le_without_mark.csv": Gives(GOOD, how=("utf-16-le", ",")),
    "utf16_be_without_mark.csv": Gives(GOOD, how=("utf-16-be", ",")),
    "semicolons_and_decimal_commas.csv": Gives(
        {2: ("1,5", "2,5", "3,5"), 3: ("4,5", "5,5", "6,5")}, ("a", "b", "c"), how=("utf-8", ";")
    ),
    "bars.csv": Gives(GOOD, how=("utf-8", "|")),
    "tabs_and_commas_in_cells.csv": Gives(
        {2: ("1", "甲,乙"), 3: ("2", "丙,丁")}, ("编号", "地点"), how=("utf-8", "\t")
    ),
    "quoted_by_apostrophes.csv": Gives({2: ("1", "x,y"), 3: ("2", "z")}, ("a", "b")),
    "line_ends_of_old_macs.csv": Gives(GOOD),
    "titles_above.csv": Gives({5: A1, 6: A2, 7: A3}, findings=("titles",)),
    "totals_and_notes_below.csv": Gives(
        GOOD, findings=("total", "note"), aside=((5, "total"), (6, "note"), (7, "note"))
    ),
    "subtotals_between.csv": Gives(
        {2: A1, 4: A2, 5: A3},
        findings=("total",),
        aside=((3, "total"), (6, "total"), (7, "total")),
    ),
    "total_that_is_a_record.csv": Gives({**GOOD, 5: ("合计", "2022-03-09", "学校", "5")}),
    "blank_rows_and_columns.csv": Gives(
        padded({3: A1, 6: A2, 7: A3}, 1, 1), ("", *HEADERS, "")
    ),
    "separators_at_the_end.csv": Gives(padded(GOOD, 0, 1), (*HEADERS, "")),
    "headers_in_two_rows.csv": Gives(
        {3: ("1", "2022-03-01", "5", "6", "7", "8")},
        ("编号", "日期", "人数/男", "人数/女", "资料/海报", "资料/手册"),
        ("two_row_header",),
    ),
    "groups_over_headers.csv": Gives(
        {4: ("1", "20", "3", "40")},
        ("第一季度/场次", "第一季度/人数", "第二季度/场次", "第二季度/人数"),
        ("titles", "two_row_header"),
    ),
    "headers_again_in_the_middle.csv": Gives(
        {**GOOD, 6: ("A4", "2022-04-01", "学校", "9")},
        findings=("header", "copies"),
        aside=((5, "header"),),
    ),
    "three_copies_stacked.csv": Gives(
        STACKED,
        findings=("titles", "title", "header", "total", "copies"),
        aside=(
            (6, "total"), (7, "title"), (8, "header"),
            (12, "total"), (13, "title"), (14, "header"),
            (18, "total"),
        ),
    ),
    "cut_short_in_a_row.csv": Gives(GOOD, findings=("cut_short",), malformed=(5,)),
    "two_open_quotes.csv": Gives({2: A1, 4: ("A4", "2022-03-06", "a", "1")}, malformed=(3,)),
    "inches_in_a_cell.csv": Gives({2: ("A1", "2022-03-01", '5" 管', "120")}),
    "all_rows_one_cell_short.csv": Gives({}, malformed=(2, 3, 4)),
    "cells_under_no_header.csv": Gives(
        {2: (*A1, None), 3: (*A2, None), 4: (*A3, "x")}, (*HEADERS, ""), ("nameless",)
    ),
    "cells_too_few_and_too_many.csv": Gives(GOOD, malformed=(5, 6)),
    "errors_of_formulas.csv": Gives(
        {2: ("A1", "2022-03-01", None, None), 3: A2}, findings=("errors",)
    ),
    "crosstab_by_month.csv": Gives(
        {2: ("刘集镇", "1", "2", "3", "4"), 3: ("大桥镇", "5", "6", None, "8")},
        ("活动编号", "一月", "二月", "三月", "四月"),
        ("crosstab",),
    ),
    "crosstab_by_code.csv": Gives(
        {2: ("1", "3", "4", "5"), 3: ("2", "6", "7", "8")},
        ("月份", "学校", "农村", "企业"),
        ("crosstab",),
    ),
    "mostly_blank_rows.csv": Gives(GOOD, findings=("blank_rows",)),
    "titles_totals_notes.xlsx": Gives(
        padded({5: A1, 6: A2, 7: A3}, 1),
        ("", *HEADERS),
        ("titles", "total", "note"),
        ((8, "total"), (10, "note")),
    ),
    "merged_headers_in_two_rows.xlsx": Gives(
        {
            4: ("1", "2022-03-01", "0", "2", "0", "城区"),
            5: ("2", "2022-03-02", "1", "0", "0", None),
        },
        ("编号", "日期", "伤亡情况/死亡", "伤亡情况/受伤", "伤亡情况/失踪", "地点"),
        ("titles", "two_row_header"),
    ),
    "one_group_over_headers.xlsx": Gives(
        {3: ("1", "0", "2")}, ("编号", "伤亡情况/死亡", "伤亡情况/受伤"), ("two_row_header",)
    ),
    "every_kind_of_cell.xlsx": Gives(
        {
            2: (
                "2022-03-01", "2022-03-01 08:30:15", "08:30:00", "36:00:00", "371524001200",
                "3.715240012001235E+17", "12.5", "0.000012", "是", None, None, "2", "0371",
            )
        },
        (
            "日期", "时间", "时刻", "时长", "编号", "长编号", "小数", "很小", "是否", "错误",
            "写成文字的错误", "公式", "文字",
        ),
        ("errors", "errors"),
    ),
    "cells_merged_down.xlsx": Gives(
        {2: ("1", "刘集镇", "3"), 3: ("2", None, "4")}, ("编号", "乡镇", "人数"), ("merged",)
    ),
    "declares_65000_rows.xlsx": Gives(GOOD, findings=("declared",)),
    "spaces_far_below.xlsx": Gives(GOOD, findings=("blank_rows",)),
    "first_sheet_blank.xlsx": Gives(GOOD, findings=("sheets",)),
    "several_sheets.xlsx": Gives(GOOD, findings=("sheets",)),
    "really_xlsx_named.csv": Gives(GOOD),
    "titles_and_totals.xls": Gives(
        {3: ("371524001200", "2022-03-01", "学校", "120")},
        findings=("titles", "total"),
        aside=((4, "total"),),
    ),
    "every_kind_of_column.parquet": Gives(
        {
            1: (
                "A1", "2022-03-01", "2022-03-01 08:30:00", "2022-03-01 08:30:00", "120", "0.1",
                "200", "是", "学校",
            ),
            2: (None, None, None, None, None, None, "12.5", "否", None),
        },
        ("编号", "日期", "时间", "当地时间", "人数", "比例", "金额", "是否", "类别"),
    ),
}  # fmt: skip

REFUSED = {
    "cut_short_in_a_character.csv": "最后一行（第 5 行）在一个字的中间断了",
    "cut_short_in_a_character_of_gb18030.csv": "最后一行（第 5 行）在一个字的中间断了",
    "cut_short_in_quotes.csv": "第 5 行有一个引号",
    "open_quote_near_the_end.csv": "第 3 行有一个引号",
    "half_a_character_in_the_middle.csv": "第 3 行",
    "no_text_at_all.csv": "第 1 行",
    "empty.csv": "没有数据行",
    "only_blank_rows.csv": "没有数据行",
    "only_headers.csv": "没有数据行",
    "only_headers_and_a_total.csv": "没有数据行",
    "nothing_in_it.xlsx": "没有数据行",
    "no_rows.parquet": "没有数据行",
    "web_page_named.xls": "网页",
    "xml_named.xls": "网页",
    "archive_named.xlsx": "压缩包",
    "cut_short.xlsx": "损坏",
    "cut_short.parquet": "损坏",
    "password.xls": "密码",
    "password.xlsx": "密码",
    "stray_cell_in_the_far_corner.xlsx": "第 1,048,576 行",
}


def taken(path: Path, **named: object) -> Gives:
    """What a file gives."""
    table = inspect(path, Reading(**named))  # type: ignore[arg-type]
    seen = Seen(table)
    rows: dict[int, Cells] = {}
    aside: list[Aside] = []
    malformed: list[int] = []
    for batch in batches(table):
        seen.add(batch)
        columns = [column.to_pylist() for column in batch.cells]
        cells = zip(*columns, strict=True)
        rows.update(zip(batch.rows.to_pylist(), cells, strict=True))
        aside += batch.aside
        malformed += [one.row for one in batch.malformed]
    first, *others = [one.kind for one in seen.findings()]
    assert first == "taken"
    return Gives(
        rows,
        table.headers,
        tuple(others),
        tuple((one.row, one.kind) for one in aside),
        tuple(malformed),
        (table.encoding, table.separator) if table.encoding else None,
    )


def test_every_awkward_file_is_told_of() -> None:
    files = {path.name for path in FOLDER.iterdir() if path.is_file() and path.suffix != ".py"}
    assert files == {*GIVES, *REFUSED}


@pytest.mark.parametrize("name", GIVES)
def test_an_awkward_file_gives_its_rows(name: str) -> None:
    wanted, found = GIVES[name], taken(FOLDER / name)
    if wanted.how is None:
        found = Gives(found.rows, found.headers, found.findings, found.aside, found.malformed)
    assert found == wanted


@pytest.mark.parametrize("name", REFUSED)
def test_an_awkward_file_is_refused_with_a_reason(name: str) -> None:
    with pytest.raises(InputError) as refused:
        inspect(FOLDER / name)
    assert REFUSED[name] in refused.value.text.zh
    assert name in refused.value.text.zh
    assert name in refused.value.text.en


def test_what_a_person_names_is_taken() -> None:
    several = FOLDER / "several_sheets.xlsx"
    assert inspect(several, Reading("台账")).headers == HEADERS
    assert [one.warning for one in inspect(several, Reading("台账")).findings] == [False, False]
    with pytest.raises(InputError, match="台账, 填表说明, 代码"):
        inspect(several, Reading("别的"))
    assert taken(FOLDER / "titles_above.csv", header_row=5).headers == A1
    assert taken(FOLDER / "gb18030.csv", encoding="GBK").rows == GOOD
    assert taken(FOLDER / "utf16_be_with_mark.csv", encoding="utf-16").rows == GOOD
    assert taken(FOLDER / "big5.csv", encoding="gbk").headers != ("編號", "日期", "場所類別")
    assert taken(FOLDER / "tabs_and_commas_in_cells.csv", separator="tab").rows[2] == ("1", "甲,乙")
    assert inspect(FOLDER / "utf8_with_mark.csv", Reading(separator="|")).headers == (
        ",".join(HEADERS),
    )


@pytest.mark.parametrize(
    "named", [{"encoding": "latin"}, {"separator": "，"}, {"separator": "ab"}, {"header_row": 99}]
)
def test_what_nobody_can_take_is_refused(named: dict[str, object]) -> None:
    with pytest.raises(InputError):
        inspect(FOLDER / "gb18030.csv", Reading(**named))  # type: ignore[arg-type]


@pytest.mark.parametrize("rows", [65_535, 65_536, 65_537])
def test_a_file_that_stops_at_the_limit_of_excel_says_so(tmp_path: Path, rows: int) -> None:
    text = tmp_path / "file.csv"
    text.write_text("a,b\n" + "1,x\n" * (rows - 1), encoding="utf-8")
    book = tmp_path / "file.xlsx"
    with xlsxwriter.Workbook(book, {"constant_memory": True}) as target:
        sheet = target.add_worksheet()
        for row, cells in enumerate(itertools.chain(["ab"], itertools.repeat("1x", rows - 1))):
            sheet.write_row(row, 0, list(cells))
    for path in (text, book):
        found = taken(path)
        assert len(found.rows) == rows - 1
        assert ("row_limit" in found.findings) == (rows == 65_536)


def test_formatted_cells_far_away_keep_no_sheet_from_being_read(tmp_path: Path) -> None:
    path = tmp_path / "file.xlsx"
    with xlsxwriter.Workbook(path) as target:
        sheet = target.add_worksheet()
        sheet.write_row(0, 0, ["a", "b"])
        sheet.write_row(1, 0, ["1", "x"])
        sheet.write_blank("XFD1048576", None, target.add_format({"bold": True}))
    found = taken(path)
    assert found.rows == {2: ("1", "x")}
    assert found.findings == ("declared",)
