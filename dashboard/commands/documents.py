"""Documents printed from the code: docs."""

from __future__ import annotations

from typing import Final

import click

from dashboard.commands.options import ROOT

METRICS_PAGE: Final = ROOT / "docs" / "metrics.md"
DIRECTIONS: Final = {"higher": "tăng", "lower": "giảm"}


@click.command(short_help="ghi docs/metrics.md")
@click.option("--check", "only_check", is_flag=True, help="chỉ xem docs/metrics.md có còn đúng không; mã thoát 1 nếu đã cũ")
@click.pass_context
def docs(context: click.Context, only_check: bool) -> None:
    """Ghi docs/metrics.md: mọi chỉ tiêu với định nghĩa và căn cứ, in từ mã nguồn."""
    page = _metrics_page()
    if not only_check:
        METRICS_PAGE.write_text(page, encoding="utf-8")
        click.echo(f"Đã ghi {METRICS_PAGE.relative_to(ROOT)}.")
    elif not METRICS_PAGE.exists() or METRICS_PAGE.read_text(encoding="utf-8") != page:
        click.echo("docs/metrics.md đã cũ so với mã nguồn. Chạy: python -m dashboard docs", err=True)
        context.exit(1)


def _metrics_page() -> str:
    """Every metric as a section of Markdown, in the order of their declaration."""
    from queries.definitions import denominator_in_words, numerator_in_words
    from queries.metrics import ALL

    lines = ["# Các chỉ tiêu và cách tính", "", "In từ `queries/metrics.py` bằng `python -m dashboard docs`; không sửa tệp này.", ""]
    for metric in ALL:
        facts = {
            "Khóa": f"`{metric.key}`",
            "Đơn vị": metric.unit,
            "Đếm" if not metric.denominator else "Tử số": numerator_in_words(metric),
            "Mẫu số": denominator_in_words(metric),
            "Tính theo": metric.dated,
            "Căn cứ": metric.source,
            "Chiều tốt": DIRECTIONS.get(metric.better, ""),
        }
        lines += [f"## {metric.label}", "", metric.definition, "", *(f"- {name}: {fact}" for name, fact in facts.items() if fact), ""]
    return "\n".join(lines)
