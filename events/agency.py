"""A department's side of the broker: reading its inbox."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import aio_pika
import orjson

from events.broker import BROKER_FAULTS
from events.names import inbox

TIMEOUT_S = 15.0
PREFETCH = 10


@dataclass(frozen=True, slots=True)
class Received:
    """An event as a department gets it. One that was `redelivered` may have been taken before."""

    body: dict[str, Any]
    routing_key: str
    redelivered: bool


async def listen(amqp_url: str, code: str) -> AsyncIterator[Received]:
    """Give a department's events as they come; each is acknowledged when the next is asked for.

    Raises one of the broker's errors when the queue or the connection is not there.
    """
    connection = await aio_pika.connect(amqp_url, timeout=TIMEOUT_S)
    try:
        channel = await connection.channel()
        await channel.set_qos(prefetch_count=PREFETCH)
        queue = await channel.get_queue(inbox(code))
        async with queue.iterator() as messages:
            async for message in messages:
                yield Received(orjson.loads(message.body), message.routing_key or "", bool(message.redelivered))
                await message.ack()
    finally:
        with suppress(*BROKER_FAULTS):
            await asyncio.wait_for(connection.close(), TIMEOUT_S)
