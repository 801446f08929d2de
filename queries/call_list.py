"""Whom to call about returning results by post, why, and with what in hand: never by post, stopped, or below the own norm.

Only what is sure is a call. Agencies whose channel is not recorded, without a result or without data stand on a list of their own, with what to do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final

import pandas as pd

from queries import organisation
from queries.adoption import AdoptionUnits, Verdict
from queries.adoption_series import RESULTS, LastBefore
from queries.catalogue import alive, as_days
from queries.filters import Filters
from queries.measure import Measure, denominator, numerator
from queries.metrics import POSTAL_RETURN_RATE
from queries.period import Kind, Period, of_months
from queries.signal import Word, xmr
from queries.similar import MIX, Similar, mix_filters
from queries.statement import Dim
from queries.streak import Streaks

if TYPE_CHECKING:
    from queries.data import Data

SIMILAR_NAMED: Final = 3  # similar units named beside a call
PROCEDURES_NAMED: Final = 3  # procedures to start with
NORM_MONTHS: Final = 24  # whole months before the period that make the own norm
BETWEEN_NAMES: Final = " | "  # names of procedures have semicolons in them
NOT_IN_PERIOD: Final = "not_in_period"
_ABOVE: Final = numerator(POSTAL_RETURN_RATE)
_BELOW: Final = denominator(POSTAL_RETURN_RATE)


class Reason(StrEnum):
    """Why an agency is called, in the order of urgency."""

    NEVER = "never"
    STOPPED = "stopped"
    BELOW_NORM = "below_norm"


ADVICE: Final[dict[str, str]] = {
    Verdict.CHANNEL_NOT_RECORDED: "Đề nghị đơn vị ghi hình thức trả của từng kết quả trên hệ thống một cửa, rồi xét lại; chưa nhắc về bưu chính.",
    Verdict.NO_RESULT: "Không nhắc về bưu chính: kỳ này đơn vị không trả kết quả nào. Xem đơn vị có hồ sơ đang giải quyết hoặc quá hạn không.",
    Verdict.NO_DATA: "Kết nối lại nguồn số liệu của đơn vị trước, rồi mới xét; không có số liệu không phải là không trả.",
    NOT_IN_PERIOD: "Không nhắc: đơn vị không tồn tại trong kỳ. Kết quả còn mang mã của đơn vị là việc của đơn vị kế thừa.",
}
"""What to do about an agency that is not called, by verdict."""

_TEXTS: Final = ("agency_code", "agency_name", "short_name", "level", "reason", "verdict")
_LISTS: Final = ("similar_codes", "similar_names", "procedures_to_start", "procedures_to_start_names")
_KINDS: Final = {
    **dict.fromkeys(_TEXTS, "str"),
    **dict.fromkeys(("periods_without", "returned", "returned_listed", "registered_not_carried"), "Int64"),
    **dict.fromkeys(("last_postal_return", "stopped_since", "counted_from"), "datetime64[us]"),
    **dict.fromkeys(("period_by_post", "period_recorded"), "Int64"),
    "lower_limit": "Float64",
    **dict.fromkeys(_LISTS[:2], "str"),
    **dict.fromkeys(("similar_by_post", "similar_recorded"), "Int64"),
    **dict.fromkeys(_LISTS[2:], "str"),
    "done_elsewhere": "Int64",
}


@dataclass(frozen=True)
class CallList:
    """One row per agency that exists in the period and is to be called: reason never (no postal return up to the end of the period), stopped (one before
    the period, none in it) or below_norm (in the period, at a rate below the lower natural limit of its own NORM_MONTHS months before). By reason,
    most results first, then by code. No rows where nothing of the period is counted.

    Columns: agency_code, agency_name, short_name, level, reason, verdict, periods_without (as in `AdoptionUnits`); returned (meanwhile, in any way: since
    the last postal return or, where there is none, ever, up to the end of the period; below_norm: in the period), returned_listed (of these, for procedures on
    the agency's list for return by post in the period; missing: no postal list), registered_not_carried (see `Streaks`), last_postal_return (ever; missing:
    never), stopped_since (day of the last one before the period; stopped only), counted_from (first day of `returned`; missing: from the beginning),
    period_by_post and period_recorded (rate of the period), lower_limit (fraction; below_norm only); similar_codes and similar_names (up to three that
    return by post in the period, nearest first, with semicolons; missing: none), similar_by_post and similar_recorded (their sums); procedures_to_start (up
    to three codes with semicolons, listed for return: those that another agency returns by post first, then most results in `returned`),
    procedures_to_start_names (with BETWEEN_NAMES) and done_elsewhere (how many of these, the first ones, another agency returns by post).
    """

    def ask(self, data: Data, filters: Filters) -> pd.DataFrame:
        """The frame for the filters. Raises the errors of `Source.frame`."""
        counted = filters.timeframe(data.as_of, data.first_on).counted
        if counted is None:
            return pd.DataFrame(columns=list(_KINDS)).astype(_KINDS)
        units = data.ask(AdoptionUnits(), filters)
        calls = _calls(units[units["in_period"].astype("bool")], data, filters, counted)
        begins = tuple(sorted((str(code), day) for code, day in zip(calls["agency_code"], as_days(calls["counted_from"]), strict=True)))
        streaks = _with_marks(data.ask(Streaks(begins), filters), data, filters, counted)
        calls = _with_sums(calls, streaks, data)
        calls = _with_similar(calls, data, filters)
        calls = _with_procedures(calls, streaks, data, filters)
        order = {str(reason): place for place, reason in enumerate(Reason)}
        ordered = calls.assign(place=calls["reason"].map(order)).sort_values(["place", "returned", "agency_code"], ascending=[True, False, True])
        return ordered[list(_KINDS)].astype(_KINDS).reset_index(drop=True)


def _calls(units: pd.DataFrame, data: Data, filters: Filters, counted: Period) -> pd.DataFrame:
    """The agencies to call with their reason, and from which day on results are counted."""
    silent = units[units["verdict"] == Verdict.NOT_BY_POST]
    stopped = _stopped_since(silent, data, filters, counted)
    active = units[units["verdict"] == Verdict.RETURNS_BY_POST]
    rates = {code: above / below for code, above, below in active[["agency_code", "returned_by_post", "returned_recorded"]].itertuples(index=False)}
    low = _limits_crossed(rates, data, filters, counted)
    calls = pd.concat([silent, active[active["agency_code"].isin(set(low))]], ignore_index=True)
    codes = calls["agency_code"]
    calls["stopped_since"] = pd.to_datetime(codes.map(stopped)).astype("datetime64[us]")
    calls["lower_limit"] = codes.map(low).astype("Float64")
    calls["reason"] = [str(Reason.BELOW_NORM if code in low else Reason.STOPPED if code in stopped else Reason.NEVER) for code in codes]
    begins = {code: day + timedelta(days=1) for code, day in stopped.items()} | dict.fromkeys(low, counted.start)
    calls["counted_from"] = pd.to_datetime(codes.map(begins)).astype("datetime64[us]")
    return calls.rename(columns={"returned_by_post": "period_by_post", "returned_recorded": "period_recorded"}).drop(columns="returned")


def _stopped_since(silent: pd.DataFrame, data: Data, filters: Filters, counted: Period) -> dict[str, date]:
    """Day of the last postal return before the period, of agencies without one in it."""
    days = {str(code): day for code, day in zip(silent["agency_code"], as_days(silent["last_postal_return"]), strict=True) if day is not None}
    if all(day < counted.start for day in days.values()):
        return days
    earlier = data.ask(LastBefore(), filters)  # some began again after the period
    return {str(code): day for code, day in zip(earlier["agency_code"], as_days(earlier["last_before"]), strict=True) if code in days and day is not None}


def lower_limit(months: Sequence[tuple[int, int] | None]) -> float | None:
    """The lower natural process limit (`signal.xmr`) of monthly rates given as (by post, recorded) in order of time; None is a month without a rate.

    None: too few months or results by post for a judgement, or no rate could lie below the limit.
    """
    judged = xmr([None if month is None else month[0] / month[1] for month in months], [None if month is None else month[0] for month in months])
    return judged.lower if judged.lower and judged.last is not Word.FEW else None


def _limits_crossed(rates: Mapping[str, float], data: Data, filters: Filters, counted: Period) -> dict[str, float]:
    """The lower natural limit of the monthly postal return rate in the whole months before the period, by agency whose rate of the period lies below it."""
    first = replace(counted, clock=filters.clock).first_month
    before = of_months(first - NORM_MONTHS, first - 1, Kind.DAYS, filters.clock)
    monthly = data.ask(Measure((POSTAL_RETURN_RATE,), by=(Dim.AGENCY, Dim.MONTH)), filters.with_period(before))
    columns = (monthly["agency_code"], monthly["month"], monthly[_ABOVE].tolist(), monthly[_BELOW].tolist())
    figures: dict[str, dict[int, tuple[int, int]]] = {}
    for code, month, above, below in zip(*columns, strict=True):
        if below > 0:
            figures.setdefault(code, {})[month] = (above, below)
    found: dict[str, float] = {}
    for code, months in figures.items():
        mean = sum(above / below for above, below in months.values()) / len(months)
        if rates.get(code, mean) < mean:  # at or over the mean nothing lies below a limit
            limit = lower_limit([months.get(month) for month in range(first - NORM_MONTHS, first)])
            if limit is not None and rates[code] < limit:
                found[code] = limit
    return found


def _listed(data: Data, mapping: Mapping[str, str], period: Period) -> pd.MultiIndex:
    """Agency and procedure on the list for return by post in the period."""
    rows = data.catalogue.listings
    rows = rows[alive(rows, period) & rows["postal_return"].fillna(True)]
    return pd.MultiIndex.from_arrays([organisation.renamed(rows["agency_code"], mapping), rows["procedure_code"]])


def _with_marks(streaks: pd.DataFrame, data: Data, filters: Filters, counted: Period) -> pd.DataFrame:
    """The rows of `Streaks` with is_listed: on the agency's list for return by post; all where there is no list."""
    if "agency_procedures" not in data.catalogue.present:
        return streaks.assign(is_listed=True)
    mapping = organisation.today(data.catalogue, filters.organisation, "agency")
    pairs = pd.MultiIndex.from_frame(streaks[["agency_code", "procedure_code"]])
    return streaks.assign(is_listed=pairs.isin(_listed(data, mapping, counted)))


def _with_sums(calls: pd.DataFrame, streaks: pd.DataFrame, data: Data) -> pd.DataFrame:
    """What was returned meanwhile, how much of it listed, and what waits for the post."""
    rows = streaks.assign(listed=streaks["returned"].where(streaks["is_listed"], 0))
    sums = rows.groupby("agency_code")[["returned", "listed", "not_carried"]].sum().reindex(calls["agency_code"]).fillna(0)
    numbers = {name: sums[column].astype("Int64").to_numpy() for name, column in _SUMS.items()}
    calls = calls.assign(**numbers)
    if "agency_procedures" not in data.catalogue.present:
        calls["returned_listed"] = pd.Series(pd.NA, index=calls.index, dtype="Int64")
    return calls


_SUMS: Final = {"returned": "returned", "returned_listed": "listed", "registered_not_carried": "not_carried"}


def _with_similar(calls: pd.DataFrame, data: Data, filters: Filters) -> pd.DataFrame:
    """The nearest similar units that return by post in the period, and their rate together."""
    pairs = data.ask(Similar(), filters)
    results = data.ask(RESULTS, replace(filters, agencies=(), levels=())).dropna(subset=["agency_code"])
    rates = {code: (above, below) for code, above, below in results[["agency_code", _ABOVE, _BELOW]].itertuples(index=False, name=None) if above > 0}
    named: dict[str, list[str]] = {code: [] for code in calls["agency_code"]}
    for code, other in zip(pairs["agency_code"], pairs["similar_code"], strict=True):
        if code in named and other in rates and len(named[code]) < SIMILAR_NAMED:
            named[code].append(other)
    names = data.catalogue.agency_names
    found = [named[code] for code in calls["agency_code"]]
    rows = [
        (_joined(codes), _joined([names[code] for code in codes]), sum(rates[code][0] for code in codes), sum(rates[code][1] for code in codes))
        for codes in found
    ]
    similar = pd.DataFrame(rows, columns=["similar_codes", "similar_names", "similar_by_post", "similar_recorded"], index=calls.index)
    sums = ["similar_by_post", "similar_recorded"]
    similar[sums] = similar[sums].astype("Int64").mask(similar["similar_codes"].isna())
    return calls.join(similar)


def _with_procedures(calls: pd.DataFrame, streaks: pd.DataFrame, data: Data, filters: Filters) -> pd.DataFrame:
    """The procedures to start with: listed, done by post by others where there are such, most results."""
    mix = data.ask(MIX, mix_filters(data, filters) or filters)
    by_post = mix[mix[_ABOVE] > 0]
    doers: dict[str, set[str]] = {}
    for procedure, agency in zip(by_post["procedure_code"], by_post["agency_code"], strict=True):
        doers.setdefault(procedure, set()).add(agency)
    rows = streaks[(streaks["returned"] > 0) & streaks["is_listed"]].dropna(subset=["procedure_code"])
    order = rows.sort_values(["returned", "procedure_code"], ascending=[False, True])
    proven: dict[str, list[str]] = {code: [] for code in calls["agency_code"]}
    others: dict[str, list[str]] = {code: [] for code in calls["agency_code"]}
    for code, procedure in zip(order["agency_code"], order["procedure_code"], strict=True):
        (proven if doers.get(procedure, set()) - {code} else others)[code].append(procedure)
    names = data.catalogue.procedure_names
    found = [(proven[code] + others[code])[:PROCEDURES_NAMED] for code in calls["agency_code"]]
    rows_found = [(_joined(codes), _joined([names.get(code, code) for code in codes], BETWEEN_NAMES)) for codes in found]
    start = pd.DataFrame(rows_found, columns=["procedures_to_start", "procedures_to_start_names"], index=calls.index)
    start["done_elsewhere"] = [min(len(proven[code]), PROCEDURES_NAMED) for code in calls["agency_code"]]
    return calls.join(start)


def _joined(words: Sequence[str], between: str = "; ") -> str | None:
    """The words as one cell; missing where there are none."""
    return between.join(words) or None


@dataclass(frozen=True)
class CallListOthers:
    """One row per agency of the catalogue that is neither called nor returns by post, and what to do: agency_code, agency_name, short_name, level,
    verdict (channel_not_recorded, no_result, no_data, or not_in_period), returned (in the period; missing without data), last_postal_return, advice.

    In the order of the verdicts, most results first, then by code. No rows where nothing of the period is counted.
    """

    def ask(self, data: Data, filters: Filters) -> pd.DataFrame:
        """The frame for the filters. Raises the errors of `Source.frame`."""
        units = data.ask(AdoptionUnits(), filters)
        if filters.timeframe(data.as_of, data.first_on).counted is None:
            units = units.iloc[:0]
        places = {group: place for place, group in enumerate(ADVICE)}
        groups = _groups(units)
        rows = units.assign(verdict=groups, place=groups.map(places), advice=groups.map(ADVICE).astype("str"))
        rows = rows[rows["place"].notna()].sort_values(["place", "returned", "agency_code"], ascending=[True, False, True], ignore_index=True)
        unknown = (rows["verdict"] == Verdict.NO_DATA) | ((rows["verdict"] == NOT_IN_PERIOD) & (rows["returned"] == 0))
        return rows.assign(returned=rows["returned"].mask(unknown))[[*_TEXTS[:4], "verdict", "returned", "last_postal_return", "advice"]]


def _groups(units: pd.DataFrame) -> pd.Series:
    """The verdict of agencies that exist in the period, and not_in_period of the others."""
    return units["verdict"].where(units["in_period"].astype("bool"), NOT_IN_PERIOD).astype("str")


def verdict_counts(units: pd.DataFrame) -> dict[str, int]:
    """How many agencies of a frame of `AdoptionUnits` have each verdict, and how many do not exist in the period; the numbers add up to its rows."""
    counts = _groups(units).value_counts()
    return {group: int(counts.get(group, 0)) for group in (*map(str, Verdict), NOT_IN_PERIOD)}
