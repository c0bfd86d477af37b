"""Which rollups an extract is worth, from its contract and from what the queries read of it.

What is wanted is one for each set of columns that a query tells rows apart by, also under filters
on the frame's columns. As many are not made, since one answers what several want:

* *Wide* ones hold all of the frame's columns beside what the queries read: any filter of the frame
  can be read from one, by the month and, for the days at the ends of a period, by the day. Queries
  share one while that makes it little larger than each of them needs. One that is not much smaller
  than the records isn't kept.
* *Narrow* ones hold what one query reads and at most two of the frame's columns. One is kept where
  it is much smaller than the smallest that could stand in for it, and that one is large.

How large one would be is asked of whoever has the rows; nothing else of them is needed here.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations

from brigade.contracts import Contract
from brigade.filters import FRAME
from brigade.queries import extract_of, query, query_names
from brigade.rollups.dimensions import DAY, OF_A_DAY, WEEKDAY, held_for_all
from brigade.rollups.reading import RECORDS, readings

WORTH = 100_000
"""An extract of fewer records gets no rollups: a query of it takes about as long as any takes."""

SHARE = {False: 0.5, True: 0.35}
"""What share of the records a monthly and a daily wide one may have: to read more of them would
take as long as reading the records."""
SHARED = 2
"""How many times as large as the smaller of two wide ones that which holds the columns of both may
be."""
FLOOR = 20_000
"""Rows that are read in no time: for one that small no smaller one is made."""
SMALLER = 4
"""How many times smaller than the one that could stand in for it a narrow one must be."""
MOST = 50_000_000
"""Rows that one rollup may have: some gigabyte on the disk, read in less than a second."""
AT_MOST = 2
"""Of how many of the frame's columns a narrow one holds every combination."""

Size = Callable[[frozenset[str], bool], float]
"""How many rows a rollup of these columns would have, by the month or (true) by the day."""


@dataclass(frozen=True, slots=True)
class Rollup:
    """One rollup: its extract, whether by the day, its columns, the measures it sums.

    ``made_from`` is the rollup from whose rows it is made, None for the records.
    """

    name: str
    extract: str
    daily: bool
    columns: tuple[str, ...]
    measures: tuple[str, ...]
    made_from: str | None = None

    @property
    def has(self) -> frozenset[str]:
        """The columns that can be read from it, those among them that its time has."""
        return frozenset(self.columns) | (OF_A_DAY if self.daily else frozenset())


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the queries of the house read of one extract, each set of columns once, and measures."""

    columns: tuple[frozenset[str], ...]
    measures: tuple[str, ...]


def wanted(extract: str) -> Wanted:
    """What the queries that may be read from sums read of an extract."""
    sets: set[frozenset[str]] = set()
    measures: set[str] = set()
    for name in query_names():
        for relation, reading in readings(query(name).sql).items():
            if extract_of(relation) != extract or reading.refused:
                continue
            held = held_for_all(extract, reading.columns)
            if held is not None:
                sets.add(held)
                measures |= reading.measures
    return Wanted(tuple(sorted(sets, key=_order)), tuple(sorted(measures - {RECORDS})))


def _order(columns: frozenset[str]) -> tuple[int, list[str]]:
    return len(columns), sorted(columns)


def frame_of(extract: Contract) -> tuple[str, ...]:
    """The frame's columns that an extract can be filtered by and a rollup can hold."""
    return tuple(
        name
        for name in FRAME
        if name in extract.columns
        and extract.columns[name].filter
        and held_for_all(extract.name, [name]) == frozenset({name})
    )


def plan(
    extract: Contract,
    records: int,
    measures: Iterable[str],
    size: Size,
    worth: int,
    *,
    far: bool = False,
) -> list[Rollup]:
    """The rollups to make of an extract, each after the one that it is made from.

    ``measures`` are those wanted whose sums are exact in any order; fewer ``records`` than
    ``worth`` get none. Where the records are ``far`` away, a rollup is worth having that is no
    smaller than they are.
    """
    want = wanted(extract.name).columns
    if records < worth or not want:
        return []
    chooser = _Chooser(extract, tuple(measures), size, {False: 1, True: 1} if far else SHARE)
    chooser.wide(want, frame_of(extract), records)
    chooser.narrow(want, frame_of(extract), records)
    return chooser.chosen


class _Chooser:
    """Collects the rollups of one extract, with the size of each."""

    def __init__(
        self,
        extract: Contract,
        measures: tuple[str, ...],
        size: Size,
        share: Mapping[bool, float],
    ) -> None:
        self._share = share
        self.extract = extract
        self.measures = measures
        self._size = size
        self.chosen: list[Rollup] = []
        self._rows: dict[str, float] = {}

    def wide(self, want: Iterable[frozenset[str]], frame: Iterable[str], records: int) -> None:
        shared: list[frozenset[str]] = []
        for columns in want:
            own = (columns - {DAY}) | frozenset(frame)
            _share(own, shared, self._monthly)
        for columns in shared:
            by_day = columns - {WEEKDAY}
            if self.extract.time and self._size(by_day, True) <= self._most(True, records):
                self._choose(by_day, True)
            if self._monthly(columns) <= self._most(False, records):
                self._choose(columns, False)

    def _most(self, daily: bool, records: int) -> float:
        return min(MOST, self._share[daily] * records)

    def narrow(self, want: Iterable[frozenset[str]], frame: tuple[str, ...], records: int) -> None:
        sets = {
            columns | frozenset(filters)
            for columns in want
            for count in range(AT_MOST + 1)
            for filters in combinations(frame, count)
        }
        for columns in sorted(sets, key=_order, reverse=True):
            daily = DAY in columns
            columns = columns - OF_A_DAY if daily else columns
            parent = self._smallest(columns, daily)
            instead = self._rows[parent.name] if parent else records
            size = self._size(columns, daily)
            if instead > FLOOR and size * SMALLER <= instead and size <= MOST:
                self._choose(columns, daily)

    def _monthly(self, columns: frozenset[str]) -> float:
        return self._size(columns, False)

    def _smallest(self, columns: frozenset[str], daily: bool) -> Rollup | None:
        fit = [r for r in self.chosen if columns <= r.has and (r.daily or not daily)]
        return min(fit, key=lambda one: self._rows[one.name], default=None)

    def _choose(self, columns: frozenset[str], daily: bool) -> None:
        parent = self._smallest(columns, daily)
        name = f"{self.extract.name}_{len(self.chosen) + 1}"
        self._rows[name] = self._size(columns, daily)
        self.chosen.append(
            Rollup(
                name,
                self.extract.name,
                daily,
                tuple(sorted(columns)),
                self.measures,
                parent.name if parent else None,
            )
        )


def _share(
    columns: frozenset[str], shared: list[frozenset[str]], size: Callable[[frozenset[str]], float]
) -> None:
    """Add columns to the first set that they make little larger, else as a set of their own."""
    for index, others in enumerate(shared):
        both = columns | others
        if size(both) <= SHARED * min(size(columns), size(others)):
            shared[index] = both
            return
    shared.append(columns)
