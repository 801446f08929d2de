"""The sentences of the page Tổng quan, computed from the figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd

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
    against = f" so với {phrases.compared_name(asked)}" if compared else ""
    if not returned.now and not received.now:
        had = f"; {phrases.compared_name(asked)} tiếp nhận {text.whole(received.before)} hồ sơ và trả {text.whole(returned.before)} kết quả" if against else ""
        return f"{place} chưa phát sinh hồ sơ tiếp nhận hay kết quả trả qua bưu chính{had}"
    out = f"trả {text.whole(returned.now)} kết quả qua bưu chính" if returned.now else "chưa trả kết quả nào qua bưu chính"
    into = f"tiếp nhận {text.whole(received.now)} hồ sơ qua bưu chính" if received.now else "chưa tiếp nhận hồ sơ nào qua bưu chính"
    moved_out = _moved(returned.now, returned.before, "kết quả", compared=compared)
    moved_in = _moved(received.now, received.before, "hồ sơ", compared=compared)
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
        return "24 tháng gần đây chưa có số liệu"
    row = frame.iloc[place]
    index = int(row[Dim.MONTH.value])
    earlier = frame.iloc[place - _YEAR] if place >= _YEAR else None
    has_earlier = earlier is not None and not pd.isna(earlier["returned_by_post"]) and months.existed(asked, index - _YEAR)
    days = "" if months.is_finished(asked, index) else f" (đến ngày {text.date_label(asked.data.as_of)})"
    moves = {
        key: _moved(row[key], earlier[key], noun) if earlier is not None and has_earlier and not days else ""
        for key, noun in (("returned_by_post", "kết quả"), ("received_by_post", "hồ sơ"))
    }
    against = f" so với tháng {month_label(index - _YEAR)}" if moves["returned_by_post"] else ""
    name = phrases.capital(months.name(asked, index)) + days
    whose = "" if phrases.place(asked) == phrases.PROVINCE else f" {phrases.place(asked)}"
    head = f"{name}{whose} trả {text.whole(row['returned_by_post'])} kết quả qua bưu chính{moves['returned_by_post']}{against}"
    return head if pd.isna(row["received_by_post"]) else f"{head}; tiếp nhận {text.whole(row['received_by_post'])} hồ sơ{moves['received_by_post']}"


def months_lines(frame: pd.DataFrame, asked: Asked) -> tuple[str, ...]:
    """The highest and the lowest finished month of what was returned."""
    whole = [months.is_finished(asked, int(month)) and months.existed(asked, int(month)) for month in frame[Dim.MONTH.value]]
    done = frame[whole].dropna(subset=["returned_by_post"])
    if len(done) < 2:
        return ()
    most, least = done.iloc[int(done["returned_by_post"].to_numpy().argmax())], done.iloc[int(done["returned_by_post"].to_numpy().argmin())]
    if most["returned_by_post"] == least["returned_by_post"]:
        return ()
    words = [f"{months.name(asked, int(row[Dim.MONTH.value]))} ({text.whole(row['returned_by_post'])} kết quả)" for row in (most, least)]
    return (f"Trong các tháng đã đủ ngày, trả qua bưu chính nhiều nhất là {words[0]}, ít nhất là {words[1]}.",)


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
        return f"Tiếp nhận {text.whole(recorded)} hồ sơ có ghi nhận hình thức: quá ít để so sánh tỷ trọng"
    if pair is None:
        known = len(frame.dropna())
        return f"Trong {known} tháng, tiếp nhận trực tuyến chiếm {text.percent(online, recorded)}, bưu chính {text.percent(post, recorded)} số hồ sơ"
    post_before, online_before, recorded_before = _shares(pair[1])
    span = f"{len(pair[0])} tháng gần đây" if len(pair[0]) > 1 else months.name(asked, int(pair[0][Dim.MONTH.value].iloc[0]))
    if recorded_before < asked.data.rules.minimum_n:
        return f"{phrases.capital(span)}: trực tuyến chiếm {text.percent(online, recorded)}, bưu chính {text.percent(post, recorded)} số hồ sơ tiếp nhận"
    online_up = online * recorded_before > online_before * recorded
    post_down = post * recorded_before < post_before * recorded
    link = "trong khi" if online_up == post_down else "và"
    return (
        f"{phrases.capital(span)} tiếp nhận trực tuyến {_from_to(online_before, recorded_before, online, recorded)}, "
        f"{link} bưu chính {_from_to(post_before, recorded_before, post, recorded)} so với cùng kỳ năm trước"
    )


def _from_to(before: int, whole_before: int, now: int, whole: int) -> str:
    first, last = text.percent(before, whole_before), text.percent(now, whole)
    if first == last:
        return f"giữ ở {last}"
    up = now * whole_before > before * whole
    return f"{'tăng' if up else 'giảm'} từ {first} {'lên' if up else 'xuống'} {last}"


def channels_lines(by_month: pd.DataFrame, asked: Asked) -> tuple[str, ...]:
    """What became of results returned by post in the same months."""
    pair = None if by_month.empty else _year_pair(by_month, asked)
    if pair is None:
        return ()
    now, before = (int(part["returned_by_post"].sum()) for part in pair)
    return (f"Cùng những tháng đó, kết quả trả qua bưu chính: {text.change(now, before, 'kết quả')}.",)


def _named(rows: Sequence[Row], limit: int = 3) -> str:
    return text.join_names([f"{text.shorten(row['name'], 90)} ({text.signed(row['change'])})" for row in rows[:limit]], limit)


def _rising(rows: Sequence[Row]) -> list[Row]:
    return sorted((row for row in rows if row["change"] > 0), key=lambda row: (-row["change"], text.sort_key(row["name"])))


def _falling(rows: Sequence[Row]) -> list[Row]:
    return sorted((row for row in rows if row["change"] < 0), key=lambda row: (row["change"], text.sort_key(row["name"])))


def drivers_title(rows: Sequence[Row], before: int, now: int, asked: Asked) -> str:
    """How far the total moved, and who moved it most."""
    head = f"Kết quả trả qua bưu chính của {phrases.place(asked)} {text.change(now, before, 'kết quả')} so với {phrases.compared_name(asked)}"
    up = f"tăng nhiều nhất ở {_named(_rising(rows), 1)}" if _rising(rows) else ""
    down = f"giảm nhiều nhất ở {_named(_falling(rows), 1)}" if _falling(rows) else ""
    parts = [part for part in ((down, up) if now < before else (up, down)) if part]
    return f"{head}: {', '.join(parts)}" if parts else head


def drivers_lines(rows: Sequence[Row], noun: str) -> tuple[str, ...]:
    """How many rose and fell, and by how much together."""
    parts = []
    for words, moved in (("tăng", _rising(rows)), ("giảm", _falling(rows))):
        if moved:
            parts.append(f"{len(moved)} {noun} {words}, cộng {text.signed(sum(row['change'] for row in moved))} kết quả")
    still = sum(1 for row in rows if row["change"] == 0)
    parts += [f"{still} {noun} không đổi"] if still else []
    return (phrases.capital("; ".join(parts)) + ".",) if parts else ()


def drivers_note(groups: int, merged: int, noun: str) -> str:
    """What was merged in the chart and why units stand together."""
    parts = [f"{merged} {noun} thay đổi ít hơn được gộp thành một dòng; bảng có đủ."] if merged else []
    if groups:
        parts.append(f"Giữa hai kỳ có sắp xếp tổ chức: {groups} dòng gộp đơn vị trước và sau sắp xếp thành nhóm nhỏ nhất so sánh được, không chia số liệu.")
    return " ".join([*parts, "Các dòng cộng lại đúng bằng mức thay đổi chung."])


def moved_lines(rows: Sequence[Row], asked: Asked) -> tuple[str, ...]:
    """The units that rose and fell most, up to five each."""
    against = f"so với {phrases.compared_name(asked)}"
    lines = []
    for words, moved in (("Tăng", _rising(rows)), ("Giảm", _falling(rows))):
        if moved:
            lines.append(f"{words} nhiều nhất {against}: {_named(moved, 5)}.")
    return tuple(lines)


def zero_title(units: pd.DataFrame, asked: Asked) -> str:
    """How many units return by post, who most, and how many return results but none by post."""
    counts = units["verdict"].value_counts()
    active, not_by_post = int(counts.get(Verdict.RETURNS_BY_POST, 0)), int(counts.get(Verdict.NOT_BY_POST, 0))
    if len(units) == 1:
        return _one_unit(units.iloc[0])
    whose = "" if phrases.place(asked) == phrases.PROVINCE else f" ({phrases.place(asked)})"
    if not active:
        head = f"Chưa đơn vị nào trong {len(units)} đơn vị{whose} trả kết quả qua bưu chính"
    else:
        top = max(units.to_dict("records"), key=lambda row: (row["returned_by_post"], _backwards(row["agency_name"])))
        most = f"{top['agency_name']} ({text.whole(top['returned_by_post'])} kết quả)"
        head = f"{active} trong {len(units)} đơn vị{whose} có trả kết quả qua bưu chính, nhiều nhất là {most}"
    return f"{head}; {not_by_post} đơn vị có trả kết quả nhưng chưa qua bưu chính" if not_by_post else head


def _backwards(name: str) -> tuple[int, ...]:
    """A key that puts the first name of the alphabet highest."""
    return tuple(-ord(mark) for mark in text.fold(name))


def zero_note(volumes: pd.DataFrame, shown: int, active: int) -> str:
    """What the bars leave out."""
    parts = [f"Biểu đồ vẽ {shown} đơn vị trả nhiều nhất, còn {active - shown} đơn vị có trả; bảng có đủ."] if active > shown else []
    outside = 0 if volumes.empty else int(volumes.loc[~volumes["is_known"].astype(bool), "returned_by_post"].fillna(0).sum())
    if outside:
        parts.append(f"{text.whole(outside)} kết quả trả qua bưu chính chưa gán đơn vị hoặc của đơn vị ngoài danh mục không xếp hạng được.")
    return " ".join([*parts, "Năm tình trạng không gộp với nhau; chỉ “chưa trả qua bưu chính” là cần nhắc."])


def _one_unit(row: Mapping[str, Any] | pd.Series) -> str:
    name, returned, by_post = str(row["agency_name"]), text.whole(row["returned"]), text.whole(row["returned_by_post"])
    return {
        Verdict.RETURNS_BY_POST: f"{name} trả {by_post} kết quả qua bưu chính trong {returned} kết quả đã trả",
        Verdict.NOT_BY_POST: f"{name} trả {returned} kết quả, chưa kết quả nào qua bưu chính",
        Verdict.CHANNEL_NOT_RECORDED: f"{name} trả {returned} kết quả nhưng không ghi nhận hình thức trả",
        Verdict.NO_RESULT: f"{name} không có kết quả nào đã trả trong kỳ",
        Verdict.NO_DATA: f"{name} chưa có số liệu trong kỳ",
    }[Verdict(row["verdict"])]
