"""Superset's settings for the comparison: metadata in SQLite, chart data kept in files that its workers share (its own default keeps nothing), no examples."""

from __future__ import annotations

import os

HOME = os.environ["SUPERSET_HOME"]
SECRET_KEY = os.environ["SUPERSET_SECRET_KEY"]
SQLALCHEMY_DATABASE_URI = f"sqlite:///{HOME}/superset.db"
CACHE_CONFIG = {"CACHE_TYPE": "FileSystemCache", "CACHE_DIR": f"{HOME}/cache", "CACHE_DEFAULT_TIMEOUT": 86400, "CACHE_THRESHOLD": 100000}
DATA_CACHE_CONFIG = CACHE_CONFIG | {"CACHE_DIR": f"{HOME}/data-cache"}
WTF_CSRF_ENABLED = False  # the programme speaks to the API of a server on this machine
TALISMAN_ENABLED = False
AUTH_RATE_LIMITED = False
