"""The language of the screen: Vietnamese, or English by the catalogue `config/languages/en.po`, whose keys are the Vietnamese words themselves.

Words stand in the code in Vietnamese. `say` gives them in the language of whoever is being answered; nothing that counts asks for it.
Files are official papers and stay Vietnamese: only the answer to a page is put under `answering`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from babel.messages.catalog import Message
from babel.messages.pofile import read_po

VIETNAMESE: Final = "vi"
ENGLISH: Final = "en"
LANGUAGES: Final = {VIETNAMESE: "Tiếng Việt", ENGLISH: "English"}
CATALOGUE: Final = Path(__file__).parent / "languages" / "en.po"

# English says “1 result”, the catalogue “{} results”.
_ONE: Final = re.compile(
    r"(?<![\w.,/+−–-])(1(?: [a-z–]+){0,2}? )(units|dossiers|results|months|quarters|years|days|procedures|areas|pairs|rows|cases|points|sectors|cards)\b"
)
_VIETNAMESE_NUMBER: Final = re.compile(r"(?<![\w.,/])\d{1,3}(?:\.\d{3})*(?:,\d+)?(?![\w.,/])")
_FIELD: Final = re.compile(r"\\\{[^{}]*\\\}")
_FIELD_BEFORE: Final = re.compile(_FIELD.pattern + r"\\ (?=\\\{)")
_NAMED: Final = re.compile(r"\{[a-z]+\}")
_SWAPPED: Final = str.maketrans(".,", ",.")
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
    found = english().get(template) or (template if values else _remade(template))
    return _ONE.sub(lambda one: one[1] + one[2].removesuffix("s"), found.format(*map(_said, values))) if values else found


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
    return {str(message.id): str(message.string) for message in _messages()}


@lru_cache(maxsize=8_192)
def _remade(words: str) -> str:
    """A sentence that arrived finished, in a frame, read backwards by the entries marked “kept”; as it is when none fits."""
    for pattern, template in _kept():
        found = pattern.fullmatch(words)
        if found is not None:
            return template.format(*(_VIETNAMESE_NUMBER.sub(_english_number, say(part)) for part in found.groups()))
    return words


@cache
def _kept() -> tuple[tuple[re.Pattern[str], str], ...]:
    """The longest first: the shortest fit almost anything."""
    kept = sorted((message for message in _messages() if "kept" in message.flags), key=lambda message: -len(str(message.id)))
    return tuple((re.compile(_pattern(str(message.id))), _NAMED.sub("{}", str(message.string))) for message in kept)


def _pattern(template: str) -> str:
    """A field before another one is a single word: a number before what it counts."""
    return _FIELD.sub("(.+)", _FIELD_BEFORE.sub(r"(\\S+) ", re.escape(template)))


def _messages() -> list[Message]:
    with CATALOGUE.open("rb") as file:
        return [message for message in read_po(file) if message.id and message.string]


def _said(value: object) -> object:
    return say(value) if isinstance(value, str) else value


def _english_number(found: re.Match[str]) -> str:
    return found[0].translate(_SWAPPED)
