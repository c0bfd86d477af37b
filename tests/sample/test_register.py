"""The village register: the shipped table against the lists that it comes from."""

import os
from collections import Counter
from pathlib import Path

import pytest

from brigade.house import REFERENCE
from brigade.sample import register

HERE = Path(__file__).resolve().parents[2]
LISTS = Path(os.environ.get("BRIGADE_REAL", HERE.parent / "shared" / "real")) / "donge_villages"


def test_the_register_has_510_villages_and_9_communities_in_10_townships() -> None:
    rows = register.read(REFERENCE / "villages.csv")
    assert Counter(row["kind"] for row in rows) == {"行政村": 510, "社区": 9}
    assert len({row["township"] for row in rows}) == 10
    assert len({row["village_code"] for row in rows}) == 519
    assert len({(row["township"], row["village"]) for row in rows}) == 519
    assert all(len(row["village_code"]) == 12 for row in rows)


def test_the_shipped_table_is_made_of_the_lists() -> None:
    if not LISTS.is_dir():
        pytest.skip("the statistics bureau's lists are not here; set BRIGADE_REAL to their folder")
    old = register.read(LISTS / "donge_villages_2020.csv")
    new = register.read(LISTS / "donge_villages_2023.csv")
    assert register.build(old, new) == register.read(REFERENCE / "villages.csv")


def test_a_body_of_2023_is_one_of_its_township() -> None:
    rows = register.read(REFERENCE / "villages.csv")
    merged = [row for row in rows if row["merged_into"]]
    assert len(merged) == 81
    assert len({row["merged_into"] for row in merged}) == 69
    assert all(row["merged_into"][:9] == row["township_code"] for row in merged)


@pytest.mark.parametrize(
    ("committee", "village"),
    [
        ("王海村委会", "王海村"),
        ("茄李村村委会", "茄李村"),
        ("孟村委会", "孟村"),
        ("阿胶社区居委会", "阿胶社区"),
        ("大秦新村村民委员会", "大秦新村"),
    ],
)
def test_the_name_of_a_village_is_that_of_its_committee_without_the_ending(
    committee: str, village: str
) -> None:
    assert register.village_name(committee) == village


def body(code: str, name: str, township: str = "1") -> dict[str, str]:
    return {"code": code, "name": name, "township_code": township, "township_name": "示例镇"}


def test_a_body_takes_its_namesake_only() -> None:
    old = [body("a", "大王村委会"), body("b", "小大王村委会"), body("c", "大王村委会", "2")]
    assert register.merged_into(old, [body("n", "大王新村村民委员会")]) == {"a": "n"}


def test_a_body_without_namesake_takes_the_villages_that_contain_its_name() -> None:
    old = [body("a", "王道口村委会"), body("b", "张道口村委会"), body("c", "香山村委会")]
    merged = register.merged_into(old, [body("n", "道口新村村民委员会")])
    assert merged == {"a": "n", "b": "n"}


def test_a_village_that_two_bodies_would_take_is_not_guessed() -> None:
    old = [body("a", "前张后李村委会")]
    new = [body("m", "前张新村村民委员会"), body("n", "后李新村村民委员会")]
    assert register.merged_into(old, new) == {}


def test_a_body_of_the_same_code_goes_before_names() -> None:
    old = [body("a", "曹植社区居委会"), body("b", "曹植公园村委会")]
    new = [body("a", "曹植公园社区居民委员会")]
    assert register.merged_into(old, new) == {"a": "a"}
