"""The clusters that the engine's tests run on."""

from collections.abc import Iterator

import pytest

from tests.engine.clusters import Spark, sail, spark_home


@pytest.fixture(scope="session")
def sail_address() -> Iterator[str]:
    """A Sail server, in this process."""
    with sail() as address:
        yield address


@pytest.fixture(scope="session")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Spark]:
    """Spark with two executors, each a process of its own."""
    home = spark_home()
    if home is None:
        pytest.skip("Spark and Java are not here: make test-spark")
    with Spark(home, tmp_path_factory.mktemp("spark")).running() as running:
        yield running


@pytest.fixture(scope="session", params=["sail", "spark"] if spark_home() else ["sail"])
def address(request: pytest.FixtureRequest) -> str:
    """Each kind of server in turn."""
    if request.param == "sail":
        return str(request.getfixturevalue("sail_address"))
    return str(request.getfixturevalue("spark").address)
