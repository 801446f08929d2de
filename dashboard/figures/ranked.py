"""Horizontal bars, first on top: ranking, parts of a whole, Pareto, funnel. Every bar carries its number, so there is no value axis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate
from typing import Final

from config.language import say
from dashboard import text
from dashboard.charts import Chart, ChartSeries, Form, number_of
from dashboard.figures.marks import KEY_NARROW_PX, KEY_WIDE_PX, Key, Part, bare_values, clean, empty, known, rows, safe, text_px
from dashboard.theme import LIGHT, Figure, Json, on

_GAP: Final = 0.32


def bars(
    *,
    names: Sequence[str],
    values: Sequence[float | None],
    texts: Sequence[str] | None = None,
    hovers: Sequence[str] | None = None,
    links: Sequence[str | None] | None = None,
    color: str = LIGHT.accent,
    colors: Sequence[str] | None = None,
    comparison: Sequence[float | None] | None = None,
    comparison_name: str = "Kỳ so sánh",
    value_name: str = "Kỳ này",
) -> Figure:
    """One bar per name in the given order; missing values have no bar and the text `–`; `comparison` is a thin marker on the same scale.

    `texts` default to the numbers, `hovers` to name and text, `colors` (one per bar) to `color`. Negative values go left of the zero line.
    """
    if not names:
        return empty()
    names, value_name, comparison_name = [say(name) for name in names], say(value_name), say(comparison_name)
    lengths = clean(values)
    labels = list(texts) if texts is not None else [text.number(value) for value in lengths]
    marker_values = clean(comparison) if comparison is not None else []
    trace = _bar(lengths, labels, list(colors) if colors is not None else color)
    trace |= {"hovertext": _hovers(names, labels, hovers), "customdata": _links(links, len(names))}
    figure = _ranked(names, [trace], labels, [*known(lengths), *known(marker_values)])
    if comparison is not None:
        trace["textposition"] = "none"  # the marker may stand where the number would: the numbers go past both
        ends = [max(value or 0, marker or 0) for value, marker in zip(lengths, marker_values, strict=True)]
        figure["data"] += [_comparison(marker_values), _end_texts(ends, labels, LIGHT.ink)]
        _add_key(figure["layout"], Key([("■", color, value_name), ("┃", LIGHT.ink, comparison_name)]))
    drawn = [ChartSeries(value_name, tuple(lengths), color, tuple(colors or ()), tuple(labels))]
    if comparison is not None:
        drawn.append(ChartSeries(comparison_name, tuple(marker_values), LIGHT.ink, is_marker=True))
    figure["chart"] = Chart(Form.BARS, tuple(names), tuple(drawn), number_of(lengths, labels=labels))
    return figure


def stacked(
    *,
    names: Sequence[str],
    parts: Sequence[Part],
    share: bool = True,
    totals: Sequence[str] | None = None,
    links: Sequence[str | None] | None = None,
    unit: str = "hồ sơ",
) -> Figure:
    """One stacked bar per name, the parts in the given order with a legend; `share` stretches every bar to 100 % and prints the shares.

    A missing part is left out; a row without any value shows `–`. `totals` are printed at the right end (default: the sum with its unit).
    """
    if not names or not parts:
        return empty()
    names, unit = [say(name) for name in names], say(unit)
    columns = [clean(part.values) for part in parts]
    sums = [sum(known(row)) for row in zip(*columns, strict=True)]
    right = list(totals) if totals is not None else [f"{text.number(total)} {unit}" if total else text.MISSING for total in sums]
    traces = [
        _part(part, values, sums, names, share=share, unit=unit) | {"customdata": _links(links, len(names))}
        for part, values in zip(parts, columns, strict=True)
    ]
    ends = [100.0 if total else 0.0 for total in sums] if share else sums
    traces.append(_end_texts(ends, right, LIGHT.ink_soft))
    figure = _ranked(names, traces, right, [100.0] if share else sums)
    figure["layout"] |= {"barmode": "stack", "bargap": 0.2, "uniformtext": {"minsize": 9, "mode": "hide"}}
    _add_key(figure["layout"], Key([("■", part.color, part.name) for part in parts]))
    drawn = tuple(ChartSeries(part.name, tuple(values), part.color) for part, values in zip(parts, columns, strict=True))
    number = number_of([value for values in columns for value in values], unit)
    figure["chart"] = Chart(Form.STACKED, tuple(names), drawn, number, unit, is_share=share)
    return figure


def pareto(
    *,
    names: Sequence[str],
    values: Sequence[float | None],
    total: float | None = None,
    texts: Sequence[str] | None = None,
    hovers: Sequence[str] | None = None,
    links: Sequence[str | None] | None = None,
    color: str = LIGHT.accent,
) -> Figure:
    """Bars with the cumulative share of `total` (default: the sum of the values) as a column of text, no second axis; order as given."""
    figure = bars(names=names, values=values, texts=texts, hovers=hovers, links=links, color=color)
    if not names:
        return figure
    whole = sum(known(values)) if total is None else total
    running = accumulate(value or 0 for value in clean(values))
    shares = [text.percent(so_far, whole) for so_far in running]
    bar_text_px = figure["layout"]["margin"]["r"]
    column = text_px(say("Lũy kế"), 12) + 12
    figure["layout"]["margin"] |= {"r": bar_text_px + column, "t": 26}
    figure["layout"]["height"] += 18
    figure["layout"]["meta"]["narrow"]["height"] += 18
    place = {"xref": "paper", "x": 1, "xanchor": "right", "xshift": bar_text_px + column - 4, "showarrow": False, "font": {"size": 12, "color": LIGHT.ink_soft}}
    notes: list[Json] = [{**place, "y": row, "text": words} for row, words in enumerate(shares)]
    figure["layout"]["annotations"] = [*notes, {**place, "yref": "paper", "y": 1, "yanchor": "bottom", "yshift": 4, "text": say("Lũy kế")}]
    figure["chart"] = _with_shares(figure["chart"], shares)
    return figure


def _with_shares(chart: Chart, shares: Sequence[str]) -> Chart:
    """The running share after each number: files have no second column of text."""
    series = chart.series[0]
    labels = tuple(say("{} · lũy kế {}", series.label_at(row, chart.number), share) for row, share in enumerate(shares))
    return replace(chart, series=(replace(series, labels=labels),))


def funnel(
    *,
    names: Sequence[str],
    values: Sequence[float | None],
    texts: Sequence[str] | None = None,
    hovers: Sequence[str] | None = None,
    links: Sequence[str | None] | None = None,
    color: str = LIGHT.accent,
) -> Figure:
    """Steps as plain bars from the same zero line; the default text adds what share of the step before goes on, `–` when that step is empty."""
    steps = clean(values)
    if texts is None:
        texts = [
            text.number(value) if not row else say("{} · {} bước trước", text.number(value), text.percent(value, steps[row - 1]))
            for row, value in enumerate(steps)
        ]
    return bars(names=names, values=steps, texts=texts, hovers=hovers, links=links, color=color)


def _ranked(names: Sequence[str], traces: list[Json], labels: Sequence[str], values: Sequence[float]) -> Figure:
    room = max(text_px(label, 12) for label in labels) + 14
    goes_left = any(value < 0 for value in values)
    axis = rows(names, standoff=room if goes_left else 6)
    narrow = dict(axis.narrow)
    if goes_left:
        narrow["margin.l"] = room
    layout: Json = {
        "height": axis.height,
        "margin": {"l": axis.margin_left, "r": room, "t": 8, "b": 8},
        "yaxis": axis.axis,
        "xaxis": bare_values(min(values, default=0), max(values, default=1)),
        "bargap": _GAP,
        "showlegend": False,
        "hovermode": "closest",
        "meta": {"narrow": narrow},
    }
    return {"data": traces, "layout": layout}


def _add_key(layout: Json, key: Key) -> None:
    """Room for the key and the key itself, also for the narrow screen."""
    narrow = layout["meta"]["narrow"]
    wide_px, narrow_px = key.px(KEY_WIDE_PX), key.px(KEY_NARROW_PX) + 8
    layout["annotations"] = [key.note(KEY_WIDE_PX, layout["margin"]["l"])]
    narrow |= {"annotations": [key.note(KEY_NARROW_PX, narrow["margin.l"], 8)], "margin.t": narrow_px, "height": narrow["height"] - 8 + narrow_px}
    layout["height"] += wide_px - 8
    layout["margin"]["t"] = wide_px


def _bar(lengths: Sequence[float | None], labels: Sequence[str], color: str | list[str]) -> Json:
    return {
        "type": "bar",
        "orientation": "h",
        "x": [0 if value is None else value for value in lengths],
        "y": list(range(len(lengths))),
        "text": [safe(label) for label in labels],
        "textposition": "outside",
        "textangle": 0,
        "constraintext": "none",
        "cliponaxis": False,
        "textfont": {"size": 12, "color": LIGHT.ink},
        "marker": {"color": color, "line": {"width": 0}},
        "hoverinfo": "text",
    }


def _part(part: Part, values: Sequence[float | None], sums: Sequence[float], names: Sequence[str], *, share: bool, unit: str) -> Json:
    shares = [text.percent(value, total) for value, total in zip(values, sums, strict=True)]
    lengths = [value / total * 100 if value is not None and total else None for value, total in zip(values, sums, strict=True)] if share else list(values)
    inside = shares if share else [text.number(value) for value in values]
    hovers = [f"{name}\n{part.name}: {text.number(value)} {unit} ({of_all})" for name, value, of_all in zip(names, values, shares, strict=True)]
    trace = _bar(lengths, ["" if not length else words for length, words in zip(lengths, inside, strict=True)], part.color)
    return trace | {
        "textposition": "inside",
        "insidetextanchor": "middle",
        "constraintext": "inside",
        "textfont": {"size": 11, "color": on(part.color)},
        "marker": {"color": part.color, "line": {"width": 1, "color": LIGHT.card}},
        "hovertext": [safe(words) for words in hovers],
    }


def _end_texts(ends: Sequence[float], words: Sequence[str], color: str) -> Json:
    return {
        "type": "scatter",
        "mode": "text",
        "x": list(ends),
        "y": list(range(len(ends))),
        "text": [" " + safe(label) for label in words],
        "textposition": "middle right",
        "textfont": {"size": 12, "color": color},
        "cliponaxis": False,
        "hoverinfo": "skip",
    }


def _comparison(values: Sequence[float | None]) -> Json:
    return {
        "type": "scatter",
        "mode": "markers",
        "x": list(values),
        "y": list(range(len(values))),
        "marker": {"symbol": "line-ns", "size": 13, "color": LIGHT.ink, "line": {"width": 2, "color": LIGHT.ink}},
        "cliponaxis": False,
        "hoverinfo": "skip",
    }


def _hovers(names: Sequence[str], labels: Sequence[str], hovers: Sequence[str] | None) -> list[str]:
    own = hovers if hovers is not None else [f"{name}\n{label}" for name, label in zip(names, labels, strict=True)]
    return [safe(words) for words in own]


def _links(links: Sequence[str | None] | None, count: int) -> list[str | None]:
    return list(links) if links is not None else [None] * count
