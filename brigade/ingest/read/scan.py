"""What every byte of a file has to be looked at for, in one go: its hash, its lines, its marks."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from brigade.ingest.read.encoding import Utf8Check, pieces


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
    """Look through a file; one processor hashes while another does all else."""
    digest = hashlib.sha256()
    check = Utf8Check()
    feeds = returns = quotes = 0
    last = b""
    with ThreadPoolExecutor(1) as beside:
        hashing = beside.submit(digest.update, b"")
        for piece in pieces(path):
            hashing.result()
            hashing = beside.submit(digest.update, piece)
            check.add(piece)
            last = piece[-1:]
            feeds += _count(piece, b"\n")
            returns += _count(piece, b"\r")
            quotes += _count(piece, b'"')
        hashing.result()
    utf8 = check.finish()
    lines = max(feeds, returns) + (last not in (b"\n", b"\r"))
    return Scan(digest.hexdigest(), lines, feeds, returns, quotes, utf8, check.fault)


def _count(piece: bytes, byte: bytes) -> int:
    """The same as ``piece.count``, which is slow where there are many."""
    if byte not in piece:
        return 0
    return int(np.count_nonzero(np.frombuffer(piece, np.uint8) == byte[0]))
