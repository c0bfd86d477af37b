"""What a person chooses for the headers of a file makes the rows that they meant."""

from collections.abc import Mapping
from typing import Any

from brigade.contracts import contract
from brigade.ingest.choosing import changed_rules, columns_taken, with_rules
from brigade.ingest.known import Known
from brigade.ingest.mapping import Rule, find_mapping
from brigade.ingest.plan import plan
from brigade.ingest.preview import ROWS, preview
from brigade.ingest.read import Table, inspect
from brigade.ingest.suggest import suggest
from tests.ingest.conftest import CsvOf

OUTREACH = contract("outreach")


def rows_of(table: Table, rules: Mapping[str, Rule]) -> list[dict[str, Any]]:
    """The rows of a file of outreach under rules of a person's own."""
    found = preview(table, plan(table, OUTREACH, with_rules(None, rules)), Known())
    rows: list[dict[str, Any]] = found.table.to_pylist()
    return rows


def test_headers_are_taken_by_name_and_by_a_mapping(csv_of: CsvOf) -> None:
    table = inspect(csv_of("村代码,村委会,人口", "371524001200,王海村委会,812"))
    villages = contract("villages")
    taken = columns_taken(table, villages)
    assert taken.get(2) == "population"
    assert 1 not in taken
    own = with_rules(None, {"village": Rule(sources=("村委会",)), "village_code": Rule(value="1")})
    taken = columns_taken(table, villages, own)
    assert taken[1] == "village"
    assert "village_code" not in taken.values()


def test_a_choice_that_changes_nothing_needs_no_rule(csv_of: CsvOf) -> None:
    table = inspect(csv_of("活动编号,活动日期,参加人数", "F1,2022-03-01,3"))
    taken = columns_taken(table, OUTREACH)
    wanted = {position: taken.get(position) for position in range(3)}
    assert changed_rules(table, taken, wanted, {}) == {}
    default = find_mapping(None, OUTREACH)
    assert with_rules(default, {}) is default


def test_chosen_columns_are_read_and_what_is_left_out_is_empty(csv_of: CsvOf) -> None:
    table = inspect(csv_of("活动编号,日子,参加人数,实到", "F1,2022-03-01,30,28"))
    taken = columns_taken(table, OUTREACH)
    wanted = {0: "outreach_id", 1: "held_on", 2: None, 3: "attendees"}
    suggested = {one.position: one for one in suggest(table, OUTREACH)}
    rules = changed_rules(table, taken, wanted, suggested)
    assert set(rules) == {"held_on", "attendees"}
    [row] = preview(
        table, plan(table, OUTREACH, with_rules(None, rules)), Known()
    ).table.to_pylist()
    assert (str(row["held_on"]), row["attendees"]) == ("2022-03-01", 28)

    rules = changed_rules(table, taken, {**wanted, 3: None}, suggested)
    [row] = preview(
        table, plan(table, OUTREACH, with_rules(None, rules)), Known()
    ).table.to_pylist()
    assert row["attendees"] is None


def test_a_suggested_unit_comes_with_the_choice(csv_of: CsvOf) -> None:
    cases = contract("rescue_cases")
    table = inspect(csv_of("救助编号,申请日期,救助金额（万元）", "R1,2022-03-01,1.5"))
    suggested = {one.position: one for one in suggest(table, cases)}
    rules = changed_rules(table, columns_taken(table, cases), {2: "amount_yuan"}, suggested)
    [row] = preview(table, plan(table, cases, with_rules(None, rules)), Known()).table.to_pylist()
    assert row["amount_yuan"] == 15000


def test_a_preview_is_the_first_rows_with_their_faults(csv_of: CsvOf) -> None:
    lines = [f"F{i},2022-03-01,{i}" for i in range(50)]
    lines[1] = "F1,2022-02-30,1"
    table = inspect(csv_of("活动编号,活动日期,参加人数", *lines))
    found = preview(table, plan(table, OUTREACH, None), Known())
    assert found.table.num_rows == ROWS - 1
    [fault] = found.rejected
    assert (fault.row, fault.value) == (3, "2022-02-30")
