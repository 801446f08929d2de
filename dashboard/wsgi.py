"""What gunicorn serves: settings are read and the application is made once in each worker process."""

from __future__ import annotations

import sys
from typing import Final
from wsgiref.types import WSGIApplication

from config.errors import BadSettings
from config.settings import load_settings
from dashboard.app import create_app
from dashboard.opening import access_of, data_of, look_of, office_of
from dashboard.ops import Feed, start_log
from dashboard.view import warm

DO_NOT_TRY_AGAIN: Final = 3  # gunicorn stops when a worker leaves with this code; with any other it starts the next one for ever


def make_server() -> WSGIApplication:
    """The application over the database of the settings; a setting that cannot be used is said on standard error and ends the process."""
    try:
        settings = load_settings()
        look = look_of(settings)
        office = office_of(settings, look)
        access = access_of(settings)
    except BadSettings as error:
        sys.stderr.write(f"{error.sentence}\n")
        raise SystemExit(DO_NOT_TRY_AGAIN) from None
    start_log()
    feed = Feed(lambda: data_of(settings))
    if settings.warm_pages:
        feed.on_new = lambda data: warm.in_background(data, look, office)
    server: WSGIApplication = create_app(feed, look, office, access=access, page_bytes=settings.cache_bytes // 2).server
    return server


server = make_server()
