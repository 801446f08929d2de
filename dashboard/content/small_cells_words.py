"""Small counts in words and headline figures: what quotes a hidden number is left out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from dashboard.cards import Kpi

_NOT_COUNTS: Final = re.compile(
    r"\d{1,2}/\d{1,2}/\d{4}"  # a date
    r"|\b(1[0-2]|0?[1-9])/(19|20|21)\d\d\b"  # a month
    r"|\d+/\d{4}/[A-ZĐ]\S*"  # the number of a legal text
    r"|\d+/[A-ZĐ][A-ZĐ-]+"  # the same without a year
    r"|[IVX]+/\d{4}"  # a quarter
)
_TOKEN: Final = re.compile(r"[+−-]?(\d[\d.]*(?:,\d+)?)(%?)")
_THINGS: Final = (
    *("đơn vị", "thủ tục", "TTHC", "tháng", "quý", "năm", "ngày", "xã", "phường", "huyện", "địa bàn", "cấp", "lĩnh vực", "cơ quan", "hình thức", "dòng"),
    *("tình trạng", "điểm", "sở", "kỳ", "mức", "nhóm", "bên", "cặp", "tỷ lệ", "chỉ tiêu", "nghìn dân", "dân", "phía", "ngưỡng", "giờ", "lần"),
    *("chưa từng trả", "đã ngừng", "trả thấp", "chưa trả", "có trả", "không ghi nhận", "không có kết quả", "chưa có số liệu", "không tồn tại", "thôi trả"),
    *("mới trả", "cao hơn", "thấp hơn", "chưa kết luận"),
)
_BEFORE: Final = re.compile(r"(tháng|quý|ngày|năm|kỳ|Điều|điều|mục|số|lớp|cấp|khoản|bậc|hạng|thứ)\s+$", re.IGNORECASE)
_MOVED: Final = re.compile(r"(tăng|giảm)\s+([\d.]+)(?![\d,])")


@dataclass(frozen=True)
class Hidden:
    """What was hidden in a table: by name of a row its values, their words without sign, and the names of all rows."""

    by_name: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    words: frozenset[str] = frozenset()
    names: tuple[str, ...] = ()

    @property
    def is_any(self) -> bool:
        """Whether anything was hidden."""
        return bool(self.by_name)

    def joined(self, other: Hidden) -> Hidden:
        """Both together."""
        return Hidden({**self.by_name, **other.by_name}, self.words | other.words, (*self.names, *other.names))


def is_told(words: str, hidden: Hidden, least: int) -> bool:
    """Whether a text may be told: it quotes no small count of dossiers and nothing that was hidden."""
    bare = _NOT_COUNTS.sub(" ", words)
    for match in _TOKEN.finditer(bare):
        number, percent = match[1].rstrip("."), match[2]
        if percent or "," in number:
            if number + percent in hidden.words:
                return False
            continue
        if _counts_things(bare, match):
            continue
        if number in hidden.words or 0 < int(number.replace(".", "")) < least:
            return False
    return True


def _counts_things(words: str, match: re.Match[str]) -> bool:
    """Whether a number counts no dossiers: units, procedures, days, or is itself the number of something."""
    rest = re.sub(r"^(/| trong )[\d.]+", "", words[match.end() :]).lstrip()  # “38/59 đơn vị”, “1 trong 235 thủ tục”
    return rest.startswith(_THINGS) or bool(_BEFORE.search(words[: match.start()]))


def kept_sentences(words: str, hidden: Hidden, least: int) -> str:
    """The sentences of a text that may be told."""
    return " ".join(sentence for sentence in re.split(r"(?<=[.!?])\s+", words) if is_told(sentence, hidden, least))


def reveals_before(value: str, change: str, least: int) -> bool:
    """Whether a figure and its change give away a small count of the compared period: 7 and “tăng 5” is 2."""
    now, moved = re.match(r"([\d.]+)(?![\d,%])", value), _MOVED.search(change)
    if now is None or moved is None:
        return False
    delta = _whole(moved[2]) * (1 if moved[1] == "tăng" else -1)
    return 0 < _whole(now[1]) - delta < least


def _whole(words: str) -> int:
    return int(words.replace(".", "") or 0)


def safe_kpi(kpi: Kpi, hidden: Hidden, least: int) -> Kpi:
    """A headline figure that may be told."""
    said = " ".join(filter(None, (kpi.value, kpi.unit)))
    spark = tuple(None if value is not None and 0 < value < least else value for value in kpi.spark)
    if not is_told(said, hidden, least) or kpi.label in hidden.by_name:
        whole = re.fullmatch(r"\d", kpi.value)
        return replace(kpi, value=f"<{least}" if whole and 0 < int(kpi.value) < least else "*", change="", target="", spark=spark)
    is_rate = kpi.value.endswith("%")  # its sums of the compared period are not known here
    shown = not is_rate and is_told(kpi.change, hidden, least) and not reveals_before(kpi.value, kpi.change, least)
    target = kpi.target if is_told(kpi.target, hidden, least) else ""
    return replace(kpi, change=kpi.change if shown else "", target=target, spark=spark)
