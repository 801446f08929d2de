"""The rows of the page “Địa bàn”: what is seen of an area, in which order, and as a table."""

from __future__ import annotations

from typing import Final

import pandas as pd

from config.language import say
from dashboard import text
from dashboard.cards import Asked
from dashboard.pages import areas_words as words
from dashboard.pages import phrases
from dashboard.pages.areas_words import Look
from dashboard.pages.readings import over
from dashboard.tables import Column, Kind, Table
from queries import geography, metrics
from queries.filters import NOT_RECORDED
from queries.measure import before, denominator

SUMS: Final = ("received", "received_by_post", "returned", "returned_by_post")


def has_figures(rows: pd.DataFrame) -> bool:
    """Whether anything is counted in the rows."""
    return not rows.empty and bool((rows[list(SUMS)].fillna(0) > 0).any(axis=None))


def prepared(frame: pd.DataFrame, asked: Asked) -> pd.DataFrame:
    """The rows a reader sees: areas of the view and whatever has a figure, with name, former district, link and honest change.

    A rate over too few results, and a change between grounds that are not the same, are missing.
    """
    catalogue, timeframe = asked.data.catalogue, asked.timeframe
    counted = words.counted(asked)
    # An agency serves some areas only: the others have nothing to do with it, and are not “without post”.
    here = [] if asked.filters.agencies else geography.shown(catalogue, asked.filters.organisation, counted)
    active = (frame[list(SUMS)].fillna(0) > 0).any(axis=1)
    rows = frame[active | frame["area_key"].isin(here)].copy()
    gone = rows["area_key"].isin(geography.last_days(catalogue))
    mixed = bool(gone.any()) and not gone[rows["area_key"].notna()].all()
    rows["name"] = [say("{} cũ", name) if mixed and ended else name for name, ended in zip(rows["area_name"], gone, strict=True)]
    district_of = catalogue.area_parents
    rows["district"] = rows["area_key"].map(district_of).map(catalogue.area_names).astype("str")
    rows["link"] = [asked.link(areas=(NOT_RECORDED if pd.isna(key) else key,)) for key in rows["area_key"]]
    below = rows[denominator(metrics.POSTAL_RETURN_RATE)].fillna(0)
    rows[metrics.POSTAL_RETURN_RATE.key] = rows[metrics.POSTAL_RETURN_RATE.key].mask(below < asked.data.rules.minimum_n)
    periods = [counted] if timeframe.compared is None else [counted, timeframe.compared]
    same = rows["area_key"].isin(geography.comparable(catalogue, asked.filters.organisation, *periods)) | rows["area_key"].isna()
    for name in SUMS:
        was = rows[before(name)] if before(name) in rows else pd.Series(pd.NA, index=rows.index, dtype="Int64")
        rows[f"{name}_was"] = was.astype("Int64").where(same)
    rows["change"] = rows["returned_by_post"] - rows["returned_by_post_was"]
    return rows


def competing(rows: pd.DataFrame, asked: Asked) -> pd.DataFrame:
    """Rows that a ranking is about: with a code, and not ended before the period."""
    return rows[rows["area_key"].notna() & ~rows["area_key"].isin(words.ended(asked, words.counted(asked)))]


def ranked(rows: pd.DataFrame, look: Look) -> pd.DataFrame:
    """Areas that have a code by the figure, greatest first, then by name; what has no value stands last. Adds the column value."""
    areas = rows[rows["area_key"].notna()]
    areas = areas.assign(value=areas[look.key].astype("Float64")).reset_index(drop=True)
    places = [
        (text.is_missing(value), 0 if text.is_missing(value) else -value, text.sort_key(name))
        for value, name in zip(areas["value"], areas["name"], strict=True)
    ]
    return areas.iloc[sorted(range(len(areas)), key=places.__getitem__)].reset_index(drop=True)


def table(rows: pd.DataFrame, look: Look, asked: Asked, *, interactive: bool) -> Table:
    """All rows with the rows without an area after the others, and the totals, which are those of the agencies."""
    order = ranked(rows, look)
    nowhere = rows[rows["area_key"].isna()]
    whole = pd.concat([order, nowhere], ignore_index=True) if len(nowhere) else order
    figures_of_all = {name: rows[name].sum() for name in SUMS}
    parts = {key: rows[key].sum() for key in over(metrics.POSTAL_RETURN_RATE)}
    above, below = parts.values()
    total: dict[str, object] = {"name": say("Tổng"), **figures_of_all, **parts, "postal_return_rate": above / below if below else None}
    columns = [Column("name", "Địa bàn", link="link")]
    if whole["district"].notna().any():
        columns.append(Column("district", "Huyện cũ"))
    columns += [
        Column("received", "Tiếp nhận", Kind.WHOLE),
        Column("received_by_post", "Tiếp nhận qua BCCI", Kind.WHOLE),
        Column("returned", "Trả kết quả", Kind.WHOLE),
        Column("returned_by_post", "Trả qua BCCI", Kind.WHOLE),
        Column("postal_return_rate", "% trả", Kind.PERCENT, over=over(metrics.POSTAL_RETURN_RATE)),
    ]
    if "population" in whole and whole["population"].notna().any():
        columns += [
            Column("population", "Dân số", Kind.WHOLE),
            Column("received_by_post_per_1000", "Tiếp nhận/1.000 dân", Kind.NUMBER),
            Column("returned_by_post_per_1000", "Trả/1.000 dân", Kind.NUMBER),
        ]
    if order["change"].notna().any():
        columns.append(Column("change", say("Trả qua BCCI so {}", phrases.compared_name(asked)), Kind.SIGNED))
        total["change"] = None if rows["change"].isna().any() else rows["change"].sum()
    return Table.of(whole, columns, interactive=interactive, total=total, search_keys=("name", "district"))
