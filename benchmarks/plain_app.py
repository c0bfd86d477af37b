"""The enforcement page as a plain Streamlit app: the same queries, cached, one chart each.

What a careful developer writes who doesn't know Brigade: ``st.cache_data`` around the queries,
``st.metric`` for the figures and one ``st.altair_chart`` for each view. Run by Streamlit with its
own settings.
"""

from datetime import date

import altair as alt
import duckdb
import pandas as pd
import streamlit as st

from brigade.engine.relations import RELEASE, Reader, bind
from brigade.engine.serving import database_of
from brigade.filters import Filters, Period
from brigade.metrics import metric
from brigade.queries import query
from brigade.releases import current_release
from brigade.ui.frame import quick_periods

SUMMARY = ("violations", "violations_on_site", "violations_camera", "fines", "points_given")
FOCUS = ("drink_driving", "drunk_driving", "overloading", "plate_licence_offences")
BARS = (
    ("by_category", "category"),
    ("by_township", "township"),
    ("by_code", "code_and_name"),
    ("by_road_class", "road_class"),
    ("by_squadron", "squadron"),
    ("by_source", "source"),
    ("by_vehicle_type", "vehicle_type"),
)

st.set_page_config(layout="wide")


@st.cache_resource
def connection() -> duckdb.DuckDBPyConnection:
    """The release's database."""
    connected = duckdb.connect()
    connected.execute(f"attach '{database_of(current_release())}' as {RELEASE} (read_only)")
    return connected


@st.cache_data
def townships() -> list[str]:
    """The townships to choose from."""
    found = connection().cursor()
    found.execute(f"use {RELEASE}")
    found.execute("select distinct township from violations")
    return sorted(town for (town,) in found.fetchall() if town)


@st.cache_data
def rows(name: str, start: date, end: date, chosen: tuple[str, ...]) -> pd.DataFrame:
    """A query's rows for a period and townships."""
    values = {"township": chosen} if chosen else {}
    bound = bind(
        query(f"enforcement/{name}"), Filters(Period(start, end), "none", values), Reader()
    )
    return connection().cursor().sql(bound.sql, params=dict(bound.parameters)).df()


@st.cache_data
def newest(start: date, end: date, chosen: tuple[str, ...]) -> pd.DataFrame:
    """The newest fifty violations."""
    found = connection().cursor()
    found.execute(f"use {RELEASE}")
    return found.sql(
        "select * from violations where occurred_at >= $from and occurred_at < $until "
        "and (len($townships) = 0 or township = any($townships)) "
        "order by occurred_at desc limit 50",
        params={"from": start, "until": end + pd.Timedelta(days=1), "townships": list(chosen)},
    ).df()


release = current_release()
last = release.newest_day or date.today()
periods = quick_periods(release.oldest_day or last, last, "zh")
left, right = st.columns(2)
name = left.selectbox("快捷时段", list(periods), key="seen:quick")
chosen = tuple(right.multiselect("乡镇", townships(), key="seen:township"))
period = periods[name]
before = Filters(period).before or period

st.title("执法总览")
for query_name, figures in (("summary", SUMMARY), ("focus", FOCUS)):
    now = rows(query_name, period.start, period.end, chosen).iloc[0]
    earlier = rows(query_name, before.start, before.end, chosen).iloc[0]
    for column, figure in zip(st.columns(len(figures)), figures, strict=True):
        change = float(now[figure]) - float(earlier[figure])
        column.metric(metric(figure).label.zh, f"{int(now[figure]):,}", f"{change:+,.0f}")

monthly = rows("by_month", period.start, period.end, chosen)
line = alt.Chart(monthly).mark_line(point=True)
st.altair_chart(line.encode(x="month:T", y="violations:Q", tooltip=["month:T", "violations:Q"]))
for place, (query_name, dimension) in zip(st.columns(3) * 3, BARS, strict=False):
    counted = rows(query_name, period.start, period.end, chosen)
    bars = alt.Chart(counted).mark_bar()
    place.altair_chart(
        bars.encode(
            y=alt.Y(f"{dimension}:N", sort="-x"),
            x="violations:Q",
            tooltip=[f"{dimension}:N", "violations:Q"],
        )
    )
hours = rows("by_hour_weekday", period.start, period.end, chosen)
st.altair_chart(
    alt.Chart(hours)
    .mark_rect()
    .encode(x="hour:O", y="weekday:O", color="violations:Q", tooltip=["violations:Q"])
)
st.dataframe(newest(period.start, period.end, chosen))
