"""The violation codes of the sample: text, category, points by date, statutory fine.

From a public list of about 2010 and from later records that cite a code; no later list is known,
so none is invented (nothing here for tired driving, for example). A code whose points depend on
the degree has one row a grade. ``fine_usual`` is a choice within the law's range.
"""

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from brigade.sample.draw import Bools, Floats, Generator, Ints, Times

NEW_POINTS = np.datetime64("2022-04-01")


@dataclass(frozen=True)
class Codes:
    """The table, a list for each column; -1 stands for no points and no fine."""

    names: list[str]
    codes: list[str]
    texts: list[str]
    categories: list[str]
    points_before: Ints
    points_after: Ints
    fine_from: Ints
    fine_to: Ints
    fine_usual: Ints

    def index(self, name: str) -> int:
        """The row of a code, or of a code's grade: ``1602/30``."""
        return self.names.index(name)

    def weights(self, shares: dict[str, float]) -> Floats:
        """Shares by name as weights of all rows."""
        weights = np.zeros(len(self.names))
        for name, share in shares.items():
            weights[self.index(name)] = share
        return weights

    def among(self, code: Ints, names: tuple[str, ...]) -> Bools:
        """Which of the drawn codes are of these names."""
        return np.isin(code, [self.index(name) for name in names])

    def points(self, code: Ints, times: Times) -> Ints:
        """Points by the date of the violation; -1 for riders without engine."""
        return np.where(times < NEW_POINTS, self.points_before[code], self.points_after[code])

    def fines(self, rng: Generator, code: Ints) -> Ints:
        """Yuan within the statutory range, mostly the usual sum; -1 where there is no fine."""
        low, high = self.fine_from[code], self.fine_to[code]
        other = low + (rng.integers(0, 5, len(code)) * (high - low)) // 4
        return np.where(rng.random(len(code)) < 0.85, self.fine_usual[code], other)


def load() -> Codes:
    """The table that lies beside this module."""
    path = Path(__file__).with_name("violation_codes.csv")
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))

    def numbers(name: str) -> Ints:
        return np.array([int(row[name] or -1) for row in rows])

    return Codes(
        names=["/".join(filter(None, (row["code"], row["grade"]))) for row in rows],
        codes=[row["code"] for row in rows],
        texts=[row["text"] for row in rows],
        categories=[row["category"] for row in rows],
        points_before=numbers("points_to_2022_03_31"),
        points_after=numbers("points_from_2022_04_01"),
        fine_from=numbers("fine_from"),
        fine_to=numbers("fine_to"),
        fine_usual=numbers("fine_usual"),
    )
