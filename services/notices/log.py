"""The delivery log as operators read it from the command line."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text

from services.core.errors import NotFound
from services.core.ids import node_id
from services.core.transaction import WriteTx
from services.notices.enums import NoticeStatus, ReceiptStatus

ENTRIES = text("""
SELECT delivery.id, delivery.event_id, event.type, event.subject, department.code AS department, delivery.sequence,
       delivery.status, delivery.attempts, event.occurred_at, delivery.confirmed_at, delivery.last_error,
       delivery.receipt, delivery.receipt_at, delivery.receipt_note, delivery.replays, delivery.replayed_at,
       delivery.skipped_at, delivery.skipped_by, delivery.skip_reason
FROM delivery
JOIN event ON event.id = delivery.event_id
JOIN department ON department.id = delivery.department_id
WHERE (CAST(:id AS uuid) IS NULL OR delivery.id = :id)
  AND (CAST(:event AS uuid) IS NULL OR delivery.event_id = :event)
  AND (CAST(:department AS text) IS NULL OR department.code = :department)
  AND (CAST(:status AS text) IS NULL OR delivery.status = :status)
  AND (CAST(:since AS timestamptz) IS NULL OR event.occurred_at >= :since)
  AND (CAST(:until AS timestamptz) IS NULL OR event.occurred_at < :until)
ORDER BY event.occurred_at DESC, delivery.id DESC LIMIT :limit
""")


@dataclass(frozen=True, slots=True)
class Entry:
    """One notice with what became of it."""

    id: UUID
    event_id: UUID
    type: str
    subject: str | None
    department: str
    sequence: int
    status: NoticeStatus
    attempts: int
    occurred_at: datetime
    confirmed_at: datetime | None
    last_error: str | None
    receipt: ReceiptStatus | None
    receipt_at: datetime | None
    receipt_note: str | None
    replays: int
    replayed_at: datetime | None
    skipped_at: datetime | None
    skipped_by: str | None
    skip_reason: str | None


async def entries(  # noqa: PLR0913 -- each is a way to narrow the log
    tx: WriteTx,
    *,
    event: UUID | None = None,
    department: str | None = None,
    status: NoticeStatus | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    limit: int,
) -> Sequence[Entry]:
    """Return the notices for which every given value holds, the latest first."""
    narrowed = {"event": event, "department": department, "status": status, "since": since, "until": until}
    return await _read(tx, {**narrowed, "id": None, "limit": limit})


async def entry(tx: WriteTx, notice_id: UUID) -> Entry:
    """Return one notice. Raises NotFound."""
    nothing = dict.fromkeys(("event", "department", "status", "since", "until"))
    found = await _read(tx, {**nothing, "id": notice_id, "limit": 1})
    if not found:
        raise NotFound("notice", node_id("notice", notice_id))
    return found[0]


async def _read(tx: WriteTx, values: dict[str, Any]) -> Sequence[Entry]:
    """Return entries, with states as their own types."""
    rows = (await tx.execute(ENTRIES, values)).mappings()
    return [
        Entry(
            **{
                **row,
                "status": NoticeStatus(row["status"]),
                "receipt": ReceiptStatus(row["receipt"]) if row["receipt"] else None,
            }
        )
        for row in rows
    ]
