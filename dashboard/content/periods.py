"""Periods as parts of sentences."""

from __future__ import annotations

from dashboard import text
from dashboard.cards import Asked
from queries.period import Clock, Kind, Period


def in_period(period: Period, counted: Period) -> str:
    """The period as a part of a sentence: “trong quý III/2026”, “từ ngày 01/01/2026 đến ngày 31/10/2026”."""
    if period.kind in (Kind.DAYS, Kind.YEAR_TO_DATE) or period.clock is Clock.REPORTING:
        return f"từ ngày {text.date_label(counted.start)} đến ngày {text.date_label(counted.end)}"
    unfinished = f" (tính đến ngày {text.date_label(counted.end)})" if counted.end < period.end else ""
    return f"trong {period.label()}{unfinished}"


def period_words(asked: Asked) -> str:
    """The period as a title names it: “quý III/2026”, unfinished “quý IV/2026 (tính đến ngày 31/10/2026)”, in the reporting clock with its days."""
    frame = asked.timeframe
    counted = frame.counted or frame.period
    if frame.period.kind is Kind.DAYS:
        return in_period(frame.period, counted)
    if frame.period.clock is Clock.REPORTING:
        return f"kỳ báo cáo {frame.period.label()} ({in_period(frame.period, counted)})"
    unfinished = frame.unfinished or frame.period.kind is Kind.YEAR_TO_DATE
    return f"{frame.period.label()} (tính đến ngày {text.date_label(counted.end)})" if unfinished else frame.period.label()
