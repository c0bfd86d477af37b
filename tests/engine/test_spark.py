"""Every query of the house gives the same rows on DuckDB, on Sail and on Spark."""

import math
from datetime import date
from typing import Any

import pytest

from brigade import export, house
from brigade.contracts import all_contracts, contract
from brigade.engine import duckdb
from brigade.engine.choices import choices
from brigade.engine.protocol import Engine
from brigade.engine.relations import Reader, bind_text
from brigade.engine.spark import engine_for
from brigade.filters import FRAME, Filters, Period
from brigade.queries import query, query_names
from brigade.records import PAGE_SIZE, Records
from brigade.releases import read_release
from brigade.results import Result, fetch

HALF_YEAR = Period(date(2022, 1, 1), date(2022, 6, 30))
ALL = Filters(HALF_YEAR, "year")
NARROW = Filters(
    Period(date(2021, 3, 15), date(2022, 5, 2)),
    "previous",
    {
        "township": ("刘集镇", "姚寨镇", "未记录"),
        "weekday": ("1", "5", "7"),
        "vehicles.status_name": ("正常", "逾期未检验"),
    },
)
ONE_OF_EACH_DOMAIN = {name.partition("/")[0]: name for name in query_names()}.values()


@pytest.fixture(scope="module", autouse=True)
def own_data(tmp_path_factory: pytest.TempPathFactory) -> Any:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BRIGADE_DATA", str(tmp_path_factory.mktemp("data")))
        yield


@pytest.fixture(scope="module")
def here(own_data: None) -> Engine:
    return duckdb.engine_for(read_release(house.SAMPLE))


@pytest.fixture(scope="module")
def there(address: str, own_data: None) -> Engine:
    return engine_for(read_release(house.SAMPLE), address)


def same(ours: Any, theirs: Any, *, rounded: bool = False) -> bool:
    """Whether two values are one; ``rounded`` where the last bits may differ."""
    if isinstance(ours, bool) or isinstance(theirs, bool):
        return ours is theirs
    if rounded and isinstance(ours, float) and isinstance(theirs, (int, float)):
        return math.isclose(ours, theirs, rel_tol=1e-12)
    return bool(ours == theirs)


def differences(ours: Result, theirs: Result) -> list[tuple[Any, ...]]:
    """Where two results differ. Percentiles lie between two values, and each engine reckons the
    way between them in its own order: there the last bits may differ, and nowhere else."""
    between = {m.name for m in ours.metrics if m.kind == "quantile"}
    if len(ours.rows) != len(theirs.rows):
        return [("rows", len(ours.rows), len(theirs.rows))]
    return [
        (n, name, row[name], other.get(name))
        for n, (row, other) in enumerate(zip(ours.rows, theirs.rows, strict=True))
        for name in row
        if not same(row[name], other.get(name), rounded=name.removesuffix("_before") in between)
    ]


@pytest.mark.parametrize("name", query_names())
def test_every_query_gives_the_same_rows(name: str, here: Engine, there: Engine) -> None:
    ours, theirs = (fetch(query(name), ALL, engine, Reader()) for engine in (here, there))
    assert differences(ours, theirs) == []


@pytest.mark.parametrize("name", query_names())
def test_every_query_gives_the_same_rows_under_filters(
    name: str, here: Engine, there: Engine, request: pytest.FixtureRequest
) -> None:
    if "spark" in request.node.callspec.id and name not in ONE_OF_EACH_DOMAIN:
        pytest.skip("on Spark one query of each domain: the filters' words are the same in all")
    ours, theirs = (fetch(query(name), NARROW, engine, Reader()) for engine in (here, there))
    assert differences(ours, theirs) == []


@pytest.mark.parametrize("extract", all_contracts())
def test_the_rows_of_every_extract_are_the_same_page_by_page(
    extract: str, here: Engine, there: Engine
) -> None:
    if extract not in here.extracts:
        pytest.skip(f"the sample has no {extract}")
    records = Records(extract, ALL, Reader())
    count = records.count(here)
    assert records.count(there) == count
    for page in {1, 2, math.ceil(count / PAGE_SIZE)}:
        assert records.rows(here, page).to_pylist() == records.rows(there, page).to_pylist()


@pytest.mark.parametrize("relation", ["crashes", "hotline_tickets", "vehicles_to_date"])
def test_a_csv_of_all_rows_is_the_same_to_the_byte(
    relation: str, here: Engine, there: Engine
) -> None:
    records = Records(relation.removesuffix("_to_date"), NARROW, Reader())
    saved = [
        export.to_csv(export.records_table(records.rows(e), records.columns, "zh", synthetic=True))
        for e in (here, there)
    ]
    assert saved[0] == saved[1]


@pytest.mark.parametrize("key", [*FRAME, "vehicles.status_name", "crashes.grid_cell"])
def test_a_filter_offers_the_same_values(key: str, here: Engine, there: Engine) -> None:
    assert choices(there, key) == choices(here, key)


def test_who_may_not_see_personal_columns_gets_them_masked_there_too(
    here: Engine, there: Engine
) -> None:
    bound = bind_text(
        "select distinct plate, officer from violations order by plate, officer limit 20",
        ("violations",),
        ("plate", "officer"),
        ALL,
        Reader(),
    )
    rows = there.rows(bound)
    assert rows == here.rows(bound)
    assert {row["officer"] for row in rows} <= {"***", None}


def test_the_house_holds_nothing_that_a_cluster_refuses(there: Any) -> None:
    assert there.refusals() == []


def test_a_result_is_written_as_parquet_where_the_cluster_can_write(
    there: Any, here: Engine, tmp_path: Any
) -> None:
    import pyarrow.parquet as pq

    extract = contract("violations")
    bound = bind_text(
        "select township, category, sum(records) as records from violations"
        " group by township, category",
        ("violations",),
        extract.columns,
        ALL,
        Reader(),
    )
    there.save(bound, f"file://{tmp_path}/rollup")
    there.save(bound, f"file://{tmp_path}/rollup")
    order = [("township", "ascending"), ("category", "ascending")]
    written = pq.read_table(tmp_path / "rollup").sort_by(order)
    assert written.to_pylist() == here.run(bound).sort_by(order).to_pylist()
