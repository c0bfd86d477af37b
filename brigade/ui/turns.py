"""Scripts take turns: several at once in one process hinder each other more than they gain.

Python runs one thread at a time. With many people's scripts under way it changes between them at
every message that one of them sends, and each change costs. Drawn one after another, pages take
less of the processor, and the slowest of them come sooner.
"""

import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager


class Turns:
    """Lets ``at_once`` begin, the others wait in a line; who takes longer than ``longest_s`` no
    longer holds them up."""

    def __init__(self, at_once: int, longest_s: float) -> None:
        self.at_once = at_once
        self.longest_s = longest_s
        self._line: deque[threading.Event] = deque()
        self._began: dict[threading.Event, float] = {}
        self._lock = threading.Lock()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for a turn, and have it while the block runs."""
        own = threading.Event()
        with self._lock:
            self._line.append(own)
            self._call_next()
        while not own.wait(self.longest_s):
            with self._lock:
                self._call_next()
        try:
            yield
        finally:
            with self._lock:
                del self._began[own]
                self._call_next()

    def _call_next(self) -> None:
        now = time.monotonic()
        holding = sum(now - began < self.longest_s for began in self._began.values())
        while self._line and holding < self.at_once:
            called = self._line.popleft()
            self._began[called] = now
            called.set()
            holding += 1
