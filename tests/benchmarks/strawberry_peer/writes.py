"""The peer's verbs: the rows of each by SQLAlchemy's ORM, as its documentation shows it. It knows one caller."""

import os
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar
from uuid import UUID

import strawberry
from sqlalchemy import func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from graph.enums import Category, MatterNature, TopicKind
from services.core.clock import CHINA, china_day
from services.core.idempotency import IdempotencyKey
from services.core.ids import new_id, node_id, node_uuid
from services.core.scope import county_code, subtree
from services.departments.models import Department
from services.matters.enums import MatterStatus, ParticipantRole
from services.matters.models import Matter
from services.notices.announce import FEED_CHANNEL, WAKE_CHANNEL
from services.notices.models import Delivery, Event, Lane
from services.outcomes.enums import CommitmentStatus
from services.outcomes.models import Commitment
from services.platforms.models import Platform
from services.search.enums import SearchKind
from services.search.models import SearchDocument
from services.search.terms import vector
from services.sessions.enums import SessionForm, SessionStatus
from services.sessions.models import Attendance, Session, SessionTopic
from services.topics.enums import TopicStatus
from services.topics.models import Evidence, Involvement, Topic, TopicNumber
from services.trace.models import TraceEntry
from services.trace.rules import COMMITTED_FORM, Link, commitments, fresh_salts
from tests.benchmarks.strawberry_peer.app import Peer
from tests.benchmarks.strawberry_peer.types import Context
from tests.benchmarks.writes.asked import SUBJECT, WITHIN

T = TypeVar("T")

ROLE = "SECRETARIAT"
PLACE = subtree(WITHIN)
HEAD = text("SELECT id, last_sequence, last_hash FROM trace_head(:topic, :matter, :begun)")
SETTLED = (CommitmentStatus.DONE, CommitmentStatus.VERIFIED, CommitmentStatus.WITHDRAWN)
UNDONE = (CommitmentStatus.DECLINED, CommitmentStatus.WITHDRAWN)


@strawberry.input
class RaiseMatterInput:
    platform: strawberry.ID
    title: str
    description: str
    category: Category
    nature: MatterNature | None = None


@strawberry.input
class ProposeTopicInput:
    platform: strawberry.ID
    title: str
    summary: str | None
    kind: TopicKind
    category: Category


@strawberry.input
class ListTopicInput:
    topic: strawberry.ID


@strawberry.input
class ScheduleSessionInput:
    platform: strawberry.ID
    topics: list[strawberry.ID]
    scheduled_at: datetime
    venue: str
    idempotency_key: str


@strawberry.input
class AttendanceInput:
    role: str
    name: str | None = None
    department: str | None = None


@strawberry.input
class RecordSessionInput:
    session: strawberry.ID
    held_at: datetime
    minutes: str | None
    attendances: list[AttendanceInput]
    idempotency_key: str


@strawberry.input
class EvidenceInput:
    url: str
    sha256: str | None = None
    note: str | None = None


@strawberry.input
class ResolveTopicInput:
    topic: strawberry.ID
    summary: str
    evidence: list[EvidenceInput]
    idempotency_key: str


@strawberry.type
class Written:
    id: strawberry.ID
    status: str


@strawberry.type
class Refusal:
    code: str
    message: str


@strawberry.type
class RaiseMatterPayload:
    matter: Written | None
    errors: list[Refusal]


@strawberry.type
class TopicPayload:
    topic: Written | None
    errors: list[Refusal]


@strawberry.type
class SessionPayload:
    session: Written | None
    errors: list[Refusal]


def require(held: object, what: str) -> None:
    if not held:
        raise ValueError(what)


def shown(at: datetime) -> str:
    return at.astimezone(CHINA).replace(tzinfo=None).isoformat(" ", "minutes")


def written(kind: str, key: UUID, status: str) -> Written:
    return Written(id=strawberry.ID(node_id(kind, key)), status=status)


async def open_platform(tx: AsyncSession, wanted: str, now: datetime) -> Platform:
    platform = await tx.get(Platform, node_uuid("platform", wanted))
    if platform is None or (platform.closed_on is not None and platform.closed_on <= china_day(now)):
        raise ValueError("no open platform")
    require(platform.division_number in PLACE, "not there")
    return platform


async def locked_topic(tx: AsyncSession, key: UUID) -> Topic:
    topic = await tx.get(Topic, key, with_for_update=True)
    if topic is None:
        raise ValueError("no topic")
    require(topic.division_number in PLACE, "not there")
    return topic


def claim(tx: AsyncSession, key: str, result: UUID, now: datetime) -> None:
    tx.add(IdempotencyKey(subject=SUBJECT, key=key, fingerprint=key, result=str(result), at=now))


async def trace(
    tx: AsyncSession,
    act: str,
    summary: str,
    now: datetime,
    *,
    topic: UUID | None = None,
    matter: UUID | None = None,
    subject: tuple[str, UUID] | None = None,
    evidence: Sequence[Mapping[str, str | None]] = (),
    actor: str = SUBJECT,
    role: str = ROLE,
) -> None:
    await tx.flush()
    head = (await tx.execute(HEAD, {"topic": topic, "matter": matter, "begun": new_id()})).one()
    kind, key = ("topic", topic) if topic is not None else ("matter", matter)
    assert key is not None
    about = subject or (kind, key)
    link = Link(
        id=new_id(),
        chain=node_id(kind, key),
        sequence=head.last_sequence + 1,
        at=now,
        act=act,
        actor=actor,
        actor_role=role,
        subject=node_id(*about),
        summary=summary,
        evidence=evidence,
        previous_hash=head.last_hash,
    )
    salts = fresh_salts(link.words())
    committed = commitments(link.words(), salts)
    tx.add(
        TraceEntry(
            id=link.id,
            chain_id=head.id,
            sequence=link.sequence,
            at=now,
            act=act,
            actor=actor,
            actor_role=role,
            subject_kind=about[0],
            subject_id=about[1],
            summary=summary,
            evidence=[dict(one) for one in evidence],
            previous_hash=link.previous_hash,
            hash=link.digest(committed),
            form=COMMITTED_FORM,
            **{f"{name}_salt": salt for name, salt in salts.items()},
            **{f"{name}_commitment": digest for name, digest in committed.items()},
        )
    )


async def announce(tx: AsyncSession, topic: Topic, kind: str, facts: Mapping[str, Any], now: datetime) -> None:
    about = {
        "id": node_id("topic", topic.id),
        "number": topic.number,
        "title": topic.title,
        "status": topic.status.value,
        "scheduled_at": topic.next_session_at.isoformat() if topic.next_session_at else None,
    }
    event = Event(
        type=kind,
        topic_id=topic.id,
        division_number=topic.division_number,
        subject=topic.number,
        occurred_at=now,
        actor=SUBJECT,
        data={"topic": about, **facts},
    )
    tx.add(event)
    await tx.flush()
    await tx.execute(select(func.pg_notify(FEED_CHANNEL, "")))
    told = await addressees(tx, topic)
    for department_id, role in sorted(told.items()):
        lane = await tx.scalar(
            select(Lane)
            .where(col(Lane.department_id) == department_id, col(Lane.topic_id) == topic.id)
            .with_for_update()
        )
        if lane is None:
            lane = Lane(department_id=department_id, topic_id=topic.id, last_sequence=0)
            tx.add(lane)
        lane.last_sequence += 1
        await tx.flush()
        assert lane.id is not None
        tx.add(
            Delivery(
                event_id=event.id,
                department_id=department_id,
                lane_id=lane.id,
                sequence=lane.last_sequence,
                role=role,
            )
        )
    if told:
        await tx.execute(select(func.pg_notify(WAKE_CHANNEL, "")))


async def addressees(tx: AsyncSession, topic: Topic) -> dict[UUID, str | None]:
    parts = await tx.scalars(
        select(Involvement).where(col(Involvement.topic_id) == topic.id, col(Involvement.until).is_(None))
    )
    told: dict[UUID, str | None] = {part.department_id: part.role.value for part in parts}
    committed = await tx.scalars(
        select(col(Commitment.department_id))
        .where(col(Commitment.topic_id) == topic.id, col(Commitment.status).not_in(UNDONE))
        .distinct()
    )
    return {**dict.fromkeys(committed), **told}


async def settle(tx: AsyncSession, topic: Topic) -> None:
    sessions = (
        await tx.scalars(
            select(Session)
            .join(SessionTopic, col(SessionTopic.session_id) == Session.id)
            .where(col(SessionTopic.topic_id) == topic.id)
        )
    ).all()
    ahead = [one.scheduled_at for one in sessions if one.status is SessionStatus.SCHEDULED]
    held = [(one.held_at, one.scheduled_at) for one in sessions if one.held_at is not None]
    topic.next_session_at = min(ahead, default=None)
    topic.scheduled_at = topic.next_session_at or (max(held)[1] if held else None)


@strawberry.type
class Mutation:
    @strawberry.mutation
    async def raise_matter(self, info: Context, input: RaiseMatterInput) -> RaiseMatterPayload:  # noqa: A002 -- the schema's word
        now = datetime.now(UTC)
        async with info.context.open_session.begin() as tx:
            platform = await open_platform(tx, input.platform, now)
            matter = Matter(
                title=input.title,
                description=input.description,
                nature=input.nature,
                raised_by=ParticipantRole.CADRE,
                subject=SUBJECT,
                raised_at=now,
                platform_id=platform.id,
                division_number=platform.division_number,
                category=input.category,
                status=MatterStatus.RAISED,
            )
            tx.add(matter)
            tx.add(document(SearchKind.MATTER, matter.id, matter.division_number, matter.title, matter.description))
            await trace(tx, "matter.raised", f"反映事项:{matter.title}", now, matter=matter.id)
        return RaiseMatterPayload(matter=written("matter", matter.id, matter.status.value), errors=[])

    @strawberry.mutation
    async def propose_topic(self, info: Context, input: ProposeTopicInput) -> TopicPayload:  # noqa: A002 -- as above
        now = datetime.now(UTC)
        async with info.context.open_session.begin() as tx:
            platform = await open_platform(tx, input.platform, now)
            topic = Topic(
                number=await next_number(tx, platform.division_number, china_day(now).year),
                title=input.title,
                summary=input.summary,
                kind=input.kind,
                category=input.category,
                status=TopicStatus.PROPOSED,
                platform_id=platform.id,
                division_number=platform.division_number,
                proposed_at=now,
                subject=SUBJECT,
            )
            tx.add(topic)
            tx.add(document(SearchKind.TOPIC, topic.id, topic.division_number, topic.title, topic.summary))
            await tx.flush()
            await announce(tx, topic, "topic.proposed", {"proposed_at": now.isoformat()}, now)
            await trace(tx, "topic.proposed", f"提出议题:{topic.title}", now, topic=topic.id)
        return TopicPayload(topic=written("topic", topic.id, topic.status.value), errors=[])

    @strawberry.mutation
    async def list_topic(self, info: Context, input: ListTopicInput) -> TopicPayload:  # noqa: A002 -- as above
        now = datetime.now(UTC)
        async with info.context.open_session.begin() as tx:
            topic = await locked_topic(tx, node_uuid("topic", input.topic))
            require(topic.status is TopicStatus.PROPOSED, "in another state")
            topic.status, topic.listed_at = TopicStatus.LISTED, now
            topic.version += 1
            await announce(tx, topic, "topic.listed", {"listed_at": now.isoformat()}, now)
            await trace(tx, "topic.listed", "议题立项", now, topic=topic.id)
        return TopicPayload(topic=written("topic", topic.id, topic.status.value), errors=[])

    @strawberry.mutation
    async def schedule_session(self, info: Context, input: ScheduleSessionInput) -> SessionPayload:  # noqa: A002 -- as above
        now, at = datetime.now(UTC), input.scheduled_at
        async with info.context.open_session.begin() as tx:
            require(china_day(at) >= china_day(now), "the day is past")
            platform = await open_platform(tx, input.platform, now)
            session = Session(
                platform_id=platform.id,
                division_number=platform.division_number,
                status=SessionStatus.SCHEDULED,
                scheduled_at=at,
                venue=input.venue,
                form=SessionForm.ON_SITE,
            )
            claim(tx, input.idempotency_key, session.id, now)
            topics = [await locked_topic(tx, key) for key in sorted(node_uuid("topic", one) for one in input.topics)]
            tx.add(session)
            await tx.flush()
            facts = {
                "session_id": node_id("session", session.id),
                "session_at": at.astimezone(UTC).isoformat(),
                "venue": session.venue,
                "form": session.form.value,
            }
            for position, topic in enumerate(topics, start=1):
                require(topic.status in {TopicStatus.LISTED, TopicStatus.SCHEDULED}, "in another state")
                tx.add(SessionTopic(session_id=session.id, topic_id=topic.id, position=position))
                topic.status = TopicStatus.SCHEDULED
                topic.version += 1
                await settle(tx, topic)
                await announce(tx, topic, "topic.scheduled", facts, now)
                summary = f"安排议事会:{shown(at)},{session.venue}"
                await trace(tx, "topic.scheduled", summary, now, topic=topic.id, subject=("session", session.id))
        return SessionPayload(session=written("session", session.id, session.status.value), errors=[])

    @strawberry.mutation
    async def record_session(self, info: Context, input: RecordSessionInput) -> SessionPayload:  # noqa: A002 -- as above
        now, held_at = datetime.now(UTC), input.held_at
        async with info.context.open_session.begin() as tx:
            require(held_at <= now, "the day is still to come")
            key = node_uuid("session", input.session)
            claim(tx, input.idempotency_key, key, now)
            agenda = select(col(SessionTopic.topic_id)).where(col(SessionTopic.session_id) == key)
            topics = [await locked_topic(tx, one) for one in sorted(await tx.scalars(agenda))]
            session = await tx.get_one(Session, key, with_for_update=True)
            require(session.division_number in PLACE, "not there")
            require(session.status is SessionStatus.SCHEDULED, "in another state")
            session.status, session.held_at = SessionStatus.HELD, held_at
            session.minutes, session.headcount = input.minutes, len(input.attendances)
            for position, one in enumerate(input.attendances, start=1):
                tx.add(
                    Attendance(
                        session_id=key,
                        position=position,
                        name=one.name,
                        role=ParticipantRole(one.role),
                        department_id=await department_of(tx, one.department),
                    )
                )
            facts = {
                "session_id": node_id("session", key),
                "session_at": session.scheduled_at.astimezone(UTC).isoformat(),
                "venue": session.venue,
                "held_at": held_at.astimezone(UTC).isoformat(),
                "headcount": session.headcount,
            }
            for topic in topics:
                require(topic.status is TopicStatus.SCHEDULED and topic.proposed_at <= held_at, "in another state")
                topic.status = TopicStatus.DELIBERATED
                topic.version += 1
                await settle(tx, topic)
                await announce(tx, topic, "session.held", facts, now)
                summary = f"召开议事会:{shown(held_at)},{session.venue}"
                await trace(tx, "session.held", summary, now, topic=topic.id, subject=("session", key))
        return SessionPayload(session=written("session", key, session.status.value), errors=[])

    @strawberry.mutation
    async def resolve_topic(self, info: Context, input: ResolveTopicInput) -> TopicPayload:  # noqa: A002 -- as above
        now = datetime.now(UTC)
        async with info.context.open_session.begin() as tx:
            key = node_uuid("topic", input.topic)
            claim(tx, input.idempotency_key, key, now)
            topic = await locked_topic(tx, key)
            require(topic.status is TopicStatus.IMPLEMENTING and input.evidence, "in another state")
            standing = select(func.count()).where(
                col(Commitment.topic_id) == key, col(Commitment.status).not_in(SETTLED)
            )
            require(not await tx.scalar(standing), "commitments are open")
            topic.status, topic.resolved_at, topic.resolution = TopicStatus.RESOLVED, now, input.summary
            topic.version += 1
            shows = [
                Evidence(topic_id=key, at=now, url=one.url, sha256=one.sha256, note=one.note) for one in input.evidence
            ]
            tx.add_all(shows)
            facts = {"resolved_at": now.isoformat(), "summary": input.summary}
            await announce(tx, topic, "topic.resolved", facts, now)
            evidence = [{"url": one.url, "sha256": one.sha256} for one in shows]
            await trace(tx, "topic.resolved", "议题办结", now, topic=key, evidence=evidence)
        return TopicPayload(topic=written("topic", key, topic.status.value), errors=[])


def document(kind: SearchKind, key: UUID, division_number: int, title: str, body: str | None) -> SearchDocument:
    return SearchDocument(
        id=key,
        kind=kind,
        division_number=division_number,
        title=title,
        text=body,
        published=False,
        terms=vector(title, body),
    )


async def next_number(tx: AsyncSession, division_number: int, year: int) -> str:
    county = county_code(division_number)
    statement = insert(TopicNumber).values(county_code=county, year=year, last=1)
    statement = statement.on_conflict_do_update(constraint="pk_topic_number", set_={"last": col(TopicNumber.last) + 1})
    last = await tx.scalar(statement.returning(col(TopicNumber.last)))
    return f"T{county}-{year}-{last:04d}"


async def department_of(tx: AsyncSession, code: str | None) -> UUID | None:
    if code is None:
        return None
    return (await tx.scalars(select(col(Department.id)).where(col(Department.code) == code))).one()


def create_app() -> Peer:
    """Return the application that the environment describes."""
    return Peer(os.environ["DATABASE_URL"], int(os.environ["CONNECTIONS"]), Mutation)
