"""Mappings that a person has chosen, saved as the files that others are read from."""

import json
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from brigade.contracts import Contract
from brigade.errors import InputError
from brigade.ingest.formulas import read_formula
from brigade.ingest.mapping import Rule, Split, own_mappings, read_mapping
from brigade.text import Text

_NAME = re.compile(r"\w[\w-]{0,63}")


def own_mapping(name: str) -> Path:
    """Where the office's mapping of a name is kept; :class:`InputError` where it can't be one."""
    if not _NAME.fullmatch(name):
        raise InputError(
            Text(
                f"“{name}”不能作映射的名称：只能用汉字、字母、数字、- 和 _，最多 64 个字。",
                f"“{name}” can't be a mapping's name: only letters, digits, - and _, 64 at most.",
            )
        )
    return own_mappings() / f"{name}.toml"


def write_mapping(
    path: Path, rules: Mapping[str, Rule], extract: Contract, *, default: bool = False
) -> None:
    """Save rules by column as a mapping file for an extract, in the place of one that was there.

    ``default`` makes it the mapping that is used for the extract where none is named. What would
    not read back as the same is not written; :class:`InputError` says why.
    """
    text = mapping_text(rules, extract.name if default else None)
    # A formula names its headers itself.
    wanted = {name: _with_headers(rule) for name, rule in rules.items()}
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".mapping-") as folder:
        draft = Path(folder) / path.name
        draft.write_text(text, encoding="utf-8", newline="\n")
        if read_mapping(draft, extract).rules != wanted:
            raise InputError(
                Text(
                    f"映射文件 {path.name} 没有保存：其中有互相矛盾的设置，请重新选择。",
                    f"Mapping file {path.name} was not saved: some settings contradict each other; "
                    "choose again.",
                )
            )
        draft.replace(path)


def _with_headers(rule: Rule) -> Rule:
    return rule if rule.sql is None else replace(rule, sources=read_formula(rule.sql).headers)


def mapping_text(rules: Mapping[str, Rule], default_for: str | None = None) -> str:
    """Rules by column as the text of a mapping file."""
    lines = [f"default_for = {_toml(default_for)}", ""] if default_for else []
    lines.append("[columns]" if rules else "columns = {}")
    lines += [f"{name} = {_toml(_said(rule))}" for name, rule in rules.items()]
    return "\n".join(lines) + "\n"


def _said(rule: Rule) -> str | dict[str, Any]:
    """A rule as its file says it."""
    keys = dict(_keys(rule))
    return keys["from"] if set(keys) == {"from"} else keys


def _keys(rule: Rule) -> Iterator[tuple[str, Any]]:
    if rule.parts:
        yield "parts", dict(zip(rule.parts, rule.sources, strict=True))
    elif rule.sources and rule.sql is None:
        one = len(rule.sources) == 1
        yield ("from", rule.sources[0]) if one else ("join", list(rule.sources))
    unsaid = Rule()
    for each in fields(rule):
        value = getattr(rule, each.name)
        if each.name not in ("sources", "parts") and value != getattr(unsaid, each.name):
            yield each.name, value


def _toml(value: Any) -> str:
    """A value on one line, as TOML has it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, Split):
        return _toml({"by": value.by, "part": value.part})
    if isinstance(value, Mapping):
        pairs = ", ".join(f"{_key(key)} = {_toml(one)}" for key, one in value.items())
        return f"{{ {pairs} }}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return f"[{', '.join(map(_toml, value))}]"
    return str(value) if isinstance(value, int) else _quoted(value)


def _key(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else _quoted(key)


def _quoted(text: str) -> str:
    # Strings of TOML are those of JSON, but for this one letter.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
