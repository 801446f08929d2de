"""What the guard is told: under which address it is reached, and its limits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

LOOPBACK_NAMES: Final = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True)
class Rules:
    """`public_url` is the address readers use; `most_bytes` the largest body; `ops_token` opens health and meters from other machines;
    `oldest_data_days` (0: not looked at) is the age of the data above which the service is not ready.
    """

    public_url: str = "http://127.0.0.1:8050"
    most_bytes: int = 256 * 1024
    ops_token: str = ""
    oldest_data_days: int = 0

    @property
    def is_tls(self) -> bool:
        """Whether readers come through TLS."""
        return self.public_url.startswith("https://")

    @property
    def hosts(self) -> frozenset[str]:
        """The names under which requests may come; any other is somebody else's name for this address (DNS rebinding)."""
        return frozenset((*LOOPBACK_NAMES, (urlsplit(self.public_url).hostname or "").lower()))
