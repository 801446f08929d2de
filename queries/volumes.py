"""Volumes as tables: the province's totals, and one row per agency, area and procedure, with names from the catalogue."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pandas as pd

from queries import metrics, organisation
from queries.adoption import ListedProcedures, agencies_within, lifetimes
from queries.catalogue import NO_AREA, NO_MEANING, NO_PROCEDURE, UNASSIGNED, Catalogue, alive
from queries.filters import Filters, Organisation, Timeframe
from queries.measure import Measure, before, denominator, numerator
from queries.period import Period
from queries.scope import areas_within
from queries.statement import Dim

if TYPE_CHECKING:
    from queries.data import Data

VOLUMES: Final = (
    metrics.RECEIVED,
    metrics.RECEIVED_BY_POST,
    metrics.RETURNED,
    metrics.RETURNED_BY_POST,
    metrics.POSTAL_RECEIPT_RATE,
    metrics.POSTAL_RETURN_RATE,
)
_SUMS: Final = ("received", "received_by_post", "returned", "returned_by_post")


@dataclass(frozen=True)
class Totals:
    """One row per metric, in the order of declaration: key, label, unit, value, numerator, denominator and the same `_before` for the compared period.

    A ratio's value is a fraction (0.153 for 15,3 %). Missing: denominator 0, or the database or a filter does not allow the figure.
    """

    def ask(self, data: Data, filters: Filters) -> pd.DataFrame:
        """The frame for the filters. Raises the errors of `Source.frame`."""
        summed = tuple(metric for metric in metrics.ALL if metric not in metrics.DISTINCT)
        row = data.ask(Measure(summed, compared=True), filters).iloc[0]
        rows = []
        for metric in metrics.ALL:
            cells: dict[str, object] = {"key": metric.key, "label": metric.label, "unit": str(metric.unit)}
            above = numerator(metric) if metric.denominator else metric.key
            columns = {"value": metric.key, "numerator": above, "denominator": denominator(metric)}
            for suffix in ("", before("")):
                cells |= {name + suffix: row.get(column + suffix, pd.NA) for name, column in columns.items()}
            rows.append(cells)
        frame = pd.DataFrame(rows).set_index("key")
        for key, counted in ((metrics.ACTIVE_AGENCIES.key, _agencies(data, filters)), (metrics.ACTIVE_PROCEDURES.key, _procedures(data, filters))):
            for suffix, (found, of_all) in counted.items():
                frame.loc[key, ["value" + suffix, "numerator" + suffix, "denominator" + suffix]] = [found, found, of_all]
        frame = frame.reset_index()
        return frame.astype(dict.fromkeys(frame.columns.drop(["key", "label", "unit"]), "Float64"))


_Counted = dict[str, tuple[int, int]]  # by suffix: so many of all


def _spans(data: Data, filters: Filters) -> dict[str, Period]:
    """The counted and the compared days by suffix of their columns; without those that are not counted."""
    timeframe = filters.timeframe(data.as_of, data.first_on)
    return {suffix: span for suffix, span in (("", timeframe.counted), (before(""), timeframe.compared)) if span is not None}


def _agencies(data: Data, filters: Filters) -> _Counted:
    """Agencies that return by post, of those that exist; as `adoption.active_agencies` has them, without the verdicts."""
    mapping = organisation.today(data.catalogue, filters.organisation, "agency")
    codes = agencies_within(data, filters, mapping)
    returned = data.ask(Measure((metrics.RETURNED_BY_POST,), by=(Dim.AGENCY,), compared=True), filters)
    counted: _Counted = {}
    for suffix, span in _spans(data, filters).items():
        existing = {code for code, spans in lifetimes(data, mapping).items() if code in codes and any(life.meets(span) for life in spans)}
        by_post = returned.loc[returned[metrics.RETURNED_BY_POST.key + suffix] > 0, Dim.AGENCY.value]
        counted[suffix] = (len(existing & set(by_post.dropna())), len(existing))
    return counted


def _procedures(data: Data, filters: Filters) -> _Counted:
    """Procedures of the postal list that were used by post, of those on it; nothing where there is no list."""
    if "agency_procedures" not in data.catalogue.present:
        return {}
    listed = {suffix: data.ask(ListedProcedures(span), filters) for suffix, span in _spans(data, filters).items()}
    return {suffix: (int(frame["is_active"].sum()), len(frame)) for suffix, frame in listed.items()}


def _with_all(frame: pd.DataFrame, column: str, codes: Iterable[str], timeframe: Timeframe) -> pd.DataFrame:
    """The rows with a figure and a row for every other code, in order; what came from the catalogue alone counts 0, unless nothing is counted."""
    missing = sorted(set(codes) - set(frame[column].dropna()))
    whole = pd.concat([frame, pd.DataFrame({column: pd.Series(missing, dtype="str")})], ignore_index=True).sort_values(column, ignore_index=True)
    return whole if timeframe.counted is None else _zero_filled(whole, timeframe.compared is not None)


def _zero_filled(frame: pd.DataFrame, has_before: bool) -> pd.DataFrame:
    """Rows that came from the catalogue alone count 0, not missing."""
    names = [*_SUMS, *(part(m) for m in VOLUMES if m.denominator for part in (numerator, denominator))]
    names += [before(name) for name in names] if has_before else []
    return frame.assign(**{name: frame[name].fillna(0) for name in names})


@dataclass(frozen=True)
class AgencyVolumes:
    """One row per agency (group of agencies where the view has groups) that exists in the period or has a figure, by code; the row without a code is
    “chưa gán đơn vị”.

    Columns: agency_code, agency_name, received, received_by_post, returned, returned_by_post, short_name, level, is_known (in the catalogue),
    the two postal rates with numerator and denominator, and all figures `_before`.
    """

    def ask(self, data: Data, filters: Filters) -> pd.DataFrame:
        """The frame for the filters. Raises the errors of `Source.frame`."""
        timeframe = filters.timeframe(data.as_of, data.first_on)
        frame = data.ask(Measure(VOLUMES, by=(Dim.AGENCY,), compared=True), filters)
        mapping = organisation.today(data.catalogue, filters.organisation, "agency")
        existing = {code for code, spans in lifetimes(data, mapping).items() if any(span.meets(timeframe.counted or timeframe.period) for span in spans)}
        levels, names, short = data.catalogue.agency_levels, data.catalogue.agency_names, data.catalogue.agency_short_names
        frame = _with_all(frame, "agency_code", existing & agencies_within(data, filters, mapping), timeframe)
        codes = frame["agency_code"]
        frame["agency_name"] = [_name(code, names, UNASSIGNED) for code in codes]
        frame["short_name"] = [_name(code, short, UNASSIGNED) for code in codes]
        frame["level"] = codes.map(levels).astype("str")
        frame["is_known"] = codes.isin(set(names))
        first = ["agency_code", "agency_name", *_SUMS, "short_name", "level", "is_known"]
        return frame[[*first, *(name for name in frame.columns if name not in first)]]


def _name(code: object, names: dict[str, str], nameless: str) -> str:
    return names.get(code, f"{code} (ngoài danh mục)") if isinstance(code, str) else nameless


@dataclass(frozen=True)
class AreaVolumes:
    """One row per area that exists in the period or has a figure, by key; the row without a code is “không ghi nhận địa bàn”. A comparable group that is
    no area of today has its key for code, no parent, and the population of its living areas.

    Columns: area_code, area_name, received, received_by_post, returned, returned_by_post, area_key (code, with the year of its end when it has
    ended), level, parent_code, population, received_by_post_per_1000 and returned_by_post_per_1000 (missing without population), the two postal
    rates with numerator and denominator, and all figures `_before`.
    """

    def ask(self, data: Data, filters: Filters) -> pd.DataFrame:
        """The frame for the filters. Raises the errors of `Source.frame`."""
        timeframe = filters.timeframe(data.as_of, data.first_on)
        frame = data.ask(Measure(VOLUMES, by=(Dim.AREA,), compared=True), filters)
        areas = data.catalogue.areas
        existing = alive(areas, timeframe.counted or timeframe.period) & (areas["level"] == "commune")
        keys = _rows_of(set(areas.loc[existing, "area_key"]), data.catalogue, filters.organisation)
        frame = _with_all(frame, "area_key", keys & areas_within(data.catalogue, filters) if filters.areas else keys, timeframe)
        known = _described(data.catalogue)
        frame["area_name"] = [_name(key, data.catalogue.area_names, NO_AREA) for key in frame["area_key"]]
        for name in ("level", "parent_code", "population"):
            frame[name] = frame["area_key"].map(known[name]).astype(known[name].dtype)
        frame["area_code"] = frame["area_key"].map(known["area_code"]).astype("str").fillna(frame["area_key"].str.removesuffix(NO_MEANING)).astype("str")
        people = frame["population"].astype("Float64")
        for name in ("received_by_post", "returned_by_post"):
            frame[f"{name}_per_1000"] = frame[name].astype("Float64") * 1000 / people.where(people > 0)
        first = ["area_code", "area_name", *_SUMS, "area_key", "level", "parent_code", "population"]
        return frame[[*first, *(name for name in frame.columns if name not in first)]]


def _rows_of(keys: set[str], catalogue: Catalogue, view: Organisation) -> set[str]:
    """The keys of the rows that a view has for areas; one that is added up to another area leaves it to that one, one of a group stands for the group."""
    mapping = organisation.today(catalogue, view, "area")
    return {mapping.get(key, key) for key in keys} if view is Organisation.COMPARABLE else keys - set(mapping)


def _described(catalogue: Catalogue) -> pd.DataFrame:
    """Code, level, parent and population by key, of every area and every comparable group."""
    columns = ["area_code", "level", "parent_code", "population"]
    known = catalogue.areas.drop_duplicates("area_key").set_index("area_key")[columns]
    people = known["population"]
    rows = {
        group.key: (group.key, group.level, None, people.reindex(group.living).sum(min_count=1, skipna=False) if group.living else pd.NA)
        for group in catalogue.area_groups
        if group.key not in known.index
    }
    if not rows:
        return known
    groups = pd.DataFrame.from_dict(rows, orient="index", columns=columns).astype(known.dtypes.to_dict())
    return pd.concat([known, groups])


@dataclass(frozen=True)
class ProcedureVolumes:
    """One row per procedure with a figure in the period or on the postal list in it, by code; the row without a code is “không ghi nhận thủ tục”.

    Columns: procedure_code, procedure_name, received, received_by_post, returned, returned_by_post, sector_code, sector_name, is_listed (missing:
    no postal list), listing_agencies, the two postal rates with numerator and denominator, and all figures `_before`.
    """

    def ask(self, data: Data, filters: Filters) -> pd.DataFrame:
        """The frame for the filters. Raises the errors of `Source.frame`."""
        timeframe = filters.timeframe(data.as_of, data.first_on)
        frame = data.ask(Measure(VOLUMES, by=(Dim.PROCEDURE,), compared=True), filters)
        listed = data.ask(ListedProcedures(), filters).set_index("procedure_code")["agencies"]
        frame = _with_all(frame, "procedure_code", listed.index, timeframe)
        codes = frame["procedure_code"]
        frame["procedure_name"] = [_name(code, data.catalogue.procedure_names, NO_PROCEDURE) for code in codes]
        frame["sector_code"] = codes.map(data.catalogue.procedure_sectors).astype("str")
        frame["sector_name"] = frame["sector_code"].map(data.catalogue.sector_names).astype("str")
        is_listed = codes.isin(set(listed.index)).astype("boolean")
        frame["is_listed"] = is_listed if "agency_procedures" in data.catalogue.present else is_listed.mask(is_listed.notna())
        frame["listing_agencies"] = codes.map(listed).astype("Int64")
        first = ["procedure_code", "procedure_name", *_SUMS, "sector_code", "sector_name", "is_listed", "listing_agencies"]
        return frame[[*first, *(name for name in frame.columns if name not in first)]]
