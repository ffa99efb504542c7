"""Takes departments' replies in: checked, written once, committed, then acknowledged. Nothing is dropped silently."""

import asyncio

import structlog
from aio_pika.abc import AbstractIncomingMessage, AbstractQueueIterator

from events.batches import Outcome
from events.broker import BROKER_FAULTS, open_consumer
from events.drain import drained
from events.messages.incoming import claimed_sender, refusal_of, reply_of
from events.metrics import IntakeMetrics, ReplyEnd
from events.names import REPLIES_INBOX
from events.outage import Outage
from events.rejected import Rejects
from services.core.act import Act
from services.core.actor import Actor
from services.core.clock import Clock
from services.core.database import Database
from services.core.errors import DomainError, Unavailable
from services.core.security import Circumstances, SecurityEvent, note, watched
from services.notices.refusals import Refusal, tell_refusal
from services.notices.replies import Reply
from services.outcomes.receipts import take_in

PREFETCH = 1
"""What waits behind the message being handled is not counted as delivered when the connection ends."""
TIMEOUT_S = 15.0
RENEW_S = 300.0
"""A consumer that was sent nothing for so long is made anew: RabbitMQ 3.10 was seen to delete a queue without telling
the consumer that had just begun."""

log = structlog.get_logger()


class Intake:
    """One intake. Runs until it is stopped, whatever fails outside; the reply being handled is finished first."""

    def __init__(
        self, db: Database, *, amqp_url: str, clock: Clock, rejects: Rejects, metrics: IntakeMetrics | None = None
    ) -> None:
        self._db = db
        self._amqp_url = amqp_url
        self._clock = clock
        self._rejects = rejects
        self._metrics = metrics or IntakeMetrics()
        self._broker_outage = Outage("broker")
        self._database_outage = Outage("database")
        self._rejects_outage = Outage("rejected exchange")
        self._failure = Outage("intake", traced=True)

    async def run(self, stop: asyncio.Event) -> None:
        """Take replies in until stopped. What is refused is noted in the security log of the metrics."""
        with watched(Circumstances(self._metrics.security)):
            await self._run(stop)

    async def _run(self, stop: asyncio.Event) -> None:
        """Take replies in until stopped."""
        while not stop.is_set():
            try:
                async with open_consumer(
                    self._amqp_url, REPLIES_INBOX, prefetch=PREFETCH, timeout_s=TIMEOUT_S
                ) as messages:
                    self._broker_outage.over()
                    while (message := await self._next(messages, stop)) is not None:
                        await self._take(message, stop)
                        self._failure.over()
            except BROKER_FAULTS as error:
                await self._broker_outage.wait(error, stop)
            except Exception as error:  # noqa: BLE001 -- the reply was not acknowledged, so it comes again
                await self._failure.wait(error, stop)

    async def _next(self, messages: AbstractQueueIterator, stop: asyncio.Event) -> AbstractIncomingMessage | None:
        """Return the next message, None once stopped or when the consumer is to be made anew.

        Raises ConnectionError when the broker ended the consumer.
        """
        coming = asyncio.ensure_future(anext(messages, None))
        stopping = asyncio.ensure_future(stop.wait())
        try:
            await asyncio.wait({coming, stopping}, timeout=RENEW_S, return_when=asyncio.FIRST_COMPLETED)
            if stop.is_set() or not coming.done():
                return None
            message = coming.result()
        finally:
            coming.cancel()
            stopping.cancel()
            await asyncio.gather(coming, stopping, return_exceptions=True)
        if message is None:
            raise ConnectionError("the broker ended the consumer")
        return message

    async def _take(self, message: AbstractIncomingMessage, stop: asyncio.Event) -> None:
        """Write one reply, then acknowledge it; a bad one is kept with its reason first. Not at all once stopped."""
        try:
            reply = reply_of(message)
            fresh = await self._write(reply, stop)
        except DomainError as error:
            await self._reject(message, refusal_of(message, error), stop)
            return
        if fresh is not None:
            log.info("reply", department=reply.department_code, verb=reply.verb, duplicate=not fresh)
            self._metrics.replied(ReplyEnd.TAKEN if fresh else ReplyEnd.DUPLICATE)
            await message.ack()

    async def _write(self, reply: Reply, stop: asyncio.Event) -> bool | None:
        """Commit a reply; False when it was taken before, None when stopped in an outage of the database."""
        while not stop.is_set():
            try:
                async with self._db.write() as tx:
                    fresh = await take_in(Act(tx, reply.sender, self._clock), reply)
            except Unavailable as error:
                await self._database_outage.wait(error, stop)
                continue
            self._database_outage.over()
            return fresh
        return None

    async def _reject(self, message: AbstractIncomingMessage, refusal: Refusal, stop: asyncio.Event) -> None:
        """Keep a bad message with its reason and tell its sender, then acknowledge it; it is held back until then."""
        while not stop.is_set():
            try:
                told = await self._refuse(message, refusal)
            except Unavailable as error:
                await self._database_outage.wait(error, stop)
            except _NotKeptError as error:
                await self._rejects_outage.wait(error, stop)
            else:
                self._database_outage.over()
                self._rejects_outage.over()
                log.warning("reply rejected", sender=claimed_sender(message), reason=refusal.code, told=told)
                note(SecurityEvent.REPLY_REFUSED, department=claimed_sender(message), reason=refusal.code)
                self._metrics.replied(ReplyEnd.REJECTED)
                await message.ack()
                return

    async def _refuse(self, message: AbstractIncomingMessage, refusal: Refusal) -> bool:
        """Keep a bad message, and commit that the department that it names is told; tell whether it is.

        The word to the sender counts only once the message is kept. Raises Unavailable, _NotKeptError.
        """
        async with self._db.write() as tx:
            sender = claimed_sender(message)
            told = await tell_refusal(Act(tx, Actor.of_department(sender), self._clock), sender, refusal)
            outcome, error = await self._rejects.keep(message, refusal.reason)
            if outcome is not Outcome.ACKED:
                raise _NotKeptError(error)
        return told


class _NotKeptError(Exception):
    """Nothing has taken a bad message."""


async def run_intake(
    db: Database, *, amqp_url: str, clock: Clock, stop: asyncio.Event, metrics: IntakeMetrics | None = None
) -> None:
    """Take departments' replies in until `stop` is set or the task is cancelled."""
    async with Rejects(amqp_url, timeout_s=TIMEOUT_S) as rejects:
        intake = Intake(db, amqp_url=amqp_url, clock=clock, rejects=rejects, metrics=metrics)
        await drained(intake.run(stop), stop)
