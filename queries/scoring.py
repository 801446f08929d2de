"""The scored postal ratios of the province, each level and each agency, with what is missing to the next threshold and where it could come from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from math import floor
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from config.scoring import METRICS, Scoring, load_scoring
from queries import organisation
from queries.adoption import agencies_within
from queries.catalogue import alive
from queries.contract import LEVELS
from queries.counting import Metric
from queries.coverage import lifetimes
from queries.filters import NOT_RECORDED, Filters
from queries.measure import Measure, denominator, numerator
from queries.metrics import ACTIVE_PROCEDURES, BY_KEY, POSTAL_RECEIPT_RATE, POSTAL_RETURN_RATE
from queries.period import Period
from queries.score import score, scored
from queries.sentence import LEVEL_NAMES
from queries.statement import Dim
from queries.what_if import Change, Cheapest, cheapest_units, what_if

if TYPE_CHECKING:
    from queries.data import Data

__all__ = ["AGENCY", "LEVEL", "PROVINCE", "Change", "Cheapest", "Scores", "cheapest_units", "score", "scored", "what_if"]

PROVINCE: Final = "province"
LEVEL: Final = "level"
AGENCY: Final = "agency"
PROVINCE_NAME: Final = "toàn tỉnh"
_RATES: Final = {POSTAL_RECEIPT_RATE: "postal_receive", POSTAL_RETURN_RATE: "postal_return"}
"""The ratios of dossiers, each with the column of the postal list that opens a procedure to it."""
_PAIRS: Final = Measure(tuple(_RATES), by=(Dim.AGENCY, Dim.PROCEDURE))
Cases = tuple[int, int]
_NOTHING: Final[Cases] = (0, 0)
_HEAD: Final = dict.fromkeys(("kind", "code", "name", "level", "metric", "label"), "str")
_FIGURES: Final = {"numerator": "Int64", "denominator": "Int64", "others_listed": "Int64", "best_quartile": "Float64", "potential": "Int64"}
_KINDS: Final = _HEAD | _FIGURES
_COLUMNS: Final = [
    *("kind", "code", "name", "level", "metric", "label", "numerator", "denominator", "rate", "points", "max_points"),
    *("next_threshold", "next_points", "missing", "others_listed", "best_quartile", "potential", "version", "note"),
]


@dataclass(frozen=True)
class Scores:
    """One row per scope and scored ratio: the province, each level, each agency (within the filters) by code; ratios in the order of the rules.

    Columns: kind (province, level, agency), code (empty for the province), name, level, metric, label, numerator, denominator, rate, points,
    max_points, next_threshold (a fraction, missing at the top), next_points, missing (dossiers of the denominator that would have to go by post
    instead; procedures of the list that would have to be used), others_listed (dossiers of listed procedures that went another way),
    best_quartile (the rate that a quarter of the agencies of its level reach), potential (dossiers of others_listed up to that rate; levels and the
    province add up their living agencies), version and note of the rules. Points are missing where the denominator is 0. Province and levels stay
    whole when agencies are asked; dossiers without an agency count for the province alone. No rows where nothing is counted.
    """

    scoring: Scoring = field(default_factory=load_scoring)

    def ask(self, data: Data, filters: Filters) -> pd.DataFrame:
        """The frame for the filters. Raises the errors of `Source.frame`."""
        counted = filters.timeframe(data.as_of, data.first_on).counted
        rules = None if counted is None else self.scoring.on(counted.end)
        metrics = METRICS if rules is None else tuple(indicator.metric for indicator in rules.indicators)
        found = {} if counted is None else _Found(data, filters, counted).rows([BY_KEY[key] for key in metrics])
        frame = pd.DataFrame({name: pd.Series(found.get(name, []), dtype=kind) for name, kind in _KINDS.items()})
        return scored(frame, rules)[_COLUMNS]


@dataclass(frozen=True)
class _Scope:
    """One row's subject, with the agencies it is made of; None among them are dossiers without an agency."""

    kind: str
    code: str
    name: str
    level: str | None
    members: tuple[str | None, ...]


class _Found:
    """What one period holds: dossiers by agency and procedure, and the postal list."""

    def __init__(self, data: Data, filters: Filters, period: Period) -> None:
        everyone = replace(filters, agencies=(), levels=())
        self.data, self.period = data, period
        self.mapping = organisation.today(data.catalogue, filters.organisation, "agency")
        self.levels = data.catalogue.agency_levels
        self.has_list = "agency_procedures" in data.catalogue.present
        self.lives = lifetimes(data, self.mapping)
        self.pairs = data.ask(_PAIRS, everyone)
        self.listed = self._listed(everyone)
        self.scopes = self._scopes(agencies_within(data, filters, self.mapping))

    def rows(self, metrics: Sequence[Metric]) -> dict[str, list[Any]]:
        """The columns of the answer before the points: every scope with every metric."""
        figures = [self._procedures() if metric == ACTIVE_PROCEDURES else self._dossiers(metric) for metric in metrics]
        columns: dict[str, list[Any]] = {name: [] for name in _KINDS}
        for place, scope in enumerate(self.scopes):
            for metric, found in zip(metrics, figures, strict=True):
                head = (scope.kind, scope.code, scope.name, scope.level, metric.key, metric.label)
                for name, value in zip(_KINDS, (*head, *found[place]), strict=True):
                    columns[name].append(value)
        return columns

    def _scopes(self, asked: set[str]) -> list[_Scope]:
        """The province, the levels of the asked agencies, and these agencies."""
        everyone: set[str | None] = {code if isinstance(code, str) else None for code in self.pairs["agency_code"].unique()}
        names = self.data.catalogue.agency_names
        agencies = sorted(code for code in asked if code in everyone or self._lives_in(code, self.period))
        everyone |= set(agencies) | {code for code in self.lives if self._lives_in(code, self.period)}
        levels = [level for level in LEVELS if level in {self.levels[code] for code in agencies}]
        members = {level: tuple(code for code in everyone if code is not None and self.levels.get(code) == level) for level in levels}
        return [
            _Scope(PROVINCE, "", PROVINCE_NAME, None, tuple(everyone)),
            *(_Scope(LEVEL, level, LEVEL_NAMES[level], level, members[level]) for level in levels),
            *(_Scope(AGENCY, code, names[code], self.levels[code], (code,)) for code in agencies),
        ]

    def _lives_in(self, code: str, period: Period) -> bool:
        return any(span.meets(period) for span in self.lives.get(code, ()))

    def _listed(self, everyone: Filters) -> pd.DataFrame:
        """The postal list in the period: agency, procedure, and what it may go by post for."""
        rows = self.data.catalogue.listings
        rows = rows[alive(rows, self.period)]
        if everyone.procedures:
            rows = rows[rows["procedure_code"].isin(everyone.procedures)]
        if everyone.sectors:
            sectors = rows["procedure_code"].map(self.data.catalogue.procedure_sectors)
            rows = rows[sectors.isin(everyone.sectors) | (sectors.isna() & (NOT_RECORDED in everyone.sectors))]
        rows = rows.assign(agency_code=organisation.renamed(rows["agency_code"], self.mapping))
        return rows[rows["agency_code"].isin(agencies_within(self.data, everyone, self.mapping))]

    def _procedures(self) -> list[tuple[Any, ...]]:
        """By scope: the listed procedures that it used by post, and all its listed ones; missing where there is no list."""
        if not self.has_list:
            return [(pd.NA,) * len(_FIGURES)] * len(self.scopes)
        by_post = self.pairs[numerator(POSTAL_RECEIPT_RATE)].fillna(0) + self.pairs[numerator(POSTAL_RETURN_RATE)].fillna(0) > 0
        listed, used = _by_agency(self.listed), _by_agency(self.pairs.loc[by_post])
        found: list[tuple[Any, ...]] = []
        for scope in self.scopes:
            offered = {procedure for code in scope.members for procedure in listed.get(code, ())}
            active = {procedure for code in scope.members for procedure in used.get(code, ())}
            found.append((len(offered & active), len(offered), pd.NA, pd.NA, pd.NA))
        return found

    def _dossiers(self, metric: Metric) -> list[tuple[Any, ...]]:
        """By scope: numerator and denominator, and of its living agencies what else could go by post."""
        parts = [numerator(metric), denominator(metric)]
        sums = _sums(self.pairs, parts)
        allowed = set(_pairs_of(self.listed[self.listed[_RATES[metric]].fillna(True)]))
        open_to_post = _sums(self.pairs.loc[pd.Series([pair in allowed for pair in _pairs_of(self.pairs)], index=self.pairs.index, dtype=bool)], parts)
        best = _best_quartiles(sums, self.levels, self.data.rules.minimum_n)
        today = Period(self.data.as_of, self.data.as_of)
        found: list[tuple[Any, ...]] = []
        for scope in self.scopes:
            living = [code for code in scope.members if code is not None and self._lives_in(code, today)]
            rooms = [_room(sums.get(code, _NOTHING), open_to_post.get(code, _NOTHING), best.get(self.levels[code])) for code in living]
            above, below = (sum(sums.get(code, _NOTHING)[part] for code in scope.members) for part in (0, 1))
            others, potential = (sum(room[part] for room in rooms) if self.has_list and rooms else pd.NA for part in (0, 1))
            quartile = best.get(scope.level or "") if living and scope.kind == AGENCY else None
            found.append((above, below, others, pd.NA if quartile is None else float(quartile), potential))
        return found


def _room(sums: Cases, open_to_post: Cases, cap: Fraction | None) -> Cases:
    """Of one agency: dossiers of listed procedures that went another way, and how many of them are wanted for the rate of the best quartile."""
    others = open_to_post[1] - open_to_post[0]
    return others, 0 if cap is None else max(0, min(others, floor(cap * sums[1]) - sums[0]))


def _sums(pairs: pd.DataFrame, parts: list[str]) -> dict[str | None, Cases]:
    """Numerator and denominator by agency."""
    sums = pairs.groupby("agency_code", dropna=False)[parts].sum().reset_index()
    return {code if isinstance(code, str) else None: (int(above), int(below)) for code, above, below in sums.itertuples(index=False)}


def _pairs_of(rows: pd.DataFrame) -> Iterator[tuple[Any, Any]]:
    """Agency and procedure of each row."""
    return zip(rows["agency_code"].tolist(), rows["procedure_code"].tolist(), strict=True)


def _by_agency(rows: pd.DataFrame) -> dict[str | None, set[str]]:
    """The distinct procedures by agency."""
    found: dict[str | None, set[str]] = {}
    for code, procedure in _pairs_of(rows):
        if isinstance(procedure, str):
            found.setdefault(code if isinstance(code, str) else None, set()).add(procedure)
    return found


def _best_quartiles(sums: Mapping[str | None, Cases], levels: Mapping[str, str], minimum: int) -> dict[str, Fraction]:
    """By level the rate that the best quarter of its agencies reach; only agencies with enough cases to be ranked."""
    rates: dict[str, list[Fraction]] = {}
    for code, (above, below) in sums.items():
        if code is not None and code in levels and below >= minimum:
            rates.setdefault(levels[code], []).append(Fraction(above, below))
    return {level: sorted(found, reverse=True)[(len(found) + 3) // 4 - 1] for level, found in rates.items()}
