"""Answers that were given: a release never changes, so neither does what a query finds in it."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

Kept = TypeVar("Kept")


@dataclass(frozen=True, slots=True)
class Answer:
    """The result of a query: its columns' names and its rows."""

    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]

    @property
    def cells(self) -> int:
        """How many values it holds."""
        return len(self.columns) * len(self.rows)

    def dicts(self) -> list[dict[str, Any]]:
        """Its rows by column, new ones each time: whoever asks may add to them."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]


class Answers(Generic[Kept]):
    """The answers used last, as many as hold ``room`` values in all. Sound over threads.

    ``cells`` says how many values an answer holds; one that holds none counts as one. Those who ask
    for the same at once wait for one answer, unless they are not to be kept ``waiting``: an answer
    from far away may take minutes, and whoever asks is told meanwhile and may leave off.
    """

    def __init__(self, room: int, cells: Callable[[Kept], int], waiting: bool = True) -> None:
        self.room = room
        self._cells = cells
        self._waiting = waiting
        self._held = 0
        self._kept: OrderedDict[Hashable, Kept] = OrderedDict()
        self._asked: dict[Hashable, Future[Kept]] = {}
        self._lock = threading.Lock()

    def of(self, key: Hashable, ask: Callable[[], Kept]) -> Kept:
        """The answer kept for a key, else the one that ``ask`` gives.

        Whoever waits for another's answer fails with it too, but asks anew where the other has
        left off.
        """
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
            others = self._asked.get(key) if self._waiting else None
            own = Future[Kept]()
            if others is None:
                self._asked[key] = own
        if others is None:
            return self._asked_now(key, own, ask)
        try:
            return others.result()
        except CancelledError:
            return self.of(key, ask)

    def _asked_now(self, key: Hashable, own: Future[Kept], ask: Callable[[], Kept]) -> Kept:
        try:
            answer = ask()
        except BaseException as error:
            with self._lock:
                self._asked.pop(key, None)
            if isinstance(error, Exception):
                own.set_exception(error)
            else:  # the end of a script, which concerns nobody else
                own.cancel()
            raise
        with self._lock:
            self._asked.pop(key, None)
            self._keep(key, answer)
        own.set_result(answer)
        return answer

    def _keep(self, key: Hashable, answer: Kept) -> None:
        """Keep an answer, and let go of the oldest while there is no room for all."""
        if key in self._kept:
            return
        self._kept[key] = answer
        self._held += self._size(answer)
        while self._held > self.room:
            self._held -= self._size(self._kept.popitem(last=False)[1])

    def _size(self, answer: Kept) -> int:
        return max(1, self._cells(answer))
