"""Local accounts: account add, list, remove, passwd."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from dashboard.commands.options import settings_of
from queries.errors import BadRequest

if TYPE_CHECKING:
    from dashboard.auth.accounts import Accounts

ROLES = ("viewer", "head", "post_operator", "administrator")


@click.group(short_help="tài khoản đăng nhập trong tệp")
def account() -> None:
    """Tài khoản đăng nhập trong tệp (sign_in = "local" hoặc "local+oidc"). Có hiệu lực ngay, không cần khởi động lại."""


@account.command(short_help="thêm một tài khoản")
@click.argument("name", metavar="TÊN")
@click.option("--role", required=True, metavar="VAI_TRÒ", help="viewer (xem toàn tỉnh), head (thủ trưởng), post_operator (bưu chính), administrator")
@click.option("--agency", "agencies", multiple=True, metavar="MÃ", help="mã đơn vị của head; lặp lại cho nhiều đơn vị")
@click.option("--password-stdin", is_flag=True, help="đọc mật khẩu từ dòng đầu của đầu vào chuẩn thay vì hỏi")
def add(name: str, role: str, agencies: tuple[str, ...], *, password_stdin: bool) -> None:
    """Thêm một tài khoản; mật khẩu được hỏi, không bao giờ nằm trên dòng lệnh."""
    from queries.rights import Role

    if role not in ROLES:
        raise BadRequest(f"no role {role!r}", sentence=f"Không có vai trò “{role}”. Các vai trò: {', '.join(ROLES)}.")
    _accounts().add(name, Role(role), agencies, _password(from_input=password_stdin))
    click.echo(f"Đã thêm tài khoản “{name}” ({role}).", err=True)


@account.command("list", short_help="liệt kê các tài khoản")
def list_() -> None:
    """Liệt kê các tài khoản: tên, vai trò, đơn vị."""
    for one in _accounts().all():
        click.echo("\t".join((one.name, one.role, ",".join(one.agencies))))


@account.command(short_help="xóa một tài khoản")
@click.argument("name", metavar="TÊN")
def remove(name: str) -> None:
    """Xóa một tài khoản; phiên đang mở của nó hết hiệu lực ngay."""
    _accounts().remove(name)
    click.echo(f"Đã xóa tài khoản “{name}”.", err=True)


@account.command(short_help="đổi mật khẩu")
@click.argument("name", metavar="TÊN")
@click.option("--password-stdin", is_flag=True, help="đọc mật khẩu từ dòng đầu của đầu vào chuẩn thay vì hỏi")
def passwd(name: str, *, password_stdin: bool) -> None:
    """Đổi mật khẩu của một tài khoản; phiên đang mở của nó hết hiệu lực ngay."""
    _accounts().set_password(name, _password(from_input=password_stdin))
    click.echo(f"Đã đổi mật khẩu của “{name}”.", err=True)


def _accounts() -> Accounts:
    from dashboard.auth.accounts import Accounts
    from dashboard.opening import accounts_path

    return Accounts(accounts_path(settings_of(None, None)))


def _password(*, from_input: bool) -> str:
    if from_input:
        return sys.stdin.readline().rstrip("\r\n")
    return str(click.prompt("Mật khẩu", hide_input=True, confirmation_prompt="Nhập lại mật khẩu", err=True))
