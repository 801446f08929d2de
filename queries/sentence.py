"""Filters in Vietnamese words: on the page, in every file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from config.language import say
from queries.adoption import Verdict
from queries.data import Data
from queries.filters import NOT_RECORDED, Filters, Organisation
from queries.period import Clock

LEVEL_NAMES = {
    "province": "sở, ban, ngành cấp tỉnh",
    "district": "cấp huyện (đến 30/6/2025)",
    "commune": "cấp xã",
    "vertical": "cơ quan ngành dọc",
    "other": "đơn vị khác",
}
CHANNEL_NAMES = {"counter": "trực tiếp", "online": "trực tuyến", "post": "bưu chính", NOT_RECORDED: "không ghi nhận"}
VERDICT_NAMES: Final[dict[str, str]] = {
    Verdict.NOT_BY_POST: "Chưa trả qua bưu chính",
    Verdict.CHANNEL_NOT_RECORDED: "Không ghi nhận hình thức",
    Verdict.NO_RESULT: "Không có kết quả trả",
    Verdict.NO_DATA: "Chưa có số liệu",
    Verdict.RETURNS_BY_POST: "Có trả qua bưu chính",
}

_KINDS = {"agencies": "agency", "areas": "area"}


def chosen(filters: Filters, data: Data) -> Iterator[tuple[str, str, str]]:
    """What is set beyond the period: attribute of the filters, code, and words; an unknown code is said to be unknown.

    In the view of comparable groups a unit is called by its group, whose figures are shown.
    """
    catalogue = data.catalogue
    names: dict[str, tuple[str, Callable[[str], str | None]]] = {
        "levels": ("", LEVEL_NAMES.get),
        "agencies": ("", catalogue.agency_names.get),
        "areas": ("địa bàn {}", catalogue.area_names.get),
        "sectors": ("lĩnh vực {}", catalogue.sector_names.get),
        "procedures": ("thủ tục {}", catalogue.procedure_names.get),
        "channels": ("tiếp nhận {}", CHANNEL_NAMES.get),
    }
    for attribute, (template, name_of) in names.items():
        groups = catalogue.group_keys.get(_KINDS.get(attribute, ""), {}) if filters.organisation is Organisation.COMPARABLE else {}
        for code in getattr(filters, attribute):
            name = "không ghi nhận" if code == NOT_RECORDED else name_of(groups.get(code, code)) or say("mã «{}» không có trong danh mục", code)
            is_named = not template or name.lower().startswith(template.removesuffix(" {}"))
            yield attribute, code, say(name) if is_named else say(template, name)


def sentence(filters: Filters, data: Data) -> str:
    """The state in one sentence: period, comparison, scope, organisation, clock."""
    timeframe = filters.timeframe(data.as_of, data.first_on)
    parts = [timeframe.label()]
    if timeframe.compared is not None:
        parts.append(say("so với {}", timeframe.compared.label() if timeframe.compared.is_whole else timeframe.compared_label()))
    scope = [words for _, _, words in chosen(filters, data)]
    parts.append("; ".join(scope) if scope else say("toàn tỉnh"))
    if filters.organisation is Organisation.NOW:
        parts.append(say("cộng về đơn vị hiện nay"))
    if filters.organisation is Organisation.COMPARABLE:
        parts.append(say("theo nhóm so sánh được trước và sau sắp xếp"))
    if filters.clock is Clock.REPORTING:
        parts.append(say("kỳ báo cáo từ ngày 15 đến ngày 14"))
    whole = " · ".join(parts)
    return whole[0].upper() + whole[1:]
