"""What the guard is told: under which address it is reached, its limits, and who is asking."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol
from urllib.parse import urlsplit

ADMINISTRATOR: Final = "administrator"
LOOPBACK_NAMES: Final = ("127.0.0.1", "localhost", "::1")


class Reader(Protocol):
    """Who asks, as the sign-in tells it."""

    @property
    def name(self) -> str:
        """The name of the account."""
        ...

    @property
    def role(self) -> str:
        """viewer, head, post_operator or administrator."""
        ...


@dataclass(frozen=True)
class _Local:
    name: str = "máy này"
    role: str = ADMINISTRATOR


LOCAL_READER: Final[Reader] = _Local()


@dataclass(frozen=True)
class Rules:
    """`public_url` is the address readers use; `most_bytes` the largest body; `ops_token` opens health and meters from other machines;
    `oldest_data_days` (0: not looked at) is the age of the data above which the service is not ready; `reader` tells who asks now (None: nobody signed in).
    """

    public_url: str = "http://127.0.0.1:8050"
    most_bytes: int = 256 * 1024
    ops_token: str = ""
    oldest_data_days: int = 0
    reader: Callable[[], Reader | None] = lambda: LOCAL_READER

    @property
    def is_administrator(self) -> bool:
        """Whether an administrator asks now."""
        reader = self.reader()
        return reader is not None and reader.role == ADMINISTRATOR

    @property
    def is_tls(self) -> bool:
        """Whether readers come through TLS."""
        return self.public_url.startswith("https://")

    @property
    def hosts(self) -> frozenset[str]:
        """The names under which requests may come; any other is somebody else's name for this address (DNS rebinding)."""
        return frozenset((*LOOPBACK_NAMES, (urlsplit(self.public_url).hostname or "").lower()))
