"""A limit on what runs too long: it comes once, in time, and never late."""

from __future__ import annotations

import threading
import time

from queries.time_limit import TimeLimit


def test_what_runs_too_long_is_interrupted_once() -> None:
    calls: list[str] = []
    with TimeLimit(0.05).over(lambda: calls.append("stop")):
        time.sleep(0.3)
    assert ["stop"] == calls


def test_what_is_done_in_time_is_never_interrupted() -> None:
    calls: list[str] = []
    limit = TimeLimit(0.1)
    for _ in range(20):
        with limit.over(lambda: calls.append("stop")):
            pass
    time.sleep(0.3)
    assert [] == calls


def test_of_two_at_once_only_the_slow_one_is_interrupted() -> None:
    calls: list[str] = []
    limit = TimeLimit(0.1)

    def slow() -> None:
        with limit.over(lambda: calls.append("slow")):
            time.sleep(0.3)

    thread = threading.Thread(target=slow)
    thread.start()
    for _ in range(5):
        with limit.over(lambda: calls.append("quick")):
            time.sleep(0.02)
    thread.join()
    assert ["slow"] == calls


def test_the_watching_thread_ends_when_nothing_runs_and_begins_again() -> None:
    calls: list[str] = []
    limit = TimeLimit(0.02)
    with limit.over(lambda: None):
        pass
    time.sleep(0.5)
    assert limit._thread is None
    with limit.over(lambda: calls.append("stop")):
        time.sleep(0.2)
    assert ["stop"] == calls


def test_a_closed_limit_leaves_no_thread_and_limits_the_next_statement_again() -> None:
    calls: list[str] = []
    limit = TimeLimit(0.05)
    with limit.over(lambda: None):
        thread = limit._thread
    limit.close()
    assert thread is not None
    assert not thread.is_alive()
    with limit.over(lambda: calls.append("stop")):
        time.sleep(0.3)
    assert ["stop"] == calls
