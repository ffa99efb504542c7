from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select, text

from services.core.actor import Actor
from services.core.clock import Clock
from services.core.database import WriteTx
from services.departments.models import Department
from services.notices.announce import Addressee, announce
from services.notices.events import ReplyRejected

LONGEST_REASON = 1000

ANSWERED = text("""
SELECT event.type FROM delivery JOIN event ON event.id = delivery.event_id
WHERE delivery.event_id = :event_id AND delivery.department_id = :department_id
""")

UNANSWERED = text("""
SELECT EXISTS (
    SELECT FROM lane
    JOIN delivery ON delivery.lane_id = lane.id
    JOIN event ON event.id = delivery.event_id
    WHERE lane.department_id = :department_id AND lane.topic_id IS NULL
      AND event.type = :type AND delivery.receipt IS NULL)
""")


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a department's reply was not taken, and what is known of it."""

    code: str
    reason: str
    reply_id: str | None = None
    verb: str | None = None
    event_id: UUID | None = None
    """The event that it answers."""


async def tell_refusal(tx: WriteTx, sender: str, refusal: Refusal, *, clock: Clock) -> bool:
    """The department is told that its reply was refused; False where nobody is told.

    So that no two machines write to each other without end, nothing is told of an answer to such an event, nor,
    where it is not known what was answered, while the department has not answered the last one.
    """
    found = await tx.execute(select(Department).where(Department.code == sender))  # type: ignore[arg-type]
    department = found.scalar_one_or_none()
    if department is None or await _may_go_round(tx, department.id, refusal.event_id):
        return False
    event = ReplyRejected(
        division_number=department.division_number,
        reply_id=refusal.reply_id,
        verb=refusal.verb,
        code=refusal.code,
        reason=refusal.reason.replace("\0", "")[:LONGEST_REASON],
    )
    await announce(tx, event, [Addressee(department.id)], actor=Actor(f"department:{sender}"), clock=clock)
    return True


async def _may_go_round(tx: WriteTx, department_id: UUID, event_id: UUID | None) -> bool:
    """Whether a refused reply may itself be the answer to a refusal."""
    answered = await tx.scalar(ANSWERED, {"event_id": event_id, "department_id": department_id})
    if answered is not None:
        return bool(answered == ReplyRejected.type)
    return bool(await tx.scalar(UNANSWERED, {"department_id": department_id, "type": ReplyRejected.type}))
