"""docs/metrics.md as text, printed from the metrics themselves."""

from __future__ import annotations

from typing import Final

from queries.definitions import denominator_in_words, numerator_in_words
from queries.metrics import ALL

DIRECTIONS: Final = {"higher": "tăng", "lower": "giảm"}


def metrics_page() -> str:
    """Every metric as a section of Markdown, in the order of their declaration."""
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
