"""A table as HTML: sorted by links in its headings, so that every state is an address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from dash import dcc, html
from markupsafe import Markup, escape

from config.language import say
from dashboard import text
from dashboard.cards import Asked
from dashboard.tables import LONGEST_SEARCH, Column, Kind, Selection, Table, TableState, select
from queries.code_list import write_codes

_EMPTY: Final = Markup("")
_CHOOSE_ALL: Final = Markup('<th scope="col" class="data-table__choose"><input type="checkbox" data-choose-all aria-label="{}"></th>')
_CHOOSE: Final = Markup('<td class="data-table__choose"><input type="checkbox" data-choose="{}" aria-label="{}"></td>')
_NO_CHOICE: Final = Markup('<td class="data-table__choose"></td>')
_CHOSEN: Final = Markup('<span role="status" data-chosen="{}"></span><button type="button" class="action" data-choose-toggle>{}</button>')
_CARDS_FROM: Final = 4  # a table with this many columns becomes cards on a phone


def table(source: Table, asked: Asked, caption: str) -> html.Div:
    """The whole block: search box (made by `assets/search.js`) and count when the table is interactive, what is chosen, the rows, and the pages."""
    chosen = select(source, asked.state)
    parts: list[Any] = []
    if source.interactive:
        parts.append(_tools(source, asked.state, chosen))
    if source.choose and source.rows:
        parts.append(html.Div(className="data-table__chosen", **{"data-html": str(_CHOSEN.format(len(source.rows), say("Chọn tất cả")))}))
    parts.append(_scroll(source, chosen, asked, caption))
    if chosen.pages > 1:
        parts.append(_pager(asked, chosen))
    return html.Div(parts)


def _tools(source: Table, state: TableState, chosen: Selection) -> html.Div:
    found = (
        say("{} dòng", text.whole(chosen.found))
        if chosen.found == len(source.rows)
        else say("{} trong {} dòng", text.whole(chosen.found), text.whole(len(source.rows)))
    )
    words = {"data-label": say("Tìm trong bảng"), "data-example": say("ví dụ: muong te"), "data-longest": str(LONGEST_SEARCH)}
    return html.Div(
        [
            html.Div(className="filters__field", **{"data-searched": state.search}, **words),
            html.Span(found, className="data-table__count", role="status"),
        ],
        className="data-table__tools",
    )


def _scroll(source: Table, chosen: Selection, asked: Asked, caption: str) -> html.Div:
    """The rows as one component: Dash needs seconds for a thousand cells that are components of their own, the browser needs none for their mark-up.

    `assets/figure.js` puts the mark-up in place; every word in it is escaped here.
    """
    as_cards = len(source.columns) >= _CARDS_FROM
    heads = [(column, escape(say(column.label))) for column in source.columns]
    rows = [_row(source, heads, row) for row in chosen.rows]
    if not rows:
        rows = [Markup('<tr><td colspan="{}">{}</td></tr>').format(len(source.columns) + bool(source.choose), say("Không có dòng nào."))]
    if source.total is not None and chosen.found == len(source.rows):
        rows.append(_row(source, heads, source.total, total=True))
    markup = Markup('<table class="{}"><caption class="visually-hidden">{}</caption><thead><tr>{}</tr></thead><tbody>{}</tbody></table>').format(
        "data-table data-table--cards" if as_cards else "data-table",
        caption,
        (_CHOOSE_ALL.format(say("Chọn tất cả các dòng đang hiện")) if source.choose else _EMPTY)
        + _EMPTY.join(_heading(column, source, asked) for column in source.columns),
        Markup("".join(rows)),  # noqa: S704 - put together above, each word escaped
    )
    name = "data-table__scroll" + (" data-table__scroll--cards" if as_cards else "")
    return html.Div(className=name, tabIndex=0, role="region", **{"aria-label": caption, "data-html": str(markup)})


def _heading(column: Column, source: Table, asked: Asked) -> Markup:
    kind = "is-number" if column.is_number else ""
    if not source.interactive:
        return Markup('<th scope="col" class="{}">{}</th>').format(kind, say(column.label))
    state = asked.state
    direction = "descending" if state.sort.startswith("-") else "ascending"
    order = Markup(' aria-sort="{}"').format(direction) if state.sort.lstrip("-") == column.key else _EMPTY
    link = Markup('<a class="data-table__sort" href="{}" data-internal>{}</a>').format(asked.link(state=state.sorted_by(column)), say(column.label))
    return Markup('<th scope="col" class="{}"{}>{}</th>').format(kind, order, link)


def _row(source: Table, heads: Sequence[tuple[Column, str]], row: Mapping[str, Any], *, total: bool = False) -> str:
    """A row's mark-up; plain text put together here is five times as fast as `Markup.format`, and every word of it is escaped."""
    cells = [str(_choice(source, row))] if source.choose else []
    for number, (column, label) in enumerate(heads):
        shown = column.show(row.get(column.key))
        kind = ("is-number is-missing" if column.is_number else "is-missing") if shown == text.MISSING else ("is-number" if column.is_number else "")
        tag, end = ("td", "td") if number else ('th scope="row"', "th")
        cells.append(f'<{tag} class="{kind}" data-label="{label}">{_cell(column, row, shown)}</{end}>')
    return f'<tr class="{"is-total" if total else ""}">{"".join(cells)}</tr>'


def _choice(source: Table, row: Mapping[str, Any]) -> Markup:
    """The box that chooses a row; none where the row has no code."""
    code = row.get(source.choose)
    first = source.columns[0]
    return _CHOOSE.format(write_codes([code]), say("Chọn {}", first.show(row.get(first.key)))) if isinstance(code, str) and code else _NO_CHOICE


def _cell(column: Column, row: Mapping[str, Any], shown: str) -> str:
    value = row.get(column.key)
    if column.kind is Kind.VERDICT and isinstance(value, str):
        return f'<span class="verdict verdict--{escape(value.replace("_", "-"))}">{escape(shown)}</span>'
    link = row.get(column.link) if column.link else None
    if isinstance(link, str) and link.startswith("/"):
        return f'<a href="{escape(link)}" data-internal>{escape(shown)}</a>'
    return escape(shown)


def _pager(asked: Asked, chosen: Selection) -> html.Nav:
    """Links to the pages around the shown one, the first and the last."""
    numbers = sorted({1, chosen.pages, *range(max(1, chosen.page - 2), min(chosen.pages, chosen.page + 2) + 1)})
    links: list[Any] = []
    for before, number in zip([0, *numbers], numbers, strict=False):
        if number - before > 1:
            links.append(html.Span("…", className="pager__gap"))
        here = {"aria-current": "page"} if number == chosen.page else {}
        href = asked.link(state=replace(asked.state, page=number))
        link = dcc.Link(str(number), href=href, className="pager__link") if not here else html.Span(str(number), className="pager__link", **here)
        links.append(link)
    status = html.Span(say("trang {} trong {}", chosen.page, chosen.pages), className="pager__status")
    return html.Nav([*links, status], className="pager", **{"aria-label": say("Các trang của bảng")})
