"""The template files of briefings: what is read, and what a wrong file is told."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from config.briefings import FOLDER, Briefings, load_briefing, load_briefings
from config.errors import BadSettings
from dashboard.content.briefing import usable

SMALL = """key = "nho"
name = "Mẫu nhỏ"
periods = ["month"]
about = "Kết quả {ky}"

[[slide]]
kind = "cover"

[[slide]]
kind = "sources"

[[section]]
heading = "I. KẾT QUẢ"
sentences = ["received"]
"""


def written(folder: Path, text: str, name: str = "mau.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def refusal(folder: Path, text: str) -> str:
    with pytest.raises(BadSettings) as refused:
        load_briefing(written(folder, text))
    return refused.value.sentence


def test_the_shipped_templates_are_six_and_name_nothing_unknown() -> None:
    found = usable(load_briefings())
    assert () == found.problems
    assert ["monthly", "quarterly", "half-year", "yearly", "one-unit", "reminders"] == [template.key for template in found.templates]


@pytest.mark.parametrize("key", ["monthly", "quarterly", "half-year", "yearly"])
def test_a_periodic_briefing_has_eight_to_fourteen_slides(key: str) -> None:
    template = load_briefings().get(key)
    assert template is not None
    assert 8 <= len(template.slides) <= 14


def test_a_province_adds_a_template_with_a_file(tmp_path: Path) -> None:
    for path in FOLDER.glob("*.toml"):
        shutil.copy(path, tmp_path)
    written(tmp_path, SMALL)
    found = usable(load_briefings(tmp_path))
    assert () == found.problems
    assert (7, "Mẫu nhỏ") == (len(found.templates), found.templates[-1].name)


def test_a_wrong_file_is_named_and_the_others_are_used(tmp_path: Path) -> None:
    written(tmp_path, SMALL)
    written(tmp_path, SMALL.replace('kind = "cover"', 'kind = "bìa"').replace('"nho"', '"sai"'), "sai.toml")
    found = load_briefings(tmp_path)
    assert ["nho"] == [template.key for template in found.templates]
    assert "sai.toml”, dòng 7: “kind” phải là một trong: cover, figures" in found.problems[0]


def test_of_two_templates_with_one_key_the_later_file_is_refused(tmp_path: Path) -> None:
    written(tmp_path, SMALL, "a.toml")
    written(tmp_path, SMALL.replace("Mẫu nhỏ", "Mẫu khác"), "b.toml")
    found = load_briefings(tmp_path)
    assert ["Mẫu nhỏ"] == [template.name for template in found.templates]
    assert "b.toml" in found.problems[0]
    assert "đã có một mẫu mang khóa “nho”" in found.problems[0]


def test_an_empty_folder_says_that_no_briefing_can_be_made(tmp_path: Path) -> None:
    assert Briefings((), (f"Thư mục “{tmp_path}” không có tệp mẫu trình bày nào (*.toml): chưa lập được bản trình bày.",)) == load_briefings(tmp_path)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('key = "nho"\n', "", "tệp thiếu khóa “key”"),
        ('key = "nho"', 'key = "Nhỏ"', "“key” chỉ gồm chữ thường không dấu"),
        ('key = "nho"', 'key = "nho"\nmau = 1', "không có khóa “mau”"),
        ('["month"]', '["tuần"]', "“periods” là danh sách gồm một hay nhiều trong: month, quarter"),
        ("{ky}", "{thang}", "không có chỗ điền “{thang}”; các chỗ điền dùng được: {ky}, {noi}, {nam}"),
        ('kind = "cover"', 'kind = "chart"', "trang “chart” cần khóa “card”"),
        ('kind = "cover"', 'kind = "figures"', "cần đúng một trong hai khóa “card” và “metrics”"),
        ('kind = "cover"', 'kind = "table"\ncard = "x"\nrows = 0', "“rows” phải là số nguyên từ 1 đến 40"),
        ('kind = "cover"', 'kind = "text"\ntitle = "Việc"', "trang “text” cần “title” và “sentences” hoặc “bullets”"),
        ('kind = "sources"', 'kind = "cover"', 'trang cuối, và chỉ trang cuối, phải có kind = "sources"'),
        ('sentences = ["received"]', "sentences = [1]", "“sentences” phải là một danh sách chữ"),
        ('heading = "I. KẾT QUẢ"\n', "", "mục báo cáo thiếu khóa “heading”"),
        ("name = ", "name = =", "không đúng dạng TOML"),
    ],
)
def test_what_is_wrong_is_said_with_file_and_line(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in SMALL
    sentence = refusal(tmp_path, SMALL.replace(old, new, 1))
    assert said in sentence
    assert "mau.toml" in sentence


def test_an_annex_has_a_maker_or_a_card_and_not_both(tmp_path: Path) -> None:
    assert "đúng một trong hai khóa “make” và “card”" in refusal(tmp_path, SMALL + '\n[[annex]]\nmake = "units"\ncard = "agencies.volumes"\n')


@pytest.mark.parametrize(
    ("extra", "said"),
    [
        ('[[section]]\nheading = "II"\ncharts = ["overview.khong"]\n', "dòng 16: không có thẻ ở địa chỉ “overview.khong”; không dùng mẫu “Mẫu nhỏ”"),
        ('[[section]]\nheading = "II"\nsentences = ["vi_sao"]\n', "không có quy tắc câu “vi_sao”"),
        ('[[annex]]\nmake = "khac"\n', "không có phụ lục “khac”"),
    ],
)
def test_a_name_that_nothing_has_makes_the_template_unusable(tmp_path: Path, extra: str, said: str) -> None:
    written(tmp_path, f"{SMALL}\n{extra}")
    found = usable(load_briefings(tmp_path))
    assert () == found.templates
    assert said in found.problems[0]
