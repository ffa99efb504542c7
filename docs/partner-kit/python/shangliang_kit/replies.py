import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any
from urllib.parse import unquote, urlsplit
from uuid import uuid4

import aio_pika
from aio_pika.abc import AbstractConnection, AbstractExchange
from aio_pika.exceptions import CONNECTION_EXCEPTIONS

from shangliang_kit.event import CONTENT_TYPE

EXCHANGE = "shangliang.replies"
TIMEOUT_S = 15.0
FAULTS = (*CONNECTION_EXCEPTIONS, TimeoutError)
"""What a broker that is down, restarting or refusing raises."""


class ReplyFailed(Exception):
    """A reply of which the broker did not say that it has it. It may be sent again: the same one counts once."""


def account_of(amqp_url: str) -> str:
    """Return the account in an address: the department's code. Raises ValueError where there is none."""
    account = unquote(urlsplit(amqp_url).username or "")
    if not account:
        raise ValueError("The address names no account: amqps://<code>:<password>@<host>/<vhost>.")
    return account


class Replies:
    """Answers events. Each call returns once the broker has the reply; raises ReplyFailed.

    An answer that is given once to an event has an id made of the event's, so one that is sent again counts once.
    """

    def __init__(self, exchange: AbstractExchange, account: str) -> None:
        self._exchange = exchange
        self._account = account

    async def received(self, event_id: str) -> None:
        """Say that the event is here."""
        await self._send("received", event_id)

    async def accepted(self, event_id: str, *, note: str | None = None) -> None:
        """Say that the department deals with it."""
        await self._send("accepted", event_id, note=note)

    async def declined(self, event_id: str, *, note: str) -> None:
        """Say why it is not for this department."""
        await self._send("declined", event_id, note=note)

    async def progress(self, event_id: str, *, note: str, reply_id: str | None = None) -> None:
        """Say how far it is, after `accepted`; each has an id of its own unless one is given."""
        await self._send("progress", event_id, note=note, reply_id=reply_id or str(uuid4()))

    async def completed(
        self, event_id: str, *, note: str | None = None, evidence_url: str | None = None, reply_id: str | None = None
    ) -> None:
        """Say that it is done, after `accepted` or `progress`; a second time to one event with an id of its own."""
        await self._send("completed", event_id, note=note, evidence_url=evidence_url, reply_id=reply_id)

    async def _send(self, verb: str, event_id: str, *, reply_id: str | None = None, **data: str | None) -> None:
        type_ = f"cn.shangliang.reply.{verb}.v1"
        event: dict[str, Any] = {
            "specversion": "1.0",
            "id": reply_id or f"{event_id}.{verb}",
            "source": f"/{self._account}",
            "type": type_,
            "causationid": event_id,
            "data": {name: value for name, value in data.items() if value is not None},
        }
        message = aio_pika.Message(
            json.dumps(event, ensure_ascii=False).encode(),
            content_type=CONTENT_TYPE,
            delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
            message_id=str(uuid4()),  # two in flight with the same one would swap their confirms
            correlation_id=event_id,
            type=type_,
            user_id=self._account,
        )
        try:
            await self._exchange.publish(message, f"{self._account}.reply.{verb}", timeout=TIMEOUT_S)
        except FAULTS as error:
            raise ReplyFailed(f"{verb} to {event_id}: {error!r}") from error


@asynccontextmanager
async def connected(amqp_url: str) -> AsyncIterator[AbstractConnection]:
    """Lend a connection. Raises one of FAULTS."""
    connection = await aio_pika.connect(amqp_url, timeout=TIMEOUT_S)
    try:
        yield connection
    finally:
        with suppress(*FAULTS):  # what is not closed properly, the broker ends
            await asyncio.wait_for(connection.close(), TIMEOUT_S)


async def replies_over(connection: AbstractConnection, account: str) -> Replies:
    """Return the replies of an account on a channel of their own. Raises one of FAULTS."""
    channel = await connection.channel(publisher_confirms=True, on_return_raises=True)
    return Replies(await channel.get_exchange(EXCHANGE, ensure=False), account)


@asynccontextmanager
async def replying(amqp_url: str) -> AsyncIterator[Replies]:
    """Lend replies outside a handler, as for work that ends days after its event. Raises one of FAULTS."""
    async with connected(amqp_url) as connection:
        yield await replies_over(connection, account_of(amqp_url))
