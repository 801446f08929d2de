"""For whoever has the boundaries of the areas: boundaries check."""

from __future__ import annotations

import sys
from pathlib import Path

import click


@click.group(short_help="ranh giới xã, phường cho bản đồ")
def boundaries() -> None:
    """Ranh giới hành chính do tỉnh cung cấp (GeoJSON), đặt ở config/province/boundaries.geojson; không có tệp thì bản đồ vẽ bằng ô."""


@boundaries.command(short_help="kiểm tra một tệp ranh giới")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="TỆP")
def check(file: Path) -> None:
    """Kiểm tra một tệp GeoJSON trước khi dùng: mã lạ, mã thiếu, đường biên hỏng, cỡ tệp. Mã thoát 1: dùng được nhưng có điều cần xem."""
    from config.boundary_check import findings
    from config.province import load_places, names
    from dashboard.pages.areas_map import HOW
    from dashboard.text import number, whole

    found, sentences = findings(file, load_places(), names())
    for sentence in sentences:
        click.echo(sentence)
    click.echo(
        f"{whole(len(found.rings))} vùng, {whole(found.read)} điểm; vẽ {whole(found.kept)} điểm, rộng {number(found.width)} km, cao {number(found.height)} km."
    )
    click.echo(HOW)
    sys.exit(1 if sentences else 0)
