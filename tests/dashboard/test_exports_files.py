"""The files of a card over HTTP: every kind, the chosen rows, and a sentence for what cannot be given."""

from __future__ import annotations

import io
import re
from pathlib import Path
from urllib.parse import urlencode

import docx
import openpyxl
import pytest
from flask.testing import FlaskClient

from dashboard.app import create_app
from dashboard.cards import Asked, Card, CardFile, Drawing
from dashboard.exports.card_files import makers
from dashboard.exports.files import MIME_TYPES
from dashboard.exports.office import Office
from dashboard.ops import Feed
from dashboard.pages import CARDS
from dashboard.tables import Column, Table
from dashboard.view import Look
from dashboard.view.card import card as shown
from queries.call_list import CallList
from queries.filters import Filters
from tests.dashboard.call_rows import Q2, silent_province

ADDRESS = "tests.calls"
FILES = (CardFile("xlsx", "Tải danh sách (XLSX)", "call_list_workbook"), CardFile("docx", "Tải thư nhắc (DOCX)", "reminder_letters"))
CARD = Card(
    ADDRESS,
    "Danh sách cần nhắc",
    CallList(),
    lambda frame, _: Drawing("Hai đơn vị", table=Table.of(frame, (Column("agency_name", "Đơn vị"),), choose="agency_code"), is_empty=frame.empty),
    files=FILES,
)


@pytest.fixture
def client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    monkeypatch.setitem(CARDS, ADDRESS, CARD)
    data = silent_province(tmp_path)
    found: FlaskClient = create_app(Feed(lambda: data), Look(), Office(folder=tmp_path / "state")).server.test_client()
    return found


def address(kind: str, query: str = Q2, **more: str) -> str:
    return f"/tai-ve/{ADDRESS}.{kind}?{query}" + (f"&{urlencode(more)}" if more else "")


def units(content: bytes) -> list[str]:
    """The names in the list of a workbook."""
    return [str(row[2].value) for row in openpyxl.load_workbook(io.BytesIO(content))["Danh sách"].iter_rows(min_row=7) if row[2].value]


def receivers(content: bytes) -> list[str]:
    return [line.text.removeprefix("Kính gửi: ") for line in docx.Document(io.BytesIO(content)).paragraphs if line.text.startswith("Kính gửi: ")]


@pytest.mark.parametrize("kind", ["csv", "xlsx", "docx"])
def test_every_kind_comes_with_its_type_and_a_name_with_the_date_of_the_data(kind: str, client: FlaskClient) -> None:
    answer = client.get(address(kind))
    assert (200, MIME_TYPES[kind]) == (answer.status_code, answer.mimetype)
    assert re.fullmatch(rf'attachment; filename="{ADDRESS}-den-2026-06-30-[A-Z2-9]{{5}}-[A-Z2-9]{{5}}\.{kind}"', answer.headers["Content-Disposition"])
    assert answer.headers["Cache-Control"] == "no-store"


def test_without_a_choice_every_row_of_the_list_is_in_the_files(client: FlaskClient) -> None:
    for more in ({}, {"chon": ""}, {"chon": "  "}):
        assert units(client.get(address("xlsx", **more)).data) == ["UBND xã N", "=1+1 UBND xã M"]
        assert receivers(client.get(address("docx", **more)).data) == ["Ủy ban nhân dân xã N", "=1+1 Ủy ban nhân dân xã M"]
        assert len(client.get(address("csv", **more)).get_data(as_text=True).splitlines()) == 3


def test_only_chosen_rows_are_in_the_files(client: FlaskClient) -> None:
    assert units(client.get(address("xlsx", chon="N")).data) == ["UBND xã N"]
    assert receivers(client.get(address("docx", chon="M\\,1")).data) == ["=1+1 Ủy ban nhân dân xã M"]
    assert len(client.get(address("csv", chon="N")).get_data(as_text=True).splitlines()) == 2
    assert len(units(client.get(address("xlsx", chon="N,M\\,1")).data)) == 2


@pytest.mark.parametrize("chosen", ["KHONG-CO", "N,KHONG-CO"])
def test_a_chosen_code_that_is_not_in_the_list_is_named_and_nothing_is_given_instead(chosen: str, client: FlaskClient) -> None:
    for kind in ("csv", "xlsx", "docx", "pptx", "pdf"):
        answer = client.get(address(kind, chon=chosen))
        assert answer.status_code == 400
        assert answer.get_data(as_text=True).startswith("Danh sách của kỳ và bộ lọc này không có: «KHONG-CO». Hãy mở lại trang")


def test_a_choice_in_which_nothing_can_be_read_does_not_widen_to_all(client: FlaskClient) -> None:
    answer = client.get(address("docx", chon=","))
    assert (400, "Không đọc được mã nào trong «chon». Hãy chọn lại các dòng rồi tải tệp.\n") == (answer.status_code, answer.get_data(as_text=True))


def test_a_kind_that_a_card_does_not_have_is_not_found_with_a_sentence(client: FlaskClient) -> None:
    answer = client.get(f"/tai-ve/agencies.volumes.docx?{Q2}")
    assert answer.status_code == 404
    assert "không có tệp dạng docx. Các dạng tải được: csv, xlsx, pptx, pdf." in answer.get_data(as_text=True)
    assert client.get("/tai-ve/khong.co.docx").status_code == 404
    assert client.get(f"/tai-ve/{ADDRESS}.odt").status_code == 404


def test_a_period_without_data_gives_an_empty_list_and_a_sentence_instead_of_letters(client: FlaskClient) -> None:
    assert units(client.get(address("xlsx", "ky=2031")).data) == []
    answer = client.get(address("docx", "ky=2031"))
    assert answer.status_code == 400
    assert "không có thư nào để soạn" in answer.get_data(as_text=True)


def test_a_value_that_is_not_understood_gives_no_file_for_other_filters(client: FlaskClient) -> None:
    answer = client.get(address("docx", "tu=mai"))
    assert answer.status_code == 400
    assert "«mai»" in answer.get_data(as_text=True)


def test_every_file_of_a_card_has_a_maker_and_a_type() -> None:
    files = [file for card in (*CARDS.values(), CARD) for file in card.files]
    assert [file for file in files if file.maker not in makers() or file.kind not in MIME_TYPES] == []


def parts(component: object) -> list[dict[str, object]]:
    """The properties of every component of a tree."""
    if isinstance(component, (list, tuple)):
        return [one for part in component for one in parts(part)]
    if not hasattr(component, "to_plotly_json"):
        return []
    properties: dict[str, object] = component.to_plotly_json()["props"]
    return [properties, *parts(properties.get("children"))]


def test_a_card_links_its_files_and_its_rows_can_be_chosen_by_name(tmp_path: Path) -> None:
    found = parts(shown(CARD, Asked(silent_province(tmp_path), Filters.from_query(Q2))))
    links = {one["children"]: one for one in found if one.get("className") == "action"}
    assert ["Tải CSV", "Tải danh sách (XLSX)", "Tải thư nhắc (DOCX)", "Tải PPTX", "Tải PDF"] == list(links)
    assert {one["href"] == one["data-file"] for one in links.values()} == {True}
    assert links["Tải thư nhắc (DOCX)"]["href"] == f"/tai-ve/{ADDRESS}.docx?{Q2}"
    markup = "".join(str(one["data-html"]) for one in found if "data-html" in one)
    assert 'data-choose="N" aria-label="Chọn UBND xã N"' in markup
    assert 'data-choose="M\\,1" aria-label="Chọn =1+1 UBND xã M"' in markup
    assert markup.count("data-choose-all") == 1


def test_a_list_without_rows_offers_only_the_csv(tmp_path: Path) -> None:
    found = parts(shown(CARD, Asked(silent_province(tmp_path), Filters.from_query("ky=2031"))))
    assert [one["children"] for one in found if one.get("className") == "action"] == ["Tải CSV"]
