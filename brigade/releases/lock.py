"""A lock between processes, on a file: the system lets go of it when its holder ends or dies."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from brigade.errors import ReleaseError
from brigade.text import Text

PATIENCE = 600.0
"""So many seconds are waited for another import before giving up."""

_AGAIN = 0.1

Say = Callable[[Text], None]

if sys.platform == "win32":
    import msvcrt

    def _take(file: IO[bytes]) -> None:
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _take(file: IO[bytes]) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextmanager
def lock_if_free(path: Path) -> Iterator[bool]:
    """Hold the lock of a file for the block; false when another has it and the block is without.

    The file is made where it isn't yet; what it holds plays no part. The same process may not take
    a lock twice either.
    """
    with path.open("ab") as file:
        try:
            _take(file)
        except (BlockingIOError, PermissionError):  # as POSIX and as Windows say it
            held = False
        else:
            held = True
        yield held


@contextmanager
def lock(path: Path, say: Say | None = None) -> Iterator[None]:
    """Hold the lock of a file for the block, after waiting for it.

    ``say`` is told once that it waits. Raises :class:`ReleaseError` after ``PATIENCE`` seconds.
    """
    ends = time.monotonic() + PATIENCE
    waiting = False
    while True:
        with lock_if_free(path) as held:
            if held:
                yield
                return
        if not waiting and say is not None:
            say(
                Text(
                    "另一个导入正在发布，等它结束……",
                    "Another import is being published; waiting for it …",
                )
            )
        waiting = True
        if time.monotonic() > ends:
            raise ReleaseError(
                Text(
                    f"另一个导入占用版本文件夹已超过 {PATIENCE / 60:.0f} 分钟，"
                    "这次没有改动任何东西。请等它结束，或结束那个程序后再试。",
                    f"Another import has kept the folder of releases for {PATIENCE / 60:.0f} "
                    "minutes; nothing was changed. Wait for it or end that program, and try again.",
                )
            )
        time.sleep(_AGAIN)
