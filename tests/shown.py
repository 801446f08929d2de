"""What a reader is shown: the words of a layout, of its charts with their hover texts, of tables, and of a plain page."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any, Final

WORDS: Final = frozenset({"children", "title", "aria-label", "placeholder", "alt", "label", "labels", "data-label", "data-example"})
CHART_WORDS: Final = frozenset({"text", "hovertext", "ticktext", "name", "title", "texttemplate", "hovertemplate"})
ATTRIBUTES: Final = frozenset({"aria-label", "title", "placeholder", "alt", "data-label", "data-example"})


def shown(component: Any, *, language: str = "") -> Iterator[str]:
    """The words of a component as JSON; a part that names its own language and has another one than `language` is left out."""
    if isinstance(component, list):
        for one in component:
            yield from shown(one, language=language)
    elif isinstance(component, str):
        yield component
    elif isinstance(component, dict):
        props = component.get("props", component)
        if not language or props.get("lang", language) == language:
            for name, value in props.items():
                yield from _of_prop(name, value, language)


def _of_prop(name: str, value: Any, language: str) -> Iterator[str]:
    if name == "figure":
        yield from _of_chart(value)
    elif name == "data-html":
        yield from of_page(value)
    elif name == "options":
        yield from (str(option["label"]) for option in value or [])
    elif name == "labels":
        yield from value.values()
    elif name in WORDS or isinstance(value, dict):
        yield from shown(value, language=language)


def _of_chart(value: Any, name: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for key, one in value.items():
            yield from _of_chart(one, key.rpartition(".")[2])
    elif isinstance(value, list):
        for one in value:
            yield from _of_chart(one, name)
    elif isinstance(value, str) and name in CHART_WORDS:
        yield html.unescape(re.sub(r"<[^>]*>", " ", value))


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.silent = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent = tag in ("script", "style")
        self.words += [value for name, value in attrs if name in ATTRIBUTES and value]

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002 - whichever ends, text follows again
        self.silent = False

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.words.append(data)


def of_page(markup: str) -> list[str]:
    """The words of a page of mark-up, with those of its attributes."""
    page = _Page()
    page.feed(markup)
    return [words.strip() for words in page.words if words.strip()]
