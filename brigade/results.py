"""A query's result under the reader's filters: this period beside the one compared.

The same text is run once for each period and the two results are joined on their dimensions here,
so that no query spells out a comparison and none can get it wrong. What a page shows, what its CSV
holds and what ``brigade query`` prints are all made from one :class:`Result`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from brigade.contracts import contract
from brigade.engine.protocol import Engine
from brigade.engine.relations import Bound, Reader, bind
from brigade.filters import Comparison, Filters, Period, add_months, same_day_in
from brigade.metrics import Change, Metric, change, value_of
from brigade.queries import BEFORE, OutputColumn, Query, output_columns
from brigade.releases import Release

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Result:
    """Rows of one query: every output column and, when a period is compared, for each metric also
    ``<name>_before``."""

    query: Query
    columns: tuple[OutputColumn, ...]
    rows: list[Row]
    period: Period
    before: Period | None
    compared: Comparison
    covered: bool
    bound: Bound
    release: Release
    drawn: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)
    """What was drawn of it, kept as long as it is."""

    @property
    def cells(self) -> int:
        """How many values it holds."""
        return sum(map(len, self.rows))

    @property
    def metrics(self) -> list[Metric]:
        """The metrics among its columns, in order."""
        return [column.metric for column in self.columns if column.metric is not None]

    @property
    def dimensions(self) -> list[OutputColumn]:
        """The columns that are no metric, in order."""
        return [column for column in self.columns if column.metric is None]

    def column(self, name: str) -> OutputColumn:
        """The output column of that name."""
        return next(column for column in self.columns if column.name == name)

    def change(self, metric: Metric, row: Mapping[str, Any]) -> Change:
        """How a metric changed in one row."""
        periods = (self.period, self.before) if self.before else None
        return change(
            metric,
            row.get(metric.name),
            row.get(metric.name + BEFORE),
            periods,
            self.covered,
            self.query.compares,
        )


def covers(release: Release, extract: str, period: Period) -> bool:
    """Whether the rows of an extract reach from a period's first day to its last.

    An extract whose rows come daily must reach the last day; one whose rows come now and then may
    stop as many days earlier as its contract says is usual.
    """
    time = contract(extract).time
    lender = contract(extract).column(time).borrowed if time else None
    if lender is not None and extract in release.extracts:
        return covers(release, lender[0], period)
    known = release.extracts.get(extract)
    if known is None or known.first is None or known.last is None:
        return time is None
    slack = timedelta(days=contract(extract).rhythm_days)
    return known.first - slack <= period.start and period.end <= known.last + slack


def fetch(query: Query, filters: Filters, engine: Engine, reader: Reader) -> Result:
    """Run a query for the period chosen and, where it is compared, for the one before.

    Whoever asks the same gets the same result, which is therefore not to be changed.
    """
    values = frozenset((key, frozenset(chosen)) for key, chosen in filters.values.items())
    key = (query, filters.period, filters.comparison, values, reader)
    result: Result = engine.results.of(key, lambda: _fetched(query, filters, engine, reader))
    return result


def _fetched(query: Query, filters: Filters, engine: Engine, reader: Reader) -> Result:
    engine.require(*query.extracts)
    bound = bind(query, filters, reader)
    columns = tuple(output_columns(query))
    before = filters.before if query.compares else None
    covered = True
    if before is None:
        rows = engine.rows(bound, query.name)
    else:
        earlier = replace(filters, period=before, comparison="none")
        rows, rows_before = engine.rows_of_both(bound, bind(query, earlier, reader), query.name)
        rows = _joined(rows, rows_before, columns, filters)
        covered = all(
            covers(engine.release, extract, period)
            for extract in query.extracts
            for period in (filters.period, before)
        )
    ratios = [c.metric for c in columns if c.metric is not None and c.metric.kind == "ratio"]
    for row in rows:
        _add_ratios(row, ratios, "")
        if before is not None:
            _add_ratios(row, ratios, BEFORE)
    result = Result(
        query,
        columns,
        rows,
        filters.period,
        before,
        filters.comparison,
        covered,
        bound,
        engine.release,
    )
    if query.by_change and before is not None:
        first = result.metrics[0]
        rows.sort(key=lambda row: -abs(result.change(first, row).difference or 0))
    return result


def _add_ratios(row: Row, ratios: list[Metric], suffix: str) -> None:
    for metric in ratios:
        parts = (str(metric.numerator), str(metric.denominator))
        row[metric.name + suffix] = value_of(metric, {p: row.get(p + suffix) for p in parts})


def _joined(
    now: list[Row], before: list[Row], columns: tuple[OutputColumn, ...], filters: Filters
) -> list[Row]:
    """Rows of both periods side by side: a count without rows in one of them is zero there."""
    dimensions = [c for c in columns if c.metric is None]
    additive = [
        c.name for c in columns if c.metric is not None and c.metric.kind in ("count", "sum")
    ]
    others = [c.name for c in columns if c.metric is not None and c.metric.kind == "quantile"]
    nothing_now, nothing_before = _nothing(now, additive), _nothing(before, additive)
    earlier = {tuple(_shifted(c, row[c.name], filters) for c in dimensions): row for row in before}
    joined = []
    for row in now:
        match = earlier.pop(tuple(row[c.name] for c in dimensions), {})
        row.update({n + BEFORE: match.get(n, nothing_before[n]) for n in additive})
        row.update({n + BEFORE: match.get(n) for n in others})
        joined.append(row)
    for key, match in earlier.items():
        row = dict(zip((c.name for c in dimensions), key, strict=True))
        row.update(nothing_now | dict.fromkeys(others))
        row.update({n + BEFORE: match[n] for n in additive + others})
        joined.append(row)
    return joined


def _nothing(rows: list[Row], names: list[str]) -> dict[str, int | None]:
    """What a group without rows counts: zero, unless nobody recorded what would be counted."""
    return {n: 0 if not rows or any(row[n] is not None for row in rows) else None for n in names}


def _shifted(column: OutputColumn, value: Any, filters: Filters) -> Any:
    """A date of the period compared, moved to where it stands in the period chosen."""
    if column.name not in ("month", "day") or not isinstance(value, date):
        return value
    before = filters.before
    if before is None:
        return value
    now = filters.period
    if column.name == "month":
        first, first_before = now.start.replace(day=1), before.start.replace(day=1)
        months = (first.year - first_before.year) * 12 + first.month - first_before.month
        return add_months(value, months)
    if filters.comparison == "year":
        return same_day_in(value, value.year + now.start.year - before.start.year)
    return value + (now.start - before.start)
