"""The eight questions of the page that every peer shows, written once. Standard library only: each peer imports it in an environment of its own.

Every question counts dossiers of one year by one date, for the whole province or one agency.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

YEAR: Final = 2026
BY_POST: Final = "count(*) FILTER (WHERE returned_channel = 'post')"
RETURNED: Final = "count(*)"
# A sector is a property of the procedure, so its question alone reads a second table.
WITH_SECTOR: Final = "SELECT d.*, p.sector_name FROM dossiers d LEFT JOIN procedures p USING (procedure_code)"


@dataclass(frozen=True)
class Question:
    """One chart: what is counted, by what, dated how."""

    name: str
    title: str
    dated: str
    by: str  # a column, or "month" of the date
    counts: tuple[tuple[str, str], ...]  # label and SQL, the first orders a ranking
    where: str = "status = 10"
    split: str = ""  # a second column: one series per value
    most: int = 0  # 0: all
    ascending: bool = False

    @property
    def relation(self) -> str:
        """What stands behind FROM."""
        return f"({WITH_SECTOR})" if self.by == "sector_name" else "dossiers"

    def sql(self, year: int, agency: str = "") -> str:
        """DuckDB's SQL; an agency code is a plain word."""
        if agency and not agency.replace("-", "").replace(".", "").isalnum():
            raise ValueError(f"not an agency code: {agency!r}")
        key = f"date_trunc('month', {self.dated})" if self.by == "month" else self.by
        keys = f"{key} AS {self.by}" + (f", {self.split}" if self.split else "")
        counts = ", ".join(f'{sql} AS "{label}"' for label, sql in self.counts)
        order = f'"{self.counts[0][0]}" {"ASC" if self.ascending else "DESC"}, {self.by} LIMIT {self.most}' if self.most else "1"
        one = f" AND agency_code = '{agency}'" if agency else ""
        return (
            f"SELECT {keys}, {counts} FROM {self.relation} WHERE {self.dated} >= DATE '{year}-01-01' AND {self.dated} < DATE '{year + 1}-01-01'"
            f" AND {self.where}{one} GROUP BY ALL ORDER BY {order}"
        )


_POSTAL: Final = (("Qua bưu chính", BY_POST), ("Đã trả", RETURNED))
_ON_TIME: Final = (
    ("Đúng hạn", "count(*) FILTER (WHERE CAST(completed_at AS DATE) <= CAST(due_at AS DATE))"),
    ("Quá hạn", "count(*) FILTER (WHERE CAST(completed_at AS DATE) > CAST(due_at AS DATE))"),
)
EIGHT: Final = (
    Question("months", "Trả kết quả theo tháng", "returned_at", "month", _POSTAL),
    Question("channels", "Ba hình thức tiếp nhận theo tháng", "received_at", "month", (("Hồ sơ", "count(*)"),), "status NOT IN (1, 3)", "received_channel"),
    Question("most", "Đơn vị trả qua bưu chính nhiều nhất", "returned_at", "agency_code", _POSTAL, most=10),
    Question("fewest", "Đơn vị trả qua bưu chính ít nhất", "returned_at", "agency_code", _POSTAL, most=20, ascending=True),
    Question("areas", "Theo địa bàn", "returned_at", "area_code", _POSTAL, most=40),
    Question("procedures", "Theo thủ tục", "returned_at", "procedure_code", _POSTAL, most=10),
    Question("on_time", "Đúng hạn theo tháng", "completed_at", "month", _ON_TIME, "status IN (9, 10) AND due_at IS NOT NULL"),
    Question("sectors", "Theo lĩnh vực", "returned_at", "sector_name", _POSTAL, most=10),
)
