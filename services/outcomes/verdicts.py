"""What those who looked say of a commitment that was called done."""

from uuid import UUID

from services.core.actor import Actor, Role
from services.core.clock import Clock
from services.core.database import WriteTx
from services.outcomes.events import CommitmentDisputed, CommitmentVerified
from services.outcomes.impartial import require_impartial
from services.outcomes.models import Commitment, Verdict
from services.outcomes.records import STAFF, announce_commitment, lock_commitment, step
from services.sessions.enums import ParticipantRole


async def verify_commitment(*, tx: WriteTx, actor: Actor, clock: Clock, commitment_id: UUID, note: str | None) -> UUID:
    """A resident or staff of the place found done what was promised; the department is told.

    Raises NotFound, Forbidden, OwnWork, IllegalTransition, ConstraintViolated.
    """
    commitment, role = await _judged(tx, actor, clock, commitment_id, "verify", note)
    await announce_commitment(tx, CommitmentVerified, commitment, actor=actor, role=role, clock=clock, told=True)
    return commitment.id


async def dispute_commitment(*, tx: WriteTx, actor: Actor, clock: Clock, commitment_id: UUID, reason: str) -> UUID:
    """A resident or staff of the place found it not done; the department is told and goes on by a report.

    Raises NotFound, Forbidden, OwnWork, IllegalTransition, ConstraintViolated.
    """
    commitment, role = await _judged(tx, actor, clock, commitment_id, "dispute", reason)
    await announce_commitment(
        tx, CommitmentDisputed, commitment, actor=actor, role=role, clock=clock, told=True, reason=reason
    )  # fmt: skip
    return commitment.id


async def _judged(  # noqa: PLR0913, PLR0917 -- the facts of a verdict
    tx: WriteTx, actor: Actor, clock: Clock, commitment_id: UUID, action: str, note: str | None
) -> tuple[Commitment, Role]:
    """Return the commitment after a verdict, and who gave it.

    Raises NotFound, Forbidden, OwnWork, IllegalTransition.
    """
    commitment = await lock_commitment(tx, commitment_id)
    role = actor.require(commitment.division_number, *STAFF, Role.RESIDENT)
    await require_impartial(tx, actor, commitment.topic_id, commitment.id, path="commitment")
    step(commitment, action)
    tx.add(
        Verdict(
            commitment_id=commitment.id,
            at=clock.now(),
            role=ParticipantRole.CADRE if role in STAFF else ParticipantRole.RESIDENT,
            fulfilled=action == "verify",
            note=note,
        )
    )
    return commitment, role
