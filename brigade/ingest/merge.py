"""New rows and those of the release in force as one extract: by key, the later row in force."""
# ruff: noqa: S608 (statements are put together from the names of a contract, and of nothing else)

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from brigade.contracts import SQL_TYPES, TIME_RECORDED, Contract
from brigade.errors import ReleaseError
from brigade.ingest.validate import DATE_ONLY, ROW
from brigade.ingest.values import ARROW
from brigade.text import Text

_ROWS_A_GROUP = 122_880


@dataclass(frozen=True, slots=True)
class OutsideCodes:
    """Rows whose value is not in the contract's code list, and some of those values."""

    rows: int
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Merged:
    """What became of the rows that were read without a fault.

    ``accepted`` are in the release because of this file, ``replaced`` of them in the place of an
    earlier version; ``superseded`` gave way to a later row of the same file. ``gaps``,
    ``date_only`` and ``outside`` count accepted rows by column.
    """

    accepted: int
    replaced: int
    superseded: int
    gaps: Mapping[str, int]
    date_only: Mapping[str, int]
    outside: Mapping[str, OutsideCodes]


def merge(
    extract: Contract, incoming: Path, base: Sequence[Path], target: Path, spill: Path
) -> Merged:
    """Merge the Parquet file ``incoming`` into the files ``base`` and write all to ``target``.

    Rows are one when all their key columns agree, null with null. A column that the incoming file
    doesn't have keeps what the release holds. Written sorted by time and key.
    """
    try:
        with duckdb.connect(":memory:") as connection:
            connection.execute("set temp_directory = $folder", {"folder": str(spill)})
            connection.execute("set memory_limit = '1GB'")
            new = connection.read_parquet(str(incoming))
            given = [c.name for c in extract.stored_columns if c.name in new.columns]
            new.create_view("incoming")
            _base_view(connection, extract, base)
            for statement in _statements(extract, given):
                connection.execute(statement)
            _write(connection, extract, target)
            return _counted(
                connection, extract, [c for c in new.columns if c.startswith(DATE_ONLY)]
            )
    except duckdb.Error as error:
        raise ReleaseError(
            Text(
                f"“{extract.label.zh}”合并到当前版本时出错（{error}），没有发布任何东西。",
                f"Merging into the release's “{extract.label.en}” failed ({error}); "
                "nothing was published.",
            )
        ) from error


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
        create table superseded as
        with repeated as (from latest where versions > 1)
        select count(*) as rows
        from incoming as i
        join repeated as r on {_same(extract.key, "i", "r")}
        join (from incoming semi join repeated using ({ROW})) as n on n.{ROW} = r.{ROW}
        where i.{ROW} <> n.{ROW} and not ({_same(content, "i", "n")})"""


def _write(connection: duckdb.DuckDBPyConnection, extract: Contract, target: Path) -> None:
    schema = pa.schema([(c.name, ARROW[c.type]) for c in extract.stored_columns])
    order = dict.fromkeys(filter(None, (extract.time, *extract.key)))
    sql = f"select {', '.join(schema.names)} from merged order by {', '.join(order)}"
    with pq.ParquetWriter(target, schema, compression="zstd") as writer:
        for batch in connection.sql(sql).to_arrow_reader(_ROWS_A_GROUP):
            writer.write_table(pa.Table.from_batches([batch]).cast(schema))


def _counted(
    connection: duckdb.DuckDBPyConnection, extract: Contract, flags: Sequence[str]
) -> Merged:
    columns = extract.stored_columns
    counts = ["count(*)", "count(*) filter (_replaces)", "(select rows from superseded)"]
    counts += [f"count(*) - count({c.name})" for c in columns]
    counts += [f"count(*) filter ({flag})" for flag in flags]
    row = connection.execute(f"select {', '.join(counts)} from accepted").fetchone() or ()
    gaps = dict(zip((c.name for c in columns), row[3:], strict=False))
    date_only = dict(
        zip((f.removeprefix(DATE_ONLY) for f in flags), row[3 + len(columns) :], strict=True)
    )
    return Merged(
        accepted=row[0],
        replaced=row[1],
        superseded=row[2],
        # Null says here that the time stands as it is given.
        gaps={name: rows for name, rows in gaps.items() if rows and name != TIME_RECORDED},
        date_only={name: rows for name, rows in date_only.items() if rows},
        outside=dict(_outside(connection, extract)),
    )


def _outside(
    connection: duckdb.DuckDBPyConnection, extract: Contract
) -> Iterator[tuple[str, OutsideCodes]]:
    for column in extract.stored_columns:
        if not column.codes:
            continue
        found = connection.execute(
            f"select {column.name}, count(*) as rows from accepted "
            f"where not list_contains($codes, {column.name}) group by all order by rows desc, 1",
            {"codes": list(column.codes)},
        ).fetchall()
        if found:
            examples = tuple(value for value, _ in found[:3])
            yield column.name, OutsideCodes(sum(rows for _, rows in found), examples)
