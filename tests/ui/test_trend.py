"""What is said under several years of one count."""

import pytest

from brigade.ui.trend import trend_text

YEARS = range(2017, 2023)
DAYS = [181, 181, 181, 182, 181, 181]


def test_five_falls_within_chance_are_said_to_be_so_with_the_odds_of_their_order() -> None:
    text = trend_text(YEARS, [41, 40, 38, 37, 36, 33], DAYS)
    for said in ("连续下降 5 次", "单看每一次都在偶然波动范围内", "1/720", "p = 0.31"):
        assert said in text.zh
    assert text.zh.endswith("在偶然波动范围内。")
    for said in ("5 falls in a row", "each of them within chance", "1 in 720", "p = 0.31"):
        assert said in text.en


def test_a_fall_beyond_chance_is_counted() -> None:
    text = trend_text(YEARS, [400, 390, 300, 295, 290, 200], DAYS)
    assert "2 of them more than chance" in text.en
    assert "p < 0.01" in text.en
    assert text.en.endswith("more than chance.")


def test_a_rise_at_the_end_ends_the_run() -> None:
    assert "The last year is no fall." in trend_text(YEARS, [5, 4, 3, 2, 1, 2], DAYS).en


@pytest.mark.parametrize("counts", [[0, 0, 0], [9, 0, 0], [0, 0, 9]])
def test_a_trend_without_a_finite_ratio_is_said_without_it(counts: list[int]) -> None:
    text = trend_text([2020, 2021, 2022], counts, [181, 181, 181])
    assert "%" not in text.en
    assert "p" in text.en


def test_the_same_rate_over_more_days_is_no_fall_beyond_chance() -> None:
    text = trend_text([2020, 2021, 2022], [3660, 3650, 1825], [366, 365, 182])
    assert "each of them within chance" in text.en
