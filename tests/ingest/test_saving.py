"""A person's choice as a mapping file: it reads back as the same and is found by its name."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brigade import house
from brigade.contracts import contract
from brigade.errors import InputError
from brigade.ingest.mapping import Rule, Split, find_mapping, known_mappings, read_mapping
from brigade.ingest.saving import mapping_text, own_mapping, write_mapping

CRASHES = contract("crashes")
TEXTS = st.text(st.characters(codec="utf-8"), max_size=8)
TABLES = st.dictionaries(TEXTS, TEXTS, max_size=3)
LISTS = st.lists(TEXTS, max_size=3).map(tuple)
SOURCES = st.lists(TEXTS, min_size=1, max_size=3).map(tuple)
DECIMALS = st.decimals(-(10**9), 10**9, allow_nan=False, allow_infinity=False, places=6).filter(
    lambda number: number != 0
)


def rules(**parts: st.SearchStrategy[Any]) -> st.SearchStrategy[Rule]:
    return st.builds(Rule, **parts)


TEXT_RULES = st.one_of(
    rules(
        sources=SOURCES,
        nulls=LISTS,
        codes=TABLES,
        ends=TABLES,
        replace_end=TABLES,
        other=st.sampled_from(["keep", "null", "reject"]),
        split=st.none() | st.builds(Split, TEXTS.filter(bool), st.integers(1, 9)),
        slice=st.none() | st.tuples(st.integers(0, 9), st.integers(10, 99)),
        only_if_missing=st.booleans(),
    ),
    rules(value=TEXTS),
    rules(row_key=st.just(True), without=LISTS),
)
NUMBER_RULES = rules(sources=SOURCES, nulls=LISTS, factor=st.none() | DECIMALS)
DATE_RULES = st.one_of(
    rules(sources=SOURCES, order=st.sampled_from([None, "mdy", "dmy", "ymd"])),
    rules(sources=SOURCES, era=st.sampled_from([None, "roc"])),
    rules(sources=SOURCES, formats=LISTS.map(lambda _: ("%d.%m.%y", "%Y"))),
    rules(parts=st.just(("year", "month", "day")), sources=st.tuples(TEXTS, TEXTS, TEXTS)),
)
CHOICES = st.fixed_dictionaries(
    {},
    optional={
        "township": TEXT_RULES,
        "kilometre": NUMBER_RULES,
        "occurred_at": DATE_RULES,
        "drink_driving": st.just(Rule(sources=("A", "b c"), sql='"A" > "b c"')),
    },
)


@given(CHOICES)
def test_a_choice_reads_back_as_the_same(
    tmp_path_factory: pytest.TempPathFactory, choice: dict[str, Rule]
) -> None:
    path = tmp_path_factory.getbasetemp() / "choice.toml"
    write_mapping(path, choice, CRASHES)
    assert read_mapping(path, CRASHES).rules == choice


@pytest.mark.parametrize(("name", "extract"), [
    ("monroe_county", "crashes"), ("us_fars", "crashes"), ("village_register", "villages")
])  # fmt: skip
def test_those_that_ship_can_be_written_too(tmp_path: Path, name: str, extract: str) -> None:
    shipped = read_mapping(house.MAPPINGS / f"{name}.toml", contract(extract)).rules
    write_mapping(tmp_path / "again.toml", shipped, contract(extract))
    assert read_mapping(tmp_path / "again.toml", contract(extract)).rules == shipped


def test_a_saved_choice_is_found_by_name_before_one_that_ships(data: Path) -> None:
    choice = {"township": Rule(value="铜城街道")}
    for name in ("每日导出", "monroe_county"):
        write_mapping(own_mapping(name), choice, CRASHES)
        found = find_mapping(Path(name), CRASHES)
        assert found and found.rules == choice
    assert set(known_mappings()) >= {"每日导出", "monroe_county", "us_fars"}
    assert [path.name for path in (data / "mappings").iterdir() if path.is_dir()] == []


def test_a_choice_can_be_the_default_of_its_extract(data: Path) -> None:
    assert find_mapping(None, CRASHES) is None
    write_mapping(own_mapping("ours"), {"township": Rule(value="甲")}, CRASHES, default=True)
    found = find_mapping(None, CRASHES)
    assert found and found.name == "ours"


def test_a_broken_file_beside_them_stops_nobody(data: Path) -> None:
    write_mapping(own_mapping("ours"), {"township": Rule(value="甲")}, CRASHES, default=True)
    (data / "mappings" / "aaa.toml").write_text("[columns", encoding="utf-8")
    found = find_mapping(None, CRASHES)
    assert found and found.name == "ours"


@pytest.mark.parametrize(
    "choice",
    [
        {"township": Rule()},
        {"township": Rule(sources=("a",), factor=Decimal(2))},
        {"kilometre": Rule(sources=("a",), factor=Decimal(2), codes={"1": "2"})},
        {"township": Rule(sources=("a",), value="b")},
        {"no_column": Rule(value="b")},
        {"township": Rule(sql="read_text('x')")},
    ],
)
def test_what_would_not_read_back_is_not_written(data: Path, choice: dict[str, Rule]) -> None:
    path = own_mapping("ours")
    write_mapping(path, {"township": Rule(value="甲")}, CRASHES)
    before = path.read_bytes()
    with pytest.raises(InputError):
        write_mapping(path, choice, CRASHES)
    assert path.read_bytes() == before


@pytest.mark.parametrize("name", ["", "../x", "a/b", ".x", "a b", "x" * 65, "a\0"])
def test_a_name_is_no_path(data: Path, name: str) -> None:
    with pytest.raises(InputError):
        own_mapping(name)


def test_a_mapping_is_plain_to_read() -> None:
    text = mapping_text(
        {
            "deaths": Rule(sources=("死亡",)),
            "kilometre": Rule(sources=("m",), factor=Decimal("0.001")),
        }
    )
    assert text == '[columns]\ndeaths = "死亡"\nkilometre = { from = "m", factor = 0.001 }\n'
