"""Turns at a file: many readers, or one who opens it anew."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Turn:
    """Many readers at once, or one who reopens the file while nobody reads."""

    readers: int = 0
    condition: threading.Condition = field(default_factory=threading.Condition)

    @contextmanager
    def reading(self) -> Iterator[None]:
        """As one of many."""
        with self.condition:
            self.readers += 1
        try:
            yield
        finally:
            with self.condition:
                self.readers -= 1
                self.condition.notify_all()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """When nobody reads; readers wait meanwhile."""
        with self.condition:
            self.condition.wait_for(lambda: self.readers == 0)
            yield
