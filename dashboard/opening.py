"""Settings turned into what the dashboard works with: the data, the look of the pages, the office that makes files. Nothing is opened at import."""

from __future__ import annotations

from typing import TYPE_CHECKING

from config.briefings import load_briefings
from config.targets import load_targets
from dashboard.content.briefing import usable
from dashboard.exports.office import Office
from dashboard.view.look import Look
from queries.counting import Rules
from queries.data import Answers, Data, read_data
from queries.source import open_source

if TYPE_CHECKING:
    from config.settings import Settings


def data_of(settings: Settings) -> Data:
    """The data of the database of the settings. Raises the errors of `open_source` and `read_data`."""
    source = open_source(settings.database, settings.source, timeout_seconds=settings.query_timeout_seconds)
    return read_data(source, Rules(**settings.rules), Answers(settings.cache_bytes // 2))


def look_of(settings: Settings) -> Look:
    """The look of the pages. Raises BadSettings for targets that cannot be used."""
    targets = load_targets(settings.targets_path)
    return Look(settings.province_name, settings.province_kind, targets, settings.letter_superior, settings.letter_issuer)


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
