"""What a province may set about the look of its dashboard."""

from __future__ import annotations

from dataclasses import dataclass, field

from config.language import say
from config.targets import Target
from dashboard.cards import Letterhead


@dataclass(frozen=True)
class Look:
    """Name of the province, the targets shown beside figures, and the head of letters (`letter_superior` empty: its Ủy ban nhân dân)."""

    province_name: str = "Lai Châu"
    province_kind: str = "tỉnh"
    targets: tuple[Target, ...] = field(default_factory=tuple)
    letter_superior: str = ""
    letter_issuer: str = "Sở Khoa học và Công nghệ"

    @property
    def place(self) -> str:
        """The province with the kind of unit: “Tỉnh Lai Châu”."""
        if self.province_kind == "tỉnh":
            return say("Tỉnh {}", self.province_name)
        return f"{self.province_kind[0].upper()}{self.province_kind[1:]} {self.province_name}"

    @property
    def title(self) -> str:
        """Name of the dashboard, as the browser shows it."""
        return say("Bưu chính công ích {} {}", self.province_kind, self.province_name)

    @property
    def letterhead(self) -> Letterhead:
        """Who writes the letters, and where."""
        superior = self.letter_superior or say("Ủy ban nhân dân {} {}", self.province_kind, self.province_name)
        return Letterhead(superior, self.letter_issuer, self.province_name)
