"""The command line: run, seed, check, ask, schema, advise, docs. The same code as the pages; every fault is one Vietnamese sentence and exit code 2."""

from __future__ import annotations

import difflib
import io
import os
import re
import socket
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NoReturn
from urllib.parse import parse_qsl

import click

from config.errors import BadSettings
from queries.errors import BadRequest, DashboardError

if TYPE_CHECKING:
    from config.settings import Settings

ROOT: Final = Path(__file__).resolve().parent.parent
METRICS_PAGE: Final = ROOT / "docs" / "metrics.md"
NOT_USABLE: Final = 2
INTERRUPTED: Final = 130
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


PORT: Final = Expected("cổng", _whole(1, 65_535), "một số nguyên từ 1 đến 65535")
DOSSIERS: Final = Expected("số", _whole(1, 100_000_000), "một số nguyên từ 1 đến 100000000")
SEED: Final = Expected("số", _whole(0, 2**31 - 1), "một số nguyên từ 0 đến 2147483647")
DAY: Final = Expected("ngày", _day, "một ngày viết như 2026-10-31, từ năm 2017 đến năm 2099")
FORMAT: Final = Expected("dạng", _format, "“json” hoặc “csv”")


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


def _database_options(command: Callable[..., None]) -> Callable[..., None]:
    """The two options of every command that reads a dossier database; without them the settings decide."""
    command = click.option("--source", metavar="TÊN", help="nguồn: native, tên trong config/sources, hoặc đường dẫn một thư mục")(command)
    return click.option("--database", metavar="ĐỊA_CHỈ", help="cơ sở dữ liệu hồ sơ; mặc định theo DASHBOARD_DATABASE_URL, hoặc dữ liệu minh họa")(command)


def _settings(database: str | None, source: str | None) -> Settings:
    from config.settings import load_settings

    return load_settings({"database_url": database, "source": source})


@cli.command(short_help="mở bảng điều khiển trên máy này")
@click.option("--port", type=PORT, default=8050, show_default=True, help="cổng trên máy này")
@_database_options
def run(port: int, database: str | None, source: str | None) -> None:
    """Mở bảng điều khiển ở http://127.0.0.1:8050 (chỉ máy này vào được)."""
    _settings(database, source)
    _refuse_busy(port)
    said = {"DASHBOARD_DATABASE_URL": database, "DASHBOARD_SOURCE": source}
    environment = {**os.environ, **{name: value for name, value in said.items() if value is not None}}
    command = [sys.executable, "-m", "gunicorn", "--config", str(ROOT / "config" / "gunicorn.conf.py")]
    os.execve(sys.executable, [*command, "--bind", f"127.0.0.1:{port}", "dashboard.wsgi:server"], environment)  # noqa: S606 - no shell: the arguments are ours


@cli.command(short_help="ghi dữ liệu minh họa")
@click.option("--out", type=click.Path(path_type=Path), default=Path("var/demo.duckdb"), show_default=True, metavar="TỆP", help="tệp DuckDB sẽ ghi")
@click.option("--dossiers", type=DOSSIERS, default=1_500_000, show_default=True, help="số hồ sơ của mọi hình thức")
@click.option("--as-of", type=DAY, default=date(2026, 10, 31), show_default=True, help="ngày số liệu")
@click.option("--seed", "seeded_by", type=SEED, default=1, show_default=True, help="số gieo: cùng số, cùng dữ liệu")
def seed(out: Path, dossiers: int, as_of: date, seeded_by: int) -> None:
    """Ghi dữ liệu minh họa: một tỉnh Lai Châu với hồ sơ bịa, giống nhau ở mọi lần ghi."""
    from dashboard.text import number, whole
    from queries.demo import seed as write

    out.parent.mkdir(parents=True, exist_ok=True)
    result = write(out, dossiers=dossiers, as_of=as_of, seed=seeded_by, progress=lambda line: click.echo(f"  {line}", err=True))
    click.echo(f"Đã ghi {whole(result.dossiers)} hồ sơ (dữ liệu minh họa) vào {result.path} trong {number(result.seconds)} giây.")


@cli.command(short_help="kiểm tra cơ sở dữ liệu hồ sơ")
@_database_options
@click.pass_context
def check(context: click.Context, database: str | None, source: str | None) -> None:
    """Kiểm tra cơ sở dữ liệu hồ sơ; mã thoát 0 dùng được, 1 dùng được nhưng có cảnh báo, 2 không dùng được. Không sửa gì."""
    settings = _settings(database, source)
    from queries.check import check as examine
    from queries.source import open_source

    report = examine(open_source(settings.database, settings.source, timeout_seconds=settings.query_timeout_seconds))
    click.echo(report.text())
    context.exit(report.exit_code)


@cli.command(short_help="in số liệu của một thẻ")
@click.argument("address", required=False, metavar="[ĐỊA_CHỈ]")
@_database_options
@click.option("--query", default="", metavar="BỘ_LỌC", help="như trên thanh địa chỉ: “tu=2018-01-01&den=2018-12-31”")
@click.option("--format", "kind", type=FORMAT, default="json", show_default=True, help="json hoặc csv")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), metavar="TỆP", help="ghi vào tệp thay vì in ra")
def ask(*, address: str | None, database: str | None, source: str | None, query: str, kind: str, out: Path | None) -> None:
    """In số liệu của một thẻ. Không có ĐỊA_CHỈ: liệt kê các địa chỉ."""
    from dashboard.exports.tables import BOM, to_csv, to_json
    from dashboard.pages import ADDRESSES, answer
    from queries.counting import Rules
    from queries.data import open_data
    from queries.filters import Filters

    if address is None:
        click.echo(_address_list(ADDRESSES))
        return
    if address not in ADDRESSES:
        raise _unknown_address(address, ADDRESSES)
    _say_unknown_keys(query)
    settings = _settings(database, source)
    data = open_data(settings.database, settings.source, settings.query_timeout_seconds, Rules(**settings.rules))
    frame = answer(address, data, query)
    for notice in Filters.from_query(query).timeframe(data.as_of, data.first_on).notices:
        click.echo(notice, err=True)
    text = to_json(frame) if kind == "json" else to_csv(frame)
    if out is None:
        click.echo(text, nl=False)
    else:
        out.write_text(BOM + text if kind == "csv" else text, encoding="utf-8")
        click.echo(f"Đã ghi {len(frame)} dòng vào {out}.", err=True)


@cli.command(short_help="in câu lệnh tạo bảng của hợp đồng dữ liệu")
@click.option("--dialect", required=True, metavar="LOẠI", help="clickhouse, postgresql, mariadb hoặc duckdb")
@click.option("--cluster", metavar="TÊN", help="tên cụm ClickHouse (remote_servers): bảng có bản sao, hồ sơ chia đều cho các mảnh")
def schema(dialect: str, cluster: str | None) -> None:
    """In câu lệnh tạo các bảng mà bảng điều khiển đọc. Chỉ in, không chạy."""
    from queries.schema import text

    click.echo(text(dialect, cluster), nl=False)


@cli.command(short_help="khuyên nên tạo chỉ mục, khung nhìn nào")
@_database_options
@click.option("--query", default="", metavar="BỘ_LỌC", help="các trang được mở với bộ lọc này")
@click.option("--measure", is_flag=True, help="đo mức lợi trên một bản sao rồi xóa (PostgreSQL; cần quyền tạo lược đồ và chỗ cho bản sao)")
def advise(database: str | None, source: str | None, query: str, *, measure: bool) -> None:
    """In những gì chủ cơ sở dữ liệu có thể tạo để các trang chạy nhanh hơn. Không tạo, không sửa gì ở bảng của chủ sở hữu."""
    from dashboard.advising import advise as lines

    settings = _settings(database, source)
    for line in lines(settings.database, settings.source, settings.query_timeout_seconds, query=query, measure=measure):
        click.echo(line)


@cli.command(short_help="ghi docs/metrics.md")
@click.option("--check", "only_check", is_flag=True, help="chỉ xem docs/metrics.md có còn đúng không; mã thoát 1 nếu đã cũ")
@click.pass_context
def docs(context: click.Context, only_check: bool) -> None:
    """Ghi docs/metrics.md: mọi chỉ tiêu với định nghĩa và căn cứ, in từ mã nguồn."""
    from dashboard.definitions_page import metrics_page

    page = metrics_page()
    if not only_check:
        METRICS_PAGE.write_text(page, encoding="utf-8")
        click.echo(f"Đã ghi {METRICS_PAGE.relative_to(ROOT)}.")
    elif not METRICS_PAGE.exists() or METRICS_PAGE.read_text(encoding="utf-8") != page:
        click.echo("docs/metrics.md đã cũ so với mã nguồn. Chạy: python -m dashboard docs", err=True)
        context.exit(1)


def _refuse_busy(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as gunicorn does: a port that was just left counts as free
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            other = port + 1 if port < 65_535 else 8050
            sentence = f"Không mở được cổng {port}: cổng đang bận hoặc cần quyền quản trị. Chọn cổng khác, ví dụ: PORT={other} make run"
            raise BadRequest(f"cannot bind port {port}: {error.strerror}", sentence=sentence) from None


def _address_list(addresses: Mapping[str, str]) -> str:
    width = max((len(address) for address in addresses), default=0)
    return "\n".join(f"{address:<{width}}  {title}" for address, title in addresses.items())


def _unknown_address(address: str, addresses: Mapping[str, str]) -> BadRequest:
    near = difflib.get_close_matches(address, addresses, n=1)
    advice = f"Có phải là “{near[0]}”?" if near else "Các địa chỉ dùng được:\n" + _address_list(addresses)
    return BadRequest(f"unknown address {address!r}", sentence=f"Không có thẻ nào ở địa chỉ “{address}”. {advice}")


def _say_unknown_keys(query: str) -> None:
    """Say on the side which keys narrow nothing, so that a figure for other filters is not taken for the wanted one."""
    from dashboard.tables import STATE_KEYS
    from queries.filters import KEYS

    for key in dict(parse_qsl(query.lstrip("?"), keep_blank_values=True)):
        if key not in KEYS and key not in STATE_KEYS:  # a page's address may be pasted whole; sort and search do not touch the figures
            click.echo(f"Không có khóa lọc “{key}”; các khóa dùng được: {', '.join(KEYS)}.", err=True)


if __name__ == "__main__":
    main()
