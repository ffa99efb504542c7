"""Takes departments' replies in: checked, written once, committed, then acknowledged. Nothing is dropped silently.

Each department has a queue of its own and one reply in hand at a time, so that none waits behind another's many.
"""

import asyncio

import structlog
from aio_pika.abc import AbstractIncomingMessage
from opentelemetry.trace import SpanKind

from events.batches import Outcome
from events.broker import BROKER_FAULTS
from events.consumers import Consumers, open_consumers
from events.drain import drained
from events.limits import Pace
from events.messages.incoming import claimed_sender, refusal_of, reply_of, trace_of
from events.metrics import IntakeMetrics, ReplyEnd
from events.names import REPLIES, REPLIES_INBOX, replies
from events.outage import Outage
from events.rejected import Rejects
from services.core.act import Act
from services.core.actor import Actor
from services.core.clock import Clock
from services.core.database import Database
from services.core.errors import DomainError, Unavailable
from services.core.limits import AgencyLimits
from services.core.security import Circumstances, SecurityEvent, note, watched
from services.core.tracing import is_traced, span
from services.notices.channels import enabled_channels, known_codes
from services.notices.refusals import Refusal, tell_refusal
from services.notices.replies import Reply
from services.notices.replies import trace_of as trace_of_event
from services.outcomes.receipts import take_in

TIMEOUT_S = 15.0
RENEW_S = 300.0
"""After that the consumers are made anew: RabbitMQ 3.10 was seen to delete a queue without telling the consumer that
had just begun."""
LOOK_S = 2.0
"""How often the registry is asked for departments whose queues are not read yet."""
HOLD_S = 5.0
"""After that a bad reply that nothing keeps is tried again; its department's queue alone waits."""

log = structlog.get_logger()


class Intake:
    """One intake. Runs until it is stopped, whatever fails outside; the reply being handled is finished first."""

    def __init__(  # noqa: PLR0913 -- what it stands between
        self,
        db: Database,
        *,
        amqp_url: str,
        clock: Clock,
        rejects: Rejects,
        pace: Pace,
        metrics: IntakeMetrics | None = None,
    ) -> None:
        self._db = db
        self._amqp_url = amqp_url
        self._clock = clock
        self._rejects = rejects
        self._metrics = metrics or IntakeMetrics()
        self._broker_outage = Outage("broker")
        self._database_outage = Outage("database")
        self._pace = pace
        self._held: set[str] = set()
        """Senders of bad replies that nothing keeps."""
        self._failure = Outage("intake", traced=True)

    async def run(self, stop: asyncio.Event) -> None:
        """Take replies in until stopped. What is refused is noted in the security log of the metrics."""
        with watched(Circumstances(self._metrics.security)):
            await self._run(stop)

    async def _run(self, stop: asyncio.Event) -> None:
        """Take replies in until stopped."""
        while not stop.is_set():
            try:
                async with open_consumers(self._amqp_url, self._pace, timeout_s=TIMEOUT_S) as consumers:
                    await self._work(consumers, stop)
            except BROKER_FAULTS as error:
                await self._broker_outage.wait(error, stop)
            except Exception as error:  # noqa: BLE001 -- the reply was not acknowledged, so it comes again
                await self._failure.wait(error, stop)

    async def _work(self, consumers: Consumers, stop: asyncio.Event) -> None:
        """Take replies in over one connection, until stopped or it is time to make the consumers anew."""
        loop = asyncio.get_running_loop()
        end_s = loop.time() + RENEW_S
        older = await consumers.add({REPLIES_INBOX: None})
        self._broker_outage.over()
        while older > 0 and await self._step(consumers, stop, loop.time() + LOOK_S):
            older -= 1  # what came before is taken in before what is in the departments' queues
        everybody = True
        while not stop.is_set() and loop.time() < end_s:
            codes = await self._codes(everybody=everybody)
            if codes is not None:
                await consumers.add({replies(code): code for code in codes})
                everybody = False
            look_s = min(loop.time() + LOOK_S, end_s)
            while await self._step(consumers, stop, look_s):
                pass
            self._metrics.held_back(consumers.held_back)

    async def _codes(self, *, everybody: bool) -> list[str] | None:
        """Return departments that may reply, those whose channel is disabled too or not; None in an outage."""
        try:
            async with self._db.write() as tx:
                codes = await known_codes(tx) if everybody else [one.code for one in await enabled_channels(tx)]
        except Unavailable as error:
            self._database_outage.began(error)
            return None
        self._database_outage.over()
        return codes

    async def _step(self, consumers: Consumers, stop: asyncio.Event, until_s: float) -> bool:
        """Handle the next message; False where none came in time, or once stopped.

        Raises ConnectionError when the broker ended the consumers.
        """
        message = await self._next(consumers, stop, until_s)
        if message is None:
            return False
        parent = await self._trace(message) if is_traced() else None
        attributes = {"messaging.system": "rabbitmq", "messaging.destination.name": REPLIES}
        with span(f"process {REPLIES}", SpanKind.CONSUMER, attributes, parent=parent):
            await self._take(message, consumers, stop)
        self._failure.over()
        return asyncio.get_running_loop().time() < until_s

    async def _next(self, consumers: Consumers, stop: asyncio.Event, until_s: float) -> AbstractIncomingMessage | None:
        """Return the next message, None once stopped or when none comes in time."""
        coming = asyncio.ensure_future(consumers.next())
        stopping = asyncio.ensure_future(stop.wait())
        try:
            timeout_s = max(until_s - asyncio.get_running_loop().time(), 0)
            await asyncio.wait({coming, stopping}, timeout=timeout_s, return_when=asyncio.FIRST_COMPLETED)
            if stop.is_set() or not coming.done():
                return None
            return coming.result()
        finally:
            coming.cancel()
            stopping.cancel()
            await asyncio.gather(coming, stopping, return_exceptions=True)

    async def _trace(self, message: AbstractIncomingMessage) -> str | None:
        """Return the `traceparent` that a reply has, else that of the event that it answers."""
        own, event_id = trace_of(message)
        if own or event_id is None:
            return own
        try:
            async with self._db.write() as tx:
                return await trace_of_event(tx, event_id)
        except Unavailable:
            return None

    async def _take(self, message: AbstractIncomingMessage, consumers: Consumers, stop: asyncio.Event) -> None:
        """Write one reply, then acknowledge it; a bad one is kept with its reason first. Not at all once stopped."""
        try:
            reply = reply_of(message)
            fresh = await self._write(reply, stop)
        except DomainError as error:
            await self._reject(message, refusal_of(message, error), consumers, stop)
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

    async def _reject(
        self, message: AbstractIncomingMessage, refusal: Refusal, consumers: Consumers, stop: asyncio.Event
    ) -> None:
        """Keep a bad message with its reason and tell its sender, then acknowledge it.

        One that nothing keeps is tried again later, and its department's others wait behind it.
        """
        sender = claimed_sender(message)
        while not stop.is_set():
            try:
                told = await self._refuse(message, refusal)
            except Unavailable as error:
                await self._database_outage.wait(error, stop)
                continue
            except _NotKeptError as error:
                if sender not in self._held:
                    log.warning("replies held back: nothing keeps a rejected one", sender=sender, error=str(error))
                    self._held.add(sender)
                consumers.later(message, HOLD_S)
                return
            self._database_outage.over()
            self._held.discard(sender)
            log.warning("reply rejected", sender=sender, reason=refusal.code, told=told)
            note(SecurityEvent.REPLY_REFUSED, department=sender, reason=refusal.code)
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


async def run_intake(  # noqa: PLR0913 -- what it stands between
    db: Database,
    *,
    amqp_url: str,
    clock: Clock,
    stop: asyncio.Event,
    limits: AgencyLimits,
    metrics: IntakeMetrics | None = None,
) -> None:
    """Take departments' replies in until `stop` is set or the task is cancelled."""
    async with Rejects(amqp_url, timeout_s=TIMEOUT_S) as rejects:
        intake = Intake(db, amqp_url=amqp_url, clock=clock, rejects=rejects, pace=Pace(limits), metrics=metrics)
        await drained(intake.run(stop), stop)
