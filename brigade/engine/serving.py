"""The database that serves a release: a DuckDB file made from its Parquet, derived and disposable.

Built once for each release, beside nothing that matters: it can be deleted and is made again. Here
the columns that an extract reaches only by a key are looked up, and extracts that are made from
others are made, so that filters reach every row.
"""

import hashlib
import logging
import os
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from brigade import house
from brigade.contracts import SQL_TYPES, Column, Contract, all_contracts, contract
from brigade.engine.relations import RELEASE
from brigade.errors import MissingExtractError, ReleaseError
from brigade.releases import Release
from brigade.rollups.build import build as build_rollups
from brigade.rollups.plan import WORTH
from brigade.text import Text

_log = logging.getLogger(__name__)

MEMORY = "1GB"
"""What building it may use; what is sorted beyond that goes to the disk."""
ROW_GROUP = 20_480
"""Rows that are stored, and passed over, together. In groups six times as large, as DuckDB makes
them, the newest fifty rows of a list take twice as long to find."""

_FITS: Mapping[str, tuple[str, ...]] = {
    "text": ("string", "large_string", "null"),
    "integer": ("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "null"),
    "number": ("int32", "int64", "float", "double", "decimal", "null"),
    "boolean": ("bool", "null"),
    "date": ("date32", "null"),
    "timestamp": ("timestamp", "date32", "null"),
}


def serving_extracts(release: Release) -> list[Contract]:
    """The extracts that a release serves, each after those that it needs: stored, then made."""
    stored = [c for c in all_contracts().values() if c.name in release.extracts]
    made = [
        c for c in all_contracts().values() if c.made_by and set(c.made_from) <= {*release.extracts}
    ]
    return [*stored, *made]


def missing(name: str, extracts: Collection[str]) -> MissingExtractError:
    """That a release with these extracts lacks one, and how to import it."""
    wanted = contract(name)
    lacking = [n for n in wanted.made_from or (name,) if n not in extracts]
    first = contract(lacking[0])
    return MissingExtractError(
        first.name,
        Text(
            f"当前版本没有“{first.label.zh}”数据。请导入：brigade import 文件 --as {first.name}",
            f"The release in force has no extract “{first.label.en}”. "
            f"Import it: brigade import FILE --as {first.name}",
        ),
    )


def _check_types(release: Release, extract: Contract) -> set[str]:
    """The columns that the files of an extract have; refuses what doesn't fit the contract."""
    present: set[str] = set()
    for path in release.files(extract.name):
        where = f"{extract.name}/{path.name}"
        try:
            schema = pq.read_schema(path)
        except Exception as error:  # pyarrow raises several unrelated kinds for damaged files
            raise ReleaseError(
                Text(
                    f"文件 {where} 缺失或已损坏，请重新导入 {extract.label.zh}，或换回上一个版本。",
                    f"File {where} is missing or damaged; import {extract.label.en} again, "
                    "or go back to the release before.",
                )
            ) from error
        for column in extract.stored_columns:
            if column.name in schema.names:
                _check_type(where, column, schema.field(column.name).type)
            elif column.required:
                raise ReleaseError(
                    Text(
                        f"文件 {where} 缺少必需的列 {column.name}（{column.label.zh}），"
                        "请重新导入。",
                        f"File {where} lacks the column {column.name} ({column.label.en}), "
                        "which it must have; import it again.",
                    )
                )
        present |= set(schema.names)
    return present


def _check_type(where: str, column: Column, found: pa.DataType) -> None:
    if not str(found).startswith(_FITS[column.type]):
        raise ReleaseError(
            Text(
                f"文件 {where} 的列 {column.name} 类型是 {found}，应为 {column.type}，请重新导入。",
                f"Column {column.name} of file {where} is {found} and should be {column.type}; "
                "import it again.",
            )
        )


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


def source_sql(release: Release, extract: Contract) -> str:
    """One SELECT over Parquet files and other extracts' tables that gives an extract's rows."""
    if extract.made_by:
        return extract.made_by
    present = _check_types(release, extract)
    files = ", ".join(_quoted(path) for path in release.files(extract.name))
    source = f"read_parquet([{files}], union_by_name = true)"
    order = f"\norder by {extract.time}" if extract.time else ""
    return rows_sql(release, extract, present, source) + order


def rows_sql(release: Release, extract: Contract, present: Collection[str], source: str) -> str:
    """The SELECT over ``source``, which has the columns ``present``, that gives all columns of an
    extract's rows, those looked up in other extracts too."""
    select = [
        f"cast(own.{c.name} as {SQL_TYPES[c.type]}) as {c.name}"
        if c.name in present
        else f"cast(null as {SQL_TYPES[c.type]}) as {c.name}"
        for c in extract.stored_columns
    ]
    joins = {}
    for column in extract.columns.values():
        if column.borrowed is None:
            continue
        lender, key = column.borrowed
        if lender in release.extracts:
            joins[lender] = f"left join {lender} on {lender}.{key} = own.{key}"
            select.append(f"{lender}.{column.name} as {column.name}")
        else:
            select.append(f"cast(null as {SQL_TYPES[column.type]}) as {column.name}")
    return "\n".join([f"select {', '.join(select)}", f"from {source} as own", *joins.values()])


def _after_lenders(extracts: list[Contract]) -> list[Contract]:
    """The extracts in an order in which those that others are made of come first."""
    return sorted(extracts, key=lambda extract: _depth(extract.name))


def _depth(extract: str) -> int:
    return 1 + max((_depth(part) for part in parts_of(extract)), default=0)


def parts_of(extract: str) -> set[str]:
    """The extracts that one is made of or borrows from."""
    wanted = all_contracts()[extract]
    borrowed = {c.borrowed[0] for c in wanted.columns.values() if c.borrowed}
    return borrowed | set(wanted.made_from)


def build(release: Release, target: Path) -> None:
    """Write the serving database of a release to ``target``, whole or not at all."""
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f"{target.name}.{os.getpid()}.part")
    partial.unlink(missing_ok=True)
    try:
        with duckdb.connect(
            config={"temp_directory": f"{partial}.tmp", "memory_limit": MEMORY}
        ) as connection:
            connection.execute("set enable_progress_bar = false")
            connection.execute(f"attach {_quoted(partial)} as built (row_group_size {ROW_GROUP})")
            connection.execute("use built")
            for extract in _after_lenders(serving_extracts(release)):
                _create(connection, release, extract)
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)


def _create(connection: duckdb.DuckDBPyConnection, release: Release, extract: Contract) -> None:
    sql = source_sql(release, extract)
    try:
        connection.execute(f"create table {extract.name} as {sql}")
    except duckdb.Error as error:
        raise ReleaseError(
            Text(
                f"版本 {release.id} 的 {extract.label.zh} 读不出来（{error}），请重新导入。",
                f"{extract.label.en} of release {release.id} can't be read ({error}); "
                "import it again.",
            )
        ) from error


def derived_folder() -> Path:
    """Where all that is made of releases lies; any of it may be deleted."""
    return house.data_folder() / "derived"


def database_path(release: Release) -> Path:
    """Where the serving database of a release is, under today's contracts, once it is built."""
    shape = hashlib.sha256(repr(all_contracts()).encode()).hexdigest()[:8]
    return derived_folder() / f"{release.id}-{release.fingerprint}-{shape}.duckdb"


def rollups_path(database: Path) -> Path:
    """Where the rollups made of a serving database are, for today's queries, once they are made."""
    # What they hold follows from what the queries read.
    texts = sorted((path.name, path.read_bytes()) for path in house.QUERIES.glob("*/*.sql"))
    shape = hashlib.sha256(repr(texts).encode()).hexdigest()[:8]
    return database.with_name(f"{database.stem}-rollups-{shape}.duckdb")


def database_of(release: Release) -> Path:
    """The serving database of a release under today's contracts, built when it is not there yet."""
    path = database_path(release)
    if not path.is_file():
        build(release, path)
    return path


def rollups_of(release: Release, database: Path) -> Path | None:
    """The rollups made of a release's serving database, made when they are not there yet.

    None where no extract has so many rows that they are worth it, or where they can't be made,
    which the log says: the records are always there to be read.
    """
    if max((extract.rows for extract in release.extracts.values()), default=0) < WORTH:
        return None
    path = rollups_path(database)
    if not path.is_file():
        try:
            build_rollups(database, path, WORTH)
        except (duckdb.Error, OSError) as error:
            _log.warning("no rollups of release %s, records are read: %s", release.id, error)
            return None
    return path


def standalone_sql(text: str, release: Release, extracts: Iterable[str]) -> str:
    """A bound query's text after the views over the Parquet files that it needs, for any shell."""
    wanted, found = set[str](), set(extracts)
    while found:
        wanted |= found
        found = {part for extract in found for part in parts_of(extract)} - wanted
    views = [
        f"create view {extract.name} as {source_sql(release, extract)};"
        for extract in _after_lenders(serving_extracts(release))
        if extract.name in wanted
    ]
    return "\n".join([f"attach ':memory:' as {RELEASE};", f"use {RELEASE};", *views, f"{text};"])
