"""Making the rollups of a release whose records are on a cluster: asked there, put into the file
that each process of the app reads by itself."""

from collections.abc import Collection

import duckdb
import pyarrow as pa

from brigade.engine.cluster import Cluster
from brigade.engine.ready import clear_unused
from brigade.engine.relations import Bound
from brigade.engine.serving import database_path, rollups_path
from brigade.engine.spark import SparkEngine
from brigade.releases import Release
from brigade.rollups.build import build_from, new_file
from brigade.rollups.plan import Rollup

SECONDS = 3600.0
"""How long one text may take: these read all records."""


class _OnCluster:
    """The records on a cluster; what is asked of them comes here as Arrow."""

    far = True

    def __init__(self, engine: SparkEngine, connection: duckdb.DuckDBPyConnection) -> None:
        self.extracts: Collection[str] = engine.extracts
        self._engine = engine
        self._connection = connection

    def rows(self, sql: str) -> str:
        """A view of what the cluster answered, until the next text is asked."""
        table: pa.Table = self._engine.run(Bound(sql, {}), "rollups")
        self._connection.register("answered", table)
        return "answered"


def make_rollups(release: Release, address: str) -> list[Rollup]:
    """Have the cluster at an address make a release's rollups; a :class:`BrigadeError` says why it
    didn't, and what was there before is then still there.

    Every extract gets some, however few its records: the way there takes longer than reading them.
    """
    engine = SparkEngine(release, Cluster(address))
    engine.seconds = max(engine.seconds, SECONDS)
    with new_file(rollups_path(database_path(release))) as connection:
        made = build_from(_OnCluster(engine, connection), connection, worth=1)
    clear_unused()
    return made
