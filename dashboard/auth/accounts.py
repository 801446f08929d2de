"""Local accounts in a file: names, roles, agencies, and passwords as scrypt hashes. Read at every sign-in, so that a change holds at once."""

from __future__ import annotations

import fcntl
import json
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Final

from werkzeug.security import check_password_hash, generate_password_hash

from config.language import told
from dashboard.auth.user import User
from queries.errors import BadRequest
from queries.rights import Role

SHORTEST_PASSWORD: Final = 12
LONGEST_PASSWORD: Final = 200
_METHOD: Final = "scrypt:32768:8:1"
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,63}")
_NOBODY: Final = generate_password_hash("nobody has this account", method=_METHOD)


@dataclass(frozen=True)
class Account:
    """One line of the file."""

    name: str
    role: str
    agencies: tuple[str, ...]
    password: str

    @property
    def user(self) -> User:
        """The person of this account."""
        return User(self.name, Role(self.role), self.agencies)

    @property
    def mark(self) -> str:
        """Another one after any change of the account: sessions begun before it end."""
        return sha256(json.dumps(asdict(self)).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Accounts:
    """The accounts of a file; a file that is not there has none. Raises BadRequest for a file that cannot be read."""

    path: Path

    def all(self) -> list[Account]:
        """Every account, by name."""
        return [account for _, account in sorted(self._read().items())]

    def find(self, name: str) -> Account | None:
        """The account of a name."""
        return self._read().get(name)

    def verified(self, name: str, password: str) -> Account | None:
        """The account if the password is its own; as much work is done for a name that does not exist."""
        account = self.find(name)
        fits = check_password_hash(account.password if account is not None else _NOBODY, password[: LONGEST_PASSWORD + 1])
        return account if fits and account is not None else None

    def add(self, name: str, role: Role, agencies: tuple[str, ...], password: str) -> None:
        """A new account. Raises BadRequest for a name that is taken or cannot be used, a short password, a head without agencies."""
        if not _NAME.fullmatch(name):
            sentence = f"Tên tài khoản “{name}” không dùng được: cần 1 đến 64 chữ không dấu, số hoặc . _ @ - và bắt đầu bằng chữ hoặc số."
            raise BadRequest(f"bad account name {name!r}", sentence=sentence)
        if (role is Role.HEAD) != bool(agencies):
            words = "Vai trò head cần ít nhất một --agency." if role is Role.HEAD else f"Chỉ vai trò head có --agency, không phải {role.value}."
            raise BadRequest("agencies and role do not fit", sentence=words)
        if any("," in code for code in agencies):
            raise BadRequest("a code with a comma", sentence="Mã đơn vị không được có dấu phẩy; lặp lại --agency cho từng mã.")
        with self._changing() as held:
            if name in held:
                raise BadRequest(f"account {name} exists", sentence=f"Đã có tài khoản “{name}”. Đổi mật khẩu bằng: account passwd {name}")
            held[name] = Account(name, role.value, tuple(sorted(set(agencies))), _hashed(password))

    def remove(self, name: str) -> None:
        """Take an account out. Raises BadRequest for one that is not there."""
        with self._changing() as held:
            _refuse_absent(name, held)
            del held[name]

    def set_password(self, name: str, password: str) -> None:
        """Another password. Raises BadRequest for an account that is not there, or a short password."""
        with self._changing() as held:
            _refuse_absent(name, held)
            held[name] = replace(held[name], password=_hashed(password))

    def _read(self) -> dict[str, Account]:
        try:
            held = json.loads(self.path.read_text(encoding="utf-8"))
            found = [Account(name, str(Role(one["role"])), tuple(one["agencies"]), one["password"]) for name, one in held.items()]
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            sentence = told("Không đọc được tệp tài khoản “{}”. Kiểm tra quyền đọc và nội dung tệp, hoặc lấy lại bản sao lưu.", self.path)
            raise BadRequest(f"{self.path} cannot be read: {type(error).__name__}", sentence=sentence) from None
        return {account.name: account for account in found}

    @contextmanager
    def _changing(self) -> Iterator[dict[str, Account]]:
        """The accounts to be changed, written back whole; one writer at a time."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.with_name(self.path.name + ".lock").open("a", encoding="utf-8") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            held = self._read()
            yield held
            content = {name: {"role": one.role, "agencies": list(one.agencies), "password": one.password} for name, one in sorted(held.items())}
            part = self.path.with_name(f".{self.path.name}.{os.getpid()}.part")
            with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as out:
                json.dump(content, out, ensure_ascii=False, indent=1)
                out.flush()
                os.fsync(out.fileno())
            part.replace(self.path)


def _hashed(password: str) -> str:
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        sentence = f"Mật khẩu cần từ {SHORTEST_PASSWORD} đến {LONGEST_PASSWORD} ký tự; thấy {len(password)}."
        raise BadRequest("password too short or too long", sentence=sentence)
    return generate_password_hash(password, method=_METHOD)


def _refuse_absent(name: str, held: Mapping[str, Account]) -> None:
    if name not in held:
        raise BadRequest(f"no account {name}", sentence=f"Không có tài khoản “{name}”. Xem các tài khoản bằng: account list")
