"""Phrases that cards share: the place, the comparison, and the state without figures."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from config.language import say
from dashboard import text
from dashboard.cards import Asked, Drawing
from queries import coverage, organisation
from queries.coverage import Span, covered_spans, lifetimes
from queries.filters import NOT_RECORDED, Compare, Organisation
from queries.sentence import LEVEL_NAMES, chosen

PROVINCE = "toàn tỉnh"
_COMPARED = {Compare.SAME_PERIOD: "cùng kỳ năm trước", Compare.PREVIOUS: "kỳ trước"}


def capital(words: str) -> str:
    """The words with a capital at their beginning."""
    said = say(words)
    return said[:1].upper() + said[1:]


def small(words: str) -> str:
    """The words without a capital at their beginning; an abbreviation (Q3, UBND) keeps its own."""
    said = say(words)
    return said if said[1:2].isupper() or said[1:2].isdigit() else said[:1].lower() + said[1:]


def agency_name(asked: Asked, code: str) -> str:
    """Full name of an agency; words for a missing or unknown code."""
    if code == NOT_RECORDED:
        return say("các hồ sơ chưa gán đơn vị")
    catalogue = asked.data.catalogue
    shown = organisation.today(catalogue, asked.filters.organisation, "agency").get(code, code)
    return say(catalogue.agency_names.get(shown, "")) or say("đơn vị mã «{}» (ngoài danh mục)", code)


def place(asked: Asked) -> str:
    """Whose figures these are, inside a sentence: “toàn tỉnh”, “UBND xã Bình Lư”, “khối cấp xã (lĩnh vực Đất đai)”."""
    filters = asked.filters
    rest = [words for attribute, _, words in chosen(filters, asked.data) if attribute not in ("agencies", "levels")]
    levels = [say(LEVEL_NAMES.get(level, "")) or say("mã cấp «{}»", level) for level in filters.levels]
    if filters.agencies:
        names = [agency_name(asked, code) for code in filters.agencies]
        base = text.join_names(names) if len(names) <= 3 else say("{} đơn vị đã chọn", len(names))
        rest = [*levels, *rest]
    else:
        base = say("khối {}", text.join_names(levels, noun="khối")) if levels else say(PROVINCE)
    return f"{base} ({'; '.join(rest)})" if rest else base


def is_province(asked: Asked) -> bool:
    """Whether the figures are those of the whole province."""
    return place(asked) == say(PROVINCE)


def subtitle(asked: Asked, measure: str) -> str:
    """Measure, place and time."""
    return f"{say(measure)} · {place(asked)} · {asked.timeframe.label()}"


def compared(asked: Asked) -> str:
    """What the figures are compared with, with its days; empty without a comparison."""
    if not is_compared(asked):
        return ""
    return say("so với {} ({})", compared_name(asked), asked.timeframe.compared_label())


def compared_name(asked: Asked) -> str:
    """“cùng kỳ năm trước” or “kỳ trước”."""
    return say(_COMPARED.get(asked.filters.compare, "kỳ so sánh"))


def asked_lives(asked: Asked) -> list[Span]:
    """The days of existence of the agencies the filters name, one by one or by level; empty when they name none."""
    return coverage.asked_lives(asked.data, asked.filters)


def lives_by_agency(asked: Asked) -> dict[str, list[Span]]:
    """The days of existence of every agency, in the organisation the filters ask for."""
    return lifetimes(asked.data, organisation.today(asked.data.catalogue, asked.filters.organisation, "agency"))


def covers(lives: Sequence[Span], first: date, last: date) -> bool:
    """Whether one of the spans holds the first and one the last of these days."""
    return all(any((span.first is None or span.first <= day) and (span.last is None or day <= span.last) for span in lives) for day in (first, last))


def existed(asked: Asked, first: date, last: date) -> bool:
    """Whether the asked agencies existed on the first and on the last of these days; true where the filters name no known agency."""
    lives = asked_lives(asked)
    return not lives or covers(lives, first, last)


def is_compared(asked: Asked) -> bool:
    """Whether there is a compared period and the asked agencies existed from its first to its last day."""
    compared = asked.timeframe.compared
    return compared is not None and existed(asked, compared.start, compared.end)


def comparison_line(asked: Asked) -> tuple[str, ...]:
    """What a reorganisation between the two periods does to the comparison; no line when there was none."""
    timeframe = asked.timeframe
    if timeframe.compared is None or timeframe.counted is None:
        return ()
    if not is_compared(asked):
        days = sorted(span.first for span in asked_lives(asked) if span.first is not None and span.first > timeframe.compared.start)
        since = say(" (hoạt động từ {})", text.date_label(days[0])) if days else ""
        return (say("{}{} không có đủ ngày trong kỳ so sánh {}: không tính tăng, giảm.", capital(place(asked)), since, timeframe.compared_label()),)
    breaks = [day for day, _ in organisation.breaks(asked.data.catalogue) if timeframe.compared.start < day <= timeframe.counted.end]
    if not breaks or asked.filters.agencies or asked.filters.organisation is Organisation.COMPARABLE:
        return ()
    names = text.join_names([text.date_label(day) for day in breaks], noun="ngày")
    return (say("Giữa hai kỳ có sắp xếp tổ chức ({}): tổng số so sánh được, số đơn vị và số thủ tục thì không cùng nền.", names),)


def not_compared(asked: Asked, name: str) -> Drawing:
    """The card of a change when there is nothing to compare with, and why."""
    if asked.filters.compare is Compare.NOTHING:
        return Drawing(say("{}: chưa chọn kỳ so sánh", name), "Chọn “Cùng kỳ năm trước” hoặc “Kỳ liền trước” ở ô So sánh để xem thẻ này.", is_empty=True)
    why = " ".join([*map(say, asked.timeframe.notices), *comparison_line(asked)]) or say("Kỳ so sánh không có số liệu.")
    return Drawing(say("{}: không có kỳ để so sánh", name), why, is_empty=True)


def nothing(asked: Asked, what: str) -> Drawing:
    """The card without figures: the period has no data, a code is unknown, or nothing happened within the filters."""
    period = asked.timeframe.label()
    if asked.timeframe.counted is None:
        return Drawing(say("{} chưa có số liệu", capital(period)), " ".join(map(say, asked.timeframe.notices)), is_empty=True)
    unknown = _unknown_codes(asked)
    if unknown:
        words = text.join_names([f"«{code}»" for code in unknown], noun="mã")
        return Drawing(say("Không có {}: mã {} không có trong danh mục", what, words), subtitle(asked, capital(what)), is_empty=True)
    return _absent(asked) or Drawing(say("Chưa phát sinh {}", what), subtitle(asked, capital(what)), is_empty=True)


def _absent(asked: Asked) -> Drawing | None:
    """The card without figures because the named agencies did not exist in the period, or no feed covers them in it; None otherwise."""
    filters, data, counted = asked.filters, asked.data, asked.timeframe.counted
    if not filters.agencies or NOT_RECORDED in filters.agencies or counted is None:
        return None
    mapping = organisation.today(data.catalogue, filters.organisation, "agency")
    wanted = organisation.asked_agencies(data.catalogue, filters.agencies, mapping)
    lives, fed = lives_by_agency(asked), covered_spans(data, mapping)
    who = capital(place(asked))
    if not any(span.meets(counted) for code in wanted for span in lives.get(code, [])):
        ended = [span.last for code in wanted for span in lives.get(code, []) if span.last is not None and span.last < counted.start]
        when = say("đã kết thúc ngày {}", text.date_label(max(ended))) if ended else say("chưa hoạt động")
        heirs = sorted({heir for code in filters.agencies for heir in data.catalogue.successors("agency").get(code, ())})
        words = say("Kế thừa: {}.", text.join_names([agency_name(asked, code) for code in heirs], limit=8)) if heirs and ended else subtitle(asked, "Đơn vị")
        return Drawing(say("{} {}: không có số liệu trong kỳ này", who, when), words, is_empty=True)
    if not any(span.meets(counted) for code in wanted for span in fed.get(code, [])):
        return Drawing(say("{} chưa có số liệu trong kỳ này: chưa có nguồn hồ sơ nào cập nhật đơn vị", who), subtitle(asked, "Đơn vị"), is_empty=True)
    return None


def nothing_open(asked: Asked, subtitle: str) -> Drawing:
    """The card of open dossiers when there are none, or when a code is unknown."""
    unknown = _unknown_codes(asked)
    if unknown:
        words = text.join_names([f"«{code}»" for code in unknown], noun="mã")
        return Drawing(say("Không có hồ sơ đang giải quyết: mã {} không có trong danh mục", words), subtitle, is_empty=True)
    return Drawing(say("Không có hồ sơ nào đang giải quyết tại ngày {}", text.date_label(asked.data.as_of)), subtitle, is_empty=True)


def _unknown_codes(asked: Asked) -> list[str]:
    """Codes of the filters that no list of the database knows."""
    catalogue, filters = asked.data.catalogue, asked.filters
    known: tuple[tuple[tuple[str, ...], dict[str, str]], ...] = (
        (filters.agencies, catalogue.agency_names),
        (filters.areas, catalogue.area_names),
        (filters.procedures, catalogue.procedure_names),
        (filters.sectors, catalogue.sector_names),
        (filters.levels, LEVEL_NAMES),
    )
    return [code for codes, names in known for code in codes if code not in names and code != NOT_RECORDED]
