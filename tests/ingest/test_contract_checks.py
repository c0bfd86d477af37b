"""What the contracts declare: given rows, those that are refused, those only doubted."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from brigade import export, house
from brigade.checks import check_house
from brigade.contracts import Contract, all_contracts, contract
from brigade.errors import BrigadeError, ContractError, ReleaseError
from brigade.ingest import import_for_outcome
from brigade.ingest.code_lists import read_versions, version_on
from brigade.ingest.faults import in_column
from brigade.ingest.known import Known, known_for
from brigade.ingest.plan import Cells, plan
from brigade.ingest.read import batches, inspect
from brigade.ingest.rejects import rejects_path
from brigade.ingest.report import report
from brigade.ingest.take import take
from brigade.ingest.validate import Checked, check
from brigade.ingest.values import Values
from brigade.releases import current_release, read_release
from tests.ingest.conftest import CsvOf, checked, last_source, released

SAMPLE = read_release(house.SAMPLE)
IMPORTED = [one for one in all_contracts().values() if not one.made_by]

# Each a check of some contract: the headers, a row at its very edge, and one that it refuses, with
# the header and the check that are named.
REFUSED = {
    "a negative amount": (
        "rescue_cases",
        "救助编号,申请日期,救助金额",
        "1,2022-01-01,0",
        "2,2022-01-01,-0.01",
        ("救助金额", "range"),
    ),
    "a negative count": (
        "crashes",
        "事故编号,事故发生时间,7日死亡人数",
        "1,2022-01-01 08:00:00,0",
        "2,2022-01-01 08:00:00,-1",
        ("7日死亡人数", "range"),
    ),
    "points above twelve": (
        "violations",
        "违法编号,违法时间,记分数",
        "1,2022-01-01 08:00:00,12",
        "2,2022-01-01 08:00:00,13",
        ("记分数", "range"),
    ),
    "a day of more than 24 hours": (
        "broadcasts",
        "行政村代码,广播日期,广播时长",
        "1,2022-01-01,1440",
        "2,2022-01-01,1441",
        ("广播时长", "range"),
    ),
    "a place off the globe": (
        "crashes",
        "事故编号,事故发生时间,纬度",
        "1,2022-01-01 08:00:00,-90",
        "2,2022-01-01 08:00:00,90.01",
        ("纬度", "range"),
    ),
    "an unknown unit": (
        "work_ledger",
        "台账编号,完成日期,单位",
        "1,2022-01-01,家",
        "2,2022-01-01,斗",
        ("单位", "codes"),
    ),
    "a session that ends before it begins": (
        "training_sessions",
        "训练编号,开始时间,结束时间",
        "1,2022-01-05 19:00,2022-01-05 19:00",
        "2,2022-01-05 19:00,2022-01-05 18:59",
        ("结束时间", "order"),
    ),
    "an end of which only the date is known": (
        "training_sessions",
        "训练编号,开始时间,结束时间",
        "1,2022-01-05 19:00,2022-01-05",
        "2,2022-01-05 19:00,2022-01-04",
        ("结束时间", "order"),
    ),
    "cleared before it was found": (
        "hazards",
        "隐患编号,排查日期,销号日期",
        "1,2022-01-05,2022-01-05",
        "2,2022-01-05,2022-01-04",
        ("销号日期", "order"),
    ),
    "paid before it was applied for": (
        "rescue_cases",
        "救助编号,申请日期,垫付日期",
        "1,2022-01-05,2022-01-05",
        "2,2022-01-05,2021-12-31",
        ("垫付日期", "order"),
    ),
    "determined before it was accepted": (
        "crashes",
        "事故编号,事故发生时间,受理日期,认定日期",
        "1,2022-01-05 23:00,2022-01-05,2022-01-05",
        "2,2022-01-05 23:00,2022-01-07,2022-01-06",
        ("认定日期", "order"),
    ),
    "accepted the day before it happened": (
        "crashes",
        "事故编号,事故发生时间,受理日期",
        "1,2022-01-05 23:00,2022-01-05",
        "2,2022-01-05 00:00,2022-01-04",
        ("受理日期", "order"),
    ),
    "an empty key": ("villages", "行政村代码,行政村", "1,甲", ",乙", ("行政村代码", "empty")),
    "a date that is none": (
        "outreach",
        "活动编号,活动日期",
        "1,2022-02-28",
        "2,2022-02-30",
        ("活动日期", "type"),
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_row_is_refused_by_column_and_check(csv_of: CsvOf, case: str) -> None:
    extract, header, good, bad, named = REFUSED[case]
    found = checked(csv_of(header, good, bad), extract)
    assert found.table["_row"].to_pylist() == [2]
    (rejected,) = found.rejected
    assert (rejected.row, list(rejected.cells)) == (3, bad.split(","))
    assert [(fault.column, fault.check) for fault in rejected.faults] == [named]
    assert rejected.value == bad.split(",")[header.split(",").index(named[0])]


def test_a_date_in_the_future_is_one_after_the_day_of_import(csv_of: CsvOf) -> None:
    lines = ["1,2022-06-30 23:59:59", "2,2022-07-01 00:00:00"]
    found = checked_against(
        csv_of("违法编号,违法时间", *lines), "violations", Known(today=date(2022, 6, 30))
    )
    assert found.table["violation_id"].to_pylist() == ["1"]
    assert [(one.row, one.faults[0].check) for one in found.rejected] == [(3, "future")]


def test_what_is_due_may_lie_in_the_future(csv_of: CsvOf) -> None:
    path = csv_of("隐患编号,排查日期,整改期限", "1,2022-06-30,2022-12-31")
    assert not checked_against(path, "hazards", Known(today=date(2022, 6, 30))).rejected


def test_every_extract_of_events_refuses_the_future() -> None:
    """A slip such as 2202 would become the newest day of the release, on which periods end."""
    times = [(one, one.time) for one in IMPORTED if one.time and one.columns[one.time].stored]
    assert [one.name for one, time in times if not one.columns[time].past] == []


def checked_against(path: Path, extract: str, known: Known) -> Checked:
    (batch,) = batches(inspect(path))
    return check(batch, plan(inspect(path), contract(extract), None), known)


def test_all_faults_of_a_row_are_listed(csv_of: CsvOf) -> None:
    header = "训练编号,开始时间,结束时间,应到,实到"
    found = checked(
        csv_of(header, ",2022-01-05 19:00,2022-01-05 18:00,-1,许多"), "training_sessions"
    )
    (rejected,) = found.rejected
    assert [(one.column, one.value, one.check) for one in rejected.faults] == [
        ("训练编号", "", "empty"),
        ("应到", "-1", "range"),
        ("实到", "许多", "type"),
        ("结束时间", "2022-01-05 18:00", "order"),
    ]
    for said in (rejected.reason.zh, rejected.reason.en):
        assert "3" in said
        assert "许多" in said


def test_a_cell_that_cant_be_read_is_not_said_to_be_empty(csv_of: CsvOf) -> None:
    (rejected,) = checked(csv_of("活动编号,活动日期", "1,昨天"), "outreach").rejected
    assert [one.check for one in rejected.faults] == ["type"]


def reading(category: str, measured: str, unit: str = "mg/100ml") -> str:
    return f"1,2022-01-01 22:00:00,{category},{measured},{unit}"


@pytest.mark.parametrize(
    ("line", "doubted"),
    [
        (reading("酒驾", "19.9"), ["drink_below_20"]),
        (reading("酒驾", "20"), []),
        (reading("酒驾", "79.9"), []),
        (reading("酒驾", "80"), ["drink_from_80"]),
        (reading("酒驾", "80", "mg/100mL"), ["drink_from_80"]),
        (reading("酒驾", "80", ""), ["drink_from_80"]),
        (reading("酒驾", "0.9", "mg/ml"), []),
        (reading("醉驾", "79.9"), ["drunk_below_80"]),
        (reading("醉驾", "80"), []),
        (reading("醉驾", ""), []),
        (reading("超速", "19", "km/h"), []),
    ],
)
def test_a_reading_that_belies_the_category_is_taken_and_counted(
    csv_of: CsvOf, line: str, doubted: list[str]
) -> None:
    """From 20 mg/100 ml it is drink-driving and from 80 drunk driving (GB 19522)."""
    path = csv_of("违法编号,违法时间,违法类别,实测值,实测单位", line)
    found = checked(path, "violations")
    assert found.table.num_rows == 1
    assert [(one.check, list(one.rows)) for one in found.doubts] == [
        (name, [2]) for name in doubted
    ]


TESTS = "考试编号,考试日期,结果,成绩"
DOUBTED = {
    "simple_with_death": (
        "crashes",
        "事故编号,事故发生时间,7日死亡人数,处理程序",
        "1,2022-01-01,1,简易程序",
    ),
    "passed_below_the_mark": ("driving_tests", TESTS, "1,2022-01-01,合格,79"),
    "absent_with_a_score": ("driving_tests", TESTS, "1,2022-01-01,缺考,1"),
    "more_than_expected": (
        "training_sessions",
        "训练编号,开始时间,应到,实到",
        "1,2022-01-01,5,6",
    ),
    "codes": ("outreach", "活动编号,活动日期,场所类型", "1,2022-01-01,养老院"),
}


@pytest.mark.parametrize("name", DOUBTED)
def test_what_is_only_unlikely_is_taken_and_counted(csv_of: CsvOf, name: str) -> None:
    extract, header, line = DOUBTED[name]
    found = checked(csv_of(header, line), extract)
    assert found.table.num_rows == 1
    assert [one.check for one in found.doubts] == [name]


LIST = "code,valid_from,valid_to\n10390,2013-01-01,\n1039,,2012-12-31\n1344,,\n"


@pytest.fixture
def versions(data: Path) -> Path:
    """An office's own list of violation codes: 1039 became 10390 with the year 2013."""
    path = data / "reference" / "violation_codes.csv"
    path.parent.mkdir(parents=True)
    path.write_text(LIST, encoding="utf-8")
    return path


def test_a_violation_code_is_that_of_its_years_list(versions: Path, csv_of: CsvOf) -> None:
    lines = [
        "1,2012-12-31 23:00,1039",
        "2,2012-12-31 23:00,10390",
        "3,2013-01-01 00:00,1039",
        "4,2013-01-01 00:00,10390",
        "5,1999-01-01 00:00,1344",
        "6,2021-01-01 00:00,9999",
        "7,2021-01-01 00:00,",
    ]
    path = csv_of("违法编号,违法时间,违法行为代码", *lines)
    found = checked_against(path, "violations", known_for(contract("violations"), None))
    assert found.table.num_rows == 7, "a list is seldom whole: others are taken and counted"
    (doubt,) = found.doubts
    assert (doubt.check, dict(doubt.values)) == ("version", {"10390": 1, "1039": 1, "9999": 1})
    assert list(doubt.rows) == [3, 4, 7]


def test_the_versions_of_a_list(versions: Path) -> None:
    found = read_versions("violation_codes")
    assert [version.codes.to_pylist() for version in found] == [["1039", "1344"], ["10390", "1344"]]
    assert version_on(found, date(2012, 12, 31)) is found[0]
    assert version_on(found, date(2013, 1, 1)) is found[1]


@pytest.mark.parametrize("text", ["code\n1\n", "code,valid_from,valid_to\n1,2013,\n"])
def test_a_broken_code_list_is_named(versions: Path, text: str) -> None:
    versions.write_text(text, encoding="utf-8")
    with pytest.raises(ContractError, match=r"violation_codes\.csv"):
        read_versions("violation_codes")


def test_the_shipped_list_has_the_codes_of_the_sample(data: Path) -> None:
    (version,) = read_versions("violation_codes")
    files = SAMPLE.files("violations")
    used = pa.concat_tables([pq.read_table(f, columns=["violation_code"]) for f in files])
    codes = used["violation_code"].drop_null().unique().to_pylist()
    assert set(codes) == set(version.codes.to_pylist())


def import_crashes(csv_of: CsvOf) -> None:
    import_for_outcome(csv_of("事故编号,事故发生时间", "C1,2022-01-01 08:00"), "crashes")


CASES = ["R1,C1,2022-01-02", "R2,C9,2022-01-02", "R3,,2022-01-02"]


def test_a_case_of_an_unknown_crash_is_refused(data: Path, csv_of: CsvOf) -> None:
    """A case whose crash is not recorded is taken: nothing contradicts it."""
    import_crashes(csv_of)
    path = csv_of("救助编号,事故编号,申请日期", *CASES, name="救助.csv")
    outcome = import_for_outcome(path, "rescue_cases", limit=50)
    assert [row["case_id"] for row in released("rescue_cases")] == ["R1", "R3"]
    (fault,) = outcome.faults
    assert (fault.column, fault.check, fault.rows) == ("事故编号", "refers", 1)
    name = last_source("rescue_cases").rejects
    assert name is not None
    listed = rejects_path(name).read_text(encoding="utf-8-sig").splitlines()
    assert listed[1].startswith("救助.csv,,3,事故编号,C9,")


def test_without_crashes_in_the_release_no_case_is_refused(data: Path, csv_of: CsvOf) -> None:
    """Not even beside the sample, which is not what the rows go into."""
    path = csv_of("救助编号,事故编号,申请日期", *CASES)
    assert import_for_outcome(path, "rescue_cases").rows.added == 3


def test_an_unknown_village_is_taken_and_counted(data: Path, csv_of: CsvOf) -> None:
    import_for_outcome(csv_of("行政村代码,行政村", "371524001200,王海村"), "villages")
    lines = ["371524001200,2022-01-01", "371524999999,2022-01-01", "371524999999,2022-01-02"]
    outcome = import_for_outcome(csv_of("行政村代码,广播日期", *lines), "broadcasts")
    assert outcome.rows.added == 3
    (doubt,) = outcome.doubts
    assert (doubt.check, doubt.rows, doubt.values) == ("refers", 2, ("371524999999",))
    assert list(doubt.at) == [3, 4]


def test_a_time_is_compared_with_what_the_release_keeps(data: Path, csv_of: CsvOf) -> None:
    """A list of what was cleared, without the days on which it was found."""
    found = ["1,2022-01-05", "2,2022-01-05", "3,"]
    import_for_outcome(csv_of("隐患编号,排查日期", *found), "hazards")
    cleared = ["1,2022-01-04", "2,2022-01-05", "3,2022-01-01", "4,2022-01-01"]
    outcome = import_for_outcome(csv_of("隐患编号,销号日期", *cleared), "hazards")
    assert (outcome.rows.replaced, outcome.rows.added) == (3, 1)
    (doubt,) = outcome.contradictions
    assert (doubt.column, doubt.check, doubt.rows) == ("cleared_on", "order", 1)
    assert (doubt.values, doubt.at) == (("2022-01-04",), [2])
    assert "早于排查日期" in report(outcome).zh


def test_a_damaged_list_of_crashes_is_said(data: Path, csv_of: CsvOf) -> None:
    import_crashes(csv_of)
    (path,) = current_release().files("crashes")
    path.write_bytes(path.read_bytes()[:50])
    with pytest.raises(ReleaseError, match="Crashes"):
        import_for_outcome(csv_of("救助编号,事故编号,申请日期", *CASES), "rescue_cases")


WORDS = st.text(alphabet="ab甲0𠀀", max_size=3)


@given(st.lists(WORDS), st.lists(st.none() | WORDS, min_size=1))
def test_a_reference_is_found_wherever_its_key_stands(keys: list[str], said: list[str]) -> None:
    column = contract("rescue_cases").column("crash_id")
    known = Known(keys={"crash_id": pa.array(sorted(keys), pa.string())})
    values = pa.array(said, pa.string())
    read = Values(values)
    found = in_column(column, contract("rescue_cases"), Cells(values), read, known)
    (missing,) = (one.failed.to_pylist() for one in found if one.check == "refers")
    assert missing == [value is not None and value not in keys for value in said]


# The bad input that the office programmes must refuse by name and row.
BAD_INPUT: dict[str, tuple[str, str, str]] = {
    "a ledger entry with an unknown unit": (
        "work_ledger",
        "台账编号,完成日期,数量,单位",
        "1,2022-01-01,3,斗",
    ),
    "a rescue case without its crash": (
        "rescue_cases",
        "救助编号,申请日期,事故编号",
        "1,2022-01-01,C9",
    ),
    "a training session that ends before it begins": (
        "training_sessions",
        "训练编号,开始时间,结束时间",
        "1,2022-01-05 19:00,2022-01-05 09:00",
    ),
    "a negative amount": ("rescue_cases", "救助编号,申请日期,救助金额", "1,2022-01-01,-5"),
}


@pytest.mark.parametrize("case", BAD_INPUT)
def test_bad_input_is_refused_by_name_and_row(data: Path, csv_of: CsvOf, case: str) -> None:
    extract, header, line = BAD_INPUT[case]
    import_crashes(csv_of)
    path = csv_of(header, line, name="台账.csv")
    with pytest.raises(BrigadeError, match=r"台账\.csv") as refused:
        import_for_outcome(path, extract)
    said = refused.value.text
    for sentence in (said.zh, said.en):
        assert header.split(",")[-1] in sentence
        assert line.split(",")[-1] in sentence
    assert "第 2 行" in said.zh
    assert "row 2" in said.en
    assert extract not in current_release().extracts


@pytest.mark.parametrize("name", SAMPLE.extracts)
def test_the_sample_passes_its_own_checks(tmp_path: Path, name: str) -> None:
    extract = contract(name)
    table = pa.concat_tables([pq.read_table(path) for path in SAMPLE.files(name)])
    held = [column for column in extract.stored_columns if column.name in table.column_names]
    path = tmp_path / "sample.csv"
    path.write_bytes(export.to_csv(export.records_table(table, held, "zh", False)))
    file = inspect(path)
    taken = take(file, plan(file, extract, None), known_for(extract, SAMPLE), tmp_path)
    assert (taken.read, taken.rejected) == (table.num_rows, 0)
    assert list(taken.doubts) == []


@pytest.mark.parametrize("extract", IMPORTED, ids=lambda one: one.name)
def test_every_extract_can_be_imported(data: Path, csv_of: CsvOf, extract: Contract) -> None:
    required = [column for column in extract.stored_columns if column.required]
    values = {"text": "1", "integer": "2022", "date": "2022-01-01", "timestamp": "2022-01-01"}
    cells = [values[column.type] for column in required]
    path = csv_of(",".join(column.name for column in required), ",".join(cells))
    assert import_for_outcome(path, extract.name).rows.added == 1
    assert len(released(extract.name)) == 1


@pytest.fixture
def broken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], str]:
    """What ``brigade check`` says when a text in the contract of violations is another."""

    def put(find: str, text: str) -> str:
        folder = tmp_path / "contracts"
        folder.mkdir()
        for path in house.CONTRACTS.glob("*.toml"):
            content = path.read_text(encoding="utf-8")
            if path.stem == "violations":
                assert find in content
                content = content.replace(find, text, 1)
            (folder / path.name).write_text(content, encoding="utf-8")
        monkeypatch.setattr(house, "CONTRACTS", folder)
        all_contracts.cache_clear()
        return "\n".join(one.en for one in check_house(lambda: read_release(house.SAMPLE)))

    yield put
    monkeypatch.undo()
    all_contracts.cache_clear()


@pytest.mark.parametrize(
    ("find", "text", "named"),
    [
        ("measured < 20", "mesured < 20", "mesured"),
        ("measured < 20)", "measured < 20", "violations"),
        ('"violation_codes"', '"violation_cods"', "violation_cods"),
        ("maximum = 12", "maximum = -1", "points"),
        ('after = ["occurred_at"]', 'after = ["occured_at"]', "handled_at"),
        ('column = "measured"', 'column = "mesured"', "drink_below_20"),
        ("past = true", "past = true\ncodes_strict = true", "codes_strict"),
    ],
)
def test_a_check_that_cant_work_is_said(
    broken: Callable[[str, str], str], find: str, text: str, named: str
) -> None:
    assert named in broken(find, text)
