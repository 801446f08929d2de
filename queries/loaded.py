"""What is loaded: the dates of the data, how many dossiers there are, what the check finds, which relations are there. The same for all filters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd
import sqlalchemy as sa

from queries import contract
from queries.check import WITHOUT, check
from queries.filters import Filters

if TYPE_CHECKING:
    from queries.data import Data


@dataclass(frozen=True)
class LoadedData:
    """One row: as_of, loaded_at (missing: not told), first_on, dossiers (of every status), agencies, procedures, areas (of the catalogue), source_name
    (missing: not told), is_demo, source, engine, version, and the rules of counting missing_channel_as_counter,
    without_due_as_on_time and minimum_n.
    """

    def ask(self, data: Data, filters: Filters) -> pd.DataFrame:
        """The frame. Raises the errors of `Source.frame`."""
        if filters != Filters().within(data.rights):
            return data.ask(self, Filters())
        d = data.source.relation("dossiers")
        dossiers = data.source.frame(sa.select(sa.cast(sa.func.count(), sa.BigInteger).label("dossiers")).select_from(d))["dossiers"]
        return pd.DataFrame(
            {
                "as_of": pd.Series([data.as_of], dtype="datetime64[us]"),
                "loaded_at": pd.Series([data.loaded_at], dtype="datetime64[us]"),
                "first_on": pd.Series([data.first_on], dtype="datetime64[us]"),
                "dossiers": dossiers.astype("Int64"),
                "agencies": pd.Series([len(data.catalogue.agencies)], dtype="Int64"),
                "procedures": pd.Series([len(data.catalogue.procedures)], dtype="Int64"),
                "areas": pd.Series([len(data.catalogue.areas)], dtype="Int64"),
                "source_name": pd.Series([data.source_name or None], dtype="str"),
                "is_demo": pd.Series([data.is_demo], dtype="boolean"),
                "source": pd.Series([data.source.name], dtype="str"),
                "engine": pd.Series([data.source.dialect], dtype="str"),
                "version": pd.Series([data.version], dtype="str"),
                "missing_channel_as_counter": pd.Series([data.rules.missing_channel_as_counter], dtype="boolean"),
                "without_due_as_on_time": pd.Series([data.rules.without_due_as_on_time], dtype="boolean"),
                "minimum_n": pd.Series([data.rules.minimum_n], dtype="Int64"),
            }
        )


@dataclass(frozen=True)
class LoadedRelations:
    """One row per relation of the contract, in its order: relation, is_required, is_present, absent_columns (optional columns that are not there,
    with commas; missing: none), without (what is switched off; missing: the relation is there).
    """

    def ask(self, data: Data, filters: Filters) -> pd.DataFrame:  # noqa: ARG002 - a question has this shape; relations do not depend on filters
        """The frame."""
        source = data.source
        rows = [
            {
                "relation": table.name,
                "is_required": bool(table.info["required"]),
                "is_present": source.has(table.name),
                "absent_columns": ", ".join(
                    column.name for column in table.columns if source.has(table.name) and not source.has_column(table.name, column.name)
                ),
                "without": "" if source.has(table.name) else WITHOUT.get(table.name, ""),
            }
            for table in contract.RELATIONS
        ]
        frame = pd.DataFrame(rows)
        texts = {name: frame[name].mask(frame[name] == "").astype("str") for name in ("relation", "absent_columns", "without")}
        return frame.assign(**texts).astype({"is_required": "boolean", "is_present": "boolean"})


@dataclass(frozen=True)
class Findings:
    """One row per rule of `queries.check`, in its order: rule, severity (ok, info, warning, error), touched (dossiers, or what the text names), text."""

    def ask(self, data: Data, filters: Filters) -> pd.DataFrame:
        """The frame. A rule that cannot be asked is a row of its own, not an error."""
        if filters != Filters().within(data.rights):
            return data.ask(self, Filters())
        lines = check(data.source).lines
        frame = pd.DataFrame({"touched": pd.Series([line.touched for line in lines], dtype="Int64")})
        for name in ("text", "severity", "rule"):
            frame.insert(0, name, pd.Series([getattr(line, name) for line in lines], dtype="str"))
        return frame[["rule", "severity", "touched", "text"]]
