"""Trình bày: the reporting calendar and every way to take figures to a meeting; the briefings themselves are made above these cards."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pandas as pd

from config.language import say
from dashboard.cards import Asked, Drawing, Page
from dashboard.pages import briefing_calendar
from dashboard.tables import Column, Table
from queries.reporting import ReportingPeriods

if TYPE_CHECKING:
    from queries.data import Data
    from queries.filters import Filters

PAGE: Final = Page("/trinh-bay", "Trình bày", "Từ màn hình đến cuộc họp ngày mai: trang chiếu, báo cáo, bảng số liệu của kỳ, và lịch báo cáo.")
WAYS: Final = (
    ("Trang chiếu, báo cáo, bảng số liệu của một kỳ", "Chọn mẫu ở trên, bấm loại tệp. Biểu đồ trong tệp là biểu đồ sửa được, không phải ảnh."),
    ("Cả một trang", "Ở đầu mỗi trang, dòng “Tải cả trang”: PPTX, XLSX hoặc PDF, đúng bộ lọc đang dùng."),
    ("Một thẻ", "Dưới mỗi thẻ: XLSX có công thức sống, PPTX một trang chiếu, PDF, CSV; ảnh PNG hoặc SVG của biểu đồ."),
    ("Đúng màn hình này cho người khác", "Gửi địa chỉ trên thanh trình duyệt: địa chỉ giữ cả kỳ, phạm vi và cách sắp xếp."),
    ("Biết số đã đưa ra còn đúng không", "Mở địa chỉ của mã đối chiếu in trên tệp: trang nêu từng số nay đã khác."),
    ("Làm tệp tự động hằng tháng", "Lệnh “python -m dashboard export”; cách hẹn giờ ở tài liệu vận hành (docs/operate.md)."),
)


@dataclass(frozen=True)
class Ways:
    """One row per way to take figures to a meeting: what, how. The same for all filters."""

    def ask(self, data: Data, filters: Filters) -> pd.DataFrame:  # noqa: ARG002 - a question has this shape; the ways depend on neither
        """The frame."""
        return pd.DataFrame(WAYS, columns=["what", "how"]).astype("str")


PAGE.card("briefing.calendar", "Lịch báo cáo", ReportingPeriods())(briefing_calendar.drawing)


@PAGE.card("briefing.ways", "Các cách mang số liệu đi", Ways())
def ways(frame: pd.DataFrame, asked: Asked) -> Drawing:  # noqa: ARG001 - a drawing has this shape; the ways are the same for all filters
    """Every way out of the dashboard."""
    return Drawing(
        say("{} cách mang số liệu đi, cách nào cũng giữ bộ lọc và ngày số liệu", len(frame)),
        "Tệp nào từ dữ liệu minh họa cũng ghi “minh họa” trong tệp và trong tên",
        table=Table.of(frame, (Column("what", "Cần"), Column("how", "Làm thế này"))),
        note="Mỗi tệp ghi bộ lọc bằng lời, ngày số liệu, lúc lập, phiên bản và mã đối chiếu.",
    )
