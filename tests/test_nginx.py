"""The configuration for nginx in the documents, tried with nginx itself where it is installed."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import pytest
from websockets.sync.client import connect
from websockets.typing import Origin, Subprotocol

from tests.test_front import asked, given

ROOT = Path(__file__).resolve().parents[1]
NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
START_S = 60

pytestmark = pytest.mark.skipif(NGINX is None, reason="nginx is not installed")


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def wait_for(port: int) -> None:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline:
        try:
            if asked(port, "/_stcore/health").status == 200:
                return
        except (OSError, HTTPException):
            time.sleep(0.1)
    pytest.fail(f"Nobody answers at port {port}.")


@contextmanager
def process(*command: str, **environment: str) -> Iterator[None]:
    running = subprocess.Popen(command, env={**os.environ, **environment})
    try:
        yield
    finally:
        running.terminate()
        running.wait(timeout=20)


@pytest.fixture(scope="module")
def ports(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, int, int]]:
    """nginx as documented with two servers behind it: its port, and theirs."""
    folder = tmp_path_factory.mktemp("nginx")
    front, first, second = free_port(), free_port(), free_port()
    documented = (ROOT / "docs" / "nginx.conf").read_text(encoding="utf-8")
    for stands, port in ((8501, f"127.0.0.1:{front}"), (8601, first), (8602, second)):
        documented = re.sub(rf"\b{stands}\b", str(port), documented)
    kept = "\n".join(
        f"{kind}_temp_path {folder};"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    config = folder / "nginx.conf"
    config.write_text(
        f"daemon off; pid {folder}/pid; error_log stderr warn; events {{}}\n"
        f"http {{ access_log off;\n{kept}\n{documented} }}",
        encoding="utf-8",
    )
    assert NGINX is not None
    with ExitStack() as stack:
        for port in (first, second):
            command = [sys.executable, "-m", "brigade", "serve", "--port", str(port)]
            data = {"BRIGADE_DATA": str(folder / "data"), "BRIGADE_THREADS": "1"}
            stack.enter_context(process(*command, **data))
        stack.enter_context(process(NGINX, "-e", "stderr", "-p", str(folder), "-c", str(config)))
        for port in (first, second, front):
            wait_for(port)
        yield front, first, second


def test_each_browser_is_kept_on_one_server(ports: tuple[int, int, int]) -> None:
    front, _, _ = ports
    cookies = {given(asked(front, "/")) for _ in range(40)}
    assert cookies == {"brigade_worker=1", "brigade_worker=2"}
    for cookie in cookies:
        answer = asked(front, "/", cookie)
        assert answer.status == 200
        assert not given(answer)
        assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
        assert asked(front, "/", cookie, "HEAD").status == 200
    assert given(asked(front, "/", "brigade_worker=9"))


def test_a_page_and_its_files_go_to_the_same_server(ports: tuple[int, int, int]) -> None:
    front, first, second = ports
    host = f"127.0.0.1:{front}"
    for number, own in ((1, first), (2, second)):
        cookie = f"brigade_worker={number}"
        opened = connect(
            f"ws://{host}/_stcore/stream",
            subprotocols=[Subprotocol("streamlit")],
            origin=Origin(f"http://{host}"),
            additional_headers={"Cookie": cookie},
        )
        with opened as page:
            assert page.subprotocol == "streamlit"
            assert connected_to(own)
        # A stranger's page may not open one: Host and Origin reach the app as they are.
        with pytest.raises(Exception, match="403"):
            connect(
                f"ws://{host}/_stcore/stream",
                origin=Origin("http://elsewhere.example"),
                additional_headers={"Cookie": cookie},
            )


def connected_to(port: int) -> bool:
    """Whether somebody has a connection open to a server."""
    hexadecimal = f":{port:04X}"
    lines = Path("/proc/net/tcp").read_text(encoding="utf-8").splitlines()[1:]
    return any(line.split()[2].endswith(hexadecimal) and line.split()[3] == "01" for line in lines)


def test_a_large_file_passes(ports: tuple[int, int, int]) -> None:
    front, _, _ = ports
    size = 200 << 20
    connection = HTTPConnection("127.0.0.1", front, timeout=120)
    connection.putrequest("PUT", "/_stcore/upload_file/none/none")
    connection.putheader("Content-Length", str(size))
    connection.endheaders()
    try:
        for _ in range(size >> 20):
            connection.send(b"\0" * (1 << 20))
    except (BrokenPipeError, ConnectionResetError):
        pass  # refused before all of it came: by the app, not by nginx
    answer = connection.getresponse()
    # No page has asked for this file: so says the app. nginx would say 413 to one too large.
    assert answer.status in (400, 403)
    assert "Content-Security-Policy" in answer.headers
    connection.close()
