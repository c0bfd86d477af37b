"""What the benchmark of queries sets side by side is the same question, with the same answer."""

import ast
from pathlib import Path
from typing import Any

import pytest

from benchmarks.beside import WAYS, six_choices
from benchmarks.questions import QUESTIONS
from brigade import house
from brigade.contracts import contract
from brigade.engine import serving
from brigade.releases import Release, read_release, write_manifest
from tests.conftest import write_rows
from tests.rollups.conftest import violations


@pytest.fixture
def release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Release:
    """A release with rollups, of rows with many blanks whose time of day is known."""
    monkeypatch.setenv("BRIGADE_DATA", str(tmp_path / "data"))
    monkeypatch.setattr(serving, "WORTH", 1)
    rows: list[dict[str, Any]] = [{**row, "time_recorded": None} for row in violations(3)]
    write_rows(tmp_path / "r", contract("violations"), rows)
    write_manifest(tmp_path / "r", id="r", synthetic=False, created_by="test")
    return read_release(tmp_path / "r")


def test_every_way_gives_the_same_rows(release: Release) -> None:
    pytest.importorskip("polars", reason="polars is not installed: see the extra bench")
    ways = {name: make(release) for name, make in WAYS.items()}
    for choice, filters in six_choices(release).items():
        answers = {name: way(filters) for name, way in ways.items()}
        assert len(answers["Brigade"]) == 2 * len(QUESTIONS)
        for name, found in answers.items():
            assert found == answers["Brigade"], f"{name}, {choice}"


def test_the_questions_are_those_of_the_page() -> None:
    tree = ast.parse((house.PAGES / "enforcement" / "overview.py").read_text(encoding="utf-8"))
    named = {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and node.value.startswith("enforcement/by_")
        and len(node.value) > len("enforcement/by_")
    }
    assert named | {"enforcement/summary", "enforcement/focus", "enforcement/by_month"} == set(
        QUESTIONS
    )
