"""Departments are reminded of what they did not say that they have; then the operators are told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import orjson
from sqlalchemy import TextClause, text

from services.core.act import Act
from services.notices.announce import Addressee, announce
from services.notices.events import NoticeReminder
from services.notices.rules import ANY_TYPE, NOT_REMINDED_OF, RECEIPT_HOURS

BATCH = 100

OVERDUE = """
WITH overdue AS (
    SELECT delivery.id, make_interval(hours => coalesce(
        CAST(CAST(:hours AS jsonb) ->> event.type AS integer), :otherwise)) AS patience
    FROM delivery JOIN event ON event.id = delivery.event_id
    JOIN department_channel AS channel ON channel.department_id = delivery.department_id
    WHERE delivery.status = 'CONFIRMED' AND delivery.receipt IS NULL AND delivery.alerted_at IS NULL
      AND delivery.confirmed_at < :before AND event.type <> ALL(:silent) AND channel.enabled
)
SELECT delivery.id, delivery.department_id, delivery.confirmed_at, event.id AS event_id, event.type, event.subject,
       department.code AS department, department.division_number
FROM overdue
JOIN delivery ON delivery.id = overdue.id
JOIN event ON event.id = delivery.event_id
JOIN department ON department.id = delivery.department_id
WHERE delivery.status = 'CONFIRMED' AND delivery.receipt IS NULL AND {since}
ORDER BY delivery.confirmed_at LIMIT :limit
FOR NO KEY UPDATE OF delivery SKIP LOCKED
"""

TO_REMIND = text(
    OVERDUE.format(since="delivery.reminded_at IS NULL AND delivery.confirmed_at + overdue.patience < :now")
)
TO_ALERT = text(OVERDUE.format(since="delivery.alerted_at IS NULL AND delivery.reminded_at + overdue.patience < :now"))

REMINDED = text("UPDATE delivery SET reminded_at = :now WHERE id = ANY(:ids)")
ALERTED = text("UPDATE delivery SET alerted_at = :now WHERE id = ANY(:ids)")


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A notice that was confirmed and that its department has not answered."""

    id: UUID
    department_id: UUID
    department: str
    division_number: int
    event_id: UUID
    type: str
    subject: str | None
    confirmed_at: datetime


async def remind(act: Act) -> Sequence[Unanswered]:
    """Departments are told once of each notice that they did not answer in time; returns up to `BATCH` of them."""
    found = await _overdue(act, TO_REMIND)
    for one in found:
        reminder = NoticeReminder(
            division_number=one.division_number,
            event_id=str(one.event_id),
            event_type=one.type,
            topic_number=one.subject,
            sent_at=one.confirmed_at,
        )
        await announce(act, reminder, [Addressee(one.department_id)], causation_id=one.event_id)
    await act.tx.execute(REMINDED, {"ids": [one.id for one in found], "now": act.now()})
    return found


async def alert(act: Act) -> Sequence[Unanswered]:
    """Return up to `BATCH` notices that were not answered in the same time after their reminder, each once."""
    found = await _overdue(act, TO_ALERT)
    await act.tx.execute(ALERTED, {"ids": [one.id for one in found], "now": act.now()})
    return found


async def _overdue(act: Act, statement: TextClause) -> Sequence[Unanswered]:
    """Return overdue notices, locked, by department: lanes are locked in that order everywhere."""
    patience = {**RECEIPT_HOURS, **act.policy.receipt_hours}
    values = {
        "hours": orjson.dumps(patience).decode(),
        "otherwise": patience[ANY_TYPE],
        "before": act.now() - timedelta(hours=min(patience.values())),
        "now": act.now(),
        "silent": sorted(NOT_REMINDED_OF),
        "limit": BATCH,
    }
    rows = (await act.tx.execute(statement, values)).mappings()
    return sorted((Unanswered(**row) for row in rows), key=lambda one: one.department_id)
