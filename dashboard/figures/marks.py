"""What every chart needs: clean values, safe and wrapped text, text width, round ticks, the row axis, the empty chart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10
from typing import Final

from config.language import say
from dashboard import text
from dashboard.theme import LIGHT, TYPE_PX, Figure, Json

NOTHING: Final = "Không có số liệu trong phạm vi đã chọn"
ROW_PX: Final = 26
LINE_PX: Final = 15
NAME_CHARS: Final = 36
NARROW_CHARS: Final = 44
KEY_WIDE_PX: Final = 540
KEY_NARROW_PX: Final = 300
KEY_LINE_PX: Final = 19
NARROW_ROW_PX: Final = 46
NARROW_BAR_PX: Final = 16

_THIN: Final = frozenset("iljtfrI1.,:;·|'() ")
_THICK: Final = frozenset("mwMWĐ%—…")


@dataclass(frozen=True)
class Part:
    """One part of a whole, the same length as the names: what it is called, its values (None for missing), its colour."""

    name: str
    values: Sequence[float | None]
    color: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", say(self.name))


def clean(values: Sequence[float | None]) -> list[float | None]:
    """The values with every kind of missing as None."""
    return [None if text.is_missing(value) else value for value in values]


def known(values: Sequence[float | None]) -> list[float]:
    """The values that are there."""
    return [value for value in clean(values) if value is not None]


def safe(words: str) -> str:
    """Plain words for a chart: mark-up is shown, not obeyed; a new line becomes a break."""
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\n", "<br>")


def with_unit(value: object, unit: str) -> str:
    """A number with its unit: `1.234 hồ sơ`, `95,2%`; missing is `–` without a unit."""
    printed = text.number(value)
    if printed == text.MISSING or not unit:
        return printed
    return printed + ("%" if unit == "%" else f" {say(unit)}")


def lines_of(words: str, width: int, most: int) -> list[str]:
    """Words broken into at most `most` lines of about `width` characters; what does not fit ends with `…`."""
    lines: list[str] = [""]
    for word in words.split():
        joined = f"{lines[-1]} {word}".strip()
        if len(joined) <= width or not lines[-1]:
            lines[-1] = joined
        else:
            lines.append(word)
    if len(lines) > most:
        lines = [*lines[: most - 1], text.shorten(" ".join(lines[most - 1 :]), width)]
    return [text.shorten(part, max(width, 4)) if len(part) > width + 6 else part for part in lines]


def wrapped(words: str, width: int, most: int = 2) -> str:
    """Words ready for a chart, broken as `lines_of`."""
    return safe("\n".join(lines_of(words, width, most)))


def text_px(words: str, size: int = 13) -> int:
    """About how wide the longest line of a text is, in pixels; on the generous side, because the reader's font is unknown."""
    widths = (sum(0.33 if mark in _THIN else 0.88 if mark in _THICK else 0.68 if mark.isupper() else 0.58 for mark in part) for part in words.split("\n"))
    return ceil(max(widths, default=0) * size)


def ticks(low: float, high: float, count: int = 4, least: float = 0) -> list[float]:
    """Round numbers from at or below `low` to at or above `high`, about `count` steps of 1, 2, 2.5 or 5 times a power of ten, none under `least`."""
    if high - low < 1e-6:
        high = low + 1
    span = high - low
    power = 10 ** floor(log10(span / count))
    step = max(least, next(size * power for size in (1, 2, 2.5, 5, 10) if size * power >= span / count * 0.999))
    first, last = floor(low / step + 1e-9), ceil(high / step - 1e-9)
    return [round(index * step, 10) for index in range(first, max(last, first + 1) + 1)]


def empty(message: str = NOTHING, height: int = 160) -> Figure:
    """A chart without marks that says in words that there is nothing to draw."""
    hidden = {"visible": False}
    note = {
        "text": safe(say(message)),
        "xref": "paper",
        "yref": "paper",
        "x": 0.5,
        "y": 0.5,
        "showarrow": False,
        "font": {"color": LIGHT.ink_soft, "size": TYPE_PX["body"]},
    }
    return {"data": [], "layout": {"height": height, "xaxis": hidden, "yaxis": hidden, "annotations": [note]}}


@dataclass(frozen=True)
class Rows:
    """A category axis of names down the left side, first on top: its layout, its margin, the height, and the changes for a narrow screen."""

    axis: Json
    margin_left: int
    height: int
    narrow: Json


def rows(names: Sequence[str], *, top: int = 8, bottom: int = 8, standoff: int = 6, lines: int = 3) -> Rows:
    """The row axis: beside the marks in up to `lines` lines, on a narrow screen above the marks in up to two.

    `top` and `bottom` are the margins in pixels, `standoff` the room between names and plot. Rows stand at 0, 1, 2 … so that equal names stay apart.
    """
    names = [say(name) for name in names]
    beside = ["\n".join(lines_of(name, NAME_CHARS, lines)) for name in names]
    above = ["\n".join(lines_of(name, NARROW_CHARS, 2)) for name in names]
    row = ROW_PX + LINE_PX * (_most_lines(beside) - 1) - 2 * (_most_lines(beside) > 1)
    tall = _most_lines(above)
    narrow_row = NARROW_ROW_PX + LINE_PX * (tall - 1)
    padded = ["\n" * (tall - 1 - words.count("\n")) + words for words in above]
    axis = {
        "range": [len(names) - 0.5, -0.5],
        "tickvals": list(range(len(names))),
        "ticktext": [safe(words) for words in beside],
        "ticklabelstandoff": standoff,
        "showgrid": False,
        "tickfont": {"size": 13},
    }
    narrow = {
        "yaxis.ticktext": [safe(words) for words in padded],
        "yaxis.ticklabelposition": "inside",
        "yaxis.ticklabeloverflow": "allow",
        "yaxis.ticklabelstandoff": 0,
        "yaxis.ticklabelshift": NARROW_BAR_PX + LINE_PX * (tall - 1) // 2,
        "yaxis.tickfont.size": 12,
        "margin.l": 4,
        "bargap": round(1 - NARROW_BAR_PX / narrow_row, 3),
        "height": narrow_row * len(names) + top + bottom,
    }
    width = max((text_px(words) for words in beside), default=0) + standoff + 4
    return Rows(axis, width, row * len(names) + top + bottom, narrow)


@dataclass(frozen=True)
class Key:
    """What the colours mean, as one line of text or more above the plot (a legend of plotly.js is as wide as the plot, not as the card)."""

    entries: Sequence[tuple[str, str, str]]
    """Glyph, colour, label."""

    def lines(self, width: int) -> list[str]:
        """The entries set in lines of about `width` pixels, as mark-up of plotly.js."""
        lines: list[list[str]] = [[]]
        used = 0
        for glyph, color, label in self.entries:
            needed = text_px(f"{glyph} {label}", 12) + 22
            if lines[-1] and used + needed > width:
                lines.append([])
                used = 0
            lines[-1].append(f'<span style="color:{color}">{glyph}</span>\u00a0{safe(label)}')
            used += needed
        return ["\u2003".join(line) for line in lines]

    def px(self, width: int) -> int:
        """The height it needs."""
        return len(self.lines(width)) * KEY_LINE_PX + 9

    def note(self, width: int, left: int, above: int = 0) -> Json:
        """The annotation, `left` pixels left of the plot and `above` pixels over it."""
        place = {"xref": "paper", "x": 0, "xanchor": "left", "xshift": -left, "yref": "paper", "y": 1, "yanchor": "bottom", "yshift": above + 4}
        return {**place, "text": "<br>".join(self.lines(width)), "align": "left", "showarrow": False, "font": {"size": 12, "color": LIGHT.ink_soft}}


def bare_values(low: float, high: float) -> Json:
    """A value axis without ticks and grid, for marks that carry their own numbers: only the zero line is drawn."""
    return {
        "range": [min(low, 0), max(high, 0) or 1],
        "showgrid": False,
        "showticklabels": False,
        "zeroline": True,
        "zerolinecolor": LIGHT.ink_soft,
        "zerolinewidth": 1,
    }


def _most_lines(texts: Sequence[str]) -> int:
    return max((words.count("\n") + 1 for words in texts), default=1)
