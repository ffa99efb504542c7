from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.core.act import Act
from services.core.actor import ACTS
from services.core.clock import china_day
from services.core.lifecycle import advance
from services.plans.records import require_planned
from services.platforms.records import open_platform_by_id
from services.sessions.calendar import settle_calendar
from services.sessions.enums import SessionForm, SessionStatus
from services.sessions.errors import AgendaEmpty
from services.sessions.events import TopicCancelled, TopicRescheduled, TopicScheduled
from services.sessions.models import Session, SessionTopic
from services.sessions.records import announce_session, authorized_session, standing, tellings
from services.sessions.rules import LIFECYCLE, change_of, require_ahead
from services.topics.records import lock_topics, move, require_move

CHANGES = {"reschedule": None, "postpone": "topic.postponed", "move": "topic.moved"}
"""What of a session is changed → what the trace calls it, where it is not called as the event."""


async def schedule_session(  # noqa: PLR0913 -- the facts of a session
    act: Act,
    *,
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
    require_ahead(scheduled_at, act.today())
    platform, topics = await act.tx.gather(
        open_platform_by_id(act.tx, platform_id, today=act.today()), lock_topics(act.tx, topic_ids, path="topics")
    )
    role = act.actor.require(platform.division_number, *ACTS)
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
    act.tx.add(session)
    await act.tx.flush()
    for position, topic in enumerate(topics, start=1):
        act.actor.require(topic.division_number, *ACTS)
        act.tx.add(SessionTopic(session_id=session.id, topic_id=topic.id, position=position))
        require_move(topic, "schedule")
    _, _, known = await act.tx.gather(
        settle_calendar(act.tx, topics),
        require_planned(act.tx, topics, china_day(scheduled_at).year),
        tellings(act.tx, topics),
    )
    for topic in topics:
        move(topic, "schedule")
    await announce_session(act, TopicScheduled, session, topics, role, known=known, form=form)
    return session.id


async def reschedule_session(
    act: Act,
    *,
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
        require_ahead(scheduled_at, act.today())
    session, agenda, role = await authorized_session(act, session_id, *ACTS)
    session.status = advance(LIFECYCLE, "session", session.status, change)
    year_before = china_day(session.scheduled_at).year
    session.scheduled_at = scheduled_at or session.scheduled_at
    session.venue = session.venue if venue is None else venue
    topics = standing(agenda)
    year = china_day(session.scheduled_at).year
    if year != year_before:
        await require_planned(act.tx, topics, year, path="scheduled_at")
    await settle_calendar(act.tx, topics)
    for topic in topics:
        topic.version += 1
    postponed = session.status is SessionStatus.POSTPONED
    entry = CHANGES[change]
    await announce_session(act, TopicRescheduled, session, topics, role, entry=entry, postponed=postponed)
    return session.id


async def cancel_session(act: Act, *, session_id: UUID, reason: str) -> UUID:
    """The session will not take place; topics that no other session takes are listed again.

    Raises NotFound, Forbidden, IllegalTransition.
    """
    session, agenda, role = await authorized_session(act, session_id, *ACTS)
    session.status = advance(LIFECYCLE, "session", session.status, "cancel")
    topics = standing(agenda)
    awaited, known = await act.tx.gather(settle_calendar(act.tx, topics), tellings(act.tx, topics))
    for topic in topics:
        if topic.id in awaited:
            topic.version += 1
        else:
            move(topic, "unschedule")
    await announce_session(act, TopicCancelled, session, topics, role, known=known, reason=reason)
    return session.id
