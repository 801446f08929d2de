"""One visual system for pages, charts and files: colours, type, spacing, the layout every chart shares, the options of every graph.

`assets/style.css` carries the same values as custom properties (`css_tokens`); a test compares the two, so a colour is changed here.
Figures are made in the light colours; `assets/appearance.js` changes them in the browser by `DARK_OF`, so that one answer serves both themes.
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
    control: str = "#8a9598"
    paper: str = "#f6f5f1"
    card: str = "#ffffff"
    stripe: str = "#fafaf8"
    accent: str = "#0a6a66"
    accent_strong: str = "#084b48"
    accent_soft: str = "#e3efed"
    up: str = "#2b6ea6"
    down: str = "#bf3a22"
    missing: str = "#eff0ef"
    post: str = "#0a6a66"
    online: str = "#cb8114"
    counter: str = "#7487b3"
    not_recorded: str = "#d3d8de"
    quiet: str = "#8a969b"
    chance: str = "#7b4f8f"
    returns_by_post: str = "#83c0b8"
    not_by_post: str = "#bf3a22"
    stopped: str = "#d5805f"
    channel_not_recorded: str = "#e2a12f"
    no_result: str = "#7d8793"
    no_data: str = "#e6e9ec"
    note: str = "#f0f2f5"
    warning: str = "#fdf3dc"
    warning_ink: str = "#5f4306"
    bad: str = "#fbe9e5"
    bad_ink: str = "#8f2714"


LIGHT: Final = Palette()
DARK: Final = replace(
    LIGHT,
    ink="#e9eeec",
    ink_soft="#a3b0b3",
    rule="#33424a",
    grid="#2a373e",
    control="#70818a",
    paper="#10191d",
    card="#182429",
    stripe="#1c2a30",
    accent="#5fc0b6",
    accent_strong="#9adcd4",
    accent_soft="#1f3a3b",
    up="#7db7e8",
    down="#ef7d66",
    missing="#243138",
    post="#5fc0b6",
    online="#d9902f",
    counter="#6f83b8",
    not_recorded="#4a5962",
    quiet="#7a8a93",
    chance="#c3a0d4",
    returns_by_post="#9ad6cd",
    not_by_post="#ef7d66",
    stopped="#f3c0ae",
    channel_not_recorded="#f0c368",
    no_result="#66727f",
    no_data="#2c3940",
    note="#1f2c33",
    warning="#3a2f14",
    warning_ink="#f2dca4",
    bad="#44231c",
    bad_ink="#f7b7a8",
)

CHANNEL: Final = {"post": LIGHT.post, "online": LIGHT.online, "counter": LIGHT.counter, "not_recorded": LIGHT.not_recorded}
VERDICT: Final = {name: getattr(LIGHT, name) for name in ("returns_by_post", "not_by_post", "channel_not_recorded", "no_result", "no_data")}
VERDICT_SYMBOL: Final = {"returns_by_post": "✓", "not_by_post": "✕", "channel_not_recorded": "?", "no_result": "0", "no_data": "–"}
SERIES: Final = (LIGHT.post, LIGHT.online, LIGHT.counter, LIGHT.chance, "#3b6ea5", "#8a6d3b")
SCALE: Final = ("#eaf4f2", "#bfdfda", "#86c1b9", "#4a9d96", "#1c7a75", "#0a5552")
SCALE_DARK: Final = ("#20343a", "#24494c", "#295c5c", "#2f736e", "#74b8af", "#b5e6df")
INK_IN_BOTH: Final = "#17242c"  # words on a mark that is light in both themes
CARD_IN_BOTH: Final = "#fffffe"  # words on a mark that is dark in both themes

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
    """Words on a mark of this colour: ink or white, whichever reads better, in the shade that `DARK_OF` turns into what reads better there.

    A colour without a dark counterpart is one of the scale, whose dark counterpart is as dark as it is light.
    """
    light = max((LIGHT.ink, LIGHT.card), key=lambda ink: contrast(ink, color))
    if color not in DARK_OF:
        return light
    dark = max((DARK.ink, DARK.card), key=lambda ink: contrast(ink, DARK_OF[color]))
    return {
        (LIGHT.ink, DARK.ink): LIGHT.ink,
        (LIGHT.ink, DARK.card): INK_IN_BOTH,
        (LIGHT.card, DARK.card): LIGHT.card,
        (LIGHT.card, DARK.ink): CARD_IN_BOTH,
    }[light, dark]


def _dark_of() -> dict[str, str]:
    """Each colour a figure may hold and what it is on a dark ground, one to one, so that the way back is known too."""
    pairs = {value: getattr(DARK, name) for name, value in asdict(LIGHT).items()}
    pairs |= dict(zip(SCALE, SCALE_DARK, strict=True)) | {SERIES[4]: "#84b4e4", SERIES[5]: "#d3b47e", INK_IN_BOTH: DARK.card, CARD_IN_BOTH: DARK.ink}
    for color in (*asdict(LIGHT).values(), *SERIES):
        pairs.setdefault(readable(color), DARK.ink_soft if color in (LIGHT.not_recorded, LIGHT.no_data) else pairs[color])
    taken: set[str] = set()
    for color in pairs:
        while pairs[color] in taken or pairs[color] in pairs:  # on to a neighbour that no eye tells apart
            pairs[color] = f"{pairs[color][:5]}{(int(pairs[color][5:], 16) + 1) % 256:02x}"
        taken.add(pairs[color])
    return pairs


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


DARK_OF: Final = _dark_of()
