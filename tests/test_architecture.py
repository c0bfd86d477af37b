"""The parts of the house keep to themselves.

The import-linter contracts in pyproject.toml hold the modules of ``brigade`` to their order. Here
is what they can't see: ``app.py`` and ``pages/`` are no package, and names and SQL are no imports.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
# In one case throughout, unlike a sentence that begins with "Select".
SQL = re.compile(
    r"^\s*(?:select\b.*\bfrom|with\b.*\bselect|from\b.*\bselect"
    r"|SELECT\b.*\bFROM|WITH\b.*\bSELECT|FROM\b.*\bSELECT)\b",
    re.DOTALL,
)
FRONT = ("ui/", "server.py")


def sources(*patterns: str) -> list[Path]:
    return sorted(path for pattern in patterns for path in ROOT.glob(pattern))


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


PAGES = sources("pages/**/*.py")
FRAME = [*sources("app.py"), *PAGES]
LIBRARY = [
    path
    for path in sources("brigade/**/*.py")
    if not path.relative_to(ROOT / "brigade").as_posix().startswith(FRONT)
]


def imported(path: Path, root: Path = ROOT) -> Iterator[str]:
    """The full name of everything that a file imports, wherever in it the import stands."""
    package = path.relative_to(root).parent.parts
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) + 1 - node.level] if node.level else ()
            module = ".".join([*above, *([node.module] if node.module else [])])
            yield from (f"{module}.{alias.name}" for alias in node.names)


def texts(path: Path) -> Iterator[str]:
    """The texts in a file; of an f-string all that is written, its holes left out."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.JoinedStr):
            parts = [part.value for part in node.values if isinstance(part, ast.Constant)]
            yield " ".join(str(part) for part in parts)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def is_under(name: str, *packages: str) -> bool:
    return any(name == package or name.startswith(f"{package}.") for package in packages)


@pytest.mark.parametrize("path", FRAME, ids=named)
def test_pages_know_of_the_library_only_its_ui(path: Path) -> None:
    ours = [name for name in imported(path) if is_under(name, "brigade")]
    assert [name for name in ours if not is_under(name, "brigade.ui")] == []


@pytest.mark.parametrize("path", FRAME, ids=named)
def test_pages_leave_data_to_sql(path: Path) -> None:
    forbidden = ("pandas", "pyarrow", "numpy", "duckdb", "sqlglot", "sqlite3")
    assert [name for name in imported(path) if is_under(name, *forbidden)] == []


@pytest.mark.parametrize("path", FRAME, ids=named)
def test_pages_hold_no_sql(path: Path) -> None:
    assert [text for text in texts(path) if SQL.match(text)] == []


@pytest.mark.parametrize("path", LIBRARY, ids=named)
def test_the_library_runs_without_streamlit(path: Path) -> None:
    assert [name for name in imported(path) if is_under(name, "streamlit", "altair")] == []


def test_no_page_lies_directly_in_pages() -> None:
    """Streamlit would run such a file bare, without the frame."""
    assert sources("pages/*.py") == []


def test_no_module_is_a_bag() -> None:
    """A module is named by its subject."""
    bags = {"utils", "util", "helpers", "helper", "common", "misc"}
    everywhere = sources("*.py", *(f"{top}/**/*.py" for top in ("brigade", "pages", "tests")))
    assert [named(path) for path in everywhere if path.stem in bags] == []


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("import brigade.engine", "brigade.engine"),
        ("from brigade import engine", "brigade.engine"),
        ("from brigade.engine import duckdb as d", "brigade.engine.duckdb"),
        ("def f():\n    import pandas as pd", "pandas"),
        ("from . import frame", "pages.crashes.frame"),
        ("from ..roads import map", "pages.roads.map"),
    ],
)
def test_an_import_is_seen_in_every_form(tmp_path: Path, source: str, name: str) -> None:
    page = tmp_path / "pages" / "crashes" / "page.py"
    page.parent.mkdir(parents=True)
    page.write_text(source, encoding="utf-8")
    assert list(imported(page, tmp_path)) == [name]
