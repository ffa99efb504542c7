"""What a department does about its commitments, or staff of the place on its behalf."""

from collections.abc import Sequence
from uuid import UUID

from services.core.actor import Actor, Role
from services.core.clock import Clock
from services.core.database import WriteTx
from services.departments.models import Department
from services.outcomes.events import CommitmentAccepted, CommitmentCompleted, CommitmentDeclined, ProgressReported
from services.outcomes.models import Commitment, Progress
from services.outcomes.records import STAFF, announce_commitment, lock_commitment, step
from services.topics.errors import EvidenceMissing
from services.topics.evidence import EvidenceGiven, keep_evidence


async def accept_commitment(*, tx: WriteTx, actor: Actor, clock: Clock, commitment_id: UUID) -> UUID:
    """The department takes the commitment on. Raises NotFound, Forbidden, IllegalTransition."""
    commitment, role = await _moved(tx, actor, commitment_id, "accept")
    await announce_commitment(tx, CommitmentAccepted, commitment, actor=actor, role=role, clock=clock)
    return commitment.id


async def decline_commitment(*, tx: WriteTx, actor: Actor, clock: Clock, commitment_id: UUID, reason: str) -> UUID:
    """The department does not take the commitment on; its reason stands among the reports.

    Raises NotFound, Forbidden, IllegalTransition, ConstraintViolated.
    """
    commitment, role = await _moved(tx, actor, commitment_id, "decline")
    tx.add(Progress(commitment_id=commitment.id, at=clock.now(), note=reason))
    await announce_commitment(tx, CommitmentDeclined, commitment, actor=actor, role=role, clock=clock, reason=reason)
    return commitment.id


async def report_progress(  # noqa: PLR0913 -- the facts of a report
    *, tx: WriteTx, actor: Actor, clock: Clock, commitment_id: UUID, percent: int | None, note: str
) -> UUID:
    """The department says how far it has come; what was disputed is under way again.

    Raises NotFound, Forbidden, IllegalTransition, ConstraintViolated.
    """
    commitment, role = await _moved(tx, actor, commitment_id, "progress")
    tx.add(Progress(commitment_id=commitment.id, at=clock.now(), percent=percent, note=note))
    await announce_commitment(tx, ProgressReported, commitment, actor=actor, role=role, clock=clock, percent=percent)
    return commitment.id


async def complete_commitment(
    *, tx: WriteTx, actor: Actor, clock: Clock, commitment_id: UUID, evidence: Sequence[EvidenceGiven]
) -> UUID:
    """The department says, with evidence, that it has done what it promised.

    Raises NotFound, Forbidden, IllegalTransition, EvidenceMissing, ConstraintViolated.
    """
    commitment, role = await _moved(tx, actor, commitment_id, "complete")
    if not evidence:
        raise EvidenceMissing("A commitment is completed")
    kept = keep_evidence(tx, evidence, clock=clock, commitment_id=commitment.id)
    await announce_commitment(tx, CommitmentCompleted, commitment, actor=actor, role=role, clock=clock, evidence=kept)
    return commitment.id


async def _moved(tx: WriteTx, actor: Actor, commitment_id: UUID, action: str) -> tuple[Commitment, Role]:
    """Return the commitment after a step of its department, and the role in which the caller took it.

    Raises NotFound, Forbidden, IllegalTransition.
    """
    commitment = await lock_commitment(tx, commitment_id)
    department = await tx.get_one(Department, commitment.department_id)
    role = actor.require_department(department.code, commitment.division_number, *STAFF)
    step(commitment, action)
    return commitment, role
