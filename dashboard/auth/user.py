"""The person behind a request."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import flask

from config.roles import RoleRule
from queries.rights import Rights, Role


@dataclass(frozen=True)
class User:
    """A name, a role, and the agencies of a head (for the other roles empty: no agency is left out)."""

    name: str
    role: Role
    agencies: tuple[str, ...] = ()

    @property
    def rights(self) -> Rights:
        """What may be seen; a head without an agency sees nothing."""
        return Rights(self.role, self.agencies if self.role is Role.HEAD else None)


LOCAL_USER: Final = User("máy này", Role.ADMINISTRATOR)


def current_user() -> User:
    """Who asks now. Raises RuntimeError outside of a request, and where the gate let nobody in: there is no user by default."""
    user: User | None = flask.g.get("user")
    if user is None:
        raise RuntimeError("nobody is signed in")
    return user


def somebody_asks() -> bool:
    """Whether the gate knows who asks now."""
    return flask.g.get("user") is not None


def current_rights() -> Rights:
    """What whoever asks now may see. Raises as `current_user`."""
    return current_user().rights


def user_of_groups(name: str, groups: Iterable[str], agencies: Sequence[str], rules: Sequence[RoleRule]) -> User | None:
    """The user of a provider's groups: the first rule that fits gives the role, all rules of heads give agencies; None where no rule fits."""
    held = set(groups)
    fitting = [rule for rule in rules if rule.group in held]
    if not name or not fitting:
        return None
    role = Role(fitting[0].role)
    if role is not Role.HEAD:
        return User(name, role)
    codes: set[str] = set()
    for rule in fitting:
        if rule.role == Role.HEAD.value:
            codes |= set(rule.agencies if rule.agencies is not None else agencies)
    return User(name, role, tuple(sorted(code for code in codes if code and "," not in code)))
