"""The rollups that a release has, and which of them stand in for an extract's rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import duckdb

from brigade.contracts import contract
from brigade.filters import Filters, add_months
from brigade.rollups.dimensions import held_for_all
from brigade.rollups.plan import Rollup
from brigade.rollups.reading import RECORDS, Reading

ROLLUPS = "rollups"
"""The name under which an engine knows the rollups of its release."""

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """Days from ``start`` on and before ``until``; None where there is no bound."""

    start: date | None
    until: date | None


@dataclass(frozen=True, slots=True)
class Piece:
    """Rows that stand for an extract's in a span: a rollup's, or the records where it is None."""

    rollup: Rollup | None
    span: Span


@dataclass(frozen=True, slots=True)
class _Extract:
    """An extract's rollups, the smallest first, and the span of its records."""

    rollups: tuple[Rollup, ...]
    records: int
    first: date | None
    last: date | None


class Kept:
    """The rollups of one release."""

    def __init__(self, extracts: Mapping[str, _Extract]) -> None:
        self._extracts = extracts

    def __contains__(self, extract: str) -> bool:
        return extract in self._extracts

    @property
    def records(self) -> dict[str, int]:
        """How many records they were made of, by extract."""
        return {name: one.records for name, one in self._extracts.items()}

    @property
    def rollups(self) -> list[Rollup]:
        """All of them, the smallest of each extract first."""
        return [rollup for one in self._extracts.values() for rollup in one.rollups]

    def pieces(
        self, extract: str, reading: Reading, filters: Filters, span: Span
    ) -> list[Piece] | None:
        """What to read for an extract's rows in a span; None where it must be the records."""
        kept = self._extracts.get(extract)
        if kept is None or reading.refused:
            return None
        filtered = filters.for_extract(contract(extract))
        columns = held_for_all(extract, reading.columns | filtered.keys())
        if columns is None:
            return None
        fit = [r for r in kept.rollups if columns <= r.has and _sums(r) >= reading.measures]
        if not fit:
            return None
        if contract(extract).time is None:
            return [Piece(fit[0], span)]
        by_day = next((r for r in fit if r.daily), None)
        if by_day is fit[0]:
            return [Piece(by_day, _within(span, kept))]
        return _in_months(_within(span, kept), fit[0], by_day)


def _sums(rollup: Rollup) -> frozenset[str]:
    return frozenset((RECORDS, *rollup.measures))


def _within(span: Span, kept: _Extract) -> Span:
    """A span whose bounds lie beyond the records moved to the month's that hold these: it reaches
    the same rows, and more often whole months."""
    if kept.first is None or kept.last is None:
        return span
    start, until = span.start, span.until
    if (until is not None and until <= kept.first) or (start is not None and start > kept.last):
        return Span(kept.first, kept.first)
    if start is None or start <= kept.first:
        start = kept.first.replace(day=1)
    if until is None or until > kept.last:
        until = add_months(kept.last.replace(day=1), 1)
    return Span(start, until)


def _in_months(span: Span, monthly: Rollup, by_day: Rollup | None) -> list[Piece]:
    """Whole months from one, the days before and after them from the other or from the records."""
    start, until = span.start, span.until
    if start is None or until is None or start >= until:
        return [Piece(monthly, Span(date.min, date.min))]
    first = start if start.day == 1 else add_months(start.replace(day=1), 1)
    after = until.replace(day=1)
    if first >= after:
        return [Piece(by_day, span)]
    spans = (Piece(by_day, Span(start, first)), Piece(monthly, Span(first, after)))
    pieces = (*spans, Piece(by_day, Span(after, until)))
    return [piece for piece in pieces if piece.span.start != piece.span.until]


def read_kept(connection: duckdb.DuckDBPyConnection) -> Kept:
    """The rollups that are attached as :data:`ROLLUPS`; duckdb's error where they can't be read."""
    rollups: dict[str, list[Rollup]] = {}
    for name, extract, daily, columns, measures, made_from in connection.execute(
        f'select name, extract, daily, "columns", measures, made_from from {ROLLUPS}.kept'
        ' order by "rows", name'
    ).fetchall():
        one = Rollup(name, extract, daily, tuple(columns), tuple(measures), made_from)
        rollups.setdefault(extract, []).append(one)
    extracts = connection.execute(
        f'select extract, records, "first", "last" from {ROLLUPS}.extracts'
    ).fetchall()
    return Kept({e: _Extract(tuple(rollups[e]), *span) for e, *span in extracts})
