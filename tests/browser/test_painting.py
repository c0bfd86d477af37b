"""The benchmark of clicks, in small: the apps that it compares draw the same numbers."""

from pathlib import Path

from playwright.sync_api import Browser

from benchmarks import painting


def test_brigade_and_the_plain_app_draw_the_same_after_the_same_clicks(
    browser: Browser, tmp_path: Path
) -> None:
    found = painting.measure(browser, tmp_path, 1)
    ways = {(paint.app, paint.way) for paint in found}
    assert ways == {
        *((app, way) for app in ("plain", "brigade") for way in painting.WAYS),
        *(("empty", way) for way in painting.WAYS if way != painting.DRILL),
    }
    assert all(paint.all > 0 for paint in found)
    assert len([*painting.table(found)]) == len(ways)
