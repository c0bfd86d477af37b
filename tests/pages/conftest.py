"""Pages run without a browser: the whole app over the sample, at an address, in a language."""

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from brigade import house

OpenPage = Callable[..., AppTest]


@pytest.fixture
def open_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> OpenPage:
    """Run the app at a page's address: ``open_page("enforcement-overview", lang="en")``.

    Filters without a widget of their own are given as ``filter=("hour:21", "weekday:5")``.
    """
    monkeypatch.setenv("BRIGADE_DATA", str(_shared_data(tmp_path)))

    def run(address: str = "", **query: str | tuple[str, ...]) -> AppTest:
        app = AppTest.from_file(str(house.APP), default_timeout=60)
        for key, value in query.items():
            app.query_params[key] = value if isinstance(value, str) else list(value)
        app.run()
        if address:
            file = house.PAGES / f"{address.replace('-', '/', 1)}.py"
            app.switch_page(str(file)).run()
        return app

    return run


def _shared_data(tmp_path: Path) -> Path:
    """One data folder for all tests of the run, so that the sample's database is built once."""
    return tmp_path.parent / "data"
