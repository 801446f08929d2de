"""The targets beside the peers, each printed as reached or missed, with the figures where ours is the slower one."""

from __future__ import annotations

from typing import Any

from benchmarks.rounds import ratio


def lines(result: dict[str, Any]) -> list[dict[str, Any]]:
    """One line per ratio that the run can tell: peer ÷ ours in time, ours ÷ peer in pages a second; from 1 down ours is the slower one."""
    found: list[dict[str, Any]] = []

    def add(what: str, target: float | None, value: float) -> None:
        verdict = "for information" if target is None else "reached" if value >= target else "MISSED"
        found.append({"what": what, "target": "" if target is None else f"≥ {target:g}", "found": value, "verdict": verdict})

    http = {line["page"]: line for line in result["http"]}
    load = {(line["page"], line["filters"]): line["pages_a_second"] for line in result["load"]}
    seen = {line["page"]: line for line in result.get("browser", [])}
    for ours in ("ours", "extract"):
        if "superset, eight charts" in http:
            for kind in [kind for kind in http["superset, eight charts"] if kind != "page"]:
                for pages in ("overview", "four pages"):
                    target = 20.0 if pages == "overview" else None
                    add(f"Superset ÷ {ours}, {pages}: server page, {kind}", target, ratio(http["superset, eight charts"][kind], http[f"{ours}, {pages}"][kind]))
            for kind in sorted({filters for _, filters in load}):
                add(f"{ours} ÷ Superset: pages a second, {kind}", 30.0, ratio(load[(f"{ours}, overview", kind)], load[("superset, eight charts", kind)]))
        for name, line in seen.items():
            if name in ("ours", "extract") or ours not in seen:
                continue
            for column, target in (("filter change, ms", 5.0), ("change seen before, ms", 5.0), ("cold load, ms", 2.0 if name == "superset" else None)):
                add(f"{name.capitalize()} ÷ {ours}: {column[:-4]} in the browser", target, ratio(line[column], seen[ours][column]))
    return found
