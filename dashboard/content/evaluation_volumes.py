"""Sentences about how much was received and returned, against the compared period, the year and the targets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from config.targets import Target, year_total
from dashboard import text
from dashboard.content.evaluation_facts import Facts, Row
from dashboard.pages import event_marks, phrases
from dashboard.pages.readings import Reading, rows_of, target_words
from queries import metrics
from queries.counting import Metric
from queries.scoring import AGENCY, PROVINCE, Scores

_IN: Final = "hồ sơ có ghi nhận hình thức tiếp nhận"
_OUT: Final = "kết quả có ghi nhận hình thức trả"
_CHANNELS: Final = (
    (metrics.RECEIVED_ONLINE, "trực tuyến"),
    (metrics.RECEIVED_AT_COUNTER, "trực tiếp"),
    (metrics.RECEIVED_BY_POST, "qua bưu chính"),
)
_TARGETED: Final = (metrics.POSTAL_RECEIPT_RATE, metrics.POSTAL_RETURN_RATE, metrics.ON_TIME_RATE, metrics.ACTIVE_AGENCIES, metrics.ACTIVE_PROCEDURES)


def basis(facts: Facts) -> Iterator[str]:
    """On what the report rests: the data, their date, the counted days."""
    counted = facts.asked.timeframe.counted
    if counted is not None:
        days = f"từ ngày {text.date_label(counted.start)} đến hết ngày {text.date_label(counted.end)}"
        yield f"Số liệu của báo cáo lấy từ cơ sở dữ liệu hồ sơ giải quyết thủ tục hành chính (TTHC) của tỉnh, {days}; số liệu cập nhật đến ngày {facts.as_of}."


def events(facts: Facts) -> Iterator[str]:
    """Dated events of the period."""
    counted = facts.asked.timeframe.counted
    known = event_marks.known_events(facts.asked).events
    found = [event for event in known if counted is not None and counted.start <= event.on <= counted.end and event_marks.concerns(event, facts.asked)]
    if found:
        yield f"Trong kỳ có: {'; '.join(f'{event.name} (ngày {text.date_label(event.on)})' for event in found)}."


def received(facts: Facts) -> Iterator[str]:
    """All dossiers received and those by post, with share and change."""
    whole, post = facts.reading(metrics.RECEIVED), facts.reading(metrics.RECEIVED_BY_POST)
    if not whole.now:
        yield f"{facts.when}, {facts.place} chưa phát sinh hồ sơ tiếp nhận."
        return
    head = f"{facts.when}, {facts.place} tiếp nhận {facts.told(whole.now)} hồ sơ TTHC"
    if not post.now:
        yield f"{head}; chưa phát sinh hồ sơ tiếp nhận qua dịch vụ bưu chính công ích{facts.moved(post)}."
        return
    share = facts.share(facts.reading(metrics.POSTAL_RECEIPT_RATE), _IN)
    yield f"{head}, trong đó tiếp nhận qua dịch vụ bưu chính công ích {facts.told(post.now)} hồ sơ{share}{facts.moved(post)}."
    yield from _rate_moved(facts, facts.reading(metrics.POSTAL_RECEIPT_RATE), "Tỷ lệ tiếp nhận qua bưu chính")


def received_channels(facts: Facts) -> Iterator[str]:
    """Receipts by channel; what has no recorded channel stands apart."""
    recorded = facts.reading(metrics.POSTAL_RECEIPT_RATE).below
    readings = [(facts.reading(metric), name) for metric, name in _CHANNELS]
    if text.is_missing(recorded) or recorded < facts.minimum or any(not reading.is_known or facts.hides(reading.now) for reading, _ in readings):
        return
    parts = [f"{name} {text.whole(reading.now)} hồ sơ ({text.percent(reading.now, recorded)})" for reading, name in readings]
    unknown = facts.reading(metrics.RECEIVED_CHANNEL_NOT_RECORDED)
    apart = f"; {text.whole(unknown.now)} hồ sơ không ghi nhận hình thức, để riêng" if unknown.now and not facts.hides(unknown.now) else ""
    yield f"Theo hình thức tiếp nhận: {', '.join(parts)}{apart}."


def received_units(facts: Facts) -> Iterator[str]:
    """Who receives most by post, and how many units received dossiers but none by post."""
    if facts.is_one_unit:
        return
    top = _top(facts.volumes, metrics.RECEIVED_BY_POST.key)
    if top:
        yield f"Tiếp nhận qua bưu chính nhiều nhất là {facts.named(top, metrics.RECEIVED_BY_POST.key, 'hồ sơ')}."
    none = [row for row in facts.volumes if row["postal_receipt_rate_denominator"] and not row["received_by_post"]]
    if none:
        yield f"{text.whole(len(none))} đơn vị có tiếp nhận hồ sơ nhưng chưa phát sinh hồ sơ tiếp nhận qua bưu chính."


def returned(facts: Facts) -> Iterator[str]:
    """All results returned and those by post, with share and change."""
    whole, post = facts.reading(metrics.RETURNED), facts.reading(metrics.RETURNED_BY_POST)
    if not whole.now:
        yield f"{facts.when}, {facts.place} chưa phát sinh kết quả trả."
        return
    head = f"{facts.when}, {facts.place} trả {facts.told(whole.now)} kết quả giải quyết TTHC"
    if not post.now:
        yield f"{head}; chưa trả kết quả nào qua dịch vụ bưu chính công ích{facts.moved(post)}."
        return
    rate = facts.reading(metrics.POSTAL_RETURN_RATE)
    yield f"{head}, trong đó trả qua dịch vụ bưu chính công ích {facts.told(post.now)} kết quả{facts.share(rate, _OUT)}{facts.moved(post)}."
    yield from _rate_moved(facts, rate, "Tỷ lệ trả kết quả qua bưu chính")


def _rate_moved(facts: Facts, rate: Reading, name: str) -> Iterator[str]:
    counts = (rate.now, rate.below, rate.before, rate.below_before)
    if facts.is_compared and not any(facts.hides(count) for count in counts) and rate.change().endswith(("%", text.NO_CHANGE)) and not rate.is_thin:
        yield f"{name} {rate.change()} so với {facts.compared_name}."


def returned_units(facts: Facts) -> Iterator[str]:
    """Who returns most by post, and the lowest rates among those that do."""
    if facts.is_one_unit:
        return
    top = _top(facts.volumes, metrics.RETURNED_BY_POST.key)
    if top:
        yield f"Trả kết quả qua bưu chính nhiều nhất là {facts.named(top, metrics.RETURNED_BY_POST.key, 'kết quả')}."
    rated = [row for row in facts.volumes if row["postal_return_rate_denominator"] >= facts.minimum and row["returned_by_post"]]
    rated = [row for row in rated if not facts.hides(row["returned_by_post"], of_unit=True)]
    lowest = sorted(rated, key=lambda row: (row["postal_return_rate"], text.sort_key(row["agency_name"])))[:3]
    if len(rated) > 3:
        names = [f"{row['agency_name']} {_sums(row['returned_by_post'], row['postal_return_rate_denominator'])}" for row in lowest]
        yield (f"Trong các đơn vị có trả qua bưu chính và có từ {facts.minimum} kết quả ghi nhận hình thức trả, tỷ lệ thấp nhất là {text.join_names(names)}.")


def unfinished(facts: Facts) -> Iterator[str]:
    """That the period is not over, and which days are compared."""
    frame = facts.asked.timeframe
    if frame.unfinished and frame.counted is not None:
        against = f"; so sánh với đúng những ngày đó của {facts.compared_name} ({frame.compared_label()})" if facts.is_compared else ""
        yield f"Kỳ báo cáo chưa kết thúc: số liệu tính từ ngày {text.date_label(frame.counted.start)} đến ngày {text.date_label(frame.counted.end)}{against}."


def organisation(facts: Facts) -> Iterator[str]:
    """What a reorganisation does to the comparison, and why there is none."""
    yield from phrases.comparison_line(facts.asked)
    yield from facts.asked.timeframe.notices


def movers(facts: Facts) -> Iterator[str]:
    """Who rose and fell most in results returned by post."""
    noun = "thủ tục" if facts.is_one_unit else "đơn vị"
    shown = [row for row in facts.drivers if not (facts.hides(row["now"], of_unit=True) or facts.hides(row["before"], of_unit=True))]
    for word, sign in (("Tăng", 1), ("Giảm", -1)):
        moved = sorted((row for row in shown if row["change"] * sign > 0), key=lambda row: (-row["change"] * sign, text.sort_key(row["name"])))
        if moved:
            names = [f"{text.shorten(row['name'], 90)} ({text.signed(row['change'])} kết quả)" for row in moved[:5]]
            yield f"{word} nhiều nhất so với {facts.compared_name} về kết quả trả qua bưu chính, theo {noun}: {text.join_names(names, 5)}."


def year_to_date(facts: Facts) -> Iterator[str]:
    """The sums from the beginning of the year."""
    year = facts.year
    if year is None or year.asked.timeframe.counted is None:
        return
    span = year.asked.timeframe.counted
    into, out = year.sums[metrics.RECEIVED_BY_POST.key], year.sums[metrics.RETURNED_BY_POST.key]
    days = f"từ ngày {text.date_label(span.start)} đến ngày {text.date_label(span.end)}"
    for reading, verb, noun in ((into, "tiếp nhận", "hồ sơ"), (out, "trả", "kết quả")):
        lead = f"Lũy kế từ đầu năm ({days}), {facts.place} " if reading is into else "Cũng trong thời gian này, "
        yield f"{lead}{verb} {facts.told(reading.now)} {noun} qua bưu chính công ích{year.moved(reading)}."


def targets(facts: Facts) -> Iterator[str]:
    """Where the figures stand against the targets in force; a target that nobody has compared with its text says so."""
    for metric in _TARGETED:
        reading = facts.reading(metric)
        words = target_words(facts.asked, reading)
        if words and reading.is_known and not facts.hides(reading.now) and not facts.hides(reading.below):
            yield f"{metric.label}: {_of(reading)}. {words}."
    for metric in (metrics.RECEIVED_BY_POST, metrics.RETURNED_BY_POST):
        counted = facts.asked.timeframe.counted
        unit = facts.asked.filters.agencies[0] if facts.is_one_unit else None
        aim = None if counted is None else year_total(facts.asked.targets or (), metric.key, counted.last_month // 12, unit)
        if aim is not None:
            yield from _year_target(facts, metric, aim)


def _year_target(facts: Facts, metric: Metric, aim: Target) -> Iterator[str]:
    reading = (facts.year or facts).sums[metric.key]
    if reading.is_known and not facts.hides(reading.now):
        share = text.percent(reading.now, aim.value)
        yield f"{metric.label} từ đầu năm: {text.whole(reading.now)} {metric.unit}, bằng {share} chỉ tiêu cả năm {text.number(aim.value)} ({aim.note})."


def score(facts: Facts) -> Iterator[str]:
    """The points under the configured rules, each with both its sums, version and note."""
    rows = score_rows(facts)
    known = [row for row in rows if not text.is_missing(row["points"])]
    if not known:
        return
    whole = " ".join((facts.place if facts.is_one_unit else "toàn tỉnh").split())
    points, most = (sum(row[name] for row in known) for name in ("points", "max_points"))
    parts = [
        f"{row['label'][0].lower()}{row['label'][1:]} {score_sums(row, facts)}, được {text.number(row['points'], 2)}/{text.number(row['max_points'], 2)} điểm"
        for row in known
    ]
    yield (
        f"Theo bộ ngưỡng “{known[0]['version']}” ({known[0]['note']}), {whole} được {text.number(points, 2)}/{text.number(most, 2)} điểm: {'; '.join(parts)}."
    )


def score_rows(facts: Facts) -> list[Row]:
    """The scored ratios of the asked unit, or of the province; without those that rest on a count that may not be told."""
    rows = rows_of(facts.asked.data.ask(Scores(), facts.asked.filters))
    wanted = [row for row in rows if (row["kind"] == AGENCY if facts.is_one_unit else row["kind"] == PROVINCE)]
    return [row for row in wanted if not (facts.hides(row["numerator"]) or facts.hides(row["denominator"]))]


def score_sums(row: Row, facts: Facts) -> str:
    """A scored ratio with both its sums; a percentage only where enough cases carry it."""
    if row["metric"] != metrics.ACTIVE_PROCEDURES.key and row["denominator"] < facts.minimum:
        return f"{text.whole(row['numerator'])}/{text.whole(row['denominator'])}"
    return _sums(row["numerator"], row["denominator"])


def _top(rows: list[Row], key: str, limit: int = 3) -> list[Row]:
    return sorted((row for row in rows if row[key] > 0), key=lambda row: (-row[key], text.sort_key(row["agency_name"])))[:limit]


def _sums(above: object, below: object) -> str:
    """A rate with both its sums: “14,8% (6.143/41.602)”."""
    return f"{text.percent(above, below)} ({text.whole(above)}/{text.whole(below)})"


def _of(reading: Reading) -> str:
    if reading.metric.is_ratio and not reading.is_thin:
        return _sums(reading.now, reading.below)
    return f"{text.whole(reading.now)}/{text.whole(reading.below)}" if reading.metric.denominator else text.whole(reading.now)
