"""Rows of the call list made by hand, and a province to ask about, for the tests of the files."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pandas as pd

from dashboard.cards import Asked, Letterhead
from queries.call_list import _KINDS, CallList
from queries.data import Data
from queries.filters import Filters
from tests.queries.hand import ask, province, returned

LETTERS: Final = "Ẳ ẵ ệ ỗ ữ ự ỵ Đ đ — Mường Tè, Nậm Nhùn, Sìn Hồ"
HEAD: Final = Letterhead("Ủy ban nhân dân tỉnh Lai Châu", "Sở Khoa học và Công nghệ", "Lai Châu")
Q2: Final = "ky=2026-Q2"
NEVER: Final[dict[str, Any]] = {
    "agency_code": "X-MC",
    "agency_name": "UBND xã Mù Cả",
    "short_name": "Xã Mù Cả",
    "level": "commune",
    "reason": "never",
    "verdict": "not_by_post",
    "periods_without": 5,
    "returned": 1629,
    "returned_listed": 351,
    "registered_not_carried": 0,
    "period_by_post": 0,
    "period_recorded": 132,
    "similar_codes": "X-A; X-B",
    "similar_names": "UBND xã Bản Bo; UBND xã Mường Tè",
    "similar_by_post": 126,
    "similar_recorded": 1063,
    "procedures_to_start": "1.01; 1.02",
    "procedures_to_start_names": "Đăng ký khai sinh; đăng ký lại | Đăng ký kết hôn",
    "done_elsewhere": 2,
}
STOPPED: Final[dict[str, Any]] = {
    **NEVER,
    "agency_code": "STP",
    "agency_name": "Sở Tư pháp",
    "level": "province",
    "reason": "stopped",
    "periods_without": 1,
    "registered_not_carried": 12,
    "last_postal_return": pd.Timestamp("2026-02-10"),
    "stopped_since": pd.Timestamp("2026-02-10"),
    "counted_from": pd.Timestamp("2026-02-11"),
}
BELOW: Final[dict[str, Any]] = {
    **NEVER,
    "agency_code": "CAT",
    "agency_name": "Công an tỉnh",
    "level": "vertical",
    "reason": "below_norm",
    "verdict": "returns_by_post",
    "periods_without": 0,
    "last_postal_return": pd.Timestamp("2026-06-20"),
    "counted_from": pd.Timestamp("2026-04-01"),
    "period_by_post": 12,
    "period_recorded": 1200,
    "lower_limit": 0.032,
}


def calls(*rows: dict[str, Any]) -> pd.DataFrame:
    """A frame like the one of `CallList`; what a row does not say is missing."""
    return pd.DataFrame([{name: row.get(name) for name in _KINDS} for row in rows], columns=list(_KINDS)).astype(_KINDS)


def asked(folder: Path, query: str = Q2, *, is_demo: bool = False, **more: Any) -> Asked:
    """What a file may look at: a province of one dossier, data up to 30 June 2026."""
    data = province(folder, [returned("2026-05-05")])
    if is_demo:
        data = replace(data, source_name="Dữ liệu minh họa")
    return Asked(data, Filters.from_query(query), letterhead=HEAD, **more)


def silent_province(folder: Path) -> Data:
    """Two communes that return results and none by post: the call list of the second quarter of 2026 holds both."""
    agencies = [{"agency_code": code, "agency_name": name, "level": "commune"} for code, name in (("N", "UBND xã N"), ("M,1", "=1+1 UBND xã M"))]
    rows = [returned("2026-05-04", agency_code=code) for code in ("N", "N", "M,1")]
    data = province(folder, rows, agencies=agencies, successions=None)
    assert set(ask(data, CallList(), Q2)["agency_code"]) == {"N", "M,1"}
    return data
