"""A file is told by its headers for what it is, and not for anything else."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from brigade.contracts import Contract, all_contracts
from brigade.errors import InputError
from brigade.ingest.guess import importable, likely_extracts, told_extract
from brigade.ingest.read import Table, inspect
from tests.ingest.conftest import REAL, CsvOf


def table(headers: Sequence[str]) -> Table:
    return Table(Path("file.csv"), "", "text", tuple(headers), header_row=1, lines=2)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("extract", importable(), ids=lambda one: one.name)
def test_every_extract_is_told_by_its_own_headers(data: Path, extract: Contract, lang: str) -> None:
    labels = [getattr(column.label, lang) for column in extract.stored_columns]
    for headers in (labels, [*labels, "备注", "经办"]):
        assert likely_extracts(table(headers))[0] == extract
        assert told_extract(table(headers)) == extract


@pytest.mark.parametrize("extract", importable(), ids=lambda one: one.name)
def test_names_of_columns_and_aliases_will_do(data: Path, extract: Contract) -> None:
    headers = [(*column.aliases, column.name)[0] for column in extract.stored_columns]
    assert told_extract(table(headers)) == extract


def test_what_is_made_from_others_is_no_choice(data: Path) -> None:
    assert {one.name for one in importable()} == {
        name for name, one in all_contracts().items() if not one.made_by
    }
    assert "village_items" not in {one.name for one in importable()}


def test_most_headers_count_and_then_the_columns_required(data: Path) -> None:
    likely = [one.name for one in likely_extracts(table(["行政村代码", "行政村", "乡镇街道"]))]
    assert likely[:2] == ["villages", "village_editions"]
    assert "training_notes" not in likely, "no header of it is there"
    assert likely_extracts(table(["甲", "乙"])) == []


@pytest.mark.parametrize(
    ("headers", "named"),
    [
        (["甲", "乙"], {one.name for one in importable()}),
        # One of three columns that each must have.
        (["乡镇街道"], {"duty_shifts", "vehicle_stock"}),
        # All of a crash but its number; the village's code alone would do for the villages.
        (["事故发生时间", "路名", "死亡人数", "逃逸", "行政村代码"], {"crashes"}),
        # Some other list, with the code of a village in it.
        (["行政村代码", "户主", "电话", "面积"], {"villages"}),
    ],
)
def test_headers_that_dont_tell_name_the_folders(
    data: Path, headers: list[str], named: set[str]
) -> None:
    with pytest.raises(InputError) as refused:
        told_extract(table(headers))
    assert all(f"{name}（" in refused.value.text.zh for name in named)
    assert all(f"{name} (" in refused.value.text.en for name in named)
    assert "file.csv" in refused.value.text.en


def test_a_list_of_rejected_rows_is_told_by_the_file_it_came_from(data: Path) -> None:
    added = ["拒收·文件 file", "拒收·行号 row", "拒收·列 column", "拒收·值 value", "拒收·原因"]
    assert told_extract(table([*added, "活动编号", "活动日期"])).name == "outreach"


def test_headers_that_a_mapping_names_count(data: Path, tmp_path: Path) -> None:
    headers = ["ID", "When", "Where exactly"]
    with pytest.raises(InputError):
        told_extract(table(headers))
    mapping = tmp_path / "ours.toml"
    columns = '[columns]\noutreach_id = "ID"\nheld_on = "When"\nvenue = "Where exactly"\n'
    mapping.write_text(columns, encoding="utf-8")
    assert told_extract(table(headers), {"outreach": mapping}).name == "outreach"
    own = data / "mappings" / "ours.toml"
    own.parent.mkdir(parents=True)
    own.write_text(f'default_for = "outreach"\n{columns}', encoding="utf-8")
    assert told_extract(table(headers)).name == "outreach"


def test_a_mapping_that_cant_be_read_hides_no_other_extract(data: Path, csv_of: CsvOf) -> None:
    own = data / "mappings" / "broken.toml"
    own.parent.mkdir(parents=True)
    own.write_text('default_for = "crashes"\n[columns]\nnothing = 1\n', encoding="utf-8")
    assert told_extract(inspect(csv_of("活动编号,活动日期", "1,2022-01-01"))).name == "outreach"


@pytest.mark.skipif(not REAL.is_dir(), reason="the real files are not at hand")
@pytest.mark.parametrize(
    ("file", "extract"),
    [
        ("donge_villages/donge_villages_2020.csv", "villages"),
        ("donge_villages/DERIVED_donge_villages_2020.gb18030.csv", "villages"),
        ("donge_villages/donge_villages_all_years.csv", "village_editions"),
        ("donge_villages/counts_by_township.csv", None),
        ("monroe_county_in/moco-crash-2022.csv", None),
        ("monroe_county_in/PUBLISHED_annual-injuries.csv", None),
        ("us_fars_2013_2015/accident_2015.csv", None),
    ],
)
def test_real_files_are_told_or_refused_and_not_taken_for_another(
    data: Path, file: str, extract: str | None
) -> None:
    found = inspect(REAL / file)
    if extract:
        assert told_extract(found).name == extract
        return
    with pytest.raises(InputError):
        told_extract(found)
