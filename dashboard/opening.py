"""Settings turned into what the dashboard works with: the data, the look of the pages, the office that makes files. Nothing is opened at import."""

from __future__ import annotations

import ipaddress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from config.briefings import load_briefings
from config.errors import BadSettings
from config.roles import load_roles
from config.targets import load_targets
from dashboard.auth import Access, Oidc, Proxy, Way
from dashboard.content.briefing import usable
from dashboard.exports.office import Office
from dashboard.view.look import Look
from queries.counting import Rules
from queries.data import Answers, Data, read_data
from queries.source import open_source

if TYPE_CHECKING:
    from config.settings import Settings

ROOT: Final = Path(__file__).resolve().parent.parent
SHORTEST_SECRET: Final = 16


def data_of(settings: Settings) -> Data:
    """The data of the database of the settings. Raises the errors of `open_source` and `read_data`."""
    source = open_source(settings.database, settings.source, timeout_seconds=settings.query_timeout_seconds)
    return read_data(source, Rules(**settings.rules), Answers(settings.cache_bytes // 2))


def look_of(settings: Settings) -> Look:
    """The look of the pages. Raises BadSettings for targets that cannot be used."""
    targets = load_targets(settings.targets_path)
    return Look(settings.province_name, settings.province_kind, targets, settings.letter_superior, settings.letter_issuer)


def office_of(settings: Settings, look: Look) -> Office:
    """What making files needs besides the data."""
    return Office(
        letterhead=look.letterhead,
        place=look.place,
        targets=look.targets,
        base_url=settings.public_url,
        folder=settings.state_path,
        briefings=usable(load_briefings(settings.briefings_path)),
        small_cell=settings.small_cell,
        at_once=settings.files_at_once,
    )


def access_of(settings: Settings) -> Access:
    """Who may open the dashboard. Raises BadSettings for a way in that lacks what it needs."""
    way = Way(settings.sign_in)
    return Access(
        way=way,
        accounts=accounts_path(settings),
        store=settings.state_path / "sessions.sqlite",
        rules=load_roles(ROOT / settings.roles_file) if way in (Way.OIDC, Way.BOTH, Way.PROXY) else (),
        oidc=_oidc(settings) if way in (Way.OIDC, Way.BOTH) else None,
        proxy=_proxy(settings) if way is Way.PROXY else None,
        public_url=settings.public_url,
        place=look_of(settings).place,
        idle_seconds=settings.session_idle_minutes * 60,
        longest_seconds=settings.session_hours * 3600,
        attempts=settings.sign_in_attempts,
    )


def accounts_path(settings: Settings) -> Path:
    """The file of local accounts; a relative path counts from the project's folder."""
    return ROOT / settings.accounts_file


def _oidc(settings: Settings) -> Oidc:
    if not settings.oidc_issuer or not settings.oidc_client_id:
        raise BadSettings("oidc without a provider", sentence="Đăng nhập bằng oidc cần cả “oidc_issuer” và “oidc_client_id”.")
    return Oidc(
        issuer=settings.oidc_issuer,
        client_id=settings.oidc_client_id,
        client_secret=settings.oidc_client_secret.get_secret_value(),
        scopes=settings.oidc_scopes,
        name_claim=settings.oidc_name_claim,
        groups_claim=settings.oidc_groups_claim,
        agency_claim=settings.oidc_agency_claim,
        label=settings.oidc_label,
    )


def _proxy(settings: Settings) -> Proxy:
    secret = settings.proxy_secret.get_secret_value()
    if len(secret) < SHORTEST_SECRET:
        sentence = f"Đăng nhập bằng proxy cần “proxy_secret” dài ít nhất {SHORTEST_SECRET} ký tự; tạo bằng: openssl rand -hex 32"
        raise BadSettings("the proxy's secret is too short", sentence=sentence)
    try:
        networks = tuple(ipaddress.ip_network(part.strip()) for part in settings.proxy_addresses.split(",") if part.strip())
    except ValueError:
        networks = ()
    if not networks:
        sentence = "Đăng nhập bằng proxy cần “proxy_addresses”: các địa chỉ IP hoặc dải CIDR của proxy, ví dụ 127.0.0.1, 10.0.3.0/24."
        raise BadSettings("no address of the proxy", sentence=sentence)
    return Proxy(networks, secret, settings.proxy_user_header, settings.proxy_groups_header, settings.proxy_agency_header)
