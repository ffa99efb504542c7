"""The relay as its own process, as an operator starts it."""

import asyncio
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.benchmarks.events.place import Place
from tests.serving import running

LISTENS = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND datname = current_database()"
START_S = 60.0


@asynccontextmanager
async def relaying(place: Place, module: str = "deploy", *words: str) -> AsyncIterator[Process]:
    """Run `shangliang relay`, or what stands in for it, until the block ends; it waits for notices when lent."""
    settings = {"database_url": place.database_url, "amqp_url": place.amqp_url}
    async with running(module, *(words or ("relay",)), stdout=PIPE, settings=settings) as process:
        async with asyncio.timeout(START_S):
            while not await place.rows.fetchval(LISTENS):
                if process.returncode is not None:
                    raise RuntimeError(f"The relay ended with {process.returncode}.")
                await asyncio.sleep(0.05)
        await asyncio.sleep(1.0)
        yield process
