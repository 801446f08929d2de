"""Sign-in by OIDC: the code flow with PKCE by Authlib, and who the claims say somebody is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import flask
import requests
import werkzeug
from authlib.integrations.base_client import OAuthError
from authlib.integrations.flask_client import OAuth
from joserfc.errors import JoseError

from config.language import told
from config.roles import RoleRule
from dashboard import ops
from dashboard.auth.access import Oidc
from dashboard.auth.user import User, user_of_groups
from queries.errors import DashboardError

WAIT_SECONDS: Final = 10
ALGORITHMS: Final = ("RS256", "PS256", "ES256", "RS384", "RS512", "PS384", "PS512", "ES384", "ES512", "EdDSA")  # no shared secret, and never “none”
_FAULTS: Final = (OAuthError, JoseError, requests.RequestException, RuntimeError, KeyError, ValueError, TypeError, AttributeError)


class Refused(DashboardError):
    """The provider did not answer, or what it answered lets nobody in."""


class Provider:
    """One provider. Its description is fetched at the first sign-in, so that the dashboard starts without it."""

    def __init__(self, server: flask.Flask, oidc: Oidc, rules: Sequence[RoleRule]) -> None:
        self.oidc, self.rules = oidc, rules
        self._client = OAuth(server).register(
            "oidc",
            client_id=oidc.client_id,
            client_secret=oidc.client_secret or None,
            server_metadata_url=oidc.issuer.rstrip("/") + "/.well-known/openid-configuration",
            client_kwargs={
                "scope": oidc.scopes,
                "code_challenge_method": "S256",
                "default_timeout": WAIT_SECONDS,
                **({} if oidc.client_secret else {"token_endpoint_auth_method": "none"}),
            },
        )

    def start(self, back: str) -> werkzeug.Response:
        """The way to the provider; state, nonce and the verifier of PKCE stay in the session. Raises Refused when it does not answer."""
        try:
            self._described()
            answer: werkzeug.Response = self._client.authorize_redirect(back)
        except _FAULTS as error:
            number = ops.incident("the sign-in provider does not answer", error)
            sentence = told("Cổng đăng nhập chưa trả lời. Hãy thử lại sau ít phút; nếu còn lỗi, báo quản trị kèm mã {}.", number)
            raise Refused(f"no answer from the provider ({number})", sentence=sentence) from error
        return answer

    def finish(self) -> User:
        """Who came back. Raises Refused for a foreign or repeated answer, a token that is not for us, or somebody without a role."""
        try:
            self._described()
            issuer = {"essential": True, "value": self._client.server_metadata["issuer"]}
            token = self._client.authorize_access_token(claims_options={"iss": issuer})
            claims = self._claims(token)
        except _FAULTS as error:
            number = ops.incident("a sign-in by the provider failed", error)
            sentence = told("Đăng nhập qua cổng không thành công. Hãy bấm đăng nhập lại từ đầu; nếu còn lỗi, báo quản trị kèm mã {}.", number)
            raise Refused(f"no sign-in by the provider ({number})", sentence=sentence) from error
        user = user_of_claims(claims, self.oidc, self.rules)
        if user is None:
            sentence = told("Đã đăng nhập ở cổng, nhưng tài khoản này chưa được gán vai trò nào trên bảng điều khiển. Hãy báo quản trị.")
            raise Refused("no role for the groups of the claims", sentence=sentence)
        return user

    def _described(self) -> None:
        """The provider's description, held to the issuer of the settings and to signatures that only the provider can make."""
        described = self._client.load_server_metadata()
        if str(described.get("issuer", "")).rstrip("/") != self.oidc.issuer.rstrip("/"):
            raise ValueError("the provider calls itself by another issuer than the settings")
        said = described.get("id_token_signing_alg_values_supported") or ["RS256"]
        described["id_token_signing_alg_values_supported"] = [name for name in said if name in ALGORITHMS]

    def _claims(self, token: Mapping[str, Any]) -> Mapping[str, Any]:
        """The claims of the signed token; what it lacks of them is asked from the provider, of the same person."""
        claims: dict[str, Any] = dict(token["userinfo"])
        wanted = (self.oidc.name_claim, self.oidc.groups_claim, self.oidc.agency_claim)
        if self._client.server_metadata.get("userinfo_endpoint") and any(name and claim(claims, name) is None for name in wanted):
            more = dict(self._client.userinfo(token=token))
            if more.get("sub") != claims["sub"]:
                raise ValueError("the provider tells of somebody else")
            claims = {**more, **claims}
        return claims


def claim(claims: Mapping[str, Any], name: str) -> object:
    """A claim by its name, or inside others by their names joined with points; None where it is not there."""
    if name in claims:
        return claims[name]
    found: object = claims
    for part in name.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found


def texts(value: object) -> list[str]:
    """The texts of a claim: a list, or one text with spaces or commas between them. Anything else has none."""
    if isinstance(value, str):
        return value.replace(",", " ").split()
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def user_of_claims(claims: Mapping[str, Any], oidc: Oidc, rules: Sequence[RoleRule]) -> User | None:
    """The person of the claims; None for who has no role."""
    name = claim(claims, oidc.name_claim)
    agencies = texts(claim(claims, oidc.agency_claim)) if oidc.agency_claim else []
    shown = name if isinstance(name, str) and name.strip() else str(claims.get("sub", ""))
    return user_of_groups(shown.strip()[:200], texts(claim(claims, oidc.groups_claim)), agencies, rules)
