"""Answers that were given: a release never changes, so neither does what a query finds in it."""

import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

Key = tuple[str, str]
"""A query's bound text, and its parameters written out."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The result of a query: its columns' names and its rows."""

    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]

    @property
    def cells(self) -> int:
        """How many values it holds, at least one."""
        return max(1, len(self.columns) * len(self.rows))

    def dicts(self) -> list[dict[str, Any]]:
        """Its rows by column, new ones each time: whoever asks may add to them."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]


class Answers:
    """The answers used last, as many as hold ``room`` values in all. Sound over threads."""

    def __init__(self, room: int) -> None:
        self.room = room
        self._held = 0
        self._kept: OrderedDict[Key, Answer] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Key) -> Answer | None:
        """The answer kept for a key, which is now the one used last."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def keep(self, key: Key, answer: Answer) -> None:
        """Keep an answer, and let go of the oldest while there is no room for all."""
        with self._lock:
            if key in self._kept:
                return
            self._kept[key] = answer
            self._held += answer.cells
            while self._held > self.room:
                self._held -= self._kept.popitem(last=False)[1].cells
