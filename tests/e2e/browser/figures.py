"""What the hall takes in a browser at first, as Lighthouse counts it, of a running demonstration: make page-figures."""

import asyncio
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from statistics import median
from typing import Any
from urllib.parse import urlsplit

from playwright.async_api import Browser, CDPSession, Page

from tests.browser import chromium, visitor
from tests.e2e.browser.stage import DESK, HEIGHT, TELEPHONE
from tests.tables import table

ROUNDS = 3
QUIET_MS = 2_000
"""After so long without a request or a long task a page is settled, since when the last of them ended."""
LONG_MS = 50
"""What a task takes beyond it keeps somebody waiting (total blocking time)."""
SHIFTS_MS, SHIFTS_APART_MS = 5_000, 1_000
"""A burst of layout shifts is no longer, and they are no farther apart: the worst burst is what counts."""
WATCH = """
const seen = (window.figures = { paints: {}, largest: 0, tasks: [], shifts: [] });
const watch = (type, take) =>
  new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({ type, buffered: true });
watch("paint", ({ name, startTime }) => (seen.paints[name] = startTime));
watch("largest-contentful-paint", ({ startTime }) => (seen.largest = startTime));
watch("longtask", ({ startTime, duration }) => seen.tasks.push([startTime, duration]));
watch("layout-shift", ({ startTime, value, hadRecentInput }) => hadRecentInput || seen.shifts.push([startTime, value]));
"""
READ = """() => ({
  ...figures,
  loaded: Math.max(0, ...performance.getEntriesByType("resource").map(({ responseEnd }) => responseEnd)),
})"""


@dataclass(frozen=True)
class Machine:
    """What a page is looked at with."""

    name: str
    slowed: int = 1
    """How many times its processor is slower than this one."""
    download: int = -1
    """Bytes a second; -1 is as fast as it goes."""
    upload: int = -1
    latency_ms: int = 0


FAST = Machine("as it is")
SLOW = Machine("slow", slowed=4, download=1_600_000 // 8, upload=750_000 // 8, latency_ms=150)
"""Lighthouse's telephone: 1.6 Mbit/s, 150 ms, a processor slowed 4 times."""


class Traffic:
    """What a page loads: each file's kind and the bytes that came for it, compressed, its headers too."""

    def __init__(self) -> None:
        self._kinds: dict[str, tuple[str, str]] = {}
        self.files: list[tuple[str, str, int]] = []

    async def watch(self, browser: CDPSession) -> None:
        """Listen to what a page loads from now on."""
        browser.on("Network.responseReceived", self._begun)
        browser.on("Network.loadingFinished", self._ended)
        await browser.send("Network.enable")
        await browser.send("Network.setCacheDisabled", {"cacheDisabled": True})

    def _begun(self, event: Mapping[str, Any]) -> None:
        self._kinds[event["requestId"]] = (event["type"], urlsplit(event["response"]["url"]).path)

    def _ended(self, event: Mapping[str, Any]) -> None:
        kind, path = self._kinds.pop(event["requestId"], ("Other", ""))
        self.files.append((kind, path, int(event["encodedDataLength"])))

    def by_kind(self) -> Counter[str]:
        """Return the bytes of each kind."""
        found: Counter[str] = Counter()
        for kind, _, size in self.files:
            found[kind] += size
        return found


@dataclass(frozen=True)
class View:
    """What one visit took; times are milliseconds from its beginning."""

    first_paint: float
    largest_paint: float
    settled: float
    blocked: float
    shift: float
    traffic: Traffic


def blocked(tasks: Iterable[tuple[float, float]], since: float) -> float:
    """Return the total blocking time of long tasks since the first paint."""
    return sum(max(0.0, began + took - max(began, since) - LONG_MS) for began, took in tasks)


def worst_shift(shifts: Iterable[tuple[float, float]]) -> float:
    """Return the sum of the worst burst of layout shifts."""
    worst = burst = 0.0
    first = last = float("-inf")
    for at, value in sorted(shifts):
        if at - last > SHIFTS_APART_MS or at - first > SHIFTS_MS:
            burst, first = 0.0, at
        burst, last = burst + value, at
        worst = max(worst, burst)
    return worst


async def quiet(page: Page) -> dict[str, Any]:
    """Return what a page has seen of itself, once nothing happens in it any more."""
    await page.locator("h1").first.wait_for()
    before: dict[str, Any] | None = None
    while True:
        await page.wait_for_load_state("networkidle")
        seen: dict[str, Any] = await page.evaluate(READ)
        if seen == before:
            return seen
        before = seen
        await page.wait_for_timeout(QUIET_MS)


async def visit(browser: Browser, address: str, width: int, machine: Machine = FAST) -> View:
    """Open a page as somebody who has never been there, and let it settle."""
    async with visitor(browser, width=width, height=HEIGHT[width], locale="zh-CN") as somebody:
        page = await somebody.page()
        await page.add_init_script(WATCH)
        session, traffic = await somebody.context.new_cdp_session(page), Traffic()
        await traffic.watch(session)
        await session.send("Emulation.setCPUThrottlingRate", {"rate": machine.slowed})
        limits = {
            "offline": False,
            "latency": machine.latency_ms,
            "downloadThroughput": machine.download,
            "uploadThroughput": machine.upload,
        }
        await session.send("Network.emulateNetworkConditions", limits)
        await page.goto(address)
        seen = await quiet(page)
    first = seen["paints"]["first-contentful-paint"]
    ends = [began + took for began, took in seen["tasks"]]
    return View(
        first,
        seen["largest"],
        max(seen["largest"], seen["loaded"], *ends),
        blocked(seen["tasks"], first),
        worst_shift(seen["shifts"]),
        traffic,
    )


HEADINGS = ("width", "machine", "first paint", "largest paint", "settled", "blocked", "shift", "requests", "bytes")


def row(width: int, machine: Machine, views: list[View]) -> tuple[str, ...]:
    """Return the medians of visits as a row of the table."""

    def milliseconds(name: str) -> str:
        return f"{median(getattr(view, name) for view in views):,.0f} ms"

    times = (milliseconds(name) for name in ("first_paint", "largest_paint", "settled", "blocked"))
    files = views[0].traffic.files
    taken = sum(size for *_, size in files)
    shift = median(view.shift for view in views)
    return (f"{width}", machine.name, *times, f"{shift:.3f}", f"{len(files)}", f"{taken:,}")


async def measure(address: str) -> None:
    """Print what the first view of the demonstration at an address takes."""
    rows: list[tuple[str, ...]] = []
    kinds: dict[int, Counter[str]] = {}
    async with chromium() as browser:
        await visit(browser, address, DESK)  # whoever comes first waits until files are compressed
        for machine in (FAST, SLOW):
            for width in (TELEPHONE, DESK):
                views = [await visit(browser, address, width, machine) for _ in range(ROUNDS)]
                rows.append(row(width, machine, views))
                kinds[width] = views[0].traffic.by_kind()
    every = sorted({kind for found in kinds.values() for kind in found})
    sizes = [(f"{width}", *(f"{found[kind]:,}" for kind in every)) for width, found in kinds.items()]
    print(f"Medians of {ROUNDS} visits with an empty cache:\n\n{table(HEADINGS, rows)}")
    print(f"\nBytes as they came, by kind:\n\n{table(('width', *every), sizes)}")


if __name__ == "__main__":
    asyncio.run(measure(sys.argv[1]))
