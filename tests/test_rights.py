"""Nothing outside the scope is seen: a head sees the same of two provinces that differ in everything but the own agency, whatever is asked."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config.briefings import load_briefings
from config.settings import ROOT
from dashboard import sights
from dashboard.cards import Asked
from dashboard.content.chart_spec import spec_or_reason
from dashboard.exports.briefings import plan_of
from dashboard.exports.files import Subject, Wanted, make
from dashboard.exports.office import Office
from dashboard.pages import CARDS, PAGES, answer
from dashboard.sights import SIGHTS, Sight, sight
from dashboard.tables import TableState
from queries.catalogue import load_catalogue
from queries.data import Data
from queries.errors import BadRequest, DashboardError, NotAllowed
from queries.filters import Filters
from queries.rights import Rights, Role
from tests.dashboard.scoped import CHANGES, DETAILS, HEAD, OTHER, OWN, plain, province

pytestmark = pytest.mark.slow

FULL = sorted(address for address in CARDS if sight(address, HEAD) is Sight.FULL)
TOTALS = sorted(address for address in CARDS if sight(address, HEAD) in (Sight.RANKED, Sight.BESIDE))
VALUES = {
    "ky": ["2026-Q3", "2025", "2026-10", "2024-Q1", "luy-ke", "x"],
    "tu": ["2018-01-01", "2026-09-30", "x"],
    "den": ["2026-10-31", "2020-01-01"],
    "lich": ["bao-cao", "x"],
    "ss": ["khong", "ky-truoc", "cung-ky"],
    "tc": ["luc-do", "hien-nay", "nhom"],
    "cap": ["province", "commune", "district,vertical", "-"],
    "dv": [OTHER, "SKHCN", f"SKHCN,{OTHER}", "STTTT", "-", "--", "head:SYT", "%", "' OR 1=1 --"],
    "db": ["12", "03390", "105@2025", "-"],
    "tt": ["1.001193", "-", "x"],
    "lv": ["HT", "-"],
    "ht": ["post", "online,counter", "-"],
    "sx": ["-returned", "agency_name"],
    "tim": ["Y tế"],
    "tinh": ["not_by_post"],
    "chon": [OTHER],
}


@st.composite
def queries(draw: st.DrawFn) -> str:
    keys = draw(st.lists(st.sampled_from(sorted(VALUES)), max_size=5, unique=True))
    return "&".join(f"{key}={draw(st.sampled_from(VALUES[key]))}" for key in keys)


@pytest.fixture(scope="module")
def provinces(demo_path: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Data, Data, Data]:
    folder = tmp_path_factory.mktemp("scoped")
    return province(demo_path, folder, "a"), province(demo_path, folder, "b", CHANGES), province(demo_path, folder, "c", DETAILS)


@pytest.fixture(scope="module", params=["file", "extract"])
def kinds(request: pytest.FixtureRequest, demo_path: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Data, Data, Data]:
    """The three provinces, and the three once more as extracts: their roll-ups and tallies hold everybody's sums."""
    if request.param == "file":
        found: tuple[Data, Data, Data] = request.getfixturevalue("provinces")
        return found
    folder = tmp_path_factory.mktemp("extracts")
    first, second, third = (province(demo_path, folder, name, changes, is_extract=True) for name, changes in (("a", ()), ("b", CHANGES), ("c", DETAILS)))
    return first, second, third


def seen(address: str, data: Data, query: str) -> str:
    """All that anybody could be shown of a card: the drawing, what every file is made of, and the rows."""
    asked = Asked(data, Filters.from_query(query), TableState.from_query(query), path="/")
    parts: list[Any] = []
    for part in (CARDS[address].drawing, lambda asked: spec_or_reason(CARDS[address], asked), lambda asked: rows(address, asked)):
        try:
            parts.append(part(asked))
        except DashboardError as error:
            parts.append(error.sentence)
    return plain(parts)


def rows(address: str, asked: Asked) -> str:
    return CARDS[address].answer(asked.data, asked.filters).to_csv()


def test_every_card_is_decided_for_every_role() -> None:
    for role, table in SIGHTS.items():
        assert set(table) <= set(CARDS), role
    undecided = [address for address in CARDS if all(address not in table for table in SIGHTS.values())]
    assert ["data.check"] == undecided, "only administrators see a card that no line names"


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(address=st.sampled_from(FULL), query=queries())
def test_whatever_happens_in_other_agencies_a_head_sees_the_same(kinds: tuple[Data, Data, Data], address: str, query: str) -> None:
    first, second, _ = kinds
    assert seen(address, first.within(HEAD), query) == seen(address, second.within(HEAD), query)


def test_the_two_provinces_do_differ_for_who_may_see_them(kinds: tuple[Data, Data, Data]) -> None:
    """The property above could pass for a dashboard that shows nothing."""
    first, second, third = kinds
    same = [address for address in FULL if seen(address, first, "ky=2025") == seen(address, second, "ky=2025")]
    assert len(same) < len(FULL) / 3, same
    assert seen("agencies.overdue", first, "") != seen("agencies.overdue", third, "")
    assert answer("agencies.volumes", first.within(HEAD), "ky=2025").set_index("agency_code")["received"]["SKHCN"] > 0


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(address=st.sampled_from(["agencies.unit", "agencies.volumes"]), query=queries())
def test_of_other_agencies_a_head_sees_totals_and_no_detail(kinds: tuple[Data, Data, Data], address: str, query: str) -> None:
    first, _, third = kinds
    assert seen(address, first.within(HEAD), query) == seen(address, third.within(HEAD), query)


@pytest.mark.parametrize("address", TOTALS)
def test_rows_of_others_have_no_column_but_totals(address: str, kinds: tuple[Data, Data, Data]) -> None:
    frame = answer(address, kinds[0].within(HEAD), "ky=2025")
    code = "agency_code" if "agency_code" in frame else "code"
    others = frame[~frame[code].isin(OWN) & (frame["kind"] != "asked" if "kind" in frame else True)]
    assert len(others) > 3
    assert [] == [name for name in others.columns if name not in sights.TOTALS and others[name].notna().any()]


@pytest.mark.parametrize("narrow", ["tt=1.001193", "lv=HT", "db=12", "ht=post", "tu=2026-10-30&den=2026-10-30", "tu=2026-10-30", "tc=nhom"])
@pytest.mark.parametrize("address", TOTALS)
def test_totals_of_others_are_refused_where_a_filter_would_make_them_details(address: str, narrow: str, provinces: tuple[Data, Data, Data]) -> None:
    with pytest.raises(NotAllowed) as refused:
        answer(address, provinces[0].within(HEAD), narrow)
    assert "Đơn vị khác chỉ xem được bằng số tổng" in refused.value.sentence


@pytest.mark.parametrize("address", sorted(CARDS))
def test_an_empty_scope_sees_nothing(address: str, kinds: tuple[Data, Data, Data]) -> None:
    nothing = Rights(Role.HEAD, ())
    first, second, _ = kinds
    assert seen(address, first.within(nothing), "ky=2025") == seen(address, second.within(nothing), "ky=2025")
    if sight(address, nothing) is Sight.NONE:
        return
    frame = answer(address, first.within(nothing), "ky=2025")
    for name in ("received", "returned", "returned_by_post", "open", "overdue"):
        assert name not in frame or frame[name].fillna(0).sum() == 0


@pytest.mark.parametrize("address", FULL)
def test_no_card_calls_the_own_figures_those_of_the_province(address: str, provinces: tuple[Data, Data, Data]) -> None:
    asked = Asked(provinces[0].within(HEAD), Filters.from_query("ky=2025"), path="/")
    drawing = CARDS[address].drawing(asked)
    assert "toàn tỉnh" not in f"{drawing.title} {drawing.subtitle} {drawing.lines} {drawing.kpis}".lower()


@pytest.mark.parametrize("address", sorted(SIGHTS[Role.POST_OPERATOR]))
def test_the_post_operator_sees_no_due_date_in_any_figure(address: str, provinces: tuple[Data, Data, Data], demo_path: Path, tmp_path: Any) -> None:
    operator = Rights(Role.POST_OPERATOR)
    first, _, _ = provinces
    shifted = province(demo_path, tmp_path, "due", ("UPDATE dossiers SET due_at = due_at - INTERVAL 40 DAY",)) if address == "overview.totals" else None
    frame = answer(address, first.within(operator), "ky=2025")
    for name in ("on_time_rate", "overdue", "postal_on_time_rate"):
        assert name not in frame or frame[name].isna().all()
    if shifted is not None:
        assert seen(address, first.within(operator), "ky=2025") == seen(address, shifted.within(operator), "ky=2025")
        late = answer(address, first.within(operator), "ky=2025").set_index("key").loc[["overdue", "on_time_rate", "completed_without_due"], "value"]
        assert late.isna().all()


@pytest.mark.parametrize("address", ["agencies.overdue", "data.check", "data.relations"])
def test_what_the_post_operator_may_not_see_is_refused_in_a_sentence(address: str, provinces: tuple[Data, Data, Data]) -> None:
    with pytest.raises(NotAllowed) as refused:
        answer(address, provinces[0].within(Rights(Role.POST_OPERATOR)), "")
    assert "không được xem" in refused.value.sentence


def test_briefings_of_a_head_are_the_same_whatever_happens_elsewhere(provinces: tuple[Data, Data, Data]) -> None:
    office = Office(briefings=load_briefings(ROOT / "config" / "briefings"))
    made = 0
    for template in office.briefings.templates:
        both = []
        for data in provinces[:2]:
            asked = Asked(data.within(HEAD), Filters.from_query("ky=2025"), path="/trinh-bay")
            try:
                plan = plan_of(template, asked, office)
                cards = [card for card in plan.cards if card.address not in TOTALS]
                both.append(plain((plan.report, plan.annexes, cards)) if not set(TOTALS) & {card.address for card in plan.cards} else plain(cards))
                made += 1
            except BadRequest as error:
                both.append(error.sentence)
        assert both[0] == both[1], template.key
    assert made > 0


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.path)
def test_the_file_of_a_page_holds_the_cards_that_are_seen(page: Any, provinces: tuple[Data, Data, Data], tmp_path: Any) -> None:
    wanted = Wanted(Subject.PAGE, page.cards[0].address.split(".")[0], "xlsx", "ky=2025")
    office = Office(folder=tmp_path)
    if any(sights.is_seen(card.address, HEAD) for card in page.cards):
        assert make(wanted, provinces[0].within(HEAD), office).body
    else:
        with pytest.raises(NotAllowed):
            make(wanted, provinces[0].within(HEAD), office)


@pytest.mark.parametrize(
    "rights", [HEAD, Rights(Role.HEAD, ()), Rights(Role.HEAD, (OTHER, "SKHCN")), Rights(Role.POST_OPERATOR)], ids=lambda rights: rights.key
)
def test_the_narrowed_catalogue_is_the_one_that_the_narrowed_source_gives(rights: Rights, provinces: tuple[Data, Data, Data]) -> None:
    narrow = provinces[0].within(rights)
    read = load_catalogue(narrow.source)
    for name in ("agencies", "areas", "procedures", "listings", "successions", "coverage"):
        both = (getattr(catalogue, name) for catalogue in (read, narrow.catalogue))
        one, other = (frame.sort_values(list(frame.columns), ignore_index=True) for frame in both)
        pd.testing.assert_frame_equal(one, other)
    assert read.present == narrow.catalogue.present


def test_narrowing_never_widens_again(provinces: tuple[Data, Data, Data]) -> None:
    narrow = provinces[0].within(HEAD)
    for more in (Rights(), Rights(Role.VIEWER), Rights(Role.HEAD, (OTHER, "SKHCN")), Rights(Role.ADMINISTRATOR, None)):
        again = narrow.within(more)
        assert ("SKHCN",) == again.rights.agencies
        assert not again.rights.may_publish
        pd.testing.assert_frame_equal(narrow.catalogue.agencies, again.catalogue.agencies)
    assert () == narrow.within(Rights(Role.HEAD, (OTHER,))).rights.agencies


_CODES = st.lists(st.sampled_from(["A", "B", "C", "D"]), max_size=4).map(tuple)
_RIGHTS = st.builds(Rights, st.sampled_from(Role), st.none() | _CODES)


@given(_RIGHTS, _RIGHTS)
def test_two_rights_together_are_covered_by_each(one: Rights, other: Rights) -> None:
    both = one.narrowed(other)
    assert one.covers(both)
    assert other.covers(both)
    assert (one.key == other.key) == (one.agencies == other.agencies and one.sees_times == other.sees_times and (one.is_whole or one.role == other.role))
    assert Rights.from_key(one.key).covers(one)
    assert one.covers(Rights.from_key(one.key))


@given(st.text(max_size=30))
def test_a_key_that_cannot_be_read_sees_nothing(key: str) -> None:
    known = key == "" or key.partition(":")[0] in set(Role)
    assert known or () == Rights.from_key(key).agencies


@given(_RIGHTS, queries())
def test_filters_within_rights_name_no_agency_outside(rights: Rights, query: str) -> None:
    asked = Filters.from_query(query)
    within = replace(asked, agencies=("A", "Z")).within(rights)
    if rights.agencies is not None:
        assert set(within.agencies) <= {*rights.agencies, "--"}
        assert within.agencies
    assert within.within(rights) == within
