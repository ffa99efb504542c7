from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select, text
from sqlmodel import col

from services.core.act import Act
from services.core.transaction import WriteTx
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
    message_id: str | None = None
    """The AMQP message's own id."""


async def tell_refusal(act: Act, sender: str, refusal: Refusal) -> bool:
    """The department is told that its reply was refused; False where nobody is told.

    So that no two machines write to each other without end, nothing is told of an answer to such an event, nor,
    where it is not known what was answered, while the department has not answered the last one.
    """
    department = await act.tx.scalar(select(Department).where(col(Department.code) == sender))
    if department is None or await _may_go_round(act.tx, department.id, refusal.event_id):
        return False
    event = ReplyRejected(
        division_number=department.division_number,
        reply_id=refusal.reply_id,
        verb=refusal.verb,
        event_id=str(refusal.event_id) if refusal.event_id else None,
        message_id=_storable(refusal.message_id) if refusal.message_id else None,
        code=refusal.code,
        reason=_storable(refusal.reason)[:LONGEST_REASON],
    )
    await announce(act, event, [Addressee(department.id)], causation_id=refusal.event_id)
    return True


def _storable(words: str) -> str:
    """Return a text as the database takes it."""
    return words.replace("\0", "").encode(errors="replace").decode()


async def _may_go_round(tx: WriteTx, department_id: UUID, event_id: UUID | None) -> bool:
    """Whether a refused reply may itself be the answer to a refusal."""
    answered = await tx.scalar(ANSWERED, {"event_id": event_id, "department_id": department_id})
    if answered is not None:
        return bool(answered == ReplyRejected.type)
    return bool(await tx.scalar(UNANSWERED, {"department_id": department_id, "type": ReplyRejected.type}))
