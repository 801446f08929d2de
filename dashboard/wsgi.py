"""What gunicorn serves: settings are read and the application is made once in each worker process."""

from __future__ import annotations

import sys
from typing import Final
from wsgiref.types import WSGIApplication

from config.errors import BadSettings
from config.settings import Settings, load_settings
from config.targets import load_targets
from dashboard.app import create_app
from dashboard.ops import Feed, start_log
from dashboard.view import Look, warm
from queries.counting import Rules
from queries.data import Answers, Data, read_data
from queries.source import open_source

DO_NOT_TRY_AGAIN: Final = 3  # gunicorn stops when a worker leaves with this code; with any other it starts the next one for ever


def make_server() -> WSGIApplication:
    """The application over the database of the settings; a setting that cannot be used is said on standard error and ends the process."""
    try:
        settings = load_settings()
        targets = load_targets(settings.targets_path)
    except BadSettings as error:
        sys.stderr.write(f"{error.sentence}\n")
        raise SystemExit(DO_NOT_TRY_AGAIN) from None
    start_log()
    look = Look(settings.province_name, settings.province_kind, targets, settings.letter_superior, settings.letter_issuer)
    feed = Feed(lambda: _open(settings))
    if settings.warm_pages:
        feed.on_new = lambda data: warm.in_background(data, look)
    server: WSGIApplication = create_app(feed, look, page_bytes=settings.cache_bytes // 2).server
    return server


def _open(settings: Settings) -> Data:
    source = open_source(settings.database, settings.source, timeout_seconds=settings.query_timeout_seconds)
    return read_data(source, Rules(**settings.rules), Answers(settings.cache_bytes // 2))


server = make_server()
