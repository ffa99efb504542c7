import json
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from services.core.act import Act
from services.core.actor import Actor
from services.core.transaction import WriteTx
from services.departments.models import Department
from services.notices.announce import FEED_CHANNEL
from services.notices.enums import ReceiptStatus
from services.notices.errors import ReplyRefused
from services.notices.models import Delivery, Event, InboxMessage
from services.notices.rules import REPLIES, RESUMED


@dataclass(frozen=True, slots=True)
class Reply:
    """What a department answers to an event."""

    department_code: str
    message_id: str
    event_id: UUID
    verb: str
    note: str | None = None
    evidence_url: str | None = None
    source: str = ""
    """Where it comes from, as the department says: ids are of a source."""

    @property
    def sender(self) -> Actor:
        """Return the department that replies."""
        return Actor.of_department(self.department_code)

    @property
    def digest(self) -> bytes:
        """What tells it from another reply with its id: the SHA-256 of all that it says."""
        said = [self.verb, str(self.event_id), self.note, self.evidence_url]
        return sha256(json.dumps(said).encode()).digest()


async def trace_of(tx: WriteTx, event_id: UUID) -> str | None:
    """Return the `traceparent` of an event; None where it has none, or where there is no such event."""
    found: str | None = await tx.scalar(select(col(Event.traceparent)).where(col(Event.id) == event_id))
    return found


async def take_reply(act: Act, reply: Reply) -> bool:
    """Move the receipt of the notice that the reply answers; False when the reply was taken before.

    Raises ReplyRefused with the reason.
    """
    delivery = await answered(act, reply)
    if delivery is None:
        return False
    move_receipt(delivery, reply, at=act.now())
    return True


async def answered(act: Act, reply: Reply) -> Delivery | None:
    """Note the reply and return the notice that it answers, locked; None when the reply was taken before.

    Raises ReplyRefused when the department or the event is not known to each other, or the id is another reply's.
    """
    department_id = await act.tx.scalar(select(col(Department.id)).where(col(Department.code) == reply.department_code))
    if department_id is None:
        raise ReplyRefused(f"No department has the code {reply.department_code!r}.")
    key = {"department_id": department_id, "source": reply.source, "message_id": reply.message_id}
    row = {**key, "received_at": act.now(), "digest": reply.digest}
    fresh = insert(InboxMessage).values(row).on_conflict_do_nothing().returning(col(InboxMessage.message_id))
    if await act.tx.scalar(fresh) is None:
        taken = await act.tx.get_one(InboxMessage, key)
        if taken.digest not in {None, reply.digest}:
            raise ReplyRefused(
                f"The id {reply.message_id!r} was another reply's before; each reply has an id of its own, "
                "and the same content when it is sent again."
            )
        return None
    return await _delivery(act.tx, department_id, reply.event_id)


def move_receipt(delivery: Delivery, reply: Reply, *, at: datetime, resumes: bool = False) -> None:
    """Move the receipt to what the reply says; it `resumes` where the work that it is about takes the same step.

    Raises ReplyRefused when the receipt has no such step, or the reply no reason.
    """
    steps = {**REPLIES, **RESUMED} if resumes else REPLIES
    step = steps.get((delivery.receipt, reply.verb))
    if step is None:
        state = delivery.receipt.value if delivery.receipt else "no receipt"
        possible = sorted(verb for receipt, verb in REPLIES if receipt == delivery.receipt)
        raise ReplyRefused(f"{reply.verb!r} cannot follow {state}; possible: {', '.join(possible) or 'nothing'}.")
    if step is ReceiptStatus.DECLINED and not reply.note:
        raise ReplyRefused("A reply 'declined' needs a note that gives the reason.")
    delivery.receipt = step
    delivery.receipt_at = at
    delivery.receipt_note = reply.note
    delivery.receipt_evidence_url = reply.evidence_url


async def _delivery(tx: WriteTx, department_id: UUID, event_id: UUID) -> Delivery:
    """Return the department's delivery of an event, locked, for it will change.

    Raises ReplyRefused when it was never addressed.
    """
    delivery = await tx.scalar(
        select(Delivery)
        .where(col(Delivery.event_id) == event_id, col(Delivery.department_id) == department_id)
        .with_for_update()
    )
    if delivery is None:
        raise ReplyRefused(f"The event {event_id} was not addressed to this department.")
    await tx.notify(FEED_CHANNEL)
    return delivery
