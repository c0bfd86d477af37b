"""What the browser tests share: how the browser is started, a page watched and waited for."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Error, Page, Request

# A headless browser that asks nothing of the network but what the page asks, also as root and
# in a container.
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

IDLE = (
    '[data-testid="stApp"][data-test-script-state="notRunning"]'
    '[data-test-connection-state="CONNECTED"]'
)
UNFINISHED = '[data-testid="stSkeleton"], [data-stale="true"], [aria-busy="true"]'


def settle(page: Page, *, quiet_s: float = 0.3, timeout_s: float = 30) -> None:
    """Wait until the app has been idle for ``quiet_s``: no script runs and nothing is half drawn.

    The quiet time is for what starts a little after a click, such as a chart's selection. Raises
    TimeoutError.
    """
    deadline = time.monotonic() + timeout_s
    quiet_since = None
    while quiet_since is None or time.monotonic() - quiet_since < quiet_s:
        if time.monotonic() > deadline:
            raise TimeoutError(f"The app was not idle within {timeout_s} s.")
        if page.locator(IDLE).count() == 1 and page.locator(UNFINISHED).count() == 0:
            quiet_since = quiet_since or time.monotonic()
        else:
            quiet_since = None
        page.wait_for_timeout(50)


def follow(page: Page, act: Callable[[], object], *, timeout_s: float = 30) -> None:
    """Do what changes the address, and wait until it has changed and the app is idle again."""
    before = page.url
    act()
    page.wait_for_url(lambda url: url != before, timeout=timeout_s * 1000)
    settle(page, timeout_s=timeout_s)


@dataclass
class Watch:
    """What went wrong in a test's pages, though nobody looked: an empty list is what we want.

    A test that expects trouble appends a regular expression of it to ``allowed``.
    """

    host: str
    faults: list[str] = field(default_factory=list)
    allowed: list[str] = field(default_factory=list)

    def follow(self, page: Page) -> None:
        """Collect the page's requests to other hosts, its console errors and its exceptions."""
        page.on("request", self._on_request)
        page.on("console", self._on_console)
        page.on("pageerror", self._on_page_error)

    def unexpected(self) -> list[str]:
        """The faults that the test did not allow."""
        return [
            fault
            for fault in self.faults
            if not any(re.search(pattern, fault) for pattern in self.allowed)
        ]

    def _on_request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in ("data", "blob") and address.netloc != self.host:
            self.faults.append(f"request to another host: {request.url}")

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.faults.append(f"console error: {message.text} ({message.location['url']})")

    def _on_page_error(self, error: Error) -> None:
        self.faults.append(f"page error: {error}")
