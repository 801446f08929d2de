"""Months on a time axis: labels, links, marks of reorganisations, and which month is unfinished."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import pandas as pd

from config.language import say
from dashboard.cards import Asked
from dashboard.pages import phrases
from dashboard.tables import Column, Kind, Table
from queries.period import Clock, Period, day_label, month_end, month_index, month_label, month_start
from queries.statement import Dim


def name(asked: Asked, month: int) -> str:
    """A month inside a sentence: “tháng 9/2026”, in the reporting clock “kỳ báo cáo tháng 9/2026”."""
    words = say("tháng {}", month_label(month))
    return say("kỳ báo cáo {}", words) if asked.filters.clock is Clock.REPORTING else words


def link(asked: Asked, month: int, path: str | None = None) -> str:
    """Address of the page for this month."""
    return asked.link(path, code=f"{month // 12}-{month % 12 + 1:02d}", start=None, end=None)


def is_finished(asked: Asked, month: int) -> bool:
    """Whether the data reach the end of the month."""
    return month_end(month, asked.filters.clock) <= asked.data.as_of


def existed(asked: Asked, month: int) -> bool:
    """Whether one of the asked agencies existed from the first to the last day of the month, as `phrases.existed`."""
    clock = asked.filters.clock
    return phrases.existed(asked, month_start(month, clock), month_end(month, clock))


def lived(frame: pd.DataFrame, asked: Asked) -> pd.DataFrame:
    """The frame with nothing instead of 0 in months in which none of the asked agencies existed; a figure that is there stays."""
    lives, clock = phrases.asked_lives(asked), asked.filters.clock
    if not lives:
        return frame
    spans = [Period(month_start(int(month), clock), month_end(int(month), clock)) for month in frame[Dim.MONTH.value]]
    gone = pd.Series([not any(life.meets(span) for life in lives) for span in spans], index=frame.index, dtype="bool")
    names = [name for name in frame.columns if name != Dim.MONTH.value]
    return frame.assign(**{name: frame[name].mask(gone & (frame[name].fillna(0) == 0)) for name in names})


def unfinished_from(asked: Asked, months: Sequence[int]) -> int | None:
    """Position of the first month that the data do not reach to the end."""
    return next((place for place, month in enumerate(months) if not is_finished(asked, month)), None)


def until(asked: Asked, months: Sequence[int]) -> str:
    """“tháng 10/2026 tính đến ngày 20/10/2026” for an unfinished last month; empty otherwise."""
    if not months or is_finished(asked, months[-1]):
        return ""
    return say("{} tính đến ngày {}", name(asked, months[-1]), day_label(asked.data.as_of))


def note(asked: Asked, months: Sequence[int]) -> str:
    """A sentence with a space behind it about the unfinished month; empty otherwise."""
    words = until(asked, months)
    return say("Nét đứt hoặc gạch chéo: {}. ", words) if words else ""


def table(frame: pd.DataFrame, asked: Asked, names: Mapping[str, str]) -> Table:
    """The months as rows, with whole numbers under the given headings; an unfinished month says until when."""
    rows = []
    for row in frame.to_dict("records"):
        month = int(row[Dim.MONTH.value])
        days = "" if is_finished(asked, month) else say(" (đến {})", day_label(asked.data.as_of))
        rows.append({**{key: row[key] for key in names}, "name": month_label(month) + days, "link": link(asked, month)})
    return Table((Column("name", "Tháng", link="link"), *(Column(key, label, Kind.WHOLE) for key, label in names.items())), tuple(rows))


def span(asked: Asked, months: Sequence[int]) -> str:
    """The whole axis in words: “từ tháng 11/2024 đến tháng 10/2026”."""
    return say("từ {} đến {}", name(asked, months[0]), name(asked, months[-1])) if months else asked.timeframe.label()


def at(asked: Asked, months: Sequence[int], day: date) -> float | None:
    """Where a day stands on the axis (5.5 is between the labels 5 and 6); None outside it and on its very first day."""
    if not months:
        return None
    clock = asked.filters.clock
    month = month_index(day, clock)
    first, last = month_start(month, clock), month_end(month, clock)
    x = month - months[0] - 0.5 + (day - first).days / ((last - first).days + 1)
    return x if months[0] <= month <= months[-1] and x > -0.5 else None


def floats(column: pd.Series) -> list[float | None]:
    """The values of a column for a chart; missing is None."""
    return [None if pd.isna(value) else float(value) for value in column]
