"""The command line. The same code as the pages; every fault is one Vietnamese sentence and exit code 2."""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence
from typing import Final, NoReturn

import click

from config.errors import BadSettings
from dashboard import commands
from queries.errors import DashboardError

NOT_USABLE: Final = 2
INTERRUPTED: Final = 130


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run one command and leave with its exit code; the one place where a fault becomes a sentence on the terminal."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8")  # the words are Vietnamese whatever the terminal's locale says
    try:
        code = cli.main(arguments, "python -m dashboard", standalone_mode=False)
    except (DashboardError, BadSettings) as error:
        _leave(error.sentence)
    except click.UsageError as error:
        _leave(_usage_sentence(error))
    except click.Abort:
        sys.exit(INTERRUPTED)
    except OSError as error:
        where = f" “{error.filename}”" if error.filename else ""
        _leave(f"Không đọc hoặc ghi được{where}: {error.strerror or error}. Kiểm tra đường dẫn, quyền ghi và chỗ trống trên đĩa.")
    sys.exit(code if isinstance(code, int) else 0)


def _leave(sentence: str) -> NoReturn:
    click.echo(sentence, err=True)
    sys.exit(NOT_USABLE)


def _usage_sentence(error: click.UsageError) -> str:
    help_line = f"Xem: {error.ctx.command_path} --help" if error.ctx else ""
    hint = error.param.get_error_hint(error.ctx) if isinstance(error, click.BadParameter) and error.param and error.ctx else "một tham số"
    match error:
        case click.exceptions.NoArgsIsHelpError():
            return error.message
        case click.exceptions.NoSuchCommand():
            return f"Không có lệnh “{error.command_name}”.{_near(error.possibilities)} {help_line}"
        case click.NoSuchOption():
            return f"Không có tùy chọn {error.option_name}.{_near(error.possibilities)} {help_line}"
        case click.BadOptionUsage():
            return f"Tùy chọn {error.option_name} dùng không đúng: thiếu hoặc thừa giá trị. {help_line}"
        case click.MissingParameter():
            return f"Thiếu {hint}. {help_line}"
        case click.BadParameter():
            return f"{hint}: {error.message}"
    return f"Lệnh không đúng: {error.message} {help_line}"


def _near(possibilities: Sequence[str] | None) -> str:
    return f" Có phải là {possibilities[0]}?" if possibilities else ""


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 120})
def cli() -> None:
    """Tiếp nhận hồ sơ, trả kết quả qua dịch vụ bưu chính công ích: số liệu theo đơn vị, địa bàn, thủ tục."""


for _command in commands.ALL:
    cli.add_command(_command)
