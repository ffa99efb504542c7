"""Outcomes and opinions made into suggestions, proposals and social-opinion reports (成果转化)."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from services.core.act import Act
from services.core.actor import ACTS, Role
from services.core.clock import Clock, china_day
from services.core.ids import node_id
from services.core.lookup import row_by_id
from services.core.transaction import WriteTx
from services.members.records import linked_members
from services.outcomes.enums import ConversionKind
from services.outcomes.errors import FilingDecided, OwnDocument
from services.outcomes.events import ConversionFiled, ConversionSubmitted
from services.outcomes.models import Conversion, Outcome
from services.outcomes.rules import require_submitted_in_time
from services.sessions.models import Opinion, Session, SessionTopic
from services.topics.models import Topic
from services.topics.records import about, lock_topic, lock_topics, tell


@dataclass(frozen=True, slots=True)
class Submitted:
    """The document: what it is, its title, when it was handed in, who wrote it where a member did."""

    kind: ConversionKind
    title: str
    submitted_on: date | None = None
    author_id: UUID | None = None


async def convert_outcome(act: Act, *, outcome_id: UUID, submitted: Submitted) -> UUID:
    """The outcome became a document; it counts once for its kind, however often it is used.

    Returns the conversion's id. Raises NotFound, Forbidden, NotYetHappened, TooEarly, ConstraintViolated (converted so
    before).
    """
    outcome = await row_by_id(act.tx, Outcome, outcome_id, "outcome")
    role = act.actor.require(outcome.division_number, *ACTS)
    topic = await lock_topic(act.tx, outcome.topic_id)
    conversion = _conversion(submitted, act.clock, topic, outcome.reached_on, outcome_id=outcome.id)
    return await _add_conversion(act, conversion, [topic], role)


async def convert_opinion(act: Act, *, opinion_id: UUID, submitted: Submitted) -> UUID:
    """The opinion became a document; it counts once for its kind, however often it is used.

    Returns the conversion's id. Raises NotFound, Forbidden, NotYetHappened, TooEarly, ConstraintViolated (converted so
    before).
    """
    opinion = await row_by_id(act.tx, Opinion, opinion_id, "opinion")
    session = await act.tx.get_one(Session, opinion.session_id)
    role = act.actor.require(session.division_number, *ACTS)
    conversion = _conversion(submitted, act.clock, session, china_day(opinion.at), opinion_id=opinion.id)
    return await _add_conversion(act, conversion, await _topics_of(act.tx, opinion), role)


async def file_conversion(act: Act, *, conversion_id: UUID, filed: bool) -> UUID:
    """It is decided, once, whether a case is opened on the document (立案).

    Raises NotFound, Forbidden, OwnDocument, FilingDecided.
    """
    conversion = await row_by_id(act.tx, Conversion, conversion_id, "conversion", lock=True)
    role = act.actor.require(conversion.division_number, Role.SECRETARIAT)
    opinion = await act.tx.get(Opinion, conversion.opinion_id) if conversion.opinion_id is not None else None
    if not {conversion.author_id, opinion and opinion.member_id}.isdisjoint(await linked_members(act)):
        raise OwnDocument
    if conversion.filed is not None:
        raise FilingDecided(filed=conversion.filed)
    conversion.filed = filed
    facts = {"conversion_id": node_id("conversion", conversion.id), "filed": filed}
    entry, subject = "conversion.filed" if filed else "conversion.turned_down", ("conversion", conversion.id)
    for topic in await converted_topics(act.tx, conversion):
        event = about(ConversionFiled, topic, **facts)
        await tell(act, event, [], role=role, entry=entry, subject=subject)
    return conversion.id


def _conversion(  # noqa: PLR0913 -- the facts of a conversion
    submitted: Submitted,
    clock: Clock,
    place: Topic | Session,
    source_on: date,
    *,
    outcome_id: UUID | None = None,
    opinion_id: UUID | None = None,
) -> Conversion:
    """Return the row of a conversion at the platform where its source came up, on a day.

    Raises NotYetHappened, TooEarly.
    """
    today = china_day(clock.now())
    submitted_on = submitted.submitted_on or today
    require_submitted_in_time(submitted_on, source_on, today)
    return Conversion(
        kind=submitted.kind,
        title=submitted.title,
        submitted_on=submitted_on,
        author_id=submitted.author_id,
        platform_id=place.platform_id,
        division_number=place.division_number,
        outcome_id=outcome_id,
        opinion_id=opinion_id,
    )


async def _add_conversion(act: Act, conversion: Conversion, topics: list[Topic], role: Role) -> UUID:
    """Add the conversion and announce it for each topic; return its id."""
    act.tx.add(conversion)
    facts = {"conversion_id": node_id("conversion", conversion.id), "kind": conversion.kind.value}
    for topic in topics:
        event = about(ConversionSubmitted, topic, **facts)
        await tell(act, event, [], role=role, subject=("conversion", conversion.id))
    return conversion.id


async def converted_topics(tx: WriteTx, conversion: Conversion) -> list[Topic]:
    """Return the topics that a conversion came out of, locked."""
    if conversion.outcome_id is not None:
        outcome = await tx.get_one(Outcome, conversion.outcome_id)
        return [await lock_topic(tx, outcome.topic_id)]
    return await _topics_of(tx, await tx.get_one(Opinion, conversion.opinion_id))


async def _topics_of(tx: WriteTx, opinion: Opinion) -> list[Topic]:
    """Return the topics that an opinion is about, locked: the one it names, or all of its session."""
    if opinion.topic_id is not None:
        return [await lock_topic(tx, opinion.topic_id)]
    agenda = select(col(SessionTopic.topic_id)).where(col(SessionTopic.session_id) == opinion.session_id)
    ids = await tx.scalars(agenda.order_by(col(SessionTopic.topic_id)))
    return await lock_topics(tx, list(ids))


async def source_day(tx: WriteTx, conversion: Conversion) -> date:
    """Return the day on which the outcome or opinion came about that a conversion came out of."""
    if conversion.outcome_id is not None:
        return (await tx.get_one(Outcome, conversion.outcome_id)).reached_on
    return china_day((await tx.get_one(Opinion, conversion.opinion_id)).at)
