from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text

from services.core.clock import Clock
from services.core.transaction import WriteTx

BACKLOG = text("""
SELECT count(*) FILTER (WHERE delivery.status = 'PENDING') AS pending,
       count(*) FILTER (WHERE delivery.status = 'PARKED') AS parked,
       min(coalesce(delivery.replayed_at, event.occurred_at)) FILTER (WHERE delivery.status = 'PENDING')
           AS oldest_pending_at,
       (SELECT count(*) FROM department_channel WHERE enabled AND paused_until > :now) AS paused_departments
FROM delivery JOIN event ON event.id = delivery.event_id
WHERE delivery.status IN ('PENDING', 'PARKED')
""")


@dataclass(frozen=True, slots=True)
class Backlog:
    """What waits to be sent, of all departments together. A replayed notice waits since its replay."""

    pending: int
    parked: int
    oldest_pending_at: datetime | None
    paused_departments: int


async def backlog(tx: WriteTx, *, clock: Clock) -> Backlog:
    """Return what waits now."""
    return Backlog(**(await tx.execute(BACKLOG, {"now": clock.now()})).mappings().one())
