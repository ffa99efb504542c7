"""Commitments under lock, and how what happens to them is announced."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from services.core.act import Act
from services.core.actor import Role
from services.core.ids import node_id
from services.core.lifecycle import advance
from services.core.lookup import row_by_id
from services.core.transaction import WriteTx
from services.departments.models import Department
from services.outcomes.events import CommitmentEvent, CommitmentWithdrawn, OutcomeRecorded
from services.outcomes.models import Commitment, Outcome
from services.outcomes.rules import CLOSED, LIFECYCLE
from services.topics.models import Topic
from services.topics.records import about, addressee, lock_topic, tell
from services.trace.record import Document


async def lock_commitment(tx: WriteTx, key: UUID) -> Commitment:
    """Return one commitment, locked after its topic, which holds the order of its events. Raises NotFound."""
    commitment = await row_by_id(tx, Commitment, key, "commitment")
    await lock_topic(tx, commitment.topic_id)
    await tx.refresh(commitment, with_for_update=True)
    return commitment


def step(commitment: Commitment, action: str, *, at: datetime) -> None:
    """Take the commitment one step along its lifecycle. Raises IllegalTransition."""
    commitment.status = advance(LIFECYCLE, "commitment", commitment.status, action)
    if action in {"accept", "decline"}:
        commitment.answered_at = at
    elif action in {"complete", "dispute"}:
        commitment.completed_at = at if action == "complete" else None


async def announce_commitment(  # noqa: PLR0913 -- what an announcement is made of
    act: Act,
    event: type[CommitmentEvent],
    commitment: Commitment,
    *,
    role: Role,
    told: bool = False,
    entry: str | None = None,
    evidence: Sequence[Document] = (),
    corrections: str | None = None,
    **facts: object,
) -> None:
    """Write an event about the commitment into the feed and the trace; its department is sent it where it is told.

    `corrections` is what the trace tells of them.
    """
    topic = await act.tx.get_one(Topic, commitment.topic_id)
    department = await act.tx.get_one(Department, commitment.department_id)
    addressees = [await addressee(act.tx, topic, department.id)] if told else []
    known = {"commitment_id": node_id("commitment", commitment.id), "task": commitment.task}
    await tell(
        act,
        about(event, topic, **known, **facts),
        addressees,
        role=role,
        entry=entry,
        subject=("commitment", commitment.id),
        evidence=evidence,
        department=department.name,
        corrections=corrections,
    )


def agreed(topic: Topic, outcome: Outcome) -> OutcomeRecorded:
    """Return the event that tells what was agreed on."""
    return about(
        OutcomeRecorded,
        topic,
        outcome_id=node_id("outcome", outcome.id),
        session_id=node_id("session", outcome.session_id) if outcome.session_id else None,
        agreement=outcome.agreement,
        reached_on=outcome.reached_on,
    )


async def withdraw_commitments(
    act: Act, topic: Topic, department_id: UUID | None = None, *, reason: str | None, role: Role
) -> None:
    """What departments were still to do about a topic, locked, is taken back, and each is told; or what one was."""
    wanted = select(Commitment).where(col(Commitment.topic_id) == topic.id, col(Commitment.status).not_in(CLOSED))
    if department_id is not None:
        wanted = wanted.where(col(Commitment.department_id) == department_id)
    ordered = wanted.order_by(col(Commitment.department_id), col(Commitment.id)).with_for_update(of=Commitment)
    for commitment in (await act.tx.scalars(ordered)).all():
        step(commitment, "withdraw", at=act.now())
        await announce_commitment(act, CommitmentWithdrawn, commitment, role=role, told=True, reason=reason)
