"""``brigade check`` names what disagrees."""

import re
import shutil
from pathlib import Path

import pytest

from brigade import house
from brigade.checks import check_house
from brigade.metrics import all_metrics
from brigade.queries import query, query_names
from brigade.releases import read_release

CACHES = (all_metrics, query, query_names)


@pytest.fixture
def own_queries(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of a few of the house's queries, to break."""
    folder = tmp_path / "queries"
    (folder / "overview").mkdir(parents=True)
    for name in ("metrics.toml", "columns.toml", "overview/crashes.sql"):
        shutil.copy(house.QUERIES / name, folder / name)
    metrics = folder / "metrics.toml"
    text = metrics.read_text(encoding="utf-8")
    elsewhere = re.compile(r'^query = "(?!overview/crashes").*\n', re.MULTILINE)
    metrics.write_text(elsewhere.sub("", text), encoding="utf-8")
    monkeypatch.setenv("BRIGADE_DATA", str(tmp_path / "data"))
    monkeypatch.setattr(house, "QUERIES", folder)
    for cache in CACHES:
        cache.cache_clear()
    yield folder
    monkeypatch.undo()
    for cache in CACHES:
        cache.cache_clear()


def faults() -> str:
    """All that the check says."""
    return "\n".join(text.en for text in check_house(lambda: read_release(house.SAMPLE)))


HEAD = "-- title: 甲 | A\n-- grain: one row\n"
BROKEN = {
    "an extract": ("select sum(records) as crashes from accidents", "accidents"),
    "a metric": (
        "-- adds: happiness\nselect sum(records) as crashes from crashes",
        "happiness",
    ),
    "a part": (
        "-- adds: drink_driving_share\nselect sum(records) as crashes from crashes",
        "drink_on_site",
    ),
    "a column": ("select sum(casualties) as deaths from crashes", "overview/broken"),
    "a label": ("select sum(records) as nameless from crashes", "nameless"),
    "a filter": (
        "-- ignores: colour\nselect sum(records) as crashes from crashes",
        "colour",
    ),
    "rows that repeat": ("select township, deaths from crashes", "overview/broken"),
    "both periods": (
        "select sum(records) as crashes from crashes_before",
        "compare: none",
    ),
}


@pytest.mark.parametrize(("text", "named"), BROKEN.values(), ids=BROKEN)
def test_a_broken_query_is_named(own_queries: Path, text: str, named: str) -> None:
    assert faults() == ""
    (own_queries / "overview" / "broken.sql").write_text(f"{HEAD}{text}", encoding="utf-8")
    query_names.cache_clear()
    said = faults()
    assert "overview/broken" in said
    assert named in said


def test_a_metric_that_points_to_nothing_is_named(own_queries: Path) -> None:
    path = own_queries / "metrics.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('rows = "crashes"', 'rows = "nowhere"', 1), encoding="utf-8")
    all_metrics.cache_clear()
    assert "nowhere" in faults()


def test_a_metric_whose_query_does_not_give_it_is_named(own_queries: Path) -> None:
    path = own_queries / "metrics.toml"
    text = path.read_text(encoding="utf-8")
    asked = "[property_loss]\n"
    path.write_text(text.replace(asked, f'{asked}query = "overview/crashes"\n'), encoding="utf-8")
    all_metrics.cache_clear()
    assert "property_loss: the query overview/crashes" in faults()
