"""Parts read at once, and checks at one look, give what reading each cell in turn gives."""

import codecs
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from brigade.contracts import contract
from brigade.errors import InputError
from brigade.ingest import ahead
from brigade.ingest.faults import _kinds_of_rows
from brigade.ingest.plan import Plan, plan
from brigade.ingest.read import batches, cut, encoding, inspect
from brigade.ingest.read.aside import MAYBE, WORDS
from brigade.ingest.read.encoding import Utf8Check
from brigade.ingest.read.scan import scan
from brigade.ingest.read.table import Reading, Table
from brigade.ingest.validate import check

HEADERS = ("违法编号", "违法时间", "信息来源", "实测值", "记分数", "处理时间", "号牌号码", "备忘")
CELLS = (
    ("V1", "V2", " V3", "３", "1E+5", "2.5E+17", "合计", "合 计", "sum", "注：无", "违法编号", "",
     "#N/A"),
    ("2022-01-01 08:30:00", "2022-01-01 08:30", "2022-01-01", "2022/1/1 8:05",
     "2022-02-30 08:30:00", "2099-12-31 00:00:00", "1899-12-31 00:00:00",
     " 2022-1-01 08:30:00", "2022-01-01T08:30:00",
     "２０２２-01-01", "1/13/22", "44713.5", "2022-01-01 08:30:00Z", "x", ""),
    ("现场", "非现场", " 现场", "\u3000非现场", "电子", "'=现场", "#REF!", ""),
    ("81.0", "81", "1,200", "1 200", "８２.5", "1e5", "inf", "nan", "-1", "007", "1.2.3", ""),
    ("3", "3.0", "13", "-1", " 3", "３", "0x3", "+3", "1e0", "03", ""),
    ("2022-01-02 10:00:00", "2021-12-31 10:00:00", "2022-01-01", "2022/1/1",
     "9999-01-01 00:00:00", ""),
    ("鲁P12345", "鲁p·12345", "无牌", "鲁Ｐ12345", "\u00a0鲁P12345", "P12345", ""),
    ("甲", "示例数据", " ", "\u2003", "'", "'-", ""),
)  # fmt: skip

rows = st.tuples(*map(st.sampled_from, CELLS)).map(",".join)
lines = st.one_of(
    rows, rows, rows, rows, st.sampled_from(("", ",,", "合计,,,,3,,,", "V9,2022-01-01", "a" * 30,
    ",".join(HEADERS), "1,2,3,4,5,6,7,8,9", "注：以上为全部,,,,,,,", ",,,,,,,"))
)  # fmt: skip


def found(table: Table, chosen: Plan) -> tuple[Any, ...]:
    """All there is in the rows of a file, and what its checks say of them."""
    parts = list(batches(table))
    checked = [check(one, chosen) for one in parts]
    changes: dict[tuple[str, str], int] = {}
    for one in checked:
        for name, did in one.changes.items():
            for change in did:
                key = (name, change.kind.name)
                changes[key] = changes.get(key, 0) + change.cells
    doubts: dict[tuple[str, str, str], int] = {}
    for one in checked:
        for doubt in one.doubts:
            for value, count in doubt.values.items():
                key = (doubt.column, doubt.check, value)
                doubts[key] = doubts.get(key, 0) + count
    return (
        joined(part.raw for part in parts),
        joined(part.cells for part in parts),
        [number for part in parts for number in part.rows.to_pylist()],
        sorted((one.row, one.cells) for part in parts for one in part.malformed),
        [one for part in parts for one in part.aside],
        sum(part.blank for part in parts),
        sum(part.errors for part in parts),
        [row for one in checked for row in one.table.to_pylist()],
        sorted((row.row, row.cells, row.faults) for one in checked for row in one.rejected),
        changes,
        doubts,
    )


def joined(parts: Iterable[Any]) -> list[list[str]]:
    """The columns of several batches, blank cells as empty ones."""
    columns = [[column.to_pylist() for column in part] for part in parts]
    return [
        [cell or "" for some in column for cell in some] for column in zip(*columns, strict=True)
    ]


@given(
    st.lists(lines, min_size=1, max_size=30),
    st.sampled_from(("\n", "\r\n", "\r")),
    st.sampled_from(("utf-8", "utf-8-sig", "gb18030")),
    st.booleans(),
    st.sampled_from((40, 150, 100_000)),
)
def test_parts_read_at_once_give_what_the_whole_gives(
    tmp_path_factory: pytest.TempPathFactory,
    lines: list[str],
    end: str,
    written: str,
    ended: bool,
    size: int,
) -> None:
    """The same rows, changes, faults and doubts, wherever the parts of a file begin."""
    path = tmp_path_factory.mktemp("parts") / "file.csv"
    text = end.join((",".join(HEADERS), "V0,2022-01-01 08:30:00,现场,,3,,,", *lines))
    path.write_bytes((text + end * ended).encode(written))
    table = inspect(path)
    assert table.by_line == (end != "\r")
    # Made once: the order of day and month is found out from a file's first rows, however many.
    chosen = plan(table, contract("violations"), None)
    # What isn't cut by lines is read in blocks, none of which may be shorter than a row.
    read, piece = (size, max(size, 400)) if table.by_line else (cut._READ, encoding.PIECE)
    with patch.object(cut, "_READ", read), patch.object(encoding, "PIECE", piece):
        at_once = found(table, chosen)
    in_turn = found(replace(table, by_line=False, repeating=frozenset()), chosen)
    for one, other in zip(at_once, in_turn, strict=True):
        assert one == other


def test_a_first_line_end_of_another_kind_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(
        "违法编号,违法时间\rA,2022-01-01 08:00:00\nB,2022-01-01 09:00:00\nC,1\n".encode()
    )
    table = inspect(path)
    assert table.by_line
    chosen = plan(table, contract("violations"), None)
    assert [row["violation_id"] for row in found(table, chosen)[7]] == ["A", "B"]
    assert found(table, chosen) == found(replace(table, by_line=False), chosen)


@pytest.mark.parametrize("written", ["utf-8", "gb18030"])
def test_a_character_cut_in_any_part_is_said_with_its_line(tmp_path: Path, written: str) -> None:
    """Also where all before it was seen to be sound."""
    path = tmp_path / "file.csv"
    text = "".join(f"V{n},2022-01-01 08:00:00,刘集镇\n" for n in range(600))
    whole = ("违法编号,违法时间,乡镇街道\n" + text).encode(written)
    path.write_bytes(whole[:-2])
    with patch.object(cut, "_READ", 200), patch.object(encoding, "PIECE", 200):
        with pytest.raises(InputError, match=r"line 601.*as if cut short"):
            list(batches(inspect(path)))
        path.write_bytes(whole[:-2] + b"\n" + whole)
        with pytest.raises(InputError, match=r"line 601 has a character"):
            list(batches(inspect(path, Reading(encoding=written))))


def test_only_the_beginning_is_read_for_who_wants_no_more(tmp_path: Path) -> None:
    made: list[int] = []

    def make(item: int) -> int:
        made.append(item)
        return item

    source = iter(range(100))
    first = ahead.at_once(make, source)
    assert next(first) == 0
    first.close()
    assert made == [0]
    assert next(source) == 1


def test_what_is_made_at_once_comes_in_order_and_fails_in_its_place() -> None:
    assert list(ahead.at_once(lambda one: one * 2, range(50))) == list(range(0, 100, 2))
    made = ahead.at_once(lambda one: 10 // one, (5, 2, 0, 1))
    assert [next(made), next(made)] == [2, 5]
    with pytest.raises(ZeroDivisionError):
        next(made)


@given(st.lists(st.binary(max_size=6) | st.text(max_size=6).map(str.encode), max_size=12))
@example(["鲁".encode()[:2]])
@example(["鲁".encode()[:2], b"a"])
@example([b"\xf0\x9f", b"\x98", b"\x80"])
@example([b"\xe0\x80"])
def test_utf8_is_told_whatever_the_pieces(pieces: list[bytes]) -> None:
    """As Python's own decoder tells it, of which an unfinished character is no fault."""
    looked_at = Utf8Check()
    for piece in pieces:
        looked_at.add(piece)
    whole = looked_at.finish()
    text = b"".join(pieces)
    try:
        codecs.getincrementaldecoder("utf-8")().decode(text)
        fault = None
    except UnicodeDecodeError as error:
        fault = error.start
    assert looked_at.fault == fault
    try:
        text.decode()
    except UnicodeDecodeError:
        assert not whole
    else:
        assert whole


@given(st.binary(max_size=60), st.integers(1, 9))
def test_a_file_is_counted_whatever_the_pieces(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, size: int
) -> None:
    path = tmp_path_factory.mktemp("scan") / "file"
    path.write_bytes(content)
    with patch.object(encoding, "PIECE", size):
        found = scan(path)
    assert found == scan(path)
    assert (found.feeds, found.quotes) == (content.count(b"\n"), content.count(b'"'))
    assert found.returns == content.count(b"\r")


@given(st.text("toalsumſſTOALSUMK :：计計合小注备note审核1\u3000", max_size=8))
def test_what_may_be_left_aside_has_one_of_its_words(text: str) -> None:
    if pc.match_substring_regex(pa.array([text]), MAYBE)[0].as_py():
        small = text.encode().lower()
        assert any(word in small for word in WORDS)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(("酒驾", "醉驾", None)),
            st.sampled_from((19.0, 20.0, 80.0, None)),
            st.sampled_from(("mg/100ml", None)),
        ),
        max_size=80,
    )
)
def test_each_row_is_of_its_kind(given_rows: list[tuple[Any, ...]]) -> None:
    """Conditions are asked once for each kind of row, so every kind must be that of its rows."""
    category, measured, unit = zip(*given_rows, strict=True) if given_rows else ((), (), ())
    table = pa.table(
        {
            "category": pa.array(category, pa.string()).dictionary_encode(),
            "measured": pa.array(measured, pa.float64()),
            "unit": pa.array(unit, pa.string()),
        }
    )
    kinds, of_row = _kinds_of_rows(table)
    whole = kinds if of_row is None else kinds.take(of_row)
    assert whole.to_pylist() == table.to_pylist()
    if of_row is not None:
        assert len(kinds) == len({*given_rows})
