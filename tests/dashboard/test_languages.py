"""The switch of language, and every word that is shown: Vietnamese in Vietnamese, English in English, files always in Vietnamese."""

from __future__ import annotations

import io
import json
import re
import time
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from unittest import mock

import docx
import openpyxl
import pptx
import pytest
from flask.testing import FlaskClient
from pypdf import PdfReader

from config.briefings import load_briefings
from config.language import ENGLISH, VIETNAMESE, answering, english
from config.targets import load_targets
from dashboard import text, theme
from dashboard.app import create_app
from dashboard.auth import Access, Way
from dashboard.auth.accounts import Accounts
from dashboard.content.briefing import usable
from dashboard.exports.files import Subject, Wanted, make
from dashboard.exports.office import Office
from dashboard.guard.languages import COOKIE, SWITCHES
from dashboard.ops import Feed, start_log
from dashboard.pages import PAGES
from dashboard.pages.areas_words import tile_name
from dashboard.tables import STATE_KEYS
from dashboard.view import Look
from queries import contract
from queries.data import Data, open_data
from queries.errors import DatabaseUnreachable
from queries.filters import KEYS
from queries.period import day_label, month_label
from queries.rights import Rights, Role
from tests.conftest import ROOT
from tests.dashboard.test_finished import load
from tests.shown import of_page, shown
from tests.words import VIETNAMESE as LETTERS
from tests.words import constants

pytestmark = pytest.mark.slow
PATHS = [page.path for page in PAGES]
STATES = (
    "",
    "?dv=SKHCN&ky=2025&tc=hien-nay&ss=ky-truoc&sx=-received",
    "?tu=2030-01-01&den=mai&dv=KHONG-CO&ss=x&mau=khong-co&tc=nhom",
)
WORD = re.compile(r"[^\W\d_]+(?:[_.][^\W\d_]+)*")
SYLLABLE = re.compile(
    "(?:ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdđghklmnprstvx])?[aàáảãạăằắẳẵặâầấẩẫậeèéẻẽẹêềếểễệiìíỉĩịoòóỏõọôồốổỗộơờớởỡợuùúủũụưừứửữựyỳýỷỹỵ]{1,3}(?:ch|ng|nh|[cmnpt])?"
)


@pytest.fixture(scope="module")
def data(demo_url: str) -> Iterator[Data]:
    start_log()
    opened = open_data(demo_url)
    yield opened
    opened.source.close()


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    briefings = usable(load_briefings(ROOT / "config" / "briefings"))
    return Office(
        folder=tmp_path_factory.mktemp("office"),
        briefings=briefings,
        targets=load_targets(ROOT / "config" / "targets.toml"),
        clock=lambda: datetime(2026, 11, 2, 8),
    )


def client_of(data: Data, office: Office, language: str = VIETNAMESE) -> FlaskClient:
    look = Look(targets=office.targets)
    client: FlaskClient = create_app(Feed(lambda: data), look, office).server.test_client()
    client.set_cookie(COOKIE, language)
    return client


@pytest.fixture(scope="module")
def names(data: Data) -> re.Pattern[str]:
    """What is a name: of agencies, areas, procedures, sectors, their groups, and what stands in the configuration."""
    catalogue = data.catalogue
    found = {name for known in (catalogue.agency_names, catalogue.area_names, catalogue.procedure_names, catalogue.sector_names) for name in known.values()}
    found |= {tile_name(name) for name in catalogue.area_names.values()} | {name.partition(" ")[2] for name in catalogue.area_names.values()}
    found |= {part.name.partition(": ")[2].partition(" (")[0] for groups in (catalogue.agency_groups, catalogue.area_groups) for part in groups}
    for long, short in text._ABBREVIATIONS:
        found |= {name.replace(long, short) for name in found}
    found |= {data.source_name or "", "Lai Châu", *_configured()}
    return re.compile("|".join(re.escape(name) for name in sorted(found, key=len, reverse=True) if len(name) > 3), re.IGNORECASE)


def _configured() -> set[str]:
    """Titles of plans, laws and versions: quoted as they are."""
    return {words for words in constants() if words not in english() and LETTERS.search(words)}


def allowed() -> set[str]:
    """Words that are no Vietnamese and may be shown: kinds of files, the names of the data contract, keys of addresses, and the list in the file."""
    lines = (ROOT / "tests" / "allowed_words.txt").read_text(encoding="utf-8").splitlines()
    columns = {name for table in contract.METADATA.tables.values() for name in (table.name, *table.columns.keys())}
    keys = {word for words in (*KEYS.items(), *STATE_KEYS.items()) for part in words for word in WORD.findall(part)}
    return {word for line in lines if not line.startswith("#") for word in line.split()} | columns | {word for word in keys if not LETTERS.search(word)}


def foreign(words: Iterable[str], names: re.Pattern[str]) -> set[str]:
    """The words that are neither Vietnamese syllables nor names nor allowed."""
    known = {word.lower() for word in allowed()}
    found: set[str] = set()
    for said in set(words):
        if _strange(said, known):
            found |= {f"{word} | {said[:120]}" for word in _strange(names.sub(" ", said), known)}
    return found


def _strange(said: str, known: set[str]) -> list[str]:
    """Words that are no syllable; abbreviations in capitals, single letters and names of the contract's kind (`a_b`) are none."""
    plain = re.sub(r"[{][^{}]*[}]|https?://\S+|\S+=\S+|[“«/]\S*/\S*", " ", said)
    words = [word for word in WORD.findall(plain) if word.isalpha() and len(word) > 1 and not word.isupper()]
    return [word for word in words if word.lower() not in known and not SYLLABLE.fullmatch(word.lower())]


def vietnamese(words: Iterable[str], names: re.Pattern[str]) -> set[str]:
    """The sentences with a Vietnamese word that is no name; a name that was cut to fit ends with “…”."""
    known = {word.lower() for word in WORD.findall(names.pattern)} | {"đồng", "qđ", "nđ", "ttg"}
    found: set[str] = set()
    for said in {said for said in words if LETTERS.search(said)}:
        left = [word for word in re.findall(r"[^\W\d_]+", names.sub(" ", said)) if LETTERS.search(word)]
        is_cut = "…" in said
        if any(word.lower() not in known if is_cut else word.lower() not in {"đồng", "qđ", "nđ", "ttg"} for word in left):
            found.add(said[:160])
    return found


def words_of(client: FlaskClient, path: str, search: str, language: str) -> list[str]:
    return list(shown(load(client, path, search).get_json()["response"], language=language))


@pytest.mark.parametrize("path", PATHS)
def test_vietnamese_pages_have_no_foreign_word(path: str, data: Data, office: Office, names: re.Pattern[str]) -> None:
    client = client_of(data, office)
    found = {word for search in STATES for word in foreign(words_of(client, path, search, VIETNAMESE), names)}
    assert found == set()


@pytest.mark.parametrize("path", PATHS)
def test_english_pages_have_no_vietnamese_word_but_names_and_laws(path: str, data: Data, office: Office, names: re.Pattern[str]) -> None:
    client = client_of(data, office, ENGLISH)
    found = {word for search in STATES for word in vietnamese(words_of(client, path, search, ENGLISH), names)}
    assert found == set()


@pytest.mark.parametrize("role", [Role.HEAD, Role.POST_OPERATOR])
def test_the_pages_of_other_roles_are_in_one_language_too(role: Role, data: Data, office: Office, names: re.Pattern[str]) -> None:
    narrow = data.within(Rights(role, ("SKHCN",) if role is Role.HEAD else None))
    for path in ("/", "/don-vi"):
        assert foreign(words_of(client_of(narrow, office), path, "", VIETNAMESE), names) == set()
        assert vietnamese(words_of(client_of(narrow, office, ENGLISH), path, "", ENGLISH), names) == set()


def test_the_shell_the_journal_and_a_missing_page_are_in_one_language(data: Data, office: Office, names: re.Pattern[str]) -> None:
    for language, wrong in ((VIETNAMESE, foreign), (ENGLISH, vietnamese)):
        client = client_of(data, office, language)
        assert wrong(shown(client.get("/_dash-layout").get_json(), language=language), names) == set()
        assert wrong(of_page(client.get("/nhat-ky").get_data(as_text=True)), names) == set()
        assert wrong(words_of(client, "/khong-co", "", language), names) == set()
        assert f'<html lang="{language}">' in client.get("/").get_data(as_text=True)


def test_a_database_that_is_away_is_told_in_the_readers_language(office: Office, names: re.Pattern[str]) -> None:
    def gone() -> Data:
        from queries.faults import unreachable

        raise unreachable(OSError("gone"), "PostgreSQL")

    for language, wrong, word in ((VIETNAMESE, foreign, "không trả lời"), (ENGLISH, vietnamese, "does not answer")):
        client: FlaskClient = create_app(Feed(gone), Look(), office).server.test_client()
        client.set_cookie(COOKIE, language)
        said = words_of(client, "/", "", language)
        assert wrong(said, names) == set()
        assert any(word in words for words in said)


def test_the_sign_in_and_its_refusals_are_in_one_language(data: Data, names: re.Pattern[str], tmp_path: Path) -> None:
    Accounts(tmp_path / "accounts.json").add("an", Role.VIEWER, (), "mat-khau-that-dai")
    for language, wrong, refused in ((VIETNAMESE, foreign, "mật khẩu"), (ENGLISH, vietnamese, "password")):
        access = Access(Way.LOCAL, tmp_path / "accounts.json", tmp_path / f"sessions-{language}.sqlite")
        client: FlaskClient = create_app(Feed(lambda: data), Look(), Office(folder=tmp_path), access=access).server.test_client()
        client.set_cookie(COOKIE, language)
        first = client.get("/dang-nhap?tiep=/don-vi").get_data(as_text=True)
        answers = [client.post("/dang-nhap", data={"ten": "an", "mat-khau": "sai", "tiep": "/"}) for _ in range(12)]
        assert {403, 429} <= {answer.status_code for answer in answers}
        pages = {first, *(answer.get_data(as_text=True) for answer in answers)}
        assert len(pages) >= 3, "the plain page, a refusal, too many"
        for page in pages:
            assert f'<html lang="{language}">' in page
            assert wrong(of_page(page), names) == set()
        assert any(refused in page.lower() for page in pages - {first})


def test_the_end_of_a_file_is_told_in_the_readers_language(data: Data, office: Office) -> None:
    client = client_of(data, office, ENGLISH)
    unknown = client.post("/lam-tep", json={"tep": "/tai-ve/khong-co.csv"})
    assert (400, None) == (unknown.status_code, LETTERS.search(unknown.get_json()["loi"]))
    assert not LETTERS.search(client.post("/lam-tep", json={"tep": "/tai-ve/overview.totals.pdf", "anh": "x"}).get_json()["loi"])
    for address, fault in (("trang/overview.pdf", None), ("trang/overview.pptx?ky=2021", RuntimeError("made up")), ("trinh-bay/quarterly.docx?ky=2031", None)):
        with mock.patch("dashboard.view.downloads.make", side_effect=fault, wraps=None if fault else make):
            job = client.post("/lam-tep", json={"tep": f"/tai-ve/{address}"}).get_json()["viec"]
            told = _ended(client, job)
        assert ("done" if "overview.pdf" in address else "failed") == told["buoc"]
        assert not LETTERS.search(str(told.get("loi", told.get("dang")))), told


def _ended(client: FlaskClient, job: str) -> dict[str, Any]:
    until = time.monotonic() + 60
    while (told := client.get(f"/lam-tep/{job}").get_json())["buoc"] not in ("done", "failed"):
        assert not LETTERS.search(str(told.get("dang", ""))), told
        assert time.monotonic() < until
        time.sleep(0.02)
    return dict(told)


def test_a_card_that_fails_is_told_in_the_readers_language(data: Data, office: Office) -> None:
    from queries.source import Source

    fault = DatabaseUnreachable("gone", sentence="Số liệu đang được nạp vào cơ sở dữ liệu nên chưa thể tính cho nhất quán. Hãy thử lại sau ít phút.")
    with mock.patch.object(Source, "frame", side_effect=fault):
        said = words_of(client_of(data, office, ENGLISH), "/thu-tuc", "?ky=2021", ENGLISH)
    assert "Data are being loaded into the database, so nothing consistent can be worked out. Try again in a few minutes." in said


def test_the_switch_sets_a_cookie_and_leads_back_to_the_open_page(data: Data, office: Office) -> None:
    client = client_of(data, office)
    answer = client.get("/ngon-ngu/en", headers={"Referer": "http://localhost/don-vi?ky=2025"})
    assert (303, "/don-vi?ky=2025") == (answer.status_code, answer.headers["Location"])
    assert "SameSite=Lax" in answer.headers["Set-Cookie"]
    assert "Agencies and units" not in json.dumps(load(client_of(data, office)).get_json())
    assert '<html lang="en">' in client.get("/").get_data(as_text=True)
    client.get("/ngon-ngu/vi")
    assert '<html lang="vi">' in client.get("/").get_data(as_text=True)


@pytest.mark.parametrize("referrer", ["http://xau.example/don-vi", "http://localhost//xau.example", "", "javascript:alert(1)"])
def test_the_switch_leads_nowhere_else(referrer: str, data: Data, office: Office) -> None:
    answer = client_of(data, office).get(SWITCHES[1], headers={"Referer": referrer} if referrer else {})
    assert "/" == answer.headers["Location"]


def test_a_finished_page_is_kept_for_its_own_language_only(data: Data, office: Office) -> None:
    client = client_of(data, office)
    first = load(client, "/thu-tuc").get_json()
    client.set_cookie(COOKIE, ENGLISH)
    second = load(client, "/thu-tuc").get_json()
    client.set_cookie(COOKIE, VIETNAMESE)
    assert first != second
    assert first == load(client, "/thu-tuc").get_json()


def test_what_is_counted_does_not_know_the_language(data: Data) -> None:
    from dashboard.pages import CARDS, answer

    for address in sorted(CARDS)[::4]:
        with answering(ENGLISH):
            said = answer(address, data, "ky=2026-Q3").to_json(date_format="iso")
        assert said == answer(address, data, "ky=2026-Q3").to_json(date_format="iso")


def test_numbers_and_dates_follow_the_language() -> None:
    with answering(ENGLISH):
        assert text.number(Decimal("1234567.8")) == "1,234,567.8"
        assert text.percent(952, 1000) == "95.2%"
        assert text.percent(9999, 10000) == ">99.9%"
        assert text.change(1234, 1000) == "up 234 dossiers (+23.4%)"
        assert text.relative_change(10001, 10000) == "under 0.1%"
        assert text.points(5, 10, 4, 10) == "up 10.0 percentage points"
        assert text.join_names(["A", "B", "C", "D", "E"]) == "A, B, C and 2 other units"
        assert day_label(date(2027, 1, 5)) == "5 Jan 2027"
        assert text.datetime_label(datetime(2027, 1, 5, 9, 8)) == "5 Jan 2027 09:08"
        assert month_label(2026 * 12 + 2) == "Mar 2026"
        assert theme.finish({"data": [], "layout": {}})["layout"]["separators"] == ".,"
        assert theme.config()["locale"] == "en"
    assert theme.finish({"data": [], "layout": {}})["layout"]["separators"] == ",."


def texts(kind: str, body: bytes) -> list[str]:
    """The words of a file."""
    if kind == "xlsx":
        book = openpyxl.load_workbook(io.BytesIO(body))
        return [
            str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str) and not cell.value.startswith("=")
        ]
    if kind == "docx":
        paper = docx.Document(io.BytesIO(body))
        return [*(line.text for line in paper.paragraphs), *(cell.text for table in paper.tables for row in table.rows for cell in row.cells)]
    if kind == "pptx":
        return [shape.text_frame.text for slide in pptx.Presentation(io.BytesIO(body)).slides for shape in slide.shapes if shape.has_text_frame]
    return [page.extract_text().replace("\n", " ") for page in PdfReader(io.BytesIO(body)).pages]


@pytest.mark.parametrize(
    "file",
    [(Subject.PAGE, "overview", "xlsx"), (Subject.PAGE, "agencies", "pptx"), (Subject.CARD, "overview.totals", "pdf"), (Subject.BRIEFING, "quarterly", "docx")],
    ids=lambda file: f"{file[1]}.{file[2]}",
)
def test_files_are_vietnamese_whatever_the_reader_reads(file: tuple[Subject, str, str], data: Data, office: Office, names: re.Pattern[str]) -> None:
    with answering(ENGLISH):
        made = make(Wanted(*file, "ky=2026-Q3"), data, office)
    said = texts(file[2], made.body)
    assert foreign(said, names) == set()
    assert any("Số liệu đến" in words for words in said)


def test_the_words_of_the_scripts_are_in_both_languages() -> None:
    for name in ("figure.js", "files.js"):
        script = (Path(ROOT) / "assets" / name).read_text(encoding="utf-8")
        halves: Any = re.search(r"vi: \{(.*?)\n    \},\n    en: \{(.*?)\n    \},", script, re.DOTALL)
        keys = [re.findall(r"^\s+(\w+):", half, re.MULTILINE) for half in halves.groups()]
        assert keys[0] == keys[1] != []
        assert not LETTERS.search(halves[2])
