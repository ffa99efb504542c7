"""What a department does about its commitments, or staff of the place on its behalf."""

from collections.abc import Sequence
from uuid import UUID

from services.core.act import Act
from services.core.actor import ACTS, Role
from services.departments.models import Department
from services.outcomes.events import CommitmentAccepted, CommitmentCompleted, CommitmentDeclined, ProgressReported
from services.outcomes.models import Commitment, Progress
from services.outcomes.records import announce_commitment, lock_commitment, step
from services.topics.errors import EvidenceMissing
from services.topics.evidence import EvidenceGiven, keep_evidence


async def accept_commitment(act: Act, *, commitment_id: UUID) -> UUID:
    """The department takes the commitment on. Raises NotFound, Forbidden, IllegalTransition."""
    commitment, role = await _moved(act, commitment_id, "accept")
    await announce_commitment(act, CommitmentAccepted, commitment, role=role)
    return commitment.id


async def decline_commitment(act: Act, *, commitment_id: UUID, reason: str) -> UUID:
    """The department does not take the commitment on; its reason stands among the reports.

    Raises NotFound, Forbidden, IllegalTransition, ConstraintViolated.
    """
    commitment, role = await _moved(act, commitment_id, "decline")
    act.tx.add(Progress(commitment_id=commitment.id, at=act.now(), note=reason))
    await announce_commitment(act, CommitmentDeclined, commitment, role=role, reason=reason)
    return commitment.id


async def report_progress(act: Act, *, commitment_id: UUID, percent: int | None, note: str) -> UUID:
    """The department says how far it has come; what was disputed is under way again.

    Raises NotFound, Forbidden, IllegalTransition, ConstraintViolated.
    """
    commitment, role = await _moved(act, commitment_id, "progress")
    act.tx.add(Progress(commitment_id=commitment.id, at=act.now(), percent=percent, note=note))
    await announce_commitment(act, ProgressReported, commitment, role=role, percent=percent)
    return commitment.id


async def complete_commitment(act: Act, *, commitment_id: UUID, evidence: Sequence[EvidenceGiven]) -> UUID:
    """The department says, with evidence, that it has done what it promised.

    Raises NotFound, Forbidden, IllegalTransition, EvidenceMissing, ConstraintViolated.
    """
    commitment, role = await _moved(act, commitment_id, "complete")
    if not evidence:
        raise EvidenceMissing(EvidenceMissing.of_commitment)
    kept = keep_evidence(act, evidence, commitment_id=commitment.id)
    await announce_commitment(act, CommitmentCompleted, commitment, role=role, evidence=kept)
    return commitment.id


async def _moved(act: Act, commitment_id: UUID, action: str) -> tuple[Commitment, Role]:
    """Return the commitment after a step of its department, and the role in which the caller took it.

    Raises NotFound, Forbidden, IllegalTransition.
    """
    commitment = await lock_commitment(act.tx, commitment_id)
    department = await act.tx.get_one(Department, commitment.department_id)
    role = act.actor.require_department(department.code, commitment.division_number, *ACTS)
    step(commitment, action, at=act.now())
    return commitment, role
