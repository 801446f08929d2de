r"""Charts as plain dictionaries: names and numbers in, `{"data": […], "layout": {…}}` out, nothing else touched.

Every function is pure and survives no rows (`empty`), missing values (a gap or `–`), one point and very long names. Texts and hover texts are
Vietnamese and final; `\n` starts a new line and no mark-up passes. A link (`?…` or `/…`) travels in `customdata`; `assets/figure.js` follows it.
`layout.meta.narrow` holds the layout changes for a narrow screen, by attribute path; `assets/figure.js` applies them.
`theme.finish` puts the shared layout under a figure.
"""

from dashboard.figures.areas import shapes
from dashboard.figures.columns import columns_stacked
from dashboard.figures.grids import State, heat, strip
from dashboard.figures.lines import Series, line
from dashboard.figures.marks import Part, empty
from dashboard.figures.ranked import bars, funnel, pareto, stacked
from dashboard.figures.spark import sparkline
from dashboard.figures.steps import waterfall
from dashboard.figures.tiles import Tile, tiles
from dashboard.figures.timeline import Mark
from dashboard.theme import Figure

__all__ = [
    "Figure",
    "Mark",
    "Part",
    "Series",
    "State",
    "Tile",
    "bars",
    "columns_stacked",
    "empty",
    "funnel",
    "heat",
    "line",
    "pareto",
    "shapes",
    "sparkline",
    "stacked",
    "strip",
    "tiles",
    "waterfall",
]
