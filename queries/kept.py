"""Values kept in memory up to a number of bytes; one maker per value while the others wait."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from contextlib import suppress
from typing import Generic, TypeVar

from cachetools import LRUCache

T = TypeVar("T")


class Kept(Generic[T]):
    """Values by key, the least lately used dropped when they take more than `most_bytes`. Safe to use from several threads.

    `size` tells the bytes of a value; one that alone is too large is given and not kept.
    """

    def __init__(self, most_bytes: int, size: Callable[[T], int]) -> None:
        self.most_bytes = max(most_bytes, 1)
        self._values: LRUCache[Hashable, T] = LRUCache(self.most_bytes, getsizeof=size)
        self._locks: dict[Hashable, threading.RLock] = {}
        self._guard = threading.Lock()

    @property
    def bytes(self) -> int:
        """The bytes of the kept values."""
        with self._guard:
            return int(self._values.currsize)

    def found(self, key: Hashable) -> T | None:
        """The kept value, or None."""
        with self._guard:
            return self._values.get(key)

    def clear(self) -> None:
        """Forget every value."""
        with self._guard:
            self._values.clear()

    def get(self, key: Hashable, make: Callable[[], T], *, keep: Callable[[T], bool] = lambda _: True) -> T:
        """The kept value, or the one made now; `keep` tells whether it may be given again. What `make` raises is raised, and made anew next time."""
        with self._guard:
            if key in self._values:
                return self._values[key]
            lock = self._locks.setdefault(key, threading.RLock())  # who asks for itself while it is made is a fault that is seen, not a wait for ever
        try:
            with lock:
                with self._guard:
                    if key in self._values:
                        return self._values[key]
                value = make()
                if keep(value):
                    with self._guard, suppress(ValueError):  # larger than everything that may be kept
                        self._values[key] = value
                return value
        finally:
            with self._guard:
                self._locks.pop(key, None)
