"""Which fonts a PDF is set in: always the same on one machine, with every Vietnamese letter, and never none.

Charts and pages use Source Sans Pro, which comes with the package font-source-sans-pro, so they look the same on every machine.
The report asks for Times New Roman (NĐ 30/2020); the first of `SERIF` that the system has whole, in one folder, with all letters of
`ALPHABET`, is taken; without one it is Libertinus Serif, which typst carries. Symbols come from two others that it carries.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import font_source_sans_pro
import typst

from dashboard.exports.letter_words import clean

SANS: Final = "Source Sans Pro"
SERIF: Final = ("Times New Roman", "Tinos", "Liberation Serif")
CARRIED: Final = "Libertinus Serif"
SYMBOLS: Final = ("DejaVu Sans Mono", "New Computer Modern Math")
STANDARDS: Final = ("a-2a", "ua-1")
_VOWELS: Final = "aăâeêioôơuưy"
_TONES: Final = ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")
_LOWER: Final = "".join(unicodedata.normalize("NFC", vowel + tone) for vowel in _VOWELS for tone in _TONES) + "bcdđfghjklmnpqrstvwxz"
ALPHABET: Final = _LOWER + _LOWER.upper() + "0123456789–−—…“”‘’%/()"
_STYLES: Final = frozenset((style, weight) for style in ("normal", "italic") for weight in (400, 700))
_FOREIGN: Final = "□"
_PRINTED: Final = (
    (0x20, 0x7E),
    (0xA0, 0x17F),
    (0x1A0, 0x1A1),
    (0x1AF, 0x1B0),
    (0x300, 0x301),
    (0x303, 0x303),
    (0x309, 0x309),
    (0x323, 0x323),
    (0x1E80, 0x1E85),
    (0x1EA0, 0x1EF9),
    (0x2010, 0x2015),
    (0x2018, 0x201E),
    (0x2020, 0x2022),
    (0x2026, 0x2026),
    (0x2030, 0x2030),
    (0x2039, 0x203A),
    (0x20AB, 0x20AC),
    (0x2116, 0x2116),
    (0x2122, 0x2122),
    (0x2190, 0x2193),
    (0x2212, 0x2212),
    (0x2248, 0x2248),
    (0x2260, 0x2260),
    (0x2264, 0x2265),
    (0x2460, 0x2473),
    (0x2500, 0x2503),
    (0x25A0, 0x25A1),
    (0x25B2, 0x25B3),
    (0x25BC, 0x25BD),
    (0x25C6, 0x25C7),
    (0x25CB, 0x25CB),
    (0x25CF, 0x25CF),
    (0x2713, 0x2713),
)
PRINTED: Final = frozenset(chr(code) for first, last in _PRINTED for code in range(first, last + 1))
_UNPRINTED: Final = re.compile("[^\n" + re.escape("".join(sorted(PRINTED))) + "]")


@dataclass(frozen=True)
class Face:
    """A choice of fonts: the families in the order in which a letter is looked for, and the opened font files."""

    families: tuple[str, ...]
    fonts: typst.Fonts


@cache
def sans() -> Face:
    """The fonts of charts and pages: the same on every machine."""
    return Face((SANS, *SYMBOLS, CARRIED), typst.Fonts(include_system_fonts=False, font_paths=[font_source_sans_pro.font_directory]))


@cache
def serif() -> Face:
    """The fonts of the report and of the charts in it."""
    return serif_of(typst.Fonts(include_system_fonts=True, include_embedded_fonts=False))


def serif_of(system: typst.Fonts) -> Face:
    """The fonts of the report on a machine with these fonts."""
    paths = [font_source_sans_pro.font_directory]
    for family in SERIF:
        for folder in _folders(family, system):
            if has_letters(family, typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])):
                return Face((family, CARRIED, *SYMBOLS), typst.Fonts(include_system_fonts=False, font_paths=[folder, *paths]))
    return Face((CARRIED, *SYMBOLS), typst.Fonts(include_system_fonts=False, font_paths=paths))


def has_letters(family: str, fonts: typst.Fonts) -> bool:
    """Whether a family can write Vietnamese in all four styles; an older Liberation Serif, for one, cannot."""
    start = f'#set document(title: "?")\n#set text(font: "{family}", fallback: false)\n#let letters = "{ALPHABET}"\n'
    source = start + "#letters #strong(letters) #emph(letters) #strong(emph(letters))"
    try:
        typst.compile(source.encode(), font_paths=fonts, ignore_system_fonts=True, format="pdf", pdf_standards=["a-2a"], timestamp=0)
    except typst.TypstError:  # a standard for archives refuses a letter without a glyph
        return False
    return True


def printable(words: str) -> str:
    """Words that every font of a `Face` can write: composed, in one line; a letter of another script becomes a square, so that its absence is seen."""
    return shown(clean(words))


def shown(drawn: str) -> str:
    """The same for the text of a picture, whose lines stay; ✕ is the one sign of the screen that bold and italic fonts lack."""
    return _UNPRINTED.sub(_FOREIGN, drawn.replace("✕", "×"))


def _folders(family: str, system: typst.Fonts) -> list[str]:
    """The folders with the regular, bold, italic and bold italic of a family, in the order of their names."""
    found: dict[str, set[tuple[str, int]]] = defaultdict(set)
    for font in system.fonts():
        if font.family == family and font.path is not None:
            found[str(Path(font.path).parent)].add((font.style, font.weight))
    return sorted(folder for folder, styles in found.items() if styles >= _STYLES)
