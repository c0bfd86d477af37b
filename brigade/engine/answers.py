"""Answers that were given: a release never changes, so neither does what a query finds in it."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
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

    ``cells`` says how many values an answer holds; one that holds none counts as one.
    """

    def __init__(self, room: int, cells: Callable[[Kept], int]) -> None:
        self.room = room
        self._cells = cells
        self._held = 0
        self._kept: OrderedDict[Hashable, Kept] = OrderedDict()
        self._asked: dict[Hashable, Future[Kept]] = {}
        self._lock = threading.Lock()

    def of(self, key: Hashable, ask: Callable[[], Kept]) -> Kept:
        """The answer kept for a key, else the one that ``ask`` gives.

        Whoever asks for the same in the meantime waits for that answer, or fails with it.
        """
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
            waiting = self._asked.get(key)
            if waiting is None:
                asked = self._asked[key] = Future()
        if waiting is not None:
            return waiting.result()
        try:
            answer = ask()
        except BaseException as error:
            asked.set_exception(error)
            raise
        else:
            asked.set_result(answer)
        finally:
            with self._lock:
                del self._asked[key]
                if not asked.exception():
                    self._keep(key, answer)
        return answer

    def _keep(self, key: Hashable, answer: Kept) -> None:
        """Keep an answer, and let go of the oldest while there is no room for all."""
        self._kept[key] = answer
        self._held += self._size(answer)
        while self._held > self.room:
            self._held -= self._size(self._kept.popitem(last=False)[1])

    def _size(self, answer: Kept) -> int:
        return max(1, self._cells(answer))
