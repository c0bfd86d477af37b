"""What goes wrong with a cluster is said in one sentence, and the rest of the app goes on."""

import os
import signal
import socket
import threading
import time
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import grpc
import pytest

from brigade import house
from brigade.console import ask
from brigade.engine import cluster, configured, duckdb, failures
from brigade.engine import spark as spark_engine
from brigade.engine.choices import choices
from brigade.engine.relations import Bound, Reader
from brigade.engine.spark import SparkEngine
from brigade.engine.waiting import told_while_waiting
from brigade.errors import BrigadeError, EngineError, QueryError, QuestionError
from brigade.filters import Filters
from brigade.releases import read_release
from tests.conftest import HALF_YEAR
from tests.engine.clusters import Spark, free_port, sail

COUNT = Bound("select count(*) as n from release.violations", {})
CRASHES = Bound("select count(*) as n from release.crashes", {})
# Some ten seconds' work, and so much of it that an executor can't be done before it is killed.
LONG = Bound(
    "select count(distinct a.violation_id || b.id) as n from release.violations as a"
    " cross join (select violation_id as id from release.violations limit 60) as b",
    {},
)


@pytest.fixture(autouse=True)
def own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BRIGADE_DATA", str(tmp_path / "data"))
    # A session of its own for each test: views made in another's would hide where files are.
    monkeypatch.setattr(spark_engine, "_engines", OrderedDict())
    monkeypatch.setattr(spark_engine, "_clusters", {})


def engine_at(address: str) -> SparkEngine:
    return spark_engine.engine_for(read_release(house.SAMPLE), address)


def said(error: BrigadeError) -> str:
    """Both languages of what was said, each one sentence or two and none of the engine's own."""
    assert "Exception" not in error.text.zh + error.text.en
    return f"{error.text.zh} {error.text.en}"


def test_an_address_that_does_not_answer_is_named_without_its_token() -> None:
    port = free_port()
    engine = engine_at(f"sc://127.0.0.1:{port}/;token=secret")
    for _ in range(2):
        with pytest.raises(EngineError) as raised:
            engine.rows(COUNT, "count")
        assert f"sc://127.0.0.1:{port}" in said(raised.value)
        assert "secret" not in said(raised.value)
    assert choices(engine, "township") is None


def test_somebody_who_listens_and_says_nothing_is_not_waited_for() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        engine = engine_at(f"sc://127.0.0.1:{server.getsockname()[1]}")
        with pytest.raises(EngineError):
            engine.rows(COUNT, "count")


def test_an_engine_that_refuses_the_token_is_told_from_a_silent_one() -> None:
    class Refusing(grpc.GenericRpcHandler):
        def service(self, _: object) -> grpc.RpcMethodHandler:
            def refuse(_: bytes, context: grpc.ServicerContext) -> bytes:
                context.abort(grpc.StatusCode.UNAUTHENTICATED, "no such token")
                return b""

            return grpc.unary_unary_rpc_method_handler(refuse)

    server = grpc.server(ThreadPoolExecutor(2), handlers=[Refusing()])
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        with pytest.raises(EngineError) as raised:
            engine_at(f"sc://127.0.0.1:{port}").rows(COUNT, "count")
    finally:
        server.stop(None)
    assert "token" in said(raised.value)


def test_a_server_that_was_started_anew_is_found_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "REST_SECONDS", 0.0)
    port = free_port()
    with sail(port) as address:
        engine = engine_at(address)
        before = engine.rows(COUNT)
    with pytest.raises(EngineError):
        engine.rows(CRASHES)
    with sail(port):
        assert engine.rows(CRASHES) == [{"n": 10_000}]
        assert engine.run(COUNT).to_pylist() == before


def test_a_query_that_takes_too_long_is_stopped(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BRIGADE_ENGINE_SECONDS", "1")
    engine = engine_at(address)
    with pytest.raises(QueryError) as raised:
        engine.rows(LONG, "long")
    assert "BRIGADE_ENGINE_SECONDS" in said(raised.value)
    engine.seconds = 60.0
    assert engine.rows(CRASHES) == [{"n": 10_000}]


class Left(BaseException):
    """What a page raises when its reader has gone elsewhere."""


def test_a_query_that_nobody_waits_for_is_stopped(address: str) -> None:
    engine = engine_at(address)
    engine.rows(COUNT)
    told: list[float] = []

    def tell(seconds: float) -> None:
        told.append(seconds)
        if seconds > 0.5:
            raise Left

    with pytest.raises(Left), told_while_waiting(tell):
        engine.rows(LONG, "long")
    assert told[0] == 0.0
    assert told == sorted(told)
    until = time.monotonic() + 120
    while any(thread.name.startswith("brigade-") for thread in threading.enumerate()):
        assert time.monotonic() < until, "the query still runs"
        time.sleep(0.1)
    assert engine.rows(CRASHES) == [{"n": 10_000}]


def test_files_that_the_cluster_does_not_find_are_said_with_their_place(
    spark: Spark, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BRIGADE_STORE", f"file://{tmp_path}/nothing")
    engine = engine_at(spark.address)
    with pytest.raises(EngineError) as raised:
        engine.rows(COUNT, "count")
    assert f"{tmp_path}/nothing/sample" in said(raised.value)
    assert "BRIGADE_STORE" in said(raised.value)


def test_a_release_is_read_where_the_store_is_said_to_be(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "sample").symlink_to(house.SAMPLE)
    monkeypatch.setenv("BRIGADE_STORE", f"file://{tmp_path}/elsewhere/")
    assert engine_at(address).rows(CRASHES) == [{"n": 10_000}]


def test_what_the_release_lacks_is_said_as_ever(sail_address: str) -> None:
    engine = engine_at(sail_address)
    here = duckdb.engine_for(read_release(house.SAMPLE))
    with pytest.raises(BrigadeError) as there_said:
        engine.require("crashes", "village_editions")
    with pytest.raises(BrigadeError) as here_said:
        here.require("crashes", "village_editions")
    assert there_said.value.text == here_said.value.text


@pytest.mark.parametrize(
    ("told", "means"),
    [
        ("java.io.FileNotFoundException: /r/part.parquet (Permission denied)", "may not read"),
        ("AccessDeniedException: s3a://b/r: getFileStatus: Status Code: 403", "may not read"),
        ("[PATH_NOT_FOUND] Path does not exist: s3a://b/r/part.parquet", "does not find"),
        ("Job aborted: ExecutorLostFailure (executor 1 exited caused by …)", "lost a worker"),
        ("Job aborted due to stage failure: Master removed our application: KILLED", "lost a work"),
        ("StatusCode.UNAVAILABLE failed to connect to all addresses", "does not answer"),
        ("StatusCode.UNAUTHENTICATED", "token"),
        ("[DIVIDE_BY_ZERO] Division by zero", "failed"),
    ],
)
def test_each_kind_of_failure_has_its_sentence(told: str, means: str) -> None:
    asked = failures.Asked("sc://host:15002", "domain/name", "select 1", "s3a://b/r")
    assert means in said(failures.said(RuntimeError(told), asked))


def test_an_engine_of_no_kind_and_one_that_is_not_installed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    release = read_release(house.SAMPLE)
    for address in ("postgres://host", "sc://", "sc://host:port"):
        monkeypatch.setenv("BRIGADE_ENGINE", address)
        with pytest.raises(EngineError) as unknown:
            configured.engine_for(release)
        assert f"BRIGADE_ENGINE={address}" in said(unknown.value)
    monkeypatch.setenv("BRIGADE_ENGINE", "sc://host:15002")
    monkeypatch.setattr(configured, "find_spec", lambda _: None)
    with pytest.raises(EngineError) as missing:
        configured.engine_for(release)
    assert "brigade[spark]" in said(missing.value)


def test_a_persons_own_sql_is_not_run_on_a_cluster(sail_address: str) -> None:
    with pytest.raises(QuestionError):
        ask("select 1", Filters(HALF_YEAR), engine_at(sail_address), Reader())


def test_a_worker_that_is_lost_is_made_up_for_by_the_other(spark: Spark) -> None:
    engine = engine_at(spark.address)
    expected = 306_188 * 60
    engine.rows(COUNT)
    first, *_ = spark.executors()
    threading.Timer(2.0, os.kill, (first, signal.SIGKILL)).start()
    assert engine.rows(LONG, "long") == [{"n": expected}]


def test_workers_lost_again_and_again_end_a_query_in_words(spark: Spark) -> None:
    engine = engine_at(spark.address)
    engine.rows(COUNT)
    done = threading.Event()

    def kill() -> None:
        while not done.wait(8.0):  # so long that a new one has taken up its work
            for executor in spark.executors():
                os.kill(executor, signal.SIGKILL)

    threading.Thread(target=kill, daemon=True).start()
    try:
        with pytest.raises(QueryError) as raised:
            engine.rows(LONG, "long")
    finally:
        done.set()
    assert "worker" in said(raised.value)
    assert engine.rows(CRASHES) == [{"n": 10_000}]
