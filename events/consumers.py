"""Messages of many queues over one connection, one of each queue in hand: a full queue does not hold up the others."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress

import aio_pika
import structlog
from aio_pika.abc import AbstractChannel, AbstractConnection, AbstractIncomingMessage
from aiormq import spec
from aiormq.exceptions import ChannelNotFoundEntity

from events.broker import BROKER_FAULTS
from events.limits import Pace

log = structlog.get_logger()

PREFETCH = 1
"""Of each queue. What waits behind the message being handled is not counted as delivered when the connection ends."""


class Consumers:
    """Hands out what comes to hand first; the next of a queue comes once its last is acknowledged.

    A department's queue gives its messages no faster than `Pace` says, and what has another's routing key is dropped
    there: RabbitMQ 3.10 lets an account send copies by header (CC, BCC) under keys that it may not write. The message
    itself is where its key says.
    """

    def __init__(self, connection: AbstractConnection, channel: AbstractChannel, pace: Pace) -> None:
        self._connection = connection
        self._channel = channel
        self._pace = pace
        self._coming: asyncio.Queue[AbstractIncomingMessage | None] = asyncio.Queue()
        self._queues: dict[str, str] = {}
        self._copiers: set[tuple[str, str]] = set()
        self.held_back = 0
        """How many queues wait for their turn."""

    async def add(self, queues: Mapping[str, str | None]) -> int:
        """Read those of the queues that are there and not read yet; return how many messages wait in them.

        Each is named with the department whose it is, if it is one's. Raises one of BROKER_FAULTS.
        """
        waiting = 0
        reading = set(self._queues.values())
        for name, count in (await self._found([name for name in queues if name not in reading])).items():
            queue = await self._channel.get_queue(name, ensure=False)
            code = queues[name]
            tag = await queue.consume(self._coming.put if code is None else self._taker(code))
            self._queues[tag] = name
            waiting += count
        return waiting

    async def _found(self, names: list[str]) -> dict[str, int]:
        """Return which of the queues are there, and how many messages wait in each."""
        found: dict[str, int] = {}
        probe: AbstractChannel | None = None
        for name in names:
            probe = probe or await self._connection.channel()
            try:
                found[name] = (await probe.get_queue(name)).declaration_result.message_count or 0
            except ChannelNotFoundEntity:
                probe = None
        if probe is not None:
            await probe.close()
        return found

    def _taker(self, code: str) -> Callable[[AbstractIncomingMessage], Awaitable[None]]:
        async def take(message: AbstractIncomingMessage) -> None:
            if (message.routing_key or "").partition(".")[0] != code:
                self._drop(message, code)
                await message.ack()
                return
            wait_s = self._pace.wait_s(code, asyncio.get_running_loop().time())
            if wait_s:
                self.later(message, wait_s)
            else:
                await self._coming.put(message)

        return take

    def _drop(self, message: AbstractIncomingMessage, code: str) -> None:
        """Say once who sends copies of its replies to a department's queue."""
        sender = message.user_id or (message.routing_key or "").partition(".")[0]
        if (sender, code) not in self._copiers:
            self._copiers.add((sender, code))
            log.warning("copies of replies dropped", sender=sender, department=code)

    async def next(self) -> AbstractIncomingMessage:
        """Return the next message. Raises ConnectionError once the connection has ended."""
        message = await self._coming.get()
        if message is None:
            raise ConnectionError("the broker ended the consumers")
        return message

    def later(self, message: AbstractIncomingMessage, seconds: float) -> None:
        """Hand a message out again after a while; until then its queue alone waits."""
        self.held_back += 1
        asyncio.get_running_loop().call_later(seconds, self._again, message)

    def _again(self, message: AbstractIncomingMessage) -> None:
        self.held_back -= 1
        self._coming.put_nowait(message)

    def cancelled(self, cancel: spec.Basic.Cancel) -> None:
        """Note that a queue has gone; it is read again by `add` once it is there."""
        self._queues.pop(str(cancel.consumer_tag), None)

    def end(self) -> None:
        """Hand out nothing more."""
        self._coming.put_nowait(None)


@asynccontextmanager
async def open_consumers(amqp_url: str, pace: Pace, *, timeout_s: float) -> AsyncIterator[Consumers]:
    """Open a connection over which queues are read. Raises one of BROKER_FAULTS.

    What was not acknowledged at its end is in its queue again, in its place.
    """
    connection = await aio_pika.connect(amqp_url, timeout=timeout_s)
    try:
        channel = await connection.channel()
        await channel.set_qos(prefetch_count=PREFETCH)
        consumers = Consumers(connection, channel, pace)
        (await channel.get_underlay_channel()).on_consumer_cancel_callbacks.add(consumers.cancelled)
        channel.close_callbacks.add(lambda *_: consumers.end())
        yield consumers
    finally:
        with suppress(*BROKER_FAULTS):
            await asyncio.wait_for(connection.close(), timeout_s)
