"""What rows are checked against besides their own contract: the day, other extracts, code lists."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from brigade.contracts import Contract, contract
from brigade.errors import ReleaseError
from brigade.ingest.code_lists import Version, read_versions
from brigade.releases import Release
from brigade.text import Text

_CHINA = timezone(timedelta(hours=8))
"""The office's clock, also where a server keeps another."""


def import_day() -> date:
    """The day of an import where the office is."""
    return datetime.now(_CHINA).date()


def _database() -> duckdb.DuckDBPyConnection:
    # Several batches are checked at once, each by one thread.
    return duckdb.connect(config={"threads": 1})


@dataclass(frozen=True, slots=True)
class Known:
    """The day of the import; by column the keys that it may refer to, and the versions of its list.

    Keys are in order, so that those near a batch's are soon found among millions. A column is in
    ``keys`` only where the release holds the extract that it refers to. ``database`` is an empty
    one of the import's own, in which a contract's conditions are run.
    """

    today: date = field(default_factory=import_day)
    keys: Mapping[str, pa.Array] = field(default_factory=dict)
    versions: Mapping[str, Sequence[Version]] = field(default_factory=dict)
    database: duckdb.DuckDBPyConnection = field(default_factory=_database)


def known_for(extract: Contract, release: Release | None) -> Known:
    """What the rows of an extract are checked against, over the release that they go into.

    ``release`` is None where there is none yet, or only the sample. Raises :class:`ReleaseError`
    where its files can't be read and :class:`ContractError` where a code list can't.
    """
    keys, versions = {}, {}
    for column in extract.stored_columns:
        if column.refers and release is not None and column.refers in release.extracts:
            keys[column.name] = _keys(release, column.refers)
        if column.codes_from:
            versions[column.name] = read_versions(column.codes_from)
    return Known(keys=keys, versions=versions)


def _keys(release: Release, extract: str) -> pa.Array:
    (key,) = contract(extract).key
    try:
        parts = [pq.read_table(path, columns=[key])[key] for path in release.files(extract)]
    except (OSError, pa.ArrowException) as error:
        label = contract(extract).label
        raise ReleaseError(
            Text(
                f"当前版本的“{label.zh}”读不出来（{error}），没有发布任何东西。"
                "请重新导入它，或换回上一个版本。",
                f"The release's “{label.en}” can't be read ({error}); nothing was published. "
                "Import it again, or go back to the release before.",
            )
        ) from error
    chunks = [chunk for part in parts for chunk in part.chunks]
    keys = pa.chunked_array(chunks, parts[0].type if parts else pa.string()).combine_chunks()
    return keys.take(pc.sort_indices(keys))
