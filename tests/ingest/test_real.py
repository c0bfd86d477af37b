"""Real files through the mappings that ship, against what was published of them."""

import os
import shutil
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from unittest import mock

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from brigade.engine.duckdb import Engine
from brigade.engine.relations import Reader
from brigade.filters import Filters, Period, key_of
from brigade.ingest import import_file
from brigade.records import Records
from brigade.releases import current_release
from tests.ingest.conftest import REAL, released

MONROE = REAL / "monroe_county_in"
REGISTER = REAL / "donge_villages" / "DERIVED_donge_villages_2020.gb18030.csv"
YEARS = (2019, 2020, 2021, 2022)

# As the newspaper that owns the files publishes them. It counts the two rows that stand twice, of
# 2019 and 2020, in its crashes; neither has a death or an injury, so these hold without them.
DEATHS = {2019: 5, 2020: 8, 2021: 10, 2022: 13}
INJURED = {2019: 844, 2020: 667, 2021: 806, 2022: 902}
CRASHES = {2019: 3134 - 1, 2020: 2365 - 1, 2021: 3057, 2022: 3646}

needs_monroe = pytest.mark.skipif(not MONROE.is_dir(), reason="Monroe County's files are not here")
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
