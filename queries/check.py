"""What a person should know before trusting a dossier database: one line per rule. Nothing is ever changed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Final

import pandas as pd
import sqlalchemy as sa

from queries import contract
from queries.check_report import Line, Report, number
from queries.check_rules import catalogue_lines, dossier_lines, duplicate_lines
from queries.check_series import day_lines, hour_lines, silent_lines
from queries.errors import DashboardError, QueryTooSlow
from queries.source import Source

__all__ = ["WITHOUT", "Line", "Report", "check"]

WITHOUT: Final = {
    "procedures": "thủ tục hiện bằng mã, không có lĩnh vực",
    "agency_procedures": "không xét được danh mục thủ tục thực hiện qua bưu chính",
    "areas": "không có trang địa bàn",
    "successions": "không xem được số liệu theo tổ chức hiện nay",
    "service_points": "không có điểm phục vụ bưu chính",
    "postal_incidents": "không có khiếu nại, mất, hư hỏng, mức độ an toàn",
    "coverage": "không phân biệt được “chưa phát sinh” với “chưa có số liệu”",
    "load_info": "ngày số liệu lấy theo thời điểm muộn nhất trong hồ sơ",
}


def check(source: Source) -> Report:
    """Read every relation of a source against the rules of the contract.

    A rule that cannot be asked (over the time limit, values that cannot be read) is a line of the report, not an error.
    """
    lines = [*_relation_lines(source), *_column_lines(source)]
    as_of, found = _asked_date(source)
    lines += found
    lines += _asked("dossiers", partial(dossier_lines, source, as_of))
    lines += _asked("duplicates", partial(duplicate_lines, source))
    lines += _asked("catalogues", partial(catalogue_lines, source))
    lines += _asked("hours", partial(hour_lines, source))
    end = as_of or _asked_latest(source)
    if end is not None:
        lines += _asked("empty_days", partial(day_lines, source, end))
        lines += _asked("silent_agencies", partial(silent_lines, source, end))
    return Report(source.name, source.label, tuple(lines))


def _asked(rule: str, ask: Callable[[], list[Line]]) -> list[Line]:
    try:
        return ask()
    except QueryTooSlow as error:
        return [Line(rule, "warning", 0, f"chưa kiểm tra được: {error.sentence}")]
    except DashboardError as error:
        return [Line(rule, "error", 0, error.sentence)]


def _relation_lines(source: Source) -> list[Line]:
    """Which relations are there; a missing optional one switches something off and is no fault."""
    there = [table.name for table in contract.RELATIONS if source.has(table.name)]
    absent = [table.name for table in contract.RELATIONS if not source.has(table.name)]
    return [
        Line("relations", "ok", len(there), f"có {len(there)} bảng: {', '.join(there)}"),
        *(Line(f"no_{name}", "info", 0, f"không có bảng {name}: {WITHOUT[name]}") for name in absent),
    ]


def _column_lines(source: Source) -> list[Line]:
    """Optional columns that are not there, and columns of another type than the contract's."""
    absent = [f"{table.name}.{column.name}" for table in _there(source) for column in table.columns if not source.has_column(table.name, column.name)]
    cast = [f"{table.name}.{column}" for table in _there(source) for column in source.cast_columns(table.name)]
    return [
        Line("columns", "info" if absent else "ok", len(absent), f"không có cột không bắt buộc: {', '.join(absent)}" if absent else "đủ cột của hợp đồng"),
        Line("types", "info" if cast else "ok", len(cast), f"đổi kiểu khi đọc: {', '.join(cast)}" if cast else "kiểu dữ liệu đúng hợp đồng"),
    ]


def _there(source: Source) -> list[sa.Table]:
    return [table for table in contract.RELATIONS if source.has(table.name)]


def _asked_date(source: Source) -> tuple[date | None, list[Line]]:
    """The date of the data by load_info, and whether load_info has its one row."""
    if not source.has("load_info"):
        return None, []
    info = source.relation("load_info")
    try:
        frame = source.frame(sa.select(info.c.as_of))
    except DashboardError as error:
        return None, [Line("load_info", "error", 0, error.sentence)]
    days = sorted(frame["as_of"].dropna())
    if len(frame) != 1 or not days:
        return (days[-1].date() if days else None), [
            Line("load_info", "warning", len(frame), f"bảng load_info có {number(len(frame))} dòng, cần đúng một dòng có ngày số liệu")
        ]
    return days[-1].date(), [Line("load_info", "ok", 1, f"số liệu đến {days[-1]:%d/%m/%Y}")]


def _asked_latest(source: Source) -> date | None:
    """The latest day on which something happened, where load_info does not say."""
    d = source.relation("dossiers")
    try:
        row = source.frame(sa.select(*(sa.func.max(d.c[name]).label(name) for name in ("received_at", "completed_at", "returned_at")))).iloc[0]
    except DashboardError:
        return None
    known = [value for value in row if not pd.isna(value)]
    return max(known).date() if known else None
