"""A question asked: bound like any query, run apart, its rows or the reason why there are none."""

import logging
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import pyarrow as pa

from brigade.console.question import Question, read_question, wrong_sql
from brigade.engine.duckdb import whole_numbers
from brigade.engine.protocol import Engine
from brigade.engine.relations import Bound, Reader, bind_text
from brigade.engine.sandbox import ENDED, SECONDS, Sandbox, SandboxError
from brigade.engine.sandboxed import WRAPPED
from brigade.engine.serving import database_of
from brigade.errors import QuestionError
from brigade.filters import Filters
from brigade.text import Text

ROWS_SHOWN = 1_000
"""How many rows a page shows."""
ROWS_SAVED = 100_000
"""How many rows a CSV holds at most."""
AT_ONCE = 2
"""How many questions are answered at the same moment; others wait."""

_log = logging.getLogger(__name__)
_turn = threading.BoundedSemaphore(AT_ONCE)

_WRONG = frozenset({"ParserException", "BinderException", "CatalogException", "SyntaxException"})
_TOO_LONG = frozenset({"InterruptException", ENDED})
_TOO_LARGE = frozenset({"OutOfMemoryException", "MemoryError"})
_VALUES = frozenset(
    {"ConversionException", "OutOfRangeException", "InvalidInputException", "ArrowInvalid"}
)


@dataclass(frozen=True, slots=True)
class Answer:
    """The rows of a question, whether there are more, how long it took, and what was run."""

    table: pa.Table
    more: bool
    seconds: float
    bound: Bound


def ask(
    text: str,
    filters: Filters,
    engine: Engine,
    reader: Reader,
    *,
    rows: int = ROWS_SHOWN,
    seconds: float = SECONDS,
) -> Answer:
    """Answer a person's SQL under these filters; :class:`QuestionError` says why it can't be."""
    if not engine.local:
        raise QuestionError(
            Text(
                "数据在集群上，这里不能运行自己写的 SQL；请用集群自己的查询工具。",
                "The rows are on a cluster: SQL of your own isn't run from here. Use the cluster's "
                "own tools.",
            )
        )
    started = time.monotonic()
    if not _turn.acquire(timeout=seconds):
        raise QuestionError(
            Text("其他人正在提问，请稍后再试。", "Others are asking just now; try again soon.")
        )
    try:
        with Sandbox(database_of(engine.release), seconds) as sandbox:
            question = read_question(text, sandbox)
            engine.require(*question.extracts)
            bound = bind_question(question, filters, reader, rows + 1)
            table = sandbox.run(bound.literal(), question.extracts)
    except SandboxError as error:
        raise _failure(error, seconds) from error
    finally:
        _turn.release()
    taken = time.monotonic() - started
    return Answer(_readable(table.slice(0, rows)), table.num_rows > rows, taken, bound)


def bind_question(question: Question, filters: Filters, reader: Reader, rows: int) -> Bound:
    """What a question's names stand for, and no more than so many rows of its answer."""
    sql = f"{WRAPPED.format(sql=question.sql)}\nlimit {rows}"
    return bind_text(sql, question.relations, question.identifiers, filters, reader)


def _failure(error: SandboxError, seconds: float) -> QuestionError:
    """Why a question has no answer. What DuckDB says of values is left out: it would show some."""
    if error.kind in _WRONG:
        return wrong_sql(str(error).partition(": ")[2] or str(error))
    texts: Mapping[frozenset[str], Text] = {
        _TOO_LONG: Text(
            f"超过 {seconds:g} 秒，已停止。请缩短时段、加筛选或写得简单些。",
            f"Stopped after {seconds:g} seconds. Take a shorter period, filter, or ask for less.",
        ),
        _TOO_LARGE: Text(
            "需要的内存太多，已停止。请缩短时段、加筛选或减少分组。",
            "Stopped: it takes too much memory. Take a shorter period, filter, or group by less.",
        ),
        _VALUES: Text(
            "有的值不能这样转换或计算，请用 try_cast，或先去掉空值和异常值。",
            "Some value can't be converted or computed so; use try_cast, or leave such rows out.",
        ),
    }
    for kinds, text in texts.items():
        if error.kind in kinds:
            return QuestionError(text)
    _log.warning("a question failed with %s: %s", error.kind, error)
    return QuestionError(
        Text("这条 SQL 没有成功，请换一种写法。", "The SQL failed; write it in another way.")
    )


def _readable(table: pa.Table) -> pa.Table:
    """A table whose columns have names of their own and values that a CSV can hold."""
    names: list[str] = []
    for name in table.column_names:
        n = 2
        unique = name
        while unique in names:
            unique, n = f"{name}_{n}", n + 1
        names.append(unique)
    return pa.table([_written(column) for column in table.columns], names=names)


def _written(column: pa.ChunkedArray) -> pa.ChunkedArray:
    kind = column.type
    if pa.types.is_decimal(kind) and kind.scale == 0:
        try:
            return whole_numbers(pa.table({"": column})).column(0)
        except pa.ArrowInvalid:
            return column.cast(pa.float64())
    if pa.types.is_decimal(kind):
        return column.cast(pa.float64())
    plain = (pa.types.is_primitive(kind) and not pa.types.is_duration(kind)) or (
        pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_boolean(kind)
    )
    if plain and not pa.types.is_interval(kind):
        return column
    cells = [None if cell is None else _text(cell) for cell in column.to_pylist()]
    return pa.chunked_array([pa.array(cells, pa.string())])


def _text(cell: object) -> str:
    """A value that no column of a release has, such as a list or the time between two times."""
    if isinstance(cell, pa.MonthDayNano):
        months, days, nanoseconds = cell
        hours = timedelta(days=days, microseconds=nanoseconds // 1000)
        return f"{months} months {hours}" if months else str(hours)
    return str(cell)
