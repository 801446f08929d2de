"""What the page “Thủ tục” says: the messages over its cards, for every number of rows from none to many."""

from __future__ import annotations

from typing import Final

import pandas as pd

from config.language import say
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
        return say("Thủ tục này nằm trong danh mục bưu chính và {} phát sinh qua bưu chính trong kỳ", "đã" if used else "chưa")
    if used == 0:
        return say("Chưa thủ tục nào trong {} thủ tục của danh mục phát sinh qua bưu chính", text.whole(listed))
    share = text.percent(used, listed)
    return say(
        "{} trong {} thủ tục của danh mục ({}) có phát sinh qua bưu chính, {} có trả kết quả", text.whole(used), text.whole(listed), share, text.whole(returned)
    )


def stages(counts: dict[Stage, int]) -> str:
    """How many results were registered for the post, and how many of the shipped ones arrived."""
    completed, registered = counts[Stage.COMPLETED], counts[Stage.REGISTERED]
    shipped, delivered, undelivered = counts[Stage.SHIPPED], counts[Stage.DELIVERED], counts[Stage.UNDELIVERED]
    if registered == 0:
        return say("Chưa hồ sơ nào trong {} hồ sơ có kết quả đăng ký nhận qua bưu chính", text.whole(completed))
    asked_for = say(
        "{} trong {} hồ sơ có kết quả ({}) đăng ký nhận qua bưu chính", text.whole(registered), text.whole(completed), text.percent(registered, completed)
    )
    if shipped == 0:
        return say("{}; chưa hồ sơ nào được gửi đi", asked_for)
    back = say(", {} bị chuyển hoàn", text.whole(undelivered)) if undelivered else ""
    return say("{}; {} số đã gửi được phát{}", asked_for, text.percent(delivered, shipped), back)


def pareto(order: pd.DataFrame, few: int) -> str:
    """How few procedures make most of the results returned by post; rows with a result, greatest first."""
    total = order["returned_by_post"].sum()
    first = order.iloc[0]
    name, share = text.shorten(first["procedure_name"], 60), text.percent(first["returned_by_post"], total)
    if len(order) == 1:
        return say("Mọi kết quả trả qua bưu chính ({}) là của một thủ tục: {}", text.whole(total), name)
    if few == 1:
        return say("Riêng một thủ tục tạo ra {} kết quả trả qua bưu chính: {}", share, name)
    if few * 2 > len(order):
        return say("Kết quả trả qua bưu chính trải đều: cần {} trong {} thủ tục mới đủ {}", text.whole(few), text.whole(len(order)), text.percent(MOST, 1, 0))
    return say(
        "{} trong {} thủ tục đủ tạo ra {} kết quả trả qua bưu chính; đứng đầu: {} ({})",
        text.whole(few),
        text.whole(len(order)),
        text.percent(MOST, 1, 0),
        name,
        share,
    )


def volumes(rows: pd.DataFrame, asked: Asked) -> str:
    """How many procedures were used by post, and which one leads; one procedure alone speaks for itself."""
    used = rows[(rows["received_by_post"] > 0) | (rows["returned_by_post"] > 0)]
    if len(rows) == 1:
        return _one(rows.iloc[0], asked)
    active = int(((rows["received"] > 0) | (rows["returned"] > 0)).sum())
    if used.empty:
        return say("{} thủ tục có hồ sơ, chưa thủ tục nào qua bưu chính", text.whole(active))
    received = used.sort_values("received_by_post", kind="stable").iloc[-1]
    returned = used.sort_values("returned_by_post", kind="stable").iloc[-1]
    words = say("{} trong {} thủ tục có hồ sơ đã dùng bưu chính", text.whole(len(used)), text.whole(active))
    if returned["returned_by_post"] > 0:
        return say("{}; trả nhiều nhất: {} ({} kết quả)", words, text.shorten(returned["procedure_name"], 60), text.whole(returned["returned_by_post"]))
    return say("{}; tiếp nhận nhiều nhất: {} ({} hồ sơ)", words, text.shorten(received["procedure_name"], 60), text.whole(received["received_by_post"]))


def _one(row: pd.Series, asked: Asked) -> str:
    words = say("{}: {} trong {} kết quả trả qua bưu chính", row["procedure_name"], text.whole(row["returned_by_post"]), text.whole(row["returned"]))
    if asked.timeframe.compared is None or text.is_missing(row.get("returned_by_post_before")):
        return words
    change = text.change(row["returned_by_post"], row["returned_by_post_before"], "kết quả")
    return say("{}, {} so với {}", words, change, phrases.compared_name(asked))


def idle(frame: pd.DataFrame, listed: int) -> str:
    """How many listed procedures lie idle by post, of two kinds that are never merged."""
    if listed == 1:
        return say("Thủ tục này {} phát sinh qua bưu chính trong kỳ", "đã" if frame.empty else "chưa")
    if frame.empty:
        return say("Cả {} thủ tục của danh mục đều phát sinh qua bưu chính trong kỳ", text.whole(listed))
    kinds = frame["kind"].value_counts().to_dict()
    other, none = kinds.get(Idleness.OTHER_CHANNELS.value, 0), kinds.get(Idleness.NO_DOSSIER.value, 0)
    share = text.percent(len(frame), listed)
    return say(
        "{} trong {} thủ tục của danh mục ({}) chưa phát sinh qua bưu chính: {} có hồ sơ bằng hình thức khác, {} không có hồ sơ nào",
        text.whole(len(frame)),
        text.whole(listed),
        share,
        text.whole(other),
        text.whole(none),
    )


def sectors(order: pd.DataFrame, key: str, noun: str, act: str) -> str:
    """Which sectors lead, and what they make together; rows with the greatest first."""
    total, used = order[key].sum(), order[order[key] > 0]
    first = used.iloc[0]
    if len(used) == 1:
        return say("Chỉ lĩnh vực {} có {} {}: {}", first["sector_name"], noun, act, text.whole(first[key]))
    leader = say("Lĩnh vực {} {} nhiều nhất: {} {}, {} tổng số", first["sector_name"], act, text.whole(first[key]), noun, text.percent(first[key], total))
    return leader if len(used) <= 3 else say("{}; ba lĩnh vực đầu chiếm {}", leader, text.percent(used.head(3)[key].sum(), total))


def unlisted(frame: pd.DataFrame) -> str:
    """How much goes by post outside the list; dossiers without a procedure are no procedure."""
    if frame.empty:
        return say("Mọi hồ sơ qua bưu chính đều thuộc thủ tục trong danh mục")
    named = int(frame["procedure_code"].notna().sum())
    received, returned = frame["received_by_post"].sum(), frame["returned_by_post"].sum()
    figures = say("{} hồ sơ tiếp nhận, {} kết quả trả", text.whole(received), text.whole(returned))
    if named == 0:
        return say("Có hồ sơ qua bưu chính không ghi thủ tục: {}", figures)
    rest = say(" (gồm cả hồ sơ không ghi thủ tục)") if named < len(frame) else ""
    return say("{} thủ tục ngoài danh mục vẫn dùng bưu chính: {}{}", text.whole(named), figures, rest)
