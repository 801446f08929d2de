"""Addresses that a reader brings along: where to go after the sign-in, which anybody may have made up, and from where they come."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

import flask

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


def address_of(request: flask.Request) -> str:
    """From where a reader comes, for counting tries and for the audit: of a proxy on this machine, what it says last. Opens nothing to anybody."""
    peer, said = request.remote_addr or "", request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    try:
        return str(ipaddress.ip_address(said)) if ipaddress.ip_address(peer).is_loopback else peer
    except ValueError:
        return peer
