"""The list of rejected rows as a person gets it: what is wrong, then the row as it stood."""

import csv
from collections.abc import Sequence
from pathlib import Path

from brigade.ingest.read import ADDED, Table
from brigade.ingest.validate import Rejected
from brigade.spreadsheet import harmless

_HEADERS = ("文件 file", "行号 row", "列 column", "值 value", "原因", "reason")


def write_rejects(path: Path, file: Table, rejected: Sequence[Rejected]) -> None:
    """Write the rejected rows of a file as CSV, in UTF-8 with a mark for spreadsheets.

    Put right, the list can be imported: headers that begin with ``ADDED`` are passed over, and so
    is the apostrophe that keeps a spreadsheet from running a cell as a formula.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8-sig", newline="") as target:
        writer = csv.writer(target, lineterminator="\n")
        writer.writerow([ADDED + header for header in _HEADERS] + list(file.headers))
        for one in rejected:
            found = (file.path.name, str(one.row), one.column, one.value)
            said = (one.reason.zh, one.reason.en)
            writer.writerow([harmless(cell) for cell in (*found, *said, *one.cells)])
