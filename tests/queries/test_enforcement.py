"""Enforcement queries: given rows, expected rows."""

from datetime import datetime

from tests.conftest import Given, rows_of, run


def test_by_township_counts_the_periods_rows_and_keeps_nulls_in_a_group(given: Given) -> None:
    engine = given(
        violations=[
            {"violation_id": "1", "occurred_at": datetime(2022, 3, 1, 9), "township": "刘集镇"},
            {
                "violation_id": "2",
                "occurred_at": datetime(2022, 6, 30, 23, 59),
                "township": "刘集镇",
            },
            {"violation_id": "3", "occurred_at": datetime(2022, 7, 1), "township": "刘集镇"},
            {"violation_id": "4", "occurred_at": datetime(2022, 1, 1), "township": None},
        ]
    )
    assert rows_of(run(engine, "enforcement/by_township")) == [("刘集镇", 2), (None, 1)]
    assert rows_of(run(engine, "enforcement/by_township", township="未记录")) == [(None, 1)]
