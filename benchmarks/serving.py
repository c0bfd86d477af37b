"""A server of its own for a measurement, and the browser that visits it."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.folders import ROOT
from tests.browser.browser import FLAGS
from tools.browser import find_or_install

PATIENCE_S = 120
DRAWN = """() => {
  const app = document.querySelector('[data-testid=stApp]');
  return app?.dataset.testScriptState === 'notRunning'
    && document.querySelector('.st-key-footer')
    && !document.querySelector('[data-testid=stSkeleton], [data-stale=true], [aria-busy=true]');
}"""
"""Whether the script has ended and every chart that the page has is drawn."""


@dataclass
class Server:
    """A running server: its address, its process and when it was started."""

    address: str
    process: "subprocess.Popen[bytes]"
    started: float

    def peak_mb(self) -> int:
        """The most memory that it has used, in MB; 0 where the system doesn't say."""
        status = Path(f"/proc/{self.process.pid}/status")
        lines = status.read_text().splitlines() if status.is_file() else []
        peak = next((line.split()[1] for line in lines if line.startswith("VmHWM")), "0")
        return int(peak) // 1024


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


@contextmanager
def server(data: Path, port: int, command: Sequence[str]) -> Iterator[Server]:
    """Run a server over a data folder while the block runs."""
    environment = {**os.environ, "BRIGADE_DATA": str(data), "PYTHONUTF8": "1"}
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", *command], cwd=ROOT, env=environment, stdout=sys.stderr
    )
    try:
        _wait(process, port)
        yield Server(f"http://127.0.0.1:{port}", process, started)
    finally:
        process.terminate()
        process.wait()


def _wait(process: "subprocess.Popen[bytes]", port: int) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while process.poll() is None and time.monotonic() < deadline:
        connection = HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/_stcore/health")
            if connection.getresponse().status == 200:
                return
        except (OSError, HTTPException):
            time.sleep(0.02)
        finally:
            connection.close()
    raise RuntimeError("The server did not start.")


@contextmanager
def browser() -> Iterator[Browser]:
    """A headless browser."""
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=find_or_install(), args=FLAGS)
        yield found
        found.close()


def new_page(browser: Browser) -> Page:
    """A page as on an office PC, in Chinese, that knows nothing of earlier visits."""
    context = browser.new_context(viewport={"width": 1440, "height": 1000}, locale="zh-CN")
    context.set_default_timeout(1000 * PATIENCE_S)
    return context.new_page()


def lines_of(data: Path, command: Sequence[str]) -> list[Any]:
    """What a Python module prints, run over a data folder: one JSON value a line."""
    environment = {**os.environ, "BRIGADE_DATA": str(data), "PYTHONUTF8": "1"}
    found = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return [json.loads(line) for line in found.stdout.splitlines()]
