"""Trình bày: what can be taken to a meeting today, and what this page will make."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pandas as pd

from dashboard.cards import Asked, Drawing, Page
from dashboard.pages import briefing_calendar
from dashboard.tables import Column, Table
from queries.reporting import ReportingPeriods

if TYPE_CHECKING:
    from queries.data import Data
    from queries.filters import Filters

PAGE: Final = Page("/trinh-bay", "Trình bày", "Mang số liệu vào cuộc họp: hôm nay làm được gì, và trang này sẽ có gì.")
WAYS: Final = (
    ("Biểu đồ vào trang chiếu hoặc văn bản", True, "Bấm “Tải PNG” (ảnh) hoặc “Tải SVG” (nét ở mọi cỡ) dưới biểu đồ, rồi chèn vào tệp."),
    ("Số liệu vào bảng tính", True, "Bấm “Tải CSV” dưới thẻ; tệp mở thẳng bằng Excel, giữ nguyên chữ tiếng Việt."),
    ("Cả trang ra giấy hoặc PDF", True, "Mở trang cần in, bấm Ctrl+P; bộ lọc và ngày số liệu in kèm."),
    ("Đúng màn hình này cho người khác", True, "Gửi địa chỉ trên thanh trình duyệt: địa chỉ giữ cả kỳ, phạm vi và cách sắp xếp."),
    ("Số liệu cho phần mềm khác", True, "Lệnh “python -m dashboard ask” in số liệu của từng thẻ ra CSV hoặc JSON."),
    ("Tệp trình chiếu dựng sẵn", False, "Trang chiếu của kỳ với biểu đồ sửa được, thông điệp và ngày số liệu."),
    ("Dự thảo báo cáo định kỳ", False, "Văn bản theo thể thức NĐ 30/2020/NĐ-CP, ghi “DỰ THẢO”, số và chữ ký để trống."),
    ("Phụ lục bảng biểu", False, "Bảng theo đơn vị và biểu của TT 17/2017/TT-BTTTT trong một tệp bảng tính."),
    ("Danh sách đơn vị cần nhắc", False, "Danh sách kèm số kết quả đã trả và lần trả qua bưu chính gần nhất, sẵn để gửi."),
)


@dataclass(frozen=True)
class Ways:
    """One row per way to take figures to a meeting, those that work today first: what, works_today, how. The same for all filters."""

    def ask(self, data: Data, filters: Filters) -> pd.DataFrame:  # noqa: ARG002 - a question has this shape; the ways depend on neither
        """The frame."""
        return pd.DataFrame(WAYS, columns=["what", "works_today", "how"]).astype({"what": "str", "works_today": "boolean", "how": "str"})


@PAGE.card("briefing.today", "Dùng được ngay hôm nay", Ways())
def today(frame: pd.DataFrame, asked: Asked) -> Drawing:  # noqa: ARG001 - a drawing has this shape; the ways are the same for all filters
    """What every page can give already."""
    rows = frame[frame["works_today"]]
    return Drawing(
        f"Trang dựng sẵn bài trình bày chưa có; hôm nay có {len(rows)} cách lấy số liệu từ các trang khác",
        "Từ mọi trang, với đúng bộ lọc đang dùng",
        table=Table.of(rows, (Column("what", "Cần"), Column("how", "Làm thế này"))),
        lines=("Tệp CSV có ngày số liệu trong tên; tệp nào từ dữ liệu minh họa cũng ghi “minh họa” trong tên.",),
        note="“Tải PNG” và “Tải SVG” chỉ có ở thẻ có biểu đồ.",
    )


@PAGE.card("briefing.coming", "Sẽ có", Ways())
def coming(frame: pd.DataFrame, asked: Asked) -> Drawing:  # noqa: ARG001 - a drawing has this shape; the ways are the same for all filters
    """What this page will make, and does not make yet."""
    rows = frame[~frame["works_today"]]
    return Drawing(
        f"Trang này sẽ làm {len(rows)} việc; hiện chưa làm được việc nào",
        "Kế hoạch của trang Trình bày",
        table=Table.of(rows, (Column("what", "Sản phẩm"), Column("how", "Gồm có"))),
        note="Khi có, các tệp dùng cùng số liệu và cùng định nghĩa với các trang khác.",
    )


PAGE.card("briefing.calendar", "Lịch báo cáo", ReportingPeriods())(briefing_calendar.drawing)
