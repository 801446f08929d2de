"""The extract: refresh."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from dashboard.commands.options import DAY, KEEP, RATE


@click.command(short_help="chép dữ liệu sang một bản trích để đọc nhanh")
@click.option("--from", "url", required=True, envvar="REFRESH_FROM", metavar="ĐỊA_CHỈ", help="cơ sở dữ liệu nguồn; có mật khẩu thì đặt ở biến REFRESH_FROM")
@click.option("--source", "name", default="native", show_default=True, metavar="TÊN", help="native, tên trong config/sources, hoặc đường dẫn một thư mục")
@click.option("--to", type=click.Path(path_type=Path), default=Path("var/dossiers.duckdb"), show_default=True, metavar="TỆP", help="tên để mở bản trích")
@click.option("--since", type=DAY, metavar="NGÀY", help="chỉ đọc lại hồ sơ tiếp nhận từ ngày này và các tháng tiếp nhận có số liệu đã đổi")
@click.option("--keep", type=KEEP, default=3, show_default=True, help="số bản trích giữ lại, kể cả bản mới")
@click.option("--rate", type=RATE, metavar="SỐ", help="đọc không quá số dòng này mỗi giây, để nhẹ cho nguồn")
def refresh(*, url: str, name: str, to: Path, since: date | None, keep: int, rate: int | None) -> None:
    """Chép các cột của hợp đồng dữ liệu từ nguồn sang một bản trích DuckDB mới, so với nguồn theo từng tháng, rồi mới đưa vào dùng.

    Nguồn chỉ bị đọc, trong một lượt và một thời điểm nhất quán. Bảng điều khiển đang chạy vẫn đọc bản cũ, và tự chuyển sang bản mới sau vài giây.
    Bị ngắt hoặc có lỗi thì không có gì thay đổi.

    --since so số liệu từng tháng tiếp nhận (số hồ sơ, trạng thái, ngày, mã, hình thức, cước) giữa nguồn và bản trước; tháng nào khác thì đọc lại cả tháng.
    Không thấy được: sửa đổi trong tháng cũ mà mọi tổng vẫn như cũ, ví dụ hai hồ sơ đổi đơn vị cho nhau. Vì vậy nên chép toàn bộ ít nhất mỗi tuần một lần.
    Không dùng được khi chưa có bản trước, hoặc bản trước lấy từ nguồn khác hay có cột khác.
    """
    from dashboard.refreshing import refresh as make

    click.echo(make(url, name, to, since=since, keep=keep, rate=rate))
