"""Connections to the broker: one to publish with an outcome for every publish, one to consume.

Plain connections: robust ones declare topology again, which these accounts may not, and replay no failed publish.
"""

import asyncio
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from urllib.parse import unquote, urlsplit

import aio_pika
from aio_pika.abc import AbstractChannel, AbstractExchange, AbstractMessage, AbstractQueueIterator
from aio_pika.exceptions import (
    CONNECTION_EXCEPTIONS,
    ChannelPreconditionFailed,
    DeliveryError,
    PublishError,
)
from aiormq.exceptions import ChannelAccessRefused, ConnectionFrameError, ConnectionSyntaxError

from events.batches import Outcome
from services.core.faults import fault

BROKER_FAULTS = (*CONNECTION_EXCEPTIONS, TimeoutError)
"""What a broker that is down, restarting or refusing raises."""

ENCODING_FAULTS = (TypeError, ValueError, struct.error)
"""What making a message or its frames raises over a value that has no place in them; nothing was sent then."""

ENDS: tuple[tuple[tuple[type[Exception], ...], Outcome], ...] = (
    ((PublishError,), Outcome.RETURNED),
    ((DeliveryError,), Outcome.NACKED),
    # 406 ends the channel, 501 and 502 the connection, over a message that the broker cannot take
    ((ChannelPreconditionFailed, ConnectionFrameError, ConnectionSyntaxError), Outcome.REFUSED),
    ((ChannelAccessRefused,), Outcome.FORBIDDEN),
    (ENCODING_FAULTS, Outcome.UNSENDABLE),
    (BROKER_FAULTS, Outcome.UNKNOWN),
)
"""What a publish raises and what that means; the first that fits counts."""

UNBLOCK_S = 1.0


def outcome_of(error: Exception) -> Outcome:
    """Return how a publish that raised one of the faults ended."""
    return next(outcome for kinds, outcome in ENDS if isinstance(error, kinds))


class Publisher:
    """Publishes to one exchange. After an unknown end or a dead channel it is closed and made anew."""

    def __init__(self, channel: AbstractChannel, exchange: AbstractExchange, account: str, timeout_s: float) -> None:
        self._channel = channel
        self._exchange = exchange
        self._timeout_s = timeout_s
        self.account = account

    async def publish(self, message: AbstractMessage, routing_key: str) -> tuple[Outcome, str]:
        """Send a message and return how it ended, with the broker's words."""
        try:
            await self._exchange.publish(message, routing_key, mandatory=True, timeout=self._timeout_s)
        except BROKER_FAULTS as error:
            return outcome_of(error), str(error) or repr(error)
        except ENCODING_FAULTS as error:
            return outcome_of(error), fault(error)
        return Outcome.ACKED, ""

    async def wait_unblocked(self) -> bool:
        """Tell whether the broker takes messages: it stops reading under a memory or disk alarm.

        A connection is told so only once it has published under the alarm.
        """
        connection = (await self._channel.get_underlay_channel()).connection
        try:
            await asyncio.wait_for(connection.ready(), UNBLOCK_S)
        except TimeoutError:
            return False
        return True


@asynccontextmanager
async def open_publisher(amqp_url: str, exchange: str, *, timeout_s: float) -> AsyncIterator[Publisher]:
    """Open a publisher on a connection of its own. Raises one of BROKER_FAULTS when the broker cannot be reached."""
    account = unquote(urlsplit(amqp_url).username or "guest")
    connection = await aio_pika.connect(amqp_url, timeout=timeout_s)
    try:
        channel = await connection.channel(publisher_confirms=True, on_return_raises=True)
        yield Publisher(channel, await channel.get_exchange(exchange, ensure=False), account, timeout_s)
    finally:
        with suppress(*BROKER_FAULTS):  # it is being abandoned
            await asyncio.wait_for(connection.close(), timeout_s)


@asynccontextmanager
async def open_consumer(
    amqp_url: str, queue_name: str, *, prefetch: int, timeout_s: float
) -> AsyncIterator[AbstractQueueIterator]:
    """Open a queue's messages on a connection of its own; they end when the broker ends the consumer.

    Raises one of BROKER_FAULTS when the queue or the connection is not there. The consumer is cancelled and what
    it was sent is given back before the connection closes.
    """
    connection = await aio_pika.connect(amqp_url, timeout=timeout_s)
    try:
        channel = await connection.channel()
        await channel.set_qos(prefetch_count=prefetch)
        messages = (await channel.get_queue(queue_name)).iterator()
        ends: set[asyncio.Future[None]] = set()

        async def end(_cancel: object) -> None:
            """End the messages when the broker cancels the consumer, as when its queue goes: nothing else would."""
            ends.add(asyncio.ensure_future(messages.close()))

        (await channel.get_underlay_channel()).on_consumer_cancel_callbacks.add(end)
        try:
            await messages.consume()
            yield messages
        finally:
            with suppress(*BROKER_FAULTS, ExceptionGroup):  # the broker gives back what cannot be given back now
                await asyncio.wait_for(messages.close(), timeout_s)
    finally:
        with suppress(*BROKER_FAULTS):
            await asyncio.wait_for(connection.close(), timeout_s)
