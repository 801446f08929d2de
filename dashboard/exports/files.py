"""A card's file for an address: the CSV that every card has, and the workbook or letters of those that name them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final
from urllib.parse import parse_qsl

import pandas as pd

from dashboard.cards import Asked, Card, CardFile, Letterhead
from dashboard.exports.letters import reminder_letters
from dashboard.exports.tables import BOM, to_csv
from dashboard.exports.workbook import call_list_workbook
from dashboard.pages import CARDS, answer
from queries.code_list import read_codes
from queries.data import Data
from queries.errors import BadRequest
from queries.filters import Filters

CSV: Final = "csv"
CHOSEN_KEY: Final = "chon"
MIME_TYPES: Final = {
    CSV: "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
Maker = Callable[[pd.DataFrame, Asked], bytes]
MAKERS: Final[dict[str, Maker]] = {"call_list_workbook": call_list_workbook, "reminder_letters": reminder_letters}
"""By the name that a `CardFile` gives."""


def exists(address: str, kind: str) -> bool:
    """Whether a card has this address and gives files of this kind."""
    card = CARDS.get(address)
    return card is not None and (kind == CSV or _named(card, kind) is not None)


def content(address: str, kind: str, query: str, data: Data, letterhead: Letterhead) -> bytes:
    """The file of a card for a query string: the rows chosen by `chon`, all rows where nothing is chosen.

    Raises:
        BadRequest: the card or the kind does not exist, a value of the query cannot be understood, or a chosen code is not among the rows.
        DashboardError: the database does not answer or lacks what the card needs.
    """
    frame = answer(address, data, query)
    card = CARDS[address]
    file = _named(card, kind)
    codes = _codes(query) if card.files else ()
    if codes:
        frame = _rows_of(frame, codes, card.files[0].by)
    if kind == CSV:
        return (BOM + to_csv(frame)).encode()
    if file is None:
        kinds = ", ".join([CSV, *(one.kind for one in card.files)])
        raise BadRequest(f"{address} has no {kind}", sentence=f"Thẻ “{card.name}” không có tệp dạng {kind}. Các dạng tải được: {kinds}.")
    asked = Asked(data, Filters.from_query(query), chosen=codes, letterhead=letterhead)
    return MAKERS[file.maker](frame, replace(asked, others=tuple(data.ask(question, asked.filters) for question in card.also)))


def _named(card: Card, kind: str) -> CardFile | None:
    return next((file for file in card.files if file.kind == kind), None)


def _codes(query: str) -> tuple[str, ...]:
    texts = [value for key, value in parse_qsl(query.lstrip("?"), errors="replace") if key == CHOSEN_KEY and value.strip()]
    codes = tuple(read_codes(texts))
    if texts and not codes:
        raise BadRequest(f"no code in {texts}", sentence=f"Không đọc được mã nào trong «{CHOSEN_KEY}». Hãy chọn lại các dòng rồi tải tệp.")
    return codes


def _rows_of(frame: pd.DataFrame, codes: tuple[str, ...], by: str) -> pd.DataFrame:
    """The rows of the codes, in the order of the frame. Raises BadRequest for codes that are not there: a choice is never made smaller in silence."""
    absent = [code for code in codes if code not in set(frame[by])]
    if absent:
        words = ", ".join(f"«{code}»" for code in absent[:10]) + (f" và {len(absent) - 10} mã khác" if len(absent) > 10 else "")
        sentence = f"Danh sách của kỳ và bộ lọc này không có: {words}. Hãy mở lại trang, chọn các dòng đang có rồi tải tệp."
        raise BadRequest(f"chosen codes are not among the rows: {absent}", sentence=sentence)
    return frame[frame[by].isin(codes)].reset_index(drop=True)
