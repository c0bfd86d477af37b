"""Scripts that take turns: one after another, and none held up for long by another."""

import threading
import time

from brigade.ui.turns import Turns


def test_no_more_have_their_turn_at_once_than_may() -> None:
    turns = Turns(at_once=2, longest_s=30)
    lock, having, most = threading.Lock(), [0], [0]

    def script() -> None:
        with turns.turn():
            with lock:
                having[0] += 1
                most[0] = max(most[0], having[0])
            time.sleep(0.01)
            with lock:
                having[0] -= 1

    threads = [threading.Thread(target=script) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
        assert not thread.is_alive()
    assert most[0] == 2


def test_who_came_first_begins_first() -> None:
    turns = Turns(at_once=1, longest_s=30)
    began: list[int] = []

    def script(number: int) -> None:
        with turns.turn():
            began.append(number)

    threads = [threading.Thread(target=script, args=(number,)) for number in range(6)]
    with turns.turn():
        for number, thread in enumerate(threads):
            thread.start()
            while len(turns._line) <= number:
                time.sleep(0.001)
    for thread in threads:
        thread.join(20)
    assert began == list(range(6))


def test_one_that_takes_long_holds_nobody_up() -> None:
    turns = Turns(at_once=1, longest_s=0.05)
    with turns.turn():
        done = threading.Event()

        def other() -> None:
            with turns.turn():
                done.set()

        thread = threading.Thread(target=other)
        thread.start()
        assert done.wait(20)
        thread.join(20)


def test_a_script_that_fails_gives_its_turn_back() -> None:
    turns = Turns(at_once=1, longest_s=30)
    for _ in range(3):
        try:
            with turns.turn():
                raise KeyError
        except KeyError:
            pass
    with turns.turn():
        pass
