"""Colours by value, and the squares that carry them."""

from collections.abc import Sequence

from brigade.palette import Palette, contrast
from brigade.ui.charts.sheet import Amount, Dict, Sheet

LEVELS = 10
"""Up to so many whole values have a colour each in the legend."""


def cell(side: int, columns: int) -> Dict:
    """The side of a square: what is wanted, or what the width leaves."""
    return {"name": "cell", "expr": f"min({side}, width / {max(columns, 1)})"}


def sequential(sheet: Sheet, column: str) -> Dict:
    return {
        "field": "value",
        "type": "quantitative",
        "scale": {"range": list(sheet.palette.sequential), "zero": True, "nice": False},
        "legend": gradient(sheet, sheet.title(column)),
    }


def gradient(sheet: Sheet, title: str) -> Dict:
    return {
        "title": title,
        "direction": "horizontal",
        "gradientLength": 140,
        "gradientThickness": 8,
        "tickCount": 3,
        "format": ",~f",
        "titleLimit": 320,
    }


def or_empty(sheet: Sheet, colour: Dict) -> Dict:
    return {"condition": {"test": "!isValid(datum.value)", "value": sheet.palette.empty}, **colour}


def levels(sheet: Sheet, column: str, amounts: Sequence[Amount]) -> Dict:
    """The colour of a small whole number: one step each; of any other, a gradient."""
    known = [amount.value for amount in amounts if amount.value is not None]
    top = int(max(known, default=0.0))
    if top >= LEVELS or any(value < 0 or value != int(value) for value in known):
        return sequential(sheet, column)
    domain = list(range(top + 1))
    return {
        "field": "value",
        "type": "ordinal",
        "scale": {"domain": domain, "range": steps(sheet.palette.sequential, len(domain))},
        "legend": {
            "title": sheet.title(column),
            "direction": "horizontal",
            "symbolType": "square",
            "symbolStrokeWidth": 0,
            "symbolSize": 120,
            "columnPadding": 8,
            "titleLimit": 320,
        },
    }


def steps(colours: Sequence[str], count: int) -> list[str]:
    """So many colours at equal distances along a scale."""
    if count == 1:
        return [colours[0]]
    found = []
    for index in range(count):
        place = index / (count - 1) * (len(colours) - 1)
        left = min(int(place), len(colours) - 2)
        found.append(_between(colours[left], colours[left + 1], place - left))
    return found


def _between(first: str, second: str, share: float) -> str:
    pairs = ((int(first[i : i + 2], 16), int(second[i : i + 2], 16)) for i in (1, 3, 5))
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def contrast_ink(
    palette: Palette, colours: Sequence[str], domain: Sequence[float], value: float | None
) -> str:
    """The colour of words on a square: ink or paper, whichever stands out from its fill."""
    if value is None or domain[-1] == domain[0]:
        return palette.ink
    share = min(max((value - domain[0]) / (domain[-1] - domain[0]), 0.0), 1.0)
    fill = colours[round(share * (len(colours) - 1))]
    return max((palette.ink, palette.paper), key=lambda ink: contrast(ink, fill))
