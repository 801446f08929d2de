"""Lists of codes in an address: parted by commas, written and read without changing a code.

A backslash takes the next character as it stands, so that a comma, a backslash and a blank at either end can be part of a code.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

LONGEST_CODE: Final = 80
_NO_CHARACTER: Final = "\N{REPLACEMENT CHARACTER}"
_MARKED: Final = re.compile(r"[\\,]|\A\s|\s\Z")


def write_codes(codes: Iterable[str]) -> str:
    """The codes as one text that `read_codes` reads back."""
    return ",".join(_MARKED.sub(r"\\\g<0>", code) for code in codes)


def read_codes(texts: Iterable[str]) -> list[str]:
    """The codes of one or several texts, sorted, each once; blanks around them and empty ones are left out."""
    return sorted({_bounded(part) for text in texts for part in _parts(text) if part})


def _parts(text: str) -> list[str]:
    parts: list[list[str]] = [[]]
    kept = [0]  # how long each part is up to its last character that is not a blank around it
    letters = iter(text)
    for letter in letters:
        if letter == ",":
            parts.append([])
            kept.append(0)
        elif letter == "\\" or not letter.isspace():
            parts[-1].append(next(letters, letter) if letter == "\\" else letter)
            kept[-1] = len(parts[-1])
        elif parts[-1]:
            parts[-1].append(letter)
    return ["".join(part[:length]) for part, length in zip(parts, kept, strict=True)]


def _bounded(code: str) -> str:
    """A code that no database stumbles over; one that is too long keeps its beginning and a mark, for it must not become another code."""
    whole = code.replace("\0", _NO_CHARACTER)
    return whole if len(whole) <= LONGEST_CODE else whole[: LONGEST_CODE - 1] + "…"
