"""What making files needs besides the data: who writes, the targets shown beside figures, the addresses, the store."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from config.briefings import Briefings, load_briefings
from dashboard.archive import Archive
from dashboard.cards import Letterhead
from dashboard.content.briefing import usable
from dashboard.content.stamp import Audience, Making, now

DEFAULT_FOLDER = Path("var")


@dataclass(frozen=True)
class Office:
    """The settings of files. `base_url` is the address that stands in them; `clock` gives the moment of making, which decides no figure."""

    letterhead: Letterhead = field(default_factory=Letterhead)
    place: str = "Tỉnh Lai Châu"
    targets: Any = ()
    base_url: str = "http://127.0.0.1:8050"
    folder: Path = DEFAULT_FOLDER
    briefings: Briefings = field(default_factory=lambda: usable(load_briefings()))
    small_cell: int = 5
    at_once: int = 2
    clock: Callable[[], datetime] = field(default=now, compare=False)

    @property
    def archive(self) -> Archive:
        """The store of codes and published figures."""
        return Archive(self.folder / "dashboard.sqlite")

    def making(self, audience: Audience) -> Making:
        """The moment and the audience of one file."""
        return Making(self.clock(), self.base_url, audience, self.place, self.small_cell)
