"""The delivery log forgets what is old and done with."""

from datetime import datetime

from sqlalchemy import TextClause, text

from services.core.database import Database
from services.notices.rules import ANSWERED, NOT_REMINDED_OF

BATCH = 1000
STATEMENT_TIMEOUT = "5min"
"""Each batch looks at all old rows that are kept, which a request would not be given the time for."""

DELIVERIES = text("""
DELETE FROM delivery USING (
    SELECT delivery.id FROM event JOIN delivery ON delivery.event_id = event.id
    WHERE event.occurred_at < :before AND (
        (delivery.status = 'CONFIRMED' AND delivery.confirmed_at < :before
            AND (delivery.receipt = ANY(:answered) OR event.type = ANY(:unasked)))
        OR (delivery.status = 'SKIPPED' AND delivery.skipped_at < :before))
    ORDER BY event.occurred_at LIMIT :limit
    FOR UPDATE OF delivery SKIP LOCKED) AS old
WHERE delivery.id = old.id
""")

EVENTS = text("""
DELETE FROM event USING (
    SELECT id FROM event
    WHERE occurred_at < :before AND NOT EXISTS (SELECT FROM delivery WHERE delivery.event_id = event.id)
    ORDER BY occurred_at LIMIT :limit
    FOR UPDATE SKIP LOCKED) AS old
WHERE event.id = old.id
""")


async def prune(db: Database, before: datetime, *, batch: int = BATCH) -> tuple[int, int]:
    """Old notices that nobody waits for are gone, and then old events without a notice.

    What waits to be sent stays, and what a department has not answered, where an answer is asked for, or has work in
    hand for. Each batch is a transaction of its own; any number of processes may do this at once. Returns how many
    notices and events went.
    """
    bounds = {"before": before, "limit": batch}
    done = {"answered": [receipt.value for receipt in ANSWERED], "unasked": sorted(NOT_REMINDED_OF)}
    notices = await _emptied(db, DELIVERIES, {**bounds, **done}, batch)
    return notices, await _emptied(db, EVENTS, bounds, batch)


async def _emptied(db: Database, statement: TextClause, values: dict[str, object], batch: int) -> int:
    """Repeat a deletion until a batch is not full; return how many rows went."""
    gone = 0
    while True:
        async with db.write() as tx:
            await tx.take_time(STATEMENT_TIMEOUT)
            result = await tx.execute(statement, values)
        count: int = result.rowcount  # type: ignore[attr-defined]
        gone += count
        if count < batch:
            return gone
