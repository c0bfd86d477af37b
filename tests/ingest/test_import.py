"""A file into a release: what is taken, dropped, replaced, refused, and what stays as it was."""

import csv
import os
import tempfile
from datetime import date
from pathlib import Path
from typing import Any
from unittest import mock

import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brigade import cli, export, house
from brigade.contracts import contract
from brigade.engine.duckdb import Engine
from brigade.engine.relations import Reader
from brigade.errors import InputError, ReleaseError
from brigade.filters import Filters
from brigade.ingest import import_file
from brigade.ingest.values import ARROW
from brigade.records import Records
from brigade.releases import current_release
from brigade.text import SYNTHETIC
from tests.conftest import HALF_YEAR
from tests.ingest.conftest import CsvOf, last_source, released

HEADER = "活动编号,活动日期,场所类型,活动地点,乡镇街道,参加人数,发放资料"
FILLING = [f"F{n:03},2022-01-01,学校,,,{n}," for n in range(200)]


def counts(extract: str = "outreach") -> tuple[int, int, int, int]:
    """Read, accepted, duplicates, rejected of the last import."""
    source = last_source(extract)
    return source.read, source.accepted, source.duplicates, source.rejected


def by_id() -> dict[str, dict[str, Any]]:
    return {row["outreach_id"]: row for row in released("outreach")}


def everything(folder: Path) -> dict[str, bytes]:
    """All files below a folder and their content."""
    found = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in found}


def test_a_file_becomes_a_release(data: Path, csv_of: CsvOf) -> None:
    lines = [
        "2,2022-03-02,学校,实验小学,新城街道,120,80",
        '1,2022/3/1,农村,王海村,铜城街道,"1,200",',
    ]
    said = import_file(csv_of(HEADER, *lines, encoding="gb18030"), "outreach")
    release = current_release()
    assert not release.synthetic
    assert release.id in said.zh
    assert [tuple(row.values()) for row in released("outreach")] == [
        ("1", date(2022, 3, 1), "农村", "王海村", "铜城街道", 1200, None),
        ("2", date(2022, 3, 2), "学校", "实验小学", "新城街道", 120, 80),
    ]
    extract = release.extracts["outreach"]
    assert (extract.rows, extract.first, extract.last) == (2, date(2022, 3, 1), date(2022, 3, 2))
    assert counts() == (2, 2, 0, 0)
    assert last_source("outreach").gaps == {"leaflets": 1}
    assert sorted(path.name for path in data.iterdir()) == ["releases"]


@pytest.mark.parametrize("extract", ["crashes", "outreach", "targets"])
def test_files_hold_every_column_in_the_contracts_order_and_types(
    data: Path, csv_of: CsvOf, extract: str
) -> None:
    wanted = contract(extract)
    required = [c for c in wanted.stored_columns if c.required]
    cells = ["2022-03-01" if c.type in ("date", "timestamp") else "1" for c in required]
    path = csv_of(",".join(c.name for c in required) + ",x", ",".join(cells) + ",y")
    import_file(path, extract)
    schema = pq.read_schema(current_release().files(extract)[0])
    assert [(f.name, f.type) for f in schema] == [
        (c.name, ARROW[c.type]) for c in wanted.stored_columns
    ]


def test_duplicates_are_dropped_and_corrections_replace(data: Path, csv_of: CsvOf) -> None:
    first = ["1,2022-03-01,农村,甲,,10,", "2,2022-03-02,农村,乙,,20,", "1,2022-03-01,农村,甲,,10,"]
    import_file(csv_of(HEADER, *first), "outreach")
    assert counts() == (3, 2, 1, 0)
    second = [
        "2,2022/3/2,农村,乙,,20,",  # the same in another form
        "3,2022-03-03,学校,丙,,1,",  # corrected below
        "3,2022-03-03,学校,丙,,2,",
        "1,2022-03-01,农村,甲,,11,",  # a correction of the first file
    ]
    said = import_file(csv_of(HEADER, *second), "outreach")
    assert counts() == (4, 2, 2, 0)
    assert {id_: row["attendees"] for id_, row in by_id().items()} == {"1": 11, "2": 20, "3": 2}
    assert "更正已有的 1 行" in said.zh
    assert "被文件中后面的更正取代 1 行" in said.zh


def test_importing_a_file_again_changes_no_row(data: Path, csv_of: CsvOf) -> None:
    path = csv_of(HEADER, *FILLING)
    import_file(path, "outreach")
    rows, id_ = released("outreach"), current_release().id
    import_file(path, "outreach")
    assert released("outreach") == rows
    assert counts() == (200, 0, 200, 0)
    assert current_release().id != id_
    assert [s.accepted for s in current_release().extracts["outreach"].sources] == [200, 0]


def test_a_column_that_a_file_lacks_keeps_what_is_there(data: Path, csv_of: CsvOf) -> None:
    import_file(csv_of(HEADER, "1,2022-03-01,农村,甲,,10,5"), "outreach")
    import_file(csv_of("活动编号,活动日期,参加人数", "1,2022-03-01,11"), "outreach")
    row = by_id()["1"]
    assert (row["attendees"], row["venue"], row["leaflets"]) == (11, "甲", 5)
    import_file(csv_of(HEADER, "1,2022-03-01,农村,,,11,"), "outreach")
    assert by_id()["1"]["venue"] is None, "a blank cell says that there is nothing"


def test_keys_agree_null_with_null(data: Path, csv_of: CsvOf) -> None:
    header = "metric,starts_on,ends_on,township,target"
    whole = "crashes,2022-01-01,2022-12-31,,60"
    part = "crashes,2022-01-01,2022-12-31,刘集镇,6"
    import_file(csv_of(header, whole, part), "targets")
    import_file(csv_of(header, whole.replace("60", "55")), "targets")
    found = {row["township"]: row["target"] for row in released("targets")}
    assert found == {None: 55.0, "刘集镇": 6.0}


def test_other_extracts_are_carried_over_and_old_releases_stay(data: Path, csv_of: CsvOf) -> None:
    import_file(csv_of(HEADER, *FILLING), "outreach")
    before = everything(data / "releases" / current_release().id)
    older = current_release()
    import_file(csv_of("village_code,village", "371524001200,王海村委会"), "villages")
    import_file(csv_of(HEADER, "F000,2022-01-01,农村,,,7,"), "outreach")
    assert set(current_release().extracts) == {"outreach", "villages"}
    assert by_id()["F000"]["attendees"] == 7
    assert len(by_id()) == 200
    assert everything(older.folder) == before


def test_nothing_of_the_sample_enters_a_release(data: Path, csv_of: CsvOf) -> None:
    """The first import starts empty; a file made from the sample is refused."""
    import_file(csv_of(HEADER, *FILLING), "outreach")
    assert set(current_release().extracts) == {"outreach"}
    before = everything(data)
    marked = csv_of(f"{HEADER},数据说明", f"X,2022-01-01,学校,,,1,,{SYNTHETIC.zh}")
    with pytest.raises(InputError):
        import_file(marked, "outreach")
    assert everything(data) == before


def test_what_the_app_exports_can_be_imported(data: Path, csv_of: CsvOf, tmp_path: Path) -> None:
    header = "事故编号,事故发生时间,路名,逃逸,经度,7日死亡人数"
    import_file(
        csv_of(header, "1,2022-03-01 08:30,=乙路,是,-86.5,0", "2,2022-03-02 09:00,,否,,"), "crashes"
    )
    rows = released("crashes")
    table = pq.read_table(current_release().files("crashes")[0])
    for lang in ("zh", "en"):
        path = tmp_path / "export.csv"
        columns = contract("crashes").stored_columns
        path.write_bytes(export.to_csv(export.records_table(table, columns, lang, False)))
        import_file(path, "crashes")
        assert counts("crashes") == (2, 0, 2, 0)
    assert released("crashes") == rows


def faulty(rejects: Path) -> list[dict[str, str]]:
    with rejects.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_faulty_rows_are_listed_with_place_and_reason(data: Path, csv_of: CsvOf) -> None:
    bad = ["B1,2022-13-01,学校,甲,,1,", "B2,2022-01-02,学校,=乙,,-2.5,"]
    path = csv_of(HEADER, *FILLING, *bad, name="台账.csv", encoding="gb18030")
    said = import_file(path, "outreach")
    assert counts() == (202, 200, 0, 2)
    rejects = data / "rejects" / f"{current_release().id}-outreach.csv"
    assert str(rejects) in said.zh
    assert rejects.read_bytes().startswith(b"\xef\xbb\xbf")
    found = faulty(rejects)
    assert [list(row.values())[:5] for row in found] == [
        ["台账.csv", "", "202", "活动日期", "2022-13-01"],
        ["台账.csv", "", "203", "参加人数", "'-2.5"],
    ]
    assert all(row["拒收·原因"] and row["拒收·reason"] for row in found)
    assert found[1]["活动地点"] == "'=乙", "no cell runs in a spreadsheet"


def test_a_mended_list_of_faulty_rows_can_be_imported(data: Path, csv_of: CsvOf) -> None:
    bad = ["B1,2022-13-01,学校,甲,,1,", "B2,2022-01-02,学校,=乙,,-2.5,"]
    import_file(csv_of(HEADER, *FILLING, *bad), "outreach")
    rejects = next((data / "rejects").iterdir())
    text = rejects.read_text(encoding="utf-8-sig").replace("-13-", "-12-").replace("'-2.5", "25")
    said = import_file(csv_of(*text.splitlines(), encoding="utf-8-sig"), "outreach")
    assert counts() == (2, 2, 0, 0)
    assert "没有导入的列" not in said.zh
    assert (by_id()["B1"]["held_on"], by_id()["B2"]["venue"]) == (date(2022, 12, 1), "=乙")


def test_the_limit_is_one_in_a_hundred(data: Path, csv_of: CsvOf) -> None:
    good, bad = FILLING[:99], ["B1,,学校,,,1,", ",2022-01-01,学校,,,1,"]
    import_file(csv_of(HEADER, *good, bad[0]), "outreach")
    assert counts() == (100, 99, 0, 1)
    before = everything(data)
    with pytest.raises(InputError) as refused:
        import_file(csv_of(HEADER, *good[:98], *bad), "outreach")
    assert "100" in refused.value.text.zh
    assert everything(data) == before


def test_a_wholly_wrong_file_is_refused_with_examples(data: Path, csv_of: CsvOf) -> None:
    with pytest.raises(InputError) as refused:
        import_file(csv_of(HEADER, *(f"{n},昨天,,,,," for n in range(5000))), "outreach")
    assert all(
        part in refused.value.text.zh for part in ("file.csv", "第 2 行", "活动日期", "昨天")
    )
    assert current_release().synthetic
    assert not [path for path in everything(data) if path != "releases/.lock"]


def test_a_row_of_too_few_cells_is_rejected_whole(data: Path, csv_of: CsvOf) -> None:
    import_file(csv_of(HEADER, *FILLING, "B1,2022-01-01"), "outreach")
    assert counts() == (201, 200, 0, 1)
    row = faulty(next((data / "rejects").iterdir()))[0]
    assert (row["拒收·行号 row"], row["拒收·值 value"]) == ("202", "B1,2022-01-01")
    assert row["活动编号"] == "B1"


def test_a_key_that_a_spreadsheet_has_rounded_is_rejected(data: Path, csv_of: CsvOf) -> None:
    good = [f"3715240012{n:02},村{n}" for n in range(100)]
    import_file(csv_of("village_code,village", *good, "3.71524E+11,王海村"), "villages")
    assert counts("villages") == (101, 100, 0, 1)


def test_values_outside_the_code_list_are_taken_and_counted(data: Path, csv_of: CsvOf) -> None:
    said = import_file(csv_of(HEADER, "1,2022-01-01,养老院,,,1,", "2,2022-01-01,,,,1,"), "outreach")
    assert by_id()["1"]["venue_kind"] == "养老院"
    assert "场所类型不在代码表内（1 行" in said.zh
    assert "养老院" in said.zh


@pytest.mark.parametrize("moment", ["merge", "manifest", "rejects"])
def test_a_failure_leaves_everything_as_it_was(
    data: Path, csv_of: CsvOf, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    import_file(csv_of(HEADER, *FILLING), "outreach")
    before = everything(data)

    def fail(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    where = {
        "merge": "brigade.ingest.merge._write",
        "manifest": "brigade.releases.staging.write_manifest",
        "rejects": "brigade.ingest.publish.keep_rejects",
    }[moment]
    monkeypatch.setattr(where, fail)
    with pytest.raises(ReleaseError, match="No space"):
        import_file(csv_of(HEADER, *FILLING[:150], "B,,,,,,"), "outreach")
    assert everything(data) == before
    assert not list((data / "releases").glob(".import-*"))


def test_a_damaged_release_is_said(data: Path, csv_of: CsvOf) -> None:
    import_file(csv_of(HEADER, *FILLING), "outreach")
    broken = current_release().files("outreach")[0]
    broken.write_bytes(broken.read_bytes()[:100])
    before = everything(data)
    with pytest.raises(ReleaseError):
        import_file(csv_of(HEADER, *FILLING), "outreach")
    assert everything(data) == before


def test_the_command_line_says_what_happened(
    data: Path, csv_of: CsvOf, capsys: pytest.CaptureFixture[str]
) -> None:
    path = csv_of("code,name", "371524001200,王海村委会")
    command = ["import", str(path), "--as", "villages", "--map", "village_register"]
    assert cli.main(command) == 0
    assert current_release().id in capsys.readouterr().out
    assert cli.main(["--lang", "en", "import", str(path), "--as", "outreach"]) == 1
    assert "outreach_id" in capsys.readouterr().err


def test_villages_without_a_kind_are_told_by_their_names(data: Path, csv_of: CsvOf) -> None:
    lines = ["371524001200,王海村委会,", "371524001201,李庄村,", "371524001001,南湖社区,"]
    said = import_file(csv_of("village_code,village,kind", *lines), "villages")
    assert [row["kind"] for row in released("villages")] == ["社区", "行政村", "行政村"]
    assert "显示不出任何设施" not in said.zh
    given = "village_code,item", "371524001200,广角镜"
    import_file(csv_of(*given), "village_facilities")
    engine = Engine(current_release())
    assert Records("village_items", Filters(HALF_YEAR), Reader()).count(engine) == 16
    engine.close()


def test_a_register_without_any_village_is_said(data: Path, csv_of: CsvOf) -> None:
    """Facilities are listed for villages alone; what the release holds counts, not the file."""
    header = "village_code,village"
    said = import_file(csv_of(header, "371524001001,南湖社区", "371524001999,开发区"), "villages")
    assert "没有一行的类型是“行政村”" in said.zh
    assert "no row in the release has the kind 行政村" in said.en
    assert "行政村" not in import_file(csv_of(HEADER, FILLING[0]), "outreach").zh
    for line in ("371524001200,王海村", "371524001002,铜都社区"):
        said = import_file(csv_of(header, line), "villages")
        assert "没有一行的类型是“行政村”" not in said.zh


def test_an_extract_that_is_made_from_others_is_not_imported(data: Path, csv_of: CsvOf) -> None:
    with pytest.raises(InputError, match="village_facilities"):
        import_file(csv_of("a", "1"), "village_items")


def test_the_shipped_register_comes_back_through_import(data: Path) -> None:
    """The product's own table of villages has its own kinds and names; none is changed."""
    path = house.REFERENCE / "villages.csv"
    with path.open(encoding="utf-8", newline="") as file:
        own = sorted(csv.DictReader(file), key=lambda row: row["village_code"])
    import_file(path, "villages")
    found = [{name: row[name] or "" for name in own[0]} for row in released("villages")]
    assert found == own


ROWS = st.lists(
    st.tuples(
        st.sampled_from(["A", "B", "C", "D"]),
        st.dates(date(2021, 1, 1), date(2021, 1, 3)),
        st.sampled_from(["", "1", "2", "１", "x"]),
    ),
    max_size=8,
)


@settings(max_examples=25)
@given(st.lists(ROWS, min_size=1, max_size=3), st.sampled_from(["utf-8-sig", "gb18030"]))
def test_every_row_read_is_accepted_a_duplicate_or_rejected(
    files: list[list[tuple[str, date, str]]], encoding: str
) -> None:
    """Against plain Python: the release holds the last good row of each key and nothing else."""
    wanted = {line.split(",")[0]: (date(2022, 1, 1), int(line.split(",")[5])) for line in FILLING}
    numbers = {"": None, "1": 1, "１": 1, "2": 2}
    with (
        tempfile.TemporaryDirectory() as folder,
        mock.patch.dict(os.environ, {"BRIGADE_DATA": f"{folder}/data"}),
    ):
        for rows in files:
            lines = [f"{id_},{day},,,,{number}," for id_, day, number in rows]
            path = Path(folder) / "file.csv"
            path.write_bytes("\n".join([HEADER, *lines, *FILLING]).encode(encoding))
            bad = sum(number == "x" for *_, number in rows)
            read = len(rows) + len(FILLING)
            if bad > read / 100:
                with pytest.raises(InputError):
                    import_file(path, "outreach")
                continue
            before = {id_: value for id_, value in wanted.items() if len(id_) == 1}
            wanted |= {id_: (day, numbers[n]) for id_, day, n in rows if n != "x"}
            import_file(path, "outreach")
            found = {r["outreach_id"]: (r["held_on"], r["attendees"]) for r in released("outreach")}
            assert found == wanted
            source = last_source("outreach")
            assert (source.read, source.rejected) == (read, bad)
            assert source.read == source.accepted + source.duplicates + source.rejected
            changed = {i for i, v in wanted.items() if len(i) == 1 and before.get(i) != v}
            first = len(current_release().extracts["outreach"].sources) == 1
            assert source.accepted == len(changed) + (len(FILLING) if first else 0)
