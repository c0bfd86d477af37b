"""Brigade's enforcement page as a plain Streamlit app: one ``st.altair_chart`` per view.

The same filters, numbers, marks, labels and tooltips, the period compared and the table of rows,
written as one would who follows Streamlit's and Altair's manuals; DuckDB reads the Parquet files.
"""

from datetime import date
from typing import Any

import altair as alt
import duckdb
import pandas as pd
import streamlit as st

from benchmarks.apps.choices import PERIODS
from brigade.palette import LIGHT
from brigade.releases import current_release

st.set_page_config(page_title="执法总览", layout="wide")

FILTERS = {
    "township": "乡镇街道",
    "squadron": "中队",
    "road_class": "道路类型",
    "category": "违法类别",
    "vehicle_type": "车辆类型",
}
SUMMARY = {
    "violations": ("违法起数", "count(*)"),
    "violations_on_site": ("现场查处", "count(*) filter (source = '现场')"),
    "violations_camera": ("非现场查处", "count(*) filter (source = '非现场')"),
    "fines": ("罚款", "coalesce(sum(fine_yuan), 0)::bigint"),
    "points_given": ("记分", "coalesce(sum(points), 0)::bigint"),
    "drink_driving": ("酒驾醉驾", "count(*) filter (category in ('酒驾', '醉驾'))"),
    "drunk_driving": ("醉驾", "count(*) filter (category = '醉驾')"),
    "drink_driving_share": (
        "酒醉驾占比",
        "100.0 * count(*) filter (category in ('酒驾', '醉驾') and source = '现场')"
        " / nullif(count(*) filter (source = '现场'), 0)",
    ),
    "overloading": ("超限超载", "count(*) filter (category = '超限超载')"),
    "plate_licence_offences": ("涉牌涉证", "count(*) filter (category in ('涉牌', '涉证'))"),
}
MONTH = "date_trunc('month', occurred_at)::date"
CODE = "coalesce(violation_code || ' ' || violation_name, violation_name, violation_code)"
WEEKDAYS = ["周一", "周二", "周三", "周四", "周五", "周六", "周日"]


@st.cache_resource
def connection() -> duckdb.DuckDBPyConnection:
    """One connection for the process."""
    return duckdb.connect()


def query(
    select: str, period: tuple[date, date], without: str = "", rest: str = ""
) -> pd.DataFrame:
    """Rows of the violations of a period under the filters chosen, one of them left aside."""
    files = [str(path) for path in current_release().files("violations")]
    chosen = {key: st.session_state.get(key) for key in FILTERS if key != without}
    where = ["occurred_at >= $first", "occurred_at < $last + interval 1 day"]
    parameters: dict[str, Any] = {"first": period[0], "last": period[1]}
    for key, values in chosen.items():
        if values:
            where.append(f"list_contains(${key}, {key})")
            parameters[key] = values
    conditions = " and ".join(where)
    # Its parts are written in this file; what a visitor chose comes as parameters.
    sql = f"select {select} from read_parquet({files}) where {conditions} {rest}"  # noqa: S608
    return connection().cursor().execute(sql, parameters).df()


def both(select: str, key: str, names: list[str], rest: str) -> pd.DataFrame:
    """The rows of the period chosen, beside those of the same days a year before."""
    now = query(select, period, key, rest)
    before = query(select, before_period, key, rest)
    if "month" in names:
        before["month"] += pd.DateOffset(years=1)
    rows = now.merge(before, on=names, how="left", suffixes=("", "_before"))
    return rows.fillna({column: 0 for column in rows.columns if column.endswith("_before")})


def year_before(day: date) -> date:
    """The same day a year before."""
    return day.replace(year=day.year - 1)


def words(rows: pd.DataFrame) -> pd.DataFrame:
    """The change of each row in words."""
    change = 100 * (rows["value"] / rows["value_before"] - 1)
    rows["figure"] = [
        f"{c:+.1f}%" if pd.notna(c) and abs(c) != float("inf") else "" for c in change
    ]
    rows["number"] = [f"{value:,}" for value in rows["value"]]
    return rows


def drilled(key: str) -> Any:
    """What a click on a mark does: the filter of that key becomes what was clicked."""

    def take() -> None:
        picked = st.session_state[f"chart_{key}"]["selection"]["pick"]
        if picked:
            st.session_state[key] = [picked[0]["name"]]

    return take


def bars(title: str, dimension: str, key: str, top: int = 15) -> None:
    """Horizontal bars with value, change and the period compared."""
    rows = both(
        f"coalesce({dimension}, '未记录') as name, count(*) as value",
        key,
        ["name"],
        "group by all order by value desc, name",
    ).head(top)
    rows = words(rows)
    chosen = st.session_state.get(key) if key else None
    rows["shade"] = [1.0 if not chosen or name in chosen else 0.4 for name in rows["name"]]
    hover = [
        alt.Tooltip("name:N", title=title),
        alt.Tooltip("value:Q", title="违法起数", format=","),
        alt.Tooltip("figure:N", title="上年同期"),
    ]
    opacity = alt.Opacity("shade:Q", scale=None)
    base = alt.Chart(rows).encode(y=alt.Y("name:N", sort=None, title=None))
    value = alt.X("value:Q", title="违法起数（起）")
    marks = base.mark_bar(height=14, color=LIGHT.now).encode(
        x=value, opacity=opacity, tooltip=hover
    )
    if key:
        marks = marks.add_params(alt.selection_point(name="pick", fields=["name"], toggle=False))
    chart = alt.layer(
        marks,
        base.mark_tick(color=LIGHT.before, thickness=4).encode(x="value_before:Q", opacity=opacity),
        base.mark_text(align="left", dx=7).encode(x="value:Q", text="number:N"),
        base.mark_text(align="left", dx=60).encode(x="value:Q", text="figure:N"),
    )
    st.subheader(title)
    if key:
        st.altair_chart(chart, on_select=drilled(key), key=f"chart_{key}")
    else:
        st.altair_chart(chart)


def months() -> None:
    """A line by month beside the period compared."""
    rows = words(
        both(f"{MONTH} as month, count(*) as value", "", ["month"], "group by all order by 1")
    )
    x = alt.X("month:T", title=None)
    hover = ["month:T", alt.Tooltip("value:Q", format=","), "figure:N"]
    base = alt.Chart(rows)
    st.subheader("逐月违法")
    st.altair_chart(
        alt.layer(
            base.mark_line(color=LIGHT.before).encode(x=x, y="value_before:Q"),
            base.mark_line(color=LIGHT.now).encode(x=x, y=alt.Y("value:Q", title="违法起数（起）")),
            base.mark_point(filled=True, color=LIGHT.now).encode(x=x, y="value:Q", tooltip=hover),
            base.mark_text(align="left", dx=9)
            .encode(x="max(month):T", y=alt.Y("value:Q", aggregate={"argmax": "month"}))
            .encode(text=alt.value("本期")),
        ).properties(height=240)
    )


def hours() -> None:
    """Hours and weekdays."""
    rows = query(
        "hour(occurred_at) as hour, isodow(occurred_at) as day, count(*) as value",
        period,
        rest="group by all order by 1, 2",
    )
    rows["weekday"] = [WEEKDAYS[day - 1] for day in rows["day"]]
    base = alt.Chart(rows).encode(
        x=alt.X("hour:O", title="时"), y=alt.Y("weekday:O", sort=WEEKDAYS, title=None)
    )
    colour = alt.Color(
        "value:Q", scale=alt.Scale(range=list(LIGHT.sequential)), title="违法起数（起）"
    )
    st.subheader("一周各时段的违法")
    st.altair_chart(
        alt.layer(
            base.mark_rect().encode(color=colour, tooltip=["weekday:N", "hour:O", "value:Q"]),
            base.mark_text(fontSize=9).encode(text="value:Q"),
        )
    )


def figures() -> None:
    """The key figures, each with its change and its months."""
    select = ", ".join(f"{sql} as {name}" for name, (_, sql) in SUMMARY.items())
    now, before = query(select, period).iloc[0], query(select, before_period).iloc[0]
    by_month = query(f"{MONTH} as month, {select}", period, rest="group by all order by 1")
    for names in (list(SUMMARY)[:5], list(SUMMARY)[5:]):
        for name, column in zip(names, st.columns(5), strict=True):
            value = now[name]
            text = f"{value:,.1f}" if name == "drink_driving_share" else f"{int(value):,}"
            change = 100 * (value / before[name] - 1) if before[name] else None
            column.metric(
                SUMMARY[name][0],
                text,
                None if change is None else f"{change:+.1f}%",
                help=SUMMARY[name][0],
                chart_data=by_month[name].fillna(0),
                border=True,
            )


def enforcement() -> None:
    """The page."""
    st.title("执法总览")
    st.caption("查处了什么？何时、何地、由谁？")
    figures()
    months()
    left, middle, right = st.columns(3)
    with left:
        bars("各类别违法", "category", "category")
    with middle:
        bars("各乡镇违法", "township", "township")
    with right:
        bars("最多的违法行为", CODE, "")
    left, right = st.columns([3, 2])
    with left:
        hours()
    with right:
        bars("各道路类型违法", "road_class", "road_class")
    left, middle, right = st.columns(3)
    with left:
        bars("各中队违法", "squadron", "squadron")
    with middle:
        bars("现场与非现场", "source", "")
    with right:
        bars("各车型违法", "vehicle_type", "vehicle_type", 8)
    st.subheader("违法记录：逐条记录")
    st.dataframe(query("*", period, rest="order by occurred_at desc limit 50"), hide_index=True)


def about() -> None:
    """A page beside it."""
    st.write("说明")


with st.container(horizontal=True):
    name = st.selectbox("快捷时段", list(PERIODS), key="period")
    for key, label in FILTERS.items():
        options = query(f"distinct {key} as name", PERIODS["去年"], without=key)["name"].dropna()
        st.multiselect(label, sorted(options), key=key)
period = PERIODS[name]
before_period = (year_before(period[0]), year_before(period[1]))
st.navigation(
    [
        st.Page(enforcement, title="执法", url_path="enforcement", default=True),
        st.Page(about, title="说明", url_path="about"),
    ],
    position="top",
).run()
