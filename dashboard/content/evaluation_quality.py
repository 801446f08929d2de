"""Sentences about quality: on time, overdue, safety, revenue, and what the data themselves lack."""

from __future__ import annotations

from collections.abc import Iterator

from dashboard import text
from dashboard.content.evaluation_facts import Facts, names_of
from dashboard.pages.readings import Reading
from queries import metrics
from queries.adoption import Verdict

LACKS_INCIDENTS = "Cơ sở dữ liệu không có bảng khiếu nại, mất, thất lạc, hư hỏng: chưa đánh giá được mức độ an toàn."


def on_time(facts: Facts) -> Iterator[str]:
    """Settled on time, all and those received by post; what has no due date stands apart."""
    whole, post = facts.reading(metrics.ON_TIME_RATE), facts.reading(metrics.POSTAL_ON_TIME_RATE)
    if words := _rate(facts, whole, "hồ sơ có kết quả và có ngày hẹn trả"):
        yield f"Giải quyết đúng hạn {words}{_moved(facts, whole)}."
    if words := _rate(facts, post, "hồ sơ"):
        beside = post.beside(whole)
        against = f", {beside} {'tỷ lệ chung' if beside == 'bằng' else 'so với tỷ lệ chung'}" if beside else ""
        yield f"Riêng hồ sơ gửi qua bưu chính, giải quyết đúng hạn {words}{against}; thời gian vận chuyển không tính vào thời hạn giải quyết."
    without = facts.reading(metrics.COMPLETED_WITHOUT_DUE)
    if without.is_known and without.now and not facts.hides(without.now):
        yield f"{text.whole(without.now)} hồ sơ có kết quả nhưng không có ngày hẹn trả, đứng ngoài tỷ lệ đúng hạn."


def _rate(facts: Facts, reading: Reading, noun: str) -> str:
    """A rate with both its sums: “đạt 96,4% (964/1.000 hồ sơ)”, “9/10 hồ sơ”; empty where there is none or it may not be told."""
    if not reading.is_known or not reading.below or facts.hides(reading.now) or facts.hides(reading.below):
        return ""
    sums = f"{text.whole(reading.now)}/{text.whole(reading.below)} {noun}"
    return sums if reading.is_thin else f"đạt {reading.value()} ({sums})"


def _moved(facts: Facts, reading: Reading) -> str:
    return "" if reading.is_thin else facts.moved(reading)


def overdue(facts: Facts) -> Iterator[str]:
    """Open dossiers that are overdue at the date of the data."""
    late, whole = facts.reading(metrics.OVERDUE), facts.reading(metrics.OPEN)
    if not late.is_known or not whole.is_known or not whole.now:
        return
    if not late.now:
        yield f"Tại ngày {facts.as_of} không có hồ sơ quá hạn trong {facts.told(whole.now)} hồ sơ đang giải quyết."
        return
    share = f" ({text.percent(late.now, whole.now)})" if whole.now >= facts.minimum and not facts.hides(late.now) else ""
    yield f"Tại ngày {facts.as_of} có {facts.told(late.now)} hồ sơ quá hạn trong {facts.told(whole.now)} hồ sơ đang giải quyết{share}."


def safety(facts: Facts) -> Iterator[str]:
    """Complaints, losses and damage of the period, and the safety level."""
    found = facts.incidents
    if found is None:
        yield LACKS_INCIDENTS
        return
    if text.is_missing(found["complaint"]):
        return
    unsafe = {"mất": found["lost"], "thất lạc": found["misplaced"], "hư hỏng": found["damaged"]}
    if not found["complaint"] and not any(unsafe.values()):
        yield f"Chưa phát sinh khiếu nại, mất, thất lạc, hư hỏng hồ sơ, kết quả{_level(facts)}."
        return
    complaints = f"{facts.told(found['complaint'])} vụ khiếu nại" if found["complaint"] else "Chưa phát sinh khiếu nại"
    done = f"đã giải quyết {facts.told(found['complaint_settled'])} vụ" if found["complaint_settled"] else "chưa giải quyết vụ nào"
    settled = f" ({done})" if found["complaint"] else ""
    cases = [f"{facts.told(count)} vụ {name}" for name, count in unsafe.items() if count]
    lost = f"; {text.join_names(cases)}" if cases else "; chưa phát sinh mất, thất lạc, hư hỏng"
    paid = f"; bồi thường {facts.told(found['compensated'])} vụ, {text.whole(found['compensation'])} đồng" if found["compensated"] else ""
    yield f"{complaints}{settled}{lost} hồ sơ, kết quả{paid}{_level(facts)}."


def _level(facts: Facts) -> str:
    reading = facts.reading(metrics.SAFETY_RATE)
    if not reading.is_known or not reading.below or reading.is_thin or facts.hides(reading.below) or facts.hides(reading.below - reading.now):
        return ""
    return f"; mức độ an toàn {reading.value()} (quy định phải đạt 100%: TT 17/2017/TT-BTTTT, Điều 6)"


def revenue(facts: Facts) -> Iterator[str]:
    """Postal charges; not the fees collected for the agency."""
    reading = facts.reading(metrics.POSTAL_REVENUE)
    if reading.is_known and reading.now and not facts.hides(facts.reading(metrics.RECEIVED_BY_POST).now):
        yield f"Doanh thu cước bưu chính {reading.with_unit()}, không gồm phí, lệ phí thu hộ cơ quan{facts.moved(reading)}."


def data_quality(facts: Facts) -> Iterator[str]:
    """What the figures leave out: channels that are not recorded, units without a feed."""
    into, out = (facts.reading(metric) for metric in (metrics.RECEIVED_CHANNEL_NOT_RECORDED, metrics.RETURNED_CHANNEL_NOT_RECORDED))
    if not (into.is_known and out.is_known):
        return
    if (into.now or out.now) and not facts.hides(into.now) and not facts.hides(out.now):
        yield (
            f"Về chất lượng số liệu: {text.whole(into.now)} hồ sơ không ghi nhận hình thức tiếp nhận và {text.whole(out.now)} kết quả không ghi nhận "
            "hình thức trả, đứng ngoài các tỷ lệ."
        )
    silent = facts.units[facts.units["verdict"] == Verdict.NO_DATA]
    if len(silent):
        yield f"Chưa có nguồn số liệu của {text.whole(len(silent))} đơn vị ({names_of(silent, 6)}); không có số liệu không có nghĩa là không phát sinh."
