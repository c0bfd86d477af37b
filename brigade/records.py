"""The rows themselves: the last step of every drill, paged and counted in SQL."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import timedelta
from itertools import accumulate
from typing import Any

import pyarrow as pa

from brigade.contracts import Column, Contract, contract
from brigade.engine.protocol import Engine
from brigade.engine.relations import Bound, Reader, bind_text
from brigade.filters import Filters, Period, column_in
from brigade.queries import extract_of

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page is: among the rows of some days (None for all rows), after so many of them."""

    days: Period | None
    skipped: int


@dataclass(frozen=True, slots=True)
class Records:
    """The rows of one relation that the filters allow, newest first where rows have a time.

    A relation is an extract, or ``<extract>_to_date`` for its rows of all time up to the period's
    last day.
    """

    relation: str
    filters: Filters
    reader: Reader

    @property
    def columns(self) -> list[Column]:
        """The columns that the rows are shown with."""
        return self._contract.records_columns

    @property
    def _contract(self) -> Contract:
        return contract(extract_of(self.relation))

    def _bind(self, sql: str) -> Bound:
        return bind_text(sql, (self.relation,), self._contract.columns, self.filters, self.reader)

    def count_sql(self) -> Bound:
        """The query that counts the rows, those of each day where they have a time."""
        counted = "coalesce(sum(records), 0) as rows"
        if self._contract.time is None:
            return self._bind(f"select {counted} from {self.relation}")
        return self._bind(
            f"select day, {counted}\nfrom {self.relation}\ngroup by day\norder by day desc"
        )

    def rows_sql(self, place: Place | None = None) -> Bound:
        """The query that lists the rows, all of them or the page at a place."""
        extract = self._contract
        names = ", ".join(column.name for column in self.columns)
        order = [f"{extract.time} desc"] if extract.time else []
        sql = f"select {names}\nfrom {self.relation}\n"
        if place is not None and place.days is not None:
            until = place.days.end + timedelta(days=1)
            sql += f"where {extract.time} >= date '{place.days.start}'"
            sql += f" and {extract.time} < date '{until}'\n"
        sql += f"order by {', '.join([*order, *extract.key])}"
        if place is not None:
            sql += f"\nlimit {PAGE_SIZE} offset {place.skipped}"
        return self._bind(sql)

    def count(self, engine: Engine) -> int:
        """How many rows there are."""
        return sum(int(row["rows"]) for row in self._counts(engine))

    def _counts(self, engine: Engine) -> list[dict[str, Any]]:
        engine.require(self._contract.name)
        return engine.rows(self.count_sql(), f"{self.relation} count")

    def rows(self, engine: Engine, page: int | None = None) -> pa.Table:
        """All rows, or one page of them (from 1)."""
        name = f"{self.relation} rows"
        if page is None:
            return engine.run(self.rows_sql(), name)
        rows = engine.rows(self.rows_sql(self._place(engine, page)), name)
        return pa.table({c.name: [row[c.name] for row in rows] for c in self.columns})

    def _place(self, engine: Engine, page: int) -> Place:
        """Where a page is. How many rows each day has says of which days its own are, and only
        these are read: the last page of millions takes no longer than the first."""
        start = (page - 1) * PAGE_SIZE
        counts = [] if self._contract.time is None else self._counts(engine)
        if not counts:
            return Place(None, start)
        ends = list(accumulate(int(row["rows"]) for row in counts))
        newest = min(bisect_right(ends, start), len(ends) - 1)
        oldest = min(bisect_left(ends, start + PAGE_SIZE), len(ends) - 1)
        days = Period(counts[oldest]["day"], counts[newest]["day"])
        return Place(days, start - (ends[newest - 1] if newest else 0))

    def applying(self) -> list[str]:
        """The filter keys in force that apply to these rows."""
        extract = self._contract
        return [key for key in self.filters.values if column_in(key, extract) is not None]
