"""Editions of the village register beside the one in force, and records of merged villages."""

from pathlib import Path

import pytest

from brigade.engine.duckdb import Engine
from brigade.engine.relations import Reader
from brigade.filters import Filters
from brigade.ingest import import_file
from brigade.records import Records
from brigade.releases import current_release
from tests.conftest import HALF_YEAR, rows_of, run
from tests.ingest.conftest import REAL, CsvOf, released

ALL_YEARS = REAL / "donge_villages" / "donge_villages_all_years.csv"

LISTS = {
    2016: (507, 11),
    2017: (507, 11),
    2019: (510, 10),
    2020: (510, 9),
    2021: (69, 12),
    2022: (69, 12),
    2023: (69, 12),
}
"""Villages and communities in each of the statistics bureau's lists."""


@pytest.mark.skipif(not ALL_YEARS.is_file(), reason="the register is not here")
def test_a_release_carries_seven_editions(data: Path) -> None:
    import_file(ALL_YEARS, "village_editions")
    rows = released("village_editions")
    kinds = [(row["edition"], row["kind"]) for row in rows]
    assert {
        year: (kinds.count((year, "行政村")), kinds.count((year, "社区"))) for year in LISTS
    } == LISTS
    assert len(rows) == 2318
    assert {row["township"] for row in rows if row["edition"] == 2016} == {
        "铜城街道", "新城街道", "刘集镇", "牛角店镇", "大桥镇", "高集镇", "姜楼镇", "姚寨镇",
        "鱼山镇", "陈集乡",
    }  # fmt: skip
    by_code = {(row["edition"], row["village_code"]): row["village"] for row in rows}
    first = {code: village for (year, code), village in by_code.items() if year == 2016}
    later = {code: village for (year, code), village in by_code.items() if year == 2019}
    both = first.keys() & later.keys()
    assert (len(both), sum(first[code] != later[code] for code in both)) == (483, 32), (
        "one code is of different villages in different years"
    )
    assert all("委会" not in row["village"] for row in rows)


def test_queries_of_the_register_see_the_one_in_force(data: Path, csv_of: CsvOf) -> None:
    header = "edition,village_code,village,kind"
    lines = [f"{year},37152400120{n},村{n},行政村" for year in (2019, 2020) for n in range(3)]
    import_file(csv_of(header, *lines), "village_editions")
    import_file(csv_of("village_code,village", "371524001200,王海村"), "villages")
    engine = Engine(current_release())
    assert rows_of(run(engine, "figures/register")) == [(1,)]
    assert rows_of(run(engine, "villages/register")) == [("371524001200", None, "王海村", "行政村")]
    engine.close()


def test_records_keep_their_village_and_show_under_the_body_it_went_into(
    data: Path, csv_of: CsvOf
) -> None:
    villages = ["old1,甲村,new", "old2,乙村,new", "other,丙村,"]
    import_file(csv_of("village_code,village,merged_into", *villages), "villages")
    places = ["old1", "old2", "new", "other", ""]
    lines = [f"{n},2022-01-0{n} 08:00,{place}" for n, place in enumerate(places, 1)]
    import_file(csv_of("crash_id,occurred_at,village_code", *lines), "crashes")
    engine = Engine(current_release())

    def crashes(column: str, value: str) -> list[tuple[str, str | None]]:
        filters = Filters(HALF_YEAR, values={f"crashes.{column}": (value,)})
        rows = Records("crashes", filters, Reader()).rows(engine).to_pylist()
        return sorted((row["crash_id"], row["village_code"]) for row in rows)

    assert crashes("village_code_now", "new") == [("1", "old1"), ("2", "old2"), ("3", "new")]
    assert crashes("village_code_now", "other") == [("4", "other")]
    assert crashes("village_code_now", "未记录") == [("5", None)]
    assert crashes("merged_into", "new") == [("1", "old1"), ("2", "old2")]
    engine.close()
