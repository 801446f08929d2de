"""One visual system for pages, charts and files: colours, type, spacing, the layout every chart shares, the options of every graph.

`assets/style.css` carries the same values as custom properties (`css_tokens`); a test compares the two, so a colour is changed here.
Meaning never rests on colour alone: each verdict has a symbol, each series its name at the end of its line.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any, Final, NotRequired, TypedDict

from config.language import in_english
from dashboard.charts import Chart

Json = dict[str, Any]


class Figure(TypedDict):
    """A chart as plain data in the vocabulary of plotly.js: a list of traces and a layout; `chart` is what it says, for files, and never sent."""

    data: list[Json]
    layout: Json
    chart: NotRequired[Chart]


@dataclass(frozen=True)
class Palette:
    """The colours of one theme by what they are for; all are `#rrggbb`."""

    ink: str = "#17242b"
    ink_soft: str = "#54636c"
    rule: str = "#dcdfdd"
    grid: str = "#eceeed"
    paper: str = "#f6f5f1"
    card: str = "#ffffff"
    accent: str = "#0a6a66"
    accent_soft: str = "#e3efed"
    up: str = "#2b6ea6"
    down: str = "#bf3a22"
    missing: str = "#eff0ef"
    post: str = "#0a6a66"
    online: str = "#cb8114"
    counter: str = "#8394ad"
    not_recorded: str = "#d3d8de"
    returns_by_post: str = "#83c0b8"
    not_by_post: str = "#bf3a22"
    channel_not_recorded: str = "#e2a12f"
    no_result: str = "#7d8793"
    no_data: str = "#e6e9ec"


LIGHT: Final = Palette()
DARK: Final = replace(
    LIGHT,
    ink="#e9eeec",
    ink_soft="#a3b0b3",
    rule="#33424a",
    grid="#2a373e",
    paper="#10191d",
    card="#182429",
    accent="#5fc0b6",
    accent_soft="#1f3a3b",
    up="#7db7e8",
    down="#ef7d66",
    missing="#243138",
    post="#5fc0b6",
    online="#e6a540",
    counter="#92a4bf",
    not_recorded="#4a5962",
    no_data="#2c3940",
)

CHANNEL: Final = {"post": LIGHT.post, "online": LIGHT.online, "counter": LIGHT.counter, "not_recorded": LIGHT.not_recorded}
VERDICT: Final = {name: getattr(LIGHT, name) for name in ("returns_by_post", "not_by_post", "channel_not_recorded", "no_result", "no_data")}
VERDICT_SYMBOL: Final = {"returns_by_post": "✓", "not_by_post": "✕", "channel_not_recorded": "?", "no_result": "0", "no_data": "–"}
SERIES: Final = (LIGHT.post, LIGHT.online, LIGHT.counter, "#7b4f8f", "#3b6ea5", "#8a6d3b")
SCALE: Final = ("#eaf4f2", "#bfdfda", "#86c1b9", "#4a9d96", "#1c7a75", "#0a5552")

FONT: Final = 'Inter, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif'
TYPE_PX: Final = {"small": 12, "body": 14, "card_title": 18, "headline": 28, "number": 34}
SPACE_PX: Final = (4, 8, 12, 16, 24, 32, 48)
NARROW_PX: Final = 560

_LOCALE: Final[Json] = {
    "dictionary": {"Double-click to zoom back out": "Bấm đúp để về như cũ"},
    "format": {
        "days": ["Chủ nhật", "Thứ hai", "Thứ ba", "Thứ tư", "Thứ năm", "Thứ sáu", "Thứ bảy"],
        "shortDays": ["CN", "T2", "T3", "T4", "T5", "T6", "T7"],
        "months": [f"tháng {month}" for month in range(1, 13)],
        "shortMonths": [f"Th{month}" for month in range(1, 13)],
        "date": "%d/%m/%Y",
        "decimal": ",",
        "thousands": ".",
        "grouping": [3],
        "currency": ["", " đ"],
    },
}
# showSendToCloud: plotly.js 4 otherwise offers a button that uploads the chart; no content policy stops it.
CONFIG: Final[Json] = {
    "displaylogo": False,
    "displayModeBar": False,
    "showSendToCloud": False,
    "plotlyServerURL": "",
    "locale": "vi",
    "locales": {"vi": _LOCALE},
    "responsive": True,
    "scrollZoom": False,
    "doubleClick": False,
    "showTips": False,
}


def config() -> Json:
    """The options of every graph, in the reader's language; English is what plotly.js speaks by itself."""
    return CONFIG | ({"locale": "en", "locales": {}} if in_english() else {})


def finish(figure: Figure) -> Figure:
    """The same figure with the shared layout under its own: fonts, separators of the language, quiet axes, hover label. Safe to call twice."""
    axis = {"gridcolor": LIGHT.grid, "showline": False, "zeroline": False, "fixedrange": True, "automargin": True, "ticks": ""}
    shared: Json = {
        "autosize": True,
        "font": {"family": FONT, "size": 13, "color": LIGHT.ink},
        "separators": ".," if in_english() else ",.",
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "colorway": list(SERIES),
        "dragmode": False,
        "margin": {"l": 8, "r": 8, "t": 8, "b": 28},
        "hoverlabel": {"bgcolor": LIGHT.ink, "bordercolor": LIGHT.ink, "font": {"color": LIGHT.card, "family": FONT, "size": 13}, "align": "left"},
        "xaxis": axis,
        "yaxis": axis,
    }
    own = figure["layout"]
    if "meta" in own:  # dcc.Graph drops layout.height when it is responsive; assets/figure.js needs it on the way back from a narrow screen
        own = own | {"meta": own["meta"] | {"height": own["height"]}}
    return {"data": figure["data"], "layout": _under(shared, own)}


def css_tokens(palette: Palette) -> dict[str, str]:
    """The palette as CSS custom properties: `--ink-soft` → `#54636c`."""
    return {"--" + name.replace("_", "-"): value for name, value in asdict(palette).items()}


def contrast(first: str, second: str) -> float:
    """The WCAG contrast ratio of two colours, 1 to 21."""
    low, high = sorted((_luminance(first), _luminance(second)))
    return (high + 0.05) / (low + 0.05)


def readable(color: str, background: str = LIGHT.card) -> str:
    """The colour itself or the first darker shade of it that can be read as small text (contrast 4.5) on a light background."""
    shade = color
    while contrast(shade, background) < 4.5 and shade != "#000000":
        shade = "#" + "".join(f"{int(part * 0.94):02x}" for part in _channels(shade))
    return shade


def on(color: str) -> str:
    """Ink or white, whichever reads better on a mark of this colour."""
    return max((LIGHT.ink, LIGHT.card), key=lambda ink: contrast(ink, color))


def _under(shared: Json, own: Json) -> Json:
    merged = dict(shared)
    for key, value in own.items():
        below = merged.get(key)
        merged[key] = _under(below, value) if isinstance(below, dict) and isinstance(value, dict) else value
    return merged


def _channels(color: str) -> tuple[int, int, int]:
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


def _luminance(color: str) -> float:
    red, green, blue = (part / 255 / 12.92 if part <= 10 else ((part / 255 + 0.055) / 1.055) ** 2.4 for part in _channels(color))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
