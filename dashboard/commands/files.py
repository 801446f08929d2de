"""Files from the command line: export."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dashboard.commands.answers import say_unknown_keys
from dashboard.commands.options import AUDIENCE, as_option, closed_at_end, database_options, rights_of, settings_of
from queries.errors import BadRequest

if TYPE_CHECKING:
    from dashboard.exports.files import Wanted
    from dashboard.exports.jobs import Tell
    from dashboard.exports.office import Office
    from queries.data import Data

BAR_STEPS = 100


@click.command(short_help="ghi tệp của một thẻ, một trang hoặc một bản trình bày")
@click.option("--card", metavar="ĐỊA_CHỈ", help="địa chỉ một thẻ, ví dụ agencies.volumes")
@click.option("--page", metavar="KHÓA", help="khóa một trang, ví dụ overview")
@click.option("--briefing", metavar="MẪU", help="tên một mẫu trong config/briefings, ví dụ quarterly")
@database_options
@click.option("--query", default="", metavar="BỘ_LỌC", help="như trên thanh địa chỉ: “ky=2026-Q3”")
@click.option("--format", "kind", metavar="DẠNG", help="csv, xlsx, pptx, docx, pdf; mặc định theo đuôi của --out")
@click.option("--audience", type=AUDIENCE, default="noi-bo", show_default=True, help="noi-bo, hoặc ben-ngoai: che số nhỏ")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True, metavar="TỆP", help="tệp sẽ ghi")
@as_option
def export(
    *,
    card: str | None,
    page: str | None,
    briefing: str | None,
    database: str | None,
    source: str | None,
    query: str,
    kind: str | None,
    audience: str,
    out: Path,
    as_name: str | None,
) -> None:
    """Ghi một tệp, giống hệt tệp tải từ trang: cùng bộ lọc, cùng số liệu, cùng mã đối chiếu."""
    from dashboard.exports.files import make

    wanted = _wanted((card, page, briefing), kind or out.suffix.lstrip("."), query, audience)
    say_unknown_keys(query)
    data, office = _opened(wanted, database, source, as_name)
    with _progress() as tell:
        made = make(wanted, data, office, tell)
    _write(out, made.body)
    click.echo(f"Đã ghi {out} ({len(made.body) // 1024 + 1} KB).", err=True)


def _wanted(named: tuple[str | None, str | None, str | None], kind: str, query: str, audience: str) -> Wanted:
    from dashboard.exports.files import Subject, Wanted

    found = [(subject, name) for subject, name in zip((Subject.CARD, Subject.PAGE, Subject.BRIEFING), named, strict=True) if name]
    if len(found) != 1:
        words = f"thấy {len(found)}" if found else "chưa thấy cái nào"
        raise BadRequest("one of --card, --page, --briefing", sentence=f"Cần đúng một trong --card, --page, --briefing; {words}.")
    outside = "" if audience == "noi-bo" else f"ng={audience}"
    return Wanted(*found[0], kind.lower(), "&".join(filter(None, (query.lstrip("?"), outside))))


def _opened(wanted: Wanted, database: str | None, source: str | None, as_name: str | None) -> tuple[Data, Office]:
    """The data and the office; a file that cannot be made is refused before the database is opened."""
    from dashboard.exports.files import check
    from dashboard.opening import data_of, look_of, office_of

    settings = settings_of(database, source)
    office = office_of(settings, look_of(settings))
    check(wanted, office)
    data = closed_at_end(data_of(settings))
    return data if as_name is None else data.within(rights_of(as_name, settings)), office


@contextmanager
def _progress() -> Iterator[Tell]:
    """A bar with what is being done, on standard error; where that is no terminal, only its words."""
    with click.progressbar(length=BAR_STEPS, file=sys.stderr, label="Đang mở cơ sở dữ liệu", show_eta=False) as bar:

        def tell(done: int, total: int, words: str) -> None:
            bar.label = words
            bar.update(round(BAR_STEPS * done / max(total, 1)) - bar.pos)

        yield tell
        bar.label = "Xong"
        bar.update(BAR_STEPS - bar.pos)


def _write(out: Path, body: bytes) -> None:
    """The whole file or none."""
    part = out.with_name(f".{out.name}.{os.getpid()}.part")
    try:
        part.write_bytes(body)
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)
