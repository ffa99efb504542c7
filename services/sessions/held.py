"""Sessions that were held: who came, what they said, and what members add later."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.core.actor import Actor, Role
from services.core.clock import Clock
from services.core.database import WriteTx
from services.core.ids import node_id
from services.core.lifecycle import advance
from services.departments.records import department_by_code
from services.sessions.enums import ParticipantRole, SessionStatus
from services.sessions.errors import (
    AuthorNotMember,
    HeadcountTooSmall,
    MinutesEmpty,
    MinutesRecorded,
    PublicNotPresent,
    SessionNotHeld,
    TopicNotOnAgenda,
)
from services.sessions.events import OpinionAdded, SessionHeld, SessionMinuted
from services.sessions.models import Attendance, Opinion, Session
from services.sessions.records import STAFF, announce_session, guarded_session, open_topics
from services.sessions.rules import LIFECYCLE, lacks_public
from services.topics.models import Topic
from services.topics.records import about, move, tell


@dataclass(frozen=True, slots=True)
class Attended:
    """Somebody who came: in which part, named or not, a known member or a department's people."""

    role: ParticipantRole
    name: str | None = None
    member_id: UUID | None = None
    department: str | None = None


@dataclass(frozen=True, slots=True)
class Voiced:
    """What somebody said: in which part, of which of the session's topics or of all, a known member or not."""

    role: ParticipantRole
    text: str
    topic_id: UUID | None = None
    member_id: UUID | None = None


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
    opinions: Sequence[Voiced],
    requires_public: bool,
) -> UUID:
    """The session was held: its minutes, who came, what they said, and its topics are deliberated.

    Their departments are told. With `requires_public`, somebody of the affected public came where a key topic was
    taken. Raises NotFound, Forbidden, IllegalTransition, HeadcountTooSmall, PublicNotPresent, TopicNotOnAgenda,
    AuthorNotMember, ConstraintViolated.
    """
    session, role = await guarded_session(tx, actor, session_id, *STAFF)
    if headcount is not None and headcount < len(attendances):
        raise HeadcountTooSmall(headcount, len(attendances))
    session.status = advance(LIFECYCLE, "session", session.status, "hold")
    session.held_at = held_at or clock.now()
    session.minutes = minutes
    session.headcount = headcount if headcount is not None else len(attendances) or None
    session.headcount_is_lower_bound = headcount_is_lower_bound
    for position, attended in enumerate(attendances, start=1):
        tx.add(await _attendance(tx, session, position, attended))
    topics = await open_topics(tx, session)
    if requires_public and lacks_public([topic.kind for topic in topics], [one.role for one in attendances]):
        raise PublicNotPresent
    for voiced in opinions:
        tx.add(_opinion(session, topics, voiced, session.held_at, within="opinions"))
    for topic in topics:
        move(topic, "deliberate")
    await announce_session(
        tx, SessionHeld, session, topics, actor, role, clock, held_at=session.held_at, headcount=session.headcount
    )
    return session.id


async def record_minutes(*, tx: WriteTx, actor: Actor, clock: Clock, session_id: UUID, minutes: str) -> UUID:
    """A session that was recorded as held without minutes has them.

    Returns its id. Raises NotFound, Forbidden, SessionNotHeld, MinutesRecorded, MinutesEmpty.
    """
    session, role = await guarded_session(tx, actor, session_id, *STAFF)
    if session.status is not SessionStatus.HELD:
        raise SessionNotHeld(session.status.value)
    if session.minutes is not None:
        raise MinutesRecorded
    if not minutes.strip():
        raise MinutesEmpty
    session.minutes = minutes.strip()
    key = node_id("session", session.id)
    for topic in await open_topics(tx, session):
        event = about(SessionMinuted, topic, session_id=key)
        await tell(tx, event, [], actor=actor, role=role, clock=clock, subject=("session", session.id))
    return session.id


async def add_opinion(*, tx: WriteTx, actor: Actor, clock: Clock, session_id: UUID, voiced: Voiced) -> UUID:
    """An opinion stands beside those recorded in the session; members speak for themselves, staff for anybody.

    Returns the opinion's id. Raises NotFound, Forbidden, SessionNotHeld, TopicNotOnAgenda, AuthorNotMember,
    ConstraintViolated.
    """
    session, role = await guarded_session(tx, actor, session_id, Role.MEMBER, *STAFF)
    if session.status is not SessionStatus.HELD:
        raise SessionNotHeld(session.status.value)
    if voiced.role is not ParticipantRole.MEMBER:
        actor.require(session.division_number, *STAFF)
    topics = await open_topics(tx, session)
    opinion = _opinion(session, topics, voiced, clock.now())
    tx.add(opinion)
    for topic in topics:
        if voiced.topic_id in {None, topic.id}:
            event = about(OpinionAdded, topic, opinion_id=node_id("opinion", opinion.id))
            await tell(tx, event, [], actor=actor, role=role, clock=clock, subject=("opinion", opinion.id))
    return opinion.id


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


def _opinion(
    session: Session, topics: Sequence[Topic], voiced: Voiced, at: datetime, *, within: str | None = None
) -> Opinion:
    """Return the row of an opinion; `within` is the input's list that it stands in.

    Raises TopicNotOnAgenda, AuthorNotMember.
    """
    path = (within,) if within else ()
    if voiced.topic_id is not None and voiced.topic_id not in {topic.id for topic in topics}:
        raise TopicNotOnAgenda(node_id("topic", voiced.topic_id), path=(*path, "topic"))
    if voiced.member_id is not None and voiced.role is not ParticipantRole.MEMBER:
        raise AuthorNotMember(voiced.role.value, path=(*path, "role"))
    return Opinion(
        session_id=session.id,
        topic_id=voiced.topic_id,
        role=voiced.role,
        member_id=voiced.member_id,
        at=at,
        text=voiced.text,
    )
