"""For whoever owns the database: schema, advise."""

from __future__ import annotations

import click

from dashboard.commands.options import database_options, settings_of


@click.command(short_help="in câu lệnh tạo bảng của hợp đồng dữ liệu")
@click.option("--dialect", required=True, metavar="LOẠI", help="clickhouse, postgresql, mariadb hoặc duckdb")
@click.option("--cluster", metavar="TÊN", help="tên cụm ClickHouse (remote_servers): bảng có bản sao, hồ sơ chia đều cho các mảnh")
def schema(dialect: str, cluster: str | None) -> None:
    """In câu lệnh tạo các bảng mà bảng điều khiển đọc. Chỉ in, không chạy."""
    from queries.schema import text

    click.echo(text(dialect, cluster), nl=False)


@click.command(short_help="khuyên nên tạo chỉ mục, khung nhìn nào")
@database_options
@click.option("--query", default="", metavar="BỘ_LỌC", help="các trang được mở với bộ lọc này")
@click.option("--measure", is_flag=True, help="đo mức lợi trên một bản sao rồi xóa (PostgreSQL; cần quyền tạo lược đồ và chỗ cho bản sao)")
def advise(database: str | None, source: str | None, query: str, *, measure: bool) -> None:
    """In những gì chủ cơ sở dữ liệu có thể tạo để các trang chạy nhanh hơn. Không tạo, không sửa gì ở bảng của chủ sở hữu."""
    from dashboard.advising import advise as lines

    settings = settings_of(database, source)
    for line in lines(settings.database, settings.source, settings.query_timeout_seconds, query=query, measure=measure):
        click.echo(line)
