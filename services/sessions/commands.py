from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.core.actor import Actor
from services.core.clock import Clock, china_day
from services.core.database import WriteTx
from services.core.lifecycle import advance
from services.plans.records import require_planned
from services.platforms.records import open_platform_by_id
from services.sessions.calendar import settle_calendar
from services.sessions.enums import SessionForm, SessionStatus
from services.sessions.errors import AgendaEmpty
from services.sessions.events import TopicCancelled, TopicRescheduled, TopicScheduled
from services.sessions.models import Session, SessionTopic
from services.sessions.records import STAFF, announce_session, guarded_session, open_topics
from services.sessions.rules import LIFECYCLE, change_of, require_ahead
from services.topics.records import lock_topics, move

CHANGES = {"reschedule": TopicRescheduled.type, "postpone": "topic.postponed", "move": "topic.moved"}
"""What of a session is changed → what the trace calls it."""


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

    Returns its id. Raises NotFound, PlatformClosed, Forbidden, AgendaEmpty, SessionPast, IllegalTransition,
    PlanNotApproved, ConstraintViolated.
    """
    if not topic_ids:
        raise AgendaEmpty
    require_ahead(scheduled_at, china_day(clock.now()))
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
    await settle_calendar(tx, topics)
    await require_planned(tx, topics, china_day(scheduled_at).year)
    await announce_session(tx, TopicScheduled, session, topics, actor, role, clock, form=form)
    return session.id


async def reschedule_session(  # noqa: PLR0913 -- the facts of a change
    *,
    tx: WriteTx,
    actor: Actor,
    clock: Clock,
    session_id: UUID,
    scheduled_at: datetime | None = None,
    venue: str | None = None,
    postpone: bool = False,
) -> UUID:
    """The session has another time or another place, or is postponed until it gets another time.

    With a venue alone its time and state stay as they are. In another year its key topics have to stand in a plan for
    that one. Raises NotFound, Forbidden, NothingRescheduled, PostponedWithTime, SessionPast, IllegalTransition,
    PlanNotApproved, ConstraintViolated.
    """
    change = change_of(scheduled_at, venue, postpone=postpone)
    if scheduled_at is not None:
        require_ahead(scheduled_at, china_day(clock.now()))
    session, role = await guarded_session(tx, actor, session_id, *STAFF)
    session.status = advance(LIFECYCLE, "session", session.status, change)
    year_before = china_day(session.scheduled_at).year
    session.scheduled_at = scheduled_at or session.scheduled_at
    session.venue = session.venue if venue is None else venue
    topics = await open_topics(tx, session)
    year = china_day(session.scheduled_at).year
    if year != year_before:
        await require_planned(tx, topics, year, path="scheduled_at")
    await settle_calendar(tx, topics)
    for topic in topics:
        topic.version += 1
    postponed = session.status is SessionStatus.POSTPONED
    act = CHANGES[change]
    await announce_session(tx, TopicRescheduled, session, topics, actor, role, clock, act=act, postponed=postponed)
    return session.id


async def cancel_session(*, tx: WriteTx, actor: Actor, clock: Clock, session_id: UUID, reason: str) -> UUID:
    """The session will not take place; topics that no other session takes are listed again.

    Raises NotFound, Forbidden, IllegalTransition.
    """
    session, role = await guarded_session(tx, actor, session_id, *STAFF)
    session.status = advance(LIFECYCLE, "session", session.status, "cancel")
    topics = await open_topics(tx, session)
    awaited = await settle_calendar(tx, topics)
    for topic in topics:
        if topic.id in awaited:
            topic.version += 1
        else:
            move(topic, "unschedule")
    await announce_session(tx, TopicCancelled, session, topics, actor, role, clock, reason=reason)
    return session.id
