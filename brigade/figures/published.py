"""What was published: figures and checks of a text against itself, read from a TOML file.

A number's precision is as it is written: ``8.30`` has two decimals, ``8.3`` has one. The file is
described in ``docs/figures.md``.
"""

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal, get_args

from brigade import house
from brigade.errors import BrigadeError, InputError
from brigade.filters import column_of, typed_value
from brigade.text import Text

FILE = "published_figures.toml"

FigureKind = Literal["value", "change", "falls"]
Means = Literal["exactly", "and_some", "at_least", "more_than"]
CheckKind = Literal["sum", "ratio", "change", "likely"]


@dataclass(frozen=True, slots=True)
class Figure:
    """One published figure, and how it is computed.

    ``kind``: the metric's ``value``; its ``change`` in percent against the period that ``compare``
    names; or how many ``falls`` in a row its value had, over the same days of every year from
    ``since``. ``value`` × ``scale`` is in the metric's unit. ``start`` and ``end`` are None where
    the text names no such day: then the rows are taken from their first or to their last.
    ``where`` holds filters as a page has them. ``missing`` says why it can't be computed,
    ``reason`` why it differs where that is known.
    """

    id: str
    text: Text
    value: Decimal
    unit: Text
    scale: int
    means: Means
    kind: FigureKind
    metric: str | None
    query: str | None
    rows: str | None
    where: Mapping[str, tuple[str, ...]]
    start: date | None
    end: date | None
    since: int | None
    compare: Literal["year", "previous"]
    beside: tuple[str, ...]
    group: str | None
    missing: Text | None
    reason: Text | None
    note: Text | None


@dataclass(frozen=True, slots=True)
class Check:
    """One check of the text against itself.

    ``parts`` are what its kind needs, each a figure's id or a number. ``sum``: the parts, then the
    total; ``ratio``: numerator, denominator, ratio; ``change``: before, now, change; ``likely``:
    figures, then the one that they are divided by: the first quotient is held against ``metric``,
    and unlikely from ``times`` its value on.
    """

    id: str
    text: Text | None
    kind: CheckKind
    parts: tuple[str | Decimal, ...]
    metric: str | None
    times: Decimal
    why: Text | None


@dataclass(frozen=True, slots=True)
class Published:
    """A whole file: where it is from, its groups by id, its figures and checks in order."""

    source: Text | None
    groups: Mapping[str, Text]
    figures: tuple[Figure, ...]
    checks: tuple[Check, ...]

    def figure(self, id_: str) -> Figure:
        """The figure of that id."""
        return next(figure for figure in self.figures if figure.id == id_)


def published_file() -> Path:
    """The list that the page shows: the office's own in the data folder, else that which ships."""
    own = house.data_folder() / FILE
    return own if own.exists() else house.REFERENCE / FILE


def read_published(path: Path) -> Published:
    """Read a list of published figures; :class:`InputError` names the file and the entry."""
    try:
        with path.open("rb") as file:
            raw = tomllib.load(file, parse_float=Decimal)
    except OSError as error:
        raise InputError(
            Text(f"打不开文件 {path}，请核对路径。", f"{path} can't be opened; check the path.")
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(
            Text(f"{path.name} 不是正确的 TOML：{error}", f"{path.name} is no TOML: {error}")
        ) from error
    return _Reader(path.name).published(raw)


_FIGURE_KEYS = {
    "zh", "en", "value", "unit", "scale", "means", "kind", "metric", "query", "rows", "where",
    "from", "to", "since", "compare", "beside", "group", "missing", "reason", "note",
}  # fmt: skip
_CHECK_PARTS: Mapping[CheckKind, tuple[str, ...]] = {
    "sum": ("parts", "total"),
    "ratio": ("numerator", "denominator", "ratio"),
    "change": ("before", "now", "change"),
    "likely": ("of", "per"),
}
_LISTS = ("parts", "of")


class _Reader:
    """Turns the tables of one file into figures and checks, and says where one is wrong."""

    def __init__(self, file: str) -> None:
        self.file = file

    def wrong(self, entry: str, zh: str, en: str) -> InputError:
        return InputError(Text(f"{self.file} 的 [{entry}]：{zh}", f"{self.file}, [{entry}]: {en}"))

    def published(self, raw: Mapping[str, Any]) -> Published:
        self._known("", raw, ("source", "group", "figure", "check"))
        tables = {key: self._table(key, raw.get(key, {})) for key in ("group", "figure", "check")}
        groups = {name: self._text(f"group.{name}", t) for name, t in tables["group"].items()}
        figures = tuple(
            self._figure(name, self._table(f"figure.{name}", table), groups)
            for name, table in tables["figure"].items()
        )
        names = {figure.id for figure in figures}
        return Published(
            self._text("source", raw["source"]) if "source" in raw else None,
            groups,
            figures,
            tuple(
                self._check(name, self._table(f"check.{name}", table), names)
                for name, table in tables["check"].items()
            ),
        )

    def _figure(self, name: str, raw: Mapping[str, Any], groups: Collection[str]) -> Figure:
        entry = f"figure.{name}"
        self._known(entry, raw, _FIGURE_KEYS)
        kind: FigureKind = self._one_of(entry, raw, "kind", get_args(FigureKind))
        group = raw.get("group")
        if group is not None and group not in groups:
            raise self.wrong(entry, f"没有 [group.{group}]。", f"there is no [group.{group}].")
        start, end = self._day(entry, raw, "from"), self._day(entry, raw, "to")
        if start and end and start > end:
            raise self.wrong(
                entry, f"from {start} 晚于 to {end}。", f"from {start} is after to {end}."
            )
        since = raw.get("since")
        if (kind == "falls") != isinstance(since, int):
            raise self.wrong(
                entry,
                'kind = "falls" 要有 since（起始年份），别的不要。',
                'kind = "falls" needs since, its first year; no other kind has it.',
            )
        if kind != "value" and "metric" not in raw:
            raise self.wrong(entry, "要写明 metric。", "name a metric.")
        return Figure(
            id=name,
            text=self._own_text(entry, raw),
            value=self._number(entry, raw, "value"),
            unit=self._unit(entry, raw.get("unit", "")),
            scale=self._scale(entry, raw),
            means=self._one_of(entry, raw, "means", get_args(Means)),
            kind=kind,
            metric=raw.get("metric"),
            query=raw.get("query"),
            rows=raw.get("rows"),
            where=self._where(entry, raw.get("where", {})),
            start=start,
            end=end,
            since=since,
            compare=self._one_of(entry, raw, "compare", ("year", "previous")),
            beside=tuple(raw.get("beside", ())),
            group=group,
            missing=self._optional(entry, raw, "missing"),
            reason=self._optional(entry, raw, "reason"),
            note=self._optional(entry, raw, "note"),
        )

    def _check(self, name: str, raw: Mapping[str, Any], figures: Collection[str]) -> Check:
        entry = f"check.{name}"
        if "kind" not in raw:
            raise self.wrong(entry, "缺 kind。", "kind is missing.")
        kind: CheckKind = self._one_of(entry, raw, "kind", get_args(CheckKind))
        needs = _CHECK_PARTS[kind]
        also = ("metric", "times", "why") if kind == "likely" else ()
        self._known(entry, raw, ("zh", "en", "kind", *needs, *also))
        for key in (*needs, *also[:2]):
            if key not in raw:
                raise self.wrong(entry, f"缺 {key}。", f"{key} is missing.")
        parts: list[str | Decimal] = []
        for key in needs:
            listed = raw[key] if key in _LISTS else [raw[key]]
            if not isinstance(listed, list) or not listed:
                raise self.wrong(entry, f"{key} 要写成列表。", f"{key} must be a list.")
            parts += [self._part(entry, key, part, figures) for part in listed]
        return Check(
            id=name,
            text=self._own_text(entry, raw) if "zh" in raw or "en" in raw else None,
            kind=kind,
            parts=tuple(parts),
            metric=raw.get("metric"),
            times=self._number(entry, {"times": 1, **raw}, "times"),
            why=self._optional(entry, raw, "why"),
        )

    def _part(self, entry: str, key: str, part: object, figures: Collection[str]) -> str | Decimal:
        if isinstance(part, str):
            if part not in figures:
                raise self.wrong(
                    entry,
                    f"{key} 中的 {part} 不是本文件的数字。",
                    f"{part} in {key} is no figure of this file.",
                )
            return part
        return self._number(entry, {key: part}, key)

    def _table(self, entry: str, raw: object) -> Mapping[str, Any]:
        if not isinstance(raw, dict):
            raise self.wrong(entry, "应当是一个表。", "it must be a table.")
        return raw

    def _known(self, entry: str, raw: Mapping[str, Any], known: Collection[str]) -> None:
        for key in raw:
            if key not in known:
                raise self.wrong(
                    entry or key,
                    f"不认识 {key}，可写：{'、'.join(sorted(known))}。",
                    f"{key} is not known; known are {', '.join(sorted(known))}.",
                )

    def _text(self, entry: str, raw: object) -> Text:
        if not (isinstance(raw, dict) and set(raw) == {"zh", "en"}):
            raise self.wrong(entry, "要有 zh 和 en 两种文字。", "it needs a zh and an en text.")
        return Text(str(raw["zh"]), str(raw["en"]))

    def _own_text(self, entry: str, raw: Mapping[str, Any]) -> Text:
        return self._text(entry, {key: raw[key] for key in ("zh", "en") if key in raw})

    def _optional(self, entry: str, raw: Mapping[str, Any], key: str) -> Text | None:
        return self._text(f"{entry}.{key}", raw[key]) if key in raw else None

    def _unit(self, entry: str, raw: object) -> Text:
        return Text(raw, raw) if isinstance(raw, str) else self._text(f"{entry}.unit", raw)

    def _number(self, entry: str, raw: Mapping[str, Any], key: str) -> Decimal:
        value = raw.get(key)
        if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
            raise self.wrong(entry, f"{key} 要是一个数。", f"{key} must be a number.")
        return Decimal(value)

    def _scale(self, entry: str, raw: Mapping[str, Any]) -> int:
        scale = self._number(entry, {"scale": 1, **raw}, "scale")
        if scale < 1 or scale != int(scale):
            raise self.wrong(
                entry, "scale 要是正整数，如 10000。", "scale must be a whole number: 10000."
            )
        return int(scale)

    def _day(self, entry: str, raw: Mapping[str, Any], key: str) -> date | None:
        value = raw.get(key)
        if value is not None and (not isinstance(value, date) or isinstance(value, datetime)):
            raise self.wrong(
                entry, f"{key} 要写成日期，如 2022-06-30。", f"write {key} as a day: 2022-06-30."
            )
        return value

    def _one_of(self, entry: str, raw: Mapping[str, Any], key: str, known: tuple[str, ...]) -> Any:
        value = raw.get(key, known[0])
        if value not in known:
            raise self.wrong(
                entry,
                f"{key} 不能是 {value}，可写：{'、'.join(known)}。",
                f"{key} can't be {value}; known are {', '.join(known)}.",
            )
        return value

    def _where(self, entry: str, raw: object) -> dict[str, tuple[str, ...]]:
        if not isinstance(raw, dict) or not all(isinstance(v, list) for v in raw.values()):
            raise self.wrong(entry, "where 要写成 列 = [值]。", "write where as KEY = [VALUE, …].")
        where = {key: tuple(str(value) for value in values) for key, values in raw.items()}
        try:
            for key, values in where.items():
                for value in values:
                    typed_value(column_of(key), value)
        except BrigadeError as error:
            raise self.wrong(entry, error.text.zh, error.text.en) from error
        return where
