from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from services.core.act import Act
from services.core.actor import Role
from services.core.errors import Forbidden, IllegalTransition
from services.core.ids import node_uuid
from services.core.lookup import row_by_id
from services.core.scope import division_code
from services.core.transaction import WriteTx
from services.departments.models import Department
from services.departments.records import department_by_code
from services.notices.announce import FEED_CHANNEL
from services.notices.enums import ReceiptStatus
from services.notices.errors import ReasonMissing, ReplyRefused
from services.notices.models import Delivery, Event
from services.notices.replies import Reply, answered, move_receipt
from services.notices.rules import REPLIES
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
from services.topics.evidence import EvidenceGiven, keep_evidence
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


@dataclass(frozen=True, slots=True)
class Report:
    """What comes with a reply: how far the work is, and the documents that show it."""

    percent: int | None = None
    evidence: Sequence[EvidenceGiven] = ()


VERBS = {receipt: verb for (_, verb), receipt in REPLIES.items()}
"""The reply that brings a receipt to a state."""


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
    evidence = [EvidenceGiven(reply.evidence_url, note=reply.note)] if reply.evidence_url else []
    await _take(act, notice, reply, Report(evidence=evidence))
    return True


async def answer_notice(  # noqa: PLR0913 -- what an answer says, named
    act: Act,
    *,
    notice_id: UUID,
    receipt: ReceiptStatus,
    note: str | None = None,
    percent: int | None = None,
    evidence: Sequence[EvidenceGiven] = (),
) -> UUID:
    """The department answers a notice without the broker: what follows is what its reply would have brought about.

    Raises NotFound, Forbidden, IllegalTransition, ReasonMissing, ConstraintViolated.
    """
    notice = await row_by_id(act.tx, Delivery, notice_id, "notice", lock=True)
    department = await act.tx.get_one(Department, notice.department_id)
    if department.code not in act.actor.departments():
        raise Forbidden((Role.DEPARTMENT.value,), division_code(department.division_number))
    if receipt is ReceiptStatus.DECLINED and not note:
        raise ReasonMissing
    await act.tx.notify(FEED_CHANNEL)
    given = [replace(one, sha256=one.sha256.lower() if one.sha256 else None) for one in evidence]
    url = given[0].url if given else None
    reply = Reply(department.code, "", notice.event_id, VERBS[receipt], note, url)
    state = notice.receipt.value if notice.receipt else "PENDING"
    try:
        await _take(act, notice, reply, Report(percent, given))
    except ReplyRefused as refused:
        before = tuple(known.value for known, verb in REPLIES if known and verb == reply.verb)
        raise IllegalTransition("notice", state, ACTIONS.get(reply.verb, "receive"), before) from refused
    return notice.id


async def _take(act: Act, notice: Delivery, reply: Reply, report: Report) -> None:
    """Take the step that a reply says. Raises ReplyRefused, IllegalTransition."""
    event = await act.tx.get_one(Event, reply.event_id)
    commitment = await _commitment(act.tx, event)
    moves = commitment is not None and _moves(commitment, event, notice, reply)
    move_receipt(notice, reply, at=act.now(), resumes=moves)
    if commitment is not None and moves:
        await _move(act, commitment, reply, report)
    elif event.topic_id is not None:
        subject = ("commitment", commitment.id) if commitment else ("topic", event.topic_id)
        await _trace(act, event.topic_id, subject, reply, report)


def _moves(commitment: Commitment, event: Event, notice: Delivery, reply: Reply) -> bool:
    """Tell whether the reply moves the commitment, or its receipt alone. Raises IllegalTransition."""
    is_step = notice.receipt is not None and reply.verb in MOVED_BY[event.type]
    return is_step and takes(commitment.status, ACTIONS[reply.verb])


async def _commitment(tx: WriteTx, event: Event) -> Commitment | None:
    """Return the commitment that an event asks a department to do something about, locked; None where there is none."""
    if event.type not in MOVED_BY:
        return None
    return await lock_commitment(tx, node_uuid("commitment", event.data["commitment_id"]))


async def _move(act: Act, commitment: Commitment, reply: Reply, report: Report) -> None:
    """Take the step that a reply says, with its report and documents. Raises IllegalTransition."""
    step(commitment, ACTIONS[reply.verb], at=act.now())
    if reply.verb in {"declined", "progress"} and reply.note:
        act.tx.add(Progress(commitment_id=commitment.id, at=act.now(), percent=report.percent, note=reply.note))
    if reply.verb == "completed":
        keep_evidence(act, report.evidence, commitment_id=commitment.id)
    facts: dict[str, dict[str, Any]] = {"declined": {"reason": reply.note}, "progress": {"percent": report.percent}}
    await announce_commitment(
        act,
        TOLD_AS[reply.verb],
        commitment,
        role=Role.DEPARTMENT,
        entry=f"reply.{reply.verb}",
        evidence=report.evidence,
        **facts.get(reply.verb, {}),
    )


async def _trace(act: Act, topic_id: UUID, subject: tuple[str, UUID], reply: Reply, report: Report) -> None:
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
        evidence=report.evidence,
    )
