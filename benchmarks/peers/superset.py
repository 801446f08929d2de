"""Superset's own side: its metadata, and the database, datasets, eight charts and dashboard made by its REST API."""

from __future__ import annotations

import http.client
import json
import os
import secrets
import shutil
import subprocess
from pathlib import Path
from typing import Any, Final

from benchmarks.peers import environments, serving
from benchmarks.peers.questions import EIGHT, WITH_SECTOR, YEAR, Question

HOME: Final = environments.PEERS / "superset-home"
HERE: Final = Path(__file__).resolve().parent
USER: Final = "admin"
FILTER: Final = "NATIVE_FILTER-agency"


def environment() -> dict[str, str]:
    """What every command of Superset needs to know; the key and the password are made anew with the metadata."""
    HOME.mkdir(parents=True, exist_ok=True)
    key = HOME / "key"
    if not key.exists():
        key.write_text(secrets.token_urlsafe(42))
        key.chmod(0o600)
    return {
        "SUPERSET_HOME": str(HOME),
        "SUPERSET_CONFIG_PATH": str(HERE / "superset_config.py"),
        "SUPERSET_SECRET_KEY": key.read_text(),
        "FLASK_APP": "superset.app:create_app()",
        "SUPERSET_LOAD_EXAMPLES": "no",
    }


def prepare(database: Path) -> None:
    """Metadata in SQLite, a reader, roles: the three commands of its documentation; anew for another file: its metadata take a name of a table only once."""
    ready = HOME / "ready"
    if ready.exists() and ready.read_text() == database.name:
        return
    shutil.rmtree(HOME, ignore_errors=True)
    given = os.environ | environment()
    command = str(environments.PEERS / "superset" / "bin" / "superset")
    person = ["--username", USER, "--firstname", "A", "--lastname", "B", "--email", "admin@localhost", "--password", password()]
    with (HOME / "prepare.log").open("w") as out:
        for step in (["db", "upgrade"], ["fab", "create-admin", *person], ["init"]):
            subprocess.run([command, *step], env=given, check=True, stdout=out, stderr=out)
    ready.write_text(database.name)


def password() -> str:
    """The reader's password, derived from the key of this installation."""
    return environment()["SUPERSET_SECRET_KEY"][:16]


def command() -> list[str]:
    """Gunicorn with threads, as its own container starts it; two workers, as ours has."""
    bind = f"127.0.0.1:{serving.PORTS['superset']}"
    served = [
        "--workers",
        "2",
        "--worker-class",
        "gthread",
        "--threads",
        "20",
        "--no-control-socket",
        "--timeout",
        "120",
        "--limit-request-line",
        "0",
        "--limit-request-field_size",
        "0",
    ]
    return [str(environments.python("superset")), "-m", "gunicorn", "-b", bind, *served, "superset.app:create_app()"]


class Api:
    """A reader who is logged in, on a connection that stays open."""

    def __init__(self) -> None:
        self._to = http.client.HTTPConnection("127.0.0.1", serving.PORTS["superset"], timeout=120)
        self._headers = {"Content-Type": "application/json", "Accept-Encoding": "gzip"}
        answer = self.call("POST", "/api/v1/security/login", {"username": USER, "password": password(), "provider": "db"})
        self._headers["Authorization"] = f"Bearer {answer['access_token']}"

    def raw(self, method: str, path: str, body: dict[str, Any] | None = None) -> bytes:
        """The bytes of an answer. Raises RuntimeError for a refusal."""
        status, content = serving.ask(self._to, method, path, json.dumps(body) if body is not None else None, self._headers)
        if status >= 300:
            raise RuntimeError(f"{method} {path}: {status} {content[:600]!r}")
        return content

    def call(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:  # noqa: ANN401 - JSON
        """The answer as JSON."""
        headers, self._headers = self._headers, {key: value for key, value in self._headers.items() if key != "Accept-Encoding"}
        try:
            return json.loads(self.raw(method, path, body))
        finally:
            self._headers = headers


def filled(api: Api, database: Path) -> dict[str, Any]:
    """The dashboard over this file, made where it is missing: its address and its datasets by name."""
    kept = HOME / f"made-{database.name}.json"
    if kept.exists():
        return dict(json.loads(kept.read_text()))
    extra = json.dumps({"engine_params": {"connect_args": {"read_only": True}}})
    body = {"database_name": database.name, "sqlalchemy_uri": f"duckdb:///{database}", "extra": extra, "expose_in_sqllab": True}
    source = api.call("POST", "/api/v1/database/", body)["id"]
    tables = {
        "dossiers": api.call("POST", "/api/v1/dataset/", {"database": source, "schema": "main", "table_name": "dossiers"})["id"],
        "sectors": api.call("POST", "/api/v1/dataset/", {"database": source, "schema": "main", "table_name": "sectors", "sql": WITH_SECTOR})["id"],
    }
    dashboard = api.call("POST", "/api/v1/dashboard/", {"dashboard_title": database.name, "published": True})["id"]
    charts = {question.name: _chart(api, question, tables[table_of(question)], dashboard) for question in EIGHT}
    metadata = {"native_filter_configuration": [_filter(tables["dossiers"])], "color_scheme": "", "cross_filters_enabled": False}
    changed = {"position_json": json.dumps(_positions(charts)), "json_metadata": json.dumps(metadata)}
    api.call("PUT", f"/api/v1/dashboard/{dashboard}", changed)
    found = {"address": f"/superset/dashboard/{dashboard}/", "tables": tables, "charts": charts}
    kept.write_text(json.dumps(found))
    return found


def table_of(question: Question) -> str:
    """The dataset a question reads."""
    return "sectors" if question.by == "sector_name" else "dossiers"


def context(question: Question, table: int, year: int, agency: str, *, fresh: bool) -> dict[str, Any]:
    """What the browser sends for the data of a chart, without the post-processing that its time series ask for besides."""
    by_month = question.by == "month"
    axis = {"timeGrain": "P1M", "columnType": "BASE_AXIS", "sqlExpression": question.dated, "label": question.dated, "expressionType": "SQL"}
    metrics = _metrics(question)
    filters = [{"col": question.dated, "op": "TEMPORAL_RANGE", "val": _range(year)}]
    query = {
        "filters": filters + ([{"col": "agency_code", "op": "IN", "val": [agency]}] if agency else []),
        "columns": ([axis] if by_month else [question.by]) + ([question.split] if question.split else []),
        "metrics": metrics,
        "orderby": [[metrics[0], question.ascending]],
        "extras": {"time_grain_sqla": "P1M", "having": "", "where": f"({question.where})"},
        "row_limit": question.most or 1000,
    }
    return {"datasource": {"id": table, "type": "table"}, "force": fresh, "queries": [query], "result_format": "json", "result_type": "full"}


def _metrics(question: Question) -> list[dict[str, Any]]:
    return [{"expressionType": "SQL", "sqlExpression": sql, "label": label} for label, sql in question.counts]


def _range(year: int) -> str:
    return f"{year}-01-01 : {year + 1}-01-01"


def _chart(api: Api, question: Question, table: int, dashboard: int) -> int:
    adhoc = [
        {"clause": "WHERE", "expressionType": "SIMPLE", "subject": question.dated, "operator": "TEMPORAL_RANGE", "comparator": _range(YEAR)},
        {"clause": "WHERE", "expressionType": "SQL", "sqlExpression": question.where},
    ]
    params: dict[str, Any] = {
        "datasource": f"{table}__table",
        "viz_type": "echarts_timeseries_bar",
        "x_axis": question.dated if question.by == "month" else question.by,
        "time_grain_sqla": "P1M",
        "metrics": _metrics(question),
        "groupby": [question.split] if question.split else [],
        "adhoc_filters": adhoc,
        "row_limit": question.most or 1000,
        "x_axis_sort": question.counts[0][0],
        "x_axis_sort_asc": question.ascending,
        "order_desc": not question.ascending,
        "show_legend": True,
    }
    body = {"slice_name": question.title, "viz_type": params["viz_type"], "datasource_id": table, "datasource_type": "table", "params": json.dumps(params)}
    return int(api.call("POST", "/api/v1/chart/", body | {"dashboards": [dashboard]})["id"])


def _filter(table: int) -> dict[str, Any]:
    return {
        "id": FILTER,
        "name": "Đơn vị",
        "type": "NATIVE_FILTER",
        "filterType": "filter_select",
        "targets": [{"datasetId": table, "column": {"name": "agency_code"}}],
        "defaultDataMask": {"extraFormData": {}, "filterState": {}, "ownState": {}},
        "controlValues": {"enableEmptyFilter": False, "defaultToFirstItem": False, "multiSelect": False, "searchAllOptions": False, "inverseSelection": False},
        "cascadeParentIds": [],
        "scope": {"rootPath": ["ROOT_ID"], "excluded": []},
    }


def _positions(charts: dict[str, int]) -> dict[str, Any]:
    """Two charts a row."""
    names = list(charts)
    rows = [f"ROW-{place}" for place in range(0, len(names), 2)]
    found: dict[str, Any] = {
        "DASHBOARD_VERSION_KEY": "v2",
        "ROOT_ID": {"type": "ROOT", "id": "ROOT_ID", "children": ["GRID_ID"]},
        "GRID_ID": {"type": "GRID", "id": "GRID_ID", "children": rows, "parents": ["ROOT_ID"]},
    }
    for place, row in zip(range(0, len(names), 2), rows, strict=True):
        pair = names[place : place + 2]
        above = ["ROOT_ID", "GRID_ID"]
        children = [f"CHART-{name}" for name in pair]
        found[row] = {"type": "ROW", "id": row, "children": children, "parents": above, "meta": {"background": "BACKGROUND_TRANSPARENT"}}
        for name in pair:
            meta = {"chartId": charts[name], "width": 6, "height": 40, "sliceName": name}
            found[f"CHART-{name}"] = {"type": "CHART", "id": f"CHART-{name}", "children": [], "parents": [*above, row], "meta": meta}
    return found
