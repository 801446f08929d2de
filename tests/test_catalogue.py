"""The English catalogue: complete, without leftovers, and fit for the values it is filled with."""

from __future__ import annotations

import re
from string import Formatter

import pytest
from babel.messages.pofile import read_po

from config.language import CATALOGUE, ENGLISH, VIETNAMESE, answering, english, language, say, told
from tests.words import VIETNAMESE as VIETNAMESE_LETTERS
from tests.words import constants, kept_templates, spoken

PARTS_OF_NAMES = {  # what `text.shorten` replaces in names of agencies and procedures, and letters as such
    "Ủy ban nhân dân",
    "Uỷ ban nhân dân",
    "Hội đồng nhân dân",
    "HĐND",
    "Trung tâm Phục vụ hành chính công",
    "thủ tục hành chính",
    "Giấy chứng nhận",
    "giấy chứng nhận",
    "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz",
    "đ",
    "mwMWĐ%—…",
    "minh họa",
}
SUMS = {"{} + {}", "{} − {}"}  # of counts, put together word by word in queries/definitions.py
LAWS = re.compile(r"\b(QĐ|NĐ|NQ|TT|KH)(?= \d|-)|\bNĐ-CP\b|\bQĐ-TTg\b")
KEPT_IN_ENGLISH = {
    "đồng",
    "Đồng",
    "Tết",
    "Lai",
    "Châu",
    "Sở",
    "Khoa",
    "học",
    "và",
    "Công",
    "nghệ",
    "ĐK",
    "Xã",
    "Phường",
    "Thị",
    "trấn",
    "Huyện",
    "Thành",
    "phố",
    "xã",
    "Quận",
    "Đặc",
    "khu",
}


def fields(template: str) -> list[str]:
    """The fields of a template with their formats; those without a number in their order."""
    found = [(name or "", spec or "") for _, name, spec, _ in Formatter().parse(template) if name is not None]
    return sorted(f"{name or place}:{spec}" for place, (name, spec) in enumerate(found))


def test_every_word_of_the_screen_has_an_english_one() -> None:
    known = english()
    assert {words: place for words, place in spoken().items() if words not in known and words not in PARTS_OF_NAMES} == {}


def test_no_entry_is_left_over() -> None:
    there = constants() | kept_templates() | SUMS
    assert [words for words in english() if words not in there] == []


def test_a_sentence_takes_the_same_values_in_both_languages() -> None:
    assert {words: text for words, text in english().items() if set(fields(words)) != set(fields(text))} == {}


def test_english_has_no_vietnamese_word_but_names_and_titles_of_laws() -> None:
    left = {words: LAWS.sub("", text) for words, text in english().items()}
    found = {text for text in left.values() for word in re.findall(r"[^\W\d_]+", text) if VIETNAMESE_LETTERS.search(word) and word not in KEPT_IN_ENGLISH}
    assert found == set()


def test_no_key_stands_twice() -> None:
    with CATALOGUE.open("rb") as file:
        ids = [message.id for message in read_po(file)]
    assert len(ids) == len(set(ids))


def test_vietnamese_is_what_is_said_unless_somebody_asked_otherwise() -> None:
    assert VIETNAMESE == language()
    assert say("{} đơn vị", 3) == "3 đơn vị"


def test_english_is_said_inside_and_vietnamese_again_after() -> None:
    with answering(ENGLISH):
        assert say("{} đơn vị", 3) == "3 units"
        with answering(VIETNAMESE):
            assert say("{} đơn vị", 3) == "3 đơn vị"
        assert say("{} đơn vị", 3) == "3 units"
    assert say("{} đơn vị", 3) == "3 đơn vị"


def test_an_unknown_language_is_vietnamese() -> None:
    with answering("fr"):
        assert VIETNAMESE == language()


def test_a_value_that_is_a_word_is_translated_and_a_name_is_not() -> None:
    with answering(ENGLISH):
        assert say("{}: {}", "toàn tỉnh", "Sở Y tế") != ""
        assert say("{} đến {}", "toàn tỉnh", "Sở Y tế") == "the whole province to Sở Y tế"


@pytest.mark.parametrize(
    ("count", "words"), [("1", "1 unit"), ("2", "2 units"), ("11", "11 units"), ("0,1", "0,1 units"), ("21", "21 units"), ("1,001", "1,001 units")]
)
def test_one_is_singular_in_english(count: str, words: str) -> None:
    with answering(ENGLISH):
        assert words == say("{} đơn vị", count)


def test_a_sentence_made_before_the_language_was_known_can_still_be_translated() -> None:
    sentence = told("Thư mục nguồn “{}”", "a")
    assert sentence == "Thư mục nguồn “a”"
    with answering(ENGLISH):
        assert say(sentence) == "Source folder “a”"
        assert say("{}, bảng {}", sentence, "b") == "Source folder “a”, table b"


@pytest.mark.parametrize(
    ("finished", "expected"),
    [
        ("KHONG-CO (ngoài danh mục)", "KHONG-CO (outside the catalogue)"),
        ("Nhóm: Sở Y tế (gồm 2 đơn vị trước và sau sắp xếp)", "Group: Sở Y tế (2 units before and after the reorganisation)"),
        ("A, B và 3 đơn vị khác và 2 đơn vị kế thừa", "A, B and 3 other units and 2 successors"),
        ("1.234 hồ sơ không có mã (dossier_id)", "1,234 dossiers without a code (dossier_id)"),
        ("Sở Y tế", "Sở Y tế"),
    ],
)
def test_a_sentence_that_stands_finished_in_a_frame_is_read_backwards(finished: str, expected: str) -> None:
    with answering(ENGLISH):
        assert expected == say(finished)
    assert finished == say(finished)
