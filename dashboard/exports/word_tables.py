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
SIZES: Final = (11.0, 10.0, 9.0, 8.0, 7.0)
"""Of letters in points, from the size that is taken when there is room."""
GRID_PORTRAIT: Final = 9
"""The greatest number of columns of a grid on upright paper."""
_HEAD_FILL: Final = "E6EEEE"
_RULE: Final = "8A979D"
_TWIPS_PER_MM: Final = 56.693
_DIGIT_MM: Final = 0.178  # the width of a digit per point of its size
_LETTER_MM: Final = 0.166  # of an average letter
_BOLD: Final = 1.08
_CAPITAL: Final = 0.45  # by how much of an average letter a capital is wider
_PADDING_MM: Final = 2.6
_WIDEST_CELL: Final = 46  # letters, after which a cell takes a second line
_COLORED_PADDING_MM: Final = 0.8
_AFTER_SLASH: Final = 0.65  # of a heading as “10/2026”, the part that stands in one line
_BROKEN_SIZE: Final = 8.0
_NAMES_SHARE: Final = 0.3  # of the width, at most, for the names of a grid
_READABLE: Final = 9.0  # points; smaller letters only where words would be broken
_ROOMY: Final = 1.2  # how far the cells may want to go beyond the width before the letters become smaller


@dataclass(frozen=True)
class Cell:
    """One cell as it is written: its words, how they stand, whether in bold, the colour behind them, over how many columns it goes."""

    words: str
    align: str = "left"
    is_bold: bool = False
    fill: str = ""
    span: int = 1


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
        rows = [[Cell(NOTHING, span=len(head))]]
    if table.total is not None:
        rows.append([Cell(cell_words(column, table.total), align, is_bold=True) for column, align in zip(table.columns, aligns, strict=True)])
    widths, size = _widths(head, [row for row in rows if len(row) == len(head)], width)
    return _element(head, rows, widths, size, words)


def grid_table(chart: Chart, words: str, width: float) -> BaseOxmlElement:
    """A heat map or a status strip as a coloured table: the categories down, the series across; or a tile map with every area in its place."""
    if chart.form is Form.TILES:
        return _tiles(chart, words, width)
    first, size, is_broken = _grid_names(chart, width)
    names = [clean(one.name).replace("/", "/\n") if is_broken else clean(one.name) for one in chart.series]
    head = [Cell("", fill=_HEAD_FILL), *(Cell(name, "center", is_bold=True, fill=_HEAD_FILL) for name in names)]
    rows = [[Cell(clean(name)), *(_colored(one, at, chart) for one in chart.series)] for at, name in enumerate(chart.categories)]
    rest = (width - first) / len(chart.series)
    return _element(head, rows, [first, *(rest for _ in chart.series)], size, words, is_colored=True)


def _colored(series: ChartSeries, at: int, chart: Chart) -> Cell:
    return Cell(clean(series.label_at(at, chart.number)), "center", fill=series.color_at(at).lstrip("#").upper())


def _grid_names(chart: Chart, width: float) -> tuple[float, float, bool]:
    """The width of the names of a grid, the size of its letters, and whether headings as “10/2026” must take two lines for it."""
    longest = max(len(clean(name)) for name in chart.categories)
    cells = (one.label_at(at, chart.number) for one in chart.series for at in range(len(chart.categories)))
    cell, heading = max(len(clean(words)) for words in cells), max(len(clean(one.name)) for one in chart.series) * _BOLD
    for size in SIZES[1:-1]:
        first = min(longest * size * _LETTER_MM + _PADDING_MM, width * _NAMES_SHARE)
        room = (width - first) / len(chart.series) - _COLORED_PADDING_MM
        if heading * size * _DIGIT_MM <= room:
            return first, size, False
        if max(heading * _AFTER_SLASH, cell) * size * _DIGIT_MM <= room and size <= _BROKEN_SIZE:
            return first, size, True
    return min(longest * SIZES[-1] * _LETTER_MM + _PADDING_MM, width * _NAMES_SHARE), SIZES[-1], True


def _tiles(chart: Chart, words: str, width: float) -> BaseOxmlElement:
    series = chart.series[0]
    across = max(column for _, column in chart.places) + 1
    rows = [[Cell("") for _ in range(across)] for _ in range(max(row for row, _ in chart.places) + 1)]
    for at, (row, column) in enumerate(chart.places):
        colored = _colored(series, at, chart)
        rows[row][column] = Cell(f"{clean(chart.categories[at])}\n{colored.words}", "center", fill=colored.fill)
    return _element([], rows, [width / across] * across, 9.0, words, is_colored=True, is_kept=True)


def _widths(head: Row, rows: Sequence[Row], width: float) -> tuple[list[float], float]:
    """The widths of the columns in mm, together the width, and the greatest size of letters at which no word is broken and texts do not become towers."""
    letters = [_letters(one, [row[place] for row in rows]) for place, one in enumerate(head)]
    tried = [(size, *_needs(letters, size)) for size in SIZES]
    unbroken = [one for one in tried if sum(one[1]) <= width] or tried[-1:]
    readable = [one for one in unbroken if one[0] >= _READABLE] or unbroken[:1]
    size, least, wanted = next((one for one in readable if sum(one[2]) <= width * _ROOMY), readable[-1])
    if sum(least) >= width or sum(wanted) <= width:
        base = least if sum(least) >= width else wanted
        return [one * width / sum(base) for one in base], size
    share = (width - sum(least)) / (sum(wanted) - sum(least))
    return [low + (high - low) * share for low, high in zip(least, wanted, strict=True)], size


def _needs(letters: Sequence[tuple[float, float]], size: float) -> tuple[list[float], list[float]]:
    """The least and the wanted width of every column in mm, at a size of letters."""
    least = [fewest * size * _DIGIT_MM + _PADDING_MM for fewest, _ in letters]
    return least, [max(most * size * _LETTER_MM + _PADDING_MM, low) for (_, most), low in zip(letters, least, strict=True)]


def _letters(head: Cell, cells: Sequence[Cell]) -> tuple[float, float]:
    """The fewest letters a column needs so that no word and no number is broken, and the number it would take gladly."""
    words = [max(map(_length, cell.words.split()), default=1.0) for cell in cells]
    whole = [_length(cell.words) * (_BOLD if cell.is_bold else 1) for cell in cells]
    heading = max(map(_length, head.words.split()), default=1.0) * _BOLD
    is_figure = any(cell.align != "left" for cell in cells)
    fewest = max([heading, *(whole if is_figure else words)])
    longest = max(whole, default=1)
    return min(fewest, _WIDEST_CELL), max(fewest, min(longest, max(_WIDEST_CELL, longest / 3)), len(head.words) / 2)


def _length(words: str) -> float:
    """The length of words in average letters: a capital is wider."""
    return len(words) + _CAPITAL * sum(map(str.isupper, words))


def _element(
    head: Row, rows: Sequence[Row], widths: Sequence[float], size: float, words: str, *, is_colored: bool = False, is_kept: bool = False
) -> BaseOxmlElement:
    """The table as one piece of XML: cell by cell through python-docx a thousand cells take seconds.

    A coloured one has white rules, and stands on the page of its caption: with all its rows when they are kept, otherwise with the last.
    """
    twips = [round(width * _TWIPS_PER_MM) for width in widths]
    rule = f'w:val="single" w:sz="{8 if is_colored else 4}" w:space="0" w:color="{"FFFFFF" if is_colored else _RULE}"'
    edges = "".join(f"<w:{side} {rule}/>" for side in ("top", "left", "bottom", "right", "insideH", "insideV"))
    room = 20 if is_colored else 60
    margins = "".join(f'<w:{side} w:w="{wide}" w:type="dxa"/>' for side, wide in (("top", 20), ("left", room), ("bottom", 20), ("right", room)))
    look = '<w:tblLook w:val="0020" w:firstRow="1" w:lastRow="0" w:firstColumn="0" w:lastColumn="0" w:noHBand="1" w:noVBand="1"/>'
    properties = (
        f'<w:tblPr><w:tblW w:w="{sum(twips)}" w:type="dxa"/><w:jc w:val="center"/><w:tblBorders>{edges}</w:tblBorders><w:tblLayout w:type="fixed"/>'
        f"<w:tblCellMar>{margins}</w:tblCellMar>{look}<w:tblDescription w:val={quoteattr(clean(words))}/></w:tblPr>"
    )
    grid = "".join(f'<w:gridCol w:w="{one}"/>' for one in twips)
    lines = [_row(head, twips, size, is_head=True, is_kept=True)] if head else []
    lines += [_row(row, twips, size, is_kept=is_kept or (is_colored and at == len(rows))) for at, row in enumerate(rows, start=1)]
    return parse_xml(f"<w:tbl {nsdecls('w')}>{properties}<w:tblGrid>{grid}</w:tblGrid>{''.join(lines)}</w:tbl>")


def _row(cells: Row, twips: Sequence[int], size: float, *, is_head: bool = False, is_kept: bool = False) -> str:
    marks = "<w:cantSplit/>" + ("<w:tblHeader/>" if is_head else "")
    widths = [sum(twips)] if len(cells) == 1 else twips
    inner = "".join(_cell(cell, width, size, is_kept=is_kept) for cell, width in zip(cells, widths, strict=True))
    return f"<w:tr><w:trPr>{marks}</w:trPr>{inner}</w:tr>"


def _cell(cell: Cell, width: int, size: float, *, is_kept: bool) -> str:
    fill = f'<w:shd w:val="clear" w:color="auto" w:fill="{cell.fill}"/>' if cell.fill else ""
    color = f'<w:color w:val="{on("#" + cell.fill).lstrip("#").upper()}"/>' if cell.fill and cell.fill != _HEAD_FILL else ""
    bold = "<w:b/><w:bCs/>" if cell.is_bold else ""
    letters = f'<w:rPr>{bold}{color}<w:sz w:val="{round(size * 2)}"/><w:szCs w:val="{round(size * 2)}"/></w:rPr>'
    runs = "<w:r><w:br/></w:r>".join(f'<w:r>{letters}<w:t xml:space="preserve">{escape(words)}</w:t></w:r>' for words in cell.words.split("\n"))
    span = f'<w:gridSpan w:val="{cell.span}"/>' if cell.span > 1 else ""
    kept = "<w:keepNext/>" if is_kept else ""
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{span}{fill}<w:vAlign w:val="center"/></w:tcPr>'
        f'<w:p><w:pPr>{kept}<w:jc w:val="{cell.align}"/></w:pPr>{runs}</w:p></w:tc>'
    )
