"""Formulas in mappings: one SQL expression over a file's own columns, and nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from brigade.errors import InputError
from brigade.ingest.read import header_form
from brigade.text import Text

FAILED = Text("映射文件中的公式算不出这一行", "the mapping file's formula fails on this row")
"""Why a row has no value where its formula can't be worked out."""

_SYNTAX = """
    Column Identifier Literal Boolean Null Paren Cast TryCast DataType DataTypeParam Case If In
    Between Is Not And Or Neg EQ NEQ GT GTE LT LTE Like ILike Add Sub Mul Div IntDiv Mod DPipe
"""
_NAMES = """
    abs ceil coalesce concat concat_ws contains day ends_with floor greatest hour least left length
    lower ltrim make_date make_timestamp minute month nullif regexp_extract regexp_full_match
    regexp_matches right round rtrim second split_part starts_with strftime strpos strptime
    substring trim try_strptime upper year
"""
# How sqlglot calls them; those that it doesn't know are Anonymous and go by name.
_CLASSES = """
    Abs Ceil Coalesce Concat ConcatWs Contains Day EndsWith Floor Greatest Hour Least Left Length
    Lower Trim DateFromParts TimestampFromParts Minute Month Nullif RegexpExtract RegexpFullMatch
    RegexpLike Right Round Second SplitPart StartsWith TimeToStr StrPosition StrToTime Substring
    Upper Year
"""
FUNCTIONS = tuple(_NAMES.split())
"""What a formula may call. Left out on purpose: what reads files, settings or the clock, and what
makes a long text of a short one (repeat, lpad, replace), which takes memory that DuckDB does not
count."""
_NODES = frozenset((_SYNTAX + _CLASSES).split())
_TYPES = frozenset(
    {"BIGINT", "BOOLEAN", "DATE", "DECIMAL", "DOUBLE", "INT"}
    | {"SMALLINT", "TEXT", "TIME", "TIMESTAMP", "VARCHAR"}
)

_SETTINGS: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": "false",
    "autoload_known_extensions": "false",
    "autoinstall_known_extensions": "false",
    # One thread keeps the rows in their order.
    "threads": "1",
    "memory_limit": "512MB",
}


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula that is allowed: the headers that it names, and its SQL over columns so named."""

    headers: tuple[str, ...]
    sql: str


@cache
def read_formula(text: str) -> Formula:
    """Read a formula; :class:`InputError` names what it may not be made of.

    What runs is written anew from the parsed formula, so nothing runs that was not looked at.
    """
    try:
        statements = sqlglot.parse(f"select {text}", read="duckdb")
    except (SqlglotError, RecursionError) as error:
        raise _refused(text, Text("读不懂", "it can't be read")) from error
    select = statements[0]
    if len(statements) != 1 or not isinstance(select, exp.Select):
        raise _refused(text, Text("不能是多条语句", "it must be one expression"))
    others = [name for name, value in select.args.items() if value and name != "expressions"]
    if others or len(select.expressions) != 1:
        raise _refused(
            text,
            Text(
                "只能是一个表达式，不能有 FROM、WHERE 等子句",
                "it must be one expression, without FROM, WHERE and the like",
            ),
        )
    return _over_columns(text, select.expressions[0])


def _over_columns(text: str, formula: exp.Expression) -> Formula:
    for node in formula.walk():
        _refuse(text, node)
    headers: dict[str, str] = {}
    for column in list(formula.find_all(exp.Column)):
        name = headers.setdefault(header_form(column.name), column.name)
        column.set("this", exp.to_identifier(name, quoted=True))
    if not headers:
        raise _refused(
            text,
            Text(
                "没有用到文件的任何列；固定的值请用 value",
                "it names no column of the file; a constant is given by value",
            ),
        )
    read = Formula(tuple(headers.values()), formula.sql("duckdb", comments=False))
    try:
        _evaluated(read, [pa.array([], pa.string())] * len(headers))
    except duckdb.Error as error:
        why = str(error).splitlines()[0]
        raise _refused(text, Text(f"算不了（{why}）", f"it can't be worked out ({why})")) from error
    return read


def _refuse(text: str, node: exp.Expr) -> None:
    name = type(node).__name__
    if isinstance(node, exp.Column) and node.table:
        raise _refused(text, Text(f"列名不能带表名（{node.sql()}）", f"no table ({node.sql()})"))
    if isinstance(node, exp.DataType) and node.sql("duckdb").partition("(")[0] not in _TYPES:
        raise _not_allowed(text, node.sql("duckdb"))
    if isinstance(node, exp.Anonymous):
        if node.name.lower() not in FUNCTIONS:
            raise _not_allowed(text, node.name)
    elif name not in _NODES:
        raise _not_allowed(text, node.sql("duckdb"))


def _not_allowed(text: str, what: str) -> InputError:
    names = ", ".join(FUNCTIONS)
    return _refused(
        text,
        Text(
            f"不能用 {what}；可用运算符、CASE、CAST 和这些函数：{names}",
            f"{what} is not allowed; operators, CASE, CAST and these functions are: {names}",
        ),
    )


def _refused(text: str, why: Text) -> InputError:
    return InputError(
        Text(f"公式 {text} 不能用：{why.zh}", f"the formula {text} can't be used: {why.en}")
    )


def evaluate(text: str, columns: Sequence[pa.Array]) -> tuple[pa.Array, pa.Array]:
    """A formula's value for each row as text, and the rows on which it fails.

    ``columns`` are the cells of the formula's headers, in order; a blank cell is null.
    """
    return _evaluated(read_formula(text), columns)


def _evaluated(formula: Formula, columns: Sequence[pa.Array]) -> tuple[pa.Array, pa.Array]:
    # In a struct a value that is null differs from one that could not be worked out.
    sql = f"try(struct_pack(v := cast({formula.sql} as varchar))) as made"
    with duckdb.connect(":memory:", config=_SETTINGS) as connection:
        connection.execute("set lock_configuration = true")
        cells = connection.from_arrow(pa.table(list(columns), names=list(formula.headers)))
        made = cells.project(sql).to_arrow_table()["made"].combine_chunks()
    return pc.struct_field(made, "v"), pc.is_null(made)
