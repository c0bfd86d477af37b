"""What a reader changes on a page, one widget at a time, so that no two choices are the same."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, zip_longest

from brigade.format import COMPARED

TOWNSHIP, PERIOD, COMPARISON = "seen:township", "seen:quick", "seen:compare"
"""The keys of the widgets that people see."""


@dataclass(frozen=True, slots=True)
class Change:
    """One choice in one widget: its key, the option chosen and how the option is written."""

    widget: str
    option: str
    written: str


def changes(periods: Sequence[str], townships: Sequence[str], count: int) -> list[Change]:
    """So many changes: another period and one township more in turn, then compared otherwise.

    ``periods`` are those that the page does not open with. A page whose rows know no township gets
    the periods alone.
    """
    return list(islice(_changes(periods, townships), count))


def _changes(periods: Sequence[str], townships: Sequence[str]) -> Iterator[Change]:
    for period, township in zip_longest(periods, townships[: len(periods)]):
        if township is not None:
            yield Change(TOWNSHIP, township, township)
        yield Change(PERIOD, period, period)
    for comparison in ("previous", "none"):
        yield Change(COMPARISON, comparison, COMPARED[comparison].zh)
        for period in periods:
            yield Change(PERIOD, period, period)
