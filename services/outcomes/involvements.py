"""Departments get and lose their parts in topics: who joins hears of what stands, who leaves is left with no work."""

from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from services.core.act import Act
from services.core.transaction import WriteTx
from services.departments.records import department_by_code
from services.notices.announce import Addressee, announce
from services.notices.events import TopicEvent
from services.outcomes.models import Outcome
from services.outcomes.records import agreed, withdraw_commitments
from services.sessions.enums import SessionStatus
from services.sessions.events import TopicRescheduled, TopicScheduled
from services.sessions.records import of_session, standing_sessions
from services.topics.enums import InvolvementRole
from services.topics.errors import NotInvolved
from services.topics.events import DepartmentInvolved, DepartmentReleased, TopicListed
from services.topics.models import Involvement, Topic
from services.topics.records import about, authorized_topic, involvements, require_open, tell


async def involve_department(act: Act, *, topic_id: UUID, department: str, role: InvolvementRole) -> UUID:
    """The department has a part in the topic; of one that is listed it is told, with its sessions and agreements.

    Raises NotFound, Forbidden, TopicClosed, ConstraintViolated (already involved, a second lead).
    """
    topic, acting = await authorized_topic(act, topic_id)
    require_open(topic)
    involved = await department_by_code(act.tx, department)
    act.tx.add(Involvement(topic_id=topic.id, department_id=involved.id, role=role, since=act.now()))
    topic.version += 1
    await act.tx.flush()
    told = [] if topic.listed_at is None else [Addressee(involved.id, role.value)]
    event: TopicEvent
    if told:
        event = about(TopicListed, topic, listed_at=topic.listed_at)
    else:
        event = about(DepartmentInvolved, topic, involved=involved.code)
    await tell(
        act, event, told, role=acting, entry=DepartmentInvolved.type,
        subject=("department", involved.id), department=involved.name, part=role,
    )  # fmt: skip
    if told:
        for standing in await _what_stands(act.tx, topic):
            await announce(act, standing, told)
    return topic.id


async def _what_stands(tx: WriteTx, topic: Topic) -> list[TopicEvent]:
    """Return what a department has to know that joins late: sessions still to come, then what was agreed on."""
    events: list[TopicEvent] = []
    for session in await standing_sessions(tx, topic):
        events.append(of_session(TopicScheduled, topic, session, form=session.form))
        if session.status is SessionStatus.POSTPONED:
            events.append(of_session(TopicRescheduled, topic, session, postponed=True))
    outcomes = (
        select(Outcome).where(col(Outcome.topic_id) == topic.id).order_by(col(Outcome.reached_on), col(Outcome.id))
    )
    return [*events, *(agreed(topic, outcome) for outcome in await tx.scalars(outcomes))]


async def release_department(act: Act, *, topic_id: UUID, department: str, reason: str | None) -> UUID:
    """The department's part in the topic has ended, and so has what it was still to do there; it is told both.

    Raises NotFound, Forbidden, TopicClosed, NotInvolved.
    """
    topic, acting = await authorized_topic(act, topic_id)
    require_open(topic)
    released = await department_by_code(act.tx, department)
    part = next((part for part in await involvements(act.tx, topic) if part.department_id == released.id), None)
    if part is None:
        raise NotInvolved(department, topic.number)
    await withdraw_commitments(act, topic, released.id, reason=reason, role=acting)
    part.until = act.now()
    topic.version += 1
    event = about(DepartmentReleased, topic, released_at=part.until)
    told = [Addressee(released.id, part.role.value)] if topic.listed_at is not None else []
    await tell(
        act, event, told, role=acting, subject=("department", released.id), department=released.name,
    )  # fmt: skip
    return topic.id
