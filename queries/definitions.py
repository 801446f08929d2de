"""The definitions of all metrics as rows, with numerator and denominator in words: for the page, for files and for docs/metrics.md."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pandas as pd

from queries.counting import Metric, Terms
from queries.filters import Filters
from queries.metrics import ALL

if TYPE_CHECKING:
    from queries.data import Data

COUNT_NAMES: Final = {
    "received": "hồ sơ tiếp nhận",
    "received_by_post": "hồ sơ tiếp nhận qua bưu chính",
    "received_online": "hồ sơ tiếp nhận trực tuyến",
    "received_at_counter": "hồ sơ tiếp nhận trực tiếp",
    "received_channel_not_recorded": "hồ sơ tiếp nhận không ghi nhận hình thức",
    "received_recorded": "hồ sơ tiếp nhận có ghi nhận hình thức",
    "returned": "kết quả đã trả",
    "returned_recorded": "kết quả đã trả có ghi nhận hình thức",
    "returned_by_post": "kết quả trả qua bưu chính",
    "returned_channel_not_recorded": "kết quả đã trả không ghi nhận hình thức",
    "completed": "hồ sơ có kết quả",
    "completed_with_due": "hồ sơ có kết quả và có ngày hẹn trả",
    "completed_on_time": "hồ sơ có kết quả vào hoặc trước ngày hẹn trả",
    "completed_without_due": "hồ sơ có kết quả, không có ngày hẹn trả",
    "post_completed_with_due": "hồ sơ tiếp nhận qua bưu chính, có kết quả và có ngày hẹn trả",
    "post_completed_on_time": "hồ sơ tiếp nhận qua bưu chính, có kết quả vào hoặc trước ngày hẹn trả",
    "open": "hồ sơ đang giải quyết",
    "overdue": "hồ sơ đang giải quyết, ngày hẹn trả trước ngày số liệu",
    "postal_revenue": "cước bưu chính của hồ sơ tiếp nhận, cộng bằng đồng",
    "incidents": "vụ khiếu nại, mất, thất lạc, hư hỏng",
    "unsafe": "vụ mất, thất lạc, hư hỏng",
    "active_agencies": "đơn vị có ít nhất một kết quả trả qua bưu chính",
    "agencies": "đơn vị của danh mục tồn tại trong kỳ",
    "active_procedures": "thủ tục trong danh mục bưu chính có hồ sơ tiếp nhận hoặc kết quả trả qua bưu chính",
    "procedures": "thủ tục trong danh mục bưu chính",
}


def in_words(terms: Terms) -> str:
    """A sum of counts in words: “hồ sơ tiếp nhận qua bưu chính + kết quả trả qua bưu chính − vụ mất, thất lạc, hư hỏng”.

    Raises KeyError for a count without words.
    """
    said = ""
    for weight, count in terms:
        sign = "−" if weight < 0 else "+"
        times = "" if abs(weight) == 1 else f"{abs(weight)} × "
        said += f" {sign} " if said else "" if weight > 0 else "−"
        said += times + COUNT_NAMES[count.key]
    return said


def numerator_in_words(metric: Metric) -> str:
    """What is counted, or stands above the line of a ratio."""
    return in_words(metric.numerator)


def denominator_in_words(metric: Metric) -> str:
    """What stands under the line; empty for a plain sum."""
    return in_words(metric.denominator)


@dataclass(frozen=True)
class Definitions:
    """One row per metric, in the order of declaration: key, label, unit, definition, numerator, denominator (missing: not a ratio), dated, source,
    better (higher, lower or neither is good news). The same for all filters.
    """

    def ask(self, data: Data, filters: Filters) -> pd.DataFrame:  # noqa: ARG002 - a question has this shape; definitions depend on neither
        """The frame."""
        rows = [
            {
                "key": metric.key,
                "label": metric.label,
                "unit": str(metric.unit),
                "definition": metric.definition,
                "numerator": numerator_in_words(metric),
                "denominator": denominator_in_words(metric) or None,
                "dated": metric.dated,
                "source": metric.source,
                "better": str(metric.better),
            }
            for metric in ALL
        ]
        return pd.DataFrame(rows).astype("str")
