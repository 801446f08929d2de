"""Every figure of the dashboard, declared once: label, definition, legal source, numerator, denominator, dating column.

`docs/metrics.md`, the page “Dữ liệu và cách tính” and the small print under every card are printed from here. Active agencies and
active procedures count distinct things: they are declared here and counted in `queries.adoption`.
"""

from __future__ import annotations

from typing import Final

from queries import counting as c
from queries.counting import Better, Metric, Unit, one

_QD45 = "QĐ 45/2016/QĐ-TTg, Điều 5"
_TT17 = "TT 17/2017/TT-BTTTT, Điều 13"
_ND118 = "NĐ 118/2025/NĐ-CP"
_RECORD = "Mã trạng thái hồ sơ của Cổng Dịch vụ công quốc gia"
_BY_RECEIPT = "ngày tiếp nhận"
_BY_RETURN = "ngày trả kết quả"
_BY_RESULT = "ngày có kết quả"
_STOCK = "tình trạng tại ngày số liệu"

RECEIVED: Final = Metric(
    "received",
    "Hồ sơ tiếp nhận",
    Unit.DOSSIERS,
    "Số hồ sơ được tiếp nhận trong kỳ; không tính hồ sơ mới đăng ký (trạng thái 1) và hồ sơ không được tiếp nhận (trạng thái 3).",
    _RECORD,
    one(c.C_RECEIVED),
    dated=_BY_RECEIPT,
)
RECEIVED_BY_POST: Final = Metric(
    "received_by_post",
    "Tiếp nhận qua bưu chính",
    Unit.DOSSIERS,
    "Số hồ sơ tiếp nhận trong kỳ có hình thức tiếp nhận là bưu chính công ích.",
    _QD45,
    one(c.C_RECEIVED_BY_POST),
    better=Better.HIGHER,
    dated=_BY_RECEIPT,
)
RECEIVED_ONLINE: Final = Metric(
    "received_online",
    "Tiếp nhận trực tuyến",
    Unit.DOSSIERS,
    "Số hồ sơ tiếp nhận trong kỳ có hình thức tiếp nhận là trực tuyến.",
    _ND118,
    one(c.C_RECEIVED_ONLINE),
    dated=_BY_RECEIPT,
)
RECEIVED_AT_COUNTER: Final = Metric(
    "received_at_counter",
    "Tiếp nhận trực tiếp",
    Unit.DOSSIERS,
    "Số hồ sơ tiếp nhận trong kỳ có hình thức tiếp nhận là trực tiếp tại bộ phận một cửa.",
    _ND118,
    one(c.C_RECEIVED_AT_COUNTER),
    dated=_BY_RECEIPT,
)
RECEIVED_CHANNEL_NOT_RECORDED: Final = Metric(
    "received_channel_not_recorded",
    "Không ghi nhận hình thức tiếp nhận",
    Unit.DOSSIERS,
    "Số hồ sơ tiếp nhận trong kỳ mà cơ sở dữ liệu không ghi (hoặc ghi ngoài danh mục) hình thức tiếp nhận.",
    "Cách tính của hệ thống này; công thức của QĐ 766/QĐ-TTg tính chúng là trực tiếp",
    one(c.C_RECEIVED_UNKNOWN),
    better=Better.LOWER,
    dated=_BY_RECEIPT,
)
POSTAL_RECEIPT_RATE: Final = Metric(
    "postal_receipt_rate",
    "Tỷ lệ tiếp nhận qua bưu chính",
    Unit.PERCENT,
    "Số hồ sơ tiếp nhận qua bưu chính công ích chia cho số hồ sơ tiếp nhận có ghi nhận hình thức tiếp nhận.",
    _QD45,
    one(c.C_RECEIVED_BY_POST),
    one(c.C_RECEIVED_RECORDED),
    better=Better.HIGHER,
    dated=_BY_RECEIPT,
)
ONLINE_RECEIPT_RATE: Final = Metric(
    "online_receipt_rate",
    "Tỷ lệ tiếp nhận trực tuyến",
    Unit.PERCENT,
    "Số hồ sơ tiếp nhận trực tuyến chia cho số hồ sơ tiếp nhận có ghi nhận hình thức tiếp nhận.",
    _ND118,
    one(c.C_RECEIVED_ONLINE),
    one(c.C_RECEIVED_RECORDED),
    dated=_BY_RECEIPT,
)
COUNTER_RECEIPT_RATE: Final = Metric(
    "counter_receipt_rate",
    "Tỷ lệ tiếp nhận trực tiếp",
    Unit.PERCENT,
    "Số hồ sơ tiếp nhận trực tiếp chia cho số hồ sơ tiếp nhận có ghi nhận hình thức tiếp nhận.",
    _ND118,
    one(c.C_RECEIVED_AT_COUNTER),
    one(c.C_RECEIVED_RECORDED),
    dated=_BY_RECEIPT,
)
RETURNED: Final = Metric(
    "returned",
    "Kết quả đã trả",
    Unit.RESULTS,
    "Số kết quả đã trả cho tổ chức, cá nhân trong kỳ (trạng thái 10), bằng mọi hình thức.",
    _RECORD,
    one(c.C_RETURNED),
    dated=_BY_RETURN,
)
RETURNED_BY_POST: Final = Metric(
    "returned_by_post",
    "Trả kết quả qua bưu chính",
    Unit.RESULTS,
    "Số kết quả đã trả trong kỳ có hình thức trả là bưu chính công ích. Đăng ký nhận qua bưu chính mà chưa trả thì không tính.",
    _QD45,
    one(c.C_RETURNED_BY_POST),
    better=Better.HIGHER,
    dated=_BY_RETURN,
)
RETURNED_CHANNEL_NOT_RECORDED: Final = Metric(
    "returned_channel_not_recorded",
    "Không ghi nhận hình thức trả",
    Unit.RESULTS,
    "Số kết quả đã trả trong kỳ mà cơ sở dữ liệu không ghi (hoặc ghi ngoài danh mục) hình thức trả.",
    "Cách tính của hệ thống này",
    one(c.C_RETURNED_UNKNOWN),
    better=Better.LOWER,
    dated=_BY_RETURN,
)
POSTAL_RETURN_RATE: Final = Metric(
    "postal_return_rate",
    "Tỷ lệ trả kết quả qua bưu chính",
    Unit.PERCENT,
    "Số kết quả trả qua bưu chính công ích chia cho số kết quả đã trả có ghi nhận hình thức trả.",
    _QD45,
    one(c.C_RETURNED_BY_POST),
    one(c.C_RETURNED_RECORDED),
    better=Better.HIGHER,
    dated=_BY_RETURN,
)
COMPLETED: Final = Metric(
    "completed",
    "Hồ sơ có kết quả",
    Unit.DOSSIERS,
    "Số hồ sơ đã giải quyết xong trong kỳ (trạng thái 9 hoặc 10), tính theo ngày có kết quả.",
    _RECORD,
    one(c.C_COMPLETED),
    dated=_BY_RESULT,
)
ON_TIME_RATE: Final = Metric(
    "on_time_rate",
    "Tỷ lệ giải quyết đúng hạn",
    Unit.PERCENT,
    "Số hồ sơ có kết quả vào hoặc trước ngày hẹn trả chia cho số hồ sơ có kết quả và có ngày hẹn trả. So sánh theo ngày, không theo giờ.",
    "QĐ 766/QĐ-TTg (nhóm tiến độ giải quyết)",
    one(c.C_ON_TIME),
    one(c.C_COMPLETED_WITH_DUE),
    better=Better.HIGHER,
    dated=_BY_RESULT,
)
POSTAL_ON_TIME_RATE: Final = Metric(
    "postal_on_time_rate",
    "Đúng hạn của hồ sơ gửi qua bưu chính",
    Unit.PERCENT,
    "Tỷ lệ giải quyết đúng hạn, chỉ tính hồ sơ tiếp nhận qua bưu chính. Thời gian vận chuyển của bưu chính nằm ngoài thời hạn giải quyết.",
    "QĐ 45/2016/QĐ-TTg",
    one(c.C_POST_ON_TIME),
    one(c.C_POST_WITH_DUE),
    better=Better.HIGHER,
    dated=_BY_RESULT,
)
COMPLETED_WITHOUT_DUE: Final = Metric(
    "completed_without_due",
    "Có kết quả nhưng không có ngày hẹn trả",
    Unit.DOSSIERS,
    "Số hồ sơ có kết quả trong kỳ mà không có ngày hẹn trả; đứng ngoài tỷ lệ đúng hạn.",
    "Cách tính của hệ thống này",
    one(c.C_WITHOUT_DUE),
    dated=_BY_RESULT,
)
OPEN: Final = Metric(
    "open",
    "Hồ sơ đang giải quyết",
    Unit.DOSSIERS,
    "Số hồ sơ chưa có kết quả tại ngày số liệu (trạng thái 2, 4, 5, 6); không phụ thuộc kỳ đã chọn.",
    _RECORD,
    one(c.C_OPEN),
    dated=_STOCK,
)
OVERDUE: Final = Metric(
    "overdue",
    "Hồ sơ quá hạn",
    Unit.DOSSIERS,
    "Số hồ sơ đang giải quyết có ngày hẹn trả trước ngày số liệu; không phụ thuộc kỳ đã chọn.",
    "QĐ 766/QĐ-TTg (nhóm tiến độ giải quyết)",
    one(c.C_OVERDUE),
    better=Better.LOWER,
    dated=_STOCK,
)
ACTIVE_AGENCIES: Final = Metric(
    "active_agencies",
    "Đơn vị có trả kết quả qua bưu chính",
    Unit.AGENCIES,
    "Số đơn vị trả ít nhất một kết quả qua bưu chính trong kỳ, trên tổng số đơn vị của danh mục tồn tại trong kỳ.",
    _QD45,
    one(c.C_ACTIVE_AGENCIES),
    one(c.C_AGENCIES),
    better=Better.HIGHER,
    dated=_BY_RETURN,
)
ACTIVE_PROCEDURES: Final = Metric(
    "active_procedures",
    "Thủ tục có phát sinh qua bưu chính",
    Unit.PROCEDURES,
    "Số thủ tục trong danh mục bưu chính có ít nhất một hồ sơ tiếp nhận hoặc một kết quả trả qua bưu chính trong kỳ, trên tổng số thủ tục của danh mục.",
    "QĐ 45/2016/QĐ-TTg; danh mục của tỉnh",
    one(c.C_ACTIVE_PROCEDURES),
    one(c.C_PROCEDURES),
    better=Better.HIGHER,
    dated="ngày tiếp nhận hoặc ngày trả kết quả",
)
POSTAL_REVENUE: Final = Metric(
    "postal_revenue",
    "Doanh thu cước bưu chính",
    Unit.DONG,
    "Tổng cước bưu chính của hồ sơ tiếp nhận trong kỳ (mỗi hồ sơ chỉ có một số cước). Không phải phí, lệ phí thu hộ cơ quan.",
    _TT17,
    one(c.C_REVENUE),
    dated=_BY_RECEIPT,
)
INCIDENTS: Final = Metric(
    "incidents",
    "Khiếu nại, mất, thất lạc, hư hỏng",
    Unit.CASES,
    "Số vụ khiếu nại, mất, thất lạc hoặc hư hỏng hồ sơ, kết quả được báo trong kỳ.",
    _TT17,
    one(c.C_INCIDENTS),
    better=Better.LOWER,
    dated="ngày báo",
)
SAFETY_RATE: Final = Metric(
    "safety_rate",
    "Mức độ an toàn",
    Unit.PERCENT,
    "Phần hồ sơ, kết quả chuyển qua bưu chính (tiếp nhận cộng trả) không bị mất, thất lạc hoặc hư hỏng. Quy định phải đạt 100%.",
    "TT 17/2017/TT-BTTTT, Điều 6",
    ((1, c.C_RECEIVED_BY_POST), (1, c.C_RETURNED_BY_POST), (-1, c.C_UNSAFE)),
    ((1, c.C_RECEIVED_BY_POST), (1, c.C_RETURNED_BY_POST)),
    better=Better.HIGHER,
    dated="ngày tiếp nhận, ngày trả, ngày báo",
)

ALL: Final = tuple(value for value in list(globals().values()) if isinstance(value, Metric))
BY_KEY: Final = {metric.key: metric for metric in ALL}
DISTINCT: Final = (ACTIVE_AGENCIES, ACTIVE_PROCEDURES)
