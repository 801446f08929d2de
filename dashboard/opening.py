"""Settings turned into what the dashboard works with: the data, the look of the pages, the office that makes files. Nothing is opened at import."""

from __future__ import annotations

from typing import TYPE_CHECKING

from config.briefings import load_briefings
from config.targets import load_targets
from dashboard.audit import AUDIT_FILE, Audit
from dashboard.content.briefing import usable
from dashboard.exports.office import Office
from dashboard.guard import Rules
from dashboard.view.look import Look
from queries.counting import Rules as CountingRules
from queries.data import Answers, Data, read_data
from queries.errors import DashboardError
from queries.source import open_source

if TYPE_CHECKING:
    from config.settings import Settings


def data_of(settings: Settings) -> Data:
    """The data of the database of the settings. Raises the errors of `open_source` and `read_data`."""
    source = open_source(settings.database, settings.source, timeout_seconds=settings.query_timeout_seconds)
    try:
        return read_data(source, CountingRules(**settings.rules), Answers(settings.cache_bytes // 2))
    except DashboardError:
        source.close()  # the next try opens anew: an old connection left open would go on showing a DuckDB file that was replaced
        raise


def look_of(settings: Settings) -> Look:
    """The look of the pages. Raises BadSettings for targets that cannot be used."""
    targets = load_targets(settings.targets_path)
    return Look(settings.province_name, settings.province_kind, targets, settings.letter_superior, settings.letter_issuer)


def rules_of(settings: Settings) -> Rules:
    """What the guard is told. Raises BadSettings for a secret's file that cannot be used."""
    return Rules(settings.public_url, settings.request_kilobytes * 1024, settings.operators_token, settings.oldest_data_days)


def audit_of(settings: Settings, office: Office) -> Audit:
    """The audit of this installation."""
    return Audit(settings.state_path / AUDIT_FILE, office.clock, settings.audit_days)


def office_of(settings: Settings, look: Look) -> Office:
    """What making files needs besides the data."""
    return Office(
        letterhead=look.letterhead,
        place=look.place,
        targets=look.targets,
        base_url=settings.public_url,
        folder=settings.state_path,
        briefings=usable(load_briefings(settings.briefings_path)),
        small_cell=settings.small_cell,
        at_once=settings.files_at_once,
    )
