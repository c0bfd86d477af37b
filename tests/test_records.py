"""The list of rows at the end of a drill: every page is the part of the whole list that it says."""

from datetime import date, datetime, timedelta
from itertools import chain

import pytest
from hypothesis import given as hypothesis_given
from hypothesis import strategies as st

from brigade.engine.duckdb import Engine
from brigade.engine.relations import Reader
from brigade.filters import Filters, Period
from brigade.records import PAGE_SIZE, Records
from tests.conftest import HALF_YEAR, Given

RELATIONS = (
    "crashes",
    "crashes_to_date",
    "crash_parties",
    "hotline_tickets",
    "training_sessions",
    "villages",
)

periods = st.builds(
    lambda start, days: Period(start, start + timedelta(days)),
    st.dates(date(2020, 12, 1), date(2022, 8, 1)),
    st.integers(0, 900),
)
townships = st.sampled_from([(), ("铜城街道",), ("牛角店镇", "刘集镇"), ("",)])


@hypothesis_given(st.sampled_from(RELATIONS), periods, townships, st.integers(1, 60))
def test_a_page_is_its_part_of_the_whole_list(
    sample: Engine, relation: str, period: Period, chosen: tuple[str, ...], page: int
) -> None:
    values = {"township": chosen} if chosen else {}
    records = Records(relation, Filters(period, "none", values), Reader())
    rows = records.rows(sample).to_pylist()
    assert records.count(sample) == len(rows)
    last = max(1, -(-len(rows) // PAGE_SIZE))
    for number in {1, page, last, last + 1}:
        first = (number - 1) * PAGE_SIZE
        assert records.rows(sample, number).to_pylist() == rows[first : first + PAGE_SIZE]


def test_pages_end_and_begin_within_a_day_and_within_one_moment(given: Given) -> None:
    """130 crashes of four days, most of them at the same moment: their numbers decide."""
    days = [1] * 20 + [2] * 75 + [3] * 5 + [4] * 30
    rows = [
        {"crash_id": f"C{n:03}", "occurred_at": datetime(2022, 3, day, 8)}
        for n, day in enumerate(days)
    ]
    engine = given(crashes=rows)
    records = Records("crashes", Filters(HALF_YEAR), Reader())
    pages = [records.rows(engine, page)["crash_id"].to_pylist() for page in (1, 2, 3, 4)]
    wanted = [f"C{n:03}" for n in (*range(100, 130), *range(95, 100), *range(20, 95), *range(20))]
    assert list(chain(*pages)) == wanted
    assert [len(page) for page in pages] == [50, 50, 30, 0]


@pytest.mark.parametrize("page", [1, 2])
def test_no_rows_have_pages_without_rows(given: Given, page: int) -> None:
    records = Records("crashes", Filters(HALF_YEAR), Reader())
    assert len(records.rows(given(crashes=[]), page)) == 0
