"""Code lists with versions: which codes were valid on which days."""

import csv
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pyarrow as pa

from brigade import house
from brigade.errors import ContractError
from brigade.text import Text


@dataclass(frozen=True, slots=True)
class Version:
    """The codes that are valid from a day until the next version's first day."""

    first: date
    codes: pa.Array


def code_list_path(name: str) -> Path:
    """Where a list lies: the office's own under ``$BRIGADE_DATA/reference``, else the one shipped.

    Raises :class:`ContractError` where there is neither.
    """
    for folder in (house.data_folder() / "reference", house.REFERENCE):
        path = folder / f"{name}.csv"
        if path.is_file():
            return path
    raise ContractError(
        Text(
            f"没有代码表 {name}.csv，请放到 data/reference/ 下。",
            f"There is no code list {name}.csv; put one into data/reference/.",
        )
    )


def read_versions(name: str) -> Sequence[Version]:
    """The versions of a list, in order; the first reaches back for ever, the last has no end.

    A list is a CSV with the columns ``code``, ``valid_from`` and ``valid_to`` (both days included,
    empty where not known to begin or end). Raises :class:`ContractError` where it can't be read.
    """
    path = code_list_path(name)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            spans = [_span(row) for row in csv.DictReader(file)]
    except (OSError, KeyError, TypeError, ValueError, csv.Error) as error:
        raise ContractError(
            Text(
                f"代码表 {path.name} 读不懂（{error}），请改正。",
                f"The code list {path.name} can't be read ({error}); mend it.",
            )
        ) from error
    starts = sorted({date.min, *(first for _, first, _ in spans), *(end for *_, end in spans)})
    return [
        Version(start, pa.array(sorted({c for c, a, b in spans if a <= start < b}), pa.string()))
        for start in starts
        if start < date.max
    ]


def _span(row: dict[str, str]) -> tuple[str, date, date]:
    """A code, its first day, and the day after its last."""
    first, last = row["valid_from"].strip(), row["valid_to"].strip()
    end = date.fromisoformat(last) + timedelta(days=1) if last else date.max
    return row["code"].strip(), date.fromisoformat(first) if first else date.min, end


def version_on(versions: Sequence[Version], day: date) -> Version:
    """The version that is in force on a day."""
    return versions[bisect_right([version.first for version in versions], day) - 1]
