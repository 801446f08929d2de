"""Reminder letters: the words for every reason and every number that is zero or missing, and the layout of official documents."""

from __future__ import annotations

import io
import re
import unicodedata
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from dashboard.exports.letter_words import SUBJECT, Letter, clean, full_name, letter
from dashboard.exports.letters import reminder_letters
from dashboard.exports.official_layout import FONT
from dashboard.view import Look
from queries.errors import BadRequest
from tests.dashboard.call_rows import BELOW, LETTERS, NEVER, STOPPED, asked, calls


def written(folder: Path, row: dict[str, Any], query: str = "ky=2026-Q2", **changes: Any) -> Letter:
    frame = calls({**row, **changes})
    return letter({str(key): value for key, value in frame.to_dict("records")[0].items()}, asked(folder, query))


def made(folder: Path, *rows: dict[str, Any], **more: Any) -> Document:
    return docx.Document(io.BytesIO(reminder_letters(calls(*rows), asked(folder, **more))))


def every_word(document: Document) -> str:
    return "\n".join("".join(text.text or "" for text in paragraph.iter(qn("w:t"))) for paragraph in document.element.body.iter(qn("w:p")))


def test_a_unit_that_never_returned_by_post_reads_what_it_returned_otherwise(tmp_path: Path) -> None:
    said = written(tmp_path, NEVER)
    assert said.to == "Ủy ban nhân dân xã Mù Cả"
    assert said.findings[0] == (
        "Tính đến hết ngày 30/06/2026, đơn vị đã trả 1.629 kết quả TTHC, trong đó có 351 kết quả của thủ tục thuộc danh mục trả kết quả qua bưu chính; "
        "chưa có kết quả nào được trả qua bưu chính. Như vậy, đã 5 quý liên tiếp đơn vị không trả qua bưu chính."
    )
    assert "trong quý II/2026. Theo số liệu đến ngày 30/06/2026" in said.opening


def test_a_unit_that_stopped_reads_since_when(tmp_path: Path) -> None:
    said = written(tmp_path, STOPPED)
    assert said.findings[0] == (
        "Lần trả qua bưu chính gần nhất của đơn vị trước khi ngừng là ngày 10/02/2026. Từ ngày 11/02/2026 đến hết ngày 30/06/2026, đơn vị đã trả "
        "1.629 kết quả TTHC, trong đó có 351 kết quả của thủ tục thuộc danh mục trả kết quả qua bưu chính; không có kết quả nào được trả qua bưu chính."
    )
    assert said.findings[1] == "Còn 12 kết quả tổ chức, cá nhân đã đăng ký trả qua bưu chính nhưng chưa được chuyển đi."
    assert said.requests[2].startswith("c) Chuyển ngay 12 kết quả đã đăng ký trả qua bưu chính; phối hợp với")


def test_a_unit_below_its_own_norm_reads_its_rate_and_the_limit(tmp_path: Path) -> None:
    said = written(tmp_path, BELOW)
    assert said.findings[0] == (
        "Trong quý II/2026, đơn vị đã trả 1.629 kết quả TTHC, trong đó có 351 kết quả của thủ tục thuộc danh mục trả kết quả qua bưu chính. "
        "Trả qua bưu chính 12 trong 1.200 kết quả có ghi nhận hình thức trả, đạt 1,0%, thấp hơn mức thường thấy của chính đơn vị trong 24 tháng trước đó "
        "(giới hạn dưới: 3,2%)."
    )
    assert "không có kết quả nào được trả" not in " ".join(said.findings)
    assert "tăng cường trả qua bưu chính" in said.requests[1]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"returned_listed": None}, "đơn vị đã trả 1.629 kết quả TTHC; chưa có"),
        ({"returned_listed": 0}, "1.629 kết quả TTHC, trong đó không có kết quả nào của thủ tục thuộc danh mục trả kết quả qua bưu chính; chưa có"),
        ({"returned_listed": 1629}, "1.629 kết quả TTHC, tất cả đều của thủ tục thuộc danh mục"),
        ({"returned": 1, "returned_listed": 1}, "1 kết quả TTHC, là kết quả của thủ tục thuộc danh mục"),
        ({"returned": 0, "returned_listed": 0}, "đơn vị chưa trả kết quả TTHC nào, kể cả qua bưu chính."),
        ({"returned": None}, "Tính đến hết ngày 30/06/2026, chưa có kết quả nào của đơn vị được trả qua bưu chính."),
        ({"periods_without": None}, "được trả qua bưu chính."),
    ],
)
def test_a_number_that_is_zero_or_missing_is_said_in_grammatical_words(changes: dict[str, Any], words: str, tmp_path: Path) -> None:
    assert words in written(tmp_path, NEVER, **changes).findings[0]


@pytest.mark.parametrize("row", [NEVER, STOPPED, BELOW], ids=["never", "stopped", "below_norm"])
def test_a_row_that_says_nothing_but_its_reason_still_makes_whole_sentences(row: dict[str, Any], tmp_path: Path) -> None:
    bare = {name: row[name] for name in ("agency_code", "agency_name", "reason")}
    said = written(tmp_path, bare)
    for words in (said.opening, *said.findings, *said.requests, said.closing):
        assert words.endswith((".", ":"))
        assert not re.search(r"nan|None|<NA>|NaT|–|\s\s|\s[,.;]|\.\.|\(\)", words), words
    assert len(said.findings) == 1
    assert said.requests[1] == "b) Rà soát các thủ tục thuộc thẩm quyền giải quyết, chọn thủ tục phù hợp để thực hiện trả qua bưu chính."


def test_nothing_waiting_for_the_post_is_said_and_unknown_is_not(tmp_path: Path) -> None:
    assert "Không có kết quả nào đã đăng ký trả qua bưu chính mà chưa được chuyển đi." in written(tmp_path, NEVER).findings
    assert not [words for words in written(tmp_path, NEVER, registered_not_carried=None).findings if "đăng ký" in words]


def test_similar_units_are_named_with_their_rate_of_sums(tmp_path: Path) -> None:
    similar = written(tmp_path, NEVER).findings[2]
    assert similar.startswith("Trong cùng kỳ, các đơn vị có điều kiện tương tự")
    assert "là Ủy ban nhân dân xã Bản Bo và Ủy ban nhân dân xã Mường Tè đã trả kết quả qua bưu chính: 126 trong 1.063 kết quả" in similar
    assert similar.endswith("đạt 11,9%.")
    one = written(tmp_path, NEVER, similar_names="Thanh tra tỉnh", similar_by_post=9, similar_recorded=19).findings[2]
    assert one.startswith("Trong cùng kỳ, đơn vị có")
    assert one.endswith("9 trong 19 kết quả có ghi nhận hình thức trả.")  # too few for a percentage


@pytest.mark.parametrize(
    ("names", "done", "words"),
    [
        ("A | B | C", 3, "3 thủ tục: “A”, “B”, “C”; các thủ tục này đã có đơn vị khác trả qua bưu chính."),
        ("A | B | C", 2, "“C”; trong đó 2 thủ tục đầu đã có đơn vị khác trả qua bưu chính."),
        ("A | B; x | C", 1, "3 thủ tục: “A”, “B; x”, “C”; trong đó thủ tục đầu tiên đã có đơn vị khác trả qua bưu chính."),
        ("A | B", 0, "2 thủ tục: “A”, “B”."),
        ("A", 1, "thủ tục: “A” (đã có đơn vị khác trả qua bưu chính)."),
        ("A", None, "thủ tục: “A”."),
    ],
)
def test_procedures_to_start_with_are_named(names: str, done: int | None, words: str, tmp_path: Path) -> None:
    assert written(tmp_path, NEVER, procedures_to_start_names=names, done_elsewhere=done).requests[1].endswith(words)


def test_a_unit_that_began_again_after_the_period_is_not_reproached_for_ever(tmp_path: Path) -> None:
    again = written(tmp_path, NEVER, "ky=2026-Q1", last_postal_return="2026-05-05").findings[-1]
    assert again == "Sau thời gian nêu trên, đơn vị đã có kết quả trả qua bưu chính, gần nhất vào ngày 05/05/2026; đề nghị tiếp tục duy trì."


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("", "từ ngày 01/01/2026 đến ngày 30/06/2026"),
        ("ky=2026-Q2", "trong quý II/2026."),
        ("ky=2026", "trong năm 2026 (tính đến ngày 30/06/2026)"),
        ("ky=2026-05", "trong tháng 5/2026."),
        ("tu=2026-02-01&den=2026-03-15", "từ ngày 01/02/2026 đến ngày 15/03/2026"),
        ("ky=2026-Q2&lich=bao-cao", "từ ngày 15/03/2026 đến ngày 14/06/2026"),
    ],
)
def test_the_period_is_a_part_of_the_sentence(query: str, words: str, tmp_path: Path) -> None:
    assert words in written(tmp_path, NEVER, query).opening


def test_what_narrows_the_figures_besides_the_period_is_said(tmp_path: Path) -> None:
    assert "Số liệu nêu trên chỉ tính hồ sơ trong phạm vi: thủ tục Đăng ký khai sinh." in written(tmp_path, NEVER, "ky=2026-Q2&tt=1.01").findings
    assert "Số liệu trước khi sắp xếp tổ chức được cộng về đơn vị hiện nay." in written(tmp_path, NEVER, "ky=2026-Q2&tc=hien-nay").findings


def test_units_are_called_by_their_full_name() -> None:
    assert full_name("Văn phòng UBND tỉnh") == "Văn phòng Ủy ban nhân dân tỉnh"


def test_text_is_composed_and_holds_no_character_a_document_refuses() -> None:
    assert clean(unicodedata.normalize("NFD", LETTERS)) == LETTERS
    assert clean("Xã\x00 A\n\x1fB\ufffe") == "Xã A B"


def test_each_unit_has_a_letter_of_its_own_pages_numbered_from_one(tmp_path: Path) -> None:
    document = made(tmp_path, NEVER, STOPPED, BELOW)
    assert every_word(document).count("Kính gửi: ") == 3
    assert len(document.sections) == 3
    for section in document.sections:
        assert section.different_first_page_header_footer
        assert section._sectPr.find(qn("w:pgNumType")).get(qn("w:start")) == "1"
        assert [node.get(qn("w:instr")) for node in section.header._element.iter(qn("w:fldSimple"))] == ["PAGE"]
        assert not [*section.first_page_header._element.iter(qn("w:fldSimple"))]
        assert section.header.paragraphs[0].alignment == WD_ALIGN_PARAGRAPH.CENTER


def test_the_page_is_a4_with_the_margins_of_official_documents(tmp_path: Path) -> None:
    for section in made(tmp_path, NEVER, STOPPED).sections:
        assert section.page_width is not None
        assert (round(section.page_width.mm), round((section.page_height or Mm(0)).mm)) == (210, 297)
        margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
        assert [round((margin or Mm(0)).mm) for margin in margins] == [20, 20, 30, 15]


def test_every_script_of_the_font_is_times_new_roman_and_the_language_vietnamese(tmp_path: Path) -> None:
    document = made(tmp_path, NEVER)
    fonts = [node.attrib for node in document.styles.element.find(qn("w:docDefaults")).iter(qn("w:rFonts"))]
    fonts += [node.attrib for node in document.styles["Normal"].element.iter(qn("w:rFonts"))]
    assert [{qn(f"w:{script}"): FONT for script in ("ascii", "hAnsi", "eastAsia", "cs")}] * 2 == fonts
    assert [*document.element.body.iter(qn("w:rFonts"))] == []
    assert {node.get(qn("w:val")) for node in document.styles.element.iter(qn("w:lang"))} == {"vi-VN"}
    body = document.styles["Nội dung"]
    assert 13 <= document.styles["Normal"].font.size.pt <= 14
    assert body.paragraph_format.alignment == WD_ALIGN_PARAGRAPH.JUSTIFY
    assert 10 <= body.paragraph_format.first_line_indent.mm <= 12.71
    assert body.paragraph_format.space_before + body.paragraph_format.space_after >= Pt(6)


def test_the_head_has_country_motto_bodies_and_rules_and_the_draft_has_no_number_date_or_name(tmp_path: Path) -> None:
    document = made(tmp_path, NEVER)
    left, right = document.tables[0].rows[0].cells
    assert [line.text for line in left.paragraphs if line.text] == [
        "ỦY BAN NHÂN DÂN TỈNH LAI CHÂU",
        "SỞ KHOA HỌC VÀ CÔNG NGHỆ",
        "Số:\xa0\xa0\xa0\xa0\xa0\xa0\xa0\xa0/",
        SUBJECT,
        "DỰ THẢO",
    ]
    lines = [line.text for line in right.paragraphs if line.text]
    assert lines[:2] == ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"]
    assert lines[2].split() == ["Lai", "Châu,", "ngày", "tháng", "năm"]
    assert [len([*cell._tc.iter(qn("w:pBdr"))]) for cell in (left, right)] == [1, 1]
    assert [line.text for line in document.tables[1].rows[0].cells[1].paragraphs if line.text] == ["QUYỀN HẠN, CHỨC VỤ CỦA NGƯỜI KÝ"]
    assert document.core_properties.author == ""


def test_the_bodies_in_the_head_are_the_ones_of_the_settings(tmp_path: Path) -> None:
    look = Look("Đà Nẵng", "thành phố", letter_issuer="Văn phòng Ủy ban nhân dân thành phố")
    one = replace(asked(tmp_path), letterhead=look.letterhead)
    words = every_word(docx.Document(io.BytesIO(reminder_letters(calls(NEVER), one))))
    assert "ỦY BAN NHÂN DÂN THÀNH PHỐ ĐÀ NẴNG\nVĂN PHÒNG ỦY BAN NHÂN DÂN THÀNH PHỐ\n" in words
    assert "Đà Nẵng, ngày" in words
    assert Look(letter_superior="Bộ Nội vụ").letterhead.superior == "Bộ Nội vụ"


def test_made_up_data_is_said_on_every_page_and_real_data_has_no_such_words(tmp_path: Path) -> None:
    for section in made(tmp_path, NEVER, STOPPED, is_demo=True).sections:
        for footer in (section.footer, section.first_page_footer):
            assert "Dữ liệu minh họa" in footer.paragraphs[0].text
    assert "minh họa" not in made(tmp_path, NEVER).sections[0].footer.paragraphs[0].text


def test_vietnamese_letters_survive(tmp_path: Path) -> None:
    decomposed = {**NEVER, "agency_name": unicodedata.normalize("NFD", LETTERS), "procedures_to_start_names": LETTERS + "\x0b"}
    words = every_word(made(tmp_path, decomposed))
    assert f"Kính gửi: {LETTERS}" in words
    assert f"“{LETTERS}”" in words


def test_the_file_is_dated_by_the_data_and_not_by_the_clock(tmp_path: Path) -> None:
    said = made(tmp_path, NEVER).core_properties
    assert [datetime(2026, 6, 30)] * 2 == [day.replace(tzinfo=None) for day in (said.created, said.modified) if day is not None]


def test_without_a_unit_there_is_a_sentence_instead_of_an_empty_document(tmp_path: Path) -> None:
    with pytest.raises(BadRequest) as refused:
        reminder_letters(calls(), asked(tmp_path))
    assert refused.value.sentence == "Danh sách của kỳ và bộ lọc này không có đơn vị nào: không có thư nào để soạn."


def test_a_comparable_group_is_nobody_to_write_to(tmp_path: Path) -> None:
    with pytest.raises(BadRequest) as refused:
        made(tmp_path, NEVER, query="ky=2026-Q2&tc=nhom")
    assert refused.value.sentence.startswith("Thư gửi cho từng đơn vị, không gửi cho nhóm đơn vị.")
