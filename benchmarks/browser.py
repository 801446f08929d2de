"""A real Chromium before the dashboard, before a stock Dash with the same charts, and before plotly.js alone: first load, filter change, long tasks.

The stock application shows the very charts of the overview (benchmarks/stock.py). `react` is what no application can beat: the same figures through
`Plotly.react` in the same browser. Rounds are interleaved, so that what else the machine does falls on all: read ratios. First loads are made on the
machine's own line, at 20 Mbit/s with 20 ms of way, and with the processor slowed four times; cold (nothing kept) and warm (opened a second time).
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from benchmarks import data, server, stock
from benchmarks.rounds import ratio

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

STOCK_PORT: Final = server.PORT + 1
OURS: Final = f"http://127.0.0.1:{server.PORT}/"
STOCK: Final = f"http://127.0.0.1:{STOCK_PORT}/"
QUIET_MS: Final = 800
LINES: Final[dict[str, dict[str, float]]] = {"plain": {}, "20 Mbit/s": {"mbit": 20}, "CPU ÷ 4": {"slow": 4}}
_ANSWERS: Final = {"ours": 2, "stock": 1}  # to a choice: the address, then the page
_FLAGS: Final = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--no-first-run"]
_CLOCK: Final = """
window.bench = { last: 0, first: 0, began: 0, long: 0, open: 0, answers: 0 };
addEventListener('pointerdown', () => { bench.began = performance.now(); bench.long = bench.answers = 0; }, true);
const ask = window.fetch;
window.fetch = (...given) => {
  bench.open += 1;
  return ask(...given).finally(() => { bench.open -= 1; bench.answers += 1; });
};
new MutationObserver(records => {
  if (!records.some(one => one.target.closest?.('#page, #react'))) return;
  bench.last = performance.now();
  if (!bench.first && document.querySelector('.js-plotly-plot .main-svg')) bench.first = bench.last;
}).observe(document, { childList: true, subtree: true, attributes: true });
new PerformanceObserver(list => list.getEntries().forEach(one => { bench.long += one.duration; })).observe({ type: 'longtask', buffered: true });
"""
_DRAWN: Final = "!!document.querySelector('.js-plotly-plot') && [...document.querySelectorAll('.dash-graph')].every(one => one.querySelector('.main-svg'))"
_FIGURES: Final = "[...document.querySelectorAll('.js-plotly-plot')].map(one => JSON.parse(JSON.stringify({ data: one.data, layout: one.layout })))"
_REACT: Final = """
async ([before, after]) => {
  if (!window.Plotly) await new Promise((done, failed) => {
    const script = document.createElement('script');
    Object.assign(script, { src: '/_dash-component-suites/plotly/package_data/plotly.min.js', onload: done, onerror: failed });
    document.head.append(script);
  });
  const box = document.createElement('div');
  box.id = 'react';
  document.body.replaceChildren(box);
  const made = before.map(() => box.appendChild(document.createElement('div')));
  for (const [at, one] of before.entries()) await Plotly.newPlot(made[at], one.data, one.layout);
  await new Promise(done => setTimeout(done, 500));
  bench.began = performance.now();
  await Promise.all(after.map((one, at) => made[at] ? Plotly.react(made[at], one.data, one.layout) : null));
}
"""


def measure(rows: int, rounds: int) -> dict[str, Any] | None:
    """Medians and ratios; None, with its reason printed, where there is no Chromium or no Playwright."""
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if path is None:
        print("browser: left out, there is no Chromium on this machine\n")
        return None
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        print("browser: left out, Playwright is not installed (make check installs it)\n")
        return None
    loads: dict[str, dict[str, list[dict[str, float]]]] = {line: {"ours": [], "stock": []} for line in LINES}
    changes: dict[str, list[float]] = {"ours": [], "ours_seen": [], "stock": [], "react": []}
    with server.running(rows), _stock(rows), sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=_FLAGS)
        for _ in range(2):  # both workers of both servers have drawn the page before anything is measured
            for address in (OURS, STOCK):
                _load(browser, address, {})
        for number in range(rounds):
            for line, limits in LINES.items():
                for who, address in (("ours", OURS), ("stock", STOCK)):
                    loads[line][who].append(_load(browser, address, limits))
            _change(browser, changes, number)
        browser.close()
    return _summary(loads, changes)


@contextmanager
def _stock(rows: int) -> Iterator[None]:
    """The stock application over the same data, served as the dashboard is."""
    environment = os.environ | {stock.DATA_VARIABLE: data.url(rows)}
    command = [sys.executable, "-m", "gunicorn", "-c", "config/gunicorn.conf.py", "-b", f"127.0.0.1:{STOCK_PORT}", "benchmarks.stock:server"]
    process = subprocess.Popen(command, cwd=data.ROOT, env=environment, stdout=subprocess.DEVNULL)
    try:
        for _ in range(600):
            try:
                urllib.request.urlopen(STOCK, timeout=1).close()
                break
            except OSError:
                time.sleep(0.1)
        yield
    finally:
        process.terminate()
        process.wait(30)


def _load(browser: Browser, address: str, limits: dict[str, float]) -> dict[str, float]:
    """A page opened with nothing kept, and opened again."""
    context = _context(browser)
    found: dict[str, float] = {}
    try:
        for name in ("cold", "warm"):
            page = context.new_page()
            sizes = _limited(context, page, limits)
            page.goto(address, wait_until="commit")
            last = _settled(page, 0)
            first, long = page.evaluate("[bench.first, bench.long]")
            found |= {f"{name}_kilobytes": sum(sizes) / 1024, f"{name}_first": first, f"{name}_all": last, f"{name}_long": long}
            page.close()
    finally:
        context.close()
    return found


def _context(browser: Browser) -> BrowserContext:
    context = browser.new_context(viewport={"width": 1440, "height": 3600}, locale="vi-VN")
    context.add_init_script(_CLOCK)
    context.set_default_timeout(120_000)
    return context


def _limited(context: BrowserContext, page: Page, limits: dict[str, float]) -> list[float]:
    """Slow the line or the processor, and note the bytes of every answer."""
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    sizes: list[float] = []
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    if mbit := limits.get("mbit"):
        session.send(
            "Network.emulateNetworkConditions", {"offline": False, "latency": 20, "downloadThroughput": mbit * 125_000, "uploadThroughput": mbit * 125_000}
        )
    if slow := limits.get("slow"):
        session.send("Emulation.setCPUThrottlingRate", {"rate": slow})
    return sizes


def _settled(page: Page, least: float, awaited: int = 0) -> float:
    """When the charts last changed, once they rest and so many answers have come. Raises TimeoutError after two minutes."""
    until = time.monotonic() + 120
    while time.monotonic() < until:
        page.wait_for_timeout(100)
        last, quiet, drawn, asked, answers = page.evaluate(f"[bench.last, performance.now() - bench.last, {_DRAWN}, bench.open, bench.answers]")
        if drawn and not asked and answers >= awaited and last > least and quiet > QUIET_MS:
            return float(last)
    raise TimeoutError("the charts did not come to rest")


def _change(browser: Browser, changes: dict[str, list[float]], number: int) -> None:
    """Another period chosen from the list: in ours one that was not asked for and once more, in the stock application, and the figures alone."""
    figures: list[Any] = []
    for who, address in (("ours", OURS), ("stock", STOCK)):
        context = _context(browser)
        page = context.new_page()
        page.goto(address, wait_until="commit")
        _settled(page, 0)
        if who == "ours":
            figures.append(page.evaluate(_FIGURES))
        awaited = _ANSWERS[who]
        changes[who].append(_choose(page, 1 + number, awaited))
        if who == "ours":
            figures.append(page.evaluate(_FIGURES))
            _choose(page, 0, awaited)
            changes["ours_seen"].append(_choose(page, 1 + number, awaited))
        else:
            page.evaluate(_REACT, figures)
            changes["react"].append(_settled(page, 0) - float(page.evaluate("bench.began")))
        context.close()


def _choose(page: Page, place: int, awaited: int) -> float:
    """Milliseconds from the press of the pointer on a period to the last change of the charts."""
    page.click("#f-ky")
    page.locator(".dash-dropdown-option").nth(place).click()
    began = float(page.evaluate("bench.began"))
    return _settled(page, began, awaited) - began


def _summary(loads: dict[str, dict[str, list[dict[str, float]]]], changes: dict[str, list[float]]) -> dict[str, Any]:
    load = {line: {who: {name: statistics.median(one[name] for one in seen) for name in seen[0]} for who, seen in each.items()} for line, each in loads.items()}
    change = {name: statistics.median(values) for name, values in changes.items()}
    ratios = {"bytes": ratio(load["plain"]["ours"]["cold_kilobytes"], load["plain"]["stock"]["cold_kilobytes"])}
    for line, each in load.items():
        for name in ("cold_first", "cold_all", "warm_first", "warm_all"):
            ratios[f"{name}, {line}"] = ratio(each["ours"][name], each["stock"][name])
    ratios |= {f"change {name} ÷ react": ratio(change[name], change["react"]) for name in ("ours", "ours_seen", "stock")}
    return {"load": load, "change": change, "ratios": ratios}


def lines(found: dict[str, Any]) -> list[dict[str, Any]]:
    """One line per way of loading, for the printed table."""
    return [{"line": line, "who": who, **times} for line, each in found["load"].items() for who, times in each.items()]
