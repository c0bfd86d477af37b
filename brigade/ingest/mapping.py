"""Mapping files: what a person says of a file whose headers or values are not the contract's."""

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from brigade import house
from brigade.contracts import Column, Contract
from brigade.errors import InputError
from brigade.ingest.formulas import read_formula
from brigade.ingest.moments import ERAS, ORDERS
from brigade.text import Text

OTHERS = ("keep", "null", "reject")

PARTS = ("year", "month", "day", "hour", "minute", "second")
"""Of what a date and time may be put together; the first three must be there."""


@dataclass(frozen=True, slots=True)
class Split:
    """Which piece of a text is meant: of those between ``by``, from 1, or from the end below 0."""

    by: str
    part: int


@dataclass(frozen=True, slots=True)
class Rule:
    """How one column is made; docs/import.md says what each key means.

    ``sources`` are headers of the file or names of contract columns (the header that fits one);
    where ``parts`` are given, one for each of them, and where ``sql`` is, those that it names.
    ``slice`` counts letters from 0, its end left out.
    """

    sources: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    sql: str | None = None
    value: str | None = None
    row_key: bool = False
    without: tuple[str, ...] = ()
    split: Split | None = None
    slice: tuple[int, int] | None = None
    nulls: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    date_only: tuple[str, ...] = ()
    codes: Mapping[str, str] = field(default_factory=dict)
    ends: Mapping[str, str] = field(default_factory=dict)
    other: str = "keep"
    replace_end: Mapping[str, str] = field(default_factory=dict)
    factor: Decimal | None = None
    order: str | None = None
    era: str | None = None
    only_if_missing: bool = False


@dataclass(frozen=True, slots=True)
class MappingFile:
    """A mapping as its TOML file gives it."""

    name: str
    rules: Mapping[str, Rule]


_LISTS = ("without", "nulls", "formats", "date_only")
_TABLES = ("codes", "ends", "replace_end")
_FLAGS = ("row_key", "only_if_missing")
_RULE_KEYS = {"from", "join", *(f.name for f in fields(Rule))} - {"sources"}
_KINDS = ("from", "join", "parts", "sql", "value", "row_key")
_CHOICES = {"other": OTHERS, "order": ORDERS, "era": ERAS}


def read_mapping(path: Path, extract: Contract) -> MappingFile:
    """Read a mapping file for an extract; :class:`InputError` names the file and what is wrong."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        raw = tomllib.loads(text, parse_float=Decimal)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise _wrong(
            path, Text(f"读不懂（{error}），请改正", f"it can't be read ({error}); mend it")
        ) from error
    _refuse_unknown(path, raw, {"default_for", "columns"})
    stored = {column.name: column for column in extract.stored_columns}
    columns = raw.get("columns", {})
    if not isinstance(columns, dict):
        raise _wrong(path, Text("columns 应是一张表", "columns must be a table"))
    _refuse_unknown(path, columns, stored)
    rules = {name: _rule(path, name, rule) for name, rule in columns.items()}
    for name, rule in rules.items():
        _check_use(path, stored[name], rule)
    return MappingFile(path.stem, rules)


def find_mapping(named: Path | None, extract: Contract) -> MappingFile | None:
    """The mapping file of that path or shipped name; where none is named, the extract's default."""
    known = known_mappings()
    if named is None:
        default = next((p for p in known.values() if _default_for(p) == extract.name), None)
        return read_mapping(default, extract) if default else None
    if named.is_file():
        return read_mapping(named, extract)
    if str(named) in known:
        return read_mapping(known[str(named)], extract)
    raise InputError(
        Text(
            f"没有映射文件 {named}。已有的是：{'、'.join(known)}。",
            f"There is no mapping file {named}. Those known by name: {', '.join(known)}.",
        )
    )


def own_mappings() -> Path:
    """Where the office's own mapping files are kept."""
    return house.data_folder() / "mappings"


def known_mappings() -> dict[str, Path]:
    """The mapping files that are found by name: the office's own, then those that ship.

    One of the office's own stands in for the one of that name that ships.
    """
    known: dict[str, Path] = {}
    for folder in (own_mappings(), house.MAPPINGS):
        for path in sorted(folder.glob("*.toml")):
            known.setdefault(path.stem, path)
    return known


def fitting_mappings(extract: Contract) -> list[str]:
    """The names of the known mapping files that can be read for an extract."""
    return [name for name, path in known_mappings().items() if _is_for(path, extract)]


def _is_for(path: Path, extract: Contract) -> bool:
    try:
        read_mapping(path, extract)
    except InputError:
        return False
    return True


def _default_for(path: Path) -> object:
    try:
        with path.open("rb") as file:
            return tomllib.load(file).get("default_for")
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        return None  # Whoever names it hears what is wrong with it.


def _wrong(path: Path, text: Text) -> InputError:
    return InputError(
        Text(f"映射文件 {path.name}：{text.zh}。", f"Mapping file {path.name}: {text.en}.")
    )


def _refuse_unknown(path: Path, found: Mapping[str, Any], known: Collection[str]) -> None:
    for key in found:
        if key not in known:
            listed = sorted(known)
            raise _wrong(
                path,
                Text(
                    f"不认识 {key}，可用：{'、'.join(listed)}",
                    f"{key} is not known here; known are {', '.join(listed)}",
                ),
            )


def _rule(path: Path, target: str, raw: Any) -> Rule:
    if isinstance(raw, str):
        return Rule(sources=(raw,))
    if not isinstance(raw, dict):
        raise _wrong(
            path, Text(f"{target} 应是列名或一张表", f"{target} must be a header or a table")
        )
    _refuse_unknown(path, raw, _RULE_KEYS)
    if sum(kind in raw for kind in _KINDS) != 1:
        kinds = ", ".join(_KINDS)
        raise _wrong(
            path,
            Text(f"{target} 需要且只能有 {kinds} 之一", f"{target} needs just one of {kinds}"),
        )
    for key, value in raw.items():
        _check_value(path, target, key, value)
    return _made(path, target, raw)


def _made(path: Path, target: str, raw: Mapping[str, Any]) -> Rule:
    said: dict[str, Any] = {k: v for k, v in raw.items() if k not in ("from", "join", "parts")}
    said |= {key: tuple(raw[key]) for key in (*_LISTS, "slice") if key in raw}
    sources = (raw["from"],) if "from" in raw else tuple(raw.get("join", ()))
    if "parts" in raw:
        said["parts"] = tuple(part for part in PARTS if part in raw["parts"])
        sources = tuple(raw["parts"][part] for part in said["parts"])
    if "sql" in raw:
        try:
            sources = read_formula(raw["sql"]).headers
        except InputError as error:
            raise _wrong(
                path, Text(f"{target} 的{error.text.zh}", f"of {target} {error.text.en}")
            ) from error
    if "split" in raw:
        said["split"] = Split(**raw["split"])
    if "factor" in raw:
        said["factor"] = Decimal(raw["factor"])
    return Rule(sources=sources, **said)


def _check_value(path: Path, target: str, key: str, value: Any) -> None:
    fits, wanted = _fits(key, value)
    if not fits:
        raise _wrong(
            path,
            Text(f"{target} 的 {key} 应是{wanted.zh}", f"{key} of {target} must be {wanted.en}"),
        )


def _fits(key: str, value: Any) -> tuple[bool, Text]:
    """Whether a key's value is of the kind that it must be, and that kind in words."""
    if key in _LISTS or key == "join":
        return _all_texts(value, list), Text("一列文字", "a list of texts")
    if key in _TABLES:
        return _all_texts(value, dict), Text("文字对文字的表", "a table of text to text")
    if key in _FLAGS:
        return value is True, Text("true", "true")
    if key in _CHOICES:
        listed = ", ".join(_CHOICES[key])
        return value in _CHOICES[key], Text(f" {listed} 之一", f"one of {listed}")
    if key == "parts":
        return _are_parts(value), Text(
            f"列名的表：{'、'.join(PARTS)}，年月日必填，不能有间断",
            f"a table of headers: {', '.join(PARTS)}; the first three, then none left out",
        )
    if key == "split":
        fits = (
            isinstance(value, dict)
            and set(value) == {"by", "part"}
            and isinstance(value["by"], str)
            and value["by"] != ""
            and type(value["part"]) is int
            and value["part"] != 0
        )
        return fits, Text(
            "{ by = 分隔文字, part = 第几段 }，从 1 数起，负数从末尾数",
            "{ by = a text, part = which piece }, from 1, or below 0 from the end",
        )
    if key == "slice":
        fits = isinstance(value, list) and len(value) == 2 and all(type(n) is int for n in value)
        return fits and 0 <= value[0] < value[1], Text(
            "[起, 止]，从 0 数起，不含止", "[start, end], counted from 0, the end left out"
        )
    if key == "factor":
        number = Decimal(value) if type(value) in (int, Decimal) else Decimal(0)
        return number.is_finite() and number != 0, Text("不为 0 的数", "a number other than 0")
    return isinstance(value, str), Text("一段文字", "a text")


def _all_texts(value: Any, kind: type) -> bool:
    texts = value.values() if isinstance(value, dict) else value
    return isinstance(value, kind) and all(isinstance(one, str) for one in texts)


def _are_parts(value: Any) -> bool:
    return _all_texts(value, dict) and len(value) >= 3 and set(value) == set(PARTS[: len(value)])


def _check_use(path: Path, column: Column, rule: Rule) -> None:
    """Refuse what a column of its type has no use for, and formats that nothing can be read by."""
    dates, numbers = ("date", "timestamp"), ("integer", "number")
    uses = {
        "row_key": (("text",), Text("不是文字", "no text")),
        "formats": (dates, Text("不是日期", "no date")),
        "order": (dates, Text("不是日期", "no date")),
        "era": (dates, Text("不是日期", "no date")),
        "parts": (dates, Text("不是日期", "no date")),
        "date_only": (("timestamp",), Text("不是时间", "no time")),
        "factor": (numbers, Text("不是数值", "no number")),
    }
    for key, (types, reason) in uses.items():
        if getattr(rule, key) and column.type not in types:
            raise _wrong(
                path,
                Text(
                    f"{key} 不能用于 {column.name}（{reason.zh}）",
                    f"{key} is not for {column.name}: {reason.en}",
                ),
            )
    for key, others in _NOT_WITH.items():
        both = next((other for other in others if getattr(rule, other)), None)
        if getattr(rule, key) and both:
            raise _wrong(
                path,
                Text(
                    f"{column.name} 有 {key}，不能再有 {both}",
                    f"{column.name} has {key} and so can't have {both}",
                ),
            )
    for form in (*rule.formats, *rule.date_only):
        try:
            datetime.strptime(datetime(2001, 2, 3).strftime(form), form)
        except ValueError as error:
            raise _wrong(
                path,
                Text(
                    f"{column.name} 的格式 {form} 不对（{error}）",
                    f"the format {form} of {column.name} is wrong ({error})",
                ),
            ) from error


_TRANSLATIONS = (*_TABLES, "split", "slice")
_NOT_WITH: Mapping[str, tuple[str, ...]] = {
    # The forms are those of what the rule names; the file's own column may have others.
    "only_if_missing": ("formats", "date_only", "order", "era"),
    "formats": ("order", "era"),
    "order": ("era",),
    "parts": ("formats", "date_only", "order", *_TRANSLATIONS),
    "sql": _TRANSLATIONS,
    "row_key": ("nulls", *_TRANSLATIONS),
    "value": ("nulls", "factor", *_TRANSLATIONS),
    "factor": _TABLES,
}
"""What can't stand beside what in one rule."""
