"""Which engine answers: DuckDB in the process, unless ``BRIGADE_ENGINE`` names a cluster."""

import os
from importlib.util import find_spec

from brigade.engine import duckdb
from brigade.engine.failures import no_address
from brigade.engine.protocol import Engine
from brigade.errors import EngineError
from brigade.releases import Release
from brigade.text import Text

VARIABLE = "BRIGADE_ENGINE"
SCHEME = "sc://"


def is_cluster() -> bool:
    """Whether a cluster answers, and not this process."""
    return os.environ.get(VARIABLE, "") not in ("", "duckdb")


def cluster_address() -> str:
    """The address of the cluster that answers; :class:`EngineError` where it can't be one."""
    address = os.environ[VARIABLE]
    if not address.startswith(SCHEME):
        raise no_address(address)
    return address


def engine_for(release: Release) -> Engine:
    """The engine of a release, opened once and kept while the release is in use.

    Raises :class:`ReleaseError` where a file that it reads here is gone or was cut short, and
    :class:`EngineError` where no engine can be had by that name.
    """
    if not is_cluster():
        return duckdb.engine_for(release)
    address = cluster_address()
    need_client()
    from brigade.engine import spark

    return spark.engine_for(release, address)


def need_client() -> None:
    """Raise :class:`EngineError` where what talks to a cluster isn't installed."""
    if find_spec("pyspark") is None:
        raise EngineError(
            Text(
                f"{SCHEME}… 需要另装一个组件：pip install 'brigade[spark]'",
                f"{SCHEME}… needs one more part: pip install 'brigade[spark]'",
            )
        )
