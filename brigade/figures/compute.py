"""What the rows give for a published figure, under its own filters and its own period."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from brigade import stats
from brigade.contracts import contract
from brigade.engine.protocol import Engine
from brigade.engine.relations import Bound, Reader
from brigade.errors import ContractError, InputError, MissingExtractError
from brigade.figures.published import Figure
from brigade.filters import Comparison, Filters, Period, column_in, same_day_in
from brigade.format import interval_text, number, period_text, with_unit
from brigade.metrics import Metric, Number, metric
from brigade.queries import Query, output_columns, query, query_names
from brigade.releases import Release
from brigade.results import Result, Row, covers, fetch
from brigade.text import Text

UNIT = "unit"
"""The dimension of a query whose quantities each have a unit of their own."""
_PERCENT = Text("%", "%")


@dataclass(frozen=True, slots=True)
class Behind:
    """Rows behind a figure: which extract, under which filters."""

    extract: str
    filters: Filters


@dataclass(frozen=True, slots=True)
class Computed:
    """What the rows give.

    ``value`` is None where it can't be made, and ``missing`` says why. ``working`` is how it was
    made (``36 → 33``, ``146 ÷ 115``), ``chance`` what chance has to do with it, ``beside`` further
    numbers to read it by, ``behind`` its rows, the newest period first, ``bound`` the query as run
    for that period.
    """

    value: Number | None
    unit: Text
    decimals: int
    missing: Text | None = None
    working: Text | None = None
    chance: tuple[Text, ...] = ()
    beside: tuple[Text, ...] = ()
    behind: tuple[Behind, ...] = ()
    period: Period | None = None
    bound: Bound | None = None


def compute(figure: Figure, engine: Engine, reader: Reader) -> Computed:
    """Compute a figure; :class:`InputError` where it names a metric or query that can't give it."""
    if figure.metric is None or figure.missing is not None:
        return _not(figure.missing or _NO_METRIC)
    found = source_of(figure)
    try:
        engine.require(*found.query.extracts)
    except MissingExtractError as error:
        return _not(error.text)
    period = _period(figure, found.query, engine.release)
    if period is None:
        return _not(_NO_ROWS)
    periods = _periods(figure, period)
    lacking = _lacking(found.query, periods, engine.release)
    if lacking is not None:
        return replace(_not(lacking), period=period)
    results = [
        fetch(found.query, Filters(span, _compared(figure), figure.where), engine, reader)
        for span in periods
    ]
    made = _made(figure, found.metric, results)
    return replace(
        made,
        period=period,
        beside=tuple(_beside(name, figure, period, engine, reader) for name in figure.beside),
        behind=_behind(figure, found.metric, results),
        bound=results[-1].bound,
    )


def value_of_metric(name: str, period: Period, engine: Engine, reader: Reader) -> Number | None:
    """A metric's value over a period, without any other filter; None where it can't be made."""
    found = query_giving(name)
    if found is None or not set(found.extracts) <= engine.extracts:
        return None
    rows = fetch(found, Filters(period, "none"), engine, reader).rows
    return rows[0][name] if len(rows) == 1 else None


@dataclass(frozen=True, slots=True)
class Source:
    """The query and the metric that a figure is computed by."""

    query: Query
    metric: Metric


def source_of(figure: Figure) -> Source:
    """What a figure is computed by; :class:`InputError` names what is wrong in its entry."""
    name = str(figure.metric)
    try:
        metrics = [metric(one) for one in (name, *figure.beside)]
        found = query(figure.query) if figure.query else query_giving(name, tuple(figure.where))
        _ = contract(figure.rows) if figure.rows else None
    except ContractError as error:
        raise wrong(figure, error.text.zh, error.text.en) from error
    if found is None or name not in (*found.columns, *found.adds):
        keys = ", ".join(figure.where)
        raise wrong(
            figure,
            f"没有一行的查询能给出 {name}" + (f"并按 {keys} 筛选。" if keys else "。"),
            f"no query of one row gives {name}" + (f" narrowed by {keys}." if keys else "."),
        )
    if others := _rows_by(found):
        raise wrong(
            figure,
            f"查询 {found.name} 按 {'、'.join(others)} 分行，要用只有一行的查询。",
            f"query {found.name} has a row for each {', '.join(others)}; name one with one row.",
        )
    for key in figure.where:
        if not _narrows(found, key):
            raise wrong(
                figure,
                f"查询 {found.name} 不能按 {key} 筛选。",
                f"query {found.name} can't be narrowed by {key}.",
            )
    return Source(found, metrics[0])


def wrong(figure: Figure, zh: str, en: str) -> InputError:
    """An error that names the figure's entry."""
    return InputError(Text(f"[figure.{figure.id}]：{zh}", f"[figure.{figure.id}]: {en}"))


@cache
def query_giving(name: str, keys: tuple[str, ...] = ()) -> Query | None:
    """The query whose one row, or one row a unit, holds a metric: of those that the filters
    ``keys`` can narrow one that reads the fewest extracts."""
    giving = [
        candidate
        for candidate in map(query, query_names())
        if name in (*candidate.columns, *candidate.adds)
        and not _rows_by(candidate)
        and all(_narrows(candidate, key) for key in keys)
    ]
    return min(giving, key=lambda candidate: len(candidate.extracts), default=None)


def _rows_by(query_: Query) -> list[str]:
    """The dimensions that a query has a row for, the unit aside."""
    return [c.name for c in output_columns(query_) if c.metric is None and c.name != UNIT]


def _narrows(query_: Query, key: str) -> bool:
    applies = any(column_in(key, contract(extract)) for extract in query_.extracts)
    return applies and key not in query_.ignores


_NO_METRIC = Text("没有写明指标，不能由行算出。", "It names no metric, so no rows give it.")
_NO_PERCENT = Text(
    "比率的变化以百分点计，没有百分比可核对。",
    "A ratio changes in points: there is no percentage to hold it against.",
)
_NO_ROWS = Text("当前版本没有这些数据的行。", "The release in force has no such rows.")


def _not(why: Text) -> Computed:
    return Computed(None, Text("", ""), 0, missing=why)


def _compared(figure: Figure) -> Comparison:
    return figure.compare if figure.kind == "change" else "none"


def _period(figure: Figure, query_: Query, release: Release) -> Period | None:
    """The figure's own period; where it names no day, the first or last of the extracts' rows."""
    known = [release.extracts[name] for name in query_.extracts if contract(name).time]
    firsts, lasts = [e.first for e in known], [e.last for e in known]
    start = figure.start or min(filter(None, firsts), default=release.oldest_day)
    end = figure.end or max(filter(None, lasts), default=release.newest_day)
    if start is None or end is None:
        return None
    return Period(min(start, end), end)


def _periods(figure: Figure, period: Period) -> list[Period]:
    """The periods to fetch, the newest last: one, or the same days of every year since."""
    if figure.since is None:
        return [period]
    if figure.since >= period.end.year:
        raise wrong(
            figure,
            f"since {figure.since} 要早于时段所在的 {period.end.year} 年。",
            f"since {figure.since} must be a year before {period.end.year}, that of its period.",
        )
    years = range(figure.since, period.end.year + 1)
    return [Period(same_day_in(period.start, y), same_day_in(period.end, y)) for y in years]


def _lacking(query_: Query, periods: Sequence[Period], release: Release) -> Text | None:
    """What of the periods the rows don't reach, or None when they do."""
    for name in query_.extracts:
        known = release.extracts.get(name)
        if known is None or contract(name).time is None:
            continue
        for span in periods:
            if not covers(release, name, span):
                label, have, need = contract(name).label, f"{known.first} – {known.last}", span
                return Text(
                    f"“{label.zh}”的行只有 {have}，不到 {period_text(need)}。",
                    f"The rows of {label.en} run {have}: they don't cover {period_text(need)}.",
                )
    return None


def _made(figure: Figure, metric_: Metric, results: Sequence[Result]) -> Computed:
    if figure.kind == "falls":
        return _falls(metric_, results)
    [result] = results
    if len(result.rows) > 1:
        units = [str(row[UNIT]) for row in result.rows]
        return _not(
            Text(
                f"这些行的单位不同（{'、'.join(units)}），不能相加。",
                f"These rows have different units ({', '.join(units)}): they are never added.",
            )
        )
    if not result.rows:
        return _not(_NO_ROWS)
    return _change(metric_, result) if figure.kind == "change" else _value(metric_, result)


def _value(metric_: Metric, result: Result) -> Computed:
    [row] = result.rows
    unit = Text(row[UNIT], row[UNIT]) if row.get(UNIT) else metric_.unit
    value = row[metric_.name]
    decimals = max(metric_.decimals, 2) if metric_.kind == "ratio" else metric_.decimals
    missing = None if value is not None else _unmade(metric_)
    return Computed(value, unit, decimals, missing, _quotient(metric_, row))


def _unmade(metric_: Metric) -> Text:
    return Text(
        f"这些行没有“{metric_.label.zh}”所需的内容。",
        f"The rows do not hold what this needs: {metric_.label.en}.",
    )


def _quotient(metric_: Metric, row: Row) -> Text | None:
    if metric_.kind != "ratio":
        return None
    top, bottom = (number(row[str(n)]) for n in (metric_.numerator, metric_.denominator))
    return Text(f"{top} ÷ {bottom}", f"{top} ÷ {bottom}")


def _change(metric_: Metric, result: Result) -> Computed:
    [row] = result.rows
    moved = result.change(metric_, row)
    working = chance = None
    if moved.before is not None:
        steps = f"{number(moved.before, metric_.decimals)} → {number(moved.now, metric_.decimals)}"
        working = Text(steps, steps)
    if moved.percent is None:
        return replace(_not(moved.reason or _NO_PERCENT), working=working)
    if moved.test is not None:
        verdict = (
            Text("在偶然波动范围内", "Within chance")
            if moved.test.within_chance
            else Text("超出偶然波动", "More than chance")
        )
        chance = Text(
            f"{verdict.zh}：{interval_text(moved, 'zh')}。",
            f"{verdict.en}: {interval_text(moved, 'en')}.",
        )
    return Computed(moved.percent, _PERCENT, 2, None, working, (chance,) if chance else ())


def _falls(metric_: Metric, results: Sequence[Result]) -> Computed:
    if any(len(result.rows) != 1 for result in results):
        return _not(_NO_ROWS)
    values = [result.rows[0][metric_.name] for result in results]
    if any(value is None for value in values):
        return _not(_unmade(metric_))
    counts = [int(value) for value in values]
    run = stats.falls_in_a_row(counts)
    steps = " → ".join(
        f"{result.period.end.year}: {number(count)}"
        for result, count in zip(results, counts, strict=True)
    )
    chance = _falls_chance(counts, [r.period.days for r in results], run) if metric_.chance else ()
    return Computed(run.falls, Text("次", "falls"), 0, None, Text(steps, steps), chance)


def _falls_chance(
    counts: Sequence[int], days: Sequence[int], run: stats.FallRun
) -> tuple[Text, ...]:
    pairs = list(zip(counts, counts[1:], days, days[1:], strict=False))
    tests = [stats.compare_counts(now, was, d_now, d_was) for was, now, d_was, d_now in pairs]
    inside = sum(test.within_chance for test in tests)
    trend = stats.poisson_trend(counts, [float(d) for d in days])
    odds = f"{run.probability:.2%}"
    words = (
        Text("在偶然波动范围内", "within chance")
        if trend.within_chance
        else Text("超出偶然波动", "more than chance")
    )
    ratio, p = number(trend.ratio_per_step, 2), f"{trend.p_value:.3f}"
    return (
        Text(
            f"{len(tests)} 次升降中 {inside} 次各自在偶然波动范围内。",
            f"Of the {len(tests)} single steps {inside} are within chance.",
        ),
        Text(
            f"若各年次序全凭偶然，末尾连降 {run.falls} 次的机会是 {odds}；"
            f"历年趋势每年 ×{ratio}，p = {p}，{words.zh}。",
            f"Were the order of the years chance, {run.falls} falls in a row at the end would have "
            f"a chance of {odds}; the trend over the years is ×{ratio} a year, p = {p}: "
            f"{words.en}.",
        ),
    )


def _beside(name: str, figure: Figure, period: Period, engine: Engine, reader: Reader) -> Text:
    metric_ = metric(name)
    value = value_of_metric(name, period, engine, reader)
    return Text(
        f"对照：{metric_.label.zh} {with_unit(metric_, value, 'zh')}。",
        f"Beside it: {metric_.label.en.lower()} {with_unit(metric_, value, 'en')}.",
    )


def _behind(figure: Figure, metric_: Metric, results: Sequence[Result]) -> tuple[Behind, ...]:
    """The rows of each period; those of a ratio are the ones that its numerator counts."""
    counted = metric(str(metric_.numerator)) if metric_.kind == "ratio" else metric_
    extract = figure.rows or counted.rows
    if extract is None:
        return ()
    where: Mapping[str, tuple[str, ...]] = {**counted.where, **figure.where}
    spans = [p for result in reversed(results) for p in (result.period, result.before) if p]
    return tuple(Behind(extract, Filters(span, "none", where)) for span in spans)
