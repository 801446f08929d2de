"""Every file of a card, of a page and of a briefing by its address: what exists, what it is called, and how it is made."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from hashlib import sha256
from typing import Final

from config.language import VIETNAMESE, answering, told
from dashboard import sights
from dashboard.archive import ArchiveUnavailable, figures_of
from dashboard.cards import Asked, Page
from dashboard.content.chart_spec import CardSpec, spec_or_reason
from dashboard.content.plan import Plan
from dashboard.content.small_cells import for_audience
from dashboard.content.stamp import Audience, Making, Stamp, audience_of, stamp_of
from dashboard.exports.briefings import plan_of, template_of
from dashboard.exports.card_files import CSV, has_own, only_chosen, rows_file
from dashboard.exports.jobs import Made, Tell, quiet
from dashboard.exports.office import Office
from dashboard.ops import LOG
from dashboard.pages import BRIEFING_PATH, CARDS, PAGES, seen_cards
from dashboard.tables import TableState
from queries.data import Data
from queries.errors import BadRequest
from queries.filters import Filters
from queries.rights import Rights

MIME_TYPES: Final = {
    CSV: "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "pdf": "application/pdf",
}


class Subject(StrEnum):
    """Of what a file is made."""

    CARD = "card"
    PAGE = "page"
    BRIEFING = "briefing"


KINDS: Final = {Subject.CARD: (CSV, "xlsx", "pptx", "pdf"), Subject.PAGE: ("pptx", "xlsx", "pdf"), Subject.BRIEFING: ("pptx", "docx", "xlsx", "pdf")}
PAGES_BY_KEY: Final[dict[str, Page]] = {page.cards[0].address.split(".")[0]: page for page in PAGES}
_NOUNS: Final = {Subject.CARD: "thẻ", Subject.PAGE: "trang", Subject.BRIEFING: "mẫu trình bày"}
_PAGE_OF_CARD: Final = {card.address: page for page in PAGES for card in page.cards}


@dataclass(frozen=True)
class Wanted:
    """A file that is asked for: of what, at which address (a card's, a page's key, a template's key), of which kind, in which state."""

    subject: Subject
    address: str
    kind: str
    query: str = ""
    picture: bytes = b""  # of the card's chart, made by the reader's browser

    @property
    def key(self) -> str:
        """The same for the same file."""
        seen = f"#{sha256(self.picture).hexdigest()}" if self.picture else ""
        return f"{self.subject}:{self.address}.{self.kind}?{self.query}{seen}"


def check(wanted: Wanted, office: Office) -> None:
    """Raises BadRequest where no such file can be made, whatever the state: it says which addresses and kinds there are."""
    noun, known = _NOUNS[wanted.subject], _addresses(wanted.subject, office)
    if wanted.address not in known:
        sentence = told("Không có {} nào ở địa chỉ “{}”. Các địa chỉ: {}.", noun, wanted.address, ", ".join(known))
        raise BadRequest(f"no {wanted.subject} has the address {wanted.address!r}", sentence=sentence)
    if wanted.kind not in _kinds(wanted):
        sentence = told("{} “{}” không có tệp dạng {}. Các dạng tải được: {}.", noun.capitalize(), wanted.address, wanted.kind, ", ".join(_kinds(wanted)))
        raise BadRequest(f"{wanted.key} has no {wanted.kind}", sentence=sentence)


def refuse_unseen(wanted: Wanted, rights: Rights) -> None:
    """Raise NotAllowed for a file of what the reader may not see: a card, or a page of which no card is shown."""
    if wanted.subject is Subject.CARD:
        sights.refuse_unseen(wanted.address, CARDS[wanted.address].name, rights)
    elif wanted.subject is Subject.PAGE and not seen_cards(PAGES_BY_KEY[wanted.address], rights):
        first = PAGES_BY_KEY[wanted.address].cards[0]
        sights.refuse_unseen(first.address, PAGES_BY_KEY[wanted.address].name, rights)


def _addresses(subject: Subject, office: Office) -> list[str]:
    known = {Subject.CARD: sorted(CARDS), Subject.PAGE: list(PAGES_BY_KEY), Subject.BRIEFING: office.briefings.names()}
    return known[subject]


def _kinds(wanted: Wanted) -> tuple[str, ...]:
    own = tuple(file.kind for file in CARDS[wanted.address].files) if wanted.subject is Subject.CARD else ()
    return tuple(dict.fromkeys((*KINDS[wanted.subject], *own)))


def asked_for(wanted: Wanted, data: Data, office: Office, path: str) -> Asked:
    """The state of a file. Raises BadRequest when a value cannot be understood: no figure is given for other filters than the asked ones."""
    filters = Filters.from_query(wanted.query)
    if filters.problems:
        sentence = " ".join(filters.problems).replace("; đã dùng giá trị mặc định", "")
        raise BadRequest(f"bad query {wanted.query!r}", sentence=sentence)
    state = TableState.from_query(wanted.query)
    return Asked(data, filters, state, path, targets=office.targets, letterhead=office.letterhead)


@answering(VIETNAMESE)
def make(wanted: Wanted, data: Data, office: Office, tell: Tell = quiet) -> Made:
    """The file. Raises BadRequest for what does not exist or cannot be understood, and the errors of the cards; nothing is written then."""
    check(wanted, office)
    refuse_unseen(wanted, data.rights)
    if wanted.subject is Subject.PAGE:
        return _of_page(wanted, data, office, tell)
    if wanted.subject is Subject.BRIEFING:
        return _of_briefing(wanted, data, office, tell)
    return _of_card(wanted, data, office, tell)


@answering(VIETNAMESE)
def picture_stamp(address: str, query: str, data: Data, office: Office) -> Stamp:
    """The stamp of a picture that the reader's browser makes of a card; its figures are kept under its code. Raises as `make`."""
    wanted = Wanted(Subject.CARD, address, "xlsx", query)
    check(wanted, office)
    refuse_unseen(wanted, data.rights)
    asked, making, stamp = _stamped(wanted, data, office)
    _keep(_Kept(stamp, (for_audience(spec_or_reason(CARDS[address], asked), making),)), asked, office)
    return stamp


def _stamped(wanted: Wanted, data: Data, office: Office) -> tuple[Asked, Making, Stamp]:
    card = CARDS[wanted.address]
    asked = asked_for(wanted, data, office, _path_of(wanted.address))
    making = office.making(audience_of(asked.state))
    return asked, making, stamp_of(card.name, f"card:{card.address}", asked, making)


def _of_card(wanted: Wanted, data: Data, office: Office, tell: Tell) -> Made:
    card = CARDS[wanted.address]
    asked, making, stamp = _stamped(wanted, data, office)
    if has_own(card, wanted.kind) and making.audience is Audience.OUTSIDE:
        kinds = ", ".join(kind for kind in KINDS[Subject.CARD] if not has_own(card, kind))
        sentence = told("Tệp {} của thẻ này có đủ các số nhỏ, chỉ dùng nội bộ. Để gửi ra ngoài hãy tải {}.", wanted.kind, kinds)
        raise BadRequest(f"{wanted.key} is for inside", sentence=sentence)
    for relation in card.needs:
        data.source.relation(relation)
    tell(0, 2, told("Đang đọc số liệu: {}", card.name))
    spec = for_audience(only_chosen(spec_or_reason(card, asked), wanted.query), making)
    if spec.chart is not None and spec.chart.chart.is_table and wanted.picture:
        spec = replace(spec, chart=replace(spec.chart, picture=wanted.picture))
    tell(1, 2, "Đang dựng tệp")
    body = rows_file(card, wanted.kind, wanted.query, asked) if has_own(card, wanted.kind) else _card_makers()[wanted.kind](spec, stamp)
    return _finished(wanted, body, asked, _Kept(stamp, (spec,)), office)


def _of_page(wanted: Wanted, data: Data, office: Office, tell: Tell) -> Made:
    page = PAGES_BY_KEY[wanted.address]
    asked = asked_for(wanted, data, office, page.path)
    making = office.making(audience_of(asked.state))
    stamp = stamp_of(f"Trang {page.name}", f"page:{wanted.address}", asked, making)
    specs = []
    cards = seen_cards(page, data.rights)
    for number, card in enumerate(cards):
        tell(number, len(cards) + 1, told("Đang đọc số liệu: {}", card.name))
        specs.append(for_audience(spec_or_reason(card, asked), making))
    tell(len(cards), len(cards) + 1, "Đang dựng tệp")
    body = _page_makers()[wanted.kind](page.name, specs, stamp)
    return _finished(wanted, body, asked, _Kept(stamp, specs), office)


def _of_briefing(wanted: Wanted, data: Data, office: Office, tell: Tell) -> Made:
    template = template_of(wanted.address, office)
    asked = asked_for(wanted, data, office, BRIEFING_PATH)
    asked = replace(asked, state=replace(asked.state, template=template.key))
    tell(0, 3, told("Đang đọc số liệu: {}", template.name))
    plan = plan_of(template, asked, office)
    tell(2, 3, "Đang dựng tệp")
    body = _plan_makers()[wanted.kind](plan)
    return _finished(wanted, body, asked, _Kept(plan.stamp, plan.cards), office)


@dataclass(frozen=True)
class _Kept:
    """What is kept of a file under its code."""

    stamp: Stamp
    specs: Sequence[CardSpec]


def _finished(wanted: Wanted, body: bytes, asked: Asked, kept: _Kept, office: Office) -> Made:
    """The file with its name; its figures are kept under its code."""
    stamp = kept.stamp
    _keep(kept, asked, office)
    mark = "-du-lieu-minh-hoa" if stamp.is_demo else ""
    audience = f"-{asked.state.audience}" if asked.state.audience else ""
    name = f"{wanted.address}{mark}{audience}-den-{stamp.as_of.isoformat()}-{stamp.code}.{wanted.kind}"
    return Made(name, MIME_TYPES[wanted.kind], body)


def _keep(kept: _Kept, asked: Asked, office: Office) -> None:
    """A store that cannot be written does not keep a reader from the file: it is logged."""
    try:
        office.archive.keep(kept.stamp, asked.link(state=asked.state), figures_of(kept.specs))
    except ArchiveUnavailable as error:
        LOG.error("the code of a file could not be kept", code=kept.stamp.code, fault=str(error))


def _path_of(address: str) -> str:
    page = _PAGE_OF_CARD.get(address)
    return page.path if page is not None else "/"


CardMaker = Callable[[CardSpec, Stamp], bytes]
PageMaker = Callable[[str, Sequence[CardSpec], Stamp], bytes]
PlanMaker = Callable[[Plan], bytes]


def _card_makers() -> dict[str, CardMaker]:
    """Imported when the first file is made: a worker that makes none does not hold the office libraries in memory."""
    from dashboard.exports.pdf import card_pdf
    from dashboard.exports.sheets import card_sheets
    from dashboard.exports.slides import card_slides

    return {"xlsx": card_sheets, "pptx": card_slides, "pdf": card_pdf}


def _page_makers() -> dict[str, PageMaker]:
    from dashboard.exports.pdf import page_pdf
    from dashboard.exports.sheets import page_sheets
    from dashboard.exports.slides import page_slides

    return {"xlsx": page_sheets, "pptx": page_slides, "pdf": page_pdf}


def _plan_makers() -> dict[str, PlanMaker]:
    from dashboard.exports.pdf import plan_pdf
    from dashboard.exports.report import report
    from dashboard.exports.sheets import plan_sheets
    from dashboard.exports.slides import deck

    return {"pptx": deck, "docx": report, "xlsx": plan_sheets, "pdf": plan_pdf}
