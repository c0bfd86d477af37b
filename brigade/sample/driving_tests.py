"""Driving tests: learners who take the four parts in turn until they pass or give up.

The county has one test centre and two sites of it (the names begin with 本县). They hold 科目三
only, from an invented date on; 科目一, 科目二 and motorcycle tests are planned there from July
2022, after the end of the sample. What the county's sites don't hold is held at the city's site
or, for motorcycles, at a neighbouring county's. The sites are of the sample, not real places.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from brigade.sample.calendar import FIRST_DAY, LAST_DAY, is_closed, is_epidemic, weekday
from brigade.sample.columns import dates, ids, whole, words, write
from brigade.sample.draw import Floats, Generator, Ints, Times, even, pick, stream
from brigade.sample.effects import by_name, number

SUBJECTS = tuple(by_name("pass_rate_worst"))
_SECOND, _THIRD = 1, 2
SITES = ("本县考试中心", "本县第一考场", "本县第二考场", "市级考点", "邻县考点")
_CITY, _NEIGHBOUR = 3, 4
OPENED = np.datetime64("2021-10-08")
_CLASSES = ("C1", "C2", "B2", "A2", "D", "E", "F")
_CLASS_WEIGHTS = (66, 17, 4, 1, 7, 4, 1)
_HIGH_MARK_CLASSES = (2, 3)  # B and A need 90 in 科目二, others 80
_MOTORCYCLE_CLASSES = (4, 5, 6)
_SCHOOLS = tuple(f"示例驾校{n}" for n in "一二三四五六七八")
_RESULTS = ("合格", "不合格", "缺考")
_PASSED, _FAILED, _ABSENT = range(3)

_LEARNERS = 8_800
_FIRST_LEARNER = np.datetime64("2016-06-01")
_ATTEMPTS = 5
_DAYS_BEFORE = (12, 35, 30, 8)
_DAYS_BETWEEN = 16


@dataclass(frozen=True)
class _Sittings:
    learner: Ints
    subject: Ints
    attempt: Ints
    tested: Times
    booked: Times
    result: Ints
    score: Ints


def write_tests(folder: Path, seed: int) -> None:
    """The extract ``driving_tests``, in order of the test date."""
    rng = stream(seed, "tests")
    span = (LAST_DAY - _FIRST_LEARNER).astype(int)
    start = _FIRST_LEARNER + np.sort(rng.integers(0, span, _LEARNERS))
    school = pick(rng, np.linspace(1.6, 0.6, len(_SCHOOLS)), _LEARNERS)
    licence = pick(rng, _CLASS_WEIGHTS, _LEARNERS)
    sittings = _sit(rng, start, school, licence)
    within = (sittings.tested >= FIRST_DAY) & (sittings.tested <= LAST_DAY)
    order = np.argsort(sittings.tested[within], kind="stable")
    chosen = np.flatnonzero(within)[order]
    learner, subject = sittings.learner[chosen], sittings.subject[chosen]
    tested, score = sittings.tested[chosen], sittings.score[chosen]
    result = sittings.result[chosen]
    site = _draw_sites(rng, subject, licence[learner], tested)
    write(
        folder,
        "driving_tests",
        {
            "test_id": ids("T", np.arange(1, len(chosen) + 1), 6),
            "subject": words(SUBJECTS, subject),
            "site": words(SITES, site),
            "tested_on": dates(tested),
            "booked_on": dates(sittings.booked[chosen]),
            "licence_class": words(_CLASSES, licence[learner]),
            "attempt": whole(sittings.attempt[chosen]),
            "school": words(_SCHOOLS, school[learner]),
            "result": words(_RESULTS, result),
            "score": whole(score, result != _ABSENT),
        },
        keys=["test_id"],
    )


def _sit(rng: Generator, start: Times, school: Ints, licence: Ints) -> _Sittings:
    rates = _pass_rates(rng)
    parts = []
    learner, day = np.arange(len(start)), start
    for subject, before in enumerate(_DAYS_BEFORE):
        day = day + before + rng.integers(0, 20, len(day))
        passed, passed_on = [], []
        for attempt in range(1, _ATTEMPTS + 1):
            day = _test_day(rng, day)
            result = _results(rng, rates[subject], school[learner])
            parts.append(
                _Sittings(
                    learner=learner,
                    subject=np.full(len(learner), subject),
                    attempt=np.full(len(learner), attempt),
                    tested=day,
                    booked=day - rng.integers(3, 15, len(day)),
                    result=result,
                    score=_scores(rng, subject, licence[learner], result),
                )
            )
            done = result == _PASSED
            passed.append(learner[done])
            passed_on.append(day[done])
            learner, day = learner[~done], day[~done]
            day = day + _DAYS_BETWEEN + rng.integers(0, 20, len(day))
        learner, day = np.concatenate(passed), np.concatenate(passed_on)
    return _Sittings(
        **{
            name: np.concatenate([getattr(part, name) for part in parts])
            for name in _Sittings.__dataclass_fields__
        }
    )


def _pass_rates(rng: Generator) -> Floats:
    """Subject × school: evenly from the worst to the best, in another order for each subject."""
    worst, best = by_name("pass_rate_worst"), by_name("pass_rate_best")
    return np.array(
        [rng.permutation(np.linspace(worst[s], best[s], len(_SCHOOLS))) for s in SUBJECTS]
    )


def _test_day(rng: Generator, day: Times) -> Times:
    """The next day on which tests are held."""
    day = day.copy()
    for _ in range(60):
        closed = (weekday(day) == 5) | is_closed(day) | is_epidemic(day)
        if not closed.any():
            break
        day[closed] += rng.integers(1, 4, int(closed.sum()))
    return day


def _results(rng: Generator, rates: Floats, school: Ints) -> Ints:
    """Results, so spread that each school's share of passes is its rate."""
    result = np.full(len(school), _ABSENT)
    present = rng.random(len(school)) >= number("test_absent")
    for number_, rate in enumerate(rates):
        here = np.flatnonzero(present & (school == number_))
        result[here] = np.where(even(rng, len(here)) < rate, _PASSED, _FAILED)
    return result


def _scores(rng: Generator, subject: int, licence: Ints, result: Ints) -> Ints:
    """Marks of a hundred; the pass mark is 90, in 科目二 80 but for classes A and B."""
    size = len(result)
    if subject == _SECOND:
        high = np.isin(licence, _HIGH_MARK_CLASSES)
        best = np.minimum(100, np.where(high, 90, 80) + 10 * rng.integers(0, 3, size))
        fail = np.where(high, 80, 70) - 10 * rng.integers(0, 8, size)
    elif subject == _THIRD:
        best = 90 + 10 * rng.integers(0, 2, size)
        fail = 80 - 10 * rng.integers(0, 9, size)
    else:
        best = 90 + rng.integers(0, 11, size)
        fail = 89 - rng.integers(0, 40, size)
    return np.where(result == _PASSED, best, fail)


def _draw_sites(rng: Generator, subject: Ints, licence: Ints, tested: Times) -> Ints:
    motorcycle = np.isin(licence, _MOTORCYCLE_CLASSES)
    own = (subject == _THIRD) & ~motorcycle & (tested >= OPENED)
    site = np.where(motorcycle, _NEIGHBOUR, _CITY)
    site[own] = pick(rng, (44, 30, 26), int(own.sum()))
    return site
