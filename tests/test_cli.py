"""The command line prints what the pages show, and says what is wrong."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from brigade.cli import main
from brigade.queries import query_names
from brigade.rollups.plan import WORTH

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def brigade(
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    capsysbinary: pytest.CaptureFixture[bytes],
) -> Run:
    """Run a command over the sample: gives its exit code, output and errors."""
    monkeypatch.setenv("BRIGADE_DATA", str(tmp_path_factory.getbasetemp() / "data"))

    def run(*words: str) -> tuple[int, str, str]:
        code = main(words)
        out = capsysbinary.readouterr()
        return code, out.out.decode("utf-8-sig"), out.err.decode()

    return run


HALF = ("--from", "2022-01-01", "--to", "2022-06-30")


def test_a_query_is_printed_as_csv_and_json_with_the_same_cells(brigade: Run) -> None:
    chosen = ("query", "enforcement/by_township", *HALF, "--township", "铜城街道")
    code, text, _ = brigade(*chosen, "--format", "csv")
    assert code == 0
    [row] = csv.DictReader(io.StringIO(text))
    [same] = json.loads(brigade(*chosen, "--format", "json")[1])
    assert list(same) == list(row)
    for key, value in same.items():
        assert value == (float(row[key]) if isinstance(value, float) else type(value)(row[key]))
    assert row["乡镇街道"] == "铜城街道"
    assert int(row["违法起数（起）"]) > 0
    assert "铜城街道" in brigade(*chosen, "--format", "table")[1]


def test_headers_follow_the_language(brigade: Run) -> None:
    chosen = ("query", "enforcement/by_township", *HALF, "--format", "csv", "--lang", "en")
    header = next(csv.reader(io.StringIO(brigade(*chosen)[1])))
    assert header[:2] == ["Township", "Violations"]


def test_any_other_filter_is_given_by_its_key(brigade: Run) -> None:
    name = ("query", "overview/crashes", *HALF, "--compare", "none", "--format", "json")
    every = json.loads(brigade(*name)[1])[0]
    fatal = json.loads(brigade(*name, "--where", "crashes.fatal=true")[1])[0]
    deaths = next(key for key in every if "死亡" in key)
    assert every[deaths] == fatal[deaths] == 12


def test_a_value_that_a_filter_can_not_have_is_refused_in_a_sentence(brigade: Run) -> None:
    code, out, said = brigade("query", "overview/crashes", "--where", "crashes.fatal=maybe")
    assert (code, out) == (1, "")
    assert "maybe" in said
    assert brigade("query", "overview/crashes", "--where", "nothing")[0] == 1
    assert brigade("query", "no/such")[0] == 1


def test_every_query_is_listed_with_its_title_and_columns(brigade: Run) -> None:
    code, text, _ = brigade("queries")
    assert code == 0
    assert [line.split("\t")[0] for line in text.splitlines()] == list(query_names())
    assert all(len(line.split("\t")) == 3 and line.split("\t")[2] for line in text.splitlines())


@pytest.mark.parametrize(
    "name",
    ["enforcement/by_township", "villages/matrix", "villages/persuasion", "overview/cumulative"],
)
def test_bound_sql_runs_in_any_duckdb_shell_and_gives_the_same(brigade: Run, name: str) -> None:
    _, text, _ = brigade("sql", "--bound", name, *HALF, "--township", "刘集镇")
    with duckdb.connect() as shell:
        rows = shell.execute(text).fetchall()
    shown = ("query", name, *HALF, "--township", "刘集镇", "--compare", "none", "--format", "json")
    assert len(rows) == len(json.loads(brigade(*shown)[1]))
    assert rows


def test_sql_as_written_has_no_filters_in_it(brigade: Run) -> None:
    text = brigade("sql", "enforcement/by_township")[1]
    assert "from violations" in text
    assert "where" not in text


def test_the_house_agrees_with_itself(brigade: Run) -> None:
    code, text, _ = brigade("check")
    assert code == 0, text


def test_the_sample_is_the_same_for_the_same_seed(brigade: Run, tmp_path: Path) -> None:
    for name, seed in (("a", "7"), ("b", "7"), ("c", "8")):
        assert brigade("sample", "--out", str(tmp_path / name), "--seed", seed)[0] == 0

    def hashes(name: str) -> dict[str, dict[str, str]]:
        manifest = json.loads((tmp_path / name / "manifest.json").read_text())
        return {extract: e["files"] for extract, e in manifest["extracts"].items()}

    assert hashes("a") == hashes("b")
    assert hashes("a")["violations"] != hashes("c")["violations"]


def test_rollups_says_what_a_query_may_read_from_some_and_why_not(brigade: Run) -> None:
    code, out, _ = brigade("--lang", "en", "rollups", "enforcement/calendar")
    assert code == 0
    assert out.splitlines() == [
        "violations\tfrom rollups\tcampaign_id, drink, source, sum(records)",
        "campaigns\trecords only\tfound.found is no measure",
    ]


def test_rollups_says_that_a_small_release_has_none(
    brigade: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BRIGADE_DATA", str(tmp_path / "data"))
    file = tmp_path / "outreach.csv"
    file.write_text("活动编号,活动日期\nF1,2022-03-01\n", encoding="utf-8")
    assert brigade("import", str(file), "--as", "outreach")[0] == 0
    code, out, _ = brigade("--lang", "en", "rollups")
    assert code == 0
    assert f"{WORTH:,}" in out


def test_rollups_lists_those_of_the_sample(brigade: Run) -> None:
    code, out, _ = brigade("--lang", "en", "rollups")
    assert code == 0
    assert "violations_1" in out
