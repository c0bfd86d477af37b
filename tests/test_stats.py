"""Chance, against published examples, against counting every case, and as properties."""

import math
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise, permutations, product

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from brigade.stats import at_least, compare_counts, falls_in_a_row, poisson_trend

COUNTS = st.integers(0, 400)
EXPOSURES = st.floats(0.01, 1e6)
SERIES = st.lists(st.integers(0, 60), min_size=2, max_size=8)
SMALL_SERIES = st.lists(st.integers(0, 3), min_size=2, max_size=4).filter(lambda c: sum(c) <= 7)
# Where p is 0.05 to the last digits, either side of the border is right.
TIE = 1e-7


# ── two counts, published ────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("now", "before", "exposure_now", "exposure_before", "ratio", "low", "high"),
    [
        # R, stats::poisson.test, its example: lung cancer in Fredericia against three cities.
        pytest.param(11, 21, 800, 3011, 1.971488, 0.8584264, 4.2772659, id="R-poisson.test"),
        # Fay, vignette "exactci: Exact Conditional Tests and Matching Confidence Intervals".
        pytest.param(2, 10, 17877, 20000, 0.2237512, 0.02383738, 1.04995468, id="R-exactci"),
        # Fay, R package rateratio.test, its example, printed by its port to Python.
        pytest.param(
            2, 9, 17877, 16660, 0.207094155743, 0.0217740627591, 1.00054910449, id="R-rateratio"
        ),
        # Stata, "Incidence-rate ratio calculator": breast cancer and fluoroscopy
        # (Rothman & Greenland), `iri 41 15 28010 19017`.
        pytest.param(41, 15, 28010, 19017, 1.855759, 1.005684, 3.6093, id="Stata-iri"),
        # Gu, Ng, Tang & Schucany 2008, heart disease and hormones; the central interval as
        # computed by R's exactci in the tests of statsmodels (test_rates_poisson.py).
        pytest.param(
            *(60, 30, 51477.5, 54308.7),
            *(2.10999757175465, 1.339735721772650, 3.388365573616252),
            id="Gu-2008",
        ),
        # The same the other way round, as StatsDirect prints it.
        pytest.param(
            30, 60, 54308.7, 51477.5, 0.473934, 0.295128, 0.746416, id="Gu-2008-StatsDirect"
        ),
    ],
)
def test_rate_ratio_and_interval_as_published(
    now: int,
    before: int,
    exposure_now: float,
    exposure_before: float,
    ratio: float,
    low: float,
    high: float,
) -> None:
    result = compare_counts(now, before, exposure_now, exposure_before)
    assert result.ratio == pytest.approx(ratio, rel=2e-6)
    assert result.ratio_low == pytest.approx(low, rel=2e-6)
    assert result.ratio_high == pytest.approx(high, rel=2e-6)


@pytest.mark.parametrize(
    ("counts", "exposures", "p_value", "low", "high"),
    [
        # Fay, R package rateratio.test, its example: just not significant.
        pytest.param((2, 9), (17877, 16660), 0.0501064956141, 0.02177, 1.0005, id="rateratio"),
        # OpenEpi, "Comparing 2 Person-Time Rates", its example: Fisher exact, two strata and
        # the crude table, printed to four digits.
        pytest.param((17, 3), (100025, 122268), 0.0005538, 2.004, 36.89, id="OpenEpi-1"),
        pytest.param((8, 1), (78531, 77932), 0.04015, 1.064, 352.3, id="OpenEpi-2"),
        pytest.param((25, 4), (178556, 200200), 0.00002923, 2.42, 27.71, id="OpenEpi-crude"),
    ],
)
def test_p_value_as_published(
    counts: tuple[int, int],
    exposures: tuple[float, float],
    p_value: float,
    low: float,
    high: float,
) -> None:
    result = compare_counts(*counts, *exposures)
    assert result.p_value == pytest.approx(p_value, rel=2e-4)
    assert result.ratio_low == pytest.approx(low, rel=5e-4)
    assert result.ratio_high == pytest.approx(high, rel=5e-4)
    assert result.within_chance == (p_value >= 0.05)


def test_the_brigades_own_falls_are_within_chance() -> None:
    crashes = compare_counts(now=33, before=36)
    assert crashes.ratio == pytest.approx(1 - 0.0833, abs=1e-4)
    assert crashes.p_value == pytest.approx(0.8, abs=0.02)
    assert crashes.within_chance
    deaths = compare_counts(now=12, before=13)
    assert deaths.p_value == 1
    assert deaths.within_chance


def test_leap_years_count_by_days() -> None:
    even = compare_counts(182, 181, exposure_now=182, exposure_before=181)
    assert even.ratio == pytest.approx(1)
    assert compare_counts(182, 181).ratio == pytest.approx(182 / 181)


# ── two counts, the edges ────────────────────────────────────────────────────────────────────


def test_none_now() -> None:
    result = compare_counts(0, 8)
    assert (result.ratio, result.ratio_low) == (0, 0)
    assert result.p_value == pytest.approx(2 * 0.5**8)
    # Clopper & Pearson for none of n: the share is at most 1 - 0.025^(1/n).
    share = 1 - 0.025 ** (1 / 8)
    assert result.ratio_high == pytest.approx(share / (1 - share))
    assert not result.within_chance


def test_none_before() -> None:
    result = compare_counts(3, 0)
    assert (result.ratio, result.ratio_high) == (math.inf, math.inf)
    assert result.p_value == pytest.approx(2 * 0.5**3)
    share = 0.025 ** (1 / 3)
    assert result.ratio_low == pytest.approx(share / (1 - share))
    assert result.within_chance


def test_none_at_all_says_nothing() -> None:
    result = compare_counts(0, 0, 181, 365)
    assert result.ratio is None
    assert (result.ratio_low, result.ratio_high) == (0, math.inf)
    assert result.p_value == 1
    assert result.within_chance


@pytest.mark.parametrize("count", [-1, 2.5, math.nan, math.inf])
def test_counts_that_are_none(count: float) -> None:
    with pytest.raises(ValueError):
        compare_counts(count, 1)  # type: ignore[arg-type]
    with pytest.raises(ValueError):
        compare_counts(1, count)  # type: ignore[arg-type]
    with pytest.raises(ValueError):
        poisson_trend([3, count, 1])  # type: ignore[list-item]
    with pytest.raises(ValueError):
        falls_in_a_row([3, count])  # type: ignore[list-item]


@pytest.mark.parametrize("exposure", [0, -1.0, math.nan, math.inf])
def test_exposures_that_are_none(exposure: float) -> None:
    with pytest.raises(ValueError):
        compare_counts(1, 1, exposure, 1)
    with pytest.raises(ValueError):
        compare_counts(1, 1, 1, exposure)
    with pytest.raises(ValueError):
        poisson_trend([1, 2], [1, exposure])


def test_whole_numbers_of_other_types_are_counts() -> None:
    """Sums come out of a data frame as numpy numbers, often floating."""
    assert compare_counts(np.int64(33), np.float64(36)) == compare_counts(33, 36)  # type: ignore[arg-type]
    trend = poisson_trend(np.array([5, 4, 3]), np.array([1.0, 1.0, 2.0]))  # type: ignore[arg-type]
    assert trend == poisson_trend([5, 4, 3], [1, 1, 2])
    assert falls_in_a_row(np.array([5.0, 4.0, 3.0])) == falls_in_a_row([5, 4, 3])  # type: ignore[arg-type]


# ── two counts, always ───────────────────────────────────────────────────────────────────────


@given(COUNTS, COUNTS, EXPOSURES, EXPOSURES)
def test_now_and_before_exchanged(now: int, before: int, time: float, time_before: float) -> None:
    there = compare_counts(now, before, time, time_before)
    back = compare_counts(before, now, time_before, time)
    assert back.p_value == pytest.approx(there.p_value, rel=1e-9)
    assert back.ratio_low == pytest.approx(_inverse(there.ratio_high), rel=1e-9)
    assert back.ratio_high == pytest.approx(_inverse(there.ratio_low), rel=1e-9)
    if there.ratio is None:
        assert back.ratio is None
    else:
        assert back.ratio == pytest.approx(_inverse(there.ratio), rel=1e-9)


@given(COUNTS, COUNTS, EXPOSURES, EXPOSURES)
def test_p_and_interval_agree(now: int, before: int, time: float, time_before: float) -> None:
    result = compare_counts(now, before, time, time_before)
    assert 0 <= result.p_value <= 1
    if result.ratio is not None:
        assert result.ratio_low <= result.ratio <= result.ratio_high
    assert result.within_chance == (result.p_value >= 0.05)
    assume(abs(result.p_value - 0.05) > TIE)
    assert result.within_chance == (result.ratio_low < 1 < result.ratio_high)


@given(COUNTS, COUNTS, EXPOSURES, EXPOSURES, st.floats(0.01, 100))
def test_the_unit_of_exposure_is_free(
    now: int, before: int, time: float, time_before: float, unit: float
) -> None:
    one = compare_counts(now, before, time, time_before)
    other = compare_counts(now, before, time * unit, time_before * unit)
    assert other.p_value == pytest.approx(one.p_value, rel=1e-6)
    assert other.ratio_low == pytest.approx(one.ratio_low, rel=1e-9)
    assert other.ratio_high == pytest.approx(one.ratio_high, rel=1e-9)


@given(COUNTS, COUNTS, EXPOSURES, EXPOSURES)
def test_more_events_now_raise_the_ratio_and_its_bounds(
    now: int, before: int, time: float, time_before: float
) -> None:
    fewer = compare_counts(now, before, time, time_before)
    more = compare_counts(now + 1, before, time, time_before)
    assert more.ratio_low > fewer.ratio_low
    if before:
        assert fewer.ratio is not None and more.ratio is not None
        assert more.ratio > fewer.ratio
        assert more.ratio_high > fewer.ratio_high
        if fewer.ratio >= 1:
            assert more.p_value <= fewer.p_value * (1 + 1e-9)


@given(st.integers(0, 25), st.integers(0, 25), st.integers(1, 9), st.integers(1, 9))
def test_p_against_exact_fractions(now: int, before: int, time: int, time_before: int) -> None:
    share = Fraction(time, time + time_before)
    total = now + before
    chances = [
        math.comb(total, events) * share**events * (1 - share) ** (total - events)
        for events in range(total + 1)
    ]
    exact = min(1, 2 * min(sum(chances[now:]), sum(chances[: now + 1])))
    assert compare_counts(now, before, time, time_before).p_value == pytest.approx(float(exact))


@given(st.integers(1, 60), st.floats(0.05, 20))
def test_chance_alone_is_called_more_than_chance_at_most_one_time_in_twenty(
    total: int, time: float
) -> None:
    share = time / (1 + time)
    alarms = sum(
        math.comb(total, now) * share**now * (1 - share) ** (total - now)
        for now in range(total + 1)
        if not compare_counts(now, total - now, time, 1).within_chance
    )
    assert alarms <= 0.05 + 1e-9


# ── a trend, published ───────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("counts", "slope"),
    [
        # AIDS deaths in Australia by quarter, 1983-1986 (Whyte et al. 1987; Dobson 1990):
        # the fitted log-linear Poisson model is 0.3396 + 0.2565 × quarter.
        pytest.param(
            [0, 1, 2, 3, 1, 4, 9, 18, 23, 31, 20, 25, 37, 45], 0.2565, id="AIDS-Australia"
        ),
        # New AIDS cases in Belgium by year, 1981-1993 (Wood, Generalized Additive Models,
        # 2006): 3.1406 + 0.2021 × year.
        pytest.param(
            [12, 14, 33, 50, 67, 74, 123, 141, 165, 204, 253, 246, 240], 0.2021, id="AIDS-Belgium"
        ),
    ],
)
def test_slope_as_published(counts: list[int], slope: float) -> None:
    result = poisson_trend(counts)
    assert result.ratio_per_step is not None
    assert math.log(result.ratio_per_step) == pytest.approx(slope, abs=5e-5)
    assert not result.within_chance


def test_trend_over_exposures_as_published() -> None:
    """Collisions of trains and road vehicles in Britain, 1975 to 2003, per train-kilometre.

    Agresti 2007, An Introduction to Categorical Data Analysis, section 3.3.5: the log rate falls
    by 0.0329 a year, standard error 0.011. Exact and normal bounds differ in the third decimal.
    """
    collisions = [2, 12, 8, 4, 3, 2, 2, 3, 7, 3, 5, 13, 6, 4, 4, 2, 6, 4, 4, 4, 2, 2, 1, 4, 2, 3]
    collisions += [4, 3, 3]
    kilometres = [436, 426, 425, 430, 426, 430, 417, 372, 401, 389, 418, 414, 397, 443, 436, 431]
    kilometres += [439, 430, 425, 415, 423, 437, 463, 487, 505, 503, 508, 516, 518]
    result = poisson_trend(collisions, kilometres)
    assert result.ratio_per_step == pytest.approx(math.exp(-0.0329), abs=5e-5)
    assert result.ratio_low == pytest.approx(math.exp(-0.0329 - 1.96 * 0.011), abs=2e-3)
    assert result.ratio_high == pytest.approx(math.exp(-0.0329 + 1.96 * 0.011), abs=2e-3)
    assert 0.001 < result.p_value < 0.005


def test_small_falls_that_add_up() -> None:
    """What "five falls in a row" is about: no single fall tells, the series may."""
    counts = [60, 54, 49, 43, 38, 33]
    for before, now in pairwise(counts):
        assert compare_counts(now, before).within_chance
    assert falls_in_a_row(counts).falls == 5
    assert not poisson_trend(counts).within_chance


def test_five_falls_too_small_to_add_up() -> None:
    counts = [44, 42, 40, 38, 36, 33]
    assert falls_in_a_row(counts).falls == 5
    assert poisson_trend(counts).within_chance


# ── a trend, the edges ───────────────────────────────────────────────────────────────────────


def test_steady_factor_is_found() -> None:
    assert poisson_trend([64, 32, 16, 8]).ratio_per_step == pytest.approx(0.5)
    growing = poisson_trend([10, 30, 90], exposures=[1, 2, 4])
    assert growing.ratio_per_step == pytest.approx(1.5)
    level = poisson_trend([10, 20, 40], exposures=[1, 2, 4])
    assert level.ratio_per_step == pytest.approx(1)
    assert level.p_value > 0.9


def test_all_events_in_the_first_or_the_last_period() -> None:
    first = poisson_trend([5, 0, 0])
    assert (first.ratio_per_step, first.ratio_low) == (0, 0)
    assert first.p_value == pytest.approx(2 / 3**5)
    # The highest ratio r at which all five fall in the first period with chance 0.025.
    share = 1 / (1 + first.ratio_high + first.ratio_high**2)
    assert share**5 == pytest.approx(0.025)
    last = poisson_trend([0, 0, 5])
    assert (last.ratio_per_step, last.ratio_high) == (math.inf, math.inf)
    assert last.ratio_low == pytest.approx(1 / first.ratio_high)


def test_no_events_show_no_trend() -> None:
    result = poisson_trend([0, 0, 0])
    assert result.ratio_per_step is None
    assert (result.ratio_low, result.ratio_high) == (0, math.inf)
    assert result.p_value == 1
    assert result.within_chance


def test_a_tail_far_out_keeps_its_digits() -> None:
    result = poisson_trend([200, 0])
    assert result.p_value == pytest.approx(2 * 0.5**200)


@pytest.mark.parametrize("counts", [[], [7]])
def test_a_trend_needs_two_periods(counts: list[int]) -> None:
    with pytest.raises(ValueError):
        poisson_trend(counts)


def test_each_count_needs_its_exposure() -> None:
    with pytest.raises(ValueError):
        poisson_trend([3, 2, 1], exposures=[1, 1])


# ── a trend, always ──────────────────────────────────────────────────────────────────────────


@given(COUNTS, COUNTS, EXPOSURES, EXPOSURES)
def test_two_periods_are_two_counts(now: int, before: int, time: float, time_before: float) -> None:
    trend = poisson_trend([before, now], [time_before, time])
    two = compare_counts(now, before, time, time_before)
    assert trend.p_value == pytest.approx(two.p_value, rel=1e-6, abs=1e-12)
    if two.ratio is None:
        assert trend.ratio_per_step is None
    else:
        assert trend.ratio_per_step == pytest.approx(two.ratio, rel=1e-6)
    assert trend.ratio_low == pytest.approx(two.ratio_low, rel=1e-6)
    assert trend.ratio_high == pytest.approx(two.ratio_high, rel=1e-6)


@given(SMALL_SERIES, st.data())
def test_trend_against_counting_every_case(counts: list[int], data: st.DataObject) -> None:
    times = data.draw(
        st.lists(st.integers(1, 9), min_size=len(counts), max_size=len(counts)), label="times"
    )
    total = sum(counts)
    shares = [Fraction(time, sum(times)) for time in times]
    at_least = at_most = Fraction(0)
    for case in product(range(total + 1), repeat=len(counts)):
        if sum(case) != total:
            continue
        chance = Fraction(math.factorial(total))
        for share, events in zip(shares, case, strict=True):
            chance *= share**events / math.factorial(events)
        at_least += chance * (_statistic(case) >= _statistic(counts))
        at_most += chance * (_statistic(case) <= _statistic(counts))
    exact = min(Fraction(1), 2 * min(at_least, at_most))
    assert poisson_trend(counts, times).p_value == pytest.approx(float(exact), abs=1e-9)


@given(SERIES, st.data())
def test_trend_backwards(counts: list[int], data: st.DataObject) -> None:
    times = data.draw(_exposures_of(counts), label="times")
    there = poisson_trend(counts, times)
    back = poisson_trend(counts[::-1], times[::-1])
    assert back.p_value == pytest.approx(there.p_value, rel=1e-6, abs=1e-12)
    assert back.ratio_low == pytest.approx(_inverse(there.ratio_high), rel=1e-6)
    assert back.ratio_high == pytest.approx(_inverse(there.ratio_low), rel=1e-6)


@given(SERIES, st.data(), st.floats(0.01, 100))
def test_trend_p_and_interval_agree_in_any_unit(
    counts: list[int], data: st.DataObject, unit: float
) -> None:
    times = data.draw(_exposures_of(counts), label="times")
    result = poisson_trend(counts, times)
    assert 0 <= result.p_value <= 1
    assert result.within_chance == (result.p_value >= 0.05)
    other = poisson_trend(counts, [time * unit for time in times])
    assert other.p_value == pytest.approx(result.p_value, rel=1e-6, abs=1e-12)
    if result.ratio_per_step is None:
        assert other.ratio_per_step is None
    else:
        assert other.ratio_per_step == pytest.approx(result.ratio_per_step, rel=1e-6)
        assert result.ratio_low <= result.ratio_per_step <= result.ratio_high
    assume(abs(result.p_value - 0.05) > TIE)
    assert result.within_chance == (result.ratio_low < 1 < result.ratio_high)


@given(SERIES, st.data())
def test_one_event_moved_later_raises_the_trend(counts: list[int], data: st.DataObject) -> None:
    assume(any(counts[:-1]))
    start = data.draw(
        st.sampled_from([step for step, count in enumerate(counts[:-1]) if count]), label="from"
    )
    moved = list(counts)
    moved[start] -= 1
    moved[start + 1] += 1
    earlier, later = poisson_trend(counts), poisson_trend(moved)
    assert earlier.ratio_per_step is not None and later.ratio_per_step is not None
    assert later.ratio_per_step > earlier.ratio_per_step
    assert later.ratio_low >= earlier.ratio_low
    assert later.ratio_high >= earlier.ratio_high


# ── falls in a row ───────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("counts", "falls"),
    [
        ([], 0),
        ([5], 0),
        ([5, 6], 0),
        ([5, 5], 0),
        ([6, 5], 1),
        ([9, 8, 8, 7], 1),
        ([1, 9, 8, 7], 2),
        ([9, 8, 7, 7], 0),
        ([60, 54, 49, 43, 38, 33], 5),
    ],
)
def test_falls_are_strict_and_at_the_end(counts: list[int], falls: int) -> None:
    assert falls_in_a_row(counts).falls == falls


@pytest.mark.parametrize("falls", range(6))
def test_probability_of_a_run_is_its_share_of_all_orders(falls: int) -> None:
    orders = list(permutations(range(7)))
    as_long = sum(_run_at_end(order) >= falls for order in orders)
    series = [0, *range(falls + 1, 0, -1)]
    assert falls_in_a_row(series).falls == falls
    assert falls_in_a_row(series).probability == pytest.approx(as_long / len(orders))


@pytest.mark.parametrize("expected", [0.2, 1.0, 10.4])
@pytest.mark.parametrize("count", [0, 1, 5, 12])
def test_the_upper_tail_is_one_less_the_counts_below(count: int, expected: float) -> None:
    below = sum(math.exp(-expected) * expected**n / math.factorial(n) for n in range(count))
    assert at_least(count, expected) == pytest.approx(1 - below)


def _statistic(counts: Sequence[int]) -> int:
    return sum(step * count for step, count in enumerate(counts))


def _run_at_end(order: Sequence[int]) -> int:
    run = 0
    while run < len(order) - 1 and order[-run - 2] > order[-run - 1]:
        run += 1
    return run


def _inverse(ratio: float) -> float:
    return 1 / ratio if ratio else math.inf


def _exposures_of(counts: list[int]) -> st.SearchStrategy[list[float]]:
    return st.lists(st.floats(0.2, 5), min_size=len(counts), max_size=len(counts))
