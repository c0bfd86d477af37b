"""The list of rejected rows: whole, safe in a spreadsheet, found again, and ready to come back."""

import csv
from pathlib import Path

import pytest

from brigade.errors import InputError
from brigade.ingest import import_for_outcome
from brigade.ingest.outcome import Outcome
from brigade.ingest.rejects import RejectsWriter, read_rejects, rejects_path
from brigade.ingest.validate import Fault, Rejected
from brigade.releases import current_release
from brigade.spreadsheet import kept_as_text
from brigade.text import Lang, Text
from tests.ingest.conftest import CsvOf, last_source, released

HEADER = "台账编号,完成日期,事项,数量,单位,备注"
GOOD = [f"G{n},2022-01-01,甲,{n},家,注" for n in range(3)]
BAD = ["000123,2022-13-01,=1+1,1,家,371524001200", "B2,2022-01-02,甲,-1,斗,1-2", "B3,2022-01-03"]


def ledger(path: Path) -> Outcome:
    return import_for_outcome(path, "work_ledger", limit=100)


def listed() -> Path:
    """The list of the newest import, found by the release in force."""
    name = last_source("work_ledger").rejects
    assert name is not None
    return rejects_path(name)


def cells(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


@pytest.mark.parametrize(("lang", "headers"), [
    ("zh", ["文件", "工作表", "行号", "列", "值", "原因"]),
    ("en", ["file", "sheet", "row", "column", "value", "reason"]),
])  # fmt: skip
def test_a_list_reads_in_either_language(
    data: Path, csv_of: CsvOf, lang: Lang, headers: list[str]
) -> None:
    ledger(csv_of(HEADER, *GOOD, *BAD, name="台账.csv"))
    table = read_rejects(listed(), lang)
    assert table.column_names == [*headers, *HEADER.split(",")]
    rows = [list(row.values()) for row in table.to_pylist()]
    assert [row[:5] for row in rows] == [
        ["台账.csv", "", "5", "完成日期", "2022-13-01"],
        ["台账.csv", "", "6", "数量", "-1"],
        ["台账.csv", "", "7", "", "B3,2022-01-03"],
    ]
    assert "斗" in rows[1][5], "all that is wrong with the row"
    assert [row[6:] for row in rows[:2]] == [line.split(",") for line in BAD[:2]]
    assert rows[2][6:] == ["B3", "2022-01-03", "", "", "", ""]


def test_a_release_without_rejected_rows_names_no_list(data: Path, csv_of: CsvOf) -> None:
    assert ledger(csv_of(HEADER, *GOOD)).rejects is None
    assert last_source("work_ledger").rejects is None
    assert not (data / "rejects").exists()


def test_each_file_of_a_release_keeps_its_list(data: Path, csv_of: CsvOf) -> None:
    for line in BAD:
        ledger(csv_of(HEADER, *GOOD, line))
    names = [one.rejects for one in current_release().extracts["work_ledger"].sources]
    assert len(set(names)) == 3
    assert [
        read_rejects(rejects_path(str(name)), "zh")["台账编号"].to_pylist() for name in names
    ] == [
        ["000123"],
        ["B2"],
        ["B3"],
    ]


def test_a_corrected_list_neither_doubles_nor_loses_a_row(data: Path, csv_of: CsvOf) -> None:
    ledger(csv_of(HEADER, *GOOD, *BAD))
    text = listed().read_text(encoding="utf-8-sig")
    text = text.replace("2022-13-01", "2022-12-01").replace("'-1", "5").replace("斗", "家")
    outcome = ledger(csv_of(*text.splitlines(), name="改正.csv", encoding="gb18030"))
    assert (outcome.rows.read, outcome.rows.added, outcome.rows.rejected) == (3, 3, 0)
    assert outcome.unused == ()
    rows = released("work_ledger")
    assert sorted(row["entry_id"] for row in rows) == ["000123", "B2", "B3", "G0", "G1", "G2"]
    (kept,) = (row for row in rows if row["entry_id"] == "000123")
    assert (kept["item"], kept["note"]) == ("=1+1", "371524001200")
    again = ledger(csv_of(*text.splitlines()))
    assert (again.rows.accepted, again.rows.duplicates) == (0, 3)
    whole = csv_of(HEADER, *GOOD, BAD[0].replace("-13-", "-12-"))
    assert ledger(whole).rows.unchanged == 4
    assert released("work_ledger") == rows


def test_a_list_that_is_still_wrong_comes_back_with_its_rows_alone(
    data: Path, csv_of: CsvOf
) -> None:
    ledger(csv_of(HEADER, *GOOD, *BAD[:2]))
    first = listed()
    ledger(csv_of(*first.read_text(encoding="utf-8-sig").splitlines(), name="清单.csv"))
    second = listed()
    assert second != first
    assert cells(second)[0] == cells(first)[0]
    assert [row[7:] for row in cells(second)] == [row[7:] for row in cells(first)]
    assert [row[0] for row in cells(second)[1:]] == ["清单.csv", "清单.csv"]


def test_a_row_keyed_by_its_content_comes_back_once(
    data: Path, csv_of: CsvOf, tmp_path: Path
) -> None:
    own = tmp_path / "own.toml"
    own.write_text("[columns]\nentry_id = { row_key = true }\n", encoding="utf-8")
    header = "完成日期,事项,数量,单位"
    import_for_outcome(csv_of(header, "2022-01-01,000,1,斗"), "work_ledger", own, limit=100)
    text = listed().read_text(encoding="utf-8-sig").replace("斗", "家")
    import_for_outcome(csv_of(*text.splitlines()), "work_ledger", own)
    corrected = csv_of(header, "2022-01-01,000,1,家")
    assert import_for_outcome(corrected, "work_ledger", own).rows.unchanged == 1


def test_cells_of_several_lines_and_quotes_stay_whole(tmp_path: Path) -> None:
    cells_ = ['甲"乙', "一\n二", "a,b", "-1", " x "]
    path = tmp_path / "list.csv"
    fault = Fault("h", 'v"\n', "type", Text("因", "why"))
    with RejectsWriter(path, "f.xlsx", "表一", ["h", "i", "j", "k", "l"]) as rejects:
        rejects.add([Rejected(9, cells_, [fault])])
    assert path.read_bytes().startswith(b"\xef\xbb\xbf"), "by this Excel knows UTF-8"
    (row,) = read_rejects(path, "zh").to_pylist()
    assert list(row.values()) == ["f.xlsx", "表一", "9", "h", 'v"\n', "因", *cells_]


def test_a_damaged_list_is_said(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    for content in (b"", b"\xff\xfe\x00"):
        path.write_bytes(content)
        with pytest.raises(InputError, match=r"list\.csv"):
            read_rejects(path, "en")


@pytest.mark.parametrize(
    "cell",
    [
        "000123",
        "371524001200",
        "1E5",
        "12e34",
        "1-2",
        "3/4",
        "116.25000001",
        "2022-01-05 19:00:30",
    ],
)
def test_what_a_spreadsheet_would_spoil_is_kept_as_text(cell: str) -> None:
    assert kept_as_text(cell) == f"{cell}\t"
    assert kept_as_text(kept_as_text(cell)) == f"{cell}\t"


@pytest.mark.parametrize("cell", ["", "0", "0.5", "12345678901", "2022-01-02", "甲", "1,000", "-1"])
def test_other_cells_are_left_alone(cell: str) -> None:
    assert kept_as_text(cell) == cell
