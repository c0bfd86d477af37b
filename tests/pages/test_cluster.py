"""Pages over a cluster: the same as ever, and in words where it doesn't answer or was stopped."""

import pytest
from streamlit.testing.v1 import AppTest

from brigade.ui import waiting
from tests.engine.clusters import free_port, sail
from tests.pages.conftest import OpenPage


def figures(app: AppTest) -> list[str]:
    """The key figures of a page as they are read."""
    return [one.value for one in app.markdown if one.value]


def test_a_page_over_a_cluster_is_the_page_over_duckdb(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = "enforcement-overview"
    here = open_page(address, township="刘集镇")
    with sail() as engine:
        monkeypatch.setenv("BRIGADE_ENGINE", engine)
        there = open_page(address, township="刘集镇")
    assert not there.exception
    assert not there.error
    assert figures(there) == figures(here)


def test_a_cluster_that_does_not_answer_is_said_and_the_rest_goes_on(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BRIGADE_ENGINE", f"sc://127.0.0.1:{free_port()}")
    app = open_page("enforcement-overview", lang="en")
    assert not app.exception
    assert app.error
    assert all("does not answer" in one.value for one in app.error)
    other = open_page("data-dictionary", lang="en")
    assert not other.exception
    assert not other.error
    assert other.dataframe


def test_what_was_stopped_says_so_once_and_is_asked_again_by_the_next_click(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    with sail() as engine:
        monkeypatch.setenv("BRIGADE_ENGINE", engine)
        app = open_page("hotline-overview", lang="en")
        assert not app.error
        app.session_state[waiting._STOPPED] = True
        app.multiselect(key="seen:township").select("大桥镇").run()
        assert {one.value for one in app.error} == {
            "The query was stopped. Change a filter or reload the page to ask again."
        }
        app.run()
        assert not app.error
