"""Reminder letters as one Word document in the layout of NĐ 30/2020/NĐ-CP, Phụ lục I: drafts without number, date, signature or name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import docx
import pandas as pd
from docx.enum.section import WD_SECTION

from dashboard.cards import Asked
from dashboard.exports.letter_words import DEMO, SUBJECT, Letter, letter
from dashboard.exports.official_layout import (
    BLANK,
    BODY,
    BODY_SIZE,
    line,
    saved,
    set_pages,
    set_properties,
    set_styles,
    without_room,
    write_foot,
    write_head,
)
from queries.errors import BadRequest
from queries.filters import Organisation

if TYPE_CHECKING:
    from docx.document import Document

TITLE: Final = "Thư nhắc trả kết quả qua bưu chính công ích (dự thảo)"


def reminder_letters(frame: pd.DataFrame, asked: Asked) -> bytes:
    """One letter per row of `CallList`, each on pages of its own that are numbered from 1.

    Raises:
        BadRequest: there is no row, or the rows are comparable groups, to which nobody can write.
    """
    if frame.empty:
        raise BadRequest("no rows, no letters", sentence="Danh sách của kỳ và bộ lọc này không có đơn vị nào: không có thư nào để soạn.")
    if asked.filters.organisation is Organisation.COMPARABLE:
        advice = "Hãy xem theo “Như tổ chức lúc đó” hoặc “Cộng về đơn vị hiện nay”, rồi tải lại."
        raise BadRequest("letters to groups", sentence=f"Thư gửi cho từng đơn vị, không gửi cho nhóm đơn vị. {advice}")
    document = docx.Document()
    set_styles(document)
    set_properties(document, title=TITLE, subject=SUBJECT, comments=DEMO if asked.data.is_demo else "", as_of=asked.data.as_of)
    set_pages(document.sections[0], (DEMO,) if asked.data.is_demo else ())
    rows: list[dict[str, object]] = [{str(key): value for key, value in row.items()} for row in frame.to_dict("records")]
    for number, row in enumerate(rows):
        if number:
            _break(document)
        _write(document, letter(row, asked), asked)
    without_room(document.add_paragraph())
    return saved(document)


def _break(document: Document) -> None:
    """The next letter starts on a new page."""
    document.add_section(WD_SECTION.NEW_PAGE)
    without_room(document.paragraphs[-1])


def _write(document: Document, one: Letter, asked: Asked) -> None:
    write_head(document, asked.letterhead, number=f"Số:{BLANK * 8}/", subject=SUBJECT)
    line(document.add_paragraph(), f"Kính gửi: {one.to}", BODY_SIZE, before=14, after=8)
    document.add_paragraph(one.opening, style=BODY)
    for number, title, paragraphs in ((1, "Kết quả rà soát", one.findings), (2, "Đề nghị", one.requests)):
        heading = document.add_paragraph(style=BODY)
        heading.add_run(f"{number}. {title}").bold = True
        heading.paragraph_format.keep_with_next = True
        for words in paragraphs:
            document.add_paragraph(words, style=BODY)
    closing = document.add_paragraph(one.closing, style=BODY)
    closing.paragraph_format.keep_with_next = True
    write_foot(document, ("Như trên", "Lưu: VT"))
