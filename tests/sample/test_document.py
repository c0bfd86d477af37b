"""docs/sample.md says what the sample really has."""

import re
from pathlib import Path

import pyarrow.dataset as ds

from brigade.sample.effects import EFFECTS

DOCUMENT = (Path(__file__).resolve().parents[2] / "docs" / "sample.md").read_text(encoding="utf-8")


def table(heading: str) -> list[list[str]]:
    """The cells of the table under a heading, without its head."""
    section = DOCUMENT.split(f"## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")][2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_the_document_lists_exactly_the_effects_that_the_generator_uses() -> None:
    assert table("What is built in") == [
        [f"`{effect.name}`", effect.shown(), effect.en, effect.zh] for effect in EFFECTS.values()
    ]


def test_every_effect_is_used() -> None:
    package = Path(__file__).resolve().parents[2] / "brigade" / "sample"
    code = "".join(path.read_text(encoding="utf-8") for path in package.glob("*.py"))
    used = set(re.findall(r"""(?:number|series|by_name)\(\s*"(\w+)"\s*\)""", code))
    assert used == set(EFFECTS)


def test_the_document_tells_the_sizes(made: Path) -> None:
    rows = {folder.name: f"{ds.dataset(folder).count_rows():,}" for folder in made.iterdir()}
    assert {name.strip("`"): count for name, count in table("Sizes")} == rows
