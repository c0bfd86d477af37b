"""Streamlit's own look: the palette, system fonts, three sizes of text and two weights."""

from typing import Any

from brigade.palette import DARK, FONT, LIGHT, Palette

SMALL, TEXT, TITLE = "12px", "14px", "20px"
"""Sizes of text: what explains, what is read, and the heading of a page with its key figures."""

NORMAL, STRONG = 400, 600


def streamlit_options() -> dict[str, Any]:
    """Streamlit's theme options by their dotted names."""
    headings = [TITLE, *[TEXT] * 5]
    options: dict[str, Any] = {
        "theme.font": FONT,
        "theme.headingFont": FONT,
        "theme.codeFont": "Consolas, Menlo, 'Noto Sans Mono', monospace",
        "theme.baseFontSize": 14,
        "theme.baseFontWeight": NORMAL,
        "theme.codeFontSize": SMALL,
        "theme.headingFontSizes": headings,
        "theme.headingFontWeights": [STRONG] * len(headings),
        "theme.metricValueFontSize": TITLE,
        "theme.metricValueFontWeight": STRONG,
        "theme.baseRadius": "3px",
        "theme.buttonRadius": "3px",
        "theme.linkUnderline": True,
        "theme.showWidgetBorder": True,
        "theme.paddingTop": "0.75rem",
        "theme.paddingBottom": "1.5rem",
    }
    for name, palette in (("light", LIGHT), ("dark", DARK)):
        options |= {f"theme.{name}.{key}": value for key, value in _colours(palette).items()}
    return options


def _colours(palette: Palette) -> dict[str, Any]:
    """A theme's colours: green says better, red worse and grey chance, as in the charts."""
    return {
        "primaryColor": palette.now,
        "backgroundColor": palette.paper,
        "secondaryBackgroundColor": palette.panel,
        "textColor": palette.ink,
        "linkColor": palette.now,
        "borderColor": palette.grid,
        "dataframeBorderColor": palette.grid,
        "dataframeHeaderBackgroundColor": palette.panel,
        "dataframeHeaderTextColor": palette.muted,
        "codeBackgroundColor": palette.panel,
        "codeTextColor": palette.ink,
        "blueColor": palette.now,
        "blueTextColor": palette.now,
        "greenColor": palette.better,
        "greenTextColor": palette.better,
        "redColor": palette.worse,
        "redTextColor": palette.worse,
        "grayColor": palette.chance,
        "grayTextColor": palette.chance,
        "chartCategoricalColors": list(palette.series),
    }
