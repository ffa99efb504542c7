from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from services.core.actor import Actor, Role
from services.core.clock import Clock, china_day
from services.core.database import WriteTx
from services.core.errors import NotFound
from services.core.ids import node_id
from services.core.lifecycle import advance
from services.departments.records import department_by_code
from services.plans.records import require_planned
from services.platforms.records import open_platform_by_id
from services.sessions.enums import ParticipantRole, SessionForm, SessionStatus
from services.sessions.errors import AgendaEmpty, HeadcountTooSmall
from services.sessions.events import SessionEvent, SessionHeld, TopicCancelled, TopicRescheduled, TopicScheduled
from services.sessions.models import Attendance, Session, SessionTopic
from services.sessions.rules import LIFECYCLE
from services.topics.enums import TopicStatus
from services.topics.models import Topic
from services.topics.records import about, addressees, lock_topics, move, tell

STAFF = (Role.CADRE, Role.SECRETARIAT)


@dataclass(frozen=True, slots=True)
class Attended:
    """Somebody who came: in which part, named or not, a known member or a department's people."""

    role: ParticipantRole
    name: str | None = None
    member_id: UUID | None = None
    department: str | None = None


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
    await _announce(tx, TopicScheduled, session, topics, actor, role, clock, form=form)
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
    session, role = await _guarded(tx, actor, session_id)
    session.status = advance(LIFECYCLE, "session", session.status, "reschedule" if scheduled_at else "postpone")
    year_before = china_day(session.scheduled_at).year
    session.scheduled_at = scheduled_at or session.scheduled_at
    session.venue = venue or session.venue
    topics = await _open_topics(tx, session)
    year = china_day(session.scheduled_at).year
    if year != year_before:
        await require_planned(tx, topics, year, path="scheduled_at")
    for topic in topics:
        topic.scheduled_at = session.scheduled_at
        topic.version += 1
    postponed = session.status is SessionStatus.POSTPONED
    act = "topic.postponed" if postponed else TopicRescheduled.type
    await _announce(tx, TopicRescheduled, session, topics, actor, role, clock, act=act, postponed=postponed)
    return session.id


async def cancel_session(*, tx: WriteTx, actor: Actor, clock: Clock, session_id: UUID, reason: str) -> UUID:
    """The session will not take place; topics that no other session takes are listed again.

    Raises NotFound, Forbidden, IllegalTransition.
    """
    session, role = await _guarded(tx, actor, session_id)
    session.status = advance(LIFECYCLE, "session", session.status, "cancel")
    await tx.flush()
    topics = await _open_topics(tx, session)
    for topic in topics:
        following = await _next_session(tx, topic)
        if following is None:
            move(topic, "unschedule")
        else:
            topic.version += 1
        topic.scheduled_at = following
    await _announce(tx, TopicCancelled, session, topics, actor, role, clock, reason=reason)
    return session.id


async def record_session(  # noqa: PLR0913 -- the facts of a session held
    *,
    tx: WriteTx,
    actor: Actor,
    clock: Clock,
    session_id: UUID,
    held_at: datetime | None,
    minutes: str | None,
    headcount: int | None,
    headcount_is_lower_bound: bool,
    attendances: Sequence[Attended],
) -> UUID:
    """The session was held: its minutes, who came, and its topics are deliberated; their departments are told.

    Raises NotFound, Forbidden, IllegalTransition, HeadcountTooSmall, ConstraintViolated.
    """
    session, role = await _guarded(tx, actor, session_id)
    if headcount is not None and headcount < len(attendances):
        raise HeadcountTooSmall(headcount, len(attendances))
    session.status = advance(LIFECYCLE, "session", session.status, "hold")
    session.held_at = held_at or clock.now()
    session.minutes = minutes
    session.headcount = headcount if headcount is not None else len(attendances) or None
    session.headcount_is_lower_bound = headcount_is_lower_bound
    for position, attended in enumerate(attendances, start=1):
        tx.add(await _attendance(tx, session, position, attended))
    topics = await _open_topics(tx, session)
    for topic in topics:
        move(topic, "deliberate")
    await _announce(
        tx, SessionHeld, session, topics, actor, role, clock, held_at=session.held_at, headcount=session.headcount
    )
    return session.id


async def _guarded(tx: WriteTx, actor: Actor, session_id: UUID) -> tuple[Session, Role]:
    """Return the session, locked after its topics, for staff of its place, and the role they act in.

    Raises NotFound, Forbidden.
    """
    session = await tx.get(Session, session_id)
    if session is None:
        raise NotFound("session", node_id("session", session_id), path=("session",))
    role = actor.require(session.division_number, *STAFF)
    await _open_topics(tx, session)
    await tx.refresh(session, with_for_update=True)
    return session, role


async def _open_topics(tx: WriteTx, session: Session) -> list[Topic]:
    """Return the session's topics, locked, in the order of its agenda; those withdrawn meanwhile are left out."""
    rows = await tx.execute(
        select(SessionTopic.topic_id)  # type: ignore[call-overload]
        .where(SessionTopic.session_id == session.id)
        .order_by(SessionTopic.position)
    )
    topics = await lock_topics(tx, list(rows.scalars()), path="topics")
    return [topic for topic in topics if topic.status is not TopicStatus.WITHDRAWN]


async def _next_session(tx: WriteTx, topic: Topic) -> datetime | None:
    """Return when the topic's next session still in the calendar is."""
    found: datetime | None = await tx.scalar(
        select(func.min(Session.scheduled_at))
        .join(SessionTopic, SessionTopic.session_id == Session.id)  # type: ignore[arg-type]
        .where(
            SessionTopic.topic_id == topic.id,  # type: ignore[arg-type]
            Session.status.in_([SessionStatus.SCHEDULED, SessionStatus.POSTPONED]),  # type: ignore[attr-defined]
        )
    )
    return found


async def _attendance(tx: WriteTx, session: Session, position: int, attended: Attended) -> Attendance:
    """Return the row of somebody who came. Raises NotFound for a department's code."""
    department = await department_by_code(tx, attended.department) if attended.department else None
    return Attendance(
        session_id=session.id,
        position=position,
        name=attended.name,
        role=attended.role,
        member_id=attended.member_id,
        department_id=department.id if department else None,
    )


async def _announce(  # noqa: PLR0913, PLR0917 -- what an announcement is made of
    tx: WriteTx,
    event: type[SessionEvent],
    session: Session,
    topics: Sequence[Topic],
    actor: Actor,
    role: Role,
    clock: Clock,
    act: str | None = None,
    **facts: object,
) -> None:
    """Tell the departments of each topic, topics in primary-key order so that lanes are locked in one order."""
    for topic in sorted(topics, key=lambda one: one.id):
        told = about(
            event,
            topic,
            session_id=node_id("session", session.id),
            session_at=session.scheduled_at,
            venue=session.venue,
            **facts,
        )
        whom, subject = await addressees(tx, topic), ("session", session.id)
        await tell(tx, told, whom, actor=actor, role=role, clock=clock, act=act, subject=subject)
