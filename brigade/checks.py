"""Whether contracts, queries, metrics and the release in force agree with each other."""

from collections.abc import Callable, Iterator

import pyarrow as pa

from brigade.contracts import Contract, all_contracts
from brigade.engine.configured import engine_for
from brigade.engine.protocol import Engine
from brigade.engine.relations import MASKS, Reader
from brigade.errors import BrigadeError, MissingExtractError
from brigade.filters import Filters, Period, column_of
from brigade.ingest.faults import across_columns
from brigade.ingest.known import known_for
from brigade.ingest.values import ARROW
from brigade.metrics import all_metrics
from brigade.queries import BEFORE, Query, extract_of, output_columns, query, query_names
from brigade.releases import Release
from brigade.results import fetch
from brigade.text import Text


def check_house(release: Callable[[], Release]) -> list[Text]:
    """Every disagreement found, each in one sentence; an empty list when all agree."""
    faults: list[Text] = []
    try:
        all_contracts()
        all_metrics()
    except BrigadeError as error:
        return [error.text]
    faults += _contract_faults()
    faults += _metric_faults()
    queries: list[Query] = []
    for name in query_names():
        try:
            found = query(name)
            faults += _query_faults(found)
            queries.append(found)
        except BrigadeError as error:
            faults.append(error.text)
    try:
        engine = engine_for(release())
    except BrigadeError as error:
        return [*faults, error.text]
    return [*faults, *_run_faults(queries, engine)]


def _contract_faults() -> Iterator[Text]:
    known = all_contracts()
    for extract in known.values():
        yield from _check_faults(extract)
        for column in extract.columns.values():
            lender = column.borrowed[0] if column.borrowed else column.refers
            if lender is not None and lender not in known:
                yield Text(
                    f"约定 {extract.name} 的列 {column.name} 指向不存在的数据 {lender}。",
                    f"Contract {extract.name}, column {column.name}: no extract {lender}.",
                )
            if column.personal is not None and column.personal not in MASKS:
                yield Text(
                    f"约定 {extract.name} 的列 {column.name}：没有遮盖方式 {column.personal}。",
                    f"Contract {extract.name}, column {column.name}: no mask {column.personal}.",
                )


def _check_faults(extract: Contract) -> Iterator[Text]:
    """What would stop an import: a condition that doesn't run, a code list that isn't there."""
    nothing = {c.name: pa.array([], ARROW[c.type]) for c in extract.stored_columns}
    try:
        list(across_columns(extract, nothing, known_for(extract, None)))
    except BrigadeError as error:
        yield error.text


def _metric_faults() -> Iterator[Text]:
    for metric in all_metrics().values():
        if metric.rows is not None and extract_of(metric.rows) not in all_contracts():
            yield Text(
                f"指标 {metric.name} 指向不存在的数据 {metric.rows}。",
                f"Metric {metric.name}: no extract {metric.rows}.",
            )
        for key in metric.where:
            try:
                column_of(key)
            except BrigadeError as error:
                yield Text(
                    f"指标 {metric.name}：{error.text.zh}", f"Metric {metric.name}: {error.text.en}"
                )
        if metric.query is not None and not _computes(metric.query, metric.name):
            yield Text(
                f"指标 {metric.name}：查询 {metric.query} 没有一行给出它。",
                f"Metric {metric.name}: the query {metric.query} does not give it in one row.",
            )


def _computes(name: str, wanted: str) -> bool:
    """Whether a query exists, returns nothing but metrics (so one row), and this one among them."""
    if name not in query_names():
        return False
    columns = output_columns(query(name))
    return all(c.metric for c in columns) and wanted in [c.name for c in columns]


def _query_faults(found: Query) -> Iterator[Text]:
    for column in output_columns(found):
        metric = column.metric
        if metric is None or metric.kind != "ratio":
            continue
        for part in (str(metric.numerator), str(metric.denominator)):
            if part not in found.columns:
                yield Text(
                    f"查询 {found.name}：{metric.name} 需要列 {part}。",
                    f"Query {found.name}: {metric.name} needs the column {part}.",
                )
    for key in found.ignores:
        try:
            column_of(key)
        except BrigadeError as error:
            yield Text(
                f"查询 {found.name}：{error.text.zh}", f"Query {found.name}: {error.text.en}"
            )
    if any(relation.endswith(BEFORE) for relation in found.relations) and found.compares:
        yield Text(
            f"查询 {found.name} 自己读对比时段，开头要写 compare: none。",
            f"Query {found.name} reads the period before itself: say compare: none in its header.",
        )


def _run_faults(queries: list[Query], engine: Engine) -> Iterator[Text]:
    newest = engine.release.newest_day
    if newest is None:
        return
    filters = Filters(Period(newest.replace(month=1, day=1), newest))
    for found in queries:
        try:
            result = fetch(found, filters, engine, Reader())
        except MissingExtractError:
            continue
        except BrigadeError as error:
            yield error.text
            continue
        dimensions = [column.name for column in result.dimensions]
        keys = [tuple(row[name] for name in dimensions) for row in result.rows]
        if len(set(keys)) < len(keys):
            yield Text(
                f"查询 {found.name} 的行有重复的 {'、'.join(dimensions)}。",
                f"Query {found.name} gives rows that repeat {', '.join(dimensions)}.",
            )
