"""The app as a person meets it: a server of its own, a browser, and a page that is watched."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.browser import FLAGS, Watch
from tools.browser import NoBrowserError, find_or_install

ROOT = Path(__file__).resolve().parents[2]
START_S = 60


# Server and browser live for the tests of this folder and no longer: a driven browser keeps an
# event loop running in the thread that the other tests run in.
@pytest.fixture(scope="package")
def server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The address of the app, served as a user serves it, with an empty data folder."""
    with serving(tmp_path_factory.mktemp("server"), request) as address:
        yield address


@contextmanager
def serving(folder: Path, request: pytest.FixtureRequest, *options: str) -> Iterator[str]:
    """A server of its own whose data folder and log are in ``folder``; gives its address."""
    log = folder / "server.log"
    port = _free_port()
    command = [sys.executable, "-m", "brigade", "serve"]
    command += ["--host", "127.0.0.1", "--port", str(port), *options]
    environment = {**os.environ, "BRIGADE_DATA": str(folder / "data"), "PYTHONUTF8": "1"}
    with log.open("wb") as out:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=out, stderr=out)
    try:
        _wait_until_healthy(process, port, log)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if request.session.testsfailed:
            print(f"\nThe server's log:\n{_text(log)}")


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """A headless browser; without one the test is skipped, or fails where CI=true."""
    try:
        path = find_or_install()
    except NoBrowserError as error:
        if os.environ.get("CI") == "true":
            pytest.fail(str(error), pytrace=False)
        pytest.skip(str(error))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def watch(server: str) -> Iterator[Watch]:
    """What went wrong in the test's pages; see :class:`Watch`. Anything not allowed fails it."""
    watch = Watch(host=urlsplit(server).netloc)
    yield watch
    unexpected = watch.unexpected()
    assert not unexpected, "\n".join(unexpected)


@pytest.fixture
def open_page(server: str, browser: Browser, watch: Watch) -> Iterator[Callable[..., Page]]:
    """Make a page in a context of its own: ``open_page(width=400, locale="en-GB")``.

    Addresses are relative to the server: ``page.goto("/")``.
    """
    contexts = []

    def make(*, width: int = 1440, height: int = 1000, locale: str = "zh-CN") -> Page:
        context = browser.new_context(
            base_url=server,
            viewport={"width": width, "height": height},
            locale=locale,
            timezone_id="Asia/Shanghai",
        )
        contexts.append(context)
        page = context.new_page()
        watch.follow(page)
        return page

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def page(open_page: Callable[..., Page]) -> Page:
    """A watched page as on an office PC: 1440 × 1000, Chinese."""
    return open_page()


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def _wait_until_healthy(process: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    deadline = time.monotonic() + START_S
    while process.poll() is None and time.monotonic() < deadline:
        if _is_healthy(port):
            return
        time.sleep(0.1)
    code = process.poll()
    became = "is silent" if code is None else f"ended with code {code}"
    pytest.fail(f"The server {became}; its log:\n{_text(log)}", pytrace=False)


def _is_healthy(port: int) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=1)
    try:
        connection.request("GET", "/_stcore/health")
        return connection.getresponse().status == HTTPStatus.OK
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def _text(log: Path) -> str:
    return log.read_text(encoding="utf-8", errors="replace")
