"""Points of the postal ratios: each worked by hand, the arithmetic as rules about all values, the fewest units against brute force."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from itertools import combinations
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.scoring import UNCONFIRMED, Indicator, RuleSet, Scoring, Threshold
from queries.data import Data
from queries.errors import BadRequest
from queries.filters import Filters
from queries.scoring import Change, Scores, cheapest_units, score, what_if
from queries.volumes import Totals
from queries.what_if import fewest
from tests.queries.hand import ask, province, received, returned

POST_RATE = Indicator("postal_return_rate", (Threshold(Fraction(15, 100), Fraction(1, 2)), Threshold(Fraction(10, 100), Fraction(1, 4))))
RECEIPT_RATE = Indicator("postal_receipt_rate", (Threshold(Fraction(10, 100), Fraction(1, 2)), Threshold(Fraction(5, 100), Fraction(1, 4))))
LISTED = Indicator("active_procedures", (Threshold(Fraction(50, 100), Fraction(1, 2)), Threshold(Fraction(30, 100), Fraction(1, 4))))
RULES = RuleSet("bản thử", date(2026, 1, 1), None, "Quyết định 1", confirmed=False, indicators=(LISTED, RECEIPT_RATE, POST_RATE))
QUESTION = Scores(Scoring((RULES,)))
LISTINGS = (
    {"agency_code": "STP", "procedure_code": "1.01"},
    {"agency_code": "STP", "procedure_code": "1.02"},
    {"agency_code": "X-BL", "procedure_code": "1.01"},
    {"agency_code": "X-BL", "procedure_code": "2.01", "postal_receive": True, "postal_return": False},
)


def row(frame: pd.DataFrame, metric: str, code: str = "", kind: str = "agency") -> dict[str, Any]:
    """The one row of a scope; missing values are None."""
    found = frame[(frame["kind"] == (kind if code else "province")) & (frame["code"] == code) & (frame["metric"] == metric)]
    (only,) = found.astype(object).where(found.notna(), None).to_dict("records")
    return {str(name): value for name, value in only.items()}


# --- one ratio ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("numerator", "denominator", "points", "threshold", "missing"),
    [
        (0, 100, 0, Fraction(1, 10), 10),
        (9, 100, 0, Fraction(1, 10), 1),
        (10, 100, Fraction(1, 4), Fraction(15, 100), 5),  # on the threshold is reached
        (14, 100, Fraction(1, 4), Fraction(15, 100), 1),
        (15, 100, Fraction(1, 2), None, None),
        (100, 100, Fraction(1, 2), None, None),
        (0, 7, 0, Fraction(1, 10), 1),  # one of seven is 14.3 %: enough for the lower threshold
        (1, 7, Fraction(1, 4), Fraction(15, 100), 1),  # 15 % of seven is 1.05, so a second one is needed
    ],
)
def test_points_and_what_is_missing(numerator: int, denominator: int, points: Fraction, threshold: Fraction | None, missing: int | None) -> None:
    found = score(numerator, denominator, POST_RATE)
    assert found is not None
    assert (points, threshold, missing) == (found.points, found.threshold, found.missing)


def test_without_a_denominator_there_is_no_score() -> None:
    assert score(0, 0, POST_RATE) is None


@pytest.mark.parametrize(("numerator", "denominator"), [(-1, 5), (6, 5)])
def test_a_numerator_that_is_no_part_is_refused(numerator: int, denominator: int) -> None:
    with pytest.raises(ValueError, match="is no part of"):
        score(numerator, denominator, POST_RATE)


def test_a_threshold_is_met_exactly_where_binary_fractions_would_miss_it() -> None:
    """0.07 × 100 is 7.000000000000001 in binary: a float would ask for an eighth dossier."""
    seven = Indicator("postal_return_rate", (Threshold(Fraction(7, 100), Fraction(1)),))
    assert 0.07 * 100 > 7
    found = score(7, 100, seven)
    assert found is not None
    assert (Fraction(1), None) == (found.points, found.missing)


@given(st.integers(1, 10_000), st.data())
def test_so_many_more_reach_the_next_threshold_and_one_less_does_not(denominator: int, data: st.DataObject) -> None:
    numerator = data.draw(st.integers(0, denominator))
    found = score(numerator, denominator, POST_RATE)
    assert found is not None
    if found.missing is None:
        assert Fraction(numerator, denominator) >= Fraction(15, 100)
        return
    assert 1 <= found.missing <= denominator - numerator
    after, short = score(numerator + found.missing, denominator, POST_RATE), score(numerator + found.missing - 1, denominator, POST_RATE)
    assert after is not None
    assert short is not None
    assert found.next_points is not None
    assert after.points >= found.next_points > short.points == found.points


# --- the question ------------------------------------------------------------------------------------------------------------


def small(folder: Path, **more: Any) -> Data:
    """Five dossiers received (one by post, one without a channel) and eight results (one by post), in three units and without one."""
    dossiers = [
        received("2026-01-05", "post"),
        received("2026-01-06", "online", procedure_code="1.02"),
        received("2026-01-07", None),
        received("2026-01-08", agency_code="X-BL"),
        received("2026-01-09", agency_code=None),
        returned("2026-02-02", "post", agency_code="X-BL"),
        returned("2026-02-03", "counter", agency_code="X-BL", procedure_code="2.01"),
        returned("2026-02-04", None, agency_code="X-BL"),
    ]
    return province(folder, dossiers, **{"listings": LISTINGS, **more})


def test_every_scope_has_every_ratio_with_both_its_sums(tmp_path: Path) -> None:
    frame = ask(small(tmp_path), QUESTION, "ky=2026")
    # received with a channel: STP post and online, X-BL 1 + 3 returned ones received at the counter, 1 without an agency
    assert (1, 7) == tuple(row(frame, "postal_receipt_rate")[name] for name in ("numerator", "denominator"))
    assert (1, 2) == tuple(row(frame, "postal_receipt_rate", "STP")[name] for name in ("numerator", "denominator"))
    assert (0, 4) == tuple(row(frame, "postal_receipt_rate", "commune", "level")[name] for name in ("numerator", "denominator"))
    assert (1, 2) == tuple(row(frame, "postal_return_rate")[name] for name in ("numerator", "denominator"))
    # the list holds 1.01, 1.02 and 2.01; by post went 1.01 alone
    assert (1, 3) == tuple(row(frame, "active_procedures")[name] for name in ("numerator", "denominator"))
    assert (1, 2) == tuple(row(frame, "active_procedures", "STP")[name] for name in ("numerator", "denominator"))
    assert (1, 2) == tuple(row(frame, "active_procedures", "X-BL")[name] for name in ("numerator", "denominator"))
    order = frame.loc[frame["kind"] != "agency", ["kind", "code"]].drop_duplicates().itertuples(index=False, name=None)
    assert [("province", ""), ("level", "province"), ("level", "commune")] == list(order)


def test_a_score_worked_by_hand(tmp_path: Path) -> None:
    """One of seven received by post is 14.3 %: above 10 %, half a point, nothing above. One of three listed procedures is 33 %: 0.25, and 50 % of
    three is 1.5, so one more procedure is missing.
    """
    frame = ask(small(tmp_path), QUESTION, "ky=2026")
    top = row(frame, "postal_receipt_rate")
    assert (0.5, 0.5, None, None, None) == (top["points"], top["max_points"], top["next_threshold"], top["next_points"], top["missing"])
    listed = row(frame, "active_procedures")
    assert (0.25, 0.5, 0.5, 0.5, 1) == tuple(listed[name] for name in ("points", "max_points", "next_threshold", "next_points", "missing"))
    assert {("bản thử", UNCONFIRMED)} == set(zip(frame["version"], frame["note"], strict=True))


def test_without_dossiers_a_ratio_and_its_points_are_missing(tmp_path: Path) -> None:
    none = row(ask(small(tmp_path), QUESTION, "ky=2026"), "postal_return_rate", "STP")
    assert (0, 0, None, None, None, 0.5) == tuple(none[name] for name in ("numerator", "denominator", "rate", "points", "missing", "max_points"))


def test_the_province_is_the_total_of_the_first_page(tmp_path: Path) -> None:
    data = small(tmp_path)
    frame, totals = ask(data, QUESTION, "ky=2026"), ask(data, Totals(), "ky=2026").set_index("key")
    for metric in ("active_procedures", "postal_receipt_rate", "postal_return_rate"):
        expected = (totals.loc[metric, "numerator"], totals.loc[metric, "denominator"])
        assert expected == tuple(row(frame, metric)[name] for name in ("numerator", "denominator"))


def test_a_procedure_used_by_post_by_another_agency_counts_for_the_province_alone(tmp_path: Path) -> None:
    data = province(tmp_path, [received("2026-01-05", "post", agency_code="X-LL", procedure_code="1.02")], listings=LISTINGS)
    frame = ask(data, QUESTION, "ky=2026")
    assert (1, 3) == tuple(row(frame, "active_procedures")[name] for name in ("numerator", "denominator"))
    assert (0, 2) == tuple(row(frame, "active_procedures", "STP")[name] for name in ("numerator", "denominator"))
    assert (0, 2) == tuple(row(frame, "active_procedures", "commune", "level")[name] for name in ("numerator", "denominator"))
    assert (0, 0, None) == tuple(row(frame, "active_procedures", "X-LL")[name] for name in ("numerator", "denominator", "points"))


def test_without_a_postal_list_only_what_needs_it_is_missing(tmp_path: Path) -> None:
    frame = ask(small(tmp_path, listings=None), QUESTION, "ky=2026")
    assert (None, None, None) == tuple(row(frame, "active_procedures")[name] for name in ("numerator", "denominator", "points"))
    receipts = row(frame, "postal_receipt_rate")
    assert (1, 7, None, None) == tuple(receipts[name] for name in ("numerator", "denominator", "others_listed", "potential"))


def test_asked_agencies_stand_beside_their_level_and_the_whole_province(tmp_path: Path) -> None:
    data = small(tmp_path)
    frame = ask(data, QUESTION, "ky=2026&dv=X-BL")
    assert [("province", ""), ("level", "commune"), ("agency", "X-BL")] == list(frame[["kind", "code"]].drop_duplicates().itertuples(index=False, name=None))
    assert (1, 7) == tuple(row(frame, "postal_receipt_rate")[name] for name in ("numerator", "denominator"))


def test_an_unknown_agency_has_no_row(tmp_path: Path) -> None:
    assert {"province"} == set(ask(small(tmp_path), QUESTION, "ky=2026&dv=KHONG-CO")["kind"])


def test_where_nothing_is_counted_there_are_no_rows(tmp_path: Path) -> None:
    frame = ask(small(tmp_path), QUESTION, "ky=2027")
    assert frame.empty
    assert "points" in frame


def test_before_the_first_set_of_rules_there_are_ratios_and_no_points(tmp_path: Path) -> None:
    data = province(tmp_path, [received("2025-03-05", "post"), received("2026-01-05")], listings=LISTINGS)
    before = row(ask(data, QUESTION, "ky=2025"), "postal_receipt_rate")
    assert (1, 1, 1.0, None, None, "") == tuple(before[name] for name in ("numerator", "denominator", "rate", "points", "max_points", "version"))
    assert before["note"] == "chưa có bộ ngưỡng chấm điểm cho kỳ này"


def test_a_ratio_that_earns_nothing_has_no_row(tmp_path: Path) -> None:
    only = Scores(Scoring((RuleSet("một", date(2026, 1, 1), None, "x", confirmed=True, indicators=(POST_RATE,)),)))
    assert {"postal_return_rate"} == set(ask(small(tmp_path), only, "ky=2026")["metric"])


def test_former_agencies_are_added_up_to_the_present_one(tmp_path: Path) -> None:
    dossiers = [
        received("2025-01-06", "post", agency_code="STTTT"),
        received("2025-01-07", agency_code="SKHCN-CU"),
        received("2025-04-01", agency_code="SKHCN"),
    ]
    always = Scores(Scoring((RuleSet("mãi", date(2017, 1, 1), None, "x", confirmed=True, indicators=(RECEIPT_RATE,)),)))
    data = province(tmp_path, dossiers)
    then, now = ask(data, always, "ky=2025"), ask(data, always, "ky=2025&tc=hien-nay")
    assert (0, 1) == tuple(row(then, "postal_receipt_rate", "SKHCN")[name] for name in ("numerator", "denominator"))
    assert (1, 3) == tuple(row(now, "postal_receipt_rate", "SKHCN")[name] for name in ("numerator", "denominator"))
    assert "STTTT" not in set(now["code"])


# --- potential, what if, and the fewest units --------------------------------------------------------------------------------

COMMUNES = tuple({"agency_code": f"X{number}", "agency_name": f"UBND xã {number}", "level": "commune"} for number in range(1, 6))


def five_communes(folder: Path) -> Data:
    """Five communes with results: 12 of 20, 8 of 20, 2 of 20, 0 of 40 by post for a listed procedure; the fifth 0 of 30, of which 6 listed."""
    dossiers = []
    for code, by_post, others in (("X1", 12, 8), ("X2", 8, 12), ("X3", 2, 18), ("X4", 0, 40), ("X5", 0, 6)):
        dossiers += [returned("2026-03-02", "post", agency_code=code) for _ in range(by_post)]
        dossiers += [returned("2026-03-02", agency_code=code) for _ in range(others)]
    dossiers += [returned("2026-03-02", agency_code="X5", procedure_code="2.01") for _ in range(24)]
    listings = [{"agency_code": f"X{number}", "procedure_code": "1.01"} for number in range(1, 6)]
    return province(folder, dossiers, agencies=COMMUNES, listings=listings, successions=None)


def test_potential_is_what_listed_procedures_lack_to_the_rate_of_the_best_quarter(tmp_path: Path) -> None:
    """Of five communes the best quarter are two: 60 % and 40 %, so 40 % it is. X3 lacks 8 − 2, X4 16 − 0, X5 12 − 0 but only 6 are listed."""
    frame = ask(five_communes(tmp_path), QUESTION, "ky=2026")
    rows = {code: row(frame, "postal_return_rate", code) for code in ("X1", "X2", "X3", "X4", "X5")}
    assert {0.4} == {found["best_quartile"] for found in rows.values()}
    assert {"X1": 8, "X2": 12, "X3": 18, "X4": 40, "X5": 6} == {code: found["others_listed"] for code, found in rows.items()}
    assert {"X1": 0, "X2": 0, "X3": 6, "X4": 16, "X5": 6} == {code: found["potential"] for code, found in rows.items()}
    assert (84, 28) == tuple(row(frame, "postal_return_rate")[name] for name in ("others_listed", "potential"))


def test_a_procedure_listed_for_receipt_alone_is_no_potential_of_return(tmp_path: Path) -> None:
    dossiers = [returned("2026-03-02", "post", agency_code="X-LL") for _ in range(20)] + [
        returned("2026-03-02", agency_code="X-BL", procedure_code="2.01") for _ in range(20)
    ]
    frame = ask(province(tmp_path, dossiers, listings=LISTINGS), QUESTION, "ky=2026")
    assert (0, 0) == tuple(row(frame, "postal_return_rate", "X-BL")[name] for name in ("others_listed", "potential"))
    assert 20 == row(frame, "postal_receipt_rate", "X-BL")["others_listed"]


def test_an_agency_that_has_ended_can_give_nothing_any_more(tmp_path: Path) -> None:
    dossiers = [returned("2025-02-03", agency_code="STTTT"), returned("2025-02-03", "post", agency_code="STP")]
    frame = ask(province(tmp_path, dossiers, listings=[{"agency_code": "STTTT", "procedure_code": "1.01"}]), Scores(Scoring(())), "ky=2025")
    assert (None, None) == tuple(row(frame, "postal_return_rate", "STTTT")[name] for name in ("others_listed", "potential"))


def test_new_rates_of_two_units_move_them_their_level_and_the_province(tmp_path: Path) -> None:
    """22 of 130 go by post. X4 from 0 to 25 % gives 10, X3 from 2 to 15 % gives 1 (a fifteenth of 20 is 3): 33 of 130."""
    frame = ask(five_communes(tmp_path), QUESTION, "ky=2026")
    changes = [Change("X4", "postal_return_rate", Fraction(1, 4)), Change("X3", "postal_return_rate", Fraction(15, 100))]
    after = what_if(frame, changes, RULES)
    for kind, code in (("province", ""), ("level", "commune")):
        moved = row(after, "postal_return_rate", code, kind)
        assert (22, 33, 130, 0.5) == tuple(moved[name] for name in ("numerator_before", "numerator", "denominator", "points"))
    unit = row(after, "postal_return_rate", "X4")
    assert (0, 10, 0.0, 0.5, None) == tuple(unit[name] for name in ("numerator_before", "numerator", "points_before", "points", "missing"))
    assert row(after, "postal_return_rate", "X1")["numerator"] == row(frame, "postal_return_rate", "X1")["numerator"]
    assert 0 == row(frame, "postal_return_rate", "X4")["numerator"]  # the frame that went in stays as it was


def test_a_lower_rate_takes_points_away(tmp_path: Path) -> None:
    frame = ask(five_communes(tmp_path), QUESTION, "ky=2026")
    after = row(what_if(frame, [Change("X1", "postal_return_rate", Fraction(0))], RULES), "postal_return_rate")
    assert (10, 0.0, 0.5, 3) == tuple(after[name] for name in ("numerator", "points", "points_before", "missing"))


def test_without_changes_everything_stays(tmp_path: Path) -> None:
    frame = ask(five_communes(tmp_path), QUESTION, "ky=2026")
    pd.testing.assert_frame_equal(frame, what_if(frame, [], RULES)[list(frame.columns)])


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ([Change("X9", "postal_return_rate", Fraction(1, 2))], "Không có đơn vị mã “X9”"),
        ([Change("X1", "on_time_rate", Fraction(1, 2))], "Không có đơn vị mã “X1” với “Tỷ lệ giải quyết đúng hạn”"),
        ([Change("X1", "postal_return_rate", Fraction(3, 2))], "phải từ 0% đến 100%"),
        ([Change("X1", "postal_return_rate", Fraction(-1, 2))], "phải từ 0% đến 100%"),
        ([Change("X1", "postal_return_rate", Fraction(1, 2))] * 2, "có hai tỷ lệ giả định"),
        ([Change("X1", "active_procedures", Fraction(1, 2))], "không cộng được từ các đơn vị"),
    ],
)
def test_a_what_if_that_cannot_be_worked_out_is_refused(changes: list[Change], sentence: str, tmp_path: Path) -> None:
    with pytest.raises(BadRequest) as refused:
        what_if(ask(five_communes(tmp_path), QUESTION, "ky=2026"), changes, RULES)
    assert sentence in refused.value.sentence


def test_the_fewest_units_give_what_is_missing_and_no_more(tmp_path: Path) -> None:
    """With a threshold of 30 % of 130 (39) the province lacks 17: X4 gives 16, and the next greatest, X3, the last one."""
    rules = RuleSet(
        "30", date(2026, 1, 1), None, "x", confirmed=True, indicators=(Indicator("postal_return_rate", (Threshold(Fraction(3, 10), Fraction(1)),)),)
    )
    frame = ask(five_communes(tmp_path), Scores(Scoring((rules,))), "ky=2026")
    found = cheapest_units(frame, "postal_return_rate")
    assert (17, 17, True) == (found.missing, found.moved, found.is_enough)
    assert [("X4", 16, 16), ("X3", 1, 3)] == list(found.units[["code", "moved", "numerator"]].itertuples(index=False, name=None))
    assert (39, 1.0) == tuple(row(what_if(frame, found.changes, rules), "postal_return_rate")[name] for name in ("numerator", "points"))


def test_where_all_potential_does_not_suffice_that_is_said(tmp_path: Path) -> None:
    rules = RuleSet(
        "90", date(2026, 1, 1), None, "x", confirmed=True, indicators=(Indicator("postal_return_rate", (Threshold(Fraction(9, 10), Fraction(1)),)),)
    )
    found = cheapest_units(ask(five_communes(tmp_path), Scores(Scoring((rules,))), "ky=2026"), "postal_return_rate")
    assert (95, 28, False) == (found.missing, found.moved, found.is_enough)
    assert ["X4", "X3", "X5"] == list(found.units["code"])


def test_at_the_top_nobody_is_asked_for_more(tmp_path: Path) -> None:
    found = cheapest_units(ask(five_communes(tmp_path), QUESTION, "ky=2026"), "postal_return_rate")
    assert (None, 0, False) == (found.missing, found.moved, found.is_enough)
    assert found.units.empty


@pytest.mark.parametrize("metric", ["active_procedures", "on_time_rate"])
def test_a_ratio_that_units_do_not_add_up_to_has_no_cheapest_set(metric: str, tmp_path: Path) -> None:
    with pytest.raises(BadRequest, match="cannot be worked out"):
        cheapest_units(ask(five_communes(tmp_path), QUESTION, "ky=2026"), metric)


@given(st.lists(st.integers(0, 12), max_size=8), st.integers(0, 60))
def test_no_set_of_fewer_units_would_do(rooms: list[int], wanted: int) -> None:
    """Brute force over all sets of up to eight units."""
    units = [(f"X{number}", room) for number, room in enumerate(rooms)]
    found = fewest(units, wanted)
    reach = [len(some) for size in range(len(units) + 1) for some in combinations(rooms, size) if sum(some) >= wanted]
    if not reach:
        assert sum(rooms) == sum(share for _, share in found)
        return
    assert (min(reach), wanted) == (len(found), sum(share for _, share in found))
    assert all(0 < share <= dict(units)[code] for code, share in found)


def test_the_question_reads_the_shipped_rules_when_none_are_given() -> None:
    assert {"PAR INDEX, bản cũ"} == {rules.version for rules in Scores().scoring.rule_sets}
    assert Scores() == Scores()
    assert hash(Scores()) == hash(Scores())


@pytest.mark.slow
@pytest.mark.parametrize("query", ["", "ky=2025", "ky=2026-Q3&tc=hien-nay"])
def test_on_the_demo_the_province_is_the_total_and_agencies_add_up_to_their_level(demo_url: str, query: str) -> None:
    from queries.data import open_data

    data = open_data(demo_url)
    frame, totals = data.ask(Scores(), Filters.from_query(query)), data.ask(Totals(), Filters.from_query(query)).set_index("key")
    for metric in ("active_procedures", "postal_receipt_rate", "postal_return_rate"):
        expected = (totals.loc[metric, "numerator"], totals.loc[metric, "denominator"])
        assert expected == tuple(row(frame, metric)[name] for name in ("numerator", "denominator"))
    for metric in ("postal_receipt_rate", "postal_return_rate"):
        rows = frame[frame["metric"] == metric]
        levels = rows[rows["kind"] == "level"].set_index("code")["denominator"].to_dict()
        assert levels == rows[rows["kind"] == "agency"].groupby("level")["denominator"].sum().to_dict()
