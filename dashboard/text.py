"""Numbers, dates, changes and names as a Vietnamese official writes them: `1.234.567,8`, `95,2%`, `05/01/2027`; for a reader of English `1,234,567.8`.

Every formatter takes a missing value (None, nan, NaT, pd.NA, infinity) and answers `MISSING`, never 0.
Numbers are rounded half up, as in school and in reports, and the minus sign is U+2212 so that columns of figures line up.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from math import isfinite
from numbers import Real
from typing import Final

import pandas as pd
from babel.numbers import format_decimal

from config.language import language, say
from queries.period import day_label

MISSING: Final = "–"
MINUS: Final = "−"
NO_CHANGE: Final = "không đổi"
SAME: Final = "bằng"
_LEAST: Final = Decimal("0.1")

_ABBREVIATIONS: Final = (
    ("Ủy ban nhân dân", "UBND"),
    ("Uỷ ban nhân dân", "UBND"),
    ("Hội đồng nhân dân", "HĐND"),
    ("Trung tâm Phục vụ hành chính công", "TT PVHCC"),
    ("thủ tục hành chính", "TTHC"),
    ("Giấy chứng nhận", "GCN"),
    ("giấy chứng nhận", "GCN"),
)
_LETTERS: Final = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_LETTER_RANK: Final = {letter: rank for rank, letter in enumerate(_LETTERS, start=1)}
_TONES: Final = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}  # huyền, hỏi, ngã, sắc, nặng
_DIGITS: Final = re.compile(r"\d+")
_FIRST_LETTER: Final = 100  # ranks below it: spaces, punctuation, digits

SortKey = tuple[tuple[tuple[int, int], ...], tuple[int, ...], str]


def is_missing(value: object) -> bool:
    """Whether a scalar is None, nan, NaT, pd.NA or infinite."""
    if value is None or value is pd.NA or value is pd.NaT:
        return True
    if isinstance(value, str | int):  # nearly every cell; the abstract kinds below take ten times as long to ask for
        return False
    return isinstance(value, Real | Decimal) and not isfinite(value)


def number(value: object, digits: int = 1) -> str:
    """A number with at most `digits` decimals: 1234567.8 → `1.234.567,8`, 12.0 → `12`."""
    if is_missing(value):
        return MISSING
    return _formatted(_rounded(_decimal(value), digits), "#,##0." + "#" * digits if digits else "#,##0", language())


def whole(value: object) -> str:
    """A count: 1234 → `1.234`."""
    return number(value, 0)


def signed(value: object, digits: int = 0) -> str:
    """A difference with its sign: 1234 → `+1.234`, -12 → `−12`, 0 → `0`."""
    if is_missing(value):
        return MISSING
    printed = number(value, digits)
    return "+" + printed if _rounded(_decimal(value), digits) > 0 else printed


def percent(numerator: object, denominator: object, digits: int = 1) -> str:
    """A ratio of sums in percent: (952, 1000) → `95,2%`; `–` when the denominator is 0 or either is missing.

    Never rounds up to a full hundred nor down to nothing: 9999 of 10000 is `>99,9%`, 1 of 10000 is `<0,1%`.
    """
    if is_missing(numerator) or is_missing(denominator) or _decimal(denominator) == 0:
        return MISSING
    share = _decimal(numerator) / _decimal(denominator) * 100
    shown, step = _rounded(share, digits), Decimal(1).scaleb(-digits)
    if shown == 100 and share < 100:
        return f">{_formatted(100 - step, _fixed(digits), language())}%"
    if shown == 100 and share > 100:
        return ">100%"
    if shown == 0 and share > 0:
        return f"<{_formatted(step, _fixed(digits), language())}%"
    return _formatted(shown, "#,##0" if shown in (0, 100) else _fixed(digits), language()) + "%"


def change(current: object, base: object, noun: str = "hồ sơ") -> str:
    """How a count moved: `tăng 123 hồ sơ (+4,5%)`, `giảm 12 hồ sơ (−3,2%)`, `không đổi`; from 0 no percentage: `tăng 5 hồ sơ (từ 0)`."""
    if is_missing(current) or is_missing(base):
        return MISSING
    now, before = _decimal(current), _decimal(base)
    if now == before:
        return say(NO_CHANGE)
    amount = " ".join(filter(None, (number(abs(now - before)), say(noun))))
    return say("tăng {} ({})" if now > before else "giảm {} ({})", amount, relative_change(current, base) if before else "từ 0")


def relative_change(current: object, base: object) -> str:
    """The relative change alone: `+4,5%`, `−3,2%`, `0%`; `–` when the base is 0 or either is missing.

    As `percent`, it never rounds to nothing (`dưới 0,1%`) nor to the loss of everything (`−99,99…%` is `hơn −99,9%`).
    """
    if is_missing(current) or is_missing(base) or _decimal(base) == 0:
        return MISSING
    share = (_decimal(current) - _decimal(base)) / abs(_decimal(base)) * 100
    shown = _rounded(share, 1)
    if shown == 0 and share != 0:
        return say("dưới {}", number(_LEAST)) + "%"
    if shown == -100 and share > -100:
        return say("hơn {}%", number(_LEAST - 100))
    sign = "+" if shown > 0 else ""
    return sign + _formatted(shown, "#,##0" if shown in (0, 100, -100) else _fixed(1), language()) + "%"


def points(numerator: object, denominator: object, base_numerator: object, base_denominator: object) -> str:
    """How a ratio moved, in percentage points of the unrounded ratios: `tăng 1,2 điểm %`, `giảm 0,4 điểm %`, `không đổi`."""
    moved = _points(numerator, denominator, base_numerator, base_denominator)
    if moved is None:
        return MISSING
    return say("tăng {} điểm %" if moved > 0 else "giảm {} điểm %", _step(moved)) if moved else say(NO_CHANGE)


def apart(numerator: object, denominator: object, other_numerator: object, other_denominator: object) -> str:
    """How far a ratio is from another one, as `points`: `cao hơn 1,2 điểm %`, `thấp hơn 0,4 điểm %`, `bằng`; missing is `–`."""
    moved = _points(numerator, denominator, other_numerator, other_denominator)
    if moved is None:
        return MISSING
    return say("cao hơn {} điểm %" if moved > 0 else "thấp hơn {} điểm %", _step(moved)) if moved else say(SAME)


def gap(numerator: object, denominator: object, other_numerator: object, other_denominator: object) -> str:
    """How much lies between two ratios, without a direction: `1,2 điểm %`; missing is `–`."""
    moved = _points(numerator, denominator, other_numerator, other_denominator)
    return MISSING if moved is None else say("{} điểm %", _step(moved))


def _points(numerator: object, denominator: object, base_numerator: object, base_denominator: object) -> Decimal | None:
    values = (numerator, denominator, base_numerator, base_denominator)
    if any(map(is_missing, values)) or 0 in (_decimal(denominator), _decimal(base_denominator)):
        return None
    return (_decimal(numerator) / _decimal(denominator) - _decimal(base_numerator) / _decimal(base_denominator)) * 100


def _step(moved: Decimal) -> str:
    shown = _rounded(abs(moved), 1)
    return _formatted(shown, "#,##0.0", language()) if shown else say("dưới {}", number(_LEAST))


def date_label(value: date | None) -> str:
    """A day: `05/01/2027`."""
    return MISSING if value is None or is_missing(value) else day_label(value)


def datetime_label(value: datetime | None) -> str:
    """A moment to the minute, Viet Nam time: `05/01/2027 09:08`."""
    return MISSING if value is None or is_missing(value) else f"{date_label(value)} {value.hour:02d}:{value.minute:02d}"


@lru_cache(maxsize=8_192, typed=True)
def fold(text: object) -> str:
    """Text for search without diacritics or case: `Mường Tè` and `muong  te` are both `muong te`, đ is d; missing is empty."""
    if is_missing(text):
        return ""
    bare = "".join(mark for mark in unicodedata.normalize("NFD", str(text).casefold()) if not unicodedata.combining(mark))
    return " ".join(bare.replace("đ", "d").split())


@lru_cache(maxsize=8_192, typed=True)
def sort_key(text: object) -> SortKey:
    """Key of Vietnamese alphabetical order: letters a ă â b c d đ e ê …, then tones, then capitals; numbers by value; missing last."""
    if is_missing(text):
        return (((10_000, 0),), (), "")
    letters: list[tuple[int, int]] = []
    tones: list[int] = []
    for piece in re.split(r"(\d+)", unicodedata.normalize("NFC", str(text)).casefold()):
        if _DIGITS.fullmatch(piece):
            letters.append((_FIRST_LETTER - 1, int(piece)))
            tones.append(0)
            continue
        for mark in piece:
            letter, tone = _letter_and_tone(mark)
            letters.append((_FIRST_LETTER + _LETTER_RANK[letter], 0) if letter in _LETTER_RANK else (0 if letter.isspace() else 1, ord(letter)))
            tones.append(tone)
    return tuple(letters), tuple(tones), str(text).swapcase()


def join_names(names: Sequence[str], limit: int = 3, noun: str = "đơn vị") -> str:
    """Names as one phrase: `A, B và C`; beyond `limit`, `A, B và 3 đơn vị khác` (a single name left over is named); none is `–`."""
    if not names:
        return MISSING
    shown = list(names) if len(names) <= limit + 1 else list(names[:limit])
    rest = len(names) - len(shown)
    last = say("{} {} khác", whole(rest), noun) if rest else say(shown.pop())
    return say("{} và {}", ", ".join(map(say, shown)), last) if shown else last


def shorten(name: object, width: int = 32) -> str:
    """A name for a chart label: known abbreviations first (UBND, TTHC …), then cut at a word with `…`; at most `width` characters."""
    if is_missing(name):
        return MISSING
    text = " ".join(say(str(name)).split())
    if len(text) <= width:
        return text
    for long, short in _ABBREVIATIONS:
        text = text.replace(long, short)
    if len(text) <= width:
        return text
    cut = text[: width - 1]
    at_word = cut.rsplit(" ", 1)[0] if " " in cut and not text[width - 1].isspace() else cut
    return at_word.rstrip(" ,;:-–(") + "…"


def _decimal(value: object) -> Decimal:
    return Decimal(value) if isinstance(value, int | Decimal) else Decimal(str(value))


def _rounded(value: Decimal, digits: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)


def _fixed(digits: int) -> str:
    return "#,##0." + "0" * digits if digits else "#,##0"


@lru_cache(maxsize=16_384)
def _formatted(value: Decimal, pattern: str, language: str) -> str:
    """The number by Babel, which takes 30 µs; a page prints thousands, most of them often."""
    printed: str = format_decimal(value + 0, format=pattern, locale=language, decimal_quantization=False)
    return printed.replace("-", MINUS)


@lru_cache(maxsize=1_024)
def _letter_and_tone(mark: str) -> tuple[str, int]:
    """A character without its tone (`ẳ` → `ă`) and the rank of the tone."""
    parts = unicodedata.normalize("NFD", mark)
    tone = next((_TONES[part] for part in parts if part in _TONES), 0)
    letter = unicodedata.normalize("NFC", "".join(part for part in parts if part not in _TONES))
    return letter, tone
