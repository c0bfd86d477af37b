"""Encoding, separator, headers and row numbers of a CSV, found out."""

import re
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from brigade.errors import InputError
from brigade.ingest.read import batches, inspect
from brigade.ingest.read import encoding as encodings
from tests.ingest.conftest import CsvOf


def rows_of(path: Path) -> list[tuple[int, tuple[str | None, ...]]]:
    """Each row's number in the file and its cells."""
    return [
        (number, tuple(cells))
        for batch in batches(inspect(path))
        for number, *cells in zip(*(c.to_pylist() for c in (batch.rows, *batch.cells)), strict=True)
    ]


def malformed_of(path: Path) -> list[tuple[int, tuple[str, ...]]]:
    return [(row.row, row.cells) for batch in batches(inspect(path)) for row in batch.malformed]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk"])
@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_encoding_and_separator_are_found_out(csv_of: CsvOf, encoding: str, separator: str) -> None:
    lines = [("村代码", "村名"), ("371524001200", "王海村"), ("371524001201", "东关，村")]
    path = csv_of(*(separator.join(line) for line in lines), encoding=encoding)
    assert inspect(path).headers == lines[0]
    assert [cells for _, cells in rows_of(path)] == lines[1:]


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_chinese_after_a_long_stretch_of_plain_letters(
    csv_of: CsvOf, encoding: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The whole file decides on the encoding, also where a character is cut by a block's end."""
    monkeypatch.setattr(encodings, "PIECE", 4097)
    path = csv_of(
        "a,b", *("1,x" for _ in range(3000)), *("2,村" for _ in range(3000)), encoding=encoding
    )
    found = [cells for _, cells in rows_of(path)]
    assert found == [("1", "x")] * 3000 + [("2", "村")] * 3000


def test_headers_over_two_lines_and_quoted_cells(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes('\ufeff"事故\n编号",地点\r\n1,"甲, ""乙""\n丙"\r\n2,丁'.encode())
    assert inspect(path).headers == ("事故\n编号", "地点")
    assert rows_of(path) == [(2, ("1", '甲, "乙"\n丙')), (3, ("2", "丁"))]


def test_a_quotation_mark_that_opens_a_cell_by_another_separator_only(csv_of: CsvOf) -> None:
    path = csv_of("编号,说明,备注", '1,"甲', '",乙', *[f"2,丙,{'丁' * 1000}"] * 250)
    assert [cells for _, cells in rows_of(path)][:2] == [
        ("1", "甲", "乙"),
        ("2", "丙", "丁" * 1000),
    ]


def test_blank_rows_are_no_rows_but_keep_their_number(csv_of: CsvOf) -> None:
    path = csv_of("", ",", "a,b", "1,", "", " ,\u3000", "2,x", "")
    assert rows_of(path) == [(4, ("1", None)), (7, ("2", "x"))]


def test_rows_with_too_few_or_many_cells_are_set_aside(csv_of: CsvOf) -> None:
    path = csv_of("", "a,b", "1,2", "3", "", '4,5,"6,7"', "8,9", "10")
    assert rows_of(path) == [(3, ("1", "2")), (7, ("8", "9"))]
    assert malformed_of(path) == [(4, ("3",)), (6, ("4", "5", "6,7")), (8, ("10",))]


def test_rows_keep_their_numbers_over_blocks(
    csv_of: CsvOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(encodings, "PIECE", 4096)
    path = csv_of("n,x", *(f"{n}" if n % 100 == 0 else f"{n},x" for n in range(2, 5000)))
    numbers = [(number, int(str(cells[0]))) for number, cells in rows_of(path)]
    assert numbers == [(n, n) for n in range(2, 5000) if n % 100]
    assert [row for row, _ in malformed_of(path)] == list(range(100, 5000, 100))


def test_cells_lose_space_and_the_guard_against_formulas(csv_of: CsvOf) -> None:
    path = csv_of("'=a,b", " x\u3000,'-3.5", "\t1\t,'quoted'")
    assert inspect(path).headers == ("=a", "b")
    assert [cells for _, cells in rows_of(path)] == [("x", "-3.5"), ("1", "'quoted'")]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"a,b\n",
        b"a,b",
        b"\n\n",
        b"PK\x03\x04\xff\xff\x00\x81",
    ],
)
def test_what_is_no_csv_with_rows_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"file\.csv"):
        inspect(path)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="absent"):
        inspect(tmp_path / "absent.csv")
    with pytest.raises(InputError):
        inspect(tmp_path)


@given(
    cells=st.lists(
        st.tuples(*[st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1)] * 2),
        min_size=1,
    ),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "gb18030"]),
)
def test_any_text_comes_back(
    tmp_path_factory: pytest.TempPathFactory, cells: list[tuple[str, str]], encoding: str
) -> None:
    # Totals, notes and headers once more are no rows, and errors no values: see test_awkward.
    assume(not any(re.search(r"(?i)计|total|sum|[:：]|村名|^\s*#", "".join(row)) for row in cells))
    path = tmp_path_factory.mktemp("any") / "file.csv"
    quoted = [",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in cells]
    path.write_bytes("\n".join(["村名,b", *quoted]).encode(encoding))
    kept = [tuple(cell.strip() or None for cell in row) for row in cells]
    unguarded = [
        tuple(c[1:] if c and c[0] == "'" and c[1:2] in tuple("=+-@") else c for c in row)
        for row in kept
    ]
    assert [row for _, row in rows_of(path)] == [row for row in unguarded if any(row)]
