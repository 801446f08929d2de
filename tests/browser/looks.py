"""Small pictures of pages: made, kept and compared. They are too small to read and large enough to see that something moved, vanished or changed colour."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import Image

PICTURES: Final = Path(__file__).resolve().parent / "pictures"
MADE_WITH: Final = "made-with.txt"
MOST_BYTES: Final = 3_000_000  # all pictures together
SHRUNK: Final = 4  # times, each way
_COLORS: Final = 48
_TALLEST: Final = 6000  # pixels of a page that are looked at
_APART: Final = 36  # steps of 255 in one colour that an eye sees at a glance
_SHARE: Final = 0.004  # of the pixels that may be further apart: edges of letters
_LONGER: Final = 0.01  # of the height that a page may grow or shrink

Pixels = npt.NDArray[np.int16]


def small(screenshot: bytes) -> Image.Image:
    """A screenshot as it is kept: its upper part, four times smaller, in few colours."""
    image = Image.open(io.BytesIO(screenshot)).convert("RGB")
    image = image.crop((0, 0, image.width, min(image.height, _TALLEST)))
    size = (max(1, image.width // SHRUNK), max(1, image.height // SHRUNK))
    return image.resize(size, Image.Resampling.BOX).quantize(_COLORS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)


def keep(picture: Image.Image, name: str, folder: Path = PICTURES) -> None:
    """Write a picture."""
    folder.mkdir(exist_ok=True)
    picture.save(folder / f"{name}.png", optimize=True)


def difference(picture: Image.Image, name: str, folder: Path = PICTURES) -> str:
    """What differs from the kept picture, in a sentence; empty when they are alike."""
    path = folder / f"{name}.png"
    if not path.exists():
        return f"{name}: there is no picture of it; make pictures"
    with Image.open(path) as image:
        before, after = _pixels(image), _pixels(picture)
    if before.shape[1] != after.shape[1] or abs(before.shape[0] - after.shape[0]) > max(2, _LONGER * before.shape[0]):
        return f"{name}: was {before.shape[1]}×{before.shape[0]}, is {after.shape[1]}×{after.shape[0]}"
    height = min(before.shape[0], after.shape[0])
    apart = np.abs(before[:height] - after[:height]).max(axis=2) > _APART
    share = float(apart.mean())
    if share <= _SHARE:
        return ""
    rows = np.flatnonzero(apart.any(axis=1)) * SHRUNK
    return f"{name}: {share:.1%} of the picture differs, between {rows[0]} and {rows[-1]} px from the top"


def _pixels(image: Image.Image) -> Pixels:
    return np.asarray(image.convert("RGB"), dtype=np.int16)


def made_with(chromium: str) -> str:
    """What pictures depend on besides the product: the browser's version and the font that stands for Vietnamese letters."""
    version = subprocess.run([chromium, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.search(r"\d+", version)
    matcher = shutil.which("fc-match")
    font = subprocess.run([matcher, "Noto Sans:lang=vi"], capture_output=True, text=True, check=False).stdout.strip() if matcher else "unknown"
    return f"chromium {found[0] if found else 'unknown'}; {font}"
