"""What the database says: check, ask."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import parse_qsl

import click

from dashboard.commands.options import FORMAT, as_option, closed_at_end, database_options, rights_of, settings_of
from queries.errors import BadRequest


@click.command(short_help="kiểm tra cơ sở dữ liệu hồ sơ")
@database_options
@click.pass_context
def check(context: click.Context, database: str | None, source: str | None) -> None:
    """Kiểm tra cơ sở dữ liệu hồ sơ; mã thoát 0 dùng được, 1 dùng được nhưng có cảnh báo, 2 không dùng được. Không sửa gì."""
    settings = settings_of(database, source)
    from queries.check import check as examine
    from queries.source import open_source

    report = examine(closed_at_end(open_source(settings.database, settings.source, timeout_seconds=settings.query_timeout_seconds)))
    click.echo(report.text())
    context.exit(report.exit_code)


@click.command(short_help="in số liệu của một thẻ")
@click.argument("address", required=False, metavar="[ĐỊA_CHỈ]")
@database_options
@click.option("--query", default="", metavar="BỘ_LỌC", help="như trên thanh địa chỉ: “tu=2018-01-01&den=2018-12-31”")
@click.option("--format", "kind", type=FORMAT, default="json", show_default=True, help="json hoặc csv")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), metavar="TỆP", help="ghi vào tệp thay vì in ra")
@as_option
def ask(*, address: str | None, database: str | None, source: str | None, query: str, kind: str, out: Path | None, as_name: str | None) -> None:
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
    say_unknown_keys(query)
    settings = settings_of(database, source)
    data = closed_at_end(open_data(settings.database, settings.source, settings.query_timeout_seconds, Rules(**settings.rules)))
    if as_name is not None:
        data = data.within(rights_of(as_name, settings))
    frame = answer(address, data, query)
    for notice in Filters.from_query(query).timeframe(data.as_of, data.first_on).notices:
        click.echo(notice, err=True)
    text = to_json(frame) if kind == "json" else to_csv(frame)
    if out is None:
        click.echo(text, nl=False)
    else:
        out.write_text(BOM + text if kind == "csv" else text, encoding="utf-8")
        click.echo(f"Đã ghi {len(frame)} dòng vào {out}.", err=True)


def _address_list(addresses: Mapping[str, str]) -> str:
    width = max((len(address) for address in addresses), default=0)
    return "\n".join(f"{address:<{width}}  {title}" for address, title in addresses.items())


def _unknown_address(address: str, addresses: Mapping[str, str]) -> BadRequest:
    near = difflib.get_close_matches(address, addresses, n=1)
    advice = f"Có phải là “{near[0]}”?" if near else "Các địa chỉ dùng được:\n" + _address_list(addresses)
    return BadRequest(f"unknown address {address!r}", sentence=f"Không có thẻ nào ở địa chỉ “{address}”. {advice}")


def say_unknown_keys(query: str) -> None:
    """Say on the side which keys narrow nothing, so that a figure for other filters is not taken for the wanted one."""
    from dashboard.tables import STATE_KEYS
    from queries.filters import KEYS

    for key in dict(parse_qsl(query.lstrip("?"), keep_blank_values=True)):
        if key not in KEYS and key not in STATE_KEYS:  # a page's address may be pasted whole; sort and search do not touch the figures
            click.echo(f"Không có khóa lọc “{key}”; các khóa dùng được: {', '.join(KEYS)}.", err=True)
