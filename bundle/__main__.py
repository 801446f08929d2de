"""python -m bundle: build var/bundle/plotly.min.js unless it is there already. Never a fault: without it the dashboard serves the full plotly.js."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).resolve().parent
OUT: Final = HERE.parent / "var" / "bundle"
SOURCES: Final = ("package.json", "package-lock.json", "plotly.mjs")
AGAIN_AFTER: Final = 86_400.0  # seconds; a machine without a network does not wait for one at every start
LONGEST: Final = 300
_NPM: Final = ("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", "--fetch-retries=0", "--fetch-timeout=15000")
_TOOLS: Final = "Bản plotly.js rút gọn cần node và npm; máy này không có"
_NETWORK: Final = "Không dựng được bản plotly.js rút gọn (npm không tải được thư viện, hoặc quá lâu)"
_FULL: Final = "; dùng bản đầy đủ, trang đầu tải nặng hơn khoảng 1 MB."


def main(folder: Path = OUT) -> str:
    """Build unless that has been done, or tried of late; returns the sentence for who started it, empty where nothing is to be said."""
    wanted = _fingerprint()
    if (folder / "plotly.min.js").is_file() and _read(folder / "made") == wanted:
        return ""
    if shutil.which("node") is None or shutil.which("npm") is None:
        return _TOOLS + _FULL
    tried = folder / "tried"
    if _read(tried) == wanted and time.time() - tried.stat().st_mtime < AGAIN_AFTER:
        return f"{_NETWORK}{_FULL} Thử lại ngay: xóa {tried.name} trong var/bundle."
    folder.mkdir(parents=True, exist_ok=True)
    tried.write_text(wanted, encoding="utf-8")
    if not _build(folder):
        return _NETWORK + _FULL
    (folder / "made").write_text(wanted, encoding="utf-8")
    return "Đã dựng bản plotly.js rút gọn cho trình duyệt."


def _build(folder: Path) -> bool:
    """Fetch the packages into a folder of their own, build, and leave only what was built."""
    work = folder / "work"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir()
    try:
        for name in SOURCES:
            shutil.copy(HERE / name, work / name)
        return _done([*_NPM], work) and _done(["node", "plotly.mjs", "node_modules", str(folder / "plotly.min.js")], work)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _done(command: list[str], folder: Path) -> bool:
    environment = {**os.environ, "NPM_CONFIG_UPDATE_NOTIFIER": "false"}
    try:
        done = subprocess.run(command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=LONGEST, check=False)  # noqa: S603 - our own words
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def _fingerprint() -> str:
    digest = hashlib.sha256()
    for name in SOURCES:
        digest.update((HERE / name).read_bytes())
    return digest.hexdigest()


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.is_file() else ""


if __name__ == "__main__":
    if words := main():
        sys.stderr.write(f"{words}\n")
