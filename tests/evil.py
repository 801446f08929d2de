"""A province whose names are attacks, and what a browser sends: shared by the tests of attacks and faults."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from queries.data import Data
from tests.queries.hand import province, received, returned

SCRIPT = "<script>window.stolen=1</script>"
PICTURE = '"><img src=x onerror="window.stolen=1">'
LINK = '<a href="javascript:window.stolen=1">Bấm</a>'
FORMULA = '=HYPERLINK("http://elsewhere.example";"Bấm")'
COMMAND = "@SUM(1+1)*cmd|' /C calc'!A0"
TEMPLATE = "{{7*7}}${7*7}#{7*7}"
NAMES = (SCRIPT, PICTURE, LINK, FORMULA, COMMAND, TEMPLATE)


def evil_province(folder: Path) -> Data:
    """Six agencies, areas and procedures named like attacks, with a few dossiers each."""
    dossiers = []
    for number in range(len(NAMES)):
        where = {"agency_code": f"A{number}", "area_code": f"0{number}", "procedure_code": f"1.00000{number}"}
        for month in range(1, 7):
            dossiers += [received(f"2026-0{month}-03", "post", **where), returned(f"2026-0{month}-09", "post" if month % 2 else "counter", **where)] * (
                1 + number
            )
    return province(
        folder,
        dossiers,
        agencies=[{"agency_code": f"A{number}", "agency_name": name, "short_name": name, "level": "commune"} for number, name in enumerate(NAMES)],
        areas=[{"area_code": f"0{number}", "area_name": name, "population": 1000} for number, name in enumerate(NAMES)],
        procedures=[
            {"procedure_code": f"1.00000{number}", "procedure_name": name, "sector_code": f"L{number}", "sector_name": name}
            for number, name in enumerate(NAMES)
        ],
        successions=[],
    )


def callback(client: FlaskClient, first: str) -> dict[str, Any]:
    """The callback whose first output begins like this, as the browser is told of it."""
    return next(dict(one) for one in client.get("/_dash-dependencies").get_json() if one["output"].startswith(f"..{first}"))


def body_of(declared: dict[str, Any], values: dict[str, Any], changed: str) -> dict[str, Any]:
    """What the browser sends to a callback. `values` by the id of the component, by its property where the id is “url”."""
    outputs = [dict(zip(("id", "property"), part.rsplit(".", 1), strict=True)) for part in declared["output"].strip(".").split("...")]
    inputs: list[Any] = []
    for one in declared["inputs"]:
        name = one["property"] if one["id"] == "url" else one["id"]
        inputs.append({**one, "value": values.get(name)})
    return {"output": declared["output"], "outputs": outputs, "inputs": inputs, "changedPropIds": [changed]}


def opened(client: FlaskClient, path: object, search: object = "") -> TestResponse:
    """The answer to a page request."""
    declared = callback(client, "page.children")
    return client.post("/_dash-update-component", json=body_of(declared, {"pathname": path, "search": search}, "url.pathname"))
