"""Departments that read their inboxes, note each message and acknowledge it."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress

import aio_pika

from events.broker import BROKER_FAULTS, open_consumer
from events.names import inbox
from tests.events.tools import until
from tests.faults.ledger import Arrival, arrival

PREFETCH = 3
TIMEOUT_S = 5.0
AGAIN_S = 0.2


class Readers:
    """One reader for each department, each on a connection of its own; a broker that is away is waited for."""

    def __init__(self, amqp_url: str, codes: Sequence[str]) -> None:
        self._amqp_url = amqp_url
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self.codes = codes
        self.arrivals: list[Arrival] = []

    def start(self) -> None:
        """All departments read."""
        for code in self.codes:
            self.go_on(code)

    def go_on(self, code: str) -> None:
        """One department reads."""
        self._tasks[code] = asyncio.create_task(self._read(code))

    async def hold(self, code: str) -> None:
        """One department reads no longer; what it was sent and did not note goes back."""
        task = self._tasks.pop(code)
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    async def end(self) -> None:
        """No department reads."""
        for code in list(self._tasks):
            await self.hold(code)

    async def _read(self, code: str) -> None:
        """Read one inbox for good."""
        while True:
            with suppress(*BROKER_FAULTS):
                async with open_consumer(
                    self._amqp_url, inbox(code), prefetch=PREFETCH, timeout_s=TIMEOUT_S
                ) as messages:
                    async for message in messages:
                        self.arrivals.append(arrival(code, message.body))
                        await message.ack()
            await asyncio.sleep(AGAIN_S)

    async def read_all(self) -> None:
        """Return when every inbox is empty with nothing unacknowledged, and nobody reads any longer."""
        await until(self._empty)
        await self.end()
        assert await self._empty(), "what was received was not acknowledged"

    async def _empty(self) -> bool:
        """Tell whether no message waits."""
        connection = await aio_pika.connect(self._amqp_url)
        async with connection:
            channel = await connection.channel()
            queues = [await channel.get_queue(inbox(code)) for code in self.codes]
            return not any(queue.declaration_result.message_count for queue in queues)
