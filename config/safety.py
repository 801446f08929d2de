"""Secrets from files, and what a server is refused for before it starts: the sentence says what to set."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Final

from pydantic import SecretStr

from config.errors import BadSettings

LEAST_SECRET: Final = 16
KNOWN_SECRETS: Final = frozenset({"change-me", "changeme", "secret", "dev", "default", "password", "bi-mat", "doi-di"})
_OTHERS_MAY_WRITE: Final = stat.S_IWOTH
_NO_SIGN_IN: Final = "none"


def secret(value: SecretStr, file: str, key: str) -> str:
    """A secret given as a value or as the path of a file that holds it and nothing else; empty where neither is said.

    Raises BadSettings: both are given, the file cannot be read, is empty, or anybody may write it. No message holds the secret.
    """
    given = value.get_secret_value()
    if not file:
        return given
    if given:
        raise BadSettings(f"{key} and {key}_file are both set", sentence=f"Có cả “{key}” và “{key}_file”. Chỉ đặt một trong hai.")
    path = Path(file)
    try:
        found, mode = path.read_text(encoding="utf-8").strip(), path.stat().st_mode
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "không phải văn bản UTF-8"
        raise BadSettings(f"cannot read {key}_file {path}: {why}", sentence=f"Không đọc được tệp “{path}” của “{key}_file”: {why}.") from None
    if not found:
        raise BadSettings(f"{key}_file {path} is empty", sentence=f"Tệp “{path}” của “{key}_file” đang trống.")
    if mode & _OTHERS_MAY_WRITE:
        sentence = f"Tệp bí mật “{path}” cho mọi người ghi. Hãy chạy: chmod 640 {path}"
        raise BadSettings(f"{key}_file {path} is writable by everybody", sentence=sentence)
    return found


def is_guessable(given: str) -> bool:
    """Whether a shared secret is missing, too short, known to everybody, or of few characters."""
    return len(given) < LEAST_SECRET or given.lower() in KNOWN_SECRETS or len(set(given)) < 8


def refuse_unsafe(*, is_public: bool, sign_in: str, public_url: str) -> None:
    """Refuse to serve other machines without a sign-in, or without the address that readers use. Raises BadSettings."""
    if not is_public:
        return
    if sign_in == _NO_SIGN_IN:
        raise BadSettings(
            "no sign-in on a public address",
            sentence="Máy chủ mở ra cho máy khác mà chưa có đăng nhập, nên không khởi động. Hãy đặt “sign_in”, hoặc chỉ phục vụ ở 127.0.0.1 (bỏ biến PORT).",
        )
    if any(name in public_url for name in ("//127.0.0.1", "//localhost", "//[::1]")):
        raise BadSettings(
            f"public_url is {public_url} on a public address",
            sentence="Máy chủ mở ra cho máy khác mà “public_url” vẫn là địa chỉ của riêng máy này. Hãy đặt địa chỉ mà người đọc dùng, ví dụ https://…",
        )
