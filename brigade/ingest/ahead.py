"""Doing the next thing while the last is still being worked on."""

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

Item = TypeVar("Item")

_ROOM = 2
_END: Any = object()


def ahead(items: Iterable[Item]) -> Iterator[Item]:
    """The same items in the same order, the next ones being made in a thread meanwhile.

    What making one raises is raised in its place. Worth it where most of the work is done by
    libraries that let other threads run.
    """
    source = iter(items)
    with ThreadPoolExecutor(1) as worker:
        coming = deque(worker.submit(next, source, _END) for _ in range(_ROOM))
        try:
            while (item := coming.popleft().result()) is not _END:
                coming.append(worker.submit(next, source, _END))
                yield item
        finally:
            for one in coming:
                one.cancel()
