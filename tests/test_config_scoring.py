"""Scoring rules, events and targets of units: what a file may say, and the sentence with file and line for each thing that can be wrong with it."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from config.errors import BadSettings
from config.events import Event, Events, load_events
from config.scoring import METRICS, UNCONFIRMED, Threshold, load_rules, load_scoring
from config.targets import known_targets, load_targets, target_on, year_total
from queries.metrics import BY_KEY


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


RULES = """\
version = "2026"
valid_from = 2026-01-01
valid_to = 2026-12-31
citation = "Quyết định 1"
confirmed = true

[[indicator]]
metric = "postal_receipt_rate"
thresholds = [{ at_least = 10, points = 0.5 }, { at_least = 5.5, points = 0.25 }]

[[indicator]]
metric = "postal_return_rate"
thresholds = [
    { at_least = 15, points = 0.5 },
    { at_least = 10, points = 0.25 },  # at_least = 3 in a comment is no threshold
]
"""
LATER = RULES.replace("2026", "2027").replace("Quyết định 1", "Quyết định 2")


def test_a_set_of_rules_is_read_exactly(tmp_path: Path) -> None:
    rules = load_rules(write(tmp_path / "a.toml", RULES))
    assert ("2026", date(2026, 1, 1), date(2026, 12, 31), "Quyết định 1") == (rules.version, rules.valid_from, rules.valid_to, rules.note)
    receipt, result = rules.indicators
    assert (Threshold(Fraction(1, 10), Fraction(1, 2)), Threshold(Fraction(11, 200), Fraction(1, 4))) == receipt.thresholds
    assert ("postal_return_rate", Fraction(1, 2)) == (result.metric, result.max_points)
    assert rules.indicator("active_procedures") is None


def test_a_set_that_was_not_confirmed_is_printed_with_a_warning(tmp_path: Path) -> None:
    rules = load_rules(write(tmp_path / "a.toml", RULES.replace("confirmed = true", "confirmed = false")))
    assert rules.note == UNCONFIRMED == "ngưỡng cấu hình, cần đối chiếu văn bản"


def test_the_shipped_set_is_unconfirmed_and_scores_three_ratios_with_half_a_point_each() -> None:
    scoring = load_scoring()
    assert scoring.problems == ()
    rules = scoring.on(date(2026, 10, 31))
    assert rules is not None
    assert rules.note == UNCONFIRMED
    expected = {"active_procedures": [50, 30], "postal_receipt_rate": [10, 5], "postal_return_rate": [15, 10]}
    assert expected == {one.metric: [int(step.at_least * 100) for step in one.thresholds] for one in rules.indicators}
    assert {(Fraction(1, 2), Fraction(1, 4))} == {tuple(step.points for step in one.thresholds) for one in rules.indicators}


def test_every_ratio_that_can_be_scored_is_a_metric() -> None:
    assert set(METRICS) <= set(BY_KEY)
    assert all(BY_KEY[key].denominator for key in METRICS)


def test_the_set_in_force_changes_with_the_day(tmp_path: Path) -> None:
    write(tmp_path / "b.toml", RULES)
    write(tmp_path / "a.toml", LATER)
    scoring = load_scoring(tmp_path)
    assert scoring.problems == ()
    days = [date(2025, 12, 31), date(2026, 1, 1), date(2026, 12, 31), date(2027, 1, 1), date(2028, 1, 1)]
    assert [None, "2026", "2026", "2027", None] == [rules and rules.version for rules in map(scoring.on, days)]


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('"postal_receipt_rate"', '"postal_rate"', "dòng 8: không chấm điểm được “postal_rate”; các tỷ lệ dùng được: active_procedures,"),
        ('"postal_receipt_rate"', '"postal_return_rate"', "dòng 12: tỷ lệ “postal_return_rate” đã có ở một mục trên."),
        ("{ at_least = 10, points = 0.25 }", "{ at_least = 15, points = 0.25 }", "dòng 15: các ngưỡng phải giảm dần, cả tỷ lệ lẫn điểm."),
        ("{ at_least = 10, points = 0.25 }", "{ at_least = 10, points = 0.5 }", "dòng 15: các ngưỡng phải giảm dần, cả tỷ lệ lẫn điểm."),
        ("{ at_least = 5.5, points = 0.25 }", "{ at_least = 11, points = 0.25 }", "dòng 9: các ngưỡng phải giảm dần"),
        ("{ at_least = 15, points = 0.5 }", "{ at_least = 115, points = 0.5 }", "dòng 14: “at_least” phải là một số phần trăm lớn hơn 0 và không quá 100."),
        ("{ at_least = 15, points = 0.5 }", "{ at_least = nan, points = 0.5 }", "dòng 14: “at_least” phải là"),
        ("{ at_least = 15, points = 0.5 }", "{ at_least = 15, points = 0 }", "dòng 14: “points” phải là một số lớn hơn 0."),
        ("{ at_least = 10, points = 0.25 }", "{ at_least = 10 }", "dòng 15: mỗi ngưỡng có đúng hai khóa “at_least” và “points”."),
        ("[{ at_least = 10, points = 0.5 }, { at_least = 5.5, points = 0.25 }]", "[]", "dòng 9: “thresholds” phải là danh sách"),
        ('version = "2026"', 'version = ""', "dòng 1: “version” phải là chữ và không được để trống."),
        ('citation = "Quyết định 1"\n', "", "dòng 1: tệp thiếu khóa “citation”."),
        ("confirmed = true", 'confirmed = "rồi"', "dòng 5: “confirmed” phải là true hoặc false."),
        ("confirmed = true", "confirmed = true\nauthor = 1", "dòng 6: không có khóa “author”; các khóa dùng được: version,"),
        ("valid_to = 2026-12-31", "valid_to = 2025-12-31", "dòng 3: “valid_to” đứng trước “valid_from”."),
        ("valid_from = 2026-01-01", "valid_from = 2026", "dòng 2: “valid_from” phải là một ngày, viết như 2026-01-31."),
        ("[[indicator]]", "[[indicators]]", "dòng 7: không có khóa “indicators”; các khóa dùng được: version,"),
        ("version", "version version", "không đúng dạng TOML"),
    ],
)
def test_a_bad_set_is_refused_by_file_and_line_and_the_others_work(old: str, new: str, sentence: str, tmp_path: Path) -> None:
    bad = write(tmp_path / "bad.toml", RULES.replace(old, new))
    write(tmp_path / "good.toml", LATER)
    with pytest.raises(BadSettings) as refused:
        load_rules(bad)
    expected = refused.value.sentence
    assert expected.startswith(f"Tệp ngưỡng chấm điểm “{bad}”")
    assert sentence in expected
    scoring = load_scoring(tmp_path)
    assert [expected] == list(scoring.problems)
    assert ["2027"] == [rules.version for rules in scoring.rule_sets]


def test_of_two_sets_that_share_a_day_the_later_one_is_refused_by_name(tmp_path: Path) -> None:
    write(tmp_path / "cu.toml", RULES.replace("valid_to = 2026-12-31\n", ""))
    new = write(tmp_path / "moi.toml", LATER)
    scoring = load_scoring(tmp_path)
    assert ["2026"] == [rules.version for rules in scoring.rule_sets]
    assert (f"Tệp ngưỡng chấm điểm “{new}”, dòng 2: bộ ngưỡng “2027” trùng ngày với bộ “2026” (cu.toml); không dùng bộ này.",) == scoring.problems


def test_a_refused_set_does_not_refuse_a_third_one(tmp_path: Path) -> None:
    write(tmp_path / "a.toml", RULES)
    write(tmp_path / "b.toml", RULES.replace('"2026"', '"bản chép"').replace("2026-01-01", "2026-06-01").replace("valid_to = 2026-12-31\n", ""))
    write(tmp_path / "c.toml", LATER)
    assert ["2026", "2027"] == [rules.version for rules in load_scoring(tmp_path).rule_sets]


def test_two_sets_of_one_name_are_not_both_used(tmp_path: Path) -> None:
    write(tmp_path / "a.toml", RULES)
    write(tmp_path / "b.toml", LATER.replace('version = "2027"', 'version = "2026"'))
    scoring = load_scoring(tmp_path)
    assert 1 == len(scoring.rule_sets)
    assert "b.toml”, dòng 1: đã có một bộ ngưỡng tên “2026” (a.toml)" in scoring.problems[0]


def test_days_that_no_set_covers_are_named_and_both_sets_work(tmp_path: Path) -> None:
    write(tmp_path / "a.toml", RULES)
    later = write(tmp_path / "b.toml", LATER.replace("2027-01-01", "2027-02-01"))
    scoring = load_scoring(tmp_path)
    assert 2 == len(scoring.rule_sets)
    named = f"Tệp ngưỡng chấm điểm “{later}”, dòng 2: không có bộ ngưỡng nào từ 01/01/2027 đến 31/01/2027: những ngày đó không chấm điểm."
    assert (named,) == scoring.problems


def test_a_folder_without_rules_is_said(tmp_path: Path) -> None:
    scoring = load_scoring(tmp_path)
    assert scoring.rule_sets == ()
    assert "chưa chấm được điểm" in scoring.problems[0]


EVENTS = """\
[[event]]
name = "Tập huấn"
date = 2026-03-16
kind = "training"
citation = "Công văn 5"
agencies = ["STP", "SYT", "STP"]

[[event]]
name = "Kế hoạch"
date = 2026-01-15
kind = "plan"
citation = "Kế hoạch 1"
is_sample = true
"""


def test_events_come_in_order_of_time(tmp_path: Path) -> None:
    events = load_events(write(tmp_path / "events.toml", EVENTS))
    plan = Event("Kế hoạch", date(2026, 1, 15), "plan", "Kế hoạch 1", is_sample=True)
    training = Event("Tập huấn", date(2026, 3, 16), "training", "Công văn 5", ("STP", "SYT"))
    assert events == Events((plan, training))
    assert ["kế hoạch", "tập huấn"] == [event.kind_name for event in events.events]
    assert (training,) == events.without_samples().events


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("date = 2026-03-16\n", "", "dòng 1: sự kiện thiếu khóa “date”."),
        ("date = 2026-03-16", 'date = "16/3/2026"', "dòng 3: “date” phải là một ngày, viết như 2026-01-31."),
        ("date = 2026-03-16", "date = 2026-03-16T08:00:00", "dòng 3: “date” phải là một ngày, viết như 2026-01-31."),
        ('kind = "training"', 'kind = "party"', "dòng 4: “kind” phải là một trong: plan, training, directive."),
        ('name = "Tập huấn"', 'name = " "', "dòng 2: “name” phải là chữ và không được để trống."),
        ('agencies = ["STP", "SYT", "STP"]', "agencies = []", "dòng 6: “agencies” phải là một danh sách mã"),
        ('agencies = ["STP", "SYT", "STP"]', 'agencies = "STP"', "dòng 6: “agencies” phải là một danh sách mã"),
        ('agencies = ["STP", "SYT", "STP"]', 'units = ["STP"]', "dòng 6: không có khóa “units”; các khóa dùng được:"),
    ],
)
def test_a_bad_event_is_named_by_file_and_line_and_the_others_work(old: str, new: str, sentence: str, tmp_path: Path) -> None:
    path = write(tmp_path / "events.toml", EVENTS.replace(old, new))
    events = load_events(path)
    assert ["Kế hoạch"] == [event.name for event in events.events]
    assert 1 == len(events.problems)
    assert events.problems[0].startswith(f"Tệp sự kiện “{path}”, {sentence}")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (None, "Không đọc được tệp sự kiện"),
        ("[[event", "không đúng dạng TOML"),
        ("[event]", "dòng 1: mỗi sự kiện là một mục [[event]]"),
        ("event = [1]", "dòng 1: mỗi sự kiện"),
    ],
)
def test_an_events_file_that_cannot_be_read_takes_only_the_events_away(text: str | None, sentence: str, tmp_path: Path) -> None:
    path = tmp_path / "events.toml"
    if text is not None:
        write(path, text)
    events = load_events(path)
    assert events.events == ()
    assert sentence in events.problems[0]


def test_another_table_in_the_events_file_is_named(tmp_path: Path) -> None:
    events = load_events(write(tmp_path / "events.toml", EVENTS + "\n[[evnt]]\nname = 1\n"))
    assert 2 == len(events.events)
    assert "dòng 15: chỉ được có các mục [[event]]" in events.problems[0]


def test_unknown_units_of_an_event_are_named_and_never_make_it_one_for_everybody(tmp_path: Path) -> None:
    path = write(tmp_path / "events.toml", EVENTS)
    some = load_events(path).known({"STP"})
    assert [(), ("STP",)] == [event.agencies for event in some.events]
    assert (f"Tệp sự kiện “{path}”, dòng 1: danh mục không có đơn vị mã “SYT” của sự kiện “Tập huấn”.",) == some.problems
    none = load_events(path).known({"SXD"})
    assert ["Kế hoạch"] == [event.name for event in none.events]
    assert "“STP”, “SYT”" in none.problems[0]


def test_the_shipped_events_are_dated_and_the_made_up_ones_are_marked() -> None:
    events = load_events()
    assert events.problems == ()
    assert {date(2017, 1, 17), date(2017, 5, 5), date(2017, 9, 21)} == {event.on for event in events.without_samples().events}
    samples = [event for event in events.events if event.is_sample]
    assert {"plan", "training", "directive"} == {event.kind for event in samples}
    assert all("minh họa" in event.name and event.citation == "dữ liệu minh họa" for event in samples)


def test_the_shipped_events_name_units_of_the_province() -> None:
    lines = (Path(__file__).parent.parent / "config" / "province" / "agencies.csv").read_text(encoding="utf-8").splitlines()
    assert load_events().known({line.split(",")[0] for line in lines}).problems == ()


TARGETS = """\
[[target]]
metric = "returned_by_post"
value = 1200
year = 2026
agency = "STP"
citation = "Kế hoạch 1"
confirmed = true

[[target]]
metric = "returned_by_post"
value = 15000
year = 2026
citation = "Kế hoạch 1"
confirmed = true

[[target]]
metric = "postal_return_rate"
percent = 15
year = 2026
citation = "Kế hoạch 1"
confirmed = false
"""


def test_a_target_belongs_to_the_province_or_to_one_unit_and_to_one_year(tmp_path: Path) -> None:
    targets = load_targets(write(tmp_path / "targets.toml", TARGETS))
    own, whole = year_total(targets, "returned_by_post", 2026, "STP"), year_total(targets, "returned_by_post", 2026)
    assert (1200, 15000) == (own and own.value, whole and whole.value)
    assert year_total(targets, "returned_by_post", 2026, "SYT") is None
    assert year_total(targets, "returned_by_post", 2027) is None
    assert year_total(targets, "postal_return_rate", 2026) is None


def test_the_total_of_a_year_is_no_target_of_a_shorter_period(tmp_path: Path) -> None:
    targets = load_targets(write(tmp_path / "targets.toml", TARGETS))
    assert target_on(targets, "returned_by_post", date(2026, 6, 1)) is None
    rate = target_on(targets, "postal_return_rate", date(2026, 12, 31))
    assert 0.15 == (rate and rate.value)
    assert target_on(targets, "postal_return_rate", date(2027, 1, 1)) is None


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("year = 2026\nagency", "year = 26\nagency", "dòng 4: “year” phải là một năm từ 1990 đến 2100."),
        ("year = 2026\nagency", "year = 2026\nvalid_to = 2026-12-31\nagency", "dòng 5: chỉ dùng “year” hoặc “valid_to”, không dùng cả hai."),
        ("year = 2026\nagency", "agency", "dòng 1: chỉ tiêu thiếu khóa “valid_from”."),
        ('"STP"', "7", "dòng 5: “agency” phải là mã một đơn vị."),
        ('agency = "STP"\n', "", "dòng 9: chỉ tiêu “returned_by_post” trùng ngày với một mục ở trên."),
        (
            'year = 2026\ncitation = "Kế hoạch 1"\nconfirmed = true',
            'year = 2026\nagency = "STP"\ncitation = "x"\nconfirmed = true',
            "của đơn vị STP trùng ngày",
        ),
    ],
)
def test_a_bad_target_of_a_unit_or_year_is_named_by_file_and_line(old: str, new: str, sentence: str, tmp_path: Path) -> None:
    with pytest.raises(BadSettings) as refused:
        load_targets(write(tmp_path / "targets.toml", TARGETS.replace(old, new, 1)))
    assert sentence in refused.value.sentence


def test_targets_of_unknown_units_and_metrics_are_named_and_the_others_count(tmp_path: Path) -> None:
    path = write(tmp_path / "targets.toml", TARGETS.replace("postal_return_rate", "postal_rate"))
    kept, problems = known_targets(load_targets(path), BY_KEY, {"SYT"})
    assert [None] == [target.agency for target in kept]
    assert (
        f"Tệp chỉ tiêu “{path}”, dòng 1: danh mục không có đơn vị mã “STP”; bỏ qua chỉ tiêu này.",
        f"Tệp chỉ tiêu “{path}”, dòng 16: không có số đo nào tên “postal_rate”; bỏ qua chỉ tiêu này.",
    ) == problems


def test_a_file_saved_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    assert 3 == len(load_targets(write(tmp_path / "targets.toml", "\N{ZERO WIDTH NO-BREAK SPACE}" + TARGETS)))
