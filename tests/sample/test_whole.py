"""The sample as a whole: keys, references, the same rows for the same seed, scale, size."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from brigade import sample

Ask = Callable[[str], list[tuple[Any, ...]]]

KEYS = {
    "violations": "violation_id",
    "campaigns": "campaign_id",
    "duty_shifts": "shift_date squadron township",
    "crashes": "crash_id",
    "crash_parties": "crash_id party_no",
    "villages": "village_code",
    "village_facilities": "village_code item",
    "persuasion_shifts": "village_code shift_date",
    "broadcasts": "village_code broadcast_on",
    "outreach": "outreach_id",
    "hazards": "hazard_id",
    "service_records": "record_id",
    "driving_tests": "test_id",
    "vehicles": "vehicle_id",
    "vehicle_stock": "as_of township vehicle_class",
    "rescue_cases": "case_id",
    "hotline_tickets": "ticket_id",
    "training_sessions": "session_id",
    "training_notes": "person_no year",
    "work_ledger": "entry_id",
    "targets": "metric starts_on township",
}
REFERENCES = [
    (extract, column, target)
    for column, target, extracts in (
        (
            "village_code",
            "villages",
            "violations crashes village_facilities persuasion_shifts broadcasts hazards",
        ),
        (
            "township",
            "villages",
            "violations duty_shifts crashes outreach hazards vehicles vehicle_stock"
            " hotline_tickets work_ledger targets",
        ),
        ("crash_id", "crashes", "crash_parties rescue_cases"),
        ("campaign_id", "campaigns", "violations"),
    )
    for extract in extracts.split()
]


def test_every_extract_is_there_and_no_other(made: Path) -> None:
    assert {folder.name for folder in made.iterdir()} == set(KEYS)


@pytest.mark.parametrize("extract", KEYS)
def test_keys_are_unique_and_known(folder: Path, extract: str) -> None:
    keys = KEYS[extract].split()
    table = pq.read_table(folder / extract, columns=keys)
    assert table.num_rows > 0
    assert table.group_by(keys).aggregate([]).num_rows == table.num_rows
    # A target without a township is the county's.
    assert [key for key in keys if table[key].null_count and extract != "targets"] == []


@pytest.mark.parametrize(("extract", "column", "target"), REFERENCES)
def test_references_are_whole(folder: Path, extract: str, column: str, target: str) -> None:
    named = pq.read_table(folder / extract, columns=[column])[column].drop_null().unique()
    known = pq.read_table(folder / target, columns=[column])[column].unique()
    assert len(named) > 0
    assert set(named.to_pylist()) <= set(known.to_pylist())


def test_a_village_lies_in_the_township_of_its_row(ask_any: Ask) -> None:
    assert ask_any("""
        select count(*) > 50000, count(*) filter (events.township <> villages.township)
        from (
            select village_code, township from violations
            union all select village_code, township from crashes
            union all select village_code, township from hazards
        ) as events join villages using (village_code)
    """) == [(True, 0)]


def test_a_road_has_one_class_and_the_squadron_of_its_township(ask_any: Ask) -> None:
    assert ask_any("""
        select count(*) from (
            select 1 from (
                select road_name, road_class from violations
                union all select road_name, road_class from crashes
                union all select road_name, road_class from hazards
            ) where road_class <> '村道' group by road_name having count(distinct road_class) > 1
        )
    """) == [(0,)]
    assert ask_any("""
        select count(*) from crashes join (
            select distinct township, squadron from duty_shifts
        ) as duty using (township) where crashes.squadron <> duty.squadron
    """) == [(0,)]


def test_types_are_plain(made: Path) -> None:
    allowed = {
        pa.string(),
        pa.int32(),
        pa.float64(),
        pa.bool_(),
        pa.date32(),
        pa.timestamp("us"),
    }
    for file in made.glob("*/*.parquet"):
        assert set(pq.read_schema(file).types) <= allowed, file


def test_each_year_has_its_file_of_violations(made: Path) -> None:
    names = sorted(file.name for file in (made / "violations").iterdir())
    assert names == [f"{year}.parquet" for year in range(2017, 2023)]


def test_the_sample_fits_in_the_repository(made: Path) -> None:
    size = sum(file.stat().st_size for file in made.glob("*/*.parquet"))
    assert size < 14_000_000


def fingerprints(folder: Path) -> dict[str, str]:
    """Hash of the bytes of each file, by its place in the sample."""
    return {
        str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in folder.glob("*/*.parquet")
    }


def test_the_same_seed_gives_the_same_bytes(made: Path, tmp_path: Path) -> None:
    sample.generate(tmp_path)
    assert fingerprints(tmp_path) == fingerprints(made)


def test_another_seed_gives_other_rows(made: Path, made_of_another_seed: Path) -> None:
    first, second = fingerprints(made), fingerprints(made_of_another_seed)
    same = {name.split("/")[0] for name in first if first[name] == second[name]}
    # The register is real and the targets are planned: no chance in either.
    assert same == {"villages", "targets"}


def test_scale_multiplies_the_violations_and_nothing_else(made: Path, tmp_path: Path) -> None:
    sample.generate(tmp_path, scale=2)
    once, twice = fingerprints(made), fingerprints(tmp_path)
    changed = {name.split("/")[0] for name in once if once[name] != twice[name]}
    assert changed == {"violations"}
    for year in range(2017, 2023):
        rows = [
            pq.read_metadata(folder / "violations" / f"{year}.parquet").num_rows
            for folder in (made, tmp_path)
        ]
        assert rows[1] / rows[0] == pytest.approx(2, rel=0.02)
