"""One environment per peer under var/peers/, made by pip from the package index; nothing of them is in our requirements."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Final

from benchmarks.data import FOLDER

PEERS: Final = FOLDER / "peers"
# Superset 6.1.0 does not name rich and cachetools, which it imports, and fails with a later Flask-Caching.
PACKAGES: Final = {
    "superset": ("apache-superset==6.1.0", "rich", "cachetools", "flask-caching==2.3.1", "duckdb-engine==0.17.0", "duckdb==2.0.0", "gunicorn==27.0.0"),
    "vizro": ("vizro==1.0.0", "duckdb==2.0.0", "gunicorn==27.0.0"),
    "streamlit": ("streamlit==1.67.0", "plotly==7.1.0", "duckdb==2.0.0"),
}


def python(name: str) -> Path:
    """The interpreter of a peer's environment."""
    return PEERS / name / "bin" / "python"


def made(name: str) -> dict[str, Any]:
    """The environment of a peer, made where it is missing: the seconds that took at the time, megabytes. Raises CalledProcessError where pip cannot."""
    done = PEERS / name / "installed"  # holds the seconds
    if not done.exists():
        begin = time.monotonic()
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(PEERS / name)], check=True)
        subprocess.run([str(python(name)), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *PACKAGES[name]], check=True)
        done.write_text(f"{time.monotonic() - begin:.1f}")
    return {"install_seconds": float(done.read_text()), "install_megabytes": megabytes(PEERS / name)}


def megabytes(folder: Path) -> float:
    """What a folder takes, without compiled copies of its modules."""
    return sum(file.lstat().st_size for file in folder.rglob("*") if file.is_file() and not file.is_symlink() and "__pycache__" not in file.parts) / 1e6
