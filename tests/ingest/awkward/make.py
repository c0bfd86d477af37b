"""Makes the awkward files beside it, each a few rows and named by its fault.

Run it again after a change (``python -m tests.ingest.awkward.make``); what each file has to give
is said in ``tests/ingest/test_awkward.py``.
"""

import io
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter
import xlwt
from xlwt.CompoundDoc import XlsDoc

FOLDER = Path(__file__).parent

HEADER = "活动编号,活动日期,场所类型,参加人数"
ROWS = ["A1,2022-03-01,学校,120", "A2,2022-03-02,农村,80", "A3,2022-03-05,企业,45"]
GOOD = [HEADER, *ROWS]
TRADITIONAL = ["編號,日期,場所類別", "1,2022-03-01,學校", "2,2022-03-02,機車與貨車相撞"]
FILEPASS = b"\x2f\x00\x36\x00\x01\x00\x01\x00\x01\x00" + bytes(48)
"""The record by which a workbook says that what follows is encrypted (RC4)."""

Row = list[Any]


def lines(*rows: str, end: str = "\n") -> str:
    return "".join(row + end for row in rows)


def texts() -> dict[str, bytes]:
    """Text files by name."""
    plain = lines(*GOOD)
    spread = [f",{row}," for row in GOOD]
    two = ["编号,日期,人数,,资料,", ",,男,女,海报,手册", "1,2022-03-01,5,6,7,8"]
    groups = ["2022年宣传台账", "第一季度,,第二季度,", "场次,人数,场次,人数", "1,20,3,40"]
    month = "活动编号,一月,二月,三月,四月"
    return {
        "utf8_with_mark.csv": plain.encode("utf-8-sig"),
        "gb18030.csv": plain.encode("gb18030"),
        "big5.csv": lines(*TRADITIONAL).encode("big5"),
        "utf16_le_with_mark.txt": b"\xff\xfe" + plain.replace(",", "\t").encode("utf-16-le"),
        "utf16_be_with_mark.csv": b"\xfe\xff" + plain.encode("utf-16-be"),
        "utf16_le_without_mark.csv": plain.encode("utf-16-le"),
        "utf16_be_without_mark.csv": plain.encode("utf-16-be"),
        "semicolons_and_decimal_commas.csv": lines("a;b;c", "1,5;2,5;3,5", "4,5;5,5;6,5").encode(),
        "bars.csv": plain.replace(",", "|").encode(),
        "tabs_and_commas_in_cells.csv": lines("编号\t地点", "1\t甲,乙", "2\t丙,丁").encode(),
        "quoted_by_apostrophes.csv": lines("'a','b'", "'1','x,y'", "'2','z'").encode(),
        "line_ends_of_old_macs.csv": lines(*GOOD, end="\r").encode(),
        "titles_above.csv": lines(
            "东阿县交警大队宣传台账", "填报单位：秩序中队,,2022年3月,单位：人", "", *GOOD
        ).encode("gb18030"),
        "totals_and_notes_below.csv": lines(
            *GOOD, "合　计,,,245", "注：人数为估计数。", "制表人：张三,,审核人：李四,2022年4月1日"
        ).encode(),
        "subtotals_between.csv": lines(
            HEADER, ROWS[0], "学校小计,,,120", ROWS[1], ROWS[2], "其他小计,,,125", "总计,,,245"
        ).encode(),
        "total_that_is_a_record.csv": lines(HEADER, *ROWS, "合计,2022-03-09,学校,5").encode(),
        "blank_rows_and_columns.csv": lines(
            ",,,,,", *spread[:2], "", ",,,,,", *spread[2:], ",,,,,"
        ).encode(),
        "separators_at_the_end.csv": lines(HEADER, *[f"{row}," for row in ROWS]).encode(),
        "headers_in_two_rows.csv": lines(*two).encode(),
        "groups_over_headers.csv": lines(*groups).encode(),
        "headers_again_in_the_middle.csv": lines(*GOOD, HEADER, "A4,2022-04-01,学校,9").encode(),
        "three_copies_stacked.csv": lines(
            *(line for m in (1, 2, 3) for line in (f"2022年{m}月台账", *GOOD, "合计,,,245"))
        ).encode(),
        "cut_short_in_a_row.csv": (lines(*GOOD) + "A4,2022-03").encode(),
        "cut_short_in_a_character.csv": (lines(*GOOD) + "A4,2022-03-06,学").encode()[:-1],
        "cut_short_in_a_character_of_gb18030.csv": (lines(*GOOD) + "A4,2022-03-06,学").encode(
            "gb18030"
        )[:-1],
        "cut_short_in_quotes.csv": (lines(*GOOD) + 'A4,2022-03-06,"学').encode(),
        "open_quote_near_the_end.csv": lines(
            HEADER, ROWS[0], 'A2,2022-03-02,"农村,80', ROWS[2]
        ).encode(),
        "two_open_quotes.csv": lines(
            HEADER, ROWS[0], 'A2,2022-03-02,"农村,80', 'A3,2022-03-05,"企业,45', "A4,2022-03-06,a,1"
        ).encode(),
        "inches_in_a_cell.csv": lines(HEADER, 'A1,2022-03-01,5" 管,120').encode(),
        "all_rows_one_cell_short.csv": lines(
            HEADER, *(row.rpartition(",")[0] for row in ROWS)
        ).encode(),
        "cells_under_no_header.csv": lines(
            HEADER, *[f"{row}," for row in ROWS[:-1]], f"{ROWS[-1]},x"
        ).encode(),
        "cells_too_few_and_too_many.csv": lines(
            *GOOD, "A4,2022-03-06,学校", "A5,2022-03-07,学校,1,2"
        ).encode(),
        "errors_of_formulas.csv": lines(HEADER, "A1,2022-03-01,#N/A,#DIV/0!", ROWS[1]).encode(),
        "crosstab_by_month.csv": lines(month, "刘集镇,1,2,3,4", "大桥镇,5,6,,8").encode(),
        "crosstab_by_code.csv": lines("月份,学校,农村,企业", "1,3,4,5", "2,6,7,8").encode(),
        "mostly_blank_rows.csv": lines(*GOOD, *[",,,"] * 60).encode(),
        "empty.csv": b"",
        "only_blank_rows.csv": lines("", ",,,", "").encode(),
        "only_headers.csv": lines(HEADER).encode(),
        "only_headers_and_a_total.csv": lines(HEADER, "合计,,,0").encode(),
        "web_page_named.xls": (
            "<html><head><meta charset=gbk></head><table><tr><td>编号</td></tr></table></html>"
        ).encode("gb18030"),
        "xml_named.xls": b'<?xml version="1.0"?><Workbook/>',
        "half_a_character_in_the_middle.csv": (
            lines(*GOOD).encode("gb18030").replace("农村".encode("gb18030"), b"\xc5\xa9\xb4")
        ),
        "no_text_at_all.csv": bytes(range(128, 256)) * 3,
    }  # fmt: skip


def sheet(name: str, write: Callable[[Any, Any], None], *more: str) -> None:
    """A workbook whose first sheet ``write`` fills; ``more`` are sheets with a cell each."""
    book = xlsxwriter.Workbook(FOLDER / name)
    book.set_properties({"created": datetime(2022, 1, 1, tzinfo=UTC)})
    write(book, book.add_worksheet("台账"))
    for one in more:
        book.add_worksheet(one).write("A1", "说明")
    book.close()


def table(target: Any, rows: list[Row], top: int = 0, left: int = 0) -> None:
    for i, row in enumerate(rows):
        for j, cell in enumerate(row):
            if cell is not None:
                target.write(top + i, left + j, cell)


def cells() -> list[Row]:
    """The good rows as a workbook holds them."""
    return [line.split(",") for line in GOOD]


def titles(book: Any, target: Any) -> None:
    target.merge_range("B2:E2", "东阿县交警大队宣传台账")
    target.write("B3", "填报单位：秩序中队")
    target.write("E3", "单位：人")
    table(target, cells(), top=3, left=1)
    target.merge_range("B8:D8", "合计")
    target.write("E8", 245)
    target.merge_range("B10:E10", "注：参加人数为估计数。")


def merged_headers(book: Any, target: Any) -> None:
    target.merge_range("A1:F1", "事故统计表")
    for place, text in (("A2:A3", "编号"), ("B2:B3", "日期"), ("F2:F3", "地点")):
        target.merge_range(place, text)
    target.merge_range("C2:E2", "伤亡情况")
    table(target, [["死亡", "受伤", "失踪"]], top=2, left=2)
    table(target, [["1", "2022-03-01", 0, 2, 0, "城区"], ["2", "2022-03-02", 1, 0, 0, None]], top=3)


def one_group(book: Any, target: Any) -> None:
    target.merge_range("B1:C1", "伤亡情况")
    table(target, [["编号", "死亡", "受伤"], ["1", 0, 2]], top=1)


def kinds_of_cells(book: Any, target: Any) -> None:
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    minute = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    clock = book.add_format({"num_format": "hh:mm"})
    hours = book.add_format({"num_format": "[h]:mm"})
    names = "日期 时间 时刻 时长 编号 长编号 小数 很小 是否 错误 写成文字的错误 公式 文字"
    table(target, [names.split()])
    target.write_datetime("A2", date(2022, 3, 1), day)
    target.write_datetime("B2", datetime(2022, 3, 1, 8, 30, 15), minute)
    target.write_datetime("C2", time(8, 30), clock)
    target.write_number("D2", 1.5, hours)
    target.write_number("E2", 371524001200)
    target.write_number("F2", 371524001200123456)
    target.write_number("G2", 12.5)
    target.write_number("H2", 0.000012)
    target.write_boolean("I2", True)
    target.write_formula("J2", "=1/0", None, "#DIV/0!")
    target.write_string("K2", "#N/A")
    target.write_formula("L2", "=1+1", None, 2)
    target.write_string("M2", " 0371 ")


def merged_down(book: Any, target: Any) -> None:
    table(target, [["编号", "乡镇", "人数"], ["1", None, 3], ["2", None, 4]])
    target.merge_range("B2:B3", "刘集镇")


def far_corner(book: Any, target: Any) -> None:
    table(target, cells())
    target.write("XFD1048576", " ")


def many_declared(book: Any, target: Any) -> None:
    table(target, cells())
    target.write_blank("A65000", None, book.add_format({"bold": True}))


def spaces_far_below(book: Any, target: Any) -> None:
    table(target, cells())
    target.write_string("A400", " ")


def blank_first(book: Any, target: Any) -> None:
    hidden = book.add_worksheet("旧表")
    hidden.hide()
    hidden.write("A1", "旧")
    table(book.add_worksheet("数据"), cells())


def workbooks() -> None:
    sheet("titles_totals_notes.xlsx", titles)
    sheet("merged_headers_in_two_rows.xlsx", merged_headers)
    sheet("one_group_over_headers.xlsx", one_group)
    sheet("every_kind_of_cell.xlsx", kinds_of_cells)
    sheet("cells_merged_down.xlsx", merged_down)
    sheet("stray_cell_in_the_far_corner.xlsx", far_corner)
    sheet("declares_65000_rows.xlsx", many_declared)
    sheet("spaces_far_below.xlsx", spaces_far_below)
    sheet("first_sheet_blank.xlsx", blank_first)
    sheet("several_sheets.xlsx", lambda _, target: table(target, cells()), "填表说明", "代码")
    sheet("nothing_in_it.xlsx", lambda *_: None)
    sheet("really_xlsx_named.csv", lambda _, target: table(target, cells()))
    whole = (FOLDER / "titles_totals_notes.xlsx").read_bytes()
    (FOLDER / "cut_short.xlsx").write_bytes(whole[: len(whole) // 2])
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as target:
        target.writestr(zipfile.ZipInfo("台账.csv", (2022, 1, 1, 0, 0, 0)), lines(*GOOD))
    (FOLDER / "archive_named.xlsx").write_bytes(archive.getvalue())


def old_workbooks() -> None:
    book = xlwt.Workbook()
    target = book.add_sheet("台账")
    target.write_merge(0, 0, 0, 3, "东阿县交警大队宣传台账")
    table(target, [HEADER.split(",")], top=1)
    day = xlwt.easyxf(num_format_str="yyyy-mm-dd")
    target.write(2, 0, 371524001200)
    target.write(2, 1, date(2022, 3, 1), day)
    target.write(2, 2, "学校")
    target.write(2, 3, 120)
    target.write(3, 0, "合计")
    target.write(3, 3, 120)
    book.save(str(FOLDER / "titles_and_totals.xls"))
    stream = book.get_biff_data()
    first = 4 + int.from_bytes(stream[2:4], "little")
    protected = stream[:first] + FILEPASS + stream[first:]
    XlsDoc().save(str(FOLDER / "password.xls"), protected)
    # A protected xlsx is a compound file with its parts in streams of these names.
    container = (FOLDER / "password.xls").read_bytes()
    name, wanted = "Workbook\0".encode("utf-16-le"), "EncryptedPackage\0".encode("utf-16-le")
    at = container.index(name)
    renamed = bytearray(container)
    renamed[at : at + len(wanted)] = wanted
    renamed[at + 64] = len(wanted)
    (FOLDER / "password.xlsx").write_bytes(renamed)


def parquets() -> None:
    rows = pa.table(
        {
            "编号": ["A1", None],
            "日期": pa.array([date(2022, 3, 1), None]),
            "时间": pa.array([datetime(2022, 3, 1, 8, 30), None], pa.timestamp("us")),
            "当地时间": pa.array(
                [datetime(2022, 3, 1, 0, 30, tzinfo=UTC), None], pa.timestamp("us", "Asia/Shanghai")
            ),
            "人数": pa.array([120, None], pa.int32()),
            "比例": pa.array([0.1, float("nan")], pa.float32()),
            "金额": pa.array([200.0, 12.5]),
            "是否": pa.array([True, False]),
            "类别": pa.array(["学校", None]).dictionary_encode(),
        }
    )
    pq.write_table(rows, FOLDER / "every_kind_of_column.parquet")
    pq.write_table(rows.slice(0, 0), FOLDER / "no_rows.parquet")
    whole = (FOLDER / "every_kind_of_column.parquet").read_bytes()
    (FOLDER / "cut_short.parquet").write_bytes(whole[:-20])


def main() -> None:
    """Write every file anew."""
    for path in FOLDER.iterdir():
        if path.is_file() and path.suffix not in (".py", ".md"):
            path.unlink()
    for name, content in texts().items():
        (FOLDER / name).write_bytes(content)
    workbooks()
    old_workbooks()
    parquets()


if __name__ == "__main__":
    main()
