"""Serving and the demo province: run, seed."""

from __future__ import annotations

import os
import signal
import socket
import sys
from datetime import date
from pathlib import Path

import click

from dashboard.commands.options import DAY, DOSSIERS, PORT, ROOT, SEED, database_options, settings_of
from queries.errors import BadRequest


@click.command(short_help="mở bảng điều khiển trên máy này")
@click.option("--port", type=PORT, default=8050, show_default=True, help="cổng trên máy này")
@database_options
def run(port: int, database: str | None, source: str | None) -> None:
    """Mở bảng điều khiển ở http://127.0.0.1:8050 (chỉ máy này vào được)."""
    settings_of(database, source)
    _refuse_busy(port)
    said = {"DASHBOARD_DATABASE_URL": database, "DASHBOARD_SOURCE": source}
    environment = {**os.environ, **{name: value for name, value in said.items() if value is not None}}
    command = [sys.executable, "-m", "gunicorn", "--config", str(ROOT / "config" / "gunicorn.conf.py")]
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})  # kept back while the interpreter starts anew; config/gunicorn.conf.py lets it through
    os.execve(sys.executable, [*command, "--bind", f"127.0.0.1:{port}", "dashboard.wsgi:server"], environment)  # noqa: S606 - no shell: the arguments are ours


@click.command(short_help="ghi dữ liệu minh họa")
@click.option("--out", type=click.Path(path_type=Path), default=Path("var/demo.duckdb"), show_default=True, metavar="TỆP", help="tệp DuckDB sẽ ghi")
@click.option("--dossiers", type=DOSSIERS, default=1_500_000, show_default=True, help="số hồ sơ của mọi hình thức")
@click.option("--as-of", type=DAY, default=date(2026, 10, 31), show_default=True, help="ngày số liệu")
@click.option("--seed", "seeded_by", type=SEED, default=1, show_default=True, help="số gieo: cùng số, cùng dữ liệu")
def seed(out: Path, dossiers: int, as_of: date, seeded_by: int) -> None:
    """Ghi dữ liệu minh họa: một tỉnh Lai Châu với hồ sơ bịa, giống nhau ở mọi lần ghi."""
    from dashboard.text import number, whole
    from queries.demo import seed as write

    out.parent.mkdir(parents=True, exist_ok=True)
    result = write(out, dossiers=dossiers, as_of=as_of, seed=seeded_by, rollups=True, progress=lambda line: click.echo(f"  {line}", err=True))
    click.echo(f"Đã ghi {whole(result.dossiers)} hồ sơ (dữ liệu minh họa) vào {result.path} trong {number(result.seconds)} giây.")


def _refuse_busy(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as gunicorn does: a port that was just left counts as free
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            other = port + 1 if port < 65_535 else 8050
            sentence = f"Không mở được cổng {port}: cổng đang bận hoặc cần quyền quản trị. Chọn cổng khác, ví dụ: PORT={other} make run"
            raise BadRequest(f"cannot bind port {port}: {error.strerror}", sentence=sentence) from None
