"""The blocks of the report and the annexes of a briefing, numbered in their order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from typing import Final

from config.briefings import AnnexTemplate, SectionTemplate
from dashboard.content.annexes import MAKERS, WHOLE
from dashboard.content.briefing_book import Book, reason, worded
from dashboard.content.plan import Annex, Block, ChartBlock, Heading, Paragraph, TableBlock, TitledTable
from dashboard.pages import event_marks

NOTHING: Final = "Trong kỳ không có nội dung phải nêu ở mục này."
LISTED_FROM: Final = 3  # so many sentences of one rule stand as a list
TABLE_ROWS: Final = 30
_SHEET: Final = "Phụ lục"


def report(book: Book) -> tuple[Block, ...]:
    """The report section by section. A card with nothing to show is a sentence that says why."""
    numbers = {"Hình": count(1), "Bảng": count(1)}
    blocks: list[Block] = []
    sections = book.template.sections
    for section, following in zip(sections, (*sections[1:], None), strict=True):
        blocks.append(Heading(book.filled(section.heading), section.level))
        found = list(_section(section, book, numbers))
        is_parent = following is not None and following.level > section.level
        blocks += found or ([] if is_parent else [Paragraph(NOTHING)])
    return (*blocks, *(Paragraph(words) for key, words in book.left_out.items() if key.startswith(_SHEET)))


def _section(section: SectionTemplate, book: Book, numbers: dict[str, count[int]]) -> Iterator[Block]:
    yield from (Paragraph(book.filled(words)) for words in section.words)
    for name in section.sentences:
        found = book.sentences(name)
        if len(found) >= LISTED_FROM:
            yield from (Paragraph(f"- {words}") for words in found)
        elif found:
            yield Paragraph(" ".join(found))
    for address in section.tables:
        spec = book.shown(address)
        if spec is None or spec.table is None or not spec.table.rows:
            yield Paragraph(f"{book.spec(address).name}: {reason(book.spec(address))}")
            continue
        rows = spec.table.rows[:TABLE_ROWS]
        left = len(spec.table.rows) - len(rows)
        table = TitledTable(spec.name, worded(replace(spec.table, rows=rows)), spec.note, left, is_wide=False)
        yield TableBlock(f"Bảng {next(numbers['Bảng'])}. {spec.name}: {spec.subtitle}", table)
    for address in section.charts:
        spec = book.shown(address)
        if spec is None or spec.chart is None:
            yield Paragraph(f"{book.spec(address).name}: {reason(book.spec(address))}")
        else:
            yield ChartBlock(f"Hình {next(numbers['Hình'])}. {spec.title}", spec.chart)
            yield from (Paragraph(line) for line in spec.lines if line.startswith(event_marks.HEAD))
    yield from (Paragraph(f"[{book.filled(words)}]", is_to_fill=True) for words in section.fill)


def annexes(book: Book) -> tuple[Annex, ...]:
    """The annexes that have a row, numbered; a sentence is kept for every one that has none."""
    made: list[Annex] = []
    for template in book.template.annexes:
        sheet, found = _annex(template, book)
        if found is not None:
            made.append(Annex(f"PHỤ LỤC {len(made) + 1}", sheet, found))
    return tuple(made)


def _annex(template: AnnexTemplate, book: Book) -> tuple[str, TitledTable | None]:
    """The name of the sheet and the table; None without a row."""
    if template.card:
        spec = book.shown(template.card)
        name = template.sheet or (spec.name if spec else "")
        if spec is None or spec.table is None or not spec.table.rows:
            return name, None
        return name, TitledTable(book.filled(template.title) or spec.title, worded(spec.table), spec.note, is_wide=len(spec.table.columns) > 6)
    maker, sheet, needs = MAKERS[template.make]
    absent = [relation for relation in needs if not book.asked.data.source.has(relation)]
    found = None if absent else maker(book.facts)
    if found is None or not found.table.rows:
        why = "cơ sở dữ liệu không có danh mục thủ tục theo đơn vị" if absent else "không có dòng nào"
        book.left_out[f"{_SHEET} {template.make}"] = f"Không lập phụ lục “{template.title or sheet}”: {why}."
        return sheet, None
    titled = found if template.make in WHOLE and not book.facts.is_narrow else book.table(found)
    return template.sheet or sheet, replace(titled, title=book.filled(template.title) or titled.title)
