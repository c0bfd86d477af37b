"""Being told while an answer is awaited, and leaving off when nobody wants it any more.

An engine in another place may take minutes. Whoever asks can have itself told how long it has been
waiting; when what it is told by raises, the engine stops the query and lets the exception through.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_told: ContextVar[Callable[[float], None] | None] = ContextVar("told", default=None)


@contextmanager
def told_while_waiting(tell: Callable[[float], None]) -> Iterator[None]:
    """Have ``tell`` called with the seconds passed, several times a second, by what waits here."""
    token = _told.set(tell)
    try:
        yield
    finally:
        _told.reset(token)


def tell(seconds: float) -> None:
    """Tell whoever asked that the answer has been awaited for so long."""
    told = _told.get()
    if told is not None:
        told(seconds)
