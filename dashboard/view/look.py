"""What a province may set about the look of its dashboard."""

from __future__ import annotations

from dataclasses import dataclass, field

from config.targets import Target


@dataclass(frozen=True)
class Look:
    """Name of the province, and the targets shown beside figures."""

    province_name: str = "Lai Châu"
    province_kind: str = "tỉnh"
    targets: tuple[Target, ...] = field(default_factory=tuple)

    @property
    def place(self) -> str:
        """The province with the kind of unit: “Tỉnh Lai Châu”."""
        return f"{self.province_kind[0].upper()}{self.province_kind[1:]} {self.province_name}"

    @property
    def title(self) -> str:
        """Name of the dashboard, as the browser shows it."""
        return f"Bưu chính công ích {self.province_kind} {self.province_name}"
