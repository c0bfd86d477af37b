"""What makes a large import fast gives what the plain way gives: order, repeats, years, blocks."""

import random
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from brigade.contracts import contract
from brigade.ingest import incoming, merge
from brigade.ingest.ahead import ahead
from brigade.ingest.by_year import UNDATED, ByYear, schema_of
from brigade.ingest.plan import plan
from brigade.ingest.publish import import_for_outcome
from brigade.ingest.read import batches, cut, inspect
from brigade.ingest.read import encoding as encodings
from brigade.ingest.validate import Checked, check
from brigade.releases import current_release
from tests.ingest.conftest import CsvOf, released

HEADER = "违法编号,违法时间,信息来源,乡镇街道,记分数,实测值,号牌号码,处理时间"
SOURCES = ("现场", "非现场", " 现场", "非现场 ", "电子", "", "#N/A")


def rows(count: int, years: int = 3) -> list[str]:
    """Violations in the order of their time and number, with cells of every doubtful kind."""
    chance = random.Random(count)
    lines = []
    for n in range(count):
        day = f"{2020 + n * years // count}-{1 + n % 12:02}-15"
        clock = chance.choice((" 08:30:00", "", " 8:30"))
        cells = (
            f"V{n:06}", day + clock, chance.choice(SOURCES), chance.choice(("刘集镇", "", "'=镇")),
            chance.choice(("3", "0", "", "3.0")), chance.choice(("", "1,200", "82.5")),
            chance.choice(("鲁P12345", "鲁p·12345", "无牌", "")),
            chance.choice(("", "2024-01-01 10:00:00", "2024/1/1")),
        )  # fmt: skip
        lines.append(",".join(f'"{cell}"' if "," in cell else cell for cell in cells))
    return sorted(lines, key=_time_and_number)


def _time_and_number(line: str) -> tuple[str, bool, str]:
    number, time, *_ = line.split(",")
    return time[:10], len(time) > 10, number


def test_files_are_by_year_and_rows_in_order(data: Path, csv_of: CsvOf) -> None:
    import_for_outcome(csv_of(HEADER, *rows(300)), "violations")
    files = current_release().files("violations")
    assert [path.name for path in files] == ["2020.parquet", "2021.parquet", "2022.parquet"]
    for path in files:
        times = pq.read_table(path)["occurred_at"].to_pylist()
        assert times == sorted(times)
        assert {time.year for time in times} == {int(path.stem)}
    assert sum(pq.read_metadata(path).num_rows for path in files) == 300


@pytest.mark.parametrize("twice", [0, 5])
def test_the_order_of_a_file_changes_nothing(
    data: Path, csv_of: CsvOf, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, twice: int
) -> None:
    """Rows in order are taken as they came, others are merged; the release is the same."""
    lines = rows(400)
    mixed = [*lines, *lines[:twice]]
    random.Random(1).shuffle(mixed)
    taken = []
    as_they_came = merge._as_they_came
    monkeypatch.setattr(
        merge, "_as_they_came", lambda *args: taken.append(1) or as_they_came(*args)
    )
    found = []
    for name, content in (("in-order", lines), ("mixed", mixed)):
        monkeypatch.setenv("BRIGADE_DATA", str(tmp_path / name))
        outcome = import_for_outcome(csv_of(HEADER, *content), "violations")
        assert outcome.rows.repeated == (twice if name == "mixed" else 0)
        counts = (outcome.rows.added, dict(outcome.gaps))
        dated = dict(outcome.date_only)
        found.append((released("violations"), counts, dated))
    assert found[0] == found[1]
    assert len(taken) == 1


def test_a_key_that_stands_twice_is_found_in_rows_in_order(data: Path, csv_of: CsvOf) -> None:
    path = csv_of(
        "违法编号,违法时间,记分数",
        "B,2022-01-01 08:00:00,1",
        "A,2022-01-01 09:00:00,2",
        "B,2022-01-01 10:00:00,3",
    )
    outcome = import_for_outcome(path, "violations")
    assert (outcome.rows.added, outcome.rows.superseded) == (2, 1)
    assert [(row["violation_id"], row["points"]) for row in released("violations")] == [
        ("A", 2),
        ("B", 3),
    ]


def test_keys_in_no_order_may_come_in_the_order_of_time(data: Path, csv_of: CsvOf) -> None:
    path = csv_of("违法编号,违法时间", "B,2022-01-01 08:00:00", "A,2022-01-01 09:00:00")
    assert import_for_outcome(path, "violations").rows.added == 2
    assert [row["violation_id"] for row in released("violations")] == ["B", "A"]


def test_a_corrected_row_moves_to_its_year(data: Path, csv_of: CsvOf) -> None:
    first = csv_of("违法编号,违法时间", "A,2021-01-01 08:00:00", "B,2022-01-01 09:00:00")
    import_for_outcome(first, "violations")
    second = csv_of("违法编号,违法时间", "A,2023-01-01 08:00:00")
    assert import_for_outcome(second, "violations").rows.replaced == 1
    files = current_release().files("violations")
    assert [path.name for path in files] == ["2022.parquet", "2023.parquet"]
    assert [row["violation_id"] for row in released("violations")] == ["B", "A"]


def test_rows_without_a_time_have_a_file_of_their_own(tmp_path: Path) -> None:
    extract = contract("violations")
    given = [{"violation_id": "A", "occurred_at": None}]
    with ByYear(tmp_path, extract) as files:
        files.add(pa.Table.from_pylist(given, schema_of(extract)))
    assert [path.stem for path in tmp_path.iterdir()] == [UNDATED]


@given(
    st.lists(
        st.tuples(st.sampled_from(SOURCES), st.sampled_from(["3", "13", "x", "", "3.0", " 3"])),
        min_size=4,
        max_size=40,
    )
)
def test_cells_that_repeat_are_read_as_any_others(
    tmp_path_factory: pytest.TempPathFactory, cells: list[tuple[str, str]]
) -> None:
    path = tmp_path_factory.mktemp("repeating") / "file.csv"
    lines = (f"V{n},2022-01-01 08:00:00,{a},{b}\n" for n, (a, b) in enumerate(cells))
    path.write_text("违法编号,违法时间,信息来源,记分数\n" + "".join(lines), encoding="utf-8")
    table = inspect(path)
    plain = replace(table, repeating=frozenset())
    extract = contract("violations")
    found: list[list[Checked]] = []
    for one in (table, plain):
        chosen = plan(one, extract, None)
        found.append([check(batch, chosen) for batch in batches(one)])
    for repeating, other in zip(*found, strict=True):
        assert repeating.table.to_pylist() == other.table.to_pylist()
        assert repeating.rejected == other.rejected
        assert repeating.changes == other.changes
        assert repeating.doubts == other.doubts


def test_small_blocks_and_batches_give_the_same_rows(
    data: Path, csv_of: CsvOf, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = csv_of(*(line.replace('"1,200"', "1200") for line in (HEADER, *rows(2000))))
    found = []
    for name, piece in (("whole", encodings.PIECE), ("pieces", 4096)):
        monkeypatch.setenv("BRIGADE_DATA", str(tmp_path / name))
        monkeypatch.setattr(encodings, "PIECE", piece)
        monkeypatch.setattr(cut, "_READ", 2 * piece)
        outcome = import_for_outcome(path, "violations")
        found.append((released("violations"), outcome.rows, outcome.cleaned, outcome.doubts))
    assert len(list(batches(inspect(path)))) > 1
    assert found[0] == found[1]


def test_what_fails_ahead_is_raised_in_its_place() -> None:
    def items() -> object:
        yield 1
        yield 2
        raise ValueError("third")

    seen = []
    with pytest.raises(ValueError, match="third"):
        for item in ahead(items()):  # type: ignore[arg-type]
            seen.append(item)
    assert seen == [1, 2]


def test_files_of_a_merge_are_not_those_it_came_from(data: Path, csv_of: CsvOf) -> None:
    """The marks of the rows stay out of a release."""
    import_for_outcome(csv_of(HEADER, *rows(20)), "violations")
    names = [column.name for column in contract("violations").stored_columns]
    for path in current_release().files("violations"):
        assert pq.read_schema(path).names == names
        assert path.name != incoming._MARKS
