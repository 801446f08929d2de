"""What gunicorn serves: settings are read and the application is made once in each worker process."""

from __future__ import annotations

import atexit
import os
import sys
from typing import Final
from wsgiref.types import WSGIApplication

from config.errors import BadSettings
from config.safety import refuse_unsafe
from config.settings import load_settings
from dashboard.app import create_app, pack
from dashboard.opening import access_of, audit_of, data_of, look_of, office_of, rules_of
from dashboard.ops import Feed, start_log
from dashboard.view import warm

DO_NOT_TRY_AGAIN: Final = 3  # gunicorn stops when a worker leaves with this code; with any other it starts the next one for ever

LISTENS_ON: Final = "LISTENS_ON"  # said by config/gunicorn.conf.py; another server that does not say it is taken to be open to others
LOOPBACK: Final = "loopback"


def make_server() -> WSGIApplication:
    """The application over the database of the settings; a setting that cannot be used is said on standard error and ends the process."""
    try:
        settings = load_settings()
        look = look_of(settings)
        office = office_of(settings, look)
        rules, access = rules_of(settings), access_of(settings)
        settings.database  # noqa: B018 - a secret's file that cannot be used stops the start, not the first request
        refuse_unsafe(is_public=os.environ.get(LISTENS_ON) != LOOPBACK, sign_in=settings.sign_in, public_url=settings.public_url)
    except BadSettings as error:
        sys.stderr.write(f"{error.sentence}\n")
        raise SystemExit(DO_NOT_TRY_AGAIN) from None
    start_log()
    feed = Feed(lambda: data_of(settings))
    if settings.warm_pages:
        feed.on_new = lambda data, readers: warm.in_background(data, look, office, readers)
    audit = audit_of(settings, office)
    atexit.register(feed.close)  # when every request, every file in hand and the page being warmed have ended
    app = create_app(feed, look, office, rules, audit, access=access, page_bytes=settings.cache_bytes // 2)
    pack(app, office)
    server: WSGIApplication = app.server
    return server


server = make_server()
