"""The words and boxes of a slide as DrawingML: one pixel of a 1280 × 720 screen is 9525 units; every run is Vietnamese."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import ceil
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from dashboard.exports.letter_words import clean
from dashboard.figures.marks import text_px
from dashboard.theme import LIGHT

PX: Final = 9525
LANGUAGE: Final = "vi-VN"
NAMESPACES: Final = (
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
)
SCHEME: Final = {LIGHT.ink: "tx1", LIGHT.card: "bg1", LIGHT.ink_soft: "tx2", LIGHT.paper: "bg2", LIGHT.accent: "accent1"}
"""Colours that follow the theme of the file, so that changing the theme changes the slides."""
LINE_HEIGHT: Final = 1.25  # of the fonts with Vietnamese letters at 90 % spacing
_REMEMBERED: Final = 4096  # names and numbers stand on a slide, in its chart and in its notes
BOLD_WIDTH: Final = 1.1


@dataclass(frozen=True)
class Box:
    """A place on the slide, in pixels."""

    x: int
    y: int
    w: int
    h: int

    def xfrm(self, tag: str = "a:xfrm") -> str:
        """The place as DrawingML."""
        return f'<{tag}><a:off x="{self.x * PX}" y="{self.y * PX}"/><a:ext cx="{self.w * PX}" cy="{self.h * PX}"/></{tag}>'


@dataclass(frozen=True)
class Run:
    """Words in one look; `size` in points, `link` the id of a relationship."""

    words: str
    size: float = 12
    color: str = LIGHT.ink
    bold: bool = False
    link: str = ""

    def xml(self) -> str:
        """The run as DrawingML, its words without characters that no file may hold."""
        if not words(self.words):
            return ""  # an empty run would be as high as the standard type
        link = f'<a:hlinkClick r:id="{self.link}"/>' if self.link else ""
        return f"<a:r>{self.properties('a:rPr', link)}<a:t>{words(self.words)}</a:t></a:r>"

    def properties(self, tag: str, more: str = "") -> str:
        """The look of the run."""
        return f'<{tag} lang="{LANGUAGE}" sz="{round(self.size * 100)}" b="{int(self.bold)}" dirty="0">{solid(self.color)}{more}</{tag}>'


@dataclass(frozen=True)
class Para:
    """One paragraph: its runs, its side (l, ctr, r), the points before it, whether a bullet stands before it."""

    runs: tuple[Run, ...]
    align: str = "l"
    before: float = 0
    is_bullet: bool = False

    def xml(self) -> str:
        """The paragraph as DrawingML."""
        indent = ' marL="171450" indent="-171450"' if self.is_bullet else ' marL="0" indent="0"'
        bullet = f'<a:buClr>{color(LIGHT.accent)}</a:buClr><a:buFont typeface="Arial"/><a:buChar char="•"/>' if self.is_bullet else "<a:buNone/>"
        spacing = f'<a:lnSpc><a:spcPct val="90000"/></a:lnSpc><a:spcBef><a:spcPts val="{round(self.before * 100)}"/></a:spcBef>'
        last = self.runs[-1].properties("a:endParaRPr") if self.runs else ""
        return f'<a:p><a:pPr algn="{self.align}"{indent}>{spacing}{bullet}</a:pPr>{"".join(run.xml() for run in self.runs)}{last}</a:p>'


def para(said: str, size: float = 12, color: str = LIGHT.ink, *, bold: bool = False, align: str = "l", before: float = 0, bullet: bool = False) -> Para:
    """A paragraph of one run."""
    return Para((Run(said, size, color, bold),), align, before, bullet)


@lru_cache(maxsize=_REMEMBERED)
def words(said: str) -> str:
    """Words as XML text; a space at either end stays, because it parts two runs."""
    kept = clean(said)
    return escape(f"{' ' * said.startswith(' ')}{kept}{' ' * said.endswith(' ')}" if kept else "")


def attribute(said: str) -> str:
    """Words as a quoted XML attribute."""
    return quoteattr(clean(said))


def color(value: str) -> str:
    """A colour, as a colour of the theme where it is one."""
    scheme = SCHEME.get(value)
    return f'<a:schemeClr val="{scheme}"/>' if scheme else f'<a:srgbClr val="{value.lstrip("#").upper()}"/>'


def solid(value: str) -> str:
    """A plain fill; none for an empty colour."""
    return f"<a:solidFill>{color(value)}</a:solidFill>" if value else "<a:noFill/>"


def body(paragraphs: Sequence[Para], *, anchor: str = "t", inset: int = 0, tag: str = "p:txBody") -> str:
    """Paragraphs in a frame with an inset in pixels."""
    inner = "".join(one.xml() for one in paragraphs) or "<a:p/>"
    sides = " ".join(f'{side}="{inset * PX}"' for side in ("lIns", "tIns", "rIns", "bIns"))
    return f'<{tag}><a:bodyPr wrap="square" {sides} anchor="{anchor}" rtlCol="0"><a:noAutofit/></a:bodyPr><a:lstStyle/>{inner}</{tag}>'


def shape(
    number: int,
    name: str,
    box: Box,
    text: Sequence[Para] | str = (),
    *,
    place: str = "",
    fill: str = "",
    anchor: str = "t",
    inset: int = 0,
    form: str = "rect",
    link: str = "",
) -> str:
    """A shape with words; `place` is its placeholder (`type="title"`), `text` may be a ready text body, `link` is the id of a relationship."""
    kind = f"<p:nvPr><p:ph {place}/></p:nvPr>" if place else "<p:nvPr/>"
    locks = '<p:cNvSpPr><a:spLocks noGrp="1"/></p:cNvSpPr>' if place else "<p:cNvSpPr/>"
    look = f'{box.xfrm()}<a:prstGeom prst="{form}"><a:avLst/></a:prstGeom>{solid(fill)}<a:ln><a:noFill/></a:ln>'
    named = f'<p:cNvPr id="{number}" name={attribute(name)}' + (f'><a:hlinkClick r:id="{link}"/></p:cNvPr>' if link else "/>")
    inside = text if isinstance(text, str) else body(text, anchor=anchor, inset=inset)
    return f"<p:sp {NAMESPACES}><p:nvSpPr>{named}{locks}{kind}</p:nvSpPr><p:spPr>{look}</p:spPr>{inside}</p:sp>"


@lru_cache(maxsize=_REMEMBERED)
def lines_needed(said: str, size: float, width: float, *, bold: bool = False) -> int:
    """How many lines words of a size in points need in a width in pixels."""
    px, used, count = size * 4 / 3, 0.0, 1
    gap = text_px(" ", 100) / 100 * px
    for part in clean(said).split():
        length = text_px(part, 100) / 100 * px * (BOLD_WIDTH if bold else 1)
        if used and used + gap + length > width:
            count, used = count + 1, 0.0
        count += max(0, ceil(length / width) - 1)
        used += length + (gap if used else 0.0)
    return count


def height_of(said: str, size: float, width: float, *, bold: bool = False) -> float:
    """The height of wrapped words in pixels."""
    return lines_needed(said, size, width, bold=bold) * size * 4 / 3 * LINE_HEIGHT


def fitting(texts: Sequence[str], sizes: Sequence[float], width: float, height: float, *, gap: float = 0, bold: bool = False) -> float:
    """The first size at which all texts fit under one another, `gap` points apart; the last size where none does."""
    for size in sizes:
        if sum(height_of(said, size, width, bold=bold) + gap * 4 / 3 for said in texts) <= height:
            return size
    return sizes[-1]


def cut(said: str, size: float, width: float, most: int, *, bold: bool = False) -> str:
    """Words that fit into at most `most` lines; what does not fit ends with “…” at a word."""
    if lines_needed(said, size, width, bold=bold) <= most:
        return said
    parts = said.split()
    low, high = 0, len(parts)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if lines_needed(" ".join(parts[:middle]) + "…", size, width, bold=bold) <= most else (low, middle - 1)
    if low:
        return " ".join(parts[:low]).rstrip(" ,;:-–(·") + "…"
    return said[: max(1, int(width * most / (size * 4 / 3 * 0.7)))] + "…"
