"""The rows themselves: the last step of every drill, paged and counted in SQL."""

from dataclasses import dataclass

import pyarrow as pa

from brigade.contracts import Column, Contract, contract
from brigade.engine.protocol import Engine
from brigade.engine.relations import Bound, Reader, bind_text
from brigade.filters import Filters, column_in
from brigade.queries import extract_of

PAGE_SIZE = 50


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
        """The query that counts the rows."""
        return self._bind(f"select coalesce(sum(records), 0) as rows from {self.relation}")

    def rows_sql(self, page: int | None = None) -> Bound:
        """The query that lists the rows, all of them or one page (from 1)."""
        extract = self._contract
        names = ", ".join(column.name for column in self.columns)
        order = [f"{extract.time} desc"] if extract.time else []
        sql = f"select {names}\nfrom {self.relation}\norder by {', '.join([*order, *extract.key])}"
        if page is not None:
            sql += f"\nlimit {PAGE_SIZE} offset {(page - 1) * PAGE_SIZE}"
        return self._bind(sql)

    def count(self, engine: Engine) -> int:
        """How many rows there are."""
        engine.require(self._contract.name)
        [row] = engine.rows(self.count_sql(), f"{self.relation} count")
        return int(row["rows"])

    def rows(self, engine: Engine, page: int | None = None) -> pa.Table:
        """All rows, or one page of them."""
        name = f"{self.relation} rows"
        if page is None:
            return engine.run(self.rows_sql(), name)
        rows = engine.rows(self.rows_sql(page), name)
        return pa.table({c.name: [row[c.name] for row in rows] for c in self.columns})

    def applying(self) -> list[str]:
        """The filter keys in force that apply to these rows."""
        extract = self._contract
        return [key for key in self.filters.values if column_in(key, extract) is not None]
