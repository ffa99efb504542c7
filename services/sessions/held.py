"""Sessions that were held: who came, what they said, and what members add later."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from services.core.act import Act
from services.core.actor import ACTS, Role
from services.core.bounds import SHOWN
from services.core.ids import new_id, node_id
from services.core.lifecycle import advance
from services.core.lookup import row_by_id
from services.core.transaction import WriteTx
from services.departments.models import Department
from services.departments.records import departments_by_code, known
from services.members.models import Member
from services.members.records import linked_members, own_member
from services.sessions.calendar import settle_calendar
from services.sessions.enums import ParticipantRole, SessionStatus
from services.sessions.errors import (
    AuthorNotMember,
    GuestNotOfDepartment,
    HeadcountTooSmall,
    MemberNotPresent,
    MinutesEmpty,
    MinutesRecorded,
    PublicNotPresent,
    SessionNotHeld,
    TopicNotOnAgenda,
)
from services.sessions.events import OpinionAdded, SessionHeld, SessionMinuted
from services.sessions.models import Attendance, Opinion, Session
from services.sessions.records import announce_session, authorized_session, standing, tellings
from services.sessions.rules import LIFECYCLE, lacks_public, require_held_in_time
from services.topics.models import Topic
from services.topics.records import about, move, require_move, tell

OF_DEPARTMENTS = frozenset({ParticipantRole.DEPARTMENT, ParticipantRole.ENTERPRISE})
"""The parts in which people of a registered department or company come."""


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
    act: Act,
    *,
    session_id: UUID,
    held_at: datetime | None,
    minutes: str | None,
    headcount: int | None,
    headcount_is_lower_bound: bool,
    attendances: Sequence[Attended],
    opinions: Sequence[Voiced],
) -> UUID:
    """The session was held: its minutes, who came, what they said, and its topics are deliberated.

    Their departments are told. Where the policy requires it, somebody of the affected public came where a key topic was
    taken. Raises NotFound, Forbidden, IllegalTransition, NotYetHappened, TooEarly, HeadcountTooSmall,
    PublicNotPresent, TopicNotOnAgenda, AuthorNotMember, GuestNotOfDepartment, MemberNotPresent, ConstraintViolated.
    """
    guests = [one.department for one in attendances if one.department]
    (session, agenda, role), departments = await act.tx.gather(
        authorized_session(act, session_id, *ACTS), departments_by_code(act.tx, guests)
    )
    if headcount is not None and headcount < len(attendances):
        raise HeadcountTooSmall(headcount, len(attendances))
    session.status = advance(LIFECYCLE, "session", session.status, "hold")
    session.held_at = held_at or act.now()
    session.minutes = minutes
    session.headcount = headcount if headcount is not None else len(attendances) or None
    session.headcount_is_lower_bound = headcount_is_lower_bound
    await _keep_attendances(act.tx, session, attendances, departments)
    topics = standing(agenda)
    if act.policy.require_public_attendee and lacks_public(
        [topic.kind for topic in topics], [one.role for one in attendances]
    ):
        raise PublicNotPresent
    present = {one.member_id for one in attendances}
    for voiced in opinions:
        _require_present(voiced, present, within="opinions")
        act.tx.add(_opinion(session, topics, voiced, session.held_at, within="opinions"))
    require_held_in_time(session.held_at, [topic.proposed_at for topic in topics], act.now())
    for topic in topics:
        require_move(topic, "deliberate")
    _, known = await act.tx.gather(settle_calendar(act.tx, agenda), tellings(act.tx, topics))
    for topic in topics:
        move(topic, "deliberate")
    at, many = session.held_at, session.headcount
    await announce_session(act, SessionHeld, session, topics, role, known=known, held_at=at, headcount=many)
    return session.id


async def record_minutes(act: Act, *, session_id: UUID, minutes: str) -> UUID:
    """A session that was recorded as held without minutes has them.

    Returns its id. Raises NotFound, Forbidden, SessionNotHeld, MinutesRecorded, MinutesEmpty.
    """
    session, agenda, role = await authorized_session(act, session_id, *ACTS)
    if session.status is not SessionStatus.HELD:
        raise SessionNotHeld(session.status)
    if session.minutes is not None:
        raise MinutesRecorded
    if not SHOWN.search(minutes):
        raise MinutesEmpty
    session.minutes = minutes
    key = node_id("session", session.id)
    for topic in standing(agenda):
        event = about(SessionMinuted, topic, session_id=key)
        await tell(act, event, [], role=role, subject=("session", session.id))
    return session.id


async def add_opinion(act: Act, *, session_id: UUID, voiced: Voiced) -> UUID:
    """An opinion stands beside those recorded in the session: a member's own, or what staff heard somebody say.

    Returns the opinion's id. Raises NotFound, Forbidden, SessionNotHeld, TopicNotOnAgenda, AuthorNotMember,
    MemberNotLinked, NotOwnMember, MemberUnclear, MemberNotPresent, ConstraintViolated.
    """
    session, agenda, _ = await authorized_session(act, session_id, Role.MEMBER, *ACTS)
    if session.status is not SessionStatus.HELD:
        raise SessionNotHeld(session.status)
    role, voiced = await _speaking(act, session, voiced)
    topics = standing(agenda)
    opinion = _opinion(session, topics, voiced, act.now())
    act.tx.add(opinion)
    for topic in topics:
        if voiced.topic_id in {None, topic.id}:
            event = about(OpinionAdded, topic, opinion_id=node_id("opinion", opinion.id))
            await tell(act, event, [], role=role, subject=("opinion", opinion.id))
    return opinion.id


async def _speaking(act: Act, session: Session, voiced: Voiced) -> tuple[Role, Voiced]:
    """Return the role in which the caller adds an opinion, and the opinion with its speaker.

    Raises Forbidden, MemberNotLinked, NotOwnMember, MemberUnclear, NotFound, MemberNotPresent.
    """
    place, as_member = session.division_number, voiced.role is ParticipantRole.MEMBER
    if as_member and act.actor.holds(place, Role.MEMBER):
        linked = await linked_members(act)
        if voiced.member_id in linked or not act.actor.holds(place, *ACTS):
            return Role.MEMBER, replace(voiced, member_id=own_member(linked, voiced.member_id))
    role = act.actor.require(place, *ACTS)
    if as_member and voiced.member_id is not None:
        await row_by_id(act.tx, Member, voiced.member_id, "member")
        rows = await act.tx.scalars(select(col(Attendance.member_id)).where(col(Attendance.session_id) == session.id))
        _require_present(voiced, set(rows))
    return role, voiced


def _require_present(voiced: Voiced, present: Collection[UUID | None], *, within: str | None = None) -> None:
    """Require that the member of whom staff writes down an opinion came. Raises MemberNotPresent."""
    if voiced.role is ParticipantRole.MEMBER and voiced.member_id is not None and voiced.member_id not in present:
        path = (within, "member") if within else ("member",)
        raise MemberNotPresent(node_id("member", voiced.member_id), path=path)


async def _keep_attendances(
    tx: WriteTx, session: Session, attendances: Sequence[Attended], departments: Mapping[str, Department]
) -> None:
    """Write who came, in order. Raises AuthorNotMember, GuestNotOfDepartment, NotFound for a department."""
    rows = []
    for position, attended in enumerate(attendances, start=1):
        if attended.member_id is not None and attended.role is not ParticipantRole.MEMBER:
            raise AuthorNotMember(attended.role, path=("attendances", "role"))
        if attended.department is not None and attended.role not in OF_DEPARTMENTS:
            raise GuestNotOfDepartment(attended.role)
        row = {
            "id": new_id(),
            "session_id": session.id,
            "position": position,
            "name": attended.name,
            "role": attended.role,
            "member_id": attended.member_id,
            "department_id": known(departments, attended.department).id if attended.department else None,
        }
        rows.append(row)
    await tx.insert(Attendance, *rows)


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
        raise AuthorNotMember(voiced.role, path=(*path, "role"))
    return Opinion(
        session_id=session.id,
        topic_id=voiced.topic_id,
        role=voiced.role,
        member_id=voiced.member_id,
        at=at,
        text=voiced.text,
    )
