"""Answers that are kept: each asked once, and no more of them than there is room for."""

import threading

import pytest

from brigade.engine.answers import Answers


def test_the_oldest_go_when_there_is_no_room_for_all() -> None:
    asked: list[str] = []

    def ask(name: str) -> str:
        return kept.of(name, lambda: asked.append(name) or name)

    kept = Answers[str](6, len)
    for name in ("aaa", "bb", "aaa", "cc", "aaa", "bb"):
        assert ask(name) == name
    # "cc" pushed out "bb", which was used longer ago than "aaa".
    assert asked == ["aaa", "bb", "cc", "bb"]


def test_what_is_asked_by_many_at_once_is_asked_once() -> None:
    kept = Answers[int](10, lambda _: 1)
    begun, go_on = threading.Event(), threading.Event()
    asked: list[int] = []

    def slow() -> int:
        asked.append(1)
        begun.set()
        assert go_on.wait(10)
        return 7

    found: list[int] = []
    threads = [threading.Thread(target=lambda: found.append(kept.of("a", slow))) for _ in range(8)]
    threads[0].start()
    assert begun.wait(10)
    for thread in threads[1:]:
        thread.start()
    go_on.set()
    for thread in threads:
        thread.join(10)
    assert found == [7] * 8
    assert asked == [1]


def test_a_failure_is_said_to_all_who_asked_and_not_kept() -> None:
    kept = Answers[int](10, lambda _: 1)
    with pytest.raises(ZeroDivisionError):
        kept.of("a", lambda: 1 // 0)
    assert kept.of("a", lambda: 5) == 5


class _Left(BaseException):
    """As a script ends when its reader has clicked elsewhere."""


def test_who_leaves_off_ends_nobody_elses_waiting() -> None:
    kept = Answers[int](10, lambda _: 1)
    begun, go_on = threading.Event(), threading.Event()

    def leaving() -> int:
        begun.set()
        assert go_on.wait(10)
        raise _Left

    def first() -> None:
        with pytest.raises(_Left):
            kept.of("a", leaving)

    found: list[int] = []
    one = threading.Thread(target=first)
    other = threading.Thread(target=lambda: found.append(kept.of("a", lambda: 5)))
    one.start()
    assert begun.wait(10)
    other.start()
    go_on.set()
    one.join(10)
    other.join(10)
    assert found == [5]


def test_from_far_away_each_asks_for_itself() -> None:
    kept = Answers[int](10, lambda _: 1, waiting=False)
    begun, go_on = threading.Event(), threading.Event()

    def slow() -> int:
        begun.set()
        assert go_on.wait(10)
        return 7

    slowly = threading.Thread(target=kept.of, args=("a", slow))
    slowly.start()
    assert begun.wait(10)
    assert kept.of("a", lambda: 7) == 7
    go_on.set()
    slowly.join(10)
    assert kept.of("a", lambda: 1 // 0) == 7
