"""Doing the next things while the last is still being worked on."""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

Item = TypeVar("Item")
Made = TypeVar("Made")

_ROOM = 2
_AT_ONCE = min(os.cpu_count() or 1, 4)
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


def at_once(make: Callable[[Item], Made], items: Iterable[Item]) -> Iterator[Made]:
    """What is made of each item, in their order, of several at once on as many processors.

    The first is made by itself: who only wants the beginning has no more done.
    """
    source = iter(items)
    for item in source:
        yield make(item)
        break
    with ThreadPoolExecutor(_AT_ONCE) as workers:
        coming: deque[Future[Made]] = deque()
        try:
            for item in source:
                coming.append(workers.submit(make, item))
                if len(coming) > _AT_ONCE:
                    yield coming.popleft().result()
            while coming:
                yield coming.popleft().result()
        finally:
            for one in coming:
                one.cancel()
