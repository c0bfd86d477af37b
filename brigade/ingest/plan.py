"""Which cells of a file become which column: by header, or as a mapping file says."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import pyarrow as pa
import pyarrow.compute as pc

from brigade.contracts import Column, Contract
from brigade.errors import InputError
from brigade.ingest.mapping import MappingFile, Rule, translate
from brigade.ingest.read import ADDED, JOINT, Table, header_form
from brigade.text import Text


@dataclass(frozen=True, slots=True)
class Source:
    """A column of the extract, the rule that makes it, and the positions of its cells in a row.

    ``own`` is the position of the file's own column for this: a cell filled there stands as it is,
    and the rule makes the others.
    """

    column: Column
    rule: Rule
    positions: tuple[int, ...]
    own: int | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """How a file becomes rows of an extract.

    ``unused`` are the positions of headers that nothing takes; ``lacking`` what the mapping names
    and the file doesn't have.
    """

    extract: Contract
    headers: tuple[str, ...]
    sources: Sequence[Source]
    unused: tuple[int, ...]
    lacking: tuple[str, ...]
    mapping: str | None


def plan(file: Table, extract: Contract, mapping: MappingFile | None) -> Plan:
    """Find a file's headers for the columns of an extract, by the mapping first, then by name.

    Raises :class:`InputError` where two headers fit one column, or none fits a column that must
    be there.
    """
    matched = _matches(file, extract)
    sources: list[Source] = []
    lacking: list[str] = []
    for column in extract.stored_columns:
        rule = mapping.rules.get(column.name) if mapping else None
        own = None
        if rule is None or rule.only_if_missing:
            own = _by_header(file, column, matched[column.name])
        made = _by_rule(file, column, rule, matched, [] if own else lacking) if rule else None
        source = replace(made, own=own.positions[0]) if made and own else made or own
        if source:
            sources.append(source)
    _refuse_missing(file, extract, {source.column.name for source in sources})
    used = {position for source in sources for position in (*source.positions, source.own)}
    unused = [
        position
        for position, header in enumerate(file.headers)
        if header and position not in used and not header.startswith(ADDED)
    ]
    name = mapping.name if mapping else None
    return Plan(extract, file.headers, sources, tuple(unused), tuple(lacking), name)


def _matches(file: Table, extract: Contract) -> dict[str, list[int]]:
    """For each column the positions of the headers that fit its name, labels or aliases.

    Of a header in two rows the lower alone may fit, where none fits whole.
    """
    forms = [header_form(header) for header in file.headers]
    lower = [header_form(h.rpartition(JOINT)[2]) for h in file.headers] if file.two_rows else []
    matched = {}
    for column in extract.stored_columns:
        names = (column.name, column.label.zh, column.label.en, *column.aliases)
        known = {header_form(name) for name in names}
        matched[column.name] = [i for i, form in enumerate(forms) if form in known] or [
            i for i, form in enumerate(lower) if form in known
        ]
    return matched


def _by_header(file: Table, column: Column, positions: Sequence[int]) -> Source | None:
    _refuse_two(file, column.label, positions)
    return Source(column, Rule(), tuple(positions)) if positions else None


def _by_rule(
    file: Table,
    column: Column,
    rule: Rule,
    matched: Mapping[str, list[int]],
    lacking: list[str],
) -> Source | None:
    if rule.row_key or rule.value is not None:
        return Source(column, rule, ())
    positions: list[int] = []
    for name in rule.sources:
        form = header_form(name)
        found = [i for i, header in enumerate(file.headers) if header_form(header) == form]
        found = found or matched.get(name, [])
        _refuse_two(file, Text(name, name), found)
        positions += found
        if not found:
            lacking.append(name)
    return Source(column, rule, tuple(positions)) if positions else None


def _refuse_two(file: Table, wanted: Text, positions: Sequence[int]) -> None:
    if len(positions) < 2:
        return
    zh = "、".join(f"第 {i + 1} 列“{file.headers[i]}”" for i in positions)
    en = " and ".join(f"“{file.headers[i]}” (column {i + 1})" for i in positions)
    raise InputError(
        Text(
            f"文件 {file.path.name} 有多个列名都对应“{wanted.zh}”：{zh}。"
            "请改名，或用映射文件（--map）指定用哪一列。",
            f"In file {file.path.name} several headers fit “{wanted.en}”: {en}. "
            "Rename one, or say in a mapping file (--map) which to take.",
        )
    )


def _refuse_missing(file: Table, extract: Contract, found: set[str]) -> None:
    missing = [c for c in extract.stored_columns if c.required and c.name not in found]
    if not missing:
        return
    for finding in file.findings:
        if finding.kind == "crosstab":
            name, text = file.path.name, finding.text
            raise InputError(Text(f"文件 {name}：{text.zh}", f"File {name}: {text.en}"))
    zh = "、".join(f"{c.label.zh}（{c.name}）" for c in missing)
    en = ", ".join(f"{c.label.en} ({c.name})" for c in missing)
    headers = [header for header in file.headers if header]
    raise InputError(
        Text(
            f"文件 {file.path.name} 缺少导入“{extract.label.zh}”必需的列：{zh}。"
            f"文件的列名是：{'、'.join(headers)}。请改列名，或用映射文件（--map）说明哪一列是它。",
            f"File {file.path.name} lacks columns that “{extract.label.en}” must have: {en}. "
            f"Its headers are: {', '.join(headers)}. Rename them, or say in a mapping file (--map) "
            "which is which.",
        )
    )


@dataclass(frozen=True, slots=True)
class Cells:
    """The text of one column: null where blank, and the rows whose code the mapping refuses."""

    text: pa.Array
    refused: pa.Array | None = None


def cells_of(source: Source, plan: Plan, cells: Sequence[pa.Array]) -> Cells:
    """The text that a column is read from, for the rows of one batch."""
    made = _made(source, plan, cells)
    if source.own is None:
        return made
    own = cells[source.own]
    refused = None if made.refused is None else pc.and_(made.refused, pc.is_null(own))
    return Cells(pc.coalesce(own, made.text), refused)


def _made(source: Source, plan: Plan, cells: Sequence[pa.Array]) -> Cells:
    """The text that the rule makes."""
    rule = source.rule
    if rule.row_key:
        return Cells(_row_keys(plan.headers, cells, rule.without))
    if rule.value is not None:
        return Cells(pa.array([rule.value or None] * len(cells[0]), pa.string()))
    text = cells[source.positions[0]]
    if len(source.positions) > 1:
        parts = [cells[position] for position in source.positions]
        text = pc.binary_join_element_wise(*parts, " ", null_handling="skip")
        text = pc.if_else(pc.equal(text, ""), None, text)
    if not (rule.nulls or rule.codes or rule.ends or rule.replace_end):
        return Cells(text)
    texts = text.dictionary_encode()
    known = [translate(rule, one) for one in texts.dictionary.to_pylist()]
    translated = pa.array([value for value, _ in known], pa.string()).take(texts.indices)
    if rule.other != "reject":
        return Cells(translated)
    refused = pa.array([refuse for _, refuse in known], pa.bool_()).take(texts.indices)
    return Cells(translated, pc.fill_null(refused, False))


def _row_keys(
    headers: Sequence[str], cells: Sequence[pa.Array], without: Sequence[str]
) -> pa.Array:
    """A key made of all that a row holds, whatever the order of the columns.

    The same row gives the same key, in this file or another; blank cells count for nothing.
    """
    left_out = {header_form(header) for header in without}
    parts = [
        pc.binary_join_element_wise(pa.scalar(form), column, "\x1f")
        for form, column in _in_order(headers, cells)
        if form not in left_out
    ]
    if not parts:
        return pa.nulls(len(cells[0]), pa.string())
    rows = pc.binary_join_element_wise(*parts, "\x1e", null_handling="skip")
    keys = [hashlib.blake2b(row.encode(), digest_size=12).hexdigest() for row in rows.to_pylist()]
    return pa.array(keys, pa.string())


def _in_order(headers: Sequence[str], cells: Sequence[pa.Array]) -> Iterator[tuple[str, pa.Array]]:
    own = [i for i, header in enumerate(headers) if not header.startswith(ADDED)]
    for position in sorted(own, key=lambda i: header_form(headers[i])):
        yield header_form(headers[position]), cells[position]
