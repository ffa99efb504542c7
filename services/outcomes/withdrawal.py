"""Topics that are withdrawn, with the sessions that were to take them and what departments were still to do."""

from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from services.core.act import Act
from services.core.ids import node_id
from services.core.lifecycle import advance
from services.core.transaction import WriteTx
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
from services.topics.records import about, addressees, authorized_topic, move, tell


async def withdraw_topic(act: Act, *, topic_id: UUID, reason: str, expected_version: int | None) -> UUID:
    """The topic is withdrawn and its matters wait again; departments that were told of it are told this too.

    Sessions that were to take nothing else are cancelled, others go on without it; what departments were still to do
    about it is taken back; they are told both. Raises NotFound, Forbidden, VersionConflict, IllegalTransition.
    """
    topic, acting = await authorized_topic(act, topic_id, expected_version)
    waiting = await standing_sessions(act.tx, topic)
    for session in sorted(waiting, key=lambda one: one.id):
        await act.tx.refresh(session, with_for_update=True)  # two topics that leave a session look one after the other
    following = next((one for one in waiting if one.status is SessionStatus.SCHEDULED), None)
    move(topic, "withdraw")
    topic.withdrawn_at = act.now()
    cancelled = [session for session in waiting if not await _takes_another(act.tx, session, topic)]
    for session in cancelled:
        session.status = advance(LIFECYCLE, "session", session.status, "cancel")
    await settle_calendar(act.tx, [topic])
    await give_back(act, topic.id, role=acting)
    for session in cancelled:
        await announce_session(act, TopicCancelled, session, [topic], acting, reason=reason)
    named = node_id("session", following.id) if following else None
    told = await addressees(act.tx, topic.id) if topic.listed_at is not None else []
    await withdraw_commitments(act, topic, reason=reason, role=acting)
    event = about(TopicWithdrawn, topic, reason=reason, session_id=named)
    await tell(act, event, told, role=acting)
    return topic.id


async def _takes_another(tx: WriteTx, session: Session, topic: Topic) -> bool:
    """Tell whether a session, which is locked, is to take another topic that was not withdrawn."""
    other = await tx.scalar(
        select(col(Topic.id))
        .join(SessionTopic, col(SessionTopic.topic_id) == Topic.id)
        .where(
            col(SessionTopic.session_id) == session.id,
            col(Topic.id) != topic.id,
            col(Topic.status) != TopicStatus.WITHDRAWN,
        )
        .limit(1)
    )
    return other is not None
