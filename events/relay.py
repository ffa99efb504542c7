"""Brings waiting deliveries to the broker: claim one of each lane, publish, await confirms, write the result, commit.

While one batch is at the broker the next is claimed and the result of the last is written, each in a transaction of
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
from opentelemetry.trace import SpanKind

from events.batches import BatchResult, LaneScan, Outcome, Published, ScannedLanes, decide, pause_delays
from events.broker import BROKER_FAULTS, ENCODING_FAULTS, Publisher, open_publisher
from events.drain import drained
from events.messages.outgoing import message_of, routing_key
from events.metrics import RelayMetrics
from events.names import EVENTS
from events.outage import Outage
from services.core.clock import Clock
from services.core.database import Database
from services.core.errors import Unavailable
from services.core.faults import fault
from services.core.tracing import span
from services.notices.claim import Claim, ClaimedDelivery, claim
from services.notices.wake import Wake, open_wake

ALARM = "the broker blocks publishers: memory or disk alarm"

WORKERS = 2
"""While one worker publishes, the other writes and claims. More would wait: the broker has one batch at a time."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class RelaySettings:
    """How a relay works: its window of confirms, its longest wait for one, its poll."""

    window: int = 200
    confirm_timeout_s: float = 15.0
    poll_s: float = 1.0


class Pipeline:
    """What the workers over one connection share: one claims at a time, one publishes at a time."""

    def __init__(self, publisher: Publisher, wake: Wake, stop: asyncio.Event) -> None:
        self.publisher = publisher
        self.wake = wake
        self.stop = stop
        self.claiming = asyncio.Lock()
        self.publishing = asyncio.Lock()
        self.failed: tuple[ScannedLanes, BatchResult] | None = None
        """The batch that cost the connection."""
        self._ended = False

    @property
    def ended(self) -> bool:
        """Whether nothing more is sent over the connection."""
        return self._ended or self.stop.is_set()

    def end(self) -> None:
        """Let every worker finish what it has sent and no more."""
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
        self._scan = LaneScan(self._settings.window)
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
                    await self._deliver(Pipeline(publisher, wake, stop))
            except BROKER_FAULTS as error:
                await self._broker_outage.wait(error, stop)
            except Exception as error:  # noqa: BLE001 -- nothing was committed, so it is tried again
                await self._failure.wait(error, stop)

    async def _deliver(self, pipeline: Pipeline) -> None:
        """Deliver over one connection until it fails or the relay is stopped."""
        pipeline.wake.ring()
        ends = await asyncio.gather(*(self._work(pipeline) for _ in range(WORKERS)), return_exceptions=True)
        if pipeline.failed is not None:
            # Last, when no worker moves the scan on any more.
            self._scan.published(*pipeline.failed)
        for end in ends:
            if end is not None:
                raise end
        if pipeline.failed is not None:
            # Under an alarm this connection is the only one that is told of its end.
            await self._unblocked(pipeline.publisher, pipeline.stop.is_set, pipeline.stop)
            await self._broker_outage.wait(pipeline.failed[1].connection_error or "", pipeline.stop)

    async def _work(self, pipeline: Pipeline) -> None:
        """Deliver batch after batch until the pipeline ends; end it for the other worker too."""
        try:
            while not pipeline.ended:
                try:
                    await self._step(pipeline)
                except Unavailable as error:
                    await self._database_outage.wait(error, pipeline.stop)
                    pipeline.wake.ring()
        finally:
            pipeline.end()

    async def _step(self, pipeline: Pipeline) -> None:
        """Claim one batch, publish it and commit its result.

        Raises Unavailable when the database is; the batch is then published again later.
        """
        async with AsyncExitStack() as transaction:
            async with pipeline.claiming:
                if not await self._due(pipeline):
                    return
                batch = await transaction.enter_async_context(self._claim())
                lanes = self._scan.claimed([delivery.lane_id for delivery in batch.deliveries])
            if batch.deliveries:
                async with pipeline.publishing:
                    if pipeline.ended:
                        return  # what was not sent stays pending
                    result = await self._send(pipeline, lanes, batch.deliveries)
                await self._write(batch, result)
        self._database_outage.over()
        self._failure.over()
        if pipeline.failed is None:
            self._broker_outage.over()
        if batch.deliveries:
            pipeline.wake.ring()  # what waited behind these is next in its lanes

    async def _due(self, pipeline: Pipeline) -> bool:
        """Wait until there may be deliveries and the broker takes messages; False once the pipeline has ended."""
        if self._scan.after_lane == 0:
            await pipeline.wake.wait(self._settings.poll_s)
        return await self._unblocked(pipeline.publisher, lambda: pipeline.ended, pipeline.stop)

    async def _unblocked(self, publisher: Publisher, ended: Callable[[], bool], stop: asyncio.Event) -> bool:
        """Wait until the broker takes messages; False once it has ended."""
        while not ended() and not await publisher.wait_unblocked():
            await self._broker_outage.wait(ALARM, stop)
        return not ended()

    def _claim(self) -> AbstractAsyncContextManager[Claim]:
        """Claim the next batch, for long enough to wait until the one before it has left the broker too."""
        idle_s = 3 * self._settings.confirm_timeout_s
        after_lane, limit = self._scan.after_lane, self._scan.limit
        return claim(self._db, limit=limit, clock=self._clock, idle_s=idle_s, after_lane=after_lane)

    async def _send(
        self, pipeline: Pipeline, lanes: ScannedLanes, deliveries: Sequence[ClaimedDelivery]
    ) -> BatchResult:
        """Publish a batch and return its result; the pipeline ends with the connection."""
        result = decide(await asyncio.gather(*(self._publish(pipeline.publisher, one) for one in deliveries)))
        if result.connection_error is None:
            self._scan.published(lanes, result)
        else:
            pipeline.failed = lanes, result
            pipeline.end()
        return result

    async def _publish(self, publisher: Publisher, delivery: ClaimedDelivery) -> Published:
        """Publish one delivery, in the trace of its event."""
        if delivery.traceparent is None:
            return await self._sent(publisher, delivery)
        attributes = {
            "messaging.system": "rabbitmq",
            "messaging.destination.name": EVENTS,
            "messaging.rabbitmq.destination.routing_key": routing_key(delivery),
            "messaging.message.id": str(delivery.id),
        }
        with span(f"send {EVENTS}", SpanKind.PRODUCER, attributes, parent=delivery.traceparent) as one:
            published = await self._sent(publisher, delivery)
            one.set_attribute("shangliang.outcome", published.outcome.name)
            return published

    async def _sent(self, publisher: Publisher, delivery: ClaimedDelivery) -> Published:
        """Publish one delivery."""
        try:
            message = message_of(delivery, public_url=self._public_url, account=publisher.account)
        except ENCODING_FAULTS as error:
            self._metrics.published(Outcome.UNSENDABLE, 0)
            return Published(delivery, Outcome.UNSENDABLE, fault(error))
        begun = time.perf_counter()
        outcome, words = await publisher.publish(message, routing_key(delivery))
        self._metrics.published(outcome, time.perf_counter() - begun)
        return Published(delivery, outcome, words)

    async def _write(self, batch: Claim, result: BatchResult) -> None:
        """Write a result in the batch's transaction."""
        delays = await self._delays(batch, result) if result.paused else {}
        if result.confirmed:
            await batch.confirm(result.confirmed)
        for one in result.paused:
            delay = delays.pop(one.delivery.department_id, None)
            if delay is not None:
                log.warning("department paused", department=one.delivery.department_code, error=one.error)
            await batch.pause(one.delivery, one.error, delay)
        for one in result.parked:
            log.error("notice parked", notice=str(one.delivery.id), error=one.error)
            await batch.park(one.delivery, one.error)

    async def _delays(self, batch: Claim, result: BatchResult) -> dict[UUID, timedelta]:
        """Return how long each paused department is left alone: longer with every pause since its last confirm.

        A department that was paused since the batch was claimed is paused already. The channels of all departments of
        the batch are locked, before a confirm or a pause changes one of them.
        """
        healthy = {delivery.department_id for delivery in result.confirmed}
        pauses = await batch.pauses(healthy | {one.delivery.department_id for one in result.paused})
        ill = {department: pause for department, pause in pauses.items() if department not in healthy}
        lasting = {department for department, pause in ill.items() if pause.lasts}
        new = [one for one in result.paused if one.delivery.department_id not in lasting]
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
