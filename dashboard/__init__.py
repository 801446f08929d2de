"""The dashboard: pages of cards over the questions of `queries`, and the files made of them."""

from typing import Final

VERSION: Final = "0.1.0"
"""The version of the product; `pyproject.toml` has the same (tests/test_tooling.py)."""
