from contextlib import AsyncExitStack
from types import TracebackType
from typing import Self

import aio_pika
from aio_pika.abc import AbstractIncomingMessage

from events.batches import Outcome
from events.broker import BROKER_FAULTS, Publisher, open_publisher
from events.names import REJECTED

LONGEST_REASON = 1000
"""Characters; a header that does not fit into one frame would end the connection."""


class Rejects:
    """Keeps bad messages with the reason where an operator finds them. Connects when first needed."""

    def __init__(self, amqp_url: str, *, timeout_s: float) -> None:
        self._amqp_url = amqp_url
        self._timeout_s = timeout_s
        self._stack = AsyncExitStack()
        self._publisher: Publisher | None = None

    async def keep(self, message: AbstractIncomingMessage, reason: str) -> tuple[Outcome, str]:
        """Send a copy and return how it ended; unless it was ACKED the message must not be acknowledged."""
        copy = aio_pika.Message(
            message.body,
            content_type=message.content_type,
            message_id=message.message_id,
            delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
            headers={
                "x-reason": reason[:LONGEST_REASON],
                "x-sender": message.user_id or "",
                "x-routing-key": message.routing_key or "",
            },
        )
        try:
            if self._publisher is None:
                opened = open_publisher(self._amqp_url, REJECTED, timeout_s=self._timeout_s)
                self._publisher = await self._stack.enter_async_context(opened)
            outcome, error = await self._publisher.publish(copy, message.routing_key or "unknown")
        except BROKER_FAULTS as fault:
            outcome, error = Outcome.UNKNOWN, repr(fault)
        if outcome is not Outcome.ACKED:
            await self._close()
        return outcome, error

    async def _close(self) -> None:
        """Abandon the connection."""
        self._publisher = None
        await self._stack.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._close()
