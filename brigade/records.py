"""The rows themselves: the last step of every drill, paged and counted in SQL."""

from dataclasses import dataclass

import pyarrow as pa

from brigade.contracts import Column, contract
from brigade.engine.duckdb import Engine
from brigade.engine.relations import Bound, Reader, bind_text
from brigade.filters import Filters, column_in

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Records:
    """The rows of one extract that the filters allow, newest first where rows have a time."""

    extract: str
    filters: Filters
    reader: Reader

    @property
    def columns(self) -> list[Column]:
        """The columns that the rows are shown with."""
        return contract(self.extract).records_columns

    def _bind(self, sql: str) -> Bound:
        names = [column.name for column in contract(self.extract).columns.values()]
        return bind_text(sql, (self.extract,), names, self.filters, self.reader)

    def count_sql(self) -> Bound:
        """The query that counts the rows."""
        return self._bind(f"select cast(count(*) as bigint) as rows from {self.extract}")

    def rows_sql(self, page: int | None = None) -> Bound:
        """The query that lists the rows, all of them or one page (from 1)."""
        extract = contract(self.extract)
        names = ", ".join(column.name for column in self.columns)
        order = [f"{extract.time} desc"] if extract.time else []
        sql = f"select {names}\nfrom {self.extract}\norder by {', '.join([*order, *extract.key])}"
        if page is not None:
            sql += f"\nlimit {PAGE_SIZE} offset {(page - 1) * PAGE_SIZE}"
        return self._bind(sql)

    def count(self, engine: Engine) -> int:
        """How many rows there are."""
        engine.require(self.extract)
        [row] = engine.rows(self.count_sql(), f"{self.extract} count")
        return int(row["rows"])

    def rows(self, engine: Engine, page: int | None = None) -> pa.Table:
        """All rows, or one page of them."""
        return engine.run(self.rows_sql(page), f"{self.extract} rows")

    def applying(self) -> list[str]:
        """The filter keys in force that apply to these rows."""
        extract = contract(self.extract)
        return [key for key in self.filters.values if column_in(key, extract) is not None]
