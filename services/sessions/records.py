"""Sessions and their topics under lock, and how departments hear of them."""

from collections.abc import Mapping, Sequence
from typing import TypeVar
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlmodel import col

from services.core.act import Act
from services.core.actor import Role
from services.core.direct import rows_of
from services.core.ids import node_id
from services.core.lookup import row_by_id
from services.core.transaction import WriteTx
from services.notices.announce import Addressee
from services.sessions.enums import SessionStatus
from services.sessions.events import SessionEvent
from services.sessions.models import Session, SessionTopic
from services.topics.enums import TopicStatus
from services.topics.models import Topic
from services.topics.records import Telling, about, tell, telling

STANDING = (SessionStatus.SCHEDULED, SessionStatus.POSTPONED)
"""States of a session that is still to be held."""

AGENDA = (
    select(col(SessionTopic.topic_id))
    .where(col(SessionTopic.session_id) == bindparam("session"))
    .order_by(col(SessionTopic.position))
)
ON_AGENDA = rows_of(Topic).where(col(Topic.id).in_(AGENDA.order_by(None))).order_by(col(Topic.id)).with_for_update()
"""The same topics, locked in primary-key order: the agenda of a session never changes."""

S = TypeVar("S", bound=SessionEvent)


async def authorized_session(act: Act, session_id: UUID, *roles: Role) -> tuple[Session, list[Topic], Role]:
    """Return the session, locked after its topics, its agenda, and which of the roles the caller has over its place.

    Raises NotFound, Forbidden.
    """
    agenda, session = await act.tx.gather(
        agenda_of(act.tx, session_id), row_by_id(act.tx, Session, session_id, "session", lock=True)
    )
    return session, agenda, act.actor.require(session.division_number, *roles)


async def agenda_of(tx: WriteTx, session_id: UUID) -> list[Topic]:
    """Return a session's topics, locked, in the order of its agenda, those withdrawn meanwhile too."""
    given = {"session": session_id}
    topics, rows = await tx.gather(tx.objects(Topic, ON_AGENDA, given), tx.run(AGENDA, given))
    found = {topic.id: topic for topic in topics}
    return [found[row.topic_id] for row in rows]


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


async def tellings(
    tx: WriteTx, topics: Sequence[Topic], others: Sequence[Addressee] | None = None
) -> dict[UUID, Telling]:
    """Return by topic what telling of an act needs to know."""
    ordered = in_order(topics)
    found = await tx.gather(*(telling(tx, topic.id, others) for topic in ordered))
    return {topic.id: one for topic, one in zip(ordered, found, strict=True)}


def in_order(topics: Sequence[Topic]) -> list[Topic]:
    """Return topics in the order in which their chains and lanes are locked."""
    return sorted(topics, key=lambda one: one.id)


async def announce_session(  # noqa: PLR0913, PLR0917 -- what an announcement is made of
    act: Act,
    event: type[SessionEvent],
    session: Session,
    topics: Sequence[Topic],
    role: Role,
    entry: str | None = None,
    *,
    told: bool = True,
    known: Mapping[UUID, Telling] | None = None,
    corrections: str | None = None,
    **facts: object,
) -> None:
    """Tell the departments of each topic, topics in primary-key order so that lanes are locked in one order.

    Where they are not told, it stands in the feed and the trace alone; `known` is what `tellings` returned where that
    was asked before, `corrections` is what the trace tells of them.
    """
    whom: list[Addressee] | None = None if told else []
    subject = ("session", session.id)
    if known is None:
        known = await tellings(act.tx, topics, whom)
    events = [of_session(event, topic, session, **facts) for topic in in_order(topics)]
    await act.tx.gather(
        *(
            tell(act, one, role=role, entry=entry, subject=subject, known=known[one.topic_id], corrections=corrections)
            for one in events
        )
    )
