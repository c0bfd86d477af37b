"""What became of the rows: counted apart, adding up, the same for a person and for a program."""

import json
import os
import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brigade import cli
from brigade.errors import InputError, ReleaseError
from brigade.ingest import import_for_outcome, publish
from brigade.ingest.outcome import Outcome, Rows
from brigade.ingest.report import report
from brigade.releases import current_release
from tests.ingest.conftest import CsvOf, last_source, released

HEADER = "台账编号,完成日期,事项,数量,单位"


def ledger(csv_of: CsvOf, *lines: str, limit: float = 1) -> Outcome:
    return import_for_outcome(csv_of(HEADER, *lines, name="台账.csv"), "work_ledger", limit=limit)


def test_duplicates_and_corrections_are_told_apart(data: Path, csv_of: CsvOf) -> None:
    first = ledger(
        csv_of,
        "1,2022-01-01,甲,1,家",
        "1,2022-01-01,甲,1,家",  # twice
        "2,2022-01-01,乙,1,家",  # corrected below
        "2,2022-01-01,乙,2,家",
        "3,2022-01-01,丙,1,家",
    )
    assert first.rows == Rows(
        read=5, added=3, replaced=0, unchanged=0, repeated=1, superseded=1, rejected=0
    )
    second = ledger(
        csv_of,
        "1,2022/1/1,甲,1.0,家",  # the same in another form
        "2,2022-01-01,乙,3,处",
        "3,2022-01-02,丙,1,处",
        "4,2022-01-01,丁,1,家",
        "4,2022-01-01,丁,1,家",
        "5,2022-01-01,戊,9,家",
        "5,2022-01-01,戊,8,家",
        "5,2022-01-01,戊,9,家",
        "6,2022-01-01,己,-1,家",
        limit=20,
    )
    assert second.rows == Rows(
        read=9, added=2, replaced=2, unchanged=1, repeated=2, superseded=1, rejected=1
    )
    assert (second.rows.accepted, second.rows.duplicates) == (4, 4)
    assert dict(second.changed) == {"unit": 2, "done_on": 1, "quantity": 1}
    assert next(iter(second.changed)) == "unit", "what changed most comes first"
    source = last_source("work_ledger")
    assert (source.replaced, source.changed) == (2, second.changed)
    said = report(second)
    assert "单位 2 行" in said.zh
    assert "unit 2" in said.en


def test_only_columns_that_the_file_has_make_a_correction(data: Path, csv_of: CsvOf) -> None:
    ledger(csv_of, "1,2022-01-01,甲,1,家")
    path = csv_of("台账编号,完成日期,经办", "1,2022-01-01,王")
    outcome = import_for_outcome(path, "work_ledger")
    assert (outcome.rows.unchanged, outcome.unused) == (1, ("经办",))


def test_rows_that_dont_add_up_are_refused(
    data: Path, csv_of: CsvOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger(csv_of, "1,2022-01-01,甲,1,家")
    before = current_release()
    merge = publish.merge

    def losing(*args: Any) -> Any:
        merged = merge(*args)
        return replace(merged, added=merged.added - 1)

    monkeypatch.setattr(publish, "merge", losing)
    with pytest.raises(ReleaseError, match="add up"):
        ledger(csv_of, "2,2022-01-01,乙,1,家")
    assert current_release() == before


@pytest.mark.parametrize(("limit", "taken"), [(0, False), (1, False), (9.9, False), (10, True)])
def test_the_share_of_rejected_rows_is_chosen(
    data: Path, csv_of: CsvOf, limit: float, taken: bool
) -> None:
    lines = [f"{n},2022-01-01,甲,1,家" for n in range(9)] + ["9,2022-01-01,甲,1,斗"]
    if not taken:
        with pytest.raises(InputError, match=f"{limit:g}%"):
            ledger(csv_of, *lines, limit=limit)
        return
    assert ledger(csv_of, *lines, limit=limit).rows.rejected == 1


def test_nothing_but_rejected_rows_can_be_let_through(data: Path, csv_of: CsvOf) -> None:
    outcome = ledger(csv_of, "1,2022-01-01,甲,1,斗", limit=100)
    assert (outcome.rows.accepted, outcome.rows.rejected) == (0, 1)
    assert released("work_ledger") == []


def test_why_rows_were_rejected_is_counted(data: Path, csv_of: CsvOf) -> None:
    lines = ["1,2022-01-01,甲,-1,斗", "2,2022-01-01,甲,1,斗", "3,2022-01-01,甲,1,家,多"]
    outcome = ledger(csv_of, *lines, limit=100)
    assert [(one.column, one.check, one.rows) for one in outcome.faults] == [
        ("单位", "codes", 2),
        ("数量", "range", 1),
        ("", "cells", 1),
    ]


def test_the_same_for_a_program(data: Path, csv_of: CsvOf) -> None:
    outcome = ledger(csv_of, "1,2022-01-01,甲,1,斗", "2,2022-01-01,,1,家", limit=50)
    told = json.loads(outcome.to_json())
    assert (told["status"], told["exit_code"]) == ("taken_with_rejects", 3)
    assert told["release"] == current_release().id
    assert told["rows"] == {
        "accepted": 1,
        "duplicates": 0,
        "read": 2,
        "added": 1,
        "replaced": 0,
        "unchanged": 0,
        "repeated": 0,
        "superseded": 0,
        "rejected": 1,
    }
    assert told["gaps"]["item"] == 1
    assert told["faults"][0]["check"] == "codes"
    assert set(told["faults"][0]["reason"]) == {"zh", "en"}
    assert Path(told["rejects"]).is_file()


@pytest.fixture
def run(
    data: Path, csv_of: CsvOf, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, Any]]:
    """Run the command on lines of a ledger: its exit code and the report that it wrote."""

    def command(*lines: str, options: tuple[str, ...] = ()) -> tuple[int, Any]:
        path, told = csv_of(HEADER, *lines), tmp_path / "report.json"
        code = cli.main(
            ["import", str(path), "--as", "work_ledger", "--report", str(told), *options]
        )
        capsys.readouterr()
        return code, json.loads(told.read_text(encoding="utf-8"))

    return command


def test_the_command_ends_with_what_became_of_the_file(
    run: Callable[..., tuple[int, Any]],
) -> None:
    good, bad = "1,2022-01-01,甲,1,家", "2,2022-01-01,甲,1,斗"
    code, told = run(good)
    assert (code, told["status"]) == (0, "taken")
    code, told = run(good, bad)
    assert (code, told["status"], told["exit_code"]) == (1, "refused", 1)
    assert "斗" in told["message"]["zh"]
    assert told["rows"] == {"read": 2, "rejected": 1}
    assert told["faults"][0]["check"] == "codes"
    code, told = run(good, bad, options=("--limit", "50"))
    assert (code, told["status"]) == (3, "taken_with_rejects")
    assert told["exit_code"] == code


def test_a_report_that_cant_be_written_is_said_before_the_import(
    data: Path, csv_of: CsvOf, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = csv_of(HEADER, "1,2022-01-01,甲,1,家")
    nowhere = str(tmp_path / "none" / "report.json")
    assert cli.main(["import", str(path), "--as", "work_ledger", "--report", nowhere]) == 1
    assert nowhere in capsys.readouterr().err
    assert not (data / "releases").exists()


@pytest.mark.parametrize("share", ["-1", "101", "viel"])
def test_a_share_that_is_none_is_not_understood(share: str) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["import", "x.csv", "--as", "outreach", "--limit", share])
    assert ended.value.code == 2


TODAY = date.today()
LINES = st.fixed_dictionaries(
    {
        "id": st.sampled_from(["", "A", "B", "C", "D"]),
        "day": st.sampled_from(["", "2022-01-01", "2022-01-02", "2022-02-30", "明天"])
        | st.just(str(TODAY + timedelta(days=3))),
        "quantity": st.sampled_from(["", "0", "1", "-1", "many"]),
        "unit": st.sampled_from(["", "家", "处", "斗"]),
        "cells": st.sampled_from([5, 5, 5, 4, 6]),
    }
)
GOOD_DAYS, GOOD_QUANTITIES = ("2022-01-01", "2022-01-02"), {"": None, "0": 0.0, "1": 1.0}
GOOD_UNITS = ("", "家", "处")
SOUND = [
    {"id": f"S{n}", "day": "2022-01-01", "quantity": "1", "unit": "家", "cells": 5}
    for n in range(20)
]
"""Rows by which every file can be told for what it is."""


def line_of(row: dict[str, Any]) -> str:
    return ",".join(
        [row["id"], row["day"], "甲", row["quantity"], row["unit"], "多"][: row["cells"]]
    )


def content_of(row: dict[str, Any]) -> tuple[Any, ...] | None:
    """What a row says, or nothing where it has a fault."""
    if row["cells"] != 5 or not row["id"] or row["day"] not in GOOD_DAYS:
        return None
    if row["quantity"] not in GOOD_QUANTITIES or row["unit"] not in GOOD_UNITS:
        return None
    return row["day"], GOOD_QUANTITIES[row["quantity"]], row["unit"] or None


def expected_of(held: dict[str, Any], rows: list[dict[str, Any]]) -> Rows:
    """In plain Python what becomes of rows beside those held, which become those of the release."""
    good = [(row["id"], content) for row in rows if (content := content_of(row))]
    latest = {id_: index for index, (id_, _) in enumerate(good)}
    counts = dict.fromkeys(("added", "replaced", "unchanged", "repeated", "superseded"), 0)
    for index, (id_, content) in enumerate(good):
        last = good[latest[id_]][1]
        if index != latest[id_]:
            counts["repeated" if content == last else "superseded"] += 1
        elif id_ not in held:
            counts["added"] += 1
        else:
            counts["unchanged" if held[id_] == content else "replaced"] += 1
    held |= dict(good)
    return Rows(read=len(rows), rejected=len(rows) - len(good), **counts)


@given(st.lists(st.lists(LINES, min_size=1, max_size=8), min_size=1, max_size=3))
def test_every_row_read_is_accepted_a_duplicate_or_rejected(
    files: list[list[dict[str, Any]]],
) -> None:
    """Whatever is wrong with them, and the release holds the good ones and no others."""
    held: dict[str, Any] = {}
    with (
        tempfile.TemporaryDirectory() as folder,
        mock.patch.dict(os.environ, {"BRIGADE_DATA": f"{folder}/data"}),
    ):
        for drawn in files:
            rows = [*SOUND, *drawn]
            path = Path(folder) / "file.csv"
            path.write_text("\n".join([HEADER, *map(line_of, rows)]), encoding="utf-8")
            outcome = import_for_outcome(path, "work_ledger", limit=100)
            assert outcome.rows == expected_of(held, rows)
            outcome.rows.add_up()
            found = {
                row["entry_id"]: (str(row["done_on"]), row["quantity"], row["unit"])
                for row in released("work_ledger")
            }
            assert found == held
