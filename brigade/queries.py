"""Queries: one ``.sql`` file, one SELECT, one result, read from ``queries/<domain>/<name>.sql``.

A file starts with a header of comment lines::

    -- title: 各乡镇违法 | Violations by township
    -- grain: one row per township
    -- adds: drink_driving_share          (ratios made from the parts it returns)
    -- ignores: category                  (filters that would make its parts disagree)
    -- compare: none                      (nothing to compare: state as of the extract)
    -- order: change                      (what changed most in its first metric comes first)
    -- note: 只计已审核 | Reviewed ones only

and reads extracts by name; which of their rows it sees is decided where it is run.
"""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from brigade import house
from brigade.contracts import Column, all_contracts, contract
from brigade.errors import ContractError
from brigade.metrics import Metric, all_metrics, metric
from brigade.text import Text

BEFORE = "_before"
TO_DATE = "_to_date"
"""Suffixes of an extract's name: its rows in the period compared, and all rows up to the period's
last day, for queries that look back over years."""
PERIOD = "period"
"""The one-row relation of the periods' bounds that queries over state read."""
WEIGHTS = "severity_weights"
"""The one-row relation of what a crash, an injury and a death weigh."""
ONE_ROW = (PERIOD, WEIGHTS)

_HEADER = re.compile(r"^--\s*(title|grain|adds|ignores|compare|order|note):\s*(.*)$")
_LABELS = "columns.toml"


@dataclass(frozen=True, slots=True)
class Query:
    """One query as written, with what its text says of itself.

    ``relations`` are the names that it reads (an extract, an extract with ``_before`` or
    ``_to_date``, or one of one row); ``identifiers`` every column name that occurs in it;
    ``columns`` what it returns.
    """

    name: str
    title: Text
    grain: str
    note: Text | None
    sql: str
    relations: tuple[str, ...]
    identifiers: frozenset[str]
    columns: tuple[str, ...]
    adds: tuple[str, ...]
    ignores: frozenset[str]
    compares: bool
    by_change: bool

    @property
    def extracts(self) -> tuple[str, ...]:
        """The extracts that it reads, the main one first."""
        names = (extract_of(r) for r in self.relations if r not in ONE_ROW)
        return tuple(dict.fromkeys(names))


@dataclass(frozen=True, slots=True)
class OutputColumn:
    """A column of a result: a metric's value, or a dimension with its type and label."""

    name: str
    label: Text
    metric: Metric | None
    type: str


def extract_of(relation: str) -> str:
    """The extract behind a relation's name."""
    known = all_contracts()
    if relation in known:
        return relation
    return relation.removesuffix(BEFORE).removesuffix(TO_DATE)


def _wrong(name: str, zh: str, en: str) -> ContractError:
    return ContractError(Text(f"查询 {name}：{zh}", f"Query {name}: {en}"))


def _texts(name: str, value: str) -> Text:
    zh, bar, en = (part.strip() for part in value.partition("|"))
    if not (bar and zh and en):
        raise _wrong(name, "title 和 note 要写成“中文 | English”。", "write it as 中文 | English.")
    return Text(zh, en)


def _names(value: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in value.split(",") if part.strip())


def parse_query(name: str, text: str) -> Query:
    """Read one query's text; :class:`ContractError` says what is wrong in which query."""
    header: dict[str, str] = {}
    lines = text.splitlines()
    while lines and (lines[0].startswith("--") or not lines[0].strip()):
        found = _HEADER.match(lines.pop(0))
        if found:
            header[found.group(1)] = found.group(2).strip()
    sql = "\n".join(lines).strip().rstrip(";")
    if "title" not in header or "grain" not in header:
        raise _wrong(name, "开头要有 title 和 grain。", "the header needs a title and a grain.")
    try:
        trees = sqlglot.parse(sql, dialect="duckdb")
    except SqlglotError as error:
        raise _wrong(name, f"SQL 有误：{error}", f"the SQL is wrong: {error}") from error
    if len(trees) != 1 or not isinstance(trees[0], exp.Query):
        raise _wrong(name, "应当只有一条 SELECT。", "it must be one SELECT.")
    tree = trees[0]
    own = {cte.alias for cte in tree.find_all(exp.CTE)}
    tables = dict.fromkeys(t.name for t in tree.find_all(exp.Table) if t.name not in own)
    for relation in tables:
        if relation not in ONE_ROW and extract_of(relation) not in all_contracts():
            raise _wrong(name, f"没有名为 {relation} 的数据。", f"there is no extract {relation}.")
    for clash in own & {*all_contracts(), *ONE_ROW}:
        raise _wrong(name, f"CTE 不能叫 {clash}。", f"a CTE can't be called {clash}.")
    columns = tuple(tree.named_selects)
    if "*" in columns or any(
        star.find_ancestor(exp.Count) is None for star in tree.find_all(exp.Star)
    ):
        raise _wrong(name, "请写出列名，不用 *。", "name the columns instead of *.")
    return Query(
        name=name,
        title=_texts(name, header["title"]),
        grain=header["grain"],
        note=_texts(name, header["note"]) if "note" in header else None,
        sql=sql,
        relations=tuple(tables),
        identifiers=frozenset(c.name for c in tree.find_all(exp.Column)) | _using(tree),
        columns=columns,
        adds=_names(header.get("adds", "")),
        ignores=frozenset(_names(header.get("ignores", ""))),
        compares=header.get("compare") != "none",
        by_change=header.get("order") == "change",
    )


def _using(tree: exp.Query) -> frozenset[str]:
    """Column names in USING clauses, which the parser keeps apart from other columns."""
    return frozenset(
        part.name for join in tree.find_all(exp.Join) for part in join.args.get("using") or ()
    )


def _name_of(path: Path) -> str:
    return path.relative_to(house.QUERIES).with_suffix("").as_posix()


@cache
def query(name: str) -> Query:
    """The query of that name (``domain/file``); :class:`ContractError` when there is none."""
    path = house.QUERIES / f"{name}.sql"
    if name not in query_names():
        raise _wrong(name, "没有这个查询。", "there is no such query.")
    return parse_query(name, path.read_text(encoding="utf-8"))


@cache
def query_names() -> tuple[str, ...]:
    """The names of all queries of the house, in order."""
    return tuple(sorted(_name_of(path) for path in house.QUERIES.glob("*/*.sql")))


@cache
def _derived_labels() -> dict[str, Column]:
    """Labels of columns that a query makes and no contract has, from ``queries/columns.toml``."""
    with (house.QUERIES / _LABELS).open("rb") as file:
        raw = tomllib.load(file)
    return {
        name: Column(name, entry["type"], Text(entry["zh"], entry["en"]))
        for name, entry in raw.items()
    }


def output_columns(query_: Query) -> list[OutputColumn]:
    """The columns of a query's result in order, its added ratios last.

    A column is a metric, else a column of an extract that the query reads, else one that
    ``queries/columns.toml`` labels; else :class:`ContractError` names it.
    """
    found = []
    for name in (*query_.columns, *query_.adds):
        if name in all_metrics():
            found.append(OutputColumn(name, metric(name).label, metric(name), "number"))
            continue
        column = _labelled(query_, name)
        if column is None:
            raise _wrong(
                query_.name,
                f"列 {name} 没有名称，请在 metrics.toml 或 columns.toml 中写明。",
                f"column {name} has no label; add it to metrics.toml or columns.toml.",
            )
        found.append(OutputColumn(name, column.label, None, column.type))
    return found


def _labelled(query_: Query, name: str) -> Column | None:
    for extract in query_.extracts:
        if name in contract(extract).columns:
            return contract(extract).columns[name]
    return _derived_labels().get(name)
