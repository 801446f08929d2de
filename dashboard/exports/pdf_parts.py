"""What the templates are given: cards, charts and tables as plain data, the charts also as pictures; never mark-up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from dashboard import text
from dashboard.cards import Kpi
from dashboard.charts import Chart, Form
from dashboard.content.chart_spec import UNFINISHED, CardSpec, ChartSpec
from dashboard.content.stamp import Stamp
from dashboard.exports.pdf_fonts import printable, shown
from dashboard.exports.vector import height_of, svgs
from dashboard.figures.marks import text_px
from dashboard.tables import Column, Table
from queries.counting import Metric

Json = dict[str, Any]
SIZES: Final = (9.0, 8.5, 8.0, 7.5, 7.0, 6.5, 6.0)
_INSET: Final = 4.0  # left and right of a cell, in points
_INSET_OF_MANY: Final = 1.5
_MANY: Final = 14
_WHOLE_ROW: Final = 400  # characters: a row with a longer cell may go on overleaf
_HEAD_LINES: Final = 2
_WIDEST: Final = 0.55  # of the page, for a column of long text
_FIT: Final = 0.92  # text_px is generous because a reader's font is unknown; here the fonts are known
_NO_ROWS: Final = "Không có dòng nào."


@dataclass(frozen=True)
class Paper:
    """The room on a page: its width in points, how many pixels of a chart fill it, how high one picture may be in pixels, the fonts of charts."""

    width: float
    chart_px: float
    picture_px: float
    font: str


@dataclass
class Pictures:
    """The pictures of a document by their file names."""

    files: dict[str, bytes] = field(default_factory=dict)

    def add(self, svg: str) -> str:
        """Keep a picture; its name."""
        name = f"chart{len(self.files)}.svg"
        self.files[name] = shown(svg).encode()
        return name


def card(spec: CardSpec, paper: Paper, pictures: Pictures, most_rows: int) -> Json:
    """One card: its message, headline figures, chart, lines, table, small print."""
    return {
        "title": printable(spec.title),
        "subtitle": printable(spec.subtitle),
        "lines": [printable(line) for line in spec.lines],
        "kpis": [_kpi(one) for one in spec.kpis],
        "chart": None if spec.chart is None else chart(spec.chart, paper, pictures),
        "table": None if spec.table is None else table(spec.table, paper, most_rows),
        "note": printable(spec.note),
    }


def chart(spec: ChartSpec, paper: Paper, pictures: Pictures) -> Json:
    """A chart as one picture or several, each with its words for who cannot see it; the source and what is unfinished stand under it."""
    drawn = svgs(spec.chart, width=paper.chart_px, height=paper.picture_px, font=paper.font)
    parts = ["" if len(drawn) == 1 else f" Phần {number}/{len(drawn)}." for number in range(1, len(drawn) + 1)]
    alt = printable(spec.alt_text)
    unfinished = (UNFINISHED.capitalize() + ".",) if _is_unfinished(spec.chart) else ()
    said = [
        {"file": pictures.add(svg), "alt": alt + part, "share": min(100.0, round(100 * paper.picture_px / height_of(svg), 2))}
        for svg, part in zip(drawn, parts, strict=True)
    ]
    return {"pictures": said, "under": [*unfinished, printable(spec.source)]}


def table(given: Table, paper: Paper, most_rows: int | None = None) -> Json | None:
    """A table with the width of every column in points and the size of its letters; None without columns.

    Of more than `most_rows` rows the first are shown, and `left_out` says how many are not.
    """
    if not given.columns:
        return None
    rows = [[_cell(column, row) for column in given.columns] for row in given.rows[:most_rows]]
    total = [] if given.total is None else [_cell(column, given.total) for column in given.columns]
    heads = [printable(column.label) for column in given.columns]
    inset = _INSET if len(heads) <= _MANY else _INSET_OF_MANY
    size, widths = _widths(heads, [*rows, total] if total else rows, paper.width, 2 * inset + 1)
    return {
        "heads": heads,
        "right": [column.is_number for column in given.columns],
        "rows": rows,
        "total": total,
        "widths": widths,
        "size": size,
        "inset": inset,
        "is_whole": all(len(cell) <= _WHOLE_ROW for row in rows for cell in row),
        "empty": "" if rows else _NO_ROWS,
        "left_out": len(given.rows) - len(rows),
    }


def metrics(specs: Sequence[CardSpec]) -> list[tuple[str, str]]:
    """Every metric of the cards once: its name, its meaning with its legal source."""
    found: dict[str, Metric] = {metric.key: metric for spec in specs for metric in spec.metrics}
    return [(metric.label, f"{metric.definition} ({metric.source})" if metric.source else metric.definition) for metric in found.values()]


def stamp_words(stamp: Stamp) -> Json:
    """The stamp as every template shows it."""
    return {
        "lines": [printable(line) for line in stamp.lines()],
        "short": printable(stamp.short),
        "link": stamp.code_link if stamp.code_link.startswith(("http://", "https://")) else "",
        "is_demo": stamp.is_demo,
    }


def _kpi(kpi: Kpi) -> Json:
    value = kpi.value + ("%" if kpi.unit == "%" else f" {kpi.unit}" if kpi.unit else "")
    return {"label": printable(kpi.label), "value": printable(value), "notes": [printable(words) for words in (kpi.change, kpi.target) if words]}


def _cell(column: Column, row: Mapping[str, Any]) -> str:
    return printable(column.show(row.get(column.key)))


def _is_unfinished(drawn: Chart) -> bool:
    return drawn.form in (Form.LINE, Form.COLUMNS) and any(series.unfinished_from for series in drawn.series)


def _widths(heads: Sequence[str], rows: Sequence[Sequence[str]], room: float, pad: float) -> tuple[float, list[float]]:
    """The largest size of letters at which no word is broken, and widths by need: none under its longest word, wide text gives way first."""
    longest = [_longest(head, [row[at] for row in rows]) for at, head in enumerate(heads)]
    words = [text_px(word, 100) / 100 * _FIT for word, _ in longest]
    size = next((size for size in SIZES if sum(words) * size + pad * len(words) <= room), SIZES[-1])
    least = [word * size + pad for word in words]
    wished = [max(low, min(text_px(cell, 100) / 100 * size * _FIT, _WIDEST * room) + pad) for low, (_, cell) in zip(least, longest, strict=True)]
    if sum(least) > room:
        return size, [round(room * low / sum(least), 2) for low in least]
    share = min(1.0, (room - sum(least)) / ((sum(wished) - sum(least)) or 1))
    return size, [round(low + (high - low) * share, 2) for low, high in zip(least, wished, strict=True)]


def _longest(head: str, cells: Sequence[str]) -> tuple[str, str]:
    """The longest word of a column, and its longest cell; a heading counts as half of itself because it may take two lines."""
    words = {word for cell in {head, *cells} for word in cell.split()}
    widest = max([*cells, head[: len(head) // _HEAD_LINES]], key=len, default="")
    return max(words, key=text_px, default=text.MISSING), widest
