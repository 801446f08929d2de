"""The words of a reminder letter about returning results by post: one unit's own figures in sentences, without layout."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from dashboard import text
from dashboard.cards import Asked
from dashboard.content.periods import in_period
from dashboard.pages.adoption_words import step
from queries.call_list import BETWEEN_NAMES, NORM_MONTHS, Reason
from queries.filters import Organisation
from queries.period import Period
from queries.sentence import chosen

Row = Mapping[str, Any]
SUBJECT: Final = "V/v đẩy mạnh trả kết quả giải quyết TTHC qua dịch vụ bưu chính công ích"
DEMO: Final = "Dữ liệu minh họa: mọi con số trong thư này là số giả định, không dùng để gửi."
_LISTED: Final = "thủ tục thuộc danh mục trả kết quả qua bưu chính"
_LAW: Final = (
    "Quyết định số 45/2016/QĐ-TTg của Thủ tướng Chính phủ về việc tiếp nhận hồ sơ, trả kết quả giải quyết thủ tục hành chính qua dịch vụ bưu chính công ích"
)


@dataclass(frozen=True)
class Letter:
    """One letter: to whom, the opening, the findings, and the requests; each item is a paragraph."""

    to: str
    opening: str
    findings: tuple[str, ...]
    requests: tuple[str, ...]
    closing: str


def letter(row: Row, asked: Asked) -> Letter:
    """The letter to the unit of a row of `CallList`."""
    unit, issuer = full_name(str(row["agency_name"])), clean(asked.letterhead.issuer)
    counted = asked.timeframe.counted or asked.timeframe.period
    opening = (
        f"Thực hiện {_LAW}, {issuer} đã rà soát việc trả kết quả giải quyết thủ tục hành chính (TTHC) qua dịch vụ bưu chính công ích "
        f"(sau đây gọi là trả qua bưu chính) {in_period(asked.timeframe.period, counted)}. "
        f"Theo số liệu đến ngày {text.date_label(asked.data.as_of)}, tình hình của {unit} như sau:"
    )
    minimum = asked.data.rules.minimum_n
    findings = (_situation(row, counted, minimum), _registered(row), _similar(row, minimum), _began_again(row, counted), _scope(asked))
    closing = f"{issuer} đề nghị {unit} quan tâm, phối hợp thực hiện./."
    return Letter(unit, opening, tuple(filter(None, findings)), _requests(row, issuer), closing)


def clean(words: str) -> str:
    """Composed letters (NFC) in one line, without characters that no document may hold."""
    kept = "".join(mark for mark in words if mark.isspace() or unicodedata.category(mark) not in ("Cc", "Cs", "Cn"))
    return unicodedata.normalize("NFC", " ".join(kept.split()))


def full_name(name: str) -> str:
    """A unit's name as letters write it: “UBND xã Mù Cả” is “Ủy ban nhân dân xã Mù Cả”."""
    return clean(name).replace("UBND", "Ủy ban nhân dân")


def _number(row: Row, key: str) -> int | None:
    value = row.get(key)
    return None if text.is_missing(value) else int(str(value))


def _day(row: Row, key: str) -> str:
    """The day in words; empty where missing."""
    value = row.get(key)
    return "" if value is None or text.is_missing(value) else text.date_label(pd.Timestamp(value).date())


def _situation(row: Row, counted: Period, minimum: int) -> str:
    reason, end = row.get("reason"), text.date_label(counted.end)
    if reason == Reason.BELOW_NORM:
        return _returned(row, _capital(in_period(counted, counted))) + ". " + _below_norm(row, minimum)
    if reason == Reason.STOPPED and _day(row, "stopped_since"):
        since = _day(row, "counted_from")
        lead = f"Từ ngày {since} đến hết ngày {end}" if since else f"Từ đó đến hết ngày {end}"
        before = f"Lần trả qua bưu chính gần nhất của đơn vị trước khi ngừng là ngày {_day(row, 'stopped_since')}. "
    else:
        lead, before = f"Tính đến hết ngày {end}", ""
    none = "không" if before else "chưa"
    steps = _number(row, "periods_without") or 0
    streak = f" Như vậy, đã {text.whole(steps)} {step(counted)} liên tiếp đơn vị không trả qua bưu chính." if steps > 1 else ""
    if _number(row, "returned") is None:
        return f"{before}{lead}, {none} có kết quả nào của đơn vị được trả qua bưu chính.{streak}"
    if _number(row, "returned") == 0:
        return f"{before}{lead}, đơn vị {none} trả kết quả TTHC nào, kể cả qua bưu chính.{streak}"
    return f"{before}{_returned(row, lead)}; {none} có kết quả nào được trả qua bưu chính.{streak}"


def _returned(row: Row, lead: str) -> str:
    """What the unit returned, and how much of it could have gone by post; without the full stop."""
    number, listed = _number(row, "returned"), _number(row, "returned_listed")
    if not number:
        return f"{lead}, " + ("chưa có số liệu về số kết quả đơn vị đã trả" if number is None else "đơn vị chưa trả kết quả TTHC nào")
    words = f"{lead}, đơn vị đã trả {text.whole(number)} kết quả TTHC"
    if listed is None:
        return words
    if listed == 0:
        return f"{words}, trong đó không có kết quả nào của {_LISTED}"
    if listed < number:
        return f"{words}, trong đó có {text.whole(listed)} kết quả của {_LISTED}"
    return f"{words}, {'là kết quả' if number == 1 else 'tất cả đều'} của {_LISTED}"


def _below_norm(row: Row, minimum: int) -> str:
    by_post, recorded, limit = _number(row, "period_by_post"), _number(row, "period_recorded"), row.get("lower_limit")
    limit_words = "" if text.is_missing(limit) else f" (giới hạn dưới: {text.percent(limit, 1)})"
    norm = f"thấp hơn mức thường thấy của chính đơn vị trong {NORM_MONTHS} tháng trước đó{limit_words}"
    if by_post is None or not recorded:
        return f"Tỷ lệ trả qua bưu chính {norm}."
    return f"Trả qua bưu chính {_share(by_post, recorded, minimum)}, {norm}."


def _share(by_post: int, recorded: int, minimum: int) -> str:
    """So many of so many; the percentage only where there are enough to carry it."""
    rate = f", đạt {text.percent(by_post, recorded)}" if recorded >= minimum else ""
    return f"{text.whole(by_post)} trong {text.whole(recorded)} kết quả có ghi nhận hình thức trả{rate}"


def _registered(row: Row) -> str:
    number = _number(row, "registered_not_carried")
    if number is None:
        return ""
    if number == 0:
        return "Không có kết quả nào đã đăng ký trả qua bưu chính mà chưa được chuyển đi."
    return f"Còn {text.whole(number)} kết quả tổ chức, cá nhân đã đăng ký trả qua bưu chính nhưng chưa được chuyển đi."


def _similar(row: Row, minimum: int) -> str:
    if text.is_missing(row.get("similar_names")):
        return ""
    names = [full_name(name) for name in str(row["similar_names"]).split("; ")]
    by_post, recorded = _number(row, "similar_by_post"), _number(row, "similar_recorded")
    figures = f": {_share(by_post, recorded, minimum)}" if by_post is not None and recorded else ""
    like = "có điều kiện tương tự (cùng cấp, gần nhau về cơ cấu thủ tục và số lượng hồ sơ)"
    return f"Trong cùng kỳ, {'đơn vị' if len(names) == 1 else 'các đơn vị'} {like} là {text.join_names(names)} đã trả kết quả qua bưu chính{figures}."


def _began_again(row: Row, counted: Period) -> str:
    last = row.get("last_postal_return")
    if row.get("reason") == Reason.BELOW_NORM or last is None or text.is_missing(last) or pd.Timestamp(last).date() <= counted.end:
        return ""
    return f"Sau thời gian nêu trên, đơn vị đã có kết quả trả qua bưu chính, gần nhất vào ngày {_day(row, 'last_postal_return')}; đề nghị tiếp tục duy trì."


def _scope(asked: Asked) -> str:
    """What narrows the figures besides the period; empty where nothing does."""
    words = [name for attribute, _, name in chosen(asked.filters, asked.data) if attribute not in ("agencies", "levels")]
    narrowed = f"Số liệu nêu trên chỉ tính hồ sơ trong phạm vi: {clean('; '.join(words))}." if words else ""
    added = "Số liệu trước khi sắp xếp tổ chức được cộng về đơn vị hiện nay." if asked.filters.organisation is Organisation.NOW else ""
    return " ".join(filter(None, (narrowed, added)))


def _requests(row: Row, issuer: str) -> tuple[str, ...]:
    waiting = _number(row, "registered_not_carried") or 0
    handed = f"Chuyển ngay {text.whole(waiting)} kết quả đã đăng ký trả qua bưu chính; phối hợp" if waiting else "Phối hợp"
    found = (
        "Hướng dẫn tổ chức, cá nhân lựa chọn hình thức nhận kết quả qua bưu chính ngay khi nộp hồ sơ.",
        _start_with(row),
        f"{handed} với doanh nghiệp cung ứng dịch vụ bưu chính công ích để giao, nhận kết quả; ghi đầy đủ hình thức trả của từng kết quả trên hệ thống.",
        f"Gửi khó khăn, vướng mắc (nếu có) về {issuer} để phối hợp giải quyết.",
    )
    return tuple(f"{'abcd'[place]}) {words}" for place, words in enumerate(found))


def _start_with(row: Row) -> str:
    if text.is_missing(row.get("procedures_to_start_names")):
        return "Rà soát các thủ tục thuộc thẩm quyền giải quyết, chọn thủ tục phù hợp để thực hiện trả qua bưu chính."
    names = [clean(name) for name in str(row["procedures_to_start_names"]).split(BETWEEN_NAMES)]
    verb = "tăng cường" if row.get("reason") == Reason.BELOW_NORM else "thực hiện"
    done = min(_number(row, "done_elsewhere") or 0, len(names))
    if len(names) == 1:
        elsewhere = " (đã có đơn vị khác trả qua bưu chính)" if done else ""
        return f"Trước mắt, {verb} trả qua bưu chính đối với thủ tục: “{names[0]}”{elsewhere}."
    which = "các thủ tục này" if done == len(names) else "trong đó thủ tục đầu tiên" if done == 1 else f"trong đó {done} thủ tục đầu"
    elsewhere = f"; {which} đã có đơn vị khác trả qua bưu chính" if done else ""
    return f"Trước mắt, {verb} trả qua bưu chính đối với {len(names)} thủ tục: {', '.join(f'“{name}”' for name in names)}{elsewhere}."


def _capital(words: str) -> str:
    return words[0].upper() + words[1:]
