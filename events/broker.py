"""One connection to the broker for publishing: confirmed, mandatory, with every end of a publish told apart."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from urllib.parse import urlsplit

import aio_pika
from aio_pika.abc import AbstractChannel, AbstractExchange, AbstractMessage
from aio_pika.exceptions import (
    CONNECTION_EXCEPTIONS,
    ChannelPreconditionFailed,
    DeliveryError,
    PublishError,
)
from aiormq.exceptions import ChannelAccessRefused, ConnectionFrameError, ConnectionSyntaxError

from events.fates import Outcome

BROKER_FAULTS = (*CONNECTION_EXCEPTIONS, TimeoutError)
"""What a broker that is down, restarting or refusing raises."""

MESSAGE_FAULTS = (ChannelPreconditionFailed, ConnectionFrameError, ConnectionSyntaxError)
"""What the broker closes the channel (406) or the connection (501, 502) with over a message it cannot take."""

UNBLOCK_S = 1.0


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
        except PublishError as error:
            return Outcome.RETURNED, f"returned: {error}"
        except DeliveryError as error:
            return Outcome.NACKED, f"nacked: {error}"
        except MESSAGE_FAULTS as error:
            return Outcome.REFUSED, str(error)
        except ChannelAccessRefused as error:
            return Outcome.FORBIDDEN, str(error)
        except BROKER_FAULTS as error:
            return Outcome.UNKNOWN, repr(error)
        return Outcome.ACKED, ""

    async def wait_unblocked(self) -> bool:
        """Tell whether the broker takes messages: it stops reading under a memory or disk alarm."""
        connection = (await self._channel.get_underlay_channel()).connection
        try:
            await asyncio.wait_for(connection.ready(), UNBLOCK_S)
        except TimeoutError:
            return False
        return True


@asynccontextmanager
async def open_publisher(amqp_url: str, exchange: str, *, timeout_s: float) -> AsyncIterator[Publisher]:
    """Lend a publisher on a connection of its own. Raises one of BROKER_FAULTS when there is none to be had.

    A plain connection: a robust one would declare topology, which this account may not, and replays nothing.
    """
    connection = await aio_pika.connect(amqp_url, timeout=timeout_s)
    try:
        channel = await connection.channel(publisher_confirms=True, on_return_raises=True)
        yield Publisher(
            channel,
            await channel.get_exchange(exchange, ensure=False),
            urlsplit(amqp_url).username or "guest",
            timeout_s,
        )
    finally:
        with suppress(*BROKER_FAULTS):  # it is being abandoned
            await asyncio.wait_for(connection.close(), timeout_s)
