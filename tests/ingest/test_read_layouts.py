"""The same rows come back from any encoding, separator, kind of file and layout around them."""

import csv
import io
from dataclasses import dataclass
from pathlib import Path

import pytest
import xlsxwriter
import xlwt
from hypothesis import given, settings
from hypothesis import strategies as st

from brigade.errors import InputError
from brigade.ingest import import_file
from brigade.ingest.read import Seen, batches, inspect
from tests.ingest.conftest import last_source, released

HEADERS = ("日期", "地名", "人口")
# Characters that GB18030 and Big5 both have.
CELLS = st.text("東西南北中山水年月日人口 ab12.-,;|\t\"'\n，（）", max_size=8).map(
    lambda cell: cell.strip().lstrip("'").strip()
)
KEYS = st.from_regex(r"[A-Z][0-9]{1,5}", fullmatch=True)
TEXTS = [
    ("csv", encoding, separator)
    for encoding in ("utf-8", "utf-8-sig", "gb18030", "big5", "utf-16", "utf-16-le", "utf-16-be")
    for separator in ",\t;|"
]
FORMS = [*TEXTS, ("xlsx", "", ""), ("xls", "", "")]


@dataclass(frozen=True)
class Around:
    """What a person puts around a table, and between its rows."""

    titles: int
    gap: int
    left: int
    right: int
    total: bool
    note: bool
    blank_after: frozenset[int]
    copies: int


AROUND = st.builds(
    Around,
    titles=st.integers(0, 2),
    gap=st.integers(0, 2),
    left=st.integers(0, 2),
    right=st.integers(0, 2),
    total=st.booleans(),
    note=st.booleans(),
    blank_after=st.frozensets(st.integers(0, 5)),
    copies=st.integers(1, 3),
)


def laid_out(
    rows: list[tuple[str, ...]], around: Around
) -> tuple[list[list[str]], dict[int, tuple[str, ...]]]:
    """A sheet, and the rows that must come back by their numbers."""
    sheet: list[list[str]] = []
    wanted = {}

    def put(*cells: str) -> int:
        full = [*[""] * around.left, *cells]
        sheet.append([*full, *[""] * (around.left + 3 + around.right - len(full))])
        return len(sheet)

    for _ in range(around.copies):
        for title in range(around.titles):
            put(f"東山人口年月表之{title}")
        for _ in range(around.gap):
            put()
        put(*HEADERS)
        for i, row in enumerate(rows):
            wanted[put(*row)] = row
            if i in around.blank_after:
                put()
        if around.total:
            put("合　計" if around.note else "Total", "", "120")
        if around.note:
            put("註：2022年")
    return sheet, wanted


def write(path: Path, form: tuple[str, str, str], sheet: list[list[str]]) -> None:
    kind, encoding, separator = form
    if kind == "csv":
        target = io.StringIO()
        csv.writer(target, delimiter=separator, lineterminator="\n").writerows(sheet)
        path.write_bytes(target.getvalue().encode(encoding))
        return
    if kind == "xls":
        old = xlwt.Workbook()
        page = old.add_sheet("a")
    else:
        new = xlsxwriter.Workbook(path)
        page = new.add_worksheet("a")
    for i, row in enumerate(sheet):
        for j, cell in enumerate(row):
            if cell:
                page.write(i, j, cell) if kind == "xls" else page.write_string(i, j, cell)
    if kind == "xls":
        old.save(str(path))
    else:
        new.close()


@settings(max_examples=300, deadline=None)
@given(
    rows=st.lists(st.tuples(KEYS, CELLS, CELLS), min_size=1, max_size=6),
    form=st.sampled_from(FORMS),
    around=AROUND,
)
def test_rows_come_back_from_any_file(
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[tuple[str, ...]],
    form: tuple[str, str, str],
    around: Around,
) -> None:
    sheet, wanted = laid_out(rows, around)
    path = tmp_path_factory.mktemp("any") / f"file.{form[0]}"
    write(path, form, sheet)
    table = inspect(path)
    seen = Seen(table)
    found = {}
    for batch in batches(table):
        seen.add(batch)
        assert not batch.malformed
        columns = [c.to_pylist() for c in batch.cells]
        found.update(zip(batch.rows.to_pylist(), zip(*columns, strict=True), strict=True))
    left = around.left
    assert table.headers[left : left + 3] == HEADERS
    assert not any(table.headers[:left]) and not any(table.headers[left + 3 :])
    assert {n: tuple(cell or "" for cell in row[left : left + 3]) for n, row in found.items()} == (
        wanted
    )
    counts = {one.kind: len(one.rows) for one in seen.findings()}
    assert counts.get("header", 0) == around.copies - 1
    assert counts.get("total", 0) == around.copies * around.total
    assert counts.get("note", 0) == around.copies * around.note
    assert counts.get("titles", 0) == around.titles


WORDS = st.sampled_from(
    [
        *("", "合计", "小计：", "学校小计", "Total", "sum", "注：某", "备注：", "制表人：某"),
        *("类别", "编号", "备注", "3", "12:30", "-"),
    ]
)


@given(
    rows=st.lists(
        st.tuples(WORDS, st.from_regex(r"[A-Z0-9]{1,6}", fullmatch=True), WORDS, WORDS),
        min_size=1,
    ),
    day=st.sampled_from(["2022-03-01", "2022年3月1日", "2022/3/1 8:30"]),
)
def test_a_record_is_never_left_aside(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, ...]], day: str
) -> None:
    """Whatever words stand in it: a row with a number and a date is a record."""
    path = tmp_path_factory.mktemp("any") / "file.csv"
    sheet = [["类别", "编号", "备注", "经办", "日期"], *([*row, day] for row in rows)]
    write(path, ("csv", "utf-8", ","), sheet)
    assert [row for batch in batches(inspect(path)) for row in batch.rows.to_pylist()] == [
        *range(2, len(rows) + 2)
    ]


def test_a_sheet_with_titles_and_totals_becomes_a_release(data: Path) -> None:
    path = Path(__file__).parent / "awkward" / "titles_totals_notes.xlsx"
    said = import_file(path, "outreach")
    source = last_source("outreach")
    assert (source.read, source.accepted, source.duplicates, source.rejected) == (3, 3, 0, 0)
    assert [row["attendees"] for row in released("outreach")] == [120, 80, 45]
    assert "第 8 行" in said.zh


def test_headers_in_two_rows_are_found_by_the_lower(data: Path, tmp_path: Path) -> None:
    path = tmp_path / "crashes.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for place, text in (("A1:A2", "事故编号"), ("B1:B2", "事故时间")):
            sheet.merge_range(place, text)
        sheet.merge_range("C1:D1", "伤亡情况")
        sheet.write_row("C2", ["死亡人数", "受伤人数"])
        sheet.write_row("A3", ["1", "2022-03-01 08:30", 1, 2])
    import_file(path, "crashes")
    [row] = released("crashes")
    assert (row["deaths"], row["injuries"]) == (1, 2)


def test_a_crosstab_is_refused_as_what_it_is(data: Path) -> None:
    path = Path(__file__).parent / "awkward" / "crosstab_by_month.csv"
    with pytest.raises(InputError) as refused:
        import_file(path, "outreach")
    assert "汇总表" in refused.value.text.zh
