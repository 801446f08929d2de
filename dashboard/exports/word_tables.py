"""Native tables in Word: headings that repeat on every page, rows that are not split, figures at the right, totals in bold, coloured cells for grids."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from xml.sax.saxutils import escape, quoteattr

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from dashboard.charts import Chart, ChartSeries, Form
from dashboard.exports.letter_words import clean
from dashboard.tables import Column, Kind, Table
from dashboard.theme import on
from queries.sentence import VERDICT_NAMES

if TYPE_CHECKING:
    from docx.oxml.xmlchemy import BaseOxmlElement

NOTHING: Final = "Không có dòng nào."
SIZES: Final = (12.0, 11.0, 10.0, 9.0, 8.0, 7.0)
"""Of letters in points, from the size that is taken when there is room."""
GRID_PORTRAIT: Final = 9
"""The greatest number of columns of a grid on upright paper."""
_HEAD_FILL: Final = "E6EEEE"
_RULE: Final = "8A979D"
_TWIPS_PER_MM: Final = 56.693
_LETTER_MM: Final = 0.178  # the width of an average letter per point of its size
_BOLD: Final = 1.08
_PADDING_MM: Final = 2.6
_WIDEST_CELL: Final = 46  # letters, after which a cell takes a second line
_ROOMY: Final = 1.5  # how far the cells may want to go beyond the width before the letters become smaller


@dataclass(frozen=True)
class Cell:
    """One cell as it is written: its words, how they stand, whether in bold, the `#rrggbb` behind them."""

    words: str
    align: str = "left"
    is_bold: bool = False
    fill: str = ""


Row = Sequence[Cell]


def cell_words(column: Column, row: Mapping[str, Any]) -> str:
    """A cell in the words of the screen."""
    value = row.get(column.key)
    if column.kind is Kind.VERDICT and isinstance(value, str):
        return VERDICT_NAMES.get(value, clean(value))
    return clean(column.show(value))


def data_table(table: Table, words: str, width: float) -> BaseOxmlElement:
    """A table of the screen as wide as the paper allows, in mm; `words` say to who cannot see it what it holds."""
    aligns = ["right" if column.is_number else "center" if column.kind is Kind.DATE else "left" for column in table.columns]
    head = [Cell(clean(column.label), "center", is_bold=True, fill=_HEAD_FILL) for column in table.columns]
    rows = [[Cell(cell_words(column, row), align) for column, align in zip(table.columns, aligns, strict=True)] for row in table.rows]
    if not rows:
        rows = [[Cell(NOTHING if not place else "") for place in range(len(head))]]
    if table.total is not None:
        rows.append([Cell(cell_words(column, table.total), align, is_bold=True) for column, align in zip(table.columns, aligns, strict=True)])
    widths, size = _widths(head, rows, width)
    return _element(head, rows, widths, size, words)


def grid_table(chart: Chart, words: str, width: float) -> BaseOxmlElement:
    """A heat map or a status strip as a coloured table: the categories down, the series across; or a tile map with every area in its place."""
    if chart.form is Form.TILES:
        return _tiles(chart, words, width)
    head = [Cell("", fill=_HEAD_FILL), *(Cell(clean(one.name), "center", is_bold=True, fill=_HEAD_FILL) for one in chart.series)]
    rows = [[Cell(clean(name)), *(_colored(one, at, chart) for one in chart.series)] for at, name in enumerate(chart.categories)]
    first, size = _grid_names(chart, width)
    rest = (width - first) / len(chart.series)
    return _element(head, rows, [first, *(rest for _ in chart.series)], size, words)


def _colored(series: ChartSeries, at: int, chart: Chart) -> Cell:
    return Cell(clean(series.label_at(at, chart.number)), "center", fill=series.color_at(at).lstrip("#").upper())


def _grid_names(chart: Chart, width: float) -> tuple[float, float]:
    """The width of the names of a grid and the size of its letters, so that headings and values stay in one line where they can."""
    longest = max(len(clean(name)) for name in chart.categories)
    cell = max(len(words) for one in chart.series for words in (one.name, *(one.label_at(at, chart.number) for at in range(len(chart.categories)))))
    for size in SIZES[2:]:
        first = min(longest * size * _LETTER_MM + _PADDING_MM, width * 0.34)
        if cell * size * _LETTER_MM * _BOLD + _PADDING_MM <= (width - first) / len(chart.series):
            return first, size
    return min(longest * SIZES[-1] * _LETTER_MM + _PADDING_MM, width * 0.25), SIZES[-1]


def _tiles(chart: Chart, words: str, width: float) -> BaseOxmlElement:
    series = chart.series[0]
    across = max(column for _, column in chart.places) + 1
    rows = [[Cell("") for _ in range(across)] for _ in range(max(row for row, _ in chart.places) + 1)]
    for at, (row, column) in enumerate(chart.places):
        colored = _colored(series, at, chart)
        rows[row][column] = Cell(f"{clean(chart.categories[at])}\n{colored.words}", "center", fill=colored.fill)
    return _element([], rows, [width / across] * across, 9.0, words)


def _widths(head: Row, rows: Sequence[Row], width: float) -> tuple[list[float], float]:
    """The widths of the columns in mm and the greatest size of letters at which no word is broken and texts do not become towers."""
    letters = [_letters(one, [row[place] for row in rows]) for place, one in enumerate(head)]
    least, wanted, room = [], [], 0.0
    for size in SIZES[1:]:
        least = [fewest * size * _LETTER_MM + _PADDING_MM for fewest, _ in letters]
        wanted = [most * size * _LETTER_MM + _PADDING_MM for _, most in letters]
        room = width - sum(least)
        if room >= 0 and sum(wanted) <= width * _ROOMY:
            break
    else:
        size = SIZES[-1]
    if room < 0:
        return [one * width / sum(least) for one in least], size
    asked = [most - fewest for fewest, most in zip(least, wanted, strict=True)]
    if sum(wanted) <= width:
        spare = width - sum(wanted)
        return [one + spare * one / sum(wanted) for one in wanted], size
    return [one + room * more / sum(asked) for one, more in zip(least, asked, strict=True)], size


def _letters(head: Cell, cells: Sequence[Cell]) -> tuple[float, float]:
    """The fewest letters a column needs so that no word and no number is broken, and the number it would take gladly."""
    words = [max((len(word) for word in cell.words.split()), default=1) for cell in cells]
    whole = [len(cell.words) for cell in cells]
    heading = max((len(word) for word in head.words.split()), default=1) * _BOLD
    is_figure = any(cell.align != "left" for cell in cells)
    fewest = max(heading, *(whole if is_figure else words))
    return min(fewest, _WIDEST_CELL), max(fewest, min(max(whole), max(_WIDEST_CELL, max(whole) / 3)), len(head.words) / 2)


def _element(head: Row, rows: Sequence[Row], widths: Sequence[float], size: float, words: str) -> BaseOxmlElement:
    """The table as one piece of XML: cell by cell through python-docx a thousand cells take seconds."""
    twips = [round(width * _TWIPS_PER_MM) for width in widths]
    edges = "".join(f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="{_RULE}"/>' for side in ("top", "left", "bottom", "right", "insideH", "insideV"))
    margins = "".join(f'<w:{side} w:w="{room}" w:type="dxa"/>' for side, room in (("top", 20), ("left", 60), ("bottom", 20), ("right", 60)))
    look = '<w:tblLook w:val="0020" w:firstRow="1" w:lastRow="0" w:firstColumn="0" w:lastColumn="0" w:noHBand="1" w:noVBand="1"/>'
    properties = (
        f'<w:tblPr><w:tblW w:w="{sum(twips)}" w:type="dxa"/><w:jc w:val="center"/><w:tblBorders>{edges}</w:tblBorders><w:tblLayout w:type="fixed"/>'
        f"<w:tblCellMar>{margins}</w:tblCellMar>{look}<w:tblDescription w:val={quoteattr(clean(words))}/></w:tblPr>"
    )
    grid = "".join(f'<w:gridCol w:w="{one}"/>' for one in twips)
    lines = ([_row(head, twips, size, is_head=True)] if head else []) + [_row(row, twips, size) for row in rows]
    return parse_xml(f"<w:tbl {nsdecls('w')}>{properties}<w:tblGrid>{grid}</w:tblGrid>{''.join(lines)}</w:tbl>")


def _row(cells: Row, twips: Sequence[int], size: float, *, is_head: bool = False) -> str:
    marks = "<w:cantSplit/>" + ("<w:tblHeader/>" if is_head else "")
    return f"<w:tr><w:trPr>{marks}</w:trPr>{''.join(_cell(cell, width, size) for cell, width in zip(cells, twips, strict=True))}</w:tr>"


def _cell(cell: Cell, width: int, size: float) -> str:
    fill = f'<w:shd w:val="clear" w:color="auto" w:fill="{cell.fill}"/>' if cell.fill else ""
    color = f'<w:color w:val="{on("#" + cell.fill).lstrip("#").upper()}"/>' if cell.fill and cell.fill != _HEAD_FILL else ""
    bold = "<w:b/><w:bCs/>" if cell.is_bold else ""
    letters = f'<w:rPr>{bold}{color}<w:sz w:val="{round(size * 2)}"/><w:szCs w:val="{round(size * 2)}"/></w:rPr>'
    runs = "<w:r><w:br/></w:r>".join(f'<w:r>{letters}<w:t xml:space="preserve">{escape(words)}</w:t></w:r>' for words in cell.words.split("\n"))
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{fill}<w:vAlign w:val="center"/></w:tcPr>'
        f'<w:p><w:pPr><w:jc w:val="{cell.align}"/></w:pPr>{runs}</w:p></w:tc>'
    )
