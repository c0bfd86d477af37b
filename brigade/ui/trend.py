"""What the same days of several years say together: each fall, the falls in a row, the trend."""

import math
from collections.abc import Sequence

import streamlit as st

from brigade.filters import Period, same_day_in
from brigade.format import number, signed
from brigade.queries import query
from brigade.results import covers, fetch
from brigade.stats import compare_counts, falls_in_a_row, poisson_trend
from brigade.text import Text
from brigade.ui.charts import Columns
from brigade.ui.look import look
from brigade.ui.view import errors_said, view

FEWEST = 3
"""So many years at least make a series."""


def same_days(metric: str, title: Text) -> None:
    """A count of crashes on the same days of each year, and what chance says of its falls."""
    view(
        "overview/same_days",
        Columns(x="year", y=metric),
        drill="year",
        title=title,
        slug=f"{metric}_by_year",
    )
    _trend_note("overview/same_days", metric)


def _trend_note(name: str, metric: str) -> None:
    """A sentence on a count by year, from a query with one row for each ``year``.

    Years whose days the extract does not cover to their end are left out; with fewer than three of
    them, or a period that runs from one year into the next, there is no sentence.
    """
    here = look()
    period = here.filters.period
    if period.start.year != period.end.year:
        return
    with errors_said(here):
        result = fetch(query(name), here.filters, here.engine, here.reader)
        years = {
            row["year"]: (int(row[metric]), days)
            for row in sorted(result.rows, key=lambda row: row["year"])
            if row[metric] is not None
            for days in [_same_days(period, row["year"])]
            if all(covers(result.release, extract, days) for extract in result.query.extracts)
        }
        if len(years) >= FEWEST:
            counts = [count for count, _ in years.values()]
            days = [same.days for _, same in years.values()]
            st.caption(here.say(trend_text(list(years), counts, days)))


def _same_days(period: Period, year: int) -> Period:
    return Period(same_day_in(period.start, year), same_day_in(period.end, year))


def trend_text(years: Sequence[int], counts: Sequence[int], days: Sequence[int]) -> Text:
    """What counts over so many days of each year, oldest first, say of chance."""
    zh = f"{years[0]} 至 {years[-1]} 年同期依次为 {'、'.join(map(str, counts))}。"
    en = f"The same days from {years[0]} to {years[-1]}: {', '.join(map(str, counts))}. "
    falls = _falls_text(counts, days)
    trend = _trend_text(counts, days)
    return Text(zh + falls.zh + trend.zh, en + falls.en + trend.en)


def _falls_text(counts: Sequence[int], days: Sequence[int]) -> Text:
    run = falls_in_a_row(counts)
    if not run.falls:
        return Text("最近一年没有下降。", "The last year is no fall. ")
    last = range(len(counts) - run.falls, len(counts))
    tests = [compare_counts(counts[i], counts[i - 1], days[i], days[i - 1]) for i in last]
    beyond = sum(not test.within_chance for test in tests)
    each = (
        Text(f"其中 {beyond} 次超出偶然波动。", f"{beyond} of them more than chance. ")
        if beyond
        else Text("单看每一次都在偶然波动范围内。", "each of them within chance. ")
    )
    orders = number(round(1 / run.probability))
    return Text(
        f"最近连续下降 {run.falls} 次，{each.zh}"
        f"若各年的先后纯属偶然，末尾至少连降 {run.falls} 次的概率是 1/{orders}。",
        f"{run.falls} falls in a row at the end, {each.en}"
        f"Were the order of the years chance alone, at least so many would have a probability of "
        f"1 in {orders}. ",
    )


def _trend_text(counts: Sequence[int], days: Sequence[int]) -> Text:
    trend = poisson_trend(counts, [float(n) for n in days])
    verdict = (
        Text("在偶然波动范围内", "within chance")
        if trend.within_chance
        else Text("超出偶然波动", "more than chance")
    )
    p = "p < 0.01" if trend.p_value < 0.01 else f"p = {trend.p_value:.2f}"
    if not trend.ratio_per_step or not math.isfinite(trend.ratio_high):
        return Text(f"逐年趋势：{p}，{verdict.zh}。", f"Trend over the years: {p}, {verdict.en}.")
    step, low, high = (
        f"{signed(100 * (ratio - 1), 1)}%"
        for ratio in (trend.ratio_per_step, trend.ratio_low, trend.ratio_high)
    )
    return Text(
        f"逐年趋势：平均每年 {step}（95% 区间 {low} 至 {high}），{p}，{verdict.zh}。",
        f"Trend: {step} a year (95% interval {low} to {high}), {p}, {verdict.en}.",
    )
