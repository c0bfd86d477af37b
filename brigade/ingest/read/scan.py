"""What every byte of a file has to be looked at for, in one go: its hash, its lines, its marks."""

import hashlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

import numpy as np

from brigade.ingest.read import encoding
from brigade.ingest.read.encoding import Utf8Check


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
    """Look through a file; one processor hashes and counts, another sees whether it is UTF-8."""
    tally, check = _Tally(), Utf8Check()
    with ThreadPoolExecutor(1) as beside:
        counting = beside.submit(tally.add, bytearray())
        for piece in _pieces(path):
            check.add(piece)
            counting.result()
            counting = beside.submit(tally.add, piece)
        counting.result()
    utf8 = check.finish()
    lines = max(tally.feeds, tally.returns) + (tally.last not in (b"\n", b"\r"))
    digest = tally.digest.hexdigest()
    return Scan(digest, lines, tally.feeds, tally.returns, tally.quotes, utf8, check.fault)


def _pieces(path: Path) -> Iterator[bytearray]:
    """The bytes of a file, some at a time; each piece is there until the second after it."""
    with path.open("rb", buffering=0) as file:
        for piece in cycle((bytearray(encoding.PIECE), bytearray(encoding.PIECE))):
            size = file.readinto(piece)
            if not size:
                return
            yield piece if size == len(piece) else piece[:size]


class _Tally:
    def __init__(self) -> None:
        self.digest = hashlib.sha256()
        self.feeds = self.returns = self.quotes = 0
        self.last = b""

    def add(self, piece: bytearray) -> None:
        self.digest.update(piece)
        self.feeds += _count(piece, b"\n")
        self.returns += _count(piece, b"\r")
        self.quotes += _count(piece, b'"')
        self.last = bytes(piece[-1:])


def _count(piece: bytearray, byte: bytes) -> int:
    """The same as ``piece.count``, which is slow where there are many."""
    if byte not in piece:
        return 0
    return int(np.count_nonzero(np.frombuffer(piece, np.uint8) == byte[0]))
