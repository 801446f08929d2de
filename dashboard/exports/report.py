"""The report of a briefing as a Word document in the layout of NĐ 30/2020/NĐ-CP, Phụ lục I: a draft without number, date, signature or name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH

from dashboard.content.plan import Annex, Block, ChartBlock, Heading, Paragraph, Plan, TableBlock
from dashboard.content.stamp import DEMO
from dashboard.exports.letter_words import clean
from dashboard.exports.official_layout import BLANK, BODY, line, rule, saved, set_pages, set_properties, set_styles, write_foot, write_head
from dashboard.exports.report_paper import Paper, add_link, set_report_styles
from dashboard.exports.word_tables import GRID_PORTRAIT

if TYPE_CHECKING:
    from docx.document import Document

SOURCES: Final = "NGUỒN SỐ LIỆU VÀ CÁCH TÍNH"
_ELSEWHERE: Final = ": xem phụ lục hoặc tệp bảng tính kèm theo"
_FULL_LINE: Final = 165.0  # in mm
_TITLE_RULE: Final = 50.0


def report(plan: Plan) -> bytes:
    """The report of a plan: head, body, signature block, annexes on pages of their own, sources and ways of counting on the last."""
    document = docx.Document()
    set_styles(document)
    set_report_styles(document)
    subject = clean(plan.about)
    set_properties(document, title=f"{clean(plan.kind_words).capitalize()} (dự thảo): {subject}", subject=subject, comments=_demo(plan), as_of=plan.stamp.as_of)
    set_pages(document.sections[0], tuple(filter(None, (_demo(plan), clean(plan.stamp.short)))))
    write_head(document, plan.letterhead, number=f"Số:{BLANK * 10}/BC-", year=f" {plan.stamp.as_of.year}")
    _write_title(document, plan)
    paper = Paper(document, plan.stamp.as_of)
    for block in plan.report:
        _write_block(paper, block)
    paper.turn(is_wide=False)
    write_foot(document, tuple(clean(words).rstrip(".;") for words in plan.recipients))
    for annex in plan.annexes:
        _write_annex(paper, annex, plan)
    _write_sources(paper, plan)
    return saved(document)


def _demo(plan: Plan) -> str:
    return DEMO if plan.stamp.is_demo else ""


def _write_title(document: Document, plan: Plan) -> None:
    """The kind of the document in capitals, below it what it is about, and a rule."""
    line(document.add_paragraph(), clean(plan.kind_words).upper(), 14, bold=True, before=18)
    line(document.add_paragraph(), clean(plan.about), 14, bold=True)
    rule(document.add_paragraph(), _TITLE_RULE, _FULL_LINE)
    document.paragraphs[-1].paragraph_format.space_after = 76_200  # six points before the text begins


def _write_block(paper: Paper, block: Block) -> None:
    if isinstance(block, Heading):
        paper.turn(is_wide=False)
        paper.heading(clean(block.words), min(max(block.level, 1), 3))
    elif isinstance(block, Paragraph):
        paper.turn(is_wide=False)
        paper.paragraph(block.words, is_to_fill=block.is_to_fill)
    elif isinstance(block, ChartBlock):
        chart = block.chart.chart
        paper.turn(is_wide=chart.is_table and not chart.places and len(chart.series) > GRID_PORTRAIT)
        paper.chart(block.caption, block.chart)
    else:
        _write_table(paper, block)


def _write_table(paper: Paper, block: TableBlock) -> None:
    paper.turn(is_wide=block.table.is_wide)
    paper.caption(clean(block.caption), is_before=True)
    title = clean(block.table.title)
    if title and title not in clean(block.caption):
        paper.small(title)
    paper.table(block.table, elsewhere=_ELSEWHERE)


def _write_annex(paper: Paper, annex: Annex, plan: Plan) -> None:
    """An annex on paper of its own: its number, its title, to which document it belongs, its table."""
    paper.new_page(is_wide=annex.table.is_wide)
    paper.title(clean(annex.heading).upper())
    line(paper.document.add_paragraph(), clean(annex.table.title), 13, bold=True)
    gap = BLANK * 6
    issuer = f" của {clean(plan.letterhead.issuer)}" if plan.letterhead.issuer else ""
    kind = clean(plan.kind_words).capitalize()
    belongs = f"(Kèm theo {kind} số{BLANK * 8}/BC-{gap} ngày{gap}tháng{gap}năm {plan.stamp.as_of.year}{issuer})"
    line(paper.document.add_paragraph(), belongs, 12, italic=True, after=6)
    paper.table(annex.table)


def _write_sources(paper: Paper, plan: Plan) -> None:
    """The meaning of every figure, then the stamp with its links."""
    paper.new_page(is_wide=False)
    paper.title(SOURCES)
    for name, meaning in plan.definitions:
        paragraph = paper.document.add_paragraph(style=BODY)
        paragraph.add_run(f"{clean(name)}: ").bold = True
        paragraph.add_run(clean(meaning))
    for words in plan.stamp.lines():
        paragraph = paper.document.add_paragraph(style=BODY)
        paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT  # an address is not stretched
        before, address, after = words.partition(plan.stamp.code_link)
        paragraph.add_run(clean(before) + (" " if address else ""))
        if address:
            add_link(paragraph, address)
        if after:
            paragraph.add_run(clean(after))
