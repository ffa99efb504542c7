from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from services.core.actor import Actor
from services.core.clock import Clock, china_day
from services.core.database import WriteTx
from services.core.lifecycle import advance
from services.plans.records import require_planned
from services.platforms.records import open_platform_by_id
from services.sessions.enums import SessionForm, SessionStatus
from services.sessions.errors import AgendaEmpty
from services.sessions.events import TopicCancelled, TopicRescheduled, TopicScheduled
from services.sessions.models import Session, SessionTopic
from services.sessions.records import STAFF, STANDING, announce_session, guarded_session, open_topics
from services.sessions.rules import LIFECYCLE
from services.topics.models import Topic
from services.topics.records import lock_topics, move


async def schedule_session(  # noqa: PLR0913 -- the facts of a session
    *,
    tx: WriteTx,
    actor: Actor,
    clock: Clock,
    platform_id: UUID,
    topic_ids: Sequence[UUID],
    scheduled_at: datetime,
    venue: str,
    form: SessionForm,
    convener: str | None,
    liaison_group_id: UUID | None,
) -> UUID:
    """A session stands in the calendar, its topics are scheduled and their departments are told.

    Returns its id. Raises NotFound, PlatformClosed, Forbidden, AgendaEmpty, IllegalTransition, PlanNotApproved,
    ConstraintViolated.
    """
    if not topic_ids:
        raise AgendaEmpty
    platform = await open_platform_by_id(tx, platform_id, today=china_day(clock.now()))
    role = actor.require(platform.division_number, *STAFF)
    topics = await lock_topics(tx, topic_ids, path="topics")
    session = Session(
        platform_id=platform.id,
        division_number=platform.division_number,
        status=SessionStatus.SCHEDULED,
        scheduled_at=scheduled_at,
        venue=venue,
        form=form,
        convener=convener,
        liaison_group_id=liaison_group_id,
    )
    tx.add(session)
    await tx.flush()
    for position, topic in enumerate(topics, start=1):
        actor.require(topic.division_number, *STAFF)
        tx.add(SessionTopic(session_id=session.id, topic_id=topic.id, position=position))
        move(topic, "schedule")
        topic.scheduled_at = scheduled_at
    await require_planned(tx, topics, china_day(scheduled_at).year)
    await announce_session(tx, TopicScheduled, session, topics, actor, role, clock, form=form)
    return session.id


async def reschedule_session(  # noqa: PLR0913 -- the facts of a change
    *,
    tx: WriteTx,
    actor: Actor,
    clock: Clock,
    session_id: UUID,
    scheduled_at: datetime | None,
    venue: str | None,
) -> UUID:
    """The session has another time and place; without a time it is postponed until it gets one.

    In another year its key topics have to stand in a plan for that one. Raises NotFound, Forbidden,
    IllegalTransition, PlanNotApproved, ConstraintViolated.
    """
    session, role = await guarded_session(tx, actor, session_id, *STAFF)
    session.status = advance(LIFECYCLE, "session", session.status, "reschedule" if scheduled_at else "postpone")
    year_before = china_day(session.scheduled_at).year
    session.scheduled_at = scheduled_at or session.scheduled_at
    session.venue = venue or session.venue
    topics = await open_topics(tx, session)
    year = china_day(session.scheduled_at).year
    if year != year_before:
        await require_planned(tx, topics, year, path="scheduled_at")
    for topic in topics:
        topic.scheduled_at = session.scheduled_at
        topic.version += 1
    postponed = session.status is SessionStatus.POSTPONED
    act = "topic.postponed" if postponed else TopicRescheduled.type
    await announce_session(tx, TopicRescheduled, session, topics, actor, role, clock, act=act, postponed=postponed)
    return session.id


async def cancel_session(*, tx: WriteTx, actor: Actor, clock: Clock, session_id: UUID, reason: str) -> UUID:
    """The session will not take place; topics that no other session takes are listed again.

    Raises NotFound, Forbidden, IllegalTransition.
    """
    session, role = await guarded_session(tx, actor, session_id, *STAFF)
    session.status = advance(LIFECYCLE, "session", session.status, "cancel")
    await tx.flush()
    topics = await open_topics(tx, session)
    for topic in topics:
        following = await _next_session(tx, topic)
        if following is None:
            move(topic, "unschedule")
        else:
            topic.version += 1
        topic.scheduled_at = following
    await announce_session(tx, TopicCancelled, session, topics, actor, role, clock, reason=reason)
    return session.id


async def _next_session(tx: WriteTx, topic: Topic) -> datetime | None:
    """Return when the topic's next session still in the calendar is."""
    found: datetime | None = await tx.scalar(
        select(func.min(Session.scheduled_at))
        .join(SessionTopic, SessionTopic.session_id == Session.id)  # type: ignore[arg-type]
        .where(
            SessionTopic.topic_id == topic.id,  # type: ignore[arg-type]
            Session.status.in_(STANDING),  # type: ignore[attr-defined]
        )
    )
    return found
