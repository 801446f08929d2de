"""The list of every agency with its verdict on the page “Chưa trả qua bưu chính”: rows, table and choices."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd

from config.language import say
from dashboard import text
from dashboard.cards import Asked, Choice
from dashboard.pages import adoption_words as words
from dashboard.pages import phrases
from dashboard.pages.adoption_calls import REASONS
from dashboard.tables import Column, Kind, Table
from queries.adoption import Verdict
from queries.call_list import NOT_IN_PERIOD


def listed(frame: pd.DataFrame, last_before: pd.DataFrame, asked: Asked) -> pd.DataFrame:
    """The rows of the list in their order, with group, names, link and remark; what a missing feed leaves unknown is missing, not 0."""
    period = asked.timeframe.counted or asked.timeframe.period
    rows = frame.merge(last_before, on="agency_code", how="left")
    rows["group"] = rows["verdict"].where(rows["in_period"], NOT_IN_PERIOD)
    rows["level_name"] = [words.level_name(level) for level in rows["level"]]
    rows["link"] = [asked.link(words.AGENCY_PAGE, agencies=(code,)) for code in rows["agency_code"]]
    lives, feeds = phrases.lives_by_agency(asked), words.feeds(asked)
    rows["remark"] = [words.remark(row, lives, feeds, period) for _, row in rows.iterrows()]
    unknown = (rows["group"] == Verdict.NO_DATA) | ((rows["group"] == NOT_IN_PERIOD) & (rows["returned"] == 0))
    for name in ("returned", "returned_recorded", "returned_by_post", "periods_without"):
        rows[name] = rows[name].mask(unknown)
    keys = zip(rows["group"].map(words.ORDER), rows["returned"].fillna(0), rows["agency_name"], strict=True)
    order = [(place, -returned, text.sort_key(name)) for place, returned, name in keys]
    return rows.iloc[sorted(range(len(rows)), key=order.__getitem__)].reset_index(drop=True)


def units_table(rows: pd.DataFrame, asked: Asked) -> Table:
    """The list as a table."""
    step = words.step(asked.timeframe.period)
    columns = (
        Column("agency_name", "Đơn vị", link="link"),
        Column("verdict", "Tình trạng", Kind.VERDICT),
        Column("returned", "Kết quả trả", Kind.WHOLE),
        Column("returned_recorded", "Ghi hình thức", Kind.WHOLE),
        Column("returned_by_post", "Qua bưu chính", Kind.WHOLE),
        Column("last_postal_return", "Lần gần nhất", Kind.DATE),
        Column("periods_without", say("Số {} liền", step), Kind.WHOLE),
        Column("listed_procedures", "Thủ tục", Kind.WHOLE),
        Column("remark", "Ghi chú"),
        Column("level_name", "Cấp"),
    )
    sums = ("returned", "returned_recorded", "returned_by_post")
    total: dict[str, Any] = {"agency_name": say("Cộng"), **{name: rows[name].sum(min_count=1) for name in sums}}
    return Table.of(rows, columns, total=total if len(rows) > 1 else None)


def chosen_verdicts(asked: Asked) -> tuple[str, ...]:
    """What the address names besides the reasons of the call list, which speak of that list only."""
    return tuple(name for name in asked.state.verdicts if name not in REASONS)


def verdict_choices(frame: pd.DataFrame, asked: Asked) -> list[Choice]:
    """One choice per verdict with its count, and the way back to all."""
    number, chosen = words.counts(frame), chosen_verdicts(asked)
    existing = sum(number.values()) - number[NOT_IN_PERIOD]
    found = [Choice("Tất cả", _link(asked, ()), not chosen, text.whole(existing))]
    for group, name in words.GROUPS.items():
        if number[group] or group in chosen:
            link = _link(asked, () if chosen == (group,) else (group,))
            found.append(Choice(name, link, group in chosen, text.whole(number[group]), group.replace("_", "-")))
    return found


def _link(asked: Asked, verdicts: tuple[str, ...]) -> str:
    kept = tuple(name for name in asked.state.verdicts if name in REASONS)
    return asked.link(state=replace(asked.state, verdicts=tuple(sorted((*kept, *verdicts))), page=1))
