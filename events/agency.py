"""A department's side of the broker: reading its inbox."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import aio_pika
import orjson

from events.broker import open_consumer
from events.names import inbox

TIMEOUT_S = 15.0
PREFETCH = 1
"""What waits behind the event being handled is not counted as delivered when the listener ends."""


@dataclass(frozen=True, slots=True)
class Received:
    """An event as a department gets it. One that was `redelivered` may have been taken before."""

    body: dict[str, Any]
    routing_key: str
    redelivered: bool


async def readers(amqp_url: str, code: str) -> int:
    """Return how many read a department's inbox now, of whom one gets events. Raises one of the broker's errors."""
    connection = await aio_pika.connect(amqp_url, timeout=TIMEOUT_S)
    async with connection:
        queue = await (await connection.channel()).get_queue(inbox(code))
        return queue.declaration_result.consumer_count or 0


async def listen(amqp_url: str, code: str) -> AsyncIterator[Received]:
    """Give a department's events as they come; each is acknowledged when the next is asked for.

    Raises one of the broker's errors when the queue or the connection is not there, or no longer.
    """
    async with open_consumer(amqp_url, inbox(code), prefetch=PREFETCH, timeout_s=TIMEOUT_S) as messages:
        async for message in messages:
            yield Received(orjson.loads(message.body), message.routing_key or "", bool(message.redelivered))
            await message.ack()
        raise ConnectionError("the broker ended the consumer")
