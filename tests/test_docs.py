"""The words beside the code: the page of metrics is fresh, and every metric, key, relation and column is explained."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from dashboard import command_line
from dashboard.commands import documents
from queries import contract, metrics
from queries.adoption import Verdict
from queries.counting import Metric
from queries.filters import KEYS
from queries.period import parse_code

ROOT = Path(__file__).resolve().parent.parent
METRICS = ROOT / "docs" / "metrics.md"
README = (ROOT / "README.md").read_text(encoding="utf-8")
COLUMNS = [column for table in contract.RELATIONS for column in table.columns]
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))


def section(metric: Metric) -> str:
    """The part of the page of metrics that stands under the metric's name."""
    return METRICS.read_text(encoding="utf-8").split(f"\n## {metric.label}\n")[1].split("\n## ")[0]


def test_the_page_of_metrics_is_what_the_code_prints_now() -> None:
    result = CliRunner().invoke(command_line.cli, ["docs", "--check"])
    assert (0, "") == (result.exit_code, result.output)


def test_an_old_page_of_metrics_is_called_old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = tmp_path / "metrics.md"
    monkeypatch.setattr(documents, "METRICS_PAGE", page)
    assert 1 == CliRunner().invoke(command_line.cli, ["docs", "--check"]).exit_code
    page.write_text(METRICS.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    result = CliRunner().invoke(command_line.cli, ["docs", "--check"])
    assert (1, True) == (result.exit_code, "đã cũ" in result.output)


@pytest.mark.parametrize("metric", metrics.ALL, ids=lambda metric: metric.key)
def test_the_page_of_metrics_has_the_key_the_definition_the_source_and_the_date_of_each(metric: Metric) -> None:
    words = section(metric)
    for wanted in (f"`{metric.key}`", metric.definition, metric.source, metric.dated, metric.unit):
        assert wanted in words
    assert bool(metric.denominator) == ("- Mẫu số: " in words)


def test_the_page_of_metrics_has_no_other_metric() -> None:
    keys = re.findall(r"^- Khóa: `(\w+)`$", METRICS.read_text(encoding="utf-8"), re.MULTILINE)
    assert [metric.key for metric in metrics.ALL] == keys


@pytest.mark.parametrize("key", KEYS)
def test_the_readme_and_the_code_explain_every_query_key(key: str) -> None:
    table = README.split("| key | meaning |\n")[1].split("\n\n")[0]
    assert 1 == len([line for line in table.splitlines() if f"`{key}`" in line.split("|")[1]])
    assert KEYS[key].strip()


def test_every_period_code_that_the_readme_shows_can_be_read() -> None:
    row = next(line for line in README.splitlines() if line.startswith("| `ky` |"))
    codes = [code for code in re.findall(r"`([^`]+)`", row.split("|")[2]) if code != "luy-ke"]
    assert len(codes) >= 5
    assert [code for code in codes if parse_code(code) is None] == []


def test_the_readme_names_the_five_verdicts_and_no_other() -> None:
    sentence = README.split("`verdict` is one of ")[1].split(". ")[0]
    assert {verdict.value for verdict in Verdict} == set(re.findall(r"`(\w+)`", sentence))


@pytest.mark.parametrize("column", COLUMNS, ids=str)
def test_every_column_of_the_contract_has_a_meaning(column: sa.Column[object]) -> None:
    assert column.comment is not None
    assert re.fullmatch(r"\S.*\S[.]", column.comment)


@pytest.mark.parametrize("table", contract.RELATIONS, ids=lambda table: table.name)
def test_every_relation_of_the_contract_has_a_meaning(table: sa.Table) -> None:
    assert table.comment is not None
    assert re.fullmatch(r"\S.*\S[.]", table.comment)


def test_only_dossiers_and_agencies_are_required() -> None:
    assert ["dossiers", "agencies"] == [table.name for table in contract.RELATIONS if table.info["required"]]
    assert "Two relations are required, dossiers and agencies" in README


def test_no_column_of_the_contract_is_about_a_person() -> None:
    personal = re.compile(r"applicant|citizen|person|phone|mobile|email|address|identity|birth|gender|owner|organi[sz]ation_name|full_name", re.IGNORECASE)
    assert [str(column) for column in COLUMNS if personal.search(column.name)] == []


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.name)
def test_a_decision_says_its_number_and_whether_it_holds(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    heading = re.match(r"# (\d+)[. ]", text)
    assert heading is not None
    assert int(path.name[:4]) == int(heading[1])
    assert re.search(r"^\W*Status\W+(accepted|replaced)", text, re.MULTILINE)


def test_decisions_are_numbered_without_a_repeat() -> None:
    numbers = [path.name[:4] for path in DECISIONS]
    assert len(set(numbers)) == len(numbers) > 0


@pytest.mark.parametrize("path", [*sorted((ROOT / "docs").glob("**/*.md")), ROOT / "README.md", ROOT / "CHANGELOG.md"], ids=lambda path: path.name)
def test_every_document_ends_its_lines_and_names_no_place_of_the_machine_it_was_written_on(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.endswith("\n")
    assert str(ROOT) not in text
    assert not re.search(r"(?<![\w.~])/(?:home|root|tmp)/", text)
