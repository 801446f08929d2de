"""What the page “Thủ tục” says: the messages over its cards, for every number of rows from none to many."""

from __future__ import annotations

from typing import Final

import pandas as pd

from dashboard import text
from dashboard.cards import Asked
from dashboard.pages import phrases
from queries.postal_list import Idleness, Step
from queries.stages import Stage

MOST: Final = 0.8  # the share that the few procedures of the Pareto card make
STEP_NAMES: Final = {
    Step.LISTED: "Trong danh mục bưu chính",
    Step.WITH_DOSSIER: "Có hồ sơ, bằng mọi hình thức",
    Step.BY_POST: "Có phát sinh qua bưu chính",
    Step.RECEIVED_BY_POST: "– trong đó có tiếp nhận",
    Step.RETURNED_BY_POST: "– trong đó có trả kết quả",
}
STAGE_NAMES: Final = {
    Stage.COMPLETED: "Hồ sơ có kết quả trong kỳ",
    Stage.REGISTERED: "Đăng ký nhận qua bưu chính",
    Stage.SHIPPED: "Bưu chính đã nhận gửi",
    Stage.DELIVERED: "Đã phát đến người nhận",
    Stage.UNDELIVERED: "Không phát được, chuyển hoàn",
}
IDLE_NAMES: Final = {Idleness.OTHER_CHANNELS: "Có hồ sơ bằng hình thức khác", Idleness.NO_DOSSIER: "Không có hồ sơ nào"}
IDLE_SHORT: Final = {Idleness.OTHER_CHANNELS.value: "Hình thức khác", Idleness.NO_DOSSIER.value: "Không có hồ sơ"}


def steps(counts: dict[Step, int]) -> str:
    """How much of the list is used."""
    listed, used, returned = counts[Step.LISTED], counts[Step.BY_POST], counts[Step.RETURNED_BY_POST]
    if listed == 1:
        return f"Thủ tục này nằm trong danh mục bưu chính và {'đã' if used else 'chưa'} phát sinh qua bưu chính trong kỳ"
    if used == 0:
        return f"Chưa thủ tục nào trong {text.whole(listed)} thủ tục của danh mục phát sinh qua bưu chính"
    share = text.percent(used, listed)
    return f"{text.whole(used)} trong {text.whole(listed)} thủ tục của danh mục ({share}) có phát sinh qua bưu chính, {text.whole(returned)} có trả kết quả"


def stages(counts: dict[Stage, int]) -> str:
    """How many results were registered for the post, and how many of the shipped ones arrived."""
    completed, registered = counts[Stage.COMPLETED], counts[Stage.REGISTERED]
    shipped, delivered, undelivered = counts[Stage.SHIPPED], counts[Stage.DELIVERED], counts[Stage.UNDELIVERED]
    if registered == 0:
        return f"Chưa hồ sơ nào trong {text.whole(completed)} hồ sơ có kết quả đăng ký nhận qua bưu chính"
    asked_for = f"{text.whole(registered)} trong {text.whole(completed)} hồ sơ có kết quả ({text.percent(registered, completed)}) đăng ký nhận qua bưu chính"
    if shipped == 0:
        return f"{asked_for}; chưa hồ sơ nào được gửi đi"
    back = f", {text.whole(undelivered)} bị chuyển hoàn" if undelivered else ""
    return f"{asked_for}; {text.percent(delivered, shipped)} số đã gửi được phát{back}"


def pareto(order: pd.DataFrame, few: int) -> str:
    """How few procedures make most of the results returned by post; rows with a result, greatest first."""
    total = order["returned_by_post"].sum()
    first = order.iloc[0]
    name, share = text.shorten(first["procedure_name"], 60), text.percent(first["returned_by_post"], total)
    if len(order) == 1:
        return f"Mọi kết quả trả qua bưu chính ({text.whole(total)}) là của một thủ tục: {name}"
    if few == 1:
        return f"Riêng một thủ tục tạo ra {share} kết quả trả qua bưu chính: {name}"
    if few * 2 > len(order):
        return f"Kết quả trả qua bưu chính trải đều: cần {text.whole(few)} trong {text.whole(len(order))} thủ tục mới đủ {text.percent(MOST, 1, 0)}"
    return (
        f"{text.whole(few)} trong {text.whole(len(order))} thủ tục đủ tạo ra {text.percent(MOST, 1, 0)} kết quả trả qua bưu chính; đứng đầu: {name} ({share})"
    )


def volumes(rows: pd.DataFrame, asked: Asked) -> str:
    """How many procedures were used by post, and which one leads; one procedure alone speaks for itself."""
    used = rows[(rows["received_by_post"] > 0) | (rows["returned_by_post"] > 0)]
    if len(rows) == 1:
        return _one(rows.iloc[0], asked)
    active = int(((rows["received"] > 0) | (rows["returned"] > 0)).sum())
    if used.empty:
        return f"{text.whole(active)} thủ tục có hồ sơ, chưa thủ tục nào qua bưu chính"
    received = used.sort_values("received_by_post", kind="stable").iloc[-1]
    returned = used.sort_values("returned_by_post", kind="stable").iloc[-1]
    words = f"{text.whole(len(used))} trong {text.whole(active)} thủ tục có hồ sơ đã dùng bưu chính"
    if returned["returned_by_post"] > 0:
        return f"{words}; trả nhiều nhất: {text.shorten(returned['procedure_name'], 60)} ({text.whole(returned['returned_by_post'])} kết quả)"
    return f"{words}; tiếp nhận nhiều nhất: {text.shorten(received['procedure_name'], 60)} ({text.whole(received['received_by_post'])} hồ sơ)"


def _one(row: pd.Series, asked: Asked) -> str:
    words = f"{row['procedure_name']}: {text.whole(row['returned_by_post'])} trong {text.whole(row['returned'])} kết quả trả qua bưu chính"
    if asked.timeframe.compared is None or text.is_missing(row.get("returned_by_post_before")):
        return words
    change = text.change(row["returned_by_post"], row["returned_by_post_before"], "kết quả")
    return f"{words}, {change} so với {phrases.compared_name(asked)}"


def idle(frame: pd.DataFrame, listed: int) -> str:
    """How many listed procedures lie idle by post, of two kinds that are never merged."""
    if listed == 1:
        return f"Thủ tục này {'đã' if frame.empty else 'chưa'} phát sinh qua bưu chính trong kỳ"
    if frame.empty:
        return f"Cả {text.whole(listed)} thủ tục của danh mục đều phát sinh qua bưu chính trong kỳ"
    kinds = frame["kind"].value_counts().to_dict()
    other, none = kinds.get(Idleness.OTHER_CHANNELS.value, 0), kinds.get(Idleness.NO_DOSSIER.value, 0)
    share = text.percent(len(frame), listed)
    return (
        f"{text.whole(len(frame))} trong {text.whole(listed)} thủ tục của danh mục ({share}) chưa phát sinh qua bưu chính: "
        f"{text.whole(other)} có hồ sơ bằng hình thức khác, {text.whole(none)} không có hồ sơ nào"
    )


def sectors(order: pd.DataFrame, key: str, noun: str, act: str) -> str:
    """Which sectors lead, and what they make together; rows with the greatest first."""
    total, used = order[key].sum(), order[order[key] > 0]
    first = used.iloc[0]
    if len(used) == 1:
        return f"Chỉ lĩnh vực {first['sector_name']} có {noun} {act}: {text.whole(first[key])}"
    leader = f"Lĩnh vực {first['sector_name']} {act} nhiều nhất: {text.whole(first[key])} {noun}, {text.percent(first[key], total)} tổng số"
    return leader if len(used) <= 3 else f"{leader}; ba lĩnh vực đầu chiếm {text.percent(used.head(3)[key].sum(), total)}"


def unlisted(frame: pd.DataFrame) -> str:
    """How much goes by post outside the list; dossiers without a procedure are no procedure."""
    if frame.empty:
        return "Mọi hồ sơ qua bưu chính đều thuộc thủ tục trong danh mục"
    named = int(frame["procedure_code"].notna().sum())
    received, returned = frame["received_by_post"].sum(), frame["returned_by_post"].sum()
    figures = f"{text.whole(received)} hồ sơ tiếp nhận, {text.whole(returned)} kết quả trả"
    if named == 0:
        return f"Có hồ sơ qua bưu chính không ghi thủ tục: {figures}"
    rest = " (gồm cả hồ sơ không ghi thủ tục)" if named < len(frame) else ""
    return f"{text.whole(named)} thủ tục ngoài danh mục vẫn dùng bưu chính: {figures}{rest}"
