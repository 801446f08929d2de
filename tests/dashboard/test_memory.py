"""What a worker does not hold in memory as long as nobody needs it."""

from __future__ import annotations

import subprocess
import sys

import pytest


@pytest.mark.parametrize("library", ["openpyxl", "docx", "pptx", "xlsxwriter", "typst", "holidays", "plotly.express"])
def test_the_application_starts_without_the_library(library: str) -> None:
    assert library not in _imported()


def test_the_application_starts_with_pandas() -> None:
    assert "pandas" in _imported()


def _imported() -> set[str]:
    found = subprocess.run([sys.executable, "-c", "import sys, dashboard.app; print(*sys.modules)"], capture_output=True, text=True, check=True)
    return set(found.stdout.split())
