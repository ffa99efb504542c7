import asyncio
from datetime import datetime
from typing import Any, Self

import strawberry
from sqlalchemy import case, func, select
from sqlmodel import col
from strawberry.types import Info

from graph.enums import Category, DivisionLevel, InvolvementRole, PlatformTier, SessionStatus, TopicKind, TopicStatus
from services.departments import models as departments
from services.divisions import models as divisions
from services.outcomes import models as outcomes
from services.platforms import models as platforms
from services.sessions import models as sessions
from services.topics import models as topics
from tests.benchmarks.strawberry_peer.loaders import Loaders

LISTED = col(topics.Topic.listed_at).is_not(None)
LEAD_FIRST = case({role: position for position, role in enumerate(InvolvementRole)}, value=topics.Involvement.role)

Context = Info[Loaders, None]


@strawberry.type
class Department:
    code: str
    name: str

    @classmethod
    def of(cls, row: departments.Department) -> Self:
        return cls(code=row.code, name=row.name)


@strawberry.type
class Involvement:
    role: InvolvementRole
    department_id: strawberry.Private[Any]

    @strawberry.field
    async def department(self, info: Context) -> Department:
        return Department.of(await info.context.one(departments.Department, "id").load(self.department_id))


@strawberry.type
class Session:
    status: SessionStatus
    scheduled_at: datetime
    venue: str


@strawberry.type
class SessionConnection:
    nodes: list[Session]


@strawberry.type
class Topic:
    row: strawberry.Private[topics.Topic]
    number: str
    title: str
    summary: str | None
    kind: TopicKind
    category: Category
    status: TopicStatus
    proposed_at: datetime

    @classmethod
    def of(cls, row: topics.Topic) -> Self:
        return cls(
            row=row,
            number=row.number,
            title=row.title,
            summary=row.summary,
            kind=row.kind,
            category=row.category,
            status=row.status,
            proposed_at=row.proposed_at,
        )

    @strawberry.field
    def id(self) -> strawberry.ID:
        return strawberry.ID(f"topic_{self.row.id}")

    @strawberry.field
    async def platform(self, info: Context) -> "Platform":
        return Platform.of(await info.context.one(platforms.Platform, "id").load(self.row.platform_id))

    @strawberry.field
    async def sessions(self, info: Context, first: int = 20) -> SessionConnection:
        table, link = sessions.Session, sessions.SessionTopic
        statement = (
            select(table).join(link, col(link.session_id) == table.id).order_by(col(table.scheduled_at), col(table.id))
        )
        rows = await info.context.many("sessions", col(link.topic_id), statement).load(self.row.id)
        return SessionConnection(
            nodes=[Session(status=row.status, scheduled_at=row.scheduled_at, venue=row.venue) for row in rows[:first]]
        )

    @strawberry.field
    async def involvements(self, info: Context) -> list[Involvement]:
        table = topics.Involvement
        statement = (
            select(table).where(col(table.until).is_(None)).order_by(LEAD_FIRST, col(table.since), col(table.id))
        )
        rows = await info.context.many("involvements", col(table.topic_id), statement).load(self.row.id)
        return [Involvement(role=row.role, department_id=row.department_id) for row in rows]


@strawberry.type
class TopicConnection:
    nodes: list[Topic]


@strawberry.type
class Platform:
    row: strawberry.Private[platforms.Platform]
    code: str
    name: str
    tier: PlatformTier

    @classmethod
    def of(cls, row: platforms.Platform) -> Self:
        return cls(row=row, code=row.code, name=row.name, tier=row.tier)

    @strawberry.field
    async def division(self, info: Context) -> "Division":
        return Division.of(await info.context.one(divisions.Division, "number").load(self.row.division_number))

    @strawberry.field
    async def topics(self, info: Context, first: int = 20) -> TopicConnection:
        table = topics.Topic
        statement = select(table).where(LISTED).order_by(col(table.number))
        rows = await info.context.many("topics", col(table.platform_id), statement).load(self.row.id)
        return TopicConnection(nodes=[Topic.of(row) for row in rows[:first]])


@strawberry.type
class PlatformConnection:
    nodes: list[Platform]


@strawberry.type
class PlatformCounts:
    total: int


@strawberry.type
class TopicCounts:
    total: int
    key: int
    micro: int


@strawberry.type
class Statistics:
    platforms: PlatformCounts
    topics: TopicCounts
    sessions_held: int
    attendances: int
    outcomes: int


@strawberry.type
class Division:
    row: strawberry.Private[divisions.Division]
    name: str
    level: DivisionLevel

    @classmethod
    def of(cls, row: divisions.Division) -> Self:
        return cls(row=row, name=row.name, level=row.level)

    @strawberry.field
    async def parent(self, info: Context) -> "Division | None":
        if self.row.parent_number is None:
            return None
        return Division.of(await info.context.one(divisions.Division, "number").load(self.row.parent_number))

    @strawberry.field
    async def children(self, info: Context) -> list["Division"]:
        table = divisions.Division
        statement = select(table).order_by(col(table.number))
        rows = await info.context.many("children", col(table.parent_number), statement).load(self.row.number)
        return [Division.of(row) for row in rows]

    @strawberry.field
    async def platforms(self, info: Context, first: int = 20) -> PlatformConnection:
        table = platforms.Platform
        statement = select(table).order_by(col(table.code))
        rows = await info.context.many("platforms", col(table.division_number), statement).load(self.row.number)
        return PlatformConnection(nodes=[Platform.of(row) for row in rows[:first]])

    @strawberry.field
    async def statistics(self, info: Context) -> Statistics:
        place, counts = (self.row.number, self.row.upper), info.context.counts
        topic, session = topics.Topic, sessions.Session
        identity, held = func.count(col(topic.id)), func.count(col(session.id))
        of_kind = [identity.filter(col(topic.kind) == kind) for kind in (TopicKind.KEY, TopicKind.MICRO)]
        people = func.coalesce(func.sum(col(session.headcount)), 0)
        of_platforms, of_topics, of_sessions, of_outcomes = await asyncio.gather(
            counts("platforms", platforms.Platform, [func.count(col(platforms.Platform.id))]).load(place),
            counts("topics", topic, [identity, *of_kind], LISTED).load(place),
            counts("sessions", session, [held, people], col(session.status) == SessionStatus.HELD).load(place),
            counts("outcomes", outcomes.Outcome, [func.count(col(outcomes.Outcome.id))]).load(place),
        )
        return Statistics(
            platforms=PlatformCounts(total=of_platforms[1]),
            topics=TopicCounts(total=of_topics[1], key=of_topics[2], micro=of_topics[3]),
            sessions_held=of_sessions[1],
            attendances=of_sessions[2],
            outcomes=of_outcomes[1],
        )
