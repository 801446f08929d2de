"""The heat map of the page Cơ quan, đơn vị: units by month, with what is unknown told from nothing."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final

import pandas as pd

from config.language import say
from dashboard import text
from dashboard.cards import Asked
from dashboard.pages import months, phrases
from queries.adoption import Verdict

PATH: Final = "/don-vi"
Row = dict[str, Any]


def rows(frame: pd.DataFrame, asked: Asked) -> list[Row]:
    """One row per unit with a month of data: code, name, total, link, and its value by month as m24321 (missing: unknown), greatest total first."""
    known = frame[frame["verdict"] != Verdict.NO_DATA]
    recorded = known[known["verdict"] != Verdict.CHANNEL_NOT_RECORDED]
    values = recorded.pivot_table(index="agency_code", columns="month", values="returned_by_post", aggfunc="sum", dropna=False, observed=False)
    totals = known.groupby("agency_code")["returned_by_post"].sum()
    names = dict(zip(frame["agency_code"], frame["agency_name"], strict=True))
    by_code = {str(code): {f"m{month}": value for month, value in row.items()} for code, row in values.to_dict("index").items()}
    units = [
        {
            "agency_code": str(code),
            "agency_name": names[code],
            "total": int(total),
            "link": asked.link(PATH, agencies=(str(code),)),
            **by_code.get(str(code), {}),
        }
        for code, total in totals.items()
    ]
    return sorted(units, key=lambda row: (-row["total"], text.sort_key(row["agency_name"])))


def shown(units: Sequence[Row], asked: Asked) -> list[Row]:
    """Units with something by post that still exist in the period, else with something, else all."""
    counted, lives = asked.timeframe.counted, phrases.lives_by_agency(asked)
    by_post = [row for row in units if row["total"] > 0]
    living = [row for row in by_post if counted is not None and any(span.meets(counted) for span in lives.get(row["agency_code"], []))]
    return living or by_post or list(units)


def cells(frame: pd.DataFrame, units: Sequence[Row], indexes: Sequence[int], asked: Asked) -> list[list[tuple[float | None, str, str]]]:
    """Value, printed text and hover words of every unit shown and every month."""
    facts = {
        (code, month): (verdict, returned, by_post)
        for code, month, verdict, returned, by_post in zip(
            *(frame[name] for name in ("agency_code", "month", "verdict", "returned", "returned_by_post")), strict=True
        )
    }
    names = {month: phrases.capital(months.name(asked, month)) for month in indexes}
    return [[_cell(f"{row['agency_name']}\n{names[month]}: ", *facts[row["agency_code"], month]) for month in indexes] for row in units]


def _cell(head: str, verdict: str, returned: int, by_post: int) -> tuple[float | None, str, str]:
    if verdict == Verdict.NO_DATA:
        return None, text.MISSING, say("{}chưa có số liệu", head)
    if verdict == Verdict.CHANNEL_NOT_RECORDED:
        return None, "?", say("{}trả {} kết quả, không ghi nhận hình thức", head, _whole(returned))
    return float(by_post), _whole(by_post), say("{}{} kết quả qua bưu chính trong {} kết quả đã trả", head, _whole(by_post), _whole(returned))


@lru_cache(maxsize=5_000)
def _whole(value: int) -> str:
    """A count in words, kept because a heat map prints the same small numbers hundreds of times."""
    return text.whole(value)
