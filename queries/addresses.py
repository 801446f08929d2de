"""The query string of filters: sorted keys, defaults left out. A page links to thousands of addresses that differ in one list of codes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from queries.code_list import write_codes

if TYPE_CHECKING:
    from queries.filters import Filters

LISTS: Final = {"cap": "levels", "dv": "agencies", "db": "areas", "tt": "procedures", "lv": "sectors", "ht": "channels"}
KEY_OF: Final = {attribute: key for key, attribute in LISTS.items()}
NO_SUCH_CODE: Final = "--"  # stands for a list in which nothing can be read: it selects nothing


def canonical(values: Iterable[str]) -> tuple[str, ...]:
    """A list of codes as filters hold it: sorted, each once."""
    return tuple(sorted({value or NO_SUCH_CODE for value in values}))


def parts_of(filters: Filters) -> dict[str, str]:
    """The encoded parts of the query string by key."""
    plain = type(filters)
    pairs = {"ky": filters.code or ""}
    pairs |= {key: day.isoformat() for key, day in (("tu", filters.start), ("den", filters.end)) if day is not None}
    chosen = {"lich": (filters.clock, plain.clock), "ss": (filters.compare, plain.compare), "tc": (filters.organisation, plain.organisation)}
    pairs |= {key: value.value for key, (value, default) in chosen.items() if value != default}
    pairs |= {key: write_codes(getattr(filters, name)) for key, name in LISTS.items()}
    return {key: _encoded(key, value) for key, value in pairs.items() if value}


def joined(parts: dict[str, str]) -> str:
    """The query string of parts."""
    return "&".join(parts[key] for key in sorted(parts))


def with_codes(parts: dict[str, str], attribute: str, codes: Iterable[str]) -> str:
    """The query string of parts with one list of codes set anew; `attribute` is a field of filters such as “agencies”."""
    key, values = KEY_OF[attribute], canonical(codes)
    others = {name: part for name, part in parts.items() if name != key}
    return joined(others | ({key: _encoded(key, write_codes(values))} if values else {}))


def _encoded(key: str, value: str) -> str:
    return urlencode({key: value}, safe=",@")
