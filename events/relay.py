"""Brings waiting deliveries to the broker: claim lane heads, publish, gather the confirms, write their fates, commit.

Death at any point is a rollback, hence a duplicate at worst. Any number of relays may run.
"""

import asyncio
import random
import time
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import structlog

from events.broker import BROKER_FAULTS, ENCODING_FAULTS, Publisher, open_publisher
from events.drain import drained
from events.fates import Fates, Outcome, Published, Round, decide, pause_delays
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

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class RelaySettings:
    """How a relay works: its window of confirms, its longest wait for one, its poll."""

    window: int = 100
    confirm_timeout_s: float = 15.0
    poll_s: float = 1.0


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
                    await self._deliver(publisher, wake, stop)
            except BROKER_FAULTS as error:
                await self._broker_outage.wait(error, stop)
            except Exception as error:  # noqa: BLE001 -- nothing was committed, so it is tried again
                await self._failure.wait(error, stop)

    async def _deliver(self, publisher: Publisher, wake: Wake, stop: asyncio.Event) -> None:
        """Deliver over one connection until it is spent or the relay is stopped."""
        while await self._unblocked(publisher, stop):
            begins = self._round.after_lane == 0
            try:
                claimed, fates = await self.step(publisher)
            except Unavailable as error:
                await self._database_outage.wait(error, stop)
                continue
            self._database_outage.over()
            self._failure.over()
            if fates.connection_error is not None:
                # Under an alarm this connection is the only one that is told of its end.
                await self._unblocked(publisher, stop)
                await self._broker_outage.wait(fates.connection_error, stop)
                return
            self._broker_outage.over()
            if begins and not claimed:
                await wake.wait(self._settings.poll_s)

    async def _unblocked(self, publisher: Publisher, stop: asyncio.Event) -> bool:
        """Wait until the broker takes messages; False once stopped."""
        while not stop.is_set() and not await publisher.wait_unblocked():
            await self._broker_outage.wait(ALARM, stop)
        return not stop.is_set()

    async def step(self, publisher: Publisher) -> tuple[int, Fates]:
        """Claim one batch, publish it and commit its fates; return its size and the fates.

        Raises Unavailable when the database is; the batch is then published again later.
        """
        hold_s = 2 * self._settings.confirm_timeout_s
        async with claim(
            self._db, limit=self._round.limit, clock=self._clock, hold_s=hold_s, after_lane=self._round.after_lane
        ) as batch:
            published = await asyncio.gather(*(self._publish(publisher, notice) for notice in batch.notices))
            fates = decide(published)
            await self._write(batch, fates)
        self._round.advance([notice.lane_id for notice in batch.notices], fates)
        return len(batch.notices), fates

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

        The channels of all departments of the batch are locked, before a confirm or a pause changes one of them.
        """
        healthy = {notice.department_id for notice in fates.confirmed}
        pauses = await batch.pauses(healthy | {one.notice.department_id for one in fates.paused})
        in_a_row = {department: count for department, count in pauses.items() if department not in healthy}
        return pause_delays(fates.paused, in_a_row, random.random)


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
