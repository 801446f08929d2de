"""A page, a card or a whole briefing as one PDF for archives (PDF/A-2a, which holds all of PDF/A-2b) that a screen reader can read (PDF/UA-1).

Set by typst from templates beside this file; the content is passed as data, so that no name can become mark-up. Nothing is written to disk.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, time
from pathlib import Path
from typing import Final

import typst

from dashboard import text
from dashboard.content.chart_spec import CardSpec
from dashboard.content.plan import Annex, Block, ChartBlock, Heading, Paragraph, Plan, TitledTable
from dashboard.content.stamp import DEMO, VIETNAM, Stamp
from dashboard.exports.pdf_fonts import STANDARDS, Face, printable, sans, serif
from dashboard.exports.pdf_parts import Json, Paper, Pictures, card, chart, metrics, stamp_words, table
from dashboard.tables import PAGE_ROWS, Column, Table

CARD_ROWS: Final = 2_000
_POINTS_PER_MM: Final = 72 / 25.4
_LANDSCAPE_MM: Final = 267.0
_ANNEX_MM: Final = 257.0
_PORTRAIT_MM: Final = 165.0
_FOLDER: Final = Path(__file__).parent
_SHARED: Final = "pdf_shared.typ"
_NO_COLUMN: Final = Column("none", "Bảng không có cột nào")


def page_pdf(name: str, specs: Sequence[CardSpec], stamp: Stamp) -> bytes:
    """Every card of a page on A4 landscape: message, figures, chart, lines, the first hundred rows of its table; at the end definitions and stamp."""
    return _cards(name, specs, stamp, PAGE_ROWS)


def card_pdf(spec: CardSpec, stamp: Stamp) -> bytes:
    """One card on A4 landscape, its table with up to two thousand rows."""
    return _cards(spec.name, [spec], stamp, CARD_ROWS)


def plan_pdf(plan: Plan) -> bytes:
    """The report of a briefing with its annexes in the layout of NĐ 30/2020/NĐ-CP, a draft without number, date, signature or name."""
    face, pictures = serif(), Pictures()
    body = Paper(_PORTRAIT_MM * _POINTS_PER_MM, 640, 560, _css(face))
    wide = Paper(_ANNEX_MM * _POINTS_PER_MM, 960, 440, _css(face))
    head = plan.letterhead
    content: Json = {
        "title": printable(f"{plan.kind_words} {plan.about}"),
        "kind_words": printable(plan.kind_words),
        "about": printable(plan.about),
        "superior": printable(head.superior).upper(),
        "issuer": printable(head.issuer).upper(),
        "place": printable(f"{head.place}, ngày" if head.place else "Ngày"),
        "report": _levelled([_block(one, body, wide, pictures) for one in plan.report]),
        "annexes": [_annex(one, wide) for one in plan.annexes],
        "recipients": [printable(name) for name in plan.recipients],
        "definitions": [[printable(words) for words in pair] for pair in plan.definitions],
    }
    return _compiled("pdf_plan.typ", content, plan.stamp, face, pictures)


def _cards(name: str, specs: Sequence[CardSpec], stamp: Stamp, most_rows: int) -> bytes:
    face, pictures = sans(), Pictures()
    paper = Paper(_LANDSCAPE_MM * _POINTS_PER_MM, 960, 440, _css(face))
    cards = [card(spec, paper, pictures, most_rows) for spec in specs]
    for one in cards:
        _say_left_out(one["table"], 0)
    content: Json = {
        "title": printable(name),
        "under_title": [printable(stamp.filters), f"Các ngày được tính: {printable(stamp.dates)}."],
        "cards": cards,
        "definitions": [[printable(words) for words in pair] for pair in metrics(specs)],
    }
    return _compiled("pdf_page.typ", content, stamp, face, pictures)


def _block(block: Block, body: Paper, wide: Paper, pictures: Pictures) -> Json:
    if isinstance(block, Heading):
        return {"kind": "heading", "words": printable(block.words), "level": block.level}
    if isinstance(block, Paragraph):
        return {"kind": "paragraph", "words": printable(block.words), "is_to_fill": block.is_to_fill}
    if isinstance(block, ChartBlock):
        return {"kind": "chart", "caption": printable(block.caption), **chart(block.chart, body, pictures)}
    return {"kind": "table", "is_wide": block.table.is_wide, **_titled(block.caption, block.table, wide if block.table.is_wide else body)}


def _titled(caption: str, given: TitledTable, paper: Paper) -> Json:
    shown = table(given.table, paper) or table(Table((_NO_COLUMN,), ()), paper)
    _say_left_out(shown, given.left_out)
    return {"caption": printable(caption), "table": shown, "note": printable(given.note)}


def _annex(annex: Annex, paper: Paper) -> Json:
    return {"heading": printable(annex.heading), **_titled(annex.table.title, annex.table, paper)}


def _say_left_out(shown: Json | None, besides: int) -> None:
    """How many rows are not shown, in words; those that the plan already left out count too."""
    if shown is not None:
        left_out = shown["left_out"] + besides
        shown["left_out"] = f"Còn {text.whole(left_out)} dòng không in ở đây; tệp Excel có đủ." if left_out else ""


def _levelled(blocks: list[Json]) -> list[Json]:
    """No heading more than one level under the one before it, the first at level 1: PDF/UA refuses a gap."""
    level = 0
    for block in blocks:
        if block["kind"] == "heading":
            block["level"] = level = max(1, min(block["level"], level + 1))
    return blocks


def _css(face: Face) -> str:
    return ", ".join(f"'{family}'" for family in face.families)


def _compiled(template: str, content: Json, stamp: Stamp, face: Face, pictures: Pictures) -> bytes:
    """The document: its date is the day of the data, never that of the clock."""
    said = {"fonts": face.families, "stamp": stamp_words(stamp), "description": DEMO if stamp.is_demo else ""}
    files = {
        "main.typ": (_FOLDER / template).read_bytes(),
        _SHARED: (_FOLDER / _SHARED).read_bytes(),
        "data.json": json.dumps(content | said, ensure_ascii=False).encode(),
        **pictures.files,
    }
    compiler = typst.Compiler(files, font_paths=face.fonts, ignore_system_fonts=True)  # type: ignore[type-var] # documented, but not in its types
    made_on = datetime.combine(stamp.as_of, time(), tzinfo=VIETNAM)
    result = compiler.compile(format="pdf", pdf_standards=list(STANDARDS), timestamp=made_on)
    assert isinstance(result, bytes)
    return result
