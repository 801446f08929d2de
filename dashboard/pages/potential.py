"""Tiềm năng: where more results could go by post, procedure by agency, and how far the postal list is used."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from config.language import say, told
from dashboard import figures, text
from dashboard.cards import Asked, Drawing, Page
from dashboard.figures import Part
from dashboard.pages import phrases
from dashboard.pages import potential_rows as rows
from dashboard.tables import Column, Kind, Table
from dashboard.theme import LIGHT
from queries import metrics
from queries.potential import FEWEST_UNITS, ListedFunnel, Potential, Step
from queries.sentence import LEVEL_NAMES

PAGE: Final = Page("/tiem-nang", "Tiềm năng", "Thủ tục nào, ở đơn vị nào, có thể trả thêm kết quả qua bưu chính; danh mục bưu chính được dùng đến đâu.")

MOST_BARS: Final = 20
LIST: Final = ("agency_procedures",)
COLORS: Final = {"used": LIGHT.post, "listed_unused": LIGHT.chance, rows.IDLE: LIGHT.no_data, "used_unlisted": LIGHT.quiet}
STEPS: Final[dict[str, str]] = {
    Step.LISTED: "Trong danh mục bưu chính",
    Step.WITH_DOSSIER: "Có hồ sơ trong kỳ",
    Step.RECEIVED_BY_POST: "Có tiếp nhận qua bưu chính",
    Step.RETURNED_BY_POST: "Có trả kết quả qua bưu chính",
    Step.SHIPPED: "Bưu chính đã nhận chuyển",
    Step.DELIVERED: "Đã phát đến người dân",
}
GAP_NOTE: Final = told(
    "“Thêm được”: số kết quả qua bưu chính có thêm nếu đạt tỷ lệ đối chiếu, làm tròn xuống, tính trên kết quả có ghi hình thức trả của kỳ. "
    "Tỷ lệ đối chiếu: của một phần tư đơn vị cùng cấp trả qua bưu chính tốt nhất với chính thủ tục đó (khi có ít nhất {} đơn vị đủ số liệu), "
    "nếu không thì của thủ tục đó trên toàn tỉnh. Đây là mức đã có đơn vị đạt được, không phải chỉ tiêu.",
    FEWEST_UNITS,
)


def nothing(asked: Asked, frame: pd.DataFrame) -> Drawing | None:
    """The card where nothing is counted or no pair is left by the filters; None otherwise."""
    if asked.timeframe.counted is None or frame.empty:
        return phrases.nothing(asked, "thủ tục có hồ sơ hoặc trong danh mục bưu chính")
    return None


def _no_gap(pairs: pd.DataFrame) -> str:
    if pairs["gap"].notna().any():
        return say("Trong kỳ này không có thủ tục nào dưới tỷ lệ đối chiếu")
    return say("Trong kỳ này quá ít kết quả có ghi hình thức trả để có tỷ lệ đối chiếu")


@PAGE.card("potential.pairs", "Thủ tục theo đơn vị", Potential(), metrics=(metrics.RETURNED_BY_POST, metrics.POSTAL_RETURN_RATE))
def pairs(frame: pd.DataFrame, asked: Asked) -> Drawing:
    """Which procedure at which agency could return more by post."""
    empty = nothing(asked, frame)
    if empty is not None:
        return empty
    shown = rows.chosen(frame, asked)
    gap, by_post = int(frame["gap"].fillna(0).sum()), int(frame["returned_by_post"].sum())
    if gap:
        against = say(", ngoài {} kết quả đã trả", text.whole(by_post)) if by_post else ""
        title = say("Nếu đạt tỷ lệ đối chiếu, {} có thêm {} kết quả trả qua bưu chính{}", phrases.place(asked), text.whole(gap), against)
    else:
        title = _no_gap(frame)
    return Drawing(
        title,
        phrases.subtitle(asked, "Kết quả có thể trả thêm qua bưu chính theo thủ tục và đơn vị"),
        table=rows.pairs_table(shown, asked) if len(shown) else None,
        lines=_pairs_lines(frame),
        choices=rows.choices(frame, asked),
        note=(
            say(
                "{} “Tỷ lệ” để trống khi có dưới {} kết quả ghi hình thức trả. “Danh mục”: đơn vị có thủ tục trong danh mục bưu chính.",
                GAP_NOTE,
                asked.data.rules.minimum_n,
            )
        ),
    )


def _pairs_lines(frame: pd.DataFrame) -> tuple[str, ...]:
    """Where the gap is greatest, and where it cannot be told."""
    lines: list[str] = []
    best = rows.with_gap(frame).head(3)
    if len(best):
        facts = best[["procedure_name", "agency_name", "gap"]].itertuples(index=False, name=None)
        names = [say("{} ở {} ({})", text.shorten(name, 60), agency, text.whole(gap)) for name, agency, gap in facts]
        lines.append(say("Nhiều nhất: {}.", "; ".join(names)))
    unknown = frame[frame["gap"].isna() & (frame["returned"] > 0)]
    if len(unknown):
        returned = text.whole(int(unknown["returned"].sum()))
        lines.append(say("{} cặp đơn vị – thủ tục với {} kết quả không có đủ số liệu để đối chiếu, không tính.", text.whole(len(unknown)), returned))
    return tuple(lines)


@PAGE.card("potential.units", "Khoảng trống theo đơn vị", Potential(), metrics=(metrics.RETURNED_BY_POST,), width=6)
def units(frame: pd.DataFrame, asked: Asked) -> Drawing:
    """Which agencies could return most more by post."""
    empty = nothing(asked, frame)
    return empty if empty is not None else _ranking(rows.by_agency(frame, asked), frame, asked, (say("Đơn vị"), say("đơn vị"), say("Số thủ tục")))


@PAGE.card("potential.procedures", "Khoảng trống theo thủ tục", Potential(), metrics=(metrics.RETURNED_BY_POST,), width=6)
def procedures(frame: pd.DataFrame, asked: Asked) -> Drawing:
    """Which procedures could be returned most more by post."""
    empty = nothing(asked, frame)
    return empty if empty is not None else _ranking(rows.by_procedure(frame, asked), frame, asked, (say("Thủ tục"), say("thủ tục"), say("Số đơn vị")))


def _ranking(found: list[dict[str, Any]], frame: pd.DataFrame, asked: Asked, words: tuple[str, str, str]) -> Drawing:
    """Bars of the gap with the table of all behind them; `words` are the heading, the noun and the heading of the count of pairs."""
    heading, noun, pairs_heading = words
    subtitle = phrases.subtitle(asked, say("Kết quả có thể trả thêm qua bưu chính theo {}", noun))
    if not found:
        return Drawing(_no_gap(frame), subtitle, note=GAP_NOTE)
    whole, shown = sum(row["gap"] for row in found), found[:MOST_BARS]
    first = found[: 1 if noun == "thủ tục" else 3]
    if len(found) == 1:
        title = say("{} có thể trả thêm {} kết quả qua bưu chính", found[0]["name"], text.whole(whole))
    else:
        part = sum(row["gap"] for row in first)
        names = text.join_names([text.shorten(row["name"], 60) for row in first])
        title = say("{}: {} khoảng trống ({} trong {} kết quả)", names, text.percent(part, whole), text.whole(part), text.whole(whole))
    columns = (
        Column("name", heading, link="link"),
        Column("returned_recorded", "Ghi hình thức trả", Kind.WHOLE),
        Column("returned_by_post", "Qua bưu chính", Kind.WHOLE),
        Column("gap", "Thêm được", Kind.WHOLE),
        Column("pairs", pairs_heading, Kind.WHOLE),
    )
    rest = say(" Hình vẽ {} {} đầu; bảng có thêm {} {} khác.", len(shown), noun, len(found) - len(shown), noun) if len(found) > len(shown) else ""
    return Drawing(
        title,
        subtitle,
        figure=figures.bars(
            names=[text.shorten(row["name"], 36) for row in shown],
            hovers=[say("{}\nthêm được {} kết quả", row["name"], text.whole(row["gap"])) for row in shown],
            values=[float(row["gap"]) for row in shown],
            texts=[text.whole(row["gap"]) for row in shown],
            links=[row["link"] for row in shown],
        ),
        table=Table(columns, tuple(found), total={"name": say("Cộng"), "gap": whole} if len(found) > 1 else None),
        note=say("Chỉ cộng các thủ tục có tỷ lệ đối chiếu, xem thẻ “Thủ tục theo đơn vị”.{}", rest),
    )


@PAGE.card("potential.kinds", "Danh mục được dùng đến đâu", Potential(), needs=LIST, metrics=(metrics.RECEIVED_BY_POST, metrics.RETURNED_BY_POST))
def kinds(frame: pd.DataFrame, asked: Asked) -> Drawing:
    """What is listed but never used, and what is used but not listed, by level."""
    empty = nothing(asked, frame)
    if empty is not None:
        return empty
    marked = frame.assign(group=rows.kinds(frame)).dropna(subset=["group"])
    subtitle = phrases.subtitle(asked, "Cặp đơn vị – thủ tục theo danh mục và việc dùng bưu chính")
    if marked.empty:
        return Drawing("Không có thủ tục nào trong danh mục bưu chính hay dùng bưu chính trong phạm vi đã chọn", subtitle, is_empty=True)
    counted = pd.crosstab(marked["level"].fillna("other"), marked["group"]).reindex(columns=list(rows.KINDS), fill_value=0)
    counted["whole"] = counted.sum(axis=1)
    counted["name"] = [phrases.capital(LEVEL_NAMES.get(str(level), str(level))) for level in counted.index]
    counted["link"] = [asked.link(levels=(str(level),)) for level in counted.index]
    counted = counted.sort_values(["whole", "name"], ascending=[False, True])
    parts = [Part(name, [int(value) for value in counted[key]], COLORS[key]) for key, name in rows.KINDS.items() if counted[key].any()]
    figure = figures.stacked(
        names=list(counted["name"]),
        parts=parts,
        totals=[say("{} cặp", text.whole(value)) for value in counted["whole"]],
        links=list(counted["link"]),
        unit="cặp",
    )
    columns = (Column("name", "Cấp", link="link"), *(Column(key, name, Kind.WHOLE) for key, name in rows.KINDS.items()), Column("whole", "Tổng", Kind.WHOLE))
    sums = {key: int(counted[key].sum()) for key in (*rows.KINDS, "whole")}
    return Drawing(
        kinds_title(sums),
        subtitle,
        figure=figure,
        table=Table.of(counted, columns, total={"name": say("Cộng"), **sums} if len(counted) > 1 else None),
        lines=_kinds_lines(sums),
        note=(
            "Một cặp là một thủ tục ở một đơn vị. Dùng bưu chính: có ít nhất một hồ sơ tiếp nhận hoặc một kết quả trả qua bưu chính trong kỳ "
            "và trong phạm vi lọc. Bấm vào một thanh để chỉ xem cấp đó."
        ),
    )


def kinds_title(sums: dict[str, int]) -> str:
    """How many listed pairs use the post, of those that have dossiers at all."""
    used, unused, idle = sums["used"], sums["listed_unused"], sums[rows.IDLE]
    if not used + unused + idle:
        return say("Không có thủ tục nào trong danh mục; {} cặp đơn vị – thủ tục dùng bưu chính ngoài danh mục", text.whole(sums["used_unlisted"]))
    if not used + unused:
        return say("{} cặp đơn vị – thủ tục trong danh mục, kỳ này không cặp nào có hồ sơ", text.whole(idle))
    who = say("{} trong", text.whole(used)) if used else say("Không cặp nào trong")
    return say("{} {} cặp đơn vị – thủ tục có danh mục và có hồ sơ đã dùng bưu chính", who, text.whole(used + unused))


def _kinds_lines(sums: dict[str, int]) -> tuple[str, ...]:
    lines = []
    if sums[rows.IDLE]:
        lines.append(say("{} cặp khác trong danh mục không có hồ sơ nào trong kỳ: chưa nói lên điều gì về bưu chính.", text.whole(sums[rows.IDLE])))
    if sums["used_unlisted"]:
        lines.append(say("{} cặp dùng bưu chính mà không có trong danh mục: nên xem để bổ sung danh mục.", text.whole(sums["used_unlisted"])))
    return tuple(lines)


FUNNEL_COLUMNS: Final = (
    Column("name", "Bước"),
    Column("pairs", "Cặp", Kind.WHOLE),
    Column("share", "Phần danh mục", Kind.PERCENT, over=("pairs", "listed")),
    Column("dossiers", "Hồ sơ, kết quả", Kind.WHOLE),
)


@PAGE.card("potential.funnel", "Từ danh mục đến tay người dân", ListedFunnel(), needs=LIST, also=(Potential(),))
def funnel(frame: pd.DataFrame, asked: Asked) -> Drawing:
    """How far the pairs of the postal list have come."""
    empty = nothing(asked, asked.others[0])
    if empty is not None:
        return empty
    listed = frame["pairs"].iloc[0]
    subtitle = phrases.subtitle(asked, "Cặp đơn vị – thủ tục của danh mục bưu chính qua từng bước")
    if pd.isna(listed) or not listed:
        return Drawing("Không có thủ tục nào trong danh mục bưu chính của phạm vi và kỳ đã chọn", subtitle, is_empty=True)
    known = frame.dropna(subset=["pairs"])
    names = [STEPS[step] for step in known["step"]]
    shares = [text.percent(value, listed) for value in known["pairs"]]
    dossiers = [None if pd.isna(value) else int(value) for value in known["dossiers"]]
    texts = [
        text.whole(value) + (say(" · {} danh mục", share) if place else say(" cặp"))
        for place, (value, share) in enumerate(zip(known["pairs"], shares, strict=True))
    ]
    hovers = [
        say("{}\n{} cặp đơn vị – thủ tục", name, text.whole(value)) + ("" if count is None else say("\n{} hồ sơ, kết quả", text.whole(count)))
        for name, value, count in zip(names, known["pairs"], dossiers, strict=True)
    ]
    table = frame.assign(name=[STEPS[step] for step in frame["step"]], share=frame["pairs"].astype("Float64") / float(listed), listed=listed)
    absent = "" if len(known) == len(frame) else say(" Cơ sở dữ liệu không có chặng bưu chính nên không biết hai bước cuối.")
    return Drawing(
        funnel_title(known),
        subtitle,
        figure=figures.funnel(names=names, values=[float(value) for value in known["pairs"]], texts=texts, hovers=hovers),
        table=Table.of(table, FUNNEL_COLUMNS),
        note=(
            say(
                "Tiếp nhận và trả qua bưu chính là hai lựa chọn riêng: bước trả không nằm trong bước tiếp nhận. Hai bước cuối là của "
                "kết quả trả qua bưu chính; “đã nhận chuyển” gồm cả bưu phẩm không phát được.{}",
                absent,
            )
        ),
    )


def funnel_title(known: pd.DataFrame) -> str:
    """How much of the list has dossiers, and how much of that is returned by post."""
    number = {str(step): int(value) for step, value in zip(known["step"], known["pairs"], strict=True)}
    listed, busy, returned = number[Step.LISTED], number[Step.WITH_DOSSIER], number[Step.RETURNED_BY_POST]
    if not busy:
        return say("Kỳ này không cặp nào trong {} cặp của danh mục có hồ sơ", text.whole(listed))
    by_post = say("{} cặp có trả kết quả qua bưu chính", text.whole(returned)) if returned else say("chưa cặp nào trả kết quả qua bưu chính")
    return say("Trong {} cặp đơn vị – thủ tục của danh mục, {} cặp có hồ sơ và {}", text.whole(listed), text.whole(busy), by_post)
