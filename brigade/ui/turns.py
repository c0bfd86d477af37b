"""Scripts take turns: several at once in one process hinder each other more than they gain.

Python runs one thread at a time. With many people's scripts under way it changes between them at
every message that one of them sends, and each change costs: a page that is drawn to its end before
the next begins is there sooner, and so is the last of them.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager


class Turns:
    """Lets ``at_once`` begin and the others wait; who takes longer than ``longest_s`` no longer
    holds anybody up."""

    def __init__(self, at_once: int, longest_s: float) -> None:
        self.at_once = at_once
        self.longest_s = longest_s
        self._began: dict[object, float] = {}
        self._changed = threading.Condition()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for a turn, and have it while the block runs."""
        own = object()
        with self._changed:
            while (wait := self._wait_s()) > 0:
                self._changed.wait(wait)
            self._began[own] = time.monotonic()
        try:
            yield
        finally:
            with self._changed:
                del self._began[own]
                self._changed.notify()

    def _wait_s(self) -> float:
        """How long until there is a turn even if nobody ends; 0 when there is one now."""
        overdue = time.monotonic() - self.longest_s
        holding = sorted(began for began in self._began.values() if began > overdue)
        return holding[-self.at_once] - overdue if len(holding) >= self.at_once else 0.0
