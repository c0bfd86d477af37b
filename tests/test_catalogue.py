"""The tables of what there is say what the manifest, the contracts and the metrics say."""

from datetime import datetime

import pytest

from brigade.catalogue import (
    columns_table,
    extracts_table,
    finding,
    metrics_table,
    rejected_rows,
    sources_table,
)
from brigade.contracts import all_contracts
from brigade.export import to_csv
from brigade.metrics import all_metrics
from brigade.releases import Release, Source, read_release, write_manifest
from brigade.text import Lang
from tests.conftest import Given

LANGS: tuple[Lang, ...] = ("zh", "en")


def released(given: Given) -> Release:
    """A release of two extracts, one of them from two files."""
    engine = given(
        violations=[
            {"violation_id": "1", "occurred_at": datetime(2022, 1, 5)},
            {"violation_id": "2", "occurred_at": datetime(2022, 3, 5)},
        ],
        crashes=[{"crash_id": "1", "occurred_at": datetime(2022, 3, 9)}],
        village_facilities=[],
        villages=[],
    )
    folder = engine.release.folder
    files = (
        Source("一月.csv", "a" * 64, 10, 7, 1, 2, {"plate": 3, "officer": 0, "township": 5}),
        Source(
            "二月.csv", "b" * 64, 5, 4, 0, 1, {}, 3, {"paid": 2, "measure": 3}, "r-violations.csv"
        ),
    )
    write_manifest(
        folder, id="r", synthetic=False, created_by="test", sources={"violations": files}
    )
    return read_release(folder)


def test_an_extract_says_its_rows_days_and_what_its_files_held(given: Given) -> None:
    table = extracts_table(released(given), "en")
    rows = {row["Name"]: row for row in table.to_pylist()}
    assert set(rows) == set(all_contracts())
    assert rows["violations"] == {
        "Extract": "Violations",
        "Name": "violations",
        "Rows": 2,
        "First day": "2022-01-05",
        "Last day": "2022-03-05",
        "Days behind the newest": 4,
        "From": "integrated traffic platform",
        "Files": 2,
        "Rows read": 15,
        "Accepted": 11,
        "Duplicates": 1,
        "Rejected": 3,
    }
    assert rows["crashes"]["Rows read"] is None
    assert rows["hazards"]["Rows"] is None
    assert rows["hazards"]["From"] == "not in this release"
    assert rows["village_items"]["From"].startswith("made from")


def test_a_file_says_what_was_taken_and_what_is_empty_in_it(given: Given) -> None:
    release = released(given)
    first, second = sources_table(release, "zh").to_pylist()
    assert (first["文件"], first["读入行"], first["未通过"]) == ("一月.csv", 10, 2)
    assert first["空缺（列：行数）"] == "乡镇街道: 5、号牌号码: 3"
    assert second["空缺（列：行数）"] is None
    assert (first["更正已有的"], first["更正的列（行数）"], first["拒收清单"]) == (0, None, None)
    assert second["更正的列（行数）"] == "处理方式: 3、交款标记: 2"
    assert (second["更正已有的"], second["拒收清单"]) == (3, "r-violations.csv")
    assert rejected_rows(release) == 3


@pytest.mark.parametrize("lang", LANGS)
def test_every_column_and_every_metric_is_listed_once(lang: Lang) -> None:
    columns = columns_table(lang)
    assert columns.num_rows == sum(len(c.columns) for c in all_contracts().values())
    metrics = metrics_table(lang)
    assert metrics.column(1).to_pylist() == list(all_metrics())
    assert None not in metrics.column(2).to_pylist()
    for table in (columns, metrics):
        assert to_csv(table).startswith(b"\xef\xbb\xbf")


def test_the_dictionary_says_what_the_contract_says() -> None:
    rows = {row["Column"]: row for row in columns_table("en", "violations").to_pylist()}
    assert rows["violation_id"]["Key"] == "yes"
    assert rows["violation_id"]["Required"] == "yes"
    assert rows["plate"]["Personal"] == "masked"
    assert "hphm" in rows["plate"]["Headers taken"]
    assert rows["drink"]["Comes from"] == "category in ('酒驾', '醉驾')"
    assert rows["fine_yuan"]["Unit"] == "yuan"
    assert rows["hour"]["Comes from"] == "part of occurred_at"
    rescue = {row["Column"]: row for row in columns_table("en", "rescue_cases").to_pylist()}
    assert rescue["township"]["Comes from"] == "looked up in Crashes by crash_id"
    assert rows["points"]["Checked on import"] == "at least 0; at most 12"
    assert rows["handled_at"]["Checked on import"].startswith("not before “Occurred at”")
    assert rescue["crash_id"]["Checked on import"] == "must be in “Crashes”"
    assert rescue["hospital"]["Checked on import"] is None


def test_the_glossary_says_what_a_figure_counts() -> None:
    rows = {row["名称"]: row for row in metrics_table("zh").to_pylist()}
    assert rows["deaths"]["检验偶然波动"] == "是"
    assert rows["deaths"]["好的方向"] == "越低越好"
    procedure = all_contracts()["crashes"].columns["procedure"].label.zh
    assert rows["crashes"]["背后的记录"] == f"交通事故 · {procedure}: 一般程序"
    share = rows["drink_driving_share"]
    assert share["分子"] == all_metrics()["drink_on_site"].label.zh
    assert share["分母"] == all_metrics()["violations_on_site"].label.zh


def test_a_search_finds_rows_that_hold_every_word() -> None:
    table = columns_table("en")
    found = finding(table, "PLATE masked").to_pylist()
    assert found
    assert all("plate" in str(row).lower() and row["Personal"] == "masked" for row in found)
    assert finding(table, " ").num_rows == table.num_rows
    assert finding(table, "nosuchword").num_rows == 0
