"""Many people at once: Brigade beside a plain page of the same views, with 5, 20 and 50 visitors.

Every visitor has a page of its own over a WebSocket and makes one change every two seconds.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from benchmarks.folders import ROOT
from benchmarks.processes import memory_mb, processor_s
from benchmarks.serving import Server, free_port, server

PAUSE_S = 2.0
VISITORS = (5, 20, 50)
CHANGES = 6
"""How many changes each visitor makes."""
AT_ONCE = 16
"""How many visitors, each without a pause, find out how many changes a second there can be."""
PAGE = "enforcement-overview"
PLAIN, BRIGADE = "plain", "brigade"
WARMING = 5
"""How many visitors come first, so that what is loaded and cached once isn't counted for one."""


def measure(data: Path) -> Iterator[dict[str, Any]]:
    """Both apps with one process and with two, for each number of visitors, and without a pause."""
    loads = [*((visitors, PAUSE_S) for visitors in VISITORS), (AT_ONCE, 0.0)]
    for app in (PLAIN, BRIGADE):
        for processes in (1, 2):
            for visitors, pause in loads:
                with running(data, app, processes) as servers:
                    found = load(data, app, servers, visitors, CHANGES, pause)
                setting = {"app": app, "processes": processes, "visitors": visitors, "pause": pause}
                yield {**setting, **found}


@contextmanager
def running(data: Path, app: str, processes: int) -> Iterator[list[Server]]:
    """One server of an app, or several: the plain page's behind addresses of their own."""
    with ExitStack() as stack:
        if app == BRIGADE:
            port = free_port()
            command = ["brigade", "serve", "--port", str(port)]
            if processes > 1:
                command += ["--workers", str(processes)]
            yield [stack.enter_context(server(data, port, command))]
            return
        servers = []
        for _ in range(processes):
            port = free_port()
            command = ["streamlit", "run", str(ROOT / "benchmarks" / "plain_app.py")]
            command += ["--server.port", str(port), "--server.headless", "true"]
            command += ["--server.address", "127.0.0.1", "--browser.gatherUsageStats", "false"]
            servers.append(stack.enter_context(server(data, port, command)))
        yield servers


def load(
    data: Path, app: str, servers: Sequence[Server], visitors: int, changes: int, pause: float
) -> dict[str, Any]:
    """Send visitors; what they measured, and the servers' processor time and memory.

    Raises RuntimeError where a page said an error or showed another figure than the rows give.
    """
    page = PAGE if app == BRIGADE else ""
    addresses = [f"{server.address}/{page}" for server in servers]
    pids = [server.process.pid for server in servers]
    with _visitors(data, WARMING, 6, 0.0, addresses) as (_, go_on):
        go_on()
        go_on()
    empty = memory_mb(pids)
    with _visitors(data, visitors, changes, pause, addresses) as (_, go_on):
        before = processor_s(pids)
        found = go_on()
        used = processor_s(pids) - before
        full = memory_mb(pids)
        faults = go_on()["faults"]
    if faults:
        raise RuntimeError(f"{len(faults)} faults: {faults[:3]}")
    return {
        **found,
        "processor": 1000 * used / found["changes"],
        "session_mb": (full - empty) / visitors,
        "memory_mb": full,
    }


@contextmanager
def _visitors(
    data: Path, visitors: int, changes: int, pause: float, addresses: Sequence[str]
) -> Iterator[Any]:
    """Visitors in a process of their own: what they said when all pages were open, and a call that
    lets them go on and gives what they say next."""
    command = [sys.executable, "-m", "benchmarks.visitors", str(visitors), str(changes), str(pause)]
    with subprocess.Popen(
        [*command, *addresses],
        cwd=ROOT,
        env={**os.environ, "BRIGADE_DATA": str(data), "PYTHONUTF8": "1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        if process.stdin is None or process.stdout is None:
            raise RuntimeError("The visitors can't be heard.")
        stdin, stdout = process.stdin, process.stdout

        def heard() -> dict[str, Any]:
            line = stdout.readline()
            if not line:
                raise RuntimeError("The visitors failed.")
            said: dict[str, Any] = json.loads(line)
            return said

        def go_on() -> dict[str, Any]:
            stdin.write("\n")
            stdin.flush()
            return heard()

        yield heard(), go_on
