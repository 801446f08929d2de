"""The language of the screen: Vietnamese, or English by the catalogue `config/languages/en.po`, whose keys are the Vietnamese words themselves.

Words stand in the code in Vietnamese. `say` gives them in the language of whoever is being answered; nothing that counts asks for it.
Files are official papers and stay Vietnamese: only the answer to a page is put under `answering`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Final

from babel.messages.pofile import read_po

VIETNAMESE: Final = "vi"
ENGLISH: Final = "en"
LANGUAGES: Final = {VIETNAMESE: "Tiếng Việt", ENGLISH: "English"}
CATALOGUE: Final = Path(__file__).parent / "languages" / "en.po"

# English says “1 result”, the catalogue “{} results”.
_ONE: Final = re.compile(
    r"(?<![\w.,/+−–-])1 ((?:other |postal |chosen |active |overdue |open )*)"
    r"(agencies|unit|dossier|result|month|quarter|year|day|procedure|commune|group|period|row|area|kind|case|code|case|card|pair|time|name|point|sector|district)(?:s\b|(?<=agencies)\b)"
)
_language: ContextVar[str] = ContextVar("language", default=VIETNAMESE)


class Told(str):
    """A Vietnamese sentence made where no language is known (an error, a notice), that `say` can still give in another one."""

    __slots__ = ("filled", "template")

    template: str
    filled: tuple[object, ...]


def told(template: str, *values: object) -> Told:
    """The sentence in Vietnamese, which remembers what it was made of."""
    sentence = Told(template.format(*values) if values else template)
    sentence.template, sentence.filled = template, values
    return sentence


def say(template: str, *values: object) -> str:
    """Vietnamese words in the language of the reader, each `{}` filled with a value; values that are words of the catalogue are translated too.

    What the catalogue lacks stays Vietnamese. Words that are English already stay as they are.
    """
    if isinstance(template, Told) and not values:
        return say(template.template, *template.filled) if in_english() else str(template)
    if _language.get() == VIETNAMESE:
        return template.format(*values) if values else template
    found = english().get(template, template)
    return _ONE.sub(_single, found.format(*map(_said, values))) if values else found


def language() -> str:
    """The language of whoever is being answered."""
    return _language.get()


def in_english() -> bool:
    """Whether the reader asked for English."""
    return _language.get() == ENGLISH


@contextmanager
def answering(wanted: str) -> Iterator[None]:
    """What is said inside is said in this language; an unknown one is Vietnamese."""
    stop = begin(wanted)
    try:
        yield
    finally:
        stop()


def begin(wanted: str) -> Callable[[], None]:
    """Answer in this language (an unknown one is Vietnamese) until the function that is returned is called."""
    token = _language.set(wanted if wanted in LANGUAGES else VIETNAMESE)
    return lambda: _language.reset(token)


@cache
def english() -> dict[str, str]:
    """The catalogue: Vietnamese template → English template."""
    with CATALOGUE.open("rb") as file:
        return {str(message.id): str(message.string) for message in read_po(file) if message.id and message.string}


def _said(value: object) -> object:
    return say(value) if isinstance(value, str) else value


def _single(found: re.Match[str]) -> str:
    noun = "agency" if found[2] == "agencies" else found[2]
    return f"1 {found[1]}{noun}"
