"""Settings turned into what the dashboard works with: the data, the look of the pages, the office that makes files. Nothing is opened at import."""

from __future__ import annotations

import ipaddress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from config.briefings import load_briefings
from config.errors import BadSettings
from config.roles import load_roles
from config.safety import LEAST_SECRET, is_guessable
from config.targets import load_targets
from dashboard.audit import AUDIT_FILE, Audit
from dashboard.auth import Access, Oidc, Proxy, Way
from dashboard.content.briefing import usable
from dashboard.exports.office import Office
from dashboard.guard import Rules
from dashboard.view.look import Look
from queries.counting import Rules as CountingRules
from queries.data import Answers, Data, read_data
from queries.errors import DashboardError
from queries.source import open_source

if TYPE_CHECKING:
    from config.settings import Settings

ROOT: Final = Path(__file__).resolve().parent.parent


def data_of(settings: Settings) -> Data:
    """The data of the database of the settings. Raises the errors of `open_source` and `read_data`."""
    source = open_source(settings.database, settings.source, timeout_seconds=settings.query_timeout_seconds)
    try:
        return read_data(source, CountingRules(**settings.rules), Answers(settings.cache_bytes // 2))
    except DashboardError:
        source.close()  # the next try opens anew: an old connection left open would go on showing a DuckDB file that was replaced
        raise


def look_of(settings: Settings) -> Look:
    """The look of the pages. Raises BadSettings for targets that cannot be used."""
    targets = load_targets(settings.targets_path)
    return Look(settings.province_name, settings.province_kind, targets, settings.letter_superior, settings.letter_issuer)


def rules_of(settings: Settings) -> Rules:
    """What the guard is told. Raises BadSettings for a secret's file that cannot be used, and for a token that can be guessed."""
    token = settings.operators_token
    if token and is_guessable(token):
        sentence = f"“ops_token” cần dài ít nhất {LEAST_SECRET} ký tự và không dễ đoán; tạo bằng: openssl rand -hex 32. Để trống thì chỉ máy này xem được."
        raise BadSettings("the operators' token is short or guessable", sentence=sentence)
    return Rules(settings.public_url, settings.request_kilobytes * 1024, token, settings.oldest_data_days)


def audit_of(settings: Settings, office: Office) -> Audit:
    """The audit of this installation."""
    return Audit(settings.state_path / AUDIT_FILE, office.clock, settings.audit_days)


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
    """The file of local accounts, in the folder of the store where none is said; a relative path counts from the project's folder."""
    return ROOT / settings.accounts_file if settings.accounts_file else settings.state_path / "accounts.json"


def _oidc(settings: Settings) -> Oidc:
    if not settings.oidc_issuer or not settings.oidc_client_id:
        raise BadSettings("oidc without a provider", sentence="Đăng nhập bằng oidc cần cả “oidc_issuer” và “oidc_client_id”.")
    return Oidc(
        issuer=settings.oidc_issuer,
        client_id=settings.oidc_client_id,
        client_secret=settings.provider_secret,
        scopes=settings.oidc_scopes,
        name_claim=settings.oidc_name_claim,
        groups_claim=settings.oidc_groups_claim,
        agency_claim=settings.oidc_agency_claim,
        label=settings.oidc_label,
    )


def _proxy(settings: Settings) -> Proxy:
    secret = settings.shared_secret
    if is_guessable(secret):
        sentence = f"Đăng nhập bằng proxy cần “proxy_secret” dài ít nhất {LEAST_SECRET} ký tự và không dễ đoán; tạo bằng: openssl rand -hex 32"
        raise BadSettings("the proxy's secret is missing, short or guessable", sentence=sentence)
    try:
        networks = tuple(ipaddress.ip_network(part.strip()) for part in settings.proxy_addresses.split(",") if part.strip())
    except ValueError:
        networks = ()
    if not networks:
        sentence = "Đăng nhập bằng proxy cần “proxy_addresses”: các địa chỉ IP hoặc dải CIDR của proxy, ví dụ 127.0.0.1, 10.0.3.0/24."
        raise BadSettings("no address of the proxy", sentence=sentence)
    return Proxy(networks, secret, settings.proxy_user_header, settings.proxy_groups_header, settings.proxy_agency_header)
