"""What the page “Địa bàn” says: which figure is looked at, the message over it, and the small print about places and time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import pandas as pd

from config.language import say
from dashboard import text
from dashboard.cards import Asked, Choice, Drawing
from dashboard.pages import phrases
from queries import geography, organisation
from queries.filters import NOT_RECORDED, Organisation
from queries.measure import Measure
from queries.metrics import RETURNED
from queries.period import Period, day_label
from queries.sentence import LEVEL_NAMES
from queries.statement import Dim

BARS: Final = 40
BCCI: Final = "BCCI: bưu chính công ích."
FEW: Final = f"{text.MISSING} (ít hồ sơ)"
_KINDS: Final = {"Xã ": "", "Phường ": "P. ", "Thị trấn ": "TT ", "Huyện ": "", "Thành phố ": "TP ", "Thị xã ": "TX ", "Quận ": "Q. ", "Đặc khu ": "ĐK "}


@dataclass(frozen=True)
class Look:
    """A figure to look at: its column, the column of the count behind it, its name, its unit, what is counted."""

    key: str
    base: str
    label: str
    unit: str
    noun: str
    act: str

    def show(self, value: object) -> str:
        """The value in words, without its unit."""
        if self.unit == "%":
            return FEW if text.is_missing(value) else text.percent(value, 1)
        return text.number(value, 1 if "trên" in self.unit else 0)


RETURNED_PER_1000: Final = Look(
    "returned_by_post_per_1000", "returned_by_post", "Trả qua bưu chính trên 1.000 dân", "kết quả trên 1.000 dân", "kết quả", "trả qua bưu chính"
)
RECEIVED_PER_1000: Final = Look(
    "received_by_post_per_1000", "received_by_post", "Tiếp nhận qua bưu chính trên 1.000 dân", "hồ sơ trên 1.000 dân", "hồ sơ", "tiếp nhận qua bưu chính"
)
RETURNED_COUNT: Final = Look("returned_by_post", "returned_by_post", "Số kết quả trả qua bưu chính", "kết quả", "kết quả", "trả qua bưu chính")
RECEIVED_COUNT: Final = Look("received_by_post", "received_by_post", "Số hồ sơ tiếp nhận qua bưu chính", "hồ sơ", "hồ sơ", "tiếp nhận qua bưu chính")
RATE: Final = Look("postal_return_rate", "returned_by_post", "Tỷ lệ trả kết quả qua bưu chính", "%", "kết quả", "trả qua bưu chính")
LOOKS: Final = (RETURNED_PER_1000, RECEIVED_PER_1000, RETURNED_COUNT, RECEIVED_COUNT, RATE)


def looks_of(rows: pd.DataFrame) -> tuple[Look, ...]:
    """The figures these rows can show: those per 1,000 people only where a population is known."""
    has_people = "population" in rows and bool(rows["population"].notna().any())
    return LOOKS if has_people else tuple(look for look in LOOKS if "trên" not in look.unit)


def look_of(asked: Asked, looks: Sequence[Look]) -> Look:
    """The figure that the table is sorted by, where it is one of them; else the count behind it; else the first."""
    key = asked.state.sort.lstrip("-")
    chosen = next((look for look in LOOKS if look.key == key), looks[0])
    by_key = {look.key: look for look in looks}
    return by_key.get(chosen.key) or by_key.get(chosen.base) or looks[0]


def choices(asked: Asked, looks: Sequence[Look], chosen: Look) -> tuple[Choice, ...]:
    """One link per figure; the first is the default and leaves the address short."""
    sorts = {look.key: "" if look is looks[0] else f"-{look.key}" for look in looks}
    return tuple(Choice(look.label, asked.link(state=replace(asked.state, sort=sorts[look.key], page=1)), is_set=look is chosen) for look in looks)


def tile_name(name: str) -> str:
    """A name for a small square: without “Xã” and “Huyện”, other kinds shortened."""
    return next((short + name.removeprefix(kind) for kind, short in _KINDS.items() if name.startswith(kind)), name)


def inline(name: str) -> str:
    """A name inside a sentence: “xã Bình Lư”."""
    return name[:1].lower() + name[1:] if name.startswith(tuple(_KINDS)) else name


def without(asked: Asked) -> Drawing | None:
    """The drawing that stands in for every card where the database has no area, or the period no data."""
    if not asked.data.source.has_column("dossiers", "area_code"):
        line = say("Thiếu cột area_code trong bảng dossiers, nên không chia được theo xã, phường. Số liệu theo đơn vị vẫn đầy đủ ở trang Cơ quan, đơn vị.")
        return Drawing("Cơ sở dữ liệu này không ghi địa bàn của hồ sơ", lines=(line,), is_empty=True)
    return phrases.nothing(asked, "số liệu theo địa bàn") if asked.timeframe.counted is None else None


def message(ranked: pd.DataFrame, look: Look, asked: Asked, noun: str) -> str:
    """Who leads and how far ahead, of ranked rows (name, value, base and compared count)."""
    known = ranked[ranked["value"].notna()]
    if (special := _special(ranked, known, look, asked, noun)) is not None:
        return special
    first, last, none = known.iloc[0], known.iloc[-1], _without_any(ranked, look)
    top, bottom = f"{inline(first['name'])} ({_measured(first['value'], look)})", f"{inline(last['name'])} ({look.show(last['value'])})"
    if len(none):
        return say("{} trong {} {} chưa có {} {}; nhiều nhất là {}", text.whole(len(none)), text.whole(len(ranked)), noun, look.noun, look.act, top)
    if look.unit == "%":
        return say(
            "{} có tỷ lệ trả qua bưu chính cao nhất ({}), thấp nhất là {}{}",
            first["name"],
            _measured(first["value"], look),
            bottom,
            _general(ranked, look, noun),
        )
    ahead = say("gấp {} lần {}", text.number(first["value"] / last["value"]), bottom)
    return say("{} {} nhiều nhất: {}, {}{}", first["name"], look.act, _value(first, look), ahead, _general(ranked, look, noun))


def lowest(ranked: pd.DataFrame, look: Look, asked: Asked, noun: str) -> str:
    """Who uses the post least, and how many stay under the figure of all together."""
    known = ranked[ranked["value"].notna()]
    if (special := _special(ranked, known, look, asked, noun)) is not None:
        return special
    none, share = _without_any(ranked, look), overall(ranked, look)
    if len(none):
        names = text.join_names([inline(name) for name in none["name"]], 3, noun)
        return say("{} trong {} {} chưa có {} {}: {}", text.whole(len(none)), text.whole(len(ranked)), noun, look.noun, look.act, names)
    tail = known.iloc[::-1].head(3)
    names = text.join_names([f"{inline(row['name'])} ({look.show(row['value'])})" for _, row in tail.iterrows()])
    if share is None:
        return say("{} ít nhất: {}", look.label, names)
    under = int((known["value"] < share).sum())
    return say("{} trong {} {} dưới mức chung {}; thấp nhất là {}", text.whole(under), text.whole(len(known)), noun, _measured(share, look), names)


def _special(ranked: pd.DataFrame, known: pd.DataFrame, look: Look, asked: Asked, noun: str) -> str | None:
    """The sentence for rows that are no ranking: none known, one, all without, all equal; None for a ranking."""
    if known.empty:
        too_few = look.unit == "%" and len(ranked) > 0
        return say("Chưa đủ hồ sơ để xếp hạng {} theo tỷ lệ", noun) if too_few else say("Số liệu trong phạm vi này không gắn với {} nào", noun)
    first = known.iloc[0]
    if len(ranked) == 1:
        return f"{first['name']} {say(look.act)}: {_value(first, look)}{_moved(first, look, asked)}"
    if len(_without_any(ranked, look)) == len(ranked):
        return say("Chưa {} nào có {} {} trong kỳ", noun, look.noun, look.act)
    if len(known) == 1:
        return say("Chỉ {} đủ hồ sơ để tính: {}", inline(first["name"]), _value(first, look))
    if first["value"] == known.iloc[-1]["value"]:
        return say("{} {} {} cùng mức {}", text.whole(len(known)), noun, look.act, _measured(first["value"], look))
    return None


def _without_any(ranked: pd.DataFrame, look: Look) -> pd.DataFrame:
    """Rows that could have a figure and have not one by post."""
    return ranked[(ranked[look.base] == 0) & (ranked["value"].notna() | (look.unit == "%"))]


def _general(ranked: pd.DataFrame, look: Look, noun: str) -> str:
    share = overall(ranked, look)
    return "" if share is None else say("; chung {} {} là {}", text.whole(int(ranked["value"].notna().sum())), noun, look.show(share))


def _measured(value: float, look: Look) -> str:
    """The figure with its unit."""
    return look.show(value) if look.unit == "%" else f"{look.show(value)} {say(look.unit)}"


def overall(rows: pd.DataFrame, look: Look) -> float | None:
    """The figure of all rows together, as a ratio of sums; None for a plain count or without a denominator."""
    if look.unit == "%":
        above, below = rows["postal_return_rate_numerator"].sum(), rows["postal_return_rate_denominator"].sum()
    elif "trên" in look.unit:
        counted = rows[rows["population"].notna()]
        above, below = counted[look.base].sum() * 1000, counted["population"].sum()
    else:
        return None
    return float(above) / float(below) if below else None


def _value(row: pd.Series, look: Look) -> str:
    """The figure with its unit, and the count where that is another one."""
    measured = _measured(row["value"], look)
    return measured if look.unit in (look.noun, "%") else f"{measured} ({text.whole(row[look.base])} {say(look.noun)})"


def _moved(row: pd.Series, look: Look, asked: Asked) -> str:
    if asked.timeframe.compared is None or text.is_missing(row[f"{look.base}_was"]):
        return ""
    return say(", {} so với {}", text.change(row[look.base], row[f"{look.base}_was"], look.noun), phrases.compared_name(asked))


def not_recorded(frame: pd.DataFrame, asked: Asked) -> str:
    """How many dossiers name no area, and whose they mostly are; empty where all do."""
    row = frame[frame["area_key"].isna()]
    received, returned = (int(row[name].fillna(0).sum()) for name in ("received", "returned"))
    if not received + returned:
        return ""
    levels = asked.data.ask(Measure((RETURNED,), by=(Dim.LEVEL,)), replace(asked.filters, areas=(NOT_RECORDED,))).dropna(subset=["level"])
    whose = ""
    if returned and not levels.empty:
        top = levels.sort_values("returned", ascending=False).iloc[0]
        whose = say(", {} là của {}", text.percent(top["returned"], returned, 0), LEVEL_NAMES.get(str(top["level"]), str(top["level"])))
    return say(
        "{} hồ sơ tiếp nhận và {} kết quả không ghi nhận địa bàn (cơ sở dữ liệu để trống{}): có trong tổng, không có trong xếp hạng.",
        text.whole(received),
        text.whole(returned),
        whose,
    )


def ended(asked: Asked, period: Period) -> set[str]:
    """Keys of the areas that had ended before the period, in the view that is shown."""
    catalogue = asked.data.catalogue
    levels = sorted(set(catalogue.areas["level"].dropna()))
    here = {key for level in levels for key in geography.shown(catalogue, asked.filters.organisation, period, level)}
    return set(geography.last_days(catalogue)) - here


def late_figures(frame: pd.DataFrame, asked: Asked) -> str:
    """Figures of areas that had ended before the period: dossiers received earlier and returned in it."""
    late = frame[frame["area_key"].isin(ended(asked, counted(asked)))]
    results, by_post = (int(late[name].fillna(0).sum()) for name in ("returned", "returned_by_post"))
    if not results:
        return ""
    total = say("{} kết quả ({} qua bưu chính)", text.whole(results), text.whole(by_post))
    return say("{} trả trong kỳ này là của hồ sơ tiếp nhận ở địa bàn nay đã hết hiệu lực: không xếp hạng.", total)


def spanning(asked: Asked) -> str:
    """What can be compared in a period that holds a reorganisation of areas; empty for other periods and where history is added up."""
    catalogue, period = asked.data.catalogue, counted(asked)
    days = {day for day in geography.last_days(catalogue).values() if period.start <= day < period.end}
    if not days or asked.filters.organisation is not Organisation.THEN:
        return ""
    districts = set(catalogue.areas.loc[catalogue.areas["level"] == "district", "area_code"])
    divided = [code for code, new in catalogue.successors("area").items() if len(new) > 1 and code not in districts]
    exact = "" if divided else say(" (không xã cũ nào bị chia, nên phép cộng là chính xác)")
    return say(
        "Kỳ này chứa ngày sắp xếp địa bàn: đến hết {} hồ sơ thuộc xã, huyện cũ, sau đó thuộc xã, phường mới. So được: toàn "
        "tỉnh; từng xã mới khi chọn “cộng về đơn vị hiện nay”{}. Không so huyện cũ hay xã cũ với xã mới.",
        day_label(max(days)),
        exact,
    )


def crossing(asked: Asked) -> str:
    """The communes made of communes of several districts, and what follows for a roll-up; empty where there are none."""
    names = [asked.data.catalogue.area_names[key] for key in geography.crossing(asked.data.catalogue)]
    if not names:
        return ""
    listed = text.join_names([inline(name) for name in sorted(names, key=text.sort_key)], 8, "xã, phường")
    return say(
        "{} xã, phường mới gồm xã cũ của nhiều huyện ({}): cộng xã mới về huyện cũ chỉ là gần đúng, nên ở đây không cộng.", text.whole(len(names)), listed
    )


def few(rows: pd.DataFrame, look: Look, minimum: int) -> str:
    """The rule of the smallest number, where it hides a rate."""
    hidden = look.unit == "%" and bool(rows["value"].isna().any())
    return say("Dưới {} kết quả có ghi nhận hình thức trả thì không tính tỷ lệ.", text.whole(minimum)) if hidden else ""


def not_comparable(rows: pd.DataFrame, asked: Asked) -> str:
    """Why a row has no change beside it."""
    if asked.timeframe.compared is None or rows.empty or rows.loc[rows["area_key"].notna(), "change"].notna().all():
        return ""
    can_switch = asked.filters.organisation is Organisation.THEN and organisation.areas_now(asked.data.catalogue)
    switch = say(" Chọn “cộng về đơn vị hiện nay” để so.") if can_switch else ""
    return say("Không so được địa bàn không tồn tại suốt cả kỳ này và kỳ so sánh ({}).{}", asked.timeframe.compared_label(), switch)


def counted(asked: Asked) -> Period:
    """The counted days; the asked ones where nothing is counted."""
    return asked.timeframe.counted or asked.timeframe.period


def outside(asked: Asked) -> str:
    """Why a square of the map has no figure."""
    return say("nằm ngoài bộ lọc địa bàn") if asked.filters.areas else say("không có hồ sơ trong phạm vi đã lọc")


def joined(*notes: str) -> str:
    """The notes that say something, one after the other."""
    return " ".join(say(note) for note in notes if note)
