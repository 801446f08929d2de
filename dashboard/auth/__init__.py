"""Who gets in, and as whom: one gate that denies by default, four ways through it (docs/decisions/0012)."""

from dashboard.auth.access import Access, Oidc, OnEvent, Proxy, Way
from dashboard.auth.address import safe_next
from dashboard.auth.gate import put_gate
from dashboard.auth.user import LOCAL_USER, User, current_rights, current_user, somebody_asks

__all__ = ["LOCAL_USER", "Access", "Oidc", "OnEvent", "Proxy", "User", "Way", "current_rights", "current_user", "put_gate", "safe_next", "somebody_asks"]
