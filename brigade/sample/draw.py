"""Random draws, a column at a time."""

import zlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Times = NDArray[np.datetime64]
Generator = np.random.Generator


def stream(seed: int, *names: str | int) -> Generator:
    """A random stream of its own, so that the rows of one extract never hang on another's."""
    return np.random.default_rng([seed, *(zlib.crc32(str(name).encode()) for name in names)])


def pick(rng: Generator, weights: ArrayLike, size: int) -> Ints:
    """`size` indices into `weights`, each drawn in proportion to its weight."""
    edges = np.cumsum(np.asarray(weights, dtype=float))
    return np.asarray(np.searchsorted(edges, rng.random(size) * edges[-1], side="right"))


def pick_by(rng: Generator, table: ArrayLike, group: Ints) -> Ints:
    """For each element of `group` a column index, drawn by the weights of that row of `table`."""
    edges = np.cumsum(np.asarray(table, dtype=float), axis=1)
    level = rng.random(len(group)) * edges[group, -1]
    return np.asarray((edges[group] <= level[:, None]).sum(axis=1), dtype=np.int64)


def pick_without_return(rng: Generator, weights: Floats, size: int) -> Ints:
    """`size` different indices into `weights`."""
    return rng.choice(len(weights), size=size, replace=False, p=weights / weights.sum())


def even(rng: Generator, size: int) -> Floats:
    """Numbers in [0, 1), one from each of `size` equal steps, in random order.

    A share drawn from them is met to within one row, where independent draws would scatter.
    """
    return (rng.permutation(size) + rng.random(size)) / max(size, 1)


def split(rng: Generator, total: int, weights: ArrayLike) -> Ints:
    """Whole numbers that add up to `total`, in proportion to `weights` by chance."""
    share = np.asarray(weights, dtype=float)
    return rng.multinomial(total, share / share.sum())


def rounded_shares(total: int, shares: Sequence[float]) -> list[int]:
    """`total` in whole numbers by `shares`, without chance: carried rounding, same sum."""
    edges = np.round(np.cumsum(shares) / np.sum(shares) * total).astype(int)
    return [int(n) for n in np.diff(edges, prepend=0)]


def at_seconds(days: Times, seconds: ArrayLike) -> Times:
    """Times from days and seconds since midnight."""
    midnight: Times = days.astype("datetime64[s]")
    spans: NDArray[np.timedelta64] = np.asarray(seconds).astype("timedelta64[s]")
    return midnight + spans
