"""Groups of a sign-in provider and the roles they have, from config/roles.toml."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from config.entries import Entry, read_toml

ROLES: Final = ("viewer", "head", "post_operator", "administrator")
_KEYS: Final = ("group", "role", "agencies")


@dataclass(frozen=True)
class RoleRule:
    """A group, its role, and the agencies of a head; None: the codes that the provider names."""

    group: str
    role: str
    agencies: tuple[str, ...] | None = None


def load_roles(path: Path) -> tuple[RoleRule, ...]:
    """The rules of a file, in its order.

    Raises:
        BadSettings: the file cannot be read, or an entry is incomplete or wrong; names file and line.
    """
    file = read_toml(path, "Tệp vai trò")
    wrong = [key for key in file.content if key != "role"]
    if wrong:
        raise file.fault(file.line_of(wrong[0]), "chỉ được có các mục [[role]]")
    return tuple(_rule(entry) for entry in file.entries("role", "vai trò"))


def _rule(entry: Entry) -> RoleRule:
    wrong = [key for key in entry.values if key not in _KEYS]
    if wrong:
        raise entry.fault(wrong[0], f"không có khóa “{wrong[0]}”; các khóa dùng được: {', '.join(_KEYS)}")
    group, role, agencies = (entry.values.get(key) for key in _KEYS)
    if not isinstance(group, str) or not group.strip():
        raise entry.fault("group", "“group” phải là tên một nhóm")
    if role not in ROLES:
        raise entry.fault("role", f"“role” phải là một trong: {', '.join(ROLES)}")
    is_list = isinstance(agencies, list) and all(isinstance(code, str) and code.strip() and "," not in code for code in agencies)
    if agencies is not None and not is_list:
        raise entry.fault("agencies", "“agencies” phải là một danh sách mã đơn vị, mã không có dấu phẩy")
    if agencies and role != "head":
        raise entry.fault("agencies", "chỉ vai trò “head” có danh sách đơn vị")
    codes = tuple(str(code).strip() for code in agencies) if isinstance(agencies, list) else ()
    return RoleRule(group.strip(), str(role), codes or None)
