"""Brings waiting deliveries to the broker: claim lane heads, publish, gather the confirms, write their fates, commit.

While one batch is at the broker the next is claimed and the fates of the last are written, each in a transaction of
its own. Death at any point is a rollback, hence a duplicate at worst. Any number of relays may run.
"""

import asyncio
import random
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import structlog

from events.broker import BROKER_FAULTS, ENCODING_FAULTS, Publisher, open_publisher
from events.drain import drained
from events.fates import Fates, Leg, Outcome, Published, Round, decide, pause_delays
from events.messages.outgoing import message_of, routing_key
from events.metrics import RelayMetrics
from events.names import EVENTS
from events.outage import Outage
from services.core.clock import Clock
from services.core.database import Database
from services.core.errors import Unavailable
from services.notices.claim import Claim, Notice, claim
from services.notices.wake import Wake, open_wake

ALARM = "the broker blocks publishers: memory or disk alarm"

HANDS = 2
"""While one hand publishes, the other writes and claims. There are no more: the broker has one batch at a time."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class RelaySettings:
    """How a relay works: its window of confirms, its longest wait for one, its poll."""

    window: int = 200
    confirm_timeout_s: float = 15.0
    poll_s: float = 1.0


class Shift:
    """The work over one connection. Its hands take turns: one claims at a time, one publishes at a time."""

    def __init__(self, publisher: Publisher, wake: Wake, stop: asyncio.Event) -> None:
        self.publisher = publisher
        self.wake = wake
        self.stop = stop
        self.claiming = asyncio.Lock()
        self.publishing = asyncio.Lock()
        self.last: tuple[Leg, Fates] | None = None
        """The batch that took the connection with it."""
        self._ended = False

    @property
    def over(self) -> bool:
        """Whether nothing more is sent over the connection."""
        return self._ended or self.stop.is_set()

    def end(self) -> None:
        """Let every hand finish what it has sent and no more."""
        self._ended = True
        self.wake.ring()


class Relay:
    """One relay. Runs until it is stopped, whatever fails outside; a batch in flight is finished first."""

    def __init__(  # noqa: PLR0913 -- what a relay stands between
        self,
        db: Database,
        *,
        amqp_url: str,
        public_url: str,
        clock: Clock,
        settings: RelaySettings | None = None,
        metrics: RelayMetrics | None = None,
    ) -> None:
        self._db = db
        self._amqp_url = amqp_url
        self._public_url = public_url.rstrip("/")
        self._clock = clock
        self._settings = settings or RelaySettings()
        self._metrics = metrics or RelayMetrics()
        self._round = Round(self._settings.window)
        self._broker_outage = Outage("broker")
        self._database_outage = Outage("database")
        self._failure = Outage("relay", traced=True)

    async def run(self, wake: Wake, stop: asyncio.Event) -> None:
        """Deliver until stopped."""
        while not stop.is_set():
            try:
                async with open_publisher(
                    self._amqp_url, EVENTS, timeout_s=self._settings.confirm_timeout_s
                ) as publisher:
                    await self._deliver(Shift(publisher, wake, stop))
            except BROKER_FAULTS as error:
                await self._broker_outage.wait(error, stop)
            except Exception as error:  # noqa: BLE001 -- nothing was committed, so it is tried again
                await self._failure.wait(error, stop)

    async def _deliver(self, shift: Shift) -> None:
        """Deliver over one connection until it is spent or the relay is stopped."""
        shift.wake.ring()
        ends = await asyncio.gather(*(self._work(shift) for _ in range(HANDS)), return_exceptions=True)
        if shift.last is not None:
            self._round.published(*shift.last)
        for end in ends:
            if end is not None:
                raise end
        if shift.last is not None:
            # Under an alarm this connection is the only one that is told of its end.
            await self._unblocked(shift.publisher, shift.stop.is_set, shift.stop)
            await self._broker_outage.wait(shift.last[1].connection_error or "", shift.stop)

    async def _work(self, shift: Shift) -> None:
        """Deliver batch after batch until the shift is over, and end it for the other hand too."""
        try:
            while not shift.over:
                try:
                    await self._step(shift)
                except Unavailable as error:
                    await self._database_outage.wait(error, shift.stop)
                    shift.wake.ring()
        finally:
            shift.end()

    async def _due(self, shift: Shift) -> bool:
        """Wait until there may be notices and the broker takes messages; False once the shift is over."""
        if self._round.after_lane == 0:
            await shift.wake.wait(self._settings.poll_s)
        return await self._unblocked(shift.publisher, lambda: shift.over, shift.stop)

    async def _unblocked(self, publisher: Publisher, over: Callable[[], bool], stop: asyncio.Event) -> bool:
        """Wait until the broker takes messages; False once it is over."""
        while not over() and not await publisher.wait_unblocked():
            await self._broker_outage.wait(ALARM, stop)
        return not over()

    async def _step(self, shift: Shift) -> None:
        """Claim one batch, publish it and commit its fates.

        Raises Unavailable when the database is; the batch is then published again later.
        """
        async with AsyncExitStack() as stack:
            async with shift.claiming:
                if not await self._due(shift):
                    return
                batch = await stack.enter_async_context(self._claim())
                leg = self._round.claimed([notice.lane_id for notice in batch.notices])
            if batch.notices:
                async with shift.publishing:
                    if shift.over:
                        return  # what was not sent stays pending
                    fates = await self._send(shift, leg, batch.notices)
                await self._write(batch, fates)
        self._database_outage.over()
        self._failure.over()
        if shift.last is None:
            self._broker_outage.over()
        if batch.notices:
            shift.wake.ring()  # what waited behind these is next in its lanes

    def _claim(self) -> AbstractAsyncContextManager[Claim]:
        """Claim the next batch, for long enough to wait until the one before it has left the broker too."""
        hold_s = 3 * self._settings.confirm_timeout_s
        after_lane, limit = self._round.after_lane, self._round.limit
        return claim(self._db, limit=limit, clock=self._clock, hold_s=hold_s, after_lane=after_lane)

    async def _send(self, shift: Shift, leg: Leg, notices: Sequence[Notice]) -> Fates:
        """Publish a batch and return its fates; the shift ends with the connection."""
        fates = decide(await asyncio.gather(*(self._publish(shift.publisher, notice) for notice in notices)))
        if fates.connection_error is None:
            self._round.published(leg, fates)
        else:
            shift.last = leg, fates
            shift.end()
        return fates

    async def _publish(self, publisher: Publisher, notice: Notice) -> Published:
        """Publish one notice."""
        try:
            message = message_of(notice, public_url=self._public_url, account=publisher.account)
        except ENCODING_FAULTS as error:
            self._metrics.published(Outcome.UNSENDABLE, 0)
            return Published(notice, Outcome.UNSENDABLE, repr(error))
        begun = time.perf_counter()
        outcome, words = await publisher.publish(message, routing_key(notice))
        self._metrics.published(outcome, time.perf_counter() - begun)
        return Published(notice, outcome, words)

    async def _write(self, batch: Claim, fates: Fates) -> None:
        """Write the fates into the batch's transaction."""
        delays = await self._delays(batch, fates) if fates.paused else {}
        if fates.confirmed:
            await batch.confirm(fates.confirmed)
        for one in fates.paused:
            delay = delays.pop(one.notice.department_id, None)
            if delay is not None:
                log.warning("department paused", department=one.notice.department_code, error=one.error)
            await batch.pause(one.notice, one.error, delay)
        for one in fates.parked:
            log.error("notice parked", notice=str(one.notice.id), error=one.error)
            await batch.park(one.notice, one.error)

    async def _delays(self, batch: Claim, fates: Fates) -> dict[UUID, timedelta]:
        """Return how long each paused department is left alone: longer with every pause since its last confirm.

        A department that was paused since the batch was claimed is paused already. The channels of all departments of
        the batch are locked, before a confirm or a pause changes one of them.
        """
        healthy = {notice.department_id for notice in fates.confirmed}
        pauses = await batch.pauses(healthy | {one.notice.department_id for one in fates.paused})
        ill = {department: pause for department, pause in pauses.items() if department not in healthy}
        lasting = {department for department, pause in ill.items() if pause.lasts}
        new = [one for one in fates.paused if one.notice.department_id not in lasting]
        return pause_delays(new, {department: pause.in_a_row for department, pause in ill.items()}, random.random)


async def run_relay(  # noqa: PLR0913 -- what a relay stands between
    db: Database,
    *,
    database_url: str,
    amqp_url: str,
    public_url: str,
    clock: Clock,
    stop: asyncio.Event,
    settings: RelaySettings | None = None,
    metrics: RelayMetrics | None = None,
) -> None:
    """Deliver what waits in the database to the broker until `stop` is set or the task is cancelled."""
    async with open_wake(database_url) as wake:
        relay = Relay(db, amqp_url=amqp_url, public_url=public_url, clock=clock, settings=settings, metrics=metrics)
        await drained(relay.run(wake, stop), stop)
