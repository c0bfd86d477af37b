"""The pages of village road safety over the sample, in both languages."""

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from tests.pages import parts
from tests.pages.conftest import OpenPage

LANGUAGES = pytest.mark.parametrize("lang", ["zh", "en"])
TOWNSHIP = "刘集镇"


def figure(app: AppTest, label: str) -> int:
    """The key figure whose label begins so, as a whole number."""
    found = [metric.value for metric in parts.figures(app) if metric.label.startswith(label)]
    assert len(found) == 1, (label, [metric.label for metric in parts.figures(app)])
    return int(found[0].replace(",", ""))


def table(app: AppTest, *columns: str) -> pd.DataFrame:
    """The one table on the page that begins with these columns."""
    found = [t.value for t in app.dataframe if list(t.value.columns[: len(columns)]) == [*columns]]
    assert len(found) == 1, columns
    return found[0]


def rows_listed(app: AppTest, extract: str) -> int:
    """How many rows of an extract the page says can be downloaded."""
    buttons = [b for b in app.get("download_button") if b.proto.id.endswith(f"rows_{extract}:csv")]
    return int("".join(c for c in buttons[0].proto.label if c.isdigit())) if buttons else 0


def town_and_name(app: AppTest) -> str | None:
    """What the village picker shows."""
    picker = app.selectbox(key="village_picker")
    return None if picker.index is None else str(picker.options[picker.index])


@LANGUAGES
@pytest.mark.parametrize("page", ["overview", "profile", "hazards"])
def test_a_page_shows_everything_without_a_fault(open_page: OpenPage, page: str, lang: str) -> None:
    app = open_page(f"villages-{page}", lang=lang)
    assert not app.exception
    assert not app.error
    assert not app.info
    wrong = {"zh": "in 2022", "en": "当前筛选"}[lang]
    assert not any(wrong in text for text in parts.said(app))


@LANGUAGES
def test_a_cell_of_the_matrix_leads_to_the_villages_that_lack_the_facility(
    open_page: OpenPage, lang: str
) -> None:
    headers = {"zh": ("乡镇街道", "行政村", "设施"), "en": ("Township", "Village", "Facility")}[
        lang
    ]
    lacking = {
        "zh": ("缺少设施", "损坏设施", "停用设施"),
        "en": ("Facilities lacking", "Facilities damaged", "Facilities out of use"),
    }[lang]
    whole = open_page("villages-overview", lang=lang)
    assert len(table(whole, *headers)) == sum(figure(whole, label) for label in lacking)
    cell = open_page(
        "villages-overview", lang=lang, township=TOWNSHIP, filter="village_items.item:广角镜"
    )
    listed = table(cell, *headers)
    assert set(listed[headers[0]]) == {TOWNSHIP}
    assert set(listed[headers[2]]) == {"广角镜"}
    assert len(listed) == sum(figure(cell, label) for label in lacking)
    assert 0 < len(listed) < len(table(whole, *headers))


def test_the_published_eight_facilities_reach_510_villages(open_page: OpenPage) -> None:
    app = open_page("villages-overview")
    assert rows_listed(app, "village_items") == 510 * 8


def test_the_profile_asks_for_a_village_and_the_picker_sets_the_filter(
    open_page: OpenPage,
) -> None:
    app = open_page("villages-profile")
    assert town_and_name(app) is None
    assert not parts.figures(app)
    options = app.selectbox(key="village_picker").options
    assert len(options) == 519
    assert len(set(options)) == 519, "names repeat in the county, never within a township"
    named = next(option for option in options if option.startswith(TOWNSHIP))
    app.selectbox(key="village_picker").select(named).run()
    assert town_and_name(app) == named
    (held,) = app.session_state["filter"]
    assert held.startswith("village_code:371524")
    assert figure(app, "缺少设施") + figure(app, "完好设施") + figure(app, "损坏设施") <= 8
    assert len(table(app, "行政村", "设施", "状态")) == 8
    app.selectbox(key="village_picker").set_value(None).run()
    assert app.session_state["filter"] == []


@LANGUAGES
def test_a_link_to_a_village_shows_its_own_rows(open_page: OpenPage, lang: str) -> None:
    everywhere = open_page("villages-overview", lang=lang)
    labels = {
        "zh": ("劝导勤务", "喇叭广播", "宣传活动"),
        "en": ("Persuasion shifts", "Loudspeaker days", "Talks and visits"),
    }[lang]
    code, township = "371524101200", TOWNSHIP
    app = open_page("villages-profile", lang=lang, filter=f"village_code:{code}")
    assert not app.exception
    assert str(town_and_name(app)).startswith(f"{township} · ")
    for label, extract in zip(labels, ("persuasion_shifts", "broadcasts"), strict=False):
        assert rows_listed(app, extract) == figure(app, label) < figure(everywhere, label)
    around = open_page("villages-overview", lang=lang, township=township)
    assert rows_listed(app, "outreach") == figure(around, labels[2])


def test_a_community_has_a_profile_but_no_eight_facilities(open_page: OpenPage) -> None:
    app = open_page("villages-profile", filter="village_code:371524001001")
    assert not app.exception
    assert str(town_and_name(app)).endswith("社区")
    assert (figure(app, "完好设施"), figure(app, "缺少设施")) == (0, 0)


def test_a_village_outside_the_township_chosen_is_not_shown(open_page: OpenPage) -> None:
    app = open_page("villages-profile", township="姜楼镇", filter="village_code:371524101200")
    assert town_and_name(app) is None
    assert not app.exception


@LANGUAGES
def test_hazards_overdue_by_department_are_the_rows_listed(open_page: OpenPage, lang: str) -> None:
    overdue = {"zh": "超期隐患", "en": "Hazards overdue"}[lang]
    whole = open_page("villages-hazards", lang=lang)
    department = "交通运输局"
    state = "hazards.state:已超期"
    every = open_page("villages-hazards", lang=lang, filter=state)
    assert rows_listed(every, "hazards") == figure(every, overdue) == figure(whole, overdue)
    one = open_page(
        "villages-hazards", lang=lang, filter=(state, f"hazards.department:{department}")
    )
    assert 0 < rows_listed(one, "hazards") == figure(one, overdue) < figure(whole, overdue)


def test_the_hazards_listed_are_those_found_by_the_periods_end(open_page: OpenPage) -> None:
    later = open_page("villages-hazards")
    earlier = open_page("villages-hazards", period=("2021-01-01", "2021-12-31"))
    assert 0 < rows_listed(earlier, "hazards") < rows_listed(later, "hazards")


def test_the_published_junctions_are_cleared_beyond_the_plan(open_page: OpenPage) -> None:
    """Published: 146 junctions, 127 % of the plan."""
    app = open_page("villages-hazards", filter="hazards.kind:视距隐患路口")
    (value,) = [m.value for m in parts.figures(app) if m.label.startswith("隐患销号完成率")]
    assert round(float(value)) == 127
