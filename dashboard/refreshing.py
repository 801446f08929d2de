"""A refresh as a person sees it on the terminal: a bar while it runs, one sentence at the end, and a clean stop when it is told to stop."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from types import FrameType
from typing import Final

import click

from dashboard.text import number, whole
from queries.extract import Step
from queries.extract import refresh as make

VIET_NAM: Final = timezone(timedelta(hours=7))
NAMES: Final = {
    "dossiers": "hồ sơ",
    "agencies": "cơ quan, đơn vị",
    "procedures": "thủ tục",
    "agency_procedures": "danh mục bưu chính",
    "areas": "địa bàn",
    "successions": "kế thừa đơn vị",
    "service_points": "điểm phục vụ",
    "postal_incidents": "khiếu nại, sự cố",
    "coverage": "phạm vi số liệu",
    "load_info": "ngày số liệu",
}
_BAR: Final = 30


class _Bar:
    """Copying, drawn on standard error: one line that grows on a terminal, one line per relation elsewhere."""

    def __init__(self) -> None:
        self._relation = ""
        self._is_terminal = sys.stderr.isatty()

    def show(self, step: Step) -> None:
        began = step.relation != self._relation
        self._relation = step.relation
        if step.relation not in NAMES:
            self._line("  Sắp xếp, cộng sẵn và so với nguồn …")
        elif self._is_terminal:
            click.echo(f"\r\033[K  {self._drawn(step)}", err=True, nl=False)
        elif began:
            self._line(f"  Đọc {NAMES[step.relation]}{'' if step.of is None else f' ({whole(step.of)})'} …")

    def end(self) -> None:
        if self._is_terminal:
            click.echo("\r\033[K", err=True, nl=False)

    def _line(self, text: str) -> None:
        click.echo(f"\r\033[K{text}" if self._is_terminal else text, err=True, nl=not self._is_terminal)

    def _drawn(self, step: Step) -> str:
        if not step.of:
            return f"Đọc {NAMES[step.relation]}: {whole(step.rows)}"
        done = min(step.rows / step.of, 1.0)
        full = round(done * _BAR)
        return f"Đọc {NAMES[step.relation]} [{'█' * full}{'·' * (_BAR - full)}] {number(done * 100, 0)}% ({whole(step.rows)}/{whole(step.of)})"


def refresh(url: str, name: str, to: Path, *, since: date | None, keep: int, rate: int | None) -> str:
    """Make the next version and say what was made. Raises the errors of `queries.extract.refresh`."""
    bar = _Bar()
    with _stoppable(bar):
        made = make(url, name, to, at=datetime.now(VIET_NAM).replace(tzinfo=None), since=since, keep=keep, rate=rate, progress=bar.show)
    read = "" if made.read == made.dossiers else f", đọc lại {whole(made.read)} từ nguồn"
    size = number(made.version.stat().st_size / 2**20)
    return f"Đã có bản trích mới {made.version} ({whole(made.dossiers)} hồ sơ{read}; {size} MiB) trong {number(made.seconds)} giây, mở bằng duckdb:///{to}."


@contextmanager
def _stoppable(bar: _Bar) -> Iterator[None]:
    """Let SIGTERM stop as Ctrl-C does: what was begun is removed, what is served stays."""

    def stop(_: int, __: FrameType | None) -> None:
        raise KeyboardInterrupt

    kept = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    except KeyboardInterrupt:
        bar.end()
        click.echo("Đã dừng theo yêu cầu. Bản trích đang dùng không thay đổi.", err=True)
        raise click.Abort from None
    finally:
        signal.signal(signal.SIGTERM, kept)
        bar.end()
