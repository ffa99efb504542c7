"""What a process uses, and how late its event loop is, for Prometheus."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import CollectorRegistry, Histogram, ProcessCollector

LOOK_S = 0.1
SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)


@contextmanager
def measured(registry: CollectorRegistry) -> Iterator[None]:
    """Measure the process and its running event loop until the block ends."""
    ProcessCollector(registry=registry)
    lag = Histogram(
        "shangliang_event_loop_lag_seconds",
        "How much later than it was due a callback ran, looked at ten times a second.",
        buckets=SECONDS,
        registry=registry,
    )
    loop = asyncio.get_running_loop()
    timer: asyncio.TimerHandle

    def look() -> None:
        nonlocal timer
        now = loop.time()
        lag.observe(max(now - timer.when(), 0.0))
        timer = loop.call_at(now + LOOK_S, look)

    timer = loop.call_later(LOOK_S, look)
    try:
        yield
    finally:
        timer.cancel()
