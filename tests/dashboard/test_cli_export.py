"""The command `export`: the files of the pages without a server, whole or not at all."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pptx
import pytest
from click.testing import CliRunner

from dashboard.command_line import cli
from queries.errors import BadRequest
from tests.dashboard.test_cli import Run, run

__all__ = ["run"]
QUARTER = "ky=2026-Q3"
BRIEFING = "quarterly"


@pytest.fixture(autouse=True)
def _own_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DASHBOARD_STATE_FOLDER", str(tmp_path / "state"))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("what", "name"),
    [
        (("--card", "agencies.volumes"), "the.xlsx"),
        (("--card", "overview.months"), "the.pptx"),
        (("--card", "overview.totals"), "the.csv"),
        (("--page", "overview"), "trang.pdf"),
        (("--briefing", BRIEFING), "giao-ban.docx"),
    ],
)
def test_a_file_is_written_and_nothing_beside_it(what: tuple[str, str], name: str, run: Run, demo_url: str, tmp_path: Path) -> None:
    folder = tmp_path / "ra"
    folder.mkdir()
    code, out, err = run("export", *what, "--query", QUARTER, "--database", demo_url, "--out", str(folder / name))
    assert (0, "", [name]) == (code, out, [path.name for path in folder.iterdir()]), err
    assert f"Đã ghi {folder / name}" in err


@pytest.mark.slow
def test_the_file_of_the_command_line_is_the_file_of_the_page(run: Run, demo_url: str, tmp_path: Path) -> None:
    from dashboard.exports.files import Subject, Wanted, make
    from dashboard.exports.office import Office
    from queries.data import open_data

    run("export", "--card", "agencies.volumes", "--query", QUARTER, "--database", demo_url, "--out", str(tmp_path / "a.xlsx"))
    made = make(Wanted(Subject.CARD, "agencies.volumes", "xlsx", QUARTER), open_data(demo_url), Office(folder=tmp_path / "b"))
    sheets = [openpyxl.load_workbook(io.BytesIO(body))["Số liệu"] for body in ((tmp_path / "a.xlsx").read_bytes(), made.body)]
    first, second = ([[cell.value for cell in row] for row in sheet.iter_rows()] for sheet in sheets)
    assert first == second


@pytest.mark.slow
def test_the_audience_is_chosen_on_the_command_line(run: Run, demo_url: str, tmp_path: Path) -> None:
    out = tmp_path / "a.pptx"
    assert 0 == run("export", "--card", "agencies.volumes", "--query", "ky=2026-10", "--audience", "ben-ngoai", "--database", demo_url, "--out", str(out))[0]
    said = " ".join(shape.text_frame.text for slide in pptx.Presentation(str(out)).slides for shape in slide.notes_slide.shapes if shape.has_text_frame)
    assert "các số nhỏ đã được che" in said


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((), "Cần đúng một trong --card, --page, --briefing; chưa thấy cái nào."),
        (("--card", "a", "--page", "b"), "Cần đúng một trong --card, --page, --briefing; thấy 2."),
        (("--card", "khong.co"), "Không có thẻ nào ở địa chỉ “khong.co”."),
        (("--page", "khong-co"), "Không có trang nào ở địa chỉ “khong-co”."),
        (("--briefing", "khong-co"), "Không có mẫu trình bày nào ở địa chỉ “khong-co”."),
        (("--card", "overview.months", "--format", "docx"), "không có tệp dạng docx"),
        (("--card", "overview.months", "--audience", "ai"), "“ai” không dùng được: cần “noi-bo” hoặc “ben-ngoai”."),
    ],
)
def test_what_cannot_be_made_is_one_sentence_and_no_file(arguments: tuple[str, ...], sentence: str, run: Run, tmp_path: Path) -> None:
    code, out, err = run("export", *arguments, "--out", str(tmp_path / "ra.xlsx"))
    assert (2, "", False) == (code, out, (tmp_path / "ra.xlsx").exists())
    assert sentence in err


@pytest.mark.slow
def test_a_failure_leaves_no_half_file_and_keeps_the_old_one(run: Run, demo_url: str, tmp_path: Path) -> None:
    out = tmp_path / "ra.docx"
    out.write_bytes(b"cu")
    code, _, err = run("export", "--briefing", BRIEFING, "--query", "ky=2031", "--database", demo_url, "--out", str(out))
    assert (2, b"cu", [out]) == (code, out.read_bytes(), [path for path in tmp_path.iterdir() if path.is_file()])
    assert "chưa có số liệu" in err


@pytest.mark.slow
def test_as_an_account_ask_and_export_show_what_that_account_sees(demo_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from dashboard.auth.accounts import Accounts
    from queries.rights import Role

    Accounts(tmp_path / "a.json").add("binh", Role.HEAD, ("SKHCN",), "mật khẩu đủ dài")
    monkeypatch.setenv("DASHBOARD_ACCOUNTS_FILE", str(tmp_path / "a.json"))
    asked = ("adoption.units", "--database", demo_url, "--query", "ky=2026-Q3", "--format", "csv")
    whole, own = (CliRunner().invoke(cli, ["ask", *asked, *more]).output for more in ((), ("--as", "binh")))
    assert 2 == own.count("\n")
    assert own.splitlines()[1] in whole.splitlines()
    out = tmp_path / "x.csv"
    made = CliRunner().invoke(cli, ["export", "--card", "adoption.units", "--database", demo_url, "--query", "ky=2026-Q3", "--as", "binh", "--out", str(out)])
    assert (0, own) == (made.exit_code, out.read_text(encoding="utf-8-sig"))
    for command in (["ask", "score.province", "--as", "binh"], ["ask", "overview.totals", "--as", "khong-co"]):
        refused = CliRunner().invoke(cli, [*command, "--database", demo_url])
        assert isinstance(refused.exception, BadRequest)
