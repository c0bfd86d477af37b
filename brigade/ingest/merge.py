"""New rows and those of the release in force as one extract: by key, the later row in force."""
# ruff: noqa: S608 (statements are put together from the names of a contract, and of nothing else)

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from brigade.contracts import SQL_TYPES, TIME_RECORDED, Contract
from brigade.errors import ReleaseError
from brigade.ingest.ahead import ahead
from brigade.ingest.by_year import ROW, ByYear, Writer, order_of, schema_of
from brigade.ingest.faults import DATE_ONLY, is_before
from brigade.ingest.incoming import Incoming, read_incoming
from brigade.ingest.outcome import Doubtful, not_adding_up
from brigade.ingest.values import ARROW
from brigade.text import Text

_ROWS_A_BATCH = 61_440
_EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class Merged:
    """What became of the rows that were read without a fault, counted as in an :class:`Outcome`.

    ``changed`` counts replaced rows by column, ``gaps`` and ``date_only`` accepted rows.
    ``contradictions`` are times of the file that can't be beside those that the release keeps.
    """

    added: int
    replaced: int
    unchanged: int
    repeated: int
    superseded: int
    changed: Mapping[str, int]
    gaps: Mapping[str, int]
    date_only: Mapping[str, int]
    contradictions: Sequence[Doubtful] = ()


def merge(
    extract: Contract, incoming: Path, base: Sequence[Path], target: Path, spill: Path
) -> Merged:
    """Merge the rows in the folder ``incoming`` into the files ``base``, all into ``target``.

    Rows are one when all their key columns agree, null with null. A column that the incoming file
    doesn't have keeps what the release holds. Written sorted by time and key. Raises
    :class:`ReleaseError` where the files written don't hold the rows that they must.
    """
    try:
        with duckdb.connect(":memory:") as connection:
            connection.execute("set temp_directory = $folder", {"folder": str(spill)})
            connection.execute("set memory_limit = '1GB'")
            rows = read_incoming(incoming)
            if not base and rows.in_order and (rows.by_key or _unique(connection, extract, rows)):
                return _as_they_came(rows, target)
            given = rows.given
            joined = spill / "joined.parquet"
            with Writer(joined, compression="lz4") as file:
                for some in rows.rows():
                    file.add(some)
            new = connection.read_parquet(str(joined))
            new.create_view("incoming")
            _base_view(connection, extract, base)
            for statement in _statements(extract, given):
                connection.execute(statement)
            written = _write(connection, extract, target)
            flags = [c for c in new.columns if c.startswith(DATE_ONLY)]
            merged = _counted(connection, extract, given, flags)
            (held,) = connection.execute("select count(*) from base").fetchone() or (0,)
            if written != held + merged.added:
                raise not_adding_up(f"{held} + {merged.added} ≠ {written}")
            return merged
    except duckdb.Error as error:
        raise ReleaseError(
            Text(
                f"“{extract.label.zh}”合并到当前版本时出错（{error}），没有发布任何东西。",
                f"Merging into the release's “{extract.label.en}” failed ({error}); "
                "nothing was published.",
            )
        ) from error


def _unique(connection: duckdb.DuckDBPyConnection, extract: Contract, rows: Incoming) -> bool:
    """Whether no key stands twice in a file."""
    connection.read_parquet([str(path) for path in rows.files]).create_view("in_order")
    key = ", ".join(extract.key)
    sql = f"select count(*) = count(distinct ({key})) from in_order"
    return connection.execute(sql).fetchall() == [(True,)]


def _as_they_came(rows: Incoming, target: Path) -> Merged:
    """Rows in order, each with a key of its own, into a release that has none: all are new."""
    rows.link(target)
    marks = pq.read_table(rows.marks)
    flags = [name for name in marks.column_names if name.startswith(DATE_ONLY)]
    date_only = {name.removeprefix(DATE_ONLY): pc.sum(marks[name]).as_py() or 0 for name in flags}
    return Merged(
        added=sum(pq.read_metadata(target / path.name).num_rows for path in rows.files),
        replaced=0,
        unchanged=0,
        repeated=0,
        superseded=0,
        changed={},
        gaps=_gaps(rows.nulls),
        date_only=_filled(date_only),
    )


def _base_view(
    connection: duckdb.DuckDBPyConnection, extract: Contract, base: Sequence[Path]
) -> None:
    stored = extract.stored_columns
    if not base:
        empty = pa.schema([(c.name, ARROW[c.type]) for c in stored]).empty_table()
        connection.from_arrow(empty).create_view("files")
    else:
        connection.read_parquet([str(path) for path in base], union_by_name=True).create_view(
            "files"
        )
    present = connection.table("files").columns
    select = [
        f"cast({c.name if c.name in present else 'null'} as {SQL_TYPES[c.type]}) as {c.name}"
        for c in stored
    ]
    connection.execute(f"create view base as select true as _there, {', '.join(select)} from files")


def _same(columns: Sequence[str], left: str, right: str) -> str:
    return " and ".join(f"{left}.{c} is not distinct from {right}.{c}" for c in columns) or "true"


def _statements(extract: Contract, given: Sequence[str]) -> Iterator[str]:
    """The steps of a merge: the last row of each key, those of them that are new, and all.

    Steps keep the numbers of rows and not their content, so that memory holds millions.
    """
    key = ", ".join(extract.key)
    content = [name for name in given if name not in extract.key]
    names = [c.name for c in extract.stored_columns]
    in_base = f"left join base as b on {_same(extract.key, 'n', 'b')}"
    yield f"""
        create table latest as
        select {key}, max({ROW}) as {ROW}, count(*) as versions from incoming group by {key}"""
    yield f"""
        create table new as
        select n.{ROW}, b._there is not null as _replaces
        from incoming as n
        semi join latest using ({ROW})
        {in_base}
        where b._there is null or not ({_same(content, "n", "b")})"""
    taken = ", ".join(f"{'n' if name in given else 'b'}.{name}" for name in names)
    yield f"""
        create view accepted as
        select {taken}, new._replaces, n.* exclude ({", ".join(given)})
        from incoming as n
        join new using ({ROW})
        {in_base if set(given) < set(names) else ""}"""
    yield f"""
        create view merged as
        select {", ".join(names)} from accepted
        union all
        select {", ".join(f"b.{name}" for name in names)}
        from base as b
        anti join (select {key} from incoming semi join new using ({ROW})) as n
            on {_same(extract.key, "n", "b")}"""
    yield f"""
        create table earlier as
        with several as (from latest where versions > 1)
        select {_same(content, "i", "n")} as same
        from incoming as i
        join several as r on {_same(extract.key, "i", "r")}
        join (from incoming semi join several using ({ROW})) as n on n.{ROW} = r.{ROW}
        where i.{ROW} <> n.{ROW}"""


def _write(connection: duckdb.DuckDBPyConnection, extract: Contract, target: Path) -> int:
    """Write the merged rows and say how many they are."""
    schema = schema_of(extract)
    order = ", ".join(order_of(extract))
    sql = f"select {', '.join(schema.names)} from merged order by {order}"
    with ByYear(target, extract) as writer:
        for batch in ahead(connection.sql(sql).to_arrow_reader(_ROWS_A_BATCH)):
            writer.add(pa.Table.from_batches([batch]).cast(schema))
    return sum(pq.read_metadata(path).num_rows for path in target.iterdir())


def _counted(
    connection: duckdb.DuckDBPyConnection,
    extract: Contract,
    given: Sequence[str],
    flags: Sequence[str],
) -> Merged:
    columns = [c.name for c in extract.stored_columns]
    accepted = _counts(
        connection,
        "accepted",
        {
            "added": "not _replaces",
            "replaced": "_replaces",
            **{f"gap {name}": f"{name} is null" for name in columns},
            **{flag: flag for flag in flags},
        },
    )
    earlier = _counts(connection, "earlier", {"repeated": "same", "superseded": "not same"})
    content = [name for name in given if name not in extract.key]
    changed = {}
    if accepted["replaced"]:
        source = f"""(
            select {", ".join(f"n.{c} is distinct from b.{c} as {c}" for c in content)}
            from incoming as n
            join (from new where _replaces) using ({ROW})
            join base as b on {_same(extract.key, "n", "b")})"""
        changed = _counts(connection, source, {name: name for name in content})
    (unchanged,) = connection.execute(
        "select (select count(*) from latest) - (select count(*) from new)"
    ).fetchone() or (0,)
    gaps = {name: accepted[f"gap {name}"] for name in columns}
    date_only = {flag.removeprefix(DATE_ONLY): accepted[flag] for flag in flags}
    return Merged(
        added=accepted["added"],
        replaced=accepted["replaced"],
        unchanged=unchanged,
        repeated=earlier["repeated"],
        superseded=earlier["superseded"],
        changed=dict(sorted(_filled(changed).items(), key=lambda one: -one[1])),
        gaps=_gaps(gaps),
        date_only=_filled(date_only),
        contradictions=list(_out_of_order(connection, extract, given)),
    )


def _out_of_order(
    connection: duckdb.DuckDBPyConnection, extract: Contract, given: Sequence[str]
) -> Iterator[Doubtful]:
    """Times of the file against those that it lacks and the release keeps, by days.

    A list of hazards cleared, say, without the days on which they were found. Rows that the file
    alone contradicts were rejected before.
    """
    pairs = [(c.name, other) for c in extract.stored_columns for other in c.after]
    for name, other in pairs:
        if (name in given) == (other in given):
            continue
        wrong = f"from accepted where cast({name} as date) < cast({other} as date)"
        (rows,) = connection.execute(f"select count(*) {wrong}").fetchone() or (0,)
        if rows:
            found = connection.execute(
                f"select cast({name} as varchar), {ROW} {wrong} order by {ROW} limit {_EXAMPLES}"
            ).fetchall()
            values = dict.fromkeys(value for value, _ in found)
            reason = is_before(extract.columns[other])
            yield Doubtful(name, "order", reason, rows, tuple(values), [row for _, row in found])


def _counts(
    connection: duckdb.DuckDBPyConnection, source: str, conditions: Mapping[str, str]
) -> dict[str, int]:
    """How many rows of a relation meet each condition."""
    if not conditions:
        return {}
    counts = ", ".join(f"count(*) filter ({one})" for one in conditions.values())
    row = connection.execute(f"select {counts} from {source}").fetchone() or ()
    return dict(zip(conditions, row, strict=True))


def _gaps(nulls: Mapping[str, int]) -> dict[str, int]:
    # Null says of this one that the time stands as it is given.
    return {name: rows for name, rows in _filled(nulls).items() if name != TIME_RECORDED}


def _filled(counts: Mapping[str, int]) -> dict[str, int]:
    return {name: rows for name, rows in counts.items() if rows}
