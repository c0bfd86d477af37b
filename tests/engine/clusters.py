"""Servers that speak Spark Connect, started for tests on this machine and stopped after them."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

STARTED_SECONDS = 240.0


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def answers(port: int) -> bool:
    """Whether somebody listens at a port of this machine."""
    with socket.socket() as tried:
        tried.settimeout(1)
        return tried.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def sail(port: int = 0) -> Iterator[str]:
    """Sail in this process; the address of its server."""
    os.environ.setdefault("RUST_LOG", "error")
    from pysail.spark import SparkConnectServer

    server = SparkConnectServer("127.0.0.1", port)
    server.start(background=True)
    try:
        yield f"sc://127.0.0.1:{server.listening_address[1]}"
    finally:
        server.stop()


def spark_home() -> Path | None:
    """Where Spark is, if it is there to be tested with (``make test-spark``) and Java is too."""
    home = os.environ.get("SPARK_HOME")
    return Path(home) if home and shutil.which("java") else None


class Spark:
    """A master, two workers with an executor each, and a Spark Connect server: all processes."""

    def __init__(self, home: Path, scratch: Path) -> None:
        self.home = home
        self.scratch = scratch
        self.master = free_port()
        self.port = free_port()
        self.address = f"sc://127.0.0.1:{self.port}"
        self._workers: set[int] = set()

    @contextmanager
    def running(self) -> Iterator["Spark"]:
        """All of it, from the first answer to the end of every process."""
        with ExitStack() as stack:
            master = f"spark://127.0.0.1:{self.master}"
            where = ["--host", "127.0.0.1", "--webui-port", "0"]
            deploy = "org.apache.spark.deploy"
            stack.enter_context(
                self._process("master", f"{deploy}.master.Master", *where, "--port", self.master)
            )
            self._await(self.master)
            for n in (1, 2):
                worker = [f"{deploy}.worker.Worker", *where, "--cores", 1, "--memory", "1g", master]
                self._workers.add(stack.enter_context(self._process(f"worker-{n}", *worker)))
            settings = {
                "spark.connect.grpc.binding.address": "127.0.0.1",
                "spark.connect.grpc.binding.port": self.port,
                "spark.driver.memory": "1g",
                "spark.executor.memory": "700m",
                "spark.scheduler.minRegisteredResourcesRatio": 1.0,
                "spark.scheduler.maxRegisteredResourcesWaitingTime": "60s",
                "spark.sql.shuffle.partitions": 2,
                "spark.ui.enabled": "false",
            }
            told = [
                part for key, value in settings.items() for part in ("--conf", f"{key}={value}")
            ]
            stack.enter_context(
                self._process(
                    "connect",
                    "org.apache.spark.deploy.SparkSubmit",
                    *("--class", "org.apache.spark.sql.connect.service.SparkConnectServer"),
                    *("--master", master, *told),
                )
            )
            self._await(self.port)
            yield self

    def executors(self) -> list[int]:
        """The processes of the executors: what the workers have started."""
        found = []
        for process in Path("/proc").glob("[0-9]*"):
            try:
                stat = (process / "stat").read_text()
            except OSError:
                continue
            if int(stat.rpartition(") ")[2].split()[1]) in self._workers:
                found.append(int(process.name))
        return found

    @contextmanager
    def _process(self, name: str, *command: object) -> Iterator[int]:
        environment = {
            **os.environ,
            "SPARK_HOME": str(self.home),
            "SPARK_LOCAL_IP": "127.0.0.1",
            "SPARK_LOCAL_DIRS": str(self.scratch / "local"),
            "SPARK_WORKER_DIR": str(self.scratch / "work"),
        }
        # Where the tests are killed, nobody is left to stop it.
        ended_with_us = ["setpriv", "--pdeathsig", "TERM"] if shutil.which("setpriv") else []
        with (self.scratch / f"{name}.log").open("wb") as log:
            process = subprocess.Popen(
                [*ended_with_us, self.home / "bin" / "spark-class", *map(str, command)],
                env=environment,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
            try:
                yield process.pid
            finally:
                process.terminate()
                process.wait(30)

    def _await(self, port: int) -> None:
        until = time.monotonic() + STARTED_SECONDS
        while not answers(port):
            if time.monotonic() > until:
                raise TimeoutError(f"Spark did not start: see {self.scratch}")
            time.sleep(0.1)
