"""A text held against itself, and against rows, case by case."""

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given as cases
from hypothesis import strategies as st

from brigade.engine.relations import Reader
from brigade.figures.consistency import check_text
from brigade.figures.published import Check, Published
from brigade.figures.rounding import agreement, next_round
from tests.figures.conftest import Judge

WHOLE = st.integers(1, 10**7)
CENT = Decimal("0.01")


def outcome(kind: str, *parts: int | str) -> str:
    """What a check of numbers alone comes to; texts are numbers with their decimals."""
    check = Check("c", None, kind, tuple(map(Decimal, parts)), None, Decimal(1), None)  # type: ignore[arg-type]
    [finding] = check_text(Published(None, {}, (), (check,)), None, Reader())
    return finding.outcome


@pytest.mark.parametrize(
    ("written", "value", "expected"),
    [
        ("-8.3", "-8.3333", "rounded"),
        ("-7.6", "-7.6923", "truncated"),
        ("127", "126.956", "rounded"),
        ("126", "126.956", "truncated"),
        ("0.5", "0.45", "rounded"),
        ("100.0", "99.94", "no"),
        ("8.30", "8.33", "no"),
    ],
)
def test_a_number_is_held_to_the_decimals_that_it_was_written_with(
    written: str, value: str, expected: str
) -> None:
    assert agreement(Decimal(written), Decimal(value)) == expected


@pytest.mark.parametrize(("number", "after"), [(80, 90), (200, 300), (2600, 2700), (15, 16)])
def test_and_some_ends_at_the_next_number_as_round(number: int, after: int) -> None:
    assert next_round(Decimal(number)) == after


@cases(st.lists(WHOLE, min_size=1, max_size=6), st.integers(-5, 5))
def test_parts_make_a_total_to_the_last_one(parts: list[int], off: int) -> None:
    expected = "agrees" if off == 0 else "inconsistent"
    assert outcome("sum", *parts, sum(parts) + off) == expected


def test_rounded_shares_may_miss_their_total_by_what_rounding_takes() -> None:
    assert outcome("sum", "33.3", "33.3", "33.3", "100.0") == "agrees"
    assert outcome("sum", "33.3", "33.3", "33.0", "100.0") == "inconsistent"


@cases(WHOLE, WHOLE)
def test_a_change_rounded_from_its_numbers_agrees(before: int, now: int) -> None:
    change = (Decimal(now) - before) / before * 100
    assert outcome("change", before, now, str(change.quantize(CENT, ROUND_HALF_UP))) == "agrees"
    off = change.quantize(CENT, ROUND_HALF_UP) + 5 * CENT
    assert outcome("change", before, now, str(off)) == "inconsistent"


@pytest.mark.parametrize(
    ("before", "now", "change", "expected"),
    [
        (36, 33, "-8.3", "agrees"),
        (13, 12, "-7.6", "truncated"),
        (36, 33, "-9.1", "inconsistent"),
        (36, 33, "8.3", "inconsistent"),
        (0, 3, "100", "inconsistent"),
    ],
)
def test_a_change_is_of_the_number_before(
    before: int, now: int, change: str, expected: str
) -> None:
    assert outcome("change", before, now, change) == expected


@pytest.mark.parametrize(
    ("top", "bottom", "ratio", "expected"),
    [
        (146, 115, "127", "agrees"),
        (146, 115, "126", "truncated"),
        (146, 115, "100", "inconsistent"),
        (1, 0, "0", "inconsistent"),
    ],
)
def test_a_percentage_is_that_of_its_two_numbers(
    top: int, bottom: int, ratio: str, expected: str
) -> None:
    assert outcome("ratio", top, bottom, ratio) == expected


BAYS_AND_CARS = """
[figure.bays]
zh = "泊位"
en = "Bays"
value = 151
unit = { zh = "个", en = "bays" }
[figure.cars]
zh = "车辆"
en = "Cars"
value = 183
unit = { zh = "辆", en = "cars" }
[figure.all]
zh = "合计"
en = "All"
value = 334
unit = { zh = "辆", en = "cars" }
[check.all]
kind = "sum"
parts = ["bays", "cars"]
total = "all"
"""


def test_bays_and_cars_are_not_to_be_added(judge: Judge) -> None:
    report = judge(BAYS_AND_CARS)
    [finding] = report.findings
    assert finding.outcome == "inconsistent"
    assert "辆" in finding.why.zh
    assert "个" in finding.why.zh
    assert {entry.verdict for entry in report.entries} == {"inconsistent"}
    assert report.is_wrong


LEDGER = """
[figure.work]
zh = "全部工作"
en = "All work"
value = 1
metric = "ledger_quantity"
where = { "work_ledger.programme" = ["疫情防控"] }
"""


def test_quantities_of_several_units_are_never_added(judge: Judge) -> None:
    [entry] = judge(LEDGER).entries
    assert entry.verdict == "not_computed"
    assert "份" in entry.why[0].zh
    assert not judge(LEDGER).is_wrong


CHANGE_IN_POINTS = """
[figure.fall]
zh = "事故下降"
en = "Crashes fell"
value = -8.3
unit = { zh = "起", en = "crashes" }
kind = "change"
metric = "crashes"
from = 2022-01-01
to = 2022-06-30
"""


def test_a_change_in_percent_is_not_counted_in_crashes(judge: Judge) -> None:
    [entry] = judge(CHANGE_IN_POINTS).entries
    assert entry.verdict == "inconsistent"


NOT_TO_BE_MADE = """
[figure.share]
zh = "完成率上升"
en = "The share cleared rose"
value = 5.0
unit = "%"
kind = "change"
metric = "pass_rate"
[figure.falls]
zh = "没有的事项连降"
en = "An item that is not there fell"
value = 2
kind = "falls"
since = 2020
metric = "ledger_quantity"
where = { "work_ledger.item" = ["没有"] }
from = 2022-01-01
to = 2022-06-30
[figure.before_the_rows]
zh = "更早的事故"
en = "Crashes before the rows begin"
value = 30
metric = "crashes"
from = 2001-01-01
to = 2001-06-30
"""


def test_what_the_rows_cannot_give_is_said_and_is_no_difference(judge: Judge) -> None:
    report = judge(NOT_TO_BE_MADE)
    assert {entry.verdict for entry in report.entries} == {"not_computed"}
    assert all(entry.why for entry in report.entries)
    assert not report.is_wrong
