"""Colours, in light and dark: each has one meaning wherever it appears."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

FONT = '"Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC", sans-serif'
"""System fonts that hold Chinese; nothing is fetched."""


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of one theme.

    ``now`` is this period (and what is selected), ``before`` the one compared. ``sequential`` runs
    from little to much, ``diverging`` from better over none to worse. ``series`` tells a few lines
    apart that are nothing else.
    """

    paper: str
    panel: str
    ink: str
    muted: str
    grid: str
    rule: str
    now: str
    before: str
    worse: str
    better: str
    chance: str
    empty: str
    sequential: tuple[str, ...]
    diverging: tuple[str, str, str]
    series: tuple[str, ...]
    metrics: Mapping[str, str] = field(default_factory=dict)

    def of(self, metric: str) -> str:
        """The colour of a metric's marks: its own where it has one, else that of this period."""
        return self.metrics.get(metric, self.now)

    def tone(self, verdict: str) -> str:
        """The colour in which a change of that verdict is written."""
        return {
            "better": self.better,
            "worse": self.worse,
            "chance": self.chance,
            "none": self.muted,
        }.get(verdict, self.ink)


LIGHT = Palette(
    paper="#ffffff",
    panel="#f4f6f8",
    ink="#1d232b",
    muted="#565e68",
    grid="#e7eaee",
    rule="#a3abb5",
    now="#1c4f8f",
    before="#6d757f",
    worse="#c0380b",
    better="#00756a",
    chance="#6a717b",
    empty="#f2f3f5",
    sequential=("#e8f0f8", "#bed4ea", "#86add6", "#4a7fba", "#1c4f8f"),
    diverging=("#00756a", "#f4f4f1", "#c0380b"),
    series=("#1c4f8f", "#9f6900", "#1b7bb6", "#5a2a0c"),
    metrics={
        "deaths": "#8f1d21",
        "injuries": "#d27a05",
        "property_loss": "#54667a",
    },
)

DARK = Palette(
    paper="#14171c",
    panel="#1d2128",
    ink="#e6e9ed",
    muted="#a7aeb8",
    grid="#2a2f37",
    rule="#646c77",
    now="#6fa8e8",
    before="#9097a1",
    worse="#ff8357",
    better="#3fbfae",
    chance="#9aa1ab",
    empty="#20242b",
    sequential=("#22354b", "#2c5078", "#3d71aa", "#609ad8", "#a9d0fc"),
    diverging=("#3fbfae", "#262a30", "#ff8357"),
    series=("#6fa8e8", "#f0b93f", "#c9e0f7", "#c27443"),
    metrics={
        "deaths": "#e8686c",
        "injuries": "#f0a43c",
        "property_loss": "#98abc0",
    },
)


def palette_of(dark: bool) -> Palette:
    """The palette of the dark or the light theme."""
    return DARK if dark else LIGHT


def luminance(colour: str) -> float:
    """The relative luminance of a colour ``#rrggbb``, by WCAG 2.1."""
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@lru_cache(512)
def contrast(first: str, second: str) -> float:
    """How far two colours stand apart in lightness, from 1 to 21, by WCAG 2.1."""
    low, high = sorted((luminance(first), luminance(second)))
    return (high + 0.05) / (low + 0.05)
