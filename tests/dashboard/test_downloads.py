"""Files over HTTP: cards, pages, briefings, at once or with progress; codes, pictures, publishing; refusals in sentences."""

from __future__ import annotations

import io
import re
import time
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pptx
import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from dashboard.app import create_app
from dashboard.exports.files import KINDS, MIME_TYPES, PAGES_BY_KEY, Subject
from dashboard.exports.office import Office
from dashboard.ops import Feed
from dashboard.pages import CARDS
from dashboard.view import Look
from queries.data import Data, open_data
from tests.dashboard.test_http import load, words

pytestmark = pytest.mark.slow
MADE_AT = datetime(2026, 11, 2, 9, 5)
QUARTER = "ky=2026-Q3"
BRIEFING = "quarterly"


@pytest.fixture(scope="module")
def data(demo_url: str) -> Data:
    return open_data(demo_url)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    return Office(folder=tmp_path_factory.mktemp("state"), clock=lambda: MADE_AT, letterhead=Look().letterhead, base_url="https://bcci.laichau.example")


@pytest.fixture(scope="module")
def client(data: Data, office: Office) -> FlaskClient:
    found: FlaskClient = create_app(Feed(lambda: data), Look(), office).server.test_client()
    return found


def name_of(answer: TestResponse) -> str:
    return str(re.findall(r'filename="([^"]+)"', answer.headers["Content-Disposition"])[0])


def is_whole(body: bytes, kind: str) -> bool:
    """Whether the bytes are a file of their kind: opened by the library of its format."""
    if kind == "pdf":
        return body.startswith(b"%PDF-") and body.rstrip().endswith(b"%%EOF")
    readers: dict[str, Callable[[io.BytesIO], object]] = {"pptx": pptx.Presentation, "docx": docx.Document, "xlsx": openpyxl.load_workbook}
    return readers[kind](io.BytesIO(body)) is not None and zipfile.ZipFile(io.BytesIO(body)).testzip() is None


@pytest.mark.parametrize("kind", ["xlsx", "pptx", "pdf"])
@pytest.mark.parametrize("address", ["overview.months", "agencies.volumes", "areas.tiles", "adoption.units"])
def test_a_card_comes_in_every_kind_with_its_code_in_the_name(address: str, kind: str, client: FlaskClient) -> None:
    answer = client.get(f"/tai-ve/{address}.{kind}?{QUARTER}")
    assert (200, MIME_TYPES[kind], "no-store") == (answer.status_code, answer.mimetype, answer.headers["Cache-Control"])
    assert re.fullmatch(rf"{address}-du-lieu-minh-hoa-den-2026-10-31-[A-Z2-9]{{5}}-[A-Z2-9]{{5}}\.{kind}", name_of(answer))
    assert is_whole(answer.data, kind)


@pytest.mark.parametrize("kind", KINDS[Subject.PAGE])
@pytest.mark.parametrize("key", PAGES_BY_KEY)
def test_every_page_comes_in_every_kind(key: str, kind: str, client: FlaskClient) -> None:
    answer = client.get(f"/tai-ve/trang/{key}.{kind}?{QUARTER}")
    assert 200 == answer.status_code, answer.get_data(as_text=True)
    assert is_whole(answer.data, kind)


@pytest.mark.parametrize("kind", KINDS[Subject.BRIEFING])
def test_a_briefing_comes_in_every_kind(kind: str, client: FlaskClient) -> None:
    answer = client.get(f"/tai-ve/trinh-bay/{BRIEFING}.{kind}?{QUARTER}")
    assert 200 == answer.status_code, answer.get_data(as_text=True)
    assert is_whole(answer.data, kind)


def test_the_same_state_gives_the_same_bytes(client: FlaskClient) -> None:
    for kind in KINDS[Subject.BRIEFING]:
        first, second = (client.get(f"/tai-ve/trinh-bay/{BRIEFING}.{kind}?{QUARTER}").data for _ in range(2))
        assert first == second, kind


def test_the_stamp_of_a_file_has_the_filters_the_dates_the_moment_the_version_and_the_code(client: FlaskClient) -> None:
    answer = client.get(f"/tai-ve/agencies.volumes.xlsx?{QUARTER}")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.data))["Bộ lọc"]
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value]
    said = " ".join([str(cell.value) for cell in cells] + [str(cell.hyperlink.target) for cell in cells if cell.hyperlink])
    code = re.findall(r"([A-Z2-9]{5}-[A-Z2-9]{5})\.xlsx", name_of(answer))[0]
    for part in ("Quý III/2026", "01/07/2026–30/09/2026", "31/10/2026", "02/11/2026 09:05", "0.1.0", code, f"https://bcci.laichau.example/ma/{code}"):
        assert part in said, part


def begin(client: FlaskClient, address: str, **headers: str) -> TestResponse:
    return client.post("/lam-tep", json={"tep": address}, headers=headers)


def finished(client: FlaskClient, job: str) -> dict[str, Any]:
    until = time.monotonic() + 60
    while (told := client.get(f"/lam-tep/{job}").get_json())["buoc"] not in ("done", "failed"):
        assert time.monotonic() < until
        time.sleep(0.02)
    return dict(told)


def test_a_file_can_be_made_in_the_background_with_its_progress(client: FlaskClient) -> None:
    job = begin(client, f"/tai-ve/trinh-bay/{BRIEFING}.docx?{QUARTER}").get_json()["viec"]
    assert "done" == finished(client, job)["buoc"]
    assert is_whole(client.get(f"/lam-tep/{job}/tep").data, "docx")


def test_a_file_that_cannot_be_made_says_why_at_the_end_of_its_progress(client: FlaskClient) -> None:
    job = begin(client, f"/tai-ve/trinh-bay/{BRIEFING}.docx?ky=2031").get_json()["viec"]
    told = finished(client, job)
    assert ("failed", True) == (told["buoc"], "chưa có số liệu" in told["loi"])
    assert 404 == client.get(f"/lam-tep/{job}/tep").status_code


ONE_PIXEL = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="


def test_the_picture_of_a_tile_map_from_the_readers_browser_is_one_more_slide(client: FlaskClient) -> None:
    address = f"/tai-ve/areas.tiles.pptx?{QUARTER}"
    job = client.post("/lam-tep", json={"tep": address, "anh": ONE_PIXEL}).get_json()["viec"]
    finished(client, job)
    with_picture, without = (pptx.Presentation(io.BytesIO(body)) for body in (client.get(f"/lam-tep/{job}/tep").data, client.get(address).data))
    assert len(without.slides) + 1 == len(with_picture.slides)
    assert "Ảnh" in [shape.name for shape in list(with_picture.slides)[-1].shapes]


@pytest.mark.parametrize("picture", ["x", "data:image/png;base64,AAAA", "data:image/png;base64,!!", "data:image/svg+xml;base64,AAAA"])
def test_what_is_no_picture_is_refused_with_a_sentence(picture: str, client: FlaskClient) -> None:
    answer = client.post("/lam-tep", json={"tep": f"/tai-ve/areas.tiles.pptx?{QUARTER}", "anh": picture})
    assert (400, True) == (answer.status_code, "cần một ảnh PNG" in answer.get_json()["loi"])


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/tai-ve/trinh-bay/khong-co.pptx", "Không có mẫu trình bày nào ở địa chỉ “khong-co”. Các địa chỉ: "),
        (f"/tai-ve/trinh-bay/{BRIEFING}.csv", "không có tệp dạng csv. Các dạng tải được: pptx, docx, xlsx, pdf."),
        ("/tai-ve/trang/khong-co.pdf", "Không có trang nào ở địa chỉ “khong-co”"),
        ("/tai-ve/overview.months.docx", "không có tệp dạng docx. Các dạng tải được: csv, xlsx, pptx, pdf."),
        ("/tai-ve/../../etc/passwd", "Không có thẻ nào"),
        ("/tai-ve/x", "Không có thẻ nào"),
    ],
)
def test_what_does_not_exist_is_not_found_with_a_sentence(path: str, said: str, client: FlaskClient) -> None:
    answer = client.get(path)
    assert 404 == answer.status_code
    assert said in answer.get_data(as_text=True)


def test_a_value_that_is_not_understood_gives_no_file(client: FlaskClient) -> None:
    for path in ("overview.months.xlsx", "trang/overview.pdf", f"trinh-bay/{BRIEFING}.pptx"):
        answer = client.get(f"/tai-ve/{path}?tu=mai")
        assert (400, True) == (answer.status_code, "«mai»" in answer.get_data(as_text=True)), path


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://elsewhere.example"}])
def test_another_site_can_neither_start_nor_publish_nor_take_a_code(headers: dict[str, str], client: FlaskClient) -> None:
    assert 403 == begin(client, "/tai-ve/overview.months.xlsx", **headers).status_code
    assert 403 == client.post("/ma", json={"the": "overview.months", "loc": ""}, headers=headers).status_code
    assert 403 == client.post("/cong-bo", data={"loc": f"{QUARTER}&mau={BRIEFING}", "ten": "x"}, headers=headers).status_code


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"x"', b'{"tep": 5}', b'{"tep": "http://elsewhere.example/x.csv"}'])
def test_a_malformed_order_is_a_sentence_and_no_fault(body: bytes, client: FlaskClient) -> None:
    for path in ("/lam-tep", "/ma"):
        answer = client.post(path, data=body, content_type="application/json")
        assert answer.status_code in (400, 404), path
        assert answer.get_json()["loi"]


def test_files_for_outside_hide_small_counts_and_say_so(client: FlaskClient) -> None:
    answer = client.get("/tai-ve/agencies.volumes.xlsx?ky=2026-10&ng=ben-ngoai")
    assert "-ben-ngoai-" in name_of(answer)
    sheet = openpyxl.load_workbook(io.BytesIO(answer.data))["Số liệu"]
    head = next(row for row in sheet.iter_rows(values_only=True) if "Tiếp nhận qua BCCI" in row)
    at = head.index("Tiếp nhận qua BCCI")
    column = [row[at] for row in sheet.iter_rows(values_only=True)]
    assert "<5" in column
    assert [] == [value for value in column if isinstance(value, int | float) and 0 < value < 5]


def test_files_with_every_small_count_are_not_given_for_outside(client: FlaskClient) -> None:
    for kind in ("csv", "xlsx", "docx"):
        answer = client.get(f"/tai-ve/adoption.call_list.{kind}?{QUARTER}&ng=ben-ngoai")
        assert (400, True) == (answer.status_code, "chỉ dùng nội bộ" in answer.get_data(as_text=True)), kind


def test_a_picture_gets_its_stamp_and_its_code_opens(client: FlaskClient) -> None:
    given = client.post("/ma", json={"the": "overview.months", "loc": f"?{QUARTER}"}).get_json()
    assert any(given["ma"] in line for line in given["dong"])
    assert "giống số liệu đã đưa ra" in words(load(client, f"/ma/{given['ma']}")["page"]["children"])


def test_an_unknown_code_is_a_sentence(client: FlaskClient) -> None:
    for code in ("AAAAA-AAAAA", "<script>", "x" * 500):
        assert "Không tìm thấy mã" in words(load(client, f"/ma/{code}")["page"]["children"])


def test_a_code_may_be_typed_in_small_letters_without_its_hyphen(client: FlaskClient) -> None:
    code = client.post("/ma", json={"the": "overview.totals", "loc": QUARTER}).get_json()["ma"]
    assert code in words(load(client, f"/ma/{code.lower().replace('-', '')}")["page"]["children"])


def test_a_published_briefing_is_listed_and_compared_with_today(client: FlaskClient) -> None:
    answer = client.post("/cong-bo", data={"loc": f"{QUARTER}&mau={BRIEFING}", "ten": "Báo cáo quý III"}, headers={"Sec-Fetch-Site": "same-origin"})
    assert 303 == answer.status_code
    said = words(load(client, answer.headers["Location"])["page"]["children"])
    assert "Báo cáo quý III (đã công bố)" in said
    assert "Số liệu hôm nay giống số liệu đã công bố." in said
    assert "Báo cáo quý III" in words(load(client, "/trinh-bay", f"?{QUARTER}")["page"]["children"])


@pytest.mark.parametrize(("form", "said"), [({"loc": QUARTER, "ten": "x"}, "Không có mẫu"), ({"loc": f"{QUARTER}&mau={BRIEFING}", "ten": "  "}, "Hãy đặt tên")])
def test_publishing_without_a_template_or_a_name_is_refused_with_a_sentence(form: dict[str, str], said: str, client: FlaskClient) -> None:
    answer = client.post("/cong-bo", data=form)
    assert (400, True) == (answer.status_code, said in answer.get_data(as_text=True))


def test_the_page_of_briefings_shows_the_slides_the_report_and_the_files(client: FlaskClient) -> None:
    said = words(load(client, "/trinh-bay", f"?{QUARTER}")["page"]["children"])
    for part in ("trang chiếu", "BÁO CÁO", "II. KẾT QUẢ", "Trang chiếu (PPTX)", "Báo cáo Word (DOCX)", "Chốt số liệu", "PHỤ LỤC 1"):
        assert part in said, part


def test_a_store_that_cannot_be_written_does_not_keep_a_reader_from_the_file(data: Data, tmp_path: Path) -> None:
    (tmp_path / "dashboard.sqlite").mkdir()
    office = Office(folder=tmp_path, clock=lambda: MADE_AT)
    client = create_app(Feed(lambda: data), Look(), office).server.test_client()
    assert 200 == client.get(f"/tai-ve/overview.months.xlsx?{QUARTER}").status_code
    assert "Không đọc được kho số liệu đã chốt" in words(load(client, "/trinh-bay", f"?{QUARTER}")["page"]["children"])


def test_every_card_offers_every_kind(client: FlaskClient) -> None:
    answer = load(client, "/", f"?{QUARTER}")
    said = words(answer["page"]["children"])
    assert all(said.count(f"Tải {kind}") >= len(PAGES_BY_KEY["overview"].cards) for kind in ("CSV", "XLSX", "PPTX", "PDF"))
    assert "overview.totals" in CARDS
