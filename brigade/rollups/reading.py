"""What a query reads of a relation, and whether sums of its rows would do instead of the rows.

They do where every row only ever counts by being added up: the columns it is grouped, chosen or
joined by are the same for all rows that a sum stands for, and what is added is a measure, taken
whole or not at all. A query is read from sums only where its tree proves that; what is not known
here is refused.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.scope import Scope, traverse_scope

from brigade.contracts import Contract, all_contracts, contract
from brigade.queries import ONE_ROW, extract_of

RECORDS = "records"
"""The measure that every relation has: 1 on each of its rows."""

TEXTS = 1_000
"""How many texts are remembered as read."""

_CHANGING = (exp.Rand, exp.Randn, exp.Uuid)
_ROWS_OF_THEIR_OWN = (exp.Unnest, exp.Explode, exp.TableSample, exp.Pivot, exp.Lateral)
_UNKNOWN = (exp.Anonymous, exp.AnonymousAggFunc, exp.CombinedAggFunc, exp.Star)


class _RefusedError(Exception):
    """Why a relation must be read from its records."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a query reads of one relation: the columns it tells rows apart by, and what it adds up.

    ``refused`` says why only the records will do.
    """

    columns: frozenset[str] = field(default=frozenset())
    measures: frozenset[str] = field(default=frozenset())
    refused: str | None = None

    def __or__(self, other: "Reading") -> "Reading":
        """What two places of a text read of one relation together."""
        return Reading(
            self.columns | other.columns,
            self.measures | other.measures,
            self.refused or other.refused,
        )


@lru_cache(TEXTS)
def readings(sql: str) -> Mapping[str, Reading]:
    """What a text reads of each extract that it names, by the relation's name."""
    try:
        tree = sqlglot.parse_one(sql, dialect="duckdb")
        scopes = traverse_scope(tree)
    except SqlglotError as error:
        return _Refusing(f"not understood: {error}")
    found: dict[str, Reading] = {}
    seen = 0
    for scope in scopes:
        for alias, (_, source) in scope.selected_sources.items():
            if isinstance(source, exp.Table) and _is_relation(source.name):
                reading = _reading(scope, alias, contract(extract_of(source.name)))
                found[source.name] = found.get(source.name, Reading()) | reading
                seen += 1
    own = {cte.alias for cte in tree.find_all(exp.CTE)}
    named = [t for t in tree.find_all(exp.Table) if t.name not in own and _is_relation(t.name)]
    return found if len(named) == seen else _Refusing("a relation stands where none is known")


class _Refusing(dict[str, Reading]):
    """The readings of a text of which nothing is known."""

    def __init__(self, why: str) -> None:
        super().__init__()
        self._why = why

    def __missing__(self, name: str) -> Reading:
        return Reading(refused=self._why)


def _is_relation(name: str) -> bool:
    return name not in ONE_ROW and extract_of(name) in all_contracts()


def _reading(scope: Scope, alias: str, extract: Contract) -> Reading:
    try:
        return _Select(scope, alias, extract).reading()
    except _RefusedError as refused:
        return Reading(refused=str(refused))


class _Select:
    """One SELECT that reads a relation under an alias."""

    def __init__(self, scope: Scope, alias: str, extract: Contract) -> None:
        self.scope = scope
        self.alias = alias
        self.extract = extract
        self.alone = len(scope.selected_sources) == 1
        self.nodes: list[exp.Expr] = list(scope.walk())
        self.joined_by = {
            part.name
            for node in self.nodes
            if isinstance(node, exp.Join)
            for part in node.args.get("using") or ()
        }
        self.columns: set[str] = set()
        self.measures: set[str] = set()

    def reading(self) -> Reading:
        """What it reads; :class:`_RefusedError` says what of it needs the records."""
        self._check_shape()
        sums = [node for node in self.nodes if self._adds(node)]
        if not sums and "group" not in self.scope.expression.args:
            raise _RefusedError("it lists rows")
        for added in sums:
            self._add(added.this)
        within = {id(node) for added in sums for node in added.this.walk()}
        for node in self.nodes:
            if isinstance(node, exp.Column) and id(node) not in within:
                self._tell_apart(node)
        self.columns |= self.joined_by & self.extract.columns.keys()
        return Reading(frozenset(self.columns), frozenset(self.measures))

    def _check_shape(self) -> None:
        if not isinstance(self.scope.expression, exp.Select):
            raise _RefusedError("it is no plain select")
        for subquery in self.scope.subquery_scopes:
            if not all(
                isinstance(source, exp.Table) and source.name in ONE_ROW
                for _, source in subquery.selected_sources.values()
            ):
                raise _RefusedError("it asks another query for each row")
        for node in self.nodes:
            if isinstance(node, exp.Join):
                self._check_join(node)
            elif isinstance(node, _CHANGING):
                raise _RefusedError("its answer changes from time to time")
            elif isinstance(node, (*_UNKNOWN, *_ROWS_OF_THEIR_OWN)):
                raise _RefusedError(f"{node.sql(dialect='duckdb')} may depend on each row")
            elif isinstance(node, exp.AggFunc) and not self._adds(node) and not _in_window(node):
                raise _RefusedError(f"{node.sql(dialect='duckdb')} is no sum")

    def _check_join(self, join: exp.Join) -> None:
        if join.method or join.kind not in ("", "INNER", "CROSS") or join.args.get("pivots"):
            raise _RefusedError(f"a join {join.method or join.kind} may depend on each row")

    def _adds(self, node: exp.Expr) -> bool:
        return isinstance(node, exp.Sum) and not _in_window(node)

    def _add(self, added: exp.Expr) -> None:
        """Read what a sum adds up: a measure, or nothing, as columns decide that tell rows apart.

        For rows that are alike in those columns it is then one and the same of these, and the sum
        of it is the same made of their sum: null where none of them has a value.
        """
        if isinstance(added, exp.Paren):
            self._add(added.this)
        elif isinstance(added, exp.Column) and self._owns(added):
            self._measure(added.name)
        elif isinstance(added, exp.Case | exp.If):
            self._add_by_case(added)
        elif isinstance(added, exp.Coalesce) and _all_nothing(added.expressions):
            self._add(added.this)
        else:
            raise _RefusedError(f"{added.sql(dialect='duckdb')} is no measure")

    def _add_by_case(self, case: exp.Expr) -> None:
        branches = case.args["ifs"] if isinstance(case, exp.Case) else [case]
        deciding = [branch.this for branch in branches]
        if isinstance(case, exp.Case) and case.this is not None:
            deciding.append(case.this)
        outcomes = [branch.args["true"] for branch in branches]
        otherwise = case.args.get("default") or case.args.get("false")
        if otherwise is not None:
            outcomes.append(otherwise)
        for condition in deciding:
            for column in condition.find_all(exp.Column):
                self._tell_apart(column)
        for outcome in outcomes:
            if not _all_nothing([outcome]):
                self._add(outcome)

    def _measure(self, name: str) -> None:
        if name != RECORDS:
            column = self.extract.columns[name]
            if not column.stored or column.personal or column.type not in ("integer", "number"):
                raise _RefusedError(f"{name} is no measure")
        self.measures.add(name)

    def _tell_apart(self, column: exp.Column) -> None:
        if not self._owns(column):
            return
        if column.name == RECORDS:
            raise _RefusedError("it reads the records one by one")
        self.columns.add(column.name)

    def _owns(self, column: exp.Column) -> bool:
        """Whether a column is the relation's; one that may be another's refuses the relation."""
        if column.table:
            return column.table == self.alias
        has = column.name == RECORDS or column.name in self.extract.columns
        if not self.alone and has and column.name not in self.joined_by:
            raise _RefusedError(f"{column.name} may be of either relation")
        return has


def _in_window(node: exp.Expr) -> bool:
    """Whether a function looks over the rows of the result, after all sums are made."""
    child, parent = node, node.parent
    while isinstance(parent, exp.Filter):
        child, parent = parent, parent.parent
    return isinstance(parent, exp.Window) and parent.this is child


def _all_nothing(expressions: list[exp.Expr]) -> bool:
    """Whether each is the literal 0 or null."""
    return all(
        isinstance(one, exp.Null) or (isinstance(one, exp.Literal) and one.this == "0")
        for one in expressions
    )
