"""What the gate must know: the way in, its secrets, and the limits of sessions."""

from __future__ import annotations

import ipaddress
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from config.roles import RoleRule

OnEvent = Callable[[str, str, dict[str, str]], None]
"""Is told an event (sign_in, sign_out, refused), the user's name as far as it is known, and facts; never a password."""


class Way(StrEnum):
    """How people get in."""

    NONE = "none"
    LOCAL = "local"
    OIDC = "oidc"
    BOTH = "local+oidc"
    PROXY = "proxy"


@dataclass(frozen=True)
class Oidc:
    """A provider, this application there, and where its claims say who somebody is."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False, default="")
    scopes: str = "openid profile"
    name_claim: str = "preferred_username"
    groups_claim: str = "groups"
    agency_claim: str = ""
    label: str = "Đăng nhập bằng tài khoản của tỉnh"


@dataclass(frozen=True)
class Proxy:
    """A proxy that signs people in: from where it speaks, its secret, and the headers in which it says who asks."""

    networks: tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]
    secret: str = field(repr=False)
    user_header: str = "X-Remote-User"
    groups_header: str = "X-Remote-Groups"
    agency_header: str = "X-Remote-Agency"

    def speaks_from(self, address: str) -> bool:
        """Whether an address is one of the proxy's."""
        try:
            found = ipaddress.ip_address(address)
        except ValueError:
            return False
        return any(found in network for network in self.networks)


def _nobody_listens(event: str, name: str, facts: dict[str, str]) -> None:
    """The events of a dashboard without an audit."""


@dataclass(frozen=True)
class Access:
    """The way in and its limits. The default serves this machine only, without a sign-in."""

    way: Way = Way.NONE
    accounts: Path = Path("var/accounts.json")
    store: Path = Path("var/sessions.sqlite")
    rules: tuple[RoleRule, ...] = ()
    oidc: Oidc | None = None
    proxy: Proxy | None = None
    public_url: str = "http://127.0.0.1:8050"
    place: str = "Tỉnh Lai Châu"
    idle_seconds: int = 3600
    longest_seconds: int = 36_000
    attempts: int = 5
    on_event: OnEvent = field(default=_nobody_listens, compare=False)
    clock: Callable[[], float] = field(default=time.time, compare=False)

    @property
    def is_secure(self) -> bool:
        """Whether readers come over TLS: the cookie then goes nowhere else."""
        return self.public_url.startswith("https://")

    @property
    def has_accounts(self) -> bool:
        """Whether accounts of the file get in."""
        return self.way in (Way.LOCAL, Way.BOTH)

    @property
    def has_sessions(self) -> bool:
        """Whether somebody signs in here, and can sign out again."""
        return self.way in (Way.LOCAL, Way.OIDC, Way.BOTH)
