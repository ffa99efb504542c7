from services.core.clock import Clock
from services.core.database import WriteTx
from services.core.ids import node_uuid
from services.notices.models import Event
from services.notices.replies import Reply, take_reply
from services.outcomes.events import CommitmentAssigned, CommitmentDisputed
from services.outcomes.models import Commitment, Progress
from services.outcomes.records import lock_commitment, step
from services.outcomes.rules import ACTIONS, AFTER_DISPUTE
from services.topics.models import Evidence


async def take_in(tx: WriteTx, reply: Reply, *, clock: Clock) -> bool:
    """Move the receipt that a reply answers and the commitment that it is about; False when it was taken before.

    Raises ReplyRefused, and IllegalTransition where the commitment has no such step.
    """
    fresh = await take_reply(tx, reply, clock=clock)
    action = ACTIONS.get(reply.verb)
    if fresh and action is not None:
        commitment = await _commitment(tx, reply)
        if commitment is not None:
            step(commitment, action)
            _keep(tx, commitment, reply, clock)
    return fresh


async def _commitment(tx: WriteTx, reply: Reply) -> Commitment | None:
    """Return the commitment that a reply moves, locked; None where it moves none."""
    event = await tx.get_one(Event, reply.event_id)
    moves = event.type == CommitmentAssigned.type or (
        event.type == CommitmentDisputed.type and reply.verb in AFTER_DISPUTE
    )
    return await lock_commitment(tx, node_uuid("commitment", event.data["commitment_id"])) if moves else None


def _keep(tx: WriteTx, commitment: Commitment, reply: Reply, clock: Clock) -> None:
    """Add the report or the document that a reply brings."""
    if reply.verb in {"declined", "progress"} and reply.note:
        tx.add(Progress(commitment_id=commitment.id, at=clock.now(), note=reply.note))
    if reply.verb == "completed" and reply.evidence_url:
        tx.add(Evidence(commitment_id=commitment.id, at=clock.now(), url=reply.evidence_url, note=reply.note))
