from collections.abc import Mapping
from typing import Any
from uuid import UUID

from services.core.act import Act
from services.core.actor import Role
from services.core.ids import node_uuid
from services.core.transaction import WriteTx
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


async def take_in(act: Act, reply: Reply) -> bool:
    """Move the receipt that a reply answers and the commitment that it is about; False when it was taken before.

    What a department says about a topic stands in the topic's trace, and a commitment's step in the feed as if the
    department had taken it by the API. A step that the commitment has taken already, by staff or in answer to another
    notice, moves the receipt alone. Raises ReplyRefused, and IllegalTransition where the reply contradicts what the
    commitment is. The department acts.
    """
    notice = await answered(act, reply)
    if notice is None:
        return False
    event = await act.tx.get_one(Event, reply.event_id)
    commitment = await _commitment(act.tx, event)
    moves = commitment is not None and _moves(commitment, event, notice, reply)
    move_receipt(notice, reply, at=act.now(), resumes=moves)
    if commitment is not None and moves:
        await _move(act, commitment, reply)
    elif event.topic_id is not None:
        subject = ("commitment", commitment.id) if commitment else ("topic", event.topic_id)
        await _trace(act, event.topic_id, subject, reply)
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


async def _move(act: Act, commitment: Commitment, reply: Reply) -> None:
    """Take the step that a reply says, with its report or document. Raises IllegalTransition."""
    step(commitment, ACTIONS[reply.verb], at=act.now())
    if reply.verb in {"declined", "progress"} and reply.note:
        act.tx.add(Progress(commitment_id=commitment.id, at=act.now(), note=reply.note))
    if reply.verb == "completed" and reply.evidence_url:
        act.tx.add(Evidence(commitment_id=commitment.id, at=act.now(), url=reply.evidence_url, note=reply.note))
    facts: dict[str, dict[str, Any]] = {"declined": {"reason": reply.note}, "progress": {"percent": None}}
    await announce_commitment(
        act,
        TOLD_AS[reply.verb],
        commitment,
        role=Role.DEPARTMENT,
        entry=f"reply.{reply.verb}",
        evidence=_evidence(reply),
        **facts.get(reply.verb, {}),
    )


async def _trace(act: Act, topic_id: UUID, subject: tuple[str, UUID], reply: Reply) -> None:
    """Record the reply in the trace of its topic."""
    department = await department_by_code(act.tx, reply.department_code)
    entry = f"reply.{reply.verb}"
    await record(
        act,
        role=Role.DEPARTMENT,
        entry=entry,
        summary=summary_of(entry, {"department": department.name}),
        subject=subject,
        topic_id=topic_id,
        evidence=_evidence(reply),
    )


def _evidence(reply: Reply) -> list[EvidenceGiven]:
    """Return the document that a reply points to, if any."""
    return [EvidenceGiven(reply.evidence_url)] if reply.evidence_url else []
