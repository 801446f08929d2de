"""What the owner of a live database could create, as a person reads it on the terminal: what the pages ask, statements to paste, and their measured gain."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median
from typing import Final

from dashboard.pages import PAGES
from dashboard.text import number
from queries import advice
from queries.data import Data, read_data
from queries.errors import AccessRefused, DashboardError
from queries.filters import Filters
from queries.source import Source, open_source

ROUNDS: Final = 3
OPERATOR_PAGE: Final = "/du-lieu-va-cach-tinh"  # opened when data were loaded, not every day
NOTHING: Final = {"duckdb": "Tệp DuckDB không cần gì thêm: cột được nén và có khoảng giá trị sẵn. Dùng bản trích (lệnh refresh) để nhanh nhất."}
NOT_MEASURED: Final = (
    "Mức lợi chưa đo ở đây. Với PostgreSQL: thêm --measure (cần quyền tạo lược đồ: GRANT CREATE ON DATABASE … TO …, và chỗ cho một bản sao). "
    "Số đo mẫu cùng lệnh đo: docs/scale.md."
)


@dataclass(frozen=True)
class _Page:
    name: str
    statements: int
    seconds: float


def advise(url: str, name: str, seconds: float, *, query: str = "", measure: bool = False) -> Iterator[str]:
    """The lines to print, as they become known. Raises the errors of `open_source` and `read_data`."""
    with open_source(url, name, timeout_seconds=seconds) as source:
        data = read_data(source)
        pages = _asked(data, query)
        yield f"{source.label}: mở lần lượt {len(pages)} trang, mỗi trang một lần, chưa có gì trong bộ nhớ đệm."
        yield from (f"  {page.name:<28} {page.statements:>3} câu lệnh  {number(page.seconds * 1000)} ms ở cơ sở dữ liệu" for page in pages)
        yield f"  {'Cộng':<28} {sum(page.statements for page in pages):>3} câu lệnh  {number(sum(page.seconds for page in pages) * 1000)} ms"
        found = advice.advice(source)
        if not found.groups:
            yield NOTHING.get(source.dialect, "Chưa có lời khuyên cho nguồn này: hãy dùng bản trích (lệnh refresh), nhanh hơn mọi chỉ mục.")
            return
        yield "\nChủ cơ sở dữ liệu có thể tạo (bảng điều khiển chỉ in, không chạy):"
        for heading, statements in found.groups:
            yield f"\n-- {heading}\n" + "\n".join(f"{statement};" for statement in statements)
        yield ""
        yield from _measured(source, query, seconds) if measure and found.measurable else [NOT_MEASURED]


def _asked(data: Data, query: str) -> list[_Page]:
    """Every page asked once, with what it sent to the database."""
    found = []
    for page in PAGES:
        if page.path == OPERATOR_PAGE:
            continue
        with advice.logged(data.source) as log:
            for card in page.cards:
                card.answer(data, Filters.from_query(query))
        found.append(_Page(page.name, len(log.asked), log.seconds))
    return found


def _measured(source: Source, query: str, seconds: float) -> Iterator[str]:
    """The pages on the owner's tables and on a copy in a schema of its own, in turn."""
    try:
        with advice.scratch(source, seconds) as copy:
            yield f"Đo trên một bản sao trong lược đồ riêng {copy.schema} (xóa ngay sau khi đo), xen kẽ {ROUNDS} lượt, lấy trung vị:"
            own, narrow = _rounds(source, copy.source, query)
            yield f"  bảng hiện có {number(own)} ms; bản sao hẹp, xếp theo ngày {number(narrow)} ms: {_times(own, narrow)}"
            copy.create_indexes()
            own, indexed = _rounds(source, copy.source, query)
            yield f"  bảng hiện có {number(own)} ms; bản sao có chỉ mục {number(indexed)} ms: {_times(own, indexed)}"
    except AccessRefused:
        yield "Không đo được: tài khoản chưa có quyền tạo lược đồ. " + NOT_MEASURED
    except DashboardError as error:
        yield f"Không đo được: {error.sentence} {NOT_MEASURED}"


def _rounds(source: Source, copy: Source, query: str) -> tuple[float, float]:
    """Milliseconds in the database for all pages, on each of two sources: medians of rounds taken in turn."""
    own, other = [], []
    for _ in range(ROUNDS):
        own.append(sum(page.seconds for page in _asked(read_data(source), query)) * 1000)
        other.append(sum(page.seconds for page in _asked(read_data(copy), query)) * 1000)
    return median(own), median(other)


def _times(before: float, after: float) -> str:
    return f"nhanh gấp {number(before / after)} lần" if after <= before else f"chậm hơn, gấp {number(after / before)} lần thời gian: không nên tạo"
