"""Several paces in one answer."""

from __future__ import annotations

from pathlib import Path

import pytest

from queries.paces import Paces, adds_up
from tests.queries.hand import ask, province, received, returned


def test_every_metric_has_its_rows_in_the_order_of_the_keys(tmp_path: Path) -> None:
    data = province(tmp_path, [returned("2026-03-03", "post"), returned("2026-03-03"), received("2026-03-04", "post")])
    frame = ask(data, Paces(("returned_by_post", "received_by_post")), "dv=STP")
    assert [
        ("returned_by_post", "province", 1),
        ("returned_by_post", "level", 1),
        ("returned_by_post", "agency", 1),
        ("received_by_post", "province", 1),
        ("received_by_post", "level", 1),
        ("received_by_post", "agency", 1),
    ] == list(frame[["metric", "kind", "done"]].itertuples(index=False, name=None))
    assert ["Trả kết quả qua bưu chính", "Tiếp nhận qua bưu chính"] == list(frame["label"].unique())


def test_nothing_is_held_against_a_target(tmp_path: Path) -> None:
    frame = ask(province(tmp_path, [returned("2026-03-03", "post")]), Paces(("returned_by_post",)))
    assert not {"target", "goal", "remaining", "needed_per_day", "no_need", "target_note"} & set(frame.columns)


@pytest.mark.parametrize(
    ("key", "adds"), [("returned_by_post", True), ("postal_return_rate", True), ("active_agencies", False), ("open", False), ("none", False)]
)
def test_what_stands_on_a_day_or_counts_distinct_units_has_no_pace(key: str, adds: bool) -> None:
    assert adds is adds_up(key)
