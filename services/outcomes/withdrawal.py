"""Topics that are withdrawn, with the sessions that were to take them and what departments were still to do."""

from uuid import UUID

from sqlalchemy import select

from services.core.actor import Actor
from services.core.clock import Clock
from services.core.database import WriteTx
from services.core.ids import node_id
from services.core.lifecycle import advance
from services.matters.records import give_back
from services.outcomes.records import withdraw_commitments
from services.sessions.calendar import settle_calendar
from services.sessions.enums import SessionStatus
from services.sessions.events import TopicCancelled
from services.sessions.models import Session, SessionTopic
from services.sessions.records import announce_session, standing_sessions
from services.sessions.rules import LIFECYCLE
from services.topics.enums import TopicStatus
from services.topics.events import TopicWithdrawn
from services.topics.models import Topic
from services.topics.records import about, addressees, guarded_topic, move, tell


async def withdraw_topic(  # noqa: PLR0913 -- the facts of a withdrawal
    *, tx: WriteTx, actor: Actor, clock: Clock, topic_id: UUID, reason: str, expected_version: int | None
) -> UUID:
    """The topic is withdrawn and its matters wait again; departments that were told of it are told this too.

    Sessions that were to take nothing else are cancelled, others go on without it; what departments were still to do
    about it is taken back; they are told both. Raises NotFound, Forbidden, VersionConflict, IllegalTransition.
    """
    topic, acting = await guarded_topic(tx, actor, topic_id, expected_version)
    waiting = await standing_sessions(tx, topic)
    for session in sorted(waiting, key=lambda one: one.id):
        await tx.refresh(session, with_for_update=True)  # two topics that leave a session look one after the other
    following = next((one for one in waiting if one.status is SessionStatus.SCHEDULED), None)
    move(topic, "withdraw")
    topic.withdrawn_at = clock.now()
    cancelled = [session for session in waiting if not await _takes_another(tx, session, topic)]
    for session in cancelled:
        session.status = advance(LIFECYCLE, "session", session.status, "cancel")
    await settle_calendar(tx, [topic])
    await give_back(tx, topic.id, actor=actor, role=acting, clock=clock)
    await withdraw_commitments(tx, topic, reason=reason, actor=actor, role=acting, clock=clock)
    for session in cancelled:
        await announce_session(tx, TopicCancelled, session, [topic], actor, acting, clock, reason=reason)
    named = node_id("session", following.id) if following else None
    told = await addressees(tx, topic) if topic.listed_at is not None else []
    event = about(TopicWithdrawn, topic, reason=reason, session_id=named)
    await tell(tx, event, told, actor=actor, role=acting, clock=clock)
    return topic.id


async def _takes_another(tx: WriteTx, session: Session, topic: Topic) -> bool:
    """Tell whether a session, which is locked, is to take another topic that was not withdrawn."""
    other = await tx.scalar(
        select(Topic.id)  # type: ignore[call-overload]
        .join(SessionTopic, SessionTopic.topic_id == Topic.id)
        .where(
            SessionTopic.session_id == session.id,
            Topic.id != topic.id,
            Topic.status != TopicStatus.WITHDRAWN,
        )
        .limit(1)
    )
    return other is not None
