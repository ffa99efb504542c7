from contextlib import AsyncExitStack
from types import TracebackType
from typing import Self

import aio_pika
from aio_pika.abc import AbstractIncomingMessage

from events.batches import Outcome
from events.broker import BROKER_FAULTS, Publisher, open_publisher
from events.messages.envelope import MOST_BYTES
from events.names import PARKED, REJECTED

LONGEST_REASON = 1000
"""Characters; a header that does not fit into one frame would end the connection."""


FULL = frozenset({Outcome.NACKED, Outcome.RETURNED})
"""How a publish ends where its queue is full or missing; the channel goes on."""


class Rejects:
    """Keeps bad messages with the reason where an operator finds them. Connects when first needed.

    That is the queue of all rejected ones and, while it takes none, the department's own queue of parked ones. A body
    beyond `MOST_BYTES` is cut.
    """

    def __init__(self, amqp_url: str, *, timeout_s: float) -> None:
        self._amqp_url = amqp_url
        self._timeout_s = timeout_s
        self._stack = AsyncExitStack()
        self._publishers: dict[str, Publisher] = {}

    async def keep(self, message: AbstractIncomingMessage, reason: str) -> tuple[Outcome, str]:
        """Send a copy and return how it ended; unless it was ACKED the message must not be acknowledged."""
        copy = _copy(message, reason)
        outcome, error = Outcome.UNKNOWN, ""
        for exchange in (REJECTED, PARKED):
            try:
                publisher = await self._publisher(exchange)
                outcome, error = await publisher.publish(copy, message.routing_key or "unknown")
            except BROKER_FAULTS as fault:
                outcome, error = Outcome.UNKNOWN, repr(fault)
            if outcome not in FULL:
                break
        if outcome is not Outcome.ACKED and outcome not in FULL:
            await self._close()
        return outcome, error

    async def _publisher(self, exchange: str) -> Publisher:
        """Return the publisher to an exchange. Raises one of BROKER_FAULTS."""
        if exchange not in self._publishers:
            opened = open_publisher(self._amqp_url, exchange, timeout_s=self._timeout_s)
            self._publishers[exchange] = await self._stack.enter_async_context(opened)
        return self._publishers[exchange]

    async def _close(self) -> None:
        """Abandon the connections."""
        self._publishers.clear()
        await self._stack.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._close()


def _copy(message: AbstractIncomingMessage, reason: str) -> aio_pika.Message:
    """Return a bad message with its reason, and with the size of its body where that is cut."""
    size = len(message.body)
    return aio_pika.Message(
        message.body[:MOST_BYTES],
        content_type=message.content_type,
        message_id=message.message_id,
        delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
        headers={
            "x-reason": reason[:LONGEST_REASON],
            "x-sender": message.user_id or "",
            "x-routing-key": message.routing_key or "",
            **({"x-body-bytes": size} if size > MOST_BYTES else {}),
        },
    )
