"""What is measured: every page of the app, each with something to show."""

import ast
from dataclasses import dataclass

from benchmarks.folders import ROOT

_FILTERS = {"villages/profile": "village_code:371524105222"}
"""What a page needs to show all of its views: a village with crashes, hazards and shifts."""


@dataclass(frozen=True, slots=True)
class Place:
    """A page: its file under ``pages/``, its path in the address, the filter it is opened with."""

    file: str
    path: str
    filter: str | None

    @property
    def address(self) -> str:
        """Path and filter as an address has them."""
        return f"{self.path}?filter={self.filter}" if self.filter else self.path


def places() -> list[Place]:
    """Every page that ``app.py`` lists, in its order; the first is what the app opens with."""
    tree = ast.parse((ROOT / "app.py").read_text(encoding="utf-8"))
    files = [
        str(ast.literal_eval(node.args[0]))
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Page"
    ]
    paths = ["", *(file.replace("/", "-") for file in files[1:])]
    return [Place(f, p, _FILTERS.get(f)) for f, p in zip(files, paths, strict=True)]
