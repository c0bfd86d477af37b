"""What every byte of a file has to be looked at for, in one go: its hash, its lines, its marks."""

import hashlib
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

import numpy as np

from brigade.ingest.read import encoding
from brigade.ingest.read.encoding import Utf8Check

_PIECES = 4
"""So many pieces of a file are in memory: little enough to stay near the processors."""


@dataclass(frozen=True, slots=True)
class Scan:
    """The hash of a file, its line feeds, carriage returns and quotation marks, and whether it is
    UTF-8, or where it is first seen not to be.

    ``lines`` is at least the number of its lines.
    """

    sha256: str
    lines: int
    feeds: int
    returns: int
    quotes: int
    utf8: bool
    not_utf8: int | None


def scan(path: Path) -> Scan:
    """Look through a file: one thread reads it, one hashes, one counts and sees whether it is
    UTF-8."""
    digest, tally, check = hashlib.sha256(), _Tally(), Utf8Check()

    def look(piece: bytearray) -> None:
        tally.add(piece)
        check.add(piece)

    with ThreadPoolExecutor(1) as hashing, ThreadPoolExecutor(1) as looking:
        under_way = deque[tuple[Future[None], Future[None]]]()
        for piece in _pieces(path):
            under_way.append((hashing.submit(digest.update, piece), looking.submit(look, piece)))
            if len(under_way) == _PIECES - 1:  # the oldest is read over next
                _finish(under_way.popleft())
        for one in under_way:
            _finish(one)
    utf8 = check.finish()
    lines = max(tally.feeds, tally.returns) + (tally.last not in (b"\n", b"\r"))
    counted = tally.feeds, tally.returns, tally.quotes
    return Scan(digest.hexdigest(), lines, *counted, utf8, check.fault)


def _finish(work: Iterable[Future[None]]) -> None:
    for one in work:
        one.result()


def _pieces(path: Path) -> Iterator[bytearray]:
    """The bytes of a file, some at a time; each piece is there until the third after it."""
    with path.open("rb", buffering=0) as file:
        for piece in cycle([bytearray(encoding.PIECE) for _ in range(_PIECES)]):
            size = file.readinto(piece)
            if not size:
                return
            yield piece if size == len(piece) else piece[:size]


class _Tally:
    def __init__(self) -> None:
        self.feeds = self.returns = self.quotes = 0
        self.last = b""

    def add(self, piece: bytearray) -> None:
        self.feeds += _count(piece, b"\n")
        self.returns += _count(piece, b"\r")
        self.quotes += _count(piece, b'"')
        self.last = bytes(piece[-1:])


def _count(piece: bytearray, byte: bytes) -> int:
    """The same as ``piece.count``, which is slow where there are many."""
    if byte not in piece:
        return 0
    return int(np.count_nonzero(np.frombuffer(piece, np.uint8) == byte[0]))
