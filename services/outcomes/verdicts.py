"""What those who looked say of a commitment that was called done."""

from uuid import UUID

from services.core.act import Act
from services.core.actor import ACTS, Role
from services.outcomes.events import CommitmentDisputed, CommitmentVerified
from services.outcomes.impartial import require_impartial
from services.outcomes.models import Commitment, Verdict
from services.outcomes.records import announce_commitment, lock_commitment, step
from services.sessions.enums import ParticipantRole


async def verify_commitment(act: Act, *, commitment_id: UUID, note: str | None) -> UUID:
    """A resident or staff of the place found done what was promised; the department is told.

    Raises NotFound, Forbidden, OwnWork, IllegalTransition, ConstraintViolated.
    """
    commitment, role = await _judged(act, commitment_id, "verify", note)
    await announce_commitment(act, CommitmentVerified, commitment, role=role, told=True)
    return commitment.id


async def dispute_commitment(act: Act, *, commitment_id: UUID, reason: str) -> UUID:
    """A resident or staff of the place found it not done; the department is told and goes on by a report.

    Raises NotFound, Forbidden, OwnWork, IllegalTransition, ConstraintViolated.
    """
    commitment, role = await _judged(act, commitment_id, "dispute", reason)
    await announce_commitment(
        act, CommitmentDisputed, commitment, role=role, told=True, reason=reason
    )  # fmt: skip
    return commitment.id


async def _judged(act: Act, commitment_id: UUID, action: str, note: str | None) -> tuple[Commitment, Role]:
    """Return the commitment after a verdict, and who gave it.

    Raises NotFound, Forbidden, OwnWork, IllegalTransition.
    """
    commitment = await lock_commitment(act.tx, commitment_id)
    role = act.actor.require(commitment.division_number, *ACTS, Role.RESIDENT)
    await require_impartial(act, commitment.topic_id, commitment.id, path="commitment")
    step(commitment, action, at=act.now())
    act.tx.add(
        Verdict(
            commitment_id=commitment.id,
            at=act.now(),
            role=ParticipantRole.CADRE if role in ACTS else ParticipantRole.RESIDENT,
            fulfilled=action == "verify",
            note=note,
        )
    )
    return commitment, role
