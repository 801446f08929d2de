"""The strip of the page “Chưa trả qua bưu chính”: the verdict of every month, agencies to remind on top."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd

from config.language import say
from dashboard import figures, text
from dashboard.cards import Asked, Choice
from dashboard.figures import Figure, State
from dashboard.pages import adoption_words as words
from dashboard.pages import months, phrases
from dashboard.tables import Column, Table
from dashboard.theme import VERDICT, VERDICT_SYMBOL
from queries import organisation
from queries.adoption import Verdict
from queries.period import Period, month_end, month_label, month_start
from queries.sentence import VERDICT_NAMES

DRAWN: Final = 40


@dataclass(frozen=True)
class Row:
    """One agency: its verdict in the asked period, and the verdict by month of its life."""

    code: str
    name: str
    verdict: str
    states: dict[int, str]

    def months(self, verdict: str) -> list[int]:
        """The months of one verdict."""
        return [month for month, said in self.states.items() if said == verdict]

    @property
    def by_post(self) -> int:
        """Number of months with a result returned by post."""
        return len(self.months(Verdict.RETURNS_BY_POST))

    @property
    def not_by_post(self) -> int:
        """Number of months with recorded results, none of them by post."""
        return len(self.months(Verdict.NOT_BY_POST))


def rows(frame: pd.DataFrame, verdicts: pd.DataFrame, asked: Asked) -> list[Row]:
    """The agencies that exist in the asked period, by verdict, then most months without post, then name.

    A month outside an agency's life has no state, unless results by post were returned in it.
    """
    lives = phrases.lives_by_agency(asked)
    clock = asked.filters.clock
    spans = {int(month): Period(month_start(int(month), clock), month_end(int(month), clock)) for month in frame["month"].unique()}
    existing = verdicts[verdicts["in_period"]]
    states: dict[str, dict[int, str]] = {}
    for code, month, said in zip(frame["agency_code"], frame["month"], frame["verdict"], strict=True):
        if said == Verdict.RETURNS_BY_POST or any(span.meets(spans[int(month)]) for span in lives[code]):
            states.setdefault(code, {})[int(month)] = said
    facts = zip(existing["agency_code"], existing["agency_name"], existing["verdict"], strict=True)
    found = [Row(code, name, verdict, states.get(code, {})) for code, name, verdict in facts]
    return sorted(found, key=lambda row: (words.ORDER[row.verdict], -row.not_by_post, text.sort_key(row.name)))


def title(found: Sequence[Row], when: str) -> str:
    """How many agencies never returned by post in the months drawn, and how many did whenever they had results."""
    if len(found) == 1:
        row, known = found[0], found[0].by_post + found[0].not_by_post
        if not known:
            return say("{}: {} không tháng nào có kết quả ghi hình thức trả", row.name, when)
        return say("{}: {} trong {} tháng có kết quả ghi hình thức trả là có trả qua bưu chính", row.name, row.by_post, known)
    never = sum(1 for row in found if row.not_by_post and not row.by_post)
    always = sum(1 for row in found if row.by_post and not row.not_by_post)
    if not never:
        said = say("không đơn vị nào có kết quả mà không tháng nào trả qua bưu chính")
    else:
        said = say("{} trong {} đơn vị có kết quả mà không tháng nào trả qua bưu chính", never, len(found))
    return f"{phrases.capital(when)}, {said}" + (say("; {} đơn vị tháng nào có kết quả cũng có trả", always) if always else "")


def drawing(found: Sequence[Row], axis: Sequence[int], asked: Asked) -> Figure:
    """The first agencies as a strip; a cell leads to that agency in that month."""
    shown = found[:DRAWN]
    return figures.strip(
        row_names=[row.name for row in shown],
        column_labels=[month_label(month) for month in axis],
        states=[[row.states.get(month) for month in axis] for row in shown],
        legend={name: State(label, VERDICT[name], VERDICT_SYMBOL[name]) for name, label in VERDICT_NAMES.items()},
        links=[[_link(row, month, asked) for month in axis] for row in shown],
    )


def _link(row: Row, month: int, asked: Asked) -> str | None:
    if month not in row.states:
        return None
    return asked.link(words.AGENCY_PAGE, agencies=(row.code,), code=f"{month // 12}-{month % 12 + 1:02d}", start=None, end=None)


def table(found: Sequence[Row], asked: Asked) -> Table:
    """The strip in words: per agency the months of each verdict."""
    cells = tuple(
        {
            "agency_name": row.name,
            "link": asked.link(words.AGENCY_PAGE, agencies=(row.code,)),
            **{name: month_ranges(row.months(name)) for name in VERDICT_NAMES},
        }
        for row in found
    )
    return Table((Column("agency_name", "Đơn vị", link="link"), *(Column(name, label) for name, label in VERDICT_NAMES.items())), cells)


def month_ranges(found: Sequence[int]) -> str:
    """Months as ranges: `11/2024–3/2025, 7/2025`; `–` for none."""
    ranges: list[list[int]] = []
    for month in sorted(found):
        if ranges and month == ranges[-1][1] + 1:
            ranges[-1][1] = month
        else:
            ranges.append([month, month])
    return ", ".join(month_label(a) if a == b else f"{month_label(a)}–{month_label(b)}" for a, b in ranges) or text.MISSING


def note(found: Sequence[Row], axis: Sequence[int], asked: Asked) -> str:
    """Small print: blank cells, reorganisations within the axis, agencies not drawn, an unfinished last month."""
    first, last = month_start(axis[0], asked.filters.clock), month_end(axis[-1], asked.filters.clock)
    breaks = [say("{} ngày {}", phrases.small(name), text.date_label(day)) for day, name in organisation.breaks(asked.data.catalogue) if first <= day <= last]
    parts = [say("Ô trống: đơn vị chưa có hoặc không còn trong tháng đó.")]
    if breaks:
        parts.append(say("Mốc tổ chức: {}.", "; ".join(breaks)))
    if len(found) > DRAWN:
        parts.append(say("Hình vẽ {} đơn vị đầu và bảng có thêm {} đơn vị khác; chọn một cấp để xem hình của cấp đó.", DRAWN, len(found) - DRAWN))
    if months.until(asked, axis):
        parts.append(f"{phrases.capital(months.until(asked, axis))}.")
    return " ".join(parts)


def level_choices(verdicts: pd.DataFrame, asked: Asked) -> list[Choice]:
    """One choice per level; none where agencies are chosen or a single level is there anyway."""
    if asked.filters.levels:
        chosen = [Choice(words.level_name(level), asked.link(levels=()), is_set=True) for level in asked.filters.levels]
        return [Choice("Tất cả các cấp", asked.link(levels=())), *chosen]
    existing = verdicts.loc[verdicts["in_period"], "level"].value_counts()
    if len(existing) < 2 or asked.filters.agencies:
        return []
    by_size = sorted(existing.items(), key=lambda item: (-item[1], str(item[0])))
    return [Choice(words.level_name(level), asked.link(levels=(str(level),)), count=text.whole(number)) for level, number in by_size]
