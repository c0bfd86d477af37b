"""What the server adds to every answer, and what it says when something unforeseen happens."""

import asyncio
import logging
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from streamlit.testing.v1 import AppTest

from brigade.engine.duckdb import engine_for
from brigade.ingest import import_file
from brigade.releases import current_release
from brigade.server import _Headers


async def _plain(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"ok"})


def test_every_answer_keeps_the_browser_from_other_hosts() -> None:
    sent: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    asyncio.run(_Headers(_plain)({"type": "http"}, None, send))  # type: ignore[arg-type]
    headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    policy = headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "'unsafe-eval'" not in policy
    assert "http:" not in policy
    assert "https:" not in policy
    assert headers["x-content-type-options"] == "nosniff"


def _fails() -> None:
    from brigade.server import say_failure

    say_failure(ZeroDivisionError("secret detail"))


def test_an_unforeseen_error_is_a_sentence_with_a_code_that_the_log_has(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.ERROR):
        app = AppTest.from_function(_fails).run()
    [said] = app.error
    code = re.search(r"\b[0-9A-F]{6}\b", said.value)
    assert "secret" not in said.value
    assert code is not None
    assert code[0] in caplog.text
    assert "secret detail" in caplog.text


@contextmanager
def serving(data: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """The server as it is started by a person, over a data folder, and its port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "brigade", "serve", "--port", str(port)]
    environment = {**os.environ, "BRIGADE_DATA": str(data), "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as served:
        try:
            yield served, port
        finally:
            served.kill()


@pytest.mark.skipif(os.name == "nt", reason="Windows knows no SIGINT for another process")
@pytest.mark.parametrize("after_s", [0.0, 0.1, 0.3])  # while it still loads what pages need
def test_the_server_is_stopped_without_a_trace(tmp_path: Path, after_s: float) -> None:
    with serving(tmp_path) as (served, port):
        assert served.stdout is not None
        said = next(line for line in served.stdout if f":{port}" in line)
        with urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=30) as answer:
            assert answer.status == 200
        time.sleep(after_s)
        served.send_signal(signal.SIGINT)
        said += served.communicate(timeout=30)[0]
        assert served.returncode == 0
    assert "Traceback" not in said


def test_a_file_that_was_changed_is_said_in_the_log_at_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BRIGADE_DATA", str(tmp_path))
    file = tmp_path / "outreach.csv"
    file.write_text("活动编号,活动日期\nF1,2022-03-01\n", encoding="utf-8")
    import_file(file, "outreach")
    engine_for(current_release())  # what the app reads is made of the file, and stays whole
    [stored] = current_release().files("outreach")
    stored.write_bytes(bytes(byte ^ 1 for byte in stored.read_bytes()))
    with serving(tmp_path) as (served, _):
        assert served.stdout is not None
        said = next(line for line in served.stdout if f"outreach/{stored.name}" in line)
    assert said.startswith("ERROR")
