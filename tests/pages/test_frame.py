"""The frame of every page: language, filters, the line of words, errors of the release."""

from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from brigade import house
from brigade.filters import Period
from brigade.ingest import import_file
from brigade.ui.frame import quick_periods
from tests.pages import parts
from tests.pages.conftest import OpenPage


def words(app: object) -> str:
    """All that a page says in titles, text, captions and notes."""
    kinds = ("title", "markdown", "caption", "info", "warning", "error")
    shown = [str(e.value) for kind in kinds for e in getattr(app, kind)]
    return "\n".join([*shown, *parts.said(app), *(view["title"] for view in parts.views(app))])


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_first_page_shows_the_published_crash_figures(open_page: OpenPage, lang: str) -> None:
    app = open_page(lang=lang)
    assert not app.exception
    values = {
        metric.label.split("（")[0].split(" (")[0]: metric.value for metric in parts.figures(app)
    }
    crashes = {"zh": "一般程序事故", "en": "Crashes, general procedure"}[lang]
    deaths = {"zh": "死亡人数", "en": "Deaths"}[lang]
    assert (values[crashes], values[deaths]) == ("33", "12")
    said = words(app)
    assert "36 → 33" in said
    assert "13 → 12" in said


def test_a_change_that_chance_explains_has_no_colour(open_page: OpenPage) -> None:
    app = open_page(lang="en")
    [deaths] = [figure for figure in parts.figures(app) if "13 → 12" in figure.words[0]]
    assert deaths.tone == "chance"


def test_both_periods_are_always_named(open_page: OpenPage) -> None:
    assert "2021-01-01 – 2021-06-30" in words(open_page())
    assert "2021-07-01 – 2021-12-31" in words(open_page(compare="previous"))


def test_a_value_that_does_not_exist_is_dropped_and_said(open_page: OpenPage) -> None:
    app = open_page(township=("大桥镇", "不存在镇"), filter=("hour:99", "x:y"))
    said = "\n".join(warning.value for warning in app.warning)
    assert "不存在镇" in said
    assert "99" in said
    assert "x" in said
    assert app.session_state["township"] == ["大桥镇"]
    assert not app.exception


def test_a_choice_in_the_widget_that_people_see_is_held_and_can_be_cleared(
    open_page: OpenPage,
) -> None:
    app = open_page("enforcement-overview")
    app.multiselect(key="seen:township").select("刘集镇").run()
    assert app.session_state["township"] == ["刘集镇"]
    assert any("刘集镇" in button.label for button in app.button)
    app.button(key="clear_all").click().run()
    assert app.session_state["township"] == []


def test_a_filter_that_the_page_does_not_have_is_shown_as_not_applying(open_page: OpenPage) -> None:
    app = open_page("vehicles-service", lang="en")
    assert app.multiselect(key="seen:township").disabled
    assert "n/a here" in app.multiselect(key="seen:township").label


def test_language_is_switched_and_nothing_chinese_is_left_in_what_the_frame_says(
    open_page: OpenPage,
) -> None:
    app = open_page()
    assert "总览" in words(app)
    app.segmented_control(key="seen:lang").set_value("en").run()
    labels = [
        w.label for kind in ("multiselect", "selectbox", "button") for w in getattr(app, kind)
    ]
    assert not any("\u4e00" <= letter <= "\u9fff" for label in labels for letter in label)


def test_a_damaged_release_is_one_clear_sentence(
    open_page: OpenPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = tmp_path / "own"
    extract = data / "releases" / "r1" / "crashes"
    extract.mkdir(parents=True)
    (extract / "part-0.parquet").write_bytes(b"not parquet at all")
    (data / "releases" / "current").write_text("r1")
    (data / "releases" / "r1" / "manifest.json").write_text(
        '{"id": "r1", "synthetic": false, "created_at": "2022-07-01T00:00:00+00:00",'
        ' "created_by": "x", "extracts": {"crashes": {"rows": 1, "first": "2022-01-01",'
        ' "last": "2022-06-30", "files": {"part-0.parquet": "0"}, "sources": []}}}'
    )
    app_before = open_page()
    monkeypatch.setenv("BRIGADE_DATA", str(data))
    fresh = open_page()
    assert not fresh.exception
    assert "crashes/part-0.parquet" in "\n".join(error.value for error in fresh.error)
    app_before.run()
    assert not app_before.exception
    assert parts.figures(app_before), "a running app keeps its release"
    assert "crashes/part-0.parquet" in "\n".join(w.value for w in app_before.warning)


def test_a_release_that_begins_after_new_year_replaces_the_one_on_the_screen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BRIGADE_DATA", str(tmp_path))
    app = AppTest.from_file(str(house.APP), default_timeout=60).run()
    app.selectbox(key="seen:quick").set_value("去年").run()
    file = tmp_path / "outreach.csv"
    file.write_text("活动编号,活动日期\nF1,2022-03-01\nF2,2022-03-08\n", encoding="utf-8")
    import_file(file, "outreach")
    app.run()
    assert not app.exception
    app.button(key="clear_all").click().run()
    assert not app.exception
    assert any("2022-01-01 – 2022-03-08" in one.value for one in app.markdown)


def test_quick_periods_end_at_the_newest_day() -> None:
    periods = quick_periods(date(2017, 1, 1), date(2022, 6, 30), "en")
    assert periods["This year"] == Period(date(2022, 1, 1), date(2022, 6, 30))
    assert periods["Last year"] == Period(date(2021, 1, 1), date(2021, 12, 31))
    assert periods["Last 12 months"] == Period(date(2021, 7, 1), date(2022, 6, 30))
    assert periods["2022-02"] == Period(date(2022, 2, 1), date(2022, 2, 28))


def test_the_last_12_months_of_an_unfinished_month_start_a_day_after_a_year_ago() -> None:
    periods = quick_periods(date(2017, 1, 1), date(2022, 6, 17), "en")
    assert periods["Last 12 months"] == Period(date(2021, 6, 18), date(2022, 6, 17))
    assert periods["2022-06"] == Period(date(2022, 6, 1), date(2022, 6, 17))
