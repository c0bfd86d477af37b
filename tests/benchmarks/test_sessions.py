"""The benchmark of many people, small: that it runs, and would notice a wrong figure."""

from pathlib import Path

import pytest

from benchmarks import visitors
from benchmarks.sessions import BRIGADE, PLAIN, load, running
from benchmarks.visitor import Run


@pytest.mark.parametrize("app", [BRIGADE, PLAIN])
def test_three_people_see_the_right_figures(app: str, tmp_path: Path) -> None:
    with running(tmp_path, app, 1) as servers:
        # It raises where a page says an error, or shows other figures than the rows give.
        found = load(tmp_path, app, servers, 3, 4, 0.0)
    assert found["changes"] == 12


def test_a_wrong_figure_and_an_error_are_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BRIGADE_DATA", str(tmp_path))
    choice = ("去年", ("大桥镇",))
    right = visitors._figures(choice)
    assert right != ["0"] * visitors.FIGURES
    good = visitors.Answered(choice, Run(figures=[*right, "more"]))
    assert visitors.wrong([good]) == []
    bad = visitors.Answered(choice, Run(figures=[*right[:-1], "1"]))
    said = visitors.Answered(choice, Run(figures=right, errors=["it failed"]))
    faults = visitors.wrong([good, bad, said])
    assert len(faults) == 2
    assert faults[1] == "it failed"
