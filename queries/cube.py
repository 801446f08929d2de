"""Sums by a few keys as plain arrays: what a tally keeps, and what a measure adds up. No frame is made before the last step.

A page folds the same few thousand sums dozens of times; a frame costs more to slice and group than these sums to add.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import pandas as pd

Codes = np.ndarray[Any, np.dtype[np.int64]]
Value = str | int | None
_WORD: Final = np.dtype(np.int64)


@dataclass(frozen=True)
class Key:
    """One column of keys: its distinct values (None: not recorded) and, by row, the place of its value among them."""

    values: tuple[Value, ...]
    codes: Codes

    @classmethod
    def of(cls, column: pd.Series) -> Key:
        """The column of a frame, text or whole numbers."""
        codes, found = pd.factorize(column, use_na_sentinel=False)
        return cls(tuple(None if pd.isna(value) else value if isinstance(value, str) else int(value) for value in found), codes.astype(_WORD))

    def words(self) -> pd.api.extensions.ExtensionArray:
        """The key as a column of text."""
        return pd.array([self.values[code] for code in self.codes], dtype="str")

    def numbers(self) -> pd.arrays.IntegerArray:
        """The key as a column of whole numbers."""
        missing = np.array([value is None for value in self.values], dtype=bool)
        numbers = np.array([value if isinstance(value, int) else 0 for value in self.values], dtype=_WORD)
        return pd.arrays.IntegerArray(numbers[self.codes], missing[self.codes])

    def mapped(self, new: Callable[[Value], Value]) -> Key:
        """The key with every value replaced; values that become equal are one."""
        places: dict[Value, int] = {}
        table = np.array([places.setdefault(new(value), len(places)) for value in self.values], dtype=_WORD)
        return Key(tuple(places), table[self.codes])

    def ordered(self) -> Key:
        """The key with its values in order, None the last."""
        order = sorted(range(len(self.values)), key=lambda place: ((value := self.values[place]) is None, value if value is not None else 0))
        ranks = np.empty(len(order), dtype=_WORD)
        ranks[order] = np.arange(len(order))
        return Key(tuple(self.values[place] for place in order), ranks[self.codes])


@dataclass(frozen=True)
class Cube:
    """Sums by keys: `sums` has one row per name and one column per combination of keys; a combination may stand there several times."""

    keys: Mapping[str, Key]
    names: tuple[str, ...]
    sums: Codes

    @classmethod
    def of(cls, frame: pd.DataFrame, keys: Iterable[str]) -> Cube:
        """A frame of keys and sums."""
        held = {name: Key.of(frame[name]) for name in keys}
        names = tuple(name for name in frame.columns if name not in held)
        sums = np.empty((len(names), len(frame)), dtype=_WORD)
        for place, name in enumerate(names):
            sums[place] = frame[name].to_numpy(dtype=_WORD)
        return cls(held, names, sums)

    @property
    def bytes(self) -> int:
        """What it takes in memory."""
        return int(self.sums.nbytes) + sum(key.codes.nbytes + 80 * len(key.values) for key in self.keys.values())

    def only(self, names: Sequence[str], prefix: Callable[[str], str] = str) -> Cube:
        """Some of the sums, under new names."""
        places = [self.names.index(name) for name in names]
        return replace(self, names=tuple(map(prefix, names)), sums=self.sums[places])

    def between(self, name: str, first: int, last: int) -> Cube:
        """The rows whose whole-number key lies within two values."""
        key = self.keys[name]
        kept = np.array([isinstance(value, int) and first <= value <= last for value in key.values], dtype=bool)
        rows = np.flatnonzero(kept[key.codes])
        return Cube({other: Key(one.values, one.codes[rows]) for other, one in self.keys.items()}, self.names, self.sums[:, rows])

    def with_key(self, name: str, key: Key) -> Cube:
        """The cube with one more key, or another under the same name."""
        return replace(self, keys={**self.keys, name: key})

    def paired(self, first: str, second: str, new: Callable[[Value, Value], Value]) -> Key:
        """A key made of two."""
        one, other = self.keys[first], self.keys[second]
        found, codes = np.unique(one.codes * len(other.values) + other.codes, return_inverse=True)
        pairs = [divmod(int(pair), len(other.values)) for pair in found]
        values = tuple((one.values[left], other.values[right]) for left, right in pairs)
        return Key(tuple(range(len(values))), codes.astype(_WORD)).mapped(lambda place: new(*values[int(place or 0)]))

    def added_up(self, by: Sequence[str]) -> Cube:
        """One row per combination of some of the keys, in their order, None the last; without keys one row, of zeros where there is nothing."""
        if not by:
            return Cube({}, self.names, self.sums.sum(axis=1, keepdims=True))
        keys = [self.keys[name].ordered() for name in by]
        if not self.sums.shape[1]:
            return replace(self, keys=dict(zip(by, keys, strict=True)))
        place = np.zeros(self.sums.shape[1], dtype=_WORD)
        for key in keys:
            place = place * len(key.values) + key.codes
        order = np.argsort(place, kind="stable")
        starts = np.flatnonzero(np.diff(place[order], prepend=-1))
        firsts = order[starts]
        return Cube(
            {name: Key(key.values, key.codes[firsts]) for name, key in zip(by, keys, strict=True)},
            self.names,
            np.add.reduceat(self.sums[:, order], starts, axis=1),
        )


def stacked(cubes: Sequence[Cube], by: Sequence[str]) -> Cube:
    """Cubes of different sums below each other, added up: one row per combination that one of them has, 0 for the sums of another."""
    names = tuple(name for cube in cubes for name in cube.names)
    sums = np.zeros((len(names), sum(cube.sums.shape[1] for cube in cubes)), dtype=_WORD)
    row = column = 0
    for cube in cubes:
        height, width = cube.sums.shape
        sums[row : row + height, column : column + width] = cube.sums
        row, column = row + height, column + width
    return Cube({name: _joined([cube.keys[name] for cube in cubes]) for name in by}, names, sums).added_up(by)


def _joined(keys: Sequence[Key]) -> Key:
    places: dict[Value, int] = {}
    codes = []
    for key in keys:
        table = np.array([places.setdefault(value, len(places)) for value in key.values], dtype=_WORD)
        codes.append(table[key.codes])
    return Key(tuple(places), np.concatenate(codes) if codes else np.zeros(0, dtype=_WORD))
