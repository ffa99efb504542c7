from collections.abc import Mapping
from typing import Any
from uuid import UUID

from services.core.actor import Actor, Role
from services.core.clock import Clock
from services.core.database import WriteTx
from services.core.ids import node_uuid
from services.departments.records import department_by_code
from services.notices.models import Delivery, Event
from services.notices.replies import Reply, answered, move_receipt
from services.outcomes.events import (
    CommitmentAccepted,
    CommitmentAssigned,
    CommitmentCompleted,
    CommitmentDeclined,
    CommitmentDisputed,
    CommitmentEvent,
    ProgressReported,
)
from services.outcomes.models import Commitment, Progress
from services.outcomes.records import announce_commitment, lock_commitment, step
from services.outcomes.rules import ACTIONS, takes
from services.topics.evidence import EvidenceGiven
from services.topics.models import Evidence
from services.trace.acts import summary_of
from services.trace.record import record

MOVED_BY = {CommitmentAssigned.type: frozenset(ACTIONS), CommitmentDisputed.type: frozenset({"progress", "completed"})}
"""Which replies move a commitment, by the event that they answer."""

TOLD_AS: Mapping[str, type[CommitmentEvent]] = {
    "accepted": CommitmentAccepted,
    "declined": CommitmentDeclined,
    "progress": ProgressReported,
    "completed": CommitmentCompleted,
}


async def take_in(tx: WriteTx, reply: Reply, *, clock: Clock) -> bool:
    """Move the receipt that a reply answers and the commitment that it is about; False when it was taken before.

    What a department says about a topic stands in the topic's trace, and a commitment's step in the feed as if the
    department had taken it by the API. A step that the commitment has taken already, by staff or in answer to another
    notice, moves the receipt alone. Raises ReplyRefused, and IllegalTransition where the reply contradicts what the
    commitment is.
    """
    notice = await answered(tx, reply, clock=clock)
    if notice is None:
        return False
    event = await tx.get_one(Event, reply.event_id)
    commitment = await _commitment(tx, event)
    moves = commitment is not None and _moves(commitment, event, notice, reply)
    move_receipt(notice, reply, clock=clock, resumes=moves)
    if commitment is not None and moves:
        await _move(tx, commitment, reply, clock)
    elif event.topic_id is not None:
        subject = ("commitment", commitment.id) if commitment else ("topic", event.topic_id)
        await _trace(tx, event.topic_id, subject, reply, clock)
    return True


def _moves(commitment: Commitment, event: Event, notice: Delivery, reply: Reply) -> bool:
    """Tell whether the reply moves the commitment, or its receipt alone. Raises IllegalTransition."""
    is_step = notice.receipt is not None and reply.verb in MOVED_BY[event.type]
    return is_step and takes(commitment.status, ACTIONS[reply.verb])


async def _commitment(tx: WriteTx, event: Event) -> Commitment | None:
    """Return the commitment that an event asks a department to do something about, locked; None where there is none."""
    if event.type not in MOVED_BY:
        return None
    return await lock_commitment(tx, node_uuid("commitment", event.data["commitment_id"]))


async def _move(tx: WriteTx, commitment: Commitment, reply: Reply, clock: Clock) -> None:
    """Take the step that a reply says, with its report or document. Raises IllegalTransition."""
    step(commitment, ACTIONS[reply.verb])
    if reply.verb in {"declined", "progress"} and reply.note:
        tx.add(Progress(commitment_id=commitment.id, at=clock.now(), note=reply.note))
    if reply.verb == "completed" and reply.evidence_url:
        tx.add(Evidence(commitment_id=commitment.id, at=clock.now(), url=reply.evidence_url, note=reply.note))
    facts: dict[str, dict[str, Any]] = {"declined": {"reason": reply.note}, "progress": {"percent": None}}
    await announce_commitment(
        tx,
        TOLD_AS[reply.verb],
        commitment,
        actor=_sender(reply),
        role=Role.DEPARTMENT,
        clock=clock,
        act=f"reply.{reply.verb}",
        evidence=_evidence(reply),
        **facts.get(reply.verb, {}),
    )


async def _trace(tx: WriteTx, topic_id: UUID, subject: tuple[str, UUID], reply: Reply, clock: Clock) -> None:
    """Let the reply stand in the trace of its topic."""
    department = await department_by_code(tx, reply.department_code)
    act = f"reply.{reply.verb}"
    await record(
        tx,
        actor=_sender(reply),
        role=Role.DEPARTMENT,
        clock=clock,
        act=act,
        summary=summary_of(act, {"department": department.name}),
        subject=subject,
        topic_id=topic_id,
        evidence=_evidence(reply),
    )


def _sender(reply: Reply) -> Actor:
    """Return the department that replies."""
    return Actor(f"department:{reply.department_code}")


def _evidence(reply: Reply) -> list[EvidenceGiven]:
    """Return the document that a reply points to, if any."""
    return [EvidenceGiven(reply.evidence_url)] if reply.evidence_url else []
