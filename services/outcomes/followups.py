"""Asking people later how they find the fix (回访)."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from services.core.act import Act
from services.core.actor import ACTS, Actor, Role
from services.core.transaction import WriteTx
from services.outcomes.enums import FollowUpChannel
from services.outcomes.errors import (
    ChannelMissing,
    NothingToFollowUp,
    NotOfThePublic,
    RespondentMissing,
    RespondentNotAsked,
)
from services.outcomes.events import FollowUpRecorded
from services.outcomes.impartial import require_impartial
from services.outcomes.models import FollowUp
from services.outcomes.rules import FOLLOWED_UP
from services.sessions.enums import PUBLIC, ParticipantRole
from services.topics.records import about, lock_topic, tell


@dataclass(frozen=True, slots=True)
class Answered:
    """What somebody said: in which part, a score of 1 to 5, whether the fix holds, a comment."""

    role: ParticipantRole
    score: int
    confirms_fix: bool
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """How the answer came, and what staff calls whom it asked."""

    channel: FollowUpChannel | None = None
    respondent: str | None = None


async def record_follow_up(act: Act, *, topic_id: UUID, answered: Answered, asked: Asked) -> UUID:
    """Somebody's answer stands in the place of what they said of the topic before.

    Residents answer for themselves; staff records what others said, told apart by `respondent`. Without a channel a
    resident answers for themselves. Returns the follow-up's id. Raises NotFound, Forbidden, ChannelMissing,
    RespondentMissing, RespondentNotAsked, NotOfThePublic, OwnWork, NothingToFollowUp, ConstraintViolated.
    """
    topic = await lock_topic(act.tx, topic_id)
    acting, channel = _acting(act.actor, topic.division_number, asked)
    own = channel is FollowUpChannel.ONLINE
    if own and answered.role not in PUBLIC:
        raise NotOfThePublic(answered.role)
    if own:
        await require_impartial(act, topic.id, path="topic")
    if topic.status not in FOLLOWED_UP:
        raise NothingToFollowUp(topic.number, topic.status)
    answer = FollowUp(
        topic_id=topic.id,
        division_number=topic.division_number,
        at=act.now(),
        role=answered.role,
        score=answered.score,
        confirms_fix=answered.confirms_fix,
        comment=answered.comment,
        channel=channel,
        subject=act.actor.subject if own else None,
        recorded_by=None if own else acting.value,
        respondent=asked.respondent.strip() if asked.respondent is not None else None,
    )
    key = await _upsert(act.tx, answer)
    event = about(FollowUpRecorded, topic, score=answered.score, confirms_fix=answered.confirms_fix)
    await tell(act, event, [], role=acting, channel=channel)
    return key


def _acting(actor: Actor, division_number: int, asked: Asked) -> tuple[Role, FollowUpChannel]:
    """Return the role in which the caller answers or records, and how the answer came.

    Raises Unauthenticated, Forbidden, ChannelMissing, RespondentMissing, RespondentNotAsked.
    """
    channel = asked.channel
    if channel is None:
        if actor.require(division_number, Role.RESIDENT, *ACTS) is not Role.RESIDENT:
            raise ChannelMissing
        channel = FollowUpChannel.ONLINE
    if channel is FollowUpChannel.ONLINE:
        role = actor.require(division_number, Role.RESIDENT)
        if asked.respondent is not None:
            raise RespondentNotAsked
        return role, channel
    role = actor.require(division_number, *ACTS)
    if asked.respondent is None:
        raise RespondentMissing
    return role, channel


async def _upsert(tx: WriteTx, answer: FollowUp) -> UUID:
    """Insert an answer, or replace the same person's, about a topic that is locked; return the row's id."""
    person = (
        col(FollowUp.respondent) == answer.respondent if answer.recorded_by else col(FollowUp.subject) == answer.subject
    )
    earlier = await tx.scalar(select(col(FollowUp.id)).where(col(FollowUp.topic_id) == answer.topic_id, person))
    if earlier is None:
        tx.add(answer)
    else:
        answer.id = earlier
        await tx.merge(answer)
    return answer.id
