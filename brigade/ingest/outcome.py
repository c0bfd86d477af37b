"""What one import did, as plain data: for the report in words, a page, or a program."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from brigade.errors import BrigadeError, InputError, ReleaseError
from brigade.ingest.read import Finding
from brigade.text import Text

Status = Literal["taken", "taken_with_rejects"]

EXIT_CODES: Mapping[str, int] = {"taken": 0, "refused": 1, "taken_with_rejects": 3}
"""What ``brigade import`` ends with; 2 is a command line that isn't understood."""


@dataclass(frozen=True, slots=True)
class Rows:
    """What became of every row that was read.

    ``added`` have a key that the release didn't have, ``replaced`` correct a row of the release,
    ``unchanged`` were in it already. Of one key in the file the last row counts: ``repeated`` are
    the same as it, ``superseded`` are earlier versions of it. Two rows are the same when all
    columns that the file gives are.
    """

    read: int
    rejected: int
    added: int = 0
    replaced: int = 0
    unchanged: int = 0
    repeated: int = 0
    superseded: int = 0

    @property
    def accepted(self) -> int:
        """Rows in the release because of this file."""
        return self.added + self.replaced

    @property
    def duplicates(self) -> int:
        """Rows that say nothing that isn't in the release by another row."""
        return self.unchanged + self.repeated + self.superseded

    def add_up(self) -> None:
        """Refuse to go on unless read = accepted + duplicates + rejected.

        Each of them is counted for itself, so a row that was lost or doubled on the way shows here.
        """
        if self.read != self.accepted + self.duplicates + self.rejected:
            raise not_adding_up(f"{self}")


def not_adding_up(found: str) -> ReleaseError:
    """The error of an import whose counts contradict each other; ``found`` says which."""
    return ReleaseError(
        Text(
            f"导入的行数对不上（{found}），没有发布任何东西。"
            "这是程序的错误，请把文件和这句话报告给维护者。",
            f"The rows of the import don't add up ({found}); nothing was published. "
            "This is a fault of the program; report it with the file and this sentence.",
        )
    )


@dataclass(frozen=True, slots=True)
class Faulty:
    """How many rows were rejected for one reason; ``column`` is the file's header."""

    column: str
    check: str
    reason: Text
    rows: int


class TooManyRejectedError(InputError):
    """A file of which a larger share is rejected than was allowed.

    ``read`` rows were read until then, ``rejected`` of them rejected, for the ``faults``.
    """

    def __init__(self, text: Text, read: int, rejected: int, faults: Sequence[Faulty]) -> None:
        super().__init__(text)
        self.read = read
        self.rejected = rejected
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Doubtful:
    """How many rows were taken although a check failed, some of the values and of the rows."""

    column: str
    check: str
    reason: Text
    rows: int
    values: Sequence[str]
    at: Sequence[int]


@dataclass(frozen=True, slots=True)
class Cleaned:
    """In how many cells of a column one kind of thing was changed, in words with an example."""

    column: str
    change: str
    cells: int
    text: Text


@dataclass(frozen=True, slots=True)
class Outcome:
    """All that there is to tell of one import; columns are named as in the contract.

    ``release`` is empty until it is published; ``merged_anew`` says that another release came into
    force since this one was prepared. ``changed`` counts, over the replaced rows, those in which a
    column changed; ``gaps`` the accepted rows without a value in a column and ``date_only`` those
    without a time of day; ``cleaned`` are cells that were read otherwise than they stand.
    ``doubts`` are about rows of the file, ``contradictions`` about what the release keeps beside
    them. ``unused`` are headers that nothing took, ``lacking`` what the mapping names and the file
    doesn't have, ``findings`` what the reader left aside or found out. ``rejects`` is the path of
    the list of rejected rows. ``no_village`` says that villages were imported and the release has
    none of the kind for which facilities are listed.
    """

    release: str
    extract: str
    file: str
    sheet: str | None
    sha256: str
    mapping: str | None
    rows: Rows
    changed: Mapping[str, int] = field(default_factory=dict)
    gaps: Mapping[str, int] = field(default_factory=dict)
    date_only: Mapping[str, int] = field(default_factory=dict)
    cleaned: Sequence[Cleaned] = ()
    faults: Sequence[Faulty] = ()
    doubts: Sequence[Doubtful] = ()
    contradictions: Sequence[Doubtful] = ()
    unused: Sequence[str] = ()
    lacking: Sequence[str] = ()
    findings: Sequence[Finding] = ()
    rejects: str | None = None
    no_village: bool = False
    merged_anew: bool = False

    @property
    def status(self) -> Status:
        """Whether the file was taken whole."""
        return "taken_with_rejects" if self.rows.rejected else "taken"

    def to_json(self) -> str:
        """The same for a program: an object with ``status`` and ``exit_code`` first."""
        rows = {"accepted": self.rows.accepted, "duplicates": self.rows.duplicates}
        return _json(self.status, asdict(self) | {"rows": rows | asdict(self.rows)})


def refused_to_json(error: BrigadeError) -> str:
    """What a program gets of an import that came to nothing: the reason in both languages."""
    told: dict[str, Any] = {"message": asdict(error.text)}
    if isinstance(error, TooManyRejectedError):
        told["rows"] = {"read": error.read, "rejected": error.rejected}
        told["faults"] = [asdict(one) for one in error.faults]
    return _json("refused", told)


def _json(status: str, told: Mapping[str, Any]) -> str:
    head = {"status": status, "exit_code": EXIT_CODES[status]}
    return json.dumps(head | dict(told), ensure_ascii=False, indent=1) + "\n"
