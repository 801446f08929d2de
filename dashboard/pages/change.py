"""Biến động: what the change is made of, whether it is real, and which units really differ."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import pandas as pd

from config.language import say
from dashboard import figures, text
from dashboard.cards import Asked, Drawing, Page
from dashboard.figures import Figure, Series
from dashboard.pages import change_figures, change_rows, event_marks, months, phrases
from dashboard.pages import change_words as words
from dashboard.pages.change_rows import Row
from dashboard.tables import Table
from dashboard.theme import LIGHT
from queries.measure import Measure, before
from queries.metrics import POSTAL_RETURN_RATE, RETURNED_BY_POST
from queries.signal import MonthlySignal, RateFunnel, RateWord
from queries.split import Split
from queries.statement import Dim

PAGE: Final = Page(change_rows.PATH, "Biến động", "Thay đổi do đâu, thay đổi thật hay dao động thường, và đơn vị nào khác thật so với toàn tỉnh.")

TOTAL: Final = Measure((RETURNED_BY_POST,), compared=True)
RATE: Final = Measure((POSTAL_RETURN_RATE,), compared=True)
MOST_BARS: Final = 30
NAME_CHARS: Final = 80
MIX: Final = "Cơ cấu giữa các đơn vị"
SMALLEST: Final = 1e-9  # percentage points that are nothing but the rounding of floats
_SPLIT: Final[Mapping[str, Any]] = {"metrics": (RETURNED_BY_POST,), "also": (TOTAL,)}


def _split(noun: str, heading: str) -> Callable[[pd.DataFrame, Asked], Drawing]:
    """The drawing of a split of results returned by post into parts that are called `noun`: from the compared period to this one, part by part."""

    def draw(frame: pd.DataFrame, asked: Asked) -> Drawing:
        measure = say("Kết quả trả qua bưu chính theo {}", noun)
        if asked.timeframe.counted is None:
            return phrases.nothing(asked, "kết quả trả qua bưu chính")
        if not phrases.is_compared(asked):
            return phrases.not_compared(asked, say("{}: tăng, giảm", measure))
        if frame.empty:
            return phrases.nothing(asked, "kết quả trả qua bưu chính ở cả hai kỳ")
        rows = change_rows.linked(frame, asked)
        counted = asked.others[0].iloc[0]
        was, now = int(counted[before(RETURNED_BY_POST.key)]), int(counted[RETURNED_BY_POST.key])
        steps, merged = change_rows.steps(rows, "change", noun)
        compared = phrases.capital(phrases.compared_name(asked))
        return Drawing(
            title=words.split_title(rows, was, now, noun, asked),
            subtitle=f"{phrases.subtitle(asked, measure)} · {phrases.compared(asked)}",
            lines=words.split_lines(rows, was, now, noun),
            figure=_waterfall(steps, was, now, compared) if steps else figures.empty(say("Không {} nào tăng hay giảm", noun)),
            table=change_rows.split_table(rows, now - was, noun, heading, compared),
            note=words.split_note(rows, merged, noun, change_rows.MOST_ROWS),
        )

    return draw


def _waterfall(steps: list[Row], was: int, now: int, compared: str) -> Figure:
    return figures.waterfall(
        names=[text.shorten(row["label"], NAME_CHARS) for row in steps],
        deltas=[int(row["change"]) for row in steps],
        start=was,
        end=now,
        start_name=compared,
        end_name="Kỳ này",
        links=[row["link"] for row in steps],
        hovers=[change_rows.split_hover(row) for row in steps],
    )


PAGE.card("change.split", "Tăng giảm theo đơn vị", Split(RETURNED_BY_POST, Dim.AGENCY), **_SPLIT)(_split("đơn vị", "Cơ quan, đơn vị"))


@PAGE.card("change.signal", "Thay đổi thật hay dao động thường", MonthlySignal(RETURNED_BY_POST), metrics=(RETURNED_BY_POST,))
def signal(frame: pd.DataFrame, asked: Asked) -> Drawing:
    """Two years by month with their natural limits, and what the last whole month says."""
    frame = frame[frame["value"].notna().cummax()].reset_index(drop=True)
    judged = [row for row in change_rows.month_rows(frame, asked) if isinstance(row["word"], str)]
    if asked.timeframe.counted is None or not judged or not (frame["value"].fillna(0) > 0).any():
        return phrases.nothing(asked, "kết quả trả qua bưu chính trong 24 tháng")
    indexes = [int(month) for month in frame["month"]]
    marks, events = event_marks.marks(asked, indexes)
    rows = change_rows.month_rows(frame, asked)
    hovers = [say("Trả qua bưu chính: {} kết quả, {}", text.whole(row["value"]), row["said"]) for row in rows]
    limits = [Series(name, months.floats(frame[key]), LIGHT.quiet, 0) for key, name in words.LIMITS.items() if frame[key].notna().any()]
    figure = figures.line(
        x_labels=[row["name"] for row in rows],
        series=[Series("Trả qua bưu chính", months.floats(frame["value"]), LIGHT.post, months.unfinished_from(asked, indexes), hovers), *limits],
        marks=marks,
        unit="",
        links=[row["link"] for row in rows],
        height=360,
        note=months.until(asked, indexes),
    )
    return Drawing(
        title=words.signal_title(judged[-1], frame, asked),
        subtitle=say("Kết quả trả qua bưu chính theo tháng · {} · {}", phrases.place(asked), months.span(asked, indexes)),
        lines=(*words.signal_lines(frame), *events),
        figure=change_figures.banded(figure, rows),
        table=Table(change_rows.MONTH_COLUMNS, tuple(rows)),
        note=f"{months.note(asked, indexes)}{say(words.SIGNAL_NOTE)}",
    )


@PAGE.card("change.rate", "Tỷ lệ đổi do cách làm hay do cơ cấu", Split(POSTAL_RETURN_RATE, Dim.AGENCY), metrics=(POSTAL_RETURN_RATE,), also=(RATE,))
def rate(frame: pd.DataFrame, asked: Asked) -> Drawing:
    """The change of the rate, split into the units' own rates and their weights, in percentage points."""
    measure = say("Tỷ lệ trả kết quả qua bưu chính")
    if asked.timeframe.counted is None:
        return phrases.nothing(asked, "kết quả đã trả có ghi nhận hình thức")
    if not phrases.is_compared(asked):
        return phrases.not_compared(asked, say("{}: tăng, giảm", measure))
    if frame.empty:
        return phrases.nothing(asked, "kết quả đã trả có ghi nhận hình thức ở cả hai kỳ")
    subtitle = f"{phrases.subtitle(asked, say('{}, điểm %', measure))} · {phrases.compared(asked)}"
    if frame["change"].isna().any():
        return Drawing(say("{}: một trong hai kỳ không có kết quả đã trả có ghi nhận hình thức, không tính được tăng, giảm", measure), subtitle, is_empty=True)
    minimum, compared = asked.data.rules.minimum_n, phrases.capital(phrases.compared_name(asked))
    rows = [row | change_rows.rates(row, minimum) for row in change_rows.linked(frame, asked)]
    whole = change_rows.whole_rate(asked.others[0])
    behaviour, mix = float(frame["behaviour"].sum()), float(frame["mix"].sum())
    steps, merged = change_rows.steps(rows, "behaviour", say("đơn vị"))
    return Drawing(
        title=words.rate_title(whole, behaviour, mix, asked),
        subtitle=subtitle,
        lines=words.rate_lines(rows, behaviour, mix),
        figure=_rate_waterfall(steps, mix, whole, compared),
        table=change_rows.rate_table(rows, whole, compared),
        note=words.rate_note(rows, merged, minimum),
    )


def _rate_waterfall(steps: list[Row], mix: float, whole: Row, compared: str) -> Figure:
    """The behaviour of each unit, and the mix of all as one step: a unit's own mix says little by itself."""
    parts = [(str(row["label"]), float(row["behaviour"]), row["link"]) for row in steps]
    parts += [(MIX, mix, None)] if abs(mix) > SMALLEST else []
    if not parts:
        return figures.empty("Tỷ lệ không đổi ở đơn vị nào")
    return figures.waterfall(
        names=[text.shorten(name, NAME_CHARS) for name, _, _ in parts],
        deltas=[value for _, value, _ in parts],
        start=whole["rate_before"] * 100,
        end=whole["rate"] * 100,
        start_name=f"{compared} (%)",
        end_name="Kỳ này (%)",
        texts=[words.points(value) for _, value, _ in parts],
        links=[link for _, _, link in parts],
        hovers=[say("{}\n{} điểm %", name, words.points(value)) + ("" if name == MIX else say(" do cách làm")) for name, value, _ in parts],
    )


@PAGE.card("change.funnel_limits", "Đơn vị nào khác thật so với toàn tỉnh", RateFunnel(POSTAL_RETURN_RATE), metrics=(POSTAL_RETURN_RATE,))
def funnel_limits(frame: pd.DataFrame, asked: Asked) -> Drawing:
    """Units by their rate, with the limits within which chance alone would put them."""
    if asked.timeframe.counted is None or frame.empty:
        return phrases.nothing(asked, "kết quả đã trả có ghi nhận hình thức")
    rows = change_rows.funnel_rows(frame, asked)
    known = [row for row in rows if row["word"] != RateWord.FEW]
    first = sorted(known, key=lambda row: (row["word"] != RateWord.REAL, -row["denominator"]))[:MOST_BARS]
    chosen = {row["agency_code"] for row in first}
    shown = [row for row in known if row["agency_code"] in chosen]
    return Drawing(
        title=words.funnel_title(rows, asked),
        subtitle=phrases.subtitle(asked, "Tỷ lệ trả kết quả qua bưu chính theo đơn vị"),
        lines=words.funnel_lines(rows),
        figure=change_figures.limited(shown) if shown else None,
        table=Table(change_rows.FUNNEL_COLUMNS, tuple(change_rows.funnel_cells(row) for row in rows)),
        note=words.funnel_note(len(known) - len(shown), asked.data.rules.minimum_n),
    )


PAGE.card("change.by_procedure", "Tăng giảm theo thủ tục", Split(RETURNED_BY_POST, Dim.PROCEDURE), **_SPLIT)(_split("thủ tục", "Thủ tục"))
PAGE.card("change.by_area", "Tăng giảm theo địa bàn", Split(RETURNED_BY_POST, Dim.AREA), **_SPLIT)(_split("địa bàn", "Địa bàn"))
PAGE.card("change.by_channel", "Tăng giảm theo hình thức nộp", Split(RETURNED_BY_POST, Dim.RECEIVED_CHANNEL), **_SPLIT)(
    _split("hình thức nộp", "Hình thức nộp hồ sơ")
)
