"""``brigade figures`` on whole bulletins: one right, one wrong in a percentage, one in a sum."""

import json
from pathlib import Path

import pytest

from brigade.cli import main

HERE = Path(__file__).parent


@pytest.fixture(autouse=True)
def own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One data folder for all tests of the run, so that the sample's database is built once."""
    monkeypatch.setenv("BRIGADE_DATA", str(tmp_path.parent / "data"))


def verdicts(capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    return {row["Id"]: row["Verdict"] for row in json.loads(capsys.readouterr().out)}


def figures(bulletin: str, *options: str) -> int:
    return main(["figures", str(HERE / f"{bulletin}.toml"), *options])


def test_a_right_bulletin_agrees_throughout(capsys: pytest.CaptureFixture[str]) -> None:
    assert figures("right", "--lang", "en", "--format", "json") == 0
    assert set(verdicts(capsys).values()) == {"agrees"}


def test_a_percentage_of_the_wrong_year_is_found(capsys: pytest.CaptureFixture[str]) -> None:
    assert figures("wrong_percentage", "--lang", "en", "--format", "json") == 1
    found = verdicts(capsys)
    assert found["change"] == found["crashes_change"] == "doesn't agree with itself"
    assert found["crashes"] == found["crashes_before"] == "agrees"
    assert figures("wrong_percentage", "--lang", "en") == 1
    assert "taken of the number now, 33" in capsys.readouterr().out


def test_parts_that_exceed_their_total_are_found(capsys: pytest.CaptureFixture[str]) -> None:
    assert figures("parts_exceed_total", "--lang", "en", "--format", "json") == 1
    assert verdicts(capsys)["parts"] == "doesn't agree with itself"
    assert figures("parts_exceed_total", "--lang", "zh") == 1
    assert "多 9" in capsys.readouterr().out


def test_without_a_file_the_figures_that_ship_are_checked(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["figures", "--lang", "en", "--format", "csv"]) == 1
    printed = capsys.readouterr().out
    assert "511 villages" in printed
    assert "sample data (synthetic)" in printed


def test_the_offices_own_list_comes_before_the_one_that_ships(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BRIGADE_DATA", str(tmp_path))
    own = (HERE / "right.toml").read_text(encoding="utf-8")
    (tmp_path / "published_figures.toml").write_text(own, encoding="utf-8")
    assert main(["figures", "--lang", "en", "--format", "json"]) == 0
    assert "crashes_before" in verdicts(capsys)


def test_a_missing_file_is_one_clear_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert figures("nowhere", "--lang", "en") == 1
    said = capsys.readouterr().err.strip()
    assert said.endswith("nowhere.toml can't be opened; check the path.")
    assert "\n" not in said
