"""The sentences of the page “Biến động”."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import pandas as pd

from config.language import say, told
from dashboard import text
from dashboard.cards import Asked
from dashboard.pages import months, phrases
from queries.change import GROUP
from queries.period import month_end, month_label
from queries.signal import FEWEST_A_MONTH, FEWEST_MONTHS, RUN, RateWord, Word
from queries.split import CHANNEL, POINTS

Row = Mapping[str, Any]
NAME_CHARS: Final = 90
ABOVE: Final = "cao hơn"
BELOW: Final = "thấp hơn"
SMALL: Final = 20  # limits under it are printed with a decimal
LIMITS: Final = {"upper": "Giới hạn trên", "centre": "Trung bình", "lower": "Giới hạn dưới"}


def points(value: object) -> str:
    """Percentage points with their sign, to a hundredth: `+0,40`; less than half a hundredth is `+0,00` or `−0,00`."""
    if text.is_missing(value) or value == 0:
        return text.number(value)
    number = float(str(value))
    shown = text.percent(abs(number), POINTS, 2).removesuffix("%")
    return ("+" if number > 0 else text.MINUS) + (shown.replace("1", "0") if shown.startswith("<") else shown).removeprefix("<")


def _largest(rows: Sequence[Row], key: str, sign: int) -> Row | None:
    """The part that moved most in a direction, of equals the first row; what is not recorded is named only where nothing else moved so."""
    moved = [row for row in rows if row[key] * sign > 0]
    return min(moved, key=lambda row: (not isinstance(row["key"], str), -abs(row[key]))) if moved else None


def _most(rows: Sequence[Row], key: str, printed: Callable[[object], str]) -> str:
    """“tăng nhiều nhất ở A (+12), giảm nhiều nhất ở B (−3)”, the larger first; empty where nothing moved."""
    found = [(words, row) for words, row in ((say("tăng"), _largest(rows, key, 1)), (say("giảm"), _largest(rows, key, -1))) if row is not None]
    found.sort(key=lambda one: -abs(one[1][key]))
    return ", ".join(say("{} nhiều nhất ở {} ({})", words, _said(row), printed(row[key])) for words, row in found)


def _said(row: Row) -> str:
    name = text.shorten(row["name"], NAME_CHARS)
    if not isinstance(row["key"], str):
        return say("phần {}", name)
    return say("hình thức {}", name) if row["kind"] == CHANNEL else name


def split_title(rows: Sequence[Row], was: int, now: int, noun: str, asked: Asked) -> str:
    """How far the total moved, and which parts moved it most; other parts than units come first, because the first card says the total."""
    whole = say("{} {} so với {}", phrases.place(asked), text.change(now, was, "kết quả"), phrases.compared_name(asked))
    most = _most(rows, "change", text.signed)
    if noun == "đơn vị":
        head = say("Kết quả trả qua bưu chính của {}", whole)
        return f"{head}: {most}" if most and len(rows) > 1 else head
    head = say("Kết quả trả qua bưu chính theo {}", noun)
    return f"{head}: {most}; {whole}" if most else f"{head}: {whole}"


def split_lines(rows: Sequence[Row], was: int, now: int, noun: str) -> tuple[str, ...]:
    """How the parts add up to the change."""
    parts = []
    for words, moved in ((say("tăng"), [row for row in rows if row["change"] > 0]), (say("giảm"), [row for row in rows if row["change"] < 0])):
        if moved:
            parts.append(say("{} {} {}, cộng {}", text.whole(len(moved)), noun, words, text.signed(sum(row["change"] for row in moved))))
    still = sum(row["change"] == 0 for row in rows)
    parts += [say("{} {} không đổi", text.whole(still), noun)] if still else []
    whole = say("từ {} đến {} kết quả là {}", text.whole(was), text.whole(now), text.signed(now - was))
    return (f"{phrases.capital('; '.join(parts))}; {whole}.",)


def check(parts: int, whole: int) -> str:
    """Whether the parts add up to the figure of the whole, which was counted by itself."""
    return say("Cộng các dòng = tổng số đếm riêng") if parts == whole else say("Cộng các dòng (tổng số đếm riêng là {})", text.signed(whole))


def split_note(rows: Sequence[Row], merged: int, noun: str, most_rows: int) -> str:
    """What was merged in the chart, and why units stand together."""
    parts = [say("{} {} thay đổi ít hơn được gộp thành một dòng trên biểu đồ.", text.whole(merged), noun)] if merged else []
    if len(rows) > most_rows:
        parts.append(say("Bảng liệt kê {} {} thay đổi nhiều nhất và gộp phần còn lại; tệp CSV có đủ.", most_rows, noun))
    groups = sum(row["kind"] == GROUP for row in rows)
    if groups:
        parts.append(
            say("Giữa hai kỳ có sắp xếp tổ chức: {} dòng gộp đơn vị trước và sau sắp xếp thành nhóm nhỏ nhất so sánh được, không chia số liệu.", groups)
        )
    if any(isinstance(row["key"], str) and "@" in row["key"] for row in rows):
        parts.append(say("Địa bàn cũ vẫn có kết quả trả sau ngày sắp xếp nên đứng riêng; muốn gộp, chọn tổ chức “Cộng về đơn vị hiện nay”."))
    return " ".join([*parts, say("Các dòng cộng lại đúng bằng mức thay đổi chung, đến từng hồ sơ.")])


def rate_title(whole: Row, behaviour: float, mix: float, asked: Asked) -> str:
    """How the rate moved, how much of it by the units' own rates and how much by their weights."""
    moved = text.points(whole["numerator"], whole["denominator"], whole["numerator_before"], whole["denominator_before"])
    rate = text.percent(whole["numerator"], whole["denominator"])
    was = text.percent(whole["numerator_before"], whole["denominator_before"])
    head = say("Tỷ lệ trả kết quả qua bưu chính của {} {} (từ {} thành {}) so với {}", phrases.place(asked), moved, was, rate, phrases.compared_name(asked))
    return say("{}: do cách làm {}, do cơ cấu {} điểm %", head, points(behaviour), points(mix))


def rate_lines(rows: Sequence[Row], behaviour: float, mix: float) -> tuple[str, ...]:
    """What the two words mean here, and who moved the rate most by the own rate."""
    if len(rows) == 1:
        meaning = say("Chỉ có một dòng nên không có cơ cấu: toàn bộ thay đổi là do cách làm, hoặc do đơn vị chỉ có kết quả ở một kỳ.")
    else:
        meaning = say(
            "Cách làm ({} điểm %): chính các đơn vị trả qua bưu chính nhiều hơn hay ít hơn. Cơ cấu ({} điểm %): phần việc dồn về "
            "đơn vị có tỷ lệ cao hay thấp hơn mức chung.",
            points(behaviour),
            points(mix),
        )
    most = _most(rows, "behaviour", points) if len(rows) > 1 else ""
    return (meaning, say("Do cách làm: {} điểm %.", most)) if most else (meaning,)


def rate_note(rows: Sequence[Row], merged: int, minimum: int) -> str:
    """What is merged, how the split is made, and what is too small for a rate."""
    parts = [say("{} đơn vị có tác động nhỏ hơn được gộp thành một dòng trên biểu đồ; bảng có đủ.", text.whole(merged))] if merged else []
    parts.append(say("Cách làm và cơ cấu tính bằng trung bình hai kỳ nên cộng lại đúng bằng thay đổi của tỷ lệ, không có phần dư; số in ra làm tròn đến 0,01."))
    parts.append(say("Đơn vị chỉ có kết quả ở một kỳ được tính vào cơ cấu."))
    if any(min(row["denominator"], row["denominator_before"]) < minimum for row in rows):
        parts.append(say("Dưới {} kết quả thì không in tỷ lệ (“–”), phần tác động vẫn tính.", minimum))
    return " ".join(parts)


def signal_title(row: Row, frame: pd.DataFrame, asked: Asked) -> str:
    """What the last whole month says: a real change, the usual swing, or too few to say."""
    month, value = months.name(asked, int(row["month"])), float(row["value"])
    head = say("{}, {} trả {} kết quả qua bưu chính: {}", phrases.capital(month), phrases.place(asked), text.whole(row["value"]), row["word"])
    if row["word"] == Word.FEW:
        return head
    digits = 0 if row["upper"] >= SMALL else 1
    limits = say("{} đến {}", text.number(row["lower"], digits), text.number(row["upper"], digits))
    if row["word"] == Word.USUAL:
        return say("{} (bình thường từ {})", head, limits)
    if value > row["upper"] or value < row["lower"]:
        side = say("{} mức thường thấy", ABOVE) if value > row["upper"] else say("{} mức thường thấy", BELOW)
        return f"{head}, {side} ({limits})"
    side = ABOVE if value > row["centre"] else BELOW
    return say("{}, {} tháng liền {} trung bình {}", head, _run(frame), side, text.number(row["centre"], digits))


def _run(frame: pd.DataFrame) -> int:
    """How many months at the end of the judged ones lie on the last one's side of the mean."""
    judged = frame[frame["word"].notna()]
    sides = [bool(above) for above in judged["value"] > judged["centre"]]
    return next((count for count, side in enumerate(reversed(sides)) if side != sides[-1]), len(sides))


def signal_lines(frame: pd.DataFrame) -> tuple[str, ...]:
    """Which months were really different; or why nothing is judged."""
    judged = frame[frame["word"].notna()]
    if (judged["word"] == Word.FEW).all():
        why = say(
            "Cần ít nhất {} tháng đủ số liệu và trung bình {} kết quả mỗi tháng mới kết luận được; hiện có {} tháng.",
            FEWEST_MONTHS,
            FEWEST_A_MONTH,
            len(judged),
        )
        return (why,)
    parts = []
    for words, part in (
        (say("cao"), judged[(judged["word"] == Word.REAL) & (judged["value"] > judged["centre"])]),
        (say("thấp"), judged[(judged["word"] == Word.REAL) & (judged["value"] < judged["centre"])]),
    ):
        if len(part):
            names = [month_label(int(month)) for month in part["month"]]
            parts.append(f"{words}: {text.join_names(names, limit=8, noun='tháng')}")
    return (say("Tháng thay đổi thật: {}.", "; ".join(parts)) if parts else say("Không tháng nào ra ngoài dao động thường."),)


def month_word(row: Row, asked: Asked) -> str:
    """The word of a month, or why it has none."""
    if not text.is_missing(row["word"]) and isinstance(row["word"], str):
        return say(str(row["word"]))
    if text.is_missing(row["value"]):
        return text.MISSING
    late = month_end(int(row["month"]), asked.filters.clock) > asked.data.as_of
    return say("chưa hết tháng") if late else say("không đủ ngày số liệu")


SIGNAL_NOTE: Final = told(
    "Dải xám là dao động thường: trung bình ± 2,66 lần mức chênh trung bình giữa hai tháng liền nhau (biểu đồ XmR). “Thay đổi thật” là tháng nằm ngoài dải, "
    "hoặc thuộc ít nhất {} tháng liền ở cùng một phía của trung bình. Biểu đồ chỉ ra lúc nào khác thường, không chứng minh vì sao.",
    RUN,
)


def side(row: Row) -> str:
    """The word of a unit beside the province, with the direction where the difference is real."""
    if row["word"] != RateWord.REAL:
        return say(str(row["word"]))
    return say("{} thật", ABOVE if row["rate"] > row["province_rate"] else BELOW)


def funnel_title(rows: Sequence[Row], asked: Asked) -> str:
    """How many units really differ from the province, and which way."""
    province = text.percent(float(rows[0]["province_rate"]), 1)
    if len(rows) == 1:
        row = rows[0]
        rate = say("{} ({}/{} kết quả)", text.percent(row["numerator"], row["denominator"]), text.whole(row["numerator"]), text.whole(row["denominator"]))
        if row["word"] == RateWord.FEW:
            return say("{} trả {}/{} kết quả qua bưu chính: {}", row["agency_name"], text.whole(row["numerator"]), text.whole(row["denominator"]), RateWord.FEW)
        words = say("{} so với", side(row)) if row["word"] == RateWord.REAL else say("{} của", RateWord.USUAL)
        return say("{} trả {} qua bưu chính: {} toàn tỉnh ({})", row["agency_name"], rate, words, province)
    real = [row for row in rows if row["word"] == RateWord.REAL]
    place = "" if phrases.is_province(asked) else say(" của {}", phrases.place(asked))
    if not real:
        return say("Không đơn vị nào trong {} đơn vị{} có tỷ lệ trả qua bưu chính khác thật so với toàn tỉnh ({})", len(rows), place, province)
    above = sum(row["rate"] > row["province_rate"] for row in real)
    sides = ", ".join(f"{count} {say(words)}" for count, words in ((above, ABOVE), (len(real) - above, BELOW)) if count)
    return say("{} trong {} đơn vị{} có tỷ lệ trả qua bưu chính khác thật so với toàn tỉnh ({}): {}", len(real), len(rows), place, province, sides)


def funnel_lines(rows: Sequence[Row]) -> tuple[str, ...]:
    """How many are within the usual swing or too small, and who is furthest out."""
    if len(rows) == 1:
        return ()
    usual, few = (sum(row["word"] == word for row in rows) for word in (RateWord.USUAL, RateWord.FEW))
    counts = [say("{} đơn vị {}", count, word) for count, word in ((usual, RateWord.USUAL), (few, RateWord.FEW)) if count]
    return (f"{phrases.capital('; '.join(counts))}.",) if counts else ()


def funnel_note(left_out: int, minimum: int) -> str:
    """How the limits are made and what they do not say."""
    parts = [say("Biểu đồ không vẽ {} đơn vị: đơn vị khác thật và đơn vị nhiều kết quả được vẽ trước; bảng có đủ.", left_out)] if left_out else []
    parts.append(
        say(
            "Dải xám của mỗi đơn vị là nơi 99,8% đơn vị cùng số kết quả sẽ nằm nếu có tỷ lệ của toàn tỉnh (phân phối nhị thức); "
            "vạch đứng là tỷ lệ toàn tỉnh. Giới hạn không tính đến loại thủ tục của từng đơn vị; đơn vị có rất nhiều kết quả hầu "
            "như luôn khác thật."
        )
    )
    return " ".join([*parts, say("Dưới {} kết quả: {}.", minimum, RateWord.FEW)])
