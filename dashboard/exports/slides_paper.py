"""The empty deck: 16:9, theme, master and layouts of the dashboard, notes in Vietnamese, and its bytes without a trace of when they were written."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime, time
from typing import TYPE_CHECKING, Final

import pptx
from pptx.opc.constants import RELATIONSHIP_TYPE as RT
from pptx.opc.oxml import serialize_part_xml
from pptx.opc.package import XmlPart
from pptx.oxml import parse_xml
from pptx.oxml.ns import qn
from pptx.util import Emu

from dashboard.content.stamp import DEMO, Stamp
from dashboard.exports.letter_words import clean
from dashboard.exports.slides_xml import LANGUAGE, NAMESPACES, PX, Box, Para, Run, para, shape, solid
from dashboard.theme import LIGHT, SERIES

if TYPE_CHECKING:
    from pptx.opc.package import Part
    from pptx.oxml.xmlchemy import BaseOxmlElement
    from pptx.presentation import Presentation

WIDTH, HEIGHT = 1280, 720
FONT: Final = "Segoe UI"  # on every machine with Office; holds all Vietnamese letters
LEFT, ROOM = 56, 1168
EYEBROW: Final = Box(LEFT, 24, 960, 20)
MARK: Final = Box(LEFT + ROOM - 148, 20, 148, 24)
TITLE: Final = Box(LEFT, 52, ROOM, 88)
SUBTITLE: Final = Box(LEFT, 142, ROOM, 22)
CONTENT: Final = Box(LEFT, 176, ROOM, 480)
FOOTER: Final = Box(LEFT, 676, ROOM - 72, 22)
NUMBER: Final = Box(LEFT + ROOM - 64, 676, 64, 22)
COVER_TITLE: Final = Box(96, 190, 1040, 170)
COVER_SUBTITLE: Final = Box(96, 376, 1040, 96)
COVER_FOOTER: Final = Box(96, 660, 1040, 22)
COVER, MESSAGE, WORDS = "Bìa", "Thông điệp", "Chữ"
_COLORS: Final = (
    ("dk1", LIGHT.ink),
    ("lt1", LIGHT.card),
    ("dk2", LIGHT.ink_soft),
    ("lt2", LIGHT.paper),
    *((f"accent{number}", color) for number, color in enumerate(SERIES, start=1)),
    ("hlink", LIGHT.accent),
    ("folHlink", LIGHT.accent),
)
_KEPT: Final = {"Title Slide": COVER, "Title and Content": WORDS, "Title Only": MESSAGE}
_UNWANTED: Final = (RT.THUMBNAIL, RT.PRINTER_SETTINGS)
_TREE_HEAD: Final = (
    '<p:nvGrpSpPr><p:cNvPr id="1" name=""/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="0" cy="0"/>'
    '<a:chOff x="0" y="0"/><a:chExt cx="0" cy="0"/></a:xfrm></p:grpSpPr>'
)


def new_deck() -> Presentation:
    """An empty presentation in the look of the dashboard, with the layouts Bìa, Thông điệp and Chữ."""
    deck = pptx.Presentation()
    deck.slide_width, deck.slide_height = Emu(WIDTH * PX), Emu(HEIGHT * PX)
    size = deck.element.find(qn("p:sldSz"))
    assert size is not None
    size.attrib.pop("type", None)  # the template says 4:3
    for layout in list(deck.slide_layouts):
        if layout.name in _KEPT:
            _dress_layout(layout.element, _KEPT[layout.name])
        else:
            deck.slide_layouts.remove(layout)
    master = deck.slide_master
    _dress_master(master.element)
    theme = master.part.part_related_by(RT.THEME)
    theme._blob = _dressed_theme(theme.blob)  # noqa: SLF001 - python-pptx has no word for themes
    package = deck.part.package
    for owner, relations in ((deck.part, deck.part.rels), (package, package._rels)):  # noqa: SLF001 - a package has no public name for them
        for key in [key for key, relation in relations.items() if relation.reltype in _UNWANTED]:
            owner.drop_rel(key)
    return deck


def content(deck: Presentation, stamp: Stamp, title: str) -> bytes:
    """The deck as bytes: dates of the data instead of the clock, Vietnamese everywhere; equal decks are equal bytes."""
    said = deck.core_properties
    said.title, said.subject, said.language = clean(title), clean(stamp.filters), LANGUAGE
    said.author = said.last_modified_by = said.keywords = said.category = ""
    said.comments = clean(f"{DEMO} {stamp.made_line}" if stamp.is_demo else stamp.made_line)
    said.created = said.modified = datetime.combine(stamp.as_of, time())
    said.revision = 1
    for part in deck.part.package.iter_parts():
        _finish(part)
    raw = io.BytesIO()
    deck.save(raw)
    return _undated(raw.getvalue(), stamp)


def _finish(part: Part) -> None:
    """Vietnamese as the language of every run; what the template says of the programme that made it goes."""
    if part.partname == "/docProps/app.xml":
        part._blob = _APP  # noqa: SLF001 - python-pptx has no word for it
    if not isinstance(part, XmlPart):
        return
    root = part._element  # noqa: SLF001 - the part's own XML
    if root.tag == qn("a:theme"):  # the notes master brings its own
        _dress_theme(root)
    if root.tag == qn("p:notesMaster"):
        for text in root.iter(qn("a:t")):
            text.text = "Ghi chú cho người trình bày" if "Click" in (text.text or "") else (text.text or "").replace("level", "bậc")
    for tag in ("a:rPr", "a:endParaRPr", "a:defRPr"):
        for run in root.iter(qn(tag)):
            run.set("lang", LANGUAGE)
            run.attrib.pop("smtClean", None)
    for run in root.iter(qn("a:r")):
        if run.find(qn("a:rPr")) is None:
            run.insert(0, parse_xml(f'<a:rPr {NAMESPACES} lang="{LANGUAGE}"/>'))


_APP: Final = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"><PresentationFormat>16:9</PresentationFormat></Properties>'
)


def _undated(raw: bytes, stamp: Stamp) -> bytes:
    """The same archive with the date of the data on every entry."""
    made = io.BytesIO()
    day = (max(stamp.as_of.year, 1980), stamp.as_of.month, stamp.as_of.day, 0, 0, 0)
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            info = zipfile.ZipInfo(entry.filename, day)
            info.compress_type = zipfile.ZIP_STORED if entry.filename.endswith(".xlsx") else zipfile.ZIP_DEFLATED
            new.writestr(info, old.read(entry))
    return made.getvalue()


def _dressed_theme(blob: bytes) -> bytes:
    root = parse_xml(blob)
    _dress_theme(root)
    return bytes(serialize_part_xml(root))


def _dress_theme(root: BaseOxmlElement) -> None:
    """Colours and fonts of the dashboard; boxes of text that the reader adds are Vietnamese."""
    root.set("name", "Bảng điều hành")
    scheme, fonts, defaults = (root.find(f".//{qn(tag)}") for tag in ("a:clrScheme", "a:fontScheme", "a:objectDefaults"))
    assert scheme is not None
    assert fonts is not None
    assert defaults is not None
    for part in (scheme, fonts):
        part.set("name", "Bảng điều hành")
    for name, value in _COLORS:
        place = scheme.find(qn(f"a:{name}"))
        assert place is not None
        place[:] = [parse_xml(f'<a:srgbClr {NAMESPACES} val="{value[1:].upper()}"/>')]
    for latin in fonts.iter(qn("a:latin")):
        latin.set("typeface", FONT)
    for group in fonts:
        for script in group.findall(qn("a:font")):
            group.remove(script)
    language = f'<a:lstStyle><a:defPPr><a:defRPr lang="{LANGUAGE}"/></a:defPPr></a:lstStyle>'
    defaults[:] = [parse_xml(f"<a:txDef {NAMESPACES}><a:spPr/><a:bodyPr/>{language}</a:txDef>")]


def _dress_master(master: BaseOxmlElement) -> None:
    """Title, body, foot and number in their places; titles to the left, in bold ink."""
    shapes = [
        shape(2, "Tiêu đề", TITLE, (para("Thông điệp của trang", 24, bold=True),), place='type="title"'),
        shape(3, "Nội dung", CONTENT, (para("Nội dung", 18),), place='type="body" idx="1"'),
        shape(4, "Chân trang", FOOTER, (para("Chân trang", 10, LIGHT.ink_soft),), place='type="ftr" sz="quarter" idx="3"', anchor="ctr"),
        shape(5, "Số trang", NUMBER, number_body(), place='type="sldNum" sz="quarter" idx="4"'),
    ]
    _set_shapes(master, shapes)
    for name, size, weight, color in (("titleStyle", 2400, 1, LIGHT.ink), ("bodyStyle", 1800, 0, LIGHT.ink)):
        style = master.find(f"{qn('p:txStyles')}/{qn('p:' + name)}")
        assert style is not None
        for level in style:
            level.set("algn", "l")
            look = level.find(qn("a:defRPr"))
            if look is not None:
                look.set("b", str(weight))
            if look is not None and level.tag == qn("a:lvl1pPr"):
                look.set("sz", str(size))
                fill = look.find(qn("a:solidFill"))
                if fill is not None:
                    look.replace(fill, parse_xml(solid(color).replace("<a:solidFill>", f"<a:solidFill {NAMESPACES}>")))


def _dress_layout(layout: BaseOxmlElement, name: str) -> None:
    """One of the three layouts: the cover on the accent colour, a message with free room, a message with words."""
    head = layout.find(qn("p:cSld"))
    assert head is not None
    head.set("name", name)
    if name == COVER:
        ground = parse_xml(f"<p:bg {NAMESPACES}><p:bgPr>{solid(LIGHT.accent)}<a:effectLst/></p:bgPr></p:bg>")
        head.insert(0, ground)
        shapes = [
            shape(2, "Tiêu đề", COVER_TITLE, (para("Tên bản trình bày", 40, LIGHT.card, bold=True),), place='type="ctrTitle"', anchor="b"),
            shape(3, "Phụ đề", COVER_SUBTITLE, (para("Kỳ và phạm vi", 20, LIGHT.accent_soft),), place='type="subTitle" idx="1"'),
        ]
    else:
        shapes = [shape(2, "Tiêu đề", TITLE, (para("Thông điệp của trang", 24, bold=True),), place='type="title"')]
        if name == WORDS:
            shapes.append(shape(3, "Nội dung", CONTENT, (para("Nội dung", 18, bullet=True),), place='idx="1"'))
        shapes += [
            shape(4, "Chân trang", FOOTER, (para("Chân trang", 10, LIGHT.ink_soft),), place='type="ftr" sz="quarter" idx="11"', anchor="ctr"),
            shape(5, "Số trang", NUMBER, number_body(), place='type="sldNum" sz="quarter" idx="12"'),
            shape(6, "Đường kẻ", Box(LEFT, 667, ROOM, 1), fill=LIGHT.rule),
            shape(7, "Vạch màu", Box(0, 52, 10, 62), fill=LIGHT.accent),
        ]
    _set_shapes(layout, shapes)


def number_body(said: str = "#") -> str:
    """The field that PowerPoint fills with the number of the slide."""
    field = f'<a:fld id="{{7B1F2C55-6A0E-4C1B-9D52-3B8A1F0C4E21}}" type="slidenum">{Run("", 10, LIGHT.ink_soft).properties("a:rPr")}<a:t>{said}</a:t></a:fld>'
    frame = '<a:bodyPr wrap="square" lIns="0" tIns="0" rIns="0" bIns="0" anchor="ctr"/>'
    return f'<p:txBody>{frame}<a:lstStyle/><a:p><a:pPr algn="r"/>{field}</a:p></p:txBody>'


def _set_shapes(owner: BaseOxmlElement, shapes: list[str]) -> None:
    tree = owner.find(f"{qn('p:cSld')}/{qn('p:spTree')}")
    assert tree is not None
    new = parse_xml(f"<p:spTree {NAMESPACES}>{_TREE_HEAD}{''.join(shapes)}</p:spTree>")
    tree[:] = list(new)


__all__ = ["CONTENT", "COVER", "EYEBROW", "FOOTER", "MARK", "MESSAGE", "NUMBER", "SUBTITLE", "TITLE", "WORDS", "Para", "content", "new_deck", "number_body"]
