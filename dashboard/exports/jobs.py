"""Files made in the background: one maker per file however often it is asked for, so many at once and no more, no half file.

Several worker processes share a folder. A job holds a lock on its file while it works, so that a job whose process died is seen to be dead.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass
from enum import StrEnum
from hashlib import sha256
from io import TextIOWrapper
from pathlib import Path
from typing import Final

from queries.errors import BadRequest, DashboardError

KEPT_SECONDS: Final = 3600
MOST_WAITING: Final = 20
_POLL_SECONDS: Final = 0.05
_ID: Final = re.compile(r"[0-9a-f]{16}-[0-9a-f]{20}")


class Stage(StrEnum):
    """How far a job is."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True)
class Progress:
    """A job as the reader sees it: steps done of all, what is being done, the file's name when it is ready."""

    stage: Stage
    done: int = 0
    total: int = 1
    words: str = ""
    name: str = ""
    mime: str = ""
    is_request: bool = False  # a failure that lies in what was asked


@dataclass(frozen=True)
class Made:
    """A finished file."""

    name: str
    mime: str
    body: bytes


Tell = Callable[[int, int, str], None]
Make = Callable[[Tell], Made]


def quiet(done: int, total: int, words: str) -> None:
    """Tells nobody."""


class Broken(DashboardError):
    """A file could not be made; `is_request` says that the fault lies in what was asked."""

    def __init__(self, message: str, *, sentence: str, is_request: bool = False) -> None:
        super().__init__(message, sentence=sentence)
        self.is_request = is_request


def _unwritable(error: OSError) -> Broken:
    return Broken(
        f"the folder of files cannot be written: {error.strerror}",
        sentence="Không ghi được tệp: đĩa của máy chủ đầy hoặc thư mục lưu không cho ghi. Các trang vẫn xem được; hãy báo quản trị.",
    )


def _tag(scope: str) -> str:
    return sha256(f"scope {scope}".encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Jobs:
    """The jobs of a folder; `at_once` files are made at a time over all processes. `fail` turns an unforeseen fault into a sentence."""

    folder: Path
    at_once: int = 2
    fail: Callable[[Exception], str] = lambda error: f"Không làm được tệp này ({type(error).__name__})."

    def start(self, key: str, make: Make, scope: str = "") -> str:
        """Start a job, or find the one that makes the same file for the same scope already; its id.

        A process that ends waits for the files in hand: a daemon would be torn out of the database's own code, which aborts it.
        Raises BadRequest when too many wait, Broken when the folder cannot be written.
        """
        job = f"{_tag(scope)}-{sha256(key.encode()).hexdigest()[:20]}"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._forget_old()
            lock = self._lock(self.folder / f"{job}.lock")
        except OSError as error:
            raise _unwritable(error) from error
        if lock is None:
            return job  # somebody makes it now
        if self._waiting() >= MOST_WAITING:
            lock.close()
            raise BadRequest("too many files are being made", sentence="Đang có quá nhiều tệp chờ làm. Hãy đợi một phút rồi bấm lại.")
        try:
            self._tell(job, Progress(Stage.WAITING, words="Đang chờ đến lượt"))
        except OSError as error:
            lock.close()
            raise _unwritable(error) from error
        threading.Thread(target=self._run, args=(job, make, lock), name=f"file-{job}").start()
        return job

    @staticmethod
    def is_of(job: str, scope: str) -> bool:
        """Whether a job was made for a scope: nobody is handed a file of another."""
        return job.partition("-")[0] == _tag(scope)

    def progress(self, job: str) -> Progress | None:
        """How far a job is; None for an unknown one. A job whose maker died has failed."""
        found = self._read(job)
        if found is None or found.stage in (Stage.DONE, Stage.FAILED):
            return found
        lock = self._lock(self.folder / f"{job}.lock")
        if lock is None:
            return found
        lock.close()
        again = self._read(job)  # it may have ended between the two looks
        ended = again is not None and again.stage in (Stage.DONE, Stage.FAILED)
        return again if ended else Progress(Stage.FAILED, words="Việc làm tệp bị ngắt giữa chừng. Hãy bấm lại để làm lại.")

    def file(self, job: str) -> Made:
        """The finished file. Raises Broken with the sentence of a job that failed or is not there."""
        found = self.progress(job)
        path = self.folder / f"{job}.file"
        if found is None or found.stage is not Stage.DONE or not path.exists():
            words = found.words if found is not None and found.stage is Stage.FAILED else "Tệp này không còn. Hãy bấm lại để làm lại."
            raise Broken(f"job {job} has no file", sentence=words, is_request=found is not None and found.is_request)
        return Made(found.name, found.mime, path.read_bytes())

    def wait(self, job: str, seconds: float = 120.0) -> Made:
        """The file as soon as it is finished. Raises Broken when it fails or takes longer."""
        until = time.monotonic() + seconds
        while (found := self.progress(job)) is not None and found.stage is not Stage.FAILED:
            path = self.folder / f"{job}.file"
            if found.stage is Stage.DONE and path.exists():  # another reader may begin the same job anew before the next look
                return Made(found.name, found.mime, path.read_bytes())
            if time.monotonic() > until:
                raise Broken(f"job {job} takes too long", sentence="Tệp làm quá lâu. Hãy thu hẹp kỳ hoặc phạm vi rồi thử lại.")
            time.sleep(_POLL_SECONDS)
        return self.file(job)

    def _run(self, job: str, make: Make, lock: TextIOWrapper) -> None:
        with lock:
            try:
                with self._slot():
                    self._tell(job, Progress(Stage.RUNNING, words="Đang đọc số liệu"))
                    made = make(lambda done, total, words: self._tell(job, Progress(Stage.RUNNING, done, total, words)))
                    self._write(f"{job}.file", made.body)
                self._tell(job, Progress(Stage.DONE, 1, 1, "Đã xong", made.name, made.mime))
            except DashboardError as error:
                self._failed(job, error.sentence, is_request=isinstance(error, BadRequest))
            except Exception as error:  # noqa: BLE001 - the end of a thread: whatever breaks a file, the reader gets words
                self._failed(job, self.fail(error))

    def _failed(self, job: str, words: str, *, is_request: bool = False) -> None:
        (self.folder / f"{job}.file").unlink(missing_ok=True)
        with suppress(OSError):  # on a full disk the job is seen to be dead by its lock
            self._tell(job, Progress(Stage.FAILED, words=words, is_request=is_request))

    @contextmanager
    def _slot(self) -> Iterator[None]:
        """One of the places in which files are made; waits for a free one."""
        with ExitStack() as stack:
            while True:
                for number in range(self.at_once):
                    lock = self._lock(self.folder / f"slot-{number}.lock")
                    if lock is not None:
                        stack.enter_context(lock)
                        yield
                        return
                if not threading.main_thread().is_alive():
                    raise Broken("the process ends", sentence="Máy chủ đang khởi động lại. Hãy bấm lại sau ít giây.")
                time.sleep(_POLL_SECONDS)

    def _waiting(self) -> int:
        stages = (self._read(path.stem) for path in self.folder.glob("*.json"))
        return sum(1 for found in stages if found is not None and found.stage is Stage.WAITING)

    def _read(self, job: str) -> Progress | None:
        if not _ID.fullmatch(job):
            return None
        try:
            held = json.loads((self.folder / f"{job}.json").read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return None
        return Progress(**{**held, "stage": Stage(held["stage"])})

    def _tell(self, job: str, progress: Progress) -> None:
        self._write(f"{job}.json", json.dumps(asdict(progress), ensure_ascii=False).encode())

    def _write(self, name: str, body: bytes) -> None:
        """The whole file or none."""
        part = self.folder / f"{name}.{os.getpid()}-{threading.get_ident()}.part"
        try:
            part.write_bytes(body)
            part.replace(self.folder / name)
        finally:
            part.unlink(missing_ok=True)

    def _forget_old(self) -> None:
        before = time.time() - KEPT_SECONDS
        for path in self.folder.glob("*"):
            try:
                if path.is_file() and not path.name.startswith("slot-") and path.stat().st_mtime < before:
                    path.unlink()
            except FileNotFoundError:
                continue  # another process was faster

    @staticmethod
    def _lock(path: Path) -> TextIOWrapper | None:
        """The open file with its lock, or None when somebody holds it; closing gives it back, and so does the end of the process."""
        handle = path.open("a", encoding="utf-8")
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            handle.close()
            return None
        return handle
