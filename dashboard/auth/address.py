"""Where to go after the sign-in: an address that a reader brought along and anybody may have made up."""

from __future__ import annotations

from urllib.parse import urlsplit

LONGEST = 8000


def safe_next(wanted: str) -> str:
    """The path of this site to go on with, “/” for anything that could lead elsewhere."""
    plain = wanted.startswith("/") and not wanted.startswith("//") and "\\" not in wanted and wanted.isprintable() and len(wanted) <= LONGEST
    if not plain:
        return "/"
    try:
        parts = urlsplit(wanted)
    except ValueError:
        return "/"
    leads_elsewhere = parts.scheme or parts.netloc or parts.path.startswith(("//", "/dang-"))
    return "/" if leads_elsewhere else wanted
