"""What every chart is drawn with: the result, the reader's choice, words and colours for both."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from brigade import format
from brigade.contracts import Column
from brigade.filters import filter_text
from brigade.metrics import Change
from brigade.palette import FONT, Palette
from brigade.queries import BEFORE, OutputColumn
from brigade.results import Result, Row
from brigade.text import DASH, Lang, Text

Dict = dict[str, Any]

ROWS = "rows"
QUIET: Dict = {"expr": "datum.shade < 1 ? 0.65 : 1"}
"""The opacity of words at a mark that is faded: they stay readable."""

FADED = 0.4
SMALL = 12
TONES = ("better", "worse", "neutral", "chance", "none")


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chart and the sentences that say the same.

    ``spec`` is finished Vega-Lite with its rows in ``datasets``. Building it from Altair's classes
    would take some twenty milliseconds a chart, nearly all of it validation: here a test validates
    every kind of chart instead.
    """

    spec: Dict
    alt: str


@dataclass(frozen=True, slots=True)
class Amount:
    """A number in one row: to draw, to read (``said`` has the unit), and how it changed.

    ``before`` is None where the two periods can't be compared; ``figure`` is the size of the change
    and ``words`` the whole of it, both empty where there is none.
    """

    column: str
    label: str
    value: float | None
    text: str
    said: str
    before: float | None = None
    change: Change | None = None
    figure: str = ""
    words: str = ""

    @property
    def tone(self) -> str:
        """The verdict on the change."""
        return self.change.verdict if self.change else "none"

    @property
    def end(self) -> float:
        """The larger of both periods' values, zero at least."""
        return max(self.value or 0.0, self.before or 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One result, to be drawn for one reader."""

    result: Result
    lang: Lang
    palette: Palette
    chosen: Mapping[str, tuple[str, ...]]
    picks: tuple[str, ...]
    _bases: dict[tuple[str, ...], list[str]] = field(default_factory=dict)

    def say(self, zh: str, en: str) -> str:
        """One of two texts, by language."""
        return Text(zh, en).in_(self.lang)

    def label(self, column: str) -> str:
        """What a column is called."""
        return self.result.column(column).label.in_(self.lang)

    def title(self, column: str) -> str:
        """What a column is called, with its unit."""
        metric = self.result.column(column).metric
        unit = metric.unit.in_(self.lang) if metric else ""
        return self.label(column) + (self.say(f"（{unit}）", f" ({unit})") if unit else "")

    def name(self, column: str, value: Any) -> str:
        """A dimension's value as it is read."""
        return format.dimension(column, value, self.lang)

    def amount(self, column: str, row: Row) -> Amount:
        """A column's number in a row, and how it changed where it is a metric that is compared."""
        known, raw = self.result.column(column), row.get(column)
        metric, text = known.metric, format.cell(known, raw, self.lang)
        value = None if raw is None or raw != raw else float(raw)
        if metric is None:
            return Amount(column, known.label.in_(self.lang), value, text, text)
        said, label = format.with_unit(metric, raw, self.lang), known.label.in_(self.lang)
        if self.result.before is None or column + BEFORE not in row:
            return Amount(column, label, value, text, said)
        change = self.result.change(metric, row)
        figure = format.change_figure(metric, change, self.lang)
        return Amount(
            column,
            label,
            value,
            text,
            said,
            None if change.before is None else float(change.before),
            change,
            "" if figure == DASH else figure,
            format.change_text(metric, change, self.lang),
        )

    def compared(self) -> str:
        """What the period compared is called."""
        return format.COMPARED[self.result.compared].in_(self.lang)

    def key(self, column: str, value: Any) -> str:
        """A dimension's value as a filter writes it."""
        known: OutputColumn = self.result.column(column)
        return filter_text(Column(known.name, _type(known), known.label), value)

    def is_chosen_by(self, column: str, row: Row) -> bool:
        """Whether a row's value of a column is chosen, or none is."""
        values = self.chosen.get(column, ())
        return not values or column not in row or self.key(column, row[column]) in values

    def is_chosen(self, row: Row) -> bool:
        """Whether a row is among what the reader chose; so are all where nothing is chosen."""
        return all(self.is_chosen_by(column, row) for column in self.chosen)

    def bases(self, *columns: str) -> list[str]:
        """The counts among the result's columns that ratios and quantiles are made of."""
        if columns not in self._bases:
            metrics = [self.result.column(column).metric for column in columns]
            bases = {metric.denominator for metric in metrics if metric} - {*columns}
            self._bases[columns] = [c.name for c in self.result.columns if c.name in bases]
        return self._bases[columns]

    def mark(self, row: Row, name: str, *amounts: Amount) -> Dict:
        """What the mark of one row carries: name, shade, keys for a click, words for hover and ear.

        ``amounts`` are the numbers that the mark shows; of the first it is said how it changed.
        """
        words = amounts[0].words
        bases = self.bases(*(amount.column for amount in amounts))
        amounts += tuple(self.amount(base, row) for base in bases)
        said = [name, *(f"{amount.label} {amount.said}" for amount in amounts)]
        return {
            "name": name,
            "shade": 1.0 if self.is_chosen(row) else FADED,
            "label": self.say("，", ", ").join([*said, words] if words else said),
            **{f"text{i}": amount.said for i, amount in enumerate(amounts)},
            **({"words": words} if self.result.before else {}),
            **{f"key_{pick}": self.key(pick, row.get(pick)) for pick in self.picks},
        }

    def tooltip(self, name: str, *columns: str) -> list[Dict]:
        """The lines of the box that hovering over a mark shows, for what :meth:`mark` gave it."""
        columns += tuple(self.bases(*columns))
        lines = [("name", name), *((f"text{i}", self.label(c)) for i, c in enumerate(columns))]
        if self.result.before and self.result.column(columns[0]).metric:
            lines.append(("words", self.compared()))
        return [{"field": field, "type": "nominal", "title": title} for field, title in lines]

    def hand(self) -> Dict:
        """What shows that a mark can be clicked."""
        return {"cursor": "pointer"} if self.picks else {}

    def shade(self) -> Dict:
        """Fades what the reader did not choose."""
        return {"opacity": {"field": "shade", "type": "quantitative", "scale": None}}

    def said(self) -> Dict:
        """Names a mark to a screen reader."""
        return {"description": {"field": "label", "type": "nominal"}}

    def hover(self, dimension: str, *columns: str) -> Dict:
        """The box that hovering over a mark shows, for what :meth:`mark` gave it."""
        return {"tooltip": self.tooltip(self.label(dimension), *columns)}

    def touch(self, mark: str) -> Dict:
        """An unseen mark behind the others that takes clicks and hovers beside thin ones."""
        return {
            "type": mark,
            "fillOpacity": 0,
            "color": self.palette.paper,
            "aria": False,
        } | self.hand()

    def tones(self) -> Dict:
        """The colour of a change by its verdict."""
        colours = [self.palette.tone(tone) for tone in TONES]
        return {
            "field": "tone",
            "type": "nominal",
            "scale": {"domain": list(TONES), "range": colours},
            "legend": None,
        }

    def summary(self, column: str, what: str, items: Sequence[tuple[str, Amount]]) -> str:
        """A chart in sentences: what it shows, its highest and lowest, what is compared."""
        known = sorted(
            ((a.value, name, a.said) for name, a in items if a.value is not None),
            key=lambda item: item[0],
        )
        text = self.say(f"{what}，共 {len(items)} 项", f"{what}, {len(items)} items")
        if known:
            (_, lowest, low), (_, highest, high) = known[0], known[-1]
            text += self.say(
                f"；最高 {highest} {high}，最低 {lowest} {low}",
                f"; highest {highest} {high}, lowest {lowest} {low}",
            )
        text += self.say("。", ".")
        if self.result.before and self.result.column(column).metric:
            span = format.period_text(self.result.before)
            text += self.say(
                f"对比{self.compared()} {span}。", f" Compared with the {self.compared()}, {span}."
            )
        return text

    def spec(
        self,
        rows: list[Dict],
        layers: list[Dict],
        more: Mapping[str, list[Dict]] | None = None,
        **rest: Any,
    ) -> Dict:
        """The whole chart of these layers over these rows; ``more`` rows of other layers by name.

        All that differs from one choice of the reader to the next is kept in rows of a fixed name,
        so that a chart that is on the screen gets new rows instead of being drawn anew.
        """
        return {
            "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
            "config": self._config(),
            "width": "container",
            "autosize": {"type": "fit-x", "contains": "padding"},
            "padding": {"left": 2, "right": 6, "top": 4, "bottom": 2},
            "data": {"name": ROWS},
            "datasets": {ROWS: rows, **(more or {})},
            "layer": layers,
            **rest,
        }

    def _config(self) -> Dict:
        palette = self.palette
        text = {"labelFontSize": SMALL, "titleFontSize": SMALL, "titleFontWeight": "normal"}
        colours = {"labelColor": palette.muted, "titleColor": palette.muted}
        return {
            "background": palette.paper,
            "font": FONT,
            "view": {"stroke": None},
            "axis": {
                **text,
                **colours,
                "gridColor": palette.grid,
                "domainColor": palette.rule,
                "ticks": False,
                "labelPadding": 6,
                "titlePadding": 6,
            },
            "legend": {**text, **colours, "orient": "top", "padding": 0, "offset": 8},
            "text": {"font": FONT, "fontSize": SMALL, "fill": palette.ink},
        }


def _type(column: OutputColumn) -> Any:
    return column.type


def whole(sheet: Sheet, column: str) -> bool:
    """Whether a column's numbers have no decimals."""
    metric = sheet.result.column(column).metric
    return metric.decimals == 0 if metric else sheet.result.column(column).type == "integer"


def amount_axis(sheet: Sheet, column: str, **rest: Any) -> Dict:
    """The axis of a number: thin grid, no line, no ticks between whole numbers."""
    axis = {
        "grid": True,
        "domain": False,
        "tickCount": 5,
        "format": ",~f",
        "title": sheet.title(column),
    }
    if whole(sheet, column):
        axis["tickMinStep"] = 1
    return axis | rest


ABOVE = {"titleAngle": 0, "titleAlign": "left", "titleAnchor": "start", "titleX": 0, "titleY": -12}
"""Puts the title of a vertical axis over it, where it reads without turning the head."""


def row_number() -> Dict:
    """The vertical place of rows drawn one under another; names are drawn by their own layer, since
    two rows may have the same name."""
    return {"field": "row", "type": "ordinal", "axis": None}


def names_at_left(y: Dict) -> Dict:
    """The layer that writes each row's name before it."""
    return {
        "mark": {
            "type": "text",
            "align": "right",
            "x": -8,
            "limit": 170,
            "opacity": QUIET,
            "aria": False,
        },
        "encoding": {
            "y": y,
            "text": {"field": "name", "type": "nominal"},
        },
    }
