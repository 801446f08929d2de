"""Dữ liệu và cách tính: what is loaded, what the check finds, how every figure is counted, which units changed, what an address may say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pandas as pd

from config.language import say
from dashboard import text
from dashboard.cards import Asked, Drawing, Page
from dashboard.pages import phrases
from dashboard.tables import STATE_KEYS, Column, Kind, Table
from queries.definitions import Definitions
from queries.filters import KEYS, Filters
from queries.loaded import Findings, LoadedData, LoadedRelations
from queries.succession import Successions

if TYPE_CHECKING:
    from queries.data import Data

PAGE: Final = Page("/du-lieu-va-cach-tinh", "Dữ liệu và cách tính", "Số liệu đến ngày nào, đáng tin đến đâu, và từng con số được đếm ra sao.")
ALWAYS: Final = "Thẻ này không phụ thuộc bộ lọc."
ENGINES: Final = {"duckdb": "DuckDB", "postgresql": "PostgreSQL", "mysql": "MySQL", "mariadb": "MariaDB"}
SEVERITIES: Final = {"error": "Lỗi", "warning": "Cảnh báo", "info": "Ghi chú", "ok": "Đạt"}
KINDS: Final = {"agency": "Đơn vị", "area": "Địa bàn", "procedure": "Thủ tục"}
RELATIONS: Final = {
    "dossiers": "Hồ sơ",
    "agencies": "Cơ quan, đơn vị",
    "procedures": "Tên và lĩnh vực của thủ tục",
    "agency_procedures": "Danh mục thủ tục thực hiện qua bưu chính",
    "areas": "Địa bàn, dân số",
    "successions": "Đơn vị kế thừa khi sắp xếp",
    "service_points": "Điểm phục vụ bưu chính",
    "postal_incidents": "Khiếu nại, mất, thất lạc, hư hỏng",
    "coverage": "Những ngày có nguồn số liệu của từng đơn vị",
    "load_info": "Ngày số liệu và lần nạp",
}


@PAGE.card("data.state", "Số liệu đang dùng", LoadedData())
def state(frame: pd.DataFrame, asked: Asked) -> Drawing:  # noqa: ARG001 - a drawing has this shape; the state is the same for all filters
    """The dates of the data, its source, and the rules of counting."""
    row = frame.iloc[0]
    made_up = say(", là dữ liệu minh họa") if row["is_demo"] else ""
    facts = (
        (
            say("Số liệu đến ngày"),
            text.date_label(row["as_of"]),
            say("ngày cuối có số liệu; mọi so sánh và hồ sơ quá hạn tính theo ngày này, không theo đồng hồ máy"),
        ),
        (say("Hồ sơ đầu tiên"), text.date_label(row["first_on"]), say("ngày tiếp nhận sớm nhất; kỳ trước ngày này không có số liệu")),
        (say("Số hồ sơ"), text.whole(row["dossiers"]), say("hồ sơ ở mọi trạng thái, kể cả chưa được tiếp nhận")),
        (say("Nạp lúc"), text.datetime_label(row["loaded_at"]), say("theo bảng load_info của cơ sở dữ liệu")),
        (say("Nguồn số liệu"), text.MISSING if pd.isna(row["source_name"]) else row["source_name"], say("tên do bảng load_info ghi")),
        (say("Danh mục"), _catalogue(row), say("mọi đơn vị, địa bàn, thủ tục, kể cả đã hết hiệu lực")),
        (
            say("Cách đọc"),
            say("nguồn “{}”, {}", _last_part(row["source"]), ENGINES.get(row["engine"], row["engine"])),
            say("chỉ đọc; không lấy cột nào về người dân"),
        ),
        (say("Hình thức không ghi nhận"), _missing_channel(row), say("công thức của QĐ 766/QĐ-TTg tính là trực tiếp; chọn trong cấu hình")),
        (say("Hồ sơ không có ngày hẹn trả"), _without_due(row), say("hệ thống khác tính là đúng hạn; chọn trong cấu hình")),
        (
            say("Tỷ lệ trên số ít hồ sơ"),
            say("dưới {} thì không tính", text.whole(row["minimum_n"])),
            say("số ít thì tỷ lệ đổi nhiều vì một hồ sơ; chọn trong cấu hình"),
        ),
    )
    rows = tuple({"name": name, "value": f"{value} ({meaning})"} for name, value, meaning in facts)
    return Drawing(
        say("Số liệu đến {}: {} hồ sơ từ {}{}", text.date_label(row["as_of"]), text.whole(row["dossiers"]), text.date_label(row["first_on"]), made_up),
        "Cơ sở dữ liệu hồ sơ đang dùng",
        table=Table((Column("name", "Mục"), Column("value", "Giá trị")), rows),
        note=ALWAYS,
    )


def _catalogue(row: pd.Series) -> str:
    return say("{} đơn vị, {} địa bàn, {} thủ tục", text.whole(row["agencies"]), text.whole(row["areas"]), text.whole(row["procedures"]))


def _last_part(source: str) -> str:
    """A source given as a path by its last part: the folders of the server are nobody's business."""
    return source.replace("\\", "/").rstrip("/").rpartition("/")[2]


def _missing_channel(row: pd.Series) -> str:
    return say("tính là trực tiếp") if row["missing_channel_as_counter"] else say("để riêng một dòng")


def _without_due(row: pd.Series) -> str:
    return say("tính là đúng hạn") if row["without_due_as_on_time"] else say("đứng ngoài tỷ lệ đúng hạn")


@PAGE.card("data.check", "Kiểm tra số liệu", Findings())
def findings(frame: pd.DataFrame, asked: Asked) -> Drawing:  # noqa: ARG001 - a drawing has this shape; the check is the same for all filters
    """What a person should know before trusting the data, the gravest first."""
    number = frame["severity"].value_counts()
    errors, warnings = int(number.get("error", 0)), int(number.get("warning", 0))
    order = {severity: place for place, severity in enumerate(SEVERITIES)}
    rows = frame.assign(place=frame["severity"].map(order), words=frame["severity"].map(SEVERITIES)).sort_values("place", kind="stable")
    rows["text"] = [phrases.capital(words) for words in rows["text"]]
    said = say("{} lỗi, {} cảnh báo trong {} điều kiểm tra", errors, warnings, len(frame))
    title = say("Số liệu chưa dùng được: {}", said) if errors else say("Số liệu dùng được, có {} cảnh báo trong {} điều kiểm tra", warnings, len(frame))
    columns = (Column("words", "Mức"), Column("text", "Kết quả kiểm tra"), Column("touched", "Số lượng", Kind.WHOLE), Column("rule", "Quy tắc"))
    return Drawing(
        title if errors or warnings else say("Số liệu đạt cả {} điều kiểm tra", len(frame)),
        "Kiểm tra toàn bộ cơ sở dữ liệu theo hợp đồng dữ liệu",
        table=Table.of(rows, columns),
        note=say("“Số lượng” đếm hồ sơ, hoặc đơn vị, ngày, dòng mà câu kết quả nêu. Kiểm tra không sửa gì. {}", ALWAYS),
    )


@PAGE.card("data.relations", "Bảng của cơ sở dữ liệu", LoadedRelations())
def relations(frame: pd.DataFrame, asked: Asked) -> Drawing:  # noqa: ARG001 - a drawing has this shape; the relations are the same for all filters
    """Which relations are there, and what the dashboard cannot show without the others."""
    absent = frame[~frame["is_present"]]
    names = [say(RELATIONS.get(name, name)).lower() for name in absent["relation"]]
    title = say("Cơ sở dữ liệu này không có {} trong {} bảng: {}", len(absent), len(frame), text.join_names(names, 4, "bảng"))
    rows = frame.assign(
        name=[RELATIONS.get(name, name) for name in frame["relation"]],
        state=[say("có") if there else say("không có") for there in frame["is_present"]],
        need=[say("bắt buộc") if needed else say("không bắt buộc") for needed in frame["is_required"]],
    )
    columns = (
        Column("name", "Nội dung"),
        Column("relation", "Bảng"),
        Column("state", "Tình trạng"),
        Column("need", "Yêu cầu"),
        Column("absent_columns", "Cột không có"),
        Column("without", "Thiếu thì"),
    )
    return Drawing(
        title if len(absent) else say("Cơ sở dữ liệu có đủ {} bảng: không tính năng nào bị tắt", len(frame)),
        "Các bảng mà bảng điều khiển đọc, và điều bị tắt khi thiếu",
        table=Table.of(rows, columns),
        note=ALWAYS,
    )


@PAGE.card("data.metrics", "Định nghĩa các chỉ tiêu", Definitions())
def definitions(frame: pd.DataFrame, asked: Asked) -> Drawing:  # noqa: ARG001 - a drawing has this shape; definitions are the same for all filters
    """Every figure: what it means, what is divided by what, which day places it in a period, where it is written."""
    ratios = int((frame["unit"] == "%").sum())
    columns = (
        Column("label", "Chỉ tiêu"),
        Column("definition", "Định nghĩa"),
        Column("numerator", "Đếm gì (tử số)"),
        Column("denominator", "Chia cho (mẫu số)"),
        Column("dated", "Tính theo"),
        Column("unit", "Đơn vị tính"),
        Column("source", "Căn cứ"),
    )
    return Drawing(
        say("{} chỉ tiêu, trong đó {} là tỷ số của hai tổng; mỗi chỉ tiêu có một định nghĩa dùng ở mọi trang", len(frame), ratios),
        "Định nghĩa in từ mã nguồn đang chạy",
        table=Table.of(frame, columns),
        lines=(
            "Tiếp nhận, có kết quả, trả kết quả là ba thời điểm: hồ sơ tiếp nhận và kết quả trả trong một kỳ là những hồ sơ khác nhau, không chia cho nhau.",
            "Mẫu số bằng 0 hoặc thiếu số liệu in “–”, không in 0.",
        ),
        note=ALWAYS,
    )


@PAGE.card("data.organisation", "Sắp xếp tổ chức: ai kế thừa ai", Successions())
def organisation(frame: pd.DataFrame, asked: Asked) -> Drawing:  # noqa: ARG001 - a drawing has this shape; history is the same for all filters
    """Who follows whom, whose history is added up, and whose code means something else today."""
    if frame.empty:
        why = say("Cơ sở dữ liệu không ghi đơn vị nào kế thừa đơn vị nào: cách xem “hiện nay” giống “lúc đó”.")
        return Drawing("Chưa ghi nhận lần sắp xếp tổ chức nào", why, is_empty=True)
    rows = frame.assign(
        kind_name=[KINDS.get(kind, kind) for kind in frame["kind"]],
        added_up=[say("có") if added else say("không") for added in frame["is_added_up"]],
    )
    columns = (
        Column("predecessor_name", "Trước đó"),
        Column("predecessor_code", "Mã cũ"),
        Column("effective_on", "Từ ngày", Kind.DATE),
        Column("successor_names", "Kế thừa"),
        Column("added_up", "Cộng về hiện nay"),
        Column("code_now_of", "Mã cũ nay là mã của"),
    )
    return Drawing(
        _organisation_title(frame),
        "Đơn vị hết hiệu lực và đơn vị kế thừa",
        table=Table.of(
            rows, columns, interactive=True, search_keys=("predecessor_name", "successor_names", "predecessor_code", "successor_codes", "kind_name")
        ),
        lines=tuple(line for line in (_divided(frame), _reused(frame)) if line),
        note=say("Chọn “Tổ chức: hiện nay” để cộng số liệu cũ về đơn vị kế thừa. {}", ALWAYS),
    )


def _organisation_title(frame: pd.DataFrame) -> str:
    number = frame["kind"].value_counts()
    parts = [f"{text.whole(number[kind])} {say(name).lower()}" for kind, name in KINDS.items() if kind in number]
    days = [text.date_label(day) for day in sorted(frame["effective_on"].dropna().unique())]
    when = f" ({text.join_names(days, 3, 'ngày')})" if days else ""
    added = int(frame["is_added_up"].sum())
    return say("{} có bên kế thừa{}; số liệu cũ của {} bên cộng được về hiện nay", text.join_names(parts), when, text.whole(added))


def _divided(frame: pd.DataFrame) -> str:
    """Units with several successors; empty when there is none."""
    divided = frame[frame["successors"] > 1]
    if divided.empty:
        return ""
    names = text.join_names(list(divided["predecessor_name"]), 8)
    return say("Chia cho nhiều đơn vị nên không cộng về đơn vị nào, vẫn hiện dưới tên cũ: {}.", names)


def _reused(frame: pd.DataFrame) -> str:
    """Codes that mean another area today; empty when there is none."""
    reused = frame.dropna(subset=["code_now_of"])
    if reused.empty:
        return ""
    first = reused.iloc[0]
    return say(
        "{} mã địa bàn được dùng lại cho đơn vị mang tên khác, ví dụ mã {} trước là {}, nay là {}: địa bàn của hồ sơ xét theo cả mã và ngày tiếp nhận.",
        len(reused),
        first["predecessor_code"],
        first["predecessor_name"],
        first["code_now_of"],
    )


@dataclass(frozen=True)
class AddressKeys:
    """One row per key of an address, in the order of the documentation: key, meaning, narrows (it changes the figures, not only the view of a table)."""

    def ask(self, data: Data, filters: Filters) -> pd.DataFrame:  # noqa: ARG002 - a question has this shape; the keys depend on neither
        """The frame."""
        rows = [(key, meaning, True) for key, meaning in KEYS.items()] + [(key, meaning, False) for key, meaning in STATE_KEYS.items()]
        return pd.DataFrame(rows, columns=["key", "meaning", "narrows"]).astype({"key": "str", "meaning": "str", "narrows": "boolean"})


@PAGE.card("data.keys", "Địa chỉ của trang", AddressKeys())
def keys(frame: pd.DataFrame, asked: Asked) -> Drawing:
    """What may stand in an address after the question mark."""
    rows = frame.assign(
        meaning=[phrases.capital(words) for words in frame["meaning"]], on=[say("số liệu") if one else say("cách xem bảng") for one in frame["narrows"]]
    )
    here = asked.filters.to_query()
    now = say("Bộ lọc đang dùng viết là: {}", here) if here else say("Đang dùng bộ lọc mặc định: địa chỉ không cần khóa nào.")
    return Drawing(
        say("Mỗi trạng thái là một địa chỉ gửi cho nhau được: {} khóa", len(frame)),
        "Viết sau dấu “?”, nối bằng “&”; nhiều mã cách nhau bằng dấu phẩy; “-” là không ghi nhận",
        table=Table.of(rows, (Column("key", "Khóa"), Column("meaning", "Nghĩa và giá trị"))),
        lines=(now,),
        note="Mã không có trong danh mục cho kết quả rỗng, không bao giờ mở rộng phạm vi. Cùng khóa dùng được cho lệnh “python -m dashboard ask”.",
    )
