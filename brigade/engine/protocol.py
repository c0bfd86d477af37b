"""What every engine can do: run bound queries over one release."""

from collections.abc import Sequence
from typing import Any, Protocol

import pyarrow as pa

from brigade.engine.answers import Answers
from brigade.engine.relations import Bound
from brigade.releases import Release


class Engine(Protocol):
    """Runs bound queries over one release. Sound over threads.

    ``extracts`` are those that it has rows of, ``memo`` what was once found out about the release,
    ``results`` what was made of its answers, and ``local`` says whether it reads a database of this
    process, which a person's own SQL needs.
    """

    release: Release
    extracts: frozenset[str]
    memo: dict[str, tuple[str, ...] | None]
    results: Answers[Any]
    local: bool

    def require(self, *extracts: str) -> None:
        """Raise :class:`MissingExtractError` for the first of them that the release lacks."""

    def run(self, bound: Bound, name: str = "") -> pa.Table:
        """The result of a bound query; :class:`QueryError` with a log entry of its whole text."""

    def rows(self, bound: Bound, name: str = "") -> list[dict[str, Any]]:
        """The same as rows, for results that a page shows whole: kept, and not asked twice."""

    def rows_of_each(self, queries: Sequence[Bound], name: str = "") -> list[list[dict[str, Any]]]:
        """The rows of several bound queries, run side by side."""

    def rows_of_both(
        self, now: Bound, before: Bound, name: str = ""
    ) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """The rows of a query for a period and for the one compared."""
