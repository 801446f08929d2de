"""Who is signed in, in the masthead: name, role, agencies, and the way out; without a sign-in, that there is none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from dash import html

from config.language import say
from dashboard.sights import ROLE_NAMES
from queries.rights import Rights

SIGN_OUT_URL: Final = "/dang-xuat"
WITHOUT: Final = "Chưa bật đăng nhập: chỉ mở được trên máy này"


@dataclass(frozen=True)
class Account:
    """The person as the masthead shows it; without a name nobody had to sign in."""

    name: str = ""
    rights: Rights = Rights()
    can_leave: bool = False


def menu(account: Account, names: dict[str, str]) -> Any:  # noqa: ANN401 - a component
    """The account's menu: it opens and signs out without a script. `names` are those of agencies, by code."""
    if not account.name:
        return html.Span(say(WITHOUT), className="masthead__account account__without", role="note")
    parts: list[Any] = [html.P(say(ROLE_NAMES[account.rights.role]).capitalize(), className="account__role")]
    if account.rights.agencies is not None:
        scope = [html.Li(names.get(code, code)) for code in account.rights.agencies] or [html.Li(say("chưa được giao đơn vị nào"))]
        parts += [html.P(say("Phạm vi"), className="filters__label"), html.Ul(scope, className="account__scope")]
    if account.can_leave:
        leave = html.Button(say("Đăng xuất"), type="submit", className="button button--quiet")
        parts.append(html.Form(leave, action=SIGN_OUT_URL, method="POST", className="account__leave"))
    return html.Details([html.Summary(account.name, className="account__name"), html.Div(parts, className="account__menu")], className="masthead__account")
