"""Thủ tục: how far the postal list is used, which few procedures carry it, and which lie idle."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import pandas as pd

from config.language import say
from dashboard import figures, text
from dashboard.cards import Asked, Choice, Drawing, Page
from dashboard.pages import phrases
from dashboard.pages import procedures_words as words
from dashboard.pages.procedures_rows import (
    BARS,
    BCCI,
    FIGURE_COLUMNS,
    IDLE_COLUMNS,
    PREVIEW,
    SEARCHED,
    UNLISTED_COLUMNS,
    few,
    linked,
    ordered,
    present,
    sector_columns,
    total,
)
from dashboard.tables import Column, Kind, Table, TableState
from queries import metrics
from queries.measure import before, denominator
from queries.postal_list import Idleness, IdleProcedures, ListSteps, Step, UnlistedProcedures, has_dossier, is_used_by_post
from queries.sectors import SectorVolumes
from queries.stages import PostalStages, Stage
from queries.volumes import ProcedureVolumes

PAGE: Final = Page("/thu-tuc", "Thủ tục", "Danh mục bưu chính được dùng đến đâu, thủ tục nào tạo ra phần lớn kết quả, thủ tục nào chưa phát sinh.")
_LOOKS: Final = {
    "returned_by_post": ("Kết quả trả qua bưu chính", "kết quả", "trả qua bưu chính"),
    "received_by_post": ("Hồ sơ tiếp nhận qua bưu chính", "hồ sơ", "tiếp nhận qua bưu chính"),
}


def _is_idle_chosen(asked: Asked) -> bool:
    """Whether the reader looks through the idle list: one table of a page can be searched and turned at a time."""
    return bool(set(asked.state.verdicts) & {str(kind) for kind in Idleness})


@PAGE.card(
    "procedures.funnel", "Danh mục bưu chính được dùng đến đâu", ListSteps(), metrics=(metrics.ACTIVE_PROCEDURES,), needs=("agency_procedures",), width=6
)
def funnel(frame: pd.DataFrame, asked: Asked) -> Drawing:
    """The list step by step, each step beside the whole list."""
    if asked.timeframe.counted is None:
        return phrases.nothing(asked, "thủ tục")
    counts = {Step(step): int(number) for step, number in zip(frame["step"], frame["procedures"], strict=True)}
    listed = counts[Step.LISTED]
    if listed == 0:
        return replace(phrases.nothing(asked, "thủ tục trong danh mục"), title="Danh mục bưu chính không có thủ tục nào trong phạm vi đã chọn")
    shares = [text.percent(number, listed) for number in counts.values()]
    names = [words.STEP_NAMES[step] for step in counts]
    rows = [{"step": name, "procedures": number, "share": number / listed, "listed": listed} for name, number in zip(names, counts.values(), strict=True)]
    texts = [
        text.whole(number) if step is Step.LISTED else f"{text.whole(number)} · {share}" for (step, number), share in zip(counts.items(), shares, strict=True)
    ]
    hovers = [say("{}\n{} thủ tục, {} danh mục", name, text.whole(number), share) for name, number, share in zip(names, counts.values(), shares, strict=True)]
    share = Column("share", "Phần của danh mục", Kind.PERCENT, over=("procedures", "listed"))
    columns = (Column("step", "Bước"), Column("procedures", "Thủ tục", Kind.WHOLE), share)
    return Drawing(
        words.steps(counts),
        phrases.subtitle(asked, "Số thủ tục và phần của danh mục"),
        figure=figures.bars(names=names, values=list(counts.values()), texts=texts, hovers=hovers),
        table=Table(columns, tuple(rows)),
        note="Tiếp nhận và trả qua bưu chính là hai việc độc lập: một thủ tục có thể chỉ có một trong hai. Thủ tục được đếm một lần dù nhiều đơn vị niêm yết.",
    )


@PAGE.card("procedures.stages", "Từ có kết quả đến tay người nhận", PostalStages(), metrics=(metrics.COMPLETED,), width=6)
def stages(frame: pd.DataFrame, asked: Asked) -> Drawing:
    """Settled dossiers on their way by post."""
    if not asked.data.source.has_column("dossiers", "postal_stage"):
        line = say("Thiếu cột postal_stage trong bảng dossiers, nên không biết bao nhiêu hồ sơ đăng ký nhận qua bưu chính và bao nhiêu đã phát.")
        return Drawing("Cơ sở dữ liệu này không ghi chặng đường bưu chính của kết quả", lines=(line,), is_empty=True)
    if asked.timeframe.counted is None:
        return phrases.nothing(asked, "hồ sơ có kết quả")
    counts = {Stage(stage): int(number) for stage, number in zip(frame["stage"], frame["dossiers"], strict=True)}
    if counts[Stage.COMPLETED] == 0:
        return phrases.nothing(asked, "hồ sơ có kết quả")
    above = [None, Stage.COMPLETED, Stage.REGISTERED, Stage.SHIPPED, Stage.SHIPPED]
    rows = [
        {
            "stage": words.STAGE_NAMES[stage],
            "dossiers": number,
            "share": number / counts[whole] if whole and counts[whole] else None,
            "stage_above": counts[whole] if whole else None,
        }
        for (stage, number), whole in zip(counts.items(), above, strict=True)
    ]
    steps = {words.STAGE_NAMES[stage]: number for stage, number in counts.items() if stage is not Stage.UNDELIVERED}
    share = Column("share", "So với chặng trước", Kind.PERCENT, over=("dossiers", "stage_above"))
    columns = (Column("stage", "Chặng"), Column("dossiers", "Hồ sơ", Kind.WHOLE), share)
    moving = counts[Stage.SHIPPED] - counts[Stage.DELIVERED] - counts[Stage.UNDELIVERED]
    on_the_way = say("{} đang trên đường. ", text.whole(moving)) if moving else ""
    return Drawing(
        words.stages(counts),
        phrases.subtitle(asked, "Hồ sơ có kết quả trong kỳ, theo chặng đã tới tại ngày số liệu"),
        figure=figures.funnel(names=list(steps), values=list(steps.values())),
        table=Table(columns, tuple(rows)),
        note=say(
            "{}Chặng chuyển hoàn (không phát được) nằm trong bảng, tính trên số đã gửi. Đăng ký mà chưa gửi thì chưa tính là trả qua bưu chính.", on_the_way
        ),
    )


@PAGE.card("procedures.pareto", "Ít thủ tục tạo ra phần lớn kết quả", ProcedureVolumes(), metrics=(metrics.RETURNED_BY_POST,))
def pareto(frame: pd.DataFrame, asked: Asked) -> Drawing:
    """The procedures with most results returned by post, and what they make together."""
    order = ordered(frame[frame["returned_by_post"].fillna(0) > 0], asked.data.rules.minimum_n)
    if order.empty:
        return phrases.nothing(asked, "kết quả trả qua bưu chính")
    whole = int(order["returned_by_post"].sum())
    so_far = order["returned_by_post"].astype("int64").cumsum()
    few = int((so_far < words.MOST * whole).sum()) + 1
    table_rows = linked(order.head(max(few, BARS)).assign(share=so_far / whole, so_far=so_far, whole=whole), asked)
    top = table_rows.head(min(max(few, 10), BARS))
    rest = order.iloc[len(table_rows) :]
    rows: list[dict[str, object]] = [{str(key): value for key, value in row.items()} for row in table_rows.to_dict("records")]
    if len(rest):
        last = {"procedure_name": say("{} thủ tục khác", text.whole(len(rest))), "returned_by_post": int(rest["returned_by_post"].sum())}
        rows.append({**last, "share": 1.0, "so_far": whole, "whole": whole})
    columns = (
        Column("procedure_name", "Thủ tục", link="link"),
        Column("sector_name", "Lĩnh vực"),
        Column("returned_by_post", "Trả qua BCCI", Kind.WHOLE),
        Column("share", "Lũy kế", Kind.PERCENT, over=("so_far", "whole")),
    )
    return Drawing(
        words.pareto(order, few),
        phrases.subtitle(asked, "Kết quả trả qua bưu chính"),
        figure=figures.pareto(
            names=[text.shorten(name, 70) for name in top["procedure_name"]],
            values=[int(value) for value in top["returned_by_post"]],
            total=whole,
            hovers=[_hover(row.procedure_name, row.returned, row.returned_by_post, whole) for row in top.itertuples()],
            links=list(top["link"]),
        ),
        table=Table(columns, tuple(rows), total={"procedure_name": say("Tổng"), "returned_by_post": whole}),
        note=say("Biểu đồ vẽ {} thủ tục đầu trong {} thủ tục có kết quả trả qua bưu chính.", len(top), text.whole(len(order))) if len(order) > len(top) else "",
    )


def _hover(name: object, returned: object, by_post: object, total: int) -> str:
    of_all = say("{} tổng số trả qua bưu chính", text.percent(by_post, total))
    return say("{}\n{} kết quả qua bưu chính trong {} kết quả\n{}", name, text.whole(by_post), text.whole(returned), of_all)


@PAGE.card("procedures.sectors", "Theo lĩnh vực", SectorVolumes(), metrics=(metrics.RECEIVED_BY_POST, metrics.RETURNED_BY_POST, metrics.POSTAL_RETURN_RATE))
def sectors(frame: pd.DataFrame, asked: Asked) -> Drawing:
    """Sectors by what goes by post."""
    key = asked.state.sort.lstrip("-") if asked.state.sort.lstrip("-") in _LOOKS else "returned_by_post"
    label, noun, act = _LOOKS[key]
    choices = tuple(
        Choice(name, asked.link(state=replace(asked.state, sort=f"-{one}" if one != "returned_by_post" else "", page=1)), is_set=one == key)
        for one, (name, _, _) in _LOOKS.items()
    )
    if frame.empty or not (frame[key].fillna(0) > 0).any():
        return replace(phrases.nothing(asked, f"{noun} {act}"), choices=choices)
    links = [None if pd.isna(code) else asked.link(sectors=(code,)) for code in frame["sector_code"]]
    below = frame[denominator(metrics.POSTAL_RETURN_RATE)].fillna(0)
    rows = frame.assign(
        link=pd.Series(links, index=frame.index, dtype="object"),
        postal_return_rate=frame["postal_return_rate"].mask(below < asked.data.rules.minimum_n),
        change=frame[key] - frame[before(key)] if before(key) in frame else pd.Series(pd.NA, index=frame.index, dtype="Int64"),
        by_name=[text.fold(name) for name in frame["sector_name"]],
    )
    rows = rows.sort_values([key, "by_name"], ascending=[False, True], ignore_index=True)
    shown = rows[rows[key].fillna(0) > 0].head(BARS)
    has_before = asked.timeframe.compared is not None
    return Drawing(
        words.sectors(rows, key, noun, act),
        phrases.subtitle(asked, label),
        figure=figures.bars(
            names=[text.shorten(name, 60) for name in shown["sector_name"]],
            values=[int(value) for value in shown[key]],
            links=list(shown["link"]),
            comparison=[None if pd.isna(value) else int(value) for value in shown[before(key)]] if has_before else None,
            comparison_name=phrases.capital(phrases.compared_name(asked)),
        ),
        table=Table.of(rows, sector_columns(asked, key), total=total(rows, "sector_name")),
        choices=choices,
        note=_sectors_note(rows[key].fillna(0), len(shown), noun, act, asked),
    )


def _sectors_note(counts: pd.Series, shown: int, noun: str, act: str, asked: Asked) -> str:
    """The sectors that are not drawn, and those at zero."""
    none = int((counts == 0).sum())
    hidden = len(counts) - none - shown
    parts = [say("Và {} lĩnh vực khác ở bảng.", text.whole(hidden))] if hidden else []
    parts += [say("{} lĩnh vực chưa có {} {}.", text.whole(none), noun, act)] if none else []
    return " ".join([*parts, few(asked), say(BCCI)])


@PAGE.card("procedures.idle", "Trong danh mục, chưa phát sinh qua bưu chính", IdleProcedures(), needs=("agency_procedures",), also=(ListSteps(),))
def idle(frame: pd.DataFrame, asked: Asked) -> Drawing:
    """Listed procedures without anything by post, of two kinds."""
    listed = int(asked.others[0]["procedures"].iloc[list(Step).index(Step.LISTED)])
    if asked.timeframe.counted is None or listed == 0:
        return phrases.nothing(asked, "thủ tục trong danh mục")
    subtitle = phrases.subtitle(asked, "Thủ tục trong danh mục, không có hồ sơ tiếp nhận và kết quả trả qua bưu chính")
    if frame.empty:
        return Drawing(words.idle(frame, listed), subtitle, is_empty=True)
    chosen = _is_idle_chosen(asked)
    kinds = {kind: frame["kind"] == str(kind) for kind in Idleness}
    wanted = {str(kind) for kind in Idleness} & set(asked.state.verdicts) or {str(kind) for kind in Idleness}
    rows = frame[frame["kind"].isin(wanted)]
    cut = not chosen and len(rows) > PREVIEW
    rows = linked(rows.head(PREVIEW) if cut else rows, asked)
    every = tuple(sorted(str(kind) for kind in Idleness))
    choices = [Choice("Tìm trong cả danh sách", _state_link(asked, every), wanted == set(every) and chosen, text.whole(len(frame)))]
    choices += [
        Choice(words.IDLE_NAMES[kind], _state_link(asked, (str(kind),)), wanted == {str(kind)}, text.whole(int(kinds[kind].sum()))) for kind in Idleness
    ]
    if chosen:
        choices.append(Choice("Thu gọn", asked.link(state=TableState())))
    notes = [say("Bảng nêu {} thủ tục nhiều hồ sơ nhất trong số này; chọn một mục ở trên để xem và tìm trong cả danh sách.", PREVIEW) if cut else ""]
    notes.append(say("“Lần cuối” tính đến ngày số liệu, không giới hạn trong kỳ. ") + say(BCCI))
    if asked.filters.channels:
        notes.append(say("Đang lọc theo hình thức tiếp nhận: hồ sơ của hình thức khác không được tính ở đây."))
    return Drawing(
        words.idle(frame, listed),
        subtitle,
        table=Table.of(rows.assign(kind_name=rows["kind"].map(words.IDLE_SHORT)), IDLE_COLUMNS, interactive=chosen, search_keys=SEARCHED),
        choices=tuple(choices),
        note=" ".join(note for note in notes if note),
    )


def _state_link(asked: Asked, kinds: tuple[str, ...]) -> str:
    return asked.link(state=TableState(verdicts=kinds))


@PAGE.card("procedures.volumes", "Mọi thủ tục", ProcedureVolumes(), metrics=(metrics.RECEIVED_BY_POST, metrics.RETURNED_BY_POST, metrics.POSTAL_RETURN_RATE))
def volumes(frame: pd.DataFrame, asked: Asked) -> Drawing:
    """Every procedure with its figures, to be searched and sorted."""
    rows = linked(ordered(present(frame), asked.data.rules.minimum_n), asked)
    if rows.empty or not has_dossier(rows).any():
        return phrases.nothing(asked, "hồ sơ")
    folded = _is_idle_chosen(asked)
    columns = [Column("procedure_name", "Thủ tục", link="link"), Column("procedure_code", "Mã"), Column("sector_name", "Lĩnh vực"), *FIGURE_COLUMNS]
    if asked.timeframe.compared is not None:
        rows = rows.assign(change=rows["returned_by_post"] - rows[before("returned_by_post")])
        columns.append(Column("change", say("Trả qua BCCI so {}", phrases.compared_name(asked)), Kind.SIGNED))
    has_list = "agency_procedures" in asked.data.catalogue.present
    if has_list:
        columns.append(Column("listing_agencies", "Đơn vị niêm yết", Kind.WHOLE))
    # A procedure that has gone since counts in the change of the total and has no row: it has no figure in this period.
    ended = {"change": frame["returned_by_post"].sum() - frame[before("returned_by_post")].sum()} if "change" in rows else {}
    without = rows.loc[rows["procedure_code"].isna(), "received"].sum()
    notes = [
        few(asked),
        say("“–” ở cột Đơn vị niêm yết: ngoài danh mục bưu chính.") if has_list else "",
        say("{} hồ sơ không ghi thủ tục có trong tổng.", text.whole(without)) if without else "",
        say(BCCI),
    ]
    choices = (Choice("Tìm, sắp xếp trong cả bảng", asked.link(state=TableState()), count=text.whole(len(rows))),) if folded else ()
    return Drawing(
        words.volumes(rows[has_dossier(rows) | is_used_by_post(rows)], asked),
        phrases.subtitle(asked, "Hồ sơ và kết quả theo thủ tục"),
        table=Table.of(
            rows.head(PREVIEW) if folded else rows,
            columns,
            interactive=not folded,
            total=None if folded else total(rows, "procedure_name") | ended,
            search_keys=SEARCHED,
        ),
        choices=choices,
        note=" ".join(note for note in notes if note),
    )


@PAGE.card("procedures.outside", "Ngoài danh mục mà vẫn dùng bưu chính", UnlistedProcedures(), needs=("agency_procedures",), also=(ProcedureVolumes(),))
def outside(frame: pd.DataFrame, asked: Asked) -> Drawing:
    """Procedures that go by post without standing on the list."""
    if asked.timeframe.counted is None or not is_used_by_post(asked.others[0]).any():
        return phrases.nothing(asked, "hồ sơ qua bưu chính")
    subtitle = phrases.subtitle(asked, "Hồ sơ và kết quả qua bưu chính của thủ tục ngoài danh mục")
    if frame.empty:
        return Drawing(words.unlisted(frame), subtitle, is_empty=True)
    rows = linked(frame, asked)
    sums = {"procedure_name": say("Tổng"), **{name: rows[name].sum() for name in ("received_by_post", "returned_by_post")}}
    return Drawing(
        words.unlisted(frame),
        subtitle,
        table=Table.of(rows, UNLISTED_COLUMNS, total=sums),
        note=say("Nên bổ sung vào danh mục, hoặc kiểm tra lại hình thức đã ghi. “–” ở cột cuối: chưa từng có trong danh mục. ") + say(BCCI),
    )
