"""Templates of briefings: which slides, sections and annexes one has, for which periods; one file each, changed or added without Python."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from config.entries import Entry, TomlFile, read_toml
from config.errors import BadSettings

FOLDER: Final = Path(__file__).resolve().parent / "briefings"
PERIOD_KINDS: Final = ("month", "quarter", "half", "nine_months", "year", "year_to_date", "days")
SLIDE_KINDS: Final = ("cover", "figures", "chart", "table", "text", "sources")
MOST_SLIDES: Final = 40
MOST_FIGURES: Final = 6
_KEY: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_FORMS: Final = re.compile(r"\{[^{}]*\}?|\}")
PLACES: Final = ("{ky}", "{noi}", "{nam}")
"""What is filled in a title or in `about`: the period, the place, the year."""

_TOP: Final = ("key", "name", "periods", "about", "slide", "section")
_TOP_ALL: Final = (*_TOP, "one_unit", "kind_words", "recipients", "annex", "order")
_SLIDE: Final = ("kind", "card", "metrics", "title", "columns", "rows", "sentences", "bullets")
_SECTION: Final = ("heading", "level", "sentences", "words", "tables", "charts", "fill")
_ANNEX: Final = ("make", "card", "title", "sheet")


@dataclass(frozen=True, slots=True)
class SlideTemplate:
    """One slide. `card` is a card's address, `metrics` are keys of metrics; a title of its own stands instead of the card's message.

    A table may name its columns and how many rows it shows; `sentences` are names of rules, `bullets` own words.
    """

    kind: str
    card: str = ""
    metrics: tuple[str, ...] = ()
    title: str = ""
    columns: tuple[str, ...] = ()
    rows: int = 10
    sentences: tuple[str, ...] = ()
    bullets: tuple[str, ...] = ()
    where: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class SectionTemplate:
    """One section of the report: heading, sentences by the names of their rules, own words, tables and charts by the address of their card.

    `fill` are places that only a person can fill; they stand in square brackets.
    """

    heading: str
    level: int = 1
    sentences: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()
    charts: tuple[str, ...] = ()
    fill: tuple[str, ...] = ()
    where: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class AnnexTemplate:
    """One annex: made by name (`make`) or the whole table of a card; `sheet` names the sheet of the workbook."""

    make: str = ""
    card: str = ""
    title: str = ""
    sheet: str = ""
    where: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class BriefingTemplate:
    """One template. `key` is its name in an address, `periods` the kinds of period it is meant for; `one_unit` asks for exactly one chosen unit."""

    key: str
    name: str
    periods: tuple[str, ...]
    about: str
    slides: tuple[SlideTemplate, ...]
    sections: tuple[SectionTemplate, ...]
    annexes: tuple[AnnexTemplate, ...] = ()
    recipients: tuple[str, ...] = ()
    kind_words: str = "BÁO CÁO"
    one_unit: bool = False
    order: int = 100
    where: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Briefings:
    """The templates that can be used, in their order, and a sentence with file and line for every one that cannot."""

    templates: tuple[BriefingTemplate, ...] = ()
    problems: tuple[str, ...] = ()

    def get(self, key: str) -> BriefingTemplate | None:
        """The template of a key; None where there is none."""
        return next((template for template in self.templates if template.key == key), None)

    def names(self) -> list[str]:
        """The keys of the templates, in their order."""
        return [template.key for template in self.templates]


def load_briefings(folder: Path = FOLDER) -> Briefings:
    """All templates of a folder. A file that is wrong is refused by name and the others are used; of two with one key the later file name is refused."""
    found: dict[str, BriefingTemplate] = {}
    problems: list[str] = []
    paths = sorted(folder.glob("*.toml"))
    if not paths:
        problems.append(f"Thư mục “{folder}” không có tệp mẫu trình bày nào (*.toml): chưa lập được bản trình bày.")
    for path in paths:
        try:
            template = load_briefing(path)
        except BadSettings as error:
            problems.append(error.sentence)
            continue
        if template.key in found:
            problems.append(f"{template.where}: đã có một mẫu mang khóa “{template.key}”; không dùng mẫu này.")
            continue
        found[template.key] = template
    return Briefings(tuple(sorted(found.values(), key=lambda template: (template.order, template.key))), tuple(problems))


def load_briefing(path: Path) -> BriefingTemplate:
    """The template of one file.

    Raises:
        BadSettings: the file cannot be read or something in it is wrong; names file and line.
    """
    file = read_toml(path, "Tệp mẫu trình bày")
    top = file.top()
    top.keep_to(_TOP_ALL, _TOP)
    slides = tuple(_slide(entry) for entry in file.entries("slide", "trang chiếu"))
    sections = tuple(_section(entry) for entry in file.entries("section", "mục báo cáo"))
    _check_slides(file, slides)
    if not sections:
        raise file.fault(file.line_of("section"), "cần ít nhất một mục [[section]]")
    return BriefingTemplate(
        key=_key(top),
        name=top.text("name"),
        periods=_among(top, "periods", PERIOD_KINDS),
        about=_worded(top, "about"),
        slides=slides,
        sections=sections,
        annexes=tuple(_annex(entry) for entry in file.entries("annex", "phụ lục")),
        recipients=_texts(top, "recipients"),
        kind_words=top.text("kind_words") if "kind_words" in top.values else "BÁO CÁO",
        one_unit=top.flag("one_unit", default=False),
        order=_whole(top, "order", 100, 1_000_000),
        where=top.where,
    )


def _check_slides(file: TomlFile, slides: tuple[SlideTemplate, ...]) -> None:
    if not 1 <= len(slides) <= MOST_SLIDES:
        raise file.fault(file.line_of("slide"), f"cần từ 1 đến {MOST_SLIDES} mục [[slide]], tệp có {len(slides)}")
    if sum(slide.kind == "sources" for slide in slides) != 1 or slides[-1].kind != "sources":
        raise file.fault(file.line_of("slide"), 'trang cuối, và chỉ trang cuối, phải có kind = "sources"')


def _key(top: Entry) -> str:
    key = top.text("key")
    if not _KEY.fullmatch(key):
        raise top.fault("key", f"“key” chỉ gồm chữ thường không dấu, số và dấu gạch nối, ví dụ giao-ban-quy; tệp có “{key}”")
    return key


def _slide(entry: Entry) -> SlideTemplate:
    entry.keep_to(_SLIDE, ("kind",))
    kind = entry.text("kind")
    if kind not in SLIDE_KINDS:
        raise entry.fault("kind", f"“kind” phải là một trong: {', '.join(SLIDE_KINDS)}")
    slide = SlideTemplate(
        kind=kind,
        card=_text(entry, "card"),
        metrics=_texts(entry, "metrics"),
        title=_worded(entry, "title"),
        columns=_texts(entry, "columns"),
        rows=_whole(entry, "rows", 10, 40),
        sentences=_texts(entry, "sentences"),
        bullets=_texts(entry, "bullets"),
        where=entry.where,
    )
    if kind in ("chart", "table") and not slide.card:
        raise entry.fault("kind", f"trang “{kind}” cần khóa “card”, địa chỉ của một thẻ")
    if kind == "figures" and bool(slide.card) == bool(slide.metrics):
        raise entry.fault("kind", "trang “figures” cần đúng một trong hai khóa “card” và “metrics”")
    if len(slide.metrics) > MOST_FIGURES:
        raise entry.fault("metrics", f"một trang có nhiều nhất {MOST_FIGURES} số")
    if kind == "text" and not (slide.title and (slide.sentences or slide.bullets)):
        raise entry.fault("kind", "trang “text” cần “title” và “sentences” hoặc “bullets”")
    return slide


def _section(entry: Entry) -> SectionTemplate:
    entry.keep_to(_SECTION, ("heading",))
    return SectionTemplate(
        heading=entry.text("heading"),
        level=_whole(entry, "level", 1, 2),
        sentences=_texts(entry, "sentences"),
        words=_texts(entry, "words"),
        tables=_texts(entry, "tables"),
        charts=_texts(entry, "charts"),
        fill=_texts(entry, "fill"),
        where=entry.where,
    )


def _annex(entry: Entry) -> AnnexTemplate:
    entry.keep_to(_ANNEX)
    annex = AnnexTemplate(_text(entry, "make"), _text(entry, "card"), _worded(entry, "title"), _text(entry, "sheet"), where=entry.where)
    if bool(annex.make) == bool(annex.card):
        raise entry.fault("make", "mỗi phụ lục cần đúng một trong hai khóa “make” và “card”")
    return annex


def _text(entry: Entry, key: str) -> str:
    """A text, empty where the key is absent."""
    return entry.text(key) if key in entry.values else ""


def _worded(entry: Entry, key: str) -> str:
    """A text with places to fill in, empty where the key is absent."""
    text = _text(entry, key)
    for form in _FORMS.findall(text):
        if form not in PLACES:
            raise entry.fault(key, f"không có chỗ điền “{form}”; các chỗ điền dùng được: {', '.join(PLACES)}")
    return text


def _texts(entry: Entry, key: str) -> tuple[str, ...]:
    found = entry.values.get(key, [])
    if not isinstance(found, list) or not all(isinstance(text, str) and text.strip() for text in found):
        raise entry.fault(key, f'“{key}” phải là một danh sách chữ, viết như ["…", "…"]')
    return tuple(text.strip() for text in found)


def _among(entry: Entry, key: str, allowed: Iterable[str]) -> tuple[str, ...]:
    found = _texts(entry, key)
    wrong = [text for text in found if text not in allowed]
    if wrong or not found:
        raise entry.fault(key, f"“{key}” là danh sách gồm một hay nhiều trong: {', '.join(allowed)}")
    return found


def _whole(entry: Entry, key: str, default: int, most: int) -> int:
    value = entry.values.get(key, default)
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= most:
        raise entry.fault(key, f"“{key}” phải là số nguyên từ 1 đến {most}")
    return value
