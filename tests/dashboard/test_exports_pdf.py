"""PDF files: a page, a card, the report of a briefing."""

from __future__ import annotations

import io
import re
import tempfile
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import typst
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject

from dashboard.cards import Kpi
from dashboard.charts import Chart, ChartMark, ChartSeries, Form
from dashboard.content.chart_spec import CardSpec, ChartSpec, page_specs
from dashboard.content.plan import Annex, Heading, Paragraph, Plan, TableBlock, TitledTable
from dashboard.content.stamp import DEMO, Making, Stamp, stamp_of
from dashboard.exports import pdf, pdf_fonts
from dashboard.exports.pdf import card_pdf, page_pdf, plan_pdf
from dashboard.exports.pdf_fonts import ALPHABET, CARRIED, PRINTED, SERIF, has_letters, printable, serif_of
from dashboard.pages import PAGES
from dashboard.tables import PAGE_ROWS, Column, Kind, Table
from queries.data import Data, open_data
from queries.sentence import VERDICT_NAMES
from tests.dashboard.sample_plan import LETTERS, MADE_AT, asked_for, sample_plan, spec_of

HOSTILE = ("#panic(1)", "*đậm*", "@ai", "<script>alert(1)</script>", "$x^2$", r"\end{}", "=1+1", "_nghiêng_", "[[ ]]", "// hết", "`a`", "'x'", '"y"')
COLUMNS = (Column("name", "Đơn vị"), Column("number", "Số kết quả", Kind.WHOLE))


@pytest.fixture(scope="module")
def data(demo_url: str) -> Data:
    return open_data(demo_url)


@pytest.fixture(scope="module")
def plan(data: Data) -> Plan:
    return sample_plan(data)


@pytest.fixture(scope="module")
def report(plan: Plan) -> bytes:
    return plan_pdf(plan)


@pytest.fixture(scope="module")
def stamp(data: Data) -> Stamp:
    return stamp_of("Thẻ", "card:x", asked_for(data), Making(MADE_AT))


def _pages(content: bytes) -> list[str]:
    return [unicodedata.normalize("NFC", page.extract_text()) for page in PdfReader(io.BytesIO(content)).pages]


def _text(content: bytes) -> str:
    """All words of a file without spaces and line ends: a name may be broken over two lines."""
    return "".join("".join(_pages(content)).split())


def _said(words: str) -> str:
    return "".join(printable(words).split())


def _card(*names: str, **options: Any) -> CardSpec:
    rows = tuple({"name": name, "number": number} for number, name in enumerate(names))
    given: dict[str, Any] = {"title": "Thông điệp", "table": Table(COLUMNS, rows)}
    return CardSpec("x.y", "Thẻ thử", **given | options)


def _chart(form: Form, *values: float | None, name: str = "Tên") -> ChartSpec:
    chart = Chart(form, tuple(f"{name} {at}" for at in range(len(values))), (ChartSeries("Trả", values, "#0a6a66"),), marks=(ChartMark(0, name),))
    return ChartSpec(chart, "Thông điệp", "", f"Biểu đồ: {name}", "Nguồn: thử.")


def _tags(content: bytes) -> Iterator[DictionaryObject]:
    """Every element of the structure tree, from the root down in reading order."""
    stack: list[Any] = [PdfReader(io.BytesIO(content)).trailer["/Root"]["/StructTreeRoot"]]  # type: ignore[index] # pypdf types the trailer loosely
    while stack:
        element = stack.pop().get_object()
        if isinstance(element, ArrayObject):
            stack.extend(reversed(element))
        elif isinstance(element, DictionaryObject):
            if "/S" in element:
                yield element
            if "/K" in element:
                stack.append(element["/K"])


def _names(content: bytes) -> list[str]:
    return [_name(element) for element in _tags(content)]


def _name(element: DictionaryObject) -> str:
    return str(element["/S"])


def test_the_file_says_that_it_is_for_archives_and_for_screen_readers(report: bytes) -> None:
    reader = PdfReader(io.BytesIO(report))
    root: Any = reader.trailer["/Root"]
    said = root["/Metadata"].get_object().get_data().decode()
    found = [re.search(rf"{key}>([^<]+)<", said) for key in ("pdfaid:part", "pdfaid:conformance", "pdfuaid:part")]
    assert ["2", "A", "1"] == [match[1] for match in found if match]
    assert ("vi-VN", True, True) == (root["/Lang"], root["/MarkInfo"]["/Marked"], root["/ViewerPreferences"]["/DisplayDocTitle"])
    assert reader.metadata is not None
    assert str(reader.metadata.title).startswith("BÁO CÁO Kết quả tiếp nhận")
    assert "/OutputIntents" in root


def test_every_picture_has_words_for_who_cannot_see_it(report: bytes, plan: Plan) -> None:
    figures = [str(element.get("/Alt", "")) for element in _tags(report) if _name(element) == "/Figure"]
    drawn = [block.chart for block in plan.report if hasattr(block, "chart")]
    assert [printable(spec.alt_text) for spec in drawn] == figures


def test_headings_and_table_heads_are_real(report: bytes) -> None:
    names = _names(report)
    assert {"/Title", "/H1", "/H2", "/Table", "/THead", "/TH", "/TD", "/Caption"} <= set(names)
    heads = [element for element in _tags(report) if _name(element) == "/TH"]
    assert all("/Scope" in str(element.get("/A")) for element in heads)


def test_no_heading_jumps_over_a_level(plan: Plan) -> None:
    deep = replace(plan, report=(Heading("Sâu", 3), Heading("Sâu hơn", 5), Heading("Đầu", 1)))
    assert ["/H1", "/H2", "/H1"] == [name for name in _names(plan_pdf(deep)) if re.fullmatch(r"/H\d", name)][:3]


def test_the_letters_come_back_composed_and_their_fonts_are_in_the_file(report: bytes, stamp: Stamp) -> None:
    for content in (report, card_pdf(_card(LETTERS, ALPHABET, lines=(LETTERS,)), stamp)):
        assert _said(LETTERS) in _text(content)
        fonts = [font for page in PdfReader(io.BytesIO(content)).pages for font in _fonts(page["/Resources"].get_object())]
        assert fonts
        assert all("/FontFile2" in font or "/FontFile3" in font for font in fonts)
    assert "".join(ALPHABET.split()) in _text(content)


def _fonts(resources: Any) -> Iterator[Any]:
    for font in resources.get("/Font", {}).values():
        yield font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"]
    for inner in resources.get("/XObject", {}).values():
        yield from _fonts(inner.get_object().get("/Resources", {}))


def test_every_character_that_is_let_through_has_a_glyph_in_every_style() -> None:
    source = """#set document(title: "x")\n#let marks = sys.inputs.marks\n#set text(font: json(bytes(sys.inputs.fonts)))
#marks #strong(marks) #emph(marks) #strong(emph(marks))"""
    bare = serif_of(typst.Fonts(include_system_fonts=False, include_embedded_fonts=False))
    for face in (pdf_fonts.sans(), pdf_fonts.serif(), bare):
        given = {"marks": " ".join(sorted(PRINTED)), "fonts": str(list(face.families)).replace("'", '"')}
        made, warnings = typst.compile_with_warnings(
            source.encode(), font_paths=face.fonts, ignore_system_fonts=True, format="pdf", pdf_standards=["a-2a", "ua-1"], sys_inputs=given
        )
        assert (True, []) == (isinstance(made, bytes), warnings)


def test_a_font_that_lacks_a_letter_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    carried = typst.Fonts(include_system_fonts=False)
    assert has_letters(CARRIED, carried)
    monkeypatch.setattr(pdf_fonts, "ALPHABET", "ă漢")
    assert not has_letters(CARRIED, carried)


def test_the_report_is_set_in_the_first_serif_of_the_list_that_the_system_has_whole() -> None:
    assert pdf_fonts.serif().families[0] in (*SERIF, CARRIED)


def test_a_machine_without_any_font_makes_the_same_files(plan: Plan, stamp: Stamp, monkeypatch: pytest.MonkeyPatch) -> None:
    bare = serif_of(typst.Fonts(include_system_fonts=False, include_embedded_fonts=False))
    assert CARRIED == bare.families[0]
    monkeypatch.setattr(pdf, "serif", lambda: bare)
    assert _said(LETTERS) in _text(plan_pdf(plan))


def test_typst_has_nothing_to_warn_of(plan: Plan, stamp: Stamp, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[Any] = []

    class Listening:
        def __init__(self, *args: Any, **options: Any) -> None:
            self._compiler = typst.Compiler(*args, **options)

        def compile(self, **options: Any) -> Any:
            made, warnings = self._compiler.compile_with_warnings(**options)
            said.extend(warnings)
            return made

    monkeypatch.setattr(pdf, "typst", type("typst", (), {"Compiler": Listening}))
    plan_pdf(plan)
    card_pdf(plan.cards[1], stamp)
    assert [] == [warning.message for warning in said]


def test_names_are_shown_and_never_obeyed(plan: Plan, stamp: Stamp) -> None:
    card = _card(
        *HOSTILE, title="".join(HOSTILE), lines=HOSTILE, note=HOSTILE[0], kpis=(Kpi(HOSTILE[1], HOSTILE[0]),), chart=_chart(Form.BARS, 1, name=HOSTILE[3])
    )
    content = _text(card_pdf(card, stamp))
    assert [] == [name for name in HOSTILE if _said(name) not in content]
    said = tuple(Paragraph(name) for name in HOSTILE)
    letterhead = replace(plan.letterhead, issuer=HOSTILE[0], place=HOSTILE[1])
    annex = Annex(HOSTILE[2], "x", TitledTable(HOSTILE[3], Table(COLUMNS, ({"name": HOSTILE[4], "number": 1},))))
    content = _text(plan_pdf(replace(plan, report=said, about=HOSTILE[5], letterhead=letterhead, annexes=(annex,), recipients=HOSTILE)))
    assert [] == [name for name in HOSTILE if _said(name) not in content]


def test_control_characters_go_and_letters_of_other_scripts_become_squares(stamp: Stamp) -> None:
    content = _text(card_pdf(_card("A\x00\ud800B 漢字 😀", title="x\x1by", chart=_chart(Form.LINE, 1, name="漢\x07")), stamp))
    assert {True} == {words in content for words in ("AB□□□", "xy")}


def test_a_page_says_what_its_cards_say(data: Data) -> None:
    """Titles, figures and every cell that the screen shows too: the first hundred rows of a table."""
    page = next(page for page in PAGES if page.path == "/")
    asked = asked_for(data)
    specs = page_specs(page, asked)
    content = _text(page_pdf(page.name, specs, stamp_of(page.name, "page:/", asked, Making(MADE_AT))))
    for spec in specs:
        cells = [column.show(row.get(column.key)) for row in spec.table.rows[:PAGE_ROWS] for column in spec.table.columns] if spec.table else []
        wanted = [spec.title, spec.subtitle, spec.note, *spec.lines, *(kpi.value for kpi in spec.kpis), *cells]
        assert [] == [words for words in wanted if _said(words) not in content]


@pytest.mark.slow
def test_every_page_becomes_a_file(data: Data) -> None:
    for page in (page for page in PAGES if page.cards):
        asked = asked_for(data, address=page.cards[0].address)
        specs = page_specs(page, asked)
        content = _text(page_pdf(page.name, specs, stamp_of(page.name, "page", asked, Making(MADE_AT))))
        assert [] == [spec.title for spec in specs if _said(spec.title) not in content]


def test_a_report_holds_everything_of_its_plan(report: bytes, plan: Plan) -> None:
    content = _text(report)
    words = [plan.kind_words, plan.about, *plan.recipients, *plan.stamp.lines(), *(part for pair in plan.definitions for part in pair)]
    tables = [annex.table for annex in plan.annexes] + [block.table for block in plan.report if isinstance(block, TableBlock)]
    words += [table.title for table in tables[: len(plan.annexes)]] + [annex.heading for annex in plan.annexes]
    words += [column.show(row.get(column.key)) for table in tables for row in table.table.rows for column in table.table.columns]
    words += [block.words for block in plan.report if isinstance(block, Heading | Paragraph)]
    assert [] == [one for one in words if _said(one) not in content]
    assert {True} == {part in content for part in ("CỘNGHÒAXÃHỘICHỦNGHĨAVIỆTNAM", "Độclập-Tựdo-Hạnhphúc", "DỰTHẢO", "NGUỒNSỐLIỆUVÀCÁCHTÍNH")}


def test_pages_are_numbered_from_the_second_in_the_top_margin_and_annexes_lie(report: bytes, plan: Plan) -> None:
    first, second, *_ = _pages(report)
    assert ("2", False) == (second.split()[0], first.split()[0].isdigit())
    boxes = [page.mediabox for page in PdfReader(io.BytesIO(report)).pages]
    lying = [float(box.width) > float(box.height) for box in boxes]
    assert (False, True, False) == (lying[0], lying[-2], lying[-1])


def test_made_up_data_is_called_so_on_every_page(report: bytes, stamp: Stamp) -> None:
    for content in (report, card_pdf(_card(*map(str, range(120))), stamp)):
        assert {True} == {"Dữ liệu minh họa" in page for page in _pages(content)}
    assert "".join(DEMO.split()) in _text(report)


def test_a_table_repeats_its_head_on_every_page(stamp: Stamp) -> None:
    pages = _pages(card_pdf(_card(*(f"Đơn vị số {number}" for number in range(150))), stamp))
    assert len(pages) > 3
    assert {True} == {"Số kết quả" in " ".join(page.split()) for page in pages if "Đơn vị số" in page}


def test_a_page_says_how_many_rows_it_leaves_out(stamp: Stamp) -> None:
    card = _card(*map(str, range(PAGE_ROWS + 7)))
    assert "Còn 7 dòng không in ở đây; tệp Excel có đủ." in " ".join("".join(_pages(page_pdf("Trang", [card], stamp))).split())
    assert "Còn" not in _text(card_pdf(card, stamp))


def test_a_verdict_is_written_in_words(stamp: Stamp) -> None:
    table = Table((Column("verdict", "Tình trạng", Kind.VERDICT),), ({"verdict": "not_by_post"},))
    content = _text(card_pdf(_card(table=table), stamp))
    assert ("".join(VERDICT_NAMES["not_by_post"].split()) in content, "not_by_post" in content) == (True, False)


def test_missing_is_a_dash_and_an_empty_card_says_why(stamp: Stamp) -> None:
    table = Table(COLUMNS, ({"name": "A", "number": None},), total={"name": "Cộng", "number": 12345})
    content = _text(card_pdf(_card(table=table), stamp))
    assert ("A–" in content, "Cộng12.345" in content) == (True, True)
    empty = _text(card_pdf(_card(title="Không có số liệu", subtitle="vì kỳ nằm ngoài số liệu", table=None, is_empty=True), stamp))
    assert "vìkỳnằmngoàisốliệu" in empty


@pytest.mark.parametrize("table", [Table((), ()), Table(COLUMNS, ()), Table(COLUMNS * 20, ({"name": "Rất dài " * 200, "number": -1},))])
def test_odd_tables_make_good_files(plan: Plan, stamp: Stamp, table: Table) -> None:
    for content in (card_pdf(_card(table=table), stamp), plan_pdf(replace(plan, annexes=(Annex("PHỤ LỤC 1", "x", TitledTable("Bảng", table)),)))):
        assert len(PdfReader(io.BytesIO(content)).pages) >= 1


@pytest.mark.parametrize("form", [Form.LINE, Form.COLUMNS, Form.BARS, Form.STACKED, Form.GRID])
@pytest.mark.parametrize("values", [(1,), (None,), (-5, 3, None), tuple(range(40))])
def test_odd_charts_make_good_files(stamp: Stamp, form: Form, values: tuple[float | None, ...]) -> None:
    content = card_pdf(_card("A", chart=_chart(form, *values)), stamp)
    assert "/Figure" in _names(content)


def test_a_map_stands_on_the_page_of_its_title(data: Data, stamp: Stamp) -> None:
    spec = spec_of(data, "areas.tiles")
    assert spec.chart is not None
    first = "".join(_pages(card_pdf(spec, stamp))[0].split())
    assert [] == [words for words in (spec.title, *(label for series in spec.chart.chart.series for label in series.labels)) if _said(words) not in first]


def test_a_very_long_name_does_no_harm(plan: Plan, stamp: Stamp) -> None:
    long = "Trung tâm " * 300
    assert _said(long) in _text(card_pdf(_card(long, title=long, chart=_chart(Form.BARS, 1, name=long)), stamp))
    content = _text(plan_pdf(replace(plan, about=long, letterhead=replace(plan.letterhead, issuer=long))))
    assert (300, 300) == (content.count("Trung"), content.count("TRUNG"))


def test_the_same_state_gives_the_same_bytes(plan: Plan, report: bytes, stamp: Stamp) -> None:
    assert report == plan_pdf(plan)
    assert card_pdf(plan.cards[1], stamp) == card_pdf(plan.cards[1], stamp)


def test_made_at_another_hour_only_the_stamp_differs(plan: Plan, report: bytes) -> None:
    later = replace(plan, stamp=replace(plan.stamp, made_at=plan.stamp.made_at + timedelta(hours=1)))
    before, after = ("\n".join(_pages(content)).splitlines() for content in (report, plan_pdf(later)))
    assert [(plan.stamp.made_line, later.stamp.made_line)] == [pair for pair in zip(before, after, strict=True) if pair[0] != pair[1]]


def test_the_date_of_the_file_is_the_date_of_the_data(report: bytes, plan: Plan) -> None:
    said = PdfReader(io.BytesIO(report)).metadata
    assert said is not None
    assert said.creation_date is not None
    assert plan.stamp.as_of == (said.creation_date + timedelta(hours=7)).date()


def test_nothing_is_left_on_the_disk(plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    plan_pdf(plan)
    assert [] == list(tmp_path.iterdir())


def test_the_code_can_be_opened_from_the_file(report: bytes, plan: Plan) -> None:
    notes = [note.get_object() for page in PdfReader(io.BytesIO(report)).pages for note in page.get("/Annots", [])]
    assert [plan.stamp.code_link] == [note["/A"]["/URI"] for note in notes]
    other = PdfReader(io.BytesIO(card_pdf(_card("A"), replace(plan.stamp, code_link="javascript:1"))))
    assert [] == [note for page in other.pages for note in page.get("/Annots", [])]
