"""The rows of the page “Biến động”: parts of a change with their links, the steps of a waterfall, and the tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd

from config.language import say
from dashboard import text
from dashboard.cards import Asked
from dashboard.pages import change_words as words
from dashboard.pages import months, phrases
from dashboard.pages.readings import rows_of
from dashboard.tables import Column, Kind, Table
from queries.filters import NOT_RECORDED
from queries.measure import before, denominator, numerator
from queries.metrics import POSTAL_RETURN_RATE
from queries.period import month_label
from queries.sentence import LEVEL_NAMES
from queries.signal import RateWord

Row = dict[str, Any]
PATH: Final = "/bien-dong"
MOST_ROWS: Final = 100
MOST_STEPS: Final = 6  # in each direction; the rest is one step
LINKS: Final[Mapping[str, tuple[str, str]]] = {  # where a part of each kind leads: page and attribute of the filters
    "agency": ("/don-vi", "agencies"),
    "group": ("/don-vi", "agencies"),
    "procedure": ("/thu-tuc", "procedures"),
    "area": ("/dia-ban", "areas"),
    "channel": (PATH, "channels"),
}


class Points(Column):
    """A column of percentage points, to a hundredth and with the sign."""

    @property
    def digits(self) -> int:
        """Decimals."""
        return 2

    def show(self, value: Any) -> str:  # noqa: ANN401 - a cell may hold anything
        """The cell in words; “–” for a missing value."""
        return words.points(value)


def linked(frame: pd.DataFrame, asked: Asked) -> list[Row]:
    """Rows of `Split` with their links; the largest rise first."""
    rows = []
    for row in rows_of(frame):
        path, attribute = LINKS[row["kind"]]
        codes = tuple(sorted(row["key"].split(","))) if isinstance(row["key"], str) else (NOT_RECORDED,)
        rows.append(row | {"label": phrases.capital(row["name"]), "link": asked.link_of(attribute, codes, path)})
    return sorted(rows, key=lambda row: (-row["change"], text.sort_key(row["name"])))


def steps(rows: Sequence[Row], key: str, noun: str) -> tuple[list[Row], int]:
    """The steps of a waterfall, and how many rows are merged into one of them; a single row left over is not worth merging."""
    ordered = sorted((row for row in rows if row[key] != 0), key=lambda row: -row[key])
    ups, downs = [row for row in ordered if row[key] > 0], [row for row in ordered if row[key] < 0]
    merged = ups[MOST_STEPS:] + downs[: max(0, len(downs) - MOST_STEPS)]
    if len(merged) <= 1:
        return [*ups, *downs], 0
    rest = {"label": say("{} {} khác", text.whole(len(merged)), noun), "link": None, key: sum(row[key] for row in merged)}
    return [*ups[:MOST_STEPS], rest, *downs[-MOST_STEPS:]], len(merged)


def split_table(rows: Sequence[Row], whole: int, noun: str, heading: str, compared: str) -> Table:
    """The parts with their sum, which is held against the whole that was counted by itself; beyond MOST_ROWS the smallest changes are one row."""
    columns = (
        Column("label", heading, link="link"),
        Column("before", compared, Kind.WHOLE),
        Column("now", "Kỳ này", Kind.WHOLE),
        Column("change", "Tăng, giảm", Kind.SIGNED),
    )
    sums = {key: sum(int(row[key]) for row in rows) for key in ("before", "now", "change")}
    by_size = sorted(range(len(rows)), key=lambda place: -abs(rows[place]["change"]))
    kept = set(by_size[:MOST_ROWS] if len(rows) > MOST_ROWS + 1 else by_size)
    shown = [row for place, row in enumerate(rows) if place in kept]
    small = [row for place, row in enumerate(rows) if place not in kept]
    if small:
        shown.append({"label": say("{} {} khác", text.whole(len(small)), noun), **{key: sum(int(row[key]) for row in small) for key in sums}})
    return Table(columns, tuple(shown), total={"label": words.check(sums["change"], whole), **sums})


def split_hover(row: Row) -> str:
    """A step of a count's waterfall; the merged one has no figures of its own."""
    moved = say("{}\n{} kết quả", row["label"], text.signed(row["change"]))
    return say("{}\ntừ {} thành {}", moved, text.whole(row["before"]), text.whole(row["now"])) if "before" in row else moved


def rates(row: Row, minimum: int) -> Row:
    """The rates of a part in both periods; missing over too few results."""
    found: Row = {}
    for when in ("", "_before"):
        below = row[f"denominator{when}"]
        found[f"rate{when}"] = row[f"numerator{when}"] / below if below >= max(minimum, 1) else pd.NA
    return found


def whole_rate(counted: pd.DataFrame) -> Row:
    """Numerator, denominator and rate of the whole in both periods, counted by themselves."""
    row, above, below = counted.iloc[0], numerator(POSTAL_RETURN_RATE), denominator(POSTAL_RETURN_RATE)
    names = {"numerator": above, "denominator": below, "numerator_before": before(above), "denominator_before": before(below)}
    whole: Row = {name: int(row[column]) for name, column in names.items()}
    return whole | rates(whole, 1)


def rate_table(rows: Sequence[Row], whole: Row, compared: str) -> Table:
    """The parts of a rate's change with their sum, which is held against the whole rate."""
    columns = (
        Column("label", "Cơ quan, đơn vị", link="link"),
        Column("rate_before", compared, Kind.PERCENT, over=("numerator_before", "denominator_before")),
        Column("rate", "Kỳ này", Kind.PERCENT, over=("numerator", "denominator")),
        Points("behaviour", say("Cách làm (điểm %)"), Kind.SIGNED),
        Points("mix", say("Cơ cấu (điểm %)"), Kind.SIGNED),
        Points("change", say("Cộng (điểm %)"), Kind.SIGNED),
    )
    sums = {key: sum(float(row[key]) for row in rows) for key in ("behaviour", "mix", "change")}
    fits = abs(sums["change"] - (whole["rate"] - whole["rate_before"]) * 100) < 1e-6
    name = say("Cộng các dòng = thay đổi của tỷ lệ đếm riêng") if fits else say("Cộng các dòng (khác thay đổi của tỷ lệ đếm riêng)")
    return Table(columns, tuple(rows), total={"label": name, **whole, **sums})


def month_rows(frame: pd.DataFrame, asked: Asked) -> list[Row]:
    """Rows of `MonthlySignal` with name, link and the word of each."""
    rows = []
    for row in rows_of(frame):
        month = int(row["month"])
        rows.append(row | {"name": month_label(month), "link": months.link(asked, month), "said": words.month_word(row, asked)})
    return rows


MONTH_COLUMNS: Final = (
    Column("name", "Tháng", link="link"),
    Column("value", "Trả qua bưu chính", Kind.WHOLE),
    Column("lower", "Giới hạn dưới", Kind.NUMBER),
    Column("centre", "Trung bình", Kind.NUMBER),
    Column("upper", "Giới hạn trên", Kind.NUMBER),
    Column("said", "Kết luận"),
)
FUNNEL_COLUMNS: Final = (
    Column("agency_name", "Cơ quan, đơn vị", link="link"),
    Column("level_name", "Cấp"),
    Column("numerator", "Trả qua bưu chính", Kind.WHOLE),
    Column("denominator", "Kết quả có ghi nhận hình thức", Kind.WHOLE),
    Column("rate", "Tỷ lệ", Kind.PERCENT, over=("numerator", "denominator")),
    Column("lower", "Giới hạn dưới", Kind.PERCENT),
    Column("upper", "Giới hạn trên", Kind.PERCENT),
    Column("side", "So với toàn tỉnh"),
)


def funnel_rows(frame: pd.DataFrame, asked: Asked) -> list[Row]:
    """Rows of `RateFunnel` with links and words, the highest rate first."""
    rows = []
    for row in rows_of(frame):
        level = LEVEL_NAMES.get(str(row["level"]), text.MISSING)
        rows.append(row | {"link": asked.link("/don-vi", agencies=(row["agency_code"],)), "side": words.side(row), "level_name": phrases.capital(level)})
    return sorted(rows, key=lambda row: (-row["rate"], text.sort_key(row["agency_name"])))


def funnel_cells(row: Row) -> Row:
    """A row as the table shows it: no rate and no limits over too few results."""
    return row | dict.fromkeys(("rate", "lower", "upper"), pd.NA) if row["word"] == RateWord.FEW else row
