"""The pages of the data itself: what there is, and a question of one's own."""

import pytest

from tests.pages.conftest import OpenPage
from tests.pages.test_frame import words

SQL = "select township, sum(records) as n from violations group by township order by n desc"


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("page", ["extracts", "dictionary", "metrics"])
def test_what_there_is_stands_in_a_table(open_page: OpenPage, page: str, lang: str) -> None:
    app = open_page(f"data-{page}", lang=lang)
    assert not app.exception
    assert len(app.dataframe[0].value) > 15


def test_a_search_narrows_the_table(open_page: OpenPage) -> None:
    app = open_page("data-dictionary")
    whole = len(app.dataframe[0].value)
    app.text_input(key="find_columns").set_value("hphm").run()
    found = app.dataframe[0].value
    assert 0 < len(found) < whole
    assert f"{whole} 行中找到 {len(found)} 行" in words(app)
    app.text_input(key="find_columns").set_value("没有这样的词").run()
    assert "没有找到" in words(app)


def test_a_release_that_was_not_imported_says_so(open_page: OpenPage) -> None:
    assert "没有源文件" in words(open_page("data-extracts"))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_question_in_the_address_is_answered_under_the_filters(
    open_page: OpenPage, lang: str
) -> None:
    app = open_page("data-sql", lang=lang, sql=SQL, township="刘集镇")
    assert not app.exception
    assert not app.error
    answer = app.dataframe[1].value
    assert list(answer["township"]) == ["刘集镇"]
    assert any("from release.violations" in code.value for code in app.code)
    app.multiselect(key="seen:township").set_value([]).run()
    assert len(app.dataframe[1].value) == 10


def test_what_is_not_allowed_is_said_and_nothing_is_shown(open_page: OpenPage) -> None:
    app = open_page("data-sql", sql="select * from release.violations")
    assert not app.exception
    [error] = app.error
    assert "release.violations" in error.value
    assert len(app.dataframe) == 1


def test_no_question_no_answer(open_page: OpenPage) -> None:
    app = open_page("data-sql")
    assert not app.exception
    assert not app.error
    assert len(app.dataframe) == 1


def test_the_columns_of_the_chosen_extract_are_shown(open_page: OpenPage) -> None:
    app = open_page("data-sql", lang="en")
    app.selectbox(key="console_extract").set_value("hazards").run()
    assert "due_on" in " ".join(app.dataframe[0].value["Column"])
    assert any("from hazards" in code.value for code in app.code)
