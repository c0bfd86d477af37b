"""Whether a person's SQL may be run: read from its syntax tree, not from its text.

The tree is DuckDB's own, and what is run is the text that DuckDB writes of that tree, so that
nothing is run that was not looked at. Names are compared as DuckDB compares them: letters of ASCII
without regard to case, all others as they are.
"""

import string
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from brigade.console.allowed import (
    CLAUSES,
    EXPRESSIONS,
    FUNCTIONS,
    QUERIES,
    SAID,
    SESSION,
    TABLE_FUNCTIONS,
    TABLES,
    TYPES,
)
from brigade.contracts import all_contracts, contract
from brigade.engine.sandbox import ENDED, Parsed, Sandbox, SandboxError
from brigade.errors import QuestionError
from brigade.queries import BEFORE, ONE_ROW, TO_DATE, extract_of
from brigade.text import Text

LETTERS = 4_000
"""The longest text taken: it also has to fit into an address."""

_LOWER = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)
_IN_FROM = ("TABLE_FUNCTION", "function")
_VALUES = "valueslist"
"""What DuckDB calls a list of VALUES."""
Tree = dict[str, Any]
Scope = frozenset[str]


@dataclass(frozen=True, slots=True)
class Question:
    """A text that may be run: as DuckDB writes it, with the relations and the names of columns that
    it reads (names that no extract has among them)."""

    sql: str
    relations: tuple[str, ...]
    identifiers: frozenset[str]

    @property
    def extracts(self) -> tuple[str, ...]:
        """The extracts that it reads."""
        return tuple(dict.fromkeys(extract_of(r) for r in self.relations if r not in ONE_ROW))


def read_question(text: str, sandbox: Sandbox) -> Question:
    """The question that a text asks; :class:`QuestionError` names what in it is not allowed."""
    if not text.strip():
        raise QuestionError(Text("请写一条 SELECT。", "Write one SELECT."))
    if len(text) > LETTERS:
        raise QuestionError(
            Text(
                f"SQL 有 {len(text):,} 个字符，最多 {LETTERS:,} 个，请缩短。",
                f"The SQL has {len(text):,} characters; {LETTERS:,} are the most. Shorten it.",
            )
        )
    parsed = _parsed(text, sandbox)
    reading = _Reading()
    try:
        _refuse_unequal(parsed)
        reading.walk(parsed.tree["statements"][0], frozenset())
    except RecursionError:
        raise _too_deep() from None
    return reading.question(parsed.sql)


def _parsed(text: str, sandbox: Sandbox) -> Parsed:
    try:
        parsed = sandbox.parse(text)
    except SandboxError as error:
        if error.kind in (ENDED, "RecursionError", "MemoryError"):
            raise _too_deep() from None
        raise wrong_sql(str(error)) from None
    if parsed.tree["error"] and parsed.tree["error_type"] == "parser":
        raise wrong_sql(parsed.tree["error_message"])
    statements = parsed.tree.get("statements", [])
    if parsed.tree["error"] or len(statements) != 1:
        raise QuestionError(
            Text("只能写一条 SELECT，不能有其他语句。", "Only one SELECT may stand here.")
        )
    return parsed


def wrong_sql(message: str) -> QuestionError:
    """The error for a text that DuckDB can't make sense of, in DuckDB's words."""
    return QuestionError(Text(f"SQL 有误：{message}", f"The SQL is wrong: {message}"))


def _too_deep() -> QuestionError:
    return QuestionError(
        Text("SQL 嵌套太深，请写得简单些。", "The SQL is nested too deep; write it more simply.")
    )


def _refused(what: Text) -> QuestionError:
    return QuestionError(Text(f"这里不能用{what.zh}。", f"{what.en} can't be used here."))


def _refuse_unequal(parsed: Parsed) -> None:
    """The text that will be run must mean what was looked at, to the last node."""
    asked = parsed.tree["statements"][0]["node"]
    runs = parsed.wrapped.get("statements", [{}])
    source = runs[0].get("node", {}).get("from_table", {})
    if len(runs) != 1 or _placeless(source.get("subquery", {}).get("node")) != _placeless(asked):
        raise QuestionError(
            Text(
                "这条 SQL 的写法无法核对，请换一种写法。",
                "This way of writing the SQL can't be checked; write it in another way.",
            )
        )


def _placeless(value: Any) -> Any:
    """A tree without the places where its parts stand in the text."""
    if isinstance(value, list):
        return [_placeless(part) for part in value]
    if not isinstance(value, dict):
        return value
    tree = {k: _placeless(part) for k, part in value.items() if not k.startswith("query_location")}
    return _values_of(tree) if tree.get("alias") == _VALUES else tree


def _values_of(tree: Tree) -> Tree:
    """A list of VALUES itself, where DuckDB writes it as a subquery of nothing else."""
    source: Tree = tree.get("subquery", {}).get("node", {}).get("from_table", {})
    node = {
        "type": "SELECT_NODE",
        "cte_map": {},
        "select_list": [{"class": "STAR", "type": "STAR"}],
        "from_table": source,
        "aggregate_handling": "STANDARD_HANDLING",
    }
    alone = {"type": "SUBQUERY", "alias": _VALUES, "subquery": {"node": node}}
    return source if source.get("type") == "EXPRESSION_LIST" and tree == alone else tree


def folded(name: str) -> str:
    """A name as DuckDB compares it."""
    return name.translate(_LOWER)


class _Reading:
    """Walks one tree, refuses what is not allowed, and collects what the question reads."""

    def __init__(self) -> None:
        self.relations: dict[str, None] = {}
        self.identifiers: set[str] = set()
        self.aliases: set[str] = set()
        self.every_column = False

    def question(self, sql: str) -> Question:
        if not self.relations:
            raise QuestionError(
                Text(
                    "请从某项数据读取，例如 from violations。", "Read an extract: from violations."
                )
            )
        names = set(self.identifiers)
        # A row may be asked for as a whole, by the name of its table.
        if self.every_column or names & self.aliases:
            read = {extract_of(r) for r in self.relations if r not in ONE_ROW}
            names |= {column for extract in read for column in contract(extract).columns}
        return Question(sql, tuple(self.relations), frozenset(names))

    def walk(self, value: Any, scope: Scope) -> None:
        """Look at everything in a part of the tree, where the CTEs of ``scope`` are known."""
        if isinstance(value, list):
            for item in value:
                self.walk(item, scope)
        if not isinstance(value, dict):
            return
        kind = value.get("type")
        if kind in QUERIES:
            self._query(value, scope)
            return
        if isinstance(kind, str):
            self._allow(value, kind, scope)
        _refuse_prefix(value)
        for key, part in value.items():
            # A function in FROM is looked at already: it may be one that is refused elsewhere.
            self.walk(part["arguments"] if (kind, key) == _IN_FROM else part, scope)

    def _query(self, node: Tree, scope: Scope) -> None:
        for entry in node.get("cte_map", {}).get("map", ()):
            name = folded(entry["key"])
            if _is_relation(name):
                raise QuestionError(
                    Text(
                        f"WITH 里的名称 {name} 已是一项数据，请换个名称。",
                        f"{name} in WITH is an extract already; choose another name.",
                    )
                )
            self.walk(entry["value"], scope)
            scope |= {name}
        for key, part in node.items():
            if key == "using_columns":
                self._use(part)
            elif key != "cte_map":
                own = {folded(node["cte_name"])} if node["type"] == "RECURSIVE_CTE_NODE" else set()
                self.walk(part, scope | own if key == "right" else scope)

    def _allow(self, value: Tree, kind: str, scope: Scope) -> None:
        group = value.get("class")
        if group is None:
            if kind not in TABLES | CLAUSES:
                raise _refused(_said(kind))
            if kind in TABLES:
                self._table(value, kind, scope)
        elif group not in EXPRESSIONS:
            raise _refused(_said(group))
        elif group == "COLUMN_REF":
            self._column(value["column_names"])
        elif group == "STAR":
            self.every_column = True
        elif group in ("FUNCTION", "WINDOW"):
            self._function(value["function_name"], FUNCTIONS)
        elif group == "TYPE" and value["type_name"].upper() not in TYPES:
            raise _refused(Text(f"类型 {value['type_name']}", f"The type {value['type_name']}"))

    def _table(self, table: Tree, kind: str, scope: Scope) -> None:
        self.aliases.add(folded(str(table.get("alias", table.get("table_name", "")))))
        if kind == "TABLE_FUNCTION":
            _refuse_prefix(table["function"])
            self._function(table["function"].get("function_name", ""), TABLE_FUNCTIONS)
        elif kind == "JOIN":
            self._use(table.get("using_columns", ()))
            self.every_column |= table.get("ref_type") == "NATURAL"
        elif kind == "BASE_TABLE":
            self._base_table(table, scope)

    def _base_table(self, table: Tree, scope: Scope) -> None:
        if "at_clause" in table:
            raise _refused(Text("AT", "AT"))
        name = folded(table["table_name"])
        if name in scope:
            return
        if not _is_relation(name):
            raise QuestionError(
                Text(
                    f"没有名为 {table['table_name']} 的数据，可用的见数据列表。",
                    f"There is no extract {table['table_name']}; the list has those there are.",
                )
            )
        self.relations[name] = None

    def _column(self, names: list[str]) -> None:
        if len(names) == 1 and folded(names[0]) in SESSION:
            raise _refused(Text(f" {names[0]}", names[0]))
        self._use(names)

    def _use(self, names: Collection[str]) -> None:
        self.identifiers |= {folded(name) for name in names}

    def _function(self, name: str, allowed: Collection[str]) -> None:
        if folded(name) not in allowed:
            raise _refused(Text(f"函数 {name}", f"The function {name}"))


def _said(kind: str) -> Text:
    return SAID.get(kind, Text(f" {kind}", kind))


def _refuse_prefix(part: Tree) -> None:
    """Only plain names: with the release's in front, a name would mean the rows unbound."""
    path = part.get("qualified_name", {}).get("path", ())
    if len(path) > 1:
        name = ".".join(path)
        raise QuestionError(
            Text(
                f"{name} 带有前缀，请只写名称本身。",
                f"{name} has a prefix; write the plain name.",
            )
        )


def _is_relation(name: str) -> bool:
    extract = extract_of(name)
    suffixes = ("", BEFORE, TO_DATE)
    return name in ONE_ROW or (
        extract in all_contracts() and name.removeprefix(extract) in suffixes
    )
