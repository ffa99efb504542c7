from uuid import UUID

from sqlalchemy import select

from services.core.clock import Clock
from services.core.database import WriteTx
from services.core.ids import node_uuid
from services.core.lifecycle import advance
from services.notices.models import Event
from services.notices.replies import Reply, take_reply
from services.outcomes.events import CommitmentAssigned
from services.outcomes.models import Commitment, Progress
from services.outcomes.rules import ACTIONS, LIFECYCLE
from services.topics.models import Evidence


async def take_in(tx: WriteTx, reply: Reply, *, clock: Clock) -> bool:
    """Move the receipt that a reply answers and the commitment that it is about; False when it was taken before.

    Raises ReplyRefused, and IllegalTransition where the commitment has no such step.
    """
    fresh = await take_reply(tx, reply, clock=clock)
    action = ACTIONS.get(reply.verb)
    if fresh and action is not None:
        commitment = await _commitment(tx, reply.event_id)
        if commitment is not None:
            commitment.status = advance(LIFECYCLE, "commitment", commitment.status, action)
            _keep(tx, commitment, reply, clock)
    return fresh


async def _commitment(tx: WriteTx, event_id: UUID) -> Commitment | None:
    """Return the commitment that an event assigned, locked; None where there is none."""
    event = await tx.get_one(Event, event_id)
    if event.type != CommitmentAssigned.type:
        return None
    key = node_uuid("commitment", event.data["commitment_id"])
    found = await tx.execute(select(Commitment).where(Commitment.id == key).with_for_update())  # type: ignore[arg-type]
    commitment: Commitment | None = found.scalar_one_or_none()
    return commitment


def _keep(tx: WriteTx, commitment: Commitment, reply: Reply, clock: Clock) -> None:
    """Add the report or the document that a reply brings."""
    if reply.verb == "progress" and reply.note:
        tx.add(Progress(commitment_id=commitment.id, at=clock.now(), note=reply.note))
    if reply.verb == "completed" and reply.evidence_url:
        tx.add(Evidence(commitment_id=commitment.id, at=clock.now(), url=reply.evidence_url, note=reply.note))
