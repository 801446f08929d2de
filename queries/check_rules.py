"""The rules that look at single dossiers and at the catalogues: all conditions on a dossier are counted by one statement."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

import pandas as pd
import sqlalchemy as sa

from queries import contract, organisation
from queries.catalogue import load_catalogue
from queries.check_report import Line, Severity, listed, number, percent
from queries.source import Source

Condition = sa.ColumnElement[bool]
_MISSING_SHARE_WARNED: Final = 0.2
_KIND_WORDS: Final = {"agency": "đơn vị", "area": "địa bàn", "procedure": "thủ tục"}


@dataclass(frozen=True)
class Rule:
    """A condition that a dossier should not meet. `found` and `fine` are the texts when some do and when none does; {n} is how many."""

    key: str
    severity: Severity
    where: Callable[[Any], Condition]
    found: str
    fine: str


def _outside(column: str, codes: tuple[Any, ...]) -> Callable[[Any], Condition]:
    return lambda d: d.c[column].is_not(None) & d.c[column].not_in(codes)


RULES: Final = (
    Rule("missing_dossier_id", "error", lambda d: d.c.dossier_id.is_(None), "{n} hồ sơ không có mã (dossier_id)", "mọi hồ sơ đều có mã"),
    Rule(
        "missing_received_at",
        "warning",
        lambda d: d.c.received_at.is_(None),
        "{n} hồ sơ không có thời điểm tiếp nhận nên không được đếm ở kỳ nào",
        "mọi hồ sơ đều có thời điểm tiếp nhận",
    ),
    Rule("missing_status", "warning", lambda d: d.c.status.is_(None), "{n} hồ sơ không có trạng thái", "mọi hồ sơ đều có trạng thái"),
    Rule("missing_agency", "info", lambda d: d.c.agency_code.is_(None), "{n} hồ sơ chưa gán đơn vị", "mọi hồ sơ đều có đơn vị"),
    Rule(
        "unknown_received_channel",
        "warning",
        _outside("received_channel", contract.CHANNELS),
        "{n} hồ sơ có hình thức tiếp nhận ngoài danh mục (counter, online, post)",
        "hình thức tiếp nhận đúng danh mục",
    ),
    Rule(
        "unknown_returned_channel",
        "warning",
        _outside("returned_channel", contract.CHANNELS),
        "{n} hồ sơ có hình thức trả ngoài danh mục (counter, online, post)",
        "hình thức trả đúng danh mục",
    ),
    Rule(
        "unknown_postal_stage",
        "warning",
        _outside("postal_stage", contract.STAGES),
        "{n} hồ sơ có chặng bưu chính ngoài danh mục (registered, shipped, delivered, undelivered)",
        "chặng bưu chính đúng danh mục",
    ),
    Rule(
        "unknown_status", "warning", _outside("status", contract.STATUSES[1:]), "{n} hồ sơ có trạng thái ngoài danh mục 1..10", "trạng thái đúng danh mục 1..10"
    ),
    Rule(
        "received_after_due",
        "warning",
        lambda d: d.c.received_at > d.c.due_at,
        "{n} hồ sơ tiếp nhận sau thời điểm hẹn trả",
        "không có hồ sơ tiếp nhận sau hẹn trả",
    ),
    Rule(
        "completed_before_received",
        "warning",
        lambda d: d.c.completed_at < d.c.received_at,
        "{n} hồ sơ có kết quả trước khi tiếp nhận",
        "không có hồ sơ có kết quả trước khi tiếp nhận",
    ),
    Rule(
        "returned_before_completed",
        "warning",
        lambda d: d.c.returned_at < d.c.completed_at,
        "{n} hồ sơ trả kết quả trước khi có kết quả",
        "không có hồ sơ trả kết quả trước khi có kết quả",
    ),
    Rule(
        "returned_without_time",
        "warning",
        lambda d: (d.c.status == contract.RETURNED) & d.c.returned_at.is_(None),
        "{n} hồ sơ ở trạng thái 10 (đã trả) nhưng không có thời điểm trả nên không được đếm là đã trả",
        "hồ sơ đã trả đều có thời điểm trả",
    ),
    Rule(
        "time_without_returned",
        "warning",
        lambda d: d.c.returned_at.is_not(None) & sa.or_(d.c.status != contract.RETURNED, d.c.status.is_(None)),
        "{n} hồ sơ có thời điểm trả nhưng không ở trạng thái 10",
        "thời điểm trả chỉ có ở hồ sơ đã trả",
    ),
    Rule(
        "stage_without_post",
        "warning",
        lambda d: d.c.postal_stage.is_not(None) & sa.or_(d.c.returned_channel != "post", d.c.returned_channel.is_(None)),
        "{n} hồ sơ có chặng bưu chính nhưng không trả qua bưu chính",
        "chặng bưu chính chỉ có ở hồ sơ trả qua bưu chính",
    ),
)


def _future(as_of: date) -> Rule:
    after = pd.Timestamp(as_of + timedelta(days=1)).to_pydatetime()
    day = f"{as_of:%d/%m/%Y}"
    return Rule(
        "in_the_future",
        "warning",
        lambda d: sa.or_(d.c.received_at >= after, d.c.completed_at >= after, d.c.returned_at >= after),
        f"{{n}} hồ sơ có thời điểm sau ngày số liệu {day}",
        f"không có thời điểm sau ngày số liệu {day}",
    )


def _times(condition: Condition) -> sa.ColumnElement[int]:
    return sa.cast(sa.func.coalesce(sa.func.sum(sa.case((condition, 1), else_=0)), 0), sa.BigInteger)


def dossier_lines(source: Source, as_of: date | None) -> list[Line]:
    """How many dossiers break each rule, and the share of missing channels. `as_of` None leaves out the rule about the future."""
    d = source.relation("dossiers")
    rules = (*RULES, _future(as_of)) if as_of else RULES
    received, returned = d.c.status.not_in(contract.NOT_RECEIVED), d.c.status == contract.RETURNED
    shares = {
        "received": received,
        "received_without_channel": received & d.c.received_channel.is_(None),
        "returned": returned,
        "returned_without_channel": returned & d.c.returned_channel.is_(None),
    }
    counted = [_times(rule.where(d)).label(rule.key) for rule in rules] + [_times(condition).label(key) for key, condition in shares.items()]
    row = source.frame(sa.select(sa.func.count().label("dossiers"), *counted).select_from(d)).iloc[0]
    counts = {str(key): int(value) for key, value in row.items()}
    if counts["dossiers"] == 0:
        return [Line("no_dossiers", "error", 0, "bảng dossiers chưa có hồ sơ nào")]
    lines = [Line("dossiers", "ok", counts["dossiers"], f"{number(counts['dossiers'])} hồ sơ")]
    lines += [_line(rule, counts[rule.key]) for rule in rules]
    lines.append(_share("received_channel_missing", "hình thức tiếp nhận", "hồ sơ tiếp nhận", counts["received_without_channel"], counts["received"]))
    lines.append(_share("returned_channel_missing", "hình thức trả", "hồ sơ đã trả", counts["returned_without_channel"], counts["returned"]))
    return lines


def _line(rule: Rule, count: int) -> Line:
    return Line(rule.key, rule.severity, count, rule.found.format(n=number(count))) if count else Line(rule.key, "ok", 0, rule.fine)


def _share(key: str, what: str, of_what: str, part: int, whole: int) -> Line:
    text = f"{number(part)} trên {number(whole)} {of_what} không ghi nhận {what} ({percent(part, whole)})"
    return Line(key, "warning" if part > _MISSING_SHARE_WARNED * whole else "ok", part, text)


@dataclass(frozen=True)
class _Key:
    """Columns that together must be unique in a relation."""

    rule: str
    severity: Severity
    relation: str
    columns: tuple[str, ...]
    found: str
    fine: str


_KEYS: Final = (
    _Key("duplicate_dossier_id", "error", "dossiers", ("dossier_id",), "{n} hồ sơ dùng chung mã với hồ sơ khác", "mã hồ sơ không trùng"),
    _Key("duplicate_agency", "error", "agencies", ("agency_code",), "{n} dòng đơn vị trùng mã", "mã đơn vị không trùng"),
    _Key(
        "duplicate_area",
        "warning",
        "areas",
        ("area_code", "valid_from"),
        "{n} dòng địa bàn trùng mã và ngày bắt đầu",
        "mã địa bàn không trùng trong một thời kỳ",
    ),
)


def duplicate_lines(source: Source) -> list[Line]:
    """Rows that share a key which must be unique."""
    return [_duplicates(source, key) for key in _KEYS if source.has(key.relation)]


def _duplicates(source: Source, key: _Key) -> Line:
    count = int(source.frame(_sharing(source, key))["n"].iloc[0])
    return Line(key.rule, key.severity, count, key.found.format(n=number(count))) if count else Line(key.rule, "ok", 0, key.fine)


def _sharing(source: Source, key: _Key) -> sa.Select[Any]:
    """How many rows share the key; an extract holds the number for dossiers."""
    table = source.relation(key.relation)
    if key.columns == ("dossier_id",) and source.shared_ids is not None:
        return sa.select(source.shared_ids.c.n)
    columns = [table.c[name] for name in key.columns]
    groups = sa.select(sa.func.count().label("n")).where(columns[0].is_not(None)).group_by(*columns).having(sa.func.count() > 1).subquery("doubled")
    return sa.select(sa.cast(sa.func.coalesce(sa.func.sum(groups.c.n), 0), sa.BigInteger).label("n"))


def catalogue_lines(source: Source) -> list[Line]:
    """Codes of dossiers that their catalogue does not have, and catalogue rows with codes outside the lists."""
    named = (("agency", "agencies", "đơn vị"), ("procedure", "procedures", "thủ tục"), ("area", "areas", "địa bàn"))
    lines = [_absent_codes(source, kind, relation, word) for kind, relation, word in named if source.has(relation)]
    if source.has_column("areas", "valid_from") and source.has_column("dossiers", "area_code"):
        lines.append(_area_out_of_time(source))
    agencies = source.relation("agencies")
    unknown = sa.or_(agencies.c.level.is_(None), agencies.c.level.not_in(contract.LEVELS))
    count = int(source.frame(sa.select(_times(unknown).label("n")).select_from(agencies))["n"].iloc[0])
    text = f"{number(count)} đơn vị có cấp ngoài danh mục ({', '.join(contract.LEVELS)})" if count else "cấp của đơn vị đúng danh mục"
    lines.append(Line("unknown_agency_level", "warning" if count else "ok", count, text))
    return [*lines, *(_circle_lines(source) if source.has("successions") else [])]


def _circle_lines(source: Source) -> list[Line]:
    """Units that follow themselves: whose history is added up to nobody, because it would run on for ever."""
    found = organisation.circles(load_catalogue(source))
    named = ("; ".join(f"{_KIND_WORDS[kind]} {' → '.join((*codes, codes[0]))}" for kind, codes in found[:3])) + (" …" if len(found) > 3 else "")
    if not found:
        return [Line("succession_circle", "ok", 0, "không có chuỗi kế thừa đi vòng")]
    text = f"{number(len(found))} chuỗi kế thừa đi vòng trong bảng successions: {named}; số liệu của các mã này không cộng về đơn vị hiện nay"
    return [Line("succession_circle", "warning", sum(len(codes) for _, codes in found), text)]


def _absent_codes(source: Source, kind: str, relation: str, word: str) -> Line:
    d, catalogue, name = source.relation("dossiers"), source.relation(relation), f"{kind}_code"
    used = sa.select(d.c[name].label("code"), sa.func.count().label("n")).where(d.c[name].is_not(None)).group_by(d.c[name]).subquery("used")
    absent = sa.select(used.c.code, used.c.n).select_from(used.outerjoin(catalogue, used.c.code == catalogue.c[name])).where(catalogue.c[name].is_(None))
    frame = source.frame(absent).sort_values(["n", "code"], ascending=[False, True])
    count = int(frame["n"].sum())
    if not count:
        return Line(f"{kind}_not_in_catalogue", "ok", 0, f"mọi mã {word} của hồ sơ đều có trong danh mục")
    text = f"{number(count)} hồ sơ mang {number(len(frame))} mã {word} không có trong danh mục: {listed(list(frame['code']))}"
    return Line(f"{kind}_not_in_catalogue", "warning", count, text)


def _area_out_of_time(source: Source) -> Line:
    """Dossiers whose area code is in the catalogue, yet not on the day of receipt."""
    d, areas = source.relation("dossiers"), source.relation("areas")
    day = sa.cast(d.c.received_at, sa.Date)
    used = (
        sa.select(d.c.area_code.label("code"), day.label("day"), sa.func.count().label("n"))
        .where(d.c.area_code.is_not(None))
        .group_by(d.c.area_code, day)
        .subquery("used")
    )
    begun = sa.or_(areas.c.valid_from.is_(None), areas.c.valid_from <= used.c.day)
    alive = sa.or_(areas.c.valid_to.is_(None), areas.c.valid_to >= used.c.day)
    known = sa.select(areas.c.area_code).where(areas.c.area_code.is_not(None)).distinct().subquery("known")
    joined = used.join(known, known.c.area_code == used.c.code).outerjoin(areas, (areas.c.area_code == used.c.code) & begun & alive)
    total = sa.cast(sa.func.coalesce(sa.func.sum(used.c.n), 0), sa.BigInteger)
    count = int(source.frame(sa.select(total.label("n")).select_from(joined).where(areas.c.area_code.is_(None)))["n"].iloc[0])
    text = f"{number(count)} hồ sơ mang mã địa bàn không còn hoặc chưa có hiệu lực vào ngày tiếp nhận" if count else "mã địa bàn có hiệu lực vào ngày tiếp nhận"
    return Line("area_not_valid_on_receipt", "warning" if count else "ok", count, text)
