"""One unit beside its level, its peers and the province, counted by hand."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from queries.data import Data
from queries.standing import Standing
from tests.queries.hand import ask, completed, province, received, returned


@pytest.fixture
def data(tmp_path: Path) -> Data:
    """X-BL returned 1 of 2 by post, X-LL 1 of 1, STP 0 of 1; one result has no recorded channel, one dossier no agency."""
    dossiers = [
        returned("2026-03-02", "post", agency_code="X-BL"),
        returned("2026-03-03", "counter", agency_code="X-BL"),
        returned("2026-03-04", None, agency_code="X-BL"),
        returned("2026-03-05", "post", agency_code="X-LL"),
        returned("2026-03-06", "counter"),
        received("2026-03-07", "post", agency_code=None),
        completed("2026-03-09", due="2026-03-08"),
    ]
    return province(tmp_path, dossiers)


def _lines(frame: pd.DataFrame, *columns: str) -> list[tuple[object, ...]]:
    named = frame.assign(code=frame["code"].fillna(""))
    return [tuple(row) for row in named[["kind", "code", *columns]].itertuples(index=False)]


def test_rates_of_a_line_are_ratios_of_sums(data: Data) -> None:
    frame = ask(data, Standing(), "dv=X-BL").set_index("kind")
    assert (1, 2, 0.5) == tuple(frame.loc["asked", ["postal_return_rate_numerator", "postal_return_rate_denominator", "postal_return_rate"]])
    assert (2, 4, 0.5) == tuple(frame.loc["province", ["postal_return_rate_numerator", "postal_return_rate_denominator", "postal_return_rate"]])


def test_one_agency_has_its_peers_and_every_level(data: Data) -> None:
    lines = _lines(ask(data, Standing(), "dv=X-BL"), "returned")
    assert [("asked", "", 3), ("province", "", 5), ("level", "commune", 4), ("level", "province", 1), ("peer", "X-BL", 3), ("peer", "X-LL", 1)] == lines


def test_several_agencies_and_levels_have_no_peers(data: Data) -> None:
    for query in ("", "dv=X-BL,X-LL", "cap=commune"):
        assert "peer" not in set(ask(data, Standing(), query)["kind"])


def test_the_asked_line_is_never_wider_than_the_filter(data: Data) -> None:
    asked = {query: ask(data, Standing(), query)["returned"].iloc[0] for query in ("", "dv=X-BL", "cap=commune", "dv=X-BL&cap=province", "dv=KHONG-CO")}
    assert {"": 5, "dv=X-BL": 3, "cap=commune": 4, "dv=X-BL&cap=province": 0, "dv=KHONG-CO": 0} == asked


def test_dossiers_without_an_agency_are_part_of_the_province_and_can_be_asked(data: Data) -> None:
    frame = ask(data, Standing(), "dv=-")
    assert [1, 7] == frame["received"].iloc[:2].tolist()


def test_a_period_without_data_is_missing_and_not_zero(data: Data) -> None:
    frame = ask(data, Standing(), "ky=2030")
    assert frame[["received", "returned", "postal_return_rate"]].isna().all(axis=None)


def test_other_filters_hold_for_every_line(data: Data) -> None:
    assert 1 == ask(data, Standing(), "dv=X-BL&ht=post").set_index("kind").loc["province", "received"]
