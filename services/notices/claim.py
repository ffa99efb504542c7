"""The relay's claim: the oldest waiting row of each lane, locked until its result is written."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text

from services.core.clock import Clock
from services.core.database import Database
from services.core.transaction import WriteTx
from services.notices.announce import FEED_CHANNEL
from services.notices.published import as_published

HEADS = text("""
WITH RECURSIVE head AS (
    (SELECT lane_id, id FROM delivery
     WHERE status IN ('PENDING', 'PARKED') AND lane_id > :after_lane
     ORDER BY lane_id, sequence LIMIT 1)
    UNION ALL
    SELECT next.lane_id, next.id FROM head CROSS JOIN LATERAL (
        SELECT lane_id, id FROM delivery
        WHERE status IN ('PENDING', 'PARKED') AND lane_id > head.lane_id
        ORDER BY lane_id, sequence LIMIT 1) AS next
)
SELECT delivery.id, delivery.lane_id, delivery.sequence, delivery.role, delivery.attempts, delivery.replays,
       department.id AS department_id, department.code AS department_code,
       event.id AS event_id, event.type, event.topic_id, event.division_number, event.subject,
       event.occurred_at, event.data, event.traceparent, event.causation_id
FROM head
JOIN delivery ON delivery.id = head.id
JOIN department_channel AS channel ON channel.department_id = delivery.department_id
JOIN department ON department.id = delivery.department_id
JOIN event ON event.id = delivery.event_id
WHERE delivery.status || '' = 'PENDING'
  AND channel.enabled AND (channel.paused_until IS NULL OR channel.paused_until <= :now)
LIMIT :limit
FOR NO KEY UPDATE OF delivery SKIP LOCKED
""")
"""A skip scan over the lanes: one index probe for each, however many rows wait behind its head.

The outer status is checked again on the locked row: a head that another relay just confirmed is left alone. It is an
expression, so that this row is found by its id: statistics mostly come from a time without a backlog, and the planner,
who takes the index of what waits to be empty then, would read all of it for every claim.
"""

CONFIRM = text("""
UPDATE delivery SET status = 'CONFIRMED', confirmed_at = :now, attempts = attempts + 1, last_error = NULL
WHERE id = ANY(:ids)
""")

RECOVER = text("""
UPDATE department_channel AS channel SET pauses = 0, paused_until = NULL, last_error = NULL
FROM (SELECT department_id FROM department_channel WHERE pauses > 0 AND department_id = ANY(:ids)
      ORDER BY department_id FOR NO KEY UPDATE) AS paused
WHERE channel.department_id = paused.department_id
""")

RETRY_LATER = text("""
UPDATE delivery SET attempts = attempts + 1, last_error = :error WHERE id = :id
""")

PAUSE = text("""
UPDATE department_channel SET pauses = pauses + 1, paused_until = :until, last_error = :error
WHERE department_id = :department_id
""")

PARK = text("""
UPDATE delivery SET status = 'PARKED', attempts = attempts + 1, last_error = :error WHERE id = :id
""")

PAUSES = text("""
SELECT department_id, pauses AS in_a_row, coalesce(paused_until > :now, false) AS lasts
FROM department_channel WHERE department_id = ANY(:ids)
ORDER BY department_id FOR NO KEY UPDATE
""")


@dataclass(frozen=True, slots=True)
class ClaimedDelivery:
    """A claimed delivery with all that its message needs."""

    id: UUID
    lane_id: int
    sequence: int
    role: str | None
    attempts: int
    replays: int
    department_id: UUID
    department_code: str
    event_id: UUID
    type: str
    topic_id: UUID | None
    division_number: int
    subject: str | None
    occurred_at: datetime
    data: Mapping[str, Any]
    traceparent: str | None
    causation_id: UUID | None


@dataclass(frozen=True, slots=True)
class Pause:
    """How many times in a row a department was paused, and whether it is now."""

    in_a_row: int
    lasts: bool


class Claim:
    """The first deliveries of some lanes, locked by one relay. One for which nothing is written stays pending."""

    def __init__(self, tx: WriteTx, deliveries: Sequence[ClaimedDelivery], clock: Clock) -> None:
        self._tx = tx
        self._clock = clock
        self.deliveries = deliveries

    async def confirm(self, deliveries: Sequence[ClaimedDelivery]) -> None:
        """Write that the broker has taken responsibility for the deliveries; their departments are healthy."""
        await self._tx.execute(CONFIRM, {"ids": [delivery.id for delivery in deliveries], "now": self._clock.now()})
        await self._tx.execute(RECOVER, {"ids": list({delivery.department_id for delivery in deliveries})})
        await self._tx.notify(FEED_CHANNEL)

    async def pause(self, delivery: ClaimedDelivery, error: str, delay: timedelta | None) -> None:
        """Leave the delivery pending, with the reason; pause its department for the delay, where one is given."""
        await self._tx.execute(RETRY_LATER, {"id": delivery.id, "error": error})
        await self._tx.notify(FEED_CHANNEL)
        if delay is not None:
            values = {"department_id": delivery.department_id, "until": self._clock.now() + delay, "error": error}
            await self._tx.execute(PAUSE, values)

    async def park(self, delivery: ClaimedDelivery, error: str) -> None:
        """Park a delivery that no broker takes until an operator retries or skips it; its lane waits."""
        await self._tx.execute(PARK, {"id": delivery.id, "error": error})
        await self._tx.notify(FEED_CHANNEL)

    async def pauses(self, departments: Collection[UUID]) -> dict[UUID, Pause]:
        """Return the departments' pauses; their channels are locked, in one order."""
        rows = await self._tx.execute(PAUSES, {"ids": list(departments), "now": self._clock.now()})
        return {row.department_id: Pause(row.in_a_row, row.lasts) for row in rows}


@asynccontextmanager
async def claim(db: Database, *, limit: int, clock: Clock, idle_s: float, after_lane: int = 0) -> AsyncIterator[Claim]:
    """Hold the oldest waiting notice of up to `limit` lanes above `after_lane` for one transaction.

    They tell what the public reads by now, whatever was written when they were announced.

    Results given to the claim are committed at the end; an error or the death of the process is a rollback,
    hence a duplicate at worst. `idle_s` is the longest time that the caller may wait on the broker.
    """
    async with db.write() as tx:
        milliseconds = str(int(idle_s * 1000))
        await tx.execute(
            text("SELECT set_config('idle_in_transaction_session_timeout', :ms, true)"), {"ms": milliseconds}
        )
        rows = await tx.execute(HEADS, {"after_lane": after_lane, "limit": limit, "now": clock.now()})
        claimed = [ClaimedDelivery(**row) for row in rows.mappings()]
        told = zip(claimed, await as_published(tx, claimed), strict=True)
        yield Claim(tx, [replace(one, data=data) for one, data in told], clock)
