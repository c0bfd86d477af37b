"""Real files through the mappings that ship, against what was published of them."""

import os
import shutil
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from unittest import mock

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from brigade.contracts import contract
from brigade.engine.duckdb import Engine
from brigade.engine.relations import Reader
from brigade.filters import Filters, Period, key_of
from brigade.ingest import import_file
from brigade.ingest.changes import added
from brigade.ingest.mapping import find_mapping
from brigade.ingest.plan import plan
from brigade.ingest.read import batches, inspect
from brigade.ingest.validate import check
from brigade.records import Records
from brigade.releases import current_release
from tests.ingest.conftest import REAL, last_source, released

MONROE = REAL / "monroe_county_in"
FARS = REAL / "us_fars_2013_2015"
REGISTER = REAL / "donge_villages" / "DERIVED_donge_villages_2020.gb18030.csv"
YEARS = (2019, 2020, 2021, 2022)

# As the newspaper that owns the files publishes them. It counts the two rows that stand twice, of
# 2019 and 2020, in its crashes; neither has a death or an injury, so these hold without them.
DEATHS = {2019: 5, 2020: 8, 2021: 10, 2022: 13}
INJURED = {2019: 844, 2020: 667, 2021: 806, 2022: 902}
CRASHES = {2019: 3134 - 1, 2020: 2365 - 1, 2021: 3057, 2022: 3646}

needs_monroe = pytest.mark.skipif(not MONROE.is_dir(), reason="Monroe County's files are not here")
needs_fars = pytest.mark.skipif(not FARS.is_dir(), reason="the FARS files are not here")
needs_register = pytest.mark.skipif(not REGISTER.is_file(), reason="the register is not here")


@pytest.fixture(scope="module")
def crashes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """The app's engine over a release of the four years, each imported through the mapping."""
    folder = tmp_path_factory.mktemp("monroe")
    with mock.patch.dict(os.environ, {"BRIGADE_DATA": str(folder)}):
        for year in YEARS:
            import_file(MONROE / f"moco-crash-{year}.csv", "crashes", Path("monroe_county"))
        engine = Engine(current_release())
        yield engine
        engine.close()
    shutil.rmtree(folder)


def rows_of(engine: Engine, year: int, **values: str) -> tuple[int, pa.Table]:
    """How many crashes of a year the app lists under some filters, and the rows themselves."""
    chosen = {key_of("crashes", name): (value,) for name, value in values.items()}
    filters = Filters(Period(date(year, 1, 1), date(year, 12, 31)), "none", chosen)
    records = Records("crashes", filters, Reader())
    return records.count(engine), records.rows(engine)


@needs_monroe
@pytest.mark.parametrize("year", YEARS)
def test_each_published_figure_leads_to_its_rows(crashes: Engine, year: int) -> None:
    count, rows = rows_of(crashes, year)
    assert count == rows.num_rows == CRASHES[year]
    assert pc.sum(rows["deaths"]).as_py() == DEATHS[year]
    assert pc.sum(rows["injuries"]).as_py() == INJURED[year]
    count, fatal = rows_of(crashes, year, fatal="true")
    assert count == fatal.num_rows
    assert pc.sum(fatal["deaths"]).as_py() == DEATHS[year]
    assert pc.min(fatal["deaths"]).as_py() > 0
    _, injury = rows_of(crashes, year, injury_crash="true")
    assert pc.sum(injury["injuries"]).as_py() == INJURED[year]


@needs_monroe
def test_gaps_are_counted_and_are_rows_to_look_at(crashes: Engine) -> None:
    sources = crashes.release.extracts["crashes"].sources
    assert [(s.read, s.accepted, s.duplicates, s.rejected) for s in sources] == [
        (3134, 3133, 1, 0),
        (2365, 2364, 1, 0),
        (3057, 3057, 0, 0),
        (3646, 3646, 0, 0),
    ]
    assert [s.gaps["township"] for s in sources] == [3133, 2364, 3057, 69]
    assert [s.gaps.get("occurred_at: time of day", 0) for s in sources] == [83, 0, 0, 0]
    for year, source in zip(YEARS, sources, strict=True):
        for name in ("road_class", "procedure", "hit_and_run"):
            count, _ = rows_of(crashes, year, **{name: "未记录"})
            assert count == source.gaps[name]


@needs_monroe
def test_broken_times_keep_their_date(crashes: Engine) -> None:
    """Of the first days of 2019: times, and a row of 2022 that has another date form."""
    _, rows = rows_of(crashes, 2022)
    assert datetime(2022, 1, 13, 11, 8) in rows["occurred_at"].to_pylist()
    _, rows = rows_of(crashes, 2019)
    assert datetime(2019, 1, 1, 18, 39) in rows["occurred_at"].to_pylist()
    midnight = pc.sum(pc.equal(pc.hour(rows["occurred_at"]), 0)).as_py()
    assert midnight >= 83
    for year, dates in zip(YEARS, (83, 0, 0, 0), strict=True):
        count, rows = rows_of(crashes, year, **{"hour": "未记录"})
        assert count == dates
        assert set(rows["time_recorded"].to_pylist()) <= {False}
    count, _ = rows_of(crashes, 2019, hour="0")
    assert count == midnight - 83


@needs_monroe
def test_the_same_files_again_change_no_row(crashes: Engine) -> None:
    before = released("crashes")
    for year in YEARS:
        import_file(MONROE / f"moco-crash-{year}.csv", "crashes", Path("monroe_county"))
    assert released("crashes") == before
    assert [s.accepted for s in current_release().extracts["crashes"].sources[4:]] == [0] * 4


@needs_register
def test_the_register_in_gb18030(data: Path) -> None:
    import_file(REGISTER, "villages")
    rows = released("villages")
    assert len(rows) == 519
    assert len({row["township"] for row in rows}) == 10
    kinds = [row["kind"] for row in rows]
    assert (kinds.count("行政村"), kinds.count("社区")) == (510, 9)
    first = rows[0]
    assert (first["village_code"], first["village"]) == ("371524001001", "立信坛社区")


LISTS = {"bike": (406, 406, 1, 325), "ped": (587, 586, 15, 553)}


@needs_monroe
@pytest.mark.parametrize("who", LISTS)
def test_the_lists_of_cyclists_and_pedestrians(data: Path, who: str) -> None:
    """The mapping of the crashes fits them too; a pedestrian's row that stands twice is dropped."""
    import_file(MONROE / f"{who}-crashes-2013-2023.csv", "crashes", Path("monroe_county"))
    read, accepted, deaths, injured = LISTS[who]
    source = last_source("crashes")
    assert (source.read, source.accepted, source.rejected) == (read, accepted, 0)
    rows = released("crashes")
    assert sum(row["deaths"] or 0 for row in rows) == deaths
    assert sum(row["injuries"] or 0 for row in rows) == injured
    assert min(row["latitude"] for row in rows if row["latitude"] is not None) > 38


# Rows, deaths, places that are not known and hours that are not. The deaths are those that the
# national highway safety administration publishes for 2014 and 2015; of 2013 it has since counted
# one more.
FATAL = {
    2013: (30_202, 32_893, 355, 221),
    2014: (30_056, 32_744, 160, 222),
    2015: (32_166, 35_092, 207, 249),
}


@needs_fars
def test_three_years_of_fatal_crashes(data: Path) -> None:
    for year in FATAL:
        import_file(FARS / f"accident_{year}.csv", "crashes", Path("us_fars"))
    sources = current_release().extracts["crashes"].sources
    assert [(s.read, s.accepted, s.duplicates, s.rejected) for s in sources] == [
        (rows, rows, 0, 0) for rows, *_ in FATAL.values()
    ]
    table = pa.concat_tables(pq.read_table(path) for path in current_release().files("crashes"))
    years = pc.year(table["occurred_at"])
    for year, (rows, deaths, nowhere, no_hour) in FATAL.items():
        found = table.filter(pc.equal(years, year))
        assert (found.num_rows, pc.sum(found["deaths"]).as_py()) == (rows, deaths)
        assert found["latitude"].null_count == found["longitude"].null_count == nowhere
        assert pc.sum(pc.equal(found["time_recorded"], False)).as_py() == no_hour
        assert found["crash_id"].to_pylist()[0].startswith(f"{year}-")
        assert found["road_class"].null_count < rows / 20, "the columns of 2015 are others"
    assert pc.max(table["latitude"]).as_py() < 72
    assert pc.max(table["longitude"]).as_py() < -66


@needs_fars
def test_what_was_made_of_the_codes_is_counted() -> None:
    table = inspect(FARS / "accident_2013.csv")
    wanted = contract("crashes")
    chosen = plan(table, wanted, find_mapping(Path("us_fars"), wanted))
    parts = [check(batch, chosen).changes for batch in batches(table)]
    changes = {
        name: {c.kind.name: c.cells for c in added(*(part.get(name, ()) for part in parts))}
        for name in ("occurred_at", "latitude", "kilometre")
    }
    assert changes == {
        "occurred_at": {"NO_HOUR": 221, "NO_MINUTE": 6},
        "latitude": {"UNKNOWN": 355},
        "kilometre": {"UNKNOWN": 14_041, "UNIT": 16_161},
    }
