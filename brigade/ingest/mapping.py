"""Mapping files: what a person says of a file whose headers or values are not the contract's."""

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from pathlib import Path
from typing import Any

from brigade import house
from brigade.contracts import Column, Contract
from brigade.errors import InputError
from brigade.text import Text

OTHERS = ("keep", "null", "reject")


@dataclass(frozen=True, slots=True)
class Rule:
    """How one column is made; docs/import.md says what each key means.

    ``sources`` are headers of the file or names of contract columns (the header that fits one).
    """

    sources: tuple[str, ...] = ()
    value: str | None = None
    row_key: bool = False
    without: tuple[str, ...] = ()
    nulls: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    date_only: tuple[str, ...] = ()
    codes: Mapping[str, str] = field(default_factory=dict)
    ends: Mapping[str, str] = field(default_factory=dict)
    other: str = "keep"
    replace_end: Mapping[str, str] = field(default_factory=dict)
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
_KINDS = ("from", "join", "value", "row_key")


def read_mapping(path: Path, extract: Contract) -> MappingFile:
    """Read a mapping file for an extract; :class:`InputError` names the file and what is wrong."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8-sig"))
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
    shipped = {path.stem: path for path in sorted(house.MAPPINGS.glob("*.toml"))}
    if named is None:
        default = next((p for p in shipped.values() if _default_for(p) == extract.name), None)
        return read_mapping(default, extract) if default else None
    if named.is_file():
        return read_mapping(named, extract)
    if str(named) in shipped:
        return read_mapping(shipped[str(named)], extract)
    raise InputError(
        Text(
            f"没有映射文件 {named}。自带的有：{'、'.join(shipped)}。",
            f"There is no mapping file {named}. Those that ship: {', '.join(shipped)}.",
        )
    )


def _default_for(path: Path) -> object:
    with path.open("rb") as file:
        return tomllib.load(file).get("default_for")


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
    _check_kinds(path, target, raw)
    said: dict[str, Any] = {key: value for key, value in raw.items() if key not in ("from", "join")}
    said.update({key: tuple(raw[key]) for key in _LISTS if key in raw})
    sources = (raw["from"],) if "from" in raw else tuple(raw.get("join", ()))
    return Rule(sources=sources, **said)


def _check_kinds(path: Path, target: str, raw: Mapping[str, Any]) -> None:
    wanted = {
        **dict.fromkeys(("from", "value", "other"), Text("一段文字", "a text")),
        **dict.fromkeys(("join", *_LISTS), Text("一列文字", "a list of texts")),
        **dict.fromkeys(_TABLES, Text("文字对文字的表", "a table of text to text")),
        **dict.fromkeys(_FLAGS, Text("true", "true")),
    }
    for key, value in raw.items():
        if key in _LISTS or key == "join":
            fits = isinstance(value, list) and all(isinstance(one, str) for one in value)
        elif key in _TABLES:
            fits = isinstance(value, dict) and all(isinstance(v, str) for v in value.values())
        else:
            fits = value is True if key in _FLAGS else isinstance(value, str)
        if not fits:
            kind = wanted[key]
            raise _wrong(
                path,
                Text(f"{target} 的 {key} 应是{kind.zh}", f"{key} of {target} must be {kind.en}"),
            )
    if raw.get("other", "keep") not in OTHERS:
        listed = ", ".join(OTHERS)
        raise _wrong(
            path,
            Text(f"{target} 的 other 应是 {listed} 之一", f"other of {target} is one of {listed}"),
        )


def _check_use(path: Path, column: Column, rule: Rule) -> None:
    """Refuse what a column of its type has no use for, and formats that nothing can be read by."""
    if rule.row_key and column.type != "text":
        raise _wrong(
            path,
            Text(f"row_key 不能用于 {column.name}", f"row_key is not for {column.name}: no text"),
        )
    if rule.formats and column.type not in ("date", "timestamp"):
        raise _wrong(
            path,
            Text(f"formats 不能用于 {column.name}", f"formats is not for {column.name}: no date"),
        )
    if rule.date_only and column.type != "timestamp":
        raise _wrong(
            path,
            Text(
                f"date_only 不能用于 {column.name}", f"date_only is not for {column.name}: no time"
            ),
        )
    if rule.only_if_missing and (rule.formats or rule.date_only):
        # The forms are those of what the rule names; the file's own column may have others.
        raise _wrong(
            path,
            Text(
                f"{column.name} 有 only_if_missing，不能再有 formats 或 date_only",
                f"{column.name} has only_if_missing and so can't have formats or date_only",
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


def translate(rule: Rule, text: str) -> tuple[str | None, bool]:
    """What a mapping makes of one text, and whether it refuses it."""
    if text in rule.nulls:
        return None, False
    if text in rule.codes:
        return rule.codes[text] or None, False
    end = _longest_end(rule.ends, text)
    if end is not None:
        return rule.ends[end] or None, False
    if rule.codes or rule.ends:
        return (text, False) if rule.other == "keep" else (None, rule.other == "reject")
    end = _longest_end(rule.replace_end, text)
    if end is not None:
        text = text.removesuffix(end) + rule.replace_end[end]
    return text or None, False


def _longest_end(ends: Mapping[str, str], text: str) -> str | None:
    return max((end for end in ends if text.endswith(end)), key=len, default=None)
