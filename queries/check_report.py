"""The lines of a check and what they add up to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Severity = Literal["ok", "info", "warning", "error"]

_WORDS: Final[dict[Severity, str]] = {"ok": "ĐẠT", "info": "GHI CHÚ", "warning": "CẢNH BÁO", "error": "LỖI"}
_SHOWN: Final = 5


@dataclass(frozen=True)
class Line:
    """What one rule found. `touched` counts dossiers, or what the text names instead (units, days, rows)."""

    rule: str
    severity: Severity
    touched: int
    text: str


@dataclass(frozen=True)
class Report:
    """All lines of a check of one source."""

    name: str
    label: str
    lines: tuple[Line, ...]

    @property
    def exit_code(self) -> int:
        """0 usable, 1 usable with warnings, 2 not usable."""
        found = {line.severity for line in self.lines}
        return 2 if "error" in found else 1 if "warning" in found else 0

    def text(self) -> str:
        """The report for a terminal, in Vietnamese: a heading, one line per rule, a conclusion."""
        width = max((len(line.rule) for line in self.lines), default=0)
        rows = [f"{_WORDS[line.severity]:<9} {line.rule:<{width}}  {line.text}" for line in self.lines]
        return "\n".join([f"Kiểm tra nguồn dữ liệu “{self.name}”: {self.label}", "", *rows, "", self._conclusion()])

    def _conclusion(self) -> str:
        errors, warnings = (sum(line.severity == severity for line in self.lines) for severity in ("error", "warning"))
        if errors:
            return f"Kết luận: KHÔNG dùng được ({errors} lỗi, {warnings} cảnh báo)."
        return f"Kết luận: dùng được, có {warnings} cảnh báo." if warnings else "Kết luận: dùng được."


def number(value: int) -> str:
    """A whole number as Vietnamese officials write it: 1.234.567."""
    return f"{value:,}".replace(",", ".")


def percent(part: int, whole: int) -> str:
    """A share with one decimal: 12,5%; “–” where there is nothing to divide by."""
    return f"{100 * part / whole:.1f}%".replace(".", ",") if whole else "–"


def listed(names: list[str]) -> str:
    """The first few of a list and how many more there are."""
    more = len(names) - _SHOWN
    return ", ".join(names[:_SHOWN]) + (f" và {number(more)} mục khác" if more > 0 else "")
