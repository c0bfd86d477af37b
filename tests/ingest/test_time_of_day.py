"""Times of which only the date is known: counted, and without an hour wherever they are shown."""

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from brigade import export
from brigade.contracts import contract
from brigade.engine.duckdb import Engine
from brigade.engine.relations import Reader, bind
from brigade.filters import Filters
from brigade.ingest import import_file
from brigade.queries import parse_query
from brigade.records import Records
from brigade.releases import current_release
from tests.conftest import HALF_YEAR, rows_of, run
from tests.ingest.conftest import CsvOf, last_source, released


def test_dates_without_a_time_of_day_are_counted(data: Path, csv_of: CsvOf) -> None:
    lines = ["1,2022-01-01", "2,2022-01-01 00:00", "3,2022/1/1"]
    said = import_file(csv_of("crash_id,occurred_at", *lines), "crashes")
    assert last_source("crashes").gaps["occurred_at: time of day"] == 2
    assert "2 行只有日期" in said.zh


@pytest.mark.parametrize("extract", ["crashes", "violations"])
def test_without_a_time_of_day_a_row_has_no_hour(data: Path, csv_of: CsvOf, extract: str) -> None:
    (key,) = contract(extract).key
    lines = ["1,2022-01-03", "2,2022-01-03 00:00", "3,2022-01-03 21:30", "4,2022/1/3"]
    said = import_file(csv_of(f"{key},occurred_at", *lines), extract)
    assert "未记录" in said.zh.partition("只有日期")[2]
    assert last_source(extract).gaps["occurred_at: time of day"] == 2
    assert "time_recorded" not in last_source(extract).gaps
    assert {r[key]: r["time_recorded"] for r in released(extract)} == {
        "1": False,
        "2": None,
        "3": None,
        "4": False,
    }
    text = f"""-- title: 各时段 | By hour
-- grain: one row per hour
select hour, sum(records) as n from {extract} group by hour order by hour nulls last"""  # noqa: S608 (own SQL)
    engine = Engine(current_release())
    by_hour = bind(parse_query("test/by_hour", text), Filters(HALF_YEAR), Reader())
    assert engine.run(by_hour).to_pylist() == [
        {"hour": 0, "n": 1},
        {"hour": 21, "n": 1},
        {"hour": None, "n": 2},
    ]
    for value, keys in (("未记录", ["1", "4"]), ("0", ["2"]), ("21", ["3"])):
        rows = Records(extract, Filters(HALF_YEAR, values={"hour": (value,)}), Reader())
        assert rows.rows(engine).column(key).to_pylist() == keys
        assert rows.count(engine) == len(keys)
    engine.close()


def test_a_violation_without_a_time_of_day_is_in_the_group_of_those(
    data: Path, csv_of: CsvOf
) -> None:
    lines = ["1,2022-01-03", "2,2022-01-03 21:30"]
    import_file(csv_of("violation_id,occurred_at", *lines), "violations")
    engine = Engine(current_release())
    assert rows_of(run(engine, "enforcement/by_hour_weekday")) == [(1, 21, 1), (1, None, 1)]
    assert rows_of(run(engine, "enforcement/by_hour_weekday", hour="未记录")) == [(1, None, 1)]
    engine.close()


def test_whether_a_time_is_recorded_follows_the_last_file(data: Path, csv_of: CsvOf) -> None:
    def flags() -> list[bool | None]:
        return [row["time_recorded"] for row in released("crashes")]

    import_file(csv_of("crash_id,occurred_at", "1,2022-01-03"), "crashes")
    assert flags() == [False]
    table = pq.read_table(current_release().files("crashes")[0])
    exported = csv_of(name="export.csv")
    columns = contract("crashes").stored_columns
    exported.write_bytes(export.to_csv(export.records_table(table, columns, "zh", False)))
    import_file(exported, "crashes")
    assert last_source("crashes").duplicates == 1, "an export comes back as it went"
    assert flags() == [False]
    import_file(csv_of("crash_id,occurred_at", "1,2022-01-03 08:30"), "crashes")
    assert flags() == [None], "a correction gives the time"
    import_file(csv_of("crash_id,occurred_at,time_recorded", "1,2022-01-03,是"), "crashes")
    assert flags() == [False], "a date is no time, whatever is said of it"
