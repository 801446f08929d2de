"""Volumes as tables: the province's totals, and one row per agency, area and procedure, with names from the catalogue."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pandas as pd

from queries import metrics, organisation
from queries.adoption import AdoptionUnits, ListedProcedures, active_agencies, lifetimes
from queries.catalogue import NO_AREA, NO_PROCEDURE, UNASSIGNED
from queries.filters import Filters
from queries.measure import Measure, before, denominator, numerator
from queries.period import Period
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
            if metric in metrics.DISTINCT:
                cells |= _distinct(metric.key, data, filters)
            else:
                above = numerator(metric) if metric.denominator else metric.key
                columns = {"value": metric.key, "numerator": above, "denominator": denominator(metric)}
                cells |= {name: row.get(column, pd.NA) for name, column in columns.items()}
                cells |= {before(name): row.get(before(column), pd.NA) for name, column in columns.items()}
            rows.append(cells)
        frame = pd.DataFrame(rows)
        numbers = [name for name in frame.columns if name not in ("key", "label", "unit")]
        return frame.astype(dict.fromkeys(numbers, "Float64"))


def _distinct(key: str, data: Data, filters: Filters) -> dict[str, object]:
    """Value, numerator and denominator of a count of distinct things, now and before."""
    cells: dict[str, object] = {}
    timeframe = filters.timeframe(data.as_of, data.first_on)
    for suffix, span in (("", timeframe.counted), (before(""), timeframe.compared)):
        above: object = pd.NA
        below: object = pd.NA
        if span is not None and key == metrics.ACTIVE_AGENCIES.key:
            above, below = active_agencies(data.ask(AdoptionUnits(), _for(filters, span)))
        elif span is not None and "agency_procedures" in data.catalogue.present:
            listed = data.ask(ListedProcedures(span), filters)
            above, below = int(listed["is_active"].sum()), len(listed)
        cells |= {"value" + suffix: above, "numerator" + suffix: above, "denominator" + suffix: below}
    return cells


def _for(filters: Filters, span: Period) -> Filters:
    """The filters for exactly the days of a span."""
    return filters.with_period(Period(span.start, span.end, clock=span.clock))


def _zero_filled(frame: pd.DataFrame, has_before: bool) -> pd.DataFrame:
    """Rows that came from the catalogue alone count 0, not missing."""
    names = [*_SUMS, *(part(m) for m in VOLUMES if m.denominator for part in (numerator, denominator))]
    names += [before(name) for name in names] if has_before else []
    return frame.assign(**{name: frame[name].fillna(0) for name in names})


@dataclass(frozen=True)
class AgencyVolumes:
    """One row per agency that exists in the period or has a figure, by code; the row without a code is “chưa gán đơn vị”.

    Columns: agency_code, agency_name, received, received_by_post, returned, returned_by_post, short_name, level, is_known (in the catalogue),
    the two postal rates with numerator and denominator, and all figures `_before`.
    """

    def ask(self, data: Data, filters: Filters) -> pd.DataFrame:
        """The frame for the filters. Raises the errors of `Source.frame`."""
        timeframe = filters.timeframe(data.as_of, data.first_on)
        frame = data.ask(Measure(VOLUMES, by=(Dim.AGENCY,), compared=True), filters)
        mapping = organisation.today(data.catalogue, filters.organisation, "agency")
        alive = [code for code, spans in lifetimes(data, mapping).items() if any(span.meets(timeframe.counted or timeframe.period) for span in spans)]
        levels, names, short = data.catalogue.agency_levels, data.catalogue.agency_names, data.catalogue.agency_short_names
        if filters.agencies:
            alive = [code for code in alive if code in {mapping.get(asked, asked) for asked in filters.agencies}]
        if filters.levels:
            alive = [code for code in alive if levels[code] in filters.levels]
        missing = sorted(set(alive) - set(frame["agency_code"].dropna()))
        frame = pd.concat([frame, pd.DataFrame({"agency_code": pd.Series(missing, dtype="str")})], ignore_index=True).sort_values("agency_code", ignore_index=True)
        frame = _zero_filled(frame, timeframe.compared is not None) if timeframe.counted is not None else frame
        codes = frame["agency_code"]
        frame["agency_name"] = [_name(code, names, UNASSIGNED) for code in codes]
        frame["short_name"] = [_name(code, short, UNASSIGNED) for code in codes]
        frame["level"] = codes.map(levels).astype("str")
        frame["is_known"] = codes.isin(set(names))
        first = ["agency_code", "agency_name", *_SUMS, "short_name", "level", "is_known"]
        return frame[[*first, *(name for name in frame.columns if name not in first)]]


def _name(code: object, names: dict[str, str], nameless: str) -> str:
    return nameless if pd.isna(code) else names.get(str(code), f"{code} (ngoài danh mục)")


@dataclass(frozen=True)
class AreaVolumes:
    """One row per area that exists in the period or has a figure, by key; the row without a code is “không ghi nhận địa bàn”.

    Columns: area_code, area_name, received, received_by_post, returned, returned_by_post, area_key (code, with the year of its end when it has
    ended), level, parent_code, population, received_by_post_per_1000 and returned_by_post_per_1000 (missing without population), the two postal
    rates with numerator and denominator, and all figures `_before`.
    """

    def ask(self, data: Data, filters: Filters) -> pd.DataFrame:
        """The frame for the filters. Raises the errors of `Source.frame`."""
        timeframe = filters.timeframe(data.as_of, data.first_on)
        frame = data.ask(Measure(VOLUMES, by=(Dim.AREA,), compared=True), filters)
        areas = data.catalogue.areas
        gone = set(organisation.today(data.catalogue, filters.organisation, "area"))
        period = timeframe.counted or timeframe.period
        begins = areas["valid_from"].isna() | (pd.to_datetime(areas["valid_from"]) <= pd.Timestamp(period.end))
        ends = areas["valid_to"].isna() | (pd.to_datetime(areas["valid_to"]) >= pd.Timestamp(period.start))
        alive = set(areas.loc[begins & ends & (areas["level"] == "commune"), "area_key"]) - gone
        alive = alive if not filters.areas else alive & set(filters.areas)
        missing = sorted(alive - set(frame["area_key"].dropna()))
        frame = pd.concat([frame, pd.DataFrame({"area_key": pd.Series(missing, dtype="str")})], ignore_index=True).sort_values("area_key", ignore_index=True)
        frame = _zero_filled(frame, timeframe.compared is not None) if timeframe.counted is not None else frame
        known = areas.drop_duplicates("area_key").set_index("area_key")
        frame["area_name"] = [_name(key, data.catalogue.area_names, NO_AREA) for key in frame["area_key"]]
        for name in ("level", "parent_code", "population"):
            frame[name] = frame["area_key"].map(known[name])
        frame["area_code"] = frame["area_key"].map(known["area_code"]).where(frame["area_key"].isin(set(known.index)), frame["area_key"])
        people = frame["population"].astype("Float64")
        for name in ("received_by_post", "returned_by_post"):
            frame[f"{name}_per_1000"] = frame[name].astype("Float64") * 1000 / people.where(people > 0)
        first = ["area_code", "area_name", *_SUMS, "area_key", "level", "parent_code", "population"]
        return frame[[*first, *(name for name in frame.columns if name not in first)]]


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
        missing = sorted(set(listed.index) - set(frame["procedure_code"].dropna()))
        frame = pd.concat([frame, pd.DataFrame({"procedure_code": pd.Series(missing, dtype="str")})], ignore_index=True)
        frame = frame.sort_values("procedure_code", ignore_index=True)
        frame = _zero_filled(frame, timeframe.compared is not None) if timeframe.counted is not None else frame
        codes = frame["procedure_code"]
        frame["procedure_name"] = [_name(code, data.catalogue.procedure_names, NO_PROCEDURE) for code in codes]
        frame["sector_code"] = codes.map(data.catalogue.procedure_sectors).astype("str")
        frame["sector_name"] = frame["sector_code"].map(data.catalogue.sector_names).astype("str")
        has_list = "agency_procedures" in data.catalogue.present
        frame["is_listed"] = pd.array(codes.isin(set(listed.index)) if has_list else [pd.NA] * len(frame), dtype="boolean")
        frame["listing_agencies"] = codes.map(listed).astype("Int64")
        first = ["procedure_code", "procedure_name", *_SUMS, "sector_code", "sector_name", "is_listed", "listing_agencies"]
        return frame[[*first, *(name for name in frame.columns if name not in first)]]
