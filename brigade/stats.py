"""Is it chance? Exact tests for counts of events: crashes, deaths, injuries.

Events are taken to be independent (Poisson). Deaths and injuries cluster within crashes, so
for them chance explains more than these tests allow: what is within chance here is so all the
more, what is outside may still be chance. Counts of enforcement are no matter of chance and
should not be tested.

Everywhere the two-sided p-value is twice the smaller tail, at most 1, and the 95 % interval
comes from the same two tails: p is below 0.05 exactly where the interval excludes 1 (Fay 2010,
The R Journal 2(1): 53-58).
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from scipy.special import betainc, betaincinv, gammainc

SIGNIFICANCE = 0.05
TAIL = SIGNIFICANCE / 2


@dataclass(frozen=True)
class CountComparison:
    """How the rate of now compares with the rate of before.

    `ratio` is rate now ÷ rate before: infinite where only before has no events, None where
    neither has any. `ratio_low` and `ratio_high` bound it with 95 % confidence, from 0 to
    infinity where nothing can be said. `within_chance` is `p_value` ≥ 0.05.
    """

    ratio: float | None
    ratio_low: float
    ratio_high: float
    p_value: float
    within_chance: bool


@dataclass(frozen=True)
class TrendTest:
    """How the rate changes from one period to the next, over a series of periods.

    `ratio_per_step` is the factor between neighbouring periods that fits best: 0 or infinite
    where all events fall in the first or last period, None where there are none.
    `ratio_low` and `ratio_high` bound it with 95 % confidence, from 0 to infinity where nothing
    can be said. `within_chance` is `p_value` ≥ 0.05.
    """

    ratio_per_step: float | None
    ratio_low: float
    ratio_high: float
    p_value: float
    within_chance: bool


@dataclass(frozen=True)
class FallRun:
    """A run of falls at the end of a series.

    `falls` is how many of the last steps go strictly down. `probability` is the chance of at
    least as many in a row just there, were every order of the counts equally likely.
    """

    falls: int
    probability: float


def at_least(count: int, expected: float) -> float:
    """The chance of `count` events or more where `expected` (above zero) come about: the upper tail
    of the Poisson distribution, which is the regularized lower incomplete gamma function of both
    (Abramowitz & Stegun 1964, 26.4.21)."""
    return float(gammainc(count, expected)) if count > 0 else 1.0


def compare_counts(
    now: int, before: int, exposure_now: float = 1.0, exposure_before: float = 1.0
) -> CountComparison:
    """Compare two counts of events, each over its exposure (days, vehicles, …; same unit).

    The exact conditional test: given the sum of both counts, `now` is binomial with the share
    of the exposure that is now's (Przyborowski & Wilenski 1940, Biometrika 31: 313-323). The
    interval is that of Clopper & Pearson (1934, Biometrika 26: 404-413) for this share, turned
    into a ratio of rates.

    Raises ValueError for a count that is negative or not whole, and for an exposure that is not
    a positive finite number.
    """
    events_now, events_before = _whole(now), _whole(before)
    time_now, time_before = _positive(exposure_now), _positive(exposure_before)
    time = time_now + time_before
    p_value = _two_sided(
        _at_least(events_now, events_before, time_now / time),
        _at_least(events_before, events_now, time_before / time),
    )
    scale = time_before / time_now
    return CountComparison(
        ratio=_ratio(events_now * scale, events_before),
        ratio_low=scale * _lowest_odds(events_now, events_before),
        ratio_high=_inverse(_lowest_odds(events_before, events_now)) * scale,
        p_value=p_value,
        within_chance=p_value >= SIGNIFICANCE,
    )


def poisson_trend(counts: Sequence[int], exposures: Sequence[float] | None = None) -> TrendTest:
    """Test equally spaced periods, oldest first, for a steady rise or fall of the rate.

    The model is log-linear Poisson regression on the number of the period, with the exposures
    (1 each by default) as offset. Its statistic is Σ period × count, as in the trend test of
    Armitage (1955, Biometrics 11: 375-386). Given the total of the counts, its distribution no
    longer depends on the overall rate (Cox & Lewis 1966, The Statistical Analysis of Series of
    Events, ch. 3); it is used as it is, without the normal approximation. The ratio is that of
    maximum likelihood, the interval holds every ratio that the same test does not reject. With
    two periods this is `compare_counts`.

    Raises ValueError for fewer than two periods, for exposures of another number than the
    counts, and where `compare_counts` does.
    """
    events = [_whole(count) for count in counts]
    times = [1.0] * len(events) if exposures is None else [_positive(time) for time in exposures]
    if len(events) < 2:
        raise ValueError(f"A trend needs at least two periods, got {len(events)}.")
    if len(times) != len(events):
        raise ValueError(f"Got {len(events)} counts but {len(times)} exposures.")
    if not any(events):
        return TrendTest(None, 0.0, math.inf, p_value=1.0, within_chance=True)

    trend = _Trend(events, times)
    p_value = trend.p_value()
    all_first, all_last = not any(events[1:]), not any(events[:-1])
    ratio = 0.0 if all_first else math.inf if all_last else math.exp(trend.slope)
    return TrendTest(
        ratio_per_step=ratio,
        ratio_low=0.0 if all_first else math.exp(trend.lowest_slope()),
        ratio_high=math.inf if all_last else math.exp(trend.highest_slope()),
        p_value=p_value,
        within_chance=p_value >= SIGNIFICANCE,
    )


def falls_in_a_row(counts: Sequence[int]) -> FallRun:
    """Count the strict falls at the end of a series, oldest first.

    Of the (k + 1)! orders of the last k + 1 counts, one falls all the way: the probability is
    1 ÷ (k + 1)!. Equal counts can't fall, so with ties it is less, and this errs towards
    chance. It holds for the end of the series, not for the best run found anywhere in it.

    Raises ValueError for a count that is negative or not whole.
    """
    falls = 0
    for earlier, later in pairwise(_whole(count) for count in counts):
        falls = falls + 1 if later < earlier else 0
    return FallRun(falls, probability=1 / math.factorial(falls + 1))


def _whole(count: int) -> int:
    if not (count >= 0 and float(count).is_integer()):
        raise ValueError(f"A count of events is a whole number from 0 up, got {count!r}.")
    return int(count)


def _positive(exposure: float) -> float:
    if not 0 < exposure < math.inf:
        raise ValueError(f"An exposure is a positive finite number, got {exposure!r}.")
    return float(exposure)


def _two_sided(upper: float, lower: float) -> float:
    return min(1.0, 2 * max(0.0, min(upper, lower)))


def _ratio(numerator: float, denominator: float) -> float | None:
    if denominator:
        return numerator / denominator
    return math.inf if numerator else None


def _inverse(odds: float) -> float:
    return 1 / odds if odds else math.inf


def _at_least(events: int, others: int, share: float) -> float:
    """The chance of `events` or more among events + others, each having chance `share`."""
    return float(betainc(events, others + 1, share)) if events else 1.0


def _lowest_odds(events: int, others: int) -> float:
    """The odds of a share so small that `events` or more have just the chance TAIL."""
    if not events:
        return 0.0
    share = float(betaincinv(events, others + 1, TAIL))
    return share / (1 - share)


class _Trend:
    """The distribution of Σ step × count given the total, for any slope of the log rate.

    Given the total, the steps of single events are independent draws with `_shares`, and the
    statistic is their sum. Its distribution is made once, for the slope that fits best, and
    carried to other slopes by the ratio of likelihoods (exponential tilting); so a tail far out
    keeps its digits.
    """

    def __init__(self, events: Sequence[int], times: Sequence[float]) -> None:
        self._steps = np.arange(len(events))
        self._log_times = np.log(times)
        self._total = sum(events)
        self._observed = sum(step * count for step, count in enumerate(events))
        # All events in the first or last period fit no finite slope: stay half an event inside.
        highest = self._total * (len(events) - 1)
        inside = min(max(self._observed, 0.5), highest - 0.5)
        self.slope = _root(lambda slope: self._mean(slope) - inside, start=0.0)
        fitted = _sum_of_draws(self._shares(self.slope), self._total)
        self._upwards = fitted[self._observed :]
        self._downwards = fitted[self._observed :: -1]

    def p_value(self) -> float:
        observed_alone = self._carried(self._upwards[:1], 0.0, 0.0)
        near = self._at_least(0.0) if self.slope >= 0 else self._at_most(0.0)
        return _two_sided(near, 1 - near + observed_alone)

    def lowest_slope(self) -> float:
        return _root(lambda slope: self._at_least(slope) - TAIL, start=self.slope)

    def highest_slope(self) -> float:
        return _root(lambda slope: TAIL - self._at_most(slope), start=self.slope)

    def _at_least(self, slope: float) -> float:
        return self._carried(self._upwards, slope, slope - self.slope)

    def _at_most(self, slope: float) -> float:
        return self._carried(self._downwards, slope, self.slope - slope)

    def _carried(self, tail: npt.NDArray[np.float64], slope: float, growth: float) -> float:
        """The sum of a tail that starts at the observed value, carried to another slope."""
        log_likelihood_ratio = (slope - self.slope) * self._observed - self._total * (
            self._log_time(slope) - self._log_time(self.slope)
        )
        return math.exp(log_likelihood_ratio) * float(tail @ np.exp(growth * np.arange(len(tail))))

    def _log_time(self, slope: float) -> float:
        """The log of the exposures' sum, each weighted by the rate of its period."""
        return float(np.logaddexp.reduce(self._log_times + slope * self._steps))

    def _shares(self, slope: float) -> npt.NDArray[np.float64]:
        logs = self._log_times + slope * self._steps
        return np.asarray(np.exp(logs - self._log_time(slope)), dtype=np.float64)

    def _mean(self, slope: float) -> float:
        return self._total * float(self._shares(slope) @ self._steps)


def _sum_of_draws(shares: npt.NDArray[np.float64], draws: int) -> npt.NDArray[np.float64]:
    """The distribution of the sum of `draws` numbers 0, 1, 2, … that have these shares."""
    size = draws * (len(shares) - 1) + 1
    # A sum's transform is the product of the transforms, so equal draws are one power.
    return np.maximum(np.fft.irfft(np.fft.rfft(shares, size) ** draws, size), 0.0)


def _root(rising: Callable[[float], float], start: float) -> float:
    """Where a rising function crosses zero, by bisection."""
    low = high = start
    step = 1.0
    while rising(low) > 0:
        low, step = low - step, step * 2
    while rising(high) < 0:
        high, step = high + step, step * 2
    while high - low > 1e-12 * max(1.0, abs(low), abs(high)):
        middle = (low + high) / 2
        if rising(middle) < 0:
            low = middle
        else:
            high = middle
    return (low + high) / 2
