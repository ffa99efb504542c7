"""Takes departments' replies in: checked, written once, committed, then acknowledged. Nothing is dropped silently."""

import asyncio
from contextlib import suppress

import aio_pika
import structlog
from aio_pika.abc import AbstractIncomingMessage

from events.broker import BROKER_FAULTS, Publisher, open_publisher
from events.messages.incoming import BadReply, reply_of
from events.names import REJECTED, REPLIES_INBOX
from events.outage import Outage
from services.core.clock import Clock
from services.core.database import Database
from services.core.errors import DomainError, Unavailable
from services.notices.replies import take_reply

PREFETCH = 20
TIMEOUT_S = 15.0
POLL_S = 0.5

log = structlog.get_logger()


class Intake:
    """One intake. Runs until it is stopped, whatever fails outside."""

    def __init__(self, db: Database, *, amqp_url: str, clock: Clock) -> None:
        self._db = db
        self._amqp_url = amqp_url
        self._clock = clock
        self._broker_outage = Outage("broker")
        self._database_outage = Outage("database")

    async def run(self, stop: asyncio.Event) -> None:
        """Take replies in until stopped."""
        while not stop.is_set():
            try:
                async with open_publisher(self._amqp_url, REJECTED, timeout_s=TIMEOUT_S) as rejected:
                    await self._consume(rejected, stop)
            except BROKER_FAULTS as error:
                await self._broker_outage.wait(error, stop)

    async def _consume(self, rejected: Publisher, stop: asyncio.Event) -> None:
        """Take replies in over one connection; what is in hand when stopped is finished first."""
        connection = await aio_pika.connect(self._amqp_url, timeout=TIMEOUT_S)
        try:
            channel = await connection.channel()
            await channel.set_qos(prefetch_count=PREFETCH)
            queue = await channel.get_queue(REPLIES_INBOX)
            self._broker_outage.over()
            async with queue.iterator(timeout=POLL_S) as messages:
                while not stop.is_set():
                    with suppress(TimeoutError):
                        await self._take(await anext(messages), rejected, stop)
        finally:
            with suppress(*BROKER_FAULTS):
                await asyncio.wait_for(connection.close(), TIMEOUT_S)

    async def _take(self, message: AbstractIncomingMessage, rejected: Publisher, stop: asyncio.Event) -> None:
        """Write one reply and acknowledge it; a bad one goes to the rejected exchange first, with its reason."""
        try:
            reply = reply_of(message)
            while not stop.is_set():
                try:
                    async with self._db.write() as tx:
                        fresh = await take_reply(tx, reply, clock=self._clock)
                except Unavailable as error:
                    await self._database_outage.wait(error, stop)
                    continue
                self._database_outage.over()
                log.info("reply", department=reply.department_code, verb=reply.verb, duplicate=not fresh)
                await message.ack()
                return
        except (BadReply, DomainError) as error:
            await self._reject(message, rejected, str(error))

    async def _reject(self, message: AbstractIncomingMessage, rejected: Publisher, reason: str) -> None:
        """Keep a bad message with its reason where an operator finds it, then acknowledge it."""
        copy = aio_pika.Message(
            message.body,
            content_type=message.content_type,
            message_id=message.message_id,
            delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
            headers={"x-reason": reason, "x-sender": message.user_id or "", "x-routing-key": message.routing_key or ""},
        )
        outcome, error = await rejected.publish(copy, message.routing_key or "unknown")
        log.warning("reply rejected", sender=message.user_id, reason=reason, outcome=outcome.name, error=error)
        await message.ack()


async def run_intake(db: Database, *, amqp_url: str, clock: Clock, stop: asyncio.Event) -> None:
    """Take departments' replies in until `stop` is set."""
    await Intake(db, amqp_url=amqp_url, clock=clock).run(stop)
