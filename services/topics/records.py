"""Topics and involvements under lock, for the commands of this and of later rooms."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache
from typing import TypeVar
from uuid import UUID

from sqlalchemy import bindparam, text
from sqlmodel import col

from services.core.act import Act
from services.core.actor import ACTS as STAFF
from services.core.actor import Role
from services.core.direct import rows_of
from services.core.lifecycle import advance, check_version
from services.core.lookup import lock_rows
from services.core.transaction import WriteTx
from services.notices.announce import Addressee, announce
from services.notices.events import TopicEvent
from services.topics.errors import TopicClosed
from services.topics.models import Involvement, Topic
from services.topics.rules import LIFECYCLE, OPEN
from services.trace.acts import ACTS, CORRECTIONS, filled, places_of, summary_of
from services.trace.record import Document, Head, begun_chain, head_of, record
from services.trace.redactions import retell

E = TypeVar("E", bound=TopicEvent)

REDACTABLE_PLACES = frozenset({"title", "venue", CORRECTIONS})
"""Places of summaries that hold what may be redacted."""

TO_TELL = text("""
SELECT department_id, role FROM involvement WHERE topic_id = :topic AND until IS NULL
UNION ALL
SELECT DISTINCT commitment.department_id, NULL FROM commitment
WHERE commitment.topic_id = :topic AND commitment.status NOT IN ('DECLINED', 'WITHDRAWN')
  AND NOT EXISTS (
    SELECT FROM involvement AS part
    WHERE part.topic_id = commitment.topic_id AND part.department_id = commitment.department_id
      AND (part.until IS NULL OR part.until >= commitment.assigned_at AND commitment.status IN ('DONE', 'VERIFIED'))
  )
""")
"""Departments with a part in a topic, and those without that have something to do about it, or did it and were not
released since."""


PRESENT = rows_of(Involvement).where(col(Involvement.topic_id) == bindparam("topic"), col(Involvement.until).is_(None))


async def lock_topics(tx: WriteTx, ids: Sequence[UUID], *, path: str = "topic") -> list[Topic]:
    """Return the topics, locked in primary-key order, in the order asked for. Raises NotFound for the first missing."""
    found = await lock_rows(tx, Topic, ids, "topic", path)
    return [found[key] for key in ids]


async def lock_topic(tx: WriteTx, key: UUID) -> Topic:
    """Return one topic, locked. Raises NotFound."""
    (topic,) = await lock_topics(tx, [key])
    return topic


async def authorized_topic(act: Act, topic_id: UUID, expected_version: int | None = None) -> tuple[Topic, Role]:
    """Return the topic, locked, for staff of its place who read its present version, and the role they act in.

    Raises NotFound, Forbidden, VersionConflict.
    """
    topic = await lock_topic(act.tx, topic_id)
    acting = act.actor.require(topic.division_number, *STAFF)
    check_version(expected_version, topic.version)
    return topic, acting


def require_move(topic: Topic, action: str) -> None:
    """Require that the topic can take a step along its lifecycle. Raises IllegalTransition."""
    advance(LIFECYCLE, "topic", topic.status, action)


def move(topic: Topic, action: str) -> None:
    """Take the topic one step along its lifecycle and count its version. Raises IllegalTransition."""
    topic.status = advance(LIFECYCLE, "topic", topic.status, action)
    topic.version += 1


def require_open(topic: Topic) -> None:
    """Require that the topic is neither resolved nor withdrawn. Raises TopicClosed."""
    if topic.status not in OPEN:
        raise TopicClosed(topic.number, topic.status)


async def involvements(tx: WriteTx, topic: Topic) -> list[Involvement]:
    """Return the topic's present involvements."""
    return await tx.objects(Involvement, PRESENT, {"topic": topic.id})


async def addressee(tx: WriteTx, topic: Topic, department_id: UUID) -> Addressee:
    """Return one department to tell about the topic, with its present part, where it has one."""
    roles = {part.department_id: part.role.value for part in await involvements(tx, topic)}
    return Addressee(department_id, roles.get(department_id))


async def addressees(tx: WriteTx, topic_id: UUID) -> list[Addressee]:
    """Return the departments to tell about a topic: those that have a part in it, or a commitment there alone."""
    return [Addressee(row.department_id, row.role) for row in await tx.run(TO_TELL, {"topic": topic_id})]


def about(event: type[E], topic: Topic, **facts: object) -> E:
    """Return an event about the topic as it stands."""
    return event(
        topic_id=topic.id,
        division_number=topic.division_number,
        number=topic.number,
        title=topic.title,
        status=topic.status.value,
        scheduled_at=topic.next_session_at,
        **facts,
    )


@dataclass(frozen=True, slots=True)
class Telling:
    """What telling of an act needs to know: whom to tell, and the head of the topic's trace, locked."""

    addressees: Sequence[Addressee]
    head: Head


async def telling(
    tx: WriteTx, topic_id: UUID, others: Sequence[Addressee] | None = None, *, begins: bool = False
) -> Telling:
    """Return what telling of an act needs to know. All the topic's `addressees` are told where no `others` are given.

    The trace begins with the act where that is said.
    """
    head = begun_chain if begins else head_of
    if others is not None:
        return Telling(others, await head(tx, topic_id=topic_id))
    return Telling(*await tx.gather(addressees(tx, topic_id), head(tx, topic_id=topic_id)))


async def tell(  # noqa: PLR0913 -- what the event, the entry of the trace and both are made of
    act: Act,
    event: TopicEvent,
    others: Sequence[Addressee] | None = None,
    *,
    role: Role | None,
    entry: str | None = None,
    subject: tuple[str, UUID] | None = None,
    evidence: Sequence[Document] = (),
    begins: bool = False,
    known: Telling | None = None,
    **facts: object,
) -> None:
    """Announce what was done to a topic and record it in the topic's trace: neither is done without the other.

    `others` and `begins` are those of `telling`; `known` is what it returned where that was asked before. The trace
    calls it `entry`, one of ACTS, or as the event where none is given; its subject is the topic where none is given,
    and its summary is made of the event and of `facts`.
    """
    known = known or await telling(act.tx, event.topic_id, others, begins=begins)
    await announce(act, event, known.addressees)
    said = {field.name: getattr(event, field.name) for field in fields(event)} | facts
    await record(
        act,
        role=role,
        entry=entry or event.type,
        summary=filled(event.trace, said) if entry is None else summary_of(entry, said),
        subject=subject or ("topic", event.topic_id),
        topic_id=event.topic_id,
        evidence=evidence,
        head=known.head,
    )
    if not REDACTABLE_PLACES.isdisjoint(places_of(event.trace if entry is None else ACTS[entry])):
        await retell(act, subject or ("topic", event.topic_id), templates(), topic_ids=[event.topic_id])


@cache
def templates() -> Mapping[str, str]:
    """Return what makes the summary of each act of a trace."""
    return {**dict(_told(TopicEvent)), **ACTS}


def _told(event: type[TopicEvent]) -> Iterator[tuple[str, str]]:
    """Yield the types of the events beneath one, with what the trace says of them."""
    for kind in event.__subclasses__():
        if "trace" in vars(kind):
            yield kind.type, kind.trace
        yield from _told(kind)
