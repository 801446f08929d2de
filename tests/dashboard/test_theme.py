from __future__ import annotations

import json
import re
from itertools import combinations
from pathlib import Path

import pytest

from dashboard import theme

ASSETS = Path(__file__).parents[2] / "assets"
STYLE = (ASSETS / "style.css").read_text(encoding="utf-8")
APPEARANCE = (ASSETS / "appearance.js").read_text(encoding="utf-8")
SCRIPT = (ASSETS / "figure.js").read_text(encoding="utf-8")


def declared(selector: str) -> dict[str, str]:
    """The colours of one rule of the style sheet."""
    start = STYLE.index(selector)
    return dict(re.findall(r"(--[a-z-]+): (#[0-9a-f]{6});", STYLE[start : STYLE.index("}", start)]))


def test_the_style_sheet_has_the_colours_of_the_theme() -> None:
    assert declared(":root {") == theme.css_tokens(theme.LIGHT)


@pytest.mark.parametrize("selector", [':root[data-theme="dark"] {', ":root:not([data-theme]) {"])
def test_the_style_sheet_has_the_dark_colours_where_they_are_chosen_and_where_the_system_has_them(selector: str) -> None:
    assert declared(selector) == theme.css_tokens(theme.DARK)


def test_the_script_turns_the_colours_of_charts_as_the_theme_says() -> None:
    table = APPEARANCE[APPEARANCE.index("const DARK = {") : APPEARANCE.index("};")]
    assert dict(re.findall(r'"(#[0-9a-f]{6})": "(#[0-9a-f]{6})"', table)) == theme.DARK_OF


def test_colours_of_charts_turn_dark_and_back_without_a_loss() -> None:
    light, dark = set(theme.DARK_OF), set(theme.DARK_OF.values())
    assert len(light) == len(dark)
    assert light & dark == set()
    assert set(theme.SERIES) | set(theme.SCALE) | set(theme.css_tokens(theme.LIGHT).values()) <= light


def test_words_on_a_mark_can_be_read_in_both_themes() -> None:
    marks = {**theme.CHANNEL, **theme.VERDICT, "chance": theme.LIGHT.chance, "stopped": theme.LIGHT.stopped, "quiet": theme.LIGHT.quiet}
    for name, color in marks.items():
        words = theme.on(color)
        assert theme.contrast(words, color) >= 4.2, name
        assert theme.contrast(theme.DARK_OF[words], theme.DARK_OF[color]) >= 3.9, name


def test_words_on_the_scale_can_be_read_in_both_themes() -> None:
    for light, dark in zip(theme.SCALE, theme.SCALE_DARK, strict=True):
        assert theme.contrast(theme.on(light), light) >= 4.5
        assert theme.contrast(theme.DARK_OF[theme.on(light)], dark) >= 3.5


def test_the_symbols_of_the_verdicts_are_the_same_in_tables_and_charts() -> None:
    in_style = {name.replace("-", "_"): symbol for name, symbol in re.findall(r'\.verdict--([a-z-]+)::before \{\s*content: "(.)"', STYLE)}
    assert in_style == theme.VERDICT_SYMBOL
    assert len(set(in_style.values())) == 5


def test_the_script_knows_the_same_narrow_width() -> None:
    assert f"const NARROW_PX = {theme.NARROW_PX};" in SCRIPT


def test_the_shared_layout_is_less_than_a_kilobyte() -> None:
    assert len(json.dumps(theme.finish({"data": [], "layout": {}}))) < 1000


def test_the_layout_of_a_figure_wins_over_the_shared_one() -> None:
    figure = theme.finish({"data": [], "layout": {"xaxis": {"gridcolor": "#000000"}, "height": 200}})
    assert figure["layout"]["xaxis"]["gridcolor"] == "#000000"
    assert figure["layout"]["xaxis"]["fixedrange"] is True
    assert figure["layout"]["separators"] == ",."


def test_the_height_of_a_chart_with_a_narrow_layout_is_kept_for_the_way_back() -> None:
    figure = theme.finish({"data": [], "layout": {"height": 200, "meta": {"narrow": {"height": 300}}}})
    assert figure["layout"]["meta"] == {"narrow": {"height": 300}, "height": 200}


@pytest.mark.strict
def test_no_chart_offers_to_upload_itself() -> None:
    assert theme.CONFIG["showSendToCloud"] is False
    assert theme.CONFIG["displaylogo"] is False
    assert theme.CONFIG["plotlyServerURL"] == ""


def test_the_locale_brings_its_own_words_and_separators() -> None:
    locale = theme.CONFIG["locales"][theme.CONFIG["locale"]]
    assert (locale["format"]["decimal"], locale["format"]["thousands"]) == (",", ".")
    assert locale["dictionary"]


@pytest.mark.parametrize("palette", [theme.LIGHT, theme.DARK])
def test_text_can_be_read_on_cards_and_paper(palette: theme.Palette) -> None:
    for ink in (palette.ink, palette.ink_soft, palette.accent):
        assert theme.contrast(ink, palette.card) >= 4.5
        assert theme.contrast(ink, palette.paper) >= 4.5
        assert theme.contrast(ink, palette.stripe) >= 4.5
    for ink, ground in (
        (palette.accent_strong, palette.accent_soft),
        (palette.warning_ink, palette.warning),
        (palette.ink_soft, palette.warning),
        (palette.bad_ink, palette.bad),
        (palette.bad_ink, palette.card),
        (palette.ink_soft, palette.bad),
        (palette.ink_soft, palette.note),
        (palette.card, palette.accent),
    ):
        assert theme.contrast(ink, ground) >= 4.5, (ink, ground)
    assert theme.contrast(palette.control, palette.card) >= 3  # the border of a field


@pytest.mark.parametrize("channel", ["post", "online", "counter"])
@pytest.mark.parametrize("palette", [theme.LIGHT, theme.DARK])
def test_a_channel_stands_out_from_the_card(channel: str, palette: theme.Palette) -> None:
    assert theme.contrast(getattr(palette, channel), palette.card) >= 3


def test_a_label_in_the_colour_of_its_line_can_be_read() -> None:
    assert theme.readable(theme.LIGHT.post) == theme.LIGHT.post
    for color in theme.CHANNEL.values():
        assert theme.contrast(theme.readable(color), theme.LIGHT.card) >= 4.5


def test_ink_is_chosen_by_contrast() -> None:
    assert theme.on("#ffffff") == theme.LIGHT.ink
    assert theme.on(theme.LIGHT.post) == theme.LIGHT.card


DEUTAN = ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.01182, 0.04294, 0.968881))
PROTAN = ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998))
NORMAL = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))


def seen(color: str, eye: tuple[tuple[float, ...], ...]) -> tuple[float, float, float]:
    """A colour as OKLab after the simulation of Machado et al. (2009)."""
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    red, green, blue = (min(max(sum(weight * part for weight, part in zip(row, linear, strict=True)), 0), 1) for row in eye)
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    middle = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    return (
        0.2104542553 * long + 0.793617785 * middle - 0.0040720468 * short,
        1.9779984951 * long - 2.428592205 * middle + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * middle - 0.808675766 * short,
    )


@pytest.mark.parametrize("eye", [NORMAL, DEUTAN, PROTAN])
@pytest.mark.parametrize("names", [tuple(theme.CHANNEL), tuple(theme.VERDICT)])
@pytest.mark.parametrize("palette", [theme.LIGHT, theme.DARK])
def test_colours_of_one_set_differ_for_colour_blind_eyes(palette: theme.Palette, names: tuple[str, ...], eye: tuple[tuple[float, ...], ...]) -> None:
    for first, second in combinations((getattr(palette, name) for name in names), 2):
        distance = sum((a - b) ** 2 for a, b in zip(seen(first, eye), seen(second, eye), strict=True)) ** 0.5
        assert distance > 0.12, (first, second)
