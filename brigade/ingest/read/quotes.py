"""Quotation marks in text that don't come in pairs: they swallow what stands behind them."""

import mmap
import re
from typing import Self

from brigade.ingest.read.table import Table

_WINDOW = 64 << 20


def unclosed(table: Table) -> int | None:
    """The line of a quotation mark that is open where the file ends, from 1; None if there's none.

    A quotation mark opens a cell only at its beginning, and two of them within a cell are one.
    """
    opening = b"[\r\n" + re.escape(table.separator.encode()) + b"]"
    quote = table.quote.encode()
    cell = re.compile(
        rb"(?:\A|(?<=" + opening + rb"))" + quote
        + rb"(?:[^" + quote + rb"]++|" + quote * 2 + rb")*+(" + quote + rb"|\Z)"
    )  # fmt: skip
    with table.path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as raw:
        wide = (table.encoding or "").startswith("utf-16")
        data = raw[:].decode(table.encoding or "", "replace").encode() if wide else raw
        start = 3 if data[:3] == b"\xef\xbb\xbf" else 0
        for found in cell.finditer(data, start):
            if not found[1]:
                before = data[: found.start()]
                return before.replace(b"\r\n", b"\n").replace(b"\r", b"\n").count(b"\n") + 1
    return None


class Quotes:
    """Tells whether cells with line breaks are quoted soundly in the file itself.

    Where two marks in different rows are left open, the text between them becomes one cell; in the
    file the second is then followed by more of its cell, which a closing mark never is. Cells have
    to be asked for in the order in which they stand in the file.
    """

    def __init__(self, table: Table) -> None:
        self._encoding, self._quote = table.encoding or "utf-8", table.quote
        self._ends = tuple(end.encode(self._encoding) for end in (table.separator, "\n", "\r"))
        self._at: dict[int, int] = {}
        with table.path.open("rb") as file:
            self._raw = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._raw.close()

    def are_paired(self, column: int, cell: str) -> bool:
        """Whether a cell of a column stands in the file between an opening and a closing mark."""
        quote = self._quote
        wanted = f"{quote}{cell.replace(quote, quote * 2)}{quote}".encode(self._encoding, "replace")
        start = self._at.get(column, 0)
        end = start + _WINDOW + len(wanted)
        at = self._raw.find(wanted, start, end)
        while at >= 0:
            behind = at + len(wanted)
            after = self._raw[behind : behind + 2]
            if not after or after.startswith(self._ends):
                self._at[column] = behind
                return True
            at = self._raw.find(wanted, at + 1, end)
        return False
