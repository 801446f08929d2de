"""A time limit for statements whose engine has none of its own: one sleeping thread interrupts what runs too long.

A timer per statement would cost more than a small statement does: starting a thread waits until it runs.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

_LOOKS_PER_LIMIT: Final = 10
_LONGEST_LOOK: Final = 0.25
_IDLE_LOOKS: Final = 40


class TimeLimit:
    """Interrupts whatever runs longer than `seconds`. Its thread begins with the first statement and ends when nothing runs for a while."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._look = min(seconds / _LOOKS_PER_LIMIT, _LONGEST_LOOK)
        self._lock = threading.Lock()
        self._running: dict[object, tuple[float, Callable[[], None]]] = {}
        self._thread: threading.Thread | None = None
        self._closed = threading.Event()

    @contextmanager
    def over(self, interrupt: Callable[[], None]) -> Iterator[None]:
        """Call `interrupt` once if what is inside is not done in time, and never after it is done."""
        key = object()
        with self._lock:
            self._running[key] = (time.monotonic() + self._seconds, interrupt)
            if self._thread is None or not self._thread.is_alive():
                self._closed = threading.Event()
                self._thread = threading.Thread(target=self._watch, args=(self._closed,), name="time limit", daemon=True)
                self._thread.start()
        try:
            yield
        finally:
            with self._lock:
                self._running.pop(key, None)

    def close(self) -> None:
        """End the thread now; the next statement begins another. One that is torn out when the process ends would keep what it looks at alive."""
        with self._lock:
            thread, self._thread = self._thread, None
            self._closed.set()
        if thread is not None and thread is not threading.current_thread():
            thread.join(_LONGEST_LOOK)

    def _watch(self, closed: threading.Event) -> None:
        idle = 0
        while not closed.wait(self._look):
            with self._lock:
                idle = 0 if self._running else idle + 1
                if idle > _IDLE_LOOKS:
                    self._thread = None
                    return
                now = time.monotonic()
                late = [key for key, (deadline, _) in self._running.items() if deadline <= now]
                for key in late:
                    self._running.pop(key)[1]()
