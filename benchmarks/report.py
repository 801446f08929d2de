"""The result as words, as JSON, and the growth as a picture."""

from __future__ import annotations

import json
import os
import platform
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from xml.sax.saxutils import escape

HERE: Final = Path(__file__).resolve().parent
_STAGES: Final = (
    "statements",
    "engine",
    "query",
    "fold",
    "figure",
    "json",
    "full",
    "drawn",
    "cached",
    "full_per_nine",
    "full_per_engine",
    "kilobytes",
    "packed_kilobytes",
)
_COLOURS: Final = ("#0a6a66", "#cb8114", "#7b4f8f", "#3b6ea5", "#bf3a22", "#8394ad", "#8a6d3b", "#5fc0b6", "#54636c", "#17242b")


def machine() -> dict[str, str]:
    """What the run stood on."""
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=HERE, capture_output=True, text=True, check=False).stdout.strip()
    model = next((line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")), platform.processor())
    return {
        "at": datetime.now(UTC).isoformat(timespec="minutes"),
        "processor": model,
        "cores": str(os.cpu_count()),
        "python": platform.python_version(),
        "commit": commit,
    }


def pages_table(measured: dict[str, Any]) -> str:
    """One line per page, times in milliseconds."""
    lines = [
        f"{measured['rows']:,} dossiers; nine plain questions by DuckDB alone {measured['nine_ms']:.0f} ms; medians of {measured['rounds']} rounds, ms",
        "",
    ]
    lines += ["| page | " + " | ".join(name.replace("_", " ") for name in _STAGES) + " |", "|---" * (len(_STAGES) + 1) + "|"]
    for path, found in measured["pages"].items():
        lines.append(f"| `{path}` | " + " | ".join(_number(found[name]) for name in _STAGES) + " |")
    return "\n".join(lines)


def plain_table(rows: list[dict[str, Any]]) -> str:
    """Rows of equal keys as a table."""
    if not rows:
        return "nothing"
    heads = list(rows[0])
    lines = ["| " + " | ".join(heads) + " |", "|---" * len(heads) + "|"]
    return "\n".join([*lines, *("| " + " | ".join(_number(row[head]) for head in heads) + " |" for row in rows)])


def growth(measured: list[dict[str, Any]], key: str = "full") -> list[dict[str, Any]]:
    """Milliseconds by page and size, with the ratio of each size to the one before."""
    ordered = sorted(measured, key=lambda one: one["rows"])
    lines = []
    for path in ordered[0]["pages"]:
        line: dict[str, Any] = {"page": path}
        for before, one in zip([None, *ordered], ordered, strict=False):
            line[f"{one['rows'] / 1e6:g} million"] = one["pages"][path][key]
            if before is not None:
                line[f"× {before['rows'] / 1e6:g} → {one['rows'] / 1e6:g}"] = one["pages"][path][key] / before["pages"][path][key]
        lines.append(line)
    return lines


def growth_picture(measured: list[dict[str, Any]], path: Path) -> None:
    """An SVG of full page time against rows, one line per page, both axes from nothing."""
    ordered = sorted(measured, key=lambda one: one["rows"])
    most_rows, most = ordered[-1]["rows"], max(page["full"] for one in ordered for page in one["pages"].values())
    parts = [
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 900 460" font-family="sans-serif" font-size="12">',
        '<rect width="900" height="460" fill="#fff"/>',
    ]
    parts += ['<line x1="60" y1="400" x2="620" y2="400" stroke="#54636c"/><line x1="60" y1="40" x2="60" y2="400" stroke="#54636c"/>']
    parts += [f'<text x="60" y="25">milliseconds of a page with nothing kept (most {most:.0f})</text><text x="620" y="440" text-anchor="end">dossiers</text>']
    parts += [f'<text x="{60 + 560 * one["rows"] / most_rows:.0f}" y="418" text-anchor="middle">{one["rows"] / 1e6:g} M</text>' for one in ordered]
    last = sorted(ordered[-1]["pages"], key=lambda name: -ordered[-1]["pages"][name]["full"])
    for number, name in enumerate(last):
        points = " ".join(f"{60 + 560 * one['rows'] / most_rows:.1f},{400 - 360 * one['pages'][name]['full'] / most:.1f}" for one in ordered)
        colour = _COLOURS[number % len(_COLOURS)]
        parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts.append(f'<text x="640" y="{60 + 22 * number}" fill="{colour}">{escape(name)} · {ordered[-1]["pages"][name]["full"]:.0f} ms</text>')
    path.write_text("\n".join([*parts, "</svg>"]), encoding="utf-8")


def write(result: dict[str, Any], path: Path) -> None:
    """The whole result as JSON."""
    path.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _number(value: object) -> str:
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"
    return str(value)
