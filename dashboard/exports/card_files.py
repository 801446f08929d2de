"""A card's rows as a file: the CSV that every card has, and the workbook or letters of the cards that name a maker of their own."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from typing import Final
from urllib.parse import parse_qsl

import pandas as pd

from config.language import told
from dashboard.cards import Asked, Card, CardFile
from dashboard.content.chart_spec import CardSpec
from dashboard.exports.tables import BOM, to_csv
from queries.code_list import read_codes
from queries.errors import BadRequest

CSV: Final = "csv"
CHOSEN_KEY: Final = "chon"
Maker = Callable[[pd.DataFrame, Asked], bytes]


def makers() -> dict[str, Maker]:
    """By the name that a `CardFile` gives; imported when the first such file is made, so that a worker that makes none does without the office libraries."""
    from dashboard.exports.letters import reminder_letters
    from dashboard.exports.workbook import call_list_workbook

    return {"call_list_workbook": call_list_workbook, "reminder_letters": reminder_letters}


def has_own(card: Card, kind: str) -> bool:
    """Whether the rows of a card are written by this module: as CSV, or by a maker that the card names."""
    return kind == CSV or _named(card, kind) is not None


def rows_file(card: Card, kind: str, query: str, asked: Asked) -> bytes:
    """The CSV or the card's own file: the rows chosen by `chon`, all rows where nothing is chosen.

    Raises:
        BadRequest: a value of the query cannot be understood, or a chosen code is not among the rows.
        DashboardError: the database does not answer or lacks what the card needs.
    """
    frame = card.answer(asked.data, asked.filters)
    file = _named(card, kind)
    codes = _codes(query) if card.files else ()
    if codes:
        frame = _rows_of(frame, codes, card.files[0].by)
    if file is None:
        return (BOM + to_csv(frame)).encode()
    others = tuple(asked.data.ask(question, asked.filters) for question in card.also)
    return makers()[file.maker](frame, replace(asked, chosen=codes, others=others))


def only_chosen(spec: CardSpec, query: str) -> CardSpec:
    """The card with the rows chosen by `chon` in its table. Raises BadRequest for codes that are not there."""
    if spec.table is None or not spec.table.choose:
        return spec
    codes = _codes(query)
    key = spec.table.choose
    _refuse_absent(codes, {str(row.get(key)) for row in spec.table.rows})
    rows = tuple(row for row in spec.table.rows if not codes or str(row.get(key)) in codes)
    return replace(spec, table=replace(spec.table, rows=rows))


def _named(card: Card, kind: str) -> CardFile | None:
    return next((file for file in card.files if file.kind == kind), None)


def _codes(query: str) -> tuple[str, ...]:
    texts = [value for key, value in parse_qsl(query.lstrip("?"), errors="replace") if key == CHOSEN_KEY and value.strip()]
    codes = tuple(read_codes(texts))
    if texts and not codes:
        raise BadRequest(f"no code in {texts}", sentence=told("Không đọc được mã nào trong «{}». Hãy chọn lại các dòng rồi tải tệp.", CHOSEN_KEY))
    return codes


def _rows_of(frame: pd.DataFrame, codes: tuple[str, ...], by: str) -> pd.DataFrame:
    """The rows of the codes, in the order of the frame. Raises BadRequest for codes that are not there: a choice is never made smaller in silence."""
    _refuse_absent(codes, set(frame[by]))
    return frame[frame[by].isin(codes)].reset_index(drop=True)


def _refuse_absent(codes: Iterable[str], there: Collection[str]) -> None:
    absent = [code for code in codes if code not in there]
    if absent:
        words = ", ".join(f"«{code}»" for code in absent[:10]) + (told(" và {} mã khác", len(absent) - 10) if len(absent) > 10 else "")
        sentence = told("Danh sách của kỳ và bộ lọc này không có: {}. Hãy mở lại trang, chọn các dòng đang có rồi tải tệp.", words)
        raise BadRequest(f"chosen codes are not among the rows: {absent}", sentence=sentence)
