"""What differs between two releases: rows added, removed and changed, by key."""
# ruff: noqa: S608 (statements are put together from the names of a contract, and of nothing else)

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from brigade import house
from brigade.contracts import SQL_TYPES, Column, Contract, all_contracts
from brigade.errors import ReleaseError
from brigade.releases.manifest import Release
from brigade.text import Text

CHANGE = "change"
"""The column that says of a listed row what became of it: one of the four words below."""

ADDED, REMOVED, BEFORE, AFTER = "added", "removed", "before", "after"


@dataclass(frozen=True, slots=True)
class Difference:
    """How an extract differs: its rows in either release, None where that lacks it, and of them
    those that only the later has, only the earlier has, or both with other content."""

    extract: str
    rows_before: int | None
    rows_after: int | None
    added: int
    removed: int
    changed: int


def differences(before: Release, after: Release) -> Iterator[Difference]:
    """Every extract of either release; files that are the same in both are not read."""
    for extract in all_contracts().values():
        if extract.name in before.extracts or extract.name in after.extracts:
            yield _difference(before, after, extract)


def _difference(before: Release, after: Release, extract: Contract) -> Difference:
    rows = [_rows(release, extract.name) for release in (before, after)]
    if not any(_differing_files(before, after, extract.name)):
        return Difference(extract.name, rows[0], rows[1], 0, 0, 0)
    with _joined(before, after, extract) as connection:
        counted = connection.execute(
            f"select count(*) filter (not {BEFORE}_there), count(*) filter (not {AFTER}_there), "
            f"count(*) filter ({BEFORE}_there and {AFTER}_there) from differing"
        ).fetchone()
    added, removed, changed = counted or (0, 0, 0)
    return Difference(extract.name, rows[0], rows[1], added, removed, changed)


def _rows(release: Release, extract: str) -> int | None:
    return release.extracts[extract].rows if extract in release.extracts else None


def differing_rows(
    before: Release, after: Release, extract: Contract, seen: Callable[[Column], str]
) -> pa.Table:
    """The rows themselves, in order of the key: ``CHANGE``, then the columns of the extract.

    A row that was changed stands twice, as it was before and after. ``seen`` gives the SQL of a
    column as the reader may see it.
    """
    names = [c.name for c in extract.stored_columns]
    columns = ", ".join(f"{seen(c)} as {c.name}" for c in extract.stored_columns)
    with _joined(before, after, extract) as connection:
        return connection.sql(f"""
            select {CHANGE}, {columns} from (
                select case when {AFTER}_there then '{BEFORE}' else '{REMOVED}' end as {CHANGE},
                    0 as _order, {_of(BEFORE, names)}
                from differing where {BEFORE}_there
                union all
                select case when {BEFORE}_there then '{AFTER}' else '{ADDED}' end,
                    1, {_of(AFTER, names)}
                from differing where {AFTER}_there)
            order by {", ".join(extract.key)}, _order
        """).to_arrow_table()


def _of(side: str, names: Sequence[str]) -> str:
    return ", ".join(f"{side}_row.{name} as {name}" for name in names)


@contextmanager
def _joined(
    before: Release, after: Release, extract: Contract
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection with the view ``differing``: both sides of each row that isn't the same."""
    names = [c.name for c in extract.stored_columns]
    key = " and ".join(f"b.{name} is not distinct from a.{name}" for name in extract.key)
    content = [name for name in names if name not in extract.key]
    same = " and ".join(f"b.{name} is not distinct from a.{name}" for name in content) or "true"
    files = _differing_files(before, after, extract.name)
    house.data_folder().mkdir(parents=True, exist_ok=True)
    try:
        with (
            tempfile.TemporaryDirectory(dir=house.data_folder(), prefix=".diff-") as spill,
            duckdb.connect(":memory:") as connection,
        ):
            connection.execute("set temp_directory = $folder", {"folder": spill})
            connection.execute("set memory_limit = '1GB'")
            for side, paths in zip((BEFORE, AFTER), files, strict=True):
                _view(connection, side, extract, paths)
            connection.execute(f"""
                create view differing as
                select b as {BEFORE}_row, a as {AFTER}_row,
                    b._there is not null as {BEFORE}_there, a._there is not null as {AFTER}_there
                from {BEFORE} as b full join {AFTER} as a on {key}
                where b._there is null or a._there is null or not ({same})""")
            yield connection
    except duckdb.Error as error:
        raise ReleaseError(
            Text(
                f"版本 {before.id} 和 {after.id} 的“{extract.label.zh}”无法比较（{error}）。"
                "请先检查文件：brigade verify",
                f"“{extract.label.en}” of releases {before.id} and {after.id} can't be compared "
                f"({error}). Check the files first: brigade verify",
            )
        ) from error


def _differing_files(before: Release, after: Release, extract: str) -> tuple[list[Path], ...]:
    """The files of either side without those that both have.

    A key stands once in a release, so the rows of a file that both have are nowhere else.
    """
    sides = []
    for release, other in ((before, after), (after, before)):
        own = release.extracts[extract].files if extract in release.extracts else {}
        known = {*other.extracts[extract].files.values()} if extract in other.extracts else set()
        folder = release.folder / extract
        sides.append([folder / name for name, digest in own.items() if digest not in known])
    return tuple(sides)


def _view(
    connection: duckdb.DuckDBPyConnection, name: str, extract: Contract, files: Sequence[Path]
) -> None:
    columns = {c.name: SQL_TYPES[c.type] for c in extract.stored_columns}
    if files:
        found = connection.read_parquet([str(path) for path in files], union_by_name=True)
    else:
        nulls = ", ".join(f"cast(null as {type_}) as {one}" for one, type_ in columns.items())
        found = connection.sql(f"select {nulls} limit 0")
    found.create_view(f"{name}_files")
    select = [
        f"cast({one if one in found.columns else 'null'} as {type_}) as {one}"
        for one, type_ in columns.items()
    ]
    connection.execute(
        f"create view {name} as select true as _there, {', '.join(select)} from {name}_files"
    )
