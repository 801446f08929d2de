"""The sentences of the page Tổng quan, computed from the figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd

from config.language import say
from dashboard import text
from dashboard.cards import Asked
from dashboard.pages import months, phrases
from dashboard.pages.readings import Reading
from queries import metrics
from queries.adoption import Verdict
from queries.period import month_label
from queries.sentence import VERDICT_NAMES
from queries.statement import Dim

VERDICTS: Final = {Verdict.RETURNS_BY_POST: VERDICT_NAMES[Verdict.RETURNS_BY_POST], **VERDICT_NAMES}
_YEAR: Final = 12
Row = Mapping[str, Any]


def _moved(now: Any, before: Any, noun: str, *, compared: bool = True) -> str:  # noqa: ANN401 - a cell of a frame, maybe missing
    """`, tăng 12 hồ sơ (+4,5%)`; empty when nothing is compared."""
    return "" if not compared or text.is_missing(now) or text.is_missing(before) else f", {text.change(now, before, noun)}"


def totals_title(readings: Mapping[str, Reading], asked: Asked) -> str:
    """How much was returned and received by post, and against what."""
    returned, received = readings["returned_by_post"], readings["received_by_post"]
    place = phrases.capital(phrases.place(asked))
    compared = phrases.is_compared(asked)
    against = say(" so với {}", phrases.compared_name(asked)) if compared else ""
    if not returned.now and not received.now:
        had = (
            say("; {} tiếp nhận {} hồ sơ và trả {} kết quả", phrases.compared_name(asked), text.whole(received.before), text.whole(returned.before))
            if against
            else ""
        )
        return say("{} chưa phát sinh hồ sơ tiếp nhận hay kết quả trả qua bưu chính{}", place, had)
    out = say("trả {} kết quả qua bưu chính", text.whole(returned.now)) if returned.now else say("chưa trả kết quả nào qua bưu chính")
    into = say("tiếp nhận {} hồ sơ qua bưu chính", text.whole(received.now)) if received.now else say("chưa tiếp nhận hồ sơ nào qua bưu chính")
    moved_out = _moved(returned.now, returned.before, say("kết quả"), compared=compared)
    moved_in = _moved(received.now, received.before, say("hồ sơ"), compared=compared)
    return f"{place} {out}{moved_out}{against}; {into}{moved_in}"


def _last_month(frame: pd.DataFrame, asked: Asked) -> int | None:
    """Position of the last finished month with figures, or of the last one with figures; None without any."""
    known = [place for place, value in enumerate(frame["returned_by_post"]) if not pd.isna(value)]
    done = [place for place in known if months.is_finished(asked, int(frame[Dim.MONTH.value].iloc[place]))]
    return (done or known)[-1] if known else None


def months_title(frame: pd.DataFrame, asked: Asked) -> str:
    """The last finished month beside the same month a year before."""
    place = _last_month(frame, asked)
    if place is None:
        return say("24 tháng gần đây chưa có số liệu")
    row = frame.iloc[place]
    index = int(row[Dim.MONTH.value])
    earlier = frame.iloc[place - _YEAR] if place >= _YEAR else None
    has_earlier = earlier is not None and not pd.isna(earlier["returned_by_post"]) and months.existed(asked, index - _YEAR)
    days = "" if months.is_finished(asked, index) else say(" (đến ngày {})", text.date_label(asked.data.as_of))
    moves = {
        key: _moved(row[key], earlier[key], noun) if earlier is not None and has_earlier and not days else ""
        for key, noun in (("returned_by_post", say("kết quả")), ("received_by_post", say("hồ sơ")))
    }
    against = say(" so với tháng {}", month_label(index - _YEAR)) if moves["returned_by_post"] else ""
    name = phrases.capital(months.name(asked, index)) + days
    whose = "" if phrases.is_province(asked) else f" {phrases.place(asked)}"
    head = say("{}{} trả {} kết quả qua bưu chính{}{}", name, whose, text.whole(row["returned_by_post"]), moves["returned_by_post"], against)
    return head if pd.isna(row["received_by_post"]) else say("{}; tiếp nhận {} hồ sơ{}", head, text.whole(row["received_by_post"]), moves["received_by_post"])


def months_lines(frame: pd.DataFrame, asked: Asked) -> tuple[str, ...]:
    """The highest and the lowest finished month of what was returned."""
    whole = [months.is_finished(asked, int(month)) and months.existed(asked, int(month)) for month in frame[Dim.MONTH.value]]
    done = frame[whole].dropna(subset=["returned_by_post"])
    if len(done) < 2:
        return ()
    most, least = done.iloc[int(done["returned_by_post"].to_numpy().argmax())], done.iloc[int(done["returned_by_post"].to_numpy().argmin())]
    if most["returned_by_post"] == least["returned_by_post"]:
        return ()
    words = [say("{} ({} kết quả)", months.name(asked, int(row[Dim.MONTH.value])), text.whole(row["returned_by_post"])) for row in (most, least)]
    return (say("Trong các tháng đã đủ ngày, trả qua bưu chính nhiều nhất là {}, ít nhất là {}.", words[0], words[1]),)


def _year_pair(frame: pd.DataFrame, asked: Asked) -> tuple[pd.DataFrame, pd.DataFrame] | None:
    """The last finished months, up to twelve, and the same months a year before; None when the data begin too late."""
    done = frame[[months.is_finished(asked, int(month)) for month in frame[Dim.MONTH.value]]]
    size = min(_YEAR, len(done) - _YEAR)
    if size < 1:
        return None
    later, earlier = done.iloc[-size:], done.iloc[len(done) - size - _YEAR : len(done) - _YEAR]
    keys = [name for name in frame.columns if name != Dim.MONTH.value]
    if not months.existed(asked, int(earlier[Dim.MONTH.value].iloc[0])):
        return None
    return None if earlier[keys].isna().any(axis=None) or later[keys].isna().any(axis=None) else (later, earlier)


def _shares(frame: pd.DataFrame) -> tuple[int, int, int]:
    """Received by post, online, and with a recorded channel."""
    sums = frame.fillna(0)[[metric.key for metric in (metrics.RECEIVED_BY_POST, metrics.RECEIVED_ONLINE, metrics.RECEIVED_AT_COUNTER)]].sum()
    return int(sums.iloc[0]), int(sums.iloc[1]), int(sums.sum())


def channels_title(frame: pd.DataFrame, asked: Asked) -> str:
    """Whether online grew while post shrank, in shares of what has a recorded channel."""
    pair = _year_pair(frame, asked)
    post, online, recorded = _shares(pair[0] if pair else frame)
    if recorded < asked.data.rules.minimum_n:
        return say("Tiếp nhận {} hồ sơ có ghi nhận hình thức: quá ít để so sánh tỷ trọng", text.whole(recorded))
    if pair is None:
        known = len(frame.dropna())
        return say("Trong {} tháng, tiếp nhận trực tuyến chiếm {}, bưu chính {} số hồ sơ", known, text.percent(online, recorded), text.percent(post, recorded))
    post_before, online_before, recorded_before = _shares(pair[1])
    span = say("{} tháng gần đây", len(pair[0])) if len(pair[0]) > 1 else months.name(asked, int(pair[0][Dim.MONTH.value].iloc[0]))
    if recorded_before < asked.data.rules.minimum_n:
        return say(
            "{}: trực tuyến chiếm {}, bưu chính {} số hồ sơ tiếp nhận", phrases.capital(span), text.percent(online, recorded), text.percent(post, recorded)
        )
    online_up = online * recorded_before > online_before * recorded
    post_down = post * recorded_before < post_before * recorded
    link = "trong khi" if online_up == post_down else say("và")
    return say(
        "{} tiếp nhận trực tuyến {}, {} bưu chính {} so với cùng kỳ năm trước",
        phrases.capital(span),
        _from_to(online_before, recorded_before, online, recorded),
        link,
        _from_to(post_before, recorded_before, post, recorded),
    )


def _from_to(before: int, whole_before: int, now: int, whole: int) -> str:
    first, last = text.percent(before, whole_before), text.percent(now, whole)
    if first == last:
        return say("giữ ở {}", last)
    up = now * whole_before > before * whole
    return say("{} từ {} {} {}", "tăng" if up else "giảm", first, "lên" if up else "xuống", last)


def channels_lines(by_month: pd.DataFrame, asked: Asked) -> tuple[str, ...]:
    """What became of results returned by post in the same months."""
    pair = None if by_month.empty else _year_pair(by_month, asked)
    if pair is None:
        return ()
    now, before = (int(part["returned_by_post"].sum()) for part in pair)
    return (say("Cùng những tháng đó, kết quả trả qua bưu chính: {}.", text.change(now, before, "kết quả")),)


def _named(rows: Sequence[Row], limit: int = 3) -> str:
    return text.join_names([f"{text.shorten(row['name'], 90)} ({text.signed(row['change'])})" for row in rows[:limit]], limit)


def _rising(rows: Sequence[Row]) -> list[Row]:
    return sorted((row for row in rows if row["change"] > 0), key=lambda row: (-row["change"], text.sort_key(row["name"])))


def _falling(rows: Sequence[Row]) -> list[Row]:
    return sorted((row for row in rows if row["change"] < 0), key=lambda row: (row["change"], text.sort_key(row["name"])))


def drivers_title(rows: Sequence[Row], before: int, now: int, asked: Asked) -> str:
    """How far the total moved, and who moved it most."""
    head = say("Kết quả trả qua bưu chính của {} {} so với {}", phrases.place(asked), text.change(now, before, "kết quả"), phrases.compared_name(asked))
    up = say("tăng nhiều nhất ở {}", _named(_rising(rows), 1)) if _rising(rows) else ""
    down = say("giảm nhiều nhất ở {}", _named(_falling(rows), 1)) if _falling(rows) else ""
    parts = [part for part in ((down, up) if now < before else (up, down)) if part]
    return f"{head}: {', '.join(parts)}" if parts else head


def drivers_lines(rows: Sequence[Row], noun: str) -> tuple[str, ...]:
    """How many rose and fell, and by how much together."""
    parts = []
    for words, moved in ((say("tăng"), _rising(rows)), (say("giảm"), _falling(rows))):
        if moved:
            parts.append(say("{} {} {}, cộng {} kết quả", len(moved), noun, words, text.signed(sum(row["change"] for row in moved))))
    still = sum(1 for row in rows if row["change"] == 0)
    parts += [say("{} {} không đổi", still, noun)] if still else []
    return (phrases.capital("; ".join(parts)) + ".",) if parts else ()


def drivers_note(groups: int, merged: int, noun: str) -> str:
    """What was merged in the chart and why units stand together."""
    parts = [say("{} {} thay đổi ít hơn được gộp thành một dòng; bảng có đủ.", merged, noun)] if merged else []
    if groups:
        parts.append(
            say("Giữa hai kỳ có sắp xếp tổ chức: {} dòng gộp đơn vị trước và sau sắp xếp thành nhóm nhỏ nhất so sánh được, không chia số liệu.", groups)
        )
    return " ".join([*parts, say("Các dòng cộng lại đúng bằng mức thay đổi chung.")])


def moved_lines(rows: Sequence[Row], asked: Asked) -> tuple[str, ...]:
    """The units that rose and fell most, up to five each."""
    against = say("so với {}", phrases.compared_name(asked))
    lines = []
    for words, moved in ((say("Tăng"), _rising(rows)), (say("Giảm"), _falling(rows))):
        if moved:
            lines.append(say("{} nhiều nhất {}: {}.", words, against, _named(moved, 5)))
    return tuple(lines)


def zero_title(units: pd.DataFrame, asked: Asked) -> str:
    """How many units return by post, who most, and how many return results but none by post."""
    counts = units["verdict"].value_counts()
    active, not_by_post = int(counts.get(Verdict.RETURNS_BY_POST, 0)), int(counts.get(Verdict.NOT_BY_POST, 0))
    if len(units) == 1:
        return _one_unit(units.iloc[0])
    whose = "" if phrases.is_province(asked) else f" ({phrases.place(asked)})"
    if not active:
        head = say("Chưa đơn vị nào trong {} đơn vị{} trả kết quả qua bưu chính", len(units), whose)
    else:
        top = max(units.to_dict("records"), key=lambda row: (row["returned_by_post"], _backwards(row["agency_name"])))
        most = say("{} ({} kết quả)", top["agency_name"], text.whole(top["returned_by_post"]))
        head = say("{} trong {} đơn vị{} có trả kết quả qua bưu chính, nhiều nhất là {}", active, len(units), whose, most)
    return say("{}; {} đơn vị có trả kết quả nhưng chưa qua bưu chính", head, not_by_post) if not_by_post else head


def _backwards(name: str) -> tuple[int, ...]:
    """A key that puts the first name of the alphabet highest."""
    return tuple(-ord(mark) for mark in text.fold(name))


def zero_note(volumes: pd.DataFrame, shown: int, active: int) -> str:
    """What the bars leave out."""
    parts = [say("Biểu đồ vẽ {} đơn vị trả nhiều nhất, còn {} đơn vị có trả; bảng có đủ.", shown, active - shown)] if active > shown else []
    outside = 0 if volumes.empty else int(volumes.loc[~volumes["is_known"].astype(bool), "returned_by_post"].fillna(0).sum())
    if outside:
        parts.append(say("{} kết quả trả qua bưu chính chưa gán đơn vị hoặc của đơn vị ngoài danh mục không xếp hạng được.", text.whole(outside)))
    return " ".join([*parts, say("Năm tình trạng không gộp với nhau; chỉ “chưa trả qua bưu chính” là cần nhắc.")])


def _one_unit(row: Mapping[str, Any] | pd.Series) -> str:
    name, returned, by_post = str(row["agency_name"]), text.whole(row["returned"]), text.whole(row["returned_by_post"])
    return {
        Verdict.RETURNS_BY_POST: say("{} trả {} kết quả qua bưu chính trong {} kết quả đã trả", name, by_post, returned),
        Verdict.NOT_BY_POST: say("{} trả {} kết quả, chưa kết quả nào qua bưu chính", name, returned),
        Verdict.CHANNEL_NOT_RECORDED: say("{} trả {} kết quả nhưng không ghi nhận hình thức trả", name, returned),
        Verdict.NO_RESULT: say("{} không có kết quả nào đã trả trong kỳ", name),
        Verdict.NO_DATA: say("{} chưa có số liệu trong kỳ", name),
    }[Verdict(row["verdict"])]
