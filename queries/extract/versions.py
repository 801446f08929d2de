"""Versions of an extract: complete files in a folder beside a pointer, which names the one that is served.

The pointer `dossiers.duckdb` is a symbolic link into `dossiers.duckdb.d/`; turning it is one rename, so a reader finds the old version or the new one
and never half of one. A version keeps its name for ever: DuckDB goes on serving the old data of a file replaced under the same name.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from queries.errors import ExtractRefused

_WORK: Final = ".dang-tao"
_LOCK: Final = ".khoa"


@dataclass(frozen=True)
class Versions:
    """The versions behind one pointer."""

    pointer: Path

    @property
    def folder(self) -> Path:
        """Where the versions lie."""
        return self.pointer.with_name(f"{self.pointer.name}.d")

    def current(self) -> Path | None:
        """The version that is served; None where there is none yet."""
        return self.pointer.resolve() if self.pointer.is_symlink() and self.pointer.is_file() else None

    def all(self) -> list[Path]:
        """Every complete version, oldest first."""
        return sorted(self.folder.glob(f"{self.pointer.stem}-*.duckdb"))

    @contextmanager
    def making(self) -> Iterator[Path]:
        """An empty folder to make the next version in, gone afterwards; what an interrupted refresh left there is removed first.

        Raises ExtractRefused while another refresh has it, and where the pointer is a plain file.
        """
        if self.pointer.exists() and not self.pointer.is_symlink():
            raise ExtractRefused(
                f"{self.pointer} is a file, not a pointer to a version",
                sentence=f"“{self.pointer}” là một tệp có sẵn, không do lệnh refresh tạo ra. Hãy chọn tên khác cho --to, hoặc chuyển tệp này đi.",
            )
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / _LOCK).open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise ExtractRefused(
                    f"another refresh is making {self.pointer}",
                    sentence=f"Một lệnh refresh khác đang làm mới “{self.pointer}”. Lần chạy này dừng, không đổi gì.",
                ) from None
            work = self.folder / _WORK
            shutil.rmtree(work, ignore_errors=True)
            work.mkdir()
            try:
                yield work
            finally:
                shutil.rmtree(work, ignore_errors=True)

    def publish(self, made: Path, at: datetime) -> Path:
        """Give a complete file its name and turn the pointer to it."""
        version = self.folder / f"{self.pointer.stem}-{at:%Y%m%dT%H%M%S%f}.duckdb"
        _to_disk(made)
        made.rename(version)
        turned = made.with_name("pointer")
        turned.symlink_to(Path(self.folder.name) / version.name)
        turned.replace(self.pointer)
        _to_disk(self.folder)
        _to_disk(self.pointer.parent)
        return version

    def prune(self, keep: int) -> int:
        """Remove all but the last `keep` versions, never the one that is served; how many went."""
        served = self.current()
        gone = [path for path in self.all()[:-keep] if path.resolve() != served]
        for path in gone:
            path.unlink()
        return len(gone)


def _to_disk(path: Path) -> None:
    """Wait until a file or a folder has reached the disk: after a power cut the pointer must not name an empty file."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
