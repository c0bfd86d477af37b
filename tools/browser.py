"""Find a browser of the Chromium family for the browser tests; install one where there is none.

Run as a script it prints the browser's path, or says on standard error why there is none.
"""

import os
import shutil
import subprocess
import sys
from ctypes.util import find_library
from pathlib import Path

from playwright.sync_api import sync_playwright

NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
    "microsoft-edge-stable",
    "msedge",
)
MAC = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
)
WINDOWS = ("Google/Chrome/Application/chrome.exe", "Microsoft/Edge/Application/msedge.exe")
WINDOWS_ROOTS = ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA")


class NoBrowserError(Exception):
    """There is no browser and none could be installed; the message says what to do."""


def find_or_install() -> Path:
    """A browser, installed if need be; :class:`NoBrowserError` when that fails.

    ``$CHROME`` comes first, then a browser of the system's, then Playwright's own download.
    """
    found = _find()
    if _is_debian_root() and (packages := _missing_packages(found)):
        _run(["apt-get", "update", "-q"])
        _run(["apt-get", "install", "-y", "-q", "--no-install-recommends", *packages])
        found = _find()
    found = found or _download()
    if found is None:
        raise NoBrowserError(
            "No Chromium, Chrome or Edge was found, and none could be installed; install one, "
            "or set CHROME to its path."
        )
    return found


def _find() -> Path | None:
    if told := os.environ.get("CHROME"):
        path = shutil.which(told)
        if path is None:
            raise NoBrowserError(f"CHROME is set to {told}, which can't be run; mend or unset it.")
        return Path(path)
    for name in NAMES:
        if path := shutil.which(name):
            return Path(path)
    roots = [Path(os.environ[root]) for root in WINDOWS_ROOTS if root in os.environ]
    usual = [Path(path) for path in MAC] + [root / path for root in roots for path in WINDOWS]
    return next((path for path in usual if path.is_file()), None)


def _download() -> Path | None:
    with sync_playwright() as playwright:
        path = Path(playwright.chromium.executable_path)
    if not path.is_file():
        _run([sys.executable, "-m", "playwright", "install", "chromium"])
    return path if path.is_file() else None


def _is_debian_root() -> bool:
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    return is_root and Path("/etc/debian_version").exists() and bool(shutil.which("apt-get"))


def _missing_packages(browser: Path | None) -> list[str]:
    """The Debian packages that the browser tests need and this machine lacks."""
    missing = {
        "chromium": browser is None,
        # Without such a font Chinese is drawn as boxes.
        "fonts-noto-cjk": not _has_chinese_font(),
        # What Playwright's driver is linked with, and a bare system doesn't have.
        "libatomic1": find_library("atomic") is None,
    }
    return [package for package, is_missing in missing.items() if is_missing]


def _has_chinese_font() -> bool:
    if not shutil.which("fc-list"):
        return False
    listed = subprocess.run(["fc-list", ":lang=zh-cn"], capture_output=True, check=False)
    return bool(listed.stdout.strip())


def _run(command: list[str]) -> None:
    """Run an installer with its output on standard error; whether it helped is seen afterwards."""
    print("For the browser tests:", *command, file=sys.stderr, flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(command, stdout=sys.stderr, env=environment, check=False)


if __name__ == "__main__":
    try:
        print(find_or_install())
    except NoBrowserError as error:
        sys.exit(str(error))
