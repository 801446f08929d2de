"""Whether the push works, for the page “Chưa trả qua bưu chính”: who began and who fell silent, how steadily, and what followed an event."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import pandas as pd

from config.language import say
from dashboard import figures, text
from dashboard.cards import Asked, Choice, Drawing
from dashboard.figures import Figure, Part, Series
from dashboard.pages import adoption_words as words
from dashboard.pages import months, phrases
from dashboard.pages.readings import rows_of
from dashboard.tables import Column, Kind, Table
from dashboard.theme import LIGHT
from queries.period import month_label
from queries.push import COHORT_MONTHS, REGULAR_SHARE, STOPPED_MONTHS, Change, Pattern

CHANGES: Final[dict[str, str]] = {Change.NEWLY_ACTIVE: "Mới trả qua bưu chính", Change.NEWLY_SILENT: "Thôi trả qua bưu chính"}
UNKNOWN: Final = "unknown"
PATTERNS: Final[dict[str, tuple[str, str]]] = {
    Pattern.NEVER: ("Chưa từng", LIGHT.not_by_post),
    Pattern.STOPPED: ("Đã ngừng", LIGHT.stopped),
    Pattern.IRREGULAR: ("Lúc có lúc không", LIGHT.quiet),
    Pattern.REGULAR: ("Đều đặn", LIGHT.returns_by_post),
    UNKNOWN: ("Chưa xét được", LIGHT.no_data),
}


# --- who began, who fell silent --------------------------------------------------------------------------------------------------


def changes(frame: pd.DataFrame, asked: Asked) -> Drawing:
    """The agencies that return by post in one of the two periods only."""
    against = f"{phrases.subtitle(asked, 'Đơn vị có kết quả trả ở cả hai kỳ')} · {phrases.compared(asked)}"
    if frame.empty:
        one = f"{phrases.capital(phrases.place(asked))}: " if len(asked.filters.agencies) == 1 else ""
        said = say("không có đơn vị nào mới trả hay thôi trả qua bưu chính") if not one else say("không phải đơn vị mới trả hay thôi trả qua bưu chính")
        return Drawing(phrases.capital(say("{}{} so với {}", one, said, phrases.compared_name(asked))), against, note=_CHANGES_NOTE)
    columns = (
        Column("agency_name", "Đơn vị", link="link"),
        Column("change_name", "Thay đổi"),
        Column("returned_by_post_before", phrases.capital(phrases.compared_name(asked)), Kind.WHOLE),
        Column("returned_by_post", "Kỳ này", Kind.WHOLE),
        Column("last_postal_return", "Lần gần nhất", Kind.DATE),
        Column("level_name", "Cấp"),
    )
    links = [asked.link(words.AGENCY_PAGE, agencies=(code,)) for code in frame["agency_code"]]
    levels = [words.level_name(level) for level in frame["level"]]
    rows = frame.assign(change_name=frame["change"].map(CHANGES).astype("str"), link=links, level_name=levels)
    return Drawing(changes_title(frame, asked), against, table=Table.of(rows, columns), note=_CHANGES_NOTE)


_CHANGES_NOTE: Final = (
    "Chỉ gồm đơn vị có kết quả ghi hình thức trả ở cả hai kỳ; hai cột số là kết quả trả qua bưu chính. “Lần gần nhất”: đến ngày số liệu, kể cả sau kỳ."
)


def changes_title(frame: pd.DataFrame, asked: Asked) -> str:
    """How many began and how many fell silent; few are named."""
    began = list(frame.loc[frame["change"] == Change.NEWLY_ACTIVE, "agency_name"])
    silent = list(frame.loc[frame["change"] == Change.NEWLY_SILENT, "agency_name"])
    parts = [say("{} {} qua bưu chính", _who(names), verb) for names, verb in ((began, say("mới trả")), (silent, say("thôi trả"))) if names]
    return say("So với {}, {}", phrases.compared_name(asked), ", ".join(parts))


def _who(names: list[str]) -> str:
    return text.join_names(names) if len(names) <= 2 else say("{} đơn vị", len(names))


# --- how steadily ----------------------------------------------------------------------------------------------------------------


def patterns(frame: pd.DataFrame, asked: Asked) -> Drawing:
    """How steadily the agencies of each level return by post in the last 24 months; the frame has agencies of the period only."""
    rows = frame.assign(pattern=frame["pattern"].fillna(UNKNOWN), level_name=[words.level_name(level) for level in frame["level"]])
    number = {name: int((rows["pattern"] == name).sum()) for name in PATTERNS}
    return Drawing(
        patterns_title(rows, number),
        phrases.subtitle(asked, "Số đơn vị theo mức đều đặn trong 24 tháng đến cuối kỳ"),
        figure=_patterns_figure(rows, asked),
        table=_patterns_table(rows, asked),
        note=(
            say(
                "Đều đặn: có trả qua bưu chính ở ít nhất {}% số tháng có kết quả ghi hình thức trả. Đã ngừng: trước có, {} tháng gần "
                "nhất có kết quả thì không; khác với “đã ngừng” của danh sách cần gọi, tính theo kỳ. Chưa từng: không lần nào từ trước "
                "đến cuối kỳ. Chưa xét được: 24 tháng không có kết quả ghi hình thức trả. Chỉ gồm đơn vị tồn tại trong kỳ; bấm vào một "
                "thanh để chỉ xem cấp đó.",
                text.whole(REGULAR_SHARE * 100),
                STOPPED_MONTHS,
            )
        ),
    )


def patterns_title(rows: pd.DataFrame, number: dict[str, int]) -> str:
    """How many agencies return regularly, and how many in each other way."""
    if len(rows) == 1:
        row = rows.iloc[0]
        name = say(PATTERNS[row["pattern"]][0]).lower()
        if row["pattern"] == UNKNOWN:
            return say("{}: 24 tháng không có kết quả ghi hình thức trả nên chưa xét được", row["agency_name"])
        said = {Pattern.NEVER: say("chưa từng trả qua bưu chính"), Pattern.STOPPED: say("đã ngừng trả qua bưu chính")}.get(row["pattern"], name)
        return say("{}: {}, {} trong {} tháng có kết quả là có trả", row["agency_name"], said, row["months_by_post"], row["months_with_results"])
    rest = [f"{number[name]} {say(PATTERNS[name][0]).lower()}" for name in PATTERNS if number[name] and name != Pattern.REGULAR]
    regular = (
        say("{} trong {} đơn vị trả qua bưu chính đều đặn", number[Pattern.REGULAR], len(rows))
        if number[Pattern.REGULAR]
        else say("Chưa đơn vị nào trả qua bưu chính đều đặn")
    )
    return f"{regular}; {text.join_names(rest, 4)}" if rest else regular


def _patterns_figure(rows: pd.DataFrame, asked: Asked) -> Figure:
    counted = pd.crosstab(rows["level"], rows["pattern"]).reindex(columns=list(PATTERNS), fill_value=0)
    counted["whole"], counted["name"] = counted.sum(axis=1), [words.level_name(level) for level in counted.index]
    counted = counted.sort_values(["whole", "name"], ascending=[False, True])
    parts = [Part(name, [int(value) for value in counted[key]], color) for key, (name, color) in PATTERNS.items() if counted[key].any()]
    links = [asked.link(levels=(str(level),)) for level in counted.index]
    return figures.stacked(names=list(counted["name"]), parts=parts, links=links, share=False, unit="đơn vị")


def _patterns_table(rows: pd.DataFrame, asked: Asked) -> Table:
    place = {name: number for number, name in enumerate(PATTERNS)}
    order = sorted(range(len(rows)), key=lambda row: (place[rows["pattern"].iloc[row]], text.sort_key(rows["agency_name"].iloc[row])))
    rows = rows.iloc[order]
    last: list[Any] = [None if pd.isna(month) else month_label(int(month)) for month in rows["last_month_by_post"]]
    links = [asked.link(words.AGENCY_PAGE, agencies=(code,)) for code in rows["agency_code"]]
    rows = rows.assign(pattern_name=[PATTERNS[name][0] for name in rows["pattern"]], last=last, link=links)
    columns = (
        Column("agency_name", "Đơn vị", link="link"),
        Column("pattern_name", "Mức đều đặn"),
        Column("months_by_post", "Tháng có trả qua bưu chính", Kind.WHOLE),
        Column("months_with_results", "Tháng có kết quả", Kind.WHOLE),
        Column("last", "Tháng gần nhất có trả"),
        Column("level_name", "Cấp"),
    )
    return Table.of(rows, columns)


# --- what followed an event ------------------------------------------------------------------------------------------------------


def cohort(frame: pd.DataFrame, asked: Asked, problems: tuple[str, ...]) -> Drawing:
    """How many of the agencies that did not yet return by post began after an event; events to choose from."""
    events = {str(row["event"]): row for row in rows_of(frame.drop_duplicates("event"))}
    usable = [key for key, event in events.items() if event["denominator"]]
    if not usable:
        why = say("Không sự kiện nào có đơn vị chưa trả qua bưu chính") if events else say("Chưa có sự kiện nào trong thời gian có số liệu")
        return Drawing(say("{} để theo dõi", why), phrases.subtitle(asked, "Đơn vị bắt đầu trả qua bưu chính sau một sự kiện"), lines=problems, is_empty=True)
    key = asked.state.event if asked.state.event in events else usable[-1]
    unknown = (say("Không có sự kiện «{}» để theo dõi; đang xem sự kiện gần nhất.", asked.state.event),) if asked.state.event not in ("", key) else ()
    event, rows = events[key], frame[frame["event"] == key]
    since = say("từ {} đến tháng thứ {}", text.date_label(event["event_on"]), COHORT_MONTHS)
    return Drawing(
        cohort_title(event, rows, asked),
        say("Đơn vị bắt đầu trả qua bưu chính theo tháng sau sự kiện · {} · {}", phrases.place(asked), since),
        figure=_cohort_figure(rows) if event["denominator"] else None,
        table=_cohort_table(rows, asked),
        lines=(say("{}: {}. Căn cứ: {}.", phrases.capital(event["event_kind"]), event["event_name"], event["citation"]), *unknown, *problems),
        choices=tuple(_event_choices(events, key, asked)),
        note=(
            "Nhóm theo dõi: đơn vị đang hoạt động, có nguồn số liệu vào ngày sự kiện và trước đó chưa từng trả qua bưu chính; "
            "bắt đầu sau sự kiện không nhất thiết là do sự kiện. Kỳ đã chọn không ảnh hưởng thẻ này; tháng sau ngày số liệu để trống."
        ),
    )


def cohort_title(event: dict[str, Any], rows: pd.DataFrame, asked: Asked) -> str:
    """How many of the cohort have begun by the last month that is known."""
    known = rows.dropna(subset=["numerator"])
    whole, day = int(event["denominator"]), text.date_label(event["event_on"])
    if not whole:
        return say("Vào ngày {}, mọi đơn vị được theo dõi đều đã từng trả qua bưu chính", day)
    begun, after = int(known["numerator"].iloc[-1]), int(known["months_after"].iloc[-1])
    when = say("{} tháng sau ngày {}", after, day) if after else say("Từ ngày {} đến ngày {}", day, text.date_label(asked.data.as_of))
    if whole == 1:
        return say("{}, đơn vị duy nhất khi ấy chưa trả {} bắt đầu trả qua bưu chính", when, "đã" if begun else "vẫn chưa")
    return say("{}, {} trong {} đơn vị khi ấy chưa trả đã bắt đầu trả qua bưu chính", when, begun or "chưa đơn vị nào", whole)


def _cohort_figure(rows: pd.DataFrame) -> Figure:
    begun, whole = months.floats(rows["numerator"]), months.floats(rows["denominator"])
    names = [say("{} tháng sau ({})", after, month_label(int(month))) for after, month in zip(rows["months_after"], rows["month"], strict=True)]
    hovers = [
        "" if now is None else say("{}: {} trong {} đơn vị", name, text.whole(now), text.whole(all_))
        for name, now, all_ in zip(names, begun, whole, strict=True)
    ]
    series = [Series("Đã bắt đầu", begun, LIGHT.post, hovers=hovers), Series("Cả nhóm", whole, LIGHT.quiet)]
    return figures.line(x_labels=[f"+{after}" for after in rows["months_after"]], series=series, unit="đơn vị", note="Số tháng sau sự kiện", height=300)


def _cohort_table(rows: pd.DataFrame, asked: Asked) -> Table:
    last = int(rows["denominator"].iloc[0]) < asked.data.rules.minimum_n
    columns = (
        Column("months_after", "Tháng thứ", Kind.WHOLE),
        Column("month_name", "Tháng"),
        Column("numerator", "Đã bắt đầu trả", Kind.WHOLE),
        Column("denominator", "Cả nhóm", Kind.WHOLE),
        *(() if last else (Column("share", "Phần đã bắt đầu", Kind.PERCENT, over=("numerator", "denominator")),)),
    )
    return Table.of(rows.assign(month_name=[month_label(int(month)) for month in rows["month"]]), columns)


def _event_choices(events: dict[str, dict[str, Any]], chosen: str, asked: Asked) -> list[Choice]:
    """One choice per event, the latest first."""
    named = {key: f"{text.date_label(event['event_on'])} {text.shorten(event['event_name'], 44)}" for key, event in reversed(events.items())}
    return [Choice(name, asked.link(state=replace(asked.state, event=key)), key == chosen) for key, name in named.items()]
