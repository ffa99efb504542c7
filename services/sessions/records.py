"""Sessions and their topics under lock, and how departments hear of them."""

from collections.abc import Sequence
from typing import TypeVar
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlmodel import col

from services.core.act import Act
from services.core.actor import Role
from services.core.database import WriteTx
from services.core.ids import node_id
from services.core.lookup import row_by_id
from services.sessions.enums import SessionStatus
from services.sessions.events import SessionEvent
from services.sessions.models import Session, SessionTopic
from services.topics.enums import TopicStatus
from services.topics.models import Topic
from services.topics.records import about, addressees, lock_topics, tell

STANDING = (SessionStatus.SCHEDULED, SessionStatus.POSTPONED)
"""States of a session that is still to be held."""

AGENDA = (
    select(col(SessionTopic.topic_id))
    .where(col(SessionTopic.session_id) == bindparam("session"))
    .order_by(col(SessionTopic.position))
)

S = TypeVar("S", bound=SessionEvent)


async def authorized_session(act: Act, session_id: UUID, *roles: Role) -> tuple[Session, Role]:
    """Return the session, locked after its topics, and which of the roles the caller has over its place.

    Raises NotFound, Forbidden.
    """
    session = await row_by_id(act.tx, Session, session_id, "session")
    role = act.actor.require(session.division_number, *roles)
    await open_topics(act.tx, session)
    await act.tx.refresh(session, with_for_update=True)
    return session, role


async def agenda_of(tx: WriteTx, session: Session) -> list[Topic]:
    """Return the session's topics, locked, in the order of its agenda, those withdrawn meanwhile too."""
    rows = await tx.run(AGENDA, {"session": session.id})
    return await lock_topics(tx, [row.topic_id for row in rows], path="topics")


async def open_topics(tx: WriteTx, session: Session) -> list[Topic]:
    """Return the session's topics, locked, in the order of its agenda; those withdrawn meanwhile are left out."""
    return standing(await agenda_of(tx, session))


def standing(agenda: Sequence[Topic]) -> list[Topic]:
    """Return those of the topics that are not withdrawn."""
    return [topic for topic in agenda if topic.status is not TopicStatus.WITHDRAWN]


async def standing_sessions(tx: WriteTx, topic: Topic) -> list[Session]:
    """Return the topic's sessions that are still to be held, postponed ones too, in the calendar's order."""
    return list(
        await tx.scalars(
            select(Session)
            .join(SessionTopic, col(SessionTopic.session_id) == Session.id)
            .where(col(SessionTopic.topic_id) == topic.id, col(Session.status).in_(STANDING))
            .order_by(col(Session.scheduled_at), col(Session.id))
        )
    )


def of_session(event: type[S], topic: Topic, session: Session, **facts: object) -> S:
    """Return an event about a topic and its session as both stand."""
    place = {"session_at": session.scheduled_at, "venue": session.venue}
    return about(event, topic, session_id=node_id("session", session.id), **place, **facts)


async def announce_session(  # noqa: PLR0913, PLR0917 -- what an announcement is made of
    act: Act,
    event: type[SessionEvent],
    session: Session,
    topics: Sequence[Topic],
    role: Role,
    entry: str | None = None,
    *,
    told: bool = True,
    corrections: str | None = None,
    **facts: object,
) -> None:
    """Tell the departments of each topic, topics in primary-key order so that lanes are locked in one order.

    Where they are not told, it stands in the feed and the trace alone; `corrections` is what the trace tells of them.
    """
    for topic in sorted(topics, key=lambda one: one.id):
        said = of_session(event, topic, session, **facts)
        whom, subject = await addressees(act.tx, topic) if told else [], ("session", session.id)
        await tell(act, said, whom, role=role, entry=entry, subject=subject, corrections=corrections)
