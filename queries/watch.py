"""Who is told of every question and statement of a source: how many, how long, and whether they failed. Never what was asked."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from queries.errors import DashboardError


def _nobody(*_: object) -> None:
    """Tells nobody."""


class Watch:
    """Counts the statements of a source; `on_statement` is told (seconds, name of the error or “ok”), `on_question` that a question was asked."""

    def __init__(self) -> None:
        self.on_statement: Callable[[float, str], None] = _nobody
        self.on_question: Callable[[], None] = _nobody
        self._statements = 0
        self._lock = threading.Lock()

    @property
    def statements(self) -> int:
        """How many statements have ended so far."""
        with self._lock:
            return self._statements

    def question(self) -> None:
        """Tell of a question."""
        self.on_question()

    @contextmanager
    def statement(self) -> Iterator[None]:
        """Tell of what runs inside when it has ended."""
        began, outcome = time.monotonic(), "ok"
        try:
            yield
        except DashboardError as error:
            outcome = type(error).__name__
            raise
        finally:
            with self._lock:
                self._statements += 1
            self.on_statement(time.monotonic() - began, outcome)
