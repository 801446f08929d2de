"""A small sheet to draw on that becomes SVG text: rectangles, lines, dots, words; nothing of charts, nothing of files."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Final

from dashboard.exports.letter_words import clean
from dashboard.figures.marks import text_px
from dashboard.theme import FONT, LIGHT

SMALL: Final = 12
_BASELINE: Final = 0.35  # of a line of text: how far its foot is under its middle
_HATCH_PX: Final = 6

Point = tuple[float, float]


class Canvas:
    """A sheet in pixels, the origin at the top left. `font` is a list of families as CSS writes it."""

    def __init__(self, width: float, height: float, font: str = FONT) -> None:
        self.width, self.height, self.font = width, height, font
        self._shapes: list[str] = []

    def rect(self, left: float, top: float, width: float, height: float, fill: str, *, is_hatched: bool = False) -> None:
        """A filled rectangle; a hatched one is pale with slanting lines and an edge. One without area is left out."""
        if width <= 0 or height <= 0:
            return
        box = f'<rect x="{_px(left)}" y="{_px(top)}" width="{_px(width)}" height="{_px(height)}"'
        if not is_hatched:
            self._shapes.append(f'{box} fill="{fill}"/>')
            return
        self._shapes.append(f'{box} fill="{LIGHT.card}" stroke="{fill}" stroke-width="0.75"/>')
        for ends in _slanting(left, top, width, height):
            self.line(ends, fill, 1.5)

    def line(self, points: Sequence[Point], color: str, width: float = 1, *, dash: str = "") -> None:
        """A line through the points; `dash` as in SVG (“4 4”)."""
        if len(points) < 2:
            return
        path = " ".join(f"{_px(x)},{_px(y)}" for x, y in points)
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        self._shapes.append(f'<polyline points="{path}" fill="none" stroke="{color}" stroke-width="{width}" stroke-linejoin="round"{dashed}/>')

    def dot(self, at: Point, color: str, *, is_hollow: bool = False) -> None:
        """A round mark; a hollow one is unfinished."""
        fill = LIGHT.card if is_hollow else color
        self._shapes.append(f'<circle cx="{_px(at[0])}" cy="{_px(at[1])}" r="3.5" fill="{fill}" stroke="{color}" stroke-width="2"/>')

    def diamond(self, at: Point, color: str) -> None:
        """A mark that stands for a point on a cut axis."""
        x, y = at
        corners = " ".join(f"{_px(a)},{_px(b)}" for a, b in ((x, y - 6), (x + 6, y), (x, y + 6), (x - 6, y)))
        self._shapes.append(f'<polygon points="{corners}" fill="{color}"/>')

    def words(self, at: Point, words: str, *, size: float = SMALL, color: str = LIGHT.ink, anchor: str = "start", bold: bool = False) -> None:
        """One line of text; `at` is the middle of its height and its start, middle or end, as `anchor` says. Mark-up is shown, not obeyed."""
        said = escape(clean(words))
        if not said:
            return
        weight = ' font-weight="700"' if bold else ""
        place = f'x="{_px(at[0])}" y="{_px(at[1] + size * _BASELINE)}"'
        self._shapes.append(f'<text {place} font-size="{_px(size)}" fill="{color}" text-anchor="{anchor}"{weight}>{said}</text>')

    def svg(self, alt_text: str = "") -> str:
        """The sheet as SVG text, without a clock and without random names: the same drawing, the same text. `alt_text` is for who cannot see it."""
        size = f'width="{_px(self.width)}" height="{_px(self.height)}" viewBox="0 0 {_px(self.width)} {_px(self.height)}"'
        head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="{escape(self.font)}" xml:lang="vi" role="img">'
        title = [f"<title>{escape(clean(alt_text))}</title>"] if alt_text else []
        return "\n".join([head, *title, *self._shapes, "</svg>"])


def key(canvas: Canvas, top: float, entries: Sequence[tuple[str, str]], width: float) -> float:
    """What the colours mean (colour, name) in lines of at most `width` pixels; how high they are, 0 for none. Draws nothing on a sheet without height."""
    left, line = 0.0, 0
    for color, name in entries:
        needed = text_px(name, SMALL) + 34
        if left and left + needed > width:
            left, line = 0.0, line + 1
        if canvas.height:
            middle = top + 10 + 19 * line
            canvas.rect(left, middle - 5, 10, 10, color)
            canvas.words((left + 15, middle), name, color=LIGHT.ink_soft)
        left += needed
    return 19.0 * (line + 1) + 8 if entries else 0.0


def key_height(entries: Sequence[tuple[str, str]], width: float) -> float:
    """How high `key` will be."""
    return key(Canvas(width, 0), 0, entries, width)


def _slanting(left: float, top: float, width: float, height: float) -> list[tuple[Point, Point]]:
    """Lines rising to the right, cut at the edges."""
    found = []
    for number in range(1, int((width + height) / _HATCH_PX) + 1):
        sum_at = number * _HATCH_PX
        low = (left + max(sum_at - height, 0), top + min(sum_at, height))
        high = (left + min(sum_at, width), top + max(sum_at - width, 0))
        if high[0] - low[0] > 0.5:
            found.append((low, high))
    return found


def _px(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
