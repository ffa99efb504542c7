"""Commitments under lock, and how what happens to them is announced."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from services.core.actor import Actor, Role
from services.core.clock import Clock
from services.core.database import WriteTx
from services.core.errors import NotFound
from services.core.ids import node_id
from services.core.lifecycle import advance
from services.departments.models import Department
from services.notices.announce import Addressee
from services.outcomes.events import CommitmentEvent
from services.outcomes.models import Commitment
from services.outcomes.rules import LIFECYCLE
from services.topics.models import Topic
from services.topics.records import about, involvements, tell
from services.trace.record import Document

STAFF = (Role.CADRE, Role.SECRETARIAT)


async def lock_commitment(tx: WriteTx, key: UUID) -> Commitment:
    """Return one commitment, locked. Raises NotFound."""
    found = await tx.execute(select(Commitment).where(Commitment.id == key).with_for_update())  # type: ignore[arg-type]
    commitment: Commitment | None = found.scalar_one_or_none()
    if commitment is None:
        raise NotFound("commitment", node_id("commitment", key), path=("commitment",))
    return commitment


def step(commitment: Commitment, action: str) -> None:
    """Take the commitment one step along its lifecycle. Raises IllegalTransition."""
    commitment.status = advance(LIFECYCLE, "commitment", commitment.status, action)


async def announce_commitment(  # noqa: PLR0913 -- what an announcement is made of
    tx: WriteTx,
    event: type[CommitmentEvent],
    commitment: Commitment,
    *,
    actor: Actor,
    role: Role,
    clock: Clock,
    told: bool = False,
    evidence: Sequence[Document] = (),
    **facts: object,
) -> None:
    """Write an event about the commitment into the feed and the trace; its department is sent it where it is told."""
    topic = await tx.get_one(Topic, commitment.topic_id)
    department = await tx.get_one(Department, commitment.department_id)
    addressees = []
    if told:
        roles = {part.department_id: part.role.value for part in await involvements(tx, topic)}
        addressees = [Addressee(commitment.department_id, roles.get(commitment.department_id))]
    known = {"commitment_id": node_id("commitment", commitment.id), "task": commitment.task}
    await tell(
        tx,
        about(event, topic, **known, **facts),
        addressees,
        actor=actor,
        role=role,
        clock=clock,
        subject=("commitment", commitment.id),
        evidence=evidence,
        department=department.name,
    )
