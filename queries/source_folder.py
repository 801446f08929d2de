"""A source as a folder: one SELECT per relation, or one export (CSV, Parquet, Excel) per relation."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from config.language import told
from queries import contract
from queries.address import Address
from queries.errors import BadRequest, SourceRefused
from queries.source_select import single_select

NATIVE: Final = "native"
EXPORT_SUFFIXES: Final = (".csv", ".parquet", ".xlsx")
_NAMES: Final = tuple(table.name for table in contract.RELATIONS)


@dataclass(frozen=True)
class SourceFile:
    """The file that stands for a relation, and its SELECT (empty for an export)."""

    relation: str
    path: Path
    select: str = ""

    @property
    def label(self) -> str:
        """The file as a reader sees it: its folder and its name."""
        return f"{self.path.parent.name}/{self.path.name}"


def shipped_folder() -> Path:
    """The folder of the sources that come with the dashboard."""
    return Path(str(files("config").joinpath("sources")))


def shipped_sources() -> tuple[str, ...]:
    """Names of the sources that come with the dashboard."""
    folder = shipped_folder()
    return tuple(sorted(path.name for path in folder.iterdir() if path.is_dir() and any(path.glob("*.sql")))) if folder.is_dir() else ()


def find_folder(name: str) -> Path | None:
    """The folder of a source by its shipped name or its path; None for "native".

    Raises BadRequest for anything else.
    """
    if name == NATIVE:
        return None
    if name in shipped_sources():
        return shipped_folder() / name
    if name and Path(name).is_dir():
        return Path(name)
    known = ", ".join((NATIVE, *shipped_sources()))
    raise BadRequest(
        f"source {name!r} is neither a shipped name nor a folder",
        sentence=told("Không có nguồn dữ liệu “{}”. Nguồn dùng được: {}, hoặc đường dẫn một thư mục câu SELECT hay thư mục tệp dữ liệu.", name, known),
    )


def read_folder(folder: Path, address: Address) -> dict[str, SourceFile]:
    """The files of a source by relation: SELECTs where there are any, else exports.

    Raises SourceRefused for a file that stands for no relation, for two files of one relation, for a file that is not a single SELECT, and for an
    empty folder; BadRequest for exports with a database that is not duckdb://.
    """
    selects = _by_relation(folder, (".sql",))
    if selects:
        return {relation: SourceFile(relation, path, _select(path, address)) for relation, path in selects.items()}
    exports = _by_relation(folder, EXPORT_SUFFIXES)
    if not exports:
        raise SourceRefused(
            f"source folder {folder} has neither .sql files nor exports",
            sentence=told("Thư mục nguồn “{}” không có tệp .sql, .csv, .parquet hay .xlsx nào. Cần ít nhất dossiers và agencies.", folder.name),
        )
    if not address.in_memory:
        raise BadRequest(
            "a folder of exports is read with duckdb:// only",
            sentence=told("Thư mục “{}” là thư mục tệp dữ liệu, chỉ đọc được với cơ sở dữ liệu duckdb://.", folder.name),
        )
    return {relation: SourceFile(relation, path) for relation, path in exports.items()}


def check_columns(table: sa.Table, found: Iterable[str], where: str, *, strict: bool) -> frozenset[str]:
    """The contract's columns among those found. `where` says where they were found, for the reader.

    Raises SourceRefused for a required column that is missing and, when strict, for a column outside the contract.
    """
    found = list(found)
    known = {column.name for column in table.columns}
    outside = [name for name in found if name not in known]
    if strict and outside:
        raise SourceRefused(
            f"{where}: column {outside[0]!r} of relation {table.name} is outside the contract",
            sentence=told(
                "{}: cột “{}” nằm ngoài hợp đồng dữ liệu của bảng {} nên bị từ chối; bảng điều khiển không đọc dữ liệu cá nhân. Hãy bỏ "
                "cột này hoặc đặt lại tên theo hợp đồng.",
                where,
                outside[0],
                table.name,
            ),
        )
    missing = [column.name for column in table.columns if _is_required(table, column) and column.name not in found]
    if missing:
        todo = "Hãy bổ sung cột; cột chưa có số liệu thì để trống." if strict else "Hãy bổ sung cột, hoặc cấp quyền đọc cột cho tài khoản."
        raise SourceRefused(
            f"{where}: relation {table.name} lacks the column {', '.join(missing)}",
            sentence=told("{}: bảng {} thiếu cột bắt buộc {}. {}", where, table.name, ", ".join(f"“{name}”" for name in missing), todo),
        )
    return frozenset(known.intersection(found))


def check_relations(present: Iterable[str], where: str) -> None:
    """Raise SourceRefused when a required relation is not among those present."""
    missing = [table.name for table in contract.RELATIONS if table.info["required"] and table.name not in present]
    if missing:
        raise SourceRefused(
            f"{where}: required relation missing: {', '.join(missing)}",
            sentence=told(
                "{} không có bảng bắt buộc {}. Hãy tạo bảng hoặc chọn nguồn dữ liệu khác bằng --source.", where, ", ".join(f"“{name}”" for name in missing)
            ),
        )


def _is_required(table: sa.Table, column: sa.Column[object]) -> bool:
    return not column.info["optional"] if table.info["required"] else not column.nullable


def _by_relation(folder: Path, suffixes: tuple[str, ...]) -> dict[str, Path]:
    found: dict[str, Path] = {}
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() not in suffixes or path.name.startswith((".", "~$")):
            continue
        if path.stem not in _NAMES:
            raise SourceRefused(
                f"{path}: {path.stem} is not a relation of the contract",
                sentence=told(
                    "Tệp {}/{} không ứng với bảng nào của hợp đồng dữ liệu. Tên tệp phải là một trong: {}.", folder.name, path.name, ", ".join(_NAMES)
                ),
            )
        if path.stem in found:
            raise SourceRefused(
                f"{path.stem} has two files: {found[path.stem].name} and {path.name}",
                sentence=told("Bảng {} có hai tệp: {} và {}. Hãy giữ lại một tệp.", path.stem, found[path.stem].name, path.name),
            )
        found[path.stem] = path
    return found


def _select(path: Path, address: Address) -> str:
    try:
        text = path.read_text(encoding="utf-8-sig")
        return single_select(text, address.engine, path.parent if address.engine == "duckdb" else None)
    except UnicodeDecodeError:
        reason = "tệp không ở dạng UTF-8"
    except ValueError as error:
        reason = str(error)
    raise SourceRefused(
        f"{path}: not one SELECT ({reason})",
        sentence=told("Tệp {}/{} phải là đúng một câu SELECT: {}. Hãy sửa tệp.", path.parent.name, path.name, reason),
    )
