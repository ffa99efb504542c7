"""Looks at what waits in the rows and in the queues, for the metrics."""

import asyncio
from contextlib import suppress

import httpx

from events.management import open_management
from events.metrics import RelayMetrics
from events.outage import Outage
from services.core.clock import Clock
from services.core.database import Database
from services.core.errors import Unavailable
from services.notices.backlog import Backlog, backlog

EVERY_S = 15.0


class Watch:
    """Looks at the rows with one statement and, where there is the management API, at the queues with one request."""

    def __init__(self, db: Database, *, amqp_url: str, api_url: str | None, clock: Clock) -> None:
        self._db = db
        self._amqp_url = amqp_url
        self._api_url = api_url
        self._clock = clock
        self._rows_outage = Outage("backlog for the metrics")
        self._queues_outage = Outage("queues for the metrics")

    def lost(self, metrics: RelayMetrics) -> None:
        """Note that nothing can be seen now."""
        metrics.waiting(None, self._clock.now())
        metrics.queued({})

    async def look(self, metrics: RelayMetrics) -> None:
        """Note what waits; what cannot be seen now is noted as such."""
        metrics.waiting(await self._backlog(), self._clock.now())
        metrics.queued(await self._depths())

    async def _backlog(self) -> Backlog | None:
        """Return what waits in the rows, None in an outage."""
        try:
            async with self._db.write() as tx:
                seen = await backlog(tx, clock=self._clock)
        except Unavailable as error:
            self._rows_outage.began(error)
            return None
        self._rows_outage.over()
        return seen

    async def _depths(self) -> dict[str, int]:
        """Return what waits in the queues, nothing in an outage."""
        if self._api_url is None:
            return {}
        try:
            async with open_management(self._api_url, self._amqp_url) as management:
                depths = await management.depths()
        except httpx.HTTPError as error:
            self._queues_outage.began(error)
            return {}
        self._queues_outage.over()
        return depths


async def keep_watch(watch: Watch, metrics: RelayMetrics, *, stop: asyncio.Event, every_s: float = EVERY_S) -> None:
    """Look at once and every now and then, until stopped."""
    failure = Outage("metrics", traced=True)
    while not stop.is_set():
        try:
            await watch.look(metrics)
            failure.over()
        except Exception as error:  # noqa: BLE001 -- deliveries go on without metrics
            watch.lost(metrics)
            failure.began(error)
        with suppress(TimeoutError):
            async with asyncio.timeout(every_s):
                await stop.wait()
