"""Calling a topic resolved (办结), whatever became of its commitments."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlmodel import col

from services.core.act import Act
from services.core.actor import Role
from services.core.ids import node_id
from services.departments.models import Department
from services.outcomes.errors import CommitmentNotOpen, CommitmentsOpen
from services.outcomes.models import Commitment
from services.outcomes.rules import SETTLED
from services.topics.errors import EvidenceMissing
from services.topics.events import TopicResolved
from services.topics.evidence import EvidenceGiven, keep_evidence
from services.topics.models import Topic
from services.topics.records import about, authorized_topic, move, tell
from services.trace.acts import summary_of
from services.trace.record import record

UNSETTLED = (
    select(col(Commitment.id), col(Commitment.status), col(Department.name))
    .join(Department, col(Department.id) == Commitment.department_id)
    .where(col(Commitment.topic_id) == bindparam("topic"), *(col(Commitment.status) != status for status in SETTLED))
    .order_by(col(Commitment.id))
)


@dataclass(frozen=True, slots=True)
class LeftOpen:
    """A commitment that nobody has fulfilled, and why the topic is called resolved all the same."""

    commitment_id: UUID
    reason: str


async def resolve_topic(  # noqa: PLR0913 -- the facts of a resolution
    act: Act,
    *,
    topic_id: UUID,
    summary: str,
    evidence: Sequence[EvidenceGiven],
    expected_version: int | None,
    left_open: Sequence[LeftOpen] = (),
) -> UUID:
    """The committee says, with evidence, that the topic is resolved; its departments are told.

    A commitment that is neither done nor withdrawn needs a reason, which stands in the trace. Raises NotFound,
    Forbidden, VersionConflict, IllegalTransition, EvidenceMissing, CommitmentsOpen, CommitmentNotOpen.
    """
    topic, acting = await authorized_topic(act, topic_id, expected_version)
    if not evidence:
        raise EvidenceMissing(EvidenceMissing.of_topic)
    move(topic, "resolve")
    topic.resolved_at = act.now()
    topic.resolution = summary
    await _leave_open(act, topic, _reasons(left_open), role=acting)
    kept = keep_evidence(act, evidence, topic_id=topic.id)
    event = about(TopicResolved, topic, resolved_at=topic.resolved_at, summary=summary)
    await tell(act, event, role=acting, evidence=kept)
    return topic.id


def _reasons(left_open: Sequence[LeftOpen]) -> dict[UUID, str]:
    """Return the reasons by commitment. Raises CommitmentNotOpen for one that is named twice."""
    reasons: dict[UUID, str] = {}
    for one in left_open:
        reason = one.reason.strip()
        if one.commitment_id in reasons:
            raise CommitmentNotOpen(node_id("commitment", one.commitment_id))
        reasons[one.commitment_id] = reason
    return reasons


async def _leave_open(act: Act, topic: Topic, reasons: Mapping[UUID, str], *, role: Role) -> None:
    """Record the reason for each open commitment of the locked topic in the trace.

    Raises CommitmentNotOpen for a reason too many, CommitmentsOpen where one is missing.
    """
    found = await act.tx.run(UNSETTLED, {"topic": topic.id})
    for key in reasons:
        if key not in {commitment for commitment, _, _ in found}:
            raise CommitmentNotOpen(node_id("commitment", key))
    if missing := {node_id("commitment", key): status.value for key, status, _ in found if key not in reasons}:
        raise CommitmentsOpen(missing)
    entry = "commitment.left_open"
    for key, _, department in found:
        summary = summary_of(entry, {"department": department, "reason": reasons[key]})
        await record(
            act, role=role, entry=entry, summary=summary,
            subject=("commitment", key), topic_id=topic.id,
        )  # fmt: skip
