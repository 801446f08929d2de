"""The rules that look at dossiers over time: hours that betray a wrong zone, days without any, units that fall silent."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

import pandas as pd
import sqlalchemy as sa

from queries.check_report import Line, listed, number, percent
from queries.source import Source

_OFFICE: Final = range(7, 18)
_VIET_NAM: Final = 7  # hours before Greenwich: the usual mistake
_OUTSIDE_WARNED: Final = 0.3
_SPARSE: Final = 5  # dossiers a working day below which an empty day says nothing
_FIXED_HOLIDAYS: Final = frozenset({(1, 1), (4, 30), (5, 1), (9, 1), (9, 2), (9, 3)})
_TET_FROM, _TET_TO, _TET_DAYS = (1, 15), (2, 28), 3
_ACTIVE_MONTHS, _ACTIVE_DOSSIERS, _SILENT_MONTHS = 6, 10, 2


def hour_lines(source: Source) -> list[Line]:
    """Hour of receipt. Online dossiers come at any hour, so they are left out where there are enough others."""
    d = source.relation("dossiers")
    hour = sa.extract("hour", d.c.received_at)
    sharp = (hour == 0) & (sa.extract("minute", d.c.received_at) == 0) & (sa.extract("second", d.c.received_at) == 0)
    online = sa.func.coalesce(d.c.received_channel, "") == "online"
    frame = source.frame(
        sa.select(
            sa.cast(hour, sa.Integer).label("hour"),
            sa.func.count().label("all"),
            sa.cast(sa.func.sum(sa.case((online, 0), else_=1)), sa.BigInteger).label("offline"),
            sa.cast(sa.func.sum(sa.case((sharp, 1), else_=0)), sa.BigInteger).label("sharp"),
        )
        .where(d.c.received_at.is_not(None))
        .group_by(hour)
    )
    total, midnight = int(frame["all"].sum()), int(frame["sharp"].sum())
    if total == 0:
        return []
    if midnight > total / 2:
        return [Line("hours", "info", midnight, f"{number(midnight)} trên {number(total)} hồ sơ chỉ có ngày tiếp nhận, không có giờ (00:00:00)")]
    column = "offline" if int(frame["offline"].sum()) >= 100 else "all"
    return [_zone(dict(zip(frame["hour"].astype(int), frame[column].astype(int), strict=True)))]


def _zone(counts: Mapping[int, int]) -> Line:
    total = sum(counts.values())
    inside = {shift: sum(n for hour, n in counts.items() if (hour + shift) % 24 in _OFFICE) for shift in range(-12, 13)}
    likely = [shift for shift in inside if inside[shift] >= max(inside.values()) - total / 50]
    best = min(likely, key=lambda shift: (shift != 0, abs(shift) != _VIET_NAM, abs(shift)))
    busiest = sorted(counts, key=lambda hour: (-counts[hour], hour))[:6]
    histogram = ", ".join(f"{hour} giờ {percent(counts[hour], total)}" for hour in sorted(busiest))
    outside = total - inside[0]
    text = f"{percent(inside[0], total)} tiếp nhận trong khoảng 7–18 giờ; đông nhất: {histogram}"
    if best != 0 and inside[best] - inside[0] > _OUTSIDE_WARNED * total:
        move = f"{'cộng' if best > 0 else 'bớt'} {abs(best)} giờ"
        return Line("hours", "warning", outside, f"{text}. Có vẻ lệch múi giờ: {move} thì {percent(inside[best], total)} rơi vào giờ làm việc")
    if outside > _OUTSIDE_WARNED * total:
        return Line("hours", "warning", outside, f"{text}. Nhiều hồ sơ ngoài giờ làm việc: hãy xem lại múi giờ của nguồn")
    return Line("hours", "ok", 0, text)


def day_lines(source: Source, end: date) -> list[Line]:
    """Working days without any dossier while the feed covers the province. Fixed holidays and the days of Tết are left out."""
    d = source.relation("dossiers")
    day = sa.cast(d.c.received_at, sa.Date)
    frame = source.frame(sa.select(day.label("day"), sa.func.count().label("n")).where(d.c.received_at.is_not(None)).group_by(day))
    if frame.empty:
        return []
    first, last = _covered(source, frame["day"].min().date(), end)
    days = pd.bdate_range(first, last)
    counts = dict(zip(frame["day"], frame["n"], strict=True))
    if len(days) == 0 or sum(int(counts.get(day, 0)) for day in days) < _SPARSE * len(days):
        return [Line("empty_days", "info", 0, "số liệu thưa, không xét được ngày làm việc không có hồ sơ")]
    empty = [day.date() for day in days if day not in counts]
    odd = [found for run in _runs(empty) if not _is_tet(run) for found in run if (found.month, found.day) not in _FIXED_HOLIDAYS]
    if not odd:
        return [Line("empty_days", "ok", 0, "không có ngày làm việc nào thiếu hồ sơ (không kể ngày lễ, Tết)")]
    text = f"{number(len(odd))} ngày làm việc không có hồ sơ nào (có thể là ngày nghỉ bù): {listed([f'{found:%d/%m/%Y}' for found in odd])}"
    return [Line("empty_days", "warning", len(odd), text)]


def _covered(source: Source, first: date, last: date) -> tuple[date, date]:
    if not source.has("coverage"):
        return first, last
    c = source.relation("coverage")
    row = source.frame(sa.select(sa.func.min(c.c.covered_from).label("first"), sa.func.max(c.c.covered_to).label("last"))).iloc[0]
    begin = first if pd.isna(row["first"]) else max(first, row["first"].date())
    return begin, last if pd.isna(row["last"]) else min(last, row["last"].date())


def _runs(days: list[date]) -> list[list[date]]:
    """Days gathered where only a weekend lies between."""
    runs: list[list[date]] = []
    for day in days:
        if runs and (day - runs[-1][-1]) <= timedelta(days=3 if day.weekday() == 0 else 1):
            runs[-1].append(day)
        else:
            runs.append([day])
    return runs


def _is_tet(run: list[date]) -> bool:
    return len(run) >= _TET_DAYS and all(_TET_FROM <= (day.month, day.day) <= _TET_TO for day in run)


def silent_lines(source: Source, end: date) -> list[Line]:
    """Units with steady numbers that fall to zero at once, while they exist and are covered."""
    d = source.relation("dossiers")
    year, month = sa.extract("year", d.c.received_at), sa.extract("month", d.c.received_at)
    counted = sa.select(d.c.agency_code, sa.cast(year, sa.Integer).label("year"), sa.cast(month, sa.Integer).label("month"), sa.func.count().label("n"))
    frame = source.frame(counted.where(d.c.agency_code.is_not(None), d.c.received_at.is_not(None)).group_by(d.c.agency_code, year, month))
    ends = _ends(source, end)
    frame["index"] = frame["year"] * 12 + frame["month"] - 1
    silent = [str(code) for code, rows in frame.groupby("agency_code") if _fell(dict(zip(rows["index"], rows["n"], strict=True)), ends.get(str(code), end))]
    if not silent:
        return [Line("silent_agencies", "ok", 0, "không có đơn vị nào đột ngột hết hồ sơ")]
    text = f"{number(len(silent))} đơn vị đang có hồ sơ đều đặn rồi đột ngột không còn hồ sơ nào: {listed(silent)}"
    return [Line("silent_agencies", "warning", len(silent), text)]


def _fell(counts: Mapping[int, int], end: date) -> bool:
    after = end + timedelta(days=1)
    last_full, last = after.year * 12 + after.month - 2, max(counts)
    before = [counts.get(index, 0) for index in range(last - _ACTIVE_MONTHS, last)]
    return last_full - last >= _SILENT_MONTHS and min(before) >= _ACTIVE_DOSSIERS


def _ends(source: Source, end: date) -> dict[str, date]:
    """Last day on which a dossier can be expected, by agency: when it ended, when its feed ended, at the latest the date of the data."""
    a = source.relation("agencies")
    known = source.frame(sa.select(a.c.agency_code, a.c.valid_to))
    ends = {str(code): end if pd.isna(day) else min(end, day.date()) for code, day in zip(known["agency_code"], known["valid_to"], strict=True)}
    if source.has("coverage"):
        c = source.relation("coverage")
        feeds = source.frame(
            sa.select(c.c.agency_code, sa.func.max(c.c.covered_to).label("last")).where(c.c.agency_code.is_not(None)).group_by(c.c.agency_code)
        )
        for code, day in zip(feeds["agency_code"], feeds["last"], strict=True):
            ends[str(code)] = min(ends.get(str(code), end), end if pd.isna(day) else day.date())
    return ends
