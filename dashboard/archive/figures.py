"""The figures of cards as they were given out, and how today's differ from them."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from dashboard import text
from dashboard.content.chart_spec import CardSpec
from dashboard.tables import Column, Kind

_FORMAT: Final = 1  # of the packed figures; another one is refused, never guessed
_CODES: Final = ("agency_code", "procedure_code", "area", "area_code", "month", "key", "code")
NO_ROW: Final = "không có dòng này"


@dataclass(frozen=True)
class Cell:
    """One figure as the reader saw it, with its number where it is one."""

    words: str
    value: float | None = None


@dataclass(frozen=True)
class CardFigures:
    """The table of one card: `rows` by their key (name and code), each a cell per column heading. `link` is the state they were asked in."""

    address: str
    name: str
    title: str
    link: str
    columns: tuple[str, ...]
    rows: Mapping[str, tuple[Cell, ...]]


@dataclass(frozen=True)
class Difference:
    """One figure that is another today: where it stands, what was given out, what is counted now; `change` where both are numbers."""

    card: str
    row: str
    column: str
    was: str
    now: str
    change: float | None = None


def figures_of(specs: Iterable[CardSpec]) -> tuple[CardFigures, ...]:
    """The figures of the cards that have a table, in their order."""
    return tuple(_figures(spec) for spec in specs)


def differences(before: Sequence[CardFigures], now: Mapping[str, CardFigures | None]) -> list[Difference]:
    """Every figure that is another now, card by card in the order given out; a card that cannot be asked any more differs as a whole."""
    found: list[Difference] = []
    for was in before:
        today = now.get(was.address)
        if today is None:
            found.append(Difference(was.name, "", "", was.title, "không tính được nữa"))
        else:
            found += _of_card(was, today)
    return found


def pack(figures: Sequence[CardFigures]) -> bytes:
    """The figures for the store."""
    cards = [
        [
            one.address,
            one.name,
            one.title,
            one.link,
            list(one.columns),
            [[key, [[cell.words, cell.value] for cell in cells]] for key, cells in one.rows.items()],
        ]
        for one in figures
    ]
    return zlib.compress(json.dumps({"format": _FORMAT, "cards": cards}, ensure_ascii=False, separators=(",", ":")).encode())


def unpack(content: bytes) -> tuple[CardFigures, ...]:
    """The figures from the store. Raises ValueError for what `pack` did not write."""
    try:
        held = json.loads(zlib.decompress(content))
    except zlib.error as error:
        raise ValueError(f"the figures are damaged: {error}") from None
    if held.get("format") != _FORMAT:
        raise ValueError(f"figures of format {held.get('format')}, wanted {_FORMAT}")
    return tuple(
        CardFigures(address, name, title, link, tuple(columns), {key: tuple(Cell(words, value) for words, value in cells) for key, cells in rows})
        for address, name, title, link, columns, rows in held["cards"]
    )


def _figures(spec: CardSpec) -> CardFigures:
    if spec.table is None:
        return CardFigures(spec.address, spec.name, spec.title, spec.link, (), {})
    columns = spec.table.columns
    rows: dict[str, tuple[Cell, ...]] = {}
    for row in (*spec.table.rows, *((spec.table.total,) if spec.table.total is not None else ())):
        name = _key(row, columns)
        key, copies = name, 1
        while key in rows:
            copies += 1
            key = f"{name} ({copies})"
        rows[key] = tuple(_cell(column, row.get(column.key)) for column in columns[1:])
    return CardFigures(spec.address, spec.name, spec.title, spec.link, tuple(column.label for column in columns[1:]), rows)


def _key(row: Mapping[str, Any], columns: Sequence[Column]) -> str:
    """The first cell in words, and the code behind it, so that two units of one name stay apart."""
    name = columns[0].show(row.get(columns[0].key))
    code = next((str(row[key]) for key in _CODES if key in row and key != columns[0].key and not text.is_missing(row[key])), "")
    return f"{name} [{code}]" if code and code != name else name


def _cell(column: Column, value: Any) -> Cell:  # noqa: ANN401 - a cell may hold anything
    is_number = column.is_number and not text.is_missing(value) and not isinstance(value, str)
    return Cell(column.show(value), float(value) * (100 if column.kind is Kind.PERCENT else 1) if is_number else None)


def _of_card(was: CardFigures, now: CardFigures) -> Iterator[Difference]:
    """Cells are matched by row key and heading; a row or a heading that only one side has differs as a whole."""
    gone = (Cell(NO_ROW),)
    places = {label: at for at, label in enumerate(now.columns)}
    for key, cells in was.rows.items():
        today = now.rows.get(key)
        if today is None:
            yield Difference(was.name, _shown(key), "", "có dòng này", NO_ROW)
            continue
        for label, cell in zip(was.columns, cells, strict=True):
            other = today[places[label]] if label in places else gone[0]
            if cell.words != other.words:
                yield Difference(was.name, _shown(key), label, cell.words, other.words, _change(cell, other))
    yield from (Difference(was.name, _shown(key), "", NO_ROW, "có dòng này") for key in now.rows if key not in was.rows)


def _shown(key: str) -> str:
    return key.rsplit(" [", 1)[0]


def _change(was: Cell, now: Cell) -> float | None:
    return None if was.value is None or now.value is None else round(now.value - was.value, 6)
