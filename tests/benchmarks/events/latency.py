"""How long an event takes from its commit to the department that reads its inbox, at a steady pace."""

import asyncio
import time
from asyncio.subprocess import PIPE
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import quantiles

import orjson
from aio_pika.abc import AbstractIncomingMessage

from events.names import inbox
from tests.benchmarks import usage
from tests.benchmarks.events.backlog import NotDelivered, tidy
from tests.benchmarks.events.place import Place
from tests.benchmarks.events.relaying import relaying
from tests.serving import running

PER_SECOND = 200
READERS = "department-000"
"""Departments whose codes begin so are told: ten."""
PREFETCH = 100
LAST_S = 15.0


@dataclass(frozen=True, slots=True)
class Latency:
    """Milliseconds from commit to arrival, the relay's processor time for a notice in µs, events a second committed."""

    p50: float
    p99: float
    worst: float
    relay_us: float
    per_second: float
    events: int


class Readers:
    """Reads inboxes as departments do, and notes when each event came first."""

    def __init__(self) -> None:
        self.arrived: dict[str, float] = {}

    async def take(self, message: AbstractIncomingMessage) -> None:
        """Note and acknowledge."""
        now = time.time()
        self.arrived.setdefault(orjson.loads(message.body)["id"], now)
        await message.ack()


async def measure(place: Place, seconds: float) -> Latency:
    """Announce for so long and read what comes."""
    readers, channel = Readers(), await place.broker.channel()
    await channel.set_qos(prefetch_count=PREFETCH)
    await tidy(place)
    for one in place.departments:
        if one.code.startswith(READERS):
            await (await channel.get_queue(inbox(one.code), ensure=False)).consume(readers.take)
    async with relaying(place) as relay:
        used = usage.used_us(relay.pid)
        committed = await _announced(place, seconds)
        async with asyncio.timeout(LAST_S):
            while not committed.keys() <= readers.arrived.keys():  # noqa: ASYNC110 -- four thousand to wait for
                await asyncio.sleep(0.1)
        used = usage.used_us(relay.pid) - used
    await channel.close()
    return _figures(committed, readers.arrived, used / len(readers.arrived))


async def _announced(place: Place, seconds: float) -> dict[str, float]:
    """Let the writer announce; return when each event was committed. Raises NotDelivered where it fails."""
    settings = {"database_url": place.database_url}
    words = (READERS, str(PER_SECOND), str(seconds))
    writer = "tests.benchmarks.events.writer"
    async with running(writer, *words, stdout=PIPE, settings=settings) as process:
        output, _ = await process.communicate()
    if process.returncode != 0:
        raise NotDelivered(f"The writer ended with {process.returncode}.")
    committed: dict[str, float] = orjson.loads(output)
    return committed


def _figures(committed: dict[str, float], arrived: dict[str, float], relay_us: float) -> Latency:
    """Return the figures of one run."""
    found = [1000 * (arrived[event] - instant) for event, instant in committed.items()]
    percentiles: Sequence[float] = quantiles(found, n=100, method="inclusive")
    lasted = max(committed.values()) - min(committed.values())
    return Latency(percentiles[49], percentiles[98], max(found), relay_us, (len(found) - 1) / lasted, len(found))
