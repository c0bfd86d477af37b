"""Which cells of a file become which column: by header, or as a mapping file says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pyarrow as pa
import pyarrow.compute as pc

from brigade.contracts import Column, Contract
from brigade.errors import InputError
from brigade.ingest.headers import matches
from brigade.ingest.making import Cells, made
from brigade.ingest.mapping import MappingFile, Rule
from brigade.ingest.moments import ORDERS, SHORT, orders_that_fit
from brigade.ingest.read import ADDED, Table, batches, decoded, header_form
from brigade.text import Text

__all__ = ["Cells", "Plan", "Source", "cells_of", "plan"]


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

    Where dates such as 1/13/22 are found, all rows are looked at for the order of day and month.
    Raises :class:`InputError` where two headers fit one column, or none fits a column that must
    be there.
    """
    matched = matches(file.headers, extract, two_rows=file.two_rows)
    sources: list[Source] = []
    lacking: list[str] = []
    for column in extract.stored_columns:
        rule = mapping.rules.get(column.name) if mapping else None
        own = None
        if rule is None or rule.only_if_missing:
            own = _by_header(file, column, matched[column.name])
        ruled = _by_rule(file, column, rule, matched, [] if own else lacking) if rule else None
        source = replace(ruled, own=own.positions[0]) if ruled and own else ruled or own
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
    sources = _with_orders(file, sources)
    return Plan(extract, file.headers, sources, tuple(unused), tuple(lacking), name)


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
    if (rule.parts or rule.sql) and len(positions) < len(rule.sources):
        return None
    return Source(column, rule, tuple(positions)) if positions else None


def _refuse_two(file: Table, wanted: Text, positions: Sequence[int]) -> None:
    if len(positions) < 2:
        return
    zh = "、".join(f"第 {i + 1} 列“{file.headers[i]}”" for i in positions)
    en = " and ".join(f"“{file.headers[i]}” (column {i + 1})" for i in positions)
    raise InputError(
        Text(
            f"文件 {file.path.name} 有多个列名都对应“{wanted.zh}”：{zh}。"
            "请改名，或在列的对应中指定用哪一列（命令行：映射文件 --map）。",
            f"In file {file.path.name} several headers fit “{wanted.en}”: {en}. "
            "Rename one, or say which to take among the columns (at the command line in a "
            "mapping file, --map).",
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
            f"文件的列名是：{'、'.join(headers)}。请改列名，"
            "或在列的对应中指定哪一列是它（命令行：映射文件 --map）。",
            f"File {file.path.name} lacks columns that “{extract.label.en}” must have: {en}. "
            f"Its headers are: {', '.join(headers)}. Rename them, or say among the columns "
            "which is which (at the command line in a mapping file, --map).",
        )
    )


def _with_orders(file: Table, sources: Sequence[Source]) -> list[Source]:
    """Sources of dates that need an order of day and month, with that which the file tells.

    A column is looked at as a whole where the first rows have such a date.
    """
    open_ = [
        place
        for place, source in enumerate(sources)
        if source.column.type in ("date", "timestamp")
        and not (source.rule.formats or source.rule.order or source.rule.era)
    ]
    orders: dict[int, tuple[str, ...]] = {}
    for number, batch in enumerate(batches(file) if open_ else ()):
        for place in list(orders) if number else open_:
            cells = decoded(_cells(sources[place], file.headers, batch.cells).text)
            # The days alone: they are far fewer than the times.
            days = pc.struct_field(pc.extract_regex(cells, SHORT), "day")
            short = days.drop_null().unique()
            if len(short):
                orders[place] = orders_that_fit(short.to_pylist(), orders.get(place, ORDERS))
        if not orders:
            break
    told = {place: left[0] for place, left in orders.items() if len(left) == 1}
    return [
        replace(source, rule=replace(source.rule, order=told.get(place, source.rule.order)))
        for place, source in enumerate(sources)
    ]


def cells_of(source: Source, plan: Plan, cells: Sequence[pa.Array]) -> Cells:
    """The text that a column is read from, for the rows of one batch.

    Where that is one column of the file as it stands, it is dictionary-encoded if that one is.
    """
    return _cells(source, plan.headers, cells)


def _cells(source: Source, headers: Sequence[str], cells: Sequence[pa.Array]) -> Cells:
    rule, kind = source.rule, source.column.type
    if rule == Rule() and len(source.positions) == 1:
        return Cells(cells[source.positions[0]])
    needed = {*source.positions, source.own}
    cells = [
        decoded(column) if rule.row_key or place in needed else column
        for place, column in enumerate(cells)
    ]
    if source.own is None:
        return made(rule, kind, source.positions, headers, cells)
    own = cells[source.own]
    missing = pc.is_null(own)
    wanted = set(source.positions)
    blanked = [
        pc.if_else(missing, column, None) if place in wanted else column
        for place, column in enumerate(cells)
    ]
    text = made(rule, kind, source.positions, headers, blanked)
    refused = None if text.refused is None else pc.and_(text.refused, missing)
    return replace(text, text=pc.coalesce(own, text.text), refused=refused)
