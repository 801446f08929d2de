"""Values and options that the commands share: what is expected of a value, the database, the settings."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeVar

import click

from queries.errors import BadRequest

if TYPE_CHECKING:
    from config.settings import Settings
    from queries.rights import Rights


class Open(Protocol):
    """What must be closed before the process ends."""

    def close(self) -> None:
        """Close it."""


T = TypeVar("T", bound=Open)

ROOT: Final = Path(__file__).resolve().parent.parent.parent
FIRST_DAY: Final = date(2017, 1, 1)
LAST_DAY: Final = date(2099, 12, 31)


class Expected(click.ParamType[Any]):
    """A value of the command line, with the words that say what is expected of it."""

    def __init__(self, name: str, read: Callable[[str], Any], words: str) -> None:
        self.name = name
        self.read = read
        self.words = words

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:  # noqa: ANN401 - the base class's signature
        """The value read; a value that is no text was a default and stays."""
        if not isinstance(value, str):
            return value
        try:
            return self.read(value.strip())
        except ValueError:
            self.fail(f"“{value}” không dùng được: cần {self.words}.", param, ctx)


def _whole(least: int, most: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        number = int(text)
        if not least <= number <= most:
            raise ValueError(text)
        return number

    return read


def _day(text: str) -> date:
    day = date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text) else None
    if day is None or not FIRST_DAY <= day <= LAST_DAY:
        raise ValueError(text)
    return day


def _format(text: str) -> str:
    if text.lower() not in {"json", "csv"}:
        raise ValueError(text)
    return text.lower()


def _audience(text: str) -> str:
    if text not in {"noi-bo", "ben-ngoai"}:
        raise ValueError(text)
    return text


PORT: Final = Expected("cổng", _whole(1, 65_535), "một số nguyên từ 1 đến 65535")
DOSSIERS: Final = Expected("số", _whole(1, 100_000_000), "một số nguyên từ 1 đến 100000000")
SEED: Final = Expected("số", _whole(0, 2**31 - 1), "một số nguyên từ 0 đến 2147483647")
DAY: Final = Expected("ngày", _day, "một ngày viết như 2026-10-31, từ năm 2017 đến năm 2099")
KEEP: Final = Expected("số", _whole(1, 1_000), "một số nguyên từ 1 đến 1000")
RATE: Final = Expected("dòng/giây", _whole(100, 100_000_000), "một số nguyên từ 100 trở lên")
FORMAT: Final = Expected("dạng", _format, "“json” hoặc “csv”")


AUDIENCE: Final = Expected("nơi nhận", _audience, "“noi-bo” hoặc “ben-ngoai”")


def database_options(command: Callable[..., None]) -> Callable[..., None]:
    """The two options of every command that reads a dossier database; without them the settings decide."""
    command = click.option("--source", metavar="TÊN", help="nguồn: native, tên trong config/sources, hoặc đường dẫn một thư mục")(command)
    return click.option("--database", metavar="ĐỊA_CHỈ", help="cơ sở dữ liệu hồ sơ; mặc định theo DASHBOARD_DATABASE_URL, hoặc dữ liệu minh họa")(command)


def as_option(command: Callable[..., None]) -> Callable[..., None]:
    """Whose eyes to see with; without it all is seen: who has a shell here has the database too."""
    return click.option("--as", "as_name", metavar="TÀI_KHOẢN", help="chỉ thấy những gì tài khoản này thấy (account list); mặc định thấy tất cả")(command)


def rights_of(as_name: str, settings: Settings) -> Rights:
    """The rights of an account. Raises BadRequest for one that is not there."""
    from dashboard.auth.accounts import Accounts
    from dashboard.opening import accounts_path

    account = Accounts(accounts_path(settings)).find(as_name)
    if account is None:
        raise BadRequest(f"no account {as_name}", sentence=f"Không có tài khoản “{as_name}”. Xem các tài khoản bằng: account list")
    return account.user.rights


def closed_at_end(opened: T) -> T:
    """What a command opened; closed when the command ends, however it ends."""
    click.get_current_context().call_on_close(opened.close)
    return opened


def settings_of(database: str | None, source: str | None) -> Settings:
    """The settings, where the command line wins. Raises BadSettings."""
    from config.settings import load_settings

    return load_settings({"database_url": database, "source": source})
