"""Settings and targets: where a value comes from, and the sentence for each thing that can be wrong with it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from config.errors import BadSettings
from config.settings import DEFAULT_FILE, ROOT, Settings, load_settings
from config.targets import UNCONFIRMED, Target, load_targets, target_on
from queries.counting import Rules


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def sentence_of(path: Path) -> str:
    with pytest.raises(BadSettings) as caught:
        load_targets(path)
    return caught.value.sentence.removeprefix(f"Tệp chỉ tiêu “{path}”, ")


GOOD = """\
[[target]]
metric = "postal_return_rate"
percent = 15
valid_from = 2026-01-01
valid_to = 2026-12-31
citation = "Kế hoạch năm 2026"
confirmed = true
"""


def test_without_any_setting_the_demo_province_is_read() -> None:
    settings = load_settings()
    assert settings.database == f"duckdb:///{ROOT / 'var' / 'demo.duckdb'}"
    assert (settings.source, settings.query_timeout_seconds, settings.minimum_n) == ("native", 15.0, 20)
    assert (settings.province_kind, settings.province_name) == ("tỉnh", "Lai Châu")


def test_the_default_file_says_the_defaults_of_the_code() -> None:
    in_code = {name: field.default for name, field in Settings.model_fields.items()}
    assert load_settings().model_dump() == in_code
    assert set(in_code) == {line.split(" =")[0] for line in DEFAULT_FILE.read_text(encoding="utf-8").splitlines() if " =" in line and line[0] != "#"}


def test_the_command_line_wins_over_the_environment_and_that_over_the_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DASHBOARD_CONFIG", str(write(tmp_path / "own.toml", 'source = "file"\nminimum_n = 30\nquery_timeout_seconds = 3\n')))
    monkeypatch.setenv("DASHBOARD_SOURCE", "environment")
    monkeypatch.setenv("DASHBOARD_MINIMUM_N", "40")
    settings = load_settings({"source": "line", "database_url": None})
    assert (settings.source, settings.minimum_n, settings.query_timeout_seconds, settings.cache_megabytes) == ("line", 40, 3, 64)


def test_what_is_set_about_counting_reaches_the_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Rules() == Rules(**load_settings().rules)
    for name, value in (("MINIMUM_N", "7"), ("MISSING_CHANNEL_AS_COUNTER", "true"), ("COUNT_WITHOUT_DUE_AS_ON_TIME", "true")):
        monkeypatch.setenv(f"DASHBOARD_{name}", value)
    assert Rules(missing_channel_as_counter=True, without_due_as_on_time=True, minimum_n=7) == Rules(**load_settings().rules)


def test_an_empty_variable_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DASHBOARD_DATABASE_URL", "")
    monkeypatch.setenv("DASHBOARD_CACHE_MEGABYTES", "")
    assert load_settings().cache_megabytes == 64


def test_the_address_of_the_database_is_not_printed() -> None:
    settings = load_settings({"database_url": "postgresql://doc:bi-mat@may-chu/hoso"})
    assert settings.database == "postgresql://doc:bi-mat@may-chu/hoso"
    assert "bi-mat" not in repr(settings) + str(settings)


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("QUERY_TIMEOUT_SECONDS", "0", "Giá trị “0” của “query_timeout_seconds” (biến môi trường DASHBOARD_QUERY_TIMEOUT_SECONDS)"),
        ("QUERY_TIMEOUT_SECONDS", "nan", "Giá trị “nan” của “query_timeout_seconds”"),
        ("CACHE_MEGABYTES", "nhiều", "Giá trị “nhiều” của “cache_megabytes” (biến môi trường DASHBOARD_CACHE_MEGABYTES) không dùng được: phải là số nguyên"),
        ("MINIMUM_N", "0", "Giá trị “0” của “minimum_n”"),
        ("MINIMUM_N", "2.5", "Giá trị “2.5” của “minimum_n”"),
        ("PROVINCE_KIND", "bang", "phải là “tỉnh” hoặc “thành phố”."),
        ("MISSING_CHANNEL_AS_COUNTER", "có", "phải là true hoặc false."),
        ("MINIMUM", "3", "Không có thiết lập nào tên “DASHBOARD_MINIMUM” (biến môi trường). Có phải là “DASHBOARD_MINIMUM_N”?"),
        ("XYZW", "3", "Không có thiết lập nào tên “DASHBOARD_XYZW” (biến môi trường). Các tên dùng được:"),
    ],
)
def test_a_bad_variable_gives_a_sentence(name: str, value: str, sentence: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"DASHBOARD_{name}", value)
    with pytest.raises(BadSettings) as caught:
        load_settings()
    assert sentence in caught.value.sentence
    assert "pydantic" not in caught.value.sentence


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("minimum_n = 'ba'", "Giá trị “ba” của “minimum_n” (tệp “{path}”) không dùng được: phải là số nguyên từ 1 trở lên."),
        ("database_url = 5", "Giá trị của “database_url” (tệp “{path}”) không dùng được: phải là địa chỉ cơ sở dữ liệu"),
        ("provinc_name = 'x'", "Không có thiết lập nào tên “provinc_name” (tệp “{path}”). Có phải là “province_name”?"),
        ("province_name = ''", "phải là tên tỉnh, thành phố."),
        ("province_name = ", "Tệp cấu hình “{path}” không đúng dạng TOML (UTF-8):"),
    ],
)
def test_a_bad_file_gives_a_sentence_that_names_it(text: str, sentence: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = write(tmp_path / "own.toml", text)
    monkeypatch.setenv("DASHBOARD_CONFIG", str(path))
    with pytest.raises(BadSettings) as caught:
        load_settings()
    assert sentence.format(path=path) in caught.value.sentence


def test_a_file_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DASHBOARD_CONFIG", "khong/co.toml")
    with pytest.raises(BadSettings, match="cannot read") as caught:
        load_settings()
    assert "“khong/co.toml”" in caught.value.sentence


def test_the_shipped_targets_are_marked_as_unconfirmed_but_for_the_one_that_stands_in_the_circular() -> None:
    targets = load_targets(load_settings().targets_path)
    assert {"postal_receipt_rate": 0.10, "postal_return_rate": 0.15, "safety_rate": 1.0} == {target.metric: target.value for target in targets}
    assert {"safety_rate": "TT 17/2017/TT-BTTTT, Điều 6"} == {target.metric: target.note for target in targets if target.note != UNCONFIRMED}


def test_a_target_holds_from_its_first_to_its_last_day(tmp_path: Path) -> None:
    targets = load_targets(write(tmp_path / "targets.toml", GOOD))
    expected = Target("postal_return_rate", 0.15, date(2026, 1, 1), date(2026, 12, 31), "Kế hoạch năm 2026", confirmed=True)
    assert targets == (expected,)
    assert expected.note == "Kế hoạch năm 2026"
    days = [date(2025, 12, 31), date(2026, 1, 1), date(2026, 12, 31), date(2027, 1, 1)]
    assert [None, expected, expected, None] == [target_on(targets, "postal_return_rate", day) for day in days]
    assert target_on(targets, "received", date(2026, 6, 1)) is None


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("percent = 15", "percent = 115", "dòng 3: “percent” không được quá 100."),
        ("percent = 15", "percent = -1", "dòng 3: “percent” phải là một số từ 0 trở lên."),
        ("percent = 15", "percent = nan", "dòng 3: “percent” phải là một số từ 0 trở lên."),
        ("percent = 15", "percent = true", "dòng 3: “percent” phải là một số từ 0 trở lên."),
        ("percent = 15", "percent = 15\nvalue = 3", "dòng 1: mỗi chỉ tiêu có đúng một trong hai khóa “percent” và “value”."),
        ("percent = 15\n", "", "dòng 1: mỗi chỉ tiêu có đúng một trong hai khóa “percent” và “value”."),
        ("valid_from = 2026-01-01", "valid_from = 2026", "dòng 4: “valid_from” phải là một ngày, viết như 2026-01-31."),
        ("valid_from = 2026-01-01", "valid_from = 2027-01-01", "dòng 5: “valid_to” đứng trước “valid_from”."),
        ("citation = ", "source = ", "dòng 6: không có khóa “source”; các khóa dùng được:"),
        ('citation = "Kế hoạch năm 2026"\n', "", "dòng 1: chỉ tiêu thiếu khóa “citation”."),
        ('"Kế hoạch năm 2026"', '""', "dòng 6: “citation” phải là chữ và không được để trống."),
        ("confirmed = true", "confirmed = 'x'", "dòng 7: “confirmed” phải là true hoặc false."),
        ("[[target]]", "[target]", "dòng 1: chỉ được có các mục [[target]]."),
        ("[[target]]", "[[targets]]", "dòng 1: chỉ được có các mục [[target]]."),
    ],
)
def test_a_bad_target_is_named_by_file_and_line(old: str, new: str, sentence: str, tmp_path: Path) -> None:
    assert sentence in sentence_of(write(tmp_path / "targets.toml", GOOD.replace(old, new)))


def test_the_line_of_a_later_target_is_found(tmp_path: Path) -> None:
    later = GOOD.replace("2026-", "2027-").replace("confirmed = true", "confirmed = 1")
    assert sentence_of(write(tmp_path / "targets.toml", GOOD + later)) == "dòng 14: “confirmed” phải là true hoặc false."


def test_two_targets_of_one_metric_may_follow_each_other_and_not_overlap(tmp_path: Path) -> None:
    after = GOOD.replace("2026-", "2027-")
    assert len(load_targets(write(tmp_path / "targets.toml", GOOD + after))) == 2
    overlapping = GOOD.replace("valid_to = 2026-12-31\n", "").replace("2026-01-01", "2026-12-31")
    assert sentence_of(write(tmp_path / "targets.toml", GOOD + overlapping)) == "dòng 9: chỉ tiêu “postal_return_rate” trùng ngày với một mục ở trên."


def test_a_file_without_targets_is_fine(tmp_path: Path) -> None:
    assert load_targets(write(tmp_path / "targets.toml", "# không có\n")) == ()


@pytest.mark.parametrize(("text", "sentence"), [(None, "Không đọc được tệp chỉ tiêu"), ("[[target", "không đúng dạng TOML")])
def test_a_targets_file_that_cannot_be_read_is_named(text: str | None, sentence: str, tmp_path: Path) -> None:
    path = tmp_path / "targets.toml"
    if text is not None:
        write(path, text)
    assert sentence in sentence_of(path)
    assert str(path) in sentence_of(path)
