"""The list of rejected rows as a person gets it: what is wrong, then the row as it stood.

It is kept under ``$BRIGADE_DATA/rejects``; the release's manifest names it beside the counts of the
file that it is of.
"""

import csv
import re
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any

import pyarrow as pa

from brigade import house
from brigade.errors import InputError
from brigade.ingest.read import ADDED, GUARD
from brigade.ingest.validate import Rejected
from brigade.spreadsheet import harmless, kept_as_text
from brigade.text import Lang, Text

_ADDED = (
    Text("文件", "file"),
    Text("工作表", "sheet"),
    Text("行号", "row"),
    Text("列", "column"),
    Text("值", "value"),
)
_REASON = Text("原因", "reason")


def rejects_path(name: str) -> Path:
    """Where the list of that name is kept, whether it is there or not."""
    return house.data_folder() / "rejects" / name


def keep_rejects(written: Path, path: Path) -> None:
    """Move a list to where it is kept, on the same disk, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    written.replace(path)


class RejectsWriter:
    """Writes rejected rows as CSV as they come, in UTF-8 with a mark for spreadsheets.

    Put right, the list can be imported: headers that begin with ``ADDED`` are passed over, and so
    is what keeps a spreadsheet from running a cell as a formula or from taking it for a number.
    Nothing is written before the first row. Closes the file at the end of a ``with`` block.
    """

    def __init__(self, path: Path, file: str, sheet: str | None, headers: Sequence[str]) -> None:
        self._path, self._file, self._sheet = path, file, sheet or ""
        # A list that is imported and rejected again has these headers already.
        self._own = [i for i, header in enumerate(headers) if not header.startswith(ADDED)]
        self._headers = [headers[i] for i in self._own]
        self._open = ExitStack()
        self._writer: Any = None

    def __enter__(self) -> "RejectsWriter":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._open.close()

    def add(self, rejected: Sequence[Rejected]) -> None:
        """Write some rows, in their order."""
        if rejected and self._writer is None:
            self._begin()
        for one in rejected:
            found = (self._file, self._sheet, str(one.row), one.column, one.value)
            cells = [one.cells[i] or "" for i in self._own]
            reason = one.reason
            row = [*found, reason.zh, reason.en, *cells]
            self._writer.writerow([kept_as_text(harmless(cell)) for cell in row])

    def _begin(self) -> None:
        file = self._open.enter_context(self._path.open("w", encoding="utf-8-sig", newline=""))
        self._writer = csv.writer(file, lineterminator="\n")
        added = [f"{ADDED}{text.zh} {text.en}" for text in _ADDED]
        added += [ADDED + _REASON.zh, ADDED + _REASON.en]
        self._writer.writerow(added + [harmless(header) for header in self._headers])


def read_rejects(path: Path, lang: Lang) -> pa.Table:
    """A list of rejected rows as a table to read, with the reasons in one language.

    :class:`InputError` where it can't be read any more.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            headers, *rows = csv.reader(file)
    except (OSError, ValueError, csv.Error) as error:
        raise InputError(
            Text(
                f"拒收清单 {path.name} 读不出来（{error}），请重新导入原文件。",
                f"The list of rejected rows {path.name} can't be read ({error}); "
                "import its file again.",
            )
        ) from error
    other = _REASON.en if lang == "zh" else _REASON.zh
    kept = [i for i, header in enumerate(headers) if header != ADDED + other]
    names = [text.in_(lang) for text in (*_ADDED, _REASON)]
    names += [headers[i] for i in kept[len(names) :]]
    columns = [pa.array([_bare(row[i]) for row in rows], pa.string()) for i in kept]
    return pa.table(columns, names=names)


def _bare(cell: str) -> str:
    return re.sub(GUARD, r"\1", cell.rstrip("\t"))
