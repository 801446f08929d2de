"""What every test may ask for: the demo province, written once, and a real Chromium."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import tempfile
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
DEMO_DOSSIERS = 200_000
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")

pytest_plugins = [name for name in ("tests.servers", "tests.clickhouse") if find_spec(name)]


@pytest.fixture(autouse=True)
def _no_settings_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """A developer's own DASHBOARD_* variables must not decide whether a test passes."""
    for name in [name for name in os.environ if name.startswith("DASHBOARD_")]:
        monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def demo_path(request: pytest.FixtureRequest) -> Path:
    """A demo province of 200,000 dossiers, kept between runs for as long as the code that writes it stays the same. Read-only."""
    from queries.demo import seed

    folder = request.config.cache.mkdir("demo")
    path = folder / f"{_fingerprint()}.duckdb"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # tests run in several processes: one writes it while the others wait
        if not path.exists():
            for old in folder.glob("*.duckdb"):
                old.unlink()
            with tempfile.TemporaryDirectory(dir=folder) as made:
                seed(Path(made) / "demo.duckdb", dossiers=DEMO_DOSSIERS)
                (Path(made) / "demo.duckdb").replace(path)
    return path


@pytest.fixture(scope="session")
def demo_url(demo_path: Path) -> str:
    """The address of the demo province."""
    return f"duckdb:///{demo_path}"


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium; without one the test is skipped, or fails where REQUIRE_BROWSER=1."""
    for name in CHROMIUM_NAMES:
        if path := shutil.which(name):
            return path
    reason = f"no Chromium on this machine (looked for {', '.join(CHROMIUM_NAMES)}); install it with: apt-get install chromium"
    if os.environ.get("REQUIRE_BROWSER") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


def _fingerprint() -> str:
    """Changes with the programme that writes the demo and with the facts it starts from."""
    files = [*ROOT.glob("queries/demo*.py"), *ROOT.glob("queries/demo/*.py"), ROOT / "queries/contract.py", *ROOT.glob("config/province/*.csv")]
    digest = hashlib.sha256(str(DEMO_DOSSIERS).encode())
    for file in sorted(files):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]
