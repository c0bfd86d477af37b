"""What a query's text lets be read from sums: given texts, and why the others need the records."""

import pytest

from brigade.rollups.dimensions import held_for
from brigade.rollups.reading import readings

ADDED = {
    "select category, sum(records) as n from violations group by category": (
        {"category"},
        {"records"},
    ),
    "select sum(case when drink then records when drink is not null then 0 end), sum(fine_yuan)"
    " from violations": ({"drink"}, {"records", "fine_yuan"}),
    "select month, sum(coalesce(points, 0)) / sum(records) as p from violations"
    " where source = '现场' group by month having sum(records) > 3": (
        {"month", "source"},
        {"points", "records"},
    ),
    "select month, sum(sum(records)) over (order by month) as n from violations group by month": (
        {"month"},
        {"records"},
    ),
    "select sum(records) filter (where drink) as n from violations": ({"drink"}, {"records"}),
    "select c.duty, sum(v.records) as n from violations as v"
    " inner join campaigns as c on v.campaign_id = c.campaign_id group by c.duty": (
        {"campaign_id"},
        {"records"},
    ),
    "with w as (select week, sum(n) as n from (select weekday as week, sum(records) as n"
    " from violations group by weekday) group by week) select * exclude (week) from w": (
        {"weekday"},
        {"records"},
    ),
    "select township from violations group by township": ({"township"}, set()),
}

REFUSED = {
    "select count(*) from violations": "COUNT",
    "select sum(1) from violations": "no measure",
    "select sum(distinct points) from violations": "no measure",
    "select count(distinct township), sum(records) from violations": "no sum",
    "select avg(fine_yuan) from violations": "no sum",
    "select median(fine_yuan) from violations": "no sum",
    "select max(day), sum(records) from violations": "no sum",
    "select township from violations": "lists rows",
    "select distinct township from violations": "lists rows",
    "select sum(records) over () from violations": "lists rows",
    "select records, sum(points) from violations group by records": "one by one",
    "select sum(points * records) from violations": "no measure",
    "select sum(points + 1) from violations": "no measure",
    "select sum(cast(fine_yuan as integer)) from violations": "no measure",
    "select sum(coalesce(fine_yuan, 200)) from violations": "no measure",
    "select sum(case when drink then records else 1 end) from violations": "no measure",
    "select sum(records) from violations where (select max(day) from crashes) > day": "each row",
    "select sum(records) from violations where random() < 0.5": "time to time",
    "select sum(records) from violations using sample 10%": "each row",
    "select made_up(township), sum(records) from violations group by all": "each row",
    "select sum(records) from violations semi join campaigns using (campaign_id)": "none is known",
    "select sum(violations.records), sum(campaigns.records) from violations"
    " inner join campaigns using (campaign_id)": "no measure",
    "select township, sum(violations.records) from violations"
    " inner join villages using (village_code) group by township": "either relation",
}


@pytest.mark.parametrize("text", ADDED)
def test_what_only_adds_up_is_read_from_sums(text: str) -> None:
    columns, measures = ADDED[text]
    found = readings(text)["violations"]
    assert (found.columns, found.measures, found.refused) == (columns, measures, None)


@pytest.mark.parametrize("text", REFUSED)
def test_what_depends_on_each_row_needs_the_records(text: str) -> None:
    assert REFUSED[text] in str(readings(text)["violations"].refused)


def test_one_place_that_needs_the_records_needs_them_for_the_whole_text() -> None:
    text = "select (select sum(records) from violations), (select count(*) from violations) as n"
    assert readings(text)["violations"].refused


def test_each_relation_is_judged_by_itself() -> None:
    text = """with a as (select township, sum(records) as n from violations group by township)
    select a.n, count(*) as crashes from crashes left join a on a.township = crashes.township
    group by a.n"""
    assert readings(text)["violations"].refused is None
    assert readings(text)["crashes"].refused


@pytest.mark.parametrize(
    ("column", "held"),
    [
        ("township", {"township"}),
        ("drink", {"category"}),  # made of the category, as from a record
        ("month", set()),  # made of the time that each of them has
        ("day", {"day"}),  # in daily ones alone
        ("hour", {"hour"}),  # no time of a rollup has it
        ("plate", None),  # personal
        ("violation_id", None),  # of the key: one for each record
        ("fine_yuan", None),  # a number: added up
        ("occurred_at", None),
    ],
)
def test_what_a_rollup_must_hold_for_a_column(column: str, held: set[str] | None) -> None:
    assert held_for("violations", column) == held
