"""Charts: what they draw of a result, what a click chooses, and what is said of them."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any, get_args

import altair as alt
import pytest
from streamlit import config

from brigade.engine.relations import Bound
from brigade.filters import Comparison, Period, period_before
from brigade.metrics import Metric
from brigade.palette import DARK, LIGHT, Palette, contrast
from brigade.queries import OutputColumn, parse_query
from brigade.releases import Release, ReleasedExtract
from brigade.results import Result, Row
from brigade.text import Lang, Text
from brigade.theme import streamlit_options
from brigade.ui.charts import (
    Bar,
    Calendar,
    Chart,
    Columns,
    Dots,
    Drawing,
    Heat,
    Line,
    Points,
    Range,
    draw,
)
from brigade.ui.charts.scales import steps

HALF_YEAR = Period(date(2022, 1, 1), date(2022, 6, 30))
QUERY = parse_query(
    "enforcement/test",
    "-- title: 测试 | Test\n-- grain: one row\nselect township from violations",
)
RELEASE = Release(
    "test",
    Path(),
    True,
    datetime(2022, 7, 1, tzinfo=UTC),
    "test",
    {"violations": ReleasedExtract(1, date(2017, 1, 1), date(2022, 6, 30), {})},
    "test",
)


def number(name: str, zh: str, **changes: Any) -> OutputColumn:
    given: dict[str, Any] = {
        "name": name,
        "kind": "count",
        "label": Text(zh, name.capitalize()),
        "definition": Text("", ""),
        "unit": Text("起", ""),
        "decimals": 0,
        "better": "lower",
        "chance": False,
        "note": None,
        "numerator": None,
        "denominator": None,
        "per": 100.0,
        "rows": None,
        "where": {},
    } | changes
    metric = Metric(**given)
    return OutputColumn(name, metric.label, metric, "number")


def dimension(name: str, zh: str, type_: str = "text") -> OutputColumn:
    return OutputColumn(name, Text(zh, name.capitalize()), None, type_)


VIOLATIONS = number("violations", "违法起数")
CRASHES = number("crashes", "事故起数", chance=True)
RATE = number("rate", "合格率", kind="ratio", unit=Text("%", "%"), decimals=1, better="higher")
TOWNSHIP = dimension("township", "乡镇街道")
MONTH = dimension("month", "月份", "date")
HOUR = dimension("hour", "时段", "integer")
WEEKDAY = dimension("weekday", "星期", "integer")
DAY = dimension("day", "日期", "date")
VILLAGE = dimension("village", "行政村")
LONGITUDE = dimension("longitude", "经度", "number")
LATITUDE = dimension("latitude", "纬度", "number")
LACKING = dimension("lacking", "缺少设施数", "integer")
MEDIAN = number("wait_median", "等候中位数", kind="quantile", unit=Text("分钟", "min"))
P90 = number("wait_p90", "等候90百分位", kind="quantile", unit=Text("分钟", "min"))


def result(
    columns: list[OutputColumn],
    rows: list[Row],
    *,
    period: Period = HALF_YEAR,
    comparison: Comparison = "year",
    covered: bool = True,
) -> Result:
    before = period_before(period, comparison)
    bound = Bound("", {})
    return Result(QUERY, tuple(columns), rows, period, before, comparison, covered, bound, RELEASE)


def drawn(
    chart: Chart,
    given: Result,
    *,
    lang: Lang = "zh",
    dark: bool = False,
    chosen: Mapping[str, tuple[str, ...]] | None = None,
    picks: tuple[str, ...] = (),
) -> Drawing:
    return draw(chart, given, lang=lang, dark=dark, chosen=chosen or {}, picks=picks)


def rows_of(drawing: Drawing) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = drawing.spec["datasets"]["rows"]
    return rows


def by_name(drawing: Drawing) -> dict[str, dict[str, Any]]:
    return {row["name"]: row for row in rows_of(drawing)}


def found(part: Any, key: str) -> list[Any]:
    """Every value of a key anywhere in a spec."""
    if isinstance(part, dict):
        return [v for k, v in part.items() if k == key] + [
            value for child in part.values() for value in found(child, key)
        ]
    if isinstance(part, list):
        return [value for child in part for value in found(child, key)]
    return []


def townships(*values: tuple[str | None, int, int]) -> Result:
    rows = [
        {"township": name, "violations": now, "violations_before": before}
        for name, now, before in values
    ]
    return result([TOWNSHIP, VIOLATIONS], rows)


THREE = townships(("刘集镇", 40, 20), ("姚寨镇", 30, 60), (None, 5, 5))


def months(values: Mapping[int, int], **changes: Any) -> Result:
    rows = [
        {"month": date(2022, month, 1), "violations": value, "violations_before": 1}
        for month, value in values.items()
    ]
    return result([MONTH, VIOLATIONS], rows, **changes)


def places(*values: tuple[float | None, float | None, int]) -> Result:
    rows = [{"longitude": x, "latitude": y, "crashes": n} for x, y, n in values]
    return result([LONGITUDE, LATITUDE, CRASHES], rows)


def every_kind() -> list[tuple[Chart, Result]]:
    """Each kind of chart with a result for it; lines in their three forms."""
    by_hour = [
        {"hour": h, "weekday": w, "crashes": (h or 0) + w, "crashes_before": 3}
        for h in (7, 8, None)
        for w in (1, 2)
    ]
    lines = [
        {"month": date(2022, m, 1), "township": f"镇{t}", "violations": m * t}
        for m in (1, 2, 3)
        for t in range(1, 7)
    ]
    few = [row for row in lines if row["township"] < "镇4"]
    days = [
        {"day": date(2022, 3, d), "violations": d, "township": "刘集镇" if d == 5 else None}
        for d in range(1, 20)
    ]
    villages = [
        {"township": "刘集镇", "village": v, "lacking": n}
        for v, n in (("东村", 0), ("西村", 8), ("南村", None))
    ]
    waits = [{"township": "大厅", "wait_median": 8.0, "wait_p90": 25.0, "wait_median_before": 9.0}]
    by_hour_result = result([HOUR, WEEKDAY, CRASHES], by_hour)
    return [
        (Bar("township", "violations"), THREE),
        (Columns("hour", "crashes"), by_hour_result),
        (Line("month", "violations"), months({1: 5, 2: 7, 6: 3})),
        (Line("month", "violations", color="township"), result([MONTH, TOWNSHIP, VIOLATIONS], few)),
        (
            Line("month", "violations", color="township"),
            result([MONTH, TOWNSHIP, VIOLATIONS], lines),
        ),
        (Heat("hour", "weekday", "crashes"), by_hour_result),
        (Heat("hour", "weekday", "crashes", diverging=True), by_hour_result),
        (
            Dots("township", "village", "lacking"),
            result([TOWNSHIP, VILLAGE, LACKING], villages, comparison="none"),
        ),
        (
            Calendar("day", "violations", "township"),
            result([DAY, TOWNSHIP, VIOLATIONS], days, comparison="none"),
        ),
        (Range("township", "wait_median", "wait_p90"), result([TOWNSHIP, MEDIAN, P90], waits)),
        (Points("longitude", "latitude", "crashes"), places((116.1, 36.0, 3), (116.3, 36.1, 9))),
    ]


KINDS = every_kind()
NAMED = [f"{type(chart).__name__}{index}" for index, (chart, _) in enumerate(KINDS)]


def test_every_kind_is_tried_here() -> None:
    assert {type(chart) for chart, _ in KINDS} == set(get_args(Chart))


@pytest.mark.parametrize(("chart", "given"), KINDS, ids=NAMED)
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("dark", [False, True])
def test_a_chart_is_sound_vega_lite(chart: Chart, given: Result, lang: Lang, dark: bool) -> None:
    picks = (given.columns[0].name,)
    spec = drawn(chart, given, lang=lang, dark=dark, picks=picks).spec
    del spec["datasets"]
    alt.LayerChart.from_dict(spec)


@pytest.mark.parametrize(("chart", "given"), KINDS, ids=NAMED)
def test_no_scale_of_amounts_leaves_out_zero(chart: Chart, given: Result) -> None:
    spec = drawn(chart, given).spec
    del spec["datasets"]
    assert False not in found(spec, "zero")
    for domain in found(spec, "domain"):
        if isinstance(domain, list) and domain and isinstance(domain[0], int | float):
            assert domain[0] <= 0


@pytest.mark.parametrize(("chart", "given"), KINDS, ids=NAMED)
def test_every_layer_reads_columns_that_its_rows_have(chart: Chart, given: Result) -> None:
    spec = drawn(chart, given, picks=(given.columns[0].name,)).spec
    for layer in spec["layer"]:
        rows = spec["datasets"][layer.get("data", {"name": "rows"})["name"]]
        fields = {f for f in found(layer["encoding"], "field") if isinstance(f, str)}
        assert all(fields <= set(row) for row in rows)


@pytest.mark.parametrize(("chart", "given"), KINDS, ids=NAMED)
def test_columns_that_a_chart_does_not_show_stay_out_of_the_page(
    chart: Chart, given: Result
) -> None:
    unseen = "不应出现"
    rows = [row | {"officer": unseen} for row in given.rows]
    columns = [*given.columns, dimension("officer", "民警")]
    drawing = drawn(chart, result(columns, rows, comparison=given.compared))
    assert unseen not in str(drawing.spec)


@pytest.mark.parametrize(("chart", "given"), KINDS, ids=NAMED)
def test_a_choice_changes_rows_alone_so_that_the_drawing_stays(chart: Chart, given: Result) -> None:
    def spec(**choice: tuple[str, ...]) -> dict[str, Any]:
        drawing = drawn(chart, given, chosen=choice, picks=(given.columns[0].name,))
        return {k: v for k, v in drawing.spec.items() if k != "datasets"}

    assert spec() == spec(township=("刘集镇",), month=("2022-01-01",), hour=("7",))


def test_a_click_gives_the_value_as_a_filter_writes_it() -> None:
    given = result([HOUR, MONTH, CRASHES], [{"hour": 7.0, "month": date(2022, 3, 1), "crashes": 1}])
    drawing = drawn(Columns("hour", "crashes"), given, picks=("hour", "month"))
    (row,) = rows_of(drawing)
    assert (row["key_hour"], row["key_month"]) == ("7", "2022-03-01")


def test_a_null_can_be_clicked_in_either_language() -> None:
    for lang, name in (("zh", "未记录"), ("en", "not recorded")):
        drawing = drawn(Bar("township", "violations"), THREE, lang=lang, picks=("township",))
        assert by_name(drawing)[name]["key_township"] == "未记录"


def test_without_a_drill_nothing_can_be_clicked() -> None:
    drawing = drawn(Bar("township", "violations"), THREE)
    assert not [name for row in rows_of(drawing) for name in row if name.startswith("key_")]


def test_what_is_chosen_stands_out() -> None:
    def shades(**chosen: tuple[str, ...]) -> list[float]:
        return [row["shade"] for row in rows_of(drawn(bar, THREE, chosen=chosen))]

    bar = Bar("township", "violations")
    assert shades() == [1, 1, 1]
    first, second, last = shades(township=("姚寨镇", "未记录"))
    assert first < second == last == 1
    assert shades(category=("酒驾",)) == [1, 1, 1], "a choice that the result does not have"


def test_a_chosen_month_and_line_stand_out() -> None:
    rows = [
        {"month": date(2022, m, 1), "township": t, "violations": 1}
        for m in (1, 2)
        for t in ("刘集镇", "姚寨镇")
    ]
    given = result(
        [MONTH, TOWNSHIP, VIOLATIONS], rows, period=Period(date(2022, 1, 1), date(2022, 2, 28))
    )
    chart = Line("month", "violations", color="township")
    found_rows = by_name(drawn(chart, given, chosen={"township": ("刘集镇",)}))
    assert found_rows["2022-01 刘集镇"]["line"] == 1 > found_rows["2022-01 姚寨镇"]["line"]
    found_rows = by_name(drawn(chart, given, chosen={"month": ("2022-02-01",)}))
    assert found_rows["2022-02 姚寨镇"]["shade"] == 1 > found_rows["2022-01 姚寨镇"]["shade"]


def test_a_bar_chart_keeps_the_order_of_its_rows_and_shows_a_chosen_one_beyond_its_top() -> None:
    given = townships(*((f"镇{i}", i % 3, 0) for i in range(20)))
    bar = Bar("township", "violations", top=5)
    assert [row["name"] for row in rows_of(drawn(bar, given))] == [f"镇{i}" for i in range(5)]
    names = [row["name"] for row in rows_of(drawn(bar, given, chosen={"township": ("镇17",)}))]
    assert names == ["镇0", "镇1", "镇2", "镇3", "镇17"]


def test_two_places_of_one_name_have_a_bar_each() -> None:
    rows = rows_of(drawn(Bar("township", "violations"), townships(("王庄", 3, 1), ("王庄", 2, 1))))
    assert [row["row"] for row in rows] == [0, 1]


def test_hours_stand_in_order_though_one_had_records_only_before() -> None:
    rows = [{"hour": h, "crashes": c, "crashes_before": 1} for h, c in ((8, 2), (None, 1), (7, 5))]
    rows.append({"hour": 3, "crashes": 0, "crashes_before": 4})
    spec = drawn(Columns("hour", "crashes"), result([HOUR, CRASHES], rows)).spec
    shown = spec["layer"][0]["encoding"]["x"]["scale"]["domain"]
    assert shown == [f"{hour} 时" for hour in range(24)] + ["未记录"]


def test_a_month_without_records_is_zero_and_one_that_is_not_over_is_hollow() -> None:
    given = months({1: 5, 3: 7, 6: 2}, period=Period(date(2022, 1, 1), date(2022, 6, 20)))
    rows = rows_of(drawn(Line("month", "violations"), given))
    assert [row["value"] for row in rows] == [5, 0, 7, 0, 0, 2]
    assert [row["hollow"] for row in rows] == [False] * 5 + [True]


def test_months_after_the_newest_record_are_not_drawn_as_zero() -> None:
    given = months({1: 5}, period=Period(date(2022, 1, 1), date(2022, 12, 31)))
    rows = rows_of(drawn(Line("month", "violations"), given))
    assert [row["name"] for row in rows] == [f"2022-{month:02}" for month in range(1, 7)]


def test_a_ratio_that_can_not_be_made_is_a_gap() -> None:
    given = result([MONTH, RATE], [{"month": date(2022, m, 1), "rate": 50.0} for m in (1, 3)])
    values = [row["value"] for row in rows_of(drawn(Line("month", "rate"), given))]
    assert values[:3] == [50.0, None, 50.0]


def test_labels_at_the_ends_of_lines_do_not_cover_each_other() -> None:
    rows = [
        {"month": date(2022, 6, 1), "township": t, "violations": v}
        for t, v in (("甲", 100), ("乙", 100), ("丙", 99))
    ]
    drawing = drawn(
        Line("month", "violations", color="township"), result([MONTH, TOWNSHIP, VIOLATIONS], rows)
    )
    ends = sorted(end["at"] for end in drawing.spec["datasets"]["ends"])
    assert min(b - a for a, b in pairwise(ends)) >= 5


def test_years_are_laid_over_each_other_with_the_newest_in_front() -> None:
    rows = [
        {"month": date(2022, m, 1), "year": y, "violations": m}
        for y in range(2017, 2023)
        for m in range(1, 13 if y < 2022 else 7)
    ]
    given = result([MONTH, dimension("year", "年份", "integer"), VIOLATIONS], rows)
    spec = drawn(Line("month", "violations", color="year"), given).spec
    colours = {end["name"]: end["colour"] for end in spec["datasets"]["ends"]}
    assert colours.pop("2022") == LIGHT.now
    assert set(colours.values()) == {LIGHT.before}
    assert len(colours) == 5


def test_many_lines_share_one_scale_in_strips() -> None:
    chart, given = KINDS[4]
    rows = by_name(drawn(chart, given))
    heights = [rows[f"2022-03 镇{t}"]["value"] - rows[f"2022-03 镇{t}"]["floor"] for t in (1, 6)]
    assert heights[1] == pytest.approx(6 * heights[0])


def test_lines_of_different_units_have_a_strip_and_a_scale_each() -> None:
    rows = [
        {"month": date(2022, 3, 1), "township": name, "violations": value}
        for name, value in (("镇1", 4), ("镇2", 400))
    ]
    given = result([MONTH, TOWNSHIP, VIOLATIONS], rows, comparison="none")
    apart = Line("month", "violations", color="township", apart=True)
    drawn_rows = by_name(drawn(apart, given))
    low, high = (drawn_rows[f"2022-03 镇{t}"] for t in (1, 2))
    assert low["value"] > low["floor"]
    assert low["value"] - low["floor"] == pytest.approx(high["value"] - high["floor"])
    assert low["floor"] == high["floor"] + 1


def test_a_crossing_without_records_is_zero_for_a_count_and_empty_for_a_ratio() -> None:
    two = [{"hour": 7, "weekday": 1}, {"hour": 8, "weekday": 2}]
    counts = [row | {"crashes": 1, "crashes_before": 2} for row in two]
    rates = [row | {"rate": 10.0} for row in two]
    heat = by_name(
        drawn(Heat("hour", "weekday", "crashes"), result([HOUR, WEEKDAY, CRASHES], counts))
    )
    assert heat["周一 8 时"]["value"] == 0
    heat = by_name(drawn(Heat("hour", "weekday", "rate"), result([HOUR, WEEKDAY, RATE], rates)))
    assert "周一 8 时" not in heat


def test_a_diverging_map_colours_no_change_that_chance_explains() -> None:
    rows = [
        {"hour": 7, "weekday": 1, "crashes": 2, "crashes_before": 4},
        {"hour": 8, "weekday": 1, "crashes": 10, "crashes_before": 60},
    ]
    chart = Heat("hour", "weekday", "crashes", diverging=True)
    heat = by_name(drawn(chart, result([HOUR, WEEKDAY, CRASHES], rows)))
    assert heat["周一 7 时"]["value"] == 0
    assert heat["周一 8 时"]["value"] == pytest.approx(-83.3, abs=0.1)


def test_the_verdict_on_a_change_decides_its_colour() -> None:
    columns = [TOWNSHIP, CRASHES]
    rows = [
        {"township": t, "crashes": now, "crashes_before": before}
        for t, now, before in (("甲", 3, 4), ("乙", 90, 30), ("丙", 30, 90))
    ]
    tones = [
        row["tone"] for row in rows_of(drawn(Bar("township", "crashes"), result(columns, rows)))
    ]
    assert tones == ["chance", "worse", "better"]


def test_nothing_is_compared_where_the_data_do_not_reach() -> None:
    given = result([TOWNSHIP, VIOLATIONS], THREE.rows, covered=False)
    for row in rows_of(drawn(Bar("township", "violations"), given)):
        assert row["before"] is None
        assert row["figure"] == ""


def test_each_square_of_a_group_has_a_place_of_its_own() -> None:
    rows = [
        {"township": t, "village": f"{i}村", "lacking": i % 9}
        for t in ("甲镇", "乙镇")
        for i in range(70)
    ]
    dots = rows_of(
        drawn(
            Dots("township", "village", "lacking"),
            result([TOWNSHIP, VILLAGE, LACKING], rows, comparison="none"),
        )
    )
    places = {(dot["x"], dot["y"]) for dot in dots}
    assert len(places) == 140
    assert max(d["y"] for d in dots if d["name"].startswith("甲镇")) < min(
        d["y"] for d in dots if d["name"].startswith("乙镇")
    )


def test_a_calendar_puts_days_of_one_week_under_each_other() -> None:
    days = [date(2022, 1, d) for d in (3, 9, 10)]
    rows = [{"day": day, "violations": 1} for day in days]
    squares = rows_of(
        drawn(Calendar("day", "violations"), result([DAY, VIOLATIONS], rows, comparison="none"))
    )
    monday, sunday, next_monday = ((s["x"], s["y"]) for s in squares)
    assert sunday == (monday[0], monday[1] + 6)
    assert next_monday == (monday[0] + 1, monday[1])


def test_a_calendar_explains_its_marks_only_where_it_has_some() -> None:
    kind = dimension("night_state", "夜校")
    for state, marked in (("", False), ("未上课", True)):
        rows = [{"day": date(2022, 1, 5), "night_state": state, "violations": 1}]
        given = result([DAY, kind, VIOLATIONS], rows, comparison="none")
        drawing = drawn(Calendar("day", "violations", "night_state"), given)
        assert bool(found(drawing.spec, "shape")) == marked


def test_the_sentences_name_the_highest_the_lowest_and_the_period_compared() -> None:
    for lang in ("zh", "en"):
        said = drawn(Bar("township", "violations"), THREE, lang=lang).alt
        first, second = (
            said.index("刘集镇 40"),
            said.index(Text("未记录 5", "not recorded 5").in_(lang)),
        )
        assert first < second
        assert "2021-01-01" in said


def test_a_mark_says_its_name_value_and_change() -> None:
    label = by_name(drawn(Bar("township", "violations"), THREE))["姚寨镇"]["label"]
    assert all(part in label for part in ("姚寨镇", "30 起", "60 → 30", "−50.0%"))


def test_a_value_that_can_not_be_made_is_a_dash_and_no_bar() -> None:
    given = result([TOWNSHIP, RATE], [{"township": "甲", "rate": None, "rate_before": None}])
    (row,) = rows_of(drawn(Bar("township", "rate"), given))
    assert row["number"] == "—"
    assert row["value"] is None


# --- colours -------------------------------------------------------------------------------------

PALETTES = [pytest.param(LIGHT, id="light"), pytest.param(DARK, id="dark")]


@pytest.mark.parametrize("palette", PALETTES)
def test_words_can_be_read(palette: Palette) -> None:
    words = {palette.ink, palette.muted, palette.worse, palette.better, palette.chance}
    words |= {palette.now, palette.before, *palette.series}
    for colour in words:
        assert contrast(colour, palette.paper) >= 4.5, colour
    for colour in (palette.ink, palette.muted, palette.now):
        assert contrast(colour, palette.panel) >= 4.5, colour


@pytest.mark.parametrize("palette", PALETTES)
def test_marks_stand_out_from_the_page(palette: Palette) -> None:
    for colour in (*palette.series, *palette.metrics.values(), palette.before):
        assert contrast(colour, palette.paper) >= 3, colour


@pytest.mark.parametrize("palette", PALETTES)
def test_more_is_always_further_from_the_page(palette: Palette) -> None:
    apart = [contrast(colour, palette.paper) for colour in steps(palette.sequential, 9)]
    assert apart == sorted(apart)


# Viénot, Brettel, Mollon 1999, "Digital video colourmaps for checking the legibility of displays by
# dichromats": linear RGB as those see it who lack the red or the green receptor.
DICHROMATS = {
    "protanope": ((0.1124, 0.8876, 0.0), (0.1124, 0.8876, 0.0), (0.0040, -0.0040, 1.0)),
    "deuteranope": ((0.2928, 0.7072, 0.0), (0.2928, 0.7072, 0.0), (-0.0223, 0.0223, 1.0)),
}


def seen(colour: str, eye: str) -> tuple[float, float, float]:
    """A colour in CIE L*a*b* as a dichromat sees it."""
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    rgb = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    r, g, b = (
        max(sum(w * c for w, c in zip(row, rgb, strict=True)), 0.0) for row in DICHROMATS[eye]
    )
    x = (0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505
    y = 0.2126 * r + 0.7152 * g + 0.0722 * b
    z = (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089
    fx, fy, fz = (
        v ** (1 / 3) if v > 216 / 24389 else (24389 / 27 * v + 16) / 116 for v in (x, y, z)
    )
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


@pytest.mark.parametrize("eye", DICHROMATS)
@pytest.mark.parametrize("palette", PALETTES)
def test_colours_that_are_told_apart_are_so_by_the_colour_blind(palette: Palette, eye: str) -> None:
    pairs = [
        (palette.better, palette.worse),
        (palette.now, palette.before),
        (palette.now, palette.worse),
        *((a, b) for i, a in enumerate(palette.series) for b in palette.series[i + 1 :]),
    ]
    for first, second in pairs:
        apart = sum((a - b) ** 2 for a, b in zip(seen(first, eye), seen(second, eye), strict=True))
        assert apart**0.5 >= 15, (first, second)


def test_every_option_of_the_theme_is_known_to_streamlit() -> None:
    config.get_config_options()
    assert set(streamlit_options()) <= set(config._config_options_template)


# ── points ───────────────────────────────────────────────────────────────────────────────────


def test_points_have_one_scale_east_and_north() -> None:
    drawing = drawn(
        Points("longitude", "latitude", "crashes"), places((116.0, 60.0, 1), (116.2, 60.1, 1))
    )
    first, second = rows_of(drawing)
    # At 60 degrees north a degree east is half as long as one north.
    assert second["x"] - first["x"] == pytest.approx(second["y"] - first["y"], rel=0.01)
    encoding = drawing.spec["layer"][0]["encoding"]
    across, up = (encoding[name]["scale"] for name in ("x", "y"))
    assert f"per_km * {across['domain'][1]:g}" in across["range"][1]["expr"]
    assert f"per_km * {up['domain'][1]:g}" in up["range"][1]["expr"]


def test_a_place_far_from_all_others_is_left_out_and_said() -> None:
    near = [(116.0 + n / 100, 36.0 + n / 100, 2) for n in range(9)]
    given = places(*near, (0.0, 0.0, 5), (None, None, 7))
    drawing = drawn(Points("longitude", "latitude", "crashes"), given, lang="en")
    assert len(rows_of(drawing)) == 9
    said = ["drawn 18", "without coordinates 7; too far away 5"]
    assert drawing.spec["title"]["text"] == said


def test_one_place_alone_is_drawn() -> None:
    drawing = drawn(Points("longitude", "latitude", "crashes"), places((116.0, 36.0, 4)))
    assert len(rows_of(drawing)) == 1
