"""Files made in the background: one maker per file, a limit, no half file, and a dead maker is seen to be dead."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import threading
import time
from dataclasses import asdict
from pathlib import Path

import pytest

from dashboard.exports.jobs import MOST_WAITING, Broken, Jobs, Made, Progress, Stage, Tell
from queries.errors import BadRequest, QueryFailed


def a_file(tell: Tell) -> Made:
    tell(1, 2, "Đang dựng")
    return Made("tep.txt", "text/plain", b"noi dung")


def test_a_file_comes_with_its_name_and_type(tmp_path: Path) -> None:
    jobs = Jobs(tmp_path)
    assert Made("tep.txt", "text/plain", b"noi dung") == jobs.wait(jobs.start("k", a_file))


def test_a_second_click_does_not_start_a_second_maker(tmp_path: Path) -> None:
    jobs, begun, go = Jobs(tmp_path), [], threading.Event()

    def slow(tell: Tell) -> Made:
        begun.append(1)
        go.wait(10)
        return a_file(tell)

    first = jobs.start("k", slow)
    second = jobs.start("k", slow)
    go.set()
    jobs.wait(first)
    assert (first, 1) == (second, len(begun))


def test_no_more_files_are_made_at_once_than_allowed(tmp_path: Path) -> None:
    jobs, now, most, guard = Jobs(tmp_path, at_once=2), 0, 0, threading.Lock()

    def counted(tell: Tell) -> Made:
        nonlocal now, most
        with guard:
            now += 1
            most = max(most, now)
        time.sleep(0.1)
        with guard:
            now -= 1
        return a_file(tell)

    for job in [jobs.start(f"k{number}", counted) for number in range(6)]:
        jobs.wait(job)
    assert 2 == most


def test_the_progress_is_told_while_it_works(tmp_path: Path) -> None:
    jobs, told, go = Jobs(tmp_path), threading.Event(), threading.Event()

    def steps(tell: Tell) -> Made:
        tell(3, 8, "Đang dựng trang chiếu")
        told.set()
        go.wait(10)
        return a_file(tell)

    job = jobs.start("k", steps)
    told.wait(10)
    assert Progress(Stage.RUNNING, 3, 8, "Đang dựng trang chiếu") == jobs.progress(job)
    go.set()
    jobs.wait(job)


def test_a_failure_leaves_no_file_and_says_why(tmp_path: Path) -> None:
    def failing(tell: Tell) -> Made:
        raise QueryFailed("no", sentence="Cơ sở dữ liệu không trả lời.")

    jobs = Jobs(tmp_path)
    with pytest.raises(Broken) as broken:
        jobs.wait(jobs.start("k", failing))
    assert "Cơ sở dữ liệu không trả lời." == broken.value.sentence
    assert [] == [path.name for path in tmp_path.glob("*.file")] + [path.name for path in tmp_path.glob("*.part")]


def test_an_unforeseen_fault_is_words_with_a_number(tmp_path: Path) -> None:
    def failing(tell: Tell) -> Made:
        raise ZeroDivisionError

    jobs = Jobs(tmp_path, fail=lambda error: f"mã sự cố cho {type(error).__name__}")
    with pytest.raises(Broken) as broken:
        jobs.wait(jobs.start("k", failing))
    assert "mã sự cố cho ZeroDivisionError" == broken.value.sentence


def test_after_a_failure_the_next_click_makes_the_file(tmp_path: Path) -> None:
    def failing(tell: Tell) -> Made:
        raise QueryFailed("no", sentence="Hỏng.")

    jobs = Jobs(tmp_path)
    with pytest.raises(Broken):
        jobs.wait(jobs.start("k", failing))
    assert b"noi dung" == jobs.wait(jobs.start("k", a_file)).body


def test_a_maker_that_was_killed_is_seen_to_be_dead(tmp_path: Path) -> None:
    def work() -> None:
        def endless(tell: Tell) -> Made:
            time.sleep(60)
            return a_file(tell)

        Jobs(tmp_path).start("k", endless)
        time.sleep(60)

    child = multiprocessing.get_context("fork").Process(target=work)
    child.start()
    jobs = Jobs(tmp_path)
    job = jobs_id("k")
    until = time.monotonic() + 10
    while (found := jobs.progress(job)) is None or found.stage is not Stage.RUNNING:
        assert time.monotonic() < until
        time.sleep(0.02)
    os.kill(child.pid or 0, signal.SIGKILL)
    child.join()
    after = jobs.progress(job)
    assert after is not None
    assert (Stage.FAILED, True) == (after.stage, "bị ngắt giữa chừng" in after.words)
    assert b"noi dung" == jobs.wait(jobs.start("k", a_file)).body


def jobs_id(key: str) -> str:
    from hashlib import sha256

    return f"{sha256(b'scope ').hexdigest()[:16]}-{sha256(key.encode()).hexdigest()[:20]}"


def test_too_many_waiting_files_are_refused_with_a_sentence(tmp_path: Path) -> None:
    waiting = json.dumps(asdict(Progress(Stage.WAITING)))
    for number in range(MOST_WAITING):
        (tmp_path / f"{0:016x}-{number:020x}.json").write_text(waiting)
    with pytest.raises(BadRequest, match="too many"):
        Jobs(tmp_path).start("k", a_file)


@pytest.mark.parametrize("job", ["", "../../etc/passwd", "x" * 20, "0" * 20])
def test_an_unknown_job_is_nothing_and_never_a_path(job: str, tmp_path: Path) -> None:
    assert Jobs(tmp_path).progress(job) is None
    with pytest.raises(Broken):
        Jobs(tmp_path).file(job)


def test_files_of_long_ago_are_removed_when_the_next_is_made(tmp_path: Path) -> None:
    jobs = Jobs(tmp_path)
    jobs.wait(jobs.start("old", a_file))
    for path in tmp_path.iterdir():
        os.utime(path, (1, 1))
    jobs.wait(jobs.start("new", a_file))
    assert 1 == len(list(tmp_path.glob("*.file")))


def test_two_scopes_never_share_a_job_and_neither_is_handed_the_other_ones(tmp_path: Path) -> None:
    jobs = Jobs(tmp_path)
    mine, theirs = jobs.start("k", a_file, "head:STP"), jobs.start("k", a_file, "")
    assert mine != theirs
    assert (True, False) == (jobs.is_of(mine, "head:STP"), jobs.is_of(theirs, "head:STP"))
    jobs.wait(mine)
    jobs.wait(theirs)
