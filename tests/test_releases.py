"""Releases: what is staged is published under the name that it was staged with."""

from pathlib import Path

import pytest

from brigade.contracts import contract
from brigade.releases import current_release, staged_release
from tests.conftest import write_rows


def test_a_staged_release_knows_its_id(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BRIGADE_DATA", str(tmp_path))
    with staged_release("test") as first:
        write_rows(first.folder, contract("villages"), [{"village_code": "371524001200"}])
    assert current_release().id == first.id
    assert current_release().folder.name == first.id
    with staged_release("test") as second:
        assert second.base is not None
        assert second.base.id == first.id != second.id
    assert current_release().id == second.id
