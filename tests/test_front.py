"""Several processes behind one address: who is handed to which, and what happens when one dies."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException, HTTPResponse
from pathlib import Path

import pytest

from brigade.front import worker_asked

HERE = pytest.mark.skipif(
    not hasattr(socket, "send_fds"), reason="this system can't pass connections on"
)


@pytest.mark.parametrize(
    ("head", "number"),
    [
        (b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", None),
        (b"GET / HTTP/1.1\r\nCookie: brigade_worker=2\r\n\r\n", 2),
        (b"GET / HTTP/1.1\r\ncookie: a=b; brigade_worker=3; c=d\r\n\r\n", 3),
        (b"GET / HTTP/1.1\r\nCookie: brigade_worker=5\r\n\r\n", 2),
        (b"GET / HTTP/1.1\r\nCookie: brigade_worker=0\r\n\r\n", 3),
        (b"GET / HTTP/1.1\r\nCookie: brigade_worker=x\r\n\r\n", None),
        (b"GET / HTTP/1.1\r\nCookie: not_brigade_worker=2\r\n\r\n", None),
        (b"GET /?Cookie:brigade_worker=2 HTTP/1.1\r\n\r\n", None),
        (b"POST / HTTP/1.1\r\nHost: a\r\n\r\nCookie: brigade_worker=2\r\n", None),
    ],
)
def test_a_request_is_for_the_worker_that_its_cookie_names(head: bytes, number: int | None) -> None:
    assert worker_asked(head, 3) == number


@contextmanager
def serving(data: Path, *options: str) -> Iterator[tuple["subprocess.Popen[str]", int]]:
    """Two workers as a person starts them, and their port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "brigade", "serve", "--port", str(port), "--workers", "2"]
    with subprocess.Popen(
        [*command, *options],
        env={**os.environ, "BRIGADE_DATA": str(data), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as served:
        try:
            yield served, port
        finally:
            if served.poll() is None:
                os.killpg(served.pid, signal.SIGKILL)


def processes(served: "subprocess.Popen[str]", count: int) -> dict[str, int]:
    """The next workers that are started, as the server says it: number and process."""
    assert served.stdout is not None
    found = {}
    for line in served.stdout:
        if said := re.match(r"worker (\d): process (\d+)", line):
            found[said[1]] = int(said[2])
            if len(found) == count:
                break
    return found


def asked(port: int, path: str, cookie: str = "", method: str = "GET") -> HTTPResponse:
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request(method, path, headers={"Cookie": cookie} if cookie else {})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer


def given(answer: HTTPResponse) -> str:
    """The worker's cookie in an answer."""
    cookies = answer.headers.get_all("Set-Cookie") or []
    return next((c.split(";")[0] for c in cookies if c.startswith("brigade_worker")), "")


@HERE
def test_workers_keep_their_browsers_and_are_started_again(tmp_path: Path) -> None:
    with serving(tmp_path) as (served, port):
        pids = processes(served, 2)
        first = asked(port, "/")
        assert first.status == 200
        assert "default-src 'self'" in first.headers["Content-Security-Policy"]
        cookie = given(first)
        number = cookie.removeprefix("brigade_worker=")
        assert number in pids
        # Whoever has a cookie keeps it; the other worker would give its own.
        assert all(not given(asked(port, "/_stcore/health", cookie)) for _ in range(6))
        head = asked(port, "/", cookie, "HEAD")
        assert head.status == 200
        assert int(head.headers["Content-Length"]) > 0

        # A head that comes in two pieces is waited for.
        with socket.create_connection(("127.0.0.1", port), timeout=60) as slow:
            slow.sendall(b"GET /_stcore/health HTTP/1.1\r\nHost: a\r\nCookie: ")
            time.sleep(0.3)
            slow.sendall(f"{cookie}\r\nConnection: close\r\n\r\n".encode())
            answer = b"".join(iter(lambda: slow.recv(4096), b""))
        assert answer.startswith(b"HTTP/1.1 200")
        assert b"brigade_worker" not in answer

        os.kill(pids[number], signal.SIGKILL)
        again = processes(served, 1)
        assert list(again) == [number]
        assert again[number] != pids[number]
        answer = asked(port, "/_stcore/health", cookie)
        assert answer.status == 200
        assert not given(answer)


@HERE
@pytest.mark.skipif(os.name == "nt", reason="Windows knows no SIGINT for another process")
@pytest.mark.parametrize("whole_group", [True, False], ids=["ctrl_c", "one"])
def test_all_end_without_a_trace(tmp_path: Path, whole_group: bool) -> None:
    with serving(tmp_path) as (served, port):
        pids = processes(served, 2)
        assert asked(port, "/_stcore/health").status == 200
        if whole_group:  # as a terminal does it
            os.killpg(served.pid, signal.SIGINT)
        else:
            served.terminate()
        said = served.communicate(timeout=30)[0]
        assert served.returncode == 0
    assert said.strip() == ""
    for pid in pids.values():
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


@HERE
def test_workers_end_with_the_process_that_started_them(tmp_path: Path) -> None:
    with serving(tmp_path) as (served, port):
        pids = processes(served, 2)
        assert asked(port, "/_stcore/health").status == 200
        served.kill()
        deadline = time.monotonic() + 30
        left = set(pids.values())
        while left and time.monotonic() < deadline:
            time.sleep(0.1)
            left = {pid for pid in left if Path(f"/proc/{pid}/stat").exists()}
        assert not left
        with pytest.raises((OSError, HTTPException)):
            asked(port, "/_stcore/health")


@HERE
def test_a_port_that_is_taken_is_said_in_one_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        command = [sys.executable, "-m", "brigade", "--lang", "en", "serve", "--workers", "2"]
        done = subprocess.run(
            [*command, "--port", str(port)], capture_output=True, text=True, timeout=60
        )
    assert done.returncode == 1
    assert done.stderr.startswith(f"Address 127.0.0.1:{port} can't be used")
    assert "Traceback" not in done.stderr
