"""The page of published figures over the sample, in both languages."""

import html
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from brigade import house
from tests.pages.conftest import OpenPage

LANGUAGES = pytest.mark.parametrize("lang", ["zh", "en"])
SHIPPED: dict[str, Any] = tomllib.loads(
    (house.REFERENCE / "published_figures.toml").read_text(encoding="utf-8"), parse_float=Decimal
)
FIGURES: dict[str, dict[str, Any]] = SHIPPED["figure"]


def written(app: AppTest) -> str:
    """Everything that the page says in its own table."""
    return "\n".join(str(element.proto.body) for element in app.get("html"))


def rows_listed(app: AppTest, figure: str) -> int:
    """How many rows behind a figure the page says can be downloaded."""
    name = f"rows_of_{figure}:csv"
    [button] = [b for b in app.get("download_button") if b.proto.id.endswith(name)]
    return int("".join(letter for letter in button.proto.label if letter.isdigit()))


@LANGUAGES
def test_every_published_figure_stands_on_the_page(open_page: OpenPage, lang: str) -> None:
    app = open_page("figures-overview", lang=lang)
    assert not app.exception
    assert not app.error
    said = written(app)
    assert [f[lang] for f in FIGURES.values() if html.escape(f[lang]) not in said] == []
    assert all(app.button(key=f"open_{name}") for name in FIGURES)
    wrong = {"zh": "agrees", "en": "一致"}[lang]
    assert wrong not in said


@LANGUAGES
@pytest.mark.parametrize("figure", ["markets", "junctions", "rescue_cases"])
def test_one_click_shows_the_rows_that_a_figure_counts(
    open_page: OpenPage, figure: str, lang: str
) -> None:
    app = open_page("figures-overview", lang=lang)
    app.button(key=f"open_{figure}").click().run()
    assert not app.exception
    assert rows_listed(app, figure) == FIGURES[figure]["value"]
    app.button(key=f"open_{figure}").click().run()
    assert not [b for b in app.get("download_button") if "rows_of_" in b.proto.id]


def test_a_change_shows_the_rows_of_both_its_periods(open_page: OpenPage) -> None:
    app = open_page("figures-overview", lang="zh")
    app.button(key="open_crashes_yoy").click().run()
    now = rows_listed(app, "crashes_yoy")
    app.get("button_group")[-1].set_value(1).run()
    before = rows_listed(app, "crashes_yoy")
    change = Decimal(100 * (now - before)) / before
    assert round(change, 1) == FIGURES["crashes_yoy"]["value"]


def test_the_filters_of_the_frame_change_no_published_figure(open_page: OpenPage) -> None:
    whole = written(open_page("figures-overview", lang="zh"))
    narrowed = open_page(
        "figures-overview", lang="zh", township="刘集镇", period=("2021-01-01", "2021-03-31")
    )
    assert not narrowed.exception
    assert written(narrowed) == whole


@LANGUAGES
def test_every_figure_opens_without_a_fault(open_page: OpenPage, lang: str) -> None:
    app = open_page("figures-overview", lang=lang)
    for name, figure in FIGURES.items():
        button = app.button(key=f"open_{name}")
        if button.disabled:
            assert "missing" in figure or figure["from"].isoformat() > "2022-06-30"
            continue
        button.click().run()
        assert not app.exception, name
        assert not app.error, name
        assert rows_listed(app, name) > 0


def test_a_list_that_is_wrong_is_said_on_the_page(
    open_page: OpenPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BRIGADE_DATA", str(tmp_path))
    (tmp_path / "published_figures.toml").write_text('[figure.a]\nzh = "一"', encoding="utf-8")
    app = open_page("figures-overview", lang="en")
    assert not app.exception
    assert "figure.a" in app.error[0].value
