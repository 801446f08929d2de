"""What gunicorn serves: settings are read and the application is made once in each worker process."""

from __future__ import annotations

import sys
from functools import partial
from typing import Final

from config.errors import BadSettings
from config.settings import Settings, load_settings
from config.targets import load_targets
from dashboard.app import create_app
from queries.counting import Rules
from queries.data import open_data

DO_NOT_TRY_AGAIN: Final = 3  # gunicorn stops when a worker leaves with this code; with any other it starts the next one for ever


def _settings() -> Settings:
    try:
        return load_settings()
    except BadSettings as error:
        sys.stderr.write(f"{error.sentence}\n")
        raise SystemExit(DO_NOT_TRY_AGAIN) from None


settings = _settings()
rules = Rules(missing_channel_as_counter=settings.missing_channel_as_counter, without_due_as_on_time=settings.count_without_due_as_on_time)
opener = partial(open_data, settings.database, settings.source, settings.query_timeout_seconds, rules)
server = create_app(opener, targets=load_targets(settings.targets_path)).server
