"""Take the pictures of the READMEs: the first page of each section, from the app over its sample.

Writes ``docs/images/<section>.<language>.png`` and prints the size of each.
"""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
# Run as a script, this folder is on the path and the root of the repository is not.
sys.path.insert(0, str(ROOT))

from tests.browser.browser import FLAGS, settle  # noqa: E402
from tools.browser import find_or_install  # noqa: E402

IMAGES = ROOT / "docs" / "images"
SECTIONS = {
    "overview": "",
    "enforcement": "enforcement-overview",
    "villages": "villages-overview",
    "vehicles": "vehicles-service",
    "crashes": "crashes-overview",
    "figures": "figures-overview",
}
"""The address of the page that shows a section, by the picture's name."""
LOCALES = {"zh": "zh-CN", "en": "en-GB"}
WIDTH, HEIGHT = 1440, 1100
START_S = 60


@contextmanager
def server() -> Iterator[str]:
    """The address of the app, served over its sample while the block runs."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    command = [sys.executable, "-m", "brigade", "serve", "--port", str(port)]
    with tempfile.TemporaryDirectory() as data:
        environment = {**os.environ, "BRIGADE_DATA": data}
        environment.pop("BRIGADE_SHOW_PERSONAL", None)
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=sys.stderr)
        try:
            _wait_until_healthy(process, port)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait()


def _wait_until_healthy(process: "subprocess.Popen[bytes]", port: int) -> None:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline and process.poll() is None:
        connection = HTTPConnection("127.0.0.1", port, timeout=1)
        try:
            connection.request("GET", "/_stcore/health")
            if connection.getresponse().status == 200:
                return
        except (OSError, HTTPException):
            time.sleep(0.2)
        finally:
            connection.close()
    sys.exit("The app did not start.")


def take(browser: Browser, address: str, language: str, target: Path) -> None:
    """Write the picture of the top of one page, as on an office monitor, in light colours."""
    context = browser.new_context(
        viewport={"width": WIDTH, "height": HEIGHT},
        locale=LOCALES[language],
        timezone_id="Asia/Shanghai",
        color_scheme="light",
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.goto(address)
    # Charts are drawn a little after the page itself has come to rest.
    settle(page, quiet_s=2)
    page.screenshot(path=target, animations="disabled")
    context.close()


def main() -> None:
    """Take all pictures."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with server() as host, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_or_install(), args=FLAGS)
        for section, path in SECTIONS.items():
            for language in LOCALES:
                target = IMAGES / f"{section}.{language}.png"
                take(browser, f"{host}/{path}", language, target)
                print(f"{target.relative_to(ROOT)}  {target.stat().st_size // 1000} kB")
        browser.close()


if __name__ == "__main__":
    main()
