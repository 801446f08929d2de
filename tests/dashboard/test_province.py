"""Places on the tile map: read with their line, refused with a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.errors import BadSettings
from config.province import Place, load_places, positions

HEAD = "level,area_code,area_name,row,column\n"


def write(folder: Path, rows: str, head: str = HEAD) -> Path:
    path = folder / "tiles.csv"
    path.write_text(head + rows, encoding="utf-8")
    return path


def refusal(path: Path) -> str:
    with pytest.raises(BadSettings) as raised:
        load_places(path)
    return raised.value.sentence


def test_the_province_has_38_communes_and_8_former_districts_on_its_map() -> None:
    places = load_places()
    assert (38, 8) == (len(positions(places, "commune")), len(positions(places, "district")))
    assert (3, 7) == positions(places, "commune")["03408"]
    assert (3, 4) == positions(places, "district")["110"]


def test_a_place_keeps_level_code_row_and_column(tmp_path: Path) -> None:
    path = write(tmp_path, "commune,03487,Xã Lê Lợi,4,5\ndistrict,03487,trùng mã nhưng khác cấp,4,5\n")
    assert (Place("commune", "03487", 4, 5), Place("district", "03487", 4, 5)) == load_places(path)


def test_a_file_saved_by_a_spreadsheet_with_its_mark_is_read(tmp_path: Path) -> None:
    path = tmp_path / "tiles.csv"
    path.write_text("\ufeff" + HEAD + "commune,1,A,0,0\n", encoding="utf-8")
    assert (Place("commune", "1", 0, 0),) == load_places(path)


@pytest.mark.parametrize(
    ("rows", "line", "words"),
    [
        ("commune,1,A,0,0\ncommune,1,B,0,1\n", 3, "mã 1 đã có"),
        ("commune,1,A,0,0\ncommune,2,B,0,0\n", 3, "ô hàng 0, cột 0 đã dành cho mã 1"),
        ("xa,1,A,0,0\n", 2, "cột level phải là commune hoặc district, đang là “xa”"),
        ("commune,,A,0,0\n", 2, "cột area_code để trống"),
        ("commune,1,A,-1,0\n", 2, "cột row phải là một số nguyên từ 0 đến 39, đang là “-1”"),
        ("commune,1,A,0,40\n", 2, "cột column phải là"),
        ("commune,1\n", 2, "cột row phải là"),
    ],
)
def test_a_fault_names_file_and_line(tmp_path: Path, rows: str, line: int, words: str) -> None:
    path = write(tmp_path, rows)
    sentence = refusal(path)
    assert f"“{path}”, dòng {line}: " in sentence
    assert words in sentence


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    assert "dòng 1: thiếu cột row, column" in refusal(write(tmp_path, "", head="level,area_code\n"))


def test_a_file_that_is_not_there_or_not_text_is_refused_with_its_name(tmp_path: Path) -> None:
    assert "Không đọc được tệp vị trí địa bàn" in refusal(tmp_path / "tiles.csv")
    broken = tmp_path / "broken.csv"
    broken.write_bytes(HEAD.encode() + b"commune,1,\xff,0,0\n")
    assert "không đúng dạng CSV (UTF-8)" in refusal(broken)
