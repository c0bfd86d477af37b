"""A database in a process of its own, for SQL that a person typed.

A few thousand letters can keep DuckDB's parser busy for hours or take all memory, and no setting
stops it: only the end of a process does. So such text is parsed and run apart, with less memory,
less of the processor's time and an end that comes for certain.
"""

import json
import logging
import subprocess
import sys
import threading
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

import pyarrow as pa

from brigade.engine import sandboxed
from brigade.engine.relations import RELEASE

_log = logging.getLogger(__name__)

SECONDS = 10.0
"""How long a text may run."""
START_SECONDS = 5.0
"""What is allowed besides for the start of the process and for parsing."""
MEMORY_MB = 512
"""What a text's tables, groups and sorts may take."""
PROCESS_MB = 3072
"""What the process may take in all, which DuckDB doesn't count: parser, texts, libraries."""


class SandboxError(Exception):
    """A text could not be parsed or run; ``kind`` is DuckDB's name for why, or ``Ended``."""

    def __init__(self, kind: str, message: str = "") -> None:
        super().__init__(message)
        self.kind = kind


ENDED = "Ended"
"""The kind of failure when the process was ended, by us or by its limits."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """A text as DuckDB understands it: its tree, the text that it writes of that tree, and the
    tree of that text where it stands in what is run. A text that is wrong has a tree alone."""

    tree: dict[str, Any]
    sql: str
    wrapped: dict[str, Any]


class Sandbox:
    """One process over one serving database, from ``with`` to its end. Not for several threads."""

    def __init__(self, database: Path, seconds: float = SECONDS) -> None:
        self.seconds = seconds
        self._process = subprocess.Popen(
            [sys.executable, "-I", sandboxed.__file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={},
        )
        self._killer = threading.Timer(seconds + START_SECONDS, self._process.kill)
        self._killer.daemon = True
        self._killer.start()
        self._send(
            {
                "database": str(database),
                "release": RELEASE,
                "memory_mb": MEMORY_MB,
                "process_mb": PROCESS_MB,
            }
        )

    def __enter__(self) -> "Sandbox":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._killer.cancel()
        self._process.kill()
        self._process.communicate()

    def parse(self, text: str) -> Parsed:
        """What DuckDB reads in a text; nothing of it is run."""
        self._send({"text": text})
        reply = self._reply()
        try:
            return Parsed(
                json.loads(reply["tree"]),
                reply.get("sql", ""),
                json.loads(reply.get("wrapped", "{}")),
            )
        except RecursionError:
            raise SandboxError("RecursionError") from None

    def run(self, sql: str, extracts: Collection[str]) -> pa.Table:
        """The rows of a text that reads these extracts of the release and nothing else."""
        tables = [f"{RELEASE}.{extract}" for extract in extracts]
        self._send({"sql": sql, "tables": tables, "seconds": self.seconds})
        size = self._reply()["bytes"]
        assert self._process.stdout is not None  # noqa: S101 - it was asked for
        rows = self._process.stdout.read(size)
        if len(rows) < size:
            raise SandboxError(ENDED)
        with pa.ipc.open_stream(rows) as stream:
            return stream.read_all()

    def _send(self, request: dict[str, Any]) -> None:
        assert self._process.stdin is not None  # noqa: S101 - it was asked for
        try:
            self._process.stdin.write(json.dumps(request).encode() + b"\n")
            self._process.stdin.flush()
        except OSError as error:
            raise SandboxError(ENDED) from error

    def _reply(self) -> dict[str, Any]:
        assert self._process.stdout is not None  # noqa: S101 - it was asked for
        line = self._process.stdout.readline()
        if not line:
            _log.warning("the sandbox ended with code %s", self._process.wait())
            raise SandboxError(ENDED)
        reply: dict[str, Any] = json.loads(line)
        if "failed" in reply:
            raise SandboxError(reply["failed"], reply["message"])
        return reply
