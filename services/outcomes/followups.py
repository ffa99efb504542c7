"""Asking people later how they find the fix (回访)."""

from uuid import UUID

from services.core.actor import Actor, Role
from services.core.clock import Clock
from services.core.database import WriteTx
from services.outcomes.errors import NothingToFollowUp, NotOfThePublic
from services.outcomes.events import FollowUpRecorded
from services.outcomes.models import FollowUp
from services.outcomes.records import STAFF
from services.outcomes.rules import FOLLOWED_UP
from services.sessions.enums import PUBLIC, ParticipantRole
from services.topics.records import about, lock_topic, tell


async def record_follow_up(  # noqa: PLR0913 -- the facts of a follow-up
    *,
    tx: WriteTx,
    actor: Actor,
    clock: Clock,
    topic_id: UUID,
    role: ParticipantRole,
    score: int,
    confirms_fix: bool,
    comment: str | None,
) -> UUID:
    """Somebody gave the fix a score and says whether it holds; residents for themselves, staff for anybody asked.

    Returns the follow-up's id. Raises NotFound, Forbidden, NotOfThePublic, NothingToFollowUp, ConstraintViolated.
    """
    topic = await lock_topic(tx, topic_id)
    acting = actor.require(topic.division_number, *STAFF, Role.RESIDENT)
    if role not in PUBLIC and acting not in STAFF:
        raise NotOfThePublic(role.value)
    if topic.status not in FOLLOWED_UP:
        raise NothingToFollowUp(topic.number, topic.status.value)
    follow_up = FollowUp(
        topic_id=topic.id,
        division_number=topic.division_number,
        at=clock.now(),
        role=role,
        score=score,
        confirms_fix=confirms_fix,
        comment=comment,
    )
    tx.add(follow_up)
    event = about(FollowUpRecorded, topic, score=score, confirms_fix=confirms_fix)
    await tell(tx, event, [], actor=actor, role=acting, clock=clock)
    return follow_up.id
